"""Each check on films and forecasts: the right answer, typical mistakes with their hint, nonsense, no answer."""

import numpy as np
import pytest

from helpers import data
from helpers.exercises import notebook_06 as check
from helpers.figures import forecast_figure
from helpers.figures.hidden_ball import EVENTS, one_roll, watch
from helpers.networks import Adam, CategoricalCrossEntropy, MeanSquaredError, SimpleRNN, train

CHECKS = ("drift", "backwards", "origins", "persistence_rmse")


def shifted_with_zeros(picture, down, right):
    return check.without_wrapping(picture, down, right)


def coming(numbers, origins, ahead):
    return np.stack([numbers[i + 1 : i + 1 + ahead] for i in origins]) - numbers[origins][:, None]


RIGHT = {
    "drift": lambda p, down, right: np.roll(p, (down, right), axis=(0, 1)),
    "backwards": lambda films: films[:, ::-1],
    "origins": lambda first, end, ahead: np.arange(first - 1, end - ahead),
    "persistence_rmse": lambda v, o, ahead: np.sqrt(np.mean(coming(v, o, ahead) ** 2)),
}
WRONG = [
    ("drift", lambda p, down, right: np.roll(p, (right, down), axis=(0, 1)), "exchanged"),
    ("drift", lambda p, down, right: np.roll(p, (-down, -right), axis=(0, 1)), "other way"),
    ("drift", shifted_with_zeros, "is lost"),
    ("drift", lambda p, down, right: np.roll(p, down, axis=0), "columns stay"),
    ("drift", lambda p, down, right: np.roll(p, right, axis=1), "rows stay"),
    ("drift", lambda p, down, right: np.roll(p, 5 * down + right), "Name the axes"),
    ("drift", lambda p, down, right: p, "nothing moves"),
    ("drift", lambda p, down, right: p.T, "transposed"),
    ("drift", lambda p, down, right: p * 2, "not right"),
    ("backwards", lambda films: films[::-1], "Time is axis 1"),
    ("backwards", lambda films: films[:, :, ::-1], "on their heads"),
    ("backwards", lambda films: films[..., ::-1], "mirrored"),
    ("backwards", lambda films: films[::-1, ::-1], "changed places"),
    ("backwards", lambda films: films, "Nothing has changed"),
    ("backwards", lambda films: list(films[0]), "expected shape"),
    ("origins", lambda first, end, ahead: np.arange(first, end), "That is the leak"),
    ("origins", lambda first, end, ahead: np.arange(first - 1, end - ahead + 1), "That is the leak"),
    ("origins", lambda first, end, ahead: np.arange(first, end - ahead), "one is missing at the start"),
    ("origins", lambda first, end, ahead: np.arange(first - 2, end - ahead), "judged on months before"),
    ("origins", lambda first, end, ahead: np.arange(first - 1, end - ahead - 1), "last ones are missing"),
    ("origins", lambda first, end, ahead: np.arange(first - 1, end - ahead)[::-1], "from the first to the last"),
    ("origins", lambda first, end, ahead: np.arange(first - 1, end - ahead, 2), "some in between are missing"),
    ("origins", lambda first, end, ahead: 3, "a row of month numbers"),
    ("origins", lambda first, end, ahead: "all", "expected numbers, got str"),
    ("persistence_rmse", lambda v, o, a: np.mean(coming(v, o, a) ** 2), "root is missing"),
    ("persistence_rmse", lambda v, o, a: np.abs(coming(v, o, a)).mean(), "mean absolute error"),
    ("persistence_rmse", lambda v, o, a: np.sqrt(np.mean(coming(v, o, a)[:, -1] ** 2)), "Only the last month"),
    ("persistence_rmse", lambda v, o, a: np.sqrt(np.mean(coming(v, o, a)[:, 0] ** 2)), "Only the first month"),
    ("persistence_rmse", lambda v, o, a: np.sqrt((coming(v, o, a) ** 2).mean(axis=1)).mean(), "one root"),
    ("persistence_rmse", lambda v, o, a: np.sqrt(np.mean(coming(v, o - 1, a)[:, 1:] ** 2)), "not right"),
    ("persistence_rmse", lambda v, o, a: np.sqrt((coming(v, o, a) ** 2).sum()), "root of the sum"),
    ("persistence_rmse", lambda v, o, a: coming(v, o, a).mean(), "cancel"),
]


@pytest.mark.parametrize("name", CHECKS)
def test_right_answers_pass(name):
    verdict = getattr(check, name)(RIGHT[name])
    assert verdict.passed is True, verdict


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_wrong_answers_get_their_hint(name, answer, words):
    verdict = getattr(check, name)(answer)
    assert verdict.passed is False and words in repr(verdict)


@pytest.mark.parametrize("name", CHECKS)
def test_nonsense_and_no_answer_are_verdicts_too(name):
    assert getattr(check, name)(lambda *arguments: ...).passed is None
    assert getattr(check, name)(...).passed is None
    for nonsense in (lambda *arguments: "x", lambda: 0, 7):
        assert getattr(check, name)(nonsense).passed is False


def chosen(name):
    question = check.predictions[name]
    return question.options[question.answer]


def test_one_frame_is_chance_and_two_are_enough():
    digits = data.digit_images()
    films, directions = data.random_drifts(digits.images[:1200], copies=4, seed=1)
    new, true = data.random_drifts(digits.images[1400:], copies=1, seed=2)
    net = SimpleRNN(144, 64, 4, seed=0, dtype="float32")
    target = np.repeat(directions[:, None], 8, axis=1)
    train(net, films.reshape(-1, 8, 144), target, CategoricalCrossEntropy(), epochs=8, clip_norm=1.0, progress=False)
    right = (net.forward(new.reshape(-1, 8, 144))[0].argmax(axis=2) == true[:, None]).mean(axis=0)
    assert abs(right[0] - 0.25) < 0.08 and right[1] > 0.6 and right[-1] > 0.98
    assert chosen("drift_picture") == "after the second"
    back = net.forward(new[:, ::-1].reshape(-1, 8, 144))[0][:, -1].argmax(axis=1)
    assert (back == data.OPPOSITE[true]).mean() > 0.98


def test_a_ball_that_does_not_come_out_is_kept_behind_the_block():
    balls = data.ball_films(1200, seed=0)
    net = SimpleRNN(140, 64, 2, seed=0, dtype="float32")
    x, target = balls.films.reshape(-1, 30, 140), data.scaled_places(balls.places)
    train(net, x, target, MeanSquaredError(), Adam(0.003), epochs=20, batch_size=16, clip_norm=1.0, progress=False)
    for side, low, high in (("left", 10.5, 14.0), ("right", 5.0, 8.5)):
        film, places, hidden = one_roll(side, 1.0, 0.7, 0.15, EVENTS[0])
        out = np.flatnonzero(hidden)[-1] + 2  # by now it would be in sight
        belief, _ = watch(net, *one_roll(side, 1.0, 0.7, 0.15, EVENTS[1])[::2], EVENTS[1])
        assert (low < belief[out : out + 2, 0]).all() and (belief[out : out + 2, 0] < high).all()
        column = belief[np.flatnonzero(hidden)[0] + 1 :, 0]  # from then on nothing but the block is in sight
        assert column.min() > 5.5 and column.max() < 13.5
        way = 1 if side == "left" else -1
        assert way * column[-1] < max(way * column) - 2  # it has turned round
    assert chosen("ball_picture") == "it stays behind the block, and turns round"


def test_forecasts_are_furthest_off_while_the_numbers_rise():
    numbers = data.monthly_sunspots().numbers
    at = np.arange(data.month_index(1970) - 1, len(numbers) - 12)
    persistence = np.repeat(numbers[at][:, None], 12, axis=1)
    off = ((data.next_values(numbers)[at] - persistence) ** 2).mean(axis=1)
    level = np.array([numbers[i - 11 : i + 1].mean() for i in at])
    rise = level - np.array([numbers[i - 23 : i - 11].mean() for i in at])
    up, flat, down = rise > 15, abs(rise) <= 15, rise < -15
    assert min(up.sum(), flat.sum(), down.sum()) > 50
    assert off[up].mean() > 1.5 * max(off[flat].mean(), off[down].mean())
    assert chosen("sunspot_picture") == "while they rise"
    figure = forecast_figure(numbers, at, {"persistence": persistence}, np.zeros((len(at), 1)))
    shown = figure.data.arrays["errors"][1, :, 0]
    assert (shown[up[::3]] ** 2).mean() > 1.5 * max((shown[flat[::3]] ** 2).mean(), (shown[down[::3]] ** 2).mean())
