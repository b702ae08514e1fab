"""Training: epochs of shuffled batches, a history, recorders; it can be interrupted and notices when it fails."""

import math
import time

import numpy as np

from ..progress import Progress
from . import batches, checks
from .arrays import Workspace
from .batches import Batches
from .interruption import Interrupted, Interrupts
from .losses import Loss
from .network import Network, NotFinite
from .optimisers import Adam, Optimiser, global_norm
from .processor import one_thread, quietly
from .regularisation import BestEpoch, thinned


class History:
    """What happened in a training.

    loss, validation_loss, gradient_norm : a list of floats, one for each finished epoch: the mean over its batches
        (the norm is that before clipping). Without validation, validation_loss is empty.
    seconds : how long the training took
    stopped : None, "interrupted", or a sentence on what was not finite and what to try
    kept_epoch : with patience, the epoch whose parameters the network has now, 0 if none was finished; else None
    """

    def __init__(self, planned):
        self._planned, self._epochs = planned, []  # (loss, gradient norm, validation loss or None)
        self.seconds, self.stopped, self.kept_epoch = 0.0, None, None

    loss = property(lambda self: [epoch[0] for epoch in self._epochs])
    gradient_norm = property(lambda self: [epoch[1] for epoch in self._epochs])
    validation_loss = property(lambda self: [epoch[2] for epoch in self._epochs if epoch[2] is not None])

    def __repr__(self):
        done = len(self._epochs)
        parts = [f"{done} epochs" if done == self._planned else f"{done} of {self._planned} epochs"]
        for name, values in (("loss", self.loss), ("validation loss", self.validation_loss)):
            if values:
                parts.append(f"{name} {values[0]:.3g} → {values[-1]:.3g}")
        if self.kept_epoch is not None:
            parts.append(f"kept epoch {self.kept_epoch}")
        return ", ".join(["History: " + parts[0], *parts[1:], *([self.stopped] if self.stopped else [])])


@quietly  # what is not finite is reported in words, not by NumPy's warnings
def train(
    net,
    x,
    target,
    loss,
    optimiser=None,
    epochs=10,
    batch_size=32,
    mask=None,
    validation=None,
    recorders=(),
    clip_norm=None,
    shuffle=True,
    seed=0,
    progress=True,
    *,
    h_0=None,
    schedule=None,
    drop=None,
    patience=None,
):
    """Train `net` in place; returns a History.

    Parameters
    ----------
    x : (N, T, I) sequences, or (N, I) samples for a network without time steps
    target : what the loss wants for outputs (N, T, O)
    loss : MeanSquaredError, BinaryCrossEntropy or CategoricalCrossEntropy
    optimiser : SGD or Adam; None is Adam(0.003)
    epochs, batch_size : passes over all sequences; sequences for each change of the parameters
    mask : (N, T) bool, True = a real step; elsewhere x and target may hold anything
    validation : (x, target), (x, target, mask) or (x, target, mask, h_0): measured after each epoch, not learned from
    recorders : for instance [StateRecorder(probe)]
    clip_norm : a longer gradient is shortened to this length; None lets all through
    shuffle, seed : whether and how the sequences are mixed anew in each epoch; the same seed, the same result
    progress : whether to show how far it is
    h_0 : the state before the first step of each sequence, (N, H), of an LSTM the pair; None is zeros
    schedule : a function epoch -> learning rate, called for epochs 1, 2, … before the first; see `schedules`
    drop : None, or the probabilities for `thinned`, such as {"W_hh": 0.2}: each batch trains a network thinned anew
    patience : stop after so many epochs without a better validation loss. However the training ends, the network then
        has the parameters of the best epoch, and the optimiser starts anew if these are not the last. None: the last

    The parameters change after each batch, never within a sequence. A loss or gradient that is not finite ends the
    training: the parameters are then the last ones that gave finite numbers.

    Ctrl-C or the stop button ends it too, with all that was learned: the network keeps it, history and recorders agree
    on the last finished epoch, and Interrupted is raised, so that a cell or a script stops. It is a KeyboardInterrupt.
    Afterwards a notebook finds the history in `sys.last_value.history`; a script that wants to go on catches it:

        try:
            history = train(net, ...)
        except KeyboardInterrupt as stop:
            history = stop.history

    Raises ValueError on bad input, with nothing changed.
    """
    trainable("net", net)
    checks.instance("loss", loss, Loss, "a loss, such as MeanSquaredError()")
    optimiser = Adam(0.003) if optimiser is None else optimiser
    checks.instance("optimiser", optimiser, Optimiser, "an optimiser, such as Adam(0.003)")
    epochs, batch_size = checks.whole_number("epochs", epochs), checks.whole_number("batch_size", batch_size)
    clip_norm = None if clip_norm is None else checks.number("clip_norm", clip_norm, above=0)
    shuffle, progress = checks.truth("shuffle", shuffle), checks.truth("progress", progress)
    rng = checks.generator("seed", seed)
    rates = None if schedule is None else _checked_rates(schedule, epochs)
    if drop is not None:
        thinned(net, drop, np.random.default_rng(0))  # says what is wrong with it before any work
    data = Batches(net, loss, x, target, mask, h_0)
    held_out = None if validation is None else held_out_batches(net, loss, validation)
    best = None if patience is None else _checked_patience(net, patience, held_out)
    recorders = _checked_recorders(recorders, net)
    for recorder in recorders:
        recorder.begin(net)

    history = History(epochs)
    interrupts = Interrupts()
    step = _Step(net, loss, optimiser, clip_norm, drop, rng, best, interrupts.held)
    begin = time.perf_counter()
    line = Progress(epochs, "epoch", "of training", show=progress)
    try:
        epoch = 0
        with interrupts, one_thread():
            with interrupts.held:
                for recorder in recorders:
                    recorder.record(epoch, net)
            for epoch in range(1, epochs + 1):
                if rates is not None:
                    optimiser.learning_rate = rates[epoch - 1]
                order = rng.permutation(data.N) if shuffle else np.arange(data.N)
                losses, norms = [], []
                for start in range(0, data.N, batch_size):
                    J, norm = step(*data.take(order[start : start + batch_size]))
                    losses.append(J)
                    norms.append(norm)
                    if progress:
                        line.at(epoch - 1 + min(start + batch_size, data.N) / data.N, J)
                step.finite_or_stop("change of the parameters", abs(net.theta).max())
                step.finite_or_stop("memory of the optimiser", optimiser.largest_memory())
                validation_loss = None
                if held_out is not None:
                    validation_loss = step.finite_or_stop("validation loss", held_out.mean_loss(net, loss, batch_size))
                with interrupts.held:  # history and recorders, all of them or none
                    history._epochs.append((sum(losses) / len(losses), sum(norms) / len(norms), validation_loss))
                    enough = best is not None and best.lost_patience(epoch, validation_loss)
                    for recorder in recorders:
                        recorder.record(epoch, net)
                if enough:
                    break
    except NotFinite as problem:
        history.stopped = f"stopped in epoch {epoch}: {problem}"
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    finally:
        if best is not None:
            history.kept_epoch = best.epoch
            if best.go_back():
                optimiser.forget()
        history.seconds = time.perf_counter() - begin
        line.close(None if history.stopped == "interrupted" else history.stopped)
    if history.stopped == "interrupted":
        raise Interrupted(history, epochs)
    return history


def trainable(name, net):
    """`net`, if it is a network of real numbers."""
    checks.instance(name, net, Network, "a network")
    if net.dtype.kind != "f":
        raise checks.bad(name, "a network in float32 or float64", f"one in {net.dtype}")
    return net


class _Step:
    """One step of training: forward, loss, backward, clip, update. `whole` holds interrupts back from the update."""

    def __init__(self, net, loss, optimiser, clip_norm, drop, rng, best, whole):
        self.net, self.loss, self.optimiser, self.clip_norm = net, loss, optimiser, clip_norm
        self.drop, self.rng, self.best, self.whole = drop, rng, best, whole
        self.workspace = Workspace()
        self.last_good = net.theta.copy()

    def __call__(self, x, target, mask, h_0):
        net, workspace = self.net, self.workspace
        thin, factors = (net, None) if self.drop is None else thinned(net, self.drop, self.rng)
        record, y = batches.forward(thin, x, h_0, mask, workspace)
        J, dy = self.loss.value_and_slope(y, target, mask, workspace)
        self.finite_or_stop("loss", J)
        gradients = batches.backward(thin, record, dy, workspace)
        gradient = gradients.theta
        if factors:  # what did not go through the network does not come back
            for name, factor in factors.items():
                gradients[name][...] *= factor
        norm = self.finite_or_stop("gradient", global_norm(gradient))
        if self.clip_norm is not None and norm > self.clip_norm:
            gradient *= self.clip_norm / norm
        theta = net.theta
        with self.whole:
            self.last_good[...] = theta
            self.optimiser.update(theta, gradient)
        return J, norm

    def finite_or_stop(self, what, value):
        """`value`, if it is finite; else parameters and optimiser go back to where they were good: NotFinite."""
        if math.isfinite(value):
            return value
        self.net.theta[...] = self.last_good
        self.optimiser.forget()
        clip = "clip_norm=1" if self.clip_norm is None else "a smaller clip_norm"
        of_best = self.best is not None and self.best.epoch > 0
        kept = f"those of epoch {self.best.epoch}" if of_best else "the last that gave finite numbers"
        raise NotFinite(
            f"the {what} was not finite. The parameters are {kept}. Try a smaller learning rate, {clip}, or recurrent "
            "weights with a smaller spectral radius"
        )


def held_out_batches(net, loss, validation):
    if not isinstance(validation, tuple | list) or len(validation) not in (2, 3, 4):
        expected = "(x, target), (x, target, mask) or (x, target, mask, h_0)"
        raise checks.bad("validation", expected, checks.describe(validation))
    return Batches(net, loss, *validation, prefix="validation ")


def _checked_rates(schedule, epochs):
    """The learning rate of each epoch."""
    if not callable(schedule):
        expected = "a function epoch -> learning rate, such as cosine_decay(0.01, epochs=50)"
        raise checks.bad("schedule", expected, checks.describe(schedule))
    return [checks.number("schedule", schedule(epoch), above=0) for epoch in range(1, epochs + 1)]


def _checked_patience(net, patience, held_out):
    patience = checks.whole_number("patience", patience)
    if held_out is None:
        raise checks.bad("validation", "(x, target), as there is patience", "None")
    return BestEpoch(net, patience)


def _checked_recorders(recorders, net):
    recorders = list(recorders) if isinstance(recorders, list | tuple) else [recorders]
    for recorder in recorders:
        methods = (getattr(recorder, name, None) for name in ("begin", "record"))
        if isinstance(recorder, type) or not all(map(callable, methods)):
            expected = "a list of recorders, such as [StateRecorder(probe)]"
            raise checks.bad("recorders", expected, checks.describe(recorder))
    for recorder in recorders:  # all of them before the first begins, and forgets what it has
        if hasattr(recorder, "check"):
            recorder.check(net)
    return recorders
