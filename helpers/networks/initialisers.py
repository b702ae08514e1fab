"""Initial weights. An initialiser is a function (rng, shape) -> float64 array; rows are inputs, columns are units."""

import numpy as np

from . import checks


def glorot_uniform(rng, shape):
    """Uniform on ±√(6 / (rows + columns)). Glorot and Bengio (2010), eq. 16; Keras' default for kernels."""
    limit = np.sqrt(6 / (shape[0] + shape[1]))
    return rng.uniform(-limit, limit, shape)


def orthogonal(rng, shape):
    """Orthonormal rows or columns, whichever are fewer: lengths are kept. Saxe et al. (2014); Keras has it for W_hh."""
    rows, columns = shape
    q, r = np.linalg.qr(rng.standard_normal((max(shape), min(shape))))
    q *= np.where(np.diag(r) < 0, -1.0, 1.0)  # else the signs depend on LAPACK's habits
    return q if rows >= columns else q.T


def identity(rng, shape):
    """Ones on the diagonal: with relu, a state that is kept until inputs change it. Le et al. (2015)."""
    return np.eye(*shape)


def zeros(rng, shape):
    """All zero; biases start so."""
    return np.zeros(shape)


def with_spectral_radius(radius):
    """An initialiser for a square matrix of normal numbers, scaled so that its largest |eigenvalue| is `radius`."""
    radius = checks.number("radius", radius, at_least=0)

    def initialise(rng, shape):
        if shape[0] != shape[1]:
            raise checks.bad("with_spectral_radius", "a square matrix", f"shape {tuple(shape)}")
        W = rng.standard_normal(shape)
        return W * (radius / np.abs(np.linalg.eigvals(W)).max())

    return initialise


INITIALISERS = {
    "glorot_uniform": glorot_uniform,
    "orthogonal": orthogonal,
    "identity": identity,
    "zeros": zeros,
}


def initial_array(name, initialiser, rng, shape):
    """The array that `initialiser` (a name, a function of (rng, shape), or an array) stands for."""
    if isinstance(initialiser, str):
        initialiser = INITIALISERS[checks.one_of(name, initialiser, INITIALISERS)]
    value = initialiser(rng, shape) if callable(initialiser) else initialiser
    return checks.array(name, value, shape, np.float64)
