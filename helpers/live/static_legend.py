"""The legend of a still picture: a strip between a panel's title and its axes, where it covers nothing."""

import textwrap

import numpy as np
from matplotlib import transforms
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from helpers.live.colours import INK
from helpers.live.colours import LINES as PALETTE
from helpers.live.description import Bars, Cursor, Lines, Points

WIDTH = 860  # CSS pixels of a picture
LETTER, LINE = 5.6, 13.5  # CSS pixels of a letter and of a line in a legend
STRIP = {"frameon": False, "handlelength": 1.4, "handletextpad": 0.4, "columnspacing": 1.2, "borderpad": 0}


def panel_share(panel, row):
    """The part of the picture's width that a panel takes."""
    return panel.width / sum(other.width for other in row.panels)


def line_colour(mark, k, palette):
    return mark.colours[k % len(mark.colours)] if mark.colours else palette[(mark.colour_from + k) % len(palette)]


def legend_entries(panel, palette, get=None):
    """(sign, text) of all that a panel's legend names: lines, points, bars, cursors, categories shown by colour.

    With `get`, name -> array, without the lines that have no number now.
    """
    found = []
    if not panel.legend or panel.bare:
        return found
    for mark in panel.marks:
        if isinstance(mark, Lines):
            for k, text in enumerate(mark.labels):
                if get and not np.isfinite(np.atleast_2d(get(mark.y))[k]).any():
                    continue
                dash = (0, (4, 3)) if mark.dashed else "-"
                found.append((Line2D([], [], color=line_colour(mark, k, palette), linestyle=dash, linewidth=2), text))
        elif isinstance(mark, (Points, Bars, Cursor)) and mark.label:
            found.append((sign(mark), mark.label))
        known = {text for _, text in found}  # marks that share their categories name them once
        for k, text in enumerate(getattr(mark, "shade_names", ())):
            if text in known:
                continue
            found.append((Line2D([], [], linestyle="", marker="o", color=palette[k % len(palette)]), text))
    return [entry for k, entry in enumerate(found) if entry[1] not in (text for _, text in found[:k])]


def sign(mark):
    """What stands for points, bars or a cursor in a legend."""
    if isinstance(mark, Cursor):
        return Line2D([], [], color=mark.colour or INK, linestyle=(0, (4, 3)) if mark.dashed else "-")
    ring = {"markerfacecolor": "none"} if getattr(mark, "ring", False) else {}
    shape = "s" if isinstance(mark, Bars) else "o"
    return Line2D([], [], linestyle="", marker=shape, markersize=5, color=mark.colour, **ring)


def arrange(entries, share):
    """Legend entries in rows that fit above a panel: a list of rows of (sign, text); long texts are wrapped."""
    letters = max(16, int((share * WIDTH - 70) / LETTER))
    rows, used = [], letters + 1
    for handle, text in entries:
        text = textwrap.fill(text, letters - 6)
        length = max(map(len, text.split("\n"))) + 8
        if used + length > letters + 4 or "\n" in text:
            rows.append([])
            used = 0
        rows[-1].append((handle, text))
        rows.extend([] for _ in range(text.count("\n")))  # the further lines of a long text
        used = used + length if "\n" not in text else letters + 1
    return rows


def legend_lines(panel, row):
    """How many lines of text a panel's legend takes."""
    return len(arrange(legend_entries(panel, PALETTE), panel_share(panel, row)))


def draw_legend(ax, strip, seen):
    """The rows of a legend between a panel's title and its axes, where they cover nothing; of `seen` texts alone."""
    points = 0.72 * LINE  # of a row
    for k, row in enumerate(strip):
        row = [(handle, text) for handle, text in row if text.replace("\n", " ") in seen]
        if not row:
            continue
        handles, texts = zip(*row, strict=True)
        lines = 1 + texts[0].count("\n")
        up = transforms.ScaledTranslation(0, (2 + points * (len(strip) - k - lines)) / 72, ax.figure.dpi_scale_trans)
        legend = Legend(
            ax, handles, texts, ncols=len(row), loc="lower left", bbox_to_anchor=(0, 1), fontsize=8, **STRIP
        )
        legend.set_bbox_to_anchor((0, 1), transform=ax.transAxes + up)
        for text in legend.get_texts():
            text.set_color(INK)
        ax.add_artist(legend).set_clip_on(False)
        legend.set_in_layout(False)  # the title's pad makes the room
