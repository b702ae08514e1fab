"""A network that reads: each unit's reaction to each character of the reader's own text, and what comes next."""

import numpy as np

from helpers.data import plain_letters
from helpers.figures.ordering import units_by_peak
from helpers.figures.states_in_training import unit_axis
from helpers.live.colours import GREEN, LINES
from helpers.live.controls import Frame, Text
from helpers.live.description import Axis, Bars, Cursor, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.typed import read_as, shown
from helpers.networks import softmax

LONGEST = 48


def visible(symbol):
    """A symbol as it is printed on an axis: the space is shown as an open box."""
    return "␣" if symbol == " " else symbol


def reading_figure(network, alphabet, text, unit=0, prediction=None):
    """A live figure of a character network reading what the reader types, at most 48 characters.

    network: one-hot inputs and logits over `alphabet`. Capitals are read as small letters, letters outside the alphabet
    without their accents (ß as ss), all else as spaces. Controls: the text (kernel); the position and the unit looked
    at (browser alone; beyond the end it stays there), which shows no more than has been read. More than 24 units are
    sorted by their reaction to `text`. unit: the one shown at first, from 0; the figure counts from 1.

    Raises ValueError if `text` is no text or too long.
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        raise ValueError(f"text: expected at most {LONGEST} characters, got {shown(text)}")
    index = {symbol: k for k, symbol in enumerate(alphabet)}
    units = network.parameters["W_hh"].shape[0]
    plain = alphabet.strip()
    rule = f"what is not {plain[0]} to {plain[-1]} is read as a space"

    def read(clean):  # (y, record) of a text of known symbols
        x = np.zeros((1, len(clean), len(alphabet)))
        x[0, np.arange(len(clean)), [index[c] for c in clean]] = 1.0
        return network.forward(x.astype(network.theta.dtype))

    order, row = units_by_peak(read(readable(text, index) or " ")[1].h[0, 1:])  # rows stay, whatever is typed later

    def compute(typed):
        whole = readable(typed, index)
        said = read_as(typed, whole, LONGEST) if typed else "You have typed nothing: the network reads one space. "
        clean = whole[:LONGEST] or " "
        length = len(clean)
        y, record = read(clean)
        states = np.full((LONGEST, units), np.nan)
        states[:length] = record.h[0, 1:]
        change = np.full((LONGEST, units), np.nan)
        change[:length] = np.diff(record.h[0], axis=0)
        odds = softmax(y[0].astype(float))[np.minimum(np.arange(LONGEST), length - 1)]
        letters = [visible(c) for c in clean] + [""] * (LONGEST - length)
        sentences = []
        for k in range(LONGEST):
            at = min(k, length - 1)
            best = np.argsort(-odds[at])[:3]
            guesses = ", ".join(f"{visible(alphabet[b])} {100 * odds[at, b]:.0f} %" for b in best)
            busiest = int(np.argmax(np.abs(change[at])))
            last = clean[max(0, at - 11) : at + 1]
            sentences.append(
                f"{said}After “{last if last.strip() else visible(' ') * len(last)}”: expects {guesses}. "
                + reaction(busiest, change[at, busiest], visible(clean[at]))
                + f" {np.sum(np.abs(change[at]) > 0.5)} of {units} units changed by more than ½."
            )
        return FigureData(
            {
                "states": states.T[order],
                "trace": states.T,
                "places": np.arange(1, LONGEST + 1),
                "now": np.minimum(np.arange(1, LONGEST + 1), length),  # past the end the last character stays
                "unit_row": row + 1,
                "odds": odds,
                "symbols": np.arange(len(alphabet)),
            },
            sentences,
            {
                "now": ("position",),
                "trace": ("unit",),
                "unit_row": ("unit",),
                "odds": ("position",),
                "summary": ("position",),
            },
            {"letters": letters},
        )

    place = Axis("character read", tick_texts="letters", limits=(0.5, LONGEST + 0.5), moves="position")
    picture = Picture(
        "A network reads your text",
        (
            Row(
                (
                    Panel(
                        "Hidden state: every unit after every character",
                        (
                            HeatMap("states", label="hidden state", first=(1, 1), until_x="now"),
                            Cursor(x="now", colour=GREEN),
                            Cursor(y="unit_row", band=True, dashed=False),
                        ),
                        x=place,
                        y=unit_axis(units, row),
                    ),
                ),
                195,
            ),
            Row(
                (
                    Panel(
                        "The chosen unit's reaction to each character",
                        (Lines("places", "trace", width=2.2, until_x="now"), Cursor(x="now")),
                        x=place,
                        y=Axis("hidden state", limits=(-1.05, 1.05)),
                    ),
                ),
                125,
            ),
            Row(
                (
                    Panel(
                        "What the network expects next",
                        (Bars("symbols", "odds"),),
                        x=Axis("next character", ticks=tuple((k, visible(c)) for k, c in enumerate(alphabet))),
                        y=Axis("probability", limits=(0, 1)),
                    ),
                ),
                135,
            ),
        ),
        alt="Heat map of hidden units by character, the trace of one unit, and bars of next-character probabilities.",
    )
    controls = (
        Text(
            "typed",
            f"Your text (at most {LONGEST} characters; {rule})",
            text,
            longest=LONGEST,
            also=(("position", LONGEST - 1),),  # what is typed is looked at to its end
        ),
        Frame(
            "position",
            "Position",
            tuple(range(1, LONGEST + 1)),
            play=True,
            period=350,
        ),
        Frame("unit", "Unit", tuple(range(1, units + 1)), value=unit),
    )
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)


def reaction(unit, change, symbol):
    """The sentence on the unit that reacted most; there is none if it, and so every unit, hardly moved."""
    if abs(change) < 0.05:
        return f"No unit reacts to “{symbol}” any more."
    return f"Unit {unit + 1} reacted most to “{symbol}” ({change:+.2f}).".replace("-", "−")


def readable(text, index):
    """What a network that knows the symbols in `index` reads of a text, at any length."""
    plain = "".join(c if c in index else plain_letters(c) for c in text.lower())
    return "".join(c if c in index else " " for c in plain)


def temperature_figure(
    logits,
    alphabet,
    context,
    temperatures=(0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 1.0, 1.25, 1.6, 2.0, 3.0),
    prediction=None,
):
    """A live figure of next-symbol probabilities at several temperatures, from one vector of `logits` (O,).

    context: what the network has read, for the title. The entropy of each distribution stands in the summary.
    """
    odds = np.stack([softmax(np.asarray(logits, float), temperature) for temperature in temperatures])
    entropy = -(odds * np.log(np.maximum(odds, 1e-300))).sum(axis=1)
    picture = Picture(
        f"Temperature reshapes the choice after “{context}”",
        (
            Row(
                (
                    Panel(
                        "Probability of each next character",
                        (Bars("symbols", "odds"),),
                        x=Axis("next character", ticks=tuple((k, visible(c)) for k, c in enumerate(alphabet))),
                        y=Axis("probability", limits=(0, 1)),
                    ),
                    Panel(
                        "How open the choice is",
                        (
                            Lines("temperatures", "entropy"),
                            Points("here_x", "here_y", colour=LINES[1], ring=True, size=8),
                        ),
                        # with room for the ring at the last
                        x=Axis("temperature", limits=(0, 1.05 * max(temperatures)), moves="temperature"),
                        y=Axis("entropy", "nats"),
                        width=0.6,
                    ),
                ),
                220,
            ),
        ),
        alt="Bars of next-character probabilities at one temperature, and the entropy over all temperatures.",
    )
    sentences = []
    for k, temperature in enumerate(temperatures):
        best = int(np.argmax(odds[k]))
        sentences.append(
            f"Temperature {temperature:g}: {visible(alphabet[best])} leads with {100 * odds[k, best]:.0f} %; "
            f"the choice is as open as one among {np.exp(entropy[k]):.1f} equal characters."
        )
    data = FigureData(
        {
            "odds": odds,
            "symbols": np.arange(len(alphabet)),
            "temperatures": np.array(temperatures),
            "entropy": entropy,
            "here_x": np.array(temperatures),
            "here_y": entropy,
        },
        sentences,
        {
            "odds": ("temperature",),
            "here_x": ("temperature",),
            "here_y": ("temperature",),
            "summary": ("temperature",),
        },
    )
    start = min(range(len(temperatures)), key=lambda k: abs(temperatures[k] - 1.0))
    control = Frame("temperature", "Temperature", tuple(f"{t:g}" for t in temperatures), value=start)
    return LiveFigure(picture, (control,), data, prediction=prediction)
