"""What all networks share: parameters by name that are views of one flat vector, and the border where all is checked.

B sequences, T steps, I inputs, O outputs. Arrays are (B, T, ·) at the border and (T, B, ·) inside.
"""

import numpy as np

from . import checks
from .arrays import Parameters, Workspace, as_sequences, time_first
from .processor import one_thread, quietly

NOTHING_LEFT = "without a state, nothing is left of a sequence at its padding"
NO_MASK = "None: pad sequences with zeros at the front instead"
DTYPES = ("float32", "float64", "complex128")


class NotFinite(ArithmeticError):
    """A computation has led to numbers that are not finite."""


class Network:
    """Base of all networks: what does not depend on the formulas. A network adds `_forward` and `_backward`.

    These take and give (T, B, ·), and check nothing. With a workspace they use its arrays again and keep only what the
    way back needs; without one the record has all that a reader may look at.

    Attributes
    ----------
    parameters : dict of name -> array, in a fixed order; views of `theta`
    theta : all parameters as one flat vector, the same memory
    dtype : numpy dtype of parameters, states and gradients

    What a class tells `train` (see `check_task`): takes_mask, whether some steps may not be real; keeps_state, whether
    at such a step the output stays as it was; one_output, whether there is one output for a whole sequence.

    why_no_state : the end of the error for a first state, if the network takes none
    """

    takes_mask, keeps_state, one_output = True, True, False
    why_no_state = "this network has none"

    def __init__(self, arrays, dtype):
        self.dtype = np.dtype(dtype)
        self._shapes = {name: value.shape for name, value in arrays.items()}
        self._set_theta(np.concatenate([value.ravel() for value in arrays.values()]).astype(self.dtype))

    def _set_theta(self, theta):
        self._theta = theta
        self.parameters = Parameters(theta, self._shapes)

    @property
    def theta(self):
        return self._theta

    @theta.setter
    def theta(self, value):
        if value is not self._theta:  # so that `net.theta -= step` works and the views stay views
            self._theta[...] = checks.array("theta", value, self._theta.shape, self.dtype)

    def check_task(self, loss, mask, names=("loss", "mask")):
        """ValueError that names loss or mask, if the network cannot be trained with them."""
        if self.one_output and loss.steps != "last":
            raise checks.bad(names[0], 'one with steps="last": the network has one output a sequence', repr(loss))
        if mask is None:
            return
        if not self.takes_mask:
            raise checks.bad(names[1], NO_MASK, checks.describe(mask))
        if not self.keeps_state and loss.steps == "last":
            raise checks.bad(names[1], f"None, or a loss on every step: {NOTHING_LEFT}", checks.describe(mask))

    # ---- the border: (B, T, ·), everything checked ---------------------------------------------------------

    @quietly
    def forward(self, x, h_0=None, mask=None):
        """The outputs y (B, T, O) of whole sequences, which are logits, and a record of all that was computed.

        x : (B, T, I) sequences
        h_0 : the state before the first input; None is zeros, and all that a network without a state takes
        mask : (B, T) bool, True = a real step; elsewhere x may hold anything. A network with a state keeps it there as
            it was, as in Keras; one that knows no padding refuses a mask

        Raises ValueError on bad input, before any work, and NotFinite if the outputs grow beyond all limits.
        """
        x, h_0, mask = self._checked(x, h_0, mask)
        with one_thread():
            record = self._forward(as_sequences(x, copy=True), h_0, mask)  # a copy: backward needs x as it is now
        record.steps = x.ndim == 3
        record.made_by, record.theta = repr(self), self.theta.copy()
        return self._finite(record.y), record

    @quietly
    def predict(self, x, h_0=None, mask=None, steps="every"):
        """The outputs alone, faster than `forward` and with no record: y (B, T, O), or with steps="last" (B, O).

        x, h_0, mask : as `forward` takes them; the last output is that of the last real step
        steps : "every" or "last"

        Raises ValueError on bad input, before any work, and NotFinite if the outputs grow beyond all limits.
        """
        steps = checks.one_of("steps", steps, ("every", "last"))
        if steps == "last" and mask is not None and not self.keeps_state:
            raise checks.bad("mask", f"None for the last step: {NOTHING_LEFT}", checks.describe(mask))
        x, h_0, mask = self._checked(x, h_0, mask)
        with one_thread():
            y = self._outputs_alone(x, h_0, mask)  # (T, B, O)
        return self._finite(y.swapaxes(0, 1) if steps == "every" and x.ndim == 3 else y[-1])

    @quietly
    def backward(self, record, dy):
        """Gradients of a loss J from dy = dJ/dy, of the shape of y, by back-propagation.

        record : what `forward` of this network returned, its parameters unchanged since

        In recurrent networks, contributions that have shrunk to below 1e-28 in float32 (1e-298 in float64) are taken as
        zero. Raises ValueError on bad input, before any work.
        """
        if not hasattr(record, "made_by"):
            raise checks.bad("record", "the record that forward of this network returned", checks.describe(record))
        if record.made_by != repr(self):
            raise checks.bad("record", f"one of {self!r}", f"one of {record.made_by}")
        if not np.array_equal(record.theta, self.theta):
            expected = "one with the parameters as they are now (call forward again)"
            raise checks.bad("record", expected, "one from before they changed")
        dy = checks.array("dy", dy, record.y.shape, self.dtype)
        with one_thread():
            gradients = self._backward(record, as_sequences(dy))
        gradients.steps = record.steps
        return gradients

    def checked_inputs(self, name, x, count="B"):
        """`x` in the shape (B, T, I) and the dtype that `forward` takes; ValueError that names it otherwise."""
        return checks.array(name, x, (count, "T", self.input_size), self.dtype)

    def _checked(self, x, h_0, mask):
        """x (B, T, I), the first state as `_forward` takes it, and mask (T, B), a copy."""
        x = self.checked_inputs("x", checks.padding_as_zero(x, mask))
        if h_0 is not None:
            h_0 = self._checked_state("h_0", h_0, len(x))
        if mask is not None:
            if not self.takes_mask:
                raise checks.bad("mask", NO_MASK, checks.describe(mask))
            mask = time_first(checks.mask_array("mask", mask, *x.shape[:-1]), copy=True)
        return x, h_0, mask

    def _checked_state(self, name, value, B):
        raise checks.bad(name, f"None, because {self.why_no_state}", checks.describe(value))

    def _outputs_alone(self, x, h_0, mask):
        """The outputs (T, B, O), in memory of their own."""
        return self._forward(as_sequences(x), h_0, mask, Workspace()).along_time[3]

    def _finite(self, y):
        """`y` (B, T, O) or (B, O), if it is finite; else NotFinite with the step where it began."""
        finite = np.isfinite(y)
        if finite.all():
            return y
        where = ""
        if y.ndim == 3:
            first = int(np.argmin(finite.all(axis=(0, 2)))) + 1
            where = f" from step {first} of {y.shape[1]} on"
        raise NotFinite(
            f"the outputs are not finite{where}: what the network adds up has grown beyond the largest number that "
            f"{self.dtype} can hold. Try smaller weights (recurrent ones with a smaller spectral radius) or fewer steps"
        )

    # ---- copies --------------------------------------------------------------------------------------------

    def copy(self):
        """An independent network with the same values."""
        return self.astype(self.dtype)

    def astype(self, dtype):
        """An independent network with the same values in "float32", "float64" or "complex128" (complex step)."""
        name = checks.dtype("dtype", dtype, DTYPES)
        other = object.__new__(type(self))
        state = self.__getstate__()
        other.__setstate__({**state, "dtype": np.dtype(name), "_theta": self._theta.astype(name)})
        return other

    __copy__ = copy

    # The views must be made again when a network is pickled or copied by the copy module.
    def __getstate__(self):
        return {name: value for name, value in self.__dict__.items() if name != "parameters"}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._set_theta(self._theta)
