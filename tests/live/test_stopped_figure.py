"""A figure whose function is stopped in the middle answers, and works again afterwards."""

import pytest

from helpers.live.controls import Number
from helpers.live.live_figure import LiveFigure
from tests.live.test_live_figures import PICTURE, kernel_figure


@pytest.fixture
def stopped():
    """A figure of the tests that the stop button hits while it computes a gain above 1."""
    data = kernel_figure().data

    def compute(gain):
        if gain > 1:
            raise KeyboardInterrupt
        return data

    return LiveFigure(PICTURE, (Number("gain", "Gain", 0, 2, 0.1, 0.5),), compute=compute)


def test_the_page_hears_of_the_stop_and_may_ask_again(stopped):
    from helpers.live.widget import FigureWidget

    widget, sent = FigureWidget(stopped), []
    widget.send = lambda content, buffers=None: sent.append(content)
    widget._answer(None, {"type": "compute", "request": 1, "values": {"gain": 1.5}}, [])
    assert sent == [{"type": "error", "request": 1, "message": "The figure's function was stopped."}]
    assert stopped.values == {"gain": 0.5}, "the last good picture stays"
    widget._answer(None, {"type": "compute", "request": 2, "values": {"gain": 0.8}}, [])
    assert sent[1]["type"] == "data" and stopped.values == {"gain": 0.8}
