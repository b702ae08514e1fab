"""Losses: J and dJ/dy. All but one take logits; `ClippedCrossEntropy` takes probabilities, as Keras may.

All of them are means over the counted (sequence, step) pairs: every real step, or with steps="last" the last step
of each sequence. At a masked step a network repeats its state, so the last output is that of the last real step.
"""

import functools

import numpy as np

from . import checks
from .activations import softmax
from .arrays import Workspace, as_sequences, constant, rows, time_first
from .processor import quietly

CLIP = 1e-7  # keras.config.epsilon()


class Loss:
    """Base of the losses. Calling one returns J and dy = dJ/dy.

    y : (B, T, O) outputs of a network, or (B, O) of one without time steps
    target : for steps="every" of the shape of y, for steps="last" (B, O); class numbers have no last axis, and where
        there is one output, O = 1, it may be left out of other targets too
    mask : (B, T) bool, True = a real step; the others count nothing and may hold any target

    Raises ValueError that names the argument, what was expected and what was given.
    """

    def __init__(self, steps="every"):
        self.steps = checks.one_of("steps", steps, ("every", "last"))

    def __repr__(self):
        return f"{type(self).__name__}(steps={self.steps!r})"

    @quietly
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
        target = checks.numbers(name, checks.padding_as_zero(target, mask), (*leading, O))
        if O == 1 and target.shape == leading:
            target = target[..., None]
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


class Weighted(Loss):
    """Base of the losses on classes that may count differently.

    class_weight : None, or a dict of class number -> weight of at least 0, as Keras' `fit` takes it. The loss of each
        (sequence, step) pair is multiplied by the weight of its class; a class that is not named has weight 1. The
        mean is still over the pairs, and what is measured on validation data is weighted too (in Keras it is not).
    """

    def __init__(self, steps="every", class_weight=None):
        super().__init__(steps)
        if class_weight is not None:
            checks.instance("class_weight", class_weight, dict, "a dict of class -> weight, such as {0: 1.0, 1: 5.0}")
            class_weight = {
                checks.whole_number("class_weight", n, 0): checks.number(f"class_weight[{n}]", weight, at_least=0)
                for n, weight in class_weight.items()
            }
        self.class_weight = class_weight

    def __repr__(self):
        weights = "" if self.class_weight is None else f", class_weight={self.class_weight}"
        return f"{type(self).__name__}(steps={self.steps!r}{weights})"

    def _weights(self, classes, dtype):
        """The weights of classes 0 to `classes` - 1, as an array."""
        return np.array([self.class_weight.get(n, 1.0) for n in range(classes)], dtype)

    def _check_classes(self, classes):
        for n in self.class_weight or ():
            if n >= classes:
                raise checks.bad("class_weight", f"classes from 0 to {classes - 1}", f"{n}")


class BinaryCrossEntropy(Weighted):
    """-target log σ(y) - (1 - target) log(1 - σ(y)), mean over the outputs; y are logits, targets from 0 to 1.

    With `class_weight`, each output is of class 1 where its target is above ½, else of class 0.
    """

    def _checked(self, name, target, leading, O, dtype, mask):
        self._check_classes(2)
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
        each = softplus - target * y  # (N, O)
        np.tanh(y / 2, out=dy)  # σ(y) = ½ + ½ tanh(y/2)
        dy *= 0.5
        dy += 0.5
        dy -= target  # dJ/dy = σ(y) - target
        dy /= O
        if self.class_weight is not None:
            weight = self._weights(2, target.dtype)[(target > 0.5).astype(np.intp)]
            each *= weight
            dy *= weight
        return each.sum(axis=-1) / O


class CategoricalCrossEntropy(Weighted):
    """-log softmax(y)[target]; y are logits, targets are class numbers from 0 to O - 1: (B, T), or (B,) for "last"."""

    def _checked(self, name, target, leading, O, dtype, mask):
        self._check_classes(O)
        return checks.integers(name, target, leading, O, mask)

    def _each(self, y, target, dy):
        n = np.arange(len(y))
        np.subtract(y, y.real.max(axis=-1, keepdims=True), out=dy)  # softmax stays, and cannot overflow
        chosen = dy[n, target]
        np.exp(dy, out=dy)
        total = dy.sum(axis=-1)
        dy /= total[:, None]  # softmax(y)
        dy[n, target] -= 1  # dJ/dy = softmax(y) - onehot(target)
        each = np.log(total) - chosen
        if self.class_weight is not None:
            weight = self._weights(dy.shape[1], chosen.real.dtype)[target]
            each *= weight
            dy *= weight[:, None]
        return each


class ClippedCrossEntropy(BinaryCrossEntropy):
    """-target log p - (1 - target) log(1 - p) with p = y clipped to [1e-7, 1 - 1e-7]: Keras' `binary_crossentropy`.

    The mean over the outputs. y is taken for a probability, whatever it is. Outside of 0 to 1 the clipped p does not
    move with y: the slope is 0.
    """

    def __init__(self, steps="every"):
        super().__init__(steps)

    def _each(self, y, target, dy):
        O = y.shape[-1]
        p = np.clip(y, CLIP, 1 - CLIP)
        each = -(target * np.log(p) + (1 - target) * np.log1p(-p)).sum(axis=-1) / O
        np.divide(p - target, p * (1 - p), out=dy)
        dy *= (y >= CLIP) & (y <= 1 - CLIP)
        dy /= O
        return each


class SoftCrossEntropy(Loss):
    """-τ² Σ p log softmax(y/τ): cross-entropy with a teacher's probabilities p as target, both at temperature τ.

    Targets are probabilities of the shape of y, (B, T, O), or (B, O) for steps="last". The factor τ² keeps the size
    of the gradient the same at all temperatures: G. Hinton, O. Vinyals and J. Dean, Distilling the knowledge in a
    neural network, arXiv:1503.02531 (2015), section 2.
    """

    def __init__(self, temperature=1.0, steps="every"):
        super().__init__(steps)
        self.temperature = checks.number("temperature", temperature, above=0)

    def _checked(self, name, target, leading, O, dtype, mask):
        target = super()._checked(name, target, leading, O, dtype, mask)
        sums = target.sum(axis=-1)
        wrong = (np.abs(sums - 1) > 1e-3) | (target < 0).any(axis=-1)
        if mask is not None:
            wrong &= mask
        if wrong.any():
            where = tuple(int(i) for i in np.argwhere(wrong)[0])
            raise checks.bad(name, "probabilities that add up to 1", f"a sum of {sums[where]:g} at {list(where)}")
        return target

    def _each(self, y, target, dy):
        τ = self.temperature
        scaled = (y - y.real.max(axis=-1, keepdims=True)) / τ
        e = np.exp(scaled)
        total = e.sum(axis=-1, keepdims=True)
        each = τ**2 * (target * (np.log(total) - scaled)).sum(axis=-1)
        dy[...] = τ * (e / total * target.sum(axis=-1, keepdims=True) - target)  # dJ/dy
        return each


@quietly
def soft_targets(logits, temperature=1.0):
    """softmax(logits / temperature) over the last axis: what the teacher tells the student."""
    return softmax(logits, checks.number("temperature", temperature, above=0))


@functools.lru_cache(maxsize=16)
def _shares(n, dtype):
    """1/n, n times."""
    shares = np.full(n, 1 / n, dtype)
    shares.flags.writeable = False
    return shares
