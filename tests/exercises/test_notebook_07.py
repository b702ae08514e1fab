"""Each check of notebook 07: right answer, typical mistakes with their hint, nonsense, no answer; the predictions."""

import numpy as np

from helpers.data import as_chains, as_trees, associative_recall, expression_value, parse_expression, random_expressions
from helpers.exercises import notebook_07 as check
from helpers.figures.memory_curve import random_network
from helpers.networks import (
    GRU,
    LSTM,
    Adam,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    SelfAttention,
    TreeNetwork,
    memory_curve,
    receptive_field,
    train,
)
from tests.exercises.every_check import EveryCheck


def node(x, left, right, W_ih, W_l, W_r, b):
    return np.tanh(x @ W_ih + left @ W_l + right @ W_r + b)


def windows(s, T):
    return np.stack([s[k : k + T] for k in range(len(s) - T + 1)])[:, :, None]


def states(h, rows):
    return np.where(rows[:, None] >= 0, h[rows], 0.0)


def other_way(h, rows):
    moved = np.zeros_like(h)
    moved[rows[rows >= 0]] = h[rows >= 0]
    return moved


def entropy(p):
    return -p * np.log(p) - (1 - p) * np.log(1 - p)


RIGHT = [
    (check.receptive_field, lambda K, d: 1 + (K - 1) * sum(d)),
    (check.tree_step, node),
    (check.shift_register, lambda H: (np.eye(1, H), np.eye(H, k=1))),
    (check.as_windows, windows),
    (check.next_states, states),
    (check.stuck_at, entropy),
]
WRONG = [
    (check.receptive_field, lambda K, d: (K - 1) * sum(d), "newest input counts"),
    (check.receptive_field, lambda K, d: K * sum(d), "K − 1 gaps"),
    (check.receptive_field, lambda K, d: 1 + K * sum(d), "K − 1 gaps"),
    (check.receptive_field, lambda K, d: 1 + (K - 1) * len(d), "each gap longer"),
    (check.receptive_field, lambda K, d: 1 + (K - 1) * np.prod(d), "do not multiply"),
    (check.receptive_field, lambda K, d: K ** len(d), "do not multiply"),
    (check.receptive_field, lambda K, d: K * len(d), "each gap longer"),
    (check.receptive_field, lambda K, d: [7], "without a list"),
    (check.receptive_field, lambda K, d: 1 + (K - 1) * d[-1], "last layer alone"),
    (check.receptive_field, lambda K, d: 1 + (K - 1) * (2 ** len(d) - 1), "only for dilations that double"),
    (check.receptive_field, lambda K, d: 1 + (K - 1) * (2 * d[-1] - 1), "only for dilations that double"),
    (check.receptive_field, lambda K, d: 99, "not right"),
    (check.receptive_field, lambda K, d: d, "expected shape"),
    (check.tree_step, lambda x, hl, hr, W, L, R, b: x @ W + hl @ L + hr @ R + b, "activation is missing"),
    (check.tree_step, lambda x, hl, hr, W, L, R, b: np.tanh(x @ W + hl @ L + hr @ R), "bias is missing"),
    (check.tree_step, lambda x, hl, hr, W, L, R, b: node(x, hr, hl, W, L, R, b), "exchanged"),
    (check.tree_step, lambda x, hl, hr, W, L, R, b: node(x, hl, hr, W, L, L, b), "matrix of its own"),
    (check.tree_step, lambda x, hl, hr, W, L, R, b: node(x * 0, hl, hr, W, L, R, b), "own input is missing"),
    (check.tree_step, lambda x, hl, hr, W, L, R, b: node(x, hl, hr * 0, W, L, R, b), "right child is missing"),
    (check.tree_step, lambda x, hl, hr, W, L, R, b: node(x, hl, hr, W, L.T, R.T, b), "turned round"),
    (check.tree_step, lambda x, hl, hr, W, L, R, b: node(x, hl, hr, W, L, R, 0) + b, "not right"),
    (check.tree_step, lambda x, hl, hr, W, L, R, b: node(x, hl, hr, W, L, R, b) + b, "inside the activation"),
    (check.tree_step, lambda x, hl, hr, W, L, R, b: x, "expected shape"),
    (check.tree_step, lambda *a: (1 + np.tanh(np.arctanh(node(*a)) / 2)) / 2, "sigmoid"),
    (check.shift_register, lambda H: np.eye(H), "expected two arrays"),
    (check.shift_register, lambda H: (np.eye(1, H), np.eye(H, k=-1)), "wrong way"),
    (check.shift_register, lambda H: (np.eye(1, H, k=H - 1), np.eye(H, k=-1)), "newest comes last"),
    (check.shift_register, lambda H: (np.eye(1, H), np.eye(H)), "keeps every unit"),
    (check.shift_register, lambda H: (np.eye(1, H), np.roll(np.eye(H), 1, axis=1)), "comes back to unit 0"),
    (check.shift_register, lambda H: (np.eye(1, H), np.zeros((H, H))), "Unit 0 holds the newest"),
    (check.shift_register, lambda H: (np.zeros((1, H)), np.eye(H, k=1)), "not the last inputs"),
    (check.shift_register, lambda H: (np.eye(H, 1), np.eye(H, k=1)), "transposed"),
    (check.as_windows, lambda s, T: windows(s, T)[:, :, 0], "features are missing"),
    (check.as_windows, lambda s, T: windows(s, T).swapaxes(1, 2), "many features"),
    (check.as_windows, lambda s, T: windows(s, T).swapaxes(0, 1), "Time comes first"),
    (check.as_windows, lambda s, T: windows(s, T)[:-1], "N − T + 1"),
    (check.as_windows, lambda s, T: windows(s, T)[:, ::-1], "backwards"),
    (check.as_windows, lambda s, T: windows(s, T) + 1, "numbers are not"),
    (check.as_windows, lambda s, T: s, "Expected shape"),
    (check.as_windows, lambda s, T: [s[k : k + T] for k in range(len(s))], "not all equally long"),
    (check.as_windows, lambda s, T: [s[k : k + T, None] for k in range(len(s))], "cut off by the end"),
    (check.as_windows, lambda s, T: np.array([s[k : k + T] for k in range(len(s))]), "not all equally long"),
    (check.as_windows, lambda s, T: ["a word"] * len(s), "expected numbers, got"),
    (check.next_states, lambda h, rows: h[rows], "stranger's past"),
    (check.next_states, lambda h, rows: h, "unmoved"),
    (check.next_states, lambda h, rows: np.where(rows[:, None] >= 0, h, 0), "have not changed places"),
    (check.next_states, other_way, "the other way"),
    (check.next_states, lambda h, rows: np.where(rows[:, None] > 0, h[rows], 0), "Row 0 is a row"),
    (check.next_states, lambda h, rows: np.where(rows[:, None] < 0, h, h[rows]), "stood in its row"),
    (check.next_states, lambda h, rows: h * 0, "begins anew"),
    (check.next_states, lambda h, rows: states(h, rows) + 1, "not right"),
    (check.next_states, lambda h, rows: h[0], "expected shape"),
    (check.stuck_at, lambda p: entropy(p) / np.log(2), "in bits"),
    (check.stuck_at, lambda p: -entropy(p), "sign"),
    (check.stuck_at, lambda p: -p * np.log(p), "zeros cost"),
    (check.stuck_at, lambda p: -np.log(p), "zeros cost"),
    (check.stuck_at, lambda p: -(1 - p) * np.log(p) - p * np.log(1 - p), "exchanged"),
    (check.stuck_at, lambda p: np.log(2), "½ only"),
    (check.stuck_at, lambda p: -np.log(p) - np.log(1 - p), "as often as it occurs"),
    (check.stuck_at, lambda p: 3.0, "not right"),
]


class TestChecks(EveryCheck):
    right, wrong = RIGHT, WRONG


def test_numbers_kept():
    assert check.numbers_kept(32, 32_000).passed is True
    assert check.numbers_kept(..., ...).passed is None and check.numbers_kept(32, ...).passed is None
    for answers, words in (
        ((1000, 32_000), "newest state"),
        ((32, 16_000), "key *and* a value"),
        ((32, 32), "one step"),
        ((32, 5), "for every step"),
        (("x", 5), "expected a number"),
    ):
        result = check.numbers_kept(*answers)
        assert result.passed is False and words in repr(result)


def test_choose():
    right = {name: answer for name, (answer, _) in check.SITUATIONS.items()}
    assert check.choose(right).passed is True
    assert check.choose(dict.fromkeys(right, ...)).passed is None and check.choose(...).passed is None
    assert "there is a better choice" in repr(check.choose(right | {"sensor": "attention"}))
    assert "expected one of" in repr(check.choose(right | {"sine": "magic"}))
    assert "Expected a dictionary" in repr(check.choose({"sine": "linear"}))
    assert check.choose(right | {"formula": "rnn"}).passed is False


# ---- the predictions: the answer is what happens ---------------------------------------------------------------


def chosen(name):
    question = check.predictions[name]
    return question.options[question.answer]


def test_doubled_dilations_see_fifteen_inputs():
    assert receptive_field(3, (1, 1, 1)) == 7 and receptive_field(3, (1, 2, 4)) == 15
    assert chosen("field_figure") == "15 inputs"


def test_the_tree_reads_deeper_expressions_more_reliably():
    texts = [text for depth in (1, 2, 3) for text in random_expressions(250, depth, depth)]
    deep = random_expressions(200, 5, 55)
    right = {}
    for name, net in (("tree", TreeNetwork(5, 16, 1, dtype="float32")), ("chain", LSTM(7, 16, 1, dtype="float32"))):
        arrays = [as_trees(list(map(parse_expression, t))) if name == "tree" else as_chains(t) for t in (texts, deep)]
        values = [np.array([[expression_value(parse_expression(t))] for t in group], float) for group in (texts, deep)]
        (x, mask), (new, new_mask) = arrays
        settings = dict(epochs=20, mask=mask, clip_norm=1.0, progress=False)
        train(net, x, values[0], BinaryCrossEntropy("last"), Adam(0.01), **settings)
        right[name] = np.mean((net.forward(new, mask=new_mask)[0][:, -1] > 0) == (values[1] > 0.5))
    assert right["tree"] > right["chain"] + 0.1
    assert chosen("tree_figure") == "the recursive one, over the tree"


def test_a_radius_above_one_shortens_the_memory():
    capacity = [memory_curve(random_network(16, radius, "tanh")).sum() for radius in (0.9, 1.3)]
    assert capacity[0] > capacity[1] + 1
    assert chosen("memory_figure") == "it gets shorter"


def test_only_the_recurrent_network_gets_worse_with_longer_lists():
    x, target = associative_recall(1500, (1, 8), seed=0)
    right = {}
    nets = SelfAttention(16, 16, 32, 8, dtype="float32"), GRU(16, 24, 8, dtype="float32")
    for net in nets:
        train(
            net, x, target, CategoricalCrossEntropy("last"), Adam(0.01), epochs=20, batch_size=50, progress=False
        )  # fmt: skip
        for pairs in (1, 8):
            new, answer = associative_recall(300, pairs, seed=pairs)
            new = np.concatenate([np.zeros((300, 8 - pairs, 16)), new], axis=1)
            right[type(net), pairs] = np.mean(net.forward(new)[0][:, -1].argmax(axis=1) == answer)
    assert right[SelfAttention, 1] > 0.95 and right[SelfAttention, 8] > 0.9
    assert right[GRU, 1] > 0.9 and right[GRU, 8] < 0.5
    assert chosen("recall_figure") == "the recurrent network's"
