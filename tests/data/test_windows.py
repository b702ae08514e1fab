"""Series cut into sequences, and what follows them."""

import numpy as np
import pytest

from helpers import data


def test_what_comes_next():
    coming = data.next_values(np.arange(20), ahead=12)
    assert coming.shape == (8, 12)
    np.testing.assert_array_equal(coming[0], np.arange(1, 13))
    np.testing.assert_array_equal(coming[-1], np.arange(8, 20))
    with pytest.raises(ValueError, match="above 12"):
        data.next_values(np.arange(12))


def test_pieces_overlap():
    cut = data.pieces(np.arange(20).reshape(10, 2), length=4, every=3)
    assert cut.shape == (3, 4, 2)
    np.testing.assert_array_equal(cut[:, 0, 0] // 2, [0, 3, 6])
    with pytest.raises(ValueError, match="length"):
        data.pieces(np.arange(5), length=6, every=1)


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("ahead", [1, 2])
def test_windows_and_what_follows_each(every, ahead):
    series = 10.0 * np.arange(12)
    x, target = data.windows(series, length=4, ahead=ahead, every=every)
    starts = range(0, 12 - 4 - ahead + 1, every)
    assert x.shape == (len(starts), 4, 1) and target.shape == (len(starts), ahead)
    for row, start in enumerate(starts):
        np.testing.assert_array_equal(x[row, :, 0], series[start : start + 4])
        np.testing.assert_array_equal(target[row], series[start + 4 : start + 4 + ahead])
    _, at_every_step = data.windows(series, length=4, ahead=ahead, every=every, steps="every")
    assert at_every_step.shape == (len(starts), 4, ahead)
    np.testing.assert_array_equal(at_every_step[:, -1], target)
    np.testing.assert_array_equal(at_every_step[0, :, 0], series[1:5])
    x[...], target[...] = 0, 0
    assert series[-1] == 110, "they are copies"


def test_several_inputs_and_one_series_to_forecast():
    table = np.arange(20).reshape(10, 2)
    x, target = data.windows(table, length=3, target=table[:, 1])
    assert x.shape == (7, 3, 2) and target.shape == (7, 1)
    np.testing.assert_array_equal(target[:, 0], table[3:, 1])
    np.testing.assert_array_equal(x[-1], table[6:9])


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("target: expected the series to forecast", {"series": np.ones((9, 2))}),
        (r"target: expected shape \(9,\)", {"target": np.ones(8)}),
        (r"series: expected numbers of shape \(S,\) or \(S, I\)", {"series": np.ones((9, 1, 1))}),
        ("series: expected numbers", {"series": ["a"] * 9}),
        ("length . ahead = 10 steps, given 9", {"length": 9}),
        ("length: expected a whole number", {"length": 0}),
        ("ahead: expected a whole number", {"ahead": 0}),
        ("every: expected a whole number", {"every": 0}),
        ("steps: expected 'last' or 'every'", {"steps": "all"}),
    ],
)
def test_windows_complain_in_words(words, arguments):
    with pytest.raises(ValueError, match=words):
        data.windows(**{"series": np.ones(9), "length": 3} | arguments)
