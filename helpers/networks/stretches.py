"""Long sequences are trained on in stretches, so that what one of them needs stays in the processor's cache.

The state goes on from stretch to stretch, and on the way back so does its gradient: nothing is truncated, only the
order of the work is another. Without it a step of training takes longer for each time step, the more of them there are.
"""

from .recurrent import Recurrent

STRETCH = 500  # steps


class LongRecord:
    """The records of all stretches of a forward pass, and its outputs y (T, B, O)."""

    def __init__(self, spans, records, y):
        self.spans, self.records, self.y = spans, records, y


def forward(net, x, mask, workspace):
    """The record of a pass over x (T, B, I) from the initial state, and its outputs (T, B, O)."""
    T, B, _ = x.shape
    if T <= STRETCH or not isinstance(net, Recurrent):
        record = net._forward(x, None, mask, workspace)
        return record, record.along_time[3]
    spans = [slice(start, start + STRETCH) for start in range(0, T, STRETCH)]
    records, y, state = [], workspace.array("y", (T, B, net.output_size), net.dtype), None
    for k, span in enumerate(spans):
        records.append(net._forward(x[span], state, None if mask is None else mask[span], workspace.part(k)))
        state = records[-1].state_last
        y[span] = records[-1].along_time[3]
    return LongRecord(spans, records, y), y


def backward(net, record, dy, workspace):
    """Gradients from such a record and dy (T, B, O)."""
    if not isinstance(record, LongRecord):
        return net._backward(record, dy, workspace)
    total, from_later = workspace.gradients(net), None
    total.theta[...] = 0
    for span, of_stretch in reversed(list(zip(record.spans, record.records, strict=True))):
        gradients = net._backward(of_stretch, dy[span], workspace.part("backward"), from_later)
        total.theta += gradients.theta
        from_later = gradients.state_0
    return total
