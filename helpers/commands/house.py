"""`course.py map`: draws the rooms of `helpers` and the arrows between them, read from the imports.

Standard library only, and nothing is imported to be looked at.
"""

import ast
import json
from html import escape
from pathlib import Path

from helpers.commands.saying import alone, say

ROOT = Path(__file__).resolve().parents[2]
HELPERS = ROOT / "helpers"
MAP = ROOT / "docs" / "house.svg"
WIDE, TALL, BETWEEN, DOWN, GAP = 196, 62, 24, 66, 16  # pixels: a room, the space between rooms and floors, an arrow


def files():
    """All Python files of the package, in order."""
    return sorted(HELPERS.rglob("*.py"))


def room(path):
    """The folder of `helpers` that holds a file, or the file's own name."""
    parts = path.relative_to(HELPERS).parts
    return parts[0] if len(parts) > 1 else path.stem


def imports(source, package=()):
    """The full names of all that Python source imports anywhere, also inside functions; `package` holds the file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            name = ".".join((*base, *([node.module] if node.module else [])))
            yield from (f"{name}.{alias.name}" for alias in node.names)


def imports_of(path):
    """The full names of all that a file of the package imports."""
    package = ("helpers", *path.relative_to(HELPERS).parts[:-1])
    return list(imports(path.read_text(encoding="utf-8"), package))


def arrows():
    """{room: the other rooms that it imports}, for the package alone."""
    found = {}
    for path in files():
        here = found.setdefault(room(path), set())
        here |= {name.split(".")[1] for name in imports_of(path) if name.startswith("helpers.")}
    return {name: others - {name} for name, others in found.items()}


def notebook_arrows():
    """The rooms that the notebooks import."""
    found = set()
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            code = "".join(cell["source"]) if cell["cell_type"] == "code" else ""
            plain = "\n".join(line for line in code.splitlines() if not line.lstrip().startswith(("%", "!")))
            try:
                names = list(imports(plain))
            except SyntaxError:  # an exercise that the reader completes
                continue
            found |= {name.split(".")[1] for name in names if name.startswith("helpers.")}
    return found


def house():
    """{room: (what it is, rooms that it imports)} with the notebooks and `course.py`; what is alone is left out."""
    inside = arrows()
    inside.pop("__init__")
    told = {name: docstring(HELPERS / name) for name in inside}
    rooms = {name: (told[name], others) for name, others in inside.items()}
    rooms["notebooks"] = ("what the reader opens", notebook_arrows() & set(rooms))
    rooms["course.py"] = ("the one program that is started", {"commands"})
    return rooms


def docstring(path):
    """The first sentence of a room's docstring, up to a colon or a full stop."""
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
    return first.split(". ")[0].split(": ")[0].rstrip(".")


def floors(rooms):
    """Rooms by floor, the lowest first: each stands one above the highest that it imports."""
    level = {}
    while len(level) < len(rooms):
        ready = [name for name in rooms if name not in level and rooms[name][1] <= set(level)]
        if not ready:
            raise ValueError(
                f"rooms: expected imports that run one way, given a circle in {sorted(set(rooms) - set(level))}"
            )
        for name in ready:
            level[name] = 1 + max((level[other] for other in rooms[name][1]), default=-1)
    return [sorted(name for name in rooms if level[name] == k) for k in range(max(level.values()) + 1)]


def drawn(rooms):
    """{room: rooms to which an arrow is drawn}: an import that other arrows lead to as well is left out."""

    def below(name):
        found = set(rooms[name][1])
        return found.union(*(below(other) for other in found))

    return {
        name: {one for one in others if not any(one in below(other) for other in others)}
        for name, (_, others) in rooms.items()
    }


def lines(text, letters=28):
    """Text in at most two lines that fit into a room."""
    rows = [""]
    for word in text.split():
        if len(rows[-1]) + len(word) < letters:
            rows[-1] = f"{rows[-1]} {word}".strip()
        else:
            rows.append(word)
    return rows[:2] if len(rows) <= 2 else [rows[0], rows[1] + " …"]


def chains(rooms, by_floor):
    """Each arrow as the stops of its way down: the room, a gap on each floor between, the other room."""
    level = {name: k for k, floor in enumerate(by_floor) for name in floor}
    for name, others in sorted(drawn(rooms).items()):
        for other in sorted(others):
            yield [name, *((name, other, k) for k in range(level[name] - 1, level[other], -1)), other]


def arrange(by_floor, ways):
    """{stop: (left, top)} and the picture's size; below each other stand those that an arrow joins."""
    full = [
        [*floor, *(way[-2 - n] for way in ways for n in range(len(way) - 2) if way[-2 - n][2] == k)]
        for k, floor in enumerate(by_floor)
    ]

    def wide(stop):
        return (GAP if isinstance(stop, tuple) else WIDE) + BETWEEN

    width = max(sum(map(wide, floor)) for floor in full) + BETWEEN
    place = {}
    for row, floor in enumerate(reversed(full)):

        def wish(stop):
            above = [place[way[way.index(stop) - 1]][0] for way in ways if stop in way[1:]]
            return (sum(above) / len(above) if above else 0.0, str(stop))

        left = (width - sum(map(wide, floor)) + BETWEEN) / 2
        for stop in sorted(floor, key=wish):
            place[stop] = left, BETWEEN + row * (TALL + DOWN)
            left += wide(stop)
    return place, width, len(full) * (TALL + DOWN) - DOWN + 2 * BETWEEN


def draw(rooms):
    """The picture as SVG text."""
    by_floor = floors(rooms)
    ways = list(chains(rooms, by_floor))
    place, width, height = arrange(by_floor, ways)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'aria-labelledby="title" font-family="system-ui, sans-serif">',
        '<title id="title">The rooms of the package. An arrow leads from a room to one that it imports; an import to '
        "which other arrows lead as well has none of its own.</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#6b6b6b"/></marker></defs>',
        f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>',
    ]
    for way in ways:
        middles = [place[stop][0] + (GAP if isinstance(stop, tuple) else WIDE) / 2 for stop in way]
        lean = [max(-0.4, min(0.4, (b - a) / width)) * WIDE for a, b in zip(middles, middles[1:], strict=False)]
        x, path = middles[0] + lean[0], ""
        for k, stop in enumerate(way[1:]):
            top, x0 = place[way[k]][1] + TALL, x
            x = middles[k + 1] if isinstance(stop, tuple) else middles[k + 1] - lean[-1]
            half = top + DOWN / 2
            path += f"M{x0:.0f},{top} C{x0:.0f},{half:.0f} {x:.0f},{half:.0f} {x:.0f},{top + DOWN} "
            path += f"V{top + DOWN + TALL} " if isinstance(stop, tuple) else ""
        parts.append(f'<path d="{path.strip()}" fill="none" stroke="#6b6b6b" marker-end="url(#tip)"/>')
    for name, (text, _) in sorted(rooms.items()):
        x, y = place[name]
        parts.append(
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{WIDE}" height="{TALL}" rx="6" fill="#eef4fa" stroke="#0072b2"/>'
            f'<text x="{x + WIDE / 2:.0f}" y="{y + 19:.0f}" text-anchor="middle" font-size="14" font-weight="600" '
            f'fill="#222222">{escape(name)}</text>'
        )
        for k, line in enumerate(lines(text)):
            parts.append(
                f'<text x="{x + WIDE / 2:.0f}" y="{y + 37 + 15 * k:.0f}" text-anchor="middle" font-size="11.5" '
                f'fill="#444444">{escape(line)}</text>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


def write_map(words):
    """Draw the house anew into docs/house.svg."""
    alone("map", words)
    MAP.write_text(draw(house()), encoding="utf-8", newline="\n")
    say(f"{MAP.relative_to(ROOT).as_posix()} shows the house as it is.")
