"""What a live figure must do in a real browser, on small figures of the tests' own."""

import json

import nbformat
import numpy as np
import pytest

from helpers.live.colours import colour_table
from helpers.live.controls import Frame, Prediction
from helpers.live.description import Arrows, Axis, Bars, Cursor, HeatMap, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.page import to_html
from tests.browser.jupyter import LiveFigureOnPage, NotebookPage, wait_until

CELLS = (
    """
import numpy as np
from helpers.live.controls import Choice, Frame, Number, Text
from helpers.live.description import Axis, Cursor, HeatMap, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
panel = Panel("map", (HeatMap("m", label="value"), Cursor(x="now")), Axis("time"), Axis("unit"))
picture = Picture("Frames", (Row((panel,)),), alt="a heat map that changes with the epoch")
m = np.random.default_rng(0).uniform(-1, 1, (101, 6, 20))
data = FigureData({"m": m, "now": np.arange(20)}, [f"epoch {k}" for k in range(101)],
                  {"m": ("epoch",), "now": ("time",), "summary": ("epoch",)})
frames = LiveFigure(picture, (Frame("epoch", "Epoch", tuple(range(101)), play=True, period=30),
                              Frame("time", "Time", tuple(range(20)))), data)
frames""",
    """
calls = []
def compute(gain):
    calls.append(gain)
    if gain > 1.9:
        raise RuntimeError("the gain is too large for this test")
    return FigureData({"m": m[0] * gain / 2, "now": np.zeros(())}, f"gain {gain:.2f}")
kernel = LiveFigure(Picture("Kernel", picture.rows, alt="a heat map that the kernel computes"),
                    (Number("gain", "Gain", 0, 2, 0.01, 1.0),), compute=compute)
kernel""",
)


@pytest.fixture(scope="module")
def lab(chromium, server, lab_folder):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, lab_folder / "figures.ipynb")
    page = chromium.new_context(viewport={"width": 1280, "height": 1400}, device_scale_factor=2).new_page()
    notebook = NotebookPage(page, server, "figures.ipynb")
    notebook.run_all()
    assert notebook.failed_outputs() == []
    return notebook


@pytest.fixture
def frames(lab):
    return next(figure for figure in lab.figures() if figure.title == "Frames")


@pytest.fixture
def kernel(lab):
    return next(figure for figure in lab.figures() if figure.title == "Kernel")


def move(figure, name, value):
    figure.control(name).evaluate(
        "(node, value) => { node.value = value; node.dispatchEvent(new Event('input', {bubbles: true})); }", value
    )


def matrix():
    return np.random.default_rng(0).uniform(-1, 1, (101, 6, 20))


CELL_COLOUR = """(canvas, [row, column, rows, columns]) => {
  // The map's extent: canvas columns and rows in which strong colours are frequent; the colour bar stands apart, right.
  const { width, height } = canvas, { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const strong = (x, y) => {
    const i = 4 * (y * width + x), [r, g, b] = [data[i], data[i + 1], data[i + 2]];
    return data[i + 3] && Math.max(r, g, b) - Math.min(r, g, b) > 30;
  };
  const frequent = (n, m, at) => [...Array(n).keys()].filter((i) => {
    let count = 0;
    for (let j = 0; j < m; j += 5) count += at(i, j);
    return count > 0.3 * m / 5;
  });
  const ys = frequent(height, width, (y, x) => strong(x, y)), xs = frequent(width, height, strong);
  const gap = xs.findIndex((x, k) => k > xs.length / 2 && x - xs[k - 1] > 8), end = xs[(gap < 0 ? xs.length : gap) - 1];
  const x = Math.floor(xs[0] + (column + 0.5) * (end - xs[0] + 1) / columns);
  const y = Math.floor(ys[0] + (row + 0.5) * (ys[ys.length - 1] - ys[0] + 1) / rows);
  return [...data.slice(4 * (y * width + x), 4 * (y * width + x) + 3)];
}"""


def cell_colour(figure, row, column, rows=6, columns=20):
    """The colour at the middle of a cell of a figure's only heat map."""
    return np.array(figure.canvas.evaluate(CELL_COLOUR, [row, column, rows, columns]))


def test_canvas_shows_the_colours_of_the_data(frames):
    move(frames, "epoch", 7)
    move(frames, "time", 19)  # the cursor out of the way
    frames.wait_drawn("epoch", 7)
    frames.wait_drawn("time", 19)
    table = colour_table("signed").astype(int)
    for row, column in ((0, 1), (2, 5), (5, 17), (3, 10)):
        value = matrix()[7, row, column]
        expected = table[min(255, int((value + 1) / 2 * 256))]
        assert np.abs(cell_colour(frames, row, column) - expected).max() <= 6, (row, column)


def test_sharp_on_a_dense_screen(frames):
    assert frames.canvas.evaluate("(c) => c.width / c.clientWidth") == pytest.approx(2, abs=0.01)


def test_names_values_and_words_for_people_who_do_not_see(frames):
    slider = frames.control("epoch")
    move(frames, "epoch", 12)
    assert slider.get_attribute("aria-valuetext") == "12"
    assert frames.place.get_by_label("Epoch", exact=True).count() == 1
    assert frames.canvas.get_attribute("aria-label") == "a heat map that changes with the epoch"
    wait_until(lambda: frames.summary == "epoch 12", 5, "the summary")
    assert frames.place.locator(".live-figure-summary").get_attribute("aria-live") == "polite"


def test_fast_scrub_ends_on_the_right_frame(lab, frames):
    slider = frames.control("epoch")
    slider.focus()
    slider.press("Home")
    frames.wait_drawn("epoch", 0)
    slider.evaluate(
        "async (node) => { for (let k = 1; k <= 100; k++) { node.value = k;"
        " node.dispatchEvent(new Event('input', {bubbles: true})); await new Promise((d) => setTimeout(d, 5)); } }"
    )
    frames.wait_drawn("epoch", 100, 2)
    fast = frames.pixels()
    move(frames, "epoch", 50)
    frames.wait_drawn("epoch", 50)
    move(frames, "epoch", 100)
    frames.wait_drawn("epoch", 100)
    assert frames.pixels() == fast


def test_play_walks_and_stops(frames):
    move(frames, "epoch", 0)
    button = frames.place.get_by_role("button", name="Play Epoch")
    button.click()
    wait_until(lambda: frames.drawn()["epoch"] > 5, 10, "a few played frames")
    frames.place.get_by_role("button", name="Pause Epoch").click()
    stopped = frames.drawn()["epoch"]
    frames.page.wait_for_timeout(200)
    assert frames.drawn()["epoch"] - stopped <= 1


def test_arrow_keys_stay_with_the_slider(lab, frames):
    active = "() => [...document.querySelectorAll('.jp-Cell')].findIndex((c) => c.classList.contains('jp-mod-active'))"
    slider = frames.control("epoch")
    slider.focus()
    before = lab.page.evaluate(active)
    for _ in range(3):
        lab.page.keyboard.press("ArrowDown")
    assert lab.page.evaluate(active) == before


def test_kernel_control_skips_stale_values_and_ends_on_the_newest(lab, kernel):
    move(kernel, "gain", 1.0)
    kernel.wait_drawn("gain", 1)
    kernel.control("gain").evaluate(
        "(node) => { for (let k = 1; k <= 80; k++) { node.value = 1 + k / 100;"
        " node.dispatchEvent(new Event('input', {bubbles: true})); } }"
    )
    kernel.wait_drawn("gain", 1.8)
    assert kernel.summary == "gain 1.80"


def test_error_in_the_figures_function_is_shown_and_the_picture_stays(kernel):
    move(kernel, "gain", 1.2)
    kernel.wait_drawn("gain", 1.2)
    picture = kernel.pixels()
    move(kernel, "gain", 1.95)
    wait_until(lambda: "the gain is too large for this test" in kernel.alert, 10, "the error in words")
    assert kernel.pixels() == picture and kernel.summary == "gain 1.20"
    move(kernel, "gain", 1.3)
    kernel.wait_drawn("gain", 1.3)
    assert kernel.alert == ""


def test_theme_changes_the_ink(lab, frames):
    before = frames.pixels()
    lab.page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    wait_until(lambda: frames.pixels() != before, 10, "the dark picture")
    lab.page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
    wait_until(lambda: frames.pixels() == before, 10, "the light picture")


def test_frames_move_without_the_kernel_and_kernel_controls_say_so(lab, frames, kernel):
    lab.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown().catch(() => null)"
    )
    wait_until(lambda: lab.kernel_status() in (None, "dead", "unknown"), 30, "the end of the kernel")
    before = frames.pixels()
    move(frames, "epoch", 33)
    frames.wait_drawn("epoch", 33, 5)
    assert frames.pixels() != before and frames.summary == "epoch 33"
    if kernel.canvas.count():
        move(kernel, "gain", 0.4)
        wait_until(lambda: "kernel" in kernel.alert, 10, "words that the kernel does not answer")


def small_figure(**options):
    panel = Panel("map", (HeatMap("m", label="value"), Cursor(x="now")), Axis("time"), Axis("unit"))
    picture = Picture("A page", (Row((panel, panel)),), alt="two heat maps in a page of the tests")
    data = FigureData(
        {"m": matrix(), "now": np.arange(20)},
        [f"epoch {k}" for k in range(101)],
        {"m": ("epoch",), "now": ("time",), "summary": ("epoch",)},
    )
    controls = (Frame("epoch", "Epoch", tuple(range(101))), Frame("time", "Time", tuple(range(20))))
    return LiveFigure(picture, controls, data, **options)


def test_page_from_a_file_works_offline_and_asks_for_a_prediction_first(chromium, tmp_path):
    question = Prediction("Will it change?", ("yes", "no"), 0, "It has 101 frames.")
    (tmp_path / "page.html").write_text(f"<meta charset=utf8>{to_html(small_figure(prediction=question))}", "utf-8")
    context = chromium.new_context(viewport={"width": 800, "height": 900}, offline=True)
    page = context.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((tmp_path / "page.html").as_uri())
    figure = LiveFigureOnPage(page, page.locator(".live-figure"))
    assert not figure.canvas.is_visible(), "the figure must wait for the reader's prediction"
    page.get_by_role("button", name="no", exact=True).click()
    figure.settled()
    page.get_by_text("Was I right?").click()
    assert "Not quite: yes" in page.locator("details").inner_text()
    before = figure.pixels()
    move(figure, "epoch", 64)
    figure.wait_drawn("epoch", 64)
    assert figure.pixels() != before and figure.summary == "epoch 64"
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == [] and errors == []
    context.close()


def test_panels_stand_under_each_other_where_it_is_narrow(chromium, tmp_path):
    (tmp_path / "page.html").write_text(f"<meta charset=utf8>{to_html(small_figure())}", "utf-8")
    heights = {}
    for width in (420, 1000):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.goto((tmp_path / "page.html").as_uri())
        figure = LiveFigureOnPage(page, page.locator(".live-figure"))
        figure.settled()
        heights[width] = figure.canvas.bounding_box()["height"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()
    assert heights[420] == pytest.approx(2 * heights[1000])


DARK = "<style>:root { --jp-layout-color0: #111; --jp-ui-font-color1: #ddd }</style>"


def drawn_page(chromium, tmp_path, picture, arrays, style=""):
    """A page of its own with one picture on it, and every text that is drawn noted in `texts`."""
    control = Frame("row", "Row", tuple(range(128)), value=64)
    figure = LiveFigure(picture, (control,), FigureData(arrays, "a picture of the tests", {"row": ("row",)}))
    (tmp_path / "page.html").write_text(f"<meta charset=utf8>{style}{to_html(figure)}", "utf-8")
    page = chromium.new_page(viewport={"width": 800, "height": 900})
    page.add_init_script("""window.texts = [];
      const draw = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
        texts.push(text);
        draw.call(this, text, ...at);
      };
    """)
    page.goto((tmp_path / "page.html").as_uri())
    LiveFigureOnPage(page, page.locator(".live-figure")).settled()
    return page


def test_an_axis_of_single_letters_shows_every_one(chromium, tmp_path):
    letters = "␣abcdefghijklmnopqrstuvwxyz"
    axis = Axis("next character", ticks=tuple(enumerate(letters)))
    panel = Panel("bars", (Bars("x", "odds"),), axis, Axis("probability", limits=(0, 1)))
    picture = Picture("Letters", (Row((panel, panel, panel)),), alt="three times bars over letters")
    arrays = {"x": np.arange(27), "odds": np.full(27, 0.5), "row": np.arange(128)}
    page = drawn_page(chromium, tmp_path, picture, arrays)
    texts = page.evaluate("texts")
    assert all(texts.count(letter) >= 3 and texts.count(letter) == texts.count("a") for letter in letters)
    page.close()


COLOURS = """(canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height), count = {};
  for (let i = 0; i < data.length; i += 4) {
    const key = [data[i], data[i + 1], data[i + 2]].join();
    if (data[i + 3] === 255) count[key] = (count[key] || 0) + 1;
  }
  return count;
}"""


def test_the_arrows_at_a_thin_row_are_whole_in_the_dark(chromium, tmp_path):
    marks = (HeatMap("m"), Cursor(y="row", band=True, dashed=False))
    panel = Panel("map", marks, Axis("time"), Axis("unit"))
    picture = Picture("Thin rows", (Row((panel,), 200),), alt="a heat map with thin rows")
    page = drawn_page(chromium, tmp_path, picture, {"m": np.zeros((128, 20)), "row": np.arange(128)}, DARK)
    count = page.locator(".live-figure-canvas").evaluate(COLOURS)
    assert "34,34,34" not in count and count["221,221,221"] > 0, "the dark edge of a frame was drawn over the arrows"
    page.close()


@pytest.mark.parametrize(("style", "least"), [("", 0.15), (DARK, 0.4)], ids=["light", "dark"])
def test_an_arrow_of_no_weight_can_be_seen_in_both_themes(chromium, tmp_path, style, least):
    marks = (Arrows("x0", "y", "x1", "y", weight="weight", colour="#0072b2", gap=0),)
    panel = Panel("arrows", marks, Axis("x"), Axis("y", limits=(0, 2)))
    picture = Picture("Arrows", (Row((panel,)),), alt="one pale arrow to the right")
    arrays = {"x0": np.zeros(1), "x1": np.ones(1), "y": np.ones(1), "weight": np.zeros(1), "row": np.arange(128)}
    page = drawn_page(chromium, tmp_path, picture, arrays, style)
    alphas = page.locator(".live-figure-canvas").evaluate("""(canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height), found = [];
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] && data[i + 2] > data[i] + 20) found.push(data[i + 3] / 255);
      }
      return found;
    }""")
    assert len(alphas) > 50 and np.median(np.sort(alphas)[len(alphas) // 2 :]) == pytest.approx(least, abs=0.02)
    page.close()


def test_reduced_motion_switches_play_off(chromium, tmp_path):
    figure = small_figure()
    control = Frame("epoch", "Epoch", tuple(range(101)), play=True)
    figure.controls["epoch"] = control
    (tmp_path / "page.html").write_text(f"<meta charset=utf8>{to_html(figure)}", "utf-8")
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert page.get_by_role("button", name="Play Epoch").is_disabled()
    context.close()


def test_python_moves_the_figure_on_the_page(chromium, server, lab_folder):
    cells = [nbformat.v4.new_code_cell(CELLS[0].strip()), nbformat.v4.new_code_cell("frames.set(epoch=42)")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, lab_folder / "python.ipynb")
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    lab = NotebookPage(page, server, "python.ipynb")
    lab.run_all()
    figure = lab.figures()[0]
    figure.wait_drawn("epoch", 42)
    assert figure.control("epoch").input_value() == "42" and json.loads(json.dumps(figure.drawn()))["time"] == 0
    page.close()


def test_python_sets_back_what_the_hand_has_moved(chromium, server, lab_folder):
    """To where the control stood before: no value that the kernel had told the page has changed by that."""
    cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in (*CELLS, "kernel.set(gain=1.0)")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, lab_folder / "back.ipynb")
    page = chromium.new_page(viewport={"width": 1280, "height": 1400})
    lab = NotebookPage(page, server, "back.ipynb")
    lab.run_all()
    figure = next(figure for figure in lab.figures() if figure.title == "Kernel")
    for rest in (0, 80, 130, 160, 600):  # before, while and after the kernel is told where the hand rests, 150 ms later
        move(figure, "gain", 0.5)
        figure.wait_drawn("gain", 0.5)
        page.wait_for_timeout(rest)
        lab.command("notebook:run-cell")  # the last one, which is the active one after a run of all
        figure.wait_drawn("gain", 1.0)
        assert figure.control("gain").input_value() == "1" and figure.summary == "gain 1.00"
    page.close()
