"""Live figure: a network watches a handwritten digit drift, and says frame by frame where it is going."""

import numpy as np

from helpers.data import DIRECTIONS, OPPOSITE, drifting_films
from helpers.live.colours import LINES
from helpers.live.controls import Choice, Frame, Number
from helpers.live.description import Axis, Cursor, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.networks import softmax

SIZE, FRAMES, CLIPS = 12, 8, 9
PLAYED = ("forwards", "backwards")
CURRENT = tuple(f"odds_{direction}" for direction in DIRECTIONS)  # points: in frame 1 there is no line yet


def drifting_figure(network, images, labels, prediction=None):
    """A live figure of a film, the hidden state and the verdict, frame by frame.

    network: 144 inputs (12 × 12 pixels), 4 outputs, the logits of DIRECTIONS. images (N, 8, 8), labels (N,): digits
    that it has not learned from. Controls: digit, clip (another image, another start), direction, forwards or
    backwards (kernel); frame (browser alone). Raises ValueError for other networks or if a digit is missing.
    """
    sizes = (network.input_size, network.output_size)
    if sizes != (SIZE * SIZE, len(DIRECTIONS)):
        raise ValueError(f"network: expected 144 inputs and 4 outputs, got {sizes[0]} and {sizes[1]}")
    images, labels = np.asarray(images), np.asarray(labels)
    missing = sorted(set(range(10)) - set(labels.tolist()))
    if missing:
        raise ValueError(f"labels: expected at least one image of each digit, missing {missing}")
    order = by_direction(network.parameters["W_ho"])
    frames = np.arange(1, FRAMES + 1)

    def compute(digit, clip, direction, played):
        film, true = one_clip(images, labels, int(digit), int(clip), DIRECTIONS.index(direction), played)
        y, record = network.forward(film.reshape(1, FRAMES, -1))
        odds = softmax(y[0].astype(float))  # (T, 4)
        later = (frames[None, :] > frames[:, None])[:, None]  # (now, 1, frame): not seen yet
        states = record.states[0].T[order].astype(float)  # (H, T)
        return FigureData(
            {
                "strip": np.stack([strip(film, now) for now in frames]),
                "frames": frames,
                "odds": np.where(later, np.nan, odds.T[None]),  # (now, 4, T)
                "states": np.where(later, np.nan, states[None]),  # (now, H, T)
                "now": frames,
                "chance": np.array(0.25),
            }
            | dict(zip(CURRENT, odds.T, strict=True)),
            [sentence(now, odds[now - 1], true, played) for now in frames],
            {name: ("frame",) for name in ("strip", "odds", "states", "now", "summary", *CURRENT)},
        )

    middles = tuple((5.5 + 13 * k, str(k + 1)) for k in range(FRAMES))
    at_frame = {"moves": "frame", "places": tuple(place for place, _ in middles)}
    frame = Axis("frame", ticks=tuple(range(1, FRAMES + 1)), limits=(0.5, FRAMES + 0.5), moves="frame")
    picture = Picture(
        "Which way does it drift? A network watches, frame by frame",
        (
            Row(
                (
                    Panel(
                        "The film so far, as the network gets it",
                        (HeatMap("strip", (0.0, 1.0), "amount"),),
                        x=Axis("frame", ticks=middles, limits=(-0.5, 13 * FRAMES - 1.5), **at_frame),
                        y=Axis("row", ticks=(0, 11)),
                        equal=True,
                    ),
                ),
                185,
            ),
            Row(
                (
                    Panel(
                        "The verdict, frame by frame",
                        (
                            Lines("frames", "odds", labels=DIRECTIONS, width=2.4),
                            *(Points("now", name, colour=LINES[k]) for k, name in enumerate(CURRENT)),
                            Cursor(y="chance"),
                            Cursor(x="now"),
                        ),
                        x=frame,
                        y=Axis("probability", limits=(-0.03, 1.03), ticks=(0, 0.25, 0.5, 0.75, 1)),
                    ),
                    Panel(
                        "Hidden state after each frame",
                        (HeatMap("states", label="hidden state", first=(1, 1)), Cursor(x="now", band=True)),
                        x=frame,
                        y=Axis("unit, by what it speaks for", ticks=groups(network.parameters["W_ho"])),
                    ),
                ),
                265,
            ),
        ),
        alt="A film of a drifting digit, the probability of each direction, and all hidden units.",
    )
    controls = (
        Choice("digit", "Digit", tuple(map(str, range(10))), "3"),
        Number("clip", "Clip (other image, other start)", 1, CLIPS, 1, 8),
        Choice("direction", "It drifts", DIRECTIONS, "left"),
        Choice("played", "The film is played", PLAYED, "forwards"),
        Frame("frame", "Frame", tuple(range(1, FRAMES + 1)), play=True, period=450),
    )
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)


def one_clip(images, labels, digit, clip, direction, played):
    """The film (T, 12, 12) of a digit's `clip`-th image, and the direction (0 to 3) that is to be seen in it."""
    own = np.flatnonzero(labels == digit)
    image = images[own[(clip - 1) % len(own)]]
    start = np.random.default_rng((digit, clip)).integers(0, SIZE, (1, 2))
    film = drifting_films(image[None], [direction], start, FRAMES, SIZE)[0]
    return (film, direction) if played == "forwards" else (film[::-1], int(OPPOSITE[direction]))


def by_direction(W_ho):
    """The units (H,) ordered by the direction that their output weights (H, 4) speak for most, the clearest first."""
    best = W_ho.argmax(axis=1)
    clear = W_ho.max(axis=1) - W_ho.mean(axis=1)
    return np.lexsort((-clear, best))


def groups(W_ho):
    """(row, direction) for the middle of each group of units in that order, from row 1: ticks for the reader."""
    best = np.sort(W_ho.argmax(axis=1))
    return tuple((1 + float(np.flatnonzero(best == k).mean()), DIRECTIONS[k]) for k in np.unique(best))


def strip(film, now):
    """The frames 1 to `now` of a film (T, h, w) side by side, a column of nothing between: (h, T (w + 1) - 1)."""
    T, height, width = film.shape
    side_by_side = np.full((height, T, width + 1), np.nan)
    side_by_side[:, :now, :width] = film[:now].transpose(1, 0, 2)
    return side_by_side.reshape(height, -1)[:, :-1]


def sentence(now, odds, true, played):
    """What the network says after frame `now`, and what is right."""
    said = int(np.argmax(odds))
    right = "right" if said == true else f"it is {DIRECTIONS[true]}"
    way = "" if played == "forwards" else "Played backwards. "
    return f"{way}Frame {now}: the network says {DIRECTIONS[said]} ({100 * odds[said]:.0f} %): {right}."
