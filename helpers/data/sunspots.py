"""Monthly sunspot numbers, January 1749 to June 2009: a real series that comes with statsmodels.

The table is `datasets/sunspots/src/sunspots_monthly.dat` of statsmodels (0.15 or later), collected by the National
Geophysical Data Center of NOAA; public domain, as the package says. It is read as it is; statsmodels is not imported.
"""

import importlib.util
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers.data import checks

FIRST_YEAR = 1749
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Sunspots(NamedTuple):
    """months (N,): the time as a year with decimals, January 1749 is 1749.0; numbers (N,): monthly means.

    `notes` are the remarks under the table, `source` says where it comes from.
    """

    months: np.ndarray
    numbers: np.ndarray
    notes: str
    source: str


def monthly_sunspots():
    """The whole record: 3,126 months. Raises RuntimeError if it is not installed, ValueError if the file is another."""
    text = _table()
    rows = [line.split() for line in text.splitlines() if line[:4].isdigit()]
    years = [int(row[0]) for row in rows]
    numbers = np.array([float(number) for row in rows for number in row[1:]])
    whole = all(len(row) == 13 for row in rows[:-1])
    if years != list(range(FIRST_YEAR, FIRST_YEAR + len(rows))) or not whole or len(numbers) != 3126:
        raise ValueError(f"sunspots_monthly.dat: expected 3,126 months from 1749 on, given {len(numbers)}")
    notes = " ".join(text.rsplit("---", 1)[1].split())
    months = FIRST_YEAR + np.arange(len(numbers)) / 12
    return Sunspots(months, numbers, notes, "sunspots_monthly.dat of statsmodels, from NOAA's data center")


@cache
def _table():
    package = importlib.util.find_spec("statsmodels")
    folder = package and Path(package.submodule_search_locations[0])
    path = folder and folder / "datasets" / "sunspots" / "src" / "sunspots_monthly.dat"
    if not path or not path.exists():
        raise RuntimeError("the monthly sunspot numbers are missing: pip install 'statsmodels>=0.15'")
    return path.read_text(encoding="ascii")


def month_index(year, month=1):
    """The place of a month in the record: January 1749 is 0."""
    year = checks.whole_number("year", year, least=FIRST_YEAR)
    return 12 * (year - FIRST_YEAR) + checks.whole_number("month", month, least=1, most=12) - 1


def month_name(index):
    """The month at a place of the record in words: 0 is "Jan 1749"."""
    index = checks.whole_number("index", index, least=0)
    return f"{MONTH_NAMES[index % 12]} {FIRST_YEAR + index // 12}"
