"""Whatever goes wrong ends in a plain sentence, and the next run works. Real runs; only the trouble is made by hand."""

import os
import signal
import socket
import time

import pytest

from helpers.commands import environment

posix = pytest.mark.skipif(os.name == "nt", reason="signals to a group of programs need a POSIX system")


@pytest.fixture
def silent_index():
    """A package index that takes calls and never answers: an installation that hangs."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(60)
        yield server


def address(server):
    return "http://{}:{}/simple".format(*server.getsockname())


def works_now(checkout, *words, **variables):
    """The next run, with the trouble gone."""
    code, said = checkout.run(*words, **variables)
    assert code == 0 and "CALLED" in said, said
    return said


def is_half_made(checkout):
    """The next run will throw the environment away: see ``test_stopped_in_the_middle``."""
    return checkout.stamp.read_text() == "{}"


def online(index):
    """Variables with which pip asks an index, and the tests' folder of packages no longer serves."""
    return {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": index, "PIP_DEFAULT_TIMEOUT": "60"}


@pytest.fixture
def outdated(ready, packages):
    """A checkout whose lock names a package that its environment does not have yet."""
    ready.locks(packages[1]["jupyterlab"] + packages[1]["more"])
    return ready


def test_no_network(outdated):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, but nobody listens: calls are refused
        code, said = outdated.run(**online(address(nobody)), PIP_RETRIES="1")
    assert code == 1 and not is_half_made(outdated)
    assert "cannot be reached: is this computer connected to the internet?" in said


def test_a_failed_download_leaves_the_environment_as_it_was(outdated, packages):
    """Somebody without a network runs the tests, whose packages are missing: the course still opens."""
    test_no_network(outdated)
    outdated.locks(packages[1]["jupyterlab"])
    assert "Ready" not in works_now(outdated, "--no-browser")


@posix
@pytest.mark.parametrize("end, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_stopped_in_the_middle(outdated, silent_index, end, code):
    child = outdated.start(**online(address(silent_index)))
    call, _ = silent_index.accept()  # pip has asked for a package, and waits
    if end == signal.SIGTERM:
        child.terminate()  # the program alone, which has to end pip
    else:
        os.killpg(child.pid, end)  # all that the terminal runs
    said, _ = child.communicate(timeout=60)
    call.close()
    assert child.returncode == code and "Traceback (most" not in said
    assert is_half_made(outdated) == (end == signal.SIGKILL)  # else nothing was changed yet, and that is noted
    with pytest.raises(ProcessLookupError):  # nothing goes on in the background
        for _ in range(100):
            os.killpg(child.pid, 0)
            time.sleep(0.1)
    if end == signal.SIGINT:
        assert said.endswith("Stopped. Give the same command again to go on.\n")
        assert "Removing" not in works_now(outdated)
    if end == signal.SIGKILL:
        said = works_now(outdated)
        assert said.index("Removing an environment that was not finished") < said.index("Ready after")


def test_broken_environment_is_made_again(ready):
    ready.python.unlink()
    ready.python.write_text("")
    said = works_now(ready)
    assert "no longer works" in said and "Ready after" in said


STOPPED = """
import shutil
first = shutil.rmtree
def rmtree(path, *rest, **more):
    first(path, *rest, **more)
    raise KeyboardInterrupt
shutil.rmtree = rmtree
"""


def test_stopped_while_an_environment_is_removed(ready):
    ready.stamp.write_text("{}")
    code, said = ready.run(fake=STOPPED)
    assert code == 130 and "Removing" in said and is_half_made(ready)
    assert "Ready after" in works_now(ready, PYTHONPATH="")


def test_environment_of_somebody_else_is_left_alone(checkout):
    theirs = checkout.environment / "theirs"
    checkout.environment.mkdir()
    theirs.touch()
    code, said = checkout.run()
    assert code == 1 and "a folder .venv that the course did not make" in said
    assert theirs.exists()


def test_wrong_package_is_refused(ready, packages):
    right = packages[1]["more"]
    ready.locks(packages[1]["jupyterlab"] + right.replace(right[-9:-1], "00000000"))
    code, said = ready.run()
    assert code == 1 and "is not the one the course was tested with" in said
    assert not is_half_made(ready)


def test_package_that_is_not_made_for_this_computer(ready, packages):
    ready.locks(packages[1]["jupyterlab"] + packages[1]["more"].replace("1.0", "2.0"))
    code, said = ready.run()
    assert code == 1 and "there is none ready-made for this kind of computer" in said


def test_no_disk_space(checkout):
    code, said = checkout.run(fake="import shutil; shutil.disk_usage = lambda _: shutil._ntuple_diskusage(9, 9, 1.2e9)")
    assert code == 1 and "needs 3 GB of free disk space; this disk has 1.2 GB" in said
    assert not checkout.environment.exists()


# In a folder in which nothing can be made.
REFUSED = """
import errno, os
def mkdir(path, *_, **__):
    raise OSError(errno.{}, "refused", str(path))
os.mkdir = mkdir
"""


def test_full_disk(checkout):
    code, said = checkout.run(fake=REFUSED.format("ENOSPC"))
    assert code == 1 and said == "The disk is full. Free some space and give the same command again.\n"


@pytest.mark.parametrize("refusal", ["EROFS", "EACCES"])
def test_read_only_folder(checkout, refusal):
    code, said = checkout.run(fake=REFUSED.format(refusal))
    assert code == 1 and "cannot be written. Is the folder read-only" in said


@posix
def test_ready_course_opens_from_a_read_only_folder(ready):
    places = [path for path in (ready.folder, *ready.folder.rglob("*")) if path.is_dir() and not path.is_symlink()]
    for place in places:
        place.chmod(0o555)
    try:
        works_now(ready)
    finally:
        for place in places:
            place.chmod(0o755)


def test_python_without_its_part_for_environments(checkout):
    code, said = checkout.run(fake="import sys; sys.modules['ensurepip'] = None")
    assert code == 1 and "sudo apt install python3-venv" in said
    assert not checkout.environment.exists()


def test_taken_port(checkout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = checkout.run("--port", str(port))
    assert code == 1 and said.startswith(f"Port {port} is taken.")
    assert not checkout.environment.exists(), "said before anything is made"


@pytest.mark.parametrize("port", ["0", "70000", "-1"])
def test_port_that_is_none(checkout, port):
    code, said = checkout.run(f"--port={port}")
    assert code == 1 and f"--port needs a number from 1 to 65535, not {port}." in said


@posix
def test_second_window_waits_for_the_first(outdated):
    import fcntl

    with open(outdated.folder / "build" / "setup.lock", "a+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        child = outdated.start()
        assert child.stdout.readline() == "Another window is setting up the course; waiting for it.\n"
        assert not is_half_made(outdated)
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 0 and "CALLED" in said


def test_jupyterlab_that_does_not_start(first_run):
    checkout, *_ = first_run
    code, said = checkout.run(LAB_CODE="3")
    assert code == 1 and "JupyterLab ended with an error" in said
    first, second = (line for line in said.splitlines() if line.startswith("CALLED"))  # another window took its port
    assert "ServerApp.port=" not in first and "ServerApp.port=" in second
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    assert checkout.run("--port", port, LAB_CODE="3")[1].count("CALLED") == 1


@posix
def test_ctrl_c_ends_jupyterlab_and_the_course(first_run):
    checkout, *_ = first_run
    child = checkout.start(LAB_SECONDS="60")
    while "CALLED" not in child.stdout.readline():
        pass
    os.killpg(child.pid, signal.SIGINT)
    said, _ = child.communicate(timeout=30)
    assert child.returncode == 0
    assert said.endswith("JupyterLab has ended. What you saved is in the folder notebooks.\n")


# Words with which pip really ended, shortened, and what the reader is told.
LAST_WORDS = {
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device": "The disk is full",
    "OSError: [Errno 122] Disk quota exceeded": "The disk is full",
    "ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: 'C:\\\\a'\nHINT: This "
    "error might have occurred since this system does not have Windows Long Path support enabled.": "short path",
    "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed')": "secure",
    "NewConnectionError('<pip._vendor.urllib3.connection>: Failed to establish a new connection: [Errno -3] Temporary "
    "failure in name resolution')\nERROR: No matching distribution found for absl-py==2.5.1": "internet",
    "pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool: Read timed out.": "internet",
    "ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied": "close other windows",
    "ERROR: Could not find a version (from versions: none)\nERROR: No matching distribution found for x==1":
    "none ready-made",
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.": "tested with",
    "ERROR: something that nobody has thought of": "were:\nCollecting a==1\nERROR: something that nobody",
}  # fmt: skip


@pytest.mark.parametrize("words", LAST_WORDS)
def test_what_pip_says_in_plain_words(tmp_path, monkeypatch, words):
    monkeypatch.setattr(environment, "LOG", tmp_path / "setup.log")
    environment.LOG.write_text("Collecting a==1\n" + words + "\n")
    assert LAST_WORDS[words] in environment.explain("It failed.")


def test_progress_grows_from_nothing_to_all(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(environment, "STAMP", tmp_path / "course.json")
    environment.STAMP.touch()
    old = tmp_path / "lib" / "python3.12" / "site-packages" / "pip-1.dist-info"
    old.mkdir(parents=True)
    os.utime(old, (0, 0))
    begin = "Ignoring appnope: markers 'sys_platform == \"darwin\"' don't match your environment\n"
    steps = [
        begin,
        begin + "Collecting jupyter-client==8.1 (from -r a)\n  Downloading jupyter_client-8.1.whl (1.5 MB)\n",
        begin + "Collecting a==1\n  Downloading a.whl (1.5 MB)\nProcessing /a/argon2_cffi-25.1-py3-none-any.whl\n",
        begin + "Collecting a==1\nCollecting b==1\nInstalling collected packages: a, b\n",
    ]
    told = [environment.progress(log, pins=3) for log in steps]
    assert [part for part, _ in told] == [0.0, 0.25, 0.5, 0.5]
    assert [words.strip() for _, words in told] == [
        "0 of 2", "1 of 2  jupyter-client, 1.5 MB", "2 of 2  argon2_cffi", "unpacking 0 of 2",
    ]  # fmt: skip
    for name in "ab":
        (tmp_path / "lib" / "python3.12" / "site-packages" / f"{name}-1.dist-info").mkdir(parents=True)
    assert environment.progress(steps[-1], pins=3) == (1.0, "unpacking 2 of 2")
