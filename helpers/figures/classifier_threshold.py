"""How good is a judge of two languages? Thresholds, the ROC curve, and outputs that were never made probabilities."""

import numpy as np

from helpers.data import LANGUAGES
from helpers.live.colours import LINES
from helpers.live.controls import Frame
from helpers.live.description import Axis, Cursor, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure

THRESHOLDS = tuple(round(0.02 * k, 2) for k in range(1, 50))
BINS = 20
OUTLINES = (
    Lines("steps", "english", ("English",), (LINES[0],)),
    Lines("steps", "spanish", ("Spanish",), (LINES[1],)),
)


def confusion_matrix(probability, labels, threshold=0.5):
    """Counts (2, 2): row = the word's language, column = the verdict (Spanish above the threshold).

    probability, labels: (N,). Raises ValueError if the two do not fit.
    """
    probability, labels = checked(probability, labels, both=False)
    table = np.zeros((2, 2), int)
    np.add.at(table, (labels, (probability > threshold).astype(int)), 1)
    return table


def roc_curve(probability, labels):
    """(false, true, area): for every threshold the share of English, and of Spanish, that is called Spanish.

    false, true: (M,), from 0 to 1; area under the curve: the chance that a Spanish word gets a larger probability than
    an English one (equal ones count half). Raises ValueError unless both labels occur.
    """
    probability, labels = checked(probability, labels)
    levels = np.unique(probability)[::-1]
    spanish = np.sort(probability[labels == 1])
    english = np.sort(probability[labels == 0])
    true = np.r_[0, len(spanish) - np.searchsorted(spanish, levels)] / len(spanish)
    false = np.r_[0, len(english) - np.searchsorted(english, levels)] / len(english)
    return false, true, float(np.sum(np.diff(false) * (true[1:] + true[:-1]) / 2))


def calibration(probability, labels, bins=10):
    """(said, measured, count) of each bin of equal width that holds a word: is P = 0.8 right in 8 of 10 cases?

    said: mean probability in the bin; measured: share of Spanish words in it; count: words in it.
    """
    probability, labels = checked(probability, labels, from_0_to_1=True)
    place = np.minimum((probability * bins).astype(int), bins - 1)
    count = np.bincount(place, minlength=bins)
    kept = count > 0
    said = np.bincount(place, probability, bins)[kept] / count[kept]
    return said, np.bincount(place, labels, bins)[kept] / count[kept], count[kept]


def checked(probability, labels, both=True, from_0_to_1=False):
    """Both as arrays (N,), if they fit; `both`: both labels must occur."""
    probability, labels = np.asarray(probability, float), np.asarray(labels, int)
    if probability.ndim != 1 or probability.shape != labels.shape:
        shapes = f"{probability.shape} and {labels.shape}"
        raise ValueError(f"probability, labels: expected two rows of equal length, got shapes {shapes}")
    if not np.isfinite(probability).all():
        raise ValueError("probability: expected finite numbers")
    if from_0_to_1 and not ((probability >= 0) & (probability <= 1)).all():
        raise ValueError(
            f"probability: expected numbers from 0 to 1, got {probability.min():.3g} to {probability.max():.3g}; "
            "logits become probabilities by a sigmoid"
        )
    found = set(labels.tolist())
    if found != {0, 1} if both else not found <= {0, 1}:
        raise ValueError(f"labels: expected {'both' if both else 'only'} 0 and 1, got {sorted(found)}")
    return probability, labels


def counts_by_language(values, labels, edges):
    """Histograms (2, bins) of `values`, one for each language."""
    return np.stack([np.histogram(values[labels == label], edges)[0] for label in (0, 1)])


def outlines(counts):
    """The steps (…, 2 bins) of histograms (…, bins): each count at both edges of its bin, as `edges_of_steps` has them.

    What is drawn on a log axis are lines: bars have no foot there, and bins without a word leave a gap.
    """
    return np.repeat(counts.astype(float), 2, axis=-1)


def edges_of_steps(edges):
    """(2 bins,): both edges of each bin."""
    return np.repeat(edges, 2)[1:-1]


def words_axis(counts):
    """The log axis of counts."""
    return Axis("words", limits=(0.7, 2.0 * float(counts.max())), log=True)


def threshold_figure(probability, labels, prediction=None, title="Where to draw the line"):
    """A live figure of a judge's probabilities of Spanish: move the threshold above which it says Spanish.

    probability: (N,) from 0 to 1; labels: (N,) 0 English, 1 Spanish. The browser alone follows the threshold.
    Raises ValueError if the two do not fit, or one language is missing.
    """
    probability, labels = checked(probability, labels, from_0_to_1=True)
    edges = np.linspace(0, 1, BINS + 1)
    counts = counts_by_language(probability, labels, edges)
    tables = np.stack([confusion_matrix(probability, labels, t) for t in THRESHOLDS])
    shares = tables[:, :, 1] / tables.sum(axis=2)
    false, true, area = roc_curve(probability, labels)
    words = tuple(enumerate(LANGUAGES))
    picture = Picture(
        title,
        (
            Row(
                (
                    Panel(
                        "The probabilities of all words",
                        (
                            *OUTLINES,
                            Cursor(x="threshold"),
                        ),
                        x=Axis("P(Spanish)", limits=(0, 1), moves="threshold"),
                        y=words_axis(counts),
                    ),
                ),
                200,
            ),
            Row(
                (
                    Panel(
                        "How many words get which verdict",
                        (HeatMap("table", (-float(tables.max()), float(tables.max())), "signed", numbers=0),),
                        x=Axis("verdict", ticks=words),
                        y=Axis("the word's language", ticks=words),
                        width=0.9,
                    ),
                    Panel(
                        f"ROC curve, area {area:.3f}",
                        (
                            Lines("false", "true", colours=(LINES[2],)),
                            Points("false_at", "true_at", colour=LINES[2], size=4, moves="threshold"),
                            Points("here_x", "here_y", colour=LINES[1], ring=True, size=10),
                        ),
                        x=Axis("share of English called Spanish", limits=(-0.02, 1.02)),
                        y=Axis("share of Spanish found", limits=(-0.02, 1.02)),
                        equal=True,
                    ),
                ),
                245,
            ),
        ),
        alt="Histogram of probabilities by language, the table of verdicts, and the ROC curve.",
    )
    data = FigureData(
        {
            "steps": edges_of_steps(edges),
            "english": outlines(counts[0]),
            "spanish": outlines(counts[1]),
            "threshold": np.array(THRESHOLDS),
            "table": tables.astype(float),
            "false": false,
            "true": true,
            "false_at": shares[:, 0],
            "true_at": shares[:, 1],
            "here_x": shares[:, 0],
            "here_y": shares[:, 1],
        },
        [threshold_sentence(t, table) for t, table in zip(THRESHOLDS, tables, strict=True)],
        {name: ("threshold",) for name in ("threshold", "table", "here_x", "here_y", "summary")},
    )
    control = Frame("threshold", "Threshold", tuple(f"{t:.2f}" for t in THRESHOLDS), value=24)
    return LiveFigure(picture, (control,), data, prediction=prediction)


def threshold_sentence(threshold, table):
    """The summary at one threshold."""
    right, total = int(np.trace(table)), int(table.sum())
    return (
        f"Spanish above {threshold:.2f}: {right} of {total} words are judged rightly ({100 * right / total:.1f} %); "
        f"{table[0, 1]} English words are called Spanish, {table[1, 0]} Spanish ones English."
    )


def without_sigmoid_figure(outputs, accuracies, labels, prediction=None):
    """A live figure of networks that were trained with a loss on probabilities but without a sigmoid.

    outputs: (S, N), for each of S starts the outputs for N words; accuracies: {"without a sigmoid": (S,),
    "with it": (S,)}; labels: (N,) 0 or 1. Control, in the browser alone: the start.
    Raises ValueError if shapes do not fit.
    """
    outputs, labels = np.asarray(outputs, float), np.asarray(labels, int)
    if outputs.ndim != 2 or outputs.shape[1:] != labels.shape:
        raise ValueError(f"outputs: expected shape (S, {len(labels)}) for the labels, got {outputs.shape}")
    starts = len(outputs)
    for name, values in accuracies.items():
        if np.shape(values) != (starts,):
            raise ValueError(f"accuracies[{name!r}]: expected shape ({starts},), got {np.shape(values)}")
    low, high = min(-0.5, float(outputs.min())), max(1.5, float(outputs.max()))
    edges = np.linspace(low, high, 2 * BINS + 1)
    counts = np.stack([counts_by_language(row, labels, edges) for row in outputs])
    picture = Picture(
        "“Probabilities” that nobody asked to lie between 0 and 1",
        (
            Row(
                (
                    Panel(
                        "Outputs of this start for all test words",
                        (
                            *OUTLINES,
                            Cursor(x="zero"),
                            Cursor(x="one"),
                        ),
                        x=Axis("output, meant as P(Spanish)", limits=(low - 0.1, high + 0.1)),
                        y=words_axis(counts),
                        width=1.5,
                    ),
                    Panel(
                        "Accuracy, start by start",
                        (
                            *(Points("starts", f"line{k}", name, LINES[(2, 3)[k]], size=(5, 8)[k], ring=bool(k),
                                     moves="start")
                              for k, name in enumerate(accuracies)),
                            Cursor(x="start_now"),
                        ),
                        x=Axis("start", limits=(0.5, starts + 0.5), integer=True, moves="start"),
                        y=Axis("accuracy", limits=(0.2, 1.02)),
                    ),
                ),
                270,
            ),
        ),
        alt="Histogram of one network's outputs by language, far beyond 0 and 1, and accuracy for each start.",
    )  # fmt: skip
    measured = {f"line{k}": np.asarray(values, float) for k, values in enumerate(accuracies.values())}
    data = FigureData(
        {
            "steps": edges_of_steps(edges),
            "english": outlines(counts[:, 0]),
            "spanish": outlines(counts[:, 1]),
            "zero": np.array(0.0),
            "one": np.array(1.0),
            "starts": np.arange(1, starts + 1),
            "start_now": np.arange(1, starts + 1),
            **measured,
        },
        [without_sigmoid_sentence(s, outputs[s], measured["line0"][s]) for s in range(starts)],
        {name: ("start",) for name in ("english", "spanish", "start_now", "summary")},
    )
    control = Frame("start", "Start", tuple(range(1, starts + 1)))
    return LiveFigure(picture, (control,), data, prediction=prediction)


def without_sigmoid_sentence(start, outputs, accuracy):
    """The summary of one start."""
    outside = np.mean((outputs < 0) | (outputs > 1))
    text = (
        f"Start {start + 1}: {100 * accuracy:.0f} % right at the threshold ½; outputs from {outputs.min():.2f} to "
        f"{outputs.max():.2f}, {100 * outside:.0f} % of them no probabilities."
    ).replace("-", "−")
    return text + (
        " Stuck: none lies between 0 and 1, and elsewhere the clipped loss has no slope." if outside == 1 else ""
    )
