"""Thresholds, ROC curves, calibration, and outputs that are no probabilities: known cases."""

import numpy as np
import pytest

from helpers import figures
from helpers.live.colours import LINES

ODDS, LABELS = np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1])


def test_confusion_matrix_of_a_known_case():
    assert figures.confusion_matrix(ODDS, LABELS).tolist() == [[2, 0], [1, 1]]
    assert figures.confusion_matrix(ODDS, LABELS, 0.3).tolist() == [[1, 1], [0, 2]]
    assert figures.confusion_matrix(ODDS, LABELS == 1, 0.8).tolist() == [[2, 0], [2, 0]]


def test_roc_curve_of_a_known_case():
    false, true, area = figures.roc_curve(ODDS, LABELS)
    assert area == 0.75  # of the four pairs, one is in the wrong order
    assert (false[0], true[0], false[-1], true[-1]) == (0, 0, 1, 1)
    assert (np.diff(false) >= 0).all() and (np.diff(true) >= 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_area_is_the_chance_of_the_right_order(seed):
    rng = np.random.default_rng(seed)
    odds, labels = np.round(rng.random(60), 1), np.r_[0, 1, rng.integers(0, 2, 58)]  # with many equal ones
    pairs = odds[labels == 1][:, None] - odds[labels == 0][None]
    expected = np.mean((pairs > 0) + 0.5 * (pairs == 0))
    assert abs(figures.roc_curve(odds, labels)[2] - expected) < 1e-12


def test_calibration_of_a_known_case():
    odds = np.array([0.1, 0.15, 0.85, 0.95, 1.0])
    said, measured, count = figures.calibration(odds, np.array([0, 1, 1, 1, 0]), bins=5)
    np.testing.assert_allclose(said, [0.125, 2.8 / 3])
    np.testing.assert_allclose(measured, [0.5, 2 / 3])
    assert count.tolist() == [2, 3]


def test_threshold_figure_counts():
    figure = figures.threshold_figure(ODDS, LABELS)
    assert figure.summary == (
        "Spanish above 0.50: 3 of 4 words are judged rightly (75.0 %); "
        "0 English words are called Spanish, 1 Spanish ones English."
    )
    assert figure.set(threshold=14).startswith("Spanish above 0.30: 3 of 4")
    assert (figure.frame("here_x"), figure.frame("here_y")) == (0.5, 1.0)
    assert figure.frame("table").tolist() == [[1, 1], [0, 2]]
    assert (figure.frame("false_at")[14], figure.frame("true_at")[14]) == (0.5, 1.0), "a place on the curve to click"
    steps, english = figure.frame("steps"), figure.frame("english")
    np.testing.assert_allclose(steps[english > 0], [0.1, 0.15, 0.4, 0.45])
    assert "area 0.750" in repr(figure.picture)
    assert figure.png()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    "odds, labels, words",
    [
        (ODDS, LABELS[:3], "equal length"),
        (ODDS[None], LABELS[None], "equal length"),
        (np.array([0.1, np.nan]), np.array([0, 1]), "finite"),
        (ODDS, np.zeros(4, int), "both 0 and 1"),
        (ODDS, np.array([0, 1, 2, 1]), "both 0 and 1"),
    ],
)
def test_bad_input_is_named(odds, labels, words):
    for function in (figures.threshold_figure, figures.roc_curve, figures.calibration):
        with pytest.raises(ValueError, match=words):
            function(odds, labels)


def test_a_table_of_verdicts_needs_fitting_rows():
    """A network's outputs are (N, 1): with labels (N,) they would be compared each with each."""
    with pytest.raises(ValueError, match="equal length"):
        figures.confusion_matrix(ODDS[:, None], LABELS)
    with pytest.raises(ValueError, match="only 0 and 1"):
        figures.confusion_matrix(ODDS, LABELS - 1)
    assert figures.confusion_matrix(ODDS[:1], LABELS[:1]).sum() == 1, "one language alone is a table, too"


def test_logits_are_no_probabilities():
    for function in (figures.threshold_figure, figures.calibration):
        with pytest.raises(ValueError, match="from 0 to 1.*sigmoid"):
            function(10 * (ODDS - 0.4), LABELS)


def test_without_sigmoid_tells_the_stuck_start():
    outputs = np.array([[-0.5, 0.2, 0.9, 1.6], [-0.4, -0.3, -0.2, -0.1]])
    accuracies = {"without a sigmoid": [1.0, 0.5], "with it": [1.0, 1.0]}
    figure = figures.without_sigmoid_figure(outputs, accuracies, LABELS)
    assert figure.summary == (
        "Start 1: 100 % right at the threshold ½; outputs from −0.50 to 1.60, 50 % of them no probabilities."
    )
    assert "100 % of them no probabilities. Stuck:" in figure.set(start=1)
    for start in range(2):
        figure.set(start=start)
        words = figure.frame("english") + figure.frame("spanish")
        assert words.sum() == 2 * 4, "each bin has two ends"
        assert figure.frame("start_now") == start + 1
    with pytest.raises(ValueError, match=r"outputs: expected shape \(S, 4\)"):
        figures.without_sigmoid_figure(outputs[:, :3], accuracies, LABELS)
    with pytest.raises(ValueError, match=r"accuracies\['with it'\]: expected shape \(2,\)"):
        figures.without_sigmoid_figure(outputs, accuracies | {"with it": [1.0]}, LABELS)


def test_a_dashed_curve_lies_on_the_others_in_its_own_colour():
    x, series = [0, 1], {"same": [0, 1], "measured": [0, 0.5], "said": [0.1, 1]}
    marks = figures.curves("t", x, series, "x", "y", "s", dashed=["same"]).picture.rows[0].panels[0].marks
    assert [(mark.labels, mark.colours, mark.dashed) for mark in marks] == [
        (("measured", "said"), (LINES[1], LINES[2]), False),
        (("same",), (LINES[0],), True),
    ]
    still = figures.curves("t", x, series, "x", "y", "s", dashed=["same"], colours=("#777777", "#111111", "#222222"))
    assert [mark.colours for mark in still.picture.rows[0].panels[0].marks] == [("#111111", "#222222"), ("#777777",)]
    np.testing.assert_allclose(still.data.arrays["y_dashed"], [[0, 1]])
    assert still.png()[:4] == b"\x89PNG"
    with pytest.raises(ValueError, match=r"dashed: expected names of curves, got \['other'\]"):
        figures.curves("t", x, series, "x", "y", "s", dashed=["other"])
    with pytest.raises(ValueError):
        figures.curves("t", x, series, "x", "y", "s", colours=("#777777",))
