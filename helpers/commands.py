"""The commands of `course.py`: what each of them does, and how it ends when something goes wrong.

Standard library only, like all that runs before the environment is there.
"""

import argparse
import errno
import os
import re
import signal
import socket
import sys
import time
import tomllib
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from course import PYTHONS
from helpers.connection import connect
from helpers.environment import (
    BUILD,
    ENVIRONMENT,
    PYTHON,
    READERS,
    ROOT,
    TESTERS,
    Plain,
    environment,
    run,
    say,
)
from helpers.testing import test

START = "notebooks/01_the_neuron.ipynb"  # where the course opens
AT_ONCE = 20  # seconds within which a JupyterLab that cannot start has ended


def open_course(words, usage):
    """JupyterLab on the course: on this machine only, with its token, until Ctrl-C."""
    style = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="course.py", description=usage, formatter_class=style)
    parser.add_argument("notebook", nargs="?", default="", help="the number of the notebook to open")
    parser.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")
    parser.add_argument("--port", type=int, help="the port to listen on; without it a free one is found")
    options = parser.parse_args(words)
    if options.port is not None:
        check_port(options.port)
    book = chosen(options.notebook)
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


def chosen(number):
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
    close = get_close_matches(number, COMMANDS, n=1)
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


def refresh(words):
    """Run notebooks and store their outputs, so that `git diff` shows what has really changed."""
    return run([environment(), "-m", "helpers.storing", *words])


def export(words):
    """Run notebooks and write pages whose frame controls work without a kernel and without a network."""
    return run([environment(), "-m", "helpers.exporting", *words])


def lock(words):
    """Both locks from pyproject.toml: all systems, all our Pythons, with hashes, without places or addresses."""
    tool = BUILD / "lock-tool"
    python = tool / PYTHON.relative_to(PYTHON.parent.parent)
    wanted = project()["project"]["optional-dependencies"]["lock"]
    if run([sys.executable, "-m", "venv", "--clear", tool]) or run([python, "-m", "pip", "install", "-q", *wanted]):
        raise Plain("The tool that makes locks could not be installed; its last words are above.")
    command = [python, "-m", "uv", "pip", "compile", "--universal", "--generate-hashes", "--no-annotate", "--quiet"]
    command += ["--fork-strategy=fewest", "--python-version={}.{}".format(*PYTHONS[0]), "pyproject.toml", *words]
    command += ["--no-emit-index-url", "--no-strip-extras", "--custom-compile-command=python3 course.py lock"]
    for name, extra in ((READERS, []), (TESTERS, ["--extra=test", f"--constraint={READERS}"])):
        if run([*command, *extra, f"--output-file={name}"]):
            raise Plain(f"{name} could not be made; the reason is above.")
        say(f"{name} is up to date with pyproject.toml.")
    return 0


def badge(words):
    """README's Binder badge: there if pyproject.toml names the repository's public address, else not."""
    alone("badge", words)
    readme = ROOT / "README.md"
    readme.write_text(with_badge(readme.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def with_badge(text):
    """README's text with the badge between its two marks, or nothing between them without an address."""
    address = project()["tool"]["course"]["repository"].rstrip("/").removesuffix(".git")
    github = re.fullmatch(r"https://github\.com/([^/]+/[^/]+)", address)
    where = f"gh/{github[1]}" if github else "git/" + quote(address, safe="")
    link = f"https://mybinder.org/v2/{where}/HEAD?urlpath=lab/tree/{quote(START)}"
    line = f"[![Open in Binder](https://mybinder.org/badge_logo.svg)]({link})\n" if address else ""
    new, marks = re.subn(r"(<!-- binder -->\n).*?(<!-- /binder -->)", lambda m: m[1] + line + m[2], text, flags=re.S)
    if marks != 1:
        raise Plain("README.md needs the lines <!-- binder --> and <!-- /binder --> once each.")
    return new


def project():
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def alone(command, words):
    """Refuse words after a command that takes none: they were meant for something else."""
    if words:
        raise Plain(f"course.py {command} takes nothing more, and was given {' '.join(words)}.")


def told(words):
    """Connect the Python that runs this, if it has a JupyterLab to connect, and say so."""
    alone("connect", words)
    if Path(sys.prefix) != ENVIRONMENT and not find_spec("jupyterlab"):  # ours is connected while it is made
        raise Plain(f"{sys.executable} has no JupyterLab. Activate the environment that has, and try again.")
    connect()
    say(f"{sys.executable} knows the course.")


COMMANDS = {"test": test, "refresh": refresh, "export": export, "lock": lock, "badge": badge, "connect": told}


def main(words, usage):
    """Do what was asked for, and give the exit code; whatever comes between ends in a sentence."""
    if sys.stdout:
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter must not end the course
    for ended in ("SIGTERM", "SIGHUP"):  # end in order: what we started is ended too
        if hasattr(signal, ended):
            signal.signal(getattr(signal, ended), lambda *_: sys.exit(143))
    command = COMMANDS.get(words[0]) if words else None
    if command and words[0] != "test" and {"-h", "--help"} & set(words[1:]):  # pytest has a help of its own
        words, command = ["--help"], None
    try:
        if command:
            return command(words[1:])
        return open_course(words, usage)
    except KeyboardInterrupt:
        say("\nStopped. Give the same command again to go on.")
        return 130
    except Plain as trouble:
        say(str(trouble))
    except OSError as trouble:
        say(in_words(trouble))
    return 1


def in_words(trouble):
    """What the system refused, and what to do."""
    if trouble.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return "The disk is full. Free some space and give the same command again."
    if trouble.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{trouble.filename or ROOT} cannot be written. Is the folder read-only, or does the course run in another "
            "window? Copy it to a folder of your own, or close that window, and try again."
        )
    return f"The system refused: {trouble}. Mend that and give the same command again."
