"""Starts JupyterLab without what the whole computer has set for Jupyter: `python -m helpers.commands.lab word ...`.

`programs.surroundings` keeps the reader's own settings away, by variables; for those of the computer (such as
/usr/local/etc/jupyter) there is none.
"""

import runpy

from jupyter_core import paths


def alone():
    """From now on this process finds settings, kernels and extensions in the environment and in our folders only."""
    paths.SYSTEM_CONFIG_PATH.clear()
    paths.SYSTEM_JUPYTER_PATH.clear()


if __name__ == "__main__":
    alone()
    runpy.run_module("jupyterlab", run_name="__main__", alter_sys=True)
