"""The neuron that talks to itself: its answer to a pulse, its phase line, and where it begins to remember."""

import numpy as np

from helpers.live.colours import BLUE, GREY, LINES, ORANGE
from helpers.live.controls import Frame, Number, beginning
from helpers.live.description import Axis, Cursor, Handle, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.networks import RateNeuron

PURPLE = LINES[6]
DURATION, PULSE_START = 600, 100  # ms
LARGEST_WEIGHT = 2.0
PULSE = (("length", "length_by_x"), ("height", "height_by_y"))  # what its corner sets when it is dragged


def answer_to_pulse(weight, height, length):
    """(neuron, drive (T,), rates (T+1,)) of a RateNeuron at rest that gets a pulse; steps of 1 ms.

    The pulse starts at 100 ms, has the given height and lasts `length` ms.
    """
    neuron = RateNeuron(weight)
    t = np.arange(DURATION)
    drive = np.where((t >= PULSE_START) & (t < PULSE_START + length), height, 0.0)
    return neuron, drive, neuron.simulate(drive, neuron.fixed_points()[0].rate)


def verdict(neuron, drive, rates):
    """(remembers, sentence) for a pulse: does the neuron end at another rate than the one at which it started?"""
    points = neuron.fixed_points()
    start = points[0].rate
    if not drive.any():
        return False, f"No pulse, nothing to remember: the rate stays at {start:.2f}."
    after = float(rates[np.flatnonzero(drive)[-1] + 1])
    if len(points) == 1:
        low, _ = neuron.memory_weights()
        word, end = "Forgets", float(rates[-1])
        slowly = ""
        if end > start + 0.05:  # near the weight at which memory begins, dr/dt is almost zero where it will touch zero
            word, slowly = "Forgets, but slowly", f" That takes long: at the end of the picture it is {end:.2f}."
        return False, (
            f"{word}: with w = {neuron.weight:.2f} there is one resting rate only, {start:.2f}, and the rate falls "
            f"back to it after every pulse.{slowly} Memory begins at w = {low:.3f}."
        )
    middle, top = points[1].rate, points[-1].rate
    said = f"with w = {neuron.weight:.2f} the pulse lifted the rate to {after:.2f}, "
    if after > middle:
        return True, (
            f"Remembers: {said}above the watershed at {middle:.2f}, so it settles at {top:.2f} and stays there "
            "long after the pulse."
        )
    return False, (
        f"Forgets: {said}below the watershed at {middle:.2f}, so it falls back to {start:.2f}. "
        "A stronger or longer pulse lifts it higher."
    )


def self_connection_figure(prediction=None, **start):
    """The live figure. `start` sets controls: weight, height, length. The time of the dot is the browser's alone."""
    branch = branches()
    rates_axis = np.linspace(0, 1, 201)
    times = np.arange(0, DURATION + 1, 5)

    def compute(weight, height, length):
        neuron, drive, rates = answer_to_pulse(weight, height, length)
        points = neuron.fixed_points()
        shown = np.full((2, 3), np.nan)  # stable, unstable
        for k, point in enumerate(points):
            shown[0 if point.stable else 1, k] = point.rate
        now = rates[times]
        held = np.append(drive, drive[-1])[times]  # the input at each shown time
        end = points[0].rate if rates[-1] < 0.5 * (points[0].rate + points[-1].rate) else points[-1].rate
        return FigureData(
            {
                "t": np.arange(DURATION + 1),
                "rates": rates,
                "pulse": np.append(drive, 0.0),
                "now": times,
                "now_rate": now,
                "r": rates_axis,
                "change": 1000 * neuron.change(rates_axis),
                "change_pulse": 1000 * neuron.change(rates_axis, height),
                "zero": np.zeros(3),
                "axis": np.zeros(2),
                "axis_r": np.array([0.0, 1.0]),
                "stable": shown[0],
                "unstable": shown[1],
                "now_change": 1000 * neuron.change(now, held),
                **branch,
                "stays_r": np.where(branch["stays_w"] <= weight, branch["stays_r"], np.nan),  # as far as w has come
                "watershed_r": np.where(branch["watershed_w"] <= weight, branch["watershed_r"], np.nan),
                "weight": np.array(weight),
                "corner_x": PULSE_START + length,
                "corner_y": height,
                "length_by_x": np.array([-PULSE_START, 1.0, 0.0]),
                "height_by_y": np.array([0.0, 0.0, 1.0]),
                "end_x": np.array([weight]),
                "end_y": np.array([end]),
            },
            verdict(neuron, drive, rates)[1],
            {"now": ("time",), "now_rate": ("time",), "now_change": ("time",)},
        )

    picture = Picture(
        "A neuron that talks to itself",
        (
            Row(
                (
                    Panel(
                        "Its rate, before, during and after the pulse",
                        (
                            Lines("t", "pulse", ("input pulse",), (ORANGE,), width=1.4),
                            Lines("t", "rates", ("firing rate r",), (BLUE,), width=2.2),
                            Cursor(x="now"),
                            Handle("corner_x", "corner_y", PULSE, "the end of the pulse"),
                        ),
                        x=Axis("time", "ms", limits=(0, DURATION), moves="time"),
                        y=Axis("rate r, input", "0…1", limits=(-0.05, 1.55), ticks=(0, 0.5, 1)),
                    ),
                ),
                210,
            ),
            Row(
                (
                    Panel(
                        "Phase line: which way, from each rate?",
                        (
                            Lines("axis_r", "axis", colours=(GREY,), width=1.0),
                            Lines("r", "change", ("without input",), (BLUE,), width=2.0),
                            Lines("r", "change_pulse", ("during the pulse",), (ORANGE,), dashed=True, width=1.4),
                            Points("stable", "zero", colour=PURPLE, size=5.5),
                            Points("unstable", "zero", colour=PURPLE, size=5.5, ring=True),
                            Points("now_rate", "now_change", colour=ORANGE, size=6),
                        ),
                        x=Axis("rate r", "share of the largest rate", limits=(-0.03, 1.03)),
                        y=Axis("dr/dt", "per second", limits=(-54, 54)),
                    ),
                    Panel(
                        "Where it can stay, for each weight",
                        (
                            Lines("stays_w", "stays_r", ("stays",), (PURPLE, PURPLE), width=2.2),
                            Lines("watershed_w", "watershed_r", ("watershed",), (PURPLE,), dashed=True, width=1.4),
                            Cursor(x="weight"),
                            Points("end_x", "end_y", colour=BLUE, size=6),
                        ),
                        x=Axis("weight w", limits=(0, LARGEST_WEIGHT), moves="weight"),
                        y=Axis("resting rate r", "0…1", limits=(-0.05, 1.2), ticks=(0, 0.5, 1)),
                    ),
                ),
                270,
            ),
        ),
        alt="The rate over time with a pulse; dr/dt against the rate with its zeros; resting rates against the weight.",
    )
    begin = beginning({"weight": 0.5, "height": 0.8, "length": 40.0}, start)
    controls = (
        Number("weight", "Weight w of the loop", 0.0, LARGEST_WEIGHT, 0.02, begin["weight"]),
        Number("height", "Height of the pulse", 0.0, 1.0, 0.05, begin["height"]),
        Number("length", "Length of the pulse (ms)", 0.0, 100.0, 2.0, begin["length"]),
        Frame("time", "Time of the dot (ms)", tuple(int(t) for t in times), value=24, play=True, period=60),
    )
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)


def branches(count=150):
    """Fixed points of RateNeurons against their weight, as curves: "stays" (2, N) and "watershed" (N,), `_w` and `_r`.

    A rate r is a fixed point for one weight only: r = φ(w r) solved for w. The curves end where they meet, at the
    weights where dr/dt only touches zero.
    """
    neuron = RateNeuron()
    low, high = neuron.memory_weights()
    begins = 0.5 + np.sqrt(0.25 - 1 / (neuron.gain * low))  # the rate at which memory begins
    ends = 0.5 - np.sqrt(0.25 - 1 / (neuron.gain * high))
    below = np.linspace(float(neuron.activation(0.0)), ends, count)
    above = 1 - np.geomspace(1 - begins, 1e-7, count)
    between = np.linspace(ends, begins, count)

    def weight(rate):
        return (neuron.threshold + np.log(rate / (1 - rate)) / neuron.gain) / rate

    stays = np.stack([below, above])
    return {"stays_w": weight(stays), "stays_r": stays, "watershed_w": weight(between), "watershed_r": between}
