"""What hands do on a figure: click, hover, drag, tap, keys; in a page without a kernel and in JupyterLab."""

import nbformat
import numpy as np
import pytest

from helpers.live import Axis, FigureData, Frame, HeatMap, Lines, LiveFigure, Panel, Picture, Points, Prediction, Row
from helpers.live.page import to_html
from tests.browser.jupyter import LiveFigureOnPage, NotebookPage, wait_until

T, H = 12, 5
CELLS = (
    "from helpers import figures\nfigures.decision_figure(w1=1.0, w2=0.5)",
    """
import os, signal, threading, time
import numpy as np
from helpers.live import *
def compute(a, b, own, kind):
    time.sleep(5 if b == 3 else 0.15)
    numbers = ([float(word) for word in own.split()] + [0.0] * 10)[:10]
    arrays = {"t": np.arange(1, 11), "drawn": np.array(numbers), "now": np.arange(1, 11), "a": np.array(a),
              "b": np.array(b), "to_a": np.array([0.0, 1.0, 0.0]), "to_b": np.array([0.0, 0.0, 1.0]),
              "kinds": np.arange(3), "ones": np.ones(3)}
    return FigureData(arrays, f"a {a:.1f}, b {b:.1f}, {kind}", {"now": ("time",)})
row = Row((
    Panel("Draw", (Lines("t", "drawn"), Cursor(x="now")), Axis("time step", limits=(0.5, 10.5), moves="time"),
          Axis("input", limits=(-1, 1)), draw="own"),
    Panel("Place", (Handle("a", "b", (("a", "to_a"), ("b", "to_b")), "the point"),),
          Axis("a", limits=(-2, 2)), Axis("b", limits=(-2, 2))),
    Panel("Kinds", (Bars("kinds", "ones"),), Axis("kind", ticks=((0, "plain"), (1, "LSTM"), (2, "GRU")), moves="kind",
          places=(0, 1, 2)), Axis("share", limits=(0, 2))),
))
controls = (Frame("time", "Time step", tuple(range(1, 11))), Number("a", "Number a", -3, 3, 0.1, 0),
            Number("b", "Number b", -3, 3, 0.1, 0), Choice("kind", "Kind", ("plain", "LSTM", "GRU"), "plain"),
            Text("own", "My own"))
LiveFigure(Picture("Slow", (row,), alt="three small panels that a slow function fills"), controls, compute=compute)""",
)


def two_panels(prediction=None):
    """A heat map and a loss curve; the title keeps a text that would end a script, or begin a comment in one."""
    m = np.random.default_rng(0).uniform(-1, 1, (3, H, T))
    picture = Picture(
        "Two panels <!--<script></script>",
        (
            Row(
                (
                    Panel(
                        "States",
                        (HeatMap("m", label="state", first=(1, 1)),),
                        Axis("time step", moves="time"),
                        Axis("unit", moves="unit"),
                    ),
                    Panel(
                        "Loss",
                        (Lines("epochs", "loss"), Points("epochs", "loss", moves="epoch")),
                        Axis("epoch", moves="epoch", places=(0, 10, 20)),
                        Axis("loss"),
                    ),
                )
            ),
        ),
        alt="A heat map of states beside a curve of the loss",
    )
    data = FigureData(
        {"m": m, "epochs": np.array([0, 10, 20]), "loss": np.array([3.0, 2.0, 1.0])}, "A summary.", {"m": ("epoch",)}
    )
    controls = (
        Frame("epoch", "Epoch", (0, 10, 20)),
        Frame("time", "Time step", tuple(range(1, T + 1))),
        Frame("unit", "Unit", tuple(range(1, H + 1))),
    )
    return LiveFigure(picture, controls, data, prediction=prediction), m


AREA = """(root, index) => {
  const box = root.querySelector('.live-figure-canvas').getBoundingClientRect(), area = root.areas()[index];
  return Object.fromEntries(Object.entries({ left: box.left + area.left, right: box.left + area.right,
    top: box.top + area.top, bottom: box.top + area.bottom }));
}"""


class Hands:
    """A figure on a page, with places in its panels given as parts of their width and height."""

    def __init__(self, page, place):
        self.page, self.place, self.figure = page, place, LiveFigureOnPage(page, place)

    def at(self, panel, across, down):
        area = self.place.evaluate(AREA, panel)
        return (
            area["left"] + across * (area["right"] - area["left"]),
            area["top"] + down * (area["bottom"] - area["top"]),
        )

    @property
    def words(self):
        self.page.wait_for_timeout(50)
        return self.place.locator(".live-figure-reading").inner_text()

    def drawn(self, **values):
        for name, value in values.items():
            self.figure.wait_drawn(name, value)


def open_page(context, folder, figure):
    head = "<!doctype html><meta charset=utf8><meta name=viewport content='width=device-width'>"
    (folder / "page.html").write_text(f"{head}{to_html(figure)}<div style='height: 900px'>", "utf-8")
    page = context.new_page()
    page.goto((folder / "page.html").as_uri())
    return Hands(page, page.locator(".live-figure"))


@pytest.fixture
def hands(chromium, tmp_path):
    context = chromium.new_context(viewport={"width": 1000, "height": 700})
    opened = open_page(context, tmp_path, two_panels()[0])
    opened.figure.settled()
    yield opened
    context.close()


def test_hover_reads_values_off_and_moves_nothing(hands):
    before = hands.figure.drawn()
    assert "Click in the picture" in hands.words
    hands.page.mouse.move(*hands.at(0, 2.5 / T, 1.5 / H))
    value = f"{float(f'{two_panels()[1][0, 1, 2]:.3g}'):g}".replace("-", "\u2212")
    assert hands.words.startswith("time step 3 · unit 2 · state ") and hands.words.endswith(value[:5])
    hands.page.mouse.move(*hands.at(1, 0.5, 0.5))
    assert hands.words == "epoch 10 · loss 2"
    hands.page.mouse.move(2, 2)
    assert "Click in the picture" in hands.words and hands.figure.drawn() == before


def test_a_click_moves_the_controls_of_both_axes_and_dragging_scrubs(hands):
    hands.page.mouse.click(*hands.at(0, 6.5 / T, 3.5 / H))
    hands.drawn(time=6, unit=3)
    assert hands.figure.control("time").input_value() == "6"
    hands.page.mouse.move(*hands.at(1, 0.05, 0.3))
    hands.page.mouse.down()
    hands.page.mouse.move(*hands.at(1, 0.95, 0.6), steps=4)
    hands.page.mouse.up()
    hands.drawn(epoch=2, time=6)
    hands.page.mouse.move(*hands.at(1, 0.05, 0.3))  # no button is down any more
    assert hands.figure.drawn()["epoch"] == 2


def test_hovering_marks_the_same_place_in_linked_panels_without_drawing_the_picture_anew(hands):
    count = "(root) => root.dataset.draws"
    ink = """(root) => { const c = root.querySelector('.live-figure-overlay');
      return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v) => v).length; }"""
    drawn, nothing = hands.place.evaluate(count), hands.place.evaluate(ink)
    hands.page.mouse.move(*hands.at(0, 0.5, 0.5))
    hands.page.wait_for_timeout(60)
    assert nothing == 0 and hands.place.evaluate(ink) > 0 and hands.place.evaluate(count) == drawn


def test_keys_read_and_go_and_stay_in_the_figure(hands):
    hands.page.evaluate("window.heard = []; document.addEventListener('keydown', (e) => window.heard.push(e.key))")
    hands.figure.canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        hands.page.keyboard.press(key)
    assert hands.words.startswith("time step 2 · unit 2")
    assert hands.place.locator(".live-figure-reading").get_attribute("aria-live") == "polite"
    hands.page.keyboard.press("Enter")
    hands.drawn(time=1, unit=1)
    hands.page.keyboard.press("PageDown")
    hands.page.keyboard.press("ArrowRight")
    assert hands.words == "epoch 10 · loss 2"
    assert hands.page.evaluate("window.heard") == []
    hands.page.keyboard.press("Tab")
    assert not hands.figure.canvas.evaluate("(node) => node === document.activeElement")


def test_numbers_are_read_exactly_and_rows_as_their_control_calls_them(chromium, tmp_path):
    """Years are not rounded, row 2 is epoch 40, small numbers keep their digits, and a coded 0 is 0."""
    years, epochs = np.arange(1749.0, 1800.0), (0, 20, 40)
    marks = (Lines("years", "spots"),), (HeatMap("m", label="state"),), (Points("years", "odds"),)
    panels = (
        Panel("Spots", marks[0], Axis("year"), Axis("sunspots")),
        Panel("Rows", marks[1], Axis("time step t"), Axis("epoch", moves="epoch", places=(0, 1, 2))),
        Panel("Odds", marks[2], Axis("year", limits=(1740, 1810)), Axis("probability", log=True)),
    )
    picture = Picture("Numbers", (Row(panels),), alt="three panels with years, epochs and small numbers")
    arrays = {"years": years, "spots": years * 3.0 + 0.5, "m": np.array([[0.0, -1.0], [0.0, 0.4], [0.0, 0.7]])}
    arrays["odds"] = np.geomspace(1e-8, 1, 51)
    figure = LiveFigure(picture, (Frame("epoch", "Epoch", epochs),), FigureData(arrays, "A summary."))
    opened = open_page(chromium.new_context(viewport={"width": 1000, "height": 700}), tmp_path, figure)
    opened.figure.settled()
    opened.page.mouse.move(*opened.at(0, 0.0, 0.5))
    assert opened.words == "year 1749 · sunspots 5247.5"
    opened.page.mouse.move(*opened.at(1, 0.2, 0.9))
    assert opened.words == "time step t = 0 · epoch 40 · state 0"
    opened.page.mouse.click(*opened.at(1, 0.2, 0.9))
    opened.drawn(epoch=2)
    area = opened.place.evaluate(
        "(root) => { const a = root.areas()[2]; return [a.sx(1750), a.sy(1e-8 * 10 ** 0.16)] }"
    )
    box = opened.figure.canvas.bounding_box()
    opened.page.mouse.move(box["x"] + area[0], box["y"] + area[1])
    assert opened.words == "year 1750 · probability 1.45·10⁻⁸"
    opened.page.mouse.move(*opened.at(2, 0.9, 0.95))  # nothing is near, and no axis leads anywhere
    assert "Point at the picture" in opened.words
    opened.page.context.close()


def test_an_answer_by_keyboard_leads_to_the_first_control(chromium, tmp_path):
    context = chromium.new_context()
    question = Prediction("Which one?", ("this one", "that one"), 0, "It is this one.")
    opened = open_page(context, tmp_path, two_panels(question)[0])
    opened.page.locator(".live-figure-answers button").first.focus()
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("document.activeElement.closest('[data-control]').dataset.control") == "epoch"
    context.close()


def swipe(page, start, end, steps=8):
    """A finger goes from `start` to `end`; the browser may take it for scrolling."""
    client = page.context.new_cdp_session(page)

    def touch(kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    for k in range(1, steps + 1):
        touch("touchMove", tuple(a + (b - a) * k / steps for a, b in zip(start, end, strict=True)))
        page.wait_for_timeout(20)  # as a hand does: the browser scrolls with its frames
    touch("touchEnd")
    page.wait_for_timeout(300)
    client.detach()


def test_fingers_tap_scrub_and_scroll(chromium, tmp_path):
    context = chromium.new_context(viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    opened = open_page(context, tmp_path, two_panels()[0])
    opened.figure.settled()
    opened.page.touchscreen.tap(*opened.at(0, 4.5 / T, 2.5 / H))
    opened.drawn(time=4, unit=2)
    assert opened.words.startswith("time step 5 · unit 3 · state "), "what a tap has read stays"
    words = opened.place.locator(".live-figure-reading")
    assert words.evaluate("(node) => node.scrollHeight <= node.clientHeight"), "no value is cut off"
    swipe(opened.page, opened.at(0, 0.2, 0.5), opened.at(0, 0.8, 0.5))
    assert opened.figure.drawn()["time"] == 9 and opened.page.evaluate("window.scrollY") == 0
    before, place = opened.figure.drawn(), opened.at(0, 0.3, 0.9)
    swipe(opened.page, place, (place[0], place[1] - 200))
    assert opened.page.evaluate("window.scrollY") > 50 and opened.figure.drawn() == before
    slider = opened.figure.control("time").bounding_box()
    assert slider["height"] >= 24
    context.close()


@pytest.fixture(scope="module")
def lab(chromium, server, lab_folder):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, lab_folder / "hands.ipynb")
    notebook = NotebookPage(
        chromium.new_page(viewport={"width": 1280, "height": 1000}, has_touch=True), server, "hands.ipynb"
    )
    notebook.run_all()
    assert notebook.failed_outputs() == []
    return notebook


def of(lab, title):
    place = next(one for one in lab.figures() if one.title.startswith(title)).place
    place.evaluate("(node) => node.scrollIntoView()")
    return Hands(lab.page, place)


def test_a_line_is_dragged_with_the_mouse_and_with_keys(lab):
    hands = of(lab, "One artificial neuron")
    line, arrow = hands.place.locator(".live-figure-handle").all()
    box = line.bounding_box()
    start = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    hands.page.mouse.move(*start)
    hands.page.mouse.down()
    hands.page.mouse.move(start[0] + 40, start[1], steps=5)
    hands.page.mouse.up()
    hands.figure.settled()
    moved = hands.figure.drawn()
    assert moved["bias"] < -0.2 and moved["w1"] == 1.0  # the line went to the right
    arrow.focus()
    hands.page.keyboard.press("ArrowRight")
    wait_until(lambda: hands.figure.drawn()["w1"] > 1.0, 10, "a larger first weight")
    hands.figure.settled()


def test_a_click_where_one_can_draw_moves_the_control_and_a_drag_draws(lab):
    hands = of(lab, "Slow")
    hands.page.mouse.click(*hands.at(0, 0.65, 0.5))
    hands.drawn(time=6)
    assert hands.figure.drawn()["own"] == ""
    hands.page.mouse.move(*hands.at(0, 0.25, 0.25))
    hands.page.mouse.down()
    hands.page.mouse.move(*hands.at(0, 0.75, 0.25), steps=6)
    hands.page.mouse.up()
    hands.figure.settled()
    numbers = hands.figure.drawn()["own"].split()
    assert len(numbers) == 8 and numbers[:2] == ["0", "0"] and all(0.45 < float(n) < 0.55 for n in numbers[2:])
    assert hands.figure.drawn()["time"] == 6


def test_a_finger_draws_sideways_and_scrolls_up_and_down(lab):
    hands = of(lab, "Slow")
    before = hands.figure.drawn()["own"]
    x, y = hands.at(0, 0.15, 0.75)
    swipe(lab.page, (x, y), (x + 3, y - 90))
    hands.figure.settled()
    assert hands.figure.drawn()["own"] == before
    place = hands.at(0, 0.15, 0.75)
    end = hands.at(0, 0.95, 0.75)
    swipe(lab.page, place, (end[0], end[1] - 12))  # a hand is no ruler
    hands.figure.settled()
    numbers = hands.figure.drawn()["own"].split()
    assert len(numbers) == 10 and all(float(n) < 0 for n in numbers[1:])


def test_a_bar_leads_to_the_choice_that_it_stands_for(lab):
    hands = of(lab, "Slow")
    hands.page.mouse.click(*hands.at(2, 0.9, 0.9))
    hands.drawn(kind="GRU")
    assert hands.figure.control("kind").input_value() == "GRU" and hands.words.startswith("kind GRU")


def test_a_handle_keeps_up_with_held_keys_and_with_the_hand(lab):
    hands = of(lab, "Slow")
    handle = hands.place.locator(".live-figure-handle")
    handle.focus()
    for _ in range(6):
        hands.page.keyboard.press("ArrowRight")
    hands.drawn(a=0.6, b=0)
    assert handle.get_attribute("aria-valuetext") == "Number a 0.6, Number b 0.0"
    box, goal = handle.bounding_box(), hands.at(1, 0.25, 0.25)
    hands.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    hands.page.mouse.down()
    hands.page.mouse.move(*goal, steps=4)
    hands.page.mouse.up()
    box = handle.bounding_box()
    assert abs(box["x"] + box["width"] / 2 - goal[0]) < 3, "it waits at the hand, not where the old picture has it"
    hands.drawn(a=-1.0, b=1.0)
    for _ in range(30):  # out of the panel: where the focus is something must be seen
        hands.page.keyboard.press("ArrowLeft")
    hands.figure.settled()
    assert hands.figure.drawn()["a"] == -3 and handle.is_visible()
    assert handle.evaluate("(node) => node === document.activeElement")


def test_a_kernel_that_dies_under_a_request_is_told_of(lab):
    hands, other = of(lab, "Slow"), of(lab, "One artificial neuron")
    before, drawn = hands.figure.drawn(), other.figure.drawn()
    lab.page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute("
        "{ code: 'threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGKILL)).start()' }) }"
    )
    to = """(node, value) => { node.value = value; node.dispatchEvent(new Event('input', { bubbles: true })); }"""
    hands.figure.control("b").evaluate(to, 3)  # its function takes five seconds for this one
    assert hands.place.get_attribute("data-waiting") == "true"
    for one in (hands, other):
        wait_until(lambda: "run the notebook's cells again" in one.figure.alert, 30, "word of the lost kernel")  # noqa: B023
        assert one.place.get_attribute("data-waiting") == "false"
    lab.wait_for_kernel()
    other.figure.control("bias").evaluate(to, 2)
    lab.page.wait_for_timeout(200)
    assert "run the notebook's cells again" in other.figure.alert and other.figure.drawn() == drawn
    hands.figure.control("time").evaluate(to, 2)  # what needs no kernel goes on
    hands.figure.wait_drawn("time", 2, 5)
    assert hands.figure.drawn()["b"] == before["b"], "the last picture stays"
