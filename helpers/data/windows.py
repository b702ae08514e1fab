"""Windows: long series cut into sequences to learn from, and past inputs side by side for networks without a memory."""

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


def windows(series, length, ahead=1, every=1, steps="last", target=None):
    """A series cut into sequences to learn to forecast from: (x, target).

    series : (S,) or (S, I) numbers, the oldest first
    length : T, how many steps a network reads
    ahead : how many steps are to be forecast
    every : a new window begins at `every` so many steps
    steps : "last" to forecast after the last step of a window, "every" to do so after each step, as the losses have it
    target : the series (S,) to forecast; None is `series` itself, if it has one column

    Returns x (N, T, I) and target (N, ahead), for steps="every" (N, T, ahead): the values that follow. They are copies,
    in the order of time, so a split into first and last windows is one into past and future; windows that overlap the
    border share values, so leave `length + ahead` steps out there, or cut the series before.
    Raises ValueError or TypeError that names the argument, expected and given.
    """
    series = np.asarray(series)
    series = series[:, None] if series.ndim == 1 else series
    if series.ndim != 2 or series.shape[1] == 0 or series.dtype.kind not in "biuf":
        raise ValueError(f"series: expected numbers of shape (S,) or (S, I), given {series.dtype} of {series.shape}")
    if steps not in ("last", "every"):
        raise ValueError(f"steps: expected 'last' or 'every', given {str(steps)[:60]!r}")
    if target is None and series.shape[1] > 1:
        raise ValueError(f"target: expected the series to forecast, as there are {series.shape[1]} inputs, given None")
    future = series[:, 0] if target is None else np.asarray(target)
    if future.shape != series.shape[:1] or future.dtype.kind not in "biuf":
        raise ValueError(f"target: expected shape ({len(series)},), given {future.dtype} of {future.shape}")
    length = checks.whole_number("length", length, least=1)
    ahead = checks.whole_number("ahead", ahead, least=1)
    if len(series) < length + ahead:
        raise ValueError(f"series: expected at least length + ahead = {length + ahead} steps, given {len(series)}")
    x, coming = pieces(series[:-ahead], length, every), next_values(future, ahead)
    return x, coming[length - 1 :: every].copy() if steps == "last" else pieces(coming, length, every)


def next_values(series, ahead=12):
    """What comes after each step: (N − ahead, ahead) from a series (N,); row i holds the values i + 1 … i + ahead.

    The last `ahead` steps have no whole future and no row. Raises ValueError for a series that is too short.
    """
    series = np.asarray(series)
    ahead = checks.whole_number("ahead", ahead, least=1)
    if series.ndim != 1 or len(series) <= ahead:
        raise ValueError(f"series: expected shape (N,) with N above {ahead}, given {series.shape}")
    return np.lib.stride_tricks.sliding_window_view(series[1:], ahead).copy()


def pieces(series, length, every):
    """A series (N, …) cut into overlapping pieces (B, length, …), a new one begun at `every` so many steps."""
    series = np.asarray(series)
    length = checks.whole_number("length", length, least=1, most=max(len(series), 1))
    every = checks.whole_number("every", every, least=1)
    return np.stack([series[start : start + length] for start in range(0, len(series) - length + 1, every)])


def recall_bits(length=2_000, reach=8, seed=0):
    """A stream of random bits; say at each step what the bits of the last steps were.

    Returns (x, target): x (T, 1) float64, bits 0.0 and 1.0 by chance; target (T, reach), whose column n is the bit
    that came n steps ago (column 0: the bit of this step). Before the first bit, all counted as 0.
    """
    length = checks.whole_number("length", length, least=1)
    reach = checks.whole_number("reach", reach, least=1)
    x = checks.generator(seed).integers(0, 2, (length, 1)).astype(float)
    return x, past_windows(x, reach)
