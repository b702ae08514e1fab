"""The order in which a map shows many units, so that what belongs together lies together."""

import numpy as np

MANY = 24  # with more rows than this, the rows of a map are sorted
SORTED = "units, sorted by peak step"


def units_by_peak(states):
    """(order (H,), row (H,)) of the units of `states` (T, H): which unit each row shows, and the row of each unit.

    First come units whose state is largest in size at an early step, for the same step those that are positive there,
    largest first. 24 units or fewer stay as they are.
    """
    states = np.asarray(states)
    units = states.shape[1]
    if units <= MANY:
        return np.arange(units), np.arange(units)
    step = np.abs(states).argmax(axis=0)
    order = np.lexsort((-states[step, np.arange(units)], step))
    return order, np.argsort(order)
