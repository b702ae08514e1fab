"""The artificial neuron as a live figure: two weights and a bias, and the line at which it decides."""

import numpy as np

from helpers.figures.geometry import line_handles
from helpers.live.colours import ORANGE
from helpers.live.controls import Choice, Number, beginning
from helpers.live.description import Arrows, Axis, Handle, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.networks import ArtificialNeuron

BLUE, RUST, GREEN, GREY, INK = "#0072b2", "#a03c00", "#00b382", "#7a7a7a", "#333333"
REACH = 2.5  # of the plane that is shown, in each direction
POINTS = ("two groups", "AND", "OR")
ARROW = 2.0  # the arrow is (w₁, w₂) ÷ this
TIP = (("w1", "w1_by_tip"), ("w2", "w2_by_tip"), ("bias", "b_by_tip"))


def decision_points(name):
    """(x, wanted): points (N, 2) and the answer wanted for each (N,), 0 or 1.

    "two groups": two clouds of 20 invented points, which a line can part; "AND", "OR": the four pairs of 0 and 1.
    Raises ValueError for another name.
    """
    if name not in POINTS:
        raise ValueError(f"points: expected one of {list(POINTS)}, given {name!r}")
    if name == "two groups":
        noise = np.random.default_rng(3).normal(size=(40, 2))
        wanted = np.repeat([0, 1], 20)
        return np.clip(0.45 * noise + np.where(wanted[:, None] == 1, (1.0, 0.6), (-0.6, -0.9)), -2.4, 2.4), wanted
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    return x, (x.sum(axis=1) >= (2 if name == "AND" else 1)).astype(int)


def decision_line(weights, bias, reach=REACH):
    """The ends (2, 2) of the line w₁x₁ + w₂x₂ + b = 0 inside the square of half side `reach`; NaN if none is there."""
    w = np.asarray(weights, float)
    size = float(np.hypot(*w))
    if size < 1e-12 or abs(bias) > 2 * reach * size:
        return np.full((2, 2), np.nan)
    nearest = -bias * w / size**2
    along = np.array([-w[1], w[0]]) / size
    low, high = -4 * reach, 4 * reach
    for axis in (0, 1):  # cut the line at both pairs of sides
        if abs(along[axis]) < 1e-12:
            if abs(nearest[axis]) > reach:
                return np.full((2, 2), np.nan)
            continue
        ends = sorted((side * reach - nearest[axis]) / along[axis] for side in (-1, 1))
        low, high = max(low, ends[0]), min(high, ends[1])
    return np.array([nearest + low * along, nearest + high * along]) if low < high else np.full((2, 2), np.nan)


def decision_figure(prediction=None, **start):
    """The live figure. `start` sets controls: w1, w2, bias, points."""
    grid = REACH * (np.arange(50) + 0.5) / 25 - REACH  # the middles of 50 cells that fill the picture
    plane = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    drives = np.linspace(-8, 8, 161)

    def compute(w1, w2, bias, points):
        neuron = ArtificialNeuron([w1, w2], bias, "sigmoid")
        x, wanted = decision_points(points)
        drive, wrong = neuron.drive(x), (neuron(x) >= 0.5) != wanted
        ends = decision_line([w1, w2], bias)
        arrays = {
            "all_x": x[:, 0],
            "all_y": x[:, 1],
            "plane": neuron(plane).reshape(50, 50),
            "line_x": ends[:, 0],
            "line_y": ends[:, 1],
            "wrong_x": np.where(wrong, x[:, 0], np.nan),
            "wrong_y": np.where(wrong, x[:, 1], np.nan),
            "drives": drives,
            "sigmoid": 1 / (1 + np.exp(-drives)),
        }
        arrays |= line_handles(w1, w2, *ends.T, ARROW)
        outputs = np.asarray(neuron(x))
        for group, name in ((0, "no"), (1, "yes")):
            arrays[f"{name}_x"] = np.where(wanted == group, x[:, 0], np.nan)
            arrays[f"{name}_y"] = np.where(wanted == group, x[:, 1], np.nan)
            arrays[f"{name}_drive"] = np.where(wanted == group, np.clip(drive, -8, 8), np.nan)
            arrays[f"{name}_out"] = np.where(wanted == group, outputs, np.nan)
        return FigureData(arrays, decision_sentence(w1, w2, bias, ends, wrong))

    picture = Picture(
        "One artificial neuron with two inputs",
        (
            Row(
                (
                    Panel(
                        "Its output for every pair of inputs",
                        (
                            HeatMap("plane", limits=(0, 1), label="output y",
                                    extent=(-REACH, REACH, -REACH, REACH)),
                            Lines("line_x", "line_y", colours=(INK,), width=2.4),
                            Arrows("middle_x", "middle_y", "tip_x", "tip_y", colour=INK, gap=0),
                            Points("all_x", "all_y", colour="#ffffff", size=6.5),
                            Points("no_x", "no_y", "should be 0", BLUE, size=4.5),
                            Points("yes_x", "yes_y", "should be 1", RUST, size=4.5),
                            Points("wrong_x", "wrong_y", "wrong", GREEN, size=9, ring=True),
                            Handle("middle_x", "middle_y", (("bias", "b_by_middle"),), "the line"),
                            Handle("tip_x", "tip_y", TIP, "the arrow of the weights"),
                        ),
                        x=Axis("input x₁", limits=(-REACH, REACH)),
                        y=Axis("input x₂", limits=(-REACH, REACH)),
                        equal=True,
                    ),
                    Panel(
                        "The same points on the activation function",
                        (
                            Lines("drives", "sigmoid", colours=(GREY,), width=1.4),
                            Points("no_drive", "no_out", colour=BLUE, size=4.5),
                            Points("yes_drive", "yes_out", colour=ORANGE, size=4.5),
                        ),
                        x=Axis("weighted sum a = w₁x₁ + w₂x₂ + b", limits=(-8, 8)),
                        y=Axis("output y = σ(a)", limits=(-0.05, 1.05)),
                    ),
                ),
                340,
            ),
        ),
        alt="Left, the plane of both inputs coloured by the output, with points and a line; right, the sigmoid curve.",
    )  # fmt: skip
    begin = beginning({"w1": 1.0, "w2": 0.0, "bias": 0.0, "points": "two groups"}, start)
    controls = (
        Number("w1", "Weight w₁", -4.0, 4.0, 0.1, begin["w1"]),
        Number("w2", "Weight w₂", -4.0, 4.0, 0.1, begin["w2"]),
        Number("bias", "Bias b", -6.0, 6.0, 0.1, begin["bias"]),
        Choice("points", "Points", POINTS, begin["points"]),
    )
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)


def decision_sentence(w1, w2, bias, ends, wrong):
    """How many points are on the right side, and where the line stands."""
    right, count = int((~wrong).sum()), len(wrong)
    verdict = f"{right} of {count} points are right" + (": the line parts them." if right == count else ".")
    if np.hypot(w1, w2) < 1e-12:
        return f"Both weights are 0: the inputs do not count, and there is no line. {verdict}"
    if not np.isfinite(ends).all():
        side = "above" if bias > 0 else "below"
        return f"The line lies outside the picture: everywhere inside it the output is {side} one half. {verdict}"
    formula = f"{w1:.1f} x₁ {'+' if w2 >= 0 else '−'} {abs(w2):.1f} x₂ {'+' if bias >= 0 else '−'} {abs(bias):.1f} = 0"
    return f"{verdict} The line is {formula}; the neuron says yes on the arrow's side.".replace("-", "\u2212")
