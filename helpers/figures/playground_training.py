"""The training behind the playground, piece by piece. It knows no figure and no widget: plain Python and NumPy."""

import math
import time

import numpy as np

from helpers.live.typed import shown
from helpers.networks import GRU, LSTM, Adam, SimpleRNN, clip_by_global_norm, gradient_by_lag
from helpers.networks.initialisers import glorot_uniform, identity, orthogonal

BATCH = 32  # sequences for each change of the parameters
PROBES = 4  # sequences that are looked at, never learned from
POINTS = 300  # of the loss that are kept, however long the training
LIMIT = 20_000  # batches after which a run ends by itself
LEARNED = 0.02  # share of the baseline's loss below which there is nothing left to learn
CELLS = ("plain tanh", "plain relu", "LSTM", "GRU")
STARTS = ("orthogonal", "small", "large", "identity", "Glorot")


class Thinned:
    """Numbers in order, at most `most` of them: when they are too many, neighbours become their mean.

    at, values: lists of equal length: the count of numbers up to the end of each group, and the group's mean.
    """

    def __init__(self, most=POINTS):
        self.most, self.group, self.count = most, 1, 0
        self.at, self.values, self._open = [], [], []

    def add(self, value):
        self.count += 1
        self._open.append(value)
        if len(self._open) < self.group:
            return
        self.at.append(self.count)
        self.values.append(sum(self._open) / self.group)
        self._open = []
        if len(self.at) == self.most:
            self.at = self.at[1::2]
            self.values = [(a + b) / 2 for a, b in zip(self.values[::2], self.values[1::2], strict=True)]
            self.group *= 2


class Training:
    """A network, its optimiser and the loss so far.

    task: a Task. cell: one of CELLS; start: one of STARTS, how W_hh begins. seed: of network and data.
    """

    def __init__(self, task, cell, units, start, seed):
        self.task, self.cell = task, cell
        self.net = make_network(task, cell, units, start, seed)
        # Rows of pictures: units by their first weight on the answer. An order that changed would make them jump.
        self.order = np.argsort(-self.net.parameters["W_ho"][:, 0], kind="stable")
        self.optimiser, self.batches, self.history = Adam(), 0, Thinned()
        x, target = task.draw(8 * BATCH, np.random.default_rng([seed, 3]))
        y = self.net.forward(x)[0][:, task.first :]
        self.loss_before = self.recent_loss = task.loss(y, target)[0]  # the recent ones: means over some 30 batches
        self.recent_right = task.right(y, target)
        self.learned, self._good = False, self.net.theta.copy()

    def back(self, x, target):
        """Forward, loss and backward on one batch: (loss, share of right answers, flat gradient); nothing changes.

        ArithmeticError if a number is not finite: then the weights go back to the last that gave finite numbers.
        """
        task, net = self.task, self.net
        try:
            y, record = net.forward(x)
        except ArithmeticError:
            raise self._back_to_good() from None
        asked = y[:, task.first :]
        J, dy_asked = task.loss(asked, target)
        dy = np.zeros_like(y)
        dy[:, task.first :] = dy_asked
        gradient = net.backward(record, dy).theta
        if not math.isfinite(J) or not math.isfinite(gradient @ gradient):
            raise self._back_to_good()
        return J, task.right(asked, target), gradient

    def _back_to_good(self):
        self.net.theta[...] = self._good
        self.optimiser.forget()
        return ArithmeticError("a number was not finite")

    def change(self, J, right, gradient, rate, clip):
        """Clip, update, and remember how it went; from what `back` returned."""
        if clip is not None:
            clip_by_global_norm(gradient, clip)
        self._good[...] = self.net.theta
        self.optimiser.learning_rate = rate
        self.optimiser.update(self.net.theta, gradient)
        self.batches += 1
        self.history.add(J)
        share = max(1 / self.batches, 1 / 30)
        self.recent_loss += share * (J - self.recent_loss)
        self.recent_right += share * (right - self.recent_right)


class Race:
    """One training or more, that read the same batches one after the other. All cells start from the same seed."""

    def __init__(self, task, cells, units, start, seed):
        self.task = task
        self.trainings = [Training(task, cell, units, start, seed) for cell in cells]
        self._rng = np.random.default_rng([seed, 1])
        self.probe, self.target = task.draw(PROBES, np.random.default_rng([seed, 2]))

    @property
    def batches(self):
        return self.trainings[0].batches

    def advance(self, rate, clip=None, seconds=math.inf, batches=math.inf):
        """Train for `seconds` or `batches`, whichever is over first; one batch at least.

        Returns None, or why it ended, in words. All parameters are finite at any time.
        """
        end, done = time.perf_counter() + seconds, 0
        with np.errstate(all="ignore"):  # what is not finite is reported in words
            while done == 0 or (done < batches and time.perf_counter() < end):
                x, target = self.task.draw(BATCH, self._rng)
                passes = []
                for training in self.trainings:  # all of them go back before the first changes: they stay in step
                    try:
                        passes.append(training.back(x, target))
                    except ArithmeticError:
                        return self._exploded(training)
                for training, went in zip(self.trainings, passes, strict=True):
                    training.change(*went, rate, clip)
                done += 1
                if self._all_learned():
                    return "The task is learned: the loss is below 2 % of what guessing has."
                if self.batches % LIMIT == 0:
                    return f"{LIMIT:,} batches are over. The same button goes on."
        return None

    def _exploded(self, training):
        return (
            f"In batch {training.batches + 1:,} the numbers of the {training.cell} network grew beyond all bounds. "
            "It keeps the last good weights. Try a smaller learning rate, or clipping."
        )

    def _all_learned(self):
        """True once: when the last of the networks has got there."""
        before = [training.learned for training in self.trainings]
        for training in self.trainings:
            enough = training.batches >= 30 and training.recent_loss < LEARNED * self.task.baseline
            training.learned = training.learned or enough
        return not all(before) and all(training.learned for training in self.trainings)

    def look(self, training):
        """What a training's network does with the probes.

        Returns (states (S, T, H), gates: name -> (S, T, H), answers (S, T), share of gradient left (T+1,)); units are
        in the training's fixed order.
        """
        with np.errstate(all="ignore"):
            y, record = training.net.forward(self.probe)
            left = np.median(gradient_by_lag(training.net, self.probe), axis=0)
        gates = {name: gate[:, :, training.order] for name, gate in getattr(record, "gates", {}).items()}
        return record.states[:, :, training.order], gates, self.task.answers(y[:, :, 0]), left


def make_network(task, cell, units, start, seed):
    """A network in float32 for a task. ValueError for a cell or a start that does not exist."""
    for name, value, options in (("cell", cell, CELLS), ("initialisation", start, STARTS)):
        if value not in options:
            raise ValueError(f"{name}: expected one of {', '.join(options)}, got {shown(value)}")
    settings = {"recurrent_initialiser": by_gate(start), "seed": seed, "dtype": "float32"}
    if cell in ("LSTM", "GRU"):
        return {"LSTM": LSTM, "GRU": GRU}[cell](task.inputs, units, 1, **settings)
    return SimpleRNN(task.inputs, units, 1, cell.split()[1], **settings)


def by_gate(start):
    """An initialiser for W_hh (H, nH) that makes each gate's square matrix by itself."""

    def initialise(rng, shape):
        square = (shape[0], shape[0])
        make = {"identity": identity, "Glorot": glorot_uniform}.get(start, orthogonal)
        scale = {"small": 0.5, "large": 1.5}.get(start, 1.0)
        return scale * np.hstack([make(rng, square) for _ in range(shape[1] // shape[0])])

    return initialise
