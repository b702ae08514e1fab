"""Points in a plane with two classes: exclusive-or, two moons, rings, and a real coast."""

from typing import NamedTuple

import numpy as np

from helpers.data import checks

GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "XOR": (0, 1, 1, 0)}


def gate_points(gate="XOR"):
    """The four rows of a truth table: x (4, 2), both inputs 0 or 1, and target (4, 1), the answer; all float64.

    gate: "AND" (both are 1), "OR" (at least one is 1) or "XOR" (exactly one is 1). ValueError for another name.
    """
    if gate not in GATES:
        raise ValueError(f"gate: expected one of {', '.join(GATES)}, given {gate!r}")
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return x, np.array(GATES[gate], float)[:, None]


def two_moons(points=200, noise=0.15, seed=0):
    """Two half circles of radius 1 that reach into each other: x (N, 2), target (N, 1), 1.0 for the lower one.

    noise: standard deviation of normal noise on both coordinates. As many points in each moon, up to one.
    """
    points = checks.whole_number("points", points, least=2)
    noise = checks.real_number("noise", noise, least=0)
    rng = checks.generator(seed)
    target = rng.permutation(np.arange(points) % 2).astype(float)
    angle = rng.uniform(0, np.pi, points)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    x = np.where(target[:, None] == 1, lower, upper) - [0.5, 0.25]  # the middle of both is the origin
    return x + noise * rng.standard_normal((points, 2)), target[:, None]


def rings(points=200, noise=0.1, seed=0):
    """A disc around the origin inside a ring of radius 1: x (N, 2), target (N, 1), 1.0 for the disc."""
    points = checks.whole_number("points", points, least=2)
    noise = checks.real_number("noise", noise, least=0)
    rng = checks.generator(seed)
    target = rng.permutation(np.arange(points) % 2).astype(float)
    angle = rng.uniform(0, 2 * np.pi, points)
    radius = np.where(target == 1, 0.4 * np.sqrt(rng.uniform(size=points)), 1.0)
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + noise * rng.standard_normal((points, 2)), target[:, None]


class Coast(NamedTuple):
    """A map of land and sea. Row 0 of `land` is the southernmost.

    land : (R, C) bool        longitude : (C,) degrees east, below zero in the west        latitude : (R,) degrees north
    x : (R·C, 2) places for a network, both coordinates from -1 to 1        target : (R·C, 1), 1.0 = land
    source : where the map comes from
    """

    land: np.ndarray
    longitude: np.ndarray
    latitude: np.ndarray
    x: np.ndarray
    target: np.ndarray
    source: str


def land_and_sea():
    """Real heights around Vancouver Island, as land (above 0 m) and sea: 91 × 120 places, about 2.5 km apart.

    Source: `topobathy.npz`, matplotlib's sample data, which its gallery draws as heights above and depths below the
    sea. Land below the sea's level counts as sea here, and lakes as land.
    Raises FileNotFoundError if this matplotlib came without its sample data.
    """
    import matplotlib
    from matplotlib.cbook import get_sample_data

    try:
        path = get_sample_data("topobathy.npz", asfileobj=False)
        with np.load(path) as file:
            heights, longitude, latitude = (file[name].astype(float) for name in ("topo", "longitude", "latitude"))
    except FileNotFoundError:
        raise FileNotFoundError(
            "topobathy.npz: expected among matplotlib's sample data, not found; installing matplotlib anew brings it"
        ) from None
    land = heights > 0
    across, up = np.meshgrid(np.linspace(-1, 1, land.shape[1]), np.linspace(-1, 1, land.shape[0]))
    x = np.stack([across.ravel(), up.ravel()], axis=1)
    source = f"topobathy.npz, sample data of matplotlib {matplotlib.__version__}"
    return Coast(land, longitude - 360, latitude, x, land.reshape(-1, 1).astype(float), source)
