"""The simple recurrent network (Elman 1990): forward, and backward by back-propagation through time.

    h_t = φ(x_t W_ih + h_{t-1} W_hh + b_h)        y_t = h_t W_ho + b_o

B sequences, T steps, I inputs, H hidden units, O outputs. Arrays are (B, T, ·) at the border and (T, B, ·)
inside, so that the numbers of one step lie together in memory.
"""

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .blas import large_dot
from .denormals import floor
from .network import Record, Workspace, for_each, rows
from .recurrent import Recurrent, column_sums

# Steps of the backward sweep between two floors: few enough to stay in the processor's cache, and to meet a gradient
# that shrinks to a tenth at each step before it is denormal (the floor lies 10¹⁰ above that).
BLOCK = 10


class SimpleRNN(Recurrent):
    """A recurrent network with one hidden layer.

    Parameters
    ----------
    input_size, hidden_size, output_size : I, H, O, each at least 1
    activation : "tanh", "relu", "sigmoid" or "linear"
    input_initialiser, recurrent_initialiser, output_initialiser : a name ("glorot_uniform", "orthogonal",
        "identity", "zeros"), a function (rng, shape) -> array, or an array; biases start at zero
    seed : whole number or numpy.random.Generator; the same seed gives the same network
    dtype : "float64" for checking, "float32" for speed

    Raises ValueError that names the argument, what was expected and what was given.
    """

    def __init__(
        self,
        input_size,
        hidden_size,
        output_size,
        activation="tanh",
        *,
        input_initialiser="glorot_uniform",
        recurrent_initialiser="orthogonal",
        output_initialiser="glorot_uniform",
        seed=0,
        dtype="float64",
    ):
        self.activation = checks.one_of("activation", activation, ACTIVATIONS)
        initialisers = input_initialiser, recurrent_initialiser, output_initialiser
        super().__init__((input_size, hidden_size, output_size), 1, 1, initialisers, seed, dtype)

    def __repr__(self):
        return self._written(f"activation={self.activation!r}")

    # ---- the mathematics: (T, B, ·), nothing checked -------------------------------------------------------
    #
    # With a workspace, memory is used again, and what only a reader looks at is not kept: h overwrites a, and
    # dJ/da overwrites dJ/dh. The formulas are the same.

    def _forward(self, x, h_0, mask, workspace=None):
        T, B, _ = x.shape
        H = self.hidden_size
        W_ih, W_hh, b_h, _, _ = self.parameters.values()
        φ = ACTIVATIONS[self.activation].of
        new = workspace or Workspace()
        h, h_steps = new.steps("h", (T + 1, B, H), self.dtype)
        a, a_steps = new.steps("a", (T, B, H), self.dtype) if workspace is None else (h[1:], h_steps[1:])
        product = new.array("product", (B, H), self.dtype)
        padded = [None] * T if mask is None else ~mask[:, :, None]  # (T, B, 1)

        large_dot(rows(x), W_ih, rows(a))  # x_t W_ih, all steps at once: (TB, I) (I, H)
        a += for_each(B, b_h)  # + b_h
        h[0] = 0 if h_0 is None else h_0
        h_before = h_steps[0]
        for a_t, h_t, padded_t in zip(a_steps, h_steps[1:], padded, strict=True):
            h_before.dot(W_hh, product)  # the last argument takes the result: (B, H) (H, H)
            a_t += product  # + h_{t-1} W_hh
            φ(a_t, h_t)  # h_t = φ(a_t)
            if padded_t is not None:
                np.copyto(h_t, h_before, where=padded_t)  # not a real step: h_t = h_{t-1}
            h_before = h_t
        return Record(x, a, h, self._outputs(h[1:], new), mask)

    def _backward(self, record, dy, workspace=None):
        x, _, h, _, mask = record.along_time
        T, B, H = h.shape[0] - 1, *h.shape[1:]
        W_ih, W_hh, _, W_ho, _ = self.parameters.values()
        W_hhT = np.ascontiguousarray(W_hh.T)  # the small products are up to twice as fast so
        slope = ACTIVATIONS[self.activation].slope
        new = workspace or Workspace()
        dh, dh_steps = new.steps("dh", (T + 1, B, H), self.dtype)
        da, da_steps = new.steps("da", (T, B, H), self.dtype) if workspace is None else (dh[1:], dh_steps[1:])
        dφ, dφ_steps = new.steps("slopes", (min(BLOCK, T), B, H), self.dtype)
        carry = new.array("product", (B, H), self.dtype)
        padded = [None] * T if mask is None else ~mask[:, :, None]  # (T, B, 1)

        large_dot(rows(dy), W_ho.T, rows(dh[1:]))  # dJ/dy_t W_hoᵀ, all steps at once: (TB, O) (O, H)
        carry[...] = 0  # what arrives at h_t from the step after it
        for end in range(T, 0, -BLOCK):
            start = max(end - BLOCK, 0)
            slope(h[start + 1 : end + 1], out=dφ[: end - start])  # φ'(a_t), of the steps of this block
            backwards = (steps[start:end][::-1] for steps in (dh_steps[1:], da_steps, padded))
            for dh_t, da_t, padded_t, dφ_t in zip(*backwards, dφ_steps[end - start - 1 :: -1], strict=True):
                dh_t += carry  # dJ/dh_t
                passed = None if padded_t is None else dh_t * padded_t  # not a real step: h_{t-1} = h_t
                np.multiply(dh_t, dφ_t, da_t)  # dJ/da_t = dJ/dh_t φ'(a_t)
                if padded_t is not None:
                    np.copyto(da_t, 0, where=padded_t)
                da_t.dot(W_hhT, carry)  # dJ/da_t W_hhᵀ: (B, H) (H, H)
                if padded_t is not None:
                    carry += passed
            if start:
                floor(carry)
        dh[0] = carry  # dJ/dh_0

        gradients = new.gradients(self)
        large_dot(rows(x).T, rows(da), gradients["W_ih"])  # Σ x_tᵀ dJ/da_t: (I, TB) (TB, H)
        large_dot(rows(h[:-1]).T, rows(da), gradients["W_hh"])  # Σ h_{t-1}ᵀ dJ/da_t: (H, TB) (TB, H)
        gradients["b_h"][...] = column_sums(da)  # Σ dJ/da_t
        self._output_gradients(gradients, h[1:], dy)  # Σ h_tᵀ dJ/dy_t, Σ dJ/dy_t
        if workspace is None:
            gradients.keep(dh, da, da.dot(W_ih.T))  # dJ/dx_t = dJ/da_t W_ihᵀ
        return gradients
