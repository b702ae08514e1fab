"""What a page gives to paper: every figure's still picture, what is folded, and whole lines of code."""

import base64

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.commands import exporting
from helpers.live.controls import Frame, Prediction
from helpers.live.description import Axis, HeatMap, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure

FOLD = "<details><summary>Solution</summary>\n\n```python\nanswer = 42\n```\n\n</details>"
LONG = "x = 1  # " + "a long remark " * 20


def figure(prediction):
    picture = Picture(
        "Frames", (Row((Panel("map", (HeatMap("m"),), Axis("time"), Axis("unit")),)),), alt="a map that changes often"
    )
    data = FigureData({"m": np.zeros((2, 2, 4))}, ["zero", "one"], {"m": ("k",), "summary": ("k",)})
    return LiveFigure(picture, (Frame("k", "K", (0, 1)),), data, prediction=prediction)


@pytest.fixture
def paper(page, tmp_path):
    """An exported page with a figure behind a question and one without, a fold and a long line."""
    outputs = []
    for prediction in (Prediction("Which one is it?", ("a", "b"), 0, "Because."), None):
        bundle, _ = figure(prediction)._repr_mimebundle_()
        outputs.append(new_output("display_data", {"text/html": bundle["text/html"], "text/plain": "figure"}))
    cells = [new_markdown_cell(f"# Title\n\n{FOLD}"), new_code_cell(LONG, outputs=outputs)]
    book = nbformat.from_dict(new_notebook(cells=cells))
    (tmp_path / "page.html").write_text(exporting.page(book, "01_page", tmp_path), encoding="utf-8")
    page.set_viewport_size({"width": 720, "height": 900})  # about A4 between its margins
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_selector(".live-figure")
    return page


def seen(page, selector):
    """How many of the elements that match take up room and are not skipped over as folded."""
    return page.locator(selector).evaluate_all(
        "(nodes) => nodes.filter((n) => n.getClientRects().length && n.checkVisibility()).length"
    )


def test_paper_shows_stills_questions_and_folds(paper):
    screen = [seen(paper, s) for s in (".live-figure-still img", ".live-figure canvas", "details pre")]
    assert screen[0] == 0 and screen[1] > 0 and screen[2] == 0
    paper.emulate_media(media="print")
    assert seen(paper, ".live-figure-still img") == 2
    assert paper.locator(".live-figure-still").all_inner_texts() == ["zero", "zero"]
    assert seen(paper, ".live-figure canvas") == seen(paper, ".live-figure input") == 0
    assert seen(paper, ".live-figure-prediction") == 1 and seen(paper, ".live-figure-skip") == 0
    assert seen(paper, "details pre") == 1
    assert seen(paper, "nav") == 0


def test_the_question_stands_above_its_picture(paper):
    paper.emulate_media(media="print")
    question, still = (paper.locator(f".live-figure-{name}").first.bounding_box() for name in ("prediction", "still"))
    assert question["y"] + question["height"] <= still["y"]


def test_paper_cuts_no_line_of_code(paper):
    def cut():
        return paper.locator("pre").evaluate_all("(all) => all.some((pre) => pre.scrollWidth > pre.clientWidth + 1)")

    paper.emulate_media(media="print")
    assert not cut()
    assert paper.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_paper_has_the_picture_after_an_answer_too(paper):
    paper.locator(".live-figure-answers button").first.click()
    paper.emulate_media(media="print")
    assert seen(paper, ".live-figure-still img") == 2
    assert "Because." in paper.locator(".live-figure-prediction").inner_text()


def test_without_scripts_the_still_picture_is_what_one_sees(chromium, tmp_path):
    bundle, _ = figure(None)._repr_mimebundle_()
    (tmp_path / "page.html").write_text(bundle["text/html"], encoding="utf-8")
    context = chromium.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto((tmp_path / "page.html").as_uri())
    source = bare.locator(".live-figure-still img").get_attribute("src")
    assert bare.locator(".live-figure-still img").is_visible()
    assert base64.b64decode(source.split(",")[1]).startswith(b"\x89PNG")
    context.close()


def test_a_page_that_a_browser_saved_works_when_it_is_opened_again(paper, tmp_path):
    """It holds what the script had made, and the script makes it again."""
    (tmp_path / "saved.html").write_text(paper.content(), encoding="utf-8")
    paper.goto((tmp_path / "saved.html").as_uri())
    paper.wait_for_selector(".live-figure[data-drawn] canvas")
    assert paper.locator(".live-figure-summary").count() == 2
    assert seen(paper, ".live-figure-still img") == 0
    paper.emulate_media(media="print")
    assert seen(paper, ".live-figure-still img") == 2


def test_figures_run_from_left_to_right_on_every_page(page, tmp_path):
    head = '<!doctype html><html dir="rtl" lang="ar"><meta charset="utf-8">'
    (tmp_path / "page.html").write_text(head + figure(None)._repr_mimebundle_()[0]["text/html"], encoding="utf-8")
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_selector(".live-figure[data-drawn]")
    for inner in ("canvas", "input"):
        assert (
            page.locator(f".live-figure {inner}").first.evaluate("(node) => getComputedStyle(node).direction") == "ltr"
        )
