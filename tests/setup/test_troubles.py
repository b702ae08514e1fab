"""Whatever goes wrong ends in a plain sentence, and the next run works. Real runs; only the trouble is made by hand."""

import os
import re
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


def online(index):
    """Variables with which an index is asked, and the tests' folder of packages no longer serves."""
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
    assert code == 1
    assert "cannot be reached: is this computer connected to the internet?" in said


def test_a_failed_download_leaves_the_environment_as_it_was(outdated, packages):
    """Somebody without a network runs the tests, whose packages are missing: the course still opens."""
    test_no_network(outdated)
    outdated.locks(packages[1]["jupyterlab"])
    assert "Ready" not in works_now(outdated, "--no-browser")


def nothing_goes_on(group):
    """All programs of a group end, soon."""
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.killpg(group, 0)
            time.sleep(0.1)


@posix
@pytest.mark.parametrize(
    "end, code, alone",
    [(signal.SIGINT, 130, False), (signal.SIGTERM, 143, True), (signal.SIGKILL, -9, False), (signal.SIGKILL, -9, True)],
)
def test_stopped_in_the_middle(outdated, silent_index, end, code, alone):
    child = outdated.start(**online(address(silent_index)))
    call, _ = silent_index.accept()  # uv has asked for a package, and waits
    if alone:
        child.send_signal(end)  # the program alone, whose installer has to end with it, even if it was killed
    else:
        os.killpg(child.pid, end)  # all that the terminal runs
    said, _ = child.communicate(timeout=60)
    nothing_goes_on(child.pid)
    call.close()
    assert child.returncode == code and "Traceback (most" not in said
    if end == signal.SIGINT:
        assert said.endswith("Stopped. Give the same command again to go on.\n")
    assert "Removing" not in works_now(outdated), "what is there is still good"


@posix
def test_killed_while_the_environment_is_made(checkout, silent_index):
    child = checkout.start(**online(address(silent_index)))
    call, _ = silent_index.accept()  # pip has asked for uv
    child.kill()
    child.communicate(timeout=60)
    nothing_goes_on(child.pid)
    call.close()
    said = works_now(checkout)
    assert said.index("Removing an environment that was not finished") < said.index("Ready after")


@posix
def test_jupyterlab_ends_with_a_launcher_that_was_killed(first_run):
    checkout, *_ = first_run
    child = checkout.start(COURSE_LAB_SECONDS="60")
    while "CALLED" not in (line := child.stdout.readline()):
        assert line
    child.kill()
    child.wait(30)
    nothing_goes_on(child.pid)


@posix
def test_next_start_waits_for_an_installer_that_is_being_ended(outdated, packages):
    """It holds the lock of the killed window as long as it runs."""
    stubborn = (
        'if [ "$1" = cache ]; then exit; fi\ntrap \'sleep 1; touch "$0.ended"; exit\' TERM\n'
        "echo here >&2\nwhile true; do sleep 0.1; done\n"
    )
    uv = outdated.python.with_name("uv")
    right = uv.read_text()
    uv.with_name("uv.sh").write_text(stubborn)
    uv.write_text('#!/bin/sh\n. "$0.sh"\n'.ljust(len(right)))  # as long as it was: nobody notices
    child = outdated.start()
    log = outdated.folder / "build" / "setup.log"
    while "here" not in log.read_text():
        assert child.poll() is None
        time.sleep(0.05)
    child.kill()
    child.communicate(timeout=60)
    uv.write_text(right)
    said = works_now(outdated)
    assert "waiting for it" in said and uv.with_name("uv.ended").exists()


def test_broken_environment_is_made_again(ready):
    ready.python.unlink()
    ready.python.write_text("")
    said = works_now(ready)
    assert "no longer works" in said and "Ready after" in said


STOPPED = """
import shutil
def rmtree(path, *rest, **more):
    if os.path.exists(path):
        raise KeyboardInterrupt
import os
shutil.rmtree = rmtree
"""


def test_stopped_while_an_environment_is_removed(ready):
    ready.stamp.write_text("{}")
    code, said = ready.run(fake=STOPPED)
    assert code == 130 and "Removing" in said
    assert "Ready after" in works_now(ready, PYTHONPATH="")
    assert not (ready.folder / "build" / "old").exists()


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
    ready.locks(packages[1]["jupyterlab"])
    assert "Ready" not in works_now(ready)


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
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 0 and "CALLED" in said


def test_jupyterlab_that_does_not_start(first_run):
    checkout, *_ = first_run
    code, said = checkout.run(COURSE_LAB_CODE="3")
    assert code == 1 and "JupyterLab ended with an error" in said
    ports = re.findall(r"^CALLED.*ServerApp\.port=(\d+)", said, re.M)  # another window may have taken the first
    assert len(ports) == len(set(ports)) == 2
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    assert checkout.run("--port", port, COURSE_LAB_CODE="3")[1].count("CALLED") == 1


@posix
def test_ctrl_c_ends_jupyterlab_and_the_course(first_run):
    checkout, *_ = first_run
    child = checkout.start(COURSE_LAB_SECONDS="60")
    while "CALLED" not in child.stdout.readline():
        pass
    os.killpg(child.pid, signal.SIGINT)
    said, _ = child.communicate(timeout=30)
    assert child.returncode == 0
    assert said.endswith("JupyterLab has ended. What you saved is in the folder notebooks.\n")


# Words with which uv and pip really ended, shortened, and what the reader is told.
LAST_WORDS = {
    "error: Failed to download `a==1`\n  cause: failed to write to file `/x`: No space left on device (os error 28)":
    "The disk is full",
    "error: Failed to install: a.whl\n  cause: failed to copy file: There is not enough space (os error 112)":
    "The disk is full",
    "OSError: [Errno 122] Disk quota exceeded": "The disk is full",
    "ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: 'C:\\\\a'\nHINT: This "
    "error might have occurred since this system does not have Windows Long Path support enabled.": "short path",
    "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed')": "secure",
    "error: Failed to fetch: a\n  cause: client error (Connect)\n  cause: invalid peer certificate: UnknownIssuer":
    "secure",
    "NewConnectionError('<pip._vendor.urllib3.connection>: Failed to establish a new connection: [Errno -3] Temporary "
    "failure in name resolution')\nERROR: No matching distribution found for uv==1": "internet",
    "error: Failed to fetch: a\n  cause: error sending request for url (a)\n  cause: dns error": "internet",
    "error: Failed to fetch: a\n  cause: tunnel error: failed to create underlying connection": "internet",
    "pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool: Read timed out.": "internet",
    "ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied": "close other windows",
    "error: Failed to install: a.whl\n  cause: failed to remove file `a`: Access is denied. (os error 5)":
    "close other windows",
    "ERROR: Could not find a version (from versions: none)\nERROR: No matching distribution found for uv==1":
    "none ready-made",
    "error: No solution found when resolving dependencies\n  cause: Because a==1 has no usable wheels and you require "
    "a==1, we can conclude that your requirements are unsatisfiable.": "none ready-made",
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.": "tested with",
    "error: Failed to download `a==1`\n  cause: Hash mismatch for `a==1`": "tested with",
    "ERROR: something that nobody has thought of": "were:\nCollecting a==1\nERROR: something that nobody",
}  # fmt: skip


@pytest.mark.parametrize("words", LAST_WORDS)
def test_what_an_installer_says_in_plain_words(tmp_path, monkeypatch, words):
    monkeypatch.setattr(environment, "LOG", tmp_path / "setup.log")
    environment.LOG.write_text("Collecting a==1\n" + words + "\n")
    assert LAST_WORDS[words] in environment.explain("It failed.")
