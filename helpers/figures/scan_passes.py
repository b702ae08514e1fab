"""Live figure: a linear recurrence by parallel scan, pass by pass."""

import numpy as np

from helpers.live.colours import ORANGE
from helpers.live.controls import Frame
from helpers.live.description import Arrows, Axis, Bars, Nodes, Notes, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.networks.scan import scan_passes

SIDE = 10  # half a square's side, in pixels
CLEAR = 0.2  # arrows lead from below a square to above another, so that no head lies under a neighbour of its square
COPIED = 0.4  # weight of an arrow that only copies: paler than a join, and still seen


def scan_figure(lengths=(4, 8, 16), prediction=None):
    """Which steps each place stands for after each pass, for sequences of the given lengths.

    Controls: pass (beyond the last one nothing is left to do), number of steps. No kernel.
    """
    longest = max(lengths)
    last = max(map(scan_passes, lengths))
    places = np.arange(longest)
    shape = (len(lengths), last + 1)
    covered = np.full((*shape, longest), np.nan)
    source = np.tile(places.astype(float), (*shape, 1))  # where nothing is joined, an arrow that is not drawn
    squares = np.where(places < np.array(lengths)[:, None], places, np.nan)  # NaN: this sequence is shorter
    ends = np.where(np.isnan(squares), -20.0, places)  # no square, no arrow: far outside the picture
    source = np.minimum(source, ends[:, None])
    texts, summary = [], []
    for n, steps in enumerate(lengths):
        texts.append([])
        summary.append([])
        for p in range(last + 1):
            width = np.minimum(2 ** min(p, scan_passes(steps)), places[:steps] + 1)
            covered[n, p, :steps] = width
            if 0 < p <= scan_passes(steps):
                source[n, p, :steps] -= 2 ** (p - 1) * (places[:steps] >= 2 ** (p - 1))
            first = places[:steps] + 2 - width
            texts[n].append([str(a) for a in first] + [""] * (longest - steps))
            done = int(np.sum(width == places[:steps] + 1))
            summary[n].append(sentence(steps, p, done, int(np.sum(source[n, p] < ends[n]))))

    doubling = {"moves": "pass", "places": tuple(2**p for p in range(last + 1))}  # a pass doubles what is joined
    top, bottom = np.full(longest, 1.0), np.full(longest, 0.0)
    picture = Picture(
        "A recurrence in a few passes",
        (
            Row(
                (
                    Panel(
                        "Each place t holds all steps from the number in its square up to t",
                        (
                            Arrows("source", "starts_y", "ends", "ends_y", "weight", ORANGE, gap=1),
                            Nodes(
                                "squares", "top", "before", "before_texts", (0, longest), "amount", SIDE, square=True
                            ),
                            Nodes(
                                "squares", "bottom", "after", "after_texts", (0, longest), "amount", SIDE, square=True
                            ),
                            Notes("note_x", "note_y", ("before", "after"), 12, "right"),
                        ),
                        x=Axis("", limits=(-2.2, longest - 0.4), moves="length", places=tuple(n - 1 for n in lengths)),
                        y=Axis("", limits=(-0.5, 1.5)),
                        bare=True,
                    ),
                ),
                190,
            ),
            Row(
                (
                    Panel(
                        "How many steps each place stands for, after this pass",
                        (Bars("step_numbers", "after"),),
                        x=Axis("place (time step t)", integer=True, moves="length"),
                        y=Axis("steps joined", limits=(0, longest + 1), integer=True, **doubling),
                    ),
                ),
                170,
            ),
        ),
        alt="Squares for the places before and after a pass, arrows that join them, and bars for the steps joined.",
    )
    previous = np.maximum(np.arange(last + 1) - 1, 0)
    both = ("length", "pass")
    data = FigureData(
        {
            "squares": squares,
            "ends": ends,
            "step_numbers": places + 1,
            "top": top,
            "bottom": bottom,
            "starts_y": top - CLEAR,
            "ends_y": bottom + CLEAR,
            "before": covered[:, previous],
            "after": covered,
            "source": source,
            "weight": np.where(source < ends[:, None], 1.0, COPIED),
            "note_x": np.array([-0.7, -0.7]),
            "note_y": np.array([1.0, 0.0]),
        },
        summary,
        {
            "squares": ("length",),
            "ends": ("length",),
            "before": both,
            "after": both,
            "source": both,
            "weight": both,
            "before_texts": both,
            "after_texts": both,
            "summary": both,
        },
        {"before_texts": [[row[k] for k in previous] for row in texts], "after_texts": texts},
    )
    controls = (
        Frame("pass", "Pass", tuple(range(last + 1)), play=True, period=1200),
        Frame("length", "Number of steps T", tuple(lengths), value=len(lengths) - 1),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def sentence(steps, passed, done, joins):
    """How far the scan has come."""
    if passed == 0:
        return f"T = {steps}: nothing is joined yet; only step 1 is complete."
    if not joins:
        return f"T = {steps}: it was complete after pass {scan_passes(steps)}; nothing is left to do."
    what = "all at the same time" if joins > 1 else "alone"
    return (
        f"T = {steps}, pass {passed}: {joins} joins, {what}; now {done} of {steps} places hold the result of "
        f"everything before them. A loop has made {passed} of its {steps - 1} joins by then."
    )
