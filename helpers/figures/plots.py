"""Plain pictures for a notebook's cells: curves, bars and maps, described like all others and drawn still."""

import numpy as np

from helpers.live.colours import LINES
from helpers.live.description import Axis, Bars, Cursor, HeatMap, Lines, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import Still


def curves(
    title,
    x,
    series,
    x_label,
    y_label,
    summary,
    alt=None,
    levels=None,
    height=260,
    x_ticks=None,
    y_limits=None,
    dashed=(),
    colours=(),
):
    """Curves over one x-axis, as a still picture.

    x: (N,). series: name -> (N,). x_label, y_label: text, or (text, unit). summary: one sentence on what is seen.
    levels: name -> number, drawn as level dashed lines (a floor, chance). dashed: names of curves drawn dashed, so that
    one below shows through. colours: one for each curve, where the palette's would mislead.
    Raises ValueError if lengths differ, or for a dashed name that is no curve.
    """
    x = np.asarray(x, float)
    for name, values in series.items():
        if np.shape(values) != x.shape:
            raise ValueError(f"series[{name!r}]: expected shape {x.shape} like x, got {np.shape(values)}")
    if unknown := set(dashed) - set(series):
        raise ValueError(f"dashed: expected names of curves, got {sorted(unknown)}")
    arrays, marks = {"x": x}, []
    palette = dict(zip(series, colours or [LINES[k % len(LINES)] for k in range(len(series))], strict=True))
    for array, is_dashed in (("y", False), ("y_dashed", True)):
        names = tuple(name for name in series if (name in dashed) == is_dashed)
        if names:
            arrays[array] = np.stack([np.asarray(series[name], float) for name in names])
            own = tuple(palette[name] for name in names) if colours or dashed else ()
            marks.append(Lines("x", array, names, own, dashed=is_dashed))
    for k, (name, value) in enumerate((levels or {}).items()):
        arrays[f"level{k}"] = np.asarray(float(value))
        colour = ("#7a7a7a", "#9a6a00", "#7b4fa0", "#00806a")[k % 4]
        marks.append(Cursor(y=f"level{k}", label=name, colour=colour))
        arrays["x_ends"], arrays[f"level_line{k}"] = x[[0, -1]], np.full(2, float(value))
        # drawn as a line too, so that the axis reaches it
        marks.append(Lines("x_ends", f"level_line{k}", colours=(colour,), faint=True, width=0.8))
    words = f"Curves of {axis(y_label).text} against {axis(x_label).text}: {', '.join(series)}."
    panel = Panel("", tuple(marks), x=axis(x_label, x_ticks), y=axis(y_label, limits=y_limits))
    picture = Picture(title, (Row((panel,), height),), alt or words)
    return Still(picture, FigureData(arrays, summary))


def bars(title, names, heights, y_label, summary, alt=None, x_label="", height=240, y_limits=None):
    """One bar a name, as a still picture. heights: (N,) for N names."""
    if len(names) != len(heights):
        raise ValueError(f"heights: expected {len(names)} numbers, one a name, got {len(heights)}")
    place = np.arange(len(names))
    panel = Panel(
        "",
        (Bars("x", "height"),),
        x=Axis(x_label or " ", ticks=tuple(enumerate(map(str, names)))),
        y=axis(y_label, limits=y_limits),
    )
    picture = Picture(title, (Row((panel,), height),), alt or f"One bar each for {', '.join(map(str, names))}.")
    return Still(picture, FigureData({"x": place, "height": np.asarray(heights, float)}, summary))


def heat_map(
    title,
    values,
    x_label,
    y_label,
    summary,
    limits=(-1, 1),
    label="value",
    alt=None,
    numbers=None,
    height=240,
    x_ticks=None,
    y_ticks=None,
):
    """A matrix (R, C), first row on top, as a still picture. Rows and columns count from 1.

    x_ticks, y_ticks: (number, text) pairs, which count from 0.
    """
    first = int(x_ticks is None), int(y_ticks is None)
    panel = Panel(
        "",
        (HeatMap("values", limits=limits, label=label, numbers=numbers, first=first),),
        x=axis(x_label, x_ticks, integer=True),
        y=axis(y_label, y_ticks, integer=True),
    )
    picture = Picture(title, (Row((panel,), height),), alt or f"A heat map of {label} by {x_label} and {y_label}.")
    return Still(picture, FigureData({"values": np.asarray(values, float)}, summary))


def axis(label, ticks=None, limits=None, integer=False):
    """An Axis from a text or a (text, unit) pair."""
    text, unit = label if isinstance(label, tuple) else (label, "")
    return Axis(text, unit, limits=limits, ticks=tuple(ticks) if ticks is not None else None, integer=integer)
