"""Checks of notebook 06's exercises."""

import numpy as np

from helpers.data import filter_from_cepstra
from helpers.exercises.checking import (
    ROUNDED,
    Wrong,
    call,
    close,
    exercise,
    expect_array,
    expect_number,
    expect_numbers,
)
from helpers.live.controls import Prediction

# The questions that stand before the live figures, by the figure's name in the notebook.
predictions = {
    "languages": Prediction(
        "The network reads “the cat sat on the mat”. After which letter does it first give English more than half?",
        ("after the t", "after the h", "after the e", "at the very end"),
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
    "drift_picture": Prediction(
        "The film has eight frames. After which frame can the network first be much better than guessing?",
        ("after the first", "after the second", "only after the eighth"),
        1,
        "One frame shows a digit, not a movement. Two frames show where it went.",
    ),
    "ball_picture": Prediction(
        (
            "While the ball is behind the block, it is taken away. It should come out on the other side, "
            "and does not. Where does the network say it is then?"
        ),
        (
            "it rolls on, past the block's edge",
            "it stays behind the block, and turns round",
            "it jumps at once to the middle",
        ),
        1,
        "The state rolls on with the ball, but it also reads each frame: outside the block it would be seen.",
    ),
    "sunspot_picture": Prediction(
        "Over the years 1970 to 2009: when are the forecasts furthest off?",
        ("while the numbers fall", "while they change little", "while they rise"),
        2,
        "On the way up nobody knows how high the maximum will be, or when it comes.",
    ),
}


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
        array = expect_numbers(value, "probabilities(logs)")
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
        value = expect_numbers(call(function, c, name="coefficients"), "coefficients(c)")
        if value.shape == (p,) and close(value, right):
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
            if close(value, wrong):
                raise Wrong(words, "a_n = −c_n − Σ (k/n) c_k a_{n−k}, k from 1 to n−1; c[0] is c_1.")
        if close(value[:1], right[:1]):
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
    for B, T, I, lengths in ((3, 6, 2, [4, 6, 1]), (2, 5, 3, [3, 5])):
        rng = np.random.default_rng(5)
        x, lengths = rng.normal(size=(B, T, I)), np.array(lengths)
        mask = np.arange(T) < lengths[:, None]
        x[~mask] = 0
        right = x.copy()
        for b, n in enumerate(lengths):
            right[b, :n] = x[b, :n][::-1]
        given = []  # what the reader's function gets: a copy of x

        def watched(clips, mask, given=given):
            given.append(clips)
            return function(clips, mask)

        answer = call(watched if callable(function) else function, x, mask, name="read_backwards")
        value = expect_array(answer, x.shape, "read_backwards(x, mask)")
        if close(value, right):
            if isinstance(answer, np.ndarray) and np.shares_memory(answer, given[0]):
                raise Wrong(
                    "Right, but the clips that were given are changed.", "Work on a copy, x.copy(), and return it."
                )
            continue
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
    return "Now the last real step comes first, however long the clip is."


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
            if (
                np.ndim(value) == 0
                and isinstance(value, int | float | np.number)
                and abs(value - wrong) < ROUNDED * wrong
            ):
                raise Wrong(words)
        expect_number(value, right, ROUNDED * right, f"spread_by_chance({p}, {n})", "√(p (1 − p) / n)")
    return "With 370 clips and 97 % right: 0.009. A difference of that size may well be chance."


@exercise
def drift(function):
    """The picture moved by whole pixels over a torus: np.roll along rows and columns."""
    for rows, columns, down, right in ((4, 5, 1, 2), (4, 5, 1, 0), (4, 5, 0, -2), (4, 5, 5, -7), (3, 7, 1, 3)):
        picture = np.arange(1.0, rows * columns + 1).reshape(rows, columns)
        value = call(function, picture, down, right, name="drift")
        value = expect_array(value, picture.shape, f"drift(picture, {down}, {right})")
        if close(value, np.roll(picture, (down, right), axis=(0, 1))):
            continue
        moved = f"With down = {down} and right = {right}"
        mistakes = (
            (np.roll(picture, (right, down), axis=(0, 1)), "rows and columns are exchanged.", "Axis 0 runs down."),
            (
                np.roll(picture, (-down, -right), axis=(0, 1)),
                "it moves the other way.",
                "np.roll(a, 1) moves up the index.",
            ),
            (
                without_wrapping(picture, down, right),
                "what leaves on one side is lost.",
                "On a torus it comes in again.",
            ),
            (np.roll(picture, columns * down + right), "rows run into one another.", "Name the axes: axis=(0, 1)."),
            (np.roll(picture, down, axis=0), "the columns stay where they are."),
            (np.roll(picture, right, axis=1), "the rows stay where they are."),
            (picture, "nothing moves."),
        )
        for wrong, words, *hint in mistakes:
            if close(value, wrong):
                raise Wrong(f"{moved} {words}", *hint)
        raise Wrong(f"{moved} it is not right.", "np.roll(picture, (…, …), axis=(0, 1))")
    return "What leaves on the right comes in on the left: no edge, no place that is special."


def without_wrapping(picture, down, right):
    """The picture moved, zeros where nothing came from."""
    moved = np.roll(picture, (down, right), axis=(0, 1))
    rows, columns = (np.arange(n) - shift for n, shift in zip(picture.shape, (down, right), strict=True))
    moved[(rows < 0) | (rows >= picture.shape[0])] = 0
    moved[:, (columns < 0) | (columns >= picture.shape[1])] = 0
    return moved


@exercise
def backwards(function):
    """Films (B, T, rows, columns) with their frames in the opposite order."""
    for shape in ((2, 3, 4, 5), (3, 4, 2, 2)):
        films = np.random.default_rng(2).random(shape)
        value = expect_array(call(function, films, name="backwards"), films.shape, "backwards(films)")
        if close(value, films[:, ::-1]):
            continue
        mistakes = (
            (films[::-1], "The order of the films has changed, not that of their frames.", "Time is axis 1."),
            (films[:, :, ::-1], "The pictures stand on their heads.", "Rows are axis 2, time is axis 1."),
            (films[..., ::-1], "The pictures are mirrored: left and right.", "Columns are axis 3, time is axis 1."),
            (films[::-1, ::-1], "The films have changed places too.", "Leave axis 0 as it is: films[:, ::-1]."),
            (films, "Nothing has changed."),
        )
        for wrong, *words in mistakes:
            if close(value, wrong):
                raise Wrong(*words)
        raise Wrong("These are not the frames in opposite order.", "A step of −1 along axis 1.")
    return "The same frames, the other way round: what a single frame shows has not changed."


@exercise
def origins(function):
    """All months i whose judged months i + 1 … i + ahead lie in first … end − 1."""
    for first, end, ahead in ((10, 20, 3), (100, 112, 12), (5, 9, 1)):
        given = expect_numbers(call(function, first, end, ahead, name="origins"), "origins")
        if given.ndim != 1 or not given.size:
            raise Wrong(f"origins({first}, {end}, {ahead}): expected a row of month numbers.", "np.arange(from, to)")
        if np.array_equal(given, np.arange(first - 1, end - ahead)):
            continue
        asked = f"origins({first}, {end}, {ahead})"
        if np.array_equal(np.sort(given), np.arange(first - 1, end - ahead)):
            raise Wrong(f"{asked}: the right months, but not from the first to the last.")
        last = given.max()
        if last + ahead >= end:
            raise Wrong(
                f"{asked}: from month {last:g} the forecast reaches month {last + ahead:g}, which is not its own.",
                "That is the leak: the last judged month, i + ahead, must be below end.",
            )
        if given.min() + 1 < first:
            raise Wrong(f"{asked}: month {given.min():g} is judged on months before {first}.", "i + 1 is the first.")
        if (np.diff(given) > 1).any():
            raise Wrong(f"{asked}: some in between are missing.", "Every month is an origin.")
        if given[0] == first:
            raise Wrong(
                f"{asked}: one is missing at the start.", "From month first − 1 the first judged month is first."
            )
        if given[-1] < end - ahead - 1:
            raise Wrong(f"{asked}: the last ones are missing.", "i + ahead = end − 1 is still allowed.")
        raise Wrong(f"{asked} is not right.", "Every month between the first and the last is asked for.")
    return "No judged month belongs to two parts, whatever lies before it may be known."


@exercise
def persistence_rmse(function):
    """The root of the mean squared error of "it stays as it is now", over all origins and months ahead."""
    for origins, ahead in ((np.array([4, 9, 17]), 5), (np.array([3, 4, 5, 20]), 2)):
        numbers = np.random.default_rng(3).uniform(0, 100, 40 - ahead)
        value = float(expect_array(call(function, numbers, origins, ahead, name="persistence_rmse"), (), "the RMSE"))
        came = np.stack([numbers[i + 1 : i + 1 + ahead] for i in origins])
        off = came - numbers[origins][:, None]
        right = np.sqrt(np.mean(off**2))
        if close(value, right):
            continue
        late = np.stack([numbers[i : i + ahead] for i in origins]) - numbers[origins][:, None]
        mistakes = {
            np.mean(off**2): "The root is missing: this is in squared sunspot numbers.",
            np.mean(np.abs(off)): "This is the mean absolute error: square first, then the mean, then the root.",
            np.sqrt(np.mean(off[:, -1] ** 2)): "Only the last month ahead is judged; take all of them.",
            np.sqrt(np.mean(off[:, 0] ** 2)): "Only the first month ahead is judged; take all of them.",
            np.mean(np.sqrt(np.mean(off**2, axis=1))): "Take the mean over all months and origins first, and one root.",
            np.mean(np.sqrt(np.mean(off**2, axis=0))): "Take the mean over all months and origins first, and one root.",
            np.sqrt(np.mean(late**2)): "One step off: month 1 ahead of i is i + 1. The present month is no forecast.",
            abs(np.mean(off)): "Errors up and down cancel: square them.",
            np.sqrt(np.sum(off**2)): "This is the root of the sum; take the mean.",
        }
        for wrong, words in mistakes.items():
            if close(abs(value), wrong):
                raise Wrong(words)
        raise Wrong(f"{value:.3g} is not right.", "For each origin: numbers[i + 1 : i + 1 + ahead] against numbers[i].")
    return "This is what every other forecast must beat."
