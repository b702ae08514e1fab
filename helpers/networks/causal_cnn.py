"""The causal convolutional network over time: no state; each output sees the last few inputs, and no others.

    h_t = φ(Σ_k x_{t-kd} W[K-1-k] + b)   k = 0 … K-1, one such layer on top of the other       y_t = h_t W_ho + b_o

B sequences, T steps, I inputs, C channels, O outputs, kernels of K steps, d the dilation. Inputs before the first are
taken as zero. W[K-1] belongs to the newest input, as Keras' Conv1D(padding="causal") stores its kernels. Dilated causal
layers as in A. van den Oord and others, WaveNet, arXiv:1609.03499 (2016), without their gates.
"""

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .arrays import Workspace, rows
from .feedforward import LayerGradients, LayerRecord
from .initialisers import initial_array
from .network import Network


def receptive_field(kernel_size, dilations):
    """How many inputs, the newest one included, can reach an output: 1 + (K - 1) Σ d."""
    kernel_size = checks.whole_number("kernel_size", kernel_size)
    return 1 + (kernel_size - 1) * sum(_dilations(dilations))


class CausalCNN(Network):
    """Causal convolutions, one layer for each dilation, and an output layer.

    Parameters
    ----------
    input_size, channels, output_size : I, C, O, each at least 1
    kernel_size : K, how many inputs each layer combines
    dilations : for each layer, from the inputs on, how many steps lie between these inputs; 1 = neighbours
    activation : "tanh", "relu", "sigmoid" or "linear", of all convolutions
    initialiser : a name or a function (rng, shape) -> array, called with (K · inputs, C); biases start at zero
    seed : whole number or numpy.random.Generator; the same seed gives the same network
    dtype : "float64" for checking, "float32" for speed

    The parameters are W_1 (K, I, C), b_1 (C,), W_2 (K, C, C), b_2, …, then W_ho (C, O), b_o (O,). There is no state and
    no mask: pad shorter sequences with zeros at the front.

    Raises ValueError that names the argument, what was expected and what was given.
    """

    takes_mask = False
    why_no_state = "a convolution has no state"

    def __init__(
        self,
        input_size,
        channels,
        output_size,
        kernel_size=3,
        dilations=(1,),
        activation="tanh",
        *,
        initialiser="glorot_uniform",
        seed=0,
        dtype="float64",
    ):
        I = self.input_size = checks.whole_number("input_size", input_size)
        C = self.channels = checks.whole_number("channels", channels)
        O = self.output_size = checks.whole_number("output_size", output_size)
        K = self.kernel_size = checks.whole_number("kernel_size", kernel_size)
        self.dilations = _dilations(dilations)
        self.activation = checks.one_of("activation", activation, ACTIVATIONS)
        dtype = checks.dtype("dtype", dtype, ("float32", "float64"))
        rng = checks.generator("seed", seed)
        arrays = {}
        for n in range(1, len(self.dilations) + 1):
            inputs = I if n == 1 else C
            arrays[f"W_{n}"] = initial_array("initialiser", initialiser, rng, (K * inputs, C)).reshape(K, inputs, C)
            arrays[f"b_{n}"] = np.zeros(C)
        arrays["W_ho"] = initial_array("initialiser", initialiser, rng, (C, O))
        arrays["b_o"] = np.zeros(O)
        super().__init__(arrays, dtype)

    def __repr__(self):
        sizes = f"input_size={self.input_size}, channels={self.channels}, output_size={self.output_size}"
        return f"CausalCNN({sizes}, kernel_size={self.kernel_size}, dilations={self.dilations}, dtype='{self.dtype}')"

    @property
    def receptive_field(self):
        """How many inputs, the newest one included, can reach an output."""
        return receptive_field(self.kernel_size, self.dilations)

    # ---- the mathematics: (T, B, ·), nothing checked. No loop over time: K products for all steps at once ------

    def _forward(self, x, h_0, mask, workspace=None):
        T, B, _ = x.shape
        new = workspace or Workspace()
        φ = ACTIVATIONS[self.activation].of
        all_a, all_h, below = [], [], x
        for n, (W, b, lags) in enumerate(self._layers()):
            a = new.array(f"a{n}", (T, B, self.channels), self.dtype)
            a[...] = b
            for W_k, lag in zip(W, lags, strict=True):
                rows(a[lag:])[...] += rows(shifted(below, lag)).dot(W_k)  # x_{t-lag} W[k]: ((T-lag)B, I) (I, C)
            below = φ(a, out=new.array(f"h{n}", a.shape, self.dtype))  # h = φ(a)
            all_a.append(a)
            all_h.append(below)
        y = new.array("y", (T, B, self.output_size), self.dtype)
        rows(below).dot(self.parameters["W_ho"], out=rows(y))  # h_t W_ho: (TB, C) (C, O)
        y += self.parameters["b_o"]
        return LayerRecord(x, tuple(all_a), tuple(all_h), y, None)

    def _backward(self, record, dy, workspace=None):
        x, _, all_h, _, _ = record.along_time
        new = workspace or Workspace()
        slope = ACTIVATIONS[self.activation].slope
        gradients = LayerGradients(new.array("dtheta", self.theta.shape, self.dtype), self._shapes)
        layers, below = self._layers(), (x, *all_h)
        rows(below[-1]).T.dot(rows(dy), out=gradients["W_ho"])  # Σ h_tᵀ dJ/dy_t
        np.sum(dy, axis=(0, 1), out=gradients["b_o"])
        dh = np.empty_like(below[-1])
        rows(dy).dot(self.parameters["W_ho"].T, out=rows(dh))  # dJ/dh_t = dJ/dy_t W_hoᵀ
        all_dh, all_da = [dh], []
        for n in range(len(layers), 0, -1):
            W, _, lags = layers[n - 1]
            da = slope(below[n], out=new.array(f"da{n}", dh.shape, self.dtype))
            da *= dh  # dJ/da = dJ/dh φ'(a)
            np.sum(da, axis=(0, 1), out=gradients[f"b_{n}"])
            dh = np.zeros_like(below[n - 1])
            for W_k, dW_k, lag in zip(W, gradients[f"W_{n}"], lags, strict=True):
                seen = shifted(below[n - 1], lag)
                rows(seen).T.dot(rows(da[lag:]), out=dW_k)  # Σ x_{t-lag}ᵀ dJ/da_t
                rows(dh[: len(seen)])[...] += rows(da[lag:]).dot(W_k.T)  # dJ/dx_{t-lag} += dJ/da_t W[k]ᵀ
            all_dh.insert(0, dh)
            all_da.insert(0, da)
        gradients.along_time = all_dh, all_da
        return gradients

    def _layers(self):
        """(W, b, lags) for each layer: W[k] belongs to the input `lags[k]` steps back."""
        steps_back = np.arange(self.kernel_size)[::-1]
        p = self.parameters
        return [(p[f"W_{n}"], p[f"b_{n}"], steps_back * d) for n, d in enumerate(self.dilations, start=1)]


def shifted(array, lag):
    """The part of (T, B, ·) that is `lag` steps before the steps lag … T-1; empty if the sequence is too short."""
    return array[: max(len(array) - lag, 0)]


def _dilations(dilations):
    if not isinstance(dilations, tuple | list) or not dilations:
        raise checks.bad("dilations", "a tuple of whole numbers, one for each layer", checks.describe(dilations))
    return tuple(checks.whole_number(f"dilations[{n}]", d) for n, d in enumerate(dilations))
