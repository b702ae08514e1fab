"""Recorders look at a network while it is trained.

`train` calls `begin(net)` once, and `record(epoch, net)` before the first epoch (epoch 0) and after each one; anything
with these two methods is a recorder. Its `check(net)`, if there is one, is called before any of the recorders begins.
"""

import numpy as np

from . import checks


class StateRecorder:
    """Keeps hidden states and outputs on a fixed probe sequence, in float32, one row for each recorded epoch.

    Parameters
    ----------
    probe_x : (T, I) one sequence, or (B, T, I) several
    epochs : the epoch numbers to record, or None for all; epoch 0 is the network before training

    Attributes
    ----------
    epochs : list of the recorded epoch numbers
    states : (epochs, T, H), or (epochs, B, T, H): h_1 to h_T
    outputs : (epochs, T, O), or (epochs, B, T, O)
    megabytes : memory that states and outputs take, in 10⁶ bytes

    A new training starts a new recording.
    """

    def __init__(self, probe_x, epochs=None):
        probe = checks.numbers("probe_x", probe_x, "an array of numbers of shape (T, I) or (B, T, I)")
        self._single = probe.ndim == 2
        shape = ("T", "I") if self._single else ("B", "T", "I")
        probe = checks.array("probe_x", probe, shape, np.float64).copy()
        self._probe = probe[None] if self._single else probe
        self._wanted = _wanted(epochs)
        self._rows, self._stacks = [], None

    def check(self, net):
        """ValueError if the network has no states, or the probe does not fit it; nothing is forgotten."""
        probe = net.checked_inputs("probe_x", self._probe)
        if not hasattr(net.forward(probe)[1], "states"):
            raise checks.bad("net", "a network with states", checks.describe(net))

    def begin(self, net):
        """Forget what was recorded, if the probe fits the network."""
        self.check(net)
        self._rows, self._stacks = [], None

    def record(self, epoch, net):
        """Record `net` as the one of this epoch, if the epoch is wanted."""
        if self._wanted is not None and epoch not in self._wanted:
            return
        y, record = net.forward(self._probe)
        states, outputs = record.states.astype(np.float32), y.astype(np.float32)
        if self._single:
            states, outputs = states[0], outputs[0]
        self._rows.append((epoch, states, outputs))  # in one go, so that an interruption leaves no half row
        self._stacks = None

    @property
    def epochs(self):
        return [epoch for epoch, _, _ in self._rows]

    @property
    def states(self):
        return self._stacked()[0]

    @property
    def outputs(self):
        return self._stacked()[1]

    @property
    def megabytes(self):
        return sum(states.nbytes + outputs.nbytes for _, states, outputs in self._rows) / 1e6

    def __repr__(self):
        if not self._rows:
            return "StateRecorder: nothing recorded yet"
        return f"StateRecorder: {len(self._rows)} epochs, states {self.states.shape}, {self.megabytes:.2f} MB"

    def _stacked(self):
        if not self._rows:
            raise RuntimeError("nothing is recorded yet: give the recorder to train(..., recorders=[recorder])")
        if self._stacks is None:
            epochs, states, outputs = zip(*self._rows, strict=True)
            self._stacks = np.stack(states), np.stack(outputs)
            self._rows = list(zip(epochs, *self._stacks, strict=True))  # views now: nothing is kept twice
        return self._stacks


class Snapshots:
    """Copies of the network at chosen epochs of a training; give it to `train(..., recorders=[snapshots])`.

    epochs : the epoch numbers to keep, or None for all; epoch 0 is the network before training

    After the training, `networks` is the list of copies and `epochs` the list of their epoch numbers. A new training
    starts a new list. Raises ValueError on epoch numbers that are none.
    """

    def __init__(self, epochs=None):
        self._wanted = _wanted(epochs)
        self._kept = []

    def begin(self, net):
        """Forget what was kept."""
        self._kept = []

    def record(self, epoch, net):
        """Keep a copy of `net`, if this epoch is wanted."""
        if self._wanted is None or epoch in self._wanted:
            self._kept.append((epoch, net.copy()))

    @property
    def epochs(self):
        return [epoch for epoch, _ in self._kept]

    @property
    def networks(self):
        return [net for _, net in self._kept]

    def __repr__(self):
        return f"Snapshots: {len(self._kept)} networks" + (
            f", epochs {self.epochs[0]} to {self.epochs[-1]}" if self._kept else ""
        )


def _wanted(epochs):
    """The epoch numbers as a set, None for all."""
    if epochs is None:
        return None
    try:
        numbers = list(epochs)
    except TypeError:
        expected = "None or epoch numbers, such as range(0, 100, 10)"
        raise checks.bad("epochs", expected, checks.describe(epochs)) from None
    return {checks.whole_number("epochs", number, 0) for number in numbers}
