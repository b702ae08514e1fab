"""The browser's side of a live figure: the files of `browser/` as one module for anywidget or one script for a page."""

from functools import cache
from pathlib import Path

from helpers.live.controls import to_json

FOLDER = Path(__file__).parent / "browser"
PAINTING = ("colours.js", "data.js", "marks.js", "painter.js")
CORE = (*PAINTING, "controls.js", "run.js", "reading.js", "handles.js", "touch.js", "figure.js")


@cache
def core():
    """The drawing core: functions only, nothing runs."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in CORE)


@cache
def style_sheet():
    """The style sheet of all live figures; every rule starts with `.live-figure`."""
    return (FOLDER / "style.css").read_text(encoding="utf-8")


@cache
def widget_module():
    """One ES module: the core and anywidget's `render`."""
    return core() + "\n" + (FOLDER / "widget.js").read_text(encoding="utf-8")


def describe(figure):
    """All that the browser must know of a figure but its data, ready for JSON."""
    return {
        "picture": figure.picture.to_json(),
        "controls": [to_json(control) for control in figure.controls.values()],
        "prediction": vars(figure.prediction) if figure.prediction else None,
    }
