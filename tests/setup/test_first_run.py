"""`course.py` makes an environment, opens JupyterLab, and is quick the second time."""

import ast
import json
import os
import shutil
import subprocess
import sys

import pytest


def called(said):
    """The words with which JupyterLab was called."""
    line = next(line for line in said.splitlines() if line.startswith("CALLED"))
    return json.JSONDecoder().raw_decode(line.removeprefix("CALLED "))[0]


def test_first_run_says_what_it_does_and_opens_the_course(first_run):
    checkout, code, said = first_run
    assert code == 0, said
    assert said.index("1/2  Making") < said.index("2/2  Installing") < said.index("Ready after") < said.index("CALLED")
    words = called(said)
    assert f"--ServerApp.root_dir={checkout.folder}" in words
    assert "--ServerApp.ip=127.0.0.1" in words
    assert "--LabApp.default_url=/lab/tree/notebooks/03_the_recurrent_network_in_numpy.ipynb" in words
    assert not [word for word in words if "token" in word], "others on this computer can read a program's words"
    assert "--ServerApp.open_browser=True" in words


def test_second_run_makes_nothing(first_run):
    checkout, *_ = first_run
    before = checkout.stamp.stat().st_mtime_ns
    code, said = checkout.run("--no-browser")
    assert code == 0
    assert "Making" not in said and "Installing" not in said
    assert "--ServerApp.open_browser=False" in called(said)
    assert checkout.stamp.stat().st_mtime_ns == before


def test_chosen_port_is_the_only_one_tried(first_run):
    checkout, *_ = first_run
    words = called(checkout.run("--port", "54321")[1])
    assert "--ServerApp.port=54321" in words and "--ServerApp.port_retries=0" in words


@pytest.mark.parametrize("option, before", [("--no-browser", "Open this in a browser:"), ("03", "if not, open this")])
def test_address_is_said_once_somebody_listens_there(first_run, option, before):
    checkout, *_ = first_run
    code, said = checkout.run(option, COURSE_LAB_SECONDS="1")
    port = next(word for word in called(said) if "ServerApp.port=" in word).split("=")[1]
    token = json.loads(said.split("VARIABLES ")[1].splitlines()[0])["JUPYTER_TOKEN"]
    assert code == 0 and len(token) >= 32
    where = f"http://127.0.0.1:{port}/lab/tree/notebooks/03_the_recurrent_network_in_numpy.ipynb?token={token}"
    assert said.count(where) == 1 and said.index("CALLED") < said.index(before) < said.index(where)


def test_helpers_can_be_imported_from_anywhere(first_run, tmp_path):
    checkout, *_ = first_run
    show = [checkout.python, "-c", "import helpers; print(ascii(helpers.__file__))"]
    done = subprocess.run(show, cwd=tmp_path, env=checkout.variables(), capture_output=True, text=True)
    assert done.stdout.strip() == ascii(str(checkout.folder / "helpers" / "__init__.py")), done.stderr


def test_moved_folder_works_without_installing(ready):
    moved = ready.folder.rename(ready.folder.with_name("moved"))
    ready.__init__(moved, ready.wheels)
    code, said = ready.run()
    assert code == 0 and "Installing" not in said and f"--ServerApp.root_dir={moved}" in called(said)


def test_opens_the_notebook_that_is_asked_for(first_run):
    checkout, *_ = first_run
    book = "03_the_recurrent_network_in_numpy.ipynb"
    assert f"--LabApp.default_url=/lab/tree/notebooks/{book}" in called(checkout.run("03")[1])
    code, said = checkout.run("09")
    assert code == 1 and "There is no notebook 09. There are: 03." in said


def test_opens_the_first_notebook_where_the_chosen_one_is_missing(ready):
    (ready.folder / "notebooks" / "03_the_recurrent_network_in_numpy.ipynb").rename(
        ready.folder / "notebooks" / "01_the neuron.ipynb"
    )
    assert "--LabApp.default_url=/lab/tree/notebooks/01_the%20neuron.ipynb" in called(ready.run()[1])


def test_changed_lock_is_installed_into_the_environment_that_is_there(ready, packages):
    mark = ready.environment / "mark"
    mark.touch()
    ready.locks(packages[1]["jupyterlab"] + packages[1]["more"])
    code, said = ready.run()
    assert code == 0 and "Installing" in said and "Making" not in said
    assert mark.exists()
    assert subprocess.run([ready.python, "-c", "import more"]).returncode == 0


def test_testers_environment_is_also_the_readers(ready):
    (ready.folder / "tests").mkdir()
    (ready.folder / "tests" / "test_tiny.py").write_text("def test_tiny(): pass")
    assert "Installing" in ready.run("test", "tests/test_tiny.py")[1]
    assert "Installing" not in ready.run()[1]
    assert "Installing" not in ready.run("test", "tests/test_tiny.py")[1]


def test_help_names_every_command(checkout):
    code, said = checkout.run("--help")
    assert code == 0
    for word in ("test", "refresh", "export", "lock", "badge", "connect", "disconnect", "--port", "--no-browser"):
        assert word in said
    assert not checkout.environment.exists()


@pytest.mark.parametrize("command", ["refresh", "export", "lock", "badge", "connect", "disconnect"])
def test_help_after_a_command_does_nothing_else(checkout, command):
    before = sorted(path for path in checkout.folder.rglob("*") if "__pycache__" not in path.parts)
    code, said = checkout.run(command, "--help")
    assert code == 0 and "course.py export" in said and "--no-browser" in said
    assert sorted(path for path in checkout.folder.rglob("*") if "__pycache__" not in path.parts) == before


@pytest.mark.parametrize("command", ["badge", "connect", "disconnect"])
def test_words_that_a_command_does_not_take_are_refused(checkout, command):
    code, said = checkout.run(command, "conda")
    assert code == 1 and f"course.py {command} takes nothing more, and was given conda." in said


def test_a_wrong_command_is_answered_with_the_right_one(checkout):
    code, said = checkout.run("exports")
    assert code == 1 and "no command and no notebook 'exports'. Did you mean export?" in said
    assert not checkout.environment.exists()


def test_old_pythons_can_read_the_program(root):
    """Down to 2.7, which has no f-strings and takes no letters outside ASCII without being told."""
    tree = ast.parse((root / "course.py").read_text(encoding="ascii"), feature_version=(3, 4))
    assert not any(isinstance(node, ast.JoinedStr | ast.AnnAssign) for node in ast.walk(tree))
    old = shutil.which("python2.7")
    if old and subprocess.run([old, "-c", ""], capture_output=True).returncode == 0:  # where there is one
        done = subprocess.run([old, root / "course.py"], capture_output=True, text=True)
        assert done.returncode == 1 and "this is Python 2.7." in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("version", ["3.6", "3.10", "3.14"])
def test_other_pythons_are_told_what_to_do(checkout, version):
    numbers = tuple(map(int, version.split(".")))
    code, said = checkout.run(fake=f"import sys; sys.version_info = {numbers + (0, 'final', 0)}", PATH=os.devnull)
    assert code == 1
    assert f"needs Python 3.11, 3.12 or 3.13, and this is Python {version}." in said
    assert "python.org" in said and "3.13 course.py" in said


@pytest.mark.skipif(os.name == "nt", reason="an executable of three lines needs a POSIX system")
def test_other_pythons_name_one_that_is_there(checkout, tmp_path):
    there = tmp_path / "bin" / "python3.12"
    there.parent.mkdir()
    there.write_text("#!/bin/sh\n")
    there.chmod(0o755)
    fake = "import sys; sys.version_info = (3, 9, 0, 'final', 0)"
    assert checkout.run(fake=fake, PATH=str(there.parent))[1].endswith("\n    python3.12 course.py\n")


def test_program_needs_nothing_but_the_standard_library(root):
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, {str(root)!r}); from helpers.commands import main",
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
