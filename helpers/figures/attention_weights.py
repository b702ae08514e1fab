"""Live figure: where attention looks, over the states of a recurrent network, sequence by sequence."""

import numpy as np

from helpers.live.colours import LINES
from helpers.live.controls import Frame
from helpers.live.description import Axis, Bars, Cursor, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData, nice_ticks
from helpers.live.live_figure import LiveFigure

BLUE, ORANGE, GREY = LINES[0], LINES[1], LINES[7]


def attention_figure(snapshots, states, x, target, prediction=None):
    """The weights of an AttentionReadout on the adding problem, at any epoch of its training.

    snapshots: Snapshots of AttentionReadout networks. states (S, T, H): what it reads; x (S, T, 2): the numbers and
    marks that the states come from; target (S, 1). Controls: epoch, sequence; no kernel. Raises ValueError if there
    are no snapshots.
    """
    if not snapshots.networks:
        raise ValueError("snapshots: expected at least one network, kept by train(..., recorders=[snapshots])")
    ran = [net.forward(states) for net in snapshots.networks]
    weights = np.stack([record.weights for _, record in ran])  # (E, S, T)
    answers = np.stack([y[:, 0, 0] for y, _ in ran])  # (E, S)
    sequences, time_steps, _ = states.shape
    marked = x[:, :, 1] > 0.5
    on_marked = (weights * marked).sum(axis=2)
    steps = np.arange(1, time_steps + 1)
    time = Axis("time step t", integer=True, limits=(0.3, time_steps + 0.7))
    most, low, high = float(weights.max()), float(answers.min()), float(answers.max())
    rows = tuple(range(len(snapshots.epochs)))
    shown = map(int, nice_ticks(0, rows[-1], integer=True))
    ticks = tuple((k, str(snapshots.epochs[k])) for k in shown)
    last = max(1, snapshots.epochs[-1])
    epoch, now = Axis("epoch", integer=True, limits=(0, last), moves="epoch"), Cursor(x="epoch")
    each = {"moves": "sequence", "width": 1.6}
    picture = Picture(
        "Where attention looks",
        (
            Row(
                (
                    Panel(
                        "The numbers; those to be added are orange",
                        (
                            Bars("steps", "numbers", colour=GREY, width=0.6),
                            Bars("steps", "to_add", colour=ORANGE, width=0.6),
                        ),
                        x=time,
                        y=Axis("number", limits=(0, 1.05)),
                    ),
                    Panel(
                        "Share on the marked steps",
                        (
                            Lines("epochs", "on_marked", colours=(GREY,), strong="row", until_x="epoch", **each),
                            now,
                        ),
                        x=epoch,
                        y=Axis("share", limits=(0, 1.05)),
                        width=0.6,
                    ),
                ),
                140,
            ),
            Row(
                (
                    Panel(
                        "The states of the recurrent network (fixed)",
                        (HeatMap("states", label="hidden state", first=(1, 1)),),
                        x=time,
                        y=Axis("unit", integer=True),
                    ),
                    Panel(
                        "The answer",
                        (
                            Lines("epochs", "answers", colours=(BLUE,), until_x="epoch"),
                            Cursor(y="right", label="right answer", colour=ORANGE),
                            now,
                        ),
                        x=epoch,
                        y=Axis("answer", limits=(min(0.0, low), max(2.0, high))),
                        width=0.6,
                    ),
                ),
                180,
            ),
            Row(
                (
                    Panel(
                        "Attention: what is read from each state (orange: marked)",
                        (
                            Bars("steps", "weights", colour=BLUE, width=0.6),
                            Points("steps", "at_marks", colour=ORANGE, size=5),
                        ),
                        x=time,
                        y=Axis("weight α", limits=(0, most * 1.08)),
                    ),
                    Panel(
                        "Attention at every epoch so far",
                        (
                            HeatMap("history", (0, most), "amount", "weight α", (1, 0), until_y="epoch_row"),
                            Cursor(y="epoch_row", band=True, dashed=False),
                        ),
                        x=time,
                        y=Axis("epoch", ticks=ticks, moves="epoch", places=rows),
                        width=0.6,
                    ),
                ),
                170,
            ),
        ),
        alt="A sequence's numbers, hidden states and attention weights by step; share, answer, weights by epoch.",
    )
    both = ("epoch", "sequence")
    data = FigureData(
        {
            "steps": steps,
            "numbers": x[:, :, 0],
            "to_add": np.where(marked, x[:, :, 0], 0.0),
            "states": states.transpose(0, 2, 1),
            "weights": weights,
            "at_marks": np.where(marked, weights, np.nan),
            "epochs": np.asarray(snapshots.epochs),
            "epoch": np.asarray(snapshots.epochs),
            "epoch_row": np.arange(len(rows)),
            "row": np.arange(sequences),
            "on_marked": on_marked.T,
            "answers": answers.T,
            "right": np.asarray(target, float)[:, 0],
            "history": weights.transpose(1, 0, 2),
        },
        [
            [
                f"Epoch {epoch}: {100 * on_marked[e, s]:.0f} % of the attention is on the two marked steps. "
                f"The answer is {answers[e, s] + 0.0:.2f}; right is {target[s, 0]:.2f}."
                for s in range(sequences)
            ]
            for e, epoch in enumerate(snapshots.epochs)
        ],
        {
            "numbers": ("sequence",),
            "to_add": ("sequence",),
            "states": ("sequence",),
            "weights": both,
            "at_marks": both,
            "epoch": ("epoch",),
            "epoch_row": ("epoch",),
            "row": ("sequence",),
            "answers": ("sequence",),
            "right": ("sequence",),
            "history": ("sequence",),
            "summary": both,
        },
    )
    controls = (
        Frame("epoch", "Epoch", tuple(snapshots.epochs), play=True, period=300),
        Frame("sequence", "Sequence", tuple(range(1, sequences + 1))),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)
