"""Two recurrent networks over one sequence: one reads forwards, one backwards, and both tell what they have read.

    → reads x_1 … x_T, its last state is h→_T        ← reads x_T … x_1, its last state is h←_1
    y = [h→_T  h←_1] W_ho + b_o

One output for a whole sequence. Steps that the mask leaves out change no state in either direction, so padding at the
end costs the backward network nothing: it begins at the last real step, as in Keras' Bidirectional.
(M. Schuster and K. K. Paliwal, Bidirectional recurrent neural networks, IEEE Trans. Signal Processing 45, 1997.)
"""

import numpy as np

from . import checks
from .arrays import Record, Workspace, rows
from .initialisers import glorot_uniform
from .lstm import LSTM
from .network import Network
from .recurrent import Recurrent

INNER = ("W_ih", "W_hh", "b_h")  # the parameters of each direction


class BidirectionalRecord:
    """y (B, 1, O), x (B, T, I), mask (B, T) or None; states (B, T, 2H): at each step what was read before it and at it,
    beside what was read after it and at it; last (B, 2H): the two states that the output layer sees."""

    def __init__(self, x, records, y, mask):
        self.records = records
        self.along_time = x, None, None, y, mask
        self.state_0 = None

    x = property(lambda self: self.along_time[0].swapaxes(0, 1))
    y = property(lambda self: self.along_time[3].swapaxes(0, 1))
    mask = Record.mask
    last = property(lambda self: np.concatenate([record.h_last for record in self.records.values()], axis=1))

    @property
    def states(self):
        there, back = (record.states for record in self.records.values())
        return np.concatenate([there, back[:, ::-1]], axis=2)


class Bidirectional(Network):
    """Two recurrent networks, one output layer over both last states.

    Parameters
    ----------
    input_size, hidden_size, output_size : I, H, O, each at least 1; H units in each direction
    kind : SimpleRNN, GRU or LSTM, the class of both
    seed : whole number or numpy.random.Generator; the same seed gives the same network
    dtype : "float64" for checking, "float32" for speed

    Parameters are "→ W_ih", "→ W_hh", "→ b_h", "← W_ih", "← W_hh", "← b_h", W_ho (2H, O) and b_o (O,). `forward` gives
    y (B, 1, O), for losses with steps="last". Raises ValueError that names the argument, expected and given.
    """

    activation = "tanh"
    one_output = True
    why_no_state = "both directions start from zeros"

    def __init__(self, input_size, hidden_size, output_size, kind=LSTM, *, seed=0, dtype="float64"):
        if not (isinstance(kind, type) and issubclass(kind, Recurrent)):
            raise checks.bad("kind", "a class: SimpleRNN, GRU or LSTM", checks.describe(kind))
        self.kind, rng = kind, checks.generator("seed", seed)
        dtype = checks.dtype("dtype", dtype, ("float32", "float64"))
        self.directions = {arrow: kind(input_size, hidden_size, output_size, seed=rng, dtype=dtype) for arrow in "→←"}
        self.input_size, self.hidden_size, self.output_size = (
            getattr(self.directions["→"], name) for name in ("input_size", "hidden_size", "output_size")
        )
        arrays = {
            f"{arrow} {name}": net.parameters[name] for arrow, net in self.directions.items() for name in INNER
        } | {
            "W_ho": glorot_uniform(rng, (2 * self.hidden_size, self.output_size)),
            "b_o": np.zeros(self.output_size),
        }
        super().__init__(arrays, dtype)

    def __repr__(self):
        sizes = f"{self.input_size}, {self.hidden_size}, {self.output_size}"
        return f"Bidirectional({sizes}, {type(self.directions['→']).__name__}, dtype='{self.dtype}')"

    def _set_theta(self, theta):
        """The parameters of both directions become views of ours; each gets its own half of W_ho."""
        super()._set_theta(theta)
        H, inner = self.hidden_size, {}
        for k, (arrow, net) in enumerate(self.directions.items()):
            net = inner[arrow] = net.astype(self.dtype)
            net.parameters = {name: self.parameters[f"{arrow} {name}"] for name in INNER}
            net.parameters["W_ho"] = self.parameters["W_ho"][k * H : (k + 1) * H]
            net.parameters["b_o"] = self.parameters["b_o"] if k == 0 else np.zeros(self.output_size, self.dtype)
        self.directions = inner

    # ---- the mathematics: (T, B, ·), nothing checked ---------------------------------------------------------

    def _forward(self, x, h_0, mask, workspace=None):
        records = {}
        for arrow, net in self.directions.items():
            read, real = x, mask
            if arrow == "←":  # the last step first
                read = np.ascontiguousarray(x[::-1])
                real = None if mask is None else np.ascontiguousarray(mask[::-1])
            records[arrow] = net._forward(read, None, real, workspace and workspace.part(arrow))
        y = sum(record.along_time[3][-1] for record in records.values())  # h→_T W→ + b_o + h←_1 W←: (B, O)
        return BidirectionalRecord(x, records, y[None], mask)

    def _backward(self, record, dy, workspace=None):
        gradients = (workspace or Workspace()).gradients(self)
        H, dx = self.hidden_size, {}
        for k, (arrow, net) in enumerate(self.directions.items()):
            inner = record.records[arrow]
            dy_steps = np.zeros_like(inner.along_time[3])
            dy_steps[-1] = dy[0]  # only the last state is asked for
            of_net = net._backward(inner, dy_steps, workspace and workspace.part(arrow))
            for name in INNER:
                gradients[f"{arrow} {name}"][...] = of_net[name]
            gradients["W_ho"][k * H : (k + 1) * H] = of_net["W_ho"]
            dx[arrow] = None if workspace else of_net.x
        gradients["b_o"][...] = rows(dy).sum(axis=0)
        if workspace is None:
            gradients.x = dx["→"] + dx["←"][:, ::-1]
        return gradients
