"""How the course wants JupyterLab: `course.py` says so at each start; `connect` tells conda's or Binder's for good.

Standard library only, like all that runs before the environment is there.
"""

import contextlib
import json
import os
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

from helpers.commands.programs import ROOT
from helpers.commands.saying import Plain, alone, say

# Saved notebooks keep pictures instead of dead widgets; kernels' messages leave at once; no server is asked for news,
# updates or extensions.
SERVER = {
    "FileContentsManager": {"pre_save_hook": "helpers.commands.storing.keep_pictures"},
    "ServerApp": {"kernel_websocket_connection_class": "helpers.commands.quick_connection.QuickConnection"},
}
LAB = {
    "LabApp": {
        "news_url": None,
        "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "extension_manager": "readonly",
    }
}
# Kernels, which talk to this machine alone, do not warn that others could listen.
KERNEL = {"IPKernelApp": {"log_level": 40}}
OVERRIDES = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": False},
}

# A connected JupyterLab finds our two classes in this file of its own, so that it starts also without the course.
MODULE = "course_connection"
TEXT = '''"""Written by `course.py connect`, taken away by `course.py disconnect`."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection as QuickConnection


def keep_pictures(model, **more):
    """The course is gone: notebooks are saved as they are."""


try:
    from helpers.commands.quick_connection import QuickConnection
    from helpers.commands.storing import keep_pictures
except Exception as reason:
    print(f"JupyterLab starts without the course: {reason}")
'''
FILES = {
    "etc/jupyter/jupyter_server_config.json": {
        section: {name: f"{MODULE}.{value.rpartition('.')[2]}" for name, value in settings.items()}
        for section, settings in SERVER.items()
    },
    "etc/jupyter/jupyter_lab_config.json": LAB,
    "etc/ipython/ipython_kernel_config.json": KERNEL,
    "share/jupyter/lab/settings/overrides.json": OVERRIDES,
}


def connect(words):
    """Tell the Python that runs this where ``helpers`` is, and its JupyterLab our settings; what is there stays."""
    alone("connect", words)
    if not find_spec("jupyterlab"):
        raise Plain(f"{sys.executable} has no JupyterLab. Activate the environment that has, and try again.")
    disconnect_all()  # also what an earlier version of the course has written
    site = Path(sysconfig.get_path("purelib"))
    (site / "course.pth").write_text(to_course(site), encoding="utf-8")
    (site / f"{MODULE}.py").write_text(TEXT, encoding="utf-8")
    for name, settings in FILES.items():
        path = Path(sys.prefix) / name
        there = read(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        merged = there | {section: there.get(section, {}) | values for section, values in settings.items()}
        path.write_text(json.dumps(merged, indent=1) + "\n", encoding="utf-8")
    say(f"{sys.executable} knows the course. To undo that: course.py disconnect")


def disconnect(words):
    """Take away from the Python that runs this all that `connect` has told it."""
    alone("disconnect", words)
    disconnect_all()
    say(f"{sys.executable} no longer knows the course.")


def disconnect_all():
    """Remove our files, and our values from the settings; a file that had nothing else goes too."""
    site = Path(sysconfig.get_path("purelib"))
    for name in ("course.pth", f"{MODULE}.py"):
        (site / name).unlink(missing_ok=True)
    for name, settings in FILES.items():
        path = Path(sys.prefix) / name
        there = read(path)
        if not there:
            continue
        for section, values in settings.items():
            old = SERVER.get(section, {})  # as an earlier version of the course has written it
            for key, value in values.items():
                if key in there.get(section, {}) and there[section][key] in (value, old.get(key, value)):
                    del there[section][key]
            if not there.get(section, True):
                del there[section]
        if there:
            path.write_text(json.dumps(there, indent=1) + "\n", encoding="utf-8")
        else:
            path.unlink()


def read(path):
    """The settings in a file, a dict; empty if there is no file."""
    with contextlib.suppress(FileNotFoundError):
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except ValueError as fault:
            raise Plain(f"{path} cannot be read: {fault}. Mend or delete it, and try again.") from None
    return {}


def to_course(site):
    """The line that leads from a folder of packages to the course."""
    try:  # without the folders above, which may have letters outside ASCII
        return os.path.relpath(ROOT, site) + "\n"
    except ValueError:  # another drive
        return f"{ROOT}\n"
