"""`course.py` and `course.py 03`: JupyterLab on the course, on this machine only, with its token, until Ctrl-C.

Standard library only, like all that runs before the environment is there.
"""

import argparse
import os
import socket
import time
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import quote

from helpers.commands.environment import ROOT, environment, run
from helpers.commands.saying import Plain, say

START = "notebooks/01_the_neuron.ipynb"  # where the course opens
AT_ONCE = 20  # seconds within which a JupyterLab that cannot start has ended


def open_course(words, usage, commands=()):
    """JupyterLab on the course: on this machine only, with its token, until Ctrl-C.

    commands: the names of all other commands, to guess what a word was meant to be.
    """
    style = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="course.py", description=usage, formatter_class=style)
    parser.add_argument("notebook", nargs="?", default="", help="the number of the notebook to open")
    parser.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")
    parser.add_argument("--port", type=int, help="the port to listen on; without it a free one is found")
    options = parser.parse_args(words)
    if options.port is not None:
        check_port(options.port)
    book = chosen(options.notebook, commands)
    python = environment()
    where = "Open the address below in a browser." if options.no_browser else "JupyterLab opens in the browser."
    say(f"{where} Leave this window open; Ctrl-C in it ends the course.")
    began = time.monotonic()
    try:
        failed = run(jupyterlab(python, book, options.port, browser=not options.no_browser))
        if failed and not options.port and time.monotonic() - began < AT_ONCE:  # another window took the port it chose
            say("Once more, on another port.")
            failed = run(jupyterlab(python, book, free_port(), browser=not options.no_browser))
    except KeyboardInterrupt:
        failed = 0
        say()
    if failed:
        raise Plain("JupyterLab ended with an error. If it never starts, delete the folder .venv and try again.")
    say("JupyterLab has ended. What you saved is in the folder notebooks.")


def chosen(number, commands=()):
    """The notebook with this number; without one, where the course opens; None if there is no notebook at all."""
    books = sorted(ROOT.glob("notebooks/[0-9]*.ipynb"))
    if not number:
        return next((book for book in books if book == ROOT / START), books[0] if books else None)
    for book in books:
        if book.name.startswith(f"{number.zfill(2)}_") or book.name == Path(number).name:
            return book
    there = f"There are: {', '.join(book.name[:2] for book in books)}."
    if number.isdigit():
        raise Plain(f"There is no notebook {number}. {there}")
    close = get_close_matches(number, commands, n=1)
    guess = f" Did you mean {close[0]}?" if close else ""
    raise Plain(f"There is no command and no notebook {number!r}.{guess} course.py --help lists all. {there}")


def check_port(port):
    """Refuse a port that cannot be had before anything else is done."""
    if not 1 <= port <= 65535:
        raise Plain(f"--port needs a number from 1 to 65535, not {port}.")
    try:
        with socket.socket() as probe:
            if os.name != "nt":  # as JupyterLab does: a port whose last user has just left is free
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OSError:
        raise Plain(f"Port {port} is taken. Choose another, or none: then a free one is found.") from None


def free_port():
    """A port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def jupyterlab(python, book, port=None, browser=True):
    """The command that opens the course on `book`; Ctrl-C will end it without a question."""
    command = [python, "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}", "--ServerApp.ip=127.0.0.1"]
    command += ["--ServerApp.answer_yes=True", "--ServerApp.log_level=ERROR", "--LabApp.log_level=ERROR"]
    if book:
        command += [f"--LabApp.default_url=/lab/tree/notebooks/{quote(book.name)}"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"] if port else []
    command += [] if browser else ["--no-browser"]
    return command + (["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])
