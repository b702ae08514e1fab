"""The one place where a live figure meets a widget. Arrays travel to the browser, never pictures."""

import anywidget
import traitlets

from helpers.live.bundle import describe, style_sheet, widget_module
from helpers.live.controls import is_frame
from helpers.live.typed import Unreadable


class FigureWidget(anywidget.AnyWidget):
    """Carries a LiveFigure's description, data and values to the browser, and the reader's moves back.

    The browser asks for new arrays with a numbered message and has only one such request under way; the answer
    is a message with the arrays, or with the error in words. A request may ask for a piece of a Run's work first:
    `work` is then {"seconds": …}, {"steps": …} or {"again": true}. Values of controls are told to the kernel
    when the hand rests; then arrays and values kept here become those of the picture, for a page that is loaded again.
    """

    _esm = widget_module()
    _css = style_sheet()
    description = traitlets.Dict().tag(sync=True)
    header = traitlets.Dict().tag(sync=True)
    blob = traitlets.Bytes().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    # How often Python has moved the controls, and to which values. A trait of its own, which the page never writes:
    # while a page waits to have its own `values` confirmed, it does not hear what the kernel says of them.
    moved = traitlets.Dict({"times": 0, "values": {}}).tag(sync=True)

    def __init__(self, figure):
        header, blob = figure.data.to_bytes(figure.picture)
        super().__init__(description=describe(figure), header=header, blob=blob, values=dict(figure.values))
        self.figure = figure
        self.on_msg(self._answer)
        self.observe(self._moved_by_hand, "values")
        figure.listen(self._moved_by_python)

    def _answer(self, _, content, buffers):
        """Compute the arrays that the browser asks for; whatever goes wrong is sent back in words."""
        if content.get("type") != "compute":
            return
        try:
            work, ended = content.get("work"), None
            if work:
                ended = self.figure.work(content["values"], **work)
            else:
                self.figure.accept(content["values"])
            header, blob = self.figure.data.to_bytes(self.figure.picture)
            answer = {"type": "data", "request": content["request"], "header": header, "ended": ended}
            self.send(answer, buffers=[blob])
        except (Exception, KeyboardInterrupt) as error:  # shown beside the figure: in a callback it would vanish
            if isinstance(error, Unreadable):
                message = str(error)  # a sentence for the reader
            elif isinstance(error, KeyboardInterrupt):  # the stop button: the page must not wait for ever
                message = "The figure's function was stopped."
            else:
                kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "  # ours say it in words
                message = f"The figure's function reports: {kind}{error}."
            self.send({"type": "error", "request": content.get("request"), "message": message})

    def _moved_by_hand(self, change):
        for name, control in self.figure.controls.items():
            if is_frame(control) and name in change["new"]:
                self.figure.values[name] = control.check(change["new"][name])
        self._keep()

    def _keep(self):
        header, blob = self.figure.data.to_bytes(self.figure.picture)
        with self.hold_sync():
            self.header, self.blob = header, blob

    def _moved_by_python(self):
        with self.hold_sync():
            self._keep()
            self.values = dict(self.figure.values)
            self.moved = {"times": self.moved["times"] + 1, "values": dict(self.figure.values)}


def widget_view(figure):
    """The widget-view part of a figure's output: one widget a figure, however often it is displayed."""
    if getattr(figure, "_widget", None) is None:
        figure._widget = FigureWidget(figure)
    bundle = figure._widget._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    return {kind: value for kind, value in (bundle or {}).items() if "widget-view" in kind}
