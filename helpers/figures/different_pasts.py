"""Networks without memory: the same input after different pasts, and what a window of past inputs costs."""

import numpy as np

from helpers.data import past_windows
from helpers.live.colours import BLUE, ORANGE, PURPLE
from helpers.live.controls import Frame
from helpers.live.description import Axis, Cursor, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.networks import sigmoid

TIME_STEPS = 12
BITS = np.array([1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1.0])


def different_pasts_figure(networks, back=3, prediction=None):
    """Two sequences with the same last input and one difference in their past, read through windows.

    networks: list of feedforward networks, number w - 1 for windows of w inputs, all with the same outputs; output
    `back` is asked: "which bit came `back` steps ago?". Controls: how many steps ago the pasts differ, and w.
    Raises ValueError if a network does not fit its window or has no output `back`.
    """
    for w, net in enumerate(networks, 1):
        if net.input_size != w or net.output_size <= back:
            raise ValueError(
                f"networks[{w - 1}]: expected {w} inputs and more than {back} outputs, got {net.input_size} and "
                f"{net.output_size}"
            )
    widths = range(1, len(networks) + 1)
    agos = range(1, len(networks))
    inputs = np.stack([BITS] * len(agos))[:, None].repeat(2, axis=1)  # (differ, sequence, T)
    for k, ago in enumerate(agos):
        inputs[k, 1, TIME_STEPS - 1 - ago] = 1 - BITS[TIME_STEPS - 1 - ago]
    answers = np.array(
        [
            [
                # One sequence at a time: the same arithmetic for both, to the last bit.
                [sigmoid(net.forward(past_windows(one[:, None], w))[0][..., back]) for one in pair]
                for w, net in zip(widths, networks, strict=True)
            ]
            for pair in inputs
        ]
    ).reshape(len(agos), len(networks), 2, TIME_STEPS)
    gap = np.abs(answers[..., 0, -1] - answers[..., 1, -1])
    steps = np.arange(1, TIME_STEPS + 1)
    time = {"label": "time step t", "integer": True, "limits": (0.5, TIME_STEPS + 0.5)}
    differ = Axis(**time, moves="differ", places=tuple(TIME_STEPS - ago for ago in agos))
    reach = Axis(**time, moves="window", places=tuple(TIME_STEPS - w + 1 for w in widths))  # the oldest step it sees
    picture = Picture(
        "The same input, different pasts",
        (
            Row(
                (
                    Panel(
                        "The two sequences of bits; the window at the last step lies right of the line",
                        (
                            HeatMap("inputs", (-0.7, 1.7), first=(1, 0), numbers=0),
                            Cursor(x="edge"),
                            Cursor(x="differs", band=True, colour=PURPLE, dashed=False),
                        ),
                        x=differ,
                        y=Axis("sequence", ticks=((0, "A"), (1, "B"))),
                    ),
                ),
                150,
            ),
            Row(
                (
                    Panel(
                        f"The network's answer at each step: probability that the bit {back} steps ago was 1",
                        (
                            Lines("steps", "answer_a", labels=("sequence A",), colours=(BLUE,), width=4.0),
                            Lines("steps", "answer_b", labels=("sequence B",), colours=(ORANGE,), dashed=True),
                            Points("steps", "answer_b", colour=ORANGE, size=3.5),
                            Cursor(x="edge"),
                        ),
                        x=reach,
                        y=Axis("probability", limits=(-0.05, 1.05)),
                    ),
                ),
                230,
            ),
        ),
        "Two sequences of bits that differ at one step, and a network's answers to both, step by step.",
    )
    data = FigureData(
        {
            "inputs": inputs,
            "answer_a": answers[:, :, 0],
            "answer_b": answers[:, :, 1],
            "steps": steps,
            "edge": TIME_STEPS - np.array(widths) + 0.5,
            "differs": TIME_STEPS - np.array(agos),
        },
        [[past_sentence(ago, w, gap[k, w - 1]) for w in widths] for k, ago in enumerate(agos)],
        {
            "inputs": ("differ",),
            "answer_a": ("differ", "window"),
            "answer_b": ("differ", "window"),
            "edge": ("window",),
            "differs": ("differ",),
            "summary": ("differ", "window"),
        },
    )
    controls = (
        Frame("differ", "The pasts differ so many steps ago", tuple(agos), value=back - 1),
        Frame("window", "Window: inputs seen at once", tuple(widths)),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def past_sentence(ago, width, gap):
    """Whether the network can tell the two pasts apart at the last step."""
    seen = "only the input of this step" if width == 1 else f"the last {width} inputs"
    start = f"The pasts differ {ago} step{'s' * (ago > 1)} ago; the network sees {seen}."
    if ago >= width:
        equal = "are exactly equal" if gap == 0 else "differ by rounding alone"
        return f"{start} Its last answers to A and B {equal}: it cannot know of the difference."
    if gap < 0.005:
        return f"{start} It sees the difference, but is asked about another bit: its last answers are nearly equal."
    return f"{start} Its last answers to A and B differ by {gap:.2f}."


def window_cost_figure(prediction=None, inputs=(1, 8, 27, 65), hidden=(16, 32, 64, 128), outputs=27, longest=100):
    """Parameters of a feedforward network on windows of 1 … `longest` inputs, beside those of a recurrent one."""
    windows = np.arange(1, longest + 1)
    counts = np.array([[parameters_of_window(windows, i, h, outputs) for h in hidden] for i in inputs])
    loop = np.array([[parameters_of_window(1, i, h, outputs) + h * h for h in hidden] for i in inputs])
    words = []
    for a, i in enumerate(inputs):
        row = []
        for b, h in enumerate(hidden):
            more = windows[counts[a, b] > loop[a, b]]
            says = f"from a window of {more[0]} inputs on" if len(more) else f"only beyond windows of {longest} inputs"
            row.append(
                f"{i} number{'s' * (i > 1)} per step, {h} hidden units: a window of {longest} steps takes "
                f"{counts[a, b, -1]:,} parameters, a loop {loop[a, b]:,} for any length. "
                f"The window is the larger one {says}."
            )
        words.append(row)
    picture = Picture(
        "What a window costs",
        (
            Row(
                (
                    Panel(
                        "",
                        (
                            Lines("windows", "counts", labels=("a window of past inputs",), colours=(BLUE,)),
                            Lines("windows", "loop", labels=("a network with a loop",), colours=(ORANGE,), dashed=True),
                        ),
                        x=Axis("window", "steps"),
                        y=Axis("parameters", log=True),
                    ),
                ),
                260,
            ),
        ),
        "The number of parameters grows with the window and stays level for a network with a loop.",
    )
    data = FigureData(
        {"windows": windows, "counts": counts, "loop": np.repeat(loop[..., None], longest, axis=-1)},
        words,
        {name: ("inputs", "hidden") for name in ("counts", "loop", "summary")},
    )
    controls = (
        Frame("inputs", "Numbers per step", tuple(inputs)),
        Frame("hidden", "Hidden units", tuple(hidden)),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def parameters_of_window(window, inputs, hidden, outputs):
    """Weights and biases of a network with one hidden layer that sees `window` steps at once."""
    return window * inputs * hidden + hidden + hidden * outputs + outputs
