"""The sunspot record: its months, its numbers, what comes next, and errors."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.data import sunspots


def test_every_month_from_1749_to_2009():
    record = data.monthly_sunspots()
    assert record.months.shape == record.numbers.shape == (3126,)
    assert record.months[0] == 1749 and record.months[-1] == 2009 + 5 / 12
    assert record.numbers[0] == 58.0 and record.numbers[-1] == 2.6
    assert record.numbers.min() == 0 and record.numbers.max() == 253.8
    assert record.months[record.numbers.argmax()] == 1957 + 9 / 12  # October 1957
    assert "February 1824" in record.notes and "preliminary after Dec 08" in record.notes
    assert not {"=", "-"} & set(record.notes)


def test_yearly_means_are_those_of_statsmodels():
    from statsmodels.datasets import sunspots as theirs

    table = theirs.load_pandas().data
    years = table["YEAR"].to_numpy()
    yearly = table["SUNACTIVITY"].to_numpy()[(years >= 1749) & (years <= 2008)]
    ours = data.monthly_sunspots().numbers[: 12 * 260].reshape(-1, 12).mean(axis=1)
    assert np.abs(ours - yearly).max() < 0.6 and np.abs(ours - yearly).mean() < 0.1  # two tables, rounded apart


def test_february_1824_is_interpolated():
    numbers = data.monthly_sunspots().numbers
    at = data.month_index(1824, 2)
    assert numbers[at] == pytest.approx((numbers[at - 1] + numbers[at + 1]) / 2, abs=0.051)


def test_months_there_and_back():
    assert data.month_index(1749) == 0 and data.month_name(0) == "Jan 1749"
    assert data.month_name(data.month_index(1970, 12)) == "Dec 1970"
    with pytest.raises(ValueError, match="month"):
        data.month_index(1970, 13)
    with pytest.raises(ValueError, match="year"):
        data.month_index(1748)


def test_without_the_file_it_says_what_to_install(monkeypatch):
    sunspots._table.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="pip install 'statsmodels"):
        data.monthly_sunspots()
    sunspots._table.cache_clear()


def test_another_file_is_refused(monkeypatch):
    sunspots._table.cache_clear()
    real = Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda self, **words: real(self, **words).replace("\n1800 ", "\n1700 "))
    with pytest.raises(ValueError, match="3,126 months from 1749"):
        data.monthly_sunspots()
    sunspots._table.cache_clear()
