"""The simple recurrent network (Elman 1990), forward and back-propagation through time.

    h_t = φ(x_t W_ih + h_{t-1} W_hh + b_h)        y_t = h_t W_ho + b_o

B sequences, T steps, I inputs, H hidden units, O outputs. Arrays are (B, T, ·) at the border and (T, B, ·) inside,
so that what belongs to one step lies together in memory.
"""

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .initialisers import initial_array
from .network import Gradients, Network, fresh


class SimpleRNN(Network):
    """A recurrent network with one hidden layer.

    Parameters
    ----------
    input_size, hidden_size, output_size : I, H, O, each at least 1
    activation : "tanh", "relu", "sigmoid" or "linear"
    input_initialiser, recurrent_initialiser, output_initialiser : a name ("glorot_uniform", "orthogonal",
        "identity", "zeros"), a function (rng, shape) -> array, or an array; biases start at zero
    seed : whole number or numpy.random.Generator
    dtype : "float64" for checking, "float32" for speed

    Raises ValueError that names the argument, what was expected and what was given.
    """

    def __init__(self, input_size, hidden_size, output_size, activation="tanh", *, input_initialiser="glorot_uniform",
                 recurrent_initialiser="orthogonal", output_initialiser="glorot_uniform", seed=0, dtype="float64"):
        I = self.input_size = checks.whole_number("input_size", input_size)
        H = self.hidden_size = checks.whole_number("hidden_size", hidden_size)
        O = self.output_size = checks.whole_number("output_size", output_size)
        self.activation = checks.one_of("activation", activation, ACTIVATIONS)
        dtype = checks.one_of("dtype", dtype if isinstance(dtype, str) else np.dtype(dtype).name, ("float32", "float64"))
        rng = checks.generator("seed", seed)
        super().__init__({
            "W_ih": initial_array("input_initialiser", input_initialiser, rng, (I, H)),
            "W_hh": initial_array("recurrent_initialiser", recurrent_initialiser, rng, (H, H)),
            "b_h": np.zeros(H),
            "W_ho": initial_array("output_initialiser", output_initialiser, rng, (H, O)),
            "b_o": np.zeros(O),
        }, dtype)

    def __repr__(self):
        return (f"SimpleRNN(input_size={self.input_size}, hidden_size={self.hidden_size}, output_size="
                f"{self.output_size}, activation={self.activation!r}, dtype='{self.dtype}'): {self.theta.size} parameters")

    # ---- the border: (B, T, ·), everything checked ------------------------------------------------------------

    def forward(self, x, h_0=None, mask=None):
        """Outputs and a record of everything on the way.

        x : (B, T, I)     h_0 : (B, H) the state before the first input, zeros if None
        mask : (B, T) bool, True = a real step; at any other step the state stays as it was (as in Keras)

        Returns y (B, T, O), which are logits, and a Record. Raises ValueError on bad input, before any work.
        """
        x = checks.array("x", x, ("B", "T", self.input_size), self.dtype)
        B, T, _ = x.shape
        if h_0 is not None:
            h_0 = checks.array("h_0", h_0, (B, self.hidden_size), self.dtype)
        if mask is not None:
            mask = time_first(checks.mask_array("mask", mask, B, T))
        record = self._forward(time_first(x), h_0, mask)
        return record.y, record

    def backward(self, record, dy):
        """Gradients of a loss J from dy = dJ/dy (B, T, O), by back-propagation through time.

        `record` must come from this network's `forward`, with its parameters unchanged since. Returns Gradients.
        """
        checks.instance("record", record, Record, "the record that forward returned")
        B, T, O = record.y.shape
        dy = checks.array("dy", dy, (B, T, O), self.dtype)
        return self._backward(record, time_first(dy))

    def step(self, x_t, h=None):
        """One time step: x_t (B, I) and the state h (B, H), zeros if None -> y_t (B, O) and the next state (B, H)."""
        x_t = checks.array("x_t", x_t, ("B", self.input_size), self.dtype)
        if h is not None:
            h = checks.array("h", h, (x_t.shape[0], self.hidden_size), self.dtype)
        record = self._forward(x_t[None], h, None)
        return record.y[:, 0], record.h_last

    # ---- the mathematics: (T, B, ·), nothing checked ----------------------------------------------------------

    def _forward(self, x, h_0, mask, new=fresh):
        T, B, I = x.shape
        H, O = self.hidden_size, self.output_size
        W_ih, W_hh, b_h, W_ho, b_o = self.parameters.values()
        φ = ACTIVATIONS[self.activation].of
        a = new("a", (T, B, H), self.dtype)
        h = new("h", (T + 1, B, H), self.dtype)
        y = new("y", (T, B, O), self.dtype)
        product = new("product", (B, H), self.dtype)
        padded = None if mask is None else ~mask[:, :, None]  # (T, B, 1)

        np.dot(rows(x), W_ih, out=rows(a))  # x_t W_ih, all steps at once: (TB, I) (I, H)
        a += b_h  # + b_h
        h[0] = 0 if h_0 is None else h_0
        for t, (a_t, h_before, h_t) in enumerate(zip(a, h, h[1:], strict=False)):
            np.dot(h_before, W_hh, out=product)
            a_t += product  # + h_{t-1} W_hh: (B, H) (H, H)
            φ(a_t, out=h_t)  # h_t = φ(a_t)
            if padded is not None:
                np.copyto(h_t, h_before, where=padded[t])  # not a real step: h_t = h_{t-1}
        np.dot(rows(h[1:]), W_ho, out=rows(y))  # h_t W_ho, all steps at once: (TB, H) (H, O)
        y += b_o  # + b_o
        return Record(x, a, h, y, mask)

    def _backward(self, record, dy, new=fresh):
        x, a, h, y, mask = record.along_time
        T, B, H = a.shape
        W_ih, W_hh, b_h, W_ho, b_o = self.parameters.values()
        slope = ACTIVATIONS[self.activation].slope
        dh = new("dh", (T + 1, B, H), self.dtype)
        da = new("da", (T, B, H), self.dtype)
        product = new("product", (B, H), self.dtype)
        padded = None if mask is None else ~mask[:, :, None]

        np.dot(rows(dy), W_ho.T, out=rows(dh[1:]))  # dJ/dy_t W_hoᵀ, all steps at once: (TB, O) (O, H)
        dh[0] = 0
        slope(h[1:], out=da)  # φ'(a_t)
        if padded is not None:
            np.copyto(da, 0, where=padded)  # not a real step: h_t does not depend on a_t
        for t in range(T - 1, -1, -1):
            da_t, dh_t, dh_before = da[t], dh[t + 1], dh[t]
            da_t *= dh_t  # dJ/da_t = dJ/dh_t φ'(a_t)
            np.dot(da_t, W_hh.T, out=product)
            dh_before += product  # dJ/dh_{t-1} + dJ/da_t W_hhᵀ: (B, H) (H, H)
            if padded is not None:
                np.add(dh_before, dh_t, out=dh_before, where=padded[t])  # h_t = h_{t-1}

        gradients = Gradients(new("dtheta", self.theta.shape, self.dtype), self._shapes, dh, da, W_ih.copy())
        np.dot(rows(x).T, rows(da), out=gradients["W_ih"])  # Σ x_tᵀ dJ/da_t: (I, TB) (TB, H)
        np.dot(rows(h[:-1]).T, rows(da), out=gradients["W_hh"])  # Σ h_{t-1}ᵀ dJ/da_t: (H, TB) (TB, H)
        np.sum(rows(da), axis=0, out=gradients["b_h"])  # Σ dJ/da_t
        np.dot(rows(h[1:]).T, rows(dy), out=gradients["W_ho"])  # Σ h_tᵀ dJ/dy_t: (H, TB) (TB, O)
        np.sum(rows(dy), axis=0, out=gradients["b_o"])  # Σ dJ/dy_t
        return gradients


class Record:
    """Everything a forward pass computed: x (B,T,I), pre-activations a (B,T,H), states h (B,T+1,H) with the initial
    state at h[:, 0], the last state h_last (B,H), outputs y (B,T,O), and the mask (B,T) or None."""

    def __init__(self, x, a, h, y, mask):
        self.along_time = x, a, h, y, mask  # as computed: (T, B, ·)

    @property
    def x(self):
        return self.along_time[0].swapaxes(0, 1)

    @property
    def a(self):
        return self.along_time[1].swapaxes(0, 1)

    @property
    def h(self):
        return self.along_time[2].swapaxes(0, 1)

    @property
    def h_last(self):
        return self.along_time[2][-1]

    @property
    def y(self):
        return self.along_time[3].swapaxes(0, 1)

    @property
    def mask(self):
        mask = self.along_time[4]
        return None if mask is None else mask.swapaxes(0, 1)


def time_first(array):
    """(B, T, ...) -> (T, B, ...), contiguous; copied only if it is not so already."""
    return np.ascontiguousarray(array.swapaxes(0, 1))


def rows(array):
    """(T, B, n) -> (TB, n), a view: all steps of all sequences, one below the other."""
    return array.reshape(-1, array.shape[-1])
