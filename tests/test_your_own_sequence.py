"""The page on sequences of one's own: its code runs as it stands, is short, and beats the simplest forecast."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest


@pytest.fixture(scope="module")
def code(root):
    page = (root / "docs" / "your_own_sequence.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    return block


def test_it_is_short(code):
    assert len(code.splitlines()) <= 40


def test_it_runs_as_it_stands(code, root, tmp_path):
    """On a table of two waves and some noise."""
    t = np.arange(900)
    series = 20 + 5 * np.sin(t / 4) + 3 * np.sin(t / 7) + np.random.default_rng(0).normal(scale=0.5, size=900)
    lines = ["day,value", *(f"{n},{value:.4f}" for n, value in enumerate(series))]
    (tmp_path / "my_series.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-W", "error", "-c", code]
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert ran.returncode == 0 and ran.stderr == "", ran.stderr
    history, network, today = ran.stdout.splitlines()
    assert re.match(r"History: \d+ (of 40 )?epochs, loss .*, validation loss .*, kept epoch \d+", history)
    errors = [float(line.split("error ")[1]) for line in (network, today)]
    assert errors[0] < 0.7 * errors[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my_network.npz", "my_series.csv"]
