"""Checks of notebook 06's exercises on films and forecasts."""

import numpy as np

from helpers.exercises.checking import Wrong, call, close, exercise, expect_array
from helpers.figures.controls import Prediction

# The questions that stand before the live figures, by the figure's name in the notebook.
predictions = {
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
        ("it rolls on, past the block's edge", "it stays behind the block, and turns round", "at once in the middle"),
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
def drift(function):
    """The picture moved by whole pixels over a torus: np.roll along rows and columns."""
    picture = np.arange(1.0, 21.0).reshape(4, 5)
    for down, right in ((1, 2), (1, 0), (0, -2), (5, -7)):
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
            (np.roll(picture, 5 * down + right), "rows run into one another.", "Name the axes: axis=(0, 1)."),
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
    films = np.random.default_rng(2).random((2, 3, 4, 5))
    value = expect_array(call(function, films, name="backwards"), films.shape, "backwards(films)")
    if close(value, films[:, ::-1]):
        return "The same frames, the other way round: what a single frame shows has not changed."
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


@exercise
def origins(function):
    """All months i whose judged months i + 1 … i + ahead lie in first … end − 1."""
    for first, end, ahead in ((10, 20, 3), (100, 112, 12), (5, 9, 1)):
        value = call(function, first, end, ahead, name="origins")
        try:
            given = np.asarray(value, float)
        except (TypeError, ValueError):
            raise Wrong(f"origins: expected month numbers, got {type(value).__name__}.") from None
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
    numbers = np.random.default_rng(3).uniform(0, 100, 40)
    origins, ahead = np.array([4, 9, 17]), 5
    value = float(expect_array(call(function, numbers, origins, ahead, name="persistence_rmse"), (), "the RMSE"))
    came = np.stack([numbers[i + 1 : i + 1 + ahead] for i in origins])
    off = came - numbers[origins][:, None]
    right = np.sqrt(np.mean(off**2))
    if abs(value - right) < 1e-9 * right:
        return "This is what every other forecast must beat."
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
        if abs(abs(value) - wrong) < 1e-9 * wrong:
            raise Wrong(words)
    raise Wrong(f"{value:.3g} is not right.", "For each origin: numbers[i + 1 : i + 1 + ahead] against numbers[i].")
