"""A recorded neuron: at which level to count its spikes, and what an integrate-and-fire neuron misses of it."""

import numpy as np

from helpers.figures.integrate_and_fire import voltage_with_spikes
from helpers.live.colours import BLUE, ORANGE
from helpers.live.controls import Frame
from helpers.live.description import Axis, Cursor, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure, Still
from helpers.live.numbers import tick_text
from helpers.networks import upward_crossings

SHOWN_SPIKES = 128  # dots of one level, at most


def count_spikes_figure(t, v, prediction=None):
    """A live figure of a recording `v` (N,) mV over `t` (N,) ms: at which level should one count its spikes?

    Control: the level, in the browser alone.
    """
    levels = np.arange(-64, 9, 2.0)
    places = [upward_crossings(v, level) for level in levels]
    counts = np.array([len(place) for place in places])
    seconds = np.asarray(t, float) / 1000
    marks = np.full((len(levels), SHOWN_SPIKES), np.nan)
    for row, place in zip(marks, places, strict=True):
        row[: len(place)] = seconds[place[:SHOWN_SPIKES]]
    plateau = widest_plateau(counts)
    first, last = levels[plateau[[0, -1]]]
    sentences = [counting_sentence(*pair, first, last, counts[plateau[0]]) for pair in zip(levels, counts, strict=True)]
    data = FigureData(
        {
            "t": seconds,
            "v": np.asarray(v, float),
            "level": levels,
            "crossed": marks,
            "heights": np.broadcast_to(levels[:, None], marks.shape),
            "levels": levels,
            "counts": np.where(np.arange(len(levels)) <= np.arange(len(levels))[:, None], counts, np.nan),  # so far
            "here_x": levels,
            "here_y": counts,
        },
        sentences,
        {"level": ("level",), "crossed": ("level",), "heights": ("level",), "counts": ("level",), "here_x": ("level",),
         "here_y": ("level",), "summary": ("level",)},
    )  # fmt: skip
    walk = {"moves": "level", "places": tuple(map(float, levels))}
    picture = Picture(
        "A real neuron, recorded for six seconds",
        (
            Row(
                (
                    Panel(
                        "Membrane potential; a dot at each upward crossing",
                        (
                            Lines("t", "v", width=0.9),
                            Cursor(y="level"),
                            Points("crossed", "heights", colour=ORANGE, size=2.5),
                        ),
                        x=Axis("time", "s", limits=(0, float(seconds[-1]))),
                        y=Axis("voltage", "mV", limits=(-72, 10), ticks=(-60, -40, -20, 0), **walk),
                        width=2.2,
                    ),
                    Panel(
                        "Crossings at each level",
                        (Lines("levels", "counts"), Points("here_x", "here_y", colour=ORANGE, ring=True, size=7)),
                        x=Axis("level", "mV", **walk),
                        y=Axis("crossings", limits=(-6, 104), ticks=(0, 25, 50, 75, 100)),
                    ),
                ),
                270,
            ),
        ),
        alt="A voltage trace with spikes, a level across it, and the number of upward crossings against the level.",
    )
    labels = tuple(f"{tick_text(level)} mV" for level in levels)
    control = Frame("level", "Counting level", labels, value=int(np.argmin(np.abs(levels + 40))))
    return LiveFigure(picture, (control,), data, prediction=prediction)


def counting_sentence(level, count, first, last, plateau):
    """What a counting level counts; all levels from `first` to `last` count `plateau` crossings."""
    said = f"Level {tick_text(level)} mV: crossed upwards {count} time{'s' if count != 1 else ''}"
    if first <= level <= last:
        levels = f"All levels of the slider from {tick_text(first)} to {tick_text(last)} mV"
        return f"{said}. {levels} count {count}: spikes are all or none."
    if level > last:
        return f"{said}: too high, {'smaller' if count else 'all'} spikes are missed."
    if count > plateau:
        return f"{said}: too low, waves that are no spikes are counted too."
    return f"{said}: too low, between spikes the voltage seldom falls below it."


def widest_plateau(counts):
    """The places of the longest run of equal, nonzero counts."""
    runs = np.split(np.arange(len(counts)), np.flatnonzero(np.diff(counts)) + 1)
    return max((run for run in runs if counts[run[0]]), key=len)


def recording_and_model(t, v, neuron, current, level, window=(1000.0, 1400.0)):
    """A recording beside an integrate-and-fire neuron at constant `current`, as a still picture.

    Left both voltages inside `window` (ms), the model's first spike laid upon the recording's first one there;
    right the intervals between all spikes, counted at `level` (mV), beside the model's single interval.
    """
    places = upward_crossings(v, level)
    first = next(float(t[p]) for p in places if t[p] >= window[0])
    trace = neuron.simulate(current, 1000.0 + window[1] - window[0], time_step=0.1)
    model_t, model_v = voltage_with_spikes(trace, peak=0.0)
    model_t = model_t - trace.spikes[0] + first
    inside, model_inside = ((x >= window[0]) & (x <= window[1]) for x in (t, model_t))
    spikes = np.asarray(t)[places]
    intervals, interval = np.diff(spikes), 1000 / neuron.rate(current)
    spread = intervals.std() / intervals.mean()
    picture = Picture(
        "What the model catches, and what it misses",
        (
            Row(
                (
                    Panel(
                        "Voltage",
                        (
                            Lines("t", "v", ("recorded",), (BLUE,), width=1.4),
                            Lines("model_t", "model_v", ("model",), (ORANGE,), width=1.4),
                        ),
                        x=Axis("time", "ms", limits=window),
                        y=Axis("voltage", "mV", limits=(-72, 22), ticks=(-60, -40, -20, 0)),
                        width=1.3,
                    ),
                    Panel(
                        "Time from each spike to the next",
                        (
                            Points("when", "interval", "recorded", BLUE, size=3),
                            Lines("ends", "model", ("model",), (ORANGE,)),
                        ),
                        x=Axis("time", "s", limits=(0, 6)),
                        y=Axis("interval", "ms", limits=(0, 220)),
                    ),
                ),
                270,
            ),
        ),
        alt="Recorded and modelled voltage over some spikes, and the intervals between spikes of both.",
    )
    data = FigureData(
        {
            "t": np.asarray(t)[inside],
            "v": np.asarray(v)[inside],
            "model_t": model_t[model_inside],
            "model_v": model_v[model_inside],
            "when": spikes[1:] / 1000,
            "interval": intervals,
            "ends": np.array([0.0, 6.0]),
            "model": np.full(2, interval),
        },
        f"The model fires every {interval:.1f} ms, always. The real neuron's {len(intervals)} intervals run from "
        f"{intervals.min():.1f} to {intervals.max():.1f} ms; their spread is {100 * spread:.0f} % of their mean.",
    )
    return Still(picture, data)
