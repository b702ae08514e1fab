"""A live figure: a picture, its data and its controls. It knows no widget and no browser, so tests need neither."""

import base64
import sys

import numpy as np

from helpers.live.controls import Run, is_frame
from helpers.live.frames import FigureData
from helpers.live.moves import check_moves
from helpers.live.page import still_html, to_html

LIVE_LINE = "Run the cell to make this figure live: then its controls appear and move it."


class LiveFigure:
    """A picture with controls.

    picture: Picture. controls: Frame controls walk along frames of the data; the others are keyword
    arguments of `compute`, a pure function that returns FigureData. Give `data`, or `compute`, not both.
    With a Run control `compute` also remembers work that goes on piece by piece: see Run.
    prediction: a question that the reader answers before the figure shows.

    Raises ValueError if the data do not fit picture and controls, or if names of controls repeat.
    """

    def __init__(self, picture, controls=(), data=None, compute=None, prediction=None):
        names = [control.name for control in controls]
        if len(set(names)) != len(names):
            raise ValueError(f"controls: expected different names, got {names}")
        if (data is None) == (compute is None):
            raise ValueError("expected data or compute, one of the two")
        if compute is None and not all(map(is_frame, controls)):
            raise ValueError("compute: expected a function, because a control changes the mathematics; got None")
        runs = any(isinstance(control, Run) for control in controls)
        if runs and not (hasattr(compute, "begin") and hasattr(compute, "advance")):
            raise ValueError("compute: expected an object with begin and advance, because a control is a Run")
        self.picture, self.prediction, self._compute, self._runs = picture, prediction, compute, runs
        self.controls = {control.name: control for control in controls}
        self.values = {control.name: control.check(control.value) for control in controls}
        self.counts = {c.name: len(c.labels) for c in controls if is_frame(c)}
        check_moves(picture, self.controls)
        self._listeners = []
        self.data = self.compute(self.values) if compute else self._checked(data)

    def _checked(self, data):
        if not isinstance(data, FigureData):
            raise ValueError(f"data: expected FigureData, got {type(data).__name__}")
        data.check(self.picture, self.counts)
        return data

    @property
    def positions(self):
        """Frame control -> position, now."""
        return {name: self.values[name] for name in self.counts}

    def compute(self, values):
        """The data for the kernel controls in `values`; the figure itself does not change."""
        return self._checked(self._compute(**self._arguments(values)))

    def _arguments(self, values):
        return {name: control.check(values[name]) for name, control in self.controls.items() if not is_frame(control)}

    def accept(self, values):
        """Move all controls to `values`, as the reader has done in the browser; on an error nothing moves."""
        checked = {name: control.check(values[name]) for name, control in self.controls.items()}
        self._keep(checked, self.compute(checked))

    def _keep(self, values, data):
        self.values, self.data = values, data
        if self._runs:
            self._compute.begin(**self._arguments(values))

    def work(self, values, seconds=None, steps=None, again=False):
        """A piece of the Run's work with the controls at `values`: see Run. Returns why it ended, or None.

        seconds: how long; steps: how many; again: start anew instead. ValueError for a figure without a Run.
        """
        if not self._runs:
            raise ValueError("work: expected a figure with a Run among its controls")
        checked = {name: control.check(values[name]) for name, control in self.controls.items()}
        if again:
            self._compute.begin(again=True, **self._arguments(checked))
            ended = None
        else:
            ended = self._compute.advance(seconds, steps, **self._arguments(checked))
        self.values, self.data = checked, self.compute(checked)
        return ended

    def run(self, steps):
        """Let the Run do `steps` steps from Python. Returns why it ended, or None."""
        ended = self.work(self.values, steps=steps)
        for listener in self._listeners:
            listener()
        return ended

    def set(self, **values):
        """Move controls from Python, as the reader's hand would. Returns the figure's new summary.

        A control along frames takes a position (a whole number from 0) or the text that it shows ("0.7").

        Raises ValueError for an unknown control or value; then, or if the figure's function fails, nothing moves.
        """
        self._keep(*self._moved(values))
        for listener in self._listeners:
            listener()
        return self.summary

    def says(self, **values):
        """The summary that the figure would have with these controls moved (see `set`). The figure stays as it is."""
        new, data = self._moved(values)
        return data.summary_at({name: new[name] for name in self.counts})

    def _moved(self, values):
        """All values, with these controls moved, and the data that belong to them."""
        new = dict(self.values)
        for name, value in values.items():
            if name not in self.controls:
                raise ValueError(f"{name}: expected one of the controls {sorted(self.controls)}, got {name!r}")
            new[name] = self.controls[name].check(value)
            for other, at in getattr(self.controls[name], "also", ()):
                if other not in values:
                    new[other] = self.controls[other].check(at)
        mathematics = any(not is_frame(self.controls[name]) for name in values)
        return new, self.compute(new) if mathematics else self.data

    def __getstate__(self):
        """What a copy of the figure takes over: all but its widget and those who listen to it."""
        return vars(self) | {"values": dict(self.values), "_listeners": [], "_widget": None}

    def listen(self, listener):
        """Call `listener()` after each change made from Python."""
        self._listeners.append(listener)

    def frame(self, name, **values):
        """The array `name` as it is drawn now, or would be with these controls moved (see `set`)."""
        new, data = self._moved(values)
        return data.frame(name, {control: new[control] for control in self.counts})

    @property
    def summary(self):
        """One sentence that says what the picture shows now."""
        return self.data.summary_at(self.positions)

    def __repr__(self):
        lines = [self.picture.title, self.summary]
        for name, control in self.controls.items():
            value = control.labels[self.values[name]] if is_frame(control) else self.values[name]
            lines.append(f"  {control.label}: {value}")
        for name in sorted(self.picture.arrays()):
            lines.append(f"  {name} {fingerprint(self.frame(name))}")
        return "\n".join(lines)

    def png(self):
        """The picture as it is now, as PNG bytes."""
        from helpers.live.static import to_png

        footer = LIVE_LINE if self.controls else ""
        return to_png(self.picture, self.data, self.positions, footer)

    def _repr_mimebundle_(self, include=None, exclude=None):
        try:
            picture = base64.b64encode(self.png()).decode()
        except Exception as trouble:  # the live figure needs no still picture
            if not self.controls:
                raise
            print(f"The still picture could not be painted ({type(trouble).__name__}: {trouble}).", file=sys.stderr)
            picture = None
        bundle = {"text/plain": repr(self)} | ({"image/png": picture} if picture else {})
        alt = f"{self.picture.alt} {self.summary}"
        bundle["text/html"] = to_html(self, picture) if self.controls else still_html(picture, alt)
        if self.controls:
            from helpers.live.widget import widget_view

            bundle.update(widget_view(self))
        return bundle, {"image/png": {"alt": alt}}


class Still(LiveFigure):
    """A picture without controls: drawn once, by matplotlib."""

    def __init__(self, picture, data):
        super().__init__(picture, (), data)


def fingerprint(array):
    """Shape and three numbers of an array, rounded: equal pictures print equal, on any machine."""
    array = np.asarray(array)
    shape = "×".join(map(str, array.shape)) or "number"
    finite = array[np.isfinite(array)].astype(float)
    if not finite.size:
        return f"{shape}, no finite value"
    numbers = [finite.min(), finite.mean(), finite.max()] if finite.size > 1 else [finite.flat[0]]
    return f"{shape}: " + " … ".join(f"{round(n, 2) + 0.0:.2f}" for n in numbers)
