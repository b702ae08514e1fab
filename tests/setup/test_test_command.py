"""`course.py test`: the whole or a part, one line at the end, and an exit code that can be trusted."""

import json
import os

import pytest

GOOD = "import pytest\ndef test_two(): pass\ndef test_three(): pass\ndef test_four(): pytest.skip('for a reason')\n"
BROWSER = """from os import environ
def test_browser(): assert environ.get('COURSE_REQUIRE_BROWSER') == environ.get('COURSE_EXPECTED')
"""
NOTEBOOK = {
    "cells": [{"cell_type": "code", "execution_count": 1, "id": "a", "metadata": {}, "outputs": [], "source": "1;"}],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture(scope="module")
def installed(first_run, tmp_path_factory):
    """A checkout with a few tests of its own, in which one of them has run."""
    made, *_ = first_run
    checkout = made.copy(tmp_path_factory.mktemp("installed"))
    for name, text in {"test_good.py": GOOD, "browser/test_there.py": BROWSER}.items():
        (checkout.folder / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout.folder / "tests" / name).write_text(text)
    (checkout.folder / "notebooks" / "03_the_recurrent_network_in_numpy.ipynb").write_text(json.dumps(NOTEBOOK))
    code, said = checkout.run("test", "tests/test_good.py")
    assert code == 0 and "2/2  Installing" in said, said
    return checkout


@pytest.fixture
def tested(installed, tmp_path, monkeypatch):
    """A copy of it, to change."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # for speed
    monkeypatch.setenv("PYTEST_PLUGINS", "nbval.plugin")
    return installed.copy(tmp_path)


def last_line(said):
    return said.strip().splitlines()[-1]


def test_everything(tested):
    code, said = tested.run("test", "--nbval-lax", "-p", "no:cacheprovider")
    assert "== helpers" in said and "== notebooks" in said and "== browser" in said
    assert "SKIPPED [1] tests/test_good.py:4: for a reason" in said
    assert last_line(said) == "course: 4 passed, 0 failed, 1 skipped" and code == 0


def test_a_place_without_tests_is_named(tested):
    code, said = tested.run("test", "tests/nothere.py", "-x")
    assert code == 1 and said.endswith("There is no test at tests/nothere.py.\n") and "==" not in said


@pytest.mark.parametrize(
    "style, summary", [("0", "5 passed, 0 failed, 1 skipped"), ("1", "3 passed, 2 failed, 1 skipped")]
)
def test_style_counts(tested, style, summary):
    (tested.folder / "notebooks" / "03_the_recurrent_network_in_numpy.ipynb").unlink()
    code, said = tested.run("test", COURSE_RUFF_CODE=style)
    assert "ruff check" in said and "ruff format --check" in said
    assert last_line(said) == f"course: {summary}" and code == int(style)


def test_one_file(tested):
    code, said = tested.run("test", "tests/test_good.py")
    assert "== browser" not in said and "== notebooks" not in said and "ruff" not in said
    assert last_line(said) == "course: 2 passed, 0 failed, 1 skipped" and code == 0


def test_one_test(tested):
    assert last_line(tested.run("test", "tests/test_good.py::test_two")[1]) == "course: 1 passed, 0 failed, 0 skipped"


def test_tests_by_name(tested):
    code, said = tested.run("test", "-k", "test_three or test_browser")
    assert last_line(said) == "course: 2 passed, 0 failed, 0 skipped" and code == 0


def test_no_test_is_a_failure(tested):
    code, said = tested.run("test", "-k", "nothing_has_this_name")
    assert code == 1 and last_line(said) == "No test was found."


def test_failure(tested):
    (tested.folder / "tests" / "test_bad.py").write_text("def test_bad(): assert 1 == 2\n")
    code, said = tested.run("test", "tests/test_bad.py", "tests/browser")
    assert last_line(said) == "course: 1 passed, 1 failed, 0 skipped" and code == 1


@pytest.mark.parametrize("text", ["this is no Python", "import os; os._exit(7)"])
def test_tests_that_cannot_even_be_read(tested, text):
    (tested.folder / "tests" / "test_bad.py").write_text(text)
    code, said = tested.run("test", "tests")
    assert code == 1 and " 1 failed" in last_line(said)


@pytest.mark.parametrize("ci, expected", [("true", "1"), ("false", None)])
def test_only_ci_insists_on_a_browser(tested, ci, expected):
    more = {"COURSE_EXPECTED": expected} if expected else {}
    code, said = tested.run("test", "tests/browser", CI=ci, **more)
    assert code == 0, said


def test_wrong_number_in_a_notebook_fails(tested):
    path = tested.folder / "notebooks" / "03_the_recurrent_network_in_numpy.ipynb"
    cell = NOTEBOOK["cells"][0] | {"source": "print(1 + 1)"}
    for number, code in (("2", 0), ("3", 1)):
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": number + "\n"}]
        path.write_text(json.dumps(NOTEBOOK | {"cells": [cell]}))
        assert tested.run("test", "notebooks")[0] == code


def test_notebooks_run_without_the_readers_own_jupyter(tested, tmp_path):
    """Neither a kernel of theirs nor what their IPython does at its start."""
    kernel = {"argv": ["/nowhere/python"], "display_name": "mine", "language": "python"}
    texts = {
        "path/kernels/python3/kernel.json": json.dumps(kernel),
        "ipython/profile_default/startup/00.py": "print = None",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    cell = NOTEBOOK["cells"][0] | {"source": "print(1 + 1)"}
    cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": "2\n"}]
    (tested.folder / "notebooks" / "03_the_recurrent_network_in_numpy.ipynb").write_text(
        json.dumps(NOTEBOOK | {"cells": [cell]})
    )
    theirs = {"JUPYTER_PATH": str(tmp_path / "path"), "IPYTHONDIR": str(tmp_path / "ipython")}
    code, said = tested.run("test", "notebooks", **theirs)
    assert code == 0, said


@pytest.mark.skipif(os.name == "nt", reason="a signal to a group of programs needs a POSIX system")
def test_ctrl_c_ends_all_suites(tested):
    import signal

    (tested.folder / "tests" / "test_good.py").write_text(
        "import time\ndef test_long():\n    print('here', flush=True)\n    time.sleep(60)"
    )
    child = tested.start("test", "-s")
    while "here" not in child.stdout.readline():
        pass
    os.killpg(child.pid, signal.SIGINT)
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 130 and "== browser" not in said


MEETING = """
import pathlib, time
def test_meets_the_other():
    place = pathlib.Path(__file__).resolve()
    home = next(folder for folder in place.parents if folder.name == "tests").parent
    (home / "here-{me}").touch()
    end = time.monotonic() + 60
    while not (home / "here-{other}").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
"""


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="on one core the suites run one after the other")
def test_browser_runs_beside_the_others_and_speaks_last(tested):
    (tested.folder / "tests" / "test_good.py").write_text(MEETING.format(me="helpers", other="browser"))
    meeting = MEETING.format(me="browser", other="helpers") + "def test_bad(): assert 'told' == 'at the end'\n"
    (tested.folder / "tests" / "browser" / "test_there.py").write_text(meeting)
    code, said = tested.run("test", "--nbval-lax")
    assert "'told' == 'at the end'" in said[said.index("== browser") :]
    assert last_line(said) == "course: 3 passed, 1 failed, 0 skipped" and code == 1


@pytest.mark.skipif(os.name == "nt", reason="needs the signals of a POSIX system")
def test_being_stopped_ends_the_suite_beside(tested):
    import signal
    import time

    text = "import os, time\ndef test_long():\n    print('{}', os.getpid(), flush=True)\n    time.sleep(60)\n"
    for name in ("test_good.py", "browser/test_there.py"):
        (tested.folder / "tests" / name).write_text(text.format(name))
    child = tested.start("test", "-s")
    log, end = tested.folder / "build" / "tests-browser.txt", time.monotonic() + 60
    while "browser/test_there.py" not in (log.read_text() if log.exists() else ""):
        assert time.monotonic() < end and child.poll() is None
        time.sleep(0.05)
    beside = int(log.read_text().split("browser/test_there.py ")[1].split()[0])
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=60)
    with pytest.raises(ProcessLookupError):
        os.kill(beside, 0)
