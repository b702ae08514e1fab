"""The feedforward network: layers, one after the other, without a loop. Forward, and backward by back-propagation.

    h = φ(x W_ih + b_h)        y = h W_ho + b_o

B samples, I inputs, H hidden units, O outputs; rows are samples. More hidden layers repeat the first formula. Given
sequences (B, T, I), the network treats every step alone, as Keras' `Dense` does: no step knows of another.
"""

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .arrays import Gradients, Record, Workspace, rows
from .initialisers import initial_array
from .network import Network


class FeedForward(Network):
    """Layers of any sizes. The hidden layers have the activation; the outputs are logits, without one.

    Parameters
    ----------
    sizes : (I, H, O); (I, O) for no hidden layer, (I, H1, H2, O) for two, and so on; each at least 1
    activation : "tanh", "relu", "sigmoid" or "linear", of all hidden layers
    initialiser : a name ("glorot_uniform", "orthogonal", "identity", "zeros"), a function (rng, shape) -> array, or a
        tuple with one of these, or an array, for each weight matrix; biases start at zero
    seed : whole number or numpy.random.Generator; the same seed gives the same network
    dtype : "float64" for checking, "float32" for speed

    With one hidden layer the parameters are W_ih (I, H), b_h (H,), W_ho (H, O), b_o (O,); with another number of
    layers they are W_1, b_1, W_2, b_2, …, from the inputs on.

    Raises ValueError that names the argument, what was expected and what was given.
    """

    keeps_state = False
    why_no_state = "a feedforward network has no state"

    def __init__(self, sizes, activation="tanh", *, initialiser="glorot_uniform", seed=0, dtype="float64"):
        self.sizes = _sizes(sizes)
        self.input_size, *self.hidden_sizes, self.output_size = self.sizes
        self.activation = checks.one_of("activation", activation, ACTIVATIONS)
        dtype = checks.dtype("dtype", dtype, ("float32", "float64"))
        rng = checks.generator("seed", seed)
        shapes = list(zip(self.sizes[:-1], self.sizes[1:], strict=True))
        initialisers = initialiser if isinstance(initialiser, tuple | list) else [initialiser] * len(shapes)
        if len(initialisers) != len(shapes):
            raise checks.bad("initialiser", f"one, or one for each of {len(shapes)} layers", f"{len(initialisers)}")
        arrays = {}
        for k, (W, b) in enumerate(parameter_names(len(shapes))):
            arrays[W] = initial_array("initialiser", initialisers[k], rng, shapes[k])
            arrays[b] = np.zeros(shapes[k][1])
        super().__init__(arrays, dtype)

    def __repr__(self):
        return f"FeedForward({self.sizes}, activation={self.activation!r}, dtype='{self.dtype}')"

    # ---- the border: (B, ·) or (B, T, ·), everything checked -------------------------------------------------

    def checked_inputs(self, name, x, count="B"):
        """`x` in the shape (B, I) or (B, T, I) and the dtype of the network; ValueError that names it otherwise."""
        x = checks.numbers(name, x, f"an array of numbers of shape ({count}, {self.input_size})")
        steps = ("T",) if x.ndim == 3 else ()
        return checks.array(name, x, (count, *steps, self.input_size), self.dtype)

    # ---- the mathematics: (T, B, ·), nothing checked; samples without steps have T = 1 -----------------------

    def _forward(self, x, h_0, mask, workspace=None):
        T, B, _ = x.shape
        new = workspace or Workspace()
        φ = ACTIVATIONS[self.activation].of
        all_a, all_h, below = [], [], x
        for k, (W, b) in enumerate(self._layers()):
            a = new.array(f"a{k}", (T, B, len(b)), self.dtype)
            np.dot(rows(below), W, out=rows(a))  # x W_ih: (TB, I) (I, H); in the last layer h W_ho: (TB, H) (H, O)
            a += b  # + b_h; in the last layer + b_o
            if k == len(self.hidden_sizes):
                break
            below = φ(a, out=new.array(f"h{k}", a.shape, self.dtype))  # h = φ(a)
            all_a.append(a)
            all_h.append(below)
        return LayerRecord(x, tuple(all_a), tuple(all_h), a, mask)

    def _backward(self, record, dy, workspace=None):
        x, _, all_h, _, _ = record.along_time
        new = workspace or Workspace()
        slope = ACTIVATIONS[self.activation].slope
        gradients = LayerGradients(new.array("dtheta", self.theta.shape, self.dtype), self._shapes)
        names, layers, below = parameter_names(len(all_h) + 1), self._layers(), (x, *all_h)
        all_da, all_dh, da = [], [], dy
        for k in range(len(all_h), -1, -1):
            W, b = names[k]
            np.dot(rows(below[k]).T, rows(da), out=gradients[W])  # hᵀ dJ/dy: (H, TB) (TB, O); then xᵀ dJ/da
            np.sum(rows(da), axis=0, out=gradients[b])  # Σ dJ/dy; then Σ dJ/da
            if k == 0 and workspace is not None:
                break  # what arrives at the inputs is only for looking at
            dh = new.array(f"dh{k}", below[k].shape, self.dtype)
            np.dot(rows(da), layers[k][0].T, out=rows(dh))  # dJ/dh = dJ/dy W_hoᵀ: (TB, O) (O, H)
            all_dh.insert(0, dh)
            if k > 0:
                da = slope(below[k], out=new.array(f"da{k}", dh.shape, self.dtype))
                da *= dh  # dJ/da = dJ/dh φ'(a)
                all_da.insert(0, da)
        gradients.along_time = all_dh, all_da
        return gradients

    def _layers(self):
        values = list(self.parameters.values())
        return list(zip(values[::2], values[1::2], strict=True))


class LayerRecord(Record):
    """Everything a forward pass computed: x (B, I), y (B, O); (B, T, ·) instead, if sequences were given.

    all_a, all_h : pre-activations and outputs of each hidden layer (B, H), from the inputs on
    a, h : those of the last hidden layer, the one that the outputs see (h is x where there is no hidden layer)
    """

    steps = True  # were sequences given?

    def _outside(self, array):
        return array.swapaxes(0, 1) if self.steps else array[0]

    x = property(lambda self: self._outside(self.along_time[0]))
    y = property(lambda self: self._outside(self.along_time[3]))
    all_a = property(lambda self: tuple(map(self._outside, self.along_time[1])))
    all_h = property(lambda self: tuple(map(self._outside, self.along_time[2])))
    a = property(lambda self: self.all_a[-1] if self.all_a else None)
    h = property(lambda self: self.all_h[-1] if self.all_h else self.x)
    states = property(lambda self: self.h)
    h_0 = h_last = None
    above_zero = property(lambda self: np.concatenate([(a > 0).ravel() for a in self.along_time[1]] or [[]]))
    sizes = property(lambda self: tuple(array.shape[-1] for array in self._layers()))

    def _layers(self):
        x, _, all_h, y, _ = self.along_time
        return x, *all_h, y

    def __repr__(self):
        hidden = ", ".join(f"h {h.shape}" for h in self.all_h)
        return f"LayerRecord: x {self.x.shape}, {hidden}{', ' if hidden else ''}y {self.y.shape}"


class LayerGradients(Gradients):
    """dJ/d(parameter), by name and as the flat vector `theta`.

    For looking at, from `backward`: x (B, I) is dJ/dx; all_h and all_a hold dJ/dh and dJ/da of each hidden layer
    (B, H), h and a those of the last one.
    """

    steps = True
    _outside = LayerRecord._outside

    x = property(lambda self: self._outside(self.along_time[0][0]))
    all_h = property(lambda self: tuple(map(self._outside, self.along_time[0][1:])))
    all_a = property(lambda self: tuple(map(self._outside, self.along_time[1])))
    h = property(lambda self: self.all_h[-1] if self.all_h else self.x)
    a = property(lambda self: self.all_a[-1] if self.all_a else None)


def parameter_names(layers):
    """The names (weights, bias) of each layer: the course's own for one hidden layer, numbers otherwise."""
    if layers == 2:
        return [("W_ih", "b_h"), ("W_ho", "b_o")]
    return [(f"W_{k}", f"b_{k}") for k in range(1, layers + 1)]


def _sizes(sizes):
    expected = "a tuple of at least two sizes, such as (2, 3, 1) for 2 inputs, 3 hidden units, 1 output"
    if not isinstance(sizes, tuple | list) or len(sizes) < 2:
        raise checks.bad("sizes", expected, checks.describe(sizes))
    return tuple(checks.whole_number(f"sizes[{k}]", size) for k, size in enumerate(sizes))
