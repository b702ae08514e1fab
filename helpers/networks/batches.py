"""Sequences and targets, checked once, in batches; and how a batch of long ones goes through a network, in stretches.

Long sequences are trained on in stretches, so that what one of them needs stays in the processor's cache. The state
goes on from stretch to stretch, and on the way back so does its gradient: nothing is truncated, only the order of the
work is another. Without it a step of training takes longer for each time step, the more of them there are.
"""

import numpy as np

from . import checks
from .arrays import as_sequences, time_first
from .recurrent import Recurrent

STRETCH = 500  # steps


class Batches:
    """Sequences x (N, T, I) with targets, mask and initial state, checked for `net` and `loss`, kept time first.

    For a network without time steps x is (N, I). What the mask leaves out may hold anything, in x and in the target.

    Raises ValueError that names the argument (`prefix` before "x", "target" and so on), expected and given.
    """

    def __init__(self, net, loss, x, target, mask=None, h_0=None, prefix=""):
        net.check_task(loss, mask, ("loss", f"{prefix}mask"))
        x = net.checked_inputs(f"{prefix}x", checks.padding_as_zero(x, mask), "N")
        self.N = len(x)
        if mask is not None:
            mask = checks.mask_array(f"{prefix}mask", mask, *x.shape[:-1])
        self.target = loss.prepare(target, (*x.shape[:-1], net.output_size), net.dtype, mask, f"{prefix}target")
        self.h_0 = None if h_0 is None else _checked_state(net, f"{prefix}h_0", h_0, self.N)
        self.x = as_sequences(x)
        self.mask = None if mask is None else time_first(mask)
        self._sequences = 1 if loss.steps == "every" else 0  # the axis of the target along which they lie

    def take(self, numbers):
        """x (T, B, I), target, mask and initial state of the sequences with these numbers."""
        mask = None if self.mask is None else self.mask.take(numbers, axis=1)
        h_0 = None if self.h_0 is None else _rows(self.h_0, numbers)
        return self.x.take(numbers, axis=1), self.target.take(numbers, axis=self._sequences), mask, h_0

    def mean_loss(self, net, loss, batch_size):
        """The loss over all sequences, each (sequence, step) pair with the same weight."""
        total = pairs = 0
        for start in range(0, self.N, batch_size):
            x, target, mask, h_0 = self.take(np.arange(start, min(start + batch_size, self.N)))
            y = net._forward(x, h_0, mask).along_time[3]
            if loss.steps == "last":
                counted = y.shape[1]
            else:
                counted = y.shape[0] * y.shape[1] if mask is None else np.count_nonzero(mask)
            total += loss.value_and_slope(y, target, mask)[0] * counted
            pairs += counted
        return total / pairs


def _checked_state(net, name, h_0, N):
    if not isinstance(net, Recurrent):
        raise checks.bad(name, "None, because this network takes no initial state", checks.describe(h_0))
    return net._checked_state(name, h_0, N)


def _rows(state, numbers):
    """These rows of a state, which may be a pair of arrays, or a tuple of the states of several layers."""
    if isinstance(state, tuple):
        return tuple(_rows(part, numbers) for part in state)
    return state.take(numbers, axis=0)


class LongRecord:
    """The records of all stretches of a forward pass, and its outputs y (T, B, O)."""

    def __init__(self, spans, records, y):
        self.spans, self.records, self.y = spans, records, y


def forward(net, x, h_0, mask, workspace):
    """The record of a pass over x (T, B, I) from the state h_0, None is zeros; and its outputs (T, B, O)."""
    T, B, _ = x.shape
    if T <= STRETCH or not isinstance(net, Recurrent):
        record = net._forward(x, h_0, mask, workspace)
        return record, record.along_time[3]
    spans = [slice(start, start + STRETCH) for start in range(0, T, STRETCH)]
    records, y, state = [], workspace.array("y", (T, B, net.output_size), net.dtype), h_0
    for k, span in enumerate(spans):
        records.append(net._forward(x[span], state, None if mask is None else mask[span], workspace.part(k)))
        state = records[-1].state_last
        y[span] = records[-1].along_time[3]
    return LongRecord(spans, records, y), y


def backward(net, record, dy, workspace):
    """Gradients from such a record and dy (T, B, O)."""
    if not isinstance(record, LongRecord):
        return net._backward(record, dy, workspace)
    total, from_later = workspace.gradients(net), None
    total.theta[...] = 0
    for span, of_stretch in reversed(list(zip(record.spans, record.records, strict=True))):
        gradients = net._backward(of_stretch, dy[span], workspace.part("backward"), from_later)
        total.theta += gradients.theta
        from_later = gradients.state_0
    return total
