"""The live figures of notebook 07: data and sentences for known cases, errors."""

import numpy as np
import pytest

from helpers.data import as_chains, as_trees, associative_recall, parse_expression
from helpers.figures import expression_figure, memory_figure, recall_figure, receptive_field_figure
from helpers.figures.expression_tree import MOST_BITS, layout
from helpers.figures.memory_curve import LAGS, UNITS
from helpers.figures.receptive_field import STEPS, reached
from helpers.live.typed import Unreadable
from helpers.networks import GRU, LSTM, SelfAttention, SimpleRNN, TreeNetwork, receptive_field

# ---- the receptive field -------------------------------------------------------------------------------------


def test_the_picture_shows_the_receptive_field():
    figure = receptive_field_figure()
    for i, kernel in enumerate((2, 3, 4)):
        for j, layers in enumerate((1, 2, 3)):
            for g, dilations in enumerate(((1,) * layers, (1, 2, 4)[:layers])):
                sentence = figure.set(kernel_size=i, layers=j, dilation=g)
                field = receptive_field(kernel, dilations)
                assert f"sees {field} inputs and is blind to the {STEPS - field} before" in sentence
                shade = figure.frame("shade").reshape(4, STEPS)
                assert shade[0].tolist() == [0.0] * (STEPS - field) + [1.0] * field
                assert shade[layers].tolist() == [0.0] * (STEPS - 1) + [1.0]
                assert np.isnan(shade[layers + 1 :]).all()
                assert np.isfinite(figure.frame("cnn")).tolist() == [False] * (STEPS - field) + [True] * field
                assert (figure.frame("border_x") == STEPS - field + 0.5).all()
    assert np.isfinite(figure.frame("rnn")).all() and figure.frame("rnn")[0] < 0.1


def test_every_edge_spans_its_dilation():
    _, edges = reached(2, (1, 2))
    assert sorted(edges) == [(0, 21, 22), (0, 22, 22), (0, 23, 24), (0, 24, 24), (1, 22, 24), (1, 24, 24)]


# ---- tree and chain ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reader():
    return expression_figure(TreeNetwork(5, 4, 1, seed=1), LSTM(7, 6, 1, seed=1), "(1&0)|(1^1)")


def test_a_node_is_complete_when_its_last_symbol_is_read(reader):
    sentence = reader.set(expression="(1&0)|1", symbol=4)  # ((1&0) of ((1&0)|1)
    assert sentence.startswith("After 5 of 9 symbols, “((1&0”: 2 of 5 nodes are complete")
    sentence = reader.set(symbol=5)
    assert "“((1&0)”: 3 of 5" in sentence
    known = np.isfinite(reader.frame("node_shade"))
    assert known[:5].tolist() == [True, True, True, False, False] and not known[5:].any()
    assert reader.data.text("names", reader.positions)[:5] == ["1", "0", "&", "1", "|"]


def test_what_is_drawn_is_what_the_networks_say(reader):
    reader.set(expression="(1&0)|1", symbol=44)
    tree, chain = TreeNetwork(5, 4, 1, seed=1), LSTM(7, 6, 1, seed=1)
    y = tree.forward(as_trees([parse_expression("(1&0)|1")])[0])[0][0, :, 0]
    judged = 1 / (1 + np.exp(-y))
    assert np.allclose(reader.frame("node_shade")[:5], judged)
    wrong = (judged > 0.5) != np.array([1, 0, 0, 1, 1])
    assert np.isfinite(reader.frame("wrong_x")[:5]).tolist() == wrong.tolist()
    y, record = chain.forward(as_chains(["((1&0)|1)"])[0])
    assert np.allclose(reader.frame("odds")[:9], 1 / (1 + np.exp(-y[0, :, 0]))) and np.isnan(reader.frame("odds")[9])
    order = np.argsort(-chain.parameters["W_ho"][:, 0])
    assert np.allclose(reader.frame("states")[:, :9], record.states[0].T[order])
    curve, states = reader.picture.panels[1].marks[0], reader.picture.panels[2].marks[0]
    assert curve.until_x == states.until_x == "now", "drawn as far as it is read"
    assert reader.frame("now", symbol=3) == 4 and reader.frame("now") == 9
    assert reader.summary.startswith("((1&0)|1) is 1.")
    assert f"root: {judged[4]:.2f} ({'wrong' if wrong[4] else 'right'})" in reader.summary


def test_the_tree_is_drawn_in_the_order_of_the_text():
    places, edges = layout(parse_expression("(1&0)|1"))
    assert places.tolist() == [[3, 3, 2], [5, 5, 2], [4, 6, 1], [8, 8, 1], [7, 9, 0]]
    assert edges == [(0, 2), (1, 2), (2, 4), (3, 4)]


@pytest.mark.parametrize("text", ["", "another text", "1 0.5 -0.5", "(1&", "1" + "&1" * MOST_BITS])
def test_what_is_no_expression_leaves_the_last_picture_and_says_why(reader, text):
    before = reader.set(expression="1&0")
    with pytest.raises(Unreadable, match=r"^“.*” (is not a whole expression: expected|has more than 12 bits:) .*\.$"):
        reader.set(expression=text)
    assert reader.summary == before and reader.values["expression"] == "1&0"


def test_an_expression_is_read_as_keyboards_type_it_and_what_is_missing_is_said(reader):
    plain = reader.set(expression="(1&0)|1")
    assert reader.set(expression="（１＆０）｜１") == plain == reader.set(expression="(١&٠)|١")
    assert plain.startswith("((1&0)|1) is 1."), "read to its end"
    with pytest.raises(Unreadable, match="expected a closing bracket at place 7, given the end"):
        reader.set(expression="((1&0)")


def test_the_longest_expression_fits(reader):
    assert "is 1. P(1) at the tree's root" in reader.set(expression="1" + "&1" * (MOST_BITS - 1), symbol=44)
    assert np.isfinite(reader.frame("node_x")).all() and np.isfinite(reader.frame("odds")).all()


def test_networks_of_other_sizes_are_named():
    with pytest.raises(ValueError, match="tree_network: expected 5 inputs and 1 output, got 4 and 1"):
        expression_figure(TreeNetwork(4, 4, 1), LSTM(7, 6, 1), "1&0")
    with pytest.raises(ValueError, match="chain_network: expected 7 inputs and 1 output, got 7 and 2"):
        expression_figure(TreeNetwork(5, 4, 1), SimpleRNN(7, 6, 2), "1&0")
    with pytest.raises(ValueError, match="“1&” is not a whole expression: expected"):
        expression_figure(TreeNetwork(5, 4, 1), LSTM(7, 6, 1), "1&")


# ---- memory --------------------------------------------------------------------------------------------------


def test_no_state_remembers_more_than_its_units():
    figure = memory_figure()
    for u, units in enumerate(UNITS):
        for radius in range(8):
            for activation in range(2):
                sentence = figure.set(units=u, radius=radius, activation=activation)
                curve = figure.frame("curve")
                assert curve.shape == (LAGS,) and curve.sum() < units + 1 and (0 <= curve).all() and (curve <= 1).all()
                assert np.allclose(figure.frame("here_y"), figure.frame("by_radius")[u][radius])
                if curve.any():
                    assert f"The capacity is {curve.sum():.1f} steps" in sentence
                else:
                    assert "explodes" in sentence and activation == 1 and radius >= 6
    assert figure.set(units=2, radius=5, activation=0).startswith("16 units, spectral radius 1, tanh: at least half")


def test_every_capacity_is_inside_its_axis():
    figure = memory_figure()
    capacity = figure.data.arrays["by_radius"]
    assert capacity.shape == (2, 4, 8) and 30 < capacity.max() < figure.picture.panels[1].y.limits[1]
    assert figure.frame("here_radius", radius=2) == 0.7, "drawn as far as the reader has moved"


# ---- recall --------------------------------------------------------------------------------------------------


def questions(pairs, most, S=3):
    x, target = associative_recall(S, pairs, seed=pairs)
    return np.concatenate([np.zeros((S, most - pairs, 16)), x], axis=1), target


def test_recall_shows_weights_and_both_answers():
    attention, recurrent = SelfAttention(16, 4, 6, 8, seed=0), GRU(16, 5, 8, seed=0)
    tests = {1: questions(1, 4), 4: questions(4, 4)}
    figure = recall_figure(attention, recurrent, tests)
    for p, (x, target) in enumerate(tests.values()):
        for s in range(3):
            sentence = figure.set(pairs=p, question=s)
            y, record = attention.forward(x)
            assert np.array_equal(figure.frame("weights"), record.weights[s, -1])
            assert (figure.frame("right_x") == target[s]).all() and f"right is {target[s]}." in sentence
            assert figure.frame("seen").argmax() == y[s, -1].argmax() and figure.frame("seen").sum() == pytest.approx(1)
            answer = recurrent.forward(x)[0][s, -1].argmax()
            verdict = "right" if answer == target[s] else "wrong"
            assert sentence.endswith(f"the recurrent network answers {answer} ({verdict}).")
            texts = figure.data.text("texts", figure.positions)
            assert texts[-1].endswith("?") and texts[0] == "" if p == 0 else texts[0]
            assert figure.data.text("asked", figure.positions) == [texts[-1]]


def test_recall_wants_questions_of_one_shape():
    with pytest.raises(ValueError, match="tests: expected inputs of one shape"):
        recall_figure(SelfAttention(16, 4, 6, 8), GRU(16, 5, 8), {1: questions(1, 1), 4: questions(4, 4)})
