"""Losses on logits: J and dJ/dy.

All of them are means over the counted (sequence, step) pairs: every real step, or with steps="last" the last step
of each sequence. At a masked step a network repeats its state, so the last output is that of the last real step.
"""

import functools

import numpy as np

from . import checks
from .network import Workspace, as_sequences, constant, rows, time_first


class Loss:
    """Base of the losses. Calling one returns J and dy = dJ/dy.

    y : (B, T, O) outputs of a network, or (B, O) of one without time steps
    target : for steps="every" of the shape of y, for steps="last" (B, O); class numbers have no last axis
    mask : (B, T) bool, True = a real step; the others count nothing and may hold any target

    Raises ValueError that names the argument, what was expected and what was given.
    """

    def __init__(self, steps="every"):
        self.steps = checks.one_of("steps", steps, ("every", "last"))

    def __repr__(self):
        return f"{type(self).__name__}(steps={self.steps!r})"

    def __call__(self, y, target, mask=None):
        y = checks.numbers("y", y, "an array of numbers of shape (B, T, O) or (B, O)")
        dtype = y.dtype if y.dtype.name in ("float32", "complex128") else np.dtype("float64")
        y = checks.array("y", y, ("B", "O") if y.ndim == 2 else ("B", "T", "O"), dtype)
        if mask is not None:
            mask = checks.mask_array("mask", mask, *y.shape[:-1])
        target = self.prepare(target, y.shape, dtype, mask)
        J, dy = self.value_and_slope(as_sequences(y), target, None if mask is None else time_first(mask))
        return J, dy.swapaxes(0, 1).reshape(y.shape)

    def prepare(self, target, shape, dtype, mask=None, name="target"):
        """`target`, checked against y of `shape` (B, T, O) or (B, O), as the inside has it: (T, B, ·) or (B, ·)."""
        *leading, O = shape
        if self.steps == "last":
            return self._checked(name, target, (leading[0],), O, dtype, None)
        target = self._checked(name, target, tuple(leading), O, dtype, mask)
        return time_first(target) if len(leading) == 2 else target[None]

    def value_and_slope(self, y, target, mask=None, workspace=None):
        """J and dy (T, B, O), from y (T, B, O), a prepared target and a mask (T, B); nothing is checked."""
        dy = (workspace or Workspace()).array("dy", y.shape, y.dtype)
        if self.steps == "last":
            dy[:-1] = 0
            y, target, dy_counted = y[-1], target, dy[-1]
        else:
            y, target, dy_counted = rows(y), target.reshape(-1, *target.shape[2:]), rows(dy)
        each = self._each(y, target, dy_counted)
        if mask is None or self.steps == "last":
            dy_counted /= constant(len(each) / self._factor(dy.shape[2]), dy.dtype)
            return each.dot(_shares(len(each), each.dtype)).item(), dy  # a sum is fastest as a product
        weight = (mask.reshape(-1) / np.count_nonzero(mask)).astype(dy.dtype)  # 1/n for real steps, 0 for others
        dy_counted *= self._factor(dy.shape[2]) * weight[:, None]
        return each.dot(weight).item(), dy

    def _checked(self, name, target, leading, O, dtype, mask):
        if mask is not None:
            target = np.asarray(target)
            if target.shape == (*leading, O):
                target = np.where(mask[:, :, None], target, 0)  # padding may hold anything, NaN too
        real = np.float32 if dtype == np.float32 else np.float64
        return checks.array(name, target, (*leading, O), real)

    def _each(self, y, target, dy):
        """The loss of each row of y (N, O), as (N,); its slope ÷ `_factor(O)` goes into dy (N, O)."""
        raise NotImplementedError

    def _factor(self, O):
        return 1


class MeanSquaredError(Loss):
    """(y - target)², mean over the outputs."""

    def _each(self, y, target, dy):
        O = y.shape[-1]
        np.subtract(y, target, out=dy)
        return (dy * dy).dot(_shares(O, dy.dtype))  # Σ (y - target)² / O

    def _factor(self, O):
        return 2 / O  # dJ/dy = 2 (y - target) / O


class BinaryCrossEntropy(Loss):
    """-target log σ(y) - (1 - target) log(1 - σ(y)), mean over the outputs; y are logits, targets from 0 to 1."""

    def _checked(self, name, target, leading, O, dtype, mask):
        target = super()._checked(name, target, leading, O, dtype, mask)
        outside = (target < 0) | (target > 1)
        if outside.any():
            where = tuple(int(i) for i in np.argwhere(outside)[0])
            raise checks.bad(name, "numbers from 0 to 1", f"{target[where]:g} at {list(where)}")
        return target

    def _each(self, y, target, dy):
        O = y.shape[-1]
        size = np.where(y.real > 0, y, -y)  # |y|, also in complex numbers
        softplus = np.log1p(np.exp(-size)) + (y + size) / 2  # log(1 + eʸ) without overflow
        each = (softplus - target * y).sum(axis=-1) / O
        np.tanh(y / 2, out=dy)  # σ(y) = ½ + ½ tanh(y/2)
        dy *= 0.5
        dy += 0.5
        dy -= target  # dJ/dy = σ(y) - target
        dy /= O
        return each


class CategoricalCrossEntropy(Loss):
    """-log softmax(y)[target]; y are logits, targets are class numbers from 0 to O - 1: (B, T), or (B,) for "last"."""

    def _checked(self, name, target, leading, O, dtype, mask):
        return checks.integers(name, target, leading, O, mask)

    def _each(self, y, target, dy):
        n = np.arange(len(y))
        np.subtract(y, y.real.max(axis=-1, keepdims=True), out=dy)  # softmax stays, and cannot overflow
        chosen = dy[n, target]
        np.exp(dy, out=dy)
        total = dy.sum(axis=-1)
        dy /= total[:, None]  # softmax(y)
        dy[n, target] -= 1  # dJ/dy = softmax(y) - onehot(target)
        return np.log(total) - chosen


@functools.lru_cache(maxsize=16)
def _shares(n, dtype):
    """1/n, n times."""
    shares = np.full(n, 1 / n, dtype)
    shares.flags.writeable = False
    return shares
