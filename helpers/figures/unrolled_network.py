"""The network unrolled in time: which numbers enter each product, and how the gradient comes back."""

import numpy as np

from helpers.live.colours import GREEN
from helpers.live.controls import Frame
from helpers.live.description import Arrows, Axis, Cursor, HeatMap, Lines, Nodes, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.numbers import signed, tiny

FORWARD, BACKWARD = "#0072b2", "#d55e00"


def unrolled_marks(time_steps):
    """(marks, arrays, axes) of the drawing of T steps: inputs below, hidden states, outputs above.

    The arrays whose names end in `_weight` say how strongly each arrow is drawn; callers add them, and
    `x_shade`, `h_shade`, `y_shade`.
    """
    t = np.arange(time_steps + 1)
    steps = t[1:]
    arrays = {
        "node_t": t,
        "node_steps": steps,
        "level_x": np.zeros(time_steps),
        "level_h": np.ones(time_steps + 1),
        "level_y": np.full(time_steps, 2.0),
        "level_h_steps": np.ones(time_steps),
        "before": t[:-1],
        "level_h_before": np.ones(time_steps),
    }
    size = 15 if time_steps <= 12 else 9
    every = 1 if time_steps <= 12 else 5  # small nodes have room for some of the names only
    texts = {
        kind: tuple(f"{kind}{subscript(k)}" if k % every == 0 else "" for k in (t if kind == "h" else steps))
        for kind in "xhy"
    }
    nodes = (
        Nodes("node_steps", "level_x", "x_shade", texts["x"], size=size, square=True, shade_limits=(-1.5, 1.5)),
        Nodes("node_t", "level_h", "h_shade", texts["h"], size=size + 1),
        Nodes("node_steps", "level_y", "y_shade", texts["y"], size=size, square=True, shade_limits=(-1.5, 1.5)),
    )
    return nodes, arrays


def subscript(number):
    """The number in subscript digits, for labels in drawings."""
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))


def drawing(time_steps, marks, title, moves, places):
    """The bare panel that holds an unrolled network; `moves`: the control that walks along its steps at `places`."""
    return Panel(
        title,
        marks,
        x=Axis("", limits=(-0.6, time_steps + 0.6), moves=moves, places=places),
        y=Axis("", limits=(-0.5, 2.5)),
        bare=True,
    )


def step_through_time(network, x, prediction=None):
    """A live figure that walks through the forward pass of a small `network` on `x` (B, T, I).

    Controls: time step, sequence. Every number that enters the three products of that step is printed.
    """
    y, record = network.forward(x)
    W_ih, W_hh, b_h, W_ho, b_o = (network.parameters[name] for name in ("W_ih", "W_hh", "b_h", "W_ho", "b_o"))
    sequences, time_steps, _ = record.x.shape
    hidden, outputs = W_ho.shape
    nodes, arrays = unrolled_marks(time_steps)
    t = np.arange(time_steps)
    now = t[:, None] == t  # (frame, arrow): the arrow of this step
    done = t[:, None] >= t  # (frame, step): already computed
    h_mean = record.h.mean(axis=2)
    known = np.concatenate([np.ones((time_steps, 1), bool), done], axis=1)
    a_parts = np.stack(
        [
            record.x @ W_ih,
            record.h[:, :-1] @ W_hh,
            np.broadcast_to(b_h, record.a.shape),
            record.a,
            record.h[:, 1:],
        ],
        axis=2,
    )  # (B, T, 5, H)
    out_parts = np.stack([record.h[:, 1:] @ W_ho, np.broadcast_to(b_o, record.y.shape), record.y], axis=2)
    arrays |= {
        "arrow_weight": now.astype(float),
        "x_shade": np.broadcast_to(record.x.mean(axis=2)[:, None], (sequences, time_steps, time_steps)),
        "h_shade": np.where(known, h_mean[:, None], np.nan),
        "y_shade": np.where(done, record.y.mean(axis=2)[:, None], np.nan),
        "x_column": record.x[..., None],
        "h_column": record.h[:, :-1, :, None],
        "W_ih": W_ih,
        "W_hh": W_hh,
        "parts": a_parts,
        "W_ho": W_ho,
        "out_parts": out_parts,  # (B, T, 3, O)
    }
    arrows = (
        Arrows("node_steps", "level_x", "node_steps", "level_h_steps", "arrow_weight", FORWARD),
        Arrows("before", "level_h_before", "node_steps", "level_h_steps", "arrow_weight", FORWARD),
        Arrows("node_steps", "level_h_steps", "node_steps", "level_y", "arrow_weight", FORWARD),
    )
    reach = float(max(1.0, np.abs(a_parts).max(), np.abs(record.x).max(), np.abs(out_parts).max()))
    units, out_units, features = (
        tuple((k, str(k)) for k in range(1, size + 1)) for size in (hidden, outputs, x.shape[2])
    )
    sums = ("part", tuple(enumerate(("xₜ·W_ih", "hₜ₋₁·W_hh", "b_h", "sum aₜ", "new hₜ"), 1)))
    out_sums = ("part", tuple(enumerate(("hₜ·W_ho", "b_o", "yₜ"), 1)))

    def table(title, name, across, down, width=1.0, label=""):  # across, down: (label, ticks)
        heat = HeatMap(name, limits=(-reach, reach), numbers=2, label=label, first=(1, 1))
        return Panel(title, (heat,), x=Axis(across[0], ticks=across[1]), y=Axis(down[0], ticks=down[1]), width=width)

    old_units = ("from unit", units)
    picture = Picture(
        "One step at a time: which numbers enter each product",
        (
            Row(
                (
                    drawing(
                        time_steps,
                        arrows + nodes,
                        "One copy a step, the same weights in each (colour: mean value)",
                        "time",
                        tuple(range(1, time_steps + 1)),
                    ),
                ),
                210,
            ),
            Row(
                (
                    table("input x", "x_column", (" ", ()), ("feature", features), 0.36),
                    table("W_ih: input to hidden", "W_ih", ("to hidden unit", units), ("from feature", features)),
                    table("old state h", "h_column", (" ", ()), ("unit", units), 0.36),
                    table("W_hh: hidden to hidden", "W_hh", ("to hidden unit", units), old_units),
                ),
                215,
            ),
            Row(
                (
                    table("Three parts, their sum, new state", "parts", ("hidden unit", units), sums),
                    table("W_ho: hidden to output", "W_ho", ("to output", out_units), old_units, 0.5),
                    table("Output (one scale for all)", "out_parts", ("output", out_units), out_sums, 0.75, "value"),
                ),
                235,
            ),
        ),
        alt="An unrolled recurrent network; below it the input, the old state, all matrices, the sum, the output.",
    )
    summaries = [
        [
            f"Step {k + 1}, sequence {s + 1}: unit 1 adds {signed(a_parts[s, k, 0, 0])} (from the input), "
            f"{signed(a_parts[s, k, 1, 0])} (from the state before) and {signed(a_parts[s, k, 2, 0])} (bias) "
            f"to {signed(a_parts[s, k, 3, 0])}; {network.activation} makes it {signed(a_parts[s, k, 4, 0])}. "
            f"Output 1 is {signed(out_parts[s, k, 2, 0])}."
            for k in range(time_steps)
        ]
        for s in range(sequences)
    ]
    both = ("sequence", "time")
    data = FigureData(
        arrays,
        summaries,
        {
            "arrow_weight": ("time",),
            "x_shade": both,
            "h_shade": both,
            "y_shade": both,
            "x_column": both,
            "h_column": both,
            "parts": both,
            "out_parts": both,
            "summary": both,
        },
    )
    controls = (
        Frame("time", "Time step", tuple(range(1, time_steps + 1)), play=True, period=900),
        Frame("sequence", "Sequence of the batch", tuple(range(1, sequences + 1))),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def gradient_backwards(network, x, target, loss, gains, prediction=None):
    """A live figure of back-propagation through time on one sequence `x` (1, T, I), for several recurrent gains.

    gains: factors on the network's own W_hh, one frame each. Controls: how far back the sweep has come, and
    the gain. Shows dJ/dh_t for each unit and its norm against the lag.
    """
    time_steps = x.shape[1]
    sweeps = []
    for gain in gains:
        copy = network.copy()
        copy.parameters["W_hh"] *= gain
        y, record = copy.forward(x)
        sweeps.append(copy.backward(record, loss(y, target)[1]).h[0])
    g = np.stack(sweeps)  # (gains, T+1, H)
    norms = np.linalg.norm(g, axis=2)
    lag = np.arange(time_steps + 1)[::-1]
    back = np.arange(time_steps + 1)  # frame: steps walked back from the last state
    reached = lag[None, :] <= back[:, None]  # (frame, T+1)
    largest = np.abs(g).max(axis=(1, 2), keepdims=True)
    nodes, arrays = unrolled_marks(time_steps)
    steps = np.arange(time_steps)
    passed = (time_steps - steps)[None, :] <= back[:, None]  # arrow h_{t-1} <- h_t walked already
    shade = np.where(reached, 1.0, np.nan)
    arrays |= {
        "x_shade": np.full(time_steps, np.nan),
        "y_shade": np.full(time_steps, np.nan),
        "h_shade": (norms / norms.max(axis=1, keepdims=True))[:, None] * shade,
        "walked": passed.astype(float),
        "last_x": np.array([time_steps]),
        "last_h": np.array([1.0]),
        "last_y": np.array([2.0]),
        "map": np.where(reached[None, :, None], (g / largest).transpose(0, 2, 1)[:, None], np.nan),
        "lag": lag,
        "norm": np.where(reached, norms[:, None], np.nan)[..., None, :],
        "all_norms": np.where(reached[:, None], norms, np.nan),
        "here": back,
        "there": lag,
    }
    marks = (
        Arrows("last_x", "last_y", "last_x", "last_h", None, BACKWARD, nodes[1].size + 1),
        Arrows("node_steps", "level_h_steps", "before", "level_h_before", "walked", BACKWARD, nodes[1].size + 1),
        nodes[0],
        Nodes("node_t", "level_h", "h_shade", nodes[1].texts, (0, 1), "amount", nodes[1].size),
        nodes[2],
    )
    units, from_the_end = g.shape[2], tuple(int(k) for k in lag)
    picture = Picture(
        "The gradient walks back through time",
        (
            Row(
                (
                    drawing(
                        time_steps,
                        marks,
                        "From the last output back along the arrows (lighter: more gradient)",
                        "back",
                        from_the_end,
                    ),
                ),
                190,
            ),
            Row(
                (
                    Panel(
                        "dJ/dh, relative to the largest",
                        (HeatMap("map", label="gradient", first=(0, 1)), Cursor(x="there", colour=GREEN)),
                        x=Axis("time step t", integer=True, moves="back", places=from_the_end),
                        y=Axis("unit", integer=True, ticks=tuple(range(1, units + 1)) if units < 9 else None),
                    ),
                    Panel(
                        "How much arrives after so many steps back",
                        (
                            Lines(
                                "lag",
                                "all_norms",
                                faint=True,
                                moves="gain",
                                labels=("the other gains",),
                                colours=("#7a7a7a",),
                            ),
                            Lines("lag", "norm", labels=("this gain",), colours=(BACKWARD,), width=2.6),
                            Cursor(x="here"),
                        ),
                        x=Axis("steps back from the end", integer=True, moves="back"),
                        y=Axis("norm of dJ/dh", log=True),
                    ),
                ),
                240,
            ),
        ),
        alt="An unrolled network with arrows backwards, a map of gradients by unit and step, their norm by lag.",
    )
    summaries = [
        [
            f"Recurrent gain {gain:g}: {k} step{'s' if k != 1 else ''} back, the gradient's norm is "
            f"{tiny(norms[i, time_steps - k] / norms[i, time_steps])} times what it was at the last state."
            for k in range(time_steps + 1)
        ]
        for i, gain in enumerate(gains)
    ]
    both = ("gain", "back")
    data = FigureData(
        arrays,
        summaries,
        {
            "h_shade": both,
            "walked": ("back",),
            "map": both,
            "norm": both,
            "all_norms": ("back",),
            "here": ("back",),
            "there": ("back",),
            "summary": both,
        },
    )
    controls = (
        Frame("back", "Steps back", tuple(range(time_steps + 1)), play=True, period=350),
        Frame("gain", "Recurrent gain", tuple(f"{gain:g}" for gain in gains), value=len(gains) // 2),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)
