"""Live figure: look a value up, by attention over all steps and from the last state of a recurrent network."""

import numpy as np

from helpers.live.colours import LINES
from helpers.live.controls import Frame
from helpers.live.description import Arrows, Axis, Bars, Lines, Nodes, Notes, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.networks import softmax

BLUE, ORANGE, GREY = LINES[0], LINES[1], "#808080"
KEYS = "abcdefgh"


def recall_figure(attention, recurrent, tests, prediction=None):
    """A live figure of two networks answering the same questions.

    attention: SelfAttention; recurrent: a recurrent network; both trained on data.associative_recall with 8 keys and 8
    values. tests: number of pairs -> (x (S, T, 16), target (S,)), the same S and T for each. Controls: number of pairs,
    question; no kernel. Raises ValueError if the questions do not fit.
    """
    shapes = {x.shape for x, _ in tests.values()}
    if len(shapes) != 1 or (shape := shapes.pop())[2] != 16:
        raise ValueError(f"tests: expected inputs of one shape (S, T, 16), got {[x.shape for x, _ in tests.values()]}")
    S, T, _ = shape
    weights, answers = np.zeros((len(tests), S, T)), np.zeros((2, len(tests), S, 8))
    texts, right = [], np.zeros((len(tests), S), int)
    for p, (x, target) in enumerate(tests.values()):
        y, record = attention.forward(x.astype(attention.dtype))
        weights[p] = record.weights[:, -1]
        answers[0, p] = softmax(y[:, -1].astype(float))
        answers[1, p] = softmax(recurrent.forward(x.astype(recurrent.dtype))[0][:, -1].astype(float))
        texts.append([[pair(step) for step in row] for row in x])
        right[p] = target
    steps = np.arange(1, T + 1)
    firsts = tuple(T - pairs for pairs in tests)  # where a list of so many pairs begins
    answer_axis = Axis("value", limits=(-0.6, 7.6), ticks=tuple(range(8)))

    def bars(title, name, colour):
        return Panel(
            title,
            (
                Bars("values", name, colour=colour),
                Lines("right_x", "right_y", ("right answer",), (GREY,), dashed=True, width=2),
            ),
            x=answer_axis,
            y=Axis("probability", limits=(0, 1.05), ticks=(0, 0.5, 1)),
        )

    picture = Picture(
        "Which value stood with this key?",
        (
            Row(
                (
                    Panel(
                        "The list, the key that is asked for (right), and where attention looks for it",
                        (
                            Arrows("ends_x", "ends_y", "steps", "below", "weights", gap=16),
                            Nodes("steps", "below", "weights", "texts", (0.0, 1.0), "amount", 14, square=True),
                            Nodes("asked_x", "asked_y", "asked_shade", "asked", size=14),
                            Notes("note_x", "note_y", ("brighter: more attention",), 12, "left"),
                        ),
                        x=Axis("", limits=(0.2, T + 0.8), moves="pairs", places=firsts),
                        y=Axis("", limits=(-0.6, 1.7)),
                        bare=True,
                    ),
                ),
                170,
            ),
            Row(
                (bars("Attention's answer", "seen", BLUE), bars("The recurrent network's answer", "kept", ORANGE)), 200
            ),
        ),
        alt="A list of pairs with attention weights, and bars of the probability of each value for both networks.",
    )
    both = ("pairs", "question")
    data = FigureData(
        {
            "steps": steps,
            "below": np.zeros(T),
            "ends_x": np.full(T, float(T)),
            "ends_y": np.full(T, 1.2),
            "weights": weights,
            "values": np.arange(8),
            "seen": answers[0],
            "kept": answers[1],
            "right_x": np.repeat(right[..., None], 2, axis=2),
            "right_y": np.array([0, 1.05]),
            "asked_x": np.array([T]),
            "asked_y": np.array([1.2]),
            "asked_shade": np.array([np.nan]),
            "note_x": np.array([0.6]),
            "note_y": np.array([1.4]),
        },
        [
            [sentence(n, texts[p][s], right[p, s], weights[p, s], answers[:, p, s]) for s in range(S)]
            for p, n in enumerate(tests)
        ],
        {name: both for name in ("weights", "seen", "kept", "right_x", "texts", "asked", "summary")},
        {"texts": texts, "asked": [[[row[-1]] for row in rows] for rows in texts]},
    )
    controls = (
        Frame("pairs", "Pairs in the list", tuple(tests)),
        Frame("question", "Question", tuple(range(1, S + 1))),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def pair(step):
    """A step's text: key and value, a key with a question mark, or nothing."""
    if not step.any():
        return ""
    return KEYS[int(step[:8].argmax())] + (str(int(step[8:].argmax())) if step[8:].any() else "?")


def sentence(pairs, row, right, weights, answers):
    """What both say."""
    asked = row[-1][0]
    place = next(k for k, text in enumerate(row[:-1]) if text.startswith(asked))
    seen, kept = (f"{int(a.argmax())} ({'right' if a.argmax() == right else 'wrong'})" for a in answers)
    return (
        f"{pairs} pair{'s' if pairs > 1 else ''}, asked for {asked}: right is {right}. Attention puts "
        f"{100 * weights[place]:.0f} % on {row[place]} and answers {seen}; the recurrent network answers {kept}."
    )
