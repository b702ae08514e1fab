"""One neuron and what it can part; activation functions, their slopes, and what many slopes leave of a signal."""

import numpy as np

from helpers.data import gate_points
from helpers.figures.geometry import line_handles, line_in_box
from helpers.live.colours import BLUE, ORANGE, PURPLE
from helpers.live.controls import Choice, Frame, Number, beginning
from helpers.live.description import (
    Arrows,
    Axis,
    Bars,
    Cursor,
    Handle,
    HeatMap,
    Lines,
    Nodes,
    Notes,
    Panel,
    Picture,
    Points,
    Row,
)
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.numbers import signed
from helpers.networks.activations import ACTIVATIONS

PLANE = (-0.5, 1.5)
FUNCTIONS = ("tanh", "sigmoid", "relu", "linear")
LAYERS = 8
ARROW = 3.0  # the arrow at the line is (w₁, w₂) ÷ this
UNIT = {"tanh": 1, "sigmoid": 1, "relu": 3, "linear": 3}  # of the output's axis, so that every curve fills its panel


def one_neuron_figure(prediction=None, **start):
    """A neuron with a step (1 where w₁x₁ + w₂x₂ + b > 0, else 0) against AND, OR and XOR; the reader sets w₁, w₂, b.

    `start` sets controls: gate, w1, w2, b.
    """
    begin = beginning({"gate": "XOR", "w1": 1.0, "w2": 1.0, "b": -0.5}, start)
    across = np.linspace(*PLANE, 81)
    x1, x2 = np.meshgrid(across, across)

    def compute(gate, w1, w2, b):
        x, target = gate_points(gate)
        a = np.round(x @ [w1, w2] + b, 9)  # sliders move in tenths: 0.1 + 0.2 - 0.3 must be 0
        answer, wanted = (a > 0).astype(int), target[:, 0].astype(int)
        right = answer == wanted
        line_x, line_y = line_in_box(w1, w2, b, PLANE, PLANE)
        cells = ["x₁    x₂", "sum a", "answer", "wanted", ""]
        for k in range(4):
            row = f"{x[k, 0]:.0f}      {x[k, 1]:.0f}", signed(a[k], 1), str(answer[k]), str(wanted[k])
            cells += [*row, "right" if right[k] else "wrong"]
        return FigureData(
            {
                "answers": (w1 * x1 + w2 * x2 + b > 0).astype(float),
                "line_x": line_x,
                "line_y": line_y,
                **line_handles(w1, w2, line_x, line_y, ARROW),
                "x1": x[:, 0],
                "x2": x[:, 1],
                "target": target[:, 0],
                "wrong_x": np.where(right, np.nan, x[:, 0]),
                "wrong_y": np.where(right, np.nan, x[:, 1]),
                "cell_x": np.tile([0.0, 1.25, 2.3, 3.4, 4.4], 5),
                "cell_y": np.repeat(np.arange(5.0)[::-1], 5),
            },
            neuron_sentence(gate, int(right.sum()), w1 == w2 == 0),
            texts={"cells": cells, "wanted": [str(value) for value in wanted]},
        )

    plane = Panel(
        "The plane of inputs: orange where the neuron answers 1",
        (
            HeatMap("answers", (-1.2, 2.2), extent=(*PLANE, *PLANE)),
            Lines("line_x", "line_y", colours=("#444444",)),
            Arrows("middle_x", "middle_y", "tip_x", "tip_y", colour="#444444", gap=0),
            Points("wrong_x", "wrong_y", colour=PURPLE, ring=True, size=20),
            Nodes("x1", "x2", "target", "wanted", (-0.25, 1.25), size=11),
            Handle("middle_x", "middle_y", (("b", "b_by_middle"),), "the line"),
            Handle("tip_x", "tip_y", (("w1", "w1_by_tip"), ("w2", "w2_by_tip"), ("b", "b_by_tip")), "the weights"),
        ),
        x=Axis("input x₁", limits=PLANE, ticks=(0, 1)),
        y=Axis("input x₂", limits=PLANE, ticks=(0, 1)),
        equal=True,
    )
    table = Panel(
        "The four rows of the truth table",
        (Notes("cell_x", "cell_y", "cells", 13),),
        x=Axis("", limits=(-0.7, 5.0)),
        y=Axis("", limits=(-0.6, 4.6)),
        bare=True,
    )
    picture = Picture(
        "One neuron, one straight line",
        (Row((plane, table), 300),),
        "The plane of two inputs with four points and a straight line, and the neuron's answer to each point.",
    )
    controls = (
        Choice("gate", "Gate", ("AND", "OR", "XOR"), begin["gate"]),
        Number("w1", "Weight w₁", -2.0, 2.0, 0.1, begin["w1"]),
        Number("w2", "Weight w₂", -2.0, 2.0, 0.1, begin["w2"]),
        Number("b", "Bias b", -3.0, 3.0, 0.1, begin["b"]),
    )
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)


def neuron_sentence(gate, right, no_line):
    """What the neuron does with the four rows."""
    if no_line:
        return f"{gate}: {right} of 4 rows right. Both weights are 0: there is no line, and every row gets one answer."
    if right == 4:
        return f"{gate}: all 4 rows right. The line has the rows with answer 1 on one side, the others on the other."
    most = " For XOR, no line does better." if gate == "XOR" and right == 3 else ""
    return f"{gate}: {right} of 4 rows right; a purple ring marks what is wrong.{most}"


def activation_figure(prediction=None, function="tanh", a=0.0):
    """An activation function, its slope, and what is left of a signal after passing 1 … 8 such slopes.

    The output's axis has a unit of its own for each function (UNIT): "value" and "tangent_y" are in this unit.
    """
    places = np.round(np.arange(-60, 61) / 10, 1)
    curves = {name: _curve(name, places) for name in FUNCTIONS}
    value = np.stack([curves[name][0] for name in FUNCTIONS])
    slope = np.stack([curves[name][1] for name in FUNCTIONS])
    near = np.array([-1.2, 1.2])
    unit = np.array([UNIT[name] for name in FUNCTIONS])[:, None]
    layers = np.arange(1, LAYERS + 1)
    left = slope[..., None] ** layers
    sentences = [
        [activation_sentence(name, places[j], value[i, j], slope[i, j]) for j in range(len(places))]
        for i, name in enumerate(FUNCTIONS)
    ]
    position = Cursor(x="a")
    picture = Picture(
        "An activation function and its slope",
        (
            Row(
                (
                    Panel(
                        "Output φ(a), and its tangent here",
                        (
                            Lines("places", "value", colours=(BLUE,)),
                            Lines("tangent_x", "tangent_y", colours=(ORANGE,), width=2.6),
                            position,
                        ),
                        x=Axis("sum a", limits=(-6, 6), moves="a"),
                        y=Axis("output φ(a)", limits=(-2.5, 2.5), tick_texts="outputs", tick_first=-2),
                    ),
                    Panel(
                        "Slope φ′(a)",
                        (
                            Lines("places", "slope", colours=(BLUE,), until_x="a"),
                            Points("a", "slope_here", colour=ORANGE),
                            position,
                        ),
                        x=Axis("sum a", limits=(-6, 6), moves="a"),
                        y=Axis("slope φ′(a)", limits=(-0.05, 1.1)),
                    ),
                    Panel(
                        "Left after several slopes",
                        (Bars("layers", "left", colour=ORANGE),),
                        x=Axis("layers passed", integer=True),
                        y=Axis("share left", limits=(0, 1.05)),
                    ),
                ),
                260,
            ),
        ),
        "An activation function with its tangent, its slope, and bars: the slope to the power of 1 to 8.",
    )
    data = FigureData(
        {
            "places": places,
            "value": value / unit,
            "slope": slope,
            "a": places,
            "slope_here": slope,
            "tangent_x": places[:, None] + near,
            "tangent_y": (value[..., None] + slope[..., None] * near) / unit[..., None],
            "layers": layers,
            "left": left,
        },
        sentences,
        {
            "value": ("function",),
            "slope": ("function",),
            "a": ("a",),
            "slope_here": ("function", "a"),
            "tangent_x": ("a",),
            "tangent_y": ("function", "a"),
            "left": ("function", "a"),
            "summary": ("function", "a"),
            "outputs": ("function",),
        },
        {"outputs": [[signed(tick * UNIT[name], 0) for tick in range(-2, 3)] for name in FUNCTIONS]},
    )
    controls = (
        Frame("function", "Function", FUNCTIONS, value=FUNCTIONS.index(function)),
        Frame("a", "Sum a", tuple(signed(p, 1) for p in places), value=int(np.abs(places - a).argmin())),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def _curve(name, a):
    activation = ACTIVATIONS[name]
    value = activation.of(a, out=np.empty_like(a))
    return value, activation.slope(value, out=np.empty_like(a))


def activation_sentence(name, a, value, slope):
    """Output and slope at one place, and what they mean."""
    text = f"{name} at a = {signed(a, 1)}: output {signed(value)}, slope {signed(slope)}."
    if name == "linear":
        return f"{text} Straight everywhere: it never saturates, and it bends nothing."
    if name == "relu":
        return f"{text} " + ("It lets the signal through as it is." if a > 0 else "Switched off: nothing passes.")
    if slope < 0.05:
        return f"{text} Saturated: of a change of a, almost nothing arrives."
    if slope < 0.95 * (1.0 if name == "tanh" else 0.25):
        return f"{text} After {LAYERS} such slopes, {share(slope**LAYERS)} is left."
    place = "Its steepest place" if a == 0 else "Near its steepest place"
    return f"{text} {place}: after {LAYERS} such slopes, {share(slope**LAYERS)} is left."


def share(part):
    """A share of 1 in words: 12 %, 0.4 %, less than 0.01 %."""
    if part >= 0.01:
        return f"{100 * part:.0f} %"
    return f"{100 * part:.2f} %" if part >= 0.0001 else "less than 0.01 %"
