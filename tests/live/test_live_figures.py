"""The figure machine: descriptions, frames and their coding, controls, the live model, both outputs."""

import hashlib
import json
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.colors import to_hex

from helpers.live.colours import LINES, MAPS, colour_table
from helpers.live.controls import Choice, Frame, Number, Prediction, Text
from helpers.live.description import Axis, Bars, Handle, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData, decades, decode, encode, nice_ticks, panel_axes
from helpers.live.live_figure import LiveFigure, Still, fingerprint
from helpers.live.page import to_html
from helpers.live.static import colour_map, paint

PICTURE = Picture(
    "A picture",
    (Row((Panel("map", (HeatMap("m", label="value"),), Axis("time"), Axis("unit")),)),),
    alt="A small heat map used by the tests.",
)


def frames_figure(**options):
    m = np.linspace(-1, 1, 3 * 2 * 4).reshape(3, 2, 4)
    data = FigureData({"m": m}, ["first", "second", "third"], {"m": ("epoch",), "summary": ("epoch",)})
    return LiveFigure(PICTURE, (Frame("epoch", "Epoch", (0, 5, 9)),), data, **options), m


def kernel_figure():
    def compute(gain, shape):
        if gain > 1.5:
            raise RuntimeError("too much gain")
        return FigureData({"m": np.full((2, 4), gain)}, f"gain {gain:.2f} {shape}")

    controls = (Number("gain", "Gain", 0, 2, 0.1, 0.5), Choice("shape", "Shape", ("a", "b"), "a"))
    return LiveFigure(PICTURE, controls, compute=compute)


@given(arrays(np.float64, (3, 5), elements=st.floats(-1e6, 1e6) | st.just(np.nan)))
@example(np.array([[0.0, 5e-324]]))  # half of this span is zero
def test_coding_keeps_values_to_half_a_step_and_nan(values):
    entry, coded = encode(values)
    back = decode(entry, coded)
    assert np.array_equal(np.isnan(back), np.isnan(values))
    spread = np.nanmax(values) - np.nanmin(values) if np.isfinite(values).any() else 0.0
    error = np.abs(back - values)[~np.isnan(values)]
    assert np.all(error <= spread / 65000 + 1e-9 * np.abs(values[~np.isnan(values)]).max(initial=0))


def test_whole_numbers_travel_exactly():
    values = np.array([-3, 0, 70_000])
    assert np.array_equal(decode(*encode(values)), values)
    assert decode(*encode(np.array([2**31 - 1])))[0] == 2**31 - 1


@pytest.mark.parametrize(
    "values",
    [
        np.array([0, 2**40]),
        np.array([1, 2**63], np.uint64),
        np.array([0, 65000], np.float16),
        np.array([0, 1e-45], np.float32),
        np.array([-3e38, 3e38], np.float32),
    ],
)
def test_arrays_of_every_kind_travel(values):
    with np.errstate(all="raise"):
        back = decode(*encode(values))
    exact = values.astype(float)
    assert np.abs(back / 2 - exact / 2).max() <= np.ptp(exact / 2) / 60000 + 1e-300


@pytest.mark.parametrize("height", [[1.0, np.inf], [np.nan, np.nan], [-np.inf, np.nan]])
def test_bars_without_a_number_leave_the_axes_finite(height):
    picture = Picture(
        "t", (Row((Panel("p", (Bars("x", "h"),), Axis("x"), Axis("y")),)),), alt="bars, some of them not there"
    )
    data = FigureData({"x": np.arange(2), "h": np.array(height)}, "s")
    header, _ = LiveFigure(picture, (), data).data.to_bytes(picture)
    assert json.loads(json.dumps(header, allow_nan=False)) == header


def test_bytes_hold_every_array_where_the_header_says():
    figure, m = frames_figure()
    header, blob = figure.data.to_bytes(PICTURE)
    json.dumps(header)
    entry = header["arrays"]["m"]
    assert (entry["shape"], entry["frames"], entry["axes"], entry["at"] % 4) == ([2, 4], [3], ["epoch"], 0)
    coded = np.frombuffer(blob, "<i2", count=m.size, offset=entry["at"]).reshape(m.shape)
    assert np.abs(decode(entry, coded) - m).max() < 1e-4


def test_frame_control_chooses_array_and_sentence():
    figure, m = frames_figure()
    assert figure.summary == "first"
    assert figure.set(epoch=2) == "third"
    assert np.array_equal(figure.frame("m"), m[2])
    assert "Epoch: 9" in repr(figure)


def test_kernel_control_computes_and_a_failure_moves_nothing():
    figure = kernel_figure()
    assert figure.set(gain=1.0, shape="b") == "gain 1.00 b"
    before = (dict(figure.values), figure.frame("m").copy())
    with pytest.raises(RuntimeError, match="too much gain"):
        figure.set(gain=1.8)
    assert figure.values == before[0] and np.array_equal(figure.frame("m"), before[1])


def test_says_gives_the_sentence_and_moves_nothing():
    for figure, settings, sentence in (
        (frames_figure()[0], {"epoch": 2}, "third"),
        (kernel_figure(), {"gain": 1.0, "shape": "b"}, "gain 1.00 b"),
    ):
        heard = []
        figure.listen(lambda heard=heard: heard.append(1))
        values, data, summary = dict(figure.values), figure.data, figure.summary
        assert figure.says(**settings) == sentence != summary
        assert figure.says() == figure.summary == summary
        assert figure.values == values and figure.data is data and not heard
        assert figure.set(**settings) == sentence and heard
    with pytest.raises(ValueError, match="epoch: expected a position from 0 to 2, got 3"):
        frames_figure()[0].says(epoch=3)
    with pytest.raises(RuntimeError, match="too much gain"):
        kernel_figure().says(gain=1.8)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"epoch": 3}, "epoch: expected a position from 0 to 2, got 3"),
        ({"epoch": -1}, "epoch: expected a position"),
        ({"epoch": 0.5}, "epoch: expected a position"),
        ({"nothing": 1}, r"nothing: expected one of the controls \['epoch'\], got 'nothing'"),
    ],
)
def test_bad_frame_values_are_named(change, words):
    figure, _ = frames_figure()
    with pytest.raises(ValueError, match=words):
        figure.set(**change)
    assert figure.values == {"epoch": 0}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"gain": 2.5}, "gain: expected a number from 0 to 2"),
        ({"gain": float("nan")}, "gain: expected a number"),
        ({"gain": "1"}, "gain: expected a number"),
        ({"shape": "c"}, "shape: expected one of"),
    ],
)
def test_bad_kernel_values_are_named(change, words):
    figure = kernel_figure()
    with pytest.raises(ValueError, match=words):
        figure.set(**change)
    assert figure.values == {"gain": 0.5, "shape": "a"}


def test_text_control_has_a_longest_length():
    with pytest.raises(ValueError, match="at most 3 characters"):
        Text("t", "Text", longest=3).check("four")


def test_data_that_do_not_fit_are_refused():
    axes = {"m": ("epoch",)}
    control = (Frame("epoch", "Epoch", (0, 1, 2)),)
    with pytest.raises(ValueError, match=r"missing \['m'\]"):
        LiveFigure(PICTURE, control, FigureData({}, "none"))
    with pytest.raises(ValueError, match=r"arrays\['m'\]: expected leading axes \(3,\)"):
        LiveFigure(PICTURE, control, FigureData({"m": np.zeros((2, 2, 4))}, "none", axes))
    with pytest.raises(ValueError, match="expected frame controls"):
        LiveFigure(PICTURE, (), FigureData({"m": np.zeros((3, 2, 4))}, "none", axes))
    with pytest.raises(ValueError, match="summary: expected one entry"):
        LiveFigure(PICTURE, control, FigureData({"m": np.zeros((2, 4))}, ["one"], {"summary": ("epoch",)}))
    with pytest.raises(ValueError, match="expected real numbers"):
        Still(PICTURE, FigureData({"m": np.zeros((2, 4), complex)}, "none"))


def test_pictures_need_labels_and_a_text_alternative():
    marks = (HeatMap("m"),)
    with pytest.raises(ValueError, match="alt"):
        Picture("t", (Row((Panel("p", marks, Axis("a"), Axis("b")),)),), alt="short")
    with pytest.raises(ValueError, match="expected a label on both axes"):
        Picture("t", (Row((Panel("p", marks, Axis("a")),)),), alt="five words are needed here")
    with pytest.raises(ValueError, match="colours"):
        wrong = (HeatMap("m", colours="rainbow"),)
        Picture("t", (Row((Panel("p", wrong, Axis("a"), Axis("b")),)),), alt="five words are needed here")


@given(st.floats(-1e5, 1e5), st.floats(1e-3, 1e5), st.integers(2, 8))
@example(low=0.0, span=24999.999999999985, wanted=4)
def test_ticks_are_round_few_and_inside(low, span, wanted):
    ticks = nice_ticks(low, low + span, wanted)
    assert 1 <= len(ticks) <= wanted + 1
    assert all(low - 1e-6 * span <= t <= low + span * (1 + 1e-6) for t in ticks)
    assert "-0.0" not in map(str, ticks)


def test_axes_cover_all_frames_and_stand_still():
    picture = Picture(
        "t", (Row((Panel("p", (Lines("x", "y"),), Axis("a"), Axis("b")),)),), alt="lines for a test of limits"
    )
    data = FigureData({"x": np.arange(5), "y": np.array([[0.0] * 5, [7.0] * 5])}, "s", {"y": ("k",)})
    figure = LiveFigure(picture, (Frame("k", "K", (0, 1)),), data)
    low, high = panel_axes(picture.panels[0], figure.data)["y"]["limits"]
    assert low < 0 < 7 < high


def test_colour_tables_run_through_their_anchors():
    for name, anchors in MAPS.items():
        table = colour_table(name)
        assert table.shape == (256, 3)
        assert ["#" + bytes(table[k]).hex() for k in (0, -1)] == [anchors[0], anchors[-1]]
        assert np.array_equal(np.rint(colour_map(name)(np.arange(256))[:, :3] * 255), table)


def test_signed_colours_stay_apart_for_colour_blind_readers():
    # Brettel-like check made simple: blue minus yellow must fall all the way, whatever red and green do.
    table = colour_table("signed").astype(int)
    opponent = table[:, 2] - (table[:, 0] + table[:, 1]) / 2
    assert opponent[20] > 50 and opponent[-20] < -50 and abs(opponent[128]) < 10


def test_still_painter_draws_the_frame_that_is_set():
    figure, m = frames_figure()
    for k in range(3):
        axes = paint(PICTURE, figure.data, {"epoch": k}).axes[0]
        assert np.allclose(axes.images[0].get_array(), m[k])
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("time", "unit")


def test_output_has_picture_words_live_view_and_page():
    figure, _ = frames_figure(prediction=Prediction("Which?", ("a", "b"), 0, "Because."))
    bundle, metadata = figure._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/png", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert metadata["image/png"]["alt"].startswith(PICTURE.alt)
    assert "http" not in bundle["text/html"].replace("http://www.w3.org", "")
    again, _ = figure._repr_mimebundle_()
    view = "application/vnd.jupyter.widget-view+json"
    assert again[view] == bundle[view], "one figure, one widget"
    assert again["image/png"] == bundle["image/png"], "the same picture, the same bytes"


def test_still_pictures_carry_no_widget():
    still = Still(PICTURE, FigureData({"m": np.eye(2)}, "one"))
    bundle, _ = still._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/png", "text/html"}
    assert 'alt="A small heat map used by the tests. one"' in bundle["text/html"]


def test_page_keeps_texts_that_look_like_markup():
    picture = Picture("t </script><b>", PICTURE.rows, alt="a picture with </script> in its text")
    data = FigureData({"m": np.zeros((2, 2, 4))}, ["<b>", "</script>"], {"m": ("k",), "summary": ("k",)})
    page = to_html(LiveFigure(picture, (Frame("k", "K", (0, 1)),), data))
    assert page.count("</script>") == 2  # only the two that close the page's own scripts


def test_widget_answers_and_reports_errors_in_words():
    from helpers.live.widget import FigureWidget

    widget = FigureWidget(kernel_figure())
    sent = []
    widget.send = lambda content, buffers=None: sent.append((content, buffers))
    widget._answer(None, {"type": "compute", "request": 4, "values": {"gain": 1.2, "shape": "b"}}, [])
    assert sent[-1][0]["type"] == "data" and sent[-1][0]["request"] == 4 and len(sent[-1][1][0]) > 0
    assert widget.figure.summary == "gain 1.20 b"
    widget._answer(None, {"type": "compute", "request": 5, "values": {"gain": 1.8, "shape": "b"}}, [])
    assert sent[-1][0] == {
        "type": "error",
        "request": 5,
        "message": "The figure's function reports: RuntimeError: too much gain.",
    }
    assert widget.figure.summary == "gain 1.20 b", "the last good data stay"
    widget._answer(None, {"type": "compute", "request": 6, "values": {}}, [])
    assert sent[-1][0]["type"] == "error" and "gain" in sent[-1][0]["message"]


def test_widget_hears_hand_and_python():
    from helpers.live.widget import FigureWidget

    figure, _ = frames_figure()
    widget = FigureWidget(figure)
    widget.values = {"epoch": 1}  # as the browser tells it when the hand rests
    assert figure.values == {"epoch": 1} and figure.summary == "second"
    figure.set(epoch=2)
    assert widget.values == {"epoch": 2} and widget.moved == {"times": 1, "values": {"epoch": 2}}


def test_widget_keeps_what_the_picture_shows():
    """A page that is loaded again starts from the widget's own values and arrays: they must be those last seen."""
    from helpers.figures import hidden_state_explorer
    from helpers.live.widget import FigureWidget

    figure = hidden_state_explorer()
    start, widget = dict(figure.values), FigureWidget(figure)
    widget.send = lambda *message, **more: None
    moved = start | {"recurrent_gain": 1.5}
    widget._answer(None, {"type": "compute", "request": 1, "values": moved}, [])
    widget.values = moved  # as the browser tells it when the hand rests
    assert widget.header == figure.data.to_bytes(figure.picture)[0]
    assert widget.blob == figure.data.to_bytes(figure.picture)[1]
    widget._answer(None, {"type": "compute", "request": 2, "values": moved | {"recurrent_gain": 2.0}}, [])
    figure.set(recurrent_gain=1.5)  # where the widget still believes to be: the browser must hear of it
    assert widget.moved == {"times": 1, "values": moved} and widget.values == moved


@pytest.mark.parametrize("value", [None, np.inf, np.nan, np.ones(2), "0.5", True])
def test_moving_to_no_number_is_named(value):
    from helpers.figures import hidden_state_explorer

    figure = hidden_state_explorer()
    before = dict(figure.values)
    with pytest.raises(ValueError, match="recurrent_gain: expected a number"):
        figure.set(recurrent_gain=value)
    with pytest.raises(ValueError, match="time: expected"):
        figure.set(time=value)
    assert figure.values == before


def test_what_is_typed_sets_what_goes_with_it():
    from helpers.figures import hidden_state_explorer

    figure = hidden_state_explorer()
    figure.set(own="0 0 1 1")
    assert figure.values["shape"] == "my own"
    figure.set(own="0 1", shape="pulse")
    assert figure.values["shape"] == "pulse"


@pytest.mark.parametrize(
    "name", ["hidden_state_explorer", "decision_figure", "one_neuron_figure", "self_connection_figure"]
)
def test_a_start_for_no_control_is_named(name):
    from helpers import figures

    with pytest.raises(ValueError, match="speed: expected one of the controls .*, got 'speed'"):
        getattr(figures, name)(speed=1)


def test_fingerprint_is_stable_and_tells_pictures_apart():
    assert fingerprint(np.array([1.004, -0.0001])) == "2: 0.00 … 0.50 … 1.00"
    assert fingerprint(np.array([np.nan])) == "1, no finite value"
    assert fingerprint(np.eye(2)) != fingerprint(np.zeros((2, 2)))


def test_importing_helpers_is_light():
    code = (
        "import sys, helpers, helpers.figures, helpers.exercises;"
        "print([m for m in ('tensorflow', 'keras', 'matplotlib', 'anywidget') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


# ---- hands -------------------------------------------------------------------------------------------------------


def touched(moves, places=None, labels=(0, 10, 20), line=None):
    panel = Panel("p", (Lines("t", "y", moves=line),), Axis("epoch", moves=moves, places=places), Axis("loss"))
    picture = Picture("title", (Row((panel,)),), alt="a line that falls from left to right")
    return LiveFigure(picture, (Frame("epoch", "Epoch", labels),), FigureData({"t": [0, 1], "y": [2, 1]}, "s"))


def test_an_axis_moves_a_control_that_is_there_and_knows_its_places():
    assert touched("epoch").picture.to_json()["rows"][0]["panels"][0]["x"]["moves"] == "epoch"
    touched("epoch", places=(0, 1, 2), labels=("a", "b", "c"))
    touched(None, labels=("a", "b"))
    with pytest.raises(ValueError, match=r"expected a control of \['epoch'\], got 'time'"):
        touched("time")
    with pytest.raises(ValueError, match="expected a control of"):
        touched("epoch", line="unit")
    with pytest.raises(ValueError, match="expected places, because labels of 'epoch' are words"):
        touched("epoch", labels=("a", "b", "c"))
    with pytest.raises(ValueError, match="got 2 places for 3 positions of 'epoch'"):
        touched("epoch", places=(0, 1))


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        ({"x": Axis("kind", moves="kind")}, "expected places, because labels of 'kind' are words"),
        ({"x": Axis("x", moves="own")}, "expected 'own' to be a Frame or Choice or Number, got a Text"),
        ({"marks": (Points("t", "t", moves="gain"),)}, "expected 'gain' to be a Frame or Choice, got a Number"),
        (
            {"marks": (Handle("a", "a", (("kind", "t"),), "it"),)},
            "expected 'kind' to be a Frame or Number, got a Choice",
        ),
        ({"draw": "gain"}, "expected 'gain' to be a Text, got a Number"),
    ],
)
def test_what_cannot_be_moved_there_is_refused(panel, words):
    controls = (Number("gain", "Gain", 0, 1, 0.1, 0.5), Choice("kind", "Kind", ("a", "b"), "a"), Text("own", "Own"))
    panel = Panel(**({"title": "p", "marks": (Points("t", "t"),), "x": Axis("x"), "y": Axis("y")} | panel))
    picture = Picture("title", (Row((panel,)),), alt="a few points on a straight line")
    data = FigureData({"t": np.arange(3.0), "a": np.array(1.0)}, "s")
    with pytest.raises(ValueError, match=words):
        LiveFigure(picture, controls, compute=lambda gain, kind, own: data)


def test_a_handle_needs_its_arrays_and_controls():
    handle = Handle("x", "y", (("gain", "rule"),), "the point")
    picture = Picture("t", (Row((Panel("p", (handle,), Axis("x"), Axis("y")),)),), alt="one point that can be dragged")
    assert picture.arrays() == {"x", "y", "rule"}
    gain = Number("gain", "Gain", 0.0, 1.0, 0.1, 0.5)
    arrays = {"x": 0.5, "y": 0.5, "rule": [0.0, 1.0, 0.0]}
    figure = LiveFigure(picture, (gain,), compute=lambda gain: FigureData(arrays, "s"))
    assert figure.png()  # nothing is drawn of it, and nothing fails
    with pytest.raises(ValueError, match="missing"):
        LiveFigure(picture, (gain,), compute=lambda gain: FigureData({"x": 0.5, "y": 0.5}, "s"))


@pytest.mark.parametrize(
    "values", [(0.0, 1e-310), (0.0, 5e-324), (1.0, 1.0), (-1e308, 1e308), (1e16, 1e16 + 2), (1e-30, 3e-30)]
)
def test_any_span_has_limits_ticks_and_a_code(values):
    panel = Panel("p", (Points("x", "y"),), Axis("x"), Axis("y"))
    picture = Picture("t", (Row((panel,)),), alt="two points, near or far from each other")
    data = FigureData({"x": np.arange(2.0), "y": np.array(values)}, "s")
    figure = LiveFigure(picture, (), data)
    header, _ = figure.data.to_bytes(picture)
    axis = header["layout"][0]["y"]
    assert axis["limits"][0] < axis["limits"][1] and np.isfinite(axis["limits"]).all() and axis["ticks"]
    assert len({tick for tick, _ in axis["ticks"]}) == len(axis["ticks"]) <= 7
    entry, coded = encode(np.array(values))
    most = max(1e-300, (values[1] / 2 - values[0] / 2) / 30000, np.spacing(abs(values[1])))
    assert np.allclose(decode(entry, coded), values, rtol=0, atol=most)


def test_no_text_in_the_data_can_end_a_page():
    panel = Panel("p", (Points("x", "y"),), Axis("x"), Axis("y"))
    picture = Picture("<!--<script></script>]]>", (Row((panel,)),), alt="a point that stays where it is")
    control = Frame("k", "<b>", ("</script>", "<!--"))
    html = to_html(LiveFigure(picture, (control,), FigureData({"x": [0], "y": [0]}, "<!--")))
    (content,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.S)
    assert "<" not in content and json.loads(content)["picture"]["title"] == picture.title


# ---- painting ----------------------------------------------------------------------------------------------------


def test_the_readers_matplotlib_settings_change_no_picture():
    figure, _ = frames_figure()
    expected = figure.png()
    code = (
        "import hashlib, matplotlib.style, sys\n"
        "matplotlib.style.use('dark_background')\n"
        "own = {'text.usetex': True, 'font.size': 30, 'axes.grid': True, 'savefig.bbox': 'tight'}\n"
        "matplotlib.rcParams.update(own)\n"
        "from tests.live.test_live_figures import frames_figure\n"
        "figure, _ = frames_figure()\n"
        "assert matplotlib.rcParams['text.usetex'] and 'image/png' in figure._repr_mimebundle_()[0]\n"
        "print(hashlib.sha256(figure.png()).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == hashlib.sha256(expected).hexdigest(), done.stderr


def test_a_still_that_fails_takes_no_live_figure_along(monkeypatch, capsys):
    figure, _ = frames_figure()
    monkeypatch.setattr(LiveFigure, "png", lambda self: 1 / 0)
    bundle, _ = figure._repr_mimebundle_()
    assert "image/png" not in bundle and "live-figure" in bundle["text/html"]
    assert "still picture could not be painted (ZeroDivisionError" in capsys.readouterr().err


def log_figure(mark=None):
    panel = Panel("p", (mark or Lines("t", "y"),), Axis("lag"), Axis("gradient", log=True))
    picture = Picture("t", (Row((panel,)),), alt="a line that falls by powers of ten")
    return Still(picture, FigureData({"t": np.arange(9), "y": 10.0 ** -np.arange(0, 18, 2)}, "s"))


def test_a_log_axis_has_decades_and_carries_small_numbers():
    figure = log_figure()
    header, blob = figure.data.to_bytes(figure.picture)
    axis = header["layout"][0]["y"]
    assert [text for _, text in axis["ticks"]] == ["10⁻¹⁵", "10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "1"] and axis["minor"]
    entry = header["arrays"]["y"]
    sent = np.frombuffer(blob, "<f4", 9, entry["at"])
    assert entry["type"] == "float32" and np.allclose(sent, figure.data.arrays["y"], rtol=1e-6)
    assert paint(figure.picture, figure.data, {}).axes[0].get_yscale() == "log"
    with pytest.raises(ValueError, match="expected lines or points on a log axis, got bars"):
        log_figure(Bars("t", "y"))


@pytest.mark.parametrize(
    ("span", "ticks"),
    [
        ((1, 1000), [1, 10, 100, 1000]),
        ((2, 8), [2, 4, 6, 8]),
        ((1e-30, 1), [1e-30, 1e-25, 1e-20, 1e-15, 1e-10, 1e-5, 1]),
    ],
)
def test_decades(span, ticks):
    assert np.allclose(decades(*span)[0], ticks, rtol=1e-12, atol=0)


def test_planes_are_not_stretched_and_categories_have_their_own_colours():
    marks = (Points("x", "y", shade="kind", shade_names=("a", "b")),)
    panel = Panel("p", marks, Axis("real", limits=(-2, 2)), Axis("imaginary", limits=(-2, 2)), equal=True)
    picture = Picture("t", (Row((panel,), 300),), alt="points in a plane, in two colours")
    still = Still(picture, FigureData({"x": [0, 1.0], "y": [0, 1.0], "kind": [0, 1]}, "s"))
    drawn = paint(picture, still.data, {})
    drawn.canvas.draw()
    box = drawn.axes[0].get_window_extent()
    assert abs(box.width - box.height) < 1
    (dots,) = drawn.axes[0].collections
    assert [to_hex(colour) for colour in dots.get_facecolors()] == list(LINES[:2])


def test_titles_and_colour_bars_of_stills_stand_close_to_their_axes():
    film = Panel("film", (HeatMap("m", label="ink"),), Axis("column"), Axis("row"), equal=True)
    named = Panel("named", (Lines("t", "y", tuple("abcd")),), Axis("time"), Axis("value"))
    picture = Picture("Both", (Row((film, named)),), alt="A film of four pixels, and four lines.")
    arrays = {"m": np.eye(4), "t": np.arange(3), "y": np.ones((4, 3))}
    figure = paint(picture, FigureData(arrays, "Four."), {})
    figure.canvas.draw()
    wide, pixel = [ax.get_window_extent() for ax in figure.axes], figure.dpi / 100
    above = [(ax.title.get_window_extent().y0 - box.y1) / pixel for ax, box in zip(figure.axes, wide, strict=True)]
    assert above[0] < 15 and 15 < above[1] < 30, "four names stand in one line between title and axes"
    (bar,) = (child.get_window_extent() for child in figure.axes[0].child_axes)
    assert 8 < bar.width / pixel < 16 and 5 < (bar.x0 - wide[0].x1) / pixel < 16
