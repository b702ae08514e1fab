"""The control of kind Run, without a browser: what the kernel does when the page asks for a piece of work."""

import numpy as np
import pytest

from helpers.live.controls import Frame, Number, Run
from helpers.live.description import Axis, HeatMap, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.page import to_html
from helpers.live.widget import FigureWidget

PICTURE = Picture(
    "A count",
    (Row((Panel("map", (HeatMap("m"),), Axis("time"), Axis("unit")),)),),
    alt="A heat map that shows how far a count has come.",
)


class Counting:
    """Counts by `rate`; another seed begins anew; 13 is a bad number."""

    def __init__(self):
        self.seed, self.count, self.pieces = None, 0, []

    def __call__(self, seed, rate):
        count = self.count if seed == self.seed else 0
        m = np.full((2, 2, 3), count / 100)
        return FigureData({"m": m}, f"count {count}", {"m": ("row",)}, reach={"row": 2 - seed % 2})

    def begin(self, again=False, *, seed, rate):
        if again or seed != self.seed:
            self.seed, self.count = seed, 0

    def advance(self, seconds, steps, *, seed, rate):
        self.begin(seed=seed, rate=rate)
        self.pieces.append((seconds, steps))
        if rate == 1.3:
            raise ArithmeticError("13 is a bad number")
        self.count += int(10 * rate) * (steps or 5)
        return "A hundred is enough." if self.count >= 100 else None


@pytest.fixture
def figure():
    controls = (Run("seed", "Counting"), Number("rate", "Rate", 0, 2, 0.1, 0.1), Frame("row", "Row", (0, 1)))
    return LiveFigure(PICTURE, controls, compute=Counting())


@pytest.fixture
def asked(figure):
    """A function that asks the figure's widget as the page does, and returns its answer."""
    widget, sent, number = FigureWidget(figure), [], iter(range(1, 100))
    widget.send = lambda content, buffers=None: sent.append(content)

    def ask(work=None, **values):
        content = {"type": "compute", "request": next(number), "values": {**figure.values, **values}, "work": work}
        widget._answer(None, content, [])
        assert sent[-1]["request"] == content["request"]
        return sent[-1]

    return ask


def test_nothing_works_until_it_is_asked(figure):
    assert figure.summary == "count 0" and figure._compute.pieces == []


def test_a_piece_has_the_time_the_page_gives_and_reads_the_other_controls_anew(figure, asked):
    assert asked({"seconds": 0.1})["ended"] is None
    assert figure.summary == "count 5"
    asked({"seconds": 0.1}, rate=0.3)
    assert figure.summary == "count 20" and figure.values["rate"] == 0.3
    asked({"steps": 1})
    assert figure.summary == "count 23"
    assert figure._compute.pieces == [(0.1, None), (0.1, None), (None, 1)]


def test_a_request_without_work_shows_what_there_is(figure, asked):
    asked({"steps": 4})
    answer = asked(rate=2.0)
    assert answer["type"] == "data" and answer["ended"] is None
    assert figure.summary == "count 4"


def test_start_again_and_another_seed_begin_anew(figure, asked):
    asked({"steps": 4})
    asked({"again": True})
    assert figure.summary == "count 0" and figure.values["seed"] == 0
    asked({"steps": 4})
    asked(seed=1)
    assert figure.summary == "count 0"
    asked(seed=0)
    assert figure.summary == "count 0", "another seed has begun: the first count is over"


def test_the_end_is_said_in_words(asked):
    assert asked({"seconds": 0.1}, rate=2.0)["ended"] == "A hundred is enough."


def test_an_error_is_sent_in_words_and_the_last_picture_stays(figure, asked):
    asked({"steps": 2})
    data = figure.data
    answer = asked({"steps": 2}, rate=1.3)
    assert answer["type"] == "error" and "13 is a bad number" in answer["message"]
    assert figure.data is data and figure.values["rate"] == 0.1


def test_run_and_set_from_python(figure):
    heard = []
    figure.listen(lambda: heard.append(figure.summary))
    assert figure.run(3) is None and figure.run(97) == "A hundred is enough."
    assert heard == ["count 3", "count 100"]
    assert figure.says(seed=5) == "count 0" and figure.summary == "count 100"
    figure.says(seed=5)
    figure.run(1)
    assert figure.summary == "count 101", "what was only asked for changes nothing"
    assert figure.set(seed=5) == "count 0"


def test_positions_that_the_data_have_travel_in_the_header(figure):
    assert figure.data.to_bytes(PICTURE)[0]["reach"] == {"row": 2}
    figure.set(seed=1)
    assert figure.data.to_bytes(PICTURE)[0]["reach"] == {"row": 1}


@pytest.mark.parametrize("seed", [-1, 10_000, 0.5, "0", None, True])
def test_a_seed_is_a_whole_number(figure, seed):
    with pytest.raises(ValueError, match="seed: expected a whole number from 0 to 9999"):
        figure.set(seed=seed)


def test_a_run_needs_what_can_advance():
    with pytest.raises(ValueError, match="compute: expected an object with begin and advance"):
        LiveFigure(PICTURE, (Run("seed", "Counting"),), compute=lambda seed: Counting()(seed, 1))


def test_work_needs_a_run():
    data = FigureData({"m": np.zeros((2, 3))}, "nothing")
    with pytest.raises(ValueError, match="work: expected a figure with a Run"):
        LiveFigure(PICTURE, (), data).run(1)


def test_a_page_without_a_kernel_has_the_picture_and_its_run_rests(figure):
    page = to_html(figure)
    assert '"kind": "Run"' in page and "class RunButtons" in page
