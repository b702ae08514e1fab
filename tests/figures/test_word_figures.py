"""Figures of a network that judges words: their numbers, their sentences, their errors."""

import numpy as np
import pytest

from helpers import figures
from helpers.data import one_hot_words
from helpers.figures.language_of_word import ENGLISH, SPANISH
from helpers.live.colours import LINES
from helpers.live.description import Lines
from helpers.networks import BinaryCrossEntropy, SimpleRNN, StateRecorder, train


@pytest.fixture
def network():
    net = SimpleRNN(26, 8, 1, "relu", seed=2)
    net.theta += np.random.default_rng(0).normal(size=net.theta.size) / 4
    return net


def sigmoid(y):
    return 1 / (1 + np.exp(-y))


def test_the_curve_is_the_networks(network):
    figure = figures.word_figure(network, "Señal!")
    y = network.forward(one_hot_words(["senal"], 5, "float64")[0])[0][0, :, 0]
    odds = figure.data.arrays["odds"][4]
    np.testing.assert_allclose(odds[1:6], sigmoid(y), atol=1e-12)
    np.testing.assert_allclose(odds[0], sigmoid(network.parameters["b_o"][0]))
    assert np.isnan(odds[6:]).all()
    moved = figure.data.arrays["moved"][4]
    np.testing.assert_allclose(network.parameters["b_o"][0] + moved.cumsum()[4], y[-1])
    assert figure.data.texts["letters"][:6] == [*"senal", ""]
    assert np.isnan(figure.frame("odds")[2:]).all() and not figure.frame("moved")[1:].any(), (
        "drawn as far as it is read"
    )
    assert figure.set(letter=4).startswith(f"“Señal!” is read as “senal”. After “senal”: P(Spanish) = {odds[5]:.2f}")
    assert figure.set(letter=1).startswith("“Señal!” is read as “senal”. After “se”")
    assert "After “senal”" in figure.set(letter=15)


def test_units_are_sorted_by_what_they_speak_for(network):
    figure = figures.word_figure(network, "tree")
    order = np.argsort(-network.parameters["W_ho"][:, 0])
    states = network.forward(one_hot_words(["tree"], 4, "float64")[0])[1].h[0, 1:]
    np.testing.assert_allclose(figure.data.arrays["states"][3, :, :4], states.T[order])


def test_any_text_is_taken(network):
    figure = figures.word_figure(network, "tree")
    for text in ("", "123", "¿?"):
        assert figure.set(typed=text).startswith("No letters yet")
        figure.png()
    assert "After “anothertext”" in figure.set(typed="another text")
    assert figure.set(typed="x" * 32).startswith(f"Only the first 16 characters count. After “{'x' * 16}”")
    with pytest.raises(ValueError, match="typed: expected at most 32"):
        figure.set(typed="x" * 33)
    assert figures.word_figure(network, "").summary.startswith("No letters yet")


def test_a_typed_word_is_judged_to_its_end(network):
    figure = figures.word_figure(network, "nation")
    assert figure.set(typed="telephone").startswith("After “telephone”") and figure.frame("now") == 9
    assert figure.set(letter=2).startswith("After “tel”")
    for text, plain in (("Straße", "strasse"), ("Ægir", "aegir"), ("œuvre", "oeuvre"), ("Łódź", "lodz"), ("ﬁn", "fin")):
        assert figure.set(typed=text).startswith(f"“{text}” is read as “{plain}”. After “{plain}”: ")


def test_other_networks_are_refused():
    with pytest.raises(ValueError, match="network: expected 26 inputs and 1 output, got 27 and 1"):
        figures.word_figure(SimpleRNN(27, 4, 1), "tree")


def recorded(words, epochs=3):
    net = SimpleRNN(26, 6, 1, "relu", seed=1)
    x, mask = one_hot_words(["casa", "tree", "perro", "with"], 6, "float64")
    target = np.array([[1.0], [0], [1], [0]])
    recorders = [StateRecorder(one_hot_words([word], len(word))[0][0]) for word in words]
    train(net, x, target, BinaryCrossEntropy("last"), epochs=epochs, mask=mask, recorders=recorders, progress=False)
    return net, recorders


def test_two_words_epoch_by_epoch():
    net, recorders = recorded(("casa", "house"))
    figure = figures.two_words_figure(recorders, ("casa", "house"), (1, 0))
    own = np.stack([figure.data.arrays["own0"], figure.data.arrays["own1"]], axis=1)
    assert own.shape == (4, 2, 5) and np.isnan(own[:, 0, 4]).all()
    y = [net.forward(one_hot_words([w], len(w), "float64")[0])[0][0, -1, 0] for w in ("casa", "house")]
    np.testing.assert_allclose(own[-1, 0, 3], sigmoid(y[0]), atol=1e-6)
    np.testing.assert_allclose(own[-1, 1, 4], 1 - sigmoid(y[1]), atol=1e-6)
    assert np.isnan(figure.frame("ends0")[1:]).all() and np.isfinite(figure.frame("ends0")[0]), "it opens at the start"
    ends = [figure.data.arrays[f"ends{k}"][-1, -1] for k in range(2)]
    np.testing.assert_allclose(ends, [own[-1, 0, 3], own[-1, 1, 4]])
    for label, name in ((0, "states0"), (1, "states1")):
        ours = np.sort(figure.data.arrays[name][-1], axis=0)
        np.testing.assert_allclose(ours, np.sort(recorders[label].states[-1].T, axis=0), atol=1e-7)
    right = "right" if own[-1, 0, 3] > 0.5 else "wrong"
    assert figure.set(epoch=3).startswith(
        f"After epoch 3: casa (Spanish) gets {own[-1, 0, 3]:.2f} for its own language, {right}"
    )
    assert figure.set(epoch=0).startswith("Before training: casa")
    assert figure.png()[:4] == b"\x89PNG"


def line_marks(figure):
    """(array, colour, dashed) of each line of the lower panels."""
    marks = [mark for panel in figure.picture.rows[1].panels for mark in panel.marks]
    return [(mark.y, mark.colours[0], mark.dashed) for mark in marks if isinstance(mark, Lines)]


def test_two_words_have_their_languages_colours():
    """Blue is English and orange Spanish in every figure of the notebook."""
    _, recorders = recorded(("casa", "house"))
    for order, labels in (((0, 1), (1, 0)), ((1, 0), (0, 1))):
        words = [("casa", "house")[k] for k in order]
        figure = figures.two_words_figure([recorders[k] for k in order], words, labels)
        colours = [(SPANISH if label else ENGLISH) for label in labels]
        expected = [(f"{name}{k}", colours[k], False) for name in ("own", "ends") for k in range(2)]
        assert line_marks(figure) == expected
    figure = figures.two_words_figure(recorders, ("casa", "house"), (0, 0))
    assert [(colour, dashed) for _, colour, dashed in line_marks(figure)] == [(ENGLISH, False), (ENGLISH, True)] * 2


def test_two_words_sort_their_units():
    _, recorders = recorded(("casa", "house"))
    figure = figures.two_words_figure(recorders, ("casa", "house"), (1, 0))
    most = [figure.data.arrays[f"states{k}"][-1].max(axis=1) for k in range(2)]
    assert (np.diff(most[0] - most[1]) <= 0).all()
    labels = [panel.y.label for panel in figure.picture.rows[0].panels]
    assert labels == ["unit (casa's on top)", "unit (house's below)"]


def test_a_scrubber_of_states_that_are_never_negative():
    net, recorders = recorded(("casa", "house"))
    history = type("History", (), {"loss": [0.7, 0.6, 0.5]})()
    figure = figures.training_scrubber(recorders[0], history, symbols=list("casa"), amounts=True, unit=4)
    for panel, y in zip(figure.picture.rows[0].panels, ("unit_row", "epoch_row"), strict=True):
        heat, upright, level = panel.marks
        assert heat.limits == (0, 1) and heat.colours == "amount"
        assert upright.colour == level.colour == LINES[4] and level.y == y
    np.testing.assert_allclose(figure.frame("cube_unit"), recorders[0].states[:, :, 4])
    plain = figures.training_scrubber(recorders[0], history).picture.rows[0].panels[0].marks
    assert plain[0].limits == (-1, 1) and plain[0].colours == "signed" and not plain[2].colour
    below = type("R", (), {"states": recorders[0].states - 1, "epochs": recorders[0].epochs})()
    with pytest.raises(ValueError, match="amounts: expected states of 0 and above"):
        figures.training_scrubber(below, history, amounts=True)


def test_two_words_need_what_fits():
    _, recorders = recorded(("casa", "house"))
    with pytest.raises(ValueError, match=r"recorders\[0\]: expected states \(E, 5, H\)"):
        figures.two_words_figure(recorders[::-1][1:] * 2, ("house", "casa"), (0, 1))
    with pytest.raises(ValueError, match="words: expected two, got 1"):
        figures.two_words_figure(recorders, ("casa",), (1, 0))
    _, others = recorded(("casa", "house"), epochs=2)
    with pytest.raises(ValueError, match="the same epochs"):
        figures.two_words_figure([recorders[0], others[1]], ("casa", "house"), (1, 0))
