"""What a reader can move: controls that walk along frames, and controls that change the mathematics.

A *frame* control (`Frame`) chooses among frames that were computed in advance: the browser alone follows it.
A *kernel* control (`Number`, `Choice`, `Text`, `Run`) is an argument of a figure's function in the kernel.
"""

import math
import random
from dataclasses import asdict, dataclass
from numbers import Real

from helpers.live.typed import Unreadable, shown

ORDER = 1  # seeds the order of options in all questions


@dataclass(frozen=True)
class Frame:
    """A slider along frames. `labels` are what each position is called (epochs, time steps, values of a gain).

    `value` is the position (index) at the start. `play` adds a play button; `period` is the time of one
    frame in milliseconds while it plays.
    """

    name: str
    label: str
    labels: tuple
    value: int = 0
    play: bool = False
    period: int = 150

    def __post_init__(self):
        plain = tuple(label.item() if hasattr(label, "item") else label for label in self.labels)  # JSON knows no NumPy
        object.__setattr__(self, "labels", plain)

    def check(self, value):
        """`value`, a position or the text of a label, as a position; ValueError if there is no such frame."""
        if isinstance(value, str):
            labels = [str(label) for label in self.labels]
            if value not in labels:
                raise ValueError(f"{self.name}: expected one of the labels {', '.join(labels)}, got {shown(value)}")
            return labels.index(value)
        if not is_number(value) or int(value) != value or not 0 <= value < len(self.labels):
            raise ValueError(f"{self.name}: expected a position from 0 to {len(self.labels) - 1}, got {shown(value)}")
        return int(value)


@dataclass(frozen=True)
class Number:
    """A slider over the numbers from `low` to `high` in steps of `step`."""

    name: str
    label: str
    low: float
    high: float
    step: float
    value: float

    def check(self, value):
        """`value` as a float; ValueError outside low…high or if it is no number."""
        if not is_number(value) or not self.low - 1e-9 <= value <= self.high + 1e-9:
            raise ValueError(f"{self.name}: expected a number from {self.low} to {self.high}, got {shown(value)}")
        return float(value)


@dataclass(frozen=True)
class Choice:
    """One of a few `options`, shown as a list to choose from."""

    name: str
    label: str
    options: tuple
    value: str

    def check(self, value):
        """`value` itself; ValueError if it is not among the options."""
        if value not in self.options:
            raise ValueError(f"{self.name}: expected one of {list(self.options)}, got {shown(value)}")
        return value


@dataclass(frozen=True)
class Text:
    """A line that the reader types, at most `longest` characters.

    `also` are (control, value) pairs that are set with it: what is typed should be what is used.
    """

    name: str
    label: str
    value: str = ""
    longest: int = 120
    also: tuple = ()

    def check(self, value):
        """`value` itself; Unreadable (a ValueError) if it is no text, too long, or holds half a character."""
        if not isinstance(value, str) or len(value) > self.longest:
            raise Unreadable(f"{self.name}: expected at most {self.longest} characters, got {shown(value)}.")
        if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):  # no page can hold a lone surrogate
            raise Unreadable(f"{self.name}: expected whole characters, got half of one in {shown(value)}.")
        return value


@dataclass(frozen=True)
class Run:
    """Work that goes on before the reader's eyes: buttons for ▶ / pause, one step, start again, another seed.

    While it runs, the page asks for one piece of work after another, each when the last picture is drawn; the kernel
    works for at most about `seconds` on a piece, reads the other controls anew each time, and rests when nobody asks.
    `verb`: what ▶ says; `step`: what the button for a single step says. The control's value is the seed.

    The figure's `compute` is then an object that remembers its work. Of the kernel controls' values it has
      compute(**values) -> FigureData     the picture, as far as the work has gone; changes nothing
      compute.begin(again=False, **values)    the values now hold: start anew if they ask for other work, or if `again`
      compute.advance(seconds, steps, **values) -> None, or why the work ended, in words. At least one step, at most
          `steps` (None: as many as it likes), and no longer than `seconds` but for the step under way.
    """

    name: str
    label: str
    verb: str = "Run"
    step: str = "One step"
    value: int = 0
    seconds: float = 0.1

    def check(self, value):
        """`value`, a seed, as an int; ValueError if it is no whole number from 0 to 9999."""
        if not is_number(value) or int(value) != value or not 0 <= value <= 9999:
            raise ValueError(f"{self.name}: expected a whole number from 0 to 9999, got {shown(value)}")
        return int(value)


@dataclass(frozen=True)
class Prediction:
    """A question that stands before a figure: the reader commits to one of `options`, then the figure shows.

    `answer` is the index of the right option, `because` says why in a sentence or two. The options are shuffled when
    the question is made, always in the same way for the same question, and `answer` goes with them.
    """

    question: str
    options: tuple
    answer: int
    because: str

    def __post_init__(self):
        if not isinstance(self.answer, int) or not 0 <= self.answer < len(self.options):
            raise ValueError(f"answer: expected an index into {len(self.options)} options, got {shown(self.answer)}")
        order = list(range(len(self.options)))
        random.Random(f"{ORDER} {self.question}").shuffle(order)
        object.__setattr__(self, "options", tuple(self.options[k] for k in order))
        object.__setattr__(self, "answer", order.index(self.answer))


def beginning(defaults, start):
    """The values at which controls start: `defaults`, and `start` where the caller of a figure gave some.

    Raises ValueError for a name that is no control.
    """
    for name in start:
        if name not in defaults:
            raise ValueError(f"{name}: expected one of the controls {sorted(defaults)}, got {shown(name)}")
    return defaults | start


def is_number(value):
    """True for a finite number, of Python or NumPy, that a float can hold."""
    try:
        return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # such as 10**400
        return False


def is_frame(control):
    """True for a control that the browser follows alone."""
    return isinstance(control, Frame)


def to_json(control):
    """The control as a plain dict, with its kind."""
    return dict(asdict(control), kind=type(control).__name__)
