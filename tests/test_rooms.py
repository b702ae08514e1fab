"""The house: which rooms there are, and which way imports run. Read from the files, nothing is imported."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# What a room may import of the others. `keras_bridge` and `two_workers` stand beside the rooms and alone know Keras.
MAY = {
    "progress": set(),
    "networks": {"progress"},
    "data": set(),
    "live": set(),
    "figures": {"live", "networks", "data"},
    "exercises": {"figures", "live", "networks", "data"},
    "commands": set(),
    "keras_bridge": {"networks", "progress"},
    "two_workers": {"keras_bridge", "networks", "data"},
}
KNOW_KERAS = {"keras_bridge", "two_workers"}
BEFORE_SET_UP = {"storing", "exporting", "quick_connection"}  # of the commands, these run in the environment
LONGEST = 330  # lines that can be read in one sitting


def files():
    return sorted((ROOT / "helpers").rglob("*.py"))


def room(path):
    """The folder of `helpers` that holds a file, or the file's own name."""
    parts = path.relative_to(ROOT / "helpers").parts
    return parts[0] if len(parts) > 1 else path.stem


def imported(path):
    """The full names of all modules that a file imports anywhere, also inside functions."""
    package = ("helpers", *path.relative_to(ROOT / "helpers").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            name = ".".join((*base, *([node.module] if node.module else [])))
            yield from (f"{name}.{alias.name}" for alias in node.names)


def arrows():
    """{room: rooms that it imports}."""
    found = {}
    for path in files():
        here = found.setdefault(room(path), set())
        for name in imported(path):
            parts = name.split(".")
            if parts[0] == "helpers" and len(parts) > 1:
                here.add(parts[1])
    return {name: others - {name} for name, others in found.items()}


def test_imports_run_one_way():
    for name, others in arrows().items():
        if name != "__init__":
            assert others <= MAY[name], f"{name} imports {sorted(others - MAY[name])}"
    assert arrows()["__init__"] == set()


def test_only_the_two_files_for_keras_know_it():
    for path in files():
        names = {name.split(".")[0] for name in imported(path)}
        if room(path) not in KNOW_KERAS:
            assert not names & {"keras", "tensorflow", "torch", "jax"}, path


def test_commands_import_nothing_of_the_course_and_are_imported_by_nobody():
    for path in files():
        for name in imported(path):
            if room(path) == "commands":
                assert not name.startswith("course"), f"{path} imports course.py: a circle"
            else:
                assert not name.startswith("helpers.commands"), path


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT / "helpers")))
def test_a_file_can_be_read_in_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_no_two_files_import_each_other():
    """No circles between files either."""
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files()
    }
    graph = {}
    for module, path in modules.items():
        graph[module] = set()
        for name in imported(path):
            known = name if name in modules else name.rpartition(".")[0]
            if known in modules and known != module and not module.startswith(f"{known}."):
                graph[module].add(known)
    while graph:
        ends = [module for module, others in graph.items() if not others & set(graph)]
        assert ends, f"circle among {sorted(graph)}"
        for module in ends:
            del graph[module]
