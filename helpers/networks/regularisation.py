"""Against learning by heart: dropout by thinned networks, and early stopping by keeping the best epoch."""

import math

from . import checks


def thinned(net, drop, rng):
    """A copy of `net` in which random rows of the named weight matrices are zero, and the factors, by name.

    drop : dict of parameter name -> probability that a row is dropped. A row of W_hh is all that leaves one hidden
    unit, so dropping it drops the unit's state, in all steps alike. The rows that stay are divided by the probability
    to stay, so that sums keep their mean.

    N. Srivastava et al., Dropout, JMLR 15 (2014); the same rows at all steps: Y. Gal and Z. Ghahramani, A theoretically
    grounded application of dropout in recurrent neural networks, NIPS (2016). There each sequence has its own rows;
    here a batch shares them. Raises ValueError for an unknown name or a probability outside 0 ≤ p < 1.
    """
    checks.instance("drop", drop, dict, "a dict of parameter name -> probability, such as {'W_hh': 0.2}")
    for name, p in drop.items():
        checks.one_of("drop", name, [n for n, value in net.parameters.items() if value.ndim == 2])
        checks.number(f"drop[{name!r}]", p, at_least=0, below=1)
    copy, factors = net.copy(), {}
    for name, p in drop.items():
        rows = (rng.random((len(net.parameters[name]), 1)) >= p) / (1 - p)
        factors[name] = rows.astype(net.dtype)
        copy.parameters[name] = copy.parameters[name] * factors[name]
    return copy, factors


class BestEpoch:
    """The parameters of the epoch with the smallest validation loss, for `train(..., patience=...)`."""

    def __init__(self, net, patience):
        self.net, self.patience = net, patience
        self.epoch, self._loss, self._theta = 0, math.inf, net.theta.copy()

    def lost_patience(self, epoch, validation_loss):
        """Note this epoch; True if for `patience` epochs none was better."""
        if validation_loss < self._loss:
            self.epoch, self._loss = epoch, validation_loss
            self._theta[...] = self.net.theta
        return epoch - self.epoch >= self.patience

    def go_back(self):
        """Give the network the parameters of the best epoch, if there was one; True if that changed them."""
        if self.epoch == 0 or (self.net.theta == self._theta).all():
            return False
        self.net.theta[...] = self._theta
        return True
