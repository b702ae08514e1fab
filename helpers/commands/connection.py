"""Tells a Python (ours, conda's, Binder's) where the course is, and its JupyterLab how the course wants it.

Standard library only, like all that runs before the environment is there.
"""

import json
import os
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

from helpers.commands.environment import ENVIRONMENT, ROOT
from helpers.commands.saying import Plain, alone, say

# What JupyterLab has to know: saved notebooks keep pictures instead of dead widgets; no server is asked for news,
# updates or extensions; and kernels, which talk to this machine alone, do not warn that others could listen.
SETTINGS = {
    "etc/jupyter/jupyter_server_config.json": {
        "FileContentsManager": {"pre_save_hook": "helpers.commands.storing.keep_pictures"},
        "ServerApp": {"kernel_websocket_connection_class": "helpers.commands.quick_connection.QuickConnection"},
    },
    "etc/jupyter/jupyter_lab_config.json": {
        "LabApp": {
            "news_url": None,
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "extension_manager": "readonly",
        }
    },
    "etc/ipython/ipython_kernel_config.json": {"IPKernelApp": {"log_level": 40}},
    "share/jupyter/lab/settings/overrides.json": {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": False},
    },
}


def connect():
    """Tell the Python that runs this where ``helpers`` is, and its JupyterLab our settings; write what differs."""
    site = Path(sysconfig.get_path("purelib"))
    if not site.is_dir():  # a .venv whose Python was replaced by another version
        raise Plain(f"{site} is missing.")
    try:
        place = os.path.relpath(ROOT, site)  # without the folders above, which may have letters outside ASCII
    except ValueError:  # another drive
        place = str(ROOT)
    texts = {site / "course.pth": place + "\n"}
    for name, settings in SETTINGS.items():
        path = Path(sys.prefix) / name
        there = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        merged = there | {section: there.get(section, {}) | values for section, values in settings.items()}
        texts[path] = json.dumps(merged, indent=1) + "\n"
    for path, text in texts.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def told(words):
    """Connect the Python that runs this, if it has a JupyterLab to connect, and say so."""
    alone("connect", words)
    if Path(sys.prefix) != ENVIRONMENT and not find_spec("jupyterlab"):  # ours is connected while it is made
        raise Plain(f"{sys.executable} has no JupyterLab. Activate the environment that has, and try again.")
    connect()
    say(f"{sys.executable} knows the course.")
