"""`course.py connect` and `disconnect` for conda's or Binder's Python: settings of others stay, and nothing is left."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig

import pytest

from helpers.commands.connection import FILES, MODULE


class Strange:
    """A Python that is not the course's, with the JupyterLab of this one."""

    def __init__(self, folder, checkout):
        self.folder, self.checkout = folder, checkout
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        self.python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.site = next(iter([*folder.glob("lib/python*/site-packages"), folder / "Lib/site-packages"]))
        (self.site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def files(self):
        return {path for path in self.folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}

    def course(self, word):
        code, said = self.checkout.run(word, python=self.python)
        assert code == 0, said
        return said

    def runs(self, text):
        return subprocess.run(
            [self.python, "-X", "utf8", "-c", text],
            cwd=self.folder,
            env=self.checkout.variables(),
            capture_output=True,
            encoding="utf-8",
        )


@pytest.fixture
def strange(tmp_path, checkout):
    return Strange(tmp_path / "strange", checkout)


def test_connect_can_be_undone(strange):
    before = strange.files()
    assert "knows the course" in strange.course("connect")
    assert {path.name for path in strange.files() - before} == {
        "course.pth", f"{MODULE}.py", *(name.rpartition("/")[2] for name in FILES)
    }  # fmt: skip
    done = strange.runs("import course_connection as c, helpers; print(c.keep_pictures.__module__, helpers.__file__)")
    assert done.stdout.strip() == f"helpers.commands.storing {strange.checkout.folder / 'helpers' / '__init__.py'}"
    strange.course("connect")  # twice is as good as once
    strange.course("disconnect")
    assert strange.files() == before


def test_settings_of_others_stay(strange):
    path = strange.folder / "etc" / "jupyter" / "jupyter_server_config.json"
    path.parent.mkdir(parents=True)
    theirs = {"ServerApp": {"port": 1234}, "FileContentsManager": {"delete_to_trash": False}}
    path.write_text(json.dumps(theirs))
    strange.course("connect")
    merged = json.loads(path.read_text())
    assert merged["ServerApp"] == {
        "port": 1234, "kernel_websocket_connection_class": f"{MODULE}.QuickConnection"
    }  # fmt: skip
    assert merged["FileContentsManager"] == {"delete_to_trash": False, "pre_save_hook": f"{MODULE}.keep_pictures"}
    strange.course("disconnect")
    assert json.loads(path.read_text()) == theirs


def test_what_an_earlier_version_wrote_goes_too(strange):
    path = strange.folder / "etc" / "jupyter" / "jupyter_server_config.json"
    path.parent.mkdir(parents=True)
    old = {"FileContentsManager": {"pre_save_hook": "helpers.commands.storing.keep_pictures"}, "X": {"y": 1}}
    path.write_text(json.dumps(old))
    strange.course("disconnect")
    assert json.loads(path.read_text()) == {"X": {"y": 1}}


def test_jupyterlab_starts_without_the_course(strange):
    """The course's folder is gone: the environment's JupyterLab still finds what its settings name."""
    strange.course("connect")
    shutil.rmtree(strange.checkout.folder)
    settings = strange.folder / "etc" / "jupyter" / "jupyter_server_config.json"
    done = strange.runs(
        "import json; from traitlets.utils.importstring import import_item\n"
        f"read = json.load(open({str(settings)!r}))\n"
        "hook = import_item(read['FileContentsManager']['pre_save_hook'])\n"
        "kind = import_item(read['ServerApp']['kernel_websocket_connection_class'])\n"
        "print(hook(model={}, path='', contents_manager=None), kind.__name__)"
    )
    assert done.returncode == 0, done.stderr
    assert "JupyterLab starts without the course" in done.stdout
    assert done.stdout.strip().endswith("None ZMQChannelsWebsocketConnection")


def test_settings_that_cannot_be_read_are_named(strange):
    path = strange.folder / "etc" / "jupyter" / "jupyter_lab_config.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    code, said = strange.checkout.run("connect", python=strange.python)
    assert code == 1 and "jupyter_lab_config.json cannot be read" in said and "Mend or delete it" in said


def test_python_without_jupyterlab_is_not_connected(strange):
    (strange.site / "lent.pth").unlink()
    code, said = strange.checkout.run("connect", python=strange.python)
    assert code == 1 and "has no JupyterLab" in said
