"""The live figures of notebook 05: data and sentences for known cases, errors."""

import numpy as np
import pytest

from helpers.data import adding_problem, flip_flop
from helpers.figures import attention_figure, gates_figure, gradient_by_lag_figure, scan_figure
from helpers.figures.gradient_by_lag import recurrent_matrix, seen, summary
from helpers.live.description import Arrows, Notes
from helpers.networks import LSTM, SimpleRNN, Snapshots, spectral_radius
from helpers.networks.attention import AttentionReadout


@pytest.fixture(scope="module")
def lags():
    return gradient_by_lag_figure(SimpleRNN(2, 8, 1, seed=0), adding_problem(3, 60, 0)[0])


@pytest.mark.parametrize("kind", ["orthogonal", "random", "identity"])
def test_recurrent_matrices_have_the_radius(kind):
    assert spectral_radius(recurrent_matrix(kind, 1.3, 9)) == pytest.approx(1.3)


def test_an_orthogonal_linear_network_changes_by_its_radius_at_each_step(lags):
    for radius, word in ((0.8, "Vanishes"), (1.0, "Lasts"), (1.4, "Explodes")):
        sentence = lags.set(radius=radius, activation="linear", matrix="orthogonal", steps=40)
        assert sentence.startswith(f"{word}: 40 steps back")
        expected = radius ** np.arange(41.0)
        assert lags.frame("each").shape == (3, 41) and np.allclose(lags.frame("each"), expected, rtol=1e-9)
        for name in ("median", "bound", "radius_line"):
            assert np.allclose(lags.frame(name), expected, rtol=1e-9)


def test_measured_lines_stay_below_the_bound_and_in_the_picture(lags):
    for activation in ("tanh", "relu", "sigmoid", "linear"):
        for matrix in ("orthogonal", "random", "identity"):
            lags.set(radius=2.0, activation=activation, matrix=matrix, steps=60)
            assert not (lags.frame("median") > lags.frame("bound") * (1 + 1e-9)).any()  # NaN is beyond the picture
            each = lags.frame("each")
            assert np.isfinite(each[:, 0]).all() and np.nanmax(np.abs(np.log10(each))) <= 20
            assert (lags.frame("slope") <= lags.frame("steepest") + 1e-12).all()


def test_a_line_ends_where_it_leaves_the_picture():
    def same(shares, expected):
        return np.array_equal(seen(np.array(shares)), expected, equal_nan=True)

    nan = np.nan
    assert same([1.0, 1e-15, 1e-20, 1e-21, 1e-300, 0.0], [1, 1e-15, 1e-20, nan, nan, nan])  # and not along the border
    assert same([1.0, 1e15, 1e300, np.inf, nan], [1, 1e15, nan, nan, nan])
    assert same([[1.0, 1e-30], [1.0, 0.1]], [[1, nan], [1, 0.1]])


def test_no_line_of_the_figure_runs_along_the_border(lags):
    for activation, radius in (("sigmoid", 0.2), ("linear", 2.0)):
        lags.set(radius=radius, activation=activation, matrix="orthogonal", steps=60)
        for name in ("median", "bound"):
            line = lags.frame(name)
            assert np.sum((line == 1e20) | (line == 1e-20)) == 0 and (activation == "linear" or np.isnan(line[-1]))


def test_the_ring_among_the_eigenvalues_is_the_radius(lags):
    lags.set(radius=1.3, activation="tanh", matrix="orthogonal", steps=40)
    assert lags.frame("radius") == pytest.approx(np.hypot(lags.frame("real"), lags.frame("imaginary")).max())
    assert lags.frame("radius_by_x") @ [1.0, 0.7, 0.3] == 0.7, "where it is dragged to"


def test_the_first_word_is_about_a_tenth_and_ten_times():
    for power, word in ((-1.1, "Vanishes"), (-0.9, "Lasts"), (0.9, "Lasts"), (1.1, "Explodes"), (1.6, "Explodes")):
        for steps in (10, 60, 200):
            said = summary(10**power, steps, "tanh", 1.0, 0.5)
            assert said.startswith(f"{word}: {steps} steps back, ")
            assert f"a factor of {10 ** (power / steps):.2f} per step. The bound multiplies" in said
    assert "0.079 of the gradient is left, " in summary(10**-1.1, 10, "tanh", 1.0, 0.5)
    assert "the gradient is 40 times as long, " in summary(10**1.6, 10, "tanh", 1.0, 0.5)
    assert "nothing that could be drawn is left. " in summary(0.0, 10, "tanh", 1.0, 0.5)


def test_the_figure_wants_sequences_that_fit():
    with pytest.raises(ValueError, match="x: expected shape"):
        gradient_by_lag_figure(SimpleRNN(3, 8, 1), adding_problem(3, 60, 0)[0])
    with pytest.raises(ValueError, match="x: expected at least 20 time steps, given 12"):
        gradient_by_lag_figure(SimpleRNN(2, 8, 1), adding_problem(3, 12, 0)[0])


def kept(*networks):
    snapshots = Snapshots()
    snapshots.begin(networks[0])
    for epoch, net in enumerate(networks):
        snapshots.record(epoch, net)
    return snapshots


def test_gates_are_those_of_the_network_at_that_epoch():
    nets = LSTM(2, 3, 1, seed=0), LSTM(2, 3, 1, seed=1)
    x, target = flip_flop(2, 12, 3)
    figure = gates_figure(kept(*nets), x, target, unit=1)
    for epoch, net in enumerate(nets):
        for unit in range(3):
            sentence = figure.set(epoch=epoch, unit=unit, sequence=1)
            y, record = net.forward(x)
            for name in ("input", "forget", "output"):
                assert np.array_equal(figure.frame(name)[0], record.gates[name][1, :, unit])
            assert np.array_equal(figure.frame("cell")[0], record.c[1, 1:, unit])
            assert np.allclose(figure.frame("answer")[0], 1 / (1 + np.exp(-y[1, :, 0])))
            keep = record.gates["forget"][1, x[1, :, 1] == 0, unit].mean()
            right = np.mean((y[1, :, 0] > 0) == (target[1, :, 0] > 0.5))
            assert f"the forget gate is {keep:.2f} on steps that keep" in sentence
            assert f"{100 * right:.0f} % of the answers are right" in sentence


def test_gates_want_an_lstm():
    x, target = flip_flop(2, 12, 3)
    for snapshots in (Snapshots(), kept(SimpleRNN(2, 3, 1))):
        with pytest.raises(ValueError, match="snapshots: expected at least one LSTM"):
            gates_figure(snapshots, x, target)


def test_each_pass_of_the_scan_doubles_what_a_place_holds():
    figure = scan_figure((4, 16))
    for k, width in enumerate((1, 2, 4, 8, 16)):
        sentence = figure.set(**{"pass": k, "length": 1})
        assert np.array_equal(figure.frame("after"), np.minimum(width, np.arange(16) + 1))
        assert figure.data.text("after_texts", figure.positions)[15] == str(17 - width)
        if k:
            assert f"{16 - width // 2} joins" in sentence and f"now {width} of 16 places" in sentence
            assert sentence.endswith(f"A loop has made {k} of its 15 joins by then.")
            joined = figure.frame("weight") == 1
            assert joined.sum() == 16 - width // 2 and (figure.frame("weight")[~joined] >= 0.4).all()  # copies are seen
            distance = figure.frame("ends") - figure.frame("source")
            assert np.array_equal(distance, np.where(joined, width // 2, 0))
    assert "4 joins" not in figure.set(**{"pass": 1, "length": 0}) and "3 joins" in figure.summary
    assert np.isnan(figure.frame("squares")[4:]).all() and (figure.frame("ends")[4:] < -10).all()  # no arrow either
    assert "complete after pass 2" in figure.set(**{"pass": 3, "length": 0})


def test_no_head_of_the_scans_arrows_lies_under_a_square():
    figure = scan_figure()
    (row, _), data = figure.picture.rows, figure.data.arrays
    panel = row.panels[0]
    arrows, *squares = (mark for mark in panel.marks if not isinstance(mark, Notes))
    pixels = 0.75 * row.height / (panel.y.limits[1] - panel.y.limits[0])  # a unit of y; titles take some of the height
    assert isinstance(arrows, Arrows) and [square.y for square in squares] == ["top", "bottom"]
    for square, end, side in zip(squares, (arrows.y0, arrows.y1), (-1, 1), strict=True):
        away = side * (data[end] - data[square.y]) * pixels
        assert (away > square.size + 2).all()  # beyond the edge of the whole row, whatever way the arrow comes


def test_attention_shows_the_weights_of_that_epoch():
    x, target = adding_problem(2, 9, 0)
    states = SimpleRNN(2, 5, 1, seed=0).forward(x)[1].states
    readouts = AttentionReadout(5, 1, seed=0), AttentionReadout(5, 1, seed=0)
    readouts[1].parameters["q"] = [3.0, -2.0, 1.0, 0.0, 2.0]
    figure = attention_figure(kept(*readouts), states, x, target)
    assert figure.set(epoch=0, sequence=0).startswith("Epoch 0: 22 % of the attention is on the two marked steps.")
    sentence = figure.set(epoch=1, sequence=1)
    y, record = readouts[1].forward(states)
    assert np.array_equal(figure.frame("weights"), record.weights[1])
    on_marked = record.weights[1][x[1, :, 1] == 1].sum()
    assert f"{100 * on_marked:.0f} %" in sentence and f"right is {target[1, 0]:.2f}" in sentence
    assert np.allclose(figure.frame("on_marked")[1, 1], on_marked)
    assert np.array_equal(figure.frame("history")[1], record.weights[1])
    assert figure.frame("answers")[1] == y[1, 0, 0] and figure.frame("right") == target[1, 0]
    with pytest.raises(ValueError, match="snapshots: expected at least one network"):
        attention_figure(Snapshots(), states, x, target)
