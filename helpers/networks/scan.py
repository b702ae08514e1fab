"""A linear recurrence h_t = a_t h_{t-1} + b_t, step by step and by a parallel scan.

Each step is a pair (a, b) that stands for h → a h + b. Two steps in a row are one pair again:

    (a₁, b₁) then (a₂, b₂)   =   (a₂ a₁,  a₂ b₁ + b₂)

and it does not matter which neighbours are joined first. So the pairs can be joined in ⌈log₂ T⌉ passes, in each of
which all joins are independent of one another: Blelloch, Prefix sums and their applications (1990); the doubling
form of Hillis and Steele, Data parallel algorithms (1986); for recurrent networks Martin and Cundy, ICLR (2018).
"""

import numpy as np

from . import checks
from .processor import quietly


@quietly
def linear_recurrence(a, b, h_0=None):
    """h_1 … h_T by a loop over the steps: T passes, one after the other.

    a, b : (T, ...) of the same shape, element by element; h_0 : (...), zeros if None. Returns h (T, ...).
    Raises ValueError that names the argument, what was expected and what was given.
    """
    a, b, h_0 = _checked(a, b, h_0)
    h = np.empty_like(b)
    before = h_0.reshape(-1)
    for a_t, b_t, h_t in zip(*(array.reshape(len(b), -1) for array in (a, b, h)), strict=True):
        np.multiply(a_t, before, out=h_t)
        h_t += b_t
        before = h_t
    return h


@quietly
def linear_scan(a, b, h_0=None):
    """The same h_1 … h_T by ⌈log₂ T⌉ passes over all steps at once. Arguments and errors as `linear_recurrence`.

    After the pass with distance d each pair stands for its own step and the 2d - 1 before it.
    """
    a, b, h_0 = _checked(a, b, h_0)
    a, b = a.copy(), b.copy()
    b[0] += a[0] * h_0
    distance = 1
    while distance < len(a):
        later, earlier = slice(distance, None), slice(None, -distance)
        b[later] += a[later] * b[earlier]  # the right side is complete before it is added: numpy makes a copy
        a[later] = a[later] * a[earlier]
        distance *= 2
    return b


def scan_passes(steps):
    """How many passes the scan needs for so many steps: ⌈log₂ T⌉."""
    return (checks.whole_number("steps", steps) - 1).bit_length()


def _checked(a, b, h_0):
    given = checks.numbers("b", b, "an array of numbers with the time steps first")
    if given.ndim < 1 or not len(given):
        raise checks.bad("b", "shape (T, ...) with T at least 1", checks.describe(given))
    dtype = np.result_type(given.dtype, np.float32)
    b = checks.array("b", given, given.shape, dtype)
    a = checks.array("a", a, given.shape, dtype)
    h_0 = np.zeros(b.shape[1:], dtype) if h_0 is None else checks.array("h_0", h_0, b.shape[1:], dtype)
    return a, b, h_0
