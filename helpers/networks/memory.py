"""How long a state remembers: what of an input can still be read from it, so many steps later."""

import numpy as np

from . import checks
from .recurrent import Recurrent


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
    with np.errstate(over="ignore", invalid="ignore"):
        states = net.forward(x)[1].states[0, lags:].astype(float)
    if not np.isfinite(states).all() or np.abs(states).max() > 1e100:
        return np.zeros(lags)  # it has exploded: nothing can be read
    states = np.column_stack([states, np.ones(steps)])  # (steps, H + 1)
    past = np.column_stack([x[0, lags - k : lags + steps - k, 0] for k in range(lags)])  # (steps, lags)
    half = steps // 2
    readout = np.linalg.lstsq(states[:half], past[:half], rcond=None)[0]
    error = np.mean((states[half:] @ readout - past[half:]) ** 2, axis=0)
    return np.maximum(1 - error, 0)
