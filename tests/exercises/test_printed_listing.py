"""The cells of notebook 04 that are meant to fail do fail, with the errors that the text reads; the mended ones run."""

import json
import warnings

import numpy as np
import pytest

NOTEBOOK = "notebooks/04_the_same_network_in_keras.ipynb"
EXPECTED = [("ValueError", "expected ndim=3, found ndim=2"), ("NameError", "name 'x_train' is not defined")]


@pytest.fixture(scope="module")
def cells(root):
    book = json.loads((root / NOTEBOOK).read_text(encoding="utf-8"))
    return [cell for cell in book["cells"] if cell["cell_type"] == "code"]


def source(cell):
    return "".join(cell["source"])


def failing(cells):
    return [cell for cell in cells if "raises-exception" in cell["metadata"].get("tags", [])]


def test_stored_errors_are_the_expected_ones_and_name_no_machine(cells, root):
    stored = [output for cell in failing(cells) for output in cell["outputs"]]
    assert [output["ename"] for output in stored] == [name for name, _ in EXPECTED]
    for output, (name, words) in zip(stored, EXPECTED, strict=True):
        assert words in output["evalue"]
        trace = "\n".join(output["traceback"])
        assert name in trace and len(output["traceback"]) == 1  # the last line alone
        assert "site-packages" not in trace and str(root) not in trace and "/home" not in trace


def test_the_listing_fails_as_printed_and_runs_as_mended(cells, keras):
    sources = [source(cell) for cell in cells]
    shape, nothing = map(source, failing(cells))
    prepared = next(text for text in sources if text.startswith("from keras import Sequential"))
    mended = next(text for text in sources if text.startswith("printed = Sequential([keras.Input"))
    namespace = {"keras": keras}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(prepared, namespace)
        with pytest.raises(ValueError, match=EXPECTED[0][1]):
            exec(shape, namespace)
        exec(mended, namespace)
        with pytest.raises(NameError, match=EXPECTED[1][1]):
            exec(nothing, namespace)
        namespace |= {"x_train": np.zeros((4, 12, 26), "float32"), "y_train": np.array([0, 1, 1, 0])}
        exec(nothing.replace("epochs=10", "epochs=1, verbose=0"), namespace)  # the third error raises nothing
    assert namespace["printed"].layers[-1].activation.__name__ == "linear"


def test_the_notebook_measures_its_own_memory(cells):
    """One run in a fresh kernel stays below 1,000 MB: nbval compares the verdict of the cell with the stored one.

    A reader who runs cells again and again in one kernel holds more, and is told so; only Binder's limit stops a run.
    """
    verdict, number = cells[-2], cells[-1]
    assert "peak_megabytes" in source(verdict) and "assert peak is None or peak < 2000" in source(verdict)
    assert "nbval-ignore-output" not in verdict["metadata"].get("tags", []), "then nobody would compare"
    (output,) = verdict["outputs"]
    assert "".join(output["text"]) == "The memory of this kernel is below 1,000 MB\n"
    (output,) = number["outputs"]
    assert 300 < int("".join(output["text"]).split()[2]) < 1000, "the run that was stored"


@pytest.mark.parametrize(
    "peak, words", [(None, "below 1,000 MB"), (999.0, "below 1,000 MB"), (1001.0, "above 1,000 MB: restart")]
)
def test_the_verdict_on_memory_tells_the_limit(cells, capsys, peak, words):
    exec(source(cells[-2]), {"keras_bridge": type("Bridge", (), {"peak_megabytes": staticmethod(lambda: peak)})})
    assert words in capsys.readouterr().out


def test_more_than_binder_gives_stops_the_run(cells):
    bridge = type("Bridge", (), {"peak_megabytes": staticmethod(lambda: 2000.5)})
    with pytest.raises(AssertionError):
        exec(source(cells[-2]), {"keras_bridge": bridge})
