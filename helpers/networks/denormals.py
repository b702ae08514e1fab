"""A floor under numbers that shrink step by step.

Below the smallest normal number (1.2e-38 in float32) a computer goes on with denormal numbers, with which most
processors are many times slower. A gradient that vanishes over many time steps gets there, and so does an optimiser's
mean of gradients that have become zero. Both are far too small by then to change any sum they enter.
"""

import numpy as np

# 10¹⁰ times the smallest normal number, so that a few more products stay above it: 1.2e-28 and 2.2e-298
REAL = {"float32": "float32", "float64": "float64", "complex128": "float64"}
FLOOR = {np.dtype(name): np.array(1e10 * float(np.finfo(real).tiny), real) for name, real in REAL.items()}
ZERO = np.zeros(())


def floor(array):
    """Make exactly zero, in place, what is nearer to zero than the floor of its dtype."""
    array[np.abs(array) < FLOOR[array.dtype]] = ZERO
