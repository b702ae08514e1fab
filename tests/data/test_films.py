"""Drifting digits and the ball behind a block: what the films show, what a single frame cannot tell, errors."""

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from helpers import data
from helpers.data import films, occluder


def test_the_digits_are_scikit_learns():
    from sklearn.datasets import load_digits

    ours, theirs = data.digit_images(), load_digits()
    np.testing.assert_array_equal(ours.images * 16, theirs.images)
    np.testing.assert_array_equal(ours.labels, theirs.target)


def test_nothing_large_is_imported():
    code = (
        "import sys; from helpers import data; data.digit_images(); data.monthly_sunspots();"
        "sys.exit(any(name in sys.modules for name in ('sklearn', 'scipy', 'pandas', 'statsmodels')))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_without_the_package_it_says_what_to_install(monkeypatch):
    films._digits_table.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="pip install scikit-learn"):
        data.digit_images()
    films._digits_table.cache_clear()


@pytest.mark.parametrize(
    ("direction", "shift"), [("up", (-1, 0)), ("down", (1, 0)), ("left", (0, -1)), ("right", (0, 1))]
)
def test_each_frame_is_the_one_before_moved_by_a_pixel(direction, shift):
    images = np.random.default_rng(0).random((3, 8, 8))
    label = [data.DIRECTIONS.index(direction)] * 3
    film = data.drifting_films(images, label, [[0, 0], [11, 5], [6, 9]], frames=14)
    assert film.shape == (3, 14, 12, 12) and film.dtype == np.float32
    np.testing.assert_array_equal(film[0, 0, :8, :8], images[0].astype("float32"))
    for t in range(13):
        np.testing.assert_array_equal(film[:, t + 1], np.roll(film[:, t], shift, axis=(1, 2)))
    np.testing.assert_array_equal(film[:, 12], film[:, 0])  # round the torus


def test_backwards_is_the_opposite_direction():
    images = np.random.default_rng(0).random((4, 8, 8))
    labels = np.arange(4)
    film = data.drifting_films(images, labels, np.full((4, 2), 5), frames=5)
    last = 5 + 4 * films.STEPS[labels]
    again = data.drifting_films(images, data.OPPOSITE[labels], last % 12, frames=5)
    np.testing.assert_array_equal(film[:, ::-1], again)


def test_the_last_frames_of_all_starts_are_the_same_in_every_direction():
    image = np.random.default_rng(1).random((1, 8, 8))
    starts = np.argwhere(np.ones((12, 12)))
    last = [
        data.drifting_films(np.repeat(image, 144, 0), np.full(144, k), starts)[:, -1].reshape(144, -1) for k in range(4)
    ]
    seen = [sorted(frame.tobytes() for frame in frames) for frames in last]
    assert seen[0] == seen[1] == seen[2] == seen[3] and len(set(seen[0])) == 144


def test_random_drifts_are_uniform_and_repeatable():
    images = np.random.default_rng(0).random((50, 8, 8))
    film, labels = data.random_drifts(images, copies=40, frames=2, seed=3)
    again, same = data.random_drifts(images, copies=40, frames=2, seed=3)
    np.testing.assert_array_equal(film, again)
    np.testing.assert_array_equal(labels, same)
    assert np.abs(np.bincount(labels) - 500).max() < 80
    np.testing.assert_allclose(film.sum(axis=(2, 3))[:, 0], np.repeat(images.sum(axis=(1, 2)), 40), rtol=1e-5)
    assert not np.array_equal(film, data.random_drifts(images, copies=40, frames=2, seed=4)[0])


def test_wrong_arguments_are_named():
    image = np.zeros((1, 8, 8))
    for arguments, words in (
        ((np.zeros((8, 8)), [0], [[0, 0]]), "images"),
        ((image, [4], [[0, 0]]), "directions"),
        ((image, [0], [[0, 12]]), "starts"),
        ((image, [0, 1], [[0, 0]]), "one row each"),
        ((np.zeros((1, 13, 8)), [0], [[0, 0]]), "at most 12"),
    ):
        with pytest.raises(ValueError, match=words):
            data.drifting_films(*arguments)


def test_a_ball_rolls_straight_and_is_thrown_back():
    ball = data.roll_ball([[1.0, 3.0]], [[1.0, 0.0]], frames=40)
    np.testing.assert_allclose(ball.places[0, :, 0], [*range(1, 20), *range(18, -1, -1), 1, 2][:40])
    np.testing.assert_allclose(ball.places[0, :, 1], 3)
    slanted = data.roll_ball([[5.0, 5.0]], [[0.0, 0.3]], frames=8).places[0, :, 1]
    np.testing.assert_allclose(slanted, [5, 5.3, 5.6, 5.9, 5.8, 5.5, 5.2, 4.9], atol=1e-12)


def test_the_ball_is_where_the_film_is_brightest_or_hidden():
    balls = data.ball_films(100, seed=2)
    assert balls.films.shape == (100, 30, 7, 20) and balls.places.shape == (100, 30, 2)
    seen = (balls.places[..., 0] < 5) | (balls.places[..., 0] > 14)
    brightest = balls.films.reshape(100, 30, -1).argmax(axis=2)
    places = np.rint(balls.places)
    off = np.abs(np.stack([brightest % 20, brightest // 20], axis=-1) - places).max(axis=-1)
    assert off[seen].max() <= 1
    assert 0.2 < balls.hidden.mean() < 0.5 and balls.hidden.any(axis=1).all()
    assert not balls.hidden[:, 0].any()
    empty = data.roll_ball([[9.5, 3.0]], [[0.0, 0.0]], frames=1).films
    assert np.abs(balls.films[balls.hidden] - empty[0, 0]).max() < 0.15  # a faint glimpse at the block's edges at most
    assert (balls.films[..., 6:14] == np.float32(occluder.BLOCK_GREY)).all()


def test_scaling_there_and_back():
    places = data.ball_films(5, seed=0).places
    np.testing.assert_allclose(data.pixel_places(data.scaled_places(places)), places, atol=1e-5)
    assert data.scaled_places([9.5, 3.0]).tolist() == [0, 0]


def test_wrong_balls_are_refused():
    with pytest.raises(ValueError, match=r"\(B, 2\)"):
        data.roll_ball([1.0, 3.0], [1.0, 0.0])
    with pytest.raises(ValueError, match="columns 0 to 19"):
        data.roll_ball([[20.0, 3.0]], [[1.0, 0.0]])
    with pytest.raises(ValueError, match="films"):
        data.ball_films(0)
