"""The playground in a real browser: it trains before the reader's eyes, stops, shares the kernel, and rests unseen."""

import json
import re

import nbformat
import pytest

from tests.browser.jupyter import NotebookPage, wait_until

CELLS = (
    "from helpers import figures\nfirst = figures.playground_figure()\nfirst",
    "xor = figures.playground_figure(task='temporal XOR')\nxor",
    "contest = figures.playground_figure(contest=True, task='adding', length=40)\ncontest",
)

# Run code in the notebook's kernel behind its back, and return what it prints.
EXECUTE = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code, store_history: false });
  let text = '';
  future.onIOPub = (message) => { if (message.header.msg_type === 'stream') text += message.content.text; };
  await future.done;
  return text;
}"""


@pytest.fixture(scope="module")
def lab(chromium, server, lab_folder):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, lab_folder / "playground.ipynb")
    page = chromium.new_context(viewport={"width": 1280, "height": 1400}).new_page()
    lab = NotebookPage(page, server, "playground.ipynb")
    lab.run_all()
    assert lab.failed_outputs() == []
    yield lab
    assert lab.errors == []


@pytest.fixture
def figures(lab):
    """The three figures, at rest, each with a new network and its first settings."""
    found = [Playground(figure) for figure in lab.figures()]
    yield found
    for one in found:
        if one.running():
            one.press("Pause")
        one.figure.settled()
        one.press("Start again")
        wait_until(lambda one=one: one.batches() == 0, 10, "a new network")
        one.figure.settled()


class Playground:
    """A playground on the page."""

    def __init__(self, figure):
        self.figure, self.place, self.page = figure, figure.place, figure.page

    def button(self, name):
        return self.place.get_by_role("group", name="Training").get_by_role("button", name=name)

    def press(self, name):
        self.button(name).click()

    def running(self):
        return self.place.get_attribute("data-running") == "true"

    def requests(self):
        return int(self.place.get_attribute("data-requests") or 0)

    def batches(self):
        match = re.match(r"After ([\d,]+) batch", self.figure.summary)
        return int(match[1].replace(",", "")) if match else 0

    def choose(self, name, option):
        self.figure.control(name).select_option(option)

    def reaches(self, batches, seconds=20):
        wait_until(lambda: self.batches() >= batches, seconds, f"batch {batches}")


def number_of(text, words):
    return float(re.search(words + r" (\d+\.\d+)", text)[1])


def test_train_alone_brings_the_loss_below_that_of_guessing(figures):
    first = figures[0]
    assert first.figure.summary.startswith("New network, not trained yet") and not first.running()
    requests = first.requests()
    first.page.wait_for_timeout(500)
    assert first.requests() == requests, "it waits to be started"
    first.press("Train")
    wait_until(lambda: not first.running(), 60, "the end of the training")
    assert "The task is learned" in first.place.inner_text()
    summary = first.figure.summary
    assert number_of(summary, "loss") < 0.1 * number_of(summary, "guessing has")
    assert "100 % right answers" in summary


def test_after_pause_nothing_more_is_asked_for(figures):
    xor = figures[1]
    xor.press("Train")
    xor.reaches(20)
    at_once = xor.place.evaluate(
        "(root) => { const button = root.querySelector('.live-figure-run button'); button.click();"
        " return [root.dataset.running, Number(root.dataset.requests), button.textContent]; }"
    )
    assert at_once[0] == "false" and at_once[2] == "▶ Train"
    xor.page.wait_for_timeout(1000)
    assert xor.requests() == at_once[1]
    batches = xor.batches()
    xor.page.wait_for_timeout(500)
    assert xor.batches() == batches
    xor.press("Train")
    xor.reaches(batches + 1)
    assert xor.batches() < batches + 2000, "it goes on where it stood"


def test_what_may_change_changes_while_it_runs(lab, figures):
    xor = figures[1]
    xor.press("Train")
    xor.reaches(10)
    before = xor.batches()
    xor.choose("rate", "0.0003")
    xor.choose("clip", "0.1")
    xor.figure.wait_drawn("clip", "0.1")
    xor.reaches(before + 20)
    assert xor.running()
    rate = lab.page.evaluate(EXECUTE, "print(xor._compute.race.trainings[0].optimiser.learning_rate)")
    assert float(rate) == 0.0003
    assert xor.figure.drawn()["rate"] == "0.0003"
    xor.choose("rate", "0.003")
    xor.choose("clip", "off")
    xor.figure.wait_drawn("clip", "off")


def test_other_settings_start_a_new_network_and_it_runs_on(figures):
    xor = figures[1]
    xor.press("Train")
    xor.reaches(100)
    xor.choose("cell", "GRU")
    wait_until(lambda: xor.figure.drawn()["cell"] == "GRU" and 0 < xor.batches() < 100, 10, "the new network")
    assert xor.running()
    xor.press("Pause")
    xor.figure.settled()
    xor.choose("cell", "plain tanh")
    wait_until(lambda: xor.figure.summary.startswith("New network"), 10, "words on the new network")


def test_one_batch_start_again_and_another_seed(figures):
    first = figures[0]
    pixels = first.figure.pixels()
    first.press("One batch")
    wait_until(lambda: first.figure.summary.startswith("After 1 batch:"), 10, "one batch")
    first.figure.settled()
    trained = first.figure.pixels()
    assert trained != pixels
    first.press("Start again")
    wait_until(lambda: first.batches() == 0, 10, "a new network")
    first.figure.settled()
    assert first.figure.pixels() == pixels, "the same seed, the same network"
    first.press("One batch")
    wait_until(lambda: first.batches() == 1, 10, "one batch")
    first.figure.settled()
    assert first.figure.pixels() == trained, "and the same batch"
    first.press("Another seed")
    wait_until(lambda: first.figure.drawn()["seed"] == 1 and first.batches() == 0, 10, "another seed")
    assert first.figure.pixels() != pixels
    assert "seed 1" in first.place.inner_text()


def test_one_batch_while_it_runs_stops_it(figures):
    xor = figures[1]
    xor.press("Train")
    xor.reaches(10)
    xor.press("One batch")
    assert not xor.running()
    xor.figure.settled()
    batches = xor.batches()
    xor.page.wait_for_timeout(500)
    assert xor.batches() == batches


def test_two_run_together_and_other_cells_have_their_turn(lab, figures):
    xor, contest = figures[1:]
    xor.press("Train")
    contest.press("Train")
    xor.reaches(10)
    contest.reaches(10)
    before = [one.requests() for one in (xor, contest)]
    assert lab.page.evaluate(EXECUTE, "print(6 * 7)").strip() == "42"
    lab.page.wait_for_timeout(2000)
    after = [one.requests() for one in (xor, contest)]
    pieces = [b - a for a, b in zip(before, after, strict=True)]
    assert min(pieces) >= 3 and max(pieces) <= 4 * min(pieces), pieces
    assert xor.running() and contest.running()
    assert contest.figure.summary.count("right answers") == 2


def test_frame_controls_go_on_working_while_it_runs(lab, figures):
    xor = figures[1]
    xor.press("Train")
    xor.reaches(10)
    for name, value in (("unit", 7), ("sequence", 2)):
        xor.figure.control(name).evaluate(
            "(node, value) => { node.value = value; node.dispatchEvent(new Event('input', {bubbles: true})); }", value
        )
        wait_until(lambda name=name, value=value: xor.figure.drawn()[name] == value, 5, f"{name} while it runs")
    batches = xor.batches()
    xor.reaches(batches + 20)
    assert xor.figure.drawn()["unit"] == 7 and xor.figure.drawn()["sequence"] == 2
    xor.press("Pause")
    xor.figure.settled()
    told = "import json; print(json.dumps(xor.values))"
    wait_until(lambda: json.loads(lab.page.evaluate(EXECUTE, told))["unit"] == 7, 5, "the kernel's word on the unit")


def test_a_click_on_a_row_shows_its_unit_while_it_runs(figures):
    xor = figures[1]
    xor.press("Train")
    xor.reaches(10)
    area = xor.place.evaluate(
        "(root) => { const { left, right, top, bottom } = root.areas()[0]; return [left, right, top, bottom]; }"
    )
    left, right, top, bottom = area
    xor.figure.canvas.click(position={"x": (left + right) / 2, "y": top + (bottom - top) * 5.5 / 16})
    wait_until(lambda: xor.figure.drawn()["unit"] == 5, 5, "the unit that was clicked")
    assert xor.running()


def test_the_reader_who_prefers_calm_sees_fewer_pictures(lab, figures):
    xor = figures[1]
    lab.page.emulate_media(reduced_motion="reduce")
    try:
        xor.press("Train")
        xor.reaches(10)
        requests = xor.requests()
        lab.page.wait_for_timeout(2000)
        assert 1 <= xor.requests() - requests <= 4
    finally:
        lab.page.emulate_media(reduced_motion="no-preference")


def test_the_slider_of_units_ends_where_the_units_end(figures):
    first = figures[0]
    assert first.figure.control("unit").get_attribute("max") == "15"
    first.figure.control("units").evaluate(
        "(node) => { node.value = 32; node.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    first.figure.wait_drawn("units", 32)
    assert first.figure.control("unit").get_attribute("max") == "31"
    first.figure.control("unit").evaluate(
        "(node) => { node.value = 31; node.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    first.figure.wait_drawn("unit", 31)
    first.figure.control("units").evaluate(
        "(node) => { node.value = 16; node.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    first.figure.wait_drawn("unit", 15)


@pytest.mark.parametrize("unseen", ["page", "tab"])
def test_out_of_sight_it_waits(lab, figures, unseen):
    """Another tab of the browser hides the page; another tab of JupyterLab takes its place in the layout away."""
    xor = figures[1]

    def hide(hidden):
        if unseen == "page":
            lab.page.evaluate(
                "(hidden) => { Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });"
                " document.dispatchEvent(new Event('visibilitychange')); }",
                hidden,
            )
        else:
            xor.place.evaluate("(root, hidden) => { root.parentElement.style.display = hidden ? 'none' : ''; }", hidden)

    xor.press("Train")
    xor.reaches(10)
    hide(True)
    lab.page.wait_for_timeout(700)
    requests = xor.requests()
    lab.page.wait_for_timeout(700)
    assert xor.requests() == requests and xor.running()
    hide(False)
    wait_until(lambda: xor.requests() > requests + 3, 10, "the training going on")


def test_bits_that_cannot_be_used_are_told_in_words_and_the_picture_stays(figures):
    first = figures[0]
    first.press("One batch")
    wait_until(lambda: first.batches() == 1, 10, "one batch")
    first.figure.settled()
    pixels = first.figure.pixels()
    first.figure.control("own").fill("01a")
    wait_until(lambda: "0 and 1 only" in first.figure.alert, 10, "words")
    assert first.figure.pixels() == pixels
    first.figure.control("own").fill("0110")
    wait_until(lambda: first.figure.alert == "", 10, "the words' end")
    wait_until(lambda: "next of your bits" in first.figure.summary, 10, "the new task")
    assert first.figure.control("task").input_value() == "my own bits"
    first.press("Train")
    first.reaches(50)
    first.figure.control("own").fill("x")
    wait_until(lambda: not first.running(), 10, "an end")
    first.figure.control("own").fill("0010111")
    first.choose("task", "first bit")
    first.figure.wait_drawn("task", "first bit")


def test_by_keyboard_and_for_ears(figures):
    xor = figures[1]
    summary = xor.place.locator(".live-figure-summary")
    status = xor.place.locator(".live-figure-run-status")
    assert summary.get_attribute("aria-live") == "polite" and status.get_attribute("role") == "status"
    xor.button("Train").focus()
    xor.page.keyboard.press("Enter")
    xor.reaches(10)
    assert summary.get_attribute("aria-live") == "off", "nobody wants to hear every piece"
    assert xor.button("Pause").evaluate("(node) => node === document.activeElement")
    xor.page.keyboard.press("Space")
    assert not xor.running() and status.inner_text() == "Paused."
    assert summary.get_attribute("aria-live") == "polite"
    for name in ("Train", "One batch", "Start again", "Another seed"):
        assert xor.button(name).count() == 1


@pytest.mark.parametrize("width", [1280, 800, 390])
def test_it_fits(lab, figures, width):
    lab.page.set_viewport_size({"width": width, "height": 1400})
    try:
        for one in figures:
            one.place.scroll_into_view_if_needed()
            lab.page.wait_for_timeout(300)
            too_wide = one.place.evaluate(
                "(root) => [...root.querySelectorAll('*')].filter((node) =>"
                " node.getBoundingClientRect().right > root.getBoundingClientRect().right + 1).length"
            )
            assert too_wide == 0
            if width == 1280:
                assert one.place.bounding_box()["height"] <= 640
    finally:
        lab.page.set_viewport_size({"width": 1280, "height": 1400})


def test_a_cell_that_is_run_again_ends_the_old_figures_training(lab, figures):
    contest = figures[2]
    contest.press("Train")
    contest.reaches(5)
    root = contest.place.element_handle()
    lab.page.evaluate(
        "() => { const notebook = window.jupyterapp.shell.currentWidget.content; notebook.activeCellIndex = 2; }"
    )
    lab.command("notebook:run-cell")
    wait_until(lambda: not root.evaluate("(node) => node.isConnected"), 20, "a new output")
    lab.page.wait_for_timeout(300)
    requests = root.evaluate("(node) => node.dataset.requests")
    lab.page.wait_for_timeout(700)
    assert root.evaluate("(node) => [node.dataset.requests, node.dataset.running]") == [requests, "false"]
    lab.wait_for_kernel()


def test_a_kernel_that_is_restarted_ends_the_training_in_words(lab):  # the last test: the kernel knows nothing after it
    xor = next(one for one in map(Playground, lab.figures()) if "temporal" in one.figure.control("task").input_value())
    xor.press("Train")
    xor.reaches(10)
    lab.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    wait_until(lambda: "run the notebook's cells again" in xor.figure.alert, 30, "words on the kernel")
    assert not xor.running()
    requests = xor.requests()
    lab.page.wait_for_timeout(500)
    assert xor.requests() == requests
