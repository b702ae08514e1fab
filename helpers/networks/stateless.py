"""The border of networks that take no state from outside: convolution, trees, both directions, attention.

B sequences, T steps, I inputs, O outputs; arrays are (B, T, ·) here and (T, B, ·) inside, as in `recurrent.py`.
"""

from . import checks
from .blas import one_thread
from .network import NO_MASK, Network, Record, time_first


class Stateless(Network):
    """Base of these networks. A network adds `_forward` and `_backward`: (T, B, ·), nothing checked.

    record_type : the class of its records
    why_no_state : the end of the error for a first state
    """

    record_type = Record
    why_no_state = "this network has none"

    def forward(self, x, h_0=None, mask=None):
        """The outputs y, which are logits, and a record of all that was computed.

        x : (B, T, I) sequences
        h_0 : None
        mask : (B, T) bool, True = a real step; a network that knows no padding refuses it

        Raises ValueError on bad input, before any work.
        """
        x = self.checked_inputs("x", x)
        if h_0 is not None:
            raise checks.bad("h_0", f"None, because {self.why_no_state}", checks.describe(h_0))
        if mask is not None and not self.takes_mask:
            raise checks.bad("mask", NO_MASK, checks.describe(mask))
        if mask is not None:
            mask = time_first(checks.mask_array("mask", mask, *x.shape[:2]), copy=True)
        with one_thread():
            record = self._forward(time_first(x, copy=True), None, mask)
        record.made_by = repr(self)
        return record.y, record

    def backward(self, record, dy):
        """Gradients of a loss J from dy = dJ/dy, of the shape of y.

        record : what `forward` of this network returned, its parameters unchanged since

        Raises ValueError on bad input, before any work.
        """
        checks.instance("record", record, self.record_type, "the record that forward returned")
        if record.made_by != repr(self):
            raise checks.bad("record", f"one of {self!r}", f"one of {record.made_by}")
        dy = checks.array("dy", dy, record.y.shape, self.dtype)
        with one_thread():
            return self._backward(record, time_first(dy))
