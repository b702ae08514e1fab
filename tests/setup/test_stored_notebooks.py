"""The notebooks as they are stored: run, in order, readable without a kernel, free of any computer's traces."""

import json
import re

import nbformat
import pytest

from helpers.commands import storing

BOOKS = storing.chosen([])


def test_there_are_notebooks():
    assert BOOKS


@pytest.fixture(params=BOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def book(path):
    return nbformat.read(path, as_version=4)


def outputs(book):
    return [(number, output) for number, cell in enumerate(book.cells) for output in cell.get("outputs", [])]


def test_stored_as_refreshing_stores(path, book):
    """Formatted the same, no widgets, no HTML, no times: `git diff` shows what has really changed."""
    nbformat.validate(book)
    tidy = nbformat.writes(nbformat.from_dict(storing.tidy(book))) + "\n"
    same = path.read_text(encoding="utf-8") == tidy
    assert same, f"type python3 course.py refresh {path.name}"


def test_nothing_that_is_not_compared(book):
    """nbval leaves these kinds of output out (see conftest.py), so none of them may be stored."""
    for number, output in outputs(book):
        assert not set(output.get("data", {})) & set(storing.LIVE), f"cell {number}"


def test_run_from_top_to_bottom_in_one_go(book):
    counts = [cell.execution_count for cell in book.cells if cell.cell_type == "code" and cell.source.strip()]
    assert counts == list(range(1, len(counts) + 1))


def test_everything_shown_can_be_seen(book):
    assert storing.blemishes(book) == []


def test_no_error_that_is_not_meant(book):
    for cell in book.cells:
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            assert "raises-exception" in cell.metadata.get("tags", []), cell.source


def test_no_trace_of_this_computer(book):
    places = re.compile(r"/home/|/root/|/Users/|/tmp/|/work/|\.venv|site-packages|[A-Z]:\\\\|ipykernel_\d")
    for number, output in outputs(book):
        text = json.dumps({kind: value for kind, value in output.get("data", {}).items() if "image" not in kind})
        text += "".join(output.get("text", "")) + "".join(output.get("traceback", []))
        assert not places.search(text), f"cell {number}: {places.search(text)[0]}"
        assert not re.search(r"\bat 0x[0-9a-f]{6,}", text), f"cell {number} shows an address in memory"


def test_ids_of_cells_are_there_once(book):
    ids = [cell.id for cell in book.cells]
    assert len(ids) == len(set(ids))
