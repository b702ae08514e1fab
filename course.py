#!/usr/bin/env python3
"""Opens the course, or tests it, on any computer with Python 3.11, 3.12 or 3.13 (on Windows: py course.py).

    python3 course.py                     open the course in the browser (options: --no-browser, --port 8890)
    python3 course.py 03                  open it on notebook 03
    python3 course.py test                run every test; what follows goes to pytest: test tests/networks -x
    python3 course.py refresh [notebook]  run notebooks and store their outputs (--times: measured times too)
    python3 course.py export [notebook]   run notebooks and write pages that need no kernel to build/html
    python3 course.py lock [--upgrade]    make the lists of exact versions again from pyproject.toml
    python3 course.py badge               write the Binder badge for pyproject.toml's address into README.md
    python3 course.py map                 draw the rooms of the package and their imports into docs/house.svg
    python3 course.py connect             let the Python that runs this know the course (conda, Binder)
    python3 course.py disconnect          undo that

It makes what it needs in the folders .venv and build; delete them, and it makes them again.
"""

import os
import subprocess
import sys

# Any Python that somebody may still have reads this file, down to 2.7: nothing newer may stand in it.

PYTHONS = ((3, 11), (3, 12), (3, 13))


def other_python():
    """What to do for somebody whose Python is too old or too new."""
    names = ["{}.{}".format(*version) for version in PYTHONS]
    this = "{}.{}".format(*sys.version_info)
    sentence = "The course needs Python {} or {}, and this is Python {}.".format(", ".join(names[:-1]), names[-1], this)
    for name in reversed(names):
        if answers("python" + name):
            sentence += " You have another one; type:\n    "
            return sentence + " ".join(["python" + name, "course.py"] + sys.argv[1:])
    return "{} Get {} from https://www.python.org/downloads/ and type:\n    {} course.py".format(
        sentence, names[-1], "py -" + names[-1] if os.name == "nt" else "python" + names[-1]
    )


def answers(program):
    """True for a Python that is there and runs. (A version manager may have a name for one that is not chosen.)"""
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.call([program, "-c", ""], stdout=nowhere, stderr=nowhere) == 0
    except OSError:
        return False


if __name__ == "__main__":
    if sys.version_info[:2] not in PYTHONS:
        sys.exit(other_python())
    # First of all from here: `python -P` leaves this folder out, and another checkout's Python knows another course.
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from helpers.commands.main import main

    code = main(sys.argv[1:], __doc__)
    if sys.flags.inspect:  # with PYTHONINSPECT Python would stay, and show this end as an error
        os._exit(code or 0)
    sys.exit(code)
