"""`course.py` and `course.py 03`: JupyterLab on the course, on this machine only, with its token, until Ctrl-C.

Standard library only, like all that runs before the environment is there.
"""

import argparse
import json
import os
import secrets
import socket
import tempfile
import time
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import quote

from helpers.commands.connection import KERNEL, LAB, OVERRIDES, SERVER
from helpers.commands.environment import environment
from helpers.commands.programs import JUPYTER, ROOT, run, surroundings
from helpers.commands.saying import Plain, say

START = "notebooks/01_the_neuron.ipynb"  # where the course opens
USUAL_PORT = 8888
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
    began = time.monotonic()
    try:
        failed = serve(python, book, options.port or free_port(USUAL_PORT), not options.no_browser)
        if failed and not options.port and time.monotonic() - began < AT_ONCE:  # another window took the port it chose
            say("Once more, on another port.")
            failed = serve(python, book, free_port(), not options.no_browser)
    except KeyboardInterrupt:
        failed = 0
        say()
    if failed:
        raise Plain(
            "JupyterLab ended with an error; what it said is above. If it never starts, delete the folder "
            f"{JUPYTER.relative_to(ROOT)}, in which it keeps its settings, and try again."
        )
    say("JupyterLab has ended. What you saved is in the folder notebooks.")


def serve(python, book, port, browser):
    """Run JupyterLab to its end, and give its exit code; where it is to be found is said when it answers."""
    token = secrets.token_hex(24)
    address = f"http://127.0.0.1:{port}{place(book)}?token={token}"
    say("JupyterLab starts. Leave this window open; Ctrl-C in it ends the course.")
    said = []

    def watch():
        if not said and answers(port):
            before = "It opens in the browser; if not, open this address:" if browser else "Open this in a browser:"
            said.append(say(f"{before}\n\n    {address}\n"))

    env = surroundings(JUPYTER_TOKEN=token, **own_folders())
    return run(jupyterlab(python, book, port, browser), watch, env=env, guarded=True)


def own_folders():
    """Variables with the folders of our Jupyter, which are made, and what has to stand in them before it starts.

    In a checkout that cannot be written they are somewhere else, and forgotten afterwards.
    """
    home = JUPYTER
    try:
        write_settings(home)
    except OSError:
        home = Path(tempfile.mkdtemp(prefix="course-"))
        write_settings(home)
    return {name: str(home / Path(path).name) for name, path in surroundings().items() if path.startswith(str(JUPYTER))}


def write_settings(home):
    """Write what no word of a command can say into Jupyter's folders below ``home``; OSError if one is read-only."""
    for folder in ("config", "data", "runtime"):
        (home / folder).mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=home / folder).close()
    texts = {
        "config/labconfig/default_setting_overrides.json": OVERRIDES,
        "ipython/profile_default/ipython_kernel_config.json": KERNEL,
    }
    for path, settings in texts.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(json.dumps(settings), encoding="utf-8")


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


def free_port(wish=0):
    """A port that nobody has now, if possible the one that is wished for."""
    for port in (wish, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
            except OSError:
                continue
    raise Plain("This computer has no free port.")


def answers(port):
    """True if somebody listens on this port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def place(book):
    """Where JupyterLab has a notebook, or its start page for None."""
    return f"/lab/tree/notebooks/{quote(book.name)}" if book else "/lab"


def jupyterlab(python, book, port, browser=True, root=ROOT):
    """The command that opens the course on `book`; Ctrl-C will end it without a question.

    All that the course wants stands here, so that nothing of ours is in anybody's settings.
    """
    words = {
        "ServerApp": {
            "root_dir": root,
            "ip": "127.0.0.1",
            "port": port,
            "port_retries": 0,
            "open_browser": browser,
            "answer_yes": True,
            "log_level": "ERROR",
            "allow_root": hasattr(os, "geteuid") and os.geteuid() == 0,
        },
        "LabApp": {"log_level": "ERROR", "default_url": place(book)},
    }
    command = [python, "-m", "helpers.commands.lab"]
    for settings in (words, SERVER, LAB):
        command += [f"--{section}.{name}={value}" for section, part in settings.items() for name, value in part.items()]
    return command
