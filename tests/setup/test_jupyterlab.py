"""The real JupyterLab, started with the real command and settings: closed to strangers, quiet, and saving pictures."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from helpers.commands import storing
from helpers.commands.connection import SETTINGS
from helpers.commands.environment import ROOT
from helpers.commands.opening import chosen, jupyterlab

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


class Server:
    """A JupyterLab on a folder; ask it with ``get`` and ``put``."""

    def __init__(self, folder):
        for name, settings in SETTINGS.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(json.dumps(settings))
        variables = dict(os.environ)
        variables |= {
            "JUPYTER_CONFIG_PATH": str(folder / "etc" / "jupyter"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
        }
        variables |= {"JUPYTER_RUNTIME_DIR": str(folder / "runtime"), "PYTHONPATH": str(ROOT), "HOME": str(folder)}
        command = [str(word) for word in jupyterlab(sys.executable, chosen(""), browser=False)]
        self.child = subprocess.Popen(
            [word for word in command if "root_dir" not in word] + [f"--ServerApp.root_dir={folder}"],
            cwd=folder,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        while not (found := re.search(r"(http://127\.0\.0\.1:\d+)(/lab\S*)\?token=(\w+)", self.said)):
            line = self.child.stdout.readline()
            assert line, "JupyterLab did not start:\n" + self.said
            self.said += line
        self.address, self.opens, self.token = found.groups()

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
                time.sleep(0.1)  # it says its address a moment before it listens
        raise AssertionError("JupyterLab does not answer")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("lab"))
    yield server
    server.child.terminate()
    server.child.communicate(timeout=30)


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


def test_quiet(server):
    """What a reader sees in the window: where the course is, nothing else."""
    lines = [line for line in server.said.splitlines() if line.strip()]
    assert not [line for line in lines if re.match(r"\[[IWE] ", line)], server.said


def test_messages_of_a_kernel_leave_at_once(server, monkeypatch):  # the server has started with this class
    from helpers.commands.quick_connection import QuickConnection, ZMQChannelsWebsocketConnection

    told = []
    handler = type("Handler", (), {"set_nodelay": lambda self, value: told.append(value)})()
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda self: told.append("connected"))
    monkeypatch.setattr(QuickConnection, "websocket_handler", handler)
    QuickConnection.__new__(QuickConnection).connect()
    assert told == [True, "connected"]
    name = SETTINGS["etc/jupyter/jupyter_server_config.json"]["ServerApp"]["kernel_websocket_connection_class"]
    assert name == f"{QuickConnection.__module__}.{QuickConnection.__name__}"
