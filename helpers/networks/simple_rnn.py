"""The simple recurrent network (Elman 1990): forward, and backward by back-propagation through time.

    h_t = φ(x_t W_ih + h_{t-1} W_hh + b_h)        y_t = h_t W_ho + b_o

B sequences, T steps, I inputs, H hidden units, O outputs. Arrays are (B, T, ·) at the border and (T, B, ·)
inside, so that the numbers of one step lie together in memory.
"""

from types import SimpleNamespace

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .arrays import Gradients, Record, Steps, Workspace, rows
from .processor import ZERO, empty, floor, large_dot
from .recurrent import Recurrent, column_sums

TANH = np.tanh, lambda h: 1 - h**2  # φ(a), and φ'(a) written with h = φ(a)


def plain_forward(parameters, x, h_0, φ=TANH):
    """The formulas as they stand above: states h (B, T+1, H) and outputs y (B, T, O) of sequences x (B, T, I)."""
    W_ih, W_hh, b_h, W_ho, b_o = parameters.values()
    h = [h_0]
    for t in range(x.shape[1]):
        h.append(φ[0](x[:, t] @ W_ih + h[t] @ W_hh + b_h))
    h = np.stack(h, axis=1)
    return h, h[:, 1:] @ W_ho + b_o


def plain_backward(parameters, x, h, dy, φ=TANH):
    """What leads back from dy = dJ/dy (B, T, O): dJ/d(parameter) by name, and dJ/dh_0 (B, H)."""
    _, W_hh, _, W_ho, _ = parameters.values()
    gradients = {name: np.zeros_like(value) for name, value in parameters.items()}
    dh_later = 0  # what arrives from the step after
    for t in reversed(range(x.shape[1])):
        dh = dy[:, t] @ W_ho.T + dh_later
        da = dh * φ[1](h[:, t + 1])
        steps = x[:, t].T @ da, h[:, t].T @ da, da.sum(axis=0), h[:, t + 1].T @ dy[:, t], dy[:, t].sum(axis=0)
        for name, of_step in zip(parameters, steps, strict=True):
            gradients[name] += of_step
        dh_later = da @ W_hh.T
    return gradients, dh_later


# Steps of the backward sweep between two floors: few enough to stay in the processor's cache, and to meet a gradient
# that shrinks to a tenth at each step before it is denormal (the floor lies 10¹⁰ above that).
BLOCK = 10
SHORT = 20  # steps that are one block: at a tenth a step, what begins at 1e-17 is not denormal before their end


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
    # As `plain_forward` and `plain_backward` have it. With a workspace, memory is used again, and what only a reader
    # looks at is not kept: h overwrites a, and dJ/da overwrites dJ/dh.

    def _forward(self, x, h_0, mask, workspace=None):
        T, B, _ = x.shape
        W_ih, W_hh, b_h, _, _ = self.parameters.values()
        φ = ACTIVATIONS[self.activation].of
        new = (workspace or Workspace()).once(self._forward_arrays, T, B, workspace is None)
        h, a, product = new.h, new.a, new.product
        padded = None if mask is None else ~mask[:, :, None]  # (T, B, 1)

        new.x[...], new.W_ih[...], new.b_h[...] = x, W_ih, b_h
        large_dot(new.x_and_one, new.W_ih_and_b_h, new.a_rows)  # x_t W_ih + b_h, all at once: (TB, I+1) (I+1, H)
        new.h_0[...] = ZERO if h_0 is None else h_0
        for h_before, a_t, h_t, padded_t in new.steps(padded):
            h_before.dot(W_hh, product)  # the last argument takes the result: (B, H) (H, H)
            a_t += product  # + h_{t-1} W_hh
            φ(a_t, h_t)  # h_t = φ(a_t)
            if padded_t is not None:
                np.copyto(h_t, h_before, where=padded_t)  # not a real step: h_t = h_{t-1}
        self._outputs(new.h_rows, new.y)
        return Record(x, a, h, new.y, mask)

    def _backward(self, record, dy, workspace=None, from_later=None):
        x, _, h, _, mask = record.along_time
        T, B, _ = x.shape
        W_ih, W_hh, _, _, _ = self.parameters.values()
        W_hhT = np.ascontiguousarray(W_hh.T)  # the small products are up to twice as fast so
        slope = ACTIVATIONS[self.activation].slope
        new = (workspace or Workspace()).once(self._backward_arrays, T, B, workspace is None)
        carry, gradients = new.carry, new.gradients
        padded = None if mask is None else ~mask[:, :, None]  # (T, B, 1)
        x_rows, h_rows_before, h_rows, dy_rows = rows(x), rows(h[:-1]), rows(h[1:]), rows(dy)

        self._before_outputs(dy_rows, new.dh_rows)  # dJ/dy_t W_hoᵀ
        carry[...] = 0 if from_later is None else from_later  # what arrives at h_t from the step after it
        for start, stop, dφ, steps in new.blocks:  # the last first
            slope(h[start + 1 : stop + 1], dφ)  # φ'(a_t), of the steps of this block
            for dh_t, da_t, dφ_t, padded_t in steps(None if mask is None else padded[start:stop][::-1]):
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

        large_dot(x_rows.T, new.da_rows, gradients["W_ih"])  # Σ x_tᵀ dJ/da_t: (I, TB) (TB, H)
        large_dot(h_rows_before.T, new.da_rows, gradients["W_hh"])  # Σ h_{t-1}ᵀ dJ/da_t: (H, TB) (TB, H)
        column_sums(new.da_rows, gradients["b_h"])  # Σ dJ/da_t
        self._output_gradients(gradients, h_rows, dy_rows)  # Σ h_tᵀ dJ/dy_t, Σ dJ/dy_t
        gradients.da = new.da
        gradients.state_0 = carry  # dJ/dh_0
        if workspace is None:
            new.dh[0] = carry
            gradients.keep(new.dh, new.da, new.da.dot(W_ih.T))  # dJ/dx_t = dJ/da_t W_ihᵀ
        return gradients

    def _forward_arrays(self, T, B, keep_all):
        """What a forward pass writes, and views of it."""
        new, I, H, dtype = SimpleNamespace(), self.input_size, self.hidden_size, self.dtype
        new.h, new.product = empty((T + 1, B, H), dtype), empty((B, H), dtype)
        h_after = new.h[1:]
        new.a = empty((T, B, H), dtype) if keep_all else h_after
        new.y = empty((T, B, self.output_size), dtype)
        new.a_rows, new.h_rows, new.h_0 = rows(new.a), rows(h_after), new.h[0]
        # Each input with a one behind it, and the biases as one more row of weights: one product does for both.
        x_and_one, new.W_ih_and_b_h = empty((T, B, I + 1), dtype), empty((I + 1, H), dtype)
        x_and_one[:, :, -1] = 1
        new.x, new.x_and_one = x_and_one[:, :, :-1], rows(x_and_one)
        new.W_ih, new.b_h = new.W_ih_and_b_h[:-1], new.W_ih_and_b_h[-1]
        new.steps = Steps(new.h[:-1], new.a, h_after)  # h_{t-1}, a_t, h_t
        return new

    def _backward_arrays(self, T, B, keep_all):
        """What a backward sweep writes, and views of it, in blocks of steps, the last first."""
        new, H, dtype = SimpleNamespace(), self.hidden_size, self.dtype
        new.dh, new.carry = empty((T + 1, B, H), dtype), empty((B, H), dtype)
        dh_after = new.dh[1:]
        new.da = empty((T, B, H), dtype) if keep_all else dh_after
        new.dh_rows, new.da_rows = rows(dh_after), rows(new.da)
        new.gradients = Gradients(np.empty_like(self.theta), self._shapes)
        length = T if T <= SHORT else BLOCK
        slopes, new.blocks = empty((length, B, H), dtype), []
        for stop in range(T, 0, -length):
            start = max(stop - length, 0)
            dh, dφ = dh_after[start:stop][::-1], slopes[: stop - start]
            da = new.da[start:stop][::-1] if keep_all else dh
            new.blocks.append((start, stop, dφ, Steps(dh, da, dφ[::-1])))  # dJ/dh_t, dJ/da_t, φ'(a_t)
        return new
