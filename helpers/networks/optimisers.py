"""Optimisers change a flat parameter vector in place, along a gradient of the same length.

An optimiser keeps its memory (velocity, moments) while it is given the same vector, so a second `train` of the same
network goes on where the first ended; given another network's vector it starts anew, and so it does after a training
that ended because a number was not finite.
"""

import math

import numpy as np

from . import checks
from .denormals import floor
from .network import constant

FLOOR_EVERY = 64  # steps; with β = 0.9 a mean shrinks to a thousandth meanwhile


class Optimiser:
    """Base of the optimisers: `update(theta, gradient)` changes theta in place."""

    _theta = None

    def update(self, theta, gradient):
        """One step. theta and gradient are flat vectors of the same length."""
        if theta is not self._theta:
            self._theta = theta
            self._start(theta)
        self._step(theta, gradient)

    def forget(self):
        """Start anew at the next update: after steps that led to infinity, so would what is remembered of them."""
        self._theta = None

    def _start(self, theta):
        raise NotImplementedError

    def _step(self, theta, gradient):
        raise NotImplementedError


class SGD(Optimiser):
    """Gradient descent θ ← θ - α g; with momentum v ← μ v - α g, θ ← θ + v (as in Keras).

    learning_rate α above 0; momentum μ from 0 to below 1.
    """

    def __init__(self, learning_rate=0.01, momentum=0.0):
        self.learning_rate = checks.number("learning_rate", learning_rate, above=0)
        self.momentum = checks.number("momentum", momentum, at_least=0, below=1)

    def __repr__(self):
        return f"SGD(learning_rate={self.learning_rate:g}, momentum={self.momentum:g})"

    def _start(self, theta):
        self._n, self._velocity = 0, np.zeros_like(theta)

    def _step(self, theta, gradient):
        v = self._velocity
        v *= self.momentum
        v -= self.learning_rate * gradient
        theta += v
        self._n += 1
        if self._n % FLOOR_EVERY == 0:
            floor(v)


class Adam(Optimiser):
    """Adam, Kingma and Ba (2015), algorithm 1 in the efficient form of their section 2 (as in Keras).

    learning_rate α above 0; beta_1, beta_2 from 0 to below 1; epsilon above 0.
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        self.learning_rate = checks.number("learning_rate", learning_rate, above=0)
        self.beta_1 = checks.number("beta_1", beta_1, at_least=0, below=1)
        self.beta_2 = checks.number("beta_2", beta_2, at_least=0, below=1)
        self.epsilon = checks.number("epsilon", epsilon, above=0)

    def __repr__(self):
        return f"Adam(learning_rate={self.learning_rate:g})"

    def _start(self, theta):
        self._n = 0
        self._mean, self._square, self._work = (
            np.zeros_like(theta),
            np.zeros_like(theta),
            np.empty_like(theta),
        )

    def _step(self, theta, gradient):
        m, v, work = self._mean, self._square, self._work
        self._n += 1
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


def clip_by_global_norm(gradient, limit):
    """Shorten a flat gradient in place to length `limit` if it is longer; returns its length before.

    Raises ValueError if the gradient is no flat array of finite floats, or the limit not above 0.
    """
    limit = checks.number("limit", limit, above=0)
    if not isinstance(gradient, np.ndarray) or gradient.dtype.kind != "f":
        raise checks.bad("gradient", "an array of floats", checks.describe(gradient))
    checks.array("gradient", gradient, ("n",), gradient.dtype)
    with np.errstate(over="ignore"):
        length = global_norm(gradient)
    if length > limit:
        gradient *= limit / length
    return length


def global_norm(gradient):
    """√ Σ g², also where the squares of float32 numbers overflow."""
    length = float(np.sqrt(np.dot(gradient, gradient)))
    return length if math.isfinite(length) else float(np.linalg.norm(gradient.astype(np.float64)))
