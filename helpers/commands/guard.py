"""Runs a program for no longer than the one who asked for it: `python guard.py program word ...`.

Who starts this holds the other end of its standard input and writes nothing into it. When that one ends, in whatever
way, even killed, the system closes that end: the program here is then ended too, and cannot spoil the next start.
"""

import os
import signal
import subprocess
import sys
import threading


def main(command):
    """Run ``command`` to its end, or to the end of who asked for it; gives the exit code."""
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches the program as well, which ends in its own way
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def watch():
        os.read(0, 1)  # returns when the other end is closed
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()

    threading.Thread(target=watch, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
