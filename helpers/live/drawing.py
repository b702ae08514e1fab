"""Drawings by code, for what is not data: smooth outlines, labels with leaders, a PNG with a text alternative."""

import base64

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from helpers.live.colours import INK
from helpers.live.page import still_html
from helpers.live.static import SETTINGS, png
from helpers.live.static_legend import WIDTH

LEADER = INK


class Drawing:
    """A drawing that `paint(ax)` makes on axes of WIDTH × `height` units, y upwards, one unit a CSS pixel.

    It shows itself in a notebook as a PNG with `alt` as text alternative. Raises ValueError for an alt of few words.
    """

    def __init__(self, title, alt, paint, height):
        if len(alt.split()) < 5:
            raise ValueError(f"alt: expected a text alternative of five words or more, got {alt!r}")
        self.title, self.alt, self.paint, self.height = title, alt, paint, height

    def __repr__(self):
        return f"{self.title}\n{self.alt}"

    def png(self):
        """The drawing as PNG bytes, the same bytes each time."""
        with matplotlib.rc_context(SETTINGS):
            figure = Figure(figsize=(WIDTH / 100, self.height / 100))
            FigureCanvasAgg(figure)
            ax = figure.add_axes((0, 0, 1, 1))
            ax.set(xlim=(0, WIDTH), ylim=(0, self.height), aspect="equal")
            ax.set_axis_off()
            ax.text(WIDTH / 2, self.height - 22, self.title, fontsize=12, fontweight="bold", color=INK, ha="center")
            self.paint(ax)
        return png(figure)

    def _repr_mimebundle_(self, include=None, exclude=None):
        picture, alt = base64.b64encode(self.png()).decode(), f"{self.title}. {self.alt}"
        bundle = {"text/plain": repr(self), "image/png": picture, "text/html": still_html(picture, alt)}
        return bundle, {"image/png": {"alt": alt}}


def smooth(points, closed=False, tension=1.0):
    """A smooth Path through `points` (N, 2): Catmull and Rom's spline, each piece as a Bézier curve."""
    points = np.asarray(points, float)
    before = np.roll(points, 1, axis=0) if closed else np.vstack([points[:1], points[:-1]])
    after = np.roll(points, -1, axis=0) if closed else np.vstack([points[1:], points[-1:]])
    tangent = tension * (after - before) / 6
    ends = np.roll(points, -1, axis=0) if closed else points[1:]
    end_tangent = np.roll(tangent, -1, axis=0) if closed else tangent[1:]
    vertices, codes = [points[0]], [Path.MOVETO]
    for k, end in enumerate(ends):
        vertices += [points[k] + tangent[k], end - end_tangent[k], end]
        codes += [Path.CURVE4] * 3
    return Path(vertices, codes)


def shape(ax, path, fill, edge=INK, width=1.2, zorder=2, alpha=1.0, dashed=False, clip=None):
    """A filled outline; `clip` is a patch whose outside stays empty. Returns the patch."""
    style = (0, (4, 2.5)) if dashed else "-"
    patch = PathPatch(
        path, facecolor=fill, edgecolor=edge, linewidth=width, zorder=zorder, alpha=alpha, linestyle=style,
        joinstyle="round", capstyle="round",
    )  # fmt: skip
    ax.add_patch(patch)
    if clip is not None:
        patch.set_clip_path(clip)
    return patch


def stroke(ax, points, colour, width=1.4, zorder=3, alpha=1.0, clip=None, dashed=False):
    """A smooth line through `points`."""
    return shape(ax, smooth(points), "none", colour, width, zorder, alpha, dashed, clip)


def label(ax, name, words, at, target, align="left", colour=INK, bend=None):
    """A label (bold `name`, smaller `words`, one or more lines) at `at`, with a leader to the dot at `target`.

    align: "left" writes to the right of `at` with the leader from its left side; "right" the other way round.
    bend: a point that the leader passes.
    """
    x, y = at
    ax.text(x, y, name, fontsize=9.5, fontweight="bold", color=colour, ha=align, va="center", zorder=9)
    if words:
        ax.text(x, y - 9, words, fontsize=8, color=INK, ha=align, va="top", zorder=9, linespacing=1.25)
    if target is None:
        return
    start = (x - 5, y) if align == "left" else (x + 5, y)
    way = np.array([start, *([bend] if bend else []), target], float)
    ax.plot(way[:, 0], way[:, 1], color=LEADER, linewidth=0.9, zorder=8, solid_capstyle="round")
    ax.plot(*target, "o", color=LEADER, markersize=3.4, zorder=8)
