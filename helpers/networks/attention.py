"""Attention over the states of a recurrent network: a weighted mean of all of them, with weights that depend on them.

    s_t = h_t · q / √H            score of step t against a query q (H,)
    α = softmax(s)                weights over the T steps, adding up to 1
    m = Σ α_t h_t                 what is read: (B, H)                        y = m W_ho + b_o

Scaled dot products and softmax as in A. Vaswani et al., Attention is all you need, NIPS (2017), section 3.2.1; here
with one learned query for all sequences, and the states themselves as keys and values.
"""

import numpy as np

from . import checks
from .arrays import Gradients, rows
from .initialisers import glorot_uniform
from .network import Network


class AttentionRecord:
    """weights (B, T), read (B, H), y (B, 1, O), the states x (B, T, H), and the mask (B, T) or None."""

    def __init__(self, x, α, read, y, mask):
        self.inside = x, α, read
        self.along_time = x, None, None, y, mask
        self.state_0 = None

    x = property(lambda self: self.inside[0].swapaxes(0, 1))
    weights = property(lambda self: self.inside[1].T)
    read = property(lambda self: self.inside[2])
    y = property(lambda self: self.along_time[3].swapaxes(0, 1))
    mask = property(lambda self: None if self.along_time[4] is None else self.along_time[4].T)


class AttentionReadout(Network):
    """One output for a whole sequence of states, read by attention.

    input_size H, the length of a state; output_size O; seed and dtype as for the other networks.
    `forward` takes states (B, T, H) and a mask (steps that are not real get no weight) and gives y (B, 1, O) and an
    AttentionRecord; for losses with steps="last".
    Raises ValueError that names the argument, what was expected and what was given.
    """

    activation = "linear"  # nothing in it has a kink
    one_output = True
    why_no_state = "attention has no state"

    def __init__(self, input_size, output_size, seed=0, dtype="float64"):
        H = self.input_size = checks.whole_number("input_size", input_size)
        O = self.output_size = checks.whole_number("output_size", output_size)
        rng = checks.generator("seed", seed)
        dtype = checks.dtype("dtype", dtype, ("float32", "float64"))
        super().__init__({"q": np.zeros(H), "W_ho": glorot_uniform(rng, (H, O)), "b_o": np.zeros(O)}, dtype)

    def __repr__(self):
        return f"AttentionReadout(input_size={self.input_size}, output_size={self.output_size}, dtype='{self.dtype}')"

    def _forward(self, x, h_0, mask, workspace=None):
        q, W_ho, b_o = self.parameters.values()
        scores = x.dot(q) / np.sqrt(self.input_size)  # (T, B)
        scores -= scores.real.max(axis=0)
        if mask is not None:
            scores[~mask] = -np.inf
        α = np.exp(scores)
        α /= α.sum(axis=0)
        read = np.einsum("tb,tbh->bh", α, x)
        return AttentionRecord(x, α, read, (read.dot(W_ho) + b_o)[None], mask)

    def _backward(self, record, dy, workspace=None):
        x, α, read = record.inside
        W_ho = self.parameters["W_ho"]
        gradients = Gradients(np.empty_like(self.theta), self._shapes)
        dread = rows(dy).dot(W_ho.T)  # (B, H)
        dα = np.einsum("bh,tbh->tb", dread, x)
        dscores = α * (dα - (α * dα).sum(axis=0))  # the softmax's slope
        gradients["q"][...] = np.einsum("tb,tbh->h", dscores, x) / np.sqrt(self.input_size)
        gradients["W_ho"][...] = read.T.dot(rows(dy))
        gradients["b_o"][...] = rows(dy).sum(axis=0)
        if workspace is None:
            q = self.parameters["q"]
            dx = α[:, :, None] * dread + dscores[:, :, None] * q / np.sqrt(self.input_size)
            gradients.x = dx.swapaxes(0, 1)
        return gradients
