"""What a reader types, in a real browser: read in the kernel, shown in words, and looked at to its end."""

import nbformat
import pytest

from tests.browser.jupyter import NotebookPage, wait_until
from tests.browser.test_hands import Hands

CELLS = (
    "from helpers import figures\nfigures.hidden_state_explorer()",
    "from helpers.networks import LSTM, SimpleRNN, TreeNetwork\n"
    "figures.word_figure(SimpleRNN(26, 8, 1, seed=0), 'nation')",
    "figures.expression_figure(TreeNetwork(5, 4, 1), LSTM(7, 6, 1), '(1&0)|1')",
)


@pytest.fixture(scope="module")
def lab(chromium, server, lab_folder):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, lab_folder / "typed.ipynb")
    page = chromium.new_context(viewport={"width": 1280, "height": 1400}).new_page()
    opened = NotebookPage(page, server, "typed.ipynb")
    opened.run_all()
    assert opened.failed_outputs() == []
    return opened


def of(lab, start):
    figure = next(figure for figure in lab.figures() if figure.title.startswith(start))
    figure.settled()
    return figure


def typed(figure, name, text):
    figure.control(name).fill(text)
    wait_until(lambda: figure.place.get_attribute("data-waiting") != "true", 20, "the kernel's answer")


def test_numbers_are_understood_or_asked_about_in_words(lab):
    explorer = of(lab, "Hidden-state explorer")
    typed(explorer, "own", "0,5 −0,8")
    explorer.wait_drawn("own", "0,5 −0,8")
    assert explorer.summary.endswith("Your input: 2 numbers, 0.5, −0.8.") and explorer.alert == ""
    summary = explorer.summary
    for text, words in (
        ("abc", "“abc” is not a number. Write numbers with spaces between them, such as 0.5 −1 2."),
        ("0,5", "The comma in “0,5” may separate numbers or begin the decimals. Write decimals with a point, and put "
         "a space between numbers: 0.5 0.8."),
    ):  # fmt: skip
        typed(explorer, "own", text)
        wait_until(lambda words=words: explorer.alert == f"{words} The last good picture stays.", 10, words)
        assert explorer.summary == summary and explorer.drawn()["own"] == "0,5 −0,8", "the last picture stays"


def test_drawing_keeps_the_numbers_that_were_typed(lab):
    explorer = of(lab, "Hidden-state explorer")
    typed(explorer, "own", "0,5 −0,8; 1")
    explorer.wait_drawn("own", "0,5 −0,8; 1")
    hands = Hands(lab.page, explorer.place)
    hands.page.mouse.move(*hands.at(0, 0.3, 0.5))
    hands.page.mouse.down()
    hands.page.mouse.move(*hands.at(0, 0.4, 0.5), steps=4)
    hands.page.mouse.up()
    wait_until(lambda: explorer.drawn()["own"].startswith("0.5 −0.8 1 0 0 "), 10, "the drawn input")
    assert explorer.alert == ""


def test_a_word_is_judged_to_its_end_and_what_is_mapped_is_said(lab):
    word = of(lab, "English or Spanish?")
    assert word.drawn()["letter"] == 0 and "After “n”" in word.summary
    typed(word, "typed", "telephone")
    word.wait_drawn("typed", "telephone")
    assert word.summary.startswith("After “telephone”: ")
    typed(word, "typed", "Straße")
    word.wait_drawn("typed", "Straße")
    assert word.summary.startswith("“Straße” is read as “strasse”. After “strasse”: ")


def test_half_an_expression_leaves_the_last_picture(lab):
    tree = of(lab, "A tree and a chain")
    typed(tree, "expression", "（1＆0）")
    tree.wait_drawn("expression", "（1＆0）")
    assert tree.summary.startswith("(1&0) is 0.")
    typed(tree, "expression", "(1&")
    wait_until(lambda: "“(1&” is not a whole expression: expected 0, 1 or an" in tree.alert, 10, "what is missing")
    assert tree.drawn()["expression"] == "（1＆0）" and tree.summary.startswith("(1&0) is 0.")
