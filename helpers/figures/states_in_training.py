"""The scrubber: hidden states during training, epoch × time × unit."""

import numpy as np

from helpers.figures.geometry import plane_limits, principal_plane
from helpers.figures.ordering import MANY, SORTED, units_by_peak
from helpers.live.colours import GREEN, LINES
from helpers.live.controls import Frame
from helpers.live.description import Axis, Cursor, HeatMap, Lines, Nodes, Panel, Picture, Points, Row
from helpers.live.frames import FigureData, nice_ticks
from helpers.live.live_figure import LiveFigure


def training_scrubber(
    recorder,
    history,
    symbols=None,
    groups=None,
    group_label="group",
    title="Hidden states while the network learns",
    measure="loss",
    notes=None,
    levels=None,
    prediction=None,
    group_names=None,
    amounts=False,
    unit=0,
):
    """A live figure of a recorder's states (E, T, H): any epoch, any time step, any unit.

    recorder: StateRecorder of one sequence (T, I), already used in a training run; history: that run's History.
    symbols: T short texts, what is read at each step. groups: T whole numbers that colour the trajectory's points
    (the time step if None), `group_label` says what they are, and `group_names` what 0, 1, … mean (the numbers
    themselves if None). measure: the name of the loss with its unit.
    notes: one sentence for each recorded epoch, shown in the summary.
    levels: name -> a loss, drawn as a dashed line. amounts: states are never below 0 (relu), so the maps begin at 0.
    unit: the one shown at first, from 0; the figure counts from 1. More than 24 units are sorted.
    Nothing here needs the kernel.

    Raises ValueError if the recorder is empty or of a batch, if symbols, groups or notes have the wrong length, or if
    there are groups without a name, or states below 0 are called amounts.
    """
    states = np.asarray(recorder.states)
    if states.ndim != 3 or not len(states):
        raise ValueError(f"recorder: expected states (epochs, T, H) of one sequence, got shape {states.shape}")
    epochs, time_steps, units = states.shape
    for name, given, wanted in (
        ("symbols", symbols, time_steps),
        ("groups", groups, time_steps),
        ("notes", notes, epochs),
    ):
        if given is not None and len(given) != wanted:
            raise ValueError(f"{name}: expected {wanted} entries, got {len(given)}")
    steps = np.arange(1, time_steps + 1)
    shade = steps if groups is None else np.asarray(groups)
    names = () if groups is None else names_of_groups(shade, group_names)
    mean, plane, share = principal_plane(states[-1])
    path = (states - mean) @ plane
    x_limits, y_limits = plane_limits(path[..., 0], path[..., 1])
    if amounts and states.min() < 0:
        raise ValueError(f"amounts: expected states of 0 and above, got {states.min():.3g}")
    reach = max(1.0, float(np.abs(states).max()))  # relu has no upper end
    colours = {"limits": (0.0, reach), "colours": "amount"} if amounts else {"limits": (-reach, reach)}
    pointer = LINES[4] if amounts else ""  # grey is lost on a dark map
    order, row = units_by_peak(states[-1])
    numbers = np.asarray(recorder.epochs)
    loss = np.asarray(history.loss, float)
    change = np.linalg.norm(np.diff(states, axis=0), axis=(1, 2)) if epochs > 1 else np.zeros(0)

    walk = {"moves": "time", "limits": (0.5, time_steps + 0.5)}
    time = Axis("time step t", integer=True, **walk)
    if symbols:
        time = Axis("what is read at each step", tick_texts="symbols", **walk)
    shown = map(int, nice_ticks(0, epochs - 1, integer=True))
    rows = {"moves": "epoch", "places": tuple(range(epochs))}
    at_epoch = Axis("epoch", ticks=tuple((k, str(numbers[k])) for k in shown), limits=(-0.5, epochs - 0.5), **rows)
    low, high = (0, len(names) - 1) if names else (shade.min(), shade.max())
    kind = {
        "shade_limits": (float(low), float(max(high, low + 1))),
        "shade_label": "" if names else "time step t",
        "shade_names": names,
    }
    dots = (
        (
            Nodes("px", "py", "shade", "symbols", colours="amount", size=8, moves="time", **kind),
            # the chosen step once more, so that none of its neighbours hides it
            Nodes("here_x", "here_y", "here_shade", "here_symbol", colours="amount", size=8, **kind),
        )
        if symbols
        else (Points("px", "py", shade="shade", trail=True, size=4, moves="time", **kind),)
    )
    picture = Picture(
        title,
        (
            Row(
                (
                    Panel(
                        "At this epoch: every unit at every step",
                        (
                            HeatMap("cube_epoch", label="hidden state", first=(1, 1), **colours),
                            Cursor(x="now", colour=pointer or GREEN),
                            Cursor(y="unit_row", band=True, dashed=False, colour=pointer),
                        ),
                        x=time,
                        y=unit_axis(units, row),
                    ),
                    Panel(
                        "This unit: every epoch at every step",
                        (
                            HeatMap("cube_unit", label="hidden state", first=(1, 0), until_y="epoch_row", **colours),
                            Cursor(x="now", colour=pointer or GREEN),
                            Cursor(y="epoch_row", band=True, dashed=False, colour=pointer),
                        ),
                        x=time,
                        y=at_epoch,
                    ),
                ),
                255,
            ),
            Row(
                (
                    Panel(
                        "States in the plane of the trained network"
                        if groups is None
                        else f"States, coloured by {group_label}",
                        (*dots, Points("here_x", "here_y", colour=LINES[1], ring=True, size=11)),
                        x=Axis("first principal component", limits=x_limits),
                        y=Axis("second principal component", limits=y_limits),
                        equal=True,
                    ),
                    Panel(
                        "Loss during training",
                        (
                            Lines("loss_epochs", "loss", until_x="epoch_number"),
                            Cursor(x="epoch_number"),
                            *level_marks(levels or {}),
                        ),
                        x=Axis("epoch", integer=True, moves="epoch"),
                        y=Axis(measure),
                    ),
                ),
                255,
            ),
        ),
        alt="Two slices of the cube epoch × time × unit as heat maps, the states as points in a plane, and the loss.",
    )
    by_unit = states.transpose(2, 0, 1)
    data = FigureData(
        {
            "cube_epoch": states.transpose(0, 2, 1)[:, order],
            "cube_unit": by_unit,
            "now": steps,
            "unit_row": row + 1,
            "epoch_row": np.arange(epochs),
            "epoch_number": numbers,
            "px": path[..., 0],
            "py": path[..., 1],
            "here_x": path[..., 0],
            "here_y": path[..., 1],
            "shade": shade,
            "here_shade": shade,
            "loss_epochs": np.arange(1, len(loss) + 1),
            "loss": loss,
            **{f"level_{k}": np.full(len(loss), float(value)) for k, value in enumerate((levels or {}).values())},
        },
        [epoch_sentence(k, numbers, loss, change, share, notes) for k in range(epochs)],
        {
            "cube_epoch": ("epoch",),
            "cube_unit": ("unit",),
            "now": ("time",),
            "unit_row": ("unit",),
            "epoch_row": ("epoch",),
            "epoch_number": ("epoch",),
            "px": ("epoch",),
            "py": ("epoch",),
            "here_x": ("epoch", "time"),
            "here_y": ("epoch", "time"),
            "here_shade": ("time",),
            "summary": ("epoch",),
        }
        | ({"here_symbol": ("time",)} if symbols else {}),
        {"symbols": list(symbols), "here_symbol": [[text] for text in symbols]} if symbols else {},
    )
    controls = (
        Frame("epoch", "Epoch", tuple(int(n) for n in numbers), play=True, period=120),
        Frame("time", "Time step", tuple(int(s) for s in steps), value=time_steps // 2),
        Frame("unit", "Unit", tuple(range(1, units + 1)), value=unit),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def names_of_groups(groups, names):
    """What the whole numbers `groups` mean, from 0 on: `names`, or the numbers; ValueError if one has no name."""
    if groups.dtype.kind not in "iub" or groups.min() < 0:
        raise ValueError(f"groups: expected whole numbers from 0, got {groups}")
    names = tuple(map(str, range(groups.max() + 1) if names is None else names))
    if len(names) <= groups.max():
        raise ValueError(f"group_names: expected {groups.max() + 1} names, one for each group, got {len(names)}")
    return names


def unit_axis(units, row):
    """The axis of a map's units, 1 to `units`, each in its row (0, 1, …)."""
    if units <= MANY:
        return Axis("unit", integer=True, moves="unit")
    return Axis(SORTED, ticks=(), moves="unit", places=tuple(int(r) + 1 for r in row))


def level_marks(levels):
    """Dashed lines at the given losses; as lines, so that the axis reaches them."""
    return [
        Lines("loss_epochs", f"level_{k}", (name,), ("#8a6d00", "#7b4fa0")[k % 2 :], dashed=True, width=1.2)
        for k, name in enumerate(levels)
    ]


def epoch_sentence(k, numbers, loss, change, share, notes):
    """The summary for recorded epoch number k."""
    if numbers[k] == 0:
        text = "Epoch 0: before training, the states follow from the random weights alone."
    else:
        text = f"Epoch {numbers[k]}: loss {loss[numbers[k] - 1]:.3f}."
        if k and len(change):
            text += (
                f" Since epoch {numbers[k - 1]} the states moved by {change[k - 1]:.2f}"
                f" in all (most in one go: {change.max():.2f})."
            )
    if notes is not None:
        text += f" {notes[k]}"
    return f"{text} The plane holds {100 * share:.0f} % of the trained states' variance."
