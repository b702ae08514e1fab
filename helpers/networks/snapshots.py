"""A recorder that keeps the network itself, epoch by epoch, so that anything can be computed from it afterwards."""

from . import checks


class Snapshots:
    """Copies of the network at chosen epochs of a training; give it to `train(..., recorders=[snapshots])`.

    epochs : the epoch numbers to keep, or None for all; epoch 0 is the network before training

    After the training, `networks` is the list of copies and `epochs` the list of their epoch numbers. A new training
    starts a new list. Raises ValueError on epoch numbers that are none.
    """

    def __init__(self, epochs=None):
        wanted = None if epochs is None else list(epochs)
        self._wanted = None if wanted is None else {checks.whole_number("epochs", n, 0) for n in wanted}
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
