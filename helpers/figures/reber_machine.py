"""A grammar drawn as a machine: nodes, and an arrow with its letter for each step it can take."""

import numpy as np

from helpers.live.description import Arrows, Axis, Nodes, Notes, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import Still

# Where the nodes of Reber's grammar stand: begin on the left, end on the right.
PLACES = {"B": (0, 1), 0: (1, 1), 1: (2.2, 2), 2: (2.2, 0), 3: (3.8, 2), 4: (3.8, 0), 5: (5, 1), None: (6, 1)}


def grammar_drawing(grammar):
    """A drawing of `grammar` (node -> {letter: next node}, None = end), Reber's with its nodes 0 to 5.

    Raises ValueError for another set of nodes: their places are not known.
    """
    if set(grammar) != set(range(6)):
        raise ValueError(f"grammar: expected the nodes 0 to 5 of Reber's grammar, got {sorted(grammar)}")
    arrows = [("B", 0, "B")] + [(node, to, letter) for node, ways in grammar.items() for letter, to in ways.items()]
    steps = [(PLACES[a], PLACES[b], letter) for a, b, letter in arrows if a != b]
    loops = [(PLACES[a], letter) for a, b, letter in arrows if a == b]
    ends = np.array([[*a, *b] for a, b, _ in steps], float)
    middle = (ends[:, :2] + ends[:, 2:]) / 2
    along = ends[:, 2:] - ends[:, :2]
    # letters stand beside their arrows, above level ones, outside slanted ones
    side = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.hypot(along[:, 0], along[:, 1] * 1.5)[:, None]
    side *= np.where(side[:, 1:] < 0, -1, 1)
    beside = middle + 0.2 * side
    loop_places = np.array([[x, y + (0.42 if y > 1 else -0.42)] for (x, y), _ in loops])
    places = np.array(list(PLACES.values()), float)
    nodes = tuple(f"node {k}" for k in range(6))  # in the colours that states at these nodes have elsewhere
    picture = Picture(
        "Reber's grammar",
        (
            Row(
                (
                    Panel(
                        "",
                        (
                            Arrows("x0", "y0", "x1", "y1"),
                            Nodes("x", "y", "shade", ("", "0", "1", "2", "3", "4", "5", "end"), shade_names=nodes),
                            Notes("letter_x", "letter_y", tuple(letter for *_, letter in steps), size=14),
                            Notes("loop_x", "loop_y", tuple(f"↻ {letter}" for _, letter in loops), size=14),
                        ),
                        x=Axis("", limits=(-0.4, 6.5)),
                        y=Axis("", limits=(-0.7, 2.7)),
                        bare=True,
                    ),
                ),
                240,
            ),
        ),
        alt="A machine with nodes 0 to 5 and arrows with letters between them; nodes 1 and 2 have a loop.",
    )
    arrays = {
        "x0": ends[:, 0],
        "y0": ends[:, 1],
        "x1": ends[:, 2],
        "y1": ends[:, 3],
        "x": places[:, 0],
        "y": places[:, 1],
        "shade": np.array([np.nan, 0, 1, 2, 3, 4, 5, np.nan]),
        "letter_x": beside[:, 0],
        "letter_y": beside[:, 1],
        "loop_x": loop_places[:, 0],
        "loop_y": loop_places[:, 1],
    }
    summary = "Begin at the left; follow any arrow, write its letter; where two lead on, both are equally likely."
    return Still(picture, FigureData(arrays, summary))
