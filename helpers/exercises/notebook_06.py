"""Checks of notebook 06's exercises; those on films and forecasts stand in notebook_06b."""

import numpy as np

from helpers.data import filter_from_cepstra
from helpers.exercises import notebook_06b
from helpers.exercises.checking import Wrong, call, close, exercise, expect_array, expect_number
from helpers.exercises.notebook_06b import backwards, drift, origins, persistence_rmse
from helpers.figures.controls import Prediction

__all__ = [
    "backwards",
    "coefficients",
    "drift",
    "origins",
    "persistence_rmse",
    "predictions",
    "probabilities",
    "read_backwards",
    "spread_by_chance",
]

ROUNDED = 1e-5  # the reader's recursion may be in float32; its mistakes are larger

# The questions that stand before the live figures, by the figure's name in the notebook.
predictions = {
    "languages": Prediction(
        "The network reads “the cat sat on the mat”. After which letter does it first give English more than half?",
        ("after the t", "after the h", "after the e", "only after the whole phrase"),
        1,
        "Every one of the six languages has words with t. But of the training words that begin with th, more than "
        "nine in ten are English.",
    ),
    "listening": Prediction(
        "A network hears a clip frame by frame. When is it first right nearly as often as at the end?",
        ("from the first frame on", "after a quarter of the clip", "only towards its end"),
        2,
        "It was asked for its answer after the last frame only: after a quarter it is right on about half, and "
        "even after three quarters on clearly fewer than at the end.",
    ),
} | notebook_06b.predictions


@exercise
def probabilities(function):
    """P(language | letters) from log p(letters | language) (6,), all languages equally likely before."""
    short, long = np.log([0.1, 0.2, 0.05, 0.4, 0.15, 0.3]), np.array([-802.0, -800.0, -805.0, -801.0, -800.5, -820.0])
    one = np.array([-800.0] + [-2800.0] * 5)  # only the largest may be subtracted: above the mean, exp overflows
    for logs in (short, long, long - [0, 0, 0, 0, 0, 900], one):  # the third: a text that cannot be of one language
        e = np.exp(logs - logs.max())
        right = e / e.sum()
        with np.errstate(all="ignore"):
            value = call(function, logs, name="probabilities")
            large = np.exp(logs)
            mistakes = (
                (large, "These do not add up to 1: divide by their sum."),
                (e, "These do not add up to 1: divide by their sum."),
                (logs / logs.sum(), "Logarithms must become probabilities first: take the exponential."),
                (e / e.max(), "The largest is 1, but the *sum* must be 1."),
                (np.exp(-logs) / np.exp(-logs).sum(), "The sign is wrong: the largest log p is the most likely."),
            )
        array = np.asarray(value, float)
        if logs[0] < -700 and array.shape == (6,) and not np.isfinite(array).all():
            raise Wrong(
                "With log p of −800 and less the exponentials are 0 or too large, and 0/0 is no number.",
                "Subtract the largest log p (no other) from all of them first: it cancels.",
            )
        if array.shape == (6,) and close(array, right):
            continue
        for wrong, words in mistakes:
            if array.shape == (6,) and close(array, wrong):
                raise Wrong(words)
        expect_array(value, (6,), "probabilities(logs)")
        raise Wrong("The numbers are not right.", "exp(log p), divided by the sum of all six.")
    return "Bayes' rule with equal chances before: each language's share of the total."


@exercise
def coefficients(function):
    """a_1 … a_p (p,) of the all-pole filter with cepstra c_1 … c_p (p,)."""
    rng = np.random.default_rng(3)
    for p in (5, 12):
        c = rng.normal(size=p) / np.arange(1, p + 1)
        right = filter_from_cepstra(c)
        value = np.asarray(call(function, c, name="coefficients"), float)
        if value.shape == (p,) and close(value, right, ROUNDED):
            continue
        if value.shape == (p + 1,):
            raise Wrong("One number too many.", "Leave the leading 1 of A(z) out: the result is a_1 to a_p.")
        value = expect_array(value, (p,), f"coefficients(c) of {p} cepstra")
        for words, wrong in (
            ("The sum is missing, or never used.", -c),
            ("The sign is wrong: a_1 = −c_1.", _recursion(c, first=1, rest=1)),
            ("The sum must be subtracted, too.", _recursion(c, rest=1)),
            ("Each term of the sum is to be divided by n.", _recursion(c, divided=False)),
            ("The factor k/n is missing in the sum.", _recursion(c, weighted=False)),
            ("The factor is k/n, not n/k.", _recursion(c, turned=True)),
        ):
            if close(value, wrong, ROUNDED):
                raise Wrong(words, "a_n = −c_n − Σ (k/n) c_k a_{n−k}, k from 1 to n−1; c[0] is c_1.")
        if close(value[:1], right[:1], ROUNDED):
            hint = "The sum has n−1 terms. In Python c_k is c[k - 1], and a_{n−k} is a[n - k - 1]."
            raise Wrong("a_1 is right, but not all that follow.", hint)
        raise Wrong("Already a_1 is not right.", "For n = 1 the sum is empty: a_1 = −c_1.")
    return "Twelve numbers to twelve numbers, and nothing is lost on the way."


def _recursion(c, first=-1, rest=-1, divided=True, weighted=True, turned=False):
    """The recursion with a mistake in it."""
    a = np.zeros_like(c)
    for n in range(1, len(c) + 1):
        terms = [(k if weighted else 1) * c[k - 1] * a[n - k - 1] for k in range(1, n)]
        if turned:
            terms = [n / k * n * c[k - 1] * a[n - k - 1] for k in range(1, n)]
        a[n - 1] = first * c[n - 1] + rest * sum(terms) / (n if divided and weighted else 1)
    return a


@exercise
def read_backwards(function):
    """Each sequence of x (B, T, I) with its real steps in reverse order, padding still at the end."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(3, 6, 2))
    lengths = np.array([4, 6, 1])
    mask = np.arange(6) < lengths[:, None]
    x[~mask] = 0
    right = x.copy()
    for b, n in enumerate(lengths):
        right[b, :n] = x[b, :n][::-1]
    given = []  # what the reader's function gets: a copy of x

    def watched(clips, mask):
        given.append(clips)
        return function(clips, mask)

    answer = call(watched if callable(function) else function, x, mask, name="read_backwards")
    value = expect_array(answer, x.shape, "read_backwards(x, mask)")
    if close(value, right):
        if isinstance(answer, np.ndarray) and np.shares_memory(answer, given[0]):
            raise Wrong("Right, but the clips that were given are changed.", "Work on a copy, x.copy(), and return it.")
        return "Now the last real step comes first, however long the clip is."
    if close(value, x[:, ::-1]):
        raise Wrong(
            "Now the padding comes first, and the clip after it.", "Reverse only the first mask[b].sum() steps."
        )
    if close(value, x[::-1]):
        raise Wrong("This reverses the order of the *sequences*.", "Time is the second axis.")
    if close(value, x[:, :, ::-1]):
        raise Wrong("This reverses the order of the *features*.", "Time is the second axis.")
    if close(value, x):
        raise Wrong("Nothing has changed.", "Work on a copy, and return it.")
    if close(value[1], right[1]):
        raise Wrong("The sequence without padding is right, the others are not.", "How long is each? mask[b].sum()")
    raise Wrong(
        "The steps are not in the right order.", "x[b, :n][::-1] are the first n steps of sequence b, reversed."
    )


@exercise
def spread_by_chance(function):
    """√(p (1 − p) / n), the standard deviation of a share p measured on n cases."""
    for p, n in ((0.97, 370), (0.8, 50)):
        right = np.sqrt(p * (1 - p) / n)
        value = call(function, p, n, name="spread_by_chance")
        mistakes = (
            (p * (1 - p) / n, "The square root is missing: this is the variance."),
            (np.sqrt(p * (1 - p)), "n is missing: more clips, less chance."),
            (np.sqrt(p * (1 - p)) / n, "n belongs under the root: four times the clips halve the spread."),
            (np.sqrt(p * (1 - p) * n), "Divide by n: this is the spread of the *number* of clips."),
            (np.sqrt(p / n), "The factor 1 − p is missing: whoever is always right does not vary."),
            (100 * right, "This is in percent: p is a share, and so is its spread."),
        )
        for wrong, words in mistakes:
            if np.ndim(value) == 0 and isinstance(value, int | float | np.number) and abs(value - wrong) < 1e-12:
                raise Wrong(words)
        expect_number(value, right, 1e-9, f"spread_by_chance({p}, {n})", "√(p (1 − p) / n)")
    return "With 370 clips and 97 % right: 0.009. A difference of that size may well be chance."
