"""The programs that we start: with the variables that they need, and ended when we end.

Standard library only, like all that runs before the environment is there.
"""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
GUARD = Path(__file__).with_name("guard.py")
JUPYTER = BUILD / "jupyter"  # what our Jupyter keeps: settings, open tabs, connections

# How pip is told where packages come from; all else that a reader may have set for pip is not for this environment.
INDEX = "index-url extra-index-url find-links no-index trusted-host cert client-cert proxy timeout retries".split()
# What programs get of the reader's variables: a list of what helps, because what could harm has no end.
PASSED = (
    """
    PATH LD_LIBRARY_PATH DYLD_LIBRARY_PATH TMPDIR TEMP TMP HOME USER LOGNAME SHELL
    LANG LANGUAGE TZ TERM COLORTERM NO_COLOR COLUMNS LINES
    DISPLAY WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS DESKTOP_SESSION BROWSER EDITOR VISUAL SSH_AUTH_SOCK
    HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE NETRC
    UV_CACHE_DIR PIP_CACHE_DIR PIP_CONFIG_FILE
    SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT OS NUMBER_OF_PROCESSORS PSMODULEPATH USERNAME USERPROFILE USERDOMAIN
    HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA PROGRAMDATA ALLUSERSPROFILE PUBLIC COMPUTERNAME
""".split()
    + [f"PIP_{name}".upper().replace("-", "_") for name in INDEX]
)
FAMILIES = ("LC_", "XDG_", "WSL", "PROCESSOR_", "PROGRAMFILES", "PROGRAMW", "COMMONPROGRAM", "COURSE_")
FAMILIES += ("OPENBLAS_", "OMP_", "MKL_")  # what this processor needs to compute rightly


def surroundings(**more):
    """The variables for programs we start: what they need of the reader's, Jupyter folders of our own, and ``more``."""
    kept = {
        name: value for name, value in os.environ.items() if name.upper() in PASSED or name.upper().startswith(FAMILIES)
    }
    folders = {f"JUPYTER_{kind.upper()}_DIR": str(JUPYTER / kind) for kind in ("config", "data", "runtime")}
    folders |= {"IPYTHONDIR": str(JUPYTER / "ipython"), "JUPYTER_PREFER_ENV_PATH": "1"}
    return kept | folders | {"PYTHONUTF8": "1"} | more


def start(command, guarded=False, **options):
    """Start a program of ours; `finish` waits for it. A guarded one ends even if we are killed."""
    options = {"cwd": ROOT, "env": surroundings()} | options
    with contextlib.suppress(OSError):  # IPython warns where it is missing
        (JUPYTER / "ipython").mkdir(parents=True, exist_ok=True)
    if guarded:
        command = [sys.executable, "-I", GUARD, *command]
        # The guard holds our locks as well (where they can be handed on): the next start waits for its end.
        options |= {"stdin": subprocess.PIPE, "close_fds": os.name == "nt"}
    return subprocess.Popen([str(word) for word in command], **options)


def finish(child, watch=None):
    """Wait for a program's end and give its exit code, calling ``watch`` meanwhile; if we are stopped, so is it."""
    try:
        while watch and child.poll() is None:
            watch()
            time.sleep(0.1)
        return child.wait()
    finally:
        end(child)


def end(child):
    """End a program that still runs."""
    gently = child.stdin.close if child.stdin else child.terminate  # a guard ends what it guards, in 5 s at most
    # Ctrl-C has reached the program as well: give it a moment.
    for way, seconds in ((None, 2), (gently, 8), (child.terminate, 2), (child.kill, 2)):
        if child.poll() is None:
            way and way()
            with contextlib.suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
                child.wait(seconds)
    if child.stdin:
        child.stdin.close()


def run(command, watch=None, **options):
    """Run a program to its end and give its exit code, calling ``watch`` meanwhile; if we are stopped, so is it."""
    return finish(start(command, **options), watch)
