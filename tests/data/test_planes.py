"""Points in a plane, the real coast, and windows of past inputs."""

import numpy as np
import pytest

from helpers.data import gate_points, land_and_sea, past_windows, recall_bits, rings, two_moons


@pytest.mark.parametrize(("gate", "rule"), [("AND", np.logical_and), ("OR", np.logical_or), ("XOR", np.logical_xor)])
def test_gates_follow_their_rule(gate, rule):
    x, target = gate_points(gate)
    assert x.shape == (4, 2) and target.shape == (4, 1) and x.dtype == target.dtype == np.float64
    assert len({tuple(row) for row in x}) == 4
    np.testing.assert_array_equal(target[:, 0], rule(x[:, 0], x[:, 1]))


def test_an_unknown_gate_is_named():
    with pytest.raises(ValueError, match="gate: expected one of AND, OR, XOR, given 'NOT'"):
        gate_points("NOT")


@pytest.mark.parametrize("make", [two_moons, rings])
def test_clouds_are_balanced_and_repeatable(make):
    x, target = make(101, seed=3)
    assert x.shape == (101, 2) and target.shape == (101, 1) and set(np.unique(target)) == {0.0, 1.0}
    assert abs(target.sum() - 50) <= 1
    np.testing.assert_array_equal(x, make(101, seed=3)[0])
    assert (x != make(101, seed=4)[0]).any()


def test_moons_without_noise_lie_on_their_half_circles():
    x, target = two_moons(200, noise=0, seed=1)
    lower = target[:, 0] == 1
    x = x + [0.5, 0.25]
    np.testing.assert_allclose(np.linalg.norm(x[~lower], axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(x[lower] - [1, 0.5], axis=1), 1, atol=1e-12)
    assert (x[~lower, 1] >= 0).all() and (x[lower, 1] <= 0.5).all()


def test_no_straight_line_parts_moons_or_rings():
    """Least squares on (x, 1), the best of many lines: far from all points right."""
    for make in (two_moons, rings):
        x, target = make(400, noise=0, seed=0)
        design = np.hstack([x, np.ones((400, 1))])
        fit = design @ np.linalg.lstsq(design, target - 0.5, rcond=None)[0]
        assert ((fit > 0) == target).mean() < 0.95


def test_rings_without_noise():
    x, target = rings(200, noise=0, seed=0)
    radius = np.linalg.norm(x, axis=1)
    assert (radius[target[:, 0] == 1] <= 0.4).all()
    np.testing.assert_allclose(radius[target[:, 0] == 0], 1, atol=1e-12)


def test_the_coast_is_vancouver_island():
    coast = land_and_sea()
    assert coast.land.shape == (91, 120) == (len(coast.latitude), len(coast.longitude))
    assert coast.x.shape == (91 * 120, 2) and coast.target.shape == (91 * 120, 1)
    assert coast.x.min() == -1 and coast.x.max() == 1
    assert np.isclose(coast.land.mean(), 0.5559, atol=1e-4)

    def land_at(longitude, latitude):
        return coast.land[np.abs(coast.latitude - latitude).argmin(), np.abs(coast.longitude - longitude).argmin()]

    assert land_at(-124.3, 48.9) and land_at(-123.7, 48.02)  # the island, the Olympic Peninsula
    assert not land_at(-125.8, 48.2) and not land_at(-124.0, 49.4)  # the Pacific, the Strait of Georgia
    row, column = 60, 17
    place = row * 120 + column
    assert coast.target[place, 0] == coast.land[row, column]
    assert coast.x[place, 0] == pytest.approx(-1 + 2 * column / 119)
    assert coast.x[place, 1] == pytest.approx(-1 + 2 * row / 90)


def test_windows_hold_the_newest_first_and_never_the_future():
    x = np.arange(1.0, 11).reshape(5, 2)
    assert past_windows(x, 1).tolist() == x.tolist()
    wide = past_windows(x, 3)
    assert wide.shape == (5, 6)
    assert wide[0].tolist() == [1, 2, 0, 0, 0, 0]
    assert wide[3].tolist() == [7, 8, 5, 6, 3, 4]
    batch = np.stack([x, -x])
    np.testing.assert_array_equal(past_windows(batch, 3), np.stack([wide, -wide]))
    later = x.copy()
    later[3:] = 99
    np.testing.assert_array_equal(past_windows(later, 3)[:3], wide[:3])
    assert past_windows(x, 9).shape == (5, 18)


def test_recall_bits_are_the_bits_that_came_before():
    x, target = recall_bits(500, 4, seed=2)
    assert x.shape == (500, 1) and target.shape == (500, 4) and set(np.unique(x)) == {0.0, 1.0}
    for n in range(4):
        np.testing.assert_array_equal(target[n:, n], x[: 500 - n, 0])
        assert (target[:n, n] == 0).all()
    assert abs(x.mean() - 0.5) < 4 * 0.5 / np.sqrt(500)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: two_moons(1), "points: expected a whole number of at least 2"),
        (lambda: two_moons(10, noise=-1), "noise: expected"),
        (lambda: rings(10, noise=np.nan), "noise: expected"),
        (lambda: past_windows(np.ones(3), 2), r"x: expected shape \(T, I\)"),
        (lambda: past_windows(np.ones((3, 1)), 0), "width: expected a whole number of at least 1"),
        (lambda: recall_bits(0), "length: expected"),
        (lambda: recall_bits(10, 0), "reach: expected"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
