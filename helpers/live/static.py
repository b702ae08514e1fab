"""The still painter: a described picture drawn by matplotlib, for stored notebooks, GitHub and print."""

import io
import textwrap

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from helpers.live.colours import colour_table
from helpers.live.description import Arrows, Bars, Cursor, Handle, HeatMap, Lines, Nodes, Notes, Points
from helpers.live.frames import panel_axes
from helpers.live.numbers import tick_text

WIDTH = 860  # CSS pixels of a picture
DPI = 110
INK, PALE = "#222222", "#9a9a9a"
THIN = 40  # more rows than this are too thin for a frame around one of them


def colour_map(name):
    """The colour map `name` for matplotlib."""
    return ListedColormap(colour_table(name) / 255.0, name=name)


def paint(picture, data, positions, footer=""):
    """The picture at `positions` as a matplotlib Figure (never shown, never in pyplot's list)."""
    height = sum(row.height for row in picture.rows) + 58 + 18 * bool(footer)
    figure = Figure(figsize=(WIDTH / 100, height / 100), layout="constrained")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(w_pad=0.06, h_pad=0.05)
    figure.suptitle(picture.title, fontsize=12, fontweight="bold", color=INK)
    for row, axes in zip(picture.rows, rows_of_axes(figure, picture), strict=True):
        for ax, panel in zip(axes, row.panels, strict=True):
            share = panel.width / sum(other.width for other in row.panels)
            paint_panel(ax, panel, data, positions, picture.palette, share)
    if footer:
        figure.supxlabel(footer, fontsize=8.5, color="#666666")
    return figure


def rows_of_axes(figure, picture):
    """Axes for all panels, a list a row; equal rows share one grid, so that axes stand exactly above each other."""
    heights = [row.height for row in picture.rows]
    widths = [[panel.width for panel in row.panels] for row in picture.rows]
    if all(row == widths[0] for row in widths):
        ratios = {"height_ratios": heights, "width_ratios": widths[0]}
        return figure.subplots(len(heights), len(widths[0]), squeeze=False, gridspec_kw=ratios)
    strips = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
    return [
        strip.subplots(1, len(row), squeeze=False, gridspec_kw={"width_ratios": row})[0]
        for strip, row in zip(strips, widths, strict=True)
    ]


def paint_panel(ax, panel, data, positions, palette, share=1.0):
    """One panel on matplotlib axes; `share` is its part of the picture's width."""
    layout = panel_axes(panel, data)
    if panel.title:
        letters = max(18, int(share * WIDTH / 7.2))  # what fits above the panel at this size
        ax.set_title(textwrap.fill(panel.title, letters), fontsize=10, color=INK)
    for mark in panel.marks:
        PAINTERS[type(mark)](ax, mark, lambda name: data.frame(name, positions), data, positions, palette)
    (x0, x1), (y0, y1) = layout["x"]["limits"], layout["y"]["limits"]
    ax.set_xlim(x0, x1)
    ax.set_ylim(*((y1, y0) if layout["down"] else (y0, y1)))
    if panel.bare:
        ax.set_axis_off()
        return
    for axis, described in (("x", panel.x), ("y", panel.y)):
        ticks = layout[axis]["ticks"]
        if described.tick_texts:
            texts = data.text(described.tick_texts, positions)
            ticks = [[described.tick_first + k, text] for k, text in enumerate(texts)]
        getattr(ax, f"set_{axis}ticks")([t for t, _ in ticks], [text for _, text in ticks])
        getattr(ax, f"set_{axis}label")(described.text, fontsize=9, color=INK)
    ax.tick_params(labelsize=8, color=PALE, labelcolor=INK, length=3)
    if panel.x.tick_texts:  # a text for each column: small enough to stand side by side
        room = share * WIDTH * 0.8 / max(1.0, abs(x1 - x0))
        ax.tick_params(axis="x", labelsize=max(5.0, min(8.0, room)))
    for spine in ax.spines.values():
        spine.set(color=PALE, linewidth=0.8)
    if not layout["down"]:
        ax.spines[["top", "right"]].set_visible(False)
    if panel.legend and ax.get_legend_handles_labels()[1]:
        ax.legend(fontsize=8, frameon=True, framealpha=0.8, edgecolor="none", loc="best")


def heat_map(ax, mark, get, data, positions, palette):
    values = np.asarray(get(mark.values), float)
    rows, columns = values.shape
    (x, y) = mark.first
    extent = mark.extent or (x - 0.5, x + columns - 0.5, y + rows - 0.5, y - 0.5)
    image = ax.imshow(
        values,
        cmap=colour_map(mark.colours),
        norm=Normalize(*mark.limits, clip=True),
        aspect="auto",
        interpolation="nearest",
        extent=extent,
        origin="lower" if mark.extent else "upper",
    )
    if mark.label:
        colour_bar(ax, image, mark.label, mark.bar or mark.limits)
    if mark.numbers is not None:
        for r in range(rows):
            for c in range(columns):
                shade = image.cmap(image.norm(values[r, c]))
                ink = "white" if np.dot(shade[:3], (0.299, 0.587, 0.114)) < 0.5 else INK
                text = f"{values[r, c]:.{mark.numbers}f}".replace("-", "\u2212") if np.isfinite(values[r, c]) else ""
                ax.text(x + c, y + r, text, ha="center", va="center", fontsize=8, color=ink)


def colour_bar(ax, coloured, label, limits):
    """A bar beside the axes that takes no room from them, so that axes above each other stay aligned."""
    bar = ax.figure.colorbar(coloured, cax=ax.inset_axes([1.02, 0, 0.025, 1]))
    bar.set_label(label, fontsize=8, color=INK)
    bar.ax.set_ylim(limits)
    bar.set_ticks([limits[0], (limits[0] + limits[1]) / 2, limits[1]])
    bar.ax.yaxis.set_major_formatter(lambda value, _: tick_text(round(value, 2)))
    bar.ax.tick_params(labelsize=7.5, color=PALE)
    bar.outline.set_visible(False)


def shade_legend(ax, mark):
    """What the shades of a mark mean: a colour bar, or where they are categories, a name beside each colour."""
    cmap, norm = colour_map(mark.colours), Normalize(*mark.shade_limits, clip=True)
    if not mark.shade_names:
        colour_bar(ax, ScalarMappable(norm, cmap), mark.shade_label, mark.shade_limits)
        return
    dots = [
        Line2D([], [], marker="o", linestyle="", color=cmap(norm(k)), markeredgecolor="#555555", label=name)
        for k, name in enumerate(mark.shade_names)
    ]
    beside = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0), "borderaxespad": 0.0, "handletextpad": 0.2}
    legend = ax.legend(handles=dots, fontsize=8, frameon=False, **beside)
    ax.legend_ = None  # so that the panel's own legend can stand beside this one
    ax.add_artist(legend).set_clip_on(False)  # the layout makes no room for what is clipped to the axes


def lines(ax, mark, get, data, positions, palette):
    x, y = np.asarray(get(mark.x), float), np.atleast_2d(get(mark.y))
    strong = int(get(mark.strong)) if mark.strong else None
    for k in range(len(y)):
        colour = mark.colours[k % len(mark.colours)] if mark.colours else palette[(mark.colour_from + k) % len(palette)]
        pale = (strong is not None and k != strong) or (strong is None and mark.faint)
        ax.plot(
            x[k] if x.ndim == 2 else x,
            y[k],
            color=colour,
            alpha=0.28 if pale else 1.0,
            linewidth=mark.width * (0.8 if pale else 1.5 if k == strong else 1.0),
            linestyle=(0, (4, 3)) if mark.dashed else "-",
            zorder=3 if k == strong else 2,
            label=mark.labels[k] if k < len(mark.labels) and np.isfinite(y[k]).any() else None,
        )


def points(ax, mark, get, data, positions, palette):
    x, y = np.atleast_1d(get(mark.x)), np.atleast_1d(get(mark.y))
    if mark.trail:
        ax.plot(x, y, color=PALE, linewidth=0.9, alpha=0.7, zorder=1.5)
    area = (mark.size * 1.5) ** 2 * 0.55
    if mark.shade:
        kind = {
            "c": get(mark.shade),
            "cmap": colour_map(mark.colours),
            "norm": Normalize(*mark.shade_limits, clip=True),
        }
    elif mark.ring:
        kind = {"facecolors": "none", "edgecolors": mark.colour, "linewidths": 2}
    else:
        kind = {"color": mark.colour}
    ax.scatter(x, y, s=area, zorder=3.5 if mark.ring else 3, label=mark.label or None, **kind)
    if mark.shade_label or mark.shade_names:
        shade_legend(ax, mark)


def bars(ax, mark, get, data, positions, palette):
    ax.bar(get(mark.x), get(mark.height), width=mark.width, color=mark.colour, label=mark.label or None)


def cursor(ax, mark, get, data, positions, palette):
    style = {
        "color": mark.colour or "#555555",
        "linewidth": 1.4,
        "linestyle": (0, (4, 3)) if mark.dashed else "-",
    }
    if mark.band:
        at = float(get(mark.x or mark.y))
        if mark.y and abs(np.diff(ax.get_ylim())[0]) > THIN:
            for edge, arrow in ((0, 5), (1, 4)):  # matplotlib's markers: a caret that points right, and left
                ax.plot(
                    edge, at, marker=arrow, color="#222222", ms=6, transform=ax.get_yaxis_transform(), clip_on=False
                )
            return
        for edge in (at - 0.5, at + 0.5):
            (ax.axvline if mark.x else ax.axhline)(edge, **style)
        return
    if mark.x:
        ax.axvline(float(get(mark.x)), label=mark.label or None, **style)
    if mark.y:
        ax.axhline(float(get(mark.y)), label=mark.label or None, **style)


def nodes(ax, mark, get, data, positions, palette):
    x, y, shade = (np.atleast_1d(get(name)) for name in (mark.x, mark.y, mark.shade))
    texts = data.text(mark.texts, positions) if isinstance(mark.texts, str) else mark.texts
    cmap, norm = colour_map(mark.colours), Normalize(*mark.shade_limits, clip=True)
    colours = cmap(norm(np.nan_to_num(shade.astype(float))))
    colours[~np.isfinite(shade.astype(float))] = (1, 1, 1, 1)
    shape = "s" if mark.square else "o"
    if mark.shade_label or mark.shade_names:
        shade_legend(ax, mark)
    outline = {"s": (mark.size * 1.4) ** 2, "edgecolors": "#555555", "linewidths": 1, "marker": shape}
    for k in range(len(x)):  # one by one: a circle covers the text of those below it
        above = 3 + 1e-4 * len(ax.collections)
        ax.scatter(x[k], y[k], c=colours[k : k + 1], zorder=above, **outline)
        if k >= len(texts):
            continue
        ink = "white" if np.dot(colours[k][:3], (0.299, 0.587, 0.114)) < 0.5 else INK
        size = min(8.5, 0.85 * mark.size)
        ax.text(x[k], y[k], texts[k], ha="center", va="center", fontsize=size, color=ink, zorder=above + 5e-5)


def arrows(ax, mark, get, data, positions, palette):
    ends = [np.atleast_1d(get(name)).astype(float) for name in (mark.x0, mark.y0, mark.x1, mark.y1)]
    weight = np.atleast_1d(get(mark.weight)).astype(float) if mark.weight else np.ones(len(ends[0]))
    for x0, y0, x1, y1, w in zip(*ends, weight, strict=True):
        style = {
            "arrowstyle": "-|>",
            "color": mark.colour or INK,
            "alpha": 0.15 + 0.85 * w,
            "lw": 0.8 + 1.8 * w,
        }
        ax.annotate(
            "",
            (x1, y1),
            (x0, y0),
            arrowprops={**style, "shrinkA": mark.gap * 0.72, "shrinkB": mark.gap * 0.72},
            zorder=2,
        )


def notes(ax, mark, get, data, positions, palette):
    texts = data.text(mark.texts, positions) if isinstance(mark.texts, str) else mark.texts
    x, y = np.atleast_1d(get(mark.x)), np.atleast_1d(get(mark.y))
    for k, text in enumerate(texts):
        ax.text(
            x[k],
            y[k],
            text,
            ha=mark.align,
            va="center",
            fontsize=mark.size * 0.75,
            color=mark.colour or INK,
            zorder=5,
        )


PAINTERS = {
    HeatMap: heat_map,
    Lines: lines,
    Points: points,
    Bars: bars,
    Cursor: cursor,
    Nodes: nodes,
    Arrows: arrows,
    Notes: notes,
    Handle: lambda *_: None,  # a still picture cannot be touched
}


def to_png(picture, data, positions, footer=""):
    """The picture at `positions` as PNG bytes, the same bytes for the same data."""
    stream = io.BytesIO()
    figure = paint(picture, data, positions, "\n".join(textwrap.wrap(footer, 130)))
    figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": None}, facecolor="white")
    return stream.getvalue()
