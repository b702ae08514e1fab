"""How an exercise is checked: a verdict in words, with a hint, whatever the reader wrote.

A check is a function decorated with `exercise`. It returns a sentence if the answer is right and raises `Wrong`
with what is wrong and a hint if not. It never stops a run of the whole notebook and never changes what the
reader has: errors in the reader's own code become a verdict too.
"""

import functools
from numbers import Real

import numpy as np

from helpers.live.typed import shown

ROUNDED = 1e-5  # share by which a right answer may differ: float32 keeps seven digits, and mistakes are larger


class Wrong(Exception):
    """An answer that is not right yet: what is wrong, and a hint at why."""

    def __init__(self, what, hint=""):
        super().__init__(what)
        self.what, self.hint = what, hint


class Verdict:
    """What a check says. `passed` is True, False, or None for an exercise that is not answered yet."""

    def __init__(self, passed, text, hint=""):
        self.passed, self.text, self.hint = passed, text, hint

    def __repr__(self):
        head = {True: "✓ Right.", False: "✗ Not yet.", None: "… Not answered yet."}[self.passed]
        return f"{head} {self.text}" + (f"\n  Hint: {self.hint}" if self.hint else "")


class Unanswered(Exception):
    """The reader has not written an answer yet."""


def answered(value):
    """`value` itself; raises Unanswered for None, ... or an empty answer, which is how exercises are handed out."""
    if value is None or value is Ellipsis or (isinstance(value, (tuple, list)) and any(v is Ellipsis for v in value)):
        raise Unanswered
    return value


def exercise(check):
    """Make a verdict of `check(answer, …)`, which returns a sentence or raises Wrong."""

    @functools.wraps(check)
    def verdict(*answers):
        try:
            for answer in answers:
                answered(answer)
            return Verdict(True, check(*answers))
        except Unanswered:
            return Verdict(None, "Replace the three dots, run the cell, and the check will tell.")
        except Wrong as wrong:
            return Verdict(False, wrong.what, wrong.hint)
        except (Exception, SystemExit) as error:  # the reader's own code may raise anything
            return Verdict(False, f"Your code stopped with {type(error).__name__}: {error}", what_to_do(error))

    return verdict


def what_to_do(error):
    """A hint at an error of the reader's own code: two that beginners with arrays meet, or how to find the line."""
    text = str(error)
    if "truth value of an array" in text:
        return "`and` and `or` know no arrays. Use & or |, with brackets around each comparison: (…) & (…)."
    if "bitwise" in text:
        return "& binds more tightly than < and >=. Set brackets around each comparison: (…) & (…)."
    return "Call your function in a cell of its own: Python then shows the line."


def call(function, *arguments, name="your function"):
    """The reader's function on copies of the arguments, so that nothing of ours or theirs is changed.

    Raises Unanswered if it returns three dots, and Wrong if it returns nothing.
    """
    if not callable(function):
        raise Wrong(f"Expected {name} to be a function, got {type(function).__name__}.")
    copies = [argument.copy() if hasattr(argument, "copy") else argument for argument in arguments]
    value = function(*copies)
    if value is None:
        raise Wrong("Your function returns nothing.", "Is `return` missing?")
    return answered(value)


def expect_array(value, shape, name):
    """`value` as a float array of `shape`; Wrong with a hint at what a wrong shape usually means."""
    array = expect_numbers(value, name, f" of shape {shape}")
    if array.shape != shape:
        hint = "Print the shape of each part."
        if array.shape == shape[::-1]:
            hint = "It looks transposed: rows are samples."
        elif not shape and array.size == 1:
            hint = "One number, without a list or an array around it."
        raise Wrong(f"{name}: expected shape {shape}, got {array.shape}.", hint)
    if not np.isfinite(array).all():
        raise Wrong(f"{name}: not all numbers are finite.")
    return array


def expect_numbers(value, name, which=""):
    """`value` as a float array of any shape, not all of it finite perhaps; Wrong if it does not hold numbers."""
    try:
        given = np.asarray(value)
        if given.dtype.kind not in "biufO":  # texts that look like numbers, complex numbers
            raise TypeError
        return given.astype(float)
    except (TypeError, ValueError, OverflowError):
        raise Wrong(f"{name}: expected numbers{which}, got {type(value).__name__}.") from None


def is_number(value):
    """True for a number, and for an array that is one, such as np.where(…) gives."""
    if isinstance(value, (str, bytes, bool, np.bool_)):
        return False
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return False
    return array.ndim == 0 and (array.dtype.kind in "iuf" or isinstance(value, Real))


def expect_number(value, right, tolerance, name, hint=""):
    """`value` as a float within `tolerance` of `right`; Wrong otherwise. The right number is not given away."""
    number = expect_any_number(value, name)
    if not abs(number - right) <= tolerance:
        raise Wrong(f"{name}: {number:g} is not right.", hint)
    return number


def expect_any_number(value, name):
    """`value` as a float; Wrong if it is no number, or one that no float can hold."""
    if not is_number(value):
        raise Wrong(f"{name}: expected a number, got {type(value).__name__}.")
    try:
        return float(value)
    except OverflowError:
        raise Wrong(f"{name}: {shown(value)} is too large.") from None


def close(array, right, tolerance=ROUNDED):
    """True if no number differs by more than `tolerance`, as a share of the largest right one (or of 1)."""
    right = np.asarray(right)
    largest = max(1.0, np.max(np.abs(right), initial=0.0))
    return bool(np.max(np.abs(np.asarray(array) - right), initial=0.0) <= tolerance * largest)
