"""Training: epochs of shuffled batches, a history, recorders; can be interrupted and notices when it goes wrong."""

import time

import numpy as np

from ..progress import Progress
from . import checks
from .losses import Loss
from .network import Network, Workspace, as_sequences, time_first
from .optimisers import Adam, Optimiser, global_norm


class History:
    """What happened in a training.

    loss, validation_loss, gradient_norm : one float per finished epoch (mean over its batches; the norm is that before
        clipping); validation_loss is empty if there was no validation
    seconds : time the training took
    stopped : None, "interrupted", or a sentence on a loss that was not finite and what to try
    """

    def __init__(self, planned):
        self.planned = planned
        self.loss, self.validation_loss, self.gradient_norm = [], [], []
        self.seconds = 0.0
        self.stopped = None

    def __repr__(self):
        done = (
            f"{len(self.loss)} epochs"
            if len(self.loss) == self.planned
            else f"{len(self.loss)} of {self.planned} epochs"
        )
        parts = [f"History: {done}"]
        for words, values in (("loss", self.loss), ("validation loss", self.validation_loss)):
            if values:
                parts.append(f"{words} {values[0]:.3g} → {values[-1]:.3g}")
        if self.stopped:
            parts.append(self.stopped)
        return ", ".join(parts)


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
):
    """Train `net` in place and return a History.

    Parameters
    ----------
    x : (N, T, I) sequences, or (N, I) for a network without time steps
    target : as the loss wants it, for N sequences or samples
    loss : MeanSquaredError, BinaryCrossEntropy or CategoricalCrossEntropy
    optimiser : SGD or Adam; Adam(0.003) if None
    mask : (N, T) bool, True = a real step
    validation : (x, target) or (x, target, mask), measured after each epoch and not learned from
    recorders : for instance [StateRecorder(probe)]
    clip_norm : longest gradient that is let through, or None
    shuffle, seed : whether and how the sequences are mixed anew in each epoch; the same seed gives the same result
    progress : show a line with the progress

    The parameters change after each batch, never within a sequence. Ctrl-C or the stop button ends the training and
    keeps what was learned. A loss or gradient that is not finite ends it too; the parameters are then those that last
    gave a finite one. Raises ValueError on bad input, with nothing changed.
    """
    checks.instance("net", net, Network, "a network")
    checks.instance("loss", loss, Loss, "a loss, such as MeanSquaredError()")
    optimiser = checks.instance(
        "optimiser",
        Adam(0.003) if optimiser is None else optimiser,
        Optimiser,
        "an optimiser, such as Adam(0.003)",
    )
    epochs, batch_size = checks.whole_number("epochs", epochs), checks.whole_number("batch_size", batch_size)
    clip_norm = None if clip_norm is None else checks.number("clip_norm", clip_norm, above=0)
    shuffle, progress = checks.truth("shuffle", shuffle), checks.truth("progress", progress)
    rng = checks.generator("seed", seed)
    data = _Data(net, loss, x, target, mask)
    held_out = None if validation is None else _validation(net, loss, validation)
    recorders = list(recorders) if isinstance(recorders, list | tuple) else [recorders]
    for recorder in recorders:
        if not (callable(getattr(recorder, "begin", None)) and callable(getattr(recorder, "record", None))):
            raise checks.bad(
                "recorders", "a list of recorders, such as [StateRecorder(probe)]", checks.describe(recorder)
            )
    for recorder in recorders:
        recorder.begin(net)

    history = History(epochs)
    step = _Step(net, loss, optimiser, clip_norm)
    begin = time.perf_counter()
    line = Progress(epochs, "epoch", "of training", show=progress)
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is reported in words
            for recorder in recorders:
                recorder.record(0, net)
            for epoch in range(1, epochs + 1):
                order = rng.permutation(data.N) if shuffle else np.arange(data.N)
                batches = [order[start : start + batch_size] for start in range(0, data.N, batch_size)]
                losses, norms = [], []
                for number, batch in enumerate(batches):
                    J, norm = step(*data.batch(batch))
                    if not (np.isfinite(J) and np.isfinite(norm)):
                        what = "loss" if not np.isfinite(J) else "gradient"
                        history.stopped = _advice(what, epoch, number + 1, clip_norm)
                        return history
                    losses.append(J)
                    norms.append(norm)
                    line.at(epoch - 1 + (number + 1) / len(batches), J)
                row = sum(losses) / len(losses), sum(norms) / len(norms)
                held_out_loss = None if held_out is None else held_out.mean_loss(net, loss, batch_size)
                for recorder in recorders:
                    recorder.record(epoch, net)
                history.loss.append(row[0])
                history.gradient_norm.append(row[1])
                if held_out is not None:
                    history.validation_loss.append(held_out_loss)
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    finally:
        history.seconds = time.perf_counter() - begin
        line.close(history.stopped)
    return history


class _Step:
    """One step of training: forward, loss, backward, clip, update."""

    def __init__(self, net, loss, optimiser, clip_norm):
        self.net, self.loss, self.optimiser, self.clip_norm = net, loss, optimiser, clip_norm
        self.workspace = Workspace()
        self.finite = net.theta.copy()

    def __call__(self, x, target, mask):
        net, workspace = self.net, self.workspace
        record = net._forward(x, None, mask, workspace)
        J, dy = self.loss.value_and_slope(record.along_time[3], target, mask, workspace)
        if not np.isfinite(J):
            net.theta[...] = self.finite
            return J, 0.0
        gradient = net._backward(record, dy, workspace).theta
        norm = global_norm(gradient)
        if not np.isfinite(norm):
            return J, norm  # nothing was changed yet
        if self.clip_norm is not None and norm > self.clip_norm:
            gradient *= self.clip_norm / norm
        self.finite[...] = net.theta
        self.optimiser.update(net.theta, gradient)
        return J, norm


class _Data:
    """Checked sequences in the network's dtype, time first, and batches of them."""

    def __init__(self, net, loss, x, target, mask, names=("x", "target", "mask")):
        x = net.checked_inputs(names[0], x, "N")
        self.N = len(x)
        if mask is not None:
            mask = checks.mask_array(names[2], mask, *x.shape[:-1])
        target = loss.prepare(target, (*x.shape[:-1], net.output_size), net.dtype, mask, names[1])
        self.x, self.target = as_sequences(x), target
        self.mask = None if mask is None else time_first(mask)
        self.target_axis = 1 if loss.steps == "every" else 0

    def batch(self, numbers):
        mask = None if self.mask is None else self.mask.take(numbers, axis=1)
        return self.x.take(numbers, axis=1), self.target.take(numbers, axis=self.target_axis), mask

    def mean_loss(self, net, loss, batch_size):
        total = pairs = 0
        for start in range(0, self.N, batch_size):
            x, target, mask = self.batch(np.arange(start, min(start + batch_size, self.N)))
            y = net._forward(x, None, mask).along_time[3]
            counted = (
                target.shape[0]
                if loss.steps == "last"
                else y.shape[0] * y.shape[1]
                if mask is None
                else mask.sum()
            )
            total += loss.value_and_slope(y, target, mask)[0] * counted
            pairs += counted
        return float(total / pairs)


def _validation(net, loss, validation):
    if not isinstance(validation, tuple | list) or len(validation) not in (2, 3):
        raise checks.bad("validation", "(x, target) or (x, target, mask)", checks.describe(validation))
    names = tuple(f"validation {name}" for name in ("x", "target", "mask"))
    return _Data(net, loss, *(*validation, None)[:3], names=names)


def _advice(what, epoch, batch, clip_norm):
    first = (
        "a smaller learning rate, or clip_norm=1"
        if clip_norm is None
        else "a smaller learning rate or clip_norm"
    )
    return (
        f"stopped in epoch {epoch}, batch {batch}: the {what} was not finite. The parameters are the last that gave "
        f"finite numbers. Try {first}, or recurrent weights with a smaller spectral radius"
    )
