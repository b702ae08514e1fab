"""Against learning by heart: dropout by thinned networks, weight decay, early stopping."""

from dataclasses import dataclass, field

import numpy as np

from . import checks
from .batches import Batches
from .blas import one_thread
from .losses import Loss
from .network import Workspace
from .optimisers import Adam, global_norm
from .training import held_out_batches, trainable


@dataclass
class RegularisedFit:
    """A training with a watch on other data: mean losses after each epoch, and the epoch whose network was kept.

    stopped : None, or a sentence on what was not finite and what to try
    """

    loss: list = field(default_factory=list)
    validation_loss: list = field(default_factory=list)
    kept_epoch: int = 0
    stopped: str | None = None

    def __repr__(self):
        kept = f"RegularisedFit: {len(self.loss)} epochs, kept the network of epoch {self.kept_epoch}"
        return f"{kept}, {self.stopped}" if self.stopped else kept


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


def train_regularised(
    net,
    x,
    target,
    loss,
    validation,
    mask=None,
    drop=None,
    weight_decay=0.0,
    patience=None,
    learning_rate=0.003,
    epochs=50,
    batch_size=32,
    clip_norm=1.0,
    seed=0,
):
    """Train `net` in place by Adam; returns a RegularisedFit.

    validation : (x, target) or (x, target, mask), watched after each epoch
    drop : None, or the probabilities for `thinned`: each batch trains a network thinned anew
    weight_decay : at each step all parameters shrink by learning_rate × weight_decay (I. Loshchilov and F. Hutter,
        Decoupled weight decay regularization, ICLR 2019)
    patience : stop after so many epochs without a better validation loss, and go back to the best epoch's parameters;
        None trains all epochs and keeps the last

    A loss or gradient that is not finite ends the training; the parameters are then those of the epoch kept so far.
    Raises ValueError on bad input, with nothing changed.
    """
    trainable("net", net)
    checks.instance("loss", loss, Loss, "a loss, such as MeanSquaredError()")
    weight_decay = checks.number("weight_decay", weight_decay, at_least=0)
    patience = None if patience is None else checks.whole_number("patience", patience)
    epochs, batch_size = checks.whole_number("epochs", epochs), checks.whole_number("batch_size", batch_size)
    clip_norm = checks.number("clip_norm", clip_norm, above=0)
    learning_rate = checks.number("learning_rate", learning_rate, above=0)
    rng, drop = checks.generator("seed", seed), {} if drop is None else drop
    thinned(net, drop, np.random.default_rng(0))  # says what is wrong with `drop` before any work
    data = Batches(net, loss, x, target, mask)
    held_out = held_out_batches(net, loss, validation)
    optimiser, fit, workspace = Adam(learning_rate), RegularisedFit(), Workspace()
    best, best_theta = np.inf, net.theta.copy()
    with one_thread(), np.errstate(over="ignore", invalid="ignore"):  # reported in words
        for epoch in range(1, epochs + 1):
            order, losses = rng.permutation(data.N), []
            for start in range(0, data.N, batch_size):
                thin, factors = thinned(net, drop, rng)
                batch_x, batch_target, batch_mask = data.take(order[start : start + batch_size])
                record = thin._forward(batch_x, None, batch_mask, workspace)
                J, dy = loss.value_and_slope(record.along_time[3], batch_target, batch_mask, workspace)
                gradient = thin._backward(record, dy, workspace)
                for name, factor in factors.items():
                    gradient[name][...] *= factor
                length = global_norm(gradient.theta)
                losses.append(J)
                if not np.isfinite(J + length):
                    break
                gradient.theta[...] *= min(1.0, clip_norm / max(length, 1e-30))
                optimiser.update(net.theta, gradient.theta)
                net.theta[...] *= 1 - learning_rate * weight_decay
            watched = float(held_out.mean_loss(net, loss, 256))
            if not np.isfinite(sum(losses) + watched + length):
                fit.stopped = f"stopped in epoch {epoch}: loss or gradient not finite. Try a smaller learning rate"
                break
            fit.loss.append(float(np.mean(losses)))
            fit.validation_loss.append(watched)
            if watched < best or patience is None:
                best, fit.kept_epoch = min(best, watched), epoch
                best_theta[...] = net.theta
            elif epoch - fit.kept_epoch >= patience:
                break
    net.theta[...] = best_theta
    return fit
