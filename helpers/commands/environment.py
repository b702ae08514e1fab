"""The course's own environment: made from a lock, completed when the lock changes, left alone otherwise.

Standard library only, because this runs before anything is installed. ``environment`` is what the commands of
`course.py` ask for.
"""

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from helpers.commands.saying import Plain, say

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENVIRONMENT / "course.json"  # the environment is ours; and, with content, complete
BUILD = ROOT / "build"
LOG = BUILD / "setup.log"
READERS, TESTERS = "requirements.lock", "requirements-test.lock"
UNPACKING = r"(?m)^Installing collected packages: (.*)$"  # pip has all it needs, and begins to change the environment
GIGABYTES = 3  # free space that a new environment asks for: 2.2 GB stay, the downloads pass through

# Ways in which an installation fails, in the order in which they are looked for, and what the reader can do.
TROUBLES = {
    r"No space left|Disk quota|not enough space|Errno 28": f"The disk is full: {GIGABYTES} GB must be free.",
    r"(?i)long path": "Windows cuts long file names: move the course to a short path, such as C:\\course.",
    r"CERTIFICATE_VERIFY_FAILED|SSLError": "The secure connection to the package index failed: look at this "
    "computer's date, and at a proxy or virus scanner that opens secure connections.",
    r"DO NOT MATCH THE HASHES": "A package arrived that is not the one the course was tested with (damaged, or "
    "changed on its way), so it was not installed.",
    r"(?i)connection|timed out|timeout|proxyerror|name resolution|unreachable": "The package index cannot be "
    "reached: is this computer connected to the internet?",
    r"Permission denied|Access is denied|WinError (5|32)\b": "A file cannot be written: close other windows in which "
    "the course runs.",
    r"No matching distribution": "A package was not found: there is none ready-made for this kind of computer, or the "
    "package index cannot be reached.",
}


def surroundings(**more):
    """The variables for programs we start: the reader's, less those that would lead them out of the environment."""
    away = "PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE PIP_TARGET PIP_PREFIX PIP_ROOT VIRTUAL_ENV".split()
    kept = {name: value for name, value in os.environ.items() if name not in away}
    return kept | {"PYTHONUTF8": "1", "PIP_USER": "0", "JUPYTER_PREFER_ENV_PATH": "1"} | more


def start(command, **options):
    """Start a program of ours; `finish` waits for it."""
    return subprocess.Popen([str(word) for word in command], cwd=ROOT, **{"env": surroundings()} | options)


def finish(child, watch=None):
    """Wait for a program's end and give its exit code, calling ``watch`` meanwhile; if we are stopped, so is it."""
    try:
        while watch and child.poll() is None:
            watch()
            time.sleep(0.2)
        return child.wait()
    finally:
        end(child)


def end(child):
    """End a program that still runs."""
    for way in (None, child.terminate, child.kill):  # Ctrl-C has reached the program as well: give it a moment
        if child.poll() is None:
            way and way()
            with contextlib.suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
                child.wait(5)


def run(command, watch=None, **options):
    """Run a program to its end and give its exit code, calling ``watch`` meanwhile; if we are stopped, so is it."""
    return finish(start(command, **options), watch)


def environment(lock=READERS):
    """Make ``.venv`` what ``lock`` says, if it is not yet, and give the path of its Python."""
    if is_ready(lock):
        return PYTHON
    with one_at_a_time():
        if is_ready(lock):  # another window was quicker
            return PYTHON
        began = time.time()
        if not stamp() or not knows_the_course():
            make()
        done = {"python": platform_version(), lock: digest(lock)}
        if lock == TESTERS:  # holds all that readers need, in the same versions
            done[READERS] = digest(READERS)
        before = STAMP.read_text()
        STAMP.write_text("{}")  # from here to the last line it is half made, and thrown away the next time
        try:
            install(lock)
        except BaseException:
            if not re.search(UNPACKING, log_text()):  # nothing but downloads was done: it is as it was
                STAMP.write_text(before)
            raise
        if not knows_the_course():
            raise Plain(f"The environment was made but does not work. Details: {LOG}")
        STAMP.write_text(json.dumps(done, indent=1))
        say(f"Ready after {time.time() - began:.0f} s. Next time the course opens at once.\n")
    return PYTHON


def is_ready(lock):
    """True if the environment holds what ``lock`` says, and still runs."""
    return stamp().get(lock) == digest(lock) and knows_the_course()


def stamp():
    """What was installed completely; empty for an environment that is half made, or not there."""
    with contextlib.suppress(OSError, ValueError):
        return json.loads(STAMP.read_text())
    return {}


def digest(lock):
    """A lock's fingerprint."""
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def platform_version():
    """Python's version as people say it, such as 3.12."""
    return "{}.{}".format(*sys.version_info)


def knows_the_course():
    """True if the environment's Python runs and knows where the course is, also after the folder was moved."""
    with contextlib.suppress(OSError):
        return run([PYTHON, ROOT / "course.py", "connect"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    return False


@contextlib.contextmanager
def one_at_a_time():
    """Two windows must not make the environment at once. The system frees the lock of a program that was killed."""
    BUILD.mkdir(exist_ok=True)
    with open(BUILD / "setup.lock", "a+") as handle:
        said = False
        while True:
            try:
                if os.name == "nt":
                    import msvcrt

                    msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
                else:
                    import fcntl

                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as refused:
                if refused.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                    break  # a file system without locks
                if not said:
                    say("Another window is setting up the course; waiting for it.")
                said = True
                time.sleep(1)
        yield


def make():
    """An empty environment. One that was not finished is thrown away; one that is not ours is left alone."""
    if ENVIRONMENT.exists() and any(ENVIRONMENT.iterdir()) and not STAMP.exists():
        raise Plain("Here is a folder .venv that the course did not make. Rename or delete it, and try again.")
    if not find_spec("venv") or not find_spec("ensurepip"):
        raise Plain(
            "This Python lacks its parts 'venv' and 'ensurepip', which make environments. On Debian and Ubuntu:\n"
            "    sudo apt install python3-venv\nElsewhere, install Python from python.org."
        )
    if ENVIRONMENT.exists():
        say("Removing an environment that was not finished, or no longer works.")
        remove()
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < GIGABYTES:
        raise Plain(f"The course needs {GIGABYTES} GB of free disk space; this disk has {free:.1f} GB.")
    say(f"1/2  Making an environment of its own in .venv, with Python {platform_version()}")
    ENVIRONMENT.mkdir()
    STAMP.write_text("{}")
    base = getattr(sys, "_base_executable", sys.executable)  # not a Python inside the .venv we have just removed
    with open(LOG, "wb") as log:
        if run([base, "-m", "venv", ENVIRONMENT], stdout=log, stderr=log):
            raise Plain(explain("Python could not make an environment."))


def remove():
    """Delete our environment, its stamp last: whenever we are stopped, the next time it is still known as ours."""
    STAMP.write_text("{}")
    for path in ENVIRONMENT.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path != STAMP:
            path.unlink()
    shutil.rmtree(ENVIRONMENT)


def install(lock):
    """The exact packages of ``lock``, each checked by its hash. pip's flood goes to the log, a line to the reader."""
    say("2/2  Installing packages; the first time this takes a few minutes and some 530 MB of downloads")
    temporary = ENVIRONMENT / "tmp"  # so that there is one disk to fill, and nothing stays behind
    temporary.mkdir(exist_ok=True)
    # The lock is complete (--no-deps) and needs no compiler; .pyc files come with the first import of what is used.
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile", "--no-input"]
    options += ["--progress-bar=off", "--disable-pip-version-check"]
    command = [PYTHON, "-m", "pip", "install", *options, "-r", ROOT / lock]
    pins = len(re.findall(r"(?m)^[\w.-]+==", (ROOT / lock).read_text()))
    line = Line()
    with open(LOG, "wb") as log:
        env = surroundings(TMPDIR=str(temporary), TEMP=str(temporary), TMP=str(temporary))
        failed = run(command, lambda: line.show(*progress(log_text(), pins)), env=env, stdout=log, stderr=log)
    line.end()
    if failed:
        raise Plain(explain("The packages could not be installed."))
    shutil.rmtree(temporary, ignore_errors=True)
    if re.search(r"(?m)^Ignoring tensorflow:", log_text()) and "Ignoring tensorflow-cpu:" in log_text():
        say("     There is no TensorFlow for this kind of computer. All works but what uses Keras.")


def progress(log, pins):
    """(part done from 0 to 1, words) from pip's log: one half for the downloads, one for unpacking them."""
    listed = re.search(UNPACKING, log)
    if listed:
        names = listed.group(1).split(", ")
        began = STAMP.stat().st_mtime  # written just before
        there = [*ENVIRONMENT.glob("lib/python*/site-packages/*-info"), *ENVIRONMENT.glob("Lib/site-packages/*-info")]
        done = min(sum(info.stat().st_mtime >= began for info in there), len(names))
        return 0.5 + 0.5 * done / len(names), f"unpacking {done} of {len(names)}"
    begin = r"(?m)^(?:Collecting|Processing|Requirement already satisfied:) "
    seen = re.findall(begin + r"(?:\S*/)?(\w[\w.]*(?:-[A-Za-z][\w.]*)*)", log)
    size = re.findall(r"\(([\d.]+ MB)\)", re.split(begin, log)[-1])
    total = max(1, len(seen), pins - len(re.findall("(?m)^Ignoring ", log)))
    return 0.5 * len(seen) / total, f"{len(seen)} of {total}  {', '.join(seen[-1:] + size[-1:])}"


class Line:
    """One line of progress: drawn over itself in a terminal, otherwise printed now and then."""

    def __init__(self):
        self.printed, self.width = -1.0, 0

    def show(self, part, words):
        """Show that ``part`` (0 to 1) is done, and ``words`` beside it."""
        text = f"     [{'#' * int(24 * part):<24}] {words}"
        if sys.stdout.isatty():
            text = text[: shutil.get_terminal_size().columns - 1]
            say("\r" + text.ljust(self.width), end="")
            self.width = len(text)
        elif part and part >= self.printed + 0.2:
            say(text)
            self.printed = part

    def end(self):
        """Go on below the line."""
        if self.width:
            say()


def log_text():
    """What pip has said so far."""
    return LOG.read_text(encoding="utf-8", errors="replace")


def explain(what):
    """``what`` failed, and why, in the reader's words; if we do not know why, the program's own last words."""
    text = log_text()
    for pattern, sentence in TROUBLES.items():
        if re.search(pattern, text):
            return f"{what} {sentence}\nThen give the same command again. Details: {LOG}"
    return f"{what} The last words were:\n" + "\n".join(text.splitlines()[-8:]) + f"\nAll of it: {LOG}"
