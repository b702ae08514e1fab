"""A memory for networks without one: windows of past inputs, and a task that measures how far back they reach."""

import numpy as np

from helpers.data import checks


def past_windows(x, width):
    """Each step together with the steps before it: x (..., T, I) -> (..., T, width · I).

    Row t holds x_t, x_{t-1}, …, x_{t-width+1}, the newest first; zeros stand where the sequence had not begun.
    width: at least 1, which changes nothing. ValueError for fewer than two dimensions.
    """
    x = np.asarray(x, float)
    width = checks.whole_number("width", width, least=1)
    if x.ndim < 2:
        raise ValueError(f"x: expected shape (T, I) or (B, T, I), given shape {x.shape}")
    parts = []
    for back in range(width):
        moved = np.zeros_like(x)
        moved[..., back:, :] = x[..., : max(x.shape[-2] - back, 0), :]
        parts.append(moved)
    return np.concatenate(parts, axis=-1)


def recall_bits(length=2_000, reach=8, seed=0):
    """A stream of random bits; say at each step what the bits of the last steps were.

    Returns (x, target): x (T, 1) float64, bits 0.0 and 1.0 by chance; target (T, reach), whose column n is the bit
    that came n steps ago (column 0: the bit of this step). Before the first bit, all counted as 0.
    """
    length = checks.whole_number("length", length, least=1)
    reach = checks.whole_number("reach", reach, least=1)
    x = checks.generator(seed).integers(0, 2, (length, 1)).astype(float)
    return x, past_windows(x, reach)
