"""The house: which rooms there are, and which way imports run. Read from the files, nothing is imported."""

import pytest

from helpers.commands.house import HELPERS, MAP, ROOT, arrows, draw, floors, house, imports_of, notebook_arrows, room
from helpers.commands.house import files as all_files

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
LONGEST = 330  # lines that can be read in one sitting


def test_imports_run_one_way():
    for name, others in arrows().items():
        if name != "__init__":
            assert others <= MAY[name], f"{name} imports {sorted(others - MAY[name])}"
    assert arrows()["__init__"] == set()


def test_only_the_two_files_for_keras_know_it():
    for path in all_files():
        names = {name.split(".")[0] for name in imports_of(path)}
        if room(path) not in KNOW_KERAS:
            assert not names & {"keras", "tensorflow", "torch", "jax"}, path


def test_commands_import_nothing_of_the_course_and_are_imported_by_nobody():
    for path in all_files():
        for name in imports_of(path):
            if room(path) == "commands":
                assert not name.startswith("course"), f"{path} imports course.py: a circle"
            else:
                assert not name.startswith("helpers.commands"), path


@pytest.mark.parametrize("path", all_files(), ids=lambda path: str(path.relative_to(HELPERS)))
def test_a_file_can_be_read_in_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_no_two_files_import_each_other():
    """No circles between files either."""
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in all_files()
    }
    graph = {}
    for module, path in modules.items():
        graph[module] = set()
        for name in imports_of(path):
            known = name if name in modules else name.rpartition(".")[0]
            if known in modules and known != module and not module.startswith(f"{known}."):
                graph[module].add(known)
    while graph:
        ends = [module for module, others in graph.items() if not others & set(graph)]
        assert ends, f"circle among {sorted(graph)}"
        for module in ends:
            del graph[module]


def test_notebooks_import_no_commands():
    assert "commands" not in notebook_arrows() and {"networks", "data", "figures"} <= notebook_arrows()


def test_the_map_shows_the_house_as_it_is():
    assert MAP.read_text(encoding="utf-8") == draw(house()), "python3 course.py map draws it anew"


def test_a_circle_is_named():
    with pytest.raises(ValueError, match=r"a circle in \['a', 'b'\]"):
        floors({"a": ("", {"b"}), "b": ("", {"a"}), "c": ("", set())})
