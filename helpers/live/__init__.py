"""Live figures for notebooks: a picture is a description, its arrays are frames, controls move it (README.md).

The public names, one line each; a name is imported when it is first used, so that importing this package costs nothing.
"""

import importlib

_HOME = {
    # what a picture is made of
    "Picture": "description",  # rows of panels, a title, a text alternative
    "Row": "description",  # panels side by side
    "Panel": "description",  # one set of axes with its marks
    "Axis": "description",  # a labelled axis
    "HeatMap": "description",  # a matrix as coloured cells
    "Lines": "description",  # lines over a common x
    "Points": "description",  # points, with trails and shades
    "Bars": "description",  # upright bars
    "Cursor": "description",  # a straight line across a panel
    "Nodes": "description",  # circles with texts
    "Arrows": "description",  # arrows between places
    "Notes": "description",  # texts at places
    "Handle": "description",  # a place that the reader drags
    "FigureData": "frames",  # the arrays, texts and summaries behind a picture
    # what moves it
    "Frame": "controls",  # walks along frames, in the browser alone
    "Number": "controls",  # a slider that asks the kernel
    "Choice": "controls",  # a menu
    "Text": "controls",  # a text field
    "Run": "controls",  # work piece by piece: play, pause, one step, start again
    "Prediction": "controls",  # the question that stands before a figure
    "LiveFigure": "live_figure",  # picture, data, controls
    "Still": "live_figure",  # a picture without controls
    "Drawing": "drawing",  # a drawing by code, for what is not data
    "LINES": "colours",  # the palette of lines
}
__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__():
    return sorted(_HOME)
