"""The gated recurrent unit (Cho et al. 2014), in both forms that Keras has.

    z_t = σ(x_t W_z + h_{t-1} U_z + b_z)                              update gate: how much of the state stays
    r_t = σ(x_t W_r + h_{t-1} U_r + b_r)                              reset gate: how much the candidate sees of it
    g_t = tanh(x_t W_h + b_h + r_t ∘ (h_{t-1} U_h + b'_h))            candidate, reset_after=True (Keras' default)
    g_t = tanh(x_t W_h + b_h + (r_t ∘ h_{t-1}) U_h)                   candidate, reset_after=False (Cho et al.)
    h_t = z_t ∘ h_{t-1} + (1 - z_t) ∘ g_t                             state         y_t = h_t W_ho + b_o

The three matrices stand side by side as in Keras, in the order z, r, h: W_ih = [W_z W_r W_h] is (I, 3H),
W_hh = [U_z U_r U_h] is (H, 3H). b_h is (3H,); with reset_after (2, 3H), the biases of the inputs above those of the
state, [b_z b_r b_h] and [b'_z b'_r b'_h].
"""

import numpy as np

from . import checks
from .activations import ACTIVATIONS, sigmoid
from .arrays import Record, Workspace, for_each, rows
from .processor import floor, large_dot
from .recurrent import Recurrent, column_sums, parts

BLOCK = 8  # steps of the backward sweep between two floors; few enough to stay in the processor's cache


def plain_forward(parameters, x, h_0, reset_after=True):
    """The formulas as they stand above: states h (B, T+1, H), gates z, r, g (B, T, 3, H), outputs y (B, T, O)."""
    W_ih, W_hh, b_h, W_ho, b_o = parameters.values()
    H = len(W_hh)
    b_ih, b_hh = b_h if reset_after else (b_h, 0 * b_h)
    h, gates = [h_0], []
    for t in range(x.shape[1]):
        a, u = x[:, t] @ W_ih + b_ih, h[t] @ W_hh + b_hh  # (B, 3H)
        z, r = np.split(sigmoid(a + u)[:, : 2 * H], 2, axis=1)
        reset = r * u[:, 2 * H :] if reset_after else (r * h[t]) @ W_hh[:, 2 * H :]
        g = np.tanh(a[:, 2 * H :] + reset)
        h.append(z * h[t] + (1 - z) * g)
        gates.append(np.stack([z, r, g], axis=1))
    h = np.stack(h, axis=1)
    return h, np.stack(gates, axis=1), h[:, 1:] @ W_ho + b_o


def plain_backward(parameters, x, h, gates, dy, reset_after=True):
    """What leads back from dy = dJ/dy (B, T, O): dJ/d(parameter) by name, and dJ/dh_0 (B, H)."""
    _, W_hh, b_h, W_ho, _ = parameters.values()
    H = len(W_hh)
    U_h, gradients = W_hh[:, 2 * H :], {name: np.zeros_like(value) for name, value in parameters.items()}
    dh_later = 0  # what arrives from the step after
    for t in reversed(range(x.shape[1])):
        z, r, g = np.moveaxis(gates[:, t], 1, 0)
        dh = dy[:, t] @ W_ho.T + dh_later
        dz, dg = dh * (h[:, t] - g) * z * (1 - z), dh * (1 - z) * (1 - g**2)  # dJ/da_t of z and h
        dreset = dg if reset_after else dg @ U_h.T  # what arrives at r_t ∘ …
        dr = dreset * (h[:, t] @ U_h + b_h[1, 2 * H :] if reset_after else h[:, t]) * r * (1 - r)
        da, du = np.concatenate([dz, dr, dg], axis=1), np.concatenate([dz, dr, dg * r], axis=1)
        if reset_after:
            dW_hh, db_h, back = h[:, t].T @ du, np.stack([da.sum(axis=0), du.sum(axis=0)]), du @ W_hh.T
        else:
            dW_hh = np.concatenate([h[:, t].T @ da[:, : 2 * H], (r * h[:, t]).T @ dg], axis=1)
            db_h, back = da.sum(axis=0), da[:, : 2 * H] @ W_hh[:, : 2 * H].T + dreset * r
        steps = x[:, t].T @ da, dW_hh, db_h, h[:, t + 1].T @ dy[:, t], dy[:, t].sum(axis=0)
        for name, of_step in zip(parameters, steps, strict=True):
            gradients[name] += of_step
        dh_later = back + dh * z
    return gradients, dh_later


class GRU(Recurrent):
    """A recurrent network with one layer of gated recurrent units; tanh and sigmoid, as in Keras.

    Parameters
    ----------
    input_size, hidden_size, output_size : I, H, O, each at least 1
    reset_after : whether the reset gate acts after the product with U_h (as in Keras) or before it
    input_initialiser, recurrent_initialiser, output_initialiser : a name ("glorot_uniform", "orthogonal",
        "identity", "zeros"), a function (rng, shape) -> array, or an array; for the whole of W_ih (I, 3H),
        W_hh (H, 3H), W_ho (H, O); biases start at zero
    seed : whole number or numpy.random.Generator; the same seed gives the same network
    dtype : "float64" for checking, "float32" for speed

    Raises ValueError that names the argument, what was expected and what was given.
    """

    activation = "tanh"
    step_size = property(lambda self: 5 * self.hidden_size)
    gate_names = ("update", "reset", "candidate")

    def __init__(
        self,
        input_size,
        hidden_size,
        output_size,
        *,
        reset_after=True,
        input_initialiser="glorot_uniform",
        recurrent_initialiser="orthogonal",
        output_initialiser="glorot_uniform",
        seed=0,
        dtype="float64",
    ):
        self.reset_after = checks.truth("reset_after", reset_after)
        initialisers = input_initialiser, recurrent_initialiser, output_initialiser
        biases = 2 if self.reset_after else 1
        super().__init__((input_size, hidden_size, output_size), 3, biases, initialisers, seed, dtype)

    def __repr__(self):
        return self._written(f"reset_after={self.reset_after}")

    # ---- the mathematics: (T, B, ·), nothing checked -------------------------------------------------------
    #
    # As `plain_forward` and `plain_backward` have it. With a workspace, memory is used again, and what only a reader
    # looks at is not kept: the gates overwrite a.
    # z and r lie beside each other, as both are sigmoids; g by itself: it can only be had when r is known.

    def _forward(self, x, h_0, mask, workspace=None):
        T, B, _ = x.shape
        H = self.hidden_size
        W_ih, W_hh, b_h, _, _ = self.parameters.values()
        σ = ACTIVATIONS["sigmoid"].of
        new = workspace or Workspace()
        h = new.array("h", (T + 1, B, H), self.dtype)
        a_zr, a_g = new.array("a z, r", (T, B, 2 * H), self.dtype), new.array("a g", (T, B, H), self.dtype)
        zr, g = (np.empty_like(a_zr), np.empty_like(a_g)) if workspace is None else (a_zr, a_g)
        inner = new.array("inner", (T, B, H), self.dtype)  # what the reset gate made, or met
        part = new.array("part", (B, H), self.dtype)
        padded = [None] * T if mask is None else ~mask[:, :, None]  # (T, B, 1)
        b_ih = b_h
        if self.reset_after:
            b_ih, b_hh = b_h[0].copy(), for_each(B, b_h[1, 2 * H :])
            b_ih[: 2 * H] += b_h[1, : 2 * H]  # b_z + b'_z and b_r + b'_r can be added at once
            U = W_hh  # [U_z U_r U_h]
        else:
            U, U_h = split(W_hh)  # [U_z U_r] and U_h
        W_zr, W_h = split(W_ih)
        product = new.array("product", (B, U.shape[1]), self.dtype)
        product_zr, product_h = product[:, : 2 * H], product[:, 2 * H :]

        large_dot(rows(x), W_zr, rows(a_zr))  # x_t [W_z W_r], all steps at once: (TB, I) (I, 2H)
        large_dot(rows(x), W_h, rows(a_g))  # x_t W_h: (TB, I) (I, H)
        a_zr += for_each(B, b_ih[: 2 * H])  # + [b_z b_r]
        a_g += for_each(B, b_ih[2 * H :])  # + b_h
        h[0] = 0 if h_0 is None else h_0
        h_before = h[0]
        steps = zip(a_zr, a_g, zr, *parts(zr, 2), g, inner, h[1:], padded, strict=True)
        for a_zr_t, a_g_t, zr_t, z_t, r_t, g_t, inner_t, h_t, padded_t in steps:
            h_before.dot(U, product)  # the last argument takes the result: (B, H) (H, 3H), or (H, 2H)
            a_zr_t += product_zr  # + h_{t-1} [U_z U_r]
            σ(a_zr_t, zr_t)  # z_t and r_t
            if self.reset_after:
                np.add(product_h, b_hh, inner_t)  # h_{t-1} U_h + b'_h
                np.multiply(r_t, inner_t, part)  # r_t (h_{t-1} U_h + b'_h)
            else:
                np.multiply(r_t, h_before, inner_t)  # r_t h_{t-1}
                inner_t.dot(U_h, part)  # (r_t h_{t-1}) U_h: (B, H) (H, H)
            a_g_t += part
            np.tanh(a_g_t, g_t)  # g_t
            np.subtract(h_before, g_t, h_t)
            h_t *= z_t
            h_t += g_t  # h_t = g_t + z_t (h_{t-1} - g_t)
            if padded_t is not None:
                np.copyto(h_t, h_before, where=padded_t)  # not a real step: h_t = h_{t-1}
            h_before = h_t
        y = new.array("y", (T, B, self.output_size), self.dtype)
        self._outputs(rows(h[1:]), y)
        a = np.concatenate([a_zr, a_g], axis=-1) if workspace is None else None
        return GRURecord(x, a, h, y, mask, zr, g, inner, self.reset_after)

    def _backward(self, record, dy, workspace=None, from_later=None):
        x, _, h, _, mask = record.along_time
        zr, g, inner = record.inside
        T, B, H = inner.shape
        W_ih, W_hh, _, _, _ = self.parameters.values()
        new = workspace or Workspace()
        dh = new.array("dh", (T + 1, B, H), self.dtype)
        da = new.array("da", (T, B, 3 * H), self.dtype)  # dJ/da_t of z, r, h
        carry, part = (new.array(name, (B, H), self.dtype) for name in ("carry", "part"))
        z, r = parts(zr, 2)
        padded = None if mask is None else ~mask[:, :, None]  # (T, B, 1)
        kept = z if mask is None else np.where(padded, 1, z)  # not a real step: h_{t-1} = h_t
        if self.reset_after:
            du = new.array("du", da.shape, self.dtype)  # dJ/du_t of u_t = h_{t-1} [U_z U_r U_h] + [b'_z b'_r b'_h]
            by_gate = du.reshape(T, B, 3, H)  # first the slopes stand in it, then dJ/du
            W_hhT = np.ascontiguousarray(W_hh.T)
        else:
            by_gate = da.reshape(T, B, 3, H)  # first the slopes stand in it, then dJ/da
            U_zrT, U_hT = (np.ascontiguousarray(U.T) for U in split(W_hh))

        self._before_outputs(rows(dy), rows(dh[1:]))  # dJ/dy_t W_hoᵀ
        carry[...] = 0 if from_later is None else from_later  # what arrives at h_t from the step after it
        for end in range(T, 0, -BLOCK):
            start = max(end - BLOCK, 0)
            block = slice(start, end)
            self._slopes(zr[block], g[block], h[block], by_gate[block])
            if padded is not None:
                np.copyto(by_gate[block], 0, where=padded[block, :, None])  # nothing goes through the gates
            if self.reset_after:
                self._back_after(block, by_gate, dh, da, du, inner, r, kept, W_hhT, carry, part)
            else:
                self._back_before(block, by_gate, dh, da, h, r, kept, U_zrT, U_hT, carry, part)
            floor(carry)
        dh[0] = carry  # dJ/dh_0

        gradients = new.gradients(self)
        large_dot(rows(x).T, rows(da), gradients["W_ih"])  # Σ x_tᵀ dJ/da_t: (I, TB) (TB, 3H)
        if self.reset_after:
            large_dot(rows(h[:-1]).T, rows(du), gradients["W_hh"])  # Σ h_{t-1}ᵀ dJ/du_t: (H, TB) (TB, 3H)
            column_sums(rows(da), gradients["b_h"][0])
            column_sums(rows(du), gradients["b_h"][1])
        else:
            gradients["W_hh"][:, : 2 * H] = rows(h[:-1]).T.dot(rows(da)[:, : 2 * H])  # Σ h_{t-1}ᵀ dJ/da_t of z, r
            gradients["W_hh"][:, 2 * H :] = rows(inner).T.dot(rows(da)[:, 2 * H :])  # Σ (r_t h_{t-1})ᵀ dJ/da_t of h
            column_sums(rows(da), gradients["b_h"])
        self._output_gradients(gradients, rows(h[1:]), rows(dy))
        gradients.da = da
        gradients.state_0 = carry
        if workspace is None:
            gradients.keep(dh, da, da.dot(W_ih.T))  # dJ/dx_t = dJ/da_t W_ihᵀ
        return gradients

    @staticmethod
    def _slopes(zr, g, h_before, slopes):
        """For some steps, into `slopes` (n, B, 3, H): dh/da of z and of h, and between them r (1 - r)."""
        dz, dg, by_gate = slopes[:, :, 0], slopes[:, :, 2], zr.reshape(*zr.shape[:2], 2, -1)
        np.subtract(1, by_gate, out=slopes[:, :, :2])  # 1 - z and 1 - r
        np.multiply(g, g, out=dg)
        np.subtract(1, dg, out=dg)
        dg *= dz  # dh/da_h = (1 - z) (1 - g²)
        slopes[:, :, :2] *= by_gate  # σ'(a) = σ(a) (1 - σ(a))
        dz *= h_before - g  # dh/da_z = z (1 - z) (h_{t-1} - g)

    @staticmethod
    def _back_after(block, by_gate, dh, da, du, inner, r, kept, W_hhT, carry, part):
        """The steps of a block, the last first; reset_after=True. `by_gate` is du (T, B, 3, H)."""
        slopes, H = by_gate[block], part.shape[-1]
        dg = slopes[:, :, 2].copy()
        slopes[:, :, 1] *= inner[block]
        slopes[:, :, 1] *= dg  # dh/da_r = dh/da_h (h_{t-1} U_h + b'_h) r (1 - r)
        slopes[:, :, 2] *= r[block]  # dh/du_h = dh/da_h r
        for t in range(block.stop - 1, block.start - 1, -1):
            dh_t = dh[t + 1]
            dh_t += carry  # dJ/dh_t
            by_gate[t] *= dh_t[:, None]  # dJ/du_t = dJ/dh_t dh_t/du_t
            du[t].dot(W_hhT, carry)  # dJ/du_t W_hhᵀ: (B, 3H) (3H, H)
            np.multiply(dh_t, kept[t], part)
            carry += part  # + dJ/dh_t z_t: the way back with no matrix in it
        da[block, :, : 2 * H] = du[block, :, : 2 * H]  # a_z and a_r are sums with u_z and u_r
        np.multiply(dh[block.start + 1 : block.stop + 1], dg, out=da[block, :, 2 * H :])

    @staticmethod
    def _back_before(block, by_gate, dh, da, h, r, kept, U_zrT, U_hT, carry, part):
        """The steps of a block, the last first; reset_after=False. `by_gate` is da (T, B, 3, H)."""
        da_z, da_r, da_g = (by_gate[:, :, k] for k in range(3))
        da_r[block] *= h[block]  # d(r h_{t-1})/da_r = r (1 - r) h_{t-1}
        H = part.shape[-1]
        for t in range(block.stop - 1, block.start - 1, -1):
            dh_t = dh[t + 1]
            dh_t += carry  # dJ/dh_t
            da_z[t] *= dh_t  # dJ/da_t of z = dJ/dh_t dh_t/da_t
            da_g[t] *= dh_t  # dJ/da_t of h
            da_g[t].dot(U_hT, part)  # dJ/d(r_t h_{t-1}) = dJ/da_t U_hᵀ: (B, H) (H, H)
            da_r[t] *= part  # dJ/da_t of r
            da[t, :, : 2 * H].dot(U_zrT, carry)  # dJ/da_t of z, r [U_z U_r]ᵀ: (B, 2H) (2H, H)
            part *= r[t]
            carry += part  # + dJ/d(r_t h_{t-1}) r_t
            np.multiply(dh_t, kept[t], part)
            carry += part  # + dJ/dh_t z_t: the way back with no matrix in it


class GRURecord(Record):
    """What SimpleRNN's record holds, and:

    gates : dict of "update", "reset", "candidate" -> (B, T, H)
    a : (B, T, 3H) pre-activations of the gates, side by side in this order
    """

    def __init__(self, x, a, h, y, mask, zr, g, inner, reset_after):
        super().__init__(x, a, h, y, mask)
        self.inside = zr, g, inner  # (T, B, ·)
        self.reset_after = reset_after

    @property
    def gates(self):
        zr, g, _ = self.inside
        each = (part.swapaxes(0, 1) for part in (*parts(zr, 2), g))
        return dict(zip(GRU.gate_names, each, strict=True))


def split(W):
    """(·, 3H) -> the matrices of z and r (·, 2H), and of h (·, H), each contiguous."""
    H = W.shape[1] // 3
    return np.ascontiguousarray(W[:, : 2 * H]), np.ascontiguousarray(W[:, 2 * H :])
