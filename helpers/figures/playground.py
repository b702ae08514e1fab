"""The playground: recurrent networks that learn a task of the reader's choice before the reader's eyes."""

import numpy as np

from helpers.figures.playground_tasks import LONGEST_PATTERN, OWN, TASKS, make_task
from helpers.figures.playground_training import CELLS, PROBES, STARTS, Race
from helpers.live.colours import LINES
from helpers.live.controls import Choice, Frame, Number, Run, Text, beginning
from helpers.live.description import Axis, Cursor, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.numbers import tiny
from helpers.live.typed import shown

RATES = ("0.0003", "0.001", "0.003", "0.01", "0.03", "0.1")
CLIPS = ("off", "10", "1", "0.1")
PACES = {"1": 1, "5": 5, "25": 25, "for 0.05 s": None}  # batches between two pictures
PIECE = 0.05  # seconds that the kernel may work before it answers: a stop waits for the piece under way
MOST_UNITS = 64
BLUE, ORANGE, GREEN, PURPLE, GREY = LINES[0], LINES[1], LINES[2], LINES[3], LINES[7]
PAIR = ("first network", "second network")
# Of a unit: the gates (an LSTM's, a GRU's), label, colour. What a cell does not have is missing, and not in the legend.
GATES = (
    (("forget", "update"), "forget or update gate", ORANGE),
    (("input", "reset"), "input or reset gate", GREEN),
    (("output",), "output gate", PURPLE),
)


class Playground:
    """What the Run control works on: a race of one network or two. Settings other than those below start a new one."""

    CHANGE_WHILE_IT_RUNS = ("rate", "clip", "pace")

    def __init__(self, fixed):
        """fixed: settings for which there is no control."""
        self.fixed, self.race, self._settings, self._fresh = fixed, None, None, (None, None)

    def _race(self, values):
        """The settings that make a network, and the race for them: the present one if they are the same."""
        values = self.fixed | values
        cells = [values[name] for name in ("cell", "second") if name in values]
        own = values["own"] if values["task"] == OWN else ""
        settings = (values["task"], int(values["length"]), own, *cells, int(values["units"]), values["start"])
        settings += (values["seed"],)
        if settings == self._settings:
            return settings, self.race
        if settings != self._fresh[0]:
            task = make_task(settings[0], settings[1], own)
            self._fresh = settings, Race(task, cells, int(values["units"]), values["start"], values["seed"])
        return self._fresh

    def begin(self, again=False, **values):
        """From now on these settings hold. A new network begins if they ask for another one, or if `again`."""
        if again:
            self._settings, self._fresh = None, (None, None)
        self._settings, self.race = self._race(values)
        self._fresh = None, None

    def advance(self, seconds, steps, **values):
        """Train for `seconds`, or the batches of the chosen pace; `steps` batches if given. Why it ended, or None."""
        self.begin(**values)
        values = self.fixed | values
        clip = None if values["clip"] == "off" else float(values["clip"])
        batches = steps or PACES[values["pace"]] or np.inf
        return self.race.advance(float(values["rate"]), clip, seconds or np.inf, batches)

    def __call__(self, **values):
        """The picture for these settings."""
        return picture_data(self._race(values)[1])


def picture_data(race):
    """All arrays of the picture, for the networks as they are now."""
    task, T = race.task, race.task.T
    looks = [race.look(training) for training in race.trainings]
    bits = race.probe[:, :, 0] if not task.is_bits else (race.probe[:, :, 0] + 1) / 2
    target = np.full((PROBES, T), np.nan)
    target[:, task.first :] = race.target[:, :, 0]
    at, losses = loss_curves(race)
    arrays = {
        "steps": np.arange(1, T + 1),
        "read": bits,
        "marked": np.where(race.probe[:, :, 1] > 0, bits, np.nan) if task.inputs == 2 else np.full_like(bits, np.nan),
        "target": target,
        "answers": np.stack([answers.clip(-0.5, 2.5) for _, _, answers, _ in looks], axis=1),  # (S, networks, T)
        "batch": at,
        "loss": losses,
        "ends": np.array([0, round_up(race.batches)]),
        "guessing": np.full(2, task.baseline),
        "zero": np.zeros(2),
        "whole": np.array([0.5, T + 0.5]),
        "floor": np.array([[k, k] for k in (0, 1)]),
        "ground": np.array([[k, k] for k in (-1, 0, 1)]),
        "lag": np.arange(T + 1),
        "left": np.stack([np.where(np.isfinite(left), left, np.nan) for *_, left in looks]),
        "states": looks[0][0].swapaxes(1, 2),  # (S, H, T)
    }
    axes = {name: ("sequence",) for name in ("read", "marked", "target", "answers", "states")}
    if len(looks) == 2:
        arrays["second_states"] = looks[1][0].swapaxes(1, 2)
        axes["second_states"] = ("sequence",)
    else:
        add_units(arrays, axes, *looks[0][:2])
    reach = {} if len(looks) == 2 else {"unit": looks[0][0].shape[2]}
    return FigureData(arrays, summary(race, [left[-1] for *_, left in looks]), axes, reach=reach)


def add_units(arrays, axes, states, gates):
    """State and gates of each unit, for a control that counts further than some networks have units."""
    row = np.minimum(np.arange(MOST_UNITS), states.shape[2] - 1)
    none = np.full_like(states, np.nan)
    lines = {"state": states}
    for names, label, _ in GATES:
        lines[label] = next((gates[name] for name in names if name in gates), none)
    for name, values in lines.items():
        arrays[name] = values.transpose(2, 0, 1)[row]  # (units, S, T)
        axes[name] = ("unit", "sequence")
    arrays["unit"], axes["unit"] = row + 1, ("unit",)


def loss_curves(race):
    """The batches and the losses (networks, N) until now, that before training first; none above three baselines."""
    first = race.trainings[0].history
    losses = np.array([[t.loss_before, *t.history.values] for t in race.trainings])
    return np.array([0, *first.at]), np.where(losses <= 3 * race.task.baseline, losses, np.nan)


def round_up(batches):
    """The end of the axis: 100, 200, 500, 1000, … so that it does not move at every picture."""
    return next(m * 10**k for k in range(2, 12) for m in (1, 2, 5) if m * 10**k >= batches)


def summary(race, left):
    """How far the training is, against guessing, and how much gradient comes through the whole sequence."""
    task, batches, guess = race.task, race.batches, f"guessing has {race.task.baseline:.3f}"
    if batches == 0:
        names = " and ".join(f"{t.cell} ({t.net.theta.size:,} parameters)" for t in race.trainings)
        losses = " and ".join(f"{t.loss_before:.3f}" for t in race.trainings)
        new = "New network" if len(race.trainings) == 1 else "Two new networks"
        return f"{new}, not trained yet: {names}. The task: {task.rule}. Loss {losses}; {guess}."
    after = f"After {batches:,} batch{'es' * (batches > 1)}"
    each = [f"loss {t.recent_loss:.3f} and {100 * t.recent_right:.0f} % right answers" for t in race.trainings]
    if len(each) == 2:
        first, second = (f"{t.cell} {words}" for t, words in zip(race.trainings, each, strict=True))
        return f"{after}: {first}; {second}; {guess}."
    share = tiny(left[0]) if np.isfinite(left[0]) else "too much to be counted"
    return f"{after}: {each[0]}; {guess}. {task.T} steps back, {share} of the gradient is left."


def playground_figure(contest=False, cells=CELLS, tasks=TASKS, prediction=None, **start):
    """The playground. ▶ trains a network on sequences that are drawn anew for each batch of 32, with Adam.

    contest: two networks side by side, which read the same batches. cells, tasks: what there is to choose from; where
    there is only one, it has no control. `start` sets controls at the beginning: seed, task, cell (in a contest also
    second), units, length (T), start (how W_hh begins), rate, clip, pace (batches between pictures), own (bits).
    Learning rate, clipping and pace may change while it trains; any other control starts a new network.
    Raises ValueError for a cell, a task or a control that does not exist.
    """
    for name, given, known in (("cells", cells, CELLS), ("tasks", tasks, TASKS)):
        if not given or not set(given) <= set(known):
            raise ValueError(f"{name}: expected some of {', '.join(known)}, got {shown(given)}")
    begin = {"seed": 0, "task": tasks[0], "cell": cells[0], "units": 16, "length": 20, "start": STARTS[0]}
    begin |= {"rate": "0.003", "clip": "off", "pace": "5", "own": "0010111", "sequence": 0}
    begin |= {"second": cells[-1]} if contest else {"unit": 0}
    begin = beginning(begin, start)
    fixed = {}
    controls = [Run("seed", "Training", "Train", "One batch", begin["seed"], PIECE)]
    choices = [("task", "Task", tuple(tasks)), ("cell", "First cell" if contest else "Cell", tuple(cells))]
    choices += [("second", "Second cell", tuple(cells))] if contest else []
    choices += [("start", "W_hh begins", STARTS), ("rate", "Learning rate", RATES), ("clip", "Clip gradient at", CLIPS)]
    for name, label, options in (*choices, ("pace", "Batches a picture", tuple(PACES))):
        if len(options) > 1:
            controls.append(Choice(name, label, options, begin[name]))
        else:
            fixed[name] = options[0]
    controls += [
        Number("units", "Units", 4, MOST_UNITS, 4, begin["units"]),
        Number("length", "Time steps T", 12, 60, 4, begin["length"]),
        Frame("sequence", "Sequence shown", tuple(range(1, PROBES + 1)), begin["sequence"]),
    ]
    if not contest:
        controls.append(Frame("unit", "Unit shown", tuple(range(1, MOST_UNITS + 1)), begin["unit"]))
    if OWN in tasks:
        also = (("task", OWN),) if len(tasks) > 1 else ()
        controls.append(Text("own", "My own bits", begin["own"], 2 * LONGEST_PATTERN, also))
    else:
        fixed["own"] = ""
    return LiveFigure(describe(contest), controls, compute=Playground(fixed), prediction=prediction)


def describe(contest):
    """The picture: states above, what came of them below."""
    time, unit = Axis("time step t", integer=True), Axis("unit", integer=True, moves=None if contest else "unit")
    states = Panel(
        "First network: hidden state" if contest else "Hidden state of every unit",
        (
            HeatMap("states", label="state", first=(1, 1)),
            *(() if contest else (Cursor(y="unit", band=True, dashed=False),)),
        ),
        x=time,
        y=unit,
    )
    if contest:
        title, marks = "Second network: hidden state", (HeatMap("second_states", label="state", first=(1, 1)),)
        beside = Panel(title, marks, x=time, y=unit)
    else:
        gates = (Lines("steps", label, (label,), (colour,)) for _, label, colour in GATES)
        state = Lines("steps", "state", ("state h",), (BLUE,), width=2.6)
        marks = (Lines("whole", "ground", colours=(GREY,), faint=True, width=1), state, *gates)
        beside = Panel("The unit shown: its state, and its gates", marks, x=time, y=Axis("value"))
    names = PAIR if contest else ("network",)
    loss = Panel(
        "Loss on new sequences",
        (
            Lines("ends", "zero", colours=(GREY,), faint=True, width=1),
            Lines("ends", "guessing", ("guessing",), (GREY,), dashed=True),
            Lines("batch", "loss", names, (BLUE, ORANGE), width=2),
        ),
        x=Axis("batches", integer=True),
        y=Axis("loss"),
    )
    gradient = Panel(
        "Gradient k steps back",
        (Lines("lag", "left", names, (BLUE, ORANGE), width=2),),
        x=Axis("steps back k", integer=True),
        y=Axis("share left", limits=(1e-9, 1e3), log=True),
        legend=contest,
    )
    answers = Panel(
        "Answers for this sequence",
        (
            Lines("whole", "floor", colours=(GREY,), faint=True, width=1),
            Points("steps", "read", "input", GREY, size=2.5),
            Points("steps", "marked", "", GREEN, size=5),
            Lines("steps", "answers", names, (BLUE, ORANGE), width=2),
            Points("steps", "target", "wanted", PURPLE, size=4.5, ring=True),
        ),
        x=time,
        y=Axis("answer"),
    )
    return Picture(
        "The contest: two networks learn the same task" if contest else "The playground: a network learns",
        (Row((states, beside), 195), Row((loss, gradient, answers), 195)),
        alt="Hidden states by time step and unit, the loss beside that of guessing, gradient by lag, and the answers.",
        narrow=620,
    )
