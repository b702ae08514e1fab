"""A picture as a description: rows of panels, each with axes and marks over named arrays.

Nothing here draws. `static.py` (matplotlib) and `browser/painter.js` (canvas) paint the same description
from the same arrays, limits, ticks and colours. A mark names its arrays; `frames.py` holds them.
Shapes below are those of one frame: rows R, columns C, lines K, points N.
"""

from dataclasses import asdict, dataclass, field

from helpers.live.colours import LINES, MAPS


@dataclass(frozen=True)
class Axis:
    """A labelled axis. `limits` (low, high), or None: taken from the data of all frames, so that axes stand still.

    `ticks`: None (chosen), a list of numbers, or a list of (number, text). `tick_texts` names a list of
    texts in the data, standing at `tick_first`, `tick_first` + 1, …, for labels that change.
    `moves` names the control that walks along this axis: a click in the panel moves it there. Position k of a frame
    control (option k of a Choice) stands at `places`[k]; None: at the number that its label is. A Number stands at its
    own value.
    `log`: decades of equal length; the data stay as they are, and what is not above zero is not drawn.
    """

    label: str
    unit: str = ""
    limits: tuple | None = None
    ticks: tuple | None = None
    tick_texts: str | None = None
    tick_first: int = 1
    integer: bool = False
    log: bool = False
    moves: str | None = None
    places: tuple | None = None

    @property
    def text(self):
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True)
class HeatMap:
    """A matrix `values` (R, C) as coloured cells, row 0 on top; cell (r, c) is centred at (first[0]+c, first[1]+r).

    With `extent` = (x0, x1, y0, y1) the matrix samples a plane instead, row 0 at the bottom.
    `numbers`: decimals to print inside each cell, or None. `label` stands beside the colour bar ("" = no bar);
    `bar`: the part of `limits` that the bar shows (None: all of it). `until_x`, `until_y` name scalars: what stands
    beyond them is not drawn, so that a map can grow while the reader walks.
    """

    values: str
    limits: tuple = (-1.0, 1.0)
    colours: str = "signed"
    label: str = ""
    first: tuple = (0, 0)
    extent: tuple | None = None
    numbers: int | None = None
    bar: tuple | None = None
    until_x: str | None = None
    until_y: str | None = None


@dataclass(frozen=True)
class Lines:
    """K lines `y` (K, N) over `x` (N,) or (K, N). `labels` go to the legend. `strong` names a scalar: a line to stress.

    `colour_from` is the first place in the palette; `colours` overrides it; `faint` draws thin and pale.
    `moves` names the Frame or Choice whose position is the number of a line. `until_x` names a scalar: what stands
    beyond it is not drawn.
    """

    x: str
    y: str
    labels: tuple = ()
    colours: tuple = ()
    colour_from: int = 0
    dashed: bool = False
    faint: bool = False
    width: float = 1.8
    strong: str | None = None
    moves: str | None = None
    until_x: str | None = None


@dataclass(frozen=True)
class Points:
    """Points (N,), (N,); `shade` (N,) colours them through a map; `trail` joins them in order; `ring`: hollow.

    `shade_names`: what the shades 0, 1, … mean: a legend beside the panel then takes the colour bar's place.
    `moves` names the Frame or Choice whose position is the number of a point.
    """

    x: str
    y: str
    label: str = ""
    colour: str = LINES[0]
    shade: str | None = None
    shade_limits: tuple = (0.0, 1.0)
    colours: str = "amount"
    shade_label: str = ""
    shade_names: tuple = ()
    size: float = 5.0
    trail: bool = False
    ring: bool = False
    moves: str | None = None


@dataclass(frozen=True)
class Bars:
    """Upright bars of `height` (N,) at `x` (N,)."""

    x: str
    height: str
    label: str = ""
    colour: str = LINES[0]
    width: float = 0.7


@dataclass(frozen=True)
class Cursor:
    """A straight line across the panel at a scalar array: upright at `x`, or level at `y`.

    With `band`, a frame around the column (or row) of a heat map instead, so that its colours stay visible;
    where rows are too thin for a frame, two small arrows at their ends.
    """

    x: str | None = None
    y: str | None = None
    label: str = ""
    colour: str = ""
    dashed: bool = True
    band: bool = False


@dataclass(frozen=True)
class Nodes:
    """Circles at `x`, `y` (N,) filled by `shade` (N,) through a map; `texts`: labels, or a list's name in the data.

    `shade_label` stands beside a colour bar ("" = no bar); `shade_names` and `moves` as for Points.
    """

    x: str
    y: str
    shade: str
    texts: tuple | str = ()
    shade_limits: tuple = (-1.0, 1.0)
    colours: str = "signed"
    size: float = 15.0
    square: bool = False
    shade_label: str = ""
    shade_names: tuple = ()
    moves: str | None = None


@dataclass(frozen=True)
class Arrows:
    """Arrows from (x0, y0) to (x1, y1), each (N,); `weight` (N,) in 0…1 gives opacity and width; `gap` px stay free."""

    x0: str
    y0: str
    x1: str
    y1: str
    weight: str | None = None
    colour: str = ""
    gap: float = 17.0


@dataclass(frozen=True)
class Notes:
    """Texts at `x`, `y` (N,): a tuple, or the name of a list in the data. `align`: left, center or right."""

    x: str
    y: str
    texts: tuple | str
    size: float = 12.0
    align: str = "center"
    colour: str = ""


@dataclass(frozen=True)
class Handle:
    """A place (`x`, `y`), two scalars, that the reader drags: a point of a line, the corner of a pulse, a start.

    `sets`: (control, array) pairs of Numbers or Frames; the array (3,) holds c, p, q, and the control becomes
    c + p x + q y (of a Frame: its position) at the place (x, y) to which the handle is dragged. `label` says what is
    dragged. Only the browser draws it: a still cannot be touched.
    """

    x: str
    y: str
    sets: tuple
    label: str


MARKS = (HeatMap, Lines, Points, Bars, Cursor, Nodes, Arrows, Notes, Handle)

# The fields of each mark that name an array; the rest are settings.
ARRAY_FIELDS = {
    HeatMap: ("values", "until_x", "until_y"),
    Lines: ("x", "y", "strong", "until_x"),
    Points: ("x", "y", "shade"),
    Bars: ("x", "height"),
    Cursor: ("x", "y"),
    Nodes: ("x", "y", "shade"),
    Arrows: ("x0", "y0", "x1", "y1", "weight"),
    Notes: ("x", "y"),
    Handle: ("x", "y"),
}


@dataclass(frozen=True)
class Panel:
    """One set of axes. `width` is its share of the row; `bare` draws no frame, ticks or labels (for drawings).

    `draw` names a Text control: where the reader drags over the panel, a number for each whole x is written there (a
    click without dragging still moves the controls of the axes).
    `equal`: a unit is as long across as it is up, for planes, maps and films. A legend stands between title and axes.
    """

    title: str
    marks: tuple
    x: Axis = Axis("")
    y: Axis = Axis("")
    width: float = 1.0
    bare: bool = False
    legend: bool = True
    draw: str | None = None
    equal: bool = False


@dataclass(frozen=True)
class Row:
    """Panels side by side, `height` CSS pixels tall."""

    panels: tuple
    height: float = 230.0


@dataclass(frozen=True)
class Picture:
    """Rows of panels, a title, and a text alternative for readers who do not see the picture.

    `narrow`: below this width (CSS pixels) the panels of a row stand under one another.
    Raises ValueError for an empty picture, a missing text alternative, an axis without a label, an unknown
    kind of mark or an unknown colour map.
    """

    title: str
    rows: tuple
    alt: str
    narrow: float = 520.0
    palette: tuple = field(default=LINES)

    def __post_init__(self):
        if not self.rows or not all(row.panels for row in self.rows):
            raise ValueError(f"rows: expected at least one row with a panel, got {self.rows!r}")
        if len(self.alt.split()) < 5:
            raise ValueError(f"alt: expected a text alternative of five words or more, got {self.alt!r}")
        for panel in self.panels:
            if not panel.bare and not (panel.x.label and panel.y.label):
                raise ValueError(f"panel {panel.title!r}: expected a label on both axes (or bare=True)")
            if panel.y.log and any(isinstance(mark, Bars) for mark in panel.marks):
                raise ValueError(f"panel {panel.title!r}: expected lines or points on a log axis, got bars")
            for mark in panel.marks:
                if not isinstance(mark, MARKS):
                    raise ValueError(f"panel {panel.title!r}: expected marks, got {mark!r}")
                if getattr(mark, "colours", ()) and isinstance(mark.colours, str) and mark.colours not in MAPS:
                    raise ValueError(f"colours: expected one of {sorted(MAPS)}, got {mark.colours!r}")

    @property
    def panels(self):
        return [panel for row in self.rows for panel in row.panels]

    def arrays(self):
        """The names of all arrays that the marks ask for."""
        marks = [mark for panel in self.panels for mark in panel.marks]
        names = {getattr(mark, field) for mark in marks for field in ARRAY_FIELDS[type(mark)]} - {None}
        return names | {name for mark in marks if isinstance(mark, Handle) for _, name in mark.sets}

    def log_arrays(self):
        """The names of the arrays that are drawn along a log axis."""
        axes = [(panel, axis) for panel in self.panels for axis in "xy" if getattr(panel, axis).log]
        return {getattr(mark, axis, None) for panel, axis in axes for mark in panel.marks} - {None}

    def texts(self):
        """The names of all lists of texts that marks and axes ask for."""
        names = {m.texts for p in self.panels for m in p.marks if isinstance(getattr(m, "texts", None), str)}
        return names | {a.tick_texts for p in self.panels for a in (p.x, p.y) if a.tick_texts}

    def to_json(self):
        """The description as plain lists and dicts, for the browser's painter."""

        def panel_json(panel):
            plain = asdict(panel)
            plain["marks"] = [dict(asdict(mark), kind=type(mark).__name__) for mark in panel.marks]
            plain["x"]["text"], plain["y"]["text"] = panel.x.text, panel.y.text
            return plain

        return {
            "title": self.title,
            "alt": self.alt,
            "narrow": self.narrow,
            "palette": list(self.palette),
            "maps": {name: list(anchors) for name, anchors in MAPS.items()},
            "rows": [
                {"height": row.height, "panels": [panel_json(panel) for panel in row.panels]} for row in self.rows
            ],
        }
