"""A film of a ball that rolls behind a block: what it shows, and where the ball is while nobody can see it.

Places are (column, row) in pixels, (0, 0) the centre of the upper left pixel.
"""

from typing import NamedTuple

import numpy as np

from helpers.data import checks

ROWS, COLUMNS, FRAMES = 7, 20, 30
BLOCK = (6, 14)  # the block covers the columns 6 to 13
BLOCK_GREY = 0.3
BALL_WIDTH = 0.7  # standard deviation of the ball's brightness, pixels
FASTEST, SLOWEST, STEEPEST = 1.0, 0.5, 0.3  # pixels a frame: along, along, across
CENTRE, SCALE = np.array([(COLUMNS - 1) / 2, (ROWS - 1) / 2]), 5.0


class BallFilms(NamedTuple):
    """films (B, T, 7, 20) float32; places (B, T, 2): column and row, pixels; hidden (B, T): behind the block."""

    films: np.ndarray
    places: np.ndarray
    hidden: np.ndarray


def roll_ball(start, speed, frames=FRAMES):
    """Films of balls that start at `start` (B, 2) and roll on at `speed` (B, 2), thrown back by the film's edges.

    start: column 0 to 19, row 0 to 6. speed: columns and rows a frame, negative: to the left, up.
    Raises ValueError for other shapes or starts outside the film.
    """
    frames = checks.whole_number("frames", frames, least=1)
    start, speed = np.asarray(start, float), np.asarray(speed, float)
    if start.ndim != 2 or start.shape[1] != 2 or speed.shape != start.shape:
        raise ValueError(f"start, speed: expected two arrays (B, 2), given {start.shape} and {speed.shape}")
    edge = 2 * CENTRE
    if not ((start >= 0) & (start <= edge)).all() or not np.isfinite(speed).all():
        raise ValueError(f"start: expected columns 0 to {COLUMNS - 1} and rows 0 to {ROWS - 1}, and finite speeds")
    straight = (start[:, None] + speed[:, None] * np.arange(frames)[:, None]) % (2 * edge)
    places = np.where(straight > edge, 2 * edge - straight, straight)  # folded back at the edges
    across = np.exp(-((np.arange(COLUMNS) - places[..., :1]) ** 2) / (2 * BALL_WIDTH**2))  # (B, T, 20)
    down = np.exp(-((np.arange(ROWS) - places[..., 1:]) ** 2) / (2 * BALL_WIDTH**2))  # (B, T, 7)
    with np.errstate(under="ignore"):
        films = (down[..., :, None] * across[..., None, :]).astype("float32")
    films[..., BLOCK[0] : BLOCK[1]] = BLOCK_GREY
    column = places[..., 0]
    return BallFilms(films, places, (column > BLOCK[0] + 0.5) & (column < BLOCK[1] - 1.5))


def ball_films(films=1500, frames=FRAMES, seed=0):
    """Balls that start near the left or the right edge and roll towards the block, at random speeds.

    Speeds are 0.5 to 1 pixels a frame along and up to 0.3 across. Returns BallFilms.
    """
    films = checks.whole_number("films", films, least=1)
    rng = checks.generator(seed)
    heading = rng.choice([-1, 1], films)
    speed = np.stack([heading * rng.uniform(SLOWEST, FASTEST, films), rng.uniform(-STEEPEST, STEEPEST, films)], axis=1)
    near = rng.uniform(0, 3, films)
    start = np.stack([np.where(heading > 0, near, COLUMNS - 1 - near), rng.uniform(0, ROWS - 1, films)], axis=1)
    return roll_ball(start, speed, frames)


def scaled_places(places):
    """Places in pixels as targets for a network: from the film's centre, in units of five pixels; float32."""
    return ((np.asarray(places) - CENTRE) / SCALE).astype("float32")


def pixel_places(outputs):
    """A network's outputs (…, 2) back to pixels: the inverse of `scaled_places`."""
    return np.asarray(outputs, float) * SCALE + CENTRE
