"""Self-attention, the core of a transformer: each step compares itself with all steps so far, and reads from them.

    q_t = x_t W_q    k_t = x_t W_k    v_t = x_t W_v          query, key and value of step t
    α_ts = softmax over s ≤ t of q_t · k_s / √D              how much step t looks at step s
    m_t = Σ_s α_ts v_s                                       what it reads
    h_t = φ(m_t W_h + b_h)        y_t = h_t W_ho + b_o

One head and one layer, without position codes, residual paths and normalisation. A. Vaswani and others, Attention is
all you need, NIPS (2017), sections 3.2 and 3.3. B sequences, T steps, I inputs, D numbers in a key, H hidden units, O
outputs.
"""

import numpy as np

from . import checks
from .activations import ACTIVATIONS, softmax
from .arrays import Gradients
from .initialisers import initial_array
from .network import Network
from .processor import quietly

NAMES = ("W_q", "W_k", "W_v", "W_h", "b_h", "W_ho", "b_o")


class SelfAttentionRecord:
    """x (B, T, I), weights α (B, T, T), read m (B, T, D), hidden layer h (B, T, H), outputs y (B, T, O)."""

    def __init__(self, x, q, k, v, α, m, a, h, y):
        self.inside = x, q, k, v, α, m, a, h, y
        self.along_time = x.swapaxes(0, 1), None, None, np.ascontiguousarray(y.swapaxes(0, 1)), None
        self.state_0 = self.mask = None

    x = property(lambda self: self.inside[0])
    weights = property(lambda self: self.inside[4])
    read = property(lambda self: self.inside[5])
    h = states = property(lambda self: self.inside[7])
    above_zero = property(lambda self: self.inside[6] > 0)
    y = property(lambda self: self.inside[8])


class SelfAttention(Network):
    """Causal self-attention with one head, and a hidden layer on what it reads.

    input_size I, key_size D, hidden_size H, output_size O, each at least 1; activation of the hidden layer;
    seed and dtype as for the other networks. `step` reads one input after another and keeps all keys and values.
    Raises ValueError that names the argument, what was expected and what was given.
    """

    takes_mask = False
    why_no_state = "attention has no state"

    def __init__(
        self, input_size, key_size, hidden_size, output_size, activation="tanh", *, seed=0, dtype="float64"
    ):  # fmt: skip
        I = self.input_size = checks.whole_number("input_size", input_size)
        D = self.key_size = checks.whole_number("key_size", key_size)
        H = self.hidden_size = checks.whole_number("hidden_size", hidden_size)
        O = self.output_size = checks.whole_number("output_size", output_size)
        self.activation = checks.one_of("activation", activation, ACTIVATIONS)
        dtype = checks.dtype("dtype", dtype, ("float32", "float64"))
        rng = checks.generator("seed", seed)
        shapes = ((I, D), (I, D), (I, D), (D, H), (H,), (H, O), (O,))
        arrays = {
            name: initial_array(name, "glorot_uniform" if len(shape) == 2 else "zeros", rng, shape)
            for name, shape in zip(NAMES, shapes, strict=True)
        }
        super().__init__(arrays, dtype)

    def __repr__(self):
        sizes = f"input_size={self.input_size}, key_size={self.key_size}, hidden_size={self.hidden_size}"
        return f"SelfAttention({sizes}, output_size={self.output_size}, dtype='{self.dtype}')"

    @quietly
    def step(self, x_t, cache=None):
        """One input x_t (B, I) -> y_t (B, O) and the new cache: all keys and values so far, each (B, t, D).

        The cache grows with every step: that is the memory that attention needs while it reads on. One row (I,) gives
        a row (O,) and a cache of (t, D).
        """
        x_t = checks.numbers("x_t", x_t, f"an array of numbers of shape (B, {self.input_size}) or ({self.input_size},)")
        if x_t.ndim == 1:
            cache = None if cache is None else tuple(part[None] for part in cache)
            y_t, cache = self.step(checks.array("x_t", x_t, (self.input_size,), self.dtype)[None], cache)
            return y_t[0], tuple(part[0] for part in cache)
        x_t = checks.array("x_t", x_t, ("B", self.input_size), self.dtype)
        W_q, W_k, W_v, *_ = self.parameters.values()
        k, v = (x_t @ W_k)[:, None], (x_t @ W_v)[:, None]  # (B, 1, D)
        if cache is not None:
            k, v = np.concatenate([cache[0], k], axis=1), np.concatenate([cache[1], v], axis=1)
        α = softmax(np.einsum("bd,bsd->bs", x_t @ W_q, k) / np.sqrt(self.key_size))
        _, _, y_t = self._read_out(np.einsum("bs,bsd->bd", α, v))
        return y_t, (k, v)

    # ---- the mathematics; (B, T, ·) inside, as every step meets every other -----------------------------------

    def _read_out(self, m):
        """(a, h, y) of what was read, m (..., D)."""
        _, _, _, W_h, b_h, W_ho, b_o = self.parameters.values()
        a = m @ W_h + b_h
        h = ACTIVATIONS[self.activation].of(a, np.empty_like(a))
        return a, h, h @ W_ho + b_o

    def _forward(self, x, h_0, mask, workspace=None):
        x = np.ascontiguousarray(x.swapaxes(0, 1))  # (B, T, I)
        W_q, W_k, W_v, *_ = self.parameters.values()
        q, k, v = x @ W_q, x @ W_k, x @ W_v  # (B, T, D)
        scores = q @ k.swapaxes(1, 2) / np.sqrt(self.key_size)  # (B, T, T)
        scores[:, ~np.tri(x.shape[1], dtype=bool)] = -np.inf  # a step does not see what comes after it
        α = softmax(scores)
        m = α @ v  # (B, T, D)
        return SelfAttentionRecord(x, q, k, v, α, m, *self._read_out(m))

    def _backward(self, record, dy, workspace=None):
        x, q, k, v, α, m, _, h, _ = record.inside
        W_q, W_k, W_v, W_h, _, W_ho, _ = self.parameters.values()
        dy = dy.swapaxes(0, 1)  # (B, T, O)
        gradients = Gradients(np.empty_like(self.theta), self._shapes)
        da = ACTIVATIONS[self.activation].slope(h, np.empty_like(h)) * (dy @ W_ho.T)  # dJ/da = dJ/dh φ'(a)
        dm = da @ W_h.T
        dα = dm @ v.swapaxes(1, 2)
        dscores = α * (dα - (α * dα).sum(axis=2, keepdims=True)) / np.sqrt(self.key_size)  # the softmax's slope
        dq, dk, dv = dscores @ k, dscores.swapaxes(1, 2) @ q, α.swapaxes(1, 2) @ dm
        for name, below, above in (("W_q", x, dq), ("W_k", x, dk), ("W_v", x, dv), ("W_h", m, da), ("W_ho", h, dy)):
            gradients[name][...] = np.tensordot(below, above, axes=((0, 1), (0, 1)))  # Σ belowᵀ above
        gradients["b_h"][...] = da.sum(axis=(0, 1))
        gradients["b_o"][...] = dy.sum(axis=(0, 1))
        if workspace is None:
            gradients.x = dq @ W_q.T + dk @ W_k.T + dv @ W_v.T
        return gradients
