"""The still painter: a described picture drawn by matplotlib, for stored notebooks, GitHub and print."""

import io
import textwrap

import matplotlib
import numpy as np
from matplotlib import patheffects, transforms
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize, to_rgba_array
from matplotlib.figure import Figure

from helpers.live.colours import INK, colour_table
from helpers.live.description import Arrows, Bars, Cursor, Handle, HeatMap, Lines, Nodes, Notes, Points
from helpers.live.frames import panel_axes
from helpers.live.numbers import tick_text
from helpers.live.static_legend import (
    LINE,
    WIDTH,
    arrange,
    draw_legend,
    legend_entries,
    legend_lines,
    line_colour,
    panel_share,
)

DPI = 110
DARK, PALE = "#222222", "#9a9a9a"  # on light cells; of frames and trails
EDGE = [patheffects.withStroke(linewidth=3.2, foreground="white")]  # seen on dark cells and on light ones
# matplotlib's own settings, whatever the reader's are: no LaTeX, no grid, no other size or colour.
SETTINGS = {
    name: value for name, value in matplotlib.rcParamsDefault.items() if not name.startswith(("backend", "interactive"))
}
THIN = 40  # more rows than this are too thin for a frame around one of them


def colour_map(name):
    """The colour map `name` for matplotlib."""
    return ListedColormap(colour_table(name) / 255.0, name=name)


def paint(picture, data, positions, footer=""):
    """The picture at `positions` as a matplotlib Figure in settings of our own; never shown, never in pyplot's list."""
    with matplotlib.rc_context(SETTINGS):
        return _paint(picture, data, positions, footer)


def _paint(picture, data, positions, footer):
    strips = (max(legend_lines(panel, row) for panel in row.panels) for row in picture.rows)
    height = sum(row.height for row in picture.rows) + LINE * sum(strips) + 58 + 18 * bool(footer)
    figure = Figure(figsize=(WIDTH / 100, height / 100), layout="constrained")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(w_pad=0.06, h_pad=0.05)
    figure.suptitle(textwrap.fill(picture.title, 95), fontsize=12, fontweight="bold", color=INK)
    for row, axes in zip(picture.rows, rows_of_axes(figure, picture), strict=True):
        for ax, panel in zip(axes, row.panels, strict=True):
            share = panel_share(panel, row)
            paint_panel(ax, panel, data, positions, picture.palette, share, row.height - 60)
    if footer:
        figure.supxlabel(footer, fontsize=8.5, color=INK)
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


def paint_panel(ax, panel, data, positions, palette, share=1.0, height=230.0):
    """One panel on matplotlib axes; `share` is its part of the picture's width, `height` that of its row."""
    layout = panel_axes(panel, data)
    strip = arrange(legend_entries(panel, palette), share)
    if panel.title or strip:
        letters = max(18, int(share * WIDTH / 7.2))  # what fits above the panel at this size
        title = textwrap.fill(panel.title, letters) or " "  # an empty one would make no room for the legend
        ax.set_title(title, fontsize=10, color=INK, pad=6 + (3 + 0.72 * LINE * len(strip)) * bool(strip))
    for mark in panel.marks:
        PAINTERS[type(mark)](ax, mark, lambda name: data.frame(name, positions), data, positions, palette)
    (x0, x1), (y0, y1) = layout["x"]["limits"], layout["y"]["limits"]
    for axis, described in (("x", panel.x), ("y", panel.y)):
        if described.log:
            getattr(ax, f"set_{axis}scale")("log", nonpositive="mask")
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
        getattr(ax, f"set_{axis}ticks")(layout[axis]["minor"], [""] * len(layout[axis]["minor"]), minor=True)
        letters = max(16, int((share * WIDTH if axis == "x" else height) / 7))
        getattr(ax, f"set_{axis}label")(textwrap.fill(described.text, letters), fontsize=9, color=INK)
    ax.tick_params(labelsize=8, color=PALE, labelcolor=INK, length=3)
    ax.tick_params(which="minor", color=PALE, length=2)
    if panel.equal:
        ax.set_aspect("equal", adjustable="box", anchor="N")
    if panel.x.tick_texts:  # a text for each column: small enough to stand side by side
        room = share * WIDTH * 0.8 / max(1.0, abs(x1 - x0))
        ax.tick_params(axis="x", labelsize=max(5.0, min(8.0, room)))
    for spine in ax.spines.values():
        spine.set(color=PALE, linewidth=0.8)
    if not layout["down"]:
        ax.spines[["top", "right"]].set_visible(False)
    seen = legend_entries(panel, palette, lambda name: data.frame(name, positions))
    draw_legend(ax, strip, {text for _, text in seen})


def seen(mark, get):
    """The cells of a heat map, or the heights of lines: NaN beyond `until_x` and `until_y`."""
    if isinstance(mark, Lines):
        values, x, end_y = np.asarray(get(mark.y), float), np.asarray(get(mark.x)), None
    else:
        values, end_y = np.asarray(get(mark.values), float), mark.until_y
        x = mark.first[0] + np.arange(values.shape[1])
    if mark.until_x:
        values = np.where(x > get(mark.until_x), np.nan, values)
    if end_y:
        rows = mark.first[1] + np.arange(values.shape[0])
        values = np.where(rows[:, None] > get(end_y), np.nan, values)
    return values


def heat_map(ax, mark, get, data, positions, palette):
    values = seen(mark, get)
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
                ink = "white" if np.dot(shade[:3], (0.299, 0.587, 0.114)) < 0.5 else DARK
                text = f"{values[r, c]:.{mark.numbers}f}".replace("-", "\u2212") if np.isfinite(values[r, c]) else ""
                ax.text(x + c, y + r, text, ha="center", va="center", fontsize=8, color=ink)


def colour_bar(ax, coloured, label, limits):
    """A bar beside the axes that takes no room from them, so that axes above each other stay aligned."""
    right = transforms.ScaledTranslation(1, 0, ax.transAxes)  # of the axes, however narrow they are
    across = transforms.Affine2D().scale(1 / 72) + ax.figure.dpi_scale_trans + right
    place = ax.inset_axes([7, 0, 8, 1], transform=transforms.blended_transform_factory(across, ax.transAxes))
    bar = ax.figure.colorbar(coloured, cax=place)
    bar.set_label(label, fontsize=8, color=INK)
    bar.ax.set_ylim(limits)
    bar.set_ticks([limits[0], (limits[0] + limits[1]) / 2, limits[1]])
    bar.ax.yaxis.set_major_formatter(lambda value, _: tick_text(round(value, 2)))
    bar.ax.tick_params(labelsize=7.5, color=PALE, labelcolor=INK)
    bar.outline.set_visible(False)


def shade_colours(mark, shade, palette):
    """Colours (N, 4) of shades (N,): of categories their own, of amounts the map's."""
    if mark.shade_names:
        known = np.isfinite(shade)
        colours = to_rgba_array([palette[int(k) % len(palette)] for k in np.where(known, shade, 0)])
        colours[~known] = (1, 1, 1, 1)
        return colours
    colours = colour_map(mark.colours)(Normalize(*mark.shade_limits, clip=True)(np.nan_to_num(shade)))
    colours[~np.isfinite(shade)] = (1, 1, 1, 1)
    return colours


def shade_bar(ax, mark):
    """A colour bar for the shades of points or nodes."""
    if mark.shade_label and not mark.shade_names:
        scale = ScalarMappable(Normalize(*mark.shade_limits, clip=True), colour_map(mark.colours))
        colour_bar(ax, scale, mark.shade_label, mark.shade_limits)


def lines(ax, mark, get, data, positions, palette):
    x, y = np.asarray(get(mark.x), float), np.atleast_2d(seen(mark, get))
    strong = int(get(mark.strong)) if mark.strong else None
    for k in range(len(y)):
        colour = line_colour(mark, k, palette)
        pale = (strong is not None and k != strong) or (strong is None and mark.faint)
        ax.plot(
            x[k] if x.ndim == 2 else x,
            y[k],
            color=colour,
            alpha=0.28 if pale else 1.0,
            linewidth=mark.width * (0.8 if pale else 1.5 if k == strong else 1.0),
            linestyle=(0, (4, 3)) if mark.dashed else "-",
            zorder=3 if k == strong else 2,
        )


def points(ax, mark, get, data, positions, palette):
    x, y = np.atleast_1d(get(mark.x)), np.atleast_1d(get(mark.y))
    if mark.trail:
        ax.plot(x, y, color=PALE, linewidth=0.9, alpha=0.7, zorder=1.5)
    area = (mark.size * 1.5) ** 2 * 0.55
    if mark.shade:
        kind = {"color": shade_colours(mark, np.atleast_1d(get(mark.shade)).astype(float), palette)}
    elif mark.ring:
        kind = {"facecolors": "none", "edgecolors": mark.colour, "linewidths": 2}
    else:
        kind = {"color": mark.colour}
    ax.scatter(x, y, s=area, zorder=3.5 if mark.ring else 3, **kind)
    shade_bar(ax, mark)


def bars(ax, mark, get, data, positions, palette):
    ax.bar(get(mark.x), get(mark.height), width=mark.width, color=mark.colour)


def cursor(ax, mark, get, data, positions, palette):
    style = {
        "color": mark.colour or INK,
        "linewidth": 1.4,
        "linestyle": (0, (4, 3)) if mark.dashed else "-",
    }
    if mark.band:
        at = float(get(mark.x or mark.y))
        if mark.y and abs(np.diff(ax.get_ylim())[0]) > THIN:
            for edge, arrow in ((0, 5), (1, 4)):  # matplotlib's markers: a caret that points right, and left
                ax.plot(edge, at, marker=arrow, color=INK, ms=6, transform=ax.get_yaxis_transform(), clip_on=False)
            return
        for edge in (at - 0.5, at + 0.5):
            (ax.axvline if mark.x else ax.axhline)(edge, **style | {"color": mark.colour or DARK}, path_effects=EDGE)
        return
    if mark.x:
        ax.axvline(float(get(mark.x)), **style)
    if mark.y:
        ax.axhline(float(get(mark.y)), **style)


def nodes(ax, mark, get, data, positions, palette):
    x, y, shade = (np.atleast_1d(get(name)) for name in (mark.x, mark.y, mark.shade))
    texts = data.text(mark.texts, positions) if isinstance(mark.texts, str) else mark.texts
    colours = shade_colours(mark, shade.astype(float), palette)
    shape = "s" if mark.square else "o"
    shade_bar(ax, mark)
    outline = {"s": (mark.size * 1.4) ** 2, "edgecolors": "#555555", "linewidths": 1, "marker": shape}
    for k in range(len(x)):  # one by one: a circle covers the text of those below it
        above = 3 + 1e-4 * len(ax.collections)
        ax.scatter(x[k], y[k], c=colours[k : k + 1], zorder=above, **outline)
        if k >= len(texts):
            continue
        ink = "white" if np.dot(colours[k][:3], (0.299, 0.587, 0.114)) < 0.5 else DARK
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
    """The picture at `positions` as PNG bytes, the same for the same data; see-through, for light and dark pages."""
    return png(paint(picture, data, positions, "\n".join(textwrap.wrap(footer, 130))))


def png(figure):
    """A matplotlib Figure as PNG bytes without a background, in settings of our own."""
    stream = io.BytesIO()
    with matplotlib.rc_context(SETTINGS):
        figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": None}, transparent=True)
    return stream.getvalue()
