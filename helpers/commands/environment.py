"""The course's own environment: made by uv from a lock, mended when it is damaged, left alone otherwise.

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
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from helpers.commands import package_index
from helpers.commands.connection import to_course
from helpers.commands.installed import damaged, packages
from helpers.commands.programs import BUILD, ROOT, run, surroundings
from helpers.commands.saying import Plain, say

ENVIRONMENT = ROOT / ".venv"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON, UV = (PROGRAMS / (name + (".exe" if os.name == "nt" else "")) for name in ("python", "uv"))
STAMP = ENVIRONMENT / "course.json"  # the environment is ours; and, with content, what was installed completely
LOG = BUILD / "setup.log"
TOOL, READERS, TESTERS = "requirements-uv.lock", "requirements.lock", "requirements-test.lock"
GIGABYTES = 3  # free space that a new environment asks for: 2.3 GB stay, downloads pass through

# Ways in which an installation fails, in the order in which they are looked for, and what the reader can do.
TROUBLES = {
    r"No space left|Disk quota|not enough space|Errno 28|os error (28|112|122)": f"The disk is full: {GIGABYTES} GB "
    "must be free, where the course is and where your home folder is (uv keeps there what it has downloaded).",
    r"(?i)long path|os error 206": "Windows cuts long file names: move the course to a short path, such as C:\\course.",
    r"CERTIFICATE_VERIFY_FAILED|SSLError|invalid peer certificate": "The secure connection to the package index "
    "failed: look at this computer's date, and at a proxy or virus scanner that opens secure connections.",
    r"(?i)hash mismatch|DO NOT MATCH THE HASHES": "A package arrived that is not the one the course was tested with "
    "(damaged, or changed on its way), so it was not installed.",
    r"(?i)connect|timed out|timeout|proxyerror|name resolution|unreachable|dns error|error sending request": "The "
    "package index cannot be reached: is this computer connected to the internet?",
    r"Permission denied|Access is denied|WinError (5|32)\b|os error (5|13|30|32)\b": "A file cannot be written: close "
    "other windows in which the course runs.",
    r"No matching distribution|no usable wheels|was not found|there is no version": "A package was not found: there is "
    "none ready-made for this kind of computer, or the package index does not have it.",
}


def environment(lock=READERS):
    """Make ``.venv`` what ``lock`` says, if it is not so or no longer, and give the path of its Python."""
    if not is_ready(lock):
        with one_at_a_time():
            if not is_ready(lock):  # no other window was quicker
                began = time.time()
                prepare()
                install(TESTERS if TESTERS in stamp() else lock)  # testers' holds all that readers' does
                say(f"Ready after {time.time() - began:.0f} s. Next time the course opens at once.\n")
    return PYTHON


def is_ready(lock):
    """True if the environment holds what ``lock`` says, nothing of it is damaged, and its Python runs."""
    return holds(TOOL) and holds(lock) and knows_the_course()


def holds(lock):
    """True if all of ``lock`` was installed and is still there."""
    done = stamp().get(lock, {})
    return done.get("lock") == digest(lock) and not damaged(site(), done["packages"])


def stamp(**more):
    """What was installed completely: {lock: its fingerprint and packages}; empty if nothing was. ``more`` is added."""
    there = {}
    with contextlib.suppress(OSError, ValueError):
        there = json.loads(STAMP.read_text())
    if more:
        there |= more
        STAMP.write_text(json.dumps(there, indent=1))
    return there


def digest(lock):
    """A lock's fingerprint."""
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def site():
    """The folder in which the environment's packages are."""
    return next(iter([*ENVIRONMENT.glob("lib/python*/site-packages"), ENVIRONMENT / "Lib" / "site-packages"]))


def knows_the_course():
    """True if the environment's Python runs and finds ``helpers``, also after the folder was moved."""
    with contextlib.suppress(OSError):
        path = site() / "course.pth"
        if not path.exists() or path.read_text(encoding="utf-8") != to_course(site()):
            path.write_text(to_course(site()), encoding="utf-8")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return run([PYTHON, "-c", "import helpers"], cwd=ENVIRONMENT, **quiet) == 0
    return False


@contextlib.contextmanager
def one_at_a_time():
    """Two windows must not make the environment at once. The system frees the lock of a program that was killed."""
    BUILD.mkdir(exist_ok=True)
    with open(BUILD / "setup.lock", "a+") as handle:
        os.set_inheritable(handle.fileno(), True)
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


def prepare():
    """An environment whose Python and uv work, with or without packages; what is no such thing is made again."""
    if TOOL not in stamp() or not knows_the_course():
        make()
    if not holds(TOOL):
        options = "--require-hashes --no-deps --only-binary=:all: --force-reinstall --no-input".split()
        env = surroundings(**package_index.for_pip(package_index.settings(PYTHON)), PIP_DISABLE_PIP_VERSION_CHECK="1")
        attempt([PYTHON, "-m", "pip", "install", *options, "-r", ROOT / TOOL], "The installer did not come.", env=env)
        found = {info: size for info, size in packages(site()).items() if info.startswith("uv-")}
        stamp(**{TOOL: {"lock": digest(TOOL), "packages": found}})


def make():
    """An empty environment. One that was not finished is thrown away; one that is not ours is left alone."""
    if ENVIRONMENT.exists() and any(ENVIRONMENT.iterdir()) and not STAMP.exists():
        raise Plain("Here is a folder .venv that the course did not make. Rename or delete it, and try again.")
    if not find_spec("venv") or not find_spec("ensurepip"):
        raise Plain(
            "This Python lacks its parts 'venv' and 'ensurepip', which make environments. On Debian and Ubuntu:\n"
            "    sudo apt install python3-venv\nElsewhere, install Python from python.org."
        )
    if os.pathsep in str(ROOT):
        raise Plain(f"Python makes no environment below a folder with {os.pathsep} in its name. Rename it: {ROOT}")
    old = BUILD / "old"
    shutil.rmtree(old, ignore_errors=True)  # where it was stopped before
    if ENVIRONMENT.exists():
        say("Removing an environment that was not finished, or no longer works.")
        ENVIRONMENT.rename(old)
        shutil.rmtree(old, ignore_errors=True)
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < GIGABYTES:
        raise Plain(f"The course needs {GIGABYTES} GB of free disk space; this disk has {free:.1f} GB.")
    say("1/2  Making an environment of its own in .venv, with Python {}.{}".format(*sys.version_info))
    ENVIRONMENT.mkdir()
    STAMP.write_text("{}")
    base = getattr(sys, "_base_executable", sys.executable)  # not a Python inside the .venv we have just removed
    attempt([base, "-m", "venv", ENVIRONMENT], "Python could not make an environment.")
    if not knows_the_course():
        raise Plain(f"The environment was made but does not work. Details: {LOG}")


def install(lock):
    """The exact packages of ``lock``, each checked by its hash, by uv; what is damaged is installed again."""
    say("2/2  Installing packages; the first time this takes a few minutes and some 530 MB of downloads")
    tell = surroundings(**package_index.for_uv(package_index.settings(PYTHON)) | cache())
    sync = [UV, "pip", "sync", "--require-hashes", "--only-binary=:all:", f"--python={PYTHON}", ROOT / lock]
    what = "The packages could not be installed."
    known = {info: size for done in stamp().values() for info, size in done["packages"].items()}
    for info in damaged(site(), packages(site()) | known):
        say(f"     {info.removesuffix('.dist-info')} is damaged or gone, and comes anew.")
        shutil.rmtree(site() / info, ignore_errors=True)  # uv takes it for missing, and writes all its files
    attempt(sync, what, env=tell)
    broken = damaged(site(), packages(site()))
    if broken:  # what uv keeps is damaged as well, since the same file stands in both places: it is fetched again
        attempt(sync + [f"--reinstall-package={info.split('-')[0]}" for info in broken], what, env=tell)
        broken = damaged(site(), packages(site()))
    there = packages(site())
    if broken or run([*sync, "--check", "--offline", "--quiet"], env=tell):
        raise Plain(f"{what} Some are not as {lock} says. Details: {LOG}")
    done = {"lock": digest(lock), "packages": there}
    stamp(**{lock: done} | ({READERS: done | {"lock": digest(READERS)}} if lock == TESTERS else {}))
    if re.search("(?m)^tensorflow", (ROOT / lock).read_text()) and not any(i.startswith("tensorflow") for i in there):
        say("     There is no TensorFlow for this kind of computer. All works but what uses Keras.")


def cache():
    """Variables with the place in which uv keeps what it downloads: the usual one, if it can be written."""
    said = subprocess.run([UV, "cache", "dir", "--no-config"], env=surroundings(), capture_output=True, text=True)
    place = Path(said.stdout.strip() or BUILD / "uv")
    try:
        place.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=place).close()
    except OSError:
        place = BUILD / "uv"
        place.mkdir(exist_ok=True)
    one_disk = place.stat().st_dev == ENVIRONMENT.stat().st_dev  # then a file can stand in both places at once
    return {"UV_CACHE_DIR": str(place)} | ({} if one_disk else {"UV_LINK_MODE": "copy"})


def attempt(command, what, **options):
    """Run an installer. In a terminal it shows its own progress; if it fails, a second try finds out why."""
    if sys.stderr and sys.stderr.isatty():
        if run(command, guarded=True, **options) == 0:
            return
        say("Once more; what it says now goes to " + str(LOG))
    with open(LOG, "wb") as log:
        failed = run(command, guarded=True, stdout=log, stderr=log, **options)
    if failed:
        raise Plain(explain(what))


def explain(what):
    """``what`` failed, and why, in the reader's words; if we do not know why, the program's own last words."""
    text = LOG.read_text(encoding="utf-8", errors="replace")
    for pattern, sentence in TROUBLES.items():
        if re.search(pattern, text):
            return f"{what} {sentence}\nThen give the same command again. Details: {LOG}"
    return f"{what} The last words were:\n" + "\n".join(text.splitlines()[-8:]) + f"\nAll of it: {LOG}"
