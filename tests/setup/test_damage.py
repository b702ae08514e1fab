"""An environment that was damaged is noticed at the next start, and mended with what is missing alone."""

import json
import os
import shutil
import subprocess

import pytest

from helpers.commands.installed import damaged, packages


def start(checkout, **variables):
    code, said = checkout.run(**variables)
    assert code == 0 and "CALLED" in said, said
    return said


def site(checkout):
    return next(
        iter([*checkout.environment.glob("lib/python*/site-packages"), checkout.environment / "Lib/site-packages"])
    )


def remove_folder(place):
    shutil.rmtree(place / "jupyter_core")


def remove_file(place):
    (place / "jupyterlab" / "__main__.py").unlink()


def shorten_file(place):  # as an editor or a disk that fills up does: also what uv keeps is shortened
    with open(place / "jupyterlab" / "__main__.py", "r+") as file:
        file.truncate(10)


def remove_all(place):
    shutil.rmtree(place / "jupyterlab")
    shutil.rmtree(place / "jupyterlab-1.0.dist-info")


def remove_record(place):
    (place / "jupyterlab-1.0.dist-info" / "RECORD").unlink()


def shorten_record(place):
    record = place / "jupyterlab-1.0.dist-info" / "RECORD"
    text = record.read_text()
    record.unlink()
    record.write_text(text.splitlines()[0] + "\n")


def empty_description(place):
    path = place / "jupyterlab-1.0.dist-info" / "METADATA"
    path.unlink()
    path.touch()


DAMAGES = (remove_folder, remove_file, shorten_file, remove_all, remove_record, shorten_record, empty_description)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_mended(ready, damage):
    damage(site(ready))
    said = start(ready)
    assert "jupyterlab-1.0 is damaged or gone, and comes anew" in said and "Making" not in said
    assert "Ready" not in start(ready)


def test_another_version_is_put_right(ready):
    place = site(ready)
    shutil.rmtree(place / "jupyterlab-1.0.dist-info")
    (place / "jupyterlab-9.0.dist-info").mkdir()
    (place / "jupyterlab-9.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: jupyterlab\nVersion: 9\n"
    )
    start(ready)
    assert [info for info in packages(place) if "jupyterlab" in info] == ["jupyterlab-1.0.dist-info"]


def test_own_additions_and_a_newer_pip_are_left_alone(ready):
    place = site(ready)
    (place / "mine.py").touch()
    next(place.glob("pip-*.dist-info")).rename(place / "pip-999.dist-info")
    assert "Ready" not in start(ready)
    assert (place / "mine.py").exists()


def test_a_damaged_uv_comes_anew(ready):
    uv = ready.python.with_name("uv.exe" if os.name == "nt" else "uv")
    uv.unlink()
    said = start(ready)
    assert "Ready after" in said and "Making" not in said and uv.exists()


def test_an_installer_that_installs_nothing_is_not_believed(ready, packages):
    """Whatever made it so: what is there is compared with the lock."""
    if os.name == "nt":
        pytest.skip("a program of two lines needs a POSIX system")
    uv = ready.python.with_name("uv")
    right = uv.read_text()
    uv.write_text(right.replace('"$@"', '"$@" --dry-run'))
    stamp = json.loads(ready.stamp.read_text())
    stamp["requirements-uv.lock"]["packages"] = {}  # nobody notices
    ready.stamp.write_text(json.dumps(stamp))
    ready.locks(packages[1]["jupyterlab"] + packages[1]["more"])
    code, said = ready.run()
    assert code == 1 and "Some are not as requirements.lock says" in said and "Ready" not in said
    uv.write_text(right)
    assert "Ready" in start(ready)
    assert subprocess.run([ready.python, "-c", "import more"]).returncode == 0


@pytest.mark.parametrize("content", ["", "{", '{"requirements.lock": "of an earlier version of the course"}'])
def test_a_damaged_or_old_stamp(ready, content):
    ready.stamp.write_text(content)
    said = start(ready)
    assert "Making" in said and "Ready after" in said


def test_a_name_with_a_comma_and_a_size_that_is_none(tmp_path):
    info = tmp_path / "one-1.dist-info"
    info.mkdir()
    (tmp_path / "a, b.txt").write_text("12345")
    for record, good in (
        ('"a, b.txt",sha256=x,5\none.pyc,,\n', True),
        ('"a, b.txt",sha256=x,6\n', False),
        ("a,b\n", False),
    ):
        (info / "RECORD").write_text(record)
        assert damaged(tmp_path, packages(tmp_path)) == ([] if good else ["one-1.dist-info"])
