"""What a notebook keeps when it is saved or refreshed, and that refreshing twice changes nothing."""

import errno
import json
import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.commands import exporting, storing

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
FIGURE = {
    "text/plain": "a live figure",
    "text/html": "<div id='137'></div>",
    "image/png": PICTURE,
    storing.WIDGET: {"model_id": "abc", "version_major": 2, "version_minor": 0},
}

# Cells that show what is hard: output in pieces, a live figure, an expected error, a time.
LIVE_CELL = f"""class Figure:
    def _repr_mimebundle_(self, **_):
        return {FIGURE!r} | {{"text/html": f"<b id={{id(self)}}>"}}
Figure()"""
SOURCES = [
    "for i in range(3):\n    print(i, flush=True)",
    LIVE_CELL,
    "import helpers\n1 / 0",
    "import time\nprint(time.time())",
]
TAGS = {2: ["raises-exception"], 3: [storing.IGNORED]}


@pytest.fixture
def scratch(tmp_path):
    """A notebook of these cells, never run, in a file."""
    cells = [new_markdown_cell("# A title")]
    cells += [new_code_cell(text, metadata={"tags": TAGS.get(n, [])}) for n, text in enumerate(SOURCES)]
    path = tmp_path / "01_scratch.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def saved(outputs, **metadata):
    """What JupyterLab hands to the hook."""
    book = new_notebook(cells=[new_code_cell("x", outputs=outputs)], metadata=metadata)
    return {"type": "notebook", "format": "json", "content": json.loads(nbformat.writes(book))}


def test_saving_keeps_pictures_instead_of_widgets():
    language = {"name": "python", "version": "3.11.7"}  # JupyterLab adds the version when a kernel has started
    state = {"application/vnd.jupyter.widget-state+json": {}}
    model = saved([new_output("display_data", FIGURE)], widgets=state, language_info=language)
    storing.keep_pictures(model=model, path="a.ipynb", contents_manager=None)
    (output,) = model["content"]["cells"][0]["outputs"]
    assert set(output["data"]) == {"text/plain", "text/html", "image/png"}
    assert model["content"]["metadata"] == {"language_info": {"name": "python"}}


def test_saving_changes_nothing_else():
    model = saved([new_output("stream", text="words"), new_output("error", ename="E", evalue="e")], title="mine")
    before = json.dumps(model)
    storing.keep_pictures(model=model, path="a.ipynb", contents_manager=None)
    assert json.dumps(model) == before


@pytest.mark.parametrize("kind", ["file", "directory"])
def test_saving_leaves_other_files_alone(kind):
    model = {"type": kind, "content": "widgets"}
    storing.keep_pictures(model=model)
    assert model == {"type": kind, "content": "widgets"}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["cells", "outputs", "data", "metadata", "x"]), inner)
    ),
)


@given(anything)
def test_saving_never_fails(content):
    storing.keep_pictures(model={"type": "notebook", "content": content}, path="a.ipynb", contents_manager=None)


def test_refreshing_stores_what_lasts(scratch, capsys):
    assert storing.refresh(scratch)
    said = capsys.readouterr().out
    assert said.startswith("01_scratch.ipynb: ") and ", stored" in said and "slowest: cell " in said
    book = nbformat.read(scratch, as_version=4)
    nbformat.validate(book)
    pieces, figure, error, _ = (cell.outputs for cell in book.cells[1:])
    assert [output.text for output in pieces] == ["0\n1\n2\n"]
    assert {kind: value.strip() for kind, value in figure[0].data.items()} == {
        "text/plain": "a live figure",
        "image/png": PICTURE,
    }
    assert error[0].ename == "ZeroDivisionError"
    assert [cell.execution_count for cell in book.cells[1:]] == [1, 2, 3, 4]
    assert "version" not in book.metadata.language_info and "widgets" not in book.metadata
    assert str(storing.ROOT) not in scratch.read_text()


def test_refreshing_again_changes_no_byte(scratch, capsys):
    storing.refresh(scratch)
    first = scratch.read_bytes()
    assert storing.refresh(scratch)
    assert scratch.read_bytes() == first
    assert "unchanged" in capsys.readouterr().out.splitlines()[-2]


def test_measured_times_are_stored_anew_only_if_asked_for(scratch, capsys):
    book = nbformat.read(scratch, as_version=4)
    clock = nbformat.v4.new_code_cell("import time\nprint(time.time_ns())")
    clock.metadata.tags = [storing.IGNORED]
    book.cells.append(clock)
    nbformat.write(book, scratch)

    def shown():
        return nbformat.read(scratch, as_version=4).cells[-1].outputs[0].text

    storing.refresh(scratch)
    first = shown()
    storing.refresh(scratch)
    assert shown() == first
    storing.refresh(scratch, times=True)
    assert shown() != first and ", stored" in capsys.readouterr().out.splitlines()[-2]


def test_a_cell_that_nobody_compares_is_stored_when_its_words_change(scratch):
    book = nbformat.read(scratch, as_version=4)
    cell = nbformat.v4.new_code_cell("import time\nprint('it took', time.time_ns(), 'ns')")
    cell.metadata.tags = [storing.IGNORED]
    book.cells.append(cell)
    nbformat.write(book, scratch)
    storing.refresh(scratch)
    for source in ("print('this took', time.time_ns(), 'ns')", "('this took', time.time_ns(), 'ns')"):
        book = nbformat.read(scratch, as_version=4)
        book.cells[-1].source = f"import time\n{source}"  # another word; another kind of output
        nbformat.write(book, scratch)
        storing.refresh(scratch)
        output = nbformat.read(scratch, as_version=4).cells[-1].outputs[0]
        assert "this" in output.get("text", "") + output.get("data", {}).get("text/plain", "")
    assert output.output_type == "execute_result"


def test_refreshing_stores_a_change_and_only_that(scratch):
    storing.refresh(scratch)
    before = scratch.read_text().splitlines()
    scratch.write_text(scratch.read_text().replace("range(3)", "range(2)"))
    storing.refresh(scratch)
    after = scratch.read_text().splitlines()
    assert [line for line in before if line not in after][:2] == ['      "1\\n",', '      "2\\n"']


@pytest.mark.skipif(os.name == "nt", reason="a signal to one program needs a POSIX system")
def test_ctrl_c_ends_in_a_sentence(scratch):
    book = nbformat.read(scratch, as_version=4)
    book.cells.append(nbformat.v4.new_code_cell("import time\nopen('begun', 'w').close()\ntime.sleep(60)"))
    nbformat.write(book, scratch)
    before = scratch.read_bytes()
    command = [sys.executable, "-m", "helpers.commands.storing", str(scratch)]
    child = subprocess.Popen(command, cwd=storing.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    while not (scratch.parent / "begun").exists() and child.poll() is None:
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 130 and said == f"{scratch.name}: stopped, and nothing was written.\n"
    assert scratch.read_bytes() == before


def test_notebooks_are_chosen_by_number_and_name():
    first, *_ = storing.chosen([])
    assert storing.chosen(["1"]) == storing.chosen(["01"]) == storing.chosen([first.name]) == [first]
    for word, sentence in (("99", "no notebook '99'; there are: 01_"), ("--time", "no option --time here")):
        with pytest.raises(SystemExit, match=sentence):
            storing.chosen([word])


def test_notebook_that_fails_is_not_written(scratch, capsys):
    book = nbformat.read(scratch, as_version=4)
    book.cells[3].metadata.tags = []
    nbformat.write(book, scratch)
    before = scratch.read_bytes()
    assert storing.for_each([str(scratch)], storing.refresh) == 1
    assert scratch.read_bytes() == before and list(scratch.parent.iterdir()) == [scratch]
    said = capsys.readouterr().out
    assert "a cell failed" in said and "1 / 0" in said and "ZeroDivisionError" in said


@pytest.mark.parametrize(
    "output, sentence",
    [
        (new_output("display_data", {"text/plain": "<IPython.core.display.HTML object>"}), "cell 0 shows HTML alone"),
        (new_output("display_data", {}), "cell 0 shows HTML alone"),
        (new_output("stream", text="careful!", name="stderr"), "cell 0 writes to stderr: careful!"),
    ],
)
def test_what_a_reader_would_not_see_is_not_stored(output, sentence):
    (found,) = storing.blemishes(new_notebook(cells=[new_code_cell("x", outputs=[output])]))
    assert found.startswith(sentence)


@pytest.mark.parametrize("data", [{"text/plain": "1"}, {"text/plain": "a figure", "image/png": PICTURE}])
def test_what_a_reader_sees_is_stored(data):
    assert storing.blemishes(new_notebook(cells=[new_code_cell("x", outputs=[new_output("display_data", data)])])) == []


def test_tidying_is_done_once_and_for_all():
    book = saved([new_output("display_data", FIGURE)], language_info={"name": "python", "version": "3.11.7"})["content"]
    book["cells"][0]["metadata"] = {
        "execution": {"iopub.execute_input": "now"},
        "tags": ["a"],
        "jupyter": {"source_hidden": True},
    }
    del book["cells"][0]["id"]
    once = storing.tidy(book)
    assert once["cells"][0]["metadata"] == {"tags": ["a"], "jupyter": {"source_hidden": True}}
    assert len(once["cells"][0]["id"]) == 8
    assert storing.tidy(json.loads(json.dumps(once))) == once


def test_tracebacks_name_no_place_of_this_computer():
    line = f"File {storing.ROOT}/helpers/networks/simple_rnn.py:12, /tmp/ipykernel_123/4567.py"
    assert storing.without_places(line) == "File helpers/networks/simple_rnn.py:12, /tmp/ipykernel/4567.py"


def test_notebooks_are_chosen_by_number_name_or_path(tmp_path):
    for name in ("01_the_neuron.ipynb", "03_more.ipynb", "Untitled.ipynb"):
        (tmp_path / name).touch()
    names = lambda *words: [path.name for path in storing.chosen(words, tmp_path)]  # noqa: E731
    assert names() == ["01_the_neuron.ipynb", "03_more.ipynb"]
    assert names("03") == names("03_more.ipynb") == names(str(tmp_path / "03_more.ipynb")) == ["03_more.ipynb"]
    with pytest.raises(SystemExit, match="no notebook '07'"):
        names("07")


@pytest.mark.parametrize("work", [storing.refresh, exporting.export])
def test_a_folder_that_cannot_be_written_is_named_before_anything_runs(work, scratch, capsys, monkeypatch):
    def full(dir):
        raise OSError(errno.ENOSPC, "No space left on device", f"{dir}/tmp")

    monkeypatch.setattr(exporting, "PAGES", scratch.parent)
    monkeypatch.setattr(storing.tempfile, "TemporaryFile", full)
    monkeypatch.setattr(storing, "execute", lambda path: pytest.fail("it was run all the same"))
    assert storing.for_each([str(scratch)], work) == 1
    words = f"nothing was written. No space left on device: {scratch.parent}"
    assert capsys.readouterr().out == f"01_scratch.ipynb: {words}\n"


def test_a_notebook_that_another_program_holds_stays_as_it_is(scratch, capsys, monkeypatch):
    def held(half, path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(storing.os, "replace", held)
    before = scratch.read_bytes()
    assert storing.for_each([str(scratch)], storing.refresh) == 1
    assert scratch.read_bytes() == before and list(scratch.parent.iterdir()) == [scratch]
    assert "nothing was written. Permission denied" in capsys.readouterr().out


@pytest.mark.parametrize("program", ["storing", "exporting"])
def test_a_terminal_that_lacks_a_letter_does_not_hide_what_failed(program, tmp_path):
    path = tmp_path / "01_roots.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("raise ValueError('√2 is not given')")]), path)
    command = [sys.executable, "-m", f"helpers.commands.{program}", str(path)]
    ascii_alone = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, env=ascii_alone, cwd=storing.ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and "a cell failed" in done.stdout and "2 is not given" in done.stdout
    assert "Traceback" not in done.stderr
