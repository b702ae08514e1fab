"""What a reader has set for Python, pip, uv or Jupyter does not decide over the course; what they need reaches it."""

import json
import os
import sys

import pytest

from helpers.commands import package_index, programs

posix = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX system")

# Each of these once stopped the set-up, or made it install nothing, or somewhere else.
HARMFUL = {
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
    "PYTHONINSPECT": "1",
    "PYTHONSAFEPATH": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PIP_DRY_RUN": "1",
    "PIP_PYTHON": "/nowhere/python",
    "PIP_CONSTRAINT": "/nowhere/constraints.txt",
    "PIP_REQUIREMENT": "/nowhere/requirements.txt",
    "PIP_TARGET": "/nowhere/target",
    "PIP_PREFIX": "/nowhere/prefix",
    "PIP_USER": "1",
    "PIP_NO_BINARY": ":all:",
    "UV_TARGET": "/nowhere/target",
    "UV_CONSTRAINT": "/nowhere/constraints.txt",
    "UV_NO_BINARY": "1",
    "UV_OFFLINE": "1",
    "UV_PYTHON": "2.7",
    "UV_CONFIG_FILE": "/nowhere/uv.toml",
    "VIRTUAL_ENV": "/nowhere",
    "JUPYTER_PORT": "99999",
    "JUPYTER_TOKEN": "mine",
    "JUPYTER_PATH": "/nowhere/share/jupyter",
    "JUPYTER_CONFIG_DIR": "/nowhere/config",
    "JUPYTER_PREFER_ENV_PATH": "0",
    "JUPYTERLAB_DIR": "/nowhere/lab",
    "IPYTHONDIR": "/nowhere/ipython",
}
PIP_FILE = "[global]\ntarget = /nowhere/target\nprefix = /nowhere/prefix\nconstraint = /nowhere/c.txt\ndry-run = true\n"
UV_FILE = 'no-binary = true\noffline = true\n[pip]\ntarget = "/nowhere/target"\n'


def variables_of(said):
    return json.loads(said.split("VARIABLES ")[1].splitlines()[0])


def test_harmful_variables_and_files_change_nothing(checkout, tmp_path):
    home = tmp_path / "home"
    for name, text in {"pip.conf": PIP_FILE, ".config/uv/uv.toml": UV_FILE, ".pip/pip.conf": PIP_FILE}.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    files = {"HOME": str(home), "USERPROFILE": str(home), "PIP_CONFIG_FILE": str(home / "pip.conf")}
    code, said = checkout.run("--no-browser", **HARMFUL, **files)
    assert code == 0 and "Ready after" in said and "CALLED" in said, said
    given = variables_of(said)
    for name in HARMFUL:
        assert given.get(name) != HARMFUL[name], name
    assert said.split("CALLED ")[1].split("\n")[0].endswith(" 0"), "asserts are checked"
    assert given["JUPYTER_CONFIG_DIR"].startswith(str(checkout.folder / "build"))
    assert (checkout.folder / "requirements.lock").exists() and "99999" not in said
    assert "Ready" not in checkout.run(**HARMFUL, **files)[1]


def test_what_programs_need_reaches_them(monkeypatch):
    needed = {
        "PATH": "a",
        "HOME": "b",
        "LANG": "c",
        "LC_ALL": "d",
        "https_proxy": "e",
        "NO_PROXY": "f",
        "SSL_CERT_FILE": "g",
        "PIP_INDEX_URL": "h",
        "DISPLAY": "i",
        "BROWSER": "j",
        "SystemRoot": "k",
        "XDG_RUNTIME_DIR": "l",
        "ProgramFiles(x86)": "m",
        "UV_CACHE_DIR": "n",
    }
    monkeypatch.setattr(os, "environ", needed | HARMFUL)
    given = programs.surroundings(MORE="o")
    assert needed.items() <= given.items() and given["MORE"] == "o"
    assert not [name for name, value in HARMFUL.items() if given.get(name) == value]


def test_index_is_the_one_that_is_set_for_pip(tmp_path, monkeypatch):
    """From its files, and from variables, which count more; an empty one does not count."""
    text = (
        "[global]\nindex-url = https://one.invalid/simple\ncert = /a b/c.pem\ntrusted-host = h\nfind-links = /x\n /y\n"
    )
    (tmp_path / "pip.conf").write_text(text + "target = /nowhere\n[install]\nproxy = http://p:1\nno-index = false\n")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://two.invalid/simple https://three.invalid/simple")
    monkeypatch.setenv("PIP_TRUSTED_HOST", "")
    said = package_index.settings.__wrapped__(sys.executable)
    wanted = {
        "index-url": "https://one.invalid/simple",
        "extra-index-url": "https://two.invalid/simple https://three.invalid/simple",
        "trusted-host": "h",
        "cert": "/a b/c.pem",
        "proxy": "http://p:1",
    }
    assert wanted.items() <= said.items() and "no-index" not in said and "target" not in said
    uv = package_index.for_uv(said)
    assert uv["UV_DEFAULT_INDEX"] == wanted["index-url"] and uv["UV_INDEX"] == wanted["extra-index-url"]
    assert uv["SSL_CERT_FILE"] == "/a b/c.pem" and uv["HTTPS_PROXY"] == "http://p:1" and uv["UV_FIND_LINKS"] == "/x,/y"
    pip = package_index.for_pip(said)
    assert pip["PIP_CONFIG_FILE"] == os.devnull and pip["PIP_INDEX_URL"] == wanted["index-url"]


def test_another_checkouts_python_opens_this_one(ready, first_run):
    other, *_ = first_run
    code, said = ready.run("--no-browser", python=other.python, PYTHONSAFEPATH="1")
    assert code == 0 and f"--ServerApp.root_dir={ready.folder}" in json.loads(
        said.split("CALLED ")[1].split("] ")[0] + "]"
    )


@posix
def test_folder_with_the_separator_of_paths_in_its_name(checkout):
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("a:b"))
    code, said = checkout.run()
    assert code == 1 and "Python makes no environment below a folder with : in its name. Rename it:" in said
    assert not (checkout.folder / ".venv").exists()


def test_home_that_is_not_there(ready, packages):
    """Nor can it be made: uv keeps what it downloads in the checkout."""
    ready.locks(packages[1]["jupyterlab"] + packages[1]["more"])
    nowhere = os.path.join(os.devnull, "home")
    code, said = ready.run(
        "--no-browser", HOME=nowhere, USERPROFILE=nowhere, LOCALAPPDATA=nowhere, XDG_RUNTIME_DIR=nowhere
    )
    assert code == 0 and "Ready after" in said and (ready.folder / "build" / "uv").exists()


def test_jupyter_folders_are_elsewhere_where_build_cannot_be_written(first_run, monkeypatch, tmp_path):
    from helpers.commands import opening

    (tmp_path / "file").touch()
    monkeypatch.setattr(opening, "JUPYTER", tmp_path / "file" / "jupyter")
    monkeypatch.setattr(programs, "JUPYTER", tmp_path / "file" / "jupyter")
    folders = opening.own_folders()
    assert set(folders) == {"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"}
    assert all(os.path.isdir(folder) and "file" not in folder for folder in folders.values())
