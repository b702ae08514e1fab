"""What all recurrent networks share: the border, where everything is checked, and the output layer.

    h_t = …, each network has its own formula        y_t = h_t W_ho + b_o

B sequences, T steps, I inputs, H hidden units, O outputs. Arrays are (B, T, ·) at the border and (T, B, ·)
inside, so that the numbers of one step lie together in memory.
"""

import functools

import numpy as np

from . import checks
from .arrays import Workspace, for_each, rows
from .initialisers import initial_array
from .network import Network
from .processor import empty, large_dot, quietly

CACHE = 2**18  # bytes of states and gates that `predict` works on at a time
SHORTEST = 4  # steps, however large they are


class Recurrent(Network):
    """Base of the recurrent networks. A network adds `_forward` and `_backward`: (T, B, ·), nothing checked.

    `from_later` is what arrives at the last state from steps after it: dJ/dh_T, of an LSTM the pair (dJ/dh_T, dJ/dc_T).
    """

    step_size = property(lambda self: self.hidden_size)  # numbers that a step of one sequence needs

    def __init__(self, sizes, parts, biases, initialisers, seed, dtype):
        """Sizes (I, H, O); `parts` matrices stand side by side in W_ih and W_hh, with one row of `biases` or two."""
        I = self.input_size = checks.whole_number("input_size", sizes[0])
        H = self.hidden_size = checks.whole_number("hidden_size", sizes[1])
        O = self.output_size = checks.whole_number("output_size", sizes[2])
        dtype = checks.dtype("dtype", dtype, ("float32", "float64"))
        rng = checks.generator("seed", seed)
        input_initialiser, recurrent_initialiser, output_initialiser = initialisers
        arrays = {
            "W_ih": initial_array("input_initialiser", input_initialiser, rng, (I, parts * H)),
            "W_hh": initial_array("recurrent_initialiser", recurrent_initialiser, rng, (H, parts * H)),
            "b_h": np.zeros(parts * H if biases == 1 else (biases, parts * H)),
            "W_ho": initial_array("output_initialiser", output_initialiser, rng, (H, O)),
            "b_o": np.zeros(O),
        }
        super().__init__(arrays, dtype)

    def _written(self, *settings):
        sizes = f"input_size={self.input_size}, hidden_size={self.hidden_size}, output_size={self.output_size}"
        return f"{type(self).__name__}({', '.join([sizes, *settings])}, dtype='{self.dtype}')"

    # ---- the border: (B, T, ·), everything checked ---------------------------------------------------------

    @quietly
    def step(self, x_t, h=None):
        """One time step: x_t (B, I) and the state h (B, H), zeros if None -> y_t (B, O), next state (B, H).

        The state of an LSTM is the pair (h, c). One row (I,) with a state of rows (H,) gives rows back.
        """
        x_t = checks.numbers("x_t", x_t, f"an array of numbers of shape (B, {self.input_size}) or ({self.input_size},)")
        single = x_t.ndim == 1
        x_t = checks.array("x_t", x_t, (self.input_size,) if single else ("B", self.input_size), self.dtype)
        if h is not None:
            h = self._checked_state("h", h, None if single else len(x_t))
        if single:
            x_t, h = x_t[None], each(lambda row: row[None], h)
        record = self._forward(x_t[None], h, None)
        y_t, h = self._finite(record.y[:, 0]), record.state_last
        return (y_t[0], each(lambda rows_: rows_[0], h)) if single else (y_t, h)

    def _checked_state(self, name, value, B):
        """The state of B sequences (B, H), of one row (H,) if B is None."""
        return checks.array(name, value, self._state_shape(B), self.dtype)

    def _state_shape(self, B):
        return (self.hidden_size,) if B is None else (B, self.hidden_size)

    def _outputs_alone(self, x, h_0, mask):
        """A block of steps after the other, in the same memory, which so stays in the processor's cache."""
        B, T, _ = x.shape
        y = empty((T, B, self.output_size), self.dtype)
        workspace, x, state = Workspace(), x.swapaxes(0, 1), h_0
        length = max(CACHE // (B * self.step_size * self.dtype.itemsize), SHORTEST)
        for start in range(0, T, length):
            block = slice(start, start + length)
            record = self._forward(x[block], state, None if mask is None else mask[block], workspace)
            y[block] = record.along_time[3]
            state = each(np.copy, record.state_last)
        return y

    # ---- the output layer ------------------------------------------------------------------------------------

    reads_out = True  # a layer below others has no output layer: its states are what is asked for, dJ/dy is dJ/dh

    def _outputs(self, h, y):
        """Write y (T, B, O) of the states h_1 to h_T, one below the other: (TB, H)."""
        if not self.reads_out:
            return
        large_dot(h, self.parameters["W_ho"], rows(y))  # h_t W_ho, all steps at once: (TB, H) (H, O)
        y += for_each(y.shape[1], self.parameters["b_o"])  # + b_o

    def _before_outputs(self, dy, dh):
        """Write dJ/dh (TB, H), what comes from the outputs alone: dJ/dy (TB, O)."""
        if self.reads_out:
            large_dot(dy, self.parameters["W_ho"].T, dh)  # dJ/dy_t W_hoᵀ, all steps at once: (TB, O) (O, H)
        else:
            dh[...] = dy

    def _output_gradients(self, gradients, h, dy):
        """dJ/dW_ho and dJ/db_o, from the states h_1 to h_T (TB, H) and dJ/dy (TB, O)."""
        if not self.reads_out:
            return
        large_dot(h.T, dy, gradients["W_ho"])  # Σ h_tᵀ dJ/dy_t: (H, TB) (TB, O)
        column_sums(dy, gradients["b_o"])  # Σ dJ/dy_t


def each(function, state):
    """A state with a function applied to its arrays: it may be a tuple of arrays, or of the states of layers."""
    if isinstance(state, tuple | list):
        return tuple(each(function, part) for part in state)
    return None if state is None else function(state)


def parts(array, n):
    """(T, B, nH) -> n views (T, B, H), one for each gate."""
    H = array.shape[-1] // n
    return [array[..., k * H : (k + 1) * H] for k in range(n)]


def column_sums(array, out):
    """(TB, n) -> (n,): the sum over all steps of all sequences, fastest as a product."""
    return _ones(len(array), array.dtype).dot(array, out)


@functools.lru_cache(maxsize=16)
def _ones(n, dtype):
    ones = np.ones(n, dtype)
    ones.flags.writeable = False  # shared by all networks
    return ones
