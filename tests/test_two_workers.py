import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers import two_workers

pytest.importorskip("tensorflow")
posix = pytest.mark.skipif(os.name == "nt", reason="the stand-ins for Python are POSIX programs")


def test_two_processes_train_as_one():
    command = [sys.executable, "-m", "helpers.two_workers"]
    behind_a_proxy = os.environ | {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    options = {"cwd": Path(__file__).parent.parent, "env": behind_a_proxy, "capture_output": True, "text": True}
    ran = subprocess.run(command, timeout=600, **options)
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


@posix
def test_a_worker_ends_with_the_process_that_started_it(tmp_path):
    child = "import os, time; from helpers.two_workers import end_with; end_with(os.getppid())"
    parent = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {child!r}]).pid)"
    command = [sys.executable, "-c", f"{parent}; import time; time.sleep(3)"]  # the child has begun by then
    said = subprocess.run(command, cwd=two_workers.HOME, stdout=subprocess.PIPE, text=True, timeout=60).stdout
    for _ in range(100):
        if not alive(int(said)):
            return
        time.sleep(0.1)
    raise AssertionError("the worker still runs")


def alive(pid):
    """Whether a process runs. (One that has ended, and that nobody has waited for, does not.)"""
    states = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(states.strip()) and not states.strip().startswith("Z")
