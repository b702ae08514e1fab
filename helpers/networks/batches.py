"""Sequences and targets, checked once, and batches of them in the order the networks work in."""

import numpy as np

from . import checks
from .network import as_sequences, time_first


class Batches:
    """Sequences x (N, T, I) with their targets and mask, checked for `net` and `loss`, kept time first.

    For a network without time steps x is (N, I).

    Raises ValueError that names the argument (`names` for x, target and mask), expected and given.
    """

    def __init__(self, net, loss, x, target, mask=None, names=("x", "target", "mask")):
        net.check_task(loss, mask, ("loss", names[2]))
        x = net.checked_inputs(names[0], x, "N")
        self.N = len(x)
        if mask is not None:
            mask = checks.mask_array(names[2], mask, *x.shape[:-1])
        self.target = loss.prepare(target, (*x.shape[:-1], net.output_size), net.dtype, mask, names[1])
        self.x = as_sequences(x)
        self.mask = None if mask is None else time_first(mask)
        self._sequences = 1 if loss.steps == "every" else 0  # the axis of the target along which they lie

    def take(self, numbers):
        """x (T, B, I), target and mask of the sequences with these numbers."""
        mask = None if self.mask is None else self.mask.take(numbers, axis=1)
        return self.x.take(numbers, axis=1), self.target.take(numbers, axis=self._sequences), mask

    def mean_loss(self, net, loss, batch_size):
        """The loss over all sequences, each (sequence, step) pair with the same weight."""
        total = pairs = 0
        for start in range(0, self.N, batch_size):
            x, target, mask = self.take(np.arange(start, min(start + batch_size, self.N)))
            y = net._forward(x, None, mask).along_time[3]
            if loss.steps == "last":
                counted = y.shape[1]
            else:
                counted = y.shape[0] * y.shape[1] if mask is None else np.count_nonzero(mask)
            total += loss.value_and_slope(y, target, mask)[0] * counted
            pairs += counted
        return total / pairs
