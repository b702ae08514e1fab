import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("tensorflow")


def test_two_processes_train_as_one():
    command = [sys.executable, "-m", "helpers.two_workers"]
    ran = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.strip().splitlines()
    assert [line.split(":")[0] for line in lines] == ["worker 0", "worker 1", "alone"]
    assert len({line.split(":")[1].strip() for line in lines}) == 1
