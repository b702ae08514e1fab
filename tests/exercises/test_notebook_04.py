"""The checks of notebook 04's exercises: right answers pass, mistakes are named, nothing crashes."""

import math

import numpy as np
import pytest

from helpers.exercises import notebook_04 as check
from helpers.networks import SimpleRNN

NAMES = ("W_ih", "W_hh", "b_h", "W_ho", "b_o")
WORDS, LABELS = ("casa", "house", "tree", "perro", "studio"), np.array([1, 0, 0, 1, 0])


def by_name(weights):
    return dict(zip(NAMES, weights, strict=True))


def loss(y, t):
    return np.logaddexp(0, y) - t * y


def table(p, labels, threshold):
    said = p > threshold
    return [[np.sum((labels == r) & (said == c)) for c in (0, 1)] for r in (0, 1)]


def pieces(network, x, size):
    h, y = None, []
    for start in range(0, x.shape[1], size):
        part, record = network.forward(x[:, start : start + size], h)
        h = record.h_last
        y.append(part)
    return np.concatenate(y, axis=1)


def in_parts(parts):
    """`in_pieces` that hands on the state but cuts x by `parts(x, size)`."""

    def function(network, x, size):
        h, y = None, []
        for part in parts(x, size):
            out, record = network.forward(part, h_0=h)
            h = record.h_last
            y.append(out)
        return np.concatenate(y, axis=1)

    return function


def again_from_the_start(network, x, size):
    """Reads all that came before once more for each piece."""
    ends = [min(k + size, x.shape[1]) for k in range(0, x.shape[1], size)]
    return np.concatenate([network.forward(x[:, :e])[0][:, s:] for s, e in zip([0, *ends], ends, strict=False)], axis=1)


def always(logit):
    """A network that gives every word the same logit."""
    net = SimpleRNN(26, 2, 1, output_initialiser="zeros")
    net.parameters["b_o"] = [logit]
    return net


@pytest.mark.parametrize(
    "verdict",
    [
        check.weights_by_name(by_name),
        check.input_shape((168, 3)),
        check.input_shape([168, 3]),
        check.input_shape((None, 3)),
        check.loss_on_logits(loss),
        check.confusion(table),
        check.confusion(lambda p, labels, t: np.array(table(p, labels, t))),
        check.fooling_word("studio", always(3.0), WORDS, LABELS),
        check.in_pieces(pieces),
        check.in_pieces(in_parts(lambda x, s: np.split(x, range(s, x.shape[1], s), axis=1))),
        check.loss_on_logits(lambda y, t: np.maximum(y, 0) + np.log1p(np.exp(-abs(y))) - t * y),
    ],
)
def test_right_answers_pass(verdict):
    assert verdict.passed is True, repr(verdict)


def sigmoid(y):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-y))


@pytest.mark.parametrize(
    "verdict, words",
    [
        (check.weights_by_name(lambda w: by_name([w[1], w[0], *w[2:]])), "What you call W_ih is W_hh"),
        (check.weights_by_name(lambda w: by_name([w[0], w[1], w[4], w[3], w[2]])), "What you call b_h is b_o"),
        (check.weights_by_name(lambda w: by_name([w[0].T, *w[1:]])), "W_ih is transposed"),
        (check.weights_by_name(lambda w: by_name([w[0], w[1].T, *w[2:]])), "W_hh is transposed. It is square"),
        (check.weights_by_name(lambda w: by_name([w[0], w[1] * 2, *w[2:]])), "The numbers of W_hh"),
        (check.weights_by_name(lambda w: {"W_ih": w[0]}), "missing: W_hh, b_h, W_ho, b_o"),
        (check.weights_by_name(lambda w: by_name(w) | {"W": w[0]}), "not among the five: W"),
        (check.weights_by_name(lambda w: w), "Expected a dict, got list"),
        (check.input_shape((3, 168)), "wrong way round"),
        (check.input_shape((168,)), "features is missing"),
        (check.input_shape((3,)), "time steps is missing"),
        (check.input_shape((7, 24, 3)), "one row of time steps"),
        (check.input_shape((32, 168, 3)), "batch size does not belong"),
        (check.input_shape((24, 3)), "one day"),
        (check.input_shape(168), "Expected a tuple"),
        (check.input_shape((100, 3)), "is not right"),
        (check.loss_on_logits(lambda y, t: -loss(y, t)), "sign is wrong"),
        (check.loss_on_logits(lambda y, t: loss(y, 1 - t)), "Targets are exchanged"),
        (check.loss_on_logits(lambda y, t: -t * np.log(sigmoid(y))), "target 0 cost nothing"),
        (check.loss_on_logits(lambda y, t: sigmoid(y)), "the probability, not its loss"),
        (check.loss_on_logits(lambda y, t: np.full(5, loss(y, t).mean())), "Do not take the mean"),
        (check.loss_on_logits(lambda y, t: loss(y, t).mean()), "expected shape (5,)"),
        (check.loss_on_logits(lambda y, t: np.logaddexp(0, y)), "target does not enter"),
        (check.loss_on_logits(lambda y, t: np.log(1 + np.exp(y)) - t * y), "800 the result is not finite"),
        (check.loss_on_logits(lambda y, t: np.where(y > 5, y, np.log1p(np.exp(y))) - t * y), "6 the result is wrong"),
        (check.loss_on_logits(lambda y, t: np.log1p(np.exp(np.clip(y, -30, 30))) - t * y), "40 the result is wrong"),
        (check.loss_on_logits(lambda y, t: [math.log(1 + math.exp(a)) - b * a for a, b in zip(y, t, strict=True)]),
         "800 your code overflows.\n  Hint: np.logaddexp(0, y)"),
        (check.loss_on_logits(lambda y, t: loss(np.clip(y, -50, 50), t)), "800 the result is wrong"),
        (check.loss_on_logits(lambda y, t: 0 * y), "log(1 + eʸ)"),
        (check.confusion(lambda p, labels, t: np.transpose(table(p, labels, t))), "Rows and columns"),
        (check.confusion(lambda p, labels, t: np.array(table(p, labels, t))[::-1, ::-1]), "English is 0"),
        (check.confusion(lambda p, labels, t: np.array(table(p, labels, t))[:, ::-1]), "*above*"),
        (check.confusion(lambda p, labels, t: np.array(table(p, labels, t)) / len(p)), "Count words"),
        (check.confusion(lambda p, labels, t: table(p, labels, t - 1e-9)), "0.5 is not above the threshold"),
        (check.confusion(lambda p, labels, t: table(p, labels, 0.5)), "Use the argument"),
        (check.confusion(lambda p, labels, t: np.zeros((2, 2))), "must add up to 13"),
        (check.confusion(lambda p, labels, t: 3), "expected shape (2, 2)"),
        (check.fooling_word("tree", always(3.0), WORDS, LABELS), "five letters or more"),
        (check.fooling_word("perro", always(3.0), WORDS, LABELS), "is Spanish"),
        (check.fooling_word("zebra", always(3.0), WORDS, LABELS), "not in the lists"),
        (check.fooling_word("House", always(3.0), WORDS, LABELS), "small letters"),
        (check.fooling_word(3, always(3.0), WORDS, LABELS), "small letters"),
        (check.fooling_word("house", always(1.0), WORDS, LABELS), "not above 0.8"),
        (check.in_pieces(lambda n, x, s: np.concatenate(
            [n.forward(x[:, k : k + s])[0] for k in range(0, x.shape[1], s)], axis=1)), "empty state"),
        (check.in_pieces(lambda n, x, s: n.forward(x[:, :s])[0]), "expected shape (2, 11, 2)"),
        (check.in_pieces(lambda n, x, s: 0 * n.forward(x)[0]), "not those of the whole series"),
        (check.in_pieces(lambda n, x, s: n.forward(x)[0]), "pieces of 11: the whole series at once"),
        (check.in_pieces(in_parts(lambda x, s: np.array_split(x, s, axis=1))), "3, 3, 3, 2: 4 pieces, not pieces of 4"),
        (check.in_pieces(in_parts(lambda x, s: np.split(x, x.shape[1], axis=1))), "one step at a time"),
        (check.in_pieces(in_parts(lambda x, s: np.array_split(x, 2, axis=1))), "in pieces of 4 are 4, 4, 3."),
        (check.in_pieces(again_from_the_start), "4, 8, 11: some steps more than once"),
    ],
)  # fmt: skip
def test_mistakes_are_named(verdict, words):
    assert verdict.passed is False
    assert words in repr(verdict)


@pytest.mark.parametrize(
    "one", [check.weights_by_name, check.input_shape, check.loss_on_logits, check.confusion, check.in_pieces]
)
def test_unanswered_and_broken_answers(one):
    assert one(...).passed is None
    for broken in ("text", object(), 3.5, lambda *arguments: 1 / 0, lambda: 1, lambda *a: "text"):
        assert one(broken).passed is False, broken
    if one is not check.input_shape:
        assert one(lambda *arguments: ...).passed is None


def test_the_unanswered_word():
    assert check.fooling_word(..., always(0.0), WORDS, LABELS).passed is None
    assert check.fooling_word("house", "no network", WORDS, LABELS).passed is False
