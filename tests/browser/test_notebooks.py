"""Each notebook as a reader meets it: run to its end in JupyterLab, then every control of every figure is moved."""

import pytest

from tests.browser.jupyter import ROOT, NotebookPage, wait_until

NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_runs_and_every_control_moves_the_picture(page, server, name):
    notebook = NotebookPage(page, server, name)
    notebook.run_all()
    assert notebook.failed_outputs() == []
    assert notebook.errors == []
    live = notebook.figures()
    assert len(live) >= 3, f"{name}: expected at least three live figures, found {len(live)}"
    for figure in live:
        controls = figure.control_names()
        if figure.place.locator(".live-figure-run").count():  # its settings are moved in test_playground.py
            train_and_start_again(figure)
            controls = [control for control in controls if control in ("sequence", "unit")]
        play_to_the_end(figure)
        for control in controls:
            move_and_come_back(figure, control)
    assert notebook.errors == []


def play_to_the_end(figure):
    """Where figures open, before anything has happened, some controls have nothing to change yet."""
    for slider in figure.place.locator('[data-control]:has(button[aria-label^="Play"]) input').all():
        slider.press("End")
    figure.settled()


def train_and_start_again(figure):
    """One batch of training changes the picture; starting again brings the first one back, to the last pixel."""
    before = figure.pixels()
    figure.place.get_by_role("button", name="One batch").click()
    wait_until(lambda: figure.pixels() != before, 20, f"{figure.title}: another picture after one batch")
    figure.settled()
    figure.place.get_by_role("button", name="Start again").click()
    wait_until(lambda: figure.pixels() == before, 20, f"{figure.title}: the picture before training")
    figure.settled()
    assert figure.alert == "", figure.title


def move_and_come_back(figure, name):
    """Move one control by keyboard: the picture changes; move it back: it is the same picture to the last pixel."""
    control = figure.control(name)
    before_values, before = figure.drawn(), figure.pixels()
    before_value = before_values[name]
    where = f"{figure.title}: {name}"
    kind = control.evaluate("(node) => node.tagName === 'SELECT' ? 'select' : node.type")
    control.scroll_into_view_if_needed()
    if kind == "text":
        control.fill(other_text(before_value))
    elif kind == "select":
        options = control.locator("option").evaluate_all("(all) => all.map((option) => option.value)")
        control.select_option(value=next(option for option in options if option != str(before_value)))
    else:
        control.focus()
        there, back = keys(control)
        control.press(there)
    wait_until(lambda: figure.drawn()[name] != before_value, 20, f"{where}: another value")
    figure.settled()
    assert figure.alert == "", where
    after = figure.pixels()
    spoken = None
    if kind == "range":
        spoken = control.get_attribute("aria-valuetext")
        assert spoken, f"{where}: the slider says nothing"
    if kind == "range":  # some steps draw the same (a unit whose row looks alike, a place past a text's end): go on
        for far in ("Home", "End") if there == "ArrowLeft" else ("End", "Home"):
            if after == before:
                control.press(far)
                wait_until(lambda: figure.drawn()[name] == float(control.input_value()), 20, f"{where}: its {far}")
                figure.settled()
                after = figure.pixels()
    assert after != before, f"{where}: the picture did not change"
    restore(figure, before_values)
    figure.settled()
    wait_until(lambda: figure.pixels() == before, 10, f"{where}: the same picture as before")


def keys(control):
    """An arrow key that can move the slider, and its opposite."""
    at_end = control.evaluate("(node) => Number(node.value) >= Number(node.max)")
    return ("ArrowLeft", "ArrowRight") if at_end else ("ArrowRight", "ArrowLeft")


def other_text(text):
    if set("&|^") & set(text):
        return "(1^1)&0"
    return "1 0.5 -0.5" if not text or text[0] in "-0123456789" else "another text"


def restore(figure, values):
    """Put every control back that stands elsewhere (typing a text may have moved a list with it)."""
    for name, value in list(values.items()) * 2:  # twice, because a text sets its list again
        if figure.drawn()[name] != value:
            figure.control(name).evaluate(
                "(node, value) => { node.value = value; node.dispatchEvent(new Event('input', {bubbles: true})); }",
                value,
            )
            figure.wait_drawn(name, value)
