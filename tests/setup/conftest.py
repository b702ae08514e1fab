"""A small checkout to try `course.py` in: the real program, and packages so small that an environment takes seconds."""

import base64
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("course.py", "pyproject.toml", "helpers/__init__.py")
KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_PLUGINS")
NOTEBOOK = "03_the_recurrent_network_in_numpy.ipynb"

# Instead of JupyterLab: says how it was called and with which variables, listens, and does what the test asks for.
JUPYTERLAB = """
import json, os, re, socket, sys, time, helpers
print("VARIABLES", json.dumps(dict(os.environ)), flush=True)
print("CALLED", json.dumps(sys.argv[1:]), os.getpid(), sys.flags.optimize, flush=True)
seconds = float(os.environ.get("COURSE_LAB_SECONDS", 0))
if seconds:
    port = int(re.search(r"ServerApp.port=(\\d+)", " ".join(sys.argv))[1])
    with socket.create_server(("127.0.0.1", port)):
        time.sleep(seconds)
sys.exit(int(os.environ.get("COURSE_LAB_CODE", 0)))
"""
# Gives way to the real one where that is lent.
JUPYTER_CORE = """
import os, sys
real = [os.path.join(place, "jupyter_core") for place in sys.path]
__path__[:] = [place for place in real if os.path.isdir(place) and place not in __path__] or __path__
"""
RUFF = "import os, sys; print('ruff', *sys.argv[1:]); sys.exit(int(os.environ.get('COURSE_RUFF_CODE', 0)))"
UV = shutil.which("uv", path=sysconfig.get_path("scripts")) or shutil.which("uv")
# The real uv, lent by the environment that runs these tests: on Windows a copy, elsewhere a name for it.
LENT_UV = f'#!/bin/sh\nexec "{UV}" "$@"\n' if os.name != "nt" else Path(UV).read_bytes()


def wheel(folder, name, version, files):
    """A package with these files, text or bytes, in ``folder``; gives its line for a lock."""
    info = f"{name}-{version}.dist-info"
    files = files | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    files = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(content)}\n"
    target = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for path, content in (files | {f"{info}/RECORD": record + f"{info}/RECORD,,\n"}).items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = (stat.S_IFREG | (0o755 if "/scripts/" in path else 0o644)) << 16
            archive.writestr(entry, content)
    return f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(target.read_bytes()).hexdigest()}\n"


class Checkout:
    """A folder with the course's programs, tiny locks, and the packages that these name."""

    def __init__(self, folder, wheels):
        self.folder, self.wheels = folder, wheels
        self.environment = folder / ".venv"
        self.stamp = self.environment / "course.json"

    @property
    def python(self):
        return self.environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def variables(self, **more):
        """An environment without anything of this machine's pip; the packages come from the test's own folder."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        home = self.wheels.parent
        pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        return kept | pip | {"HOME": str(home), "USERPROFILE": str(home), "PIP_RETRIES": "0"} | more

    def start(self, *words, fake="", python=sys.executable, **variables):
        """Start `course.py` in a group of its own; ``fake`` is Python text that runs before it."""
        if fake:
            place = self.folder.parent / "fakes"
            place.mkdir(exist_ok=True)
            (place / "sitecustomize.py").write_text(fake)
            variables["PYTHONPATH"] = str(place)
        return subprocess.Popen(
            [python, self.folder / "course.py", *words],
            cwd=self.folder.parent,
            env=self.variables(**variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=os.name != "nt",
        )

    def run(self, *words, **options):
        """`course.py` to its end: (exit code, all that it said). It may never show a traceback."""
        child = self.start(*words, **options)
        said, _ = child.communicate(timeout=120)
        assert "Traceback (most recent call last)" not in said, said
        return child.returncode, said

    def copy(self, place):
        """The same again in the folder ``place``."""
        folder = shutil.copytree(self.folder, place / self.folder.name, symlinks=True)
        return Checkout(folder, self.wheels)

    def locks(self, readers, testers=""):
        """Write the readers' and the testers' lock."""
        (self.folder / "requirements.lock").write_text(readers)
        (self.folder / "requirements-test.lock").write_text(readers + testers)


@pytest.fixture(scope="session")
def packages(tmp_path_factory):
    """The tiny packages' folder and their lines in a lock."""
    folder = tmp_path_factory.mktemp("packages") / "wheels"
    folder.mkdir()
    lines = {
        "jupyterlab": wheel(
            folder,
            "jupyterlab",
            "1.0",
            {
                "jupyterlab/__init__.py": "",
                "jupyterlab/__main__.py": JUPYTERLAB,
                "jupyter_core/__init__.py": JUPYTER_CORE,
                "jupyter_core/paths.py": "SYSTEM_CONFIG_PATH, SYSTEM_JUPYTER_PATH = ['somewhere'], ['somewhere']",
            },
        ),
        "uv": wheel(folder, "uv", "1.0", {f"uv-1.0.data/scripts/uv{'.exe' * (os.name == 'nt')}": LENT_UV}),
        "more": wheel(folder, "more", "1.0", {"more.py": ""}),
        # The real pytest, lent by the environment that runs these tests.
        "lent": wheel(folder, "lent", "1.0", {"lent.pth": sysconfig.get_path("purelib") + "\n"}),
        "ruff": wheel(folder, "ruff", "1.0", {"ruff/__init__.py": "", "ruff/__main__.py": RUFF}),
    }
    return folder, lines


def lay_out(folder, packages):
    """A checkout in ``folder``, without an environment."""
    for part in (*PARTS, *(path.relative_to(ROOT) for path in (ROOT / "helpers" / "commands").glob("*.py"))):
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / part, folder / part)
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / NOTEBOOK).write_text(
        json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    wheels, lines = packages
    checkout = Checkout(folder, wheels)
    checkout.locks(lines["jupyterlab"], lines["lent"] + lines["ruff"])
    (folder / "requirements-uv.lock").write_text(lines["uv"])
    return checkout


@pytest.fixture
def checkout(tmp_path, packages):
    """A fresh checkout, in a folder whose name has a space and letters outside ASCII."""
    return lay_out(tmp_path / "mein Kurs Übung 循环", packages)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory, packages):
    """A checkout in which `course.py` has run once, and what it said: (checkout, exit code, words)."""
    made = lay_out(tmp_path_factory.mktemp("made") / "mein Kurs Übung 循环", packages)
    return (made, *made.run())


@pytest.fixture
def ready(first_run, tmp_path):
    """A copy of that checkout, with its environment, to change."""
    made, code, said = first_run
    assert code == 0, said
    return made.copy(tmp_path)
