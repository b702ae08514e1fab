"""The line of progress: one stable output in a notebook, one line in a terminal, nothing elsewhere."""

import io
import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from helpers import progress

SETUP = """import numpy as np
from helpers.networks import *
from helpers import progress
progress.BETWEEN = 0.0  # show every step, so that the test sees many updates
x = np.ones((64, 20, 1))
net = SimpleRNN(1, 8, 1)"""
TRAINING = "history = train(net, x, x, MeanSquaredError(), epochs=5)"
SHOWN = "train(net, x, x, MeanSquaredError(), epochs=5)"
FAILING = "bad = train(SimpleRNN(1, 8, 1, 'linear'), 100 * x, x, MeanSquaredError(), SGD(1e3), epochs=500)"
QUIET = "history = train(net, x, x, MeanSquaredError(), epochs=5, progress=False)"


@pytest.fixture(scope="module", params=[None, "x"], ids=["as a reader", "under pytest"])
def executed(request, root, tmp_path_factory):
    """A notebook that trains, as its reader would store it."""
    folder = tmp_path_factory.mktemp("notebook")
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, TRAINING, SHOWN, FAILING, QUIET)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    environment |= {"PYTHONPATH": str(root)} | ({"PYTEST_CURRENT_TEST": request.param} if request.param else {})
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(env=environment, cwd=str(root))
    path = folder / "training.ipynb"
    nbformat.write(notebook, path)
    return notebook, path, environment


def test_one_stable_line_and_nothing_else(executed):
    notebook, *_ = executed
    _, training, shown, failing, quiet = (cell.outputs for cell in notebook.cells)
    assert [(output.output_type, dict(output.data)) for output in training] == [
        ("display_data", {"text/plain": "5 epochs of training"})
    ]
    assert [output.output_type for output in shown] == ["display_data", "execute_result"]
    assert shown[1].data["text/plain"].startswith("History: 5 epochs, loss ")
    texts = [output.data["text/plain"] for output in failing]
    assert texts[0] == "500 epochs of training" and "not finite" in texts[1] and len(texts) == 2
    assert quiet == []


def test_nbval_finds_the_same_again(executed, root):
    _, path, environment = executed
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "--nbval-current-env",
        "-q",
        "-p",
        "no:cacheprovider",
        str(path),
    ]
    result = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout
    assert "5 passed" in result.stdout
    assert result.stderr == ""


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_one_line_in_a_terminal(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setitem(sys.modules, "IPython", None)
    monkeypatch.setattr(progress, "BETWEEN", 0.0)
    line = progress.Progress(4, "epoch", "of training")
    line._next = 0.0
    line.at(1.5, 0.25)
    line.close()
    text = terminal.getvalue()
    assert text.count("\n") == 1 and text.endswith("4 epochs of training\n")
    assert "epoch 2 of 4, loss 0.25, " in text and "[########............]" in text


def test_a_terminal_hears_why_it_stopped(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setitem(sys.modules, "IPython", None)
    progress.Progress(1, "epoch", "of training").close("interrupted")
    assert terminal.getvalue().endswith("1 epoch of training: interrupted\n")


def test_updates_are_rare(monkeypatch):
    """A thousand steps in no time are not a thousand updates."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setitem(sys.modules, "IPython", None)
    monkeypatch.setattr(progress, "BETWEEN", 1e6)
    line = progress.Progress(1000)
    for step in range(1000):
        line.at(step + 1)
    line.close()
    assert terminal.getvalue().count("\r") == 2  # the first line and the last


def test_nothing_in_a_file(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    line = progress.Progress(3)
    line.at(1)
    line.close("interrupted")
    assert stream.getvalue() == ""
