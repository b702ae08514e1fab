"""pyproject.toml, the locks, conda's and Binder's files say the same, for every computer the course is made for."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement

from course import PYTHONS
from helpers.commands.environment import TOOL
from helpers.commands.locking import with_badge
from helpers.commands.opening import START
from helpers.commands.programs import ROOT

LOCKS = ("requirements.lock", "requirements-test.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {"requirements.lock": [], "requirements-test.lock": PROJECT["optional-dependencies"]["test"]}

# The computers that the course is made for, as markers see them.
COMPUTERS = {
    "Linux": {"sys_platform": "linux", "platform_machine": "x86_64", "os_name": "posix"},
    "Linux on ARM": {"sys_platform": "linux", "platform_machine": "aarch64", "os_name": "posix"},
    "Mac": {"sys_platform": "darwin", "platform_machine": "arm64", "os_name": "posix"},
    "Intel Mac": {"sys_platform": "darwin", "platform_machine": "x86_64", "os_name": "posix"},
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64", "os_name": "nt"},
}
CASES = [(computer, "{}.{}".format(*version)) for computer in COMPUTERS for version in PYTHONS]


def plain(name):
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock):
    """The lock's requirements as (Requirement, number of its hashes)."""
    text = re.sub(r"\\\n", " ", (ROOT / lock).read_text(encoding="utf-8"))
    lines = [line.split("--hash=sha256:") for line in text.splitlines() if line and not line.startswith("#")]
    return [(Requirement(line[0].strip()), len(line) - 1) for line in lines]


def applies(requirement, environment, extra=""):
    return requirement.marker is None or requirement.marker.evaluate(environment | {"extra": extra})


def surroundings(computer, version):
    """What a marker sees on that computer, with that Python."""
    return (
        default_environment() | COMPUTERS[computer] | {"python_version": version, "python_full_version": version + ".9"}
    )


@pytest.mark.parametrize("lock", (*LOCKS, TOOL))
def test_every_version_is_exact_and_has_hashes(lock):
    found = pins(lock)
    assert len(found) > 80 or lock == TOOL
    for requirement, hashes in found:
        assert re.fullmatch(r"==[\w.!+]+", str(requirement.specifier)), requirement
        assert hashes, requirement


def test_the_installer_is_locked_by_itself():
    ((uv, hashes),) = pins(TOOL)
    (wanted,) = map(Requirement, PROJECT["optional-dependencies"]["setup"])
    assert plain(uv.name) == "uv" and wanted.specifier.contains(str(uv.specifier).removeprefix("=="))
    assert hashes >= 12, "a ready-made one for each of our computers"


@pytest.mark.parametrize("lock", (*LOCKS, TOOL))
def test_nothing_of_the_place_where_the_lock_was_made(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.strip().startswith("--hash=sha256:")]
    assert not [line for line in lines if re.search(r"https?:|file:|[/@]|\s--", line)]


@pytest.mark.parametrize("computer, version", CASES)
@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_what_pyproject_asks_for(lock, computer, version):
    environment = surroundings(computer, version)
    there = {plain(pin.name): pin for pin, _ in pins(lock) if applies(pin, environment)}
    for text in PROJECT["dependencies"] + EXTRAS[lock]:
        wanted = Requirement(text)
        if applies(wanted, environment):
            assert plain(wanted.name) in there, f"{wanted} is missing: type python3 course.py lock"
            version_there = str(there[plain(wanted.name)].specifier).removeprefix("==")
            assert wanted.specifier.contains(version_there, prereleases=True), f"{wanted}: python3 course.py lock"


@pytest.mark.parametrize("computer, version", CASES)
def test_no_package_twice(computer, version):
    environment = surroundings(computer, version)
    for lock in LOCKS:
        names = [plain(pin.name) for pin, _ in pins(lock) if applies(pin, environment)]
        assert len(names) == len(set(names))


def test_testers_have_what_readers_have_in_the_same_versions():
    # Markers may differ: testers may need a package on more computers than readers do.
    readers, testers = (
        {(plain(pin.name), str(pin.specifier), str(pin.extras), hashes) for pin, hashes in pins(lock)} for lock in LOCKS
    )
    assert readers <= testers
    assert {pin[0] for pin in testers - readers}.isdisjoint(pin[0] for pin in readers)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_is_complete(lock):
    """Every requirement of every installed package is in the lock, so that nothing needs to be looked for."""
    environment = default_environment()
    there = {plain(pin.name): pin for pin, _ in pins(lock) if applies(pin, environment)}
    looked_at = 0
    for name, pin in there.items():
        try:
            needs = importlib.metadata.distribution(name).requires or []
        except importlib.metadata.PackageNotFoundError:
            continue
        looked_at += 1
        for text in needs:
            need = Requirement(text)
            if any(applies(need, environment, extra) for extra in {"", *pin.extras}):
                assert plain(need.name) in there, f"{name} needs {need}"
    assert looked_at > 80


def test_pythons_are_the_same_everywhere():
    lowest, highest = PYTHONS[0], PYTHONS[-1]
    assert PROJECT["requires-python"] == ">={}.{},<{}.{}".format(*lowest, highest[0], highest[1] + 1)
    for name in ("environment.yml", "binder/environment.yml"):
        version = next(
            x for x in yaml.safe_load((ROOT / name).read_text())["dependencies"] if str(x).startswith("python=")
        )
        assert tuple(map(int, version.removeprefix("python=").split("."))) in PYTHONS


def test_conda_and_binder_install_the_readers_lock():
    files = {name: yaml.safe_load((ROOT / name).read_text()) for name in ("environment.yml", "binder/environment.yml")}
    for name, content in files.items():
        *conda, pip = content["dependencies"]
        assert conda == ["python=3.12", "pip"] and content["channels"] == ["conda-forge"]
        (line,) = pip["pip"]  # conda and mamba read the path from the folder of the file
        assert ((ROOT / name).parent / line.removeprefix("-r ")).resolve() == ROOT / "requirements.lock"
        assert content["name"] == PROJECT["name"]


def test_badge_is_there_if_the_repository_has_an_address():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert with_badge(readme) == readme, "type python3 course.py badge"


@pytest.mark.parametrize(
    "address, where",
    [
        ("https://github.com/owner/name.git", "gh/owner/name"),
        ("https://example.org/owner/name", "git/https%3A%2F%2Fexample.org%2Fowner%2Fname"),
    ],
)
def test_badge_opens_the_course(monkeypatch, address, where):
    monkeypatch.setattr("helpers.commands.locking.project", lambda: {"tool": {"course": {"repository": address}}})
    text = with_badge("# Title\n<!-- binder -->\n<!-- /binder -->\nWords\n")
    assert f"(https://mybinder.org/v2/{where}/HEAD?urlpath=lab/tree/{START})" in text
    assert with_badge(text) == text
    monkeypatch.setattr("helpers.commands.locking.project", lambda: {"tool": {"course": {"repository": ""}}})
    assert with_badge(text) == "# Title\n<!-- binder -->\n<!-- /binder -->\nWords\n"


@pytest.mark.skipif(os.name == "nt", reason="repo2docker does not run on Windows")
def test_binder_picks_the_right_python_and_installs_the_lock(tmp_path):
    """What repo2docker would do with this repository, as far as can be seen without building an image."""
    for name in (
        "requirements.lock",
        "binder/environment.yml",
        "binder/postBuild",
        "environment.yml",
        "pyproject.toml",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Building conda environment for python=3.12" in said
    install = said.index('env update -p ${NB_PYTHON_PREFIX} --file "binder/environment.yml"')
    assert said.index("COPY --chown") < install < said.index("./binder/postBuild")
    assert said.index("src/ ${REPO_DIR}/") < install, "the lock must be in the image before it is installed"


def git(*words):
    """What git says of this checkout: nothing where there is no git, or in a copy of the files."""
    if not shutil.which("git"):
        return ""
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout


def test_scripts_can_be_run():
    for name in ("binder/postBuild", ".ci/run"):
        if listed := git("ls-files", "--stage", name):
            assert listed.startswith("100755"), name
        assert b"\r" not in (ROOT / name).read_bytes()


def test_files_have_the_same_bytes_on_every_system():
    """Git for Windows would end every line with two characters: then scripts do not run."""
    for line in git("ls-files", "--eol").splitlines():
        assert "attr/text=auto eol=lf" in line or "attr/-text" in line, line


def test_markers_name_the_computers_with_tensorflow():
    wanted = [Requirement(text) for text in PROJECT["dependencies"] if text.startswith("tensorflow")]
    for computer in COMPUTERS:
        which = {need.name for need in wanted if applies(need, surroundings(computer, "3.12"))}
        expected = {"Linux": {"tensorflow-cpu"}, "Intel Mac": set()}.get(computer, {"tensorflow"})
        assert which == expected, computer
    assert all(isinstance(need.marker, Marker) for need in wanted)
