"""Checks of arguments: every error names the argument, what was expected and what was given."""

import difflib

import numpy as np


def bad(name, expected, given):
    """The error for an argument that cannot be used; the caller raises it."""
    return ValueError(f"{name}: expected {expected}, given {given}")


def whole_number(name, value, at_least=1):
    """`value` as an int of at least `at_least`."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer) or value < at_least:
        raise bad(name, f"a whole number of at least {at_least}", describe(value))
    return int(value)


def number(name, value, above=None, at_least=None, below=None):
    """`value` as a finite float inside the stated limits."""
    limits = [(above, "above"), (at_least, "of at least"), (below, "below")]
    words = " and ".join(f"{word} {limit:g}" for limit, word in limits if limit is not None)
    is_number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if (
        not is_number
        or not np.isfinite(value)
        or (above is not None and not value > above)
        or (at_least is not None and not value >= at_least)
        or (below is not None and not value < below)
    ):
        raise bad(name, f"a finite number {words}".rstrip(), describe(value))
    return float(value)


def truth(name, value):
    """`value` as a bool; 0 and 1 are not enough, to catch arguments in the wrong place."""
    if not isinstance(value, bool | np.bool_):
        raise bad(name, "True or False", describe(value))
    return bool(value)


def one_of(name, value, options):
    """`value`, if it is one of the names in `options`."""
    if isinstance(value, str) and value in options:
        return value
    names = ", ".join(repr(option) for option in options)
    close = difflib.get_close_matches(value, list(options), n=1) if isinstance(value, str) else []
    hint = f" (did you mean {close[0]!r}?)" if close else ""
    raise bad(name, f"one of {names}", describe(value) + hint)


def dtype(name, value, options):
    """The name of a dtype, such as "float32", given as a string, a type or a numpy dtype."""
    try:
        value = np.dtype(value).name
    except TypeError:
        pass
    return one_of(name, value, options)


def instance(name, value, kind, words):
    """`value`, if it is an instance of `kind`; `words` describes what is wanted."""
    if not isinstance(value, kind):
        raise bad(name, words, describe(value))
    return value


def generator(name, seed):
    """A random generator from a whole number, or the generator that was given."""
    if isinstance(seed, np.random.Generator):
        return seed
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise bad(name, "a whole number of at least 0 or a numpy.random.Generator", describe(seed))
    return np.random.default_rng(int(seed))


def numbers(name, value, expected):
    """`value` as an array of numbers or bool. `expected`, a shape or words, goes into the message."""
    if np.ma.is_masked(value):
        raise bad(name, "an array without masked values (mask= says which steps are real)", "a masked array")
    try:
        given = np.asarray(value)
    except ValueError:
        given = None
    if given is None or given.dtype.kind not in "biufc":
        what = expected if isinstance(expected, str) else f"an array of numbers of shape {_written(expected)}"
        if given is None:
            raise bad(name, what, "rows of different lengths")
        raise bad(name, what, describe(value) if value is None else f"an array of {given.dtype}")
    return given


def padding_as_zero(value, mask):
    """`value` (B, T, …) with 0 at every step that the mask (B, T) leaves out: padding may hold anything, NaN too.

    What does not fit together is returned as it is, for the checks that follow to name.
    """
    if mask is None or np.ma.is_masked(value):
        return value
    try:
        given, mask = np.asarray(value), np.asarray(mask)
    except ValueError:  # rows of different lengths
        return value
    if mask.dtype != np.bool_ or given.dtype.kind not in "biufc" or given.shape[: mask.ndim] != mask.shape:
        return value
    zeroed = given.copy()
    zeroed[~mask] = 0
    return zeroed


def array(name, value, shape, dtype):
    """`value` as an array of finite numbers with the given shape and dtype.

    `shape` holds whole numbers, which must agree, and letters, which stand for any size of at least 1.
    The array is not copied when it already has the dtype.
    """
    given = numbers(name, value, shape)
    if given.dtype.kind not in ("biufc" if np.dtype(dtype).kind == "c" else "biuf"):
        raise bad(name, f"real numbers of shape {_written(shape)}", f"an array of {given.dtype}")
    _check_shape(name, given, shape)
    if given.dtype.kind in "fc" and not np.isfinite(given).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(given))[0])
        raise bad(name, "finite numbers", f"{given[where]} at {list(where)}")
    if given.dtype == dtype:
        return given
    with np.errstate(over="ignore", under="ignore"):
        converted = given.astype(dtype)
    if given.dtype.kind in "fc" and not np.isfinite(converted).all():
        raise bad(name, f"numbers that fit into {np.dtype(dtype)}", f"a largest size of {np.abs(given).max():g}")
    return converted


def integers(name, value, shape, below, counted=None):
    """`value` as integers from 0 to `below` - 1. Where `counted` is False anything goes, and 0 is put there."""
    given = numbers(name, padding_as_zero(value, counted), shape)
    if given.dtype.kind not in "iu":
        raise bad(name, f"whole numbers from 0 to {below - 1}", f"an array of {given.dtype}")
    _check_shape(name, given, shape)
    wrong = (given < 0) | (given >= below)
    if wrong.any():
        where = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise bad(name, f"whole numbers from 0 to {below - 1}", f"{given[where]} at {list(where)}")
    return given.astype(np.intp, copy=False)


def mask_array(name, value, B, T=None):
    """`value` as a bool array (B, T) with a real step in every sequence; samples without time steps have none."""
    if T is None:
        raise bad(name, "None, because there are no time steps to leave out", describe(value))
    given = numbers(name, value, (B, T))
    if given.dtype != np.bool_:
        raise bad(name, "an array of bool (True = a real step)", f"an array of {given.dtype}")
    _check_shape(name, given, (B, T))
    if not given.any(axis=1).all():
        empty = int(np.flatnonzero(~given.any(axis=1))[0])
        raise bad(name, "at least one real step (True) in every sequence", f"none in sequence {empty}")
    return given


def describe(value):
    """A short description of any object, for the end of an error message."""
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} of shape {_written(value.shape)}"
    text = repr(value)
    return text if len(text) <= 60 else f"a {type(value).__name__}"


def _check_shape(name, given, shape):
    fits = given.ndim == len(shape)
    for n, wanted in zip(given.shape, shape, strict=False):
        fits = fits and (n > 0 if isinstance(wanted, str) else n == wanted)
    if not fits:
        letters = [wanted for wanted in shape if isinstance(wanted, str)]
        sizes = f" with {' and '.join(letters)} at least 1" if letters else ""
        raise bad(name, f"shape {_written(shape)}{sizes}", f"shape {_written(given.shape)}")


def _written(shape):
    return "(" + ", ".join(str(n) for n in shape) + ("," if len(shape) == 1 else "") + ")"
