"""Learning-rate schedules: functions of the epoch, counted from 1, for `train(..., schedule=...)`.

Any function from the epoch to a rate above 0 will do; these are the usual ones.
"""

import math

from . import checks


def exponential_decay(rate, factor):
    """`rate` in the first epoch, and in each later one `factor` times that of the epoch before."""
    rate = checks.number("rate", rate, above=0)
    factor = checks.number("factor", factor, above=0)
    return lambda epoch: rate * factor ** (epoch - 1)


def step_decay(rate, factor, every):
    """`rate`, multiplied by `factor` after every so many epochs."""
    rate = checks.number("rate", rate, above=0)
    factor, every = checks.number("factor", factor, above=0), checks.whole_number("every", every)
    return lambda epoch: rate * factor ** ((epoch - 1) // every)


def cosine_decay(rate, epochs):
    """From `rate` in the first epoch along half a cosine to nearly 0 in the last; later epochs stay there.

    I. Loshchilov and F. Hutter, SGDR: stochastic gradient descent with warm restarts, ICLR (2017), without restarts.
    """
    rate, epochs = checks.number("rate", rate, above=0), checks.whole_number("epochs", epochs)
    return lambda epoch: rate / 2 * (1 + math.cos(math.pi * (min(epoch, epochs) - 1) / epochs))
