"""What hands do on a figure: click, hover, drag, tap, keys; in a page without a kernel and in JupyterLab."""

import json

import nbformat
import numpy as np
import pytest

from helpers.live import Axis, FigureData, Frame, HeatMap, Lines, LiveFigure, Panel, Picture, Points, Prediction, Row
from helpers.live.page import to_html
from tests.browser.jupyter import LiveFigureOnPage, NotebookPage, wait_until

T, H = 12, 5
CELLS = (
    "from helpers import figures\nfigures.decision_figure(w1=1.0, w2=0.5)",
    "figures.hidden_state_explorer()",
    "import os, signal",
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


def test_an_answer_by_keyboard_leads_to_the_first_control(chromium, tmp_path):
    context = chromium.new_context()
    question = Prediction("Which one?", ("this one", "that one"), 0, "It is this one.")
    opened = open_page(context, tmp_path, two_panels(question)[0])
    opened.page.locator(".live-figure-answers button").first.focus()
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("document.activeElement.closest('[data-control]').dataset.control") == "epoch"
    context.close()


def test_fingers_tap_scrub_and_scroll(chromium, tmp_path):
    context = chromium.new_context(viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    opened = open_page(context, tmp_path, two_panels()[0])
    opened.figure.settled()
    opened.page.touchscreen.tap(*opened.at(0, 4.5 / T, 2.5 / H))
    opened.drawn(time=4, unit=2)
    client = context.new_cdp_session(opened.page)

    def swipe(start, end, steps=8):
        touch = lambda kind, *points: client.send(  # noqa: E731
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )
        touch("touchStart", start)
        for k in range(1, steps + 1):
            touch("touchMove", tuple(a + (b - a) * k / steps for a, b in zip(start, end, strict=True)))
            opened.page.wait_for_timeout(20)  # as a hand does: the browser scrolls with its frames
        touch("touchEnd")
        opened.page.wait_for_timeout(300)

    swipe(opened.at(0, 0.2, 0.5), opened.at(0, 0.8, 0.5))
    assert opened.figure.drawn()["time"] == 9 and opened.page.evaluate("window.scrollY") == 0
    before, place = opened.figure.drawn(), opened.at(0, 0.3, 0.9)
    swipe(place, (place[0], place[1] - 200))
    assert opened.page.evaluate("window.scrollY") > 50 and opened.figure.drawn() == before
    slider = opened.figure.control("time").bounding_box()
    assert slider["height"] >= 24
    context.close()


@pytest.fixture(scope="module")
def lab(chromium, server, lab_folder):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, lab_folder / "hands.ipynb")
    notebook = NotebookPage(chromium.new_page(viewport={"width": 1280, "height": 1000}), server, "hands.ipynb")
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


def test_drawing_by_finger_writes_only_when_it_goes_sideways(lab):
    hands = of(lab, "Hidden-state explorer")
    hands.page.mouse.move(*hands.at(0, 0.2, 0.2))
    hands.page.mouse.down()
    hands.page.mouse.move(*hands.at(0, 0.6, 0.7), steps=6)
    hands.page.mouse.up()
    hands.figure.settled()
    assert len(hands.figure.drawn()["own"].split()) > 8 and hands.figure.drawn()["shape"] == "my own"
    before = hands.figure.drawn()["own"]
    send = """(canvas, [kind, x, y]) => { const box = canvas.getBoundingClientRect();
      canvas.dispatchEvent(new PointerEvent(kind, { pointerType: 'touch', pointerId: 9, bubbles: true, buttons: 1,
        clientX: x, clientY: y })); }"""
    x, y = hands.at(0, 0.4, 0.2)
    hands.figure.canvas.evaluate(send, ["pointerdown", x, y])
    hands.figure.canvas.evaluate(send, ["pointermove", x + 1, y + 30])
    hands.figure.canvas.evaluate(send, ["pointercancel", x + 1, y + 60])  # the browser scrolls
    hands.figure.settled()
    assert hands.figure.drawn()["own"] == before
    assert hands.figure.canvas.evaluate("(node) => getComputedStyle(node).touchAction") == "pan-y pinch-zoom"


def test_a_kernel_that_dies_under_a_request_is_told_of(lab):
    hands = of(lab, "One artificial neuron")
    lab.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute("
        "{ code: 'import time; time.sleep(1.5); os.kill(os.getpid(), signal.SIGKILL)' })"
    )
    wait_until(lambda: lab.kernel_status() == "busy", 10, "the cell that ends the kernel")
    hands.figure.control("bias").focus()
    hands.page.keyboard.press("ArrowRight")
    assert hands.place.get_attribute("data-waiting") == "true"
    wait_until(lambda: "run the notebook's cells again" in hands.figure.alert, 30, "word of the lost kernel")
    assert hands.place.get_attribute("data-waiting") == "false"
    lab.wait_for_kernel()
    hands.page.keyboard.press("ArrowRight")
    hands.page.wait_for_timeout(200)
    assert "run the notebook's cells again" in hands.figure.alert
    assert json.loads(hands.place.get_attribute("data-drawn"))["w1"] > 1.0  # the last picture stays
