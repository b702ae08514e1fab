"""Figures of the course where a window is narrow, and the keys that they leave to JupyterLab."""

import nbformat
import numpy as np
import pytest

from helpers import data, figures
from helpers.live.page import to_html
from helpers.networks import MeanSquaredError, SimpleRNN
from tests.browser.jupyter import NotebookPage, wait_until

WIDTHS = range(360, 901, 12)  # of a figure: JupyterLab's file browser leaves 360 to 370 pixels of an 800 pixel window
CELLS = (
    """
from helpers import data, figures
from helpers.networks import SimpleRNN
explorer = figures.hidden_state_explorer()
explorer""",
    'figures.reading_figure(SimpleRNN(27, 8, 27, seed=0), data.ALPHABET, "the people of the village")',
)

# What of a figure's controls leaves the figure or its own place, is cut, lies over its neighbour or has no room.
FAULTS = """(figure) => {
  const edge = figure.getBoundingClientRect(), faults = [];
  for (const control of figure.querySelectorAll('[data-control]')) {
    const place = control.getBoundingClientRect();
    let before = null;
    for (const part of control.children) {
      const box = part.getBoundingClientRect(), name = `${control.dataset.control}: ${part.tagName}`;
      if (box.left < edge.left - 0.5 || box.right > edge.right + 0.5) faults.push(`${name} leaves the figure`);
      if (box.right > place.right + 0.5) faults.push(`${name} leaves its place`);
      if (part.tagName !== 'INPUT' && part.scrollWidth > part.clientWidth + 1) faults.push(`${name} is cut`);
      if (before && box.left < before.right && box.top < before.bottom) faults.push(`${name} covers its neighbour`);
      const least = part.tagName !== 'INPUT' ? 0 : part.type === 'text' ? 180 : 60;
      if (box.width < least) faults.push(`${name} is too short`);
      before = box;
    }
  }
  return faults;
}"""

FITS = """(figure) =>  // drawn at this width
  Math.abs(figure.querySelector('.live-figure-canvas').clientWidth - figure.clientWidth) < 6"""


def faults(page):
    return {
        place.locator(".live-figure-title").inner_text(): found
        for place in page.locator(".live-figure").all()
        if (found := place.evaluate(FAULTS))
    }


def move(figure, name, value):
    figure.control(name).evaluate(
        "(node, value) => { node.value = value; node.dispatchEvent(new Event('input', {bubbles: true})); }", value
    )


@pytest.fixture(scope="module")
def lab(chromium, server, lab_folder):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, lab_folder / "narrow.ipynb")
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    lab = NotebookPage(page, server, "narrow.ipynb")
    lab.run_all()
    assert lab.failed_outputs() == []
    return lab


@pytest.fixture
def explorer(lab):
    return next(figure for figure in lab.figures() if figure.title == "Hidden-state explorer")


@pytest.fixture
def reader(lab):
    return next(figure for figure in lab.figures() if figure.title == "A network reads your text")


def small_figures():
    """Those of the course's figures with the most controls, the longest labels and the longest values."""
    rng, network = np.random.default_rng(0), SimpleRNN(1, 4, 1, seed=0)
    end = MeanSquaredError(steps="last")
    return (
        figures.hidden_state_explorer(initial_state=-1.0),
        figures.reading_figure(SimpleRNN(27, 4, 27, seed=0), data.ALPHABET, "the people of the village"),
        figures.gradient_backwards(network, rng.normal(size=(1, 6, 1)), np.ones((1, 1)), end, gains=(0.5, 1.0)),
        figures.step_through_time(SimpleRNN(3, 4, 2, seed=1), rng.normal(size=(2, 5, 3))),
        figures.receptive_field_figure(),
    )


def test_no_control_leaves_its_figure_in_a_page(chromium, tmp_path):
    html = "".join(map(to_html, small_figures()))
    (tmp_path / "page.html").write_text(f"<meta charset=utf8><style>body {{ margin: 0 }}</style>{html}", "utf-8")
    page = chromium.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page) == {}, f"{width} pixels"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} pixels"
    page.close()


def test_no_control_leaves_its_figure_in_jupyterlab(lab, explorer):
    seen = set()
    try:
        for window in range(440, 1101, 12):
            lab.page.set_viewport_size({"width": window, "height": 900})
            lab.page.wait_for_timeout(50)
            wait_until(lambda: explorer.place.evaluate(FITS), 10, f"the figure in a window of {window} pixels")
            seen.add(explorer.place.evaluate("(node) => node.clientWidth"))
            assert faults(lab.page) == {}, f"{max(seen)} pixels"
    finally:
        lab.page.set_viewport_size({"width": 1280, "height": 900})
    assert min(seen) <= WIDTHS[0] and max(seen) >= WIDTHS[-1] and len(seen) > 30


def saved(lab):
    return not lab.page.evaluate("window.jupyterapp.shell.currentWidget.context.model.dirty")


@pytest.mark.parametrize("control", ["recurrent_gain", "shape", "own"])
def test_the_notebook_is_saved_with_the_focus_on_a_control(lab, explorer, control):
    lab.page.evaluate("window.jupyterapp.shell.currentWidget.context.model.dirty = true")
    value = explorer.control(control).input_value()
    explorer.control(control).press("Control+s")
    wait_until(lambda: saved(lab), 10, "the saved notebook")
    assert explorer.control(control).input_value() == value


def test_what_is_typed_goes_into_the_field_alone(lab, reader):
    cells = "document.querySelectorAll('.jp-Cell').length"
    before, field = lab.page.evaluate(cells), reader.control("typed")
    lab.page.evaluate("""() => {
      window.taken = [];
      addEventListener('keydown', (event) => setTimeout(() => event.defaultPrevented && taken.push(event.key)), true);
    }""")
    field.focus()
    for key in ("Control+a", "Control+x", *"bad", "Control+a", "Control+c", "End", "Control+v", "Enter"):
        lab.page.keyboard.press(key)
    assert field.input_value() == "badbad"
    reader.wait_drawn("typed", "badbad")
    for key in ("Control+z", "Control+ArrowLeft", "Control+Backspace"):
        lab.page.keyboard.press(key)
    lab.page.wait_for_timeout(50)
    assert lab.page.evaluate("taken") == [], "keys that JupyterLab has taken from the field"
    assert lab.page.evaluate(cells) == before, "b or a add a cell, and dd deletes one, where a field is not asked"
    assert lab.errors == []


def test_keys_of_a_slider_and_a_list_do_not_move_the_notebook(lab, explorer):
    active = "() => [...document.querySelectorAll('.jp-Cell')].findIndex((c) => c.classList.contains('jp-mod-active'))"
    mode, count = "window.jupyterapp.shell.currentWidget.content.mode", "document.querySelectorAll('.jp-Cell').length"
    cells = lab.page.evaluate(count)
    of_slider = ("End", "ArrowUp", "ArrowDown", "Home", "PageUp", "Enter", " ", "b", "d", "d")
    for name, keys in (("unit", of_slider), ("shape", ("m",))):
        explorer.control(name).focus()
        before = lab.page.evaluate(active), lab.page.evaluate(mode)
        for key in keys:
            lab.page.keyboard.press(key)
        assert (lab.page.evaluate(active), lab.page.evaluate(mode)) == before, name
        assert lab.page.evaluate(count) == cells, "b would add a cell, and two d's delete one"
    assert explorer.control("shape").input_value() == "my own", "a letter chooses from the list"
    assert lab.page.locator(".jp-MarkdownCell").count() == 0, "and m does not make the cell a text"
    lab.page.keyboard.press("Tab")
    assert explorer.control("matrix").evaluate("(node) => node === document.activeElement"), "Tab goes on"


def test_a_restarted_kernel_is_told_of_in_words_and_nothing_is_thrown(lab, explorer):
    """The last test: it takes the kernel's memory away."""
    picture = explorer.pixels()
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()")
    wait_until(lambda: lab.kernel_status() in (None, "dead", "unknown"), 30, "the end of the kernel")
    wait_until(lambda: "run the notebook's cells again" in explorer.alert, 5, "the words, before anything is moved")
    for gain in ("2", "2.5"):
        move(explorer, "recurrent_gain", gain)
        wait_until(lambda: "The kernel was shut down" in explorer.alert, 10, "the words")
    assert explorer.pixels() == picture and explorer.place.get_attribute("data-waiting") == "false"
    move(explorer, "time", "30")
    explorer.wait_drawn("time", 30, 5)
    lab.page.wait_for_timeout(400)  # the kernel would be told where the hand rests
    assert lab.errors == []
