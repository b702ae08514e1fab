"""The recursive network over binary trees: forward from the leaves to the root, backward through structure.

    h_node = φ(x_node W_ih + h_left W_l + h_right W_r + b_h)        y_node = h_node W_ho + b_o

A child that is not there has the state 0. C. Goller and A. Küchler, Learning task-dependent distributed
representations by backpropagation through structure, ICNN (1996); R. Socher, C. C. Lin, A. Y. Ng and C. D. Manning,
Parsing natural scenes and natural language with recursive neural networks, ICML (2011).

B trees, N nodes, I inputs per node, H hidden units, O outputs. The nodes of a tree stand in a row, children before
their parents, the root last; so trees are sequences in which a state comes not from one step back, but from the
children's places. A row in which each node's left child is one place back, and which has no right children, is a chain.
"""

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .arrays import Record, Workspace, rows
from .initialisers import initial_array
from .network import Network


class TreeRecord(Record):
    """What SimpleRNN's record holds, with nodes in the place of steps; h[:, 0] is the state of no child."""


class TreeNetwork(Network):
    """A recursive network. Each node of a tree has inputs and at most two children.

    Parameters
    ----------
    input_size, hidden_size, output_size : I, H, O, each at least 1
    activation : "tanh", "relu", "sigmoid" or "linear"
    input_initialiser, child_initialiser, output_initialiser : a name, a function (rng, shape) -> array, or an array;
        W_l and W_r are drawn one after the other; biases start at zero
    seed : whole number or numpy.random.Generator; the same seed gives the same network
    dtype : "float64" for checking, "float32" for speed

    x is (B, N, I + 2). Columns 0 … I-1 are the inputs of each node; the last two say how many places back its left and
    its right child stand, 0 = no such child. mask (B, N): True = a real node; after the root of a smaller tree the
    state stays as it was, so that y[:, -1] is always that of the root.

    The parameters are W_ih (I, H), W_l (H, H), W_r (H, H), b_h (H,), W_ho (H, O), b_o (O,).
    Raises ValueError that names the argument, what was expected and what was given.
    """

    why_no_state = "the leaves begin with the state 0"

    def __init__(
        self,
        input_size,
        hidden_size,
        output_size,
        activation="tanh",
        *,
        input_initialiser="glorot_uniform",
        child_initialiser="orthogonal",
        output_initialiser="glorot_uniform",
        seed=0,
        dtype="float64",
    ):
        I = self.input_size = checks.whole_number("input_size", input_size)
        H = self.hidden_size = checks.whole_number("hidden_size", hidden_size)
        O = self.output_size = checks.whole_number("output_size", output_size)
        self.activation = checks.one_of("activation", activation, ACTIVATIONS)
        dtype = checks.dtype("dtype", dtype, ("float32", "float64"))
        rng = checks.generator("seed", seed)
        arrays = {
            "W_ih": initial_array("input_initialiser", input_initialiser, rng, (I, H)),
            "W_l": initial_array("child_initialiser", child_initialiser, rng, (H, H)),
            "W_r": initial_array("child_initialiser", child_initialiser, rng, (H, H)),
            "b_h": np.zeros(H),
            "W_ho": initial_array("output_initialiser", output_initialiser, rng, (H, O)),
            "b_o": np.zeros(O),
        }
        super().__init__(arrays, dtype)

    def __repr__(self):
        sizes = f"input_size={self.input_size}, hidden_size={self.hidden_size}, output_size={self.output_size}"
        return f"TreeNetwork({sizes}, activation={self.activation!r}, dtype='{self.dtype}')"

    # ---- the border: (B, N, ·), everything checked -----------------------------------------------------------

    def checked_inputs(self, name, x, count="B"):
        """`x` (B, N, I + 2) in the network's dtype; ValueError that names it if shape or children do not fit."""
        x = checks.array(name, x, (count, "N", self.input_size + 2), self.dtype)
        back, place = x[:, :, self.input_size :].real, np.arange(x.shape[1])[None, :, None]
        wrong = (back != np.floor(back)) | (back < 0) | (back > place)
        if wrong.any():
            tree, node, child = (int(i) for i in np.argwhere(wrong)[0])
            side = ("left", "right")[child]
            expected = f"a {side} child 1 to {node} places before node {node} of tree {tree}, or 0 for none"
            raise checks.bad(name, expected, f"{back[tree, node, child]:g}")
        return x

    # ---- the mathematics: (N, B, ·), nothing checked ---------------------------------------------------------

    def _forward(self, x, h_0, mask, workspace=None):
        N, B, _ = x.shape
        W_ih, W_l, W_r, b_h, W_ho, b_o = self.parameters.values()
        φ = ACTIVATIONS[self.activation].of
        new = workspace or Workspace()
        h = new.array("h", (N + 1, B, self.hidden_size), self.dtype)  # h[0] stays 0: the state of no child
        a = new.array("a", (N, B, self.hidden_size), self.dtype)
        left, right = self._children(x)
        tree = np.arange(B)

        np.matmul(x[:, :, : self.input_size], W_ih, out=a)  # x_node W_ih, all nodes at once
        a += b_h
        h[0] = 0
        for n in range(N):
            a[n] += h[left[n], tree] @ W_l  # + h_left W_l: (B, H) (H, H)
            a[n] += h[right[n], tree] @ W_r  # + h_right W_r
            φ(a[n], h[n + 1])
            if mask is not None:
                np.copyto(h[n + 1], h[n], where=~mask[n, :, None])  # not a real node: as the one before
        return TreeRecord(x, a, h, h[1:] @ W_ho + b_o, mask)

    def _backward(self, record, dy, workspace=None):
        x, _, h, _, mask = record.along_time
        N, B, _ = x.shape
        W_ih, W_l, W_r, _, W_ho, _ = self.parameters.values()
        slope = ACTIVATIONS[self.activation].slope
        new = workspace or Workspace()
        dh = new.array("dh", h.shape, self.dtype)
        da = slope(np.ascontiguousarray(h[1:]), out=new.array("da", h[1:].shape, self.dtype))  # φ'(a)
        left, right = self._children(x)
        tree = np.arange(B)

        dh[0] = 0
        np.matmul(dy, W_ho.T, out=dh[1:])  # dJ/dy_node W_hoᵀ
        for n in range(N - 1, -1, -1):
            da[n] *= dh[n + 1]  # dJ/da = dJ/dh φ'(a); all that comes from the parents is in dh by now
            if mask is not None:
                padded = ~mask[n, :, None]
                dh[n] += padded * dh[n + 1]
                np.copyto(da[n], 0, where=padded)
            dh[left[n], tree] += da[n] @ W_l.T  # to the left child: dJ/da W_lᵀ
            dh[right[n], tree] += da[n] @ W_r.T  # to the right child
        dh[0] = 0  # what arrived at no child

        gradients = new.gradients(self)
        inputs, every_da = x[:, :, : self.input_size].reshape(N * B, -1), rows(da)
        inputs.T.dot(every_da, out=gradients["W_ih"])  # Σ xᵀ dJ/da
        rows(h[left, tree]).T.dot(every_da, out=gradients["W_l"])  # Σ h_leftᵀ dJ/da
        rows(h[right, tree]).T.dot(every_da, out=gradients["W_r"])  # Σ h_rightᵀ dJ/da
        np.sum(every_da, axis=0, out=gradients["b_h"])
        rows(h[1:]).T.dot(rows(dy), out=gradients["W_ho"])  # Σ hᵀ dJ/dy
        np.sum(dy, axis=(0, 1), out=gradients["b_o"])
        if workspace is None:
            gradients.keep(dh, da, da @ W_ih.T)
        return gradients

    def _children(self, x):
        """The rows of h (N, B) that hold the states of the left and of the right child; row 0 where there is none."""
        back = x[:, :, self.input_size :].real.astype(np.intp)  # (N, B, 2)
        place = np.arange(1, len(x) + 1)[:, None, None]
        return np.moveaxis(np.where(back > 0, place - back, 0), 2, 0)
