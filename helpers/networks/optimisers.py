"""Optimisers change a flat parameter vector in place, along a gradient of the same length.

An optimiser keeps its memory (velocity, moments) while it is given the same vector, so a second `train` of the same
network goes on where the first ended. The memory also goes over to a copy: to another vector of the same dtype with the
same values, such as that of `net.copy()`, or of a network that was pickled apart from its optimiser. Given any other
vector the optimiser starts anew, and so it does after a training that ended because a number was not finite.
"""

import math

import numpy as np

from . import checks
from .arrays import constant
from .processor import floor, quietly

FLOOR_EVERY = 64  # steps; with β = 0.9 a mean shrinks to a thousandth meanwhile


class Setting:
    """A number that is checked whenever it is assigned; ValueError names it, the limits and what was given."""

    def __init__(self, **limits):
        self.limits = limits

    def __set_name__(self, owner, name):
        self.name = name

    def __set__(self, optimiser, value):  # there is no __get__: it is read from where it is kept, at no cost
        optimiser.__dict__[self.name] = checks.number(self.name, value, **self.limits)


class Optimiser:
    """Base of the optimisers: `update(theta, gradient)` changes theta in place.

    learning_rate α above 0. weight_decay λ of at least 0: each step first shrinks all parameters by α λ of themselves
    (I. Loshchilov and F. Hutter, Decoupled weight decay regularization, ICLR 2019; as in Keras).

    remembers : the names of the vectors that it keeps from step to step
    """

    learning_rate, weight_decay = Setting(above=0), Setting(at_least=0)
    remembers = ()
    _theta, _n = None, 0

    @quietly
    def update(self, theta, gradient):
        """One step. theta and gradient are flat vectors of the same length."""
        if theta is not self._theta:
            if not self.knows(theta):
                self._start(theta)
            self._theta = theta
        if self.weight_decay:
            theta *= 1 - self.learning_rate * self.weight_decay
        self._n += 1
        self._step(theta, gradient)

    def forget(self):
        """Start anew at the next update: after steps that led to infinity, so would what is remembered of them."""
        self._theta, self._n = None, 0

    def knows(self, theta):
        """Whether what is remembered belongs to this vector, or to one with the same values."""
        known = self._theta
        return known is not None and (theta is known or (theta.dtype == known.dtype and np.array_equal(theta, known)))

    def memory(self):
        """What is remembered, by name: the number of steps "n" and the vectors; nothing before the first step."""
        return {} if self._theta is None else {"n": self._n} | {name: getattr(self, name) for name in self.remembers}

    def remember(self, theta, memory):
        """Go on with `theta` as the optimiser whose `memory()` this was."""
        self._start(theta)
        self._theta, self._n = theta, checks.whole_number("n", memory["n"])
        for name in self.remembers:
            getattr(self, name)[...] = checks.array(name, memory[name], theta.shape, theta.dtype)

    def largest_memory(self):
        """The sizes of the largest numbers that are remembered, added up; not finite if one of them is not."""
        return 0.0 if self._theta is None else sum(float(abs(getattr(self, name)).max()) for name in self.remembers)

    def _start(self, theta):
        self._n = 0
        for name in self.remembers:
            setattr(self, name, np.zeros_like(theta))

    def _step(self, theta, gradient):
        raise NotImplementedError


class SGD(Optimiser):
    """Gradient descent θ ← θ - α g; with momentum v ← μ v - α g, θ ← θ + v (as in Keras).

    learning_rate α above 0; momentum μ from 0 to below 1; weight_decay as `Optimiser` has it. They can be changed
    between trainings: `optimiser.learning_rate = 0.001`.
    """

    momentum = Setting(at_least=0, below=1)
    remembers = ("velocity",)

    def __init__(self, learning_rate=0.01, momentum=0.0, weight_decay=0.0):
        self.learning_rate, self.momentum, self.weight_decay = learning_rate, momentum, weight_decay

    def __repr__(self):
        return f"SGD(learning_rate={self.learning_rate:g}, momentum={self.momentum:g}{_decay(self)})"

    def _step(self, theta, gradient):
        v = self.velocity
        v *= self.momentum
        v -= self.learning_rate * gradient
        theta += v
        if self._n % FLOOR_EVERY == 0:
            floor(v)


class Adam(Optimiser):
    """Adam, Kingma and Ba (2015), algorithm 1 in the efficient form of their section 2 (as in Keras).

    learning_rate α above 0; beta_1, beta_2 from 0 to below 1; epsilon above 0; weight_decay as `Optimiser` has it. They
    can be changed between trainings: `optimiser.learning_rate = 0.001`.
    """

    beta_1, beta_2 = Setting(at_least=0, below=1), Setting(at_least=0, below=1)
    epsilon = Setting(above=0)
    remembers = ("mean", "square")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.0):
        self.learning_rate, self.weight_decay = learning_rate, weight_decay
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def __repr__(self):
        return f"Adam(learning_rate={self.learning_rate:g}{_decay(self)})"

    def _start(self, theta):
        super()._start(theta)
        self._work = np.empty_like(theta)

    def _step(self, theta, gradient):
        m, v, work = self.mean, self.square, self._work
        np.subtract(gradient, m, out=work)
        work *= constant(1 - self.beta_1, theta.dtype)
        m += work  # m ← β₁ m + (1 - β₁) g
        np.multiply(gradient, gradient, out=work)
        work -= v
        work *= constant(1 - self.beta_2, theta.dtype)
        v += work  # v ← β₂ v + (1 - β₂) g²
        rate = self.learning_rate * (1 - self.beta_2**self._n) ** 0.5 / (1 - self.beta_1**self._n)
        np.sqrt(v, out=work)
        work += constant(self.epsilon, theta.dtype)
        np.divide(m, work, out=work)
        work *= rate
        theta -= work  # θ ← θ - α m̂ / (√v̂ + ε)
        if self._n % FLOOR_EVERY == 0:
            floor(m)


def _decay(optimiser):
    return f", weight_decay={optimiser.weight_decay:g}" if optimiser.weight_decay else ""


@quietly
def clip_by_global_norm(gradient, limit):
    """Shorten a flat gradient in place to length `limit` if it is longer; returns its length before.

    Raises ValueError if the gradient is no flat array of finite floats, or the limit not above 0.
    """
    limit = checks.number("limit", limit, above=0)
    if not isinstance(gradient, np.ndarray) or gradient.dtype.kind != "f":
        raise checks.bad("gradient", "an array of floats", checks.describe(gradient))
    checks.array("gradient", gradient, ("n",), gradient.dtype)
    length = global_norm(gradient)
    if length > limit:
        gradient *= limit / length
    return length


def global_norm(gradient):
    """√ Σ g², also where the squares of float32 numbers overflow."""
    length = float(np.sqrt(np.dot(gradient, gradient)))
    return length if math.isfinite(length) else float(np.linalg.norm(gradient.astype(np.float64)))
