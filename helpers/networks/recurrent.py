"""What all recurrent networks share: the border, where everything is checked, and the output layer.

    h_t = …, each network has its own formula        y_t = h_t W_ho + b_o

B sequences, T steps, I inputs, H hidden units, O outputs. Arrays are (B, T, ·) at the border and (T, B, ·)
inside, so that the numbers of one step lie together in memory.
"""

import functools

import numpy as np

from . import checks
from .blas import large_dot, one_thread
from .initialisers import initial_array
from .network import Network, Record, for_each, rows, time_first


class Recurrent(Network):
    """Base of the recurrent networks. A network adds `_forward` and `_backward`: (T, B, ·), nothing checked.

    `from_later` is what arrives at the last state from steps after it: dJ/dh_T, of an LSTM the pair (dJ/dh_T, dJ/dc_T).

    record_type : the class of its records
    """

    record_type = Record

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

    def forward(self, x, h_0=None, mask=None):
        """Run over whole sequences; returns the outputs y (B, T, O), which are logits, and a Record.

        x : (B, T, I) sequences
        h_0 : (B, H) the state before the first input, zeros if None; of an LSTM the pair (h_0, c_0)
        mask : (B, T) bool, True = a real step; at any other step the state stays as it was, as in Keras

        Raises ValueError on bad input, before any work.
        """
        x = checks.array("x", x, ("B", "T", self.input_size), self.dtype)
        B, T, _ = x.shape
        if h_0 is not None:
            h_0 = self._checked_state("h_0", h_0, B)
        if mask is not None:
            mask = time_first(checks.mask_array("mask", mask, B, T), copy=True)
        with one_thread():
            record = self._forward(time_first(x, copy=True), h_0, mask)  # a copy: backward needs x as it is now
        return record.y, record

    def backward(self, record, dy):
        """Gradients of a loss J from dy = dJ/dy (B, T, O), by back-propagation through time.

        record : what `forward` of this network returned, its parameters unchanged since

        Contributions that have shrunk to below 1e-28 in float32 (1e-298 in float64) are taken as zero.
        Raises ValueError on bad input, before any work.
        """
        if type(record) is not self.record_type:
            raise checks.bad("record", "the record that forward of this network returned", checks.describe(record))
        B, T, _ = record.y.shape
        sizes, given = (self.input_size, self.hidden_size), (record.x.shape[2], record.h.shape[2])
        if given != sizes or record.h.dtype != self.dtype:
            words = "{} inputs and {} hidden units in {}"
            wanted = "a record of " + words.format(*sizes, self.dtype)
            raise checks.bad("record", wanted, "one of " + words.format(*given, record.h.dtype))
        dy = checks.array("dy", dy, (B, T, self.output_size), self.dtype)
        with one_thread():
            return self._backward(record, time_first(dy))

    def step(self, x_t, h=None):
        """One time step: x_t (B, I) and the state h (B, H), zeros if None -> y_t (B, O), next state (B, H).

        The state of an LSTM is the pair (h, c).
        """
        x_t = checks.array("x_t", x_t, ("B", self.input_size), self.dtype)
        if h is not None:
            h = self._checked_state("h", h, x_t.shape[0])
        record = self._forward(x_t[None], h, None)
        return record.y[:, 0], record.state_last

    def _checked_state(self, name, value, B):
        return checks.array(name, value, (B, self.hidden_size), self.dtype)

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
