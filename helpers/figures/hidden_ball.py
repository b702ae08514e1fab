"""Live figure: a ball rolls behind a block, and a network says where it is while nobody can see it."""

import numpy as np

from helpers.data import pixel_places, roll_ball
from helpers.data.occluder import COLUMNS, FRAMES, ROWS
from helpers.live.colours import LINES
from helpers.live.controls import Choice, Frame, Number
from helpers.live.description import Axis, Bars, Cursor, Handle, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure

PIXELS = ROWS * COLUMNS
EVENTS = ("nothing special", "the ball is taken away", "the state is wiped")
MOVING = ("film", "true_x", "true_y", "belief_x", "belief_y", "hidden")
TRUE, NETWORK, ALONE = "#ffffff", LINES[1], LINES[3]


def hidden_ball_figure(network, frame_only, prediction=None):
    """A live figure of the film, the true place, the network's belief, and the hidden state.

    network: SimpleRNN with 140 inputs (7 × 20 pixels) and 2 outputs, the place of the ball as `scaled_places` has it;
    frame_only: a FeedForward network that learned the same from single frames. Controls: side, row, speed, slope and
    what happens behind the block (kernel); frame (browser alone). Raises ValueError for a network of other sizes.
    """
    if (network.input_size, network.output_size) != (PIXELS, 2):
        given = f"{network.input_size} and {network.output_size}"
        raise ValueError(f"network: expected {PIXELS} inputs and 2 outputs, got {given}")
    order = np.argsort(-network.parameters["W_ho"][:, 0], kind="stable")
    frames = np.arange(1, FRAMES + 1)

    def compute(side, row, speed, slope, event):
        film, places, hidden = one_roll(side, row, speed, slope, event)
        belief, states = watch(network, film, hidden, event)
        so_far = frames[None, :] <= frames[:, None]  # (frame, place): what has been seen
        alone = pixel_places(frame_only.forward(film.reshape(FRAMES, -1))[0])  # (T, 2)
        return FigureData(
            {
                "film": film.astype(float),
                "true_x": places[:, 0],
                "true_y": places[:, 1],
                "belief_x": belief[:, 0],
                "belief_y": belief[:, 1],
                "frames": frames,
                "true": places[:, 0],
                "belief": belief[:, 0],
                "alone": alone[:, 0],
                "hidden": np.where(so_far, 1.2 * hidden, 0.0),
                "states": states.T[order],
                "now": frames,
                "start_x": np.array(1.0 if side == "left" else COLUMNS - 2.0),
                "start_y": np.array(row),
                "row_by_y": np.array([0.0, 0.0, 1.0]),
            },
            [sentence(t, places[t], belief[t], alone[t], hidden[t]) for t in range(FRAMES)],
            {name: ("frame",) for name in (*MOVING, "now", "summary")},
        )

    time = Axis("frame", integer=True, limits=(0.5, FRAMES + 0.5), moves="frame")
    picture = Picture(
        "A ball behind a block: where does the network think it is?",
        (
            Row(
                (
                    Panel(
                        "The film. White ring: the ball. Orange dot: where the network says it is",
                        (
                            HeatMap("film", (0.0, 1.0), "amount", label="brightness"),
                            Points("true_x", "true_y", colour=TRUE, ring=True, size=13),
                            Points("belief_x", "belief_y", colour=NETWORK, size=8),
                            Handle("start_x", "start_y", (("row", "row_by_y"),), "the row of the start"),
                        ),
                        x=Axis("column", "pixels", integer=True, limits=(-0.5, COLUMNS - 0.5)),
                        y=Axis("row", "pixels", ticks=(0, 2, 4, 6), limits=(-0.5, ROWS - 0.5)),
                        equal=True,
                    ),
                ),
                250,
            ),
            Row(
                (
                    Panel(
                        "The column, frame by frame",
                        (
                            Bars("frames", "hidden", "ball hidden", "#9a9a9a", 1.0),
                            Lines("frames", "alone", ("from this frame alone",), (ALONE,), width=1.4, until_x="now"),
                            Lines("frames", "true", ("true",), (LINES[7],), dashed=True, width=3.0, until_x="now"),
                            Lines("frames", "belief", ("network",), (NETWORK,), width=2.0, until_x="now"),
                            Points("now", "belief_x", colour=NETWORK),  # in frame 1 there is no line yet
                            Cursor(x="now"),
                        ),
                        x=time,
                        y=Axis("column", "pixels", limits=(0, COLUMNS), ticks=(0, 5, 10, 15, 19)),
                    ),
                    Panel(
                        "Hidden state after each frame",
                        (
                            HeatMap("states", label="hidden state", first=(1, 1), until_x="now"),
                            Cursor(x="now", band=True),
                        ),
                        x=time,
                        y=Axis("unit, by its weight for the column", integer=True),
                        width=1.05,
                    ),
                ),
                250,
            ),
        ),
        alt="A ball in a film with a block, its true and believed place, its column over time, and all hidden units.",
    )
    controls = (
        Choice("side", "It starts at the", ("left", "right"), "left"),
        Number("row", "Row at the start (pixels)", 0.0, 6.0, 0.5, 1.0),
        Number("speed", "Speed along (pixels a frame)", 0.5, 1.0, 0.05, 0.7),
        Number("slope", "Speed across (pixels a frame)", -0.3, 0.3, 0.05, 0.15),
        Choice("event", "Behind the block", EVENTS, EVENTS[0]),
        Frame("frame", "Frame", tuple(range(1, FRAMES + 1)), play=True, period=200),
    )
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)


def one_roll(side, row, speed, slope, event):
    """Film (T, 7, 20), places (T, 2) and hidden (T,) of one ball; one that is taken away has no place any more."""
    start, heading = (1.0, 1) if side == "left" else (COLUMNS - 2.0, -1)
    films, places, hidden = roll_ball([[start, row]], [[heading * speed, slope]])
    film, places, hidden = films[0], places[0], hidden[0]
    if event == EVENTS[1]:
        gone = first(hidden) + 1
        film[gone:] = roll_ball([[(COLUMNS - 1) / 2, 0]], [[0.0, 0.0]], 1).films[0, 0]  # the block alone
        places[gone:] = np.nan
        hidden[gone:] = False
    return film, places, hidden


def watch(network, film, hidden, event):
    """The network's belief (T, 2) in pixels and its states (T, H); wiped, its state starts anew at the block."""
    cuts = [0, first(hidden), len(film)] if event == EVENTS[2] else [0, len(film)]
    parts = [network.forward(film[None, a:b].reshape(1, b - a, -1)) for a, b in zip(cuts, cuts[1:], strict=False)]
    y = np.concatenate([y[0] for y, _ in parts])
    return pixel_places(y), np.concatenate([record.states[0] for _, record in parts]).astype(float)


def first(hidden):
    """The first frame (index) in which the ball is hidden."""
    return int(np.argmax(hidden))


def sentence(t, place, belief, alone, hidden):
    """Where the ball is, where the network says it is, and what this frame alone would tell."""
    if np.isnan(place).any():
        return f"Frame {t + 1}: the ball is gone; the network says column {belief[0]:.1f}, row {belief[1]:.1f}."
    off, alone_off = (np.linalg.norm(guess - place) for guess in (belief, alone))
    return (
        f"Frame {t + 1}: the ball is {'hidden' if hidden else 'in sight'}, at column {place[0]:.1f}, "
        f"row {place[1]:.1f}. The network is {off:.1f} pixels off; from this frame alone: {alone_off:.1f}."
    )
