"""Figures of films and forecasts: their numbers are the networks' own, their sentences, their errors."""

import numpy as np
import pytest

from helpers import data, figures
from helpers.figures import drifting_digit, hidden_ball, sunspot_forecast
from helpers.networks import FeedForward, SimpleRNN

DIGITS = data.digit_images()


@pytest.fixture(scope="module")
def watcher():
    return SimpleRNN(144, 8, 4, seed=3)


@pytest.fixture(scope="module")
def drift(watcher):
    return figures.drifting_figure(watcher, DIGITS.images[:60], DIGITS.labels[:60])


@pytest.fixture(scope="module")
def keeper():
    return SimpleRNN(140, 8, 2, seed=1)


@pytest.fixture(scope="module")
def ball(keeper):
    return figures.hidden_ball_figure(keeper, FeedForward((140, 5, 2), seed=2))


def shown_film(drift):
    """The film (8, 12, 12) out of the strip of its last frame."""
    strip = drift.data.arrays["strip"][-1]
    return np.stack([strip[:, 13 * k : 13 * k + 12] for k in range(8)])


def test_the_verdict_is_the_networks(watcher, drift):
    drift.set(digit="7", clip=2, direction="up", played="forwards", frame=7)
    film = shown_film(drift)
    image = DIGITS.images[:60][DIGITS.labels[:60] == 7][1]
    assert film[0].sum() == pytest.approx(image.sum(), rel=1e-6)
    np.testing.assert_allclose(film[1], np.roll(film[0], -1, axis=0))
    y, record = watcher.forward(film.reshape(1, 8, 144))
    odds = np.exp(y[0]) / np.exp(y[0]).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(drift.frame("odds"), odds.T, atol=1e-12)
    order = drifting_digit.by_direction(watcher.parameters["W_ho"])
    np.testing.assert_allclose(drift.frame("states"), record.states[0].T[order])
    said = data.DIRECTIONS[odds[7].argmax()]
    assert f"Frame 8: the network says {said} ({100 * odds[7].max():.0f} %)" in drift.summary
    assert drift.summary.endswith(": right." if said == "up" else ": it is up.")


def test_what_comes_later_is_not_shown_yet(drift):
    drift.set(frame=2)
    assert np.isfinite(drift.frame("odds")[:, :3]).all() and np.isnan(drift.frame("odds")[:, 3:]).all()
    assert np.isfinite(drift.frame("states")[:, :3]).all() and np.isnan(drift.frame("states")[:, 3:]).all()
    strip = drift.frame("strip")
    assert strip.shape == (12, 103) and np.isfinite(strip[:, :12]).all()
    assert np.isnan(strip[:, 12]).all() and np.isnan(strip[:, 39:]).all()
    np.testing.assert_array_equal(strip[:, 26:38], shown_film(drift)[2])


def test_each_direction_has_a_point_where_its_line_ends(drift):
    lines, *points = drift.picture.rows[1].panels[0].marks[:5]
    assert [point.colour for point in points] == list(drift.picture.palette[:4]) and not lines.colours
    for frame in (0, 7):  # in frame 1 the points are all that is to be seen: one value draws no line
        drift.set(frame=frame)
        assert [float(drift.frame(point.y)) for point in points] == drift.frame(lines.y)[:, frame].tolist()
        assert {float(drift.frame(point.x)) for point in points} == {frame + 1}


def test_backwards_is_the_same_film_the_other_way_round(drift):
    drift.set(played="forwards", direction="left")
    forwards = shown_film(drift)
    sentence = drift.set(played="backwards")
    np.testing.assert_array_equal(shown_film(drift), forwards[::-1])
    assert sentence.startswith("Played backwards.") and (": right." in sentence or "it is right" in sentence)
    drift.set(played="forwards")


def test_units_are_grouped_by_the_direction_they_speak_for():
    W = np.array([[0, 0, 3, 0], [2, 0, 0, 0], [0, 0, 9, 0], [0, 0, 0, 1.0]])
    assert drifting_digit.by_direction(W).tolist() == [1, 2, 0, 3]
    assert drifting_digit.groups(W) == ((1.0, "up"), (2.5, "left"), (4.0, "right"))


def test_drifting_wants_a_network_and_images_that_fit(watcher):
    with pytest.raises(ValueError, match="network: expected 144 inputs and 4 outputs, got 10 and 4"):
        figures.drifting_figure(SimpleRNN(10, 4, 4), DIGITS.images, DIGITS.labels)
    with pytest.raises(ValueError, match=r"missing \[9\]"):
        figures.drifting_figure(watcher, DIGITS.images[:9], DIGITS.labels[:9])


def test_belief_and_truth_of_the_ball(keeper, ball):
    ball.set(side="right", row=2.0, speed=0.8, slope=-0.1, event=hidden_ball.EVENTS[0], frame=0)
    balls = data.roll_ball([[18.0, 2.0]], [[-0.8, -0.1]])
    np.testing.assert_allclose(ball.data.arrays["film"], balls.films[0], rtol=1e-6)
    np.testing.assert_allclose(ball.data.arrays["true"], balls.places[0, :, 0])
    y, record = keeper.forward(balls.films.reshape(1, 30, 140))
    np.testing.assert_allclose(ball.data.arrays["belief"], data.pixel_places(y[0])[:, 0], atol=1e-9)
    order = np.argsort(-keeper.parameters["W_ho"][:, 0], kind="stable")
    np.testing.assert_allclose(ball.data.arrays["states"], record.states[0].T[order])
    assert ball.summary.startswith("Frame 1: the ball is in sight, at column 18.0, row 2.0.")
    hidden = int(np.flatnonzero(balls.hidden[0])[0])
    assert "the ball is hidden" in ball.set(frame=hidden)
    curves = [mark for panel in ball.picture.panels[1:] for mark in panel.marks if hasattr(mark, "until_x")]
    assert len(curves) == 4 and {mark.until_x for mark in curves} == {"now"}, "drawn as far as it is seen"
    assert ball.frame("hidden")[hidden] > 0 and not ball.frame("hidden")[hidden + 1 :].any()


def test_the_row_of_the_start_is_where_its_handle_is(ball):
    ball.set(side="right", row=2.0)
    assert (ball.frame("start_x"), ball.frame("start_y")) == (18, 2)
    assert ball.frame("row_by_y") @ [1.0, 18.0, 4.5] == 4.5


def test_a_ball_taken_away_leaves_the_block_alone(ball):
    ball.set(event=hidden_ball.EVENTS[1], frame=29)
    film, places, hidden = hidden_ball.one_roll("right", 2.0, 0.8, -0.1, hidden_ball.EVENTS[1])
    gone = np.isnan(places[:, 0])
    assert gone[-1] and hidden.sum() == 1 and gone.sum() + np.flatnonzero(hidden)[0] + 1 == 30
    assert np.ptp(film[gone], axis=0).max() == 0 and film[-1].max() < 0.31
    assert "the ball is gone" in ball.summary


def test_a_wiped_state_starts_anew_at_the_block(keeper):
    film, _, hidden = hidden_ball.one_roll("left", 1.0, 0.7, 0.0, hidden_ball.EVENTS[2])
    belief, states = hidden_ball.watch(keeper, film, hidden, hidden_ball.EVENTS[2])
    kept, _ = hidden_ball.watch(keeper, film, hidden, hidden_ball.EVENTS[0])
    at = int(np.argmax(hidden))
    np.testing.assert_array_equal(belief[:at], kept[:at])
    y, record = keeper.forward(film[None, at:].reshape(1, -1, 140))
    np.testing.assert_allclose(belief[at:], data.pixel_places(y[0]))
    np.testing.assert_allclose(states[at:], record.states[0])
    assert np.abs(belief[at] - kept[at]).max() > 1e-3


def test_the_ball_wants_a_network_that_fits():
    with pytest.raises(ValueError, match="network: expected 140 inputs and 2 outputs, got 144 and 4"):
        figures.hidden_ball_figure(SimpleRNN(144, 4, 4), None)


@pytest.fixture(scope="module")
def forecast():
    numbers = np.abs(np.random.default_rng(0).normal(60, 30, 400))
    origins = np.arange(100, 380)
    coming = data.next_values(numbers)[origins]
    forecasts = {"persistence": np.repeat(numbers[origins][:, None], 12, axis=1), "GRU": coming + 5}
    return numbers, origins, figures.forecast_figure(numbers, origins, forecasts, np.zeros((280, 3)))


def test_forecasts_stand_against_what_came(forecast):
    numbers, origins, figure = forecast
    sentence = figure.set(now=10, came=1)
    i = origins[30]
    np.testing.assert_allclose(figure.frame("came"), numbers[i + 1 : i + 13])
    np.testing.assert_allclose(figure.frame("past"), numbers[i - sunspot_forecast.PAST + 1 : i + 1])
    right = [np.sqrt(np.mean((numbers[i + 1 : i + 13] - numbers[i]) ** 2)), 5, 0]
    np.testing.assert_allclose(figure.frame("errors"), right, atol=1e-9)
    assert sentence.startswith(f"Now is {data.month_name(int(i))}.") and sentence.endswith("Nearest: GRU.")
    assert f"persistence {right[0]:.0f}" in sentence


def test_what_came_can_be_hidden(forecast):
    _, _, figure = forecast
    sentence = figure.set(now=10, came="hide")
    assert np.isnan(figure.frame("came")).all() and not figure.frame("errors").any()
    assert "hidden" in sentence and "Nearest" not in sentence
    record, states = figure.picture.panels[0].marks[0], figure.picture.panels[3].marks[0]
    years = figure.frame("years")
    assert (figure.frame(record.until_x), figure.frame(states.until_x)) == (years[10], 10), "what comes after now"
    figure.set(came="show")
    assert (figure.frame(record.until_x), figure.frame(states.until_x)) == (years[-1], len(years) - 1)


def test_the_readers_own_forecast_is_judged(forecast):
    numbers, origins, figure = forecast
    mine = np.r_[50.5, 60, np.full(10, 70)]
    sentence = figure.set(own="50,5 60" + " 70" * 10, now=0, came="show")
    np.testing.assert_allclose(figure.frame("mine")[0], mine)
    off = np.sqrt(np.mean((numbers[origins[0] + 1 : origins[0] + 13] - mine) ** 2))
    assert figure.frame("errors")[-1] == pytest.approx(off) and f"Yours: {off:.0f}." in sentence
    assert "Nearest: GRU." in sentence
    came = numbers[origins[0] + 1 : origins[0] + 13]
    nearest = figure.set(own=" ".join(f"{value:.6f}" for value in came), now=0, came="show")
    assert "Nearest: you. Yours: 0. Your forecast: 12 numbers, " in nearest
    few = figure.set(own="50 60 70")
    assert "Yours" not in few and figure.frame("errors")[-1] == 0, "three numbers are no twelve-month forecast"
    assert few.endswith("Your forecast: 3 numbers, 50, 60, 70. A whole forecast has 12 numbers: 9 are missing.")
    np.testing.assert_array_equal(figure.frame("mine")[0], [50, 60, 70] + [np.nan] * 9)
    for text, words in (("abc", "“abc” is not a number"), ("5000", "from −1000 to 1000"), ("50,5", "may separate")):
        with pytest.raises(ValueError, match=words):
            figure.set(own=text)
    assert np.isnan(sunspot_forecast.own_forecast("", 12)).all()
    figure.set(own="")
    assert figure.frame("errors")[-1] == 0


def test_forecasts_that_do_not_fit_are_refused(forecast):
    numbers, origins, _ = forecast
    good = np.zeros((len(origins), 12))
    with pytest.raises(ValueError, match="one row for each of 280 origins"):
        figures.forecast_figure(numbers, origins, {"a": good, "b": good[1:]}, good)
    for other in (origins - 60, origins + 20, origins[::-1]):
        with pytest.raises(ValueError, match="origins: expected months from 48 to 387"):
            figures.forecast_figure(numbers, other, {"a": good}, good)


def test_pictures_are_painted(drift, ball, forecast):
    for figure in (drift, ball, forecast[2]):
        assert figure.png().startswith(b"\x89PNG")
