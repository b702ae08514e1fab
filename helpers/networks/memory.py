"""How long a network remembers: how much of an input can be read from its state, so many steps later.

And how much of a gradient is left so many steps before the loss, and how much there can be at most.
"""

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .network import NotFinite
from .processor import quietly
from .recurrent import Recurrent
from .simple_rnn import SimpleRNN

STEEPEST = {"tanh": 1.0, "relu": 1.0, "linear": 1.0, "sigmoid": 0.25}  # the largest slope φ'(a) there is


@quietly
def gradient_by_lag(net, x, h_0=None):
    """‖dJ/dh_{T-k}‖ / ‖dJ/dh_T‖ for each sequence and lag k: (B, T+1), lag 0 first; of an LSTM, dJ/dc of its cells.

    J is the sum of the outputs at the last step, so dJ/dh_T is the sum of the columns of W_ho.
    net : a recurrent network; x (B, T, I) sequences. Raises ValueError on bad input.
    """
    checks.instance("net", net, Recurrent, "a recurrent network: SimpleRNN, LSTM or GRU")
    y, record = net.forward(x, h_0)
    dy = np.zeros_like(y)
    dy[:, -1] = 1
    gradients = net.backward(record, dy)
    norms = np.linalg.norm(getattr(gradients, "c", gradients.h), axis=2)[:, ::-1]  # (B, T+1)
    if not norms[:, 0].all():
        raise checks.bad("net", "output weights W_ho that do not add up to zero", "a gradient of zero at the last step")
    return norms / norms[:, :1]


@quietly
def lag_bound(net, lags):
    """(γ σ)^k for each lag k: no gradient of a SimpleRNN can be larger, relative to lag 0.

    σ is the largest singular value of W_hh, γ the steepest slope of the activation. R. Pascanu, T. Mikolov and
    Y. Bengio, On the difficulty of training recurrent neural networks, ICML (2013), section 2.1.
    """
    checks.instance("net", net, SimpleRNN, "a SimpleRNN")
    return (STEEPEST[net.activation] * largest_singular_value(net.parameters["W_hh"])) ** np.asarray(lags, float)


def largest_singular_value(W):
    """The most that a product with the matrix W can stretch a vector."""
    return float(np.linalg.norm(W, 2))


def spectral_radius(W):
    """The largest |eigenvalue| of a square matrix: the stretch per product in the long run."""
    return float(np.abs(np.linalg.eigvals(W)).max())


def mean_slope(net, record):
    """φ'(a_t), mean over units and sequences, for each step: (T,)."""
    states = np.ascontiguousarray(record.states)
    return ACTIVATIONS[net.activation].slope(states, np.empty_like(states)).mean(axis=(0, 2))


@quietly
def memory_curve(net, lags=40, steps=1200, seed=0):
    """The share of the input k steps ago that can be read linearly from the state, for k = 0 … lags - 1: (lags,).

    The network, which is not trained, reads random inputs −1 and +1, `steps` of them after the first `lags`. A linear
    readout is fitted by least squares to the first half of its states, and judged on the second: 1 - mean squared
    error, at least 0. The sum over all lags is the memory capacity, at most the number of units: H. Jaeger, Short term
    memory in echo state networks, GMD report 152 (2001).

    net : a recurrent network with one input. Raises ValueError on bad input.
    """
    checks.instance("net", net, Recurrent, "a recurrent network")
    if net.input_size != 1:
        raise checks.bad("net", "one input", f"{net.input_size} inputs")
    lags, steps = checks.whole_number("lags", lags), checks.whole_number("steps", steps, 4)
    x = checks.generator("seed", seed).choice([-1.0, 1.0], (1, lags + steps, 1))
    try:
        states = net.forward(x)[1].states[0, lags:].astype(float)
    except NotFinite:
        return np.zeros(lags)  # it has exploded: nothing can be read
    if np.abs(states).max() > 1e100:
        return np.zeros(lags)
    states = np.column_stack([states, np.ones(steps)])  # (steps, H + 1)
    past = np.column_stack([x[0, lags - k : lags + steps - k, 0] for k in range(lags)])  # (steps, lags)
    half = steps // 2
    readout = np.linalg.lstsq(states[:half], past[:half], rcond=None)[0]
    error = np.mean((states[half:] @ readout - past[half:]) ** 2, axis=0)
    return np.maximum(1 - error, 0)
