"""Moving pictures made from real ones: handwritten digits that drift over a small torus.

The digits come with scikit-learn (a copy of the test set of "Optical Recognition of Handwritten Digits", E. Alpaydin
and C. Kaynak 1998, UCI repository). Their file is read as it is; scikit-learn itself is not imported.
"""

import gzip
import importlib.util
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers.data import checks

DIRECTIONS = ("up", "down", "left", "right")  # a film's label is its direction's place here
STEPS = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)])  # rows down, columns to the right, per frame
OPPOSITE = np.array([1, 0, 3, 2])  # the label of the same film played backwards


class DigitImages(NamedTuple):
    """Images (N, 8, 8) from 0 (paper) to 1 (ink), float64; labels (N,) 0 to 9; and where they come from."""

    images: np.ndarray
    labels: np.ndarray
    source: str


def digit_images():
    """1,797 handwritten digits, 8 × 8 pixels each, written by 13 people.

    Who wrote which digit is not in the file. Raises RuntimeError without scikit-learn, ValueError if its file is
    another.
    """
    table = _digits_table()
    return DigitImages(table[:, :64].reshape(-1, 8, 8) / 16, table[:, 64].astype(int), "digits.csv.gz of scikit-learn")


@cache
def _digits_table():
    package = importlib.util.find_spec("sklearn")
    path = package and Path(package.submodule_search_locations[0], "datasets", "data", "digits.csv.gz")
    if not path or not path.exists():
        raise RuntimeError("the handwritten digits are missing: pip install scikit-learn")
    with gzip.open(path, "rt", encoding="ascii") as file:
        table = np.loadtxt(file, delimiter=",")
    if table.shape != (1797, 65) or table.min() < 0 or table.max() > 16:
        raise ValueError(f"{path.name}: expected 1,797 rows of 65 numbers from 0 to 16, given shape {table.shape}")
    return table


def drifting_films(images, directions, starts, frames=8, size=12):
    """Films (B, T, size, size) of images that drift one pixel a frame over a torus, wrapping round at its edges.

    images: (B, h, w), at most `size` high and wide. directions: (B,) places in DIRECTIONS. starts: (B, 2) row and
    column of the image's upper left corner in the first frame, from 0 to size − 1. float32.
    Raises ValueError or TypeError that names the argument.
    """
    size = checks.whole_number("size", size, least=1)
    frames = checks.whole_number("frames", frames, least=1)
    images = np.asarray(images, "float32")
    if images.ndim != 3 or max(images.shape[1:]) > size:
        raise ValueError(f"images: expected shape (B, h, w) with h and w at most {size}, given {images.shape}")
    directions = checks.integer_array("directions", directions, len(DIRECTIONS), ndim=1)
    starts = checks.integer_array("starts", starts, size, ndim=2)
    if not len(images) == len(directions) == len(starts) or starts.shape[1] != 2:
        shapes = f"{len(images)} images, {len(directions)} directions, starts {starts.shape}"
        raise ValueError(f"images, directions, starts: expected one row each for every film, given {shapes}")
    _, height, width = images.shape
    canvas = np.zeros((len(images), size, size), "float32")
    canvas[:, :height, :width] = images
    corner = starts[:, None] + np.arange(frames)[:, None] * STEPS[directions][:, None]  # (B, T, 2)
    row = (np.arange(size) - corner[..., :1]) % size  # (B, T, size): the row of the canvas that is shown there
    column = (np.arange(size) - corner[..., 1:]) % size
    return canvas[np.arange(len(images))[:, None, None, None], row[..., :, None], column[..., None, :]]


def random_drifts(images, copies=1, frames=8, size=12, seed=0):
    """Each image `copies` times, in random directions from uniformly random starts.

    Because the start is anywhere with equal probability, so is every later place: a single frame, the last one too,
    says nothing of the direction. Returns films (B, T, size, size) float32 and directions (B,) int, B = N · copies.
    """
    rng = checks.generator(seed)
    images = np.repeat(np.asarray(images), checks.whole_number("copies", copies, least=1), axis=0)
    directions = rng.integers(0, len(DIRECTIONS), len(images))
    starts = rng.integers(0, checks.whole_number("size", size, least=1), (len(images), 2))
    return drifting_films(images, directions, starts, frames, size), directions
