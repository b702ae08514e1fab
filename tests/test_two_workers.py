import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import two_workers

pytest.importorskip("tensorflow")
posix = pytest.mark.skipif(os.name == "nt", reason="the stand-ins for Python are POSIX programs")


def test_two_processes_train_as_one():
    command = [sys.executable, "-m", "helpers.two_workers"]
    ran = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.strip().splitlines()
    assert [line.split(":")[0] for line in lines] == ["worker 0", "worker 1", "alone"]
    assert len({line.split(":")[1].strip() for line in lines}) == 1


@posix
def test_a_worker_that_stops_is_named_with_its_last_words(monkeypatch):
    monkeypatch.setattr(two_workers.sys, "executable", shutil.which("false"))
    with pytest.raises(RuntimeError, match="worker 0 stopped: it said nothing"):
        two_workers.losses()


@posix
def test_workers_that_take_too_long_are_ended(monkeypatch, tmp_path):
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(two_workers.sys, "executable", str(slow))
    with pytest.raises(RuntimeError, match="did not finish within 0.2 seconds"):
        two_workers.losses(seconds=0.2)
