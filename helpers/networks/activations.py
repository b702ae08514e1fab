"""Activation functions φ(a) and their slopes φ'(a), written with h = φ(a), so that `a` is not needed again.

Every function writes into `out` and also runs in complex numbers, for the complex step of the gradient check.
"""

from typing import NamedTuple

import numpy as np

from .processor import quietly

# As arrays: a Python number would be made into one at each call, which for few numbers costs as much as the work.
ONE = {np.dtype(name): np.ones((), name) for name in ("float32", "float64", "complex128")}


class Activation(NamedTuple):
    """φ as `of(a, out)`, φ' as `slope(h, out)` with h = φ(a); `smooth` is False where φ has a kink."""

    name: str
    of: callable
    slope: callable
    smooth: bool = True


def _tanh_slope(h, out):  # φ'(a) = 1 - h²
    np.multiply(h, h, out=out)
    return np.subtract(ONE[out.dtype], out, out=out)


def _sigmoid(a, out):  # φ(a) = 1 / (1 + e⁻ᵃ) = ½ + ½ tanh(a/2): the second form cannot overflow
    np.multiply(a, 0.5, out=out)
    np.tanh(out, out=out)
    np.multiply(out, 0.5, out=out)
    return np.add(out, 0.5, out=out)


def _sigmoid_slope(h, out):  # φ'(a) = h (1 - h)
    np.subtract(ONE[out.dtype], h, out=out)
    return np.multiply(out, h, out=out)


def _relu(a, out):  # φ(a) = a where a > 0, else 0
    if out.dtype.kind == "c":
        return np.multiply(a, a.real > 0, out=out)
    return np.maximum(a, 0, out=out)


def _relu_slope(h, out):  # φ'(a) = 1 where h > 0, else 0; at the kink 0, as Keras has it
    return np.greater(h.real, 0, out=out, casting="unsafe")


def _linear_slope(h, out):  # φ'(a) = 1
    out[...] = 1
    return out


ACTIVATIONS = {
    "tanh": Activation("tanh", np.tanh, _tanh_slope),
    "relu": Activation("relu", _relu, _relu_slope, smooth=False),
    "sigmoid": Activation("sigmoid", _sigmoid, _sigmoid_slope),
    "linear": Activation("linear", np.positive, _linear_slope),
}


@quietly
def sigmoid(y):
    """Probabilities σ(y) = 1 / (1 + e⁻ʸ) of logits of any shape, without overflow."""
    return 0.5 + 0.5 * np.tanh(np.asarray(y) / 2)


@quietly
def softmax(logits, temperature=1.0):
    """Probabilities (..., O) of `logits` (..., O) divided by `temperature` (> 0); −∞ gets 0, large numbers are safe."""
    scaled = np.asarray(logits)
    if temperature != 1:  # −∞ in complex numbers cannot be divided
        scaled = scaled / temperature
    scaled = np.exp(scaled - scaled.real.max(axis=-1, keepdims=True))
    return scaled / scaled.sum(axis=-1, keepdims=True)
