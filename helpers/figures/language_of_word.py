"""A network that judges words: its probability letter by letter, and its hidden states epoch by epoch."""

import numpy as np

from helpers.data import LANGUAGES, one_hot_words, plain_letters
from helpers.live.colours import LINES
from helpers.live.controls import Frame, Text
from helpers.live.description import Axis, Bars, Cursor, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.typed import read_as
from helpers.networks import sigmoid

LONGEST = 16  # letters of a typed word
ENGLISH, SPANISH = LINES[0], LINES[1]
POINTER = LINES[4]  # a grey cursor would be lost on a dark map


def plain_word(text):
    """The letters a to z of `text`, accents taken off, ß as ss, everything else left out; of any length."""
    return "".join(c for c in plain_letters(text) if "a" <= c <= "z")


def verdict(probability):
    """The language that a probability of Spanish stands for, and how sure it is, in words."""
    language = LANGUAGES[int(probability > 0.5)]
    sure = max(probability, 1 - probability)
    return f"{language} ({100 * sure:.0f} %)" if sure >= 0.6 else "undecided"


def word_figure(network, word, prediction=None):
    """A live figure of a network judging the word that the reader types, letter by letter.

    network: SimpleRNN with 26 inputs (one-hot letters a to z) and one output, the logit of Spanish. Accents are taken
    off, and what is no letter is left out. Controls: the word (kernel), the letter looked at (browser alone).
    Raises ValueError for a network of other sizes.
    """
    if (network.input_size, network.output_size) != (26, 1):
        sizes = (network.input_size, network.output_size)
        raise ValueError(f"network: expected 26 inputs and 1 output, got {sizes[0]} and {sizes[1]}")
    units = network.hidden_size
    order = np.argsort(-network.parameters["W_ho"][:, 0], kind="stable")
    brightest = float(np.ceil(read(network, plain_word(word)[:LONGEST] or "a")[1].max() * 12 + 1)) / 10

    def compute(typed):
        whole = plain_word(typed)
        plain, n = whole[:LONGEST], min(len(whole), LONGEST)
        odds, moved = np.full(LONGEST + 1, np.nan), np.full(LONGEST, np.nan)
        states = np.full((units, LONGEST), np.nan)
        odds[0] = sigmoid(network.parameters["b_o"][0])
        if n:
            logits, h = read(network, plain)
            odds[1 : n + 1], moved[:n] = sigmoid(logits[1:]), np.diff(logits)
            states[:, :n] = h.T[order]
        at = [min(k, n) for k in range(1, LONGEST + 1)]
        said = read_as(typed, whole, LONGEST) if n else ""
        so_far = np.arange(LONGEST + 1) <= np.arange(1, LONGEST + 1)[:, None]  # (frame, place): what has been read
        sentences = [said + word_sentence(plain, odds, moved, k) for k in at]
        return FigureData(
            {
                "places": np.arange(LONGEST + 1),
                "odds": np.where(so_far, odds, np.nan),
                "bar_places": np.arange(1, LONGEST + 1),
                "moved": np.where(so_far[:, 1:] & np.isfinite(moved), moved, 0.0),
                "states": np.where(so_far[:, None, 1:], states, np.nan),
                "now": np.maximum(at, 1),  # past the end the last letter stays
                "here_x": np.array(at, float),
                "here_y": odds[at],
                "half": np.array(0.5),
            },
            sentences,
            {name: ("letter",) for name in ("odds", "moved", "states", "now", "here_x", "here_y", "summary")},
            {"letters": list(plain) + [""] * (LONGEST - n)},
        )

    # place 0 is before the first letter; all three panels have the letters in step
    at_letter = Axis("letter read", tick_texts="letters", limits=(-0.4, LONGEST + 0.5), moves="letter")
    picture = Picture(
        "English or Spanish? The verdict while the word is read",
        (
            Row(
                (
                    Panel(
                        "Probability of Spanish after each letter",
                        (
                            Lines("places", "odds", colours=(SPANISH,), width=2.2),
                            Points("here_x", "here_y", colour=SPANISH, ring=True, size=10),
                            Cursor(y="half", label="undecided"),
                            Cursor(x="now"),
                        ),
                        x=at_letter,
                        y=Axis("P(Spanish)", limits=(-0.02, 1.02), ticks=(0, 0.5, 1)),
                    ),
                ),
                140,
            ),
            Row(
                (
                    Panel(
                        "What each letter changed (up: towards Spanish)",
                        (Bars("bar_places", "moved", colour=LINES[2]), Cursor(x="now")),
                        x=at_letter,
                        y=Axis("change of logit"),
                    ),
                ),
                116,
            ),
            Row(
                (
                    Panel(
                        "Hidden state: units that speak for Spanish on top",
                        (
                            HeatMap("states", (0.0, brightest), "amount", label="hidden state", first=(1, 1)),
                            Cursor(x="now", band=True, dashed=False, colour=POINTER),
                        ),
                        x=at_letter,
                        y=Axis("unit, by output weight", integer=True),
                    ),
                ),
                183,
            ),
        ),
        alt="The probability of Spanish after each letter, the change each letter made, and all hidden units.",
    )
    controls = (
        Text(
            "typed", f"Your word (at most {LONGEST} letters)", word, longest=2 * LONGEST,
            also=(("letter", LONGEST - 1),),  # what is typed is looked at to its end
        ),
        Frame(
            "letter", "Letter", tuple(range(1, LONGEST + 1)), play=True, period=450,
        ),
    )  # fmt: skip
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)


def read(network, word):
    """Logits (n + 1,) before the first letter and after each of n letters, and the states (n, H)."""
    x, _ = one_hot_words([word], len(word), network.dtype)
    y, record = network.forward(x)
    return np.r_[network.parameters["b_o"][0], y[0, :, 0]].astype(float), record.h[0, 1:].astype(float)


def word_sentence(word, odds, moved, k):
    """The summary after `k` letters of `word`."""
    if not word:
        return "No letters yet: type a word. Accents are taken off, and what is no letter is left out."
    most = int(np.argmax(np.abs(moved[:k])))
    language = LANGUAGES[int(moved[most] > 0)]
    return (
        f"After “{word[:k]}”: P(Spanish) = {odds[k]:.2f}, {verdict(odds[k])}. "
        f"So far, letter {most + 1}, {word[most]}, moved the verdict most: towards {language}."
    )


def two_words_figure(recorders, words, labels, prediction=None):
    """A live figure of two words during training: hidden states, and the probability of each word's own language.

    recorders: two recorders, each of one word (T, 26), used in the same training of a network with one output, the
    logit of Spanish. words: the two words; labels: 0 (English) or 1 (Spanish) for each, which give the lines' colours
    (of one language, the second line is dashed). Units are sorted by which word excites them more, the first on top.
    Nothing here needs the kernel.
    Raises ValueError if a recorder does not fit its word or the epochs differ.
    """
    for name, given in (("recorders", recorders), ("words", words), ("labels", labels)):
        if len(given) != 2:
            raise ValueError(f"{name}: expected two, got {len(given)}")
    states = [np.asarray(recorder.states, float) for recorder in recorders]  # (E, T, H)
    for k in range(2):
        if states[k].ndim != 3 or states[k].shape[1] != len(words[k]):
            raise ValueError(f"recorders[{k}]: expected states (E, {len(words[k])}, H), got {states[k].shape}")
    if list(recorders[0].epochs) != list(recorders[1].epochs):
        raise ValueError(f"recorders: expected the same epochs, got {recorders[0].epochs} and {recorders[1].epochs}")
    epochs, steps = list(recorders[0].epochs), max(map(len, words))
    own = np.full((2, len(epochs), steps), np.nan)  # probability of the word's own language
    for k, label in enumerate(labels):
        p = sigmoid(recorders[k].outputs[..., 0])
        own[k, :, : len(words[k])] = p if label else 1 - p
    ends = np.stack([own[k, :, len(words[k]) - 1] for k in range(2)])
    so_far = np.arange(len(epochs)) <= np.arange(len(epochs))[:, None]  # (frame, epoch): what the reader has seen
    order = np.argsort(-(states[0][-1].max(axis=0) - states[1][-1].max(axis=0)), kind="stable")
    brightest = float(np.ceil(max(np.quantile(s, 0.999) for s in states) * 10) / 10)  # a few cells may be brighter
    names = [f"{word} ({LANGUAGES[label]})" for word, label in zip(words, labels, strict=True)]
    same = labels[0] == labels[1]

    def lines(x, y, k, label=""):
        labelled = (label,) if label else ()
        return Lines(x, y, labels=labelled, colours=((ENGLISH, SPANISH)[labels[k]],), dashed=bool(k and same))

    def heat(k):
        return Panel(
            f"Hidden states: {names[k]}",
            (HeatMap(f"states{k}", (0.0, brightest), "amount", "hidden state" if k else "", first=(1, 1)),),
            x=Axis("letter read", tick_texts=f"letters{k}", limits=(0.5, len(words[k]) + 0.5)),
            y=Axis(f"unit ({words[k]}'s {('on top', 'below')[k]})", integer=True),
            width=1.0 + 0.12 * k,
        )

    picture = Picture(
        "Two words while the network learns",
        (
            Row((heat(0), heat(1)), 250),
            Row(
                (
                    Panel(
                        "The word's own language, letter by letter",
                        (*(lines("places", f"own{k}", k, names[k]) for k in range(2)), Cursor(y="half")),
                        x=Axis("letter read (number)", limits=(0.7, steps + 0.3), integer=True),
                        y=Axis("probability", limits=(-0.02, 1.02), ticks=(0, 0.5, 1)),
                    ),
                    Panel(
                        "At the word's end, epoch by epoch",
                        (*(lines("epochs", f"ends{k}", k) for k in range(2)), Cursor(x="epoch_now"), Cursor(y="half")),
                        x=Axis("epoch", integer=True, moves="epoch"),
                        y=Axis("probability", limits=(-0.02, 1.02), ticks=(0, 0.5, 1)),
                    ),
                ),
                220,
            ),
        ),
        alt="Hidden states of two words side by side at one epoch, and the probability of each word's own language.",
    )
    data = FigureData(
        {
            "states0": states[0].transpose(0, 2, 1)[:, order],
            "states1": states[1].transpose(0, 2, 1)[:, order],
            "places": np.arange(1, steps + 1),
            "own0": own[0],
            "own1": own[1],
            "half": np.array(0.5),
            "epochs": np.array(epochs),
            "ends0": np.where(so_far, ends[0], np.nan),
            "ends1": np.where(so_far, ends[1], np.nan),
            "epoch_now": np.array(epochs),
        },
        [two_words_sentence(epochs[e], names, ends[:, e]) for e in range(len(epochs))],
        {name: ("epoch",) for name in ("states0", "states1", "own0", "own1", "ends0", "ends1", "epoch_now", "summary")},
        {"letters0": list(words[0]), "letters1": list(words[1])},
    )
    controls = (Frame("epoch", "Epoch", tuple(epochs), play=True, period=500),)
    return LiveFigure(picture, controls, data, prediction=prediction)


def two_words_sentence(epoch, names, ends):
    """The summary of one epoch."""
    start = "Before training" if epoch == 0 else f"After epoch {epoch}"
    judged = [f"{name} gets {p:.2f} for its own language, {'right' if p > 0.5 else 'wrong'}" for name, p in
              zip(names, ends, strict=True)]  # fmt: skip
    return f"{start}: {judged[0]}; {judged[1]}."
