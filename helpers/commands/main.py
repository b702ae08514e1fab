"""The commands of `course.py`, and how each of them ends when something goes wrong.

Standard library only, like all that runs before the environment is there.
"""

import errno
import signal
import sys

from helpers.commands.connection import connect, disconnect
from helpers.commands.environment import environment
from helpers.commands.house import write_map
from helpers.commands.locking import badge, lock
from helpers.commands.opening import open_course
from helpers.commands.programs import ROOT, run
from helpers.commands.saying import Plain, say
from helpers.commands.testing import test


def refresh(words):
    """Run notebooks and store their outputs, so that `git diff` shows what has really changed."""
    return run([environment(), "-m", "helpers.commands.storing", *words])


def export(words):
    """Run notebooks and write pages whose frame controls work without a kernel and without a network."""
    return run([environment(), "-m", "helpers.commands.exporting", *words])


COMMANDS = {
    "test": test,
    "refresh": refresh,
    "export": export,
    "lock": lock,
    "badge": badge,
    "connect": connect,
    "disconnect": disconnect,
    "map": write_map,
}


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
        return open_course(words, usage, COMMANDS)
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
