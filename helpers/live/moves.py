"""Which controls a picture moves when it is touched, and where their positions stand on its axes."""


def check_moves(picture, controls):
    """ValueError if an axis, a mark or a handle of `picture` moves what it cannot (`controls`: name -> control).

    An axis moves a Frame, a Choice or a Number; the points, nodes or lines of a mark stand for the positions of a Frame
    or the options of a Choice; a handle sets Numbers and Frames.
    """
    for panel in picture.panels:
        where = f"panel {panel.title!r}: expected"
        wanted = [(axis.moves, ("Frame", "Choice", "Number")) for axis in (panel.x, panel.y)]
        wanted += [(getattr(mark, "moves", None), ("Frame", "Choice")) for mark in panel.marks]
        wanted += [(name, ("Frame", "Number")) for mark in panel.marks for name, _ in getattr(mark, "sets", ())]
        wanted.append((panel.draw, ("Text",)))
        for name, kinds in wanted:
            if name is None:
                continue
            if name not in controls:
                raise ValueError(f"{where} a control of {sorted(controls)}, got {name!r}")
            if (kind := type(controls[name]).__name__) not in kinds:
                raise ValueError(f"{where} {name!r} to be a {' or '.join(kinds)}, got a {kind}")
        for axis in (panel.x, panel.y):
            positions = positions_of(controls.get(axis.moves))
            if positions is None:
                continue
            if axis.places is None and not all(map(_is_number, positions)):
                raise ValueError(f"{where} places, because labels of {axis.moves!r} are words")
            if axis.places is not None and len(axis.places) != len(positions):
                got = f"{len(axis.places)} places for {len(positions)} positions of {axis.moves!r}"
                raise ValueError(f"{where} one place for each position, got {got}")


def positions_of(control):
    """What the positions of a Frame or a Choice are called; None for a control of another kind."""
    return getattr(control, "labels", getattr(control, "options", None))


def _is_number(label):
    try:
        return bool(str(label).strip()) and float(str(label).replace("\u2212", "-")) is not None
    except ValueError:
        return False
