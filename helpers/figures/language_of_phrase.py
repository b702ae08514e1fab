"""A network that names the language of what the reader types: its verdict, and the effect of each letter."""

import numpy as np

from helpers.data import encode, one_hot, plain_letters
from helpers.figures.reading_text import visible
from helpers.live.colours import LINES
from helpers.live.controls import Frame, Text
from helpers.live.description import Axis, Bars, Cursor, HeatMap, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.typed import read_as
from helpers.networks import softmax

LONGEST = 24  # characters of a typed phrase
SYMBOLS = 27  # the space and a to z


def plain_phrase(text):
    """What the network reads of `text`, at most 24 characters: see `whole_phrase`."""
    return whole_phrase(text)[:LONGEST]


def whole_phrase(text):
    """`text` in letters a to z, accents off, ß as ss, single spaces between words, and one at the end if typed."""
    plain = "".join(c if "a" <= c <= "z" else " " for c in plain_letters(text))
    return " ".join(plain.split()) + (" " if plain.endswith(" ") and plain.strip() else "")


def read_phrase(network, text):
    """log p (n + 1, L) of each language before the first and after each of n characters, and the states (n + 1, H)."""
    states = np.zeros((1, network.hidden_size))
    if text:
        x = one_hot(encode(text), SYMBOLS)[None]
        states = network.forward(x)[1].h[0].astype(float)  # with the empty state before the first
    logits = states @ network.parameters["W_ho"] + network.parameters["b_o"]
    return np.log(softmax(logits.astype(float))), states


def language_figure(network, languages, text, prediction=None):
    """A live figure of a network naming the language of what the reader types, character by character.

    network: any recurrent network with 27 inputs (one-hot space and a to z) and one logit for each of `languages`.
    Accents go; what is no letter is read as a space. Controls: the phrase (kernel), the letter looked at
    (browser alone; beyond the end it stays there). Raises ValueError for a network of other sizes.
    """
    languages = tuple(languages)
    L, H = len(languages), network.hidden_size
    if (network.input_size, network.output_size) != (SYMBOLS, L):
        sizes = f"{network.input_size} and {network.output_size}"
        raise ValueError(f"network: expected {SYMBOLS} inputs and {L} outputs, got {sizes}")
    weights = network.parameters["W_ho"].astype(float)  # (H, L)
    speaks_for = weights.argmax(axis=1)
    order = np.lexsort((-weights.max(axis=1), speaks_for))
    group = np.sort(speaks_for)
    groups = tuple((1 + float(np.flatnonzero(group == k).mean()), languages[k]) for k in range(L) if (group == k).any())

    def compute(typed):
        plain = plain_phrase(typed)
        n = len(plain)
        said = read_as(typed, whole_phrase(typed), LONGEST) if n else ""
        logs, states = read_phrase(network, plain)
        odds, moved = np.full((L, LONGEST), np.nan), np.full((L, LONGEST), np.nan)
        shown, change = np.full((H, LONGEST), np.nan), np.zeros((LONGEST, H))
        odds[:, :n], moved[:, :n] = np.exp(logs[1:]).T, np.diff(logs, axis=0).T
        shown[:, :n] = states[1:].T[order] if n else np.nan
        change[:n] = np.diff(states, axis=0)[:, order]
        so_far = (np.arange(LONGEST) <= np.arange(LONGEST)[:, None])[:, None]  # (frame, 1, place): what has been read
        at = [min(k, n) for k in range(1, LONGEST + 1)]
        change[n:] = change[n - 1] if n else 0
        return FigureData(
            {
                "odds": np.where(so_far, odds, np.nan),
                "moved": np.where(so_far, moved, np.nan),
                "states": np.where(so_far, shown, np.nan),
                "change": change,
                "units": np.arange(1, H + 1),
                "now": np.array([max(k, 1) for k in at]),
            },
            [said + sentence(plain, languages, logs, k) for k in at],
            {name: ("letter",) for name in ("odds", "moved", "states", "change", "now", "summary")},
            {"letters": [visible(c) for c in plain] + [""] * (LONGEST - n)},
        )

    letter = Axis("character read", tick_texts="letters", limits=(0.5, LONGEST + 0.5), moves="letter")
    language = Axis("language", ticks=tuple(enumerate(languages)))

    def over_letters(title, values, limits, colours, label):
        marks = HeatMap(values, limits, colours, label, first=(1, 0)), Cursor(x="now", band=True, dashed=False)
        return Panel(title, marks, x=letter, y=language)

    picture = Picture(
        "Which language is this? The verdict while it is read",
        (
            Row(
                (
                    over_letters("Probability of each language", "odds", (0.0, 1.0), "amount", "probability"),
                    over_letters("What each letter did", "moved", (-3.0, 3.0), "signed", "change of log p, nats"),
                ),
                205,
            ),
            Row(
                (
                    Panel(
                        "Hidden state: every unit after every letter",
                        (
                            HeatMap("states", (-1.0, 1.0), "signed", "hidden state", first=(1, 1)),
                            Cursor(x="now", band=True, dashed=False),
                        ),
                        x=letter,
                        y=Axis("units that speak for", ticks=groups),
                    ),
                    Panel(
                        "What this letter did to each unit",
                        (Bars("units", "change", colour=LINES[2]),),
                        x=Axis("unit, in the order of the map", integer=True),
                        y=Axis("change of the state", limits=(-2, 2)),
                    ),
                ),
                235,
            ),
        ),
        alt="Probability of each language after each letter, what each letter changed, and all hidden units.",
        narrow=640,
    )
    controls = (
        Text(
            "typed",
            f"Your word or phrase (at most {LONGEST} characters)",
            text,
            longest=2 * LONGEST,
            also=(("letter", LONGEST - 1),),  # what is typed is looked at to its end
        ),
        Frame(
            "letter", "Letter", tuple(range(1, LONGEST + 1)), play=True, period=400
        ),
    )  # fmt: skip
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)


def sentence(text, languages, logs, k):
    """The summary after `k` characters of `text`; logs: log p (n + 1, L)."""
    if not text:
        return "No letters yet: type a word, or a few. Accents go; what is no letter is read as a space."
    odds = np.exp(logs[k])
    first, second = np.argsort(-odds)[:2]
    moved = logs[k] - logs[k - 1]
    most = int(np.abs(moved).argmax())
    return (
        f"After “{text[:k].strip()}”: {languages[first]} {100 * odds[first]:.0f} %, {languages[second]} "
        f"{100 * odds[second]:.0f} %. The last character, {visible(text[k - 1])}, speaks "
        f"{'for' if moved[most] > 0 else 'against'} {languages[most]} most ({moved[most]:+.1f} nats)."
    ).replace("-", "−")
