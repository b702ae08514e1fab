"""Live figure: the gates of an LSTM, opening and closing while it keeps a bit, at any epoch of its training."""

import numpy as np

from helpers.live.colours import LINES
from helpers.live.controls import Frame
from helpers.live.description import Axis, Bars, Cursor, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure

BLUE, ORANGE, GREEN, GREY = LINES[0], LINES[1], LINES[2], LINES[7]


def gates_figure(snapshots, x, target, unit=0, prediction=None):
    """The figure for LSTMs kept during a training on the flip-flop.

    snapshots: Snapshots of LSTM networks, already used. x (S, T, 2): bits −1 or +1, and the write signal; target
    (S, T, 1): the kept bit, 0 or 1. unit: where to start, from 0 (the figure counts from 1). Controls: epoch, time
    step, unit, sequence; no kernel.
    Raises ValueError if there are no snapshots, or if they are of other networks.
    """
    networks = snapshots.networks
    if not networks or not hasattr(networks[0], "gate_names") or "forget" not in networks[0].gate_names:
        raise ValueError("snapshots: expected at least one LSTM, kept by train(..., recorders=[snapshots])")
    x, target = np.asarray(x, float), np.asarray(target, float)
    ran = [net.forward(x) for net in networks]
    gates = {name: by_unit([r.gates[name] for _, r in ran]) for name in ("input", "forget", "output")}  # (E, U, S, T)
    cell, state = by_unit([r.c[:, 1:] for _, r in ran]), by_unit([r.states for _, r in ran])
    answer = np.stack([0.5 + 0.5 * np.tanh(y[:, :, 0] / 2) for y, _ in ran])  # (E, S, T)
    sequences, time_steps, _ = x.shape
    units, writes = cell.shape[1], x[:, :, 1] > 0.5
    steps = np.arange(1, time_steps + 1)

    time = Axis("time step t", integer=True, limits=(0.2, time_steps + 0.8), moves="time")
    now = Cursor(x="now")
    picture = Picture(
        "Gates that open and close",
        (
            Row(
                (
                    Panel(
                        "What is read, and when to keep it",
                        (
                            Bars("steps", "write", "write signal", "#e69f00", 0.5),
                            Points("steps", "bit", "bit, 1 or 0", GREY, size=4),
                            now,
                        ),
                        x=time,
                        y=Axis("input", limits=(-0.1, 1.1), ticks=(0, 1)),
                    ),
                    Panel(
                        "What is answered",
                        (
                            Lines("steps", "target", ("bit to keep",), (GREY,), dashed=True, width=2.4),
                            Lines("steps", "answer", ("network's probability of 1",), (BLUE,), width=2.0),
                            now,
                        ),
                        x=time,
                        y=Axis("probability", limits=(-0.1, 1.1), ticks=(0, 0.5, 1)),
                    ),
                ),
                215,
            ),
            Row(
                (
                    Panel(
                        "The unit's gates: 1 is open, 0 is shut",
                        (
                            Bars("steps", "write_low", "", "#e69f00", 0.5),
                            Lines("steps", "forget", ("forget (open: keeps)",), (BLUE,), width=2.4),
                            Lines("steps", "input", ("input (open: writes)",), (ORANGE,), width=2.0),
                            Lines("steps", "output", ("output (open: shows)",), (GREEN,), dashed=True),
                            now,
                        ),
                        x=time,
                        y=Axis("gate", limits=(-0.05, 1.05), ticks=(0, 0.5, 1)),
                    ),
                    Panel(
                        "Its cell c and its state h",
                        (
                            Lines("steps", "cell", ("cell c",), (BLUE,), width=2.4),
                            Lines("steps", "state", ("state h",), (GREEN,), dashed=True),
                            now,
                        ),
                        x=time,
                        y=Axis("value"),
                    ),
                ),
                235,
            ),
        ),
        alt="Bits and write signal, the network's answer, the three gates of one unit, and its cell, over time steps.",
        narrow=620,
    )
    four = ("epoch", "unit", "sequence")
    data = FigureData(
        {
            "steps": steps,
            "now": steps,
            "write": writes.astype(float),
            "write_low": 0.06 * writes,
            "bit": (x[:, :, 0] > 0).astype(float),
            "target": target[:, None, :, 0],
            "answer": answer[:, :, None],
            "forget": gates["forget"][..., None, :],
            "input": gates["input"][..., None, :],
            "output": gates["output"][..., None, :],
            "cell": cell[..., None, :],
            "state": state[..., None, :],
        },
        [
            [
                [sentence(snapshots.epochs[e], u, gates, e, s, writes, answer, target) for s in range(sequences)]
                for u in range(units)
            ]
            for e in range(len(networks))
        ],
        {
            "now": ("time",),
            "write": ("sequence",),
            "write_low": ("sequence",),
            "bit": ("sequence",),
            "target": ("sequence",),
            "answer": ("epoch", "sequence"),
            "summary": four,
        }
        | {name: four for name in ("forget", "input", "output", "cell", "state")},
    )
    controls = (
        Frame("epoch", "Epoch", tuple(snapshots.epochs), play=True, period=400),
        Frame("time", "Time step", tuple(int(t) for t in steps), play=True, period=250),
        Frame("unit", "Unit", tuple(range(1, units + 1)), value=unit),
        Frame("sequence", "Sequence", tuple(range(1, sequences + 1))),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def by_unit(per_epoch):
    """A list of (S, T, U) arrays, one an epoch, as (E, U, S, T)."""
    return np.stack(per_epoch).transpose(0, 3, 1, 2)


def sentence(epoch, u, gates, e, s, writes, answer, target):
    """What the gates of unit u do on the steps that write and on those that keep, and how good the answers are."""
    write, keep = writes[s], ~writes[s]
    right = np.mean((answer[e, s] > 0.5) == (target[s, :, 0] > 0.5))

    def mean(name, where):
        return f"{gates[name][e, u, s][where].mean():.2f}" if where.any() else "none"

    return (
        f"Epoch {epoch}, unit {u + 1}: the forget gate is {mean('forget', keep)} on steps that keep, "
        f"{mean('forget', write)} on steps that write; the input gate {mean('input', keep)} and "
        f"{mean('input', write)}. {100 * right:.0f} % of the answers are right."
    )
