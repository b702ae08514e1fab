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

import numpy as np

from . import checks
from .blas import large_dot
from .denormals import floor
from .network import Record, Workspace, for_each, rows
from .recurrent import Recurrent, column_sums, parts

BLOCK = 8  # steps of the backward sweep between two floors; few enough to stay in the processor's cache


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
            raise checks.bad(name, f"{pair}, each of shape ({B}, {self.hidden_size})", checks.describe(value))
        return tuple(checks.array(f"{name}[{k}]", v, (B, self.hidden_size), self.dtype) for k, v in enumerate(value))

    # ---- the mathematics: (T, B, ·), nothing checked -------------------------------------------------------
    #
    # With a workspace, memory is used again, and what only a reader looks at is not kept: the gates overwrite a.

    def _forward(self, x, h_0, mask, workspace=None):
        T, B, _ = x.shape
        H = self.hidden_size
        W_ih, W_hh, b_h, _, _ = self.parameters.values()
        half = np.repeat(np.array([0.5, 0.5, 1, 0.5], self.dtype), H)  # a/2 for i, f, o; (4H,)
        scale, shift = for_each(B, half), for_each(B, 1 - half)
        W_hh = W_hh * half
        new = workspace or Workspace()
        h, c = (new.array(name, (T + 1, B, H), self.dtype) for name in "hc")
        a = new.array("a", (T, B, 4 * H), self.dtype)
        gates = new.array("gates", a.shape, self.dtype) if workspace is None else a
        tanh_c = new.array("tanh c", (T, B, H), self.dtype)
        product, written = new.array("product", (B, 4 * H), self.dtype), new.array("written", (B, H), self.dtype)
        padded = [None] * T if mask is None else ~mask[:, :, None]  # (T, B, 1)

        large_dot(rows(x), W_ih * half, rows(a))  # x_t [W_i W_f W_c W_o], all steps at once: (TB, I) (I, 4H)
        a += for_each(B, b_h * half)  # + [b_i b_f b_c b_o]
        h[0], c[0] = (0, 0) if h_0 is None else h_0
        h_before, c_before = h[0], c[0]
        steps = zip(a, gates, *parts(gates, 4), c[1:], tanh_c, h[1:], padded, strict=True)
        for a_t, gates_t, i_t, f_t, g_t, o_t, c_t, tanh_c_t, h_t, padded_t in steps:
            h_before.dot(W_hh, product)  # the last argument takes the result: (B, H) (H, 4H)
            a_t += product  # + h_{t-1} [U_i U_f U_c U_o]
            np.tanh(a_t, gates_t)  # g_t; and of i_t, f_t, o_t:
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
            h_before, c_before = h_t, c_t
        y = new.array("y", (T, B, self.output_size), self.dtype)
        self._outputs(rows(h[1:]), y)
        if workspace is None:
            a /= half
        return LSTMRecord(x, a, h, y, mask, gates, c, tanh_c)

    def _backward(self, record, dy, workspace=None, from_later=None):
        x, _, h, _, mask = record.along_time
        gates, c, tanh_c = record.inside
        T, B, H = tanh_c.shape
        W_ih, W_hh, _, _, _ = self.parameters.values()
        W_hhT = np.ascontiguousarray(W_hh.T)
        new = workspace or Workspace()
        dh, dc = (new.array(name, (T + 1, B, H), self.dtype) for name in ("dh", "dc"))
        da = new.array("da", (T, B, 4 * H), self.dtype)
        by_gate, f = da.reshape(T, B, 4, H), parts(gates, 4)[1]  # first the slopes stand in da, then dJ/da
        shown = new.array("shown", (min(BLOCK, T), B, H), self.dtype)
        carry, carry_c = (new.array(name, (B, H), self.dtype) for name in ("carry", "carry c"))
        padded = None if mask is None else ~mask[:, :, None]  # (T, B, 1)
        kept = f if mask is None else np.where(padded, 1, f)  # dc_t/dc_{t-1}

        self._before_outputs(rows(dy), rows(dh[1:]))  # dJ/dy_t W_hoᵀ
        carry[...], carry_c[...] = from_later or (0, 0)  # what arrives at h_t and at c_t from the step after it
        for end in range(T, 0, -BLOCK):
            start = max(end - BLOCK, 0)
            block = slice(start, end)
            self._slopes(gates[block], c[block], tanh_c[block], by_gate[block], shown[: end - start])
            if padded is not None:  # not a real step: nothing goes through the gates
                np.copyto(by_gate[block], 0, where=padded[block, :, None])
                np.copyto(shown[: end - start], 0, where=padded[block])
            for t in range(end - 1, start - 1, -1):
                dh_t, dc_t, da_t = dh[t + 1], dc[t + 1], by_gate[t]
                dh_t += carry  # dJ/dh_t
                np.multiply(dh_t, shown[t - start], dc_t)  # dJ/dc_t = dJ/dh_t o_t (1 - tanh²c_t)
                dc_t += carry_c  # + what comes from c_{t+1}
                da_t[:, :3] *= dc_t[:, None]  # dJ/da_t of i, f, c = dJ/dc_t dc_t/da_t
                da_t[:, 3] *= dh_t  # dJ/da_t of o = dJ/dh_t dh_t/da_t
                da[t].dot(W_hhT, carry)  # dJ/da_t W_hhᵀ: (B, 4H) (4H, H)
                if padded is not None:
                    carry += dh_t * padded[t]  # not a real step: h_{t-1} = h_t
                np.multiply(dc_t, kept[t], carry_c)  # dJ/dc_t f_t: the way back with no matrix in it
            floor(carry)
            floor(carry_c)
        dh[0], dc[0] = carry, carry_c  # dJ/dh_0, dJ/dc_0

        gradients = new.gradients(self)
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
        """For some steps: dc/da of i, f, c and dh/da of o into `slopes` (n, B, 4, H); dh/dc into `shown` (n, B, H)."""
        i, f, g, o = parts(gates, 4)
        di, df, dg, do = (slopes[:, :, k] for k in range(4))
        np.subtract(1, gates.reshape(slopes.shape), out=slopes)
        slopes *= gates.reshape(slopes.shape)  # σ'(a) = σ(a) (1 - σ(a))
        di *= g  # dc/da_i = i (1 - i) g
        df *= c_before  # dc/da_f = f (1 - f) c_{t-1}
        np.multiply(g, g, out=dg)
        np.subtract(1, dg, out=dg)
        dg *= i  # dc/da_c = (1 - g²) i
        do *= tanh_c  # dh/da_o = o (1 - o) tanh(c)
        np.multiply(tanh_c, tanh_c, out=shown)
        np.subtract(1, shown, out=shown)
        shown *= o  # dh/dc = o (1 - tanh²c)


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
        each = (part.swapaxes(0, 1) for part in parts(self.inside[0], 4))
        return dict(zip(LSTM.gate_names, each, strict=True))


LSTM.record_type = LSTMRecord
