"""Recurrent layers one above the other: each reads the states of the layer below, and the last one answers.

    h¹_t = layer 1 (x_t, h¹_{t-1})        h²_t = layer 2 (h¹_t, h²_{t-1})    …        y_t = hᴸ_t W_ho + b_o

As in Keras: all recurrent layers but the last with return_sequences=True, and a Dense layer at the end.
"""

import numpy as np

from . import checks
from .arrays import Record, Workspace
from .initialisers import glorot_uniform
from .lstm import LSTM
from .network import Network
from .recurrent import Recurrent

INNER = ("W_ih", "W_hh", "b_h")  # the parameters of each layer


class StackedRecord(Record):
    """What the record of the last layer holds as far as all networks have it (a, h, y), with x and mask of the first.

    layers : the records of all layers, from the inputs on
    state_0, state_last : tuples with the state of each layer; of an LSTM each is the pair (h, c)
    """

    def __init__(self, x, layers, mask):
        _, a, h, y, _ = layers[-1].along_time
        super().__init__(x, a, h, y, mask)
        self.layers = layers

    state_0 = property(lambda self: tuple(layer.state_0 for layer in self.layers))
    state_last = property(lambda self: tuple(layer.state_last for layer in self.layers))
    above_zero = property(lambda self: np.concatenate([layer.above_zero.ravel() for layer in self.layers]))


class Stacked(Recurrent):
    """Several recurrent layers of one kind, and one output layer on the last.

    Parameters
    ----------
    input_size, hidden_sizes, output_size : I; the units of each layer, from the inputs on, such as (32, 16); O
    kind : SimpleRNN, GRU or LSTM, the class of all layers
    seed : whole number or numpy.random.Generator; the same seed gives the same network
    dtype : "float64" for checking, "float32" for speed
    settings : what the layers' class takes besides, such as activation="relu" or reset_after=False

    Parameters are "1 W_ih", "1 W_hh", "1 b_h", "2 W_ih", …, and W_ho, b_o: so `train(..., drop={"2 W_ih": 0.2})` drops
    units of the first layer on their way to the second. The state is a tuple with one for each layer.

    Raises ValueError that names the argument, what was expected and what was given.
    """

    def __init__(self, input_size, hidden_sizes, output_size, kind=LSTM, *, seed=0, dtype="float64", **settings):
        if not (isinstance(kind, type) and issubclass(kind, Recurrent)) or kind is Stacked:
            raise checks.bad("kind", "a class: SimpleRNN, GRU or LSTM", checks.describe(kind))
        if not isinstance(hidden_sizes, tuple | list) or not hidden_sizes:
            expected = "a tuple with the units of each layer, such as (32, 16)"
            raise checks.bad("hidden_sizes", expected, checks.describe(hidden_sizes))
        sizes = [checks.whole_number(f"hidden_sizes[{k}]", size) for k, size in enumerate(hidden_sizes)]
        rng = checks.generator("seed", seed)
        self.output_size = checks.whole_number("output_size", output_size)
        self.kind, self.hidden_sizes, self.hidden_size = kind, tuple(sizes), sizes[-1]
        self.layers = [  # only the last one has an output layer
            kind(below, size, self.output_size if k == len(sizes) - 1 else 1, seed=rng, dtype=dtype, **settings)
            for k, (below, size) in enumerate(zip([input_size, *sizes[:-1]], sizes, strict=True))
        ]
        for layer in self.layers[:-1]:
            layer.reads_out = False
        self.input_size, self.activation = self.layers[0].input_size, self.layers[0].activation
        self.settings = {name: getattr(self.layers[0], name) for name in settings if hasattr(self.layers[0], name)}
        arrays = {
            f"{k} {name}": layer.parameters[name] for k, layer in enumerate(self.layers, start=1) for name in INNER
        } | {"W_ho": glorot_uniform(rng, (sizes[-1], self.output_size)), "b_o": np.zeros(self.output_size)}
        Network.__init__(self, arrays, self.layers[0].dtype)

    @property
    def step_size(self):
        return sum(layer.step_size for layer in self.layers)

    def __repr__(self):
        settings = "".join(f", {name}={value!r}" for name, value in self.settings.items())
        sizes = f"{self.input_size}, {self.hidden_sizes}, {self.output_size}"
        return f"Stacked({sizes}, {self.kind.__name__}{settings}, dtype='{self.dtype}')"

    def _set_theta(self, theta):
        """The parameters of all layers become views of ours."""
        super()._set_theta(theta)
        self.layers = [layer.astype(self.dtype) for layer in self.layers]
        for k, layer in enumerate(self.layers, start=1):
            outputs = {name: self.parameters[name] if layer.reads_out else None for name in ("W_ho", "b_o")}
            layer.parameters = {name: self.parameters[f"{k} {name}"] for name in INNER} | outputs

    def _checked_state(self, name, value, B):
        if not isinstance(value, tuple | list) or len(value) != len(self.layers):
            raise checks.bad(name, f"a tuple of {len(self.layers)} states, one a layer", checks.describe(value))
        return tuple(
            layer._checked_state(f"{name}[{k}]", state, B)
            for k, (layer, state) in enumerate(zip(self.layers, value, strict=True))
        )

    # ---- the mathematics: (T, B, ·), nothing checked -------------------------------------------------------

    def _forward(self, x, h_0, mask, workspace=None):
        below, records = x, []
        for k, layer in enumerate(self.layers):
            state = None if h_0 is None else h_0[k]
            records.append(layer._forward(below, state, mask, workspace and workspace.part(k)))
            below = records[-1].along_time[2][1:]  # h_1 … h_T
        return StackedRecord(x, records, mask)

    def _backward(self, record, dy, workspace=None, from_later=None):
        gradients = (workspace or Workspace()).gradients(self)
        states_0, from_above = [], dy  # of the last layer dJ/dy, of the others dJ/dh
        for k in reversed(range(len(self.layers))):
            layer, later = self.layers[k], None if from_later is None else from_later[k]
            of_layer = layer._backward(record.layers[k], from_above, workspace and workspace.part(k), later)
            for name in INNER:
                gradients[f"{k + 1} {name}"][...] = of_layer[name]
            if layer.reads_out:
                gradients["W_ho"][...], gradients["b_o"][...] = of_layer["W_ho"], of_layer["b_o"]
                last = of_layer
            states_0.insert(0, of_layer.state_0)
            if k > 0:  # dJ/dx_t = dJ/da_t W_ihᵀ, of all steps at once
                from_above = of_layer.da.dot(layer.parameters["W_ih"].T)
        gradients.state_0 = tuple(states_0)
        gradients.da = last.da
        if workspace is None:
            gradients.h, gradients.a, gradients.x = last.h, last.a, of_layer.x
            if hasattr(last, "c"):
                gradients.c = last.c
        return gradients
