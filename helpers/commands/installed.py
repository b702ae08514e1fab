"""Is what was installed still there? Every package brings a list of its files with their sizes, its RECORD."""

import contextlib
import csv
import os


def packages(site):
    """The packages in the folder ``site``, as {name of the folder that describes one: size of its RECORD}.

    Without pip: nothing of the course needs it, and readers may have it bring itself up to date.
    """
    found = {}
    for info in site.glob("*.dist-info"):
        with contextlib.suppress(OSError):
            found[info.name] = os.stat(info / "RECORD").st_size
        found.setdefault(info.name, 0)
    return {info: size for info, size in found.items() if not info.startswith("pip-")}


def damaged(site, expected):
    """Those of the packages ``expected``, written as `packages` gives them, that lack a file or have one too short."""
    return [info for info, size in expected.items() if not intact(os.fspath(site), info, size)]


def intact(site, info, size):
    """True if a package's files are all there and as long as they were: 40,000 of them take about 0.2 s."""
    try:
        with open(f"{site}/{info}/RECORD", encoding="utf-8", newline="") as record:
            text = record.read()
        rows = csv.reader(text.splitlines()) if '"' in text else (line.rsplit(",", 2) for line in text.splitlines())
        return 0 < size == len(text.encode()) and all(
            os.stat(f"{site}/{path}").st_size == int(length) for path, _, length in rows if length
        )
    except (OSError, ValueError):
        return False
