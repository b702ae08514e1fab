"""Every figure of the course has a builder, and nothing in its still picture is cut or lies over something else."""

from itertools import combinations

import matplotlib
import pytest
from matplotlib.text import Text

from helpers import figures
from helpers.live.static import DPI, SETTINGS, paint
from tests.figures.every_figure import BUILDERS, NO_FIGURES, made

STILLS = sorted(name for name in BUILDERS if hasattr(made(name), "picture"))


def test_every_public_figure_has_a_builder():
    assert set(figures.__all__) == set(BUILDERS) | NO_FIGURES and not set(BUILDERS) & NO_FIGURES


def texts_on(figure):
    """(text, box in pixels) of all that is written in a matplotlib figure; axes that are off write no numbers."""
    hidden = {
        text
        for ax in figure.findobj(matplotlib.axes.Axes)
        if not ax.axison
        for axis in (ax.xaxis, ax.yaxis)
        for text in axis.findobj(Text)
    }
    figure.set_dpi(DPI)
    with matplotlib.rc_context(SETTINGS):
        figure.canvas.draw()
    pen = figure.canvas.get_renderer()
    written = {t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()} - hidden
    return [(text.get_text(), text.get_window_extent(pen)) for text in written]


def faults(figure):
    boxes, found = texts_on(figure), []
    wide, tall = figure.bbox.width, figure.bbox.height
    found += [f"cut: {t}" for t, b in boxes if b.x0 < -1 or b.y0 < -1 or b.x1 > wide + 1 or b.y1 > tall + 1]
    for (text, a), (other, b) in combinations(boxes, 2):
        if len(text) == len(other) == 1:
            continue  # letters of an axis of letters may touch
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 2 and min(a.y1, b.y1) - max(a.y0, b.y0) > 2:
            found.append(f"over each other: {text} | {other}")
    return found


@pytest.mark.parametrize("name", STILLS)
def test_still_pictures_can_be_read(name):
    figure = made(name)
    footer = "Run the cell to make this figure live." if figure.controls else ""
    assert faults(paint(figure.picture, figure.data, figure.positions, footer)) == []
