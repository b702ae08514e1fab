"""The drawings and live figures of single neurons: what they show, what they say, what they refuse."""

import base64

import numpy as np
import pytest

from helpers.data import membrane_recording
from helpers.figures import (
    answer_to_pulse,
    brain_drawing,
    count_spikes_figure,
    decision_figure,
    decision_points,
    f_i_figure,
    integrate_and_fire_figure,
    neuron_drawing,
    recording_and_model,
    self_connection_figure,
)
from helpers.figures.decision_line import decision_line
from helpers.figures.recorded_neuron import widest_plateau
from helpers.figures.self_connection import branches
from helpers.live.drawing import Drawing, smooth
from helpers.networks import IntegrateAndFire, RateNeuron

PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def recording():
    return membrane_recording()


@pytest.fixture(scope="module")
def f_i():
    return f_i_figure()


@pytest.mark.parametrize(
    "make, words",
    [
        (brain_drawing, ["frontal", "temporal", "cerebellum", "brainstem", "thalamus", "hypothalamus"]),
        (neuron_drawing, ["dendrites", "cell body", "axon", "synapse", "vesicles", "receptors"]),
    ],
)
def test_drawings_show_themselves_with_a_text_alternative(make, words):
    drawing = make()
    bundle, metadata = drawing._repr_mimebundle_()
    assert bundle["image/png"] == base64.b64encode(drawing.png()).decode()  # the same bytes each time
    assert all(word in metadata["image/png"]["alt"] for word in words)
    assert all(word in bundle["text/html"] for word in words) and "<img" in bundle["text/html"]
    assert "0x" not in bundle["text/plain"] and drawing.title in bundle["text/plain"]


@pytest.mark.parametrize("make", [brain_drawing, neuron_drawing])
def test_labels_stay_inside_and_do_not_cover_each_other(make):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawing = make()
    figure = Figure(figsize=(8.6, drawing.height / 100))
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 860), ylim=(0, drawing.height))
    drawing.paint(ax)
    boxes = [text.get_window_extent().padded(-1) for text in ax.texts]
    assert len(boxes) > 10
    for k, box in enumerate(boxes):
        assert 0 <= box.x0 and box.x1 <= 860 and 0 <= box.y0 and box.y1 <= drawing.height, ax.texts[k].get_text()
        for other in range(k):
            assert not box.overlaps(boxes[other]), (ax.texts[k].get_text(), ax.texts[other].get_text())


def test_a_drawing_without_words_is_refused():
    with pytest.raises(ValueError, match="alt: expected a text alternative"):
        Drawing("A brain", "a brain", lambda ax: None, 100)


def test_smooth_paths_pass_their_points():
    points = np.array([[0, 0], [1, 2], [3, 1], [4, 4.0]])
    for closed, passed in ((False, points), (True, np.vstack([points, points[:1]]))):
        vertices = smooth(points, closed).vertices
        np.testing.assert_allclose(vertices[::3], passed)


def test_the_counting_level_finds_57_spikes_on_a_plateau(recording):
    figure = count_spikes_figure(recording.t, recording.v)
    labels = figure.controls["level"].labels
    said = figure.set(level=labels.index("−20 mV"))
    assert "crossed upwards 57 times" in said and "all or none" in said
    assert np.isfinite(figure.frame("crossed")).sum() == 57
    assert "waves that are no spikes" in figure.set(level=labels.index("−40 mV"))
    assert "seldom falls below" in figure.set(level=labels.index("−60 mV"))
    assert "smaller spikes are missed" in figure.set(level=labels.index("0 mV"))
    assert figure.png().startswith(PNG)


def test_the_widest_plateau_is_the_longest_run_that_is_not_zero():
    assert list(widest_plateau(np.array([0, 0, 0, 0, 3, 2, 2, 1]))) == [5, 6]


def test_integrate_and_fire_figure_says_what_the_neuron_does():
    figure = integrate_and_fire_figure()
    assert figure.summary.startswith("Silent: the current of 1.20 nA pulls the voltage towards −58 mV")
    said = figure.set(current=2.0)
    assert "towards −50 mV" in said and "63 spikes a second" in said
    spikes = int(np.sum(figure.frame("v") == 20))
    assert f"{spikes} spikes in 180 ms" in said
    assert "Firing" in figure.set(current=1.2, threshold=-60)
    slow = figure.set(current=2.0, threshold=-55, tau=40)
    assert int(slow.split(" spikes in")[0].split()[-1]) < spikes
    assert "spikes in 180 ms" in figure.set(current=4.0, tau=2.0, threshold=-65)  # the most that fit into its arrays
    assert figure.png().startswith(PNG)


def test_the_f_i_curve_fills_with_the_currents_tried(f_i):
    for place in (0, 20, 40):
        f_i.set(current=place)
        assert np.isfinite(f_i.frame("measured")).sum() == place + 1
    assert not np.isfinite(f_i.frame("closed")).any()
    f_i.set(formula=1)
    assert np.isfinite(f_i.frame("closed")).all()


def test_measured_rates_lie_on_the_closed_form(f_i):
    measured, currents = f_i.data.arrays["here_y"], f_i.data.arrays["currents"]
    for rates, tau in zip(measured, (5.0, 10.0, 20.0), strict=True):
        closed = IntegrateAndFire(tau=tau).rate(currents)
        assert (rates <= closed + 1e-9).all()
        fires = rates > 0
        assert (1000 / rates[fires] - 1000 / closed[fires] < 0.1 + 1e-9).all()  # one step of the simulation
    f_i.set(current=10, tau=1)
    assert "silent" in f_i.summary and "1.5 nA" in f_i.summary


def test_the_model_beside_the_recording(recording):
    neuron = IntegrateAndFire(tau=40, rest=-67, threshold=-25, reset=-48)
    still = recording_and_model(recording.t, recording.v, neuron, neuron.current_for_rate(14.0), -20)
    assert "fires every 71.4 ms" in still.summary and "56 intervals run from 67.0 to 200.0 ms" in still.summary
    assert still.png().startswith(PNG)


def test_the_decision_line_is_where_the_weighted_sum_is_zero():
    rng = np.random.default_rng(0)
    for _ in range(200):
        w, b = rng.uniform(-4, 4, 2), rng.uniform(-6, 6)
        ends = decision_line(w, b)
        if np.isfinite(ends).all():
            np.testing.assert_allclose(ends @ w + b, 0, atol=1e-9)
            assert np.abs(ends).max() <= 2.5 + 1e-9 and np.isclose(np.abs(ends).max(axis=1), 2.5).all()
        else:  # all corners on one side
            corners = np.array([[x, y] for x in (-2.5, 2.5) for y in (-2.5, 2.5)]) @ w + b
            assert (corners > 0).all() or (corners < 0).all()
    assert np.isnan(decision_line([0, 0], 1)).all() and np.isnan(decision_line([1, 0], 4)).all()
    np.testing.assert_allclose(np.abs(decision_line([0, 2], -2)[:, 1]), 1)


def test_the_decision_figure_counts_right_points():
    figure = decision_figure()
    assert "38 of 40 points are right." in figure.summary
    assert "40 of 40 points are right: the line parts them" in figure.set(w2=1.0, bias=0.2)
    assert "no line" in figure.set(w1=0, w2=0)
    assert "outside the picture" in figure.set(w1=0.5, bias=6)
    assert "4 of 4" in figure.set(points="AND", w1=2, w2=2, bias=-3)
    assert "2 of 4" in figure.set(points="OR")
    assert figure.png().startswith(PNG)
    with pytest.raises(ValueError, match="points: expected one of"):
        decision_points("XOR")


@pytest.mark.parametrize(
    "values, word",
    [
        ({"weight": 0.5}, "Forgets: with w = 0.50 there is one resting rate only"),
        ({"weight": 1.2}, "Remembers"),
        ({"weight": 1.2, "length": 4.0}, "Forgets: with w = 1.20 the pulse lifted the rate to 0.20, below"),
        ({"weight": 1.2, "height": 0.0}, "No pulse"),
        ({"weight": 0.7}, "Memory begins at w = 0.841"),
        ({"weight": 0.86}, "Remembers"),
        ({"weight": 2.0, "length": 0.0}, "No pulse"),
    ],
)
def test_the_self_connection_says_which_of_the_two_it_does(values, word):
    figure = self_connection_figure()
    said = figure.set(**values)
    assert word in said
    rates = figure.frame("rates")
    assert ("Remembers" in said) == (rates[-1] > 0.5)


def test_just_below_the_critical_weight_forgetting_is_slow():
    figure = self_connection_figure()
    said = figure.set(weight=0.84)
    assert said.startswith("Forgets, but slowly") and figure.frame("rates")[-1] > 0.5
    assert float(figure.frame("end_y")[0]) < 0.1  # where it ends in the long run
    assert figure.png().startswith(PNG)


def test_the_dot_of_the_phase_line_moves_as_the_rate_does():
    figure = self_connection_figure(weight=1.2)
    rates, slopes = figure.data.arrays["rates"], figure.data.arrays["now_change"]
    times = figure.data.arrays["now"]
    inside = times < times[-1]
    by_difference = 1000 * (rates[times[inside] + 1] - rates[times[inside]])
    np.testing.assert_allclose(slopes[inside], by_difference, atol=1e-9)


def test_branches_are_fixed_points():
    curves = branches()
    for which, stable in (("stays", True), ("watershed", False)):
        w, r = np.ravel(curves[f"{which}_w"]), np.ravel(curves[f"{which}_r"])
        residue = [abs(RateNeuron(float(a)).change(b)) for a, b in zip(w, r, strict=True)]
        assert max(residue) < 1e-9
        slopes = np.array([RateNeuron(float(a)).slope(float(b)) for a, b in zip(w, r, strict=True)])
        assert (slopes < 1e-9).all() if stable else (slopes > -1e-9).all()


def test_the_pulse_is_as_long_as_said():
    _, drive, rates = answer_to_pulse(1.0, 0.8, 40)
    assert (drive > 0).sum() == 40 and drive[100] == 0.8 and drive[99] == 0
    assert len(rates) == len(drive) + 1
