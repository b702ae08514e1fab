"""Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000).

    i_t = σ(x_t W_i + h_{t-1} U_i + b_i)          input gate: how much is written
    f_t = σ(x_t W_f + h_{t-1} U_f + b_f)          forget gate: how much is kept
    g_t = tanh(x_t W_c + h_{t-1} U_c + b_c)       candidate: what is written
    o_t = σ(x_t W_o + h_{t-1} U_o + b_o)          output gate: how much is shown
    c_t = f_t ∘ c_{t-1} + i_t ∘ g_t               cell
    h_t = o_t ∘ tanh(c_t)                         state              y_t = h_t W_ho + b_o

The four matrices stand side by side as in Keras, in the order i, f, c, o: W_ih = [W_i W_f W_c W_o] is (I, 4H),
W_hh = [U_i U_f U_c U_o] is (H, 4H), b_h is (4H,).

All four are one tanh, as σ(a) = ½ + ½ tanh(a/2): one long call is faster than four short ones, and cannot overflow.
"""

from types import SimpleNamespace

import numpy as np

from . import checks
from .activations import sigmoid
from .arrays import Gradients, Record, Steps, Workspace, for_each, rows
from .processor import empty, floor, large_dot
from .recurrent import CACHE, Recurrent, column_sums

BLOCK = 8  # steps of the backward sweep between two floors; few enough to stay in the processor's cache


def plain_forward(parameters, x, h_0, c_0):
    """The formulas as they stand above: states h and cells c (B, T+1, H), gates (B, T, 4, H), outputs y (B, T, O)."""
    W_ih, W_hh, b_h, W_ho, b_o = parameters.values()
    h, c, gates = [h_0], [c_0], []
    for t in range(x.shape[1]):
        i, f, g, o = np.split(x[:, t] @ W_ih + h[t] @ W_hh + b_h, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c.append(f * c[t] + i * g)
        h.append(o * np.tanh(c[t + 1]))
        gates.append(np.stack([i, f, g, o], axis=1))
    h, c = np.stack(h, axis=1), np.stack(c, axis=1)
    return h, c, np.stack(gates, axis=1), h[:, 1:] @ W_ho + b_o


def plain_backward(parameters, x, h, c, gates, dy):
    """What leads back from dy = dJ/dy (B, T, O): dJ/d(parameter) by name, and dJ/dh_0 and dJ/dc_0 (B, H)."""
    _, W_hh, _, W_ho, _ = parameters.values()
    gradients = {name: np.zeros_like(value) for name, value in parameters.items()}
    dh_later = dc_later = 0  # what arrives from the step after
    for t in reversed(range(x.shape[1])):
        (i, f, g, o), tanh_c = np.moveaxis(gates[:, t], 1, 0), np.tanh(c[:, t + 1])
        dh = dy[:, t] @ W_ho.T + dh_later
        dc = dh * o * (1 - tanh_c**2) + dc_later
        slopes = dc * g * i * (1 - i), dc * c[:, t] * f * (1 - f), dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)
        da = np.concatenate(slopes, axis=1)  # dJ/da_t of i, f, c, o: (B, 4H)
        steps = x[:, t].T @ da, h[:, t].T @ da, da.sum(axis=0), h[:, t + 1].T @ dy[:, t], dy[:, t].sum(axis=0)
        for name, of_step in zip(parameters, steps, strict=True):
            gradients[name] += of_step
        dh_later, dc_later = da @ W_hh.T, dc * f
    return gradients, dh_later, dc_later


class LSTM(Recurrent):
    """A recurrent network with one layer of LSTM units; tanh and sigmoid, as in Keras.

    Parameters
    ----------
    input_size, hidden_size, output_size : I, H, O, each at least 1
    unit_forget_bias : whether b_f starts at 1, so that the cells keep what they hold; other biases start at zero
    input_initialiser, recurrent_initialiser, output_initialiser : a name ("glorot_uniform", "orthogonal",
        "identity", "zeros"), a function (rng, shape) -> array, or an array; for the whole of W_ih (I, 4H),
        W_hh (H, 4H), W_ho (H, O)
    seed : whole number or numpy.random.Generator; the same seed gives the same network
    dtype : "float64" for checking, "float32" for speed

    The state is the pair (h, c): `forward(x, (h_0, c_0))`, `step(x_t, (h, c))`.
    Raises ValueError that names the argument, what was expected and what was given.
    """

    activation = "tanh"
    step_size = property(lambda self: 7 * self.hidden_size)
    gate_names = ("input", "forget", "candidate", "output")

    def __init__(
        self,
        input_size,
        hidden_size,
        output_size,
        *,
        unit_forget_bias=True,
        input_initialiser="glorot_uniform",
        recurrent_initialiser="orthogonal",
        output_initialiser="glorot_uniform",
        seed=0,
        dtype="float64",
    ):
        unit_forget_bias = checks.truth("unit_forget_bias", unit_forget_bias)
        initialisers = input_initialiser, recurrent_initialiser, output_initialiser
        super().__init__((input_size, hidden_size, output_size), 4, 1, initialisers, seed, dtype)
        self.parameters["b_h"].reshape(4, -1)[1] = unit_forget_bias

    def __repr__(self):
        return self._written()

    def _checked_state(self, name, value, B):
        if not isinstance(value, tuple | list) or len(value) != 2:
            pair = "the pair (h_0, c_0)" if name == "h_0" else "the pair (h, c)"
            raise checks.bad(name, f"{pair}, each of shape {self._state_shape(B)}", checks.describe(value))
        return tuple(super(LSTM, self)._checked_state(f"{name}[{k}]", part, B) for k, part in enumerate(value))

    # ---- the mathematics: (T, B, ·), nothing checked -------------------------------------------------------
    #
    # As `plain_forward` and `plain_backward` have it; the gates of a step lie one below the other, (4, B, H), so that
    # each of them is one piece of memory. With a workspace, memory is used again, and a is not kept.

    def _forward(self, x, h_0, mask, workspace=None):
        T, B, _ = x.shape
        H = self.hidden_size
        W_ih, W_hh, b_h, _, _ = self.parameters.values()
        half = np.repeat(np.array([0.5, 0.5, 1, 0.5], self.dtype), H)  # a/2 for i, f, o; (4H,)
        W_hh = W_hh * half
        new = (workspace or Workspace()).once(self._forward_arrays, T, B, workspace is None)
        h, c, product, written, scale, shift = new.h, new.c, new.product, new.written, new.scale, new.shift
        W_ih, b_h = W_ih * half, for_each(B, b_h * half)
        padded = None if mask is None else ~mask[:, :, None]  # (T, B, 1)

        h[0], c[0] = (0, 0) if h_0 is None else h_0
        for block, a, steps in new.blocks:
            large_dot(rows(x[block]), W_ih, rows(a))  # x_t [W_i W_f W_c W_o], many steps at once: (nB, I) (I, 4H)
            a += b_h  # + [b_i b_f b_c b_o]
            for h_before, c_before, a_t, gates_t, i_t, f_t, g_t, o_t, c_t, tanh_c_t, h_t, padded_t in steps(
                None if padded is None else padded[block]
            ):
                h_before.dot(W_hh, product)  # the last argument takes the result: (B, H) (H, 4H)
                product += a_t  # + x_t [W_i W_f W_c W_o] + [b_i b_f b_c b_o]
                if workspace is None:
                    a_t[...] = product
                np.tanh(new.product_by_gate, gates_t)  # g_t; and of i_t, f_t, o_t:
                gates_t *= scale  # ½ tanh(a/2)
                gates_t += shift  # + ½
                np.multiply(f_t, c_before, c_t)  # c_t = f_t c_{t-1}
                np.multiply(i_t, g_t, written)
                c_t += written  # + i_t g_t
                np.tanh(c_t, tanh_c_t)
                np.multiply(o_t, tanh_c_t, h_t)  # h_t = o_t tanh(c_t)
                if padded_t is not None:  # not a real step: c_t = c_{t-1}, h_t = h_{t-1}
                    np.copyto(c_t, c_before, where=padded_t)
                    np.copyto(h_t, h_before, where=padded_t)
        self._outputs(rows(h[1:]), new.y)
        if workspace is None:
            a /= half
        return LSTMRecord(x, a, h, new.y, mask, new.gates, c, new.tanh_c)

    def _backward(self, record, dy, workspace=None, from_later=None):
        x, _, h, _, mask = record.along_time
        gates, c, tanh_c = record.inside
        T, B, H = tanh_c.shape
        W_ih, W_hh, _, _, _ = self.parameters.values()
        W_hhT = np.ascontiguousarray(W_hh.T)
        new = (workspace or Workspace()).once(self._backward_arrays, T, B)
        dh, dc, da, carry, carry_c = new.dh, new.dc, new.da, new.carry, new.carry_c
        padded = None if mask is None else ~mask[:, :, None]  # (T, B, 1)
        f = gates[:, 1]
        kept = f if mask is None else np.where(padded, 1, f)  # dc_t/dc_{t-1}

        self._before_outputs(rows(dy), rows(dh[1:]))  # dJ/dy_t W_hoᵀ
        carry[...], carry_c[...] = from_later or (0, 0)  # what arrives at h_t and at c_t from the step after it
        for start, stop, slopes, shown, steps in new.blocks:  # the last first
            block = slice(start, stop)
            self._slopes(gates[block], c[block], tanh_c[block], slopes, shown)
            if padded is not None:  # not a real step: nothing goes through the gates
                np.copyto(slopes, 0, where=padded[block, None])
                np.copyto(shown, 0, where=padded[block])
            kept_steps = kept[block][::-1]
            for (dh_t, dc_t, da_t, ifg_t, o_t, to_c, to_h, shown_t, padded_t), kept_t in zip(
                steps(None if padded is None else padded[block][::-1]), kept_steps, strict=True
            ):
                dh_t += carry  # dJ/dh_t
                np.multiply(dh_t, shown_t, dc_t)  # dJ/dc_t = dJ/dh_t o_t (1 - tanh²c_t)
                dc_t += carry_c  # + what comes from c_{t+1}
                np.multiply(to_c, dc_t, ifg_t)  # dJ/da_t of i, f, c = dJ/dc_t dc_t/da_t
                np.multiply(to_h, dh_t, o_t)  # dJ/da_t of o = dJ/dh_t dh_t/da_t
                da_t.dot(W_hhT, carry)  # dJ/da_t W_hhᵀ: (B, 4H) (4H, H)
                if padded_t is not None:
                    carry += dh_t * padded_t  # not a real step: h_{t-1} = h_t
                np.multiply(dc_t, kept_t, carry_c)  # dJ/dc_t f_t: the way back with no matrix in it
            floor(carry)
            floor(carry_c)
        dh[0], dc[0] = carry, carry_c  # dJ/dh_0, dJ/dc_0

        gradients = new.gradients
        large_dot(rows(x).T, rows(da), gradients["W_ih"])  # Σ x_tᵀ dJ/da_t: (I, TB) (TB, 4H)
        large_dot(rows(h[:-1]).T, rows(da), gradients["W_hh"])  # Σ h_{t-1}ᵀ dJ/da_t: (H, TB) (TB, 4H)
        column_sums(rows(da), gradients["b_h"])  # Σ dJ/da_t
        self._output_gradients(gradients, rows(h[1:]), rows(dy))
        gradients.da = da
        gradients.state_0 = carry, carry_c
        if workspace is None:
            gradients.keep(dh, da, da.dot(W_ih.T))  # dJ/dx_t = dJ/da_t W_ihᵀ
            gradients.c = dc.swapaxes(0, 1)
        return gradients

    @staticmethod
    def _slopes(gates, c_before, tanh_c, slopes, shown):
        """For some steps: dc/da of i, f, c and dh/da of o into `slopes` (n, 4, B, H); dh/dc into `shown` (n, B, H)."""
        i, _, g, o = by_gate(gates)
        di, df, dg, do = by_gate(slopes)
        np.subtract(1, gates, out=slopes)
        slopes *= gates  # σ'(a) = σ(a) (1 - σ(a))
        di *= g  # dc/da_i = i (1 - i) g
        df *= c_before  # dc/da_f = f (1 - f) c_{t-1}
        np.multiply(g, g, out=dg)
        np.subtract(1, dg, out=dg)
        dg *= i  # dc/da_c = (1 - g²) i
        do *= tanh_c  # dh/da_o = o (1 - o) tanh(c)
        np.multiply(tanh_c, tanh_c, out=shown)
        np.subtract(1, shown, out=shown)
        shown *= o  # dh/dc = o (1 - tanh²c)

    def _forward_arrays(self, T, B, keep_all):
        """What a forward pass writes, and views of it, in blocks of steps; `a` of all of them only with `keep_all`."""
        new, H, dtype = SimpleNamespace(), self.hidden_size, self.dtype
        new.h, new.c = empty((T + 1, B, H), dtype), empty((T + 1, B, H), dtype)
        new.gates, new.tanh_c = empty((T, 4, B, H), dtype), empty((T, B, H), dtype)
        new.y = empty((T, B, self.output_size), dtype)
        new.product, new.written = empty((B, 4 * H), dtype), empty((B, H), dtype)
        new.product_by_gate = side_by_side(new.product[None])[0]
        new.scale = np.array([0.5, 0.5, 1, 0.5], dtype)[:, None, None].repeat(B, axis=1).repeat(H, axis=2)
        new.shift = 1 - new.scale
        length = T if keep_all else min(T, max(BLOCK, CACHE // (4 * H * B * dtype.itemsize)))
        all_a = empty((length, B, 4 * H), dtype)
        along = new.h[:-1], new.c[:-1], new.gates, *by_gate(new.gates), new.c[1:], new.tanh_c, new.h[1:]
        new.blocks = []
        for start in range(0, T, length):
            block = slice(start, min(start + length, T))
            a, (h_before, c_before, *others) = all_a[: block.stop - start], (array[block] for array in along)
            new.blocks.append((block, a, Steps(h_before, c_before, a, *others)))
        return new

    def _backward_arrays(self, T, B):
        """What a backward sweep writes, and views of it, in blocks of steps, the last first."""
        new, H, dtype = SimpleNamespace(), self.hidden_size, self.dtype
        new.dh, new.dc = empty((T + 1, B, H), dtype), empty((T + 1, B, H), dtype)
        new.da, new.carry, new.carry_c = empty((T, B, 4 * H), dtype), empty((B, H), dtype), empty((B, H), dtype)
        new.gradients = Gradients(np.empty_like(self.theta), self._shapes)
        all_slopes, all_shown = empty((min(BLOCK, T), 4, B, H), dtype), empty((min(BLOCK, T), B, H), dtype)
        new.blocks = []
        for stop in range(T, 0, -BLOCK):
            start = max(stop - BLOCK, 0)
            slopes, shown = all_slopes[: stop - start], all_shown[: stop - start]
            da = new.da[start:stop]
            each = new.dh[1:][start:stop], new.dc[1:][start:stop], da, side_by_side(da)[:, :3], side_by_side(da)[:, 3]
            steps = Steps(*(array[::-1] for array in (*each, slopes[:, :3], slopes[:, 3], shown)))
            new.blocks.append((start, stop, slopes, shown, steps))
        return new


def by_gate(array):
    """(T, 4, B, H) -> four views (T, B, H)."""
    return [array[:, k] for k in range(4)]


def side_by_side(array):
    """(T, B, 4H), where the gates of a sequence stand side by side -> a view (T, 4, B, H)."""
    T, B, n = array.shape
    return array.reshape(T, B, 4, n // 4).swapaxes(1, 2)


class LSTMRecord(Record):
    """What SimpleRNN's record holds, and:

    gates : dict of "input", "forget", "candidate", "output" -> (B, T, H)
    c : (B, T+1, H) cells with the initial one at c[:, 0]; c_last (B, H) the last
    a : (B, T, 4H) pre-activations of the gates, side by side in this order
    state_0, state_last : the pairs (h, c) before the first step and after the last
    """

    def __init__(self, x, a, h, y, mask, gates, c, tanh_c):
        super().__init__(x, a, h, y, mask)
        self.inside = gates, c, tanh_c  # (T, B, ·)

    c = property(lambda self: self.inside[1].swapaxes(0, 1))
    c_last = property(lambda self: self.inside[1][-1])
    state_0 = property(lambda self: (self.h_0, self.inside[1][0]))
    state_last = property(lambda self: (self.h_last, self.c_last))

    @property
    def gates(self):
        each = (part.swapaxes(0, 1) for part in by_gate(self.inside[0]))
        return dict(zip(LSTM.gate_names, each, strict=True))
