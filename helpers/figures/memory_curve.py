"""Live figure: how long a recurrent network's state remembers, by its units, its spectral radius, its activation."""

import numpy as np

from helpers.live.colours import LINES
from helpers.live.controls import Frame
from helpers.live.description import Axis, Bars, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.networks import SimpleRNN, memory_curve, with_spectral_radius

UNITS, RADII = (4, 8, 16, 32), (0.3, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.3)
ACTIVATIONS = ("tanh", "linear")
LAGS = 40
LIMITS = tuple(units - 0.5 for units in UNITS)  # behind the last lag that a state of so many units could keep


def random_network(units, radius, activation, seed=0):
    """An untrained network with random recurrent weights of this spectral radius, and weak inputs."""
    weak = 0.1 * np.random.default_rng(seed).normal(size=(1, units))
    matrix = with_spectral_radius(radius)
    return SimpleRNN(1, units, 1, activation, input_initialiser=weak, recurrent_initialiser=matrix, seed=seed)


def memory_figure(prediction=None, seed=0):
    """A live figure of memory curves: units, spectral radius, activation. Nothing here needs the kernel."""
    curves = np.array(
        [
            [
                [memory_curve(random_network(H, radius, a, seed), LAGS, seed=seed) for a in ACTIVATIONS]
                for radius in RADII
            ]
            for H in UNITS
        ]
    )  # (units, radius, activation, lag)
    total = curves.sum(axis=3)  # memory capacity
    order = ("units", "radius", "activation")
    picture = Picture(
        "How long does a state remember?",
        (
            Row(
                (
                    Panel(
                        "What can be read of the input k steps ago",
                        (
                            Bars("lags", "curve"),
                            Lines("limit_x", "limit_y", ("as many steps as units",), (LINES[1],), dashed=True),
                        ),
                        x=Axis("lag k (steps)", limits=(-0.7, LAGS - 0.3), integer=True, moves="units", places=LIMITS),
                        y=Axis("share read", limits=(0, 1.05), ticks=(0, 0.5, 1)),
                    ),
                    Panel(
                        "Memory capacity",
                        (
                            Lines(
                                "radii",
                                "by_radius",
                                tuple(f"{H} units" for H in UNITS),
                                until_x="here_radius",
                                moves="units",
                            ),
                            Points("here_x", "here_y", colour="#808080", ring=True, size=10),
                        ),
                        x=Axis("spectral radius", limits=(0.25, 1.35), moves="radius"),
                        y=Axis("capacity", "steps", limits=(-1, 34), ticks=(0, 10, 20, 30)),
                    ),
                ),
                260,
            ),
        ),
        alt="Bars of the readable share of the input by lag; memory capacity against spectral radius for each size.",
        narrow=620,
    )
    data = FigureData(
        {
            "lags": np.arange(LAGS),
            "curve": curves,
            "limit_x": np.repeat(np.array(LIMITS)[:, None], 2, axis=1),
            "limit_y": np.array([0, 1.05]),
            "radii": np.array(RADII),
            "by_radius": total.transpose(2, 0, 1),
            "here_radius": np.array(RADII),
            "here_x": np.array(RADII)[:, None],
            "here_y": total[..., None],
        },
        [
            [[sentence(H, RADII[r], a, curves[u, r, k]) for k, a in enumerate(ACTIVATIONS)] for r in range(len(RADII))]
            for u, H in enumerate(UNITS)
        ],
        {
            "curve": order,
            "limit_x": ("units",),
            "by_radius": ("activation",),
            "here_radius": ("radius",),
            "here_x": ("radius",),
            "here_y": order,
        }
        | {"summary": order},
    )
    controls = (
        Frame("units", "Units H", UNITS, value=2),
        Frame("radius", "Spectral radius", tuple(f"{radius:g}" for radius in RADII), value=RADII.index(0.9)),
        Frame("activation", "Activation", ACTIVATIONS),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def sentence(units, radius, activation, curve):
    """What one curve says."""
    what = f"{units} units, spectral radius {radius:g}, {activation}"
    if not curve.any():
        return f"{what}: the state explodes, and nothing can be read from it."
    reach = int(np.argmax(curve < 0.5)) if (curve < 0.5).any() else LAGS
    return (
        f"{what}: at least half of the input can be read up to {reach - 1} steps later. "
        f"The capacity is {curve.sum():.1f} steps; more than {units} is impossible."
    )
