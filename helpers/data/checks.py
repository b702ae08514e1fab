"""Checks of arguments, before any work is done: each error names argument, expected and given."""

import math
import operator

import numpy as np


def whole_number(name, value, least=None, most=None):
    """`value` as an int between `least` and `most` (both included); TypeError or ValueError otherwise."""
    bounds = _bounds(least, most)
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: expected a whole number{bounds}, given {value!r}") from None
    if (least is not None and number < least) or (most is not None and number > most):
        raise ValueError(f"{name}: expected a whole number{bounds}, given {number}")
    return number


def real_number(name, value, least=None, most=None):
    """`value` as a finite float between `least` and `most`; TypeError or ValueError otherwise."""
    bounds = _bounds(least, most)
    try:
        if isinstance(value, str | bytes | bool | np.bool_):
            raise TypeError
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: expected a number{bounds}, given {value!r}") from None
    outside = (least is not None and number < least) or (most is not None and number > most)
    if not math.isfinite(number) or outside:
        raise ValueError(f"{name}: expected a finite number{bounds}, given {number}")
    return number


def text(name, value):
    """`value` if it is a string; TypeError otherwise."""
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected a string, given {type(value).__name__}")
    return value


def integer_array(name, value, symbols, ndim=None):
    """`value` as an array of integers from 0 to `symbols` − 1; TypeError or ValueError otherwise."""
    array = np.asarray(value)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected an array of integers, given dtype {array.dtype}")
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name}: expected {ndim} dimension(s), given shape {array.shape}")
    if array.size and (array.min() < 0 or array.max() >= symbols):
        raise ValueError(f"{name}: expected integers from 0 to {symbols - 1}, given {array.min()} to {array.max()}")
    return array


def generator(seed):
    """A numpy Generator from a whole number ≥ 0, or the Generator given. None is refused: not repeatable."""
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng(whole_number("seed", seed, least=0))


def _bounds(least, most):
    if least is None and most is None:
        return ""
    if most is None:
        return f" of at least {least}"
    if least is None:
        return f" of at most {most}"
    return f" from {least} to {most}"
