"""Distillation: a small network learns from the probabilities of a large one.

G. Hinton, O. Vinyals and J. Dean, Distilling the knowledge in a neural network, arXiv:1503.02531 (2015).
"""

import numpy as np

from . import checks
from .losses import Loss


def soft_targets(logits, temperature=1.0):
    """softmax(logits / temperature) over the last axis: what the teacher tells the student."""
    temperature = checks.number("temperature", temperature, above=0)
    scaled = np.asarray(logits) / temperature
    e = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class SoftCrossEntropy(Loss):
    """-τ² Σ p log softmax(y/τ): cross-entropy with a teacher's probabilities p as target, both at temperature τ.

    Targets are probabilities of the shape of y, (B, T, O), or (B, O) for steps="last". The factor τ² keeps the size
    of the gradient the same at all temperatures (Hinton, Vinyals and Dean 2015, section 2).
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
