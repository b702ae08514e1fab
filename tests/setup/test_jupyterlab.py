"""The real JupyterLab, started with the real command and settings: closed to strangers, quiet, and saving pictures."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbclient
import nbformat
import pytest

from helpers.commands import opening, programs, storing
from helpers.commands.connection import SERVER
from helpers.commands.programs import ROOT

BOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": 1,
            "id": "a",
            "metadata": {},
            "source": "figure",
            "outputs": [
                {
                    "output_type": "display_data",
                    "metadata": {},
                    "data": {
                        "text/plain": "a figure",
                        "image/png": "iVBORw0KGgo=",
                        storing.WIDGET: {"model_id": "abc"},
                    },
                }
            ],
        }
    ],
    "metadata": {"widgets": {"application/vnd.jupyter.widget-state+json": {}}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


# What readers have set for a Jupyter of their own; with each of these the course once did not start.
THEIRS = {
    ".jupyter/jupyter_server_config.json": {
        "ServerApp": {
            "preferred_dir": "/nowhere",
            "certfile": "/nowhere/c.pem",
            "contents_manager_class": "no.such",
        },
        "IdentityProvider": {"token": "mine"},
        "PasswordIdentityProvider": {"hashed_password": "argon2:mine"},
    },
    ".local/share/jupyter/kernels/python3/kernel.json": {"argv": ["/nowhere/python"], "display_name": "mine"},
    "path/kernels/python3/kernel.json": {"argv": ["/nowhere/python"], "display_name": "mine too"},
    ".ipython/profile_default/ipython_config.json": {"InteractiveShellApp": {"exec_lines": ["mine = 1"]}},
}


class Server:
    """JupyterLab on a folder, started as `course.py` does; ask it with ``ask``."""

    def __init__(self, folder):
        for name, settings in THEIRS.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(json.dumps(settings))
        (folder / ".jupyter" / "jupyter_lab_config.json").write_text("{broken")
        theirs = {"HOME": folder, "USERPROFILE": folder, "JUPYTER_PATH": folder / "path", "JUPYTER_TOKEN": "mine"}
        theirs |= {"JUPYTER_PORT": "99999", "PYTHONOPTIMIZE": "1", "PYTHONPATH": ""}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in theirs.items():
                patch.setenv(name, str(value))
            for module in (programs, opening):
                patch.setattr(module, "JUPYTER", folder / "jupyter")
            self.port, self.token = opening.free_port(), "0" * 48
            self.variables = programs.surroundings(JUPYTER_TOKEN=self.token, **opening.own_folders())
            command = opening.jupyterlab(sys.executable, opening.chosen(""), self.port, browser=False, root=folder)
            self.child = programs.start(
                command, guarded=True, env=self.variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
        self.address, self.opens = f"http://127.0.0.1:{self.port}", opening.place(opening.chosen(""))

    def stop(self):
        """End it, and give all that it said."""
        self.child.stdin.close()
        self.child.stdin = None
        return self.child.communicate(timeout=30)[0].decode()

    def ask(self, path, method="GET", body=None, token=True):
        request = urllib.request.Request(self.address + path, method=method)
        if token:
            request.add_header("Authorization", f"token {self.token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        for _ in range(100):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as refused:
                return refused.code, refused.read().decode()
            except urllib.error.URLError:
                assert self.child.poll() is None, self.child.stdout.read().decode()
                time.sleep(0.2)  # it does not listen yet
        raise AssertionError("JupyterLab does not answer")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("lab"))
    yield server
    expected = ("/api/terminals", "Forbidden", "received signal")  # a request without a token, and the end
    said = [line for line in server.stop().splitlines() if not any(words in line for words in expected)]
    assert not said, "a reader sees in the window what course.py says, nothing else"


def test_opens_on_the_course(server):
    assert re.match(r"/lab/tree/notebooks/\d\d_\w+\.ipynb$", server.opens)
    status, page = server.ask(server.opens)
    assert status == 200 and "<title>JupyterLab</title>" in page


@pytest.mark.parametrize("path", ["/api/contents", "/api/kernels", "/api/terminals"])
def test_answers_nobody_without_the_token(server, path):
    assert server.ask(path, token=False)[0] == 403
    assert server.ask(path)[0] == 200
    assert len(server.token) >= 32


def test_asks_no_server_for_news_updates_or_extensions(server):
    page = server.ask("/lab")[1]
    config = json.loads(re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S)[1])
    assert config["news"] == {"disabled": True}
    assert config["extensionManager"]["can_install"] is False
    assert json.loads(server.ask("/lab/api/update")[1])["notification"] is None


def test_saved_notebook_keeps_its_picture_and_no_widget(server):
    body = {"type": "notebook", "format": "json", "content": BOOK}
    status, _ = server.ask("/api/contents/mine.ipynb", "PUT", body)
    assert status == 201
    saved = json.loads(server.ask("/api/contents/mine.ipynb")[1])["content"]
    assert saved["cells"][0]["outputs"][0]["data"] == {"text/plain": "a figure", "image/png": "iVBORw0KGgo="}
    assert "widgets" not in saved["metadata"]


def test_kernel_is_the_environments_and_knows_nothing_of_the_readers(server):
    specs = json.loads(server.ask("/api/kernelspecs")[1])["kernelspecs"]
    assert list(specs) == ["python3"] and specs["python3"]["spec"]["display_name"] == "Python 3 (ipykernel)"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", dict(server.variables))  # as the server gives them to its kernels
        nbclient.NotebookClient(book, kernel_name="python3", timeout=60).execute(env=dict(server.variables))
    assert book.cells[0].outputs[0].text.split("\n")[:-1] == [sys.prefix, "0", "False", str(ROOT)]


CELL = """import sys, os, pathlib, helpers
print(sys.prefix, sys.flags.optimize, "mine" in globals(), pathlib.Path(helpers.__file__).parents[1], sep="\\n")"""


def test_the_computers_own_jupyter_folders_are_left_out():
    text = "from helpers.commands import lab; lab.alone(); from jupyter_core.paths import jupyter_config_path as c\n"
    text += "from jupyter_core.paths import jupyter_path as p; print(*c(), *p(), sep='\\n')"
    env = programs.surroundings()
    done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    places = done.stdout.splitlines()
    assert len(places) >= 4
    assert all(place.startswith((sys.prefix, str(programs.JUPYTER))) for place in places), places


def test_messages_of_a_kernel_leave_at_once(server, monkeypatch):  # the server has started with this class
    from helpers.commands.quick_connection import QuickConnection, ZMQChannelsWebsocketConnection

    told = []
    handler = type("Handler", (), {"set_nodelay": lambda self, value: told.append(value)})()
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda self: told.append("connected"))
    monkeypatch.setattr(QuickConnection, "websocket_handler", handler)
    QuickConnection.__new__(QuickConnection).connect()
    assert told == [True, "connected"]
    name = SERVER["ServerApp"]["kernel_websocket_connection_class"]
    assert name == f"{QuickConnection.__module__}.{QuickConnection.__name__}"
