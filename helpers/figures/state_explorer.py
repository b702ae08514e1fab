"""The hidden-state explorer: turn the recurrent gain, the input and the first state, and watch what remains."""

from functools import cache

import numpy as np

from helpers.figures.geometry import plane_limits, principal_plane
from helpers.live.colours import GREEN, GREY, ORANGE
from helpers.live.controls import Choice, Frame, Number, Text, beginning, is_number
from helpers.live.description import Axis, Cursor, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.numbers import tiny
from helpers.live.typed import numbers, shown, understood
from helpers.networks import SimpleRNN, with_spectral_radius

TIME_STEPS, HIDDEN, TWIN = 60, 24, 1e-6
PERIOD = 12  # of the sine
FARTHEST = (1e-16, 30.0)  # no two states of 24 tanh units are further apart than 10
WIDE = 1.5  # width of the plane of states, in heights
SETTLING, MEASURED, BLOCKS = 1000, 1000, 20  # steps after those on show, and the parts in which they are measured
CHAOTIC = 0.03  # what grows by less than 3 % a step may be a rhythm that has not settled
SHAPES = ("pulse", "step", "sine", "my own")
MATRICES = ("orthogonal", "random")


def input_shape(shape, own=""):
    """The explorer's input (T,), T = 60: pulse at step 6, step from step 6 on, sine of period 12, or the reader's own.

    own: numbers from −10 to 10 as people type them (see `helpers.live.typed.numbers`); what is missing is 0, and only
    the first 60 count. Raises ValueError for another shape, or for what is no number.
    """
    if shape not in SHAPES:
        raise ValueError(f"shape: expected one of {list(SHAPES)}, got {shown(shape)}")
    if not isinstance(own, str):
        raise ValueError(f"own: expected a text with numbers, got {shown(own)}")
    t = np.arange(1, TIME_STEPS + 1)
    if shape == "pulse":
        return (t == 6).astype(float)
    if shape == "step":
        return (t >= 6).astype(float)
    if shape == "sine":
        return np.sin(2 * np.pi * t / PERIOD)
    values, given = np.zeros(TIME_STEPS), own_numbers(own)[:TIME_STEPS]
    values[: len(given)] = given
    return values


def own_numbers(own):
    """The numbers that the reader typed as an input; Unreadable (a ValueError) for what is none, or is beyond ±10."""
    return numbers(own, -10, 10)


def explorer_network(gain, matrix="orthogonal", seed=0):
    """The explorer's tanh network: one input, 24 units, recurrent weights of spectral radius `gain`.

    matrix: "orthogonal" (all singular values equal) or "random" (Gaussian). Raises ValueError for another matrix, or
    for a gain that is no number.
    """
    if not is_number(gain):
        raise ValueError(f"recurrent_gain: expected a number, got {shown(gain)}")
    if matrix not in MATRICES:
        raise ValueError(f"matrix: expected one of {list(MATRICES)}, got {shown(matrix)}")
    network = _unit_radius_network(matrix, seed).copy()
    network.parameters["W_hh"] *= gain
    return network


@cache
def _unit_radius_network(matrix, seed):
    recurrent = "orthogonal" if matrix == "orthogonal" else with_spectral_radius(1.0)
    return SimpleRNN(1, HIDDEN, 1, recurrent_initialiser=recurrent, seed=seed)


def explore(recurrent_gain, input_gain, initial_state, shape, matrix="orthogonal", own="", seed=0):
    """The three runs that the explorer compares, as arrays (T+1, H): with the input, its twin, and without input.

    The twin starts 0.000001 away from h_0; the run without input starts at the same h_0. Raises ValueError that names
    the argument which cannot be used.
    """
    for name, value in (("input_gain", input_gain), ("initial_state", initial_state)):
        if not is_number(value):
            raise ValueError(f"{name}: expected a number, got {shown(value)}")
    network = explorer_network(recurrent_gain, matrix, seed)
    signal = input_shape(shape, own)
    x = np.zeros((3, TIME_STEPS, 1))
    x[:2, :, 0] = input_gain * signal
    h_0 = np.full((3, HIDDEN), initial_state)
    h_0[1, 0] += TWIN
    _, record = network.forward(x, h_0)
    return signal, record.h


def growth_per_step(
    recurrent_gain, input_gain=1.0, initial_state=0.0, shape="pulse", matrix="orthogonal", own="", seed=0
):
    """ln of the factor by which a tiny difference grows at each step, when the run of `explore` has settled.

    It is measured over 1,000 steps that begin 1,000 after the last one on show (a Lyapunov exponent); meanwhile the
    last twelve inputs return again and again. Growth out of a state near 0 is over by then: only chaos goes on. Below
    0 small differences die out; -inf if nothing is left of them. In a chaotic run the second decimal depends on how
    the processor rounds. Raises ValueError like `explore`.
    """
    signal, (states, _, _) = explore(recurrent_gain, input_gain, initial_state, shape, matrix, own, seed)
    network = explorer_network(recurrent_gain, matrix, seed)
    x = np.resize(input_gain * signal[-PERIOD:], SETTLING + MEASURED)
    _, record = network.forward(x[None, :, None], states[-1:])
    slopes = 1 - record.h[0, 1 + SETTLING :] ** 2
    difference, total = np.full(HIDDEN, HIDDEN**-0.5), 0.0
    for block in np.split(slopes, BLOCKS):
        for slope in block:
            difference = (difference @ network.parameters["W_hh"]) * slope
        length = np.linalg.norm(difference)
        if length == 0:
            return -np.inf
        total += np.log(length)
        difference /= length  # so that its square underflows at no gain of the slider
    return float(total / MEASURED)


def verdict(states, twin, silent, signal, growth):
    """(word, sentence) for what the network does: from the runs of `explore`, the input (T,) and `growth_per_step`.

    Silent: nothing has moved the state from 0. Chaotic: in the settled run tiny differences grow by more than 3 % a
    step. No input: what is seen comes from h_0. Driven: the input is still on in the last ten steps, so that its
    trace says nothing of memory. Otherwise the trace of the input, the distance to the run without input, decides:
    below 1 % of its peak the network forgets, below 50 % the trace fades, and above it rings on.
    """
    apart = np.linalg.norm(twin - states, axis=1)
    trace = np.linalg.norm(states - silent, axis=1)
    peak, left = trace.max(), trace[-1]
    twins = f"A twin started 10⁻⁶ away ends {tiny(apart[-1])} away."
    if not states.any():  # the twin may run away all the same: that says nothing of the run on show
        return "Silent", f"No input and h₀ = 0: the state stays exactly 0. {twins}"
    if growth > CHAOTIC:
        return "Chaotic", f"{twins} Tiny differences go on growing, so small causes have large effects."
    if peak < 1e-9:
        return "No input", f"What you see comes from h₀. {twins}"
    if np.any(signal[-10:]):
        return "Driven", f"The input is still on at the end; its trace is no sign of memory. {twins}"
    share = left / peak
    word = "Forgets" if share < 0.01 else "Fades" if share < 0.5 else "Rings on"
    percent = f"{100 * share:.0f} %" if share >= 0.01 else "less than 1 %"
    return word, f"At the last step {percent} of the input's largest trace is left. {twins}"


def hidden_state_explorer(prediction=None, **start):
    """The live explorer. `start` sets controls: recurrent_gain, input_gain, initial_state, shape, matrix, own."""

    def compute(recurrent_gain, input_gain, initial_state, shape, matrix, own):
        signal, (states, twin, silent) = explore(recurrent_gain, input_gain, initial_state, shape, matrix, own)
        mean, plane, share = principal_plane(states)
        path = (states - mean) @ plane
        apart = np.linalg.norm(twin - states, axis=1)
        growth = -np.inf  # no chaos where the twin comes nearer; measuring takes ten times as long as all else
        if apart[-1] > apart[0]:
            growth = growth_per_step(recurrent_gain, input_gain, initial_state, shape, matrix, own)
        word, sentence = verdict(states, twin, silent, input_gain * signal, growth)
        planar = f" The plane shows {100 * share:.0f} % of the variance." if states.any() else ""  # a share of none
        typed = f" Your input: {understood(own_numbers(own), TIME_STEPS)}" if shape == "my own" else ""
        trace = np.linalg.norm(states - silent, axis=1)
        t = np.arange(TIME_STEPS + 1)
        corners_x, corners_y = plane_limits(path[:, 0], path[:, 1], WIDE)
        return FigureData(
            {
                "t": t,
                "steps": t[1:],
                "signal": input_gain * signal,
                "states": states.T,
                "px": path[:, 0],
                "py": path[:, 1],
                "here_x": path[:, 0],
                "here_y": path[:, 1],
                "now": t,
                "corners_x": np.array(corners_x),
                "corners_y": np.array(corners_y),
                "unit": np.arange(HIDDEN),
                "unit_number": np.arange(1, HIDDEN + 1),
                "apart": apart,
                "trace": trace,
            },
            f"{word}: gain {recurrent_gain:.2f}. {sentence}{planar}{typed}",
            {"here_x": ("time",), "here_y": ("time",), "now": ("time",), "unit": ("unit",), "unit_number": ("unit",)},
        )

    time = Axis("time step t", integer=True, limits=(-0.5, TIME_STEPS + 0.5), moves="time")
    picture = Picture(
        "Hidden-state explorer",
        (
            Row(
                (
                    Panel(
                        "Input (drag to draw it)",
                        (Lines("steps", "signal", colours=(ORANGE,)), Cursor(x="now")),
                        x=time,
                        y=Axis("input × gain", limits=(-2.1, 2.1)),
                        draw="own",
                    ),
                    Panel(
                        "How far from another run?",
                        (
                            Lines("t", "trace", labels=("without input",), colours=(ORANGE,)),
                            Lines("t", "apart", labels=("twin, 10⁻⁶ off",), colours=(GREY,)),
                            Cursor(x="now"),
                        ),
                        x=time,
                        y=Axis("distance", log=True, limits=FARTHEST),
                    ),
                    Panel(
                        "The state in its widest plane",
                        (
                            Points(
                                "px",
                                "py",
                                shade="t",
                                shade_limits=(0, TIME_STEPS),
                                trail=True,
                                size=3.5,
                                shade_label="time step t",
                                moves="time",
                            ),
                            Points("here_x", "here_y", colour=ORANGE, ring=True, size=8),
                            Points("corners_x", "corners_y", size=0),  # the axes reach them, nothing is drawn
                        ),
                        x=Axis("1st principal component"),
                        y=Axis("2nd principal comp."),
                        equal=True,
                    ),
                ),
                190,
            ),
            Row(
                (
                    Panel(
                        "Hidden state: every unit at every step",
                        (
                            HeatMap("states", label="hidden state", first=(0, 1)),
                            Cursor(x="now", colour=GREEN),
                            Cursor(y="unit_number", band=True, dashed=False),
                        ),
                        x=time,
                        y=Axis("unit", integer=True, moves="unit"),
                    ),
                    Panel(
                        "The same as lines; the chosen unit stands out",
                        (Lines("t", "states", strong="unit", width=1.2, moves="unit"), Cursor(x="now")),
                        x=time,
                        y=Axis("hidden state", limits=(-1.05, 1.05)),
                    ),
                ),
                185,
            ),
        ),
        alt="Input, distances, heat map of hidden states, their trajectory in a plane and their traces over 60 steps.",
    )
    begin = {
        "recurrent_gain": 0.9,
        "input_gain": 1.0,
        "initial_state": 0.0,
        "shape": "pulse",
        "matrix": "orthogonal",
        "own": "",
    }
    begin = beginning(begin, start)
    controls = (
        Number("recurrent_gain", "Recurrent gain", 0.0, 3.0, 0.02, begin["recurrent_gain"]),
        Number("input_gain", "Input gain", 0.0, 2.0, 0.05, begin["input_gain"]),
        Number("initial_state", "Initial state h₀ (each unit)", -1.0, 1.0, 0.05, begin["initial_state"]),
        Choice("shape", "Input shape", SHAPES, begin["shape"]),
        Choice("matrix", "Recurrent matrix", MATRICES, begin["matrix"]),
        Frame("time", "Time step", tuple(range(TIME_STEPS + 1)), value=6, play=True, period=80),
        Frame("unit", "Unit", tuple(range(1, HIDDEN + 1))),
        Text("own", "My own input (numbers, or drag in the input's panel)", begin["own"], 600, (("shape", "my own"),)),
    )
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)
