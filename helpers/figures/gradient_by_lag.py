"""Live figure: how much of a gradient is left after so many steps back, under sliders."""

import numpy as np

from helpers.live.colours import LINES
from helpers.live.controls import Choice, Number, beginning
from helpers.live.description import Axis, Cursor, Handle, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.numbers import tiny
from helpers.networks import SimpleRNN
from helpers.networks.initialisers import identity, orthogonal
from helpers.networks.memory import (
    STEEPEST,
    gradient_by_lag,
    lag_bound,
    largest_singular_value,
    mean_slope,
    spectral_radius,
)

FLOOR, CEILING = 1e-20, 1e20  # shares at which the picture ends
BLUE, ORANGE, GREY = LINES[0], LINES[1], LINES[7]


def recurrent_matrix(kind, radius, units, seed=0):
    """W_hh (H, H) of spectral radius `radius`: "orthogonal", "random" (Gaussian) or "identity"."""
    rng = np.random.default_rng(seed)
    if kind == "identity":
        W = identity(rng, (units, units))
    elif kind == "orthogonal":
        W = orthogonal(rng, (units, units))
    else:
        W = rng.standard_normal((units, units))
        W /= spectral_radius(W)
    return radius * W


def with_recurrence(network, W_hh, activation):
    """A SimpleRNN like `network`, with another recurrent matrix and activation."""
    sizes = network.input_size, network.hidden_size, network.output_size
    other = SimpleRNN(*sizes, activation=activation)
    other.parameters.update(network.parameters)
    other.parameters["W_hh"] = W_hh
    return other


def gradient_by_lag_figure(network, x, prediction=None, **start):
    """The live figure for a SimpleRNN: its own input and output weights, another W_hh and activation.

    x: (B, T, I) sequences to read, T at least 20. Controls: radius (of W_hh), activation, matrix, steps (how many of
    the T are read). `start` sets them at the beginning. The loss is the sum of the outputs at the last step.
    Raises ValueError for sequences that do not fit.
    """
    signal = network.checked_inputs("x", x)
    longest = signal.shape[1] // 10 * 10
    if longest < 20:
        raise ValueError(f"x: expected at least 20 time steps, given {signal.shape[1]}")
    angle = np.linspace(0, 2 * np.pi, 181)

    def compute(radius, activation, matrix, steps):
        steps = int(steps)
        net = with_recurrence(network, recurrent_matrix(matrix, radius, network.hidden_size), activation)
        with np.errstate(over="ignore", invalid="ignore"):
            left = gradient_by_lag(net, signal[:, :steps])  # (B, T+1)
        W = net.parameters["W_hh"]
        lag = np.arange(steps + 1)
        values = np.linalg.eigvals(W)
        slopes = mean_slope(net, net.forward(signal[:, :steps])[1])
        middle = np.median(left, axis=0)
        return FigureData(
            {
                "lag": lag,
                "each": seen(left),
                "median": seen(middle),
                "bound": seen(lag_bound(net, lag)),
                "radius_line": seen(radius**lag),
                "level": np.ones(()),
                "radius": np.asarray(float(radius)),
                "axis": np.zeros(()),
                "radius_by_x": np.array([0.0, 1.0, 0.0]),
                "real": values.real,
                "imaginary": values.imag,
                "circle_x": np.cos(angle),
                "circle_y": np.sin(angle),
                "step": lag[1:],
                "slope": slopes,
                "steepest": np.asarray(STEEPEST[activation]),
            },
            summary(middle[-1], steps, activation, largest_singular_value(W), slopes.mean()),
        )

    picture = Picture(
        "How much gradient is left?",
        (
            Row(
                (
                    Panel(
                        "Gradient that arrives, relative to the last state",
                        (
                            Lines("lag", "each", colours=(GREY,), faint=True),
                            Lines("lag", "radius_line", ("radius to the power k",), (LINES[2],), dashed=True),
                            Lines("lag", "bound", ("bound: (γσ) to the power k",), (ORANGE,), dashed=True, width=2.2),
                            Lines("lag", "median", ("measured (median; grey: each sequence)",), (BLUE,), width=2.6),
                            Cursor(y="level", colour="#7a7a7a"),
                        ),
                        x=Axis("lag k: steps back from the loss", integer=True),
                        y=Axis("share that is left", log=True),
                    ),
                ),
                250,
            ),
            Row(
                (
                    Panel(
                        "Eigenvalues",
                        (
                            Lines("circle_x", "circle_y", colours=(GREY,), width=1.2),
                            Points("real", "imaginary", size=4),
                            Handle("radius", "axis", (("radius", "radius_by_x"),), "the spectral radius"),
                        ),
                        x=Axis("real part", limits=(-2.3, 2.3)),
                        y=Axis("imaginary part", limits=(-2.3, 2.3)),
                        width=0.42,
                        equal=True,
                    ),
                    Panel(
                        "Mean slope of the activation at each step",
                        (
                            Lines("step", "slope", width=2.0),
                            Cursor(y="steepest", label="steepest slope γ", colour=ORANGE),
                        ),
                        x=Axis("time step t", integer=True),
                        y=Axis("φ′(a)", limits=(-0.05, 1.1)),
                    ),
                ),
                220,
            ),
        ),
        alt="Norm of the gradient by lag with its bound, the eigenvalues of the matrix, and the mean slope by step.",
    )
    begin = beginning({"radius": 1.0, "activation": "tanh", "matrix": "orthogonal", "steps": min(60, longest)}, start)
    controls = (
        Number("radius", "Spectral radius of W_hh", 0.2, 2.0, 0.02, begin["radius"]),
        Choice("activation", "Activation", tuple(STEEPEST), begin["activation"]),
        Choice("matrix", "Initialisation", ("orthogonal", "random", "identity"), begin["matrix"]),
        Number("steps", "Time steps T", 10, longest, 10, begin["steps"]),
    )
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)


def seen(shares):
    """Shares; NaN for what lies beyond 10⁻²⁰ or 10²⁰, so that a line ends where it leaves the picture."""
    shares = np.asarray(shares)
    return np.where((shares >= FLOOR) & (shares <= CEILING), shares, np.nan)


def summary(share, steps, activation, sigma, slope):
    """What is left at the largest lag, in one word and by what factor at each step, and why it is below the bound.

    It vanishes if less than a tenth is left, and explodes if it is more than ten times as long.
    """
    word = "Vanishes" if share < 0.1 else "Explodes" if share > 10 else "Lasts"
    if share <= FLOOR:
        left = "nothing that could be drawn is left"
    else:
        longer = share > 1.1
        left = f"the gradient is {tiny(share)} times as long" if longer else f"{tiny(share)} of the gradient is left"
        left += f", a factor of {share ** (1 / steps):.2f} per step"
    rate = STEEPEST[activation] * sigma
    return (
        f"{word}: {steps} steps back, {left}. The bound multiplies by γσ = {rate:.2f} at each step; "
        f"the slope is {slope:.2f} on average."
    )
