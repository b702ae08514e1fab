"""Live figures of the leaky integrate-and-fire neuron: its voltage and spikes, and its f–I curve."""

import numpy as np

from helpers.live.colours import BLUE, GREEN, GREY, ORANGE
from helpers.live.controls import Frame, Number, beginning
from helpers.live.description import Axis, Cursor, Handle, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.numbers import tick_text
from helpers.networks import IntegrateAndFire

PEAK = 20.0  # mV: as high as a spike of the model is drawn; the model itself has no shape for it
DURATION, QUIET = 200.0, 20.0  # ms of a simulation; ms before its current is switched on
DRAWN_STEP = 0.1  # ms


def voltage_with_spikes(trace, peak=PEAK):
    """(t, v) of a VoltageTrace for drawing: each spike as an upright line to `peak`, which the model leaves out."""
    at = np.searchsorted(trace.t, trace.spikes - 1e-9)
    return np.insert(trace.t, at, trace.t[at]), np.insert(trace.v, at, peak)


def integrate_and_fire_figure(prediction=None, **start):
    """A live figure of the leaky integrate-and-fire neuron. `start` sets controls: current, tau, threshold.

    The current is switched on 20 ms after the start and stays on, for 180 ms.
    """

    def compute(current, tau, threshold):
        neuron = IntegrateAndFire(tau=tau, threshold=threshold)
        drive = np.where(np.arange(round(DURATION / DRAWN_STEP)) * DRAWN_STEP >= QUIET, current, 0.0)
        trace = neuron.simulate(drive, time_step=DRAWN_STEP)
        t, v = voltage_with_spikes(trace)
        spare = len(trace.t) + 400 - len(t)  # arrays of one length, whatever the number of spikes
        t, v = np.r_[t, np.full(spare, np.nan)], np.r_[v, np.full(spare, np.nan)]
        goal = neuron.rest + neuron.resistance * current
        return FigureData(
            {"t": t, "v": v, "steps": trace.t, "current": np.r_[0.0, drive], "threshold": np.array(threshold),
             "goal_t": np.array([QUIET, DURATION]), "goal": np.full(2, goal), "grip": 0.9 * DURATION, "height": current,
             "by_height": np.array([0.0, 0.0, 1.0])},
            spiking_sentence(neuron, current, goal, trace),
        )  # fmt: skip

    time = Axis("time", "ms", limits=(0, DURATION))
    picture = Picture(
        "A leaky integrate-and-fire neuron",
        (
            Row(
                (
                    Panel(
                        "Input current",
                        (
                            Lines("steps", "current", colours=(ORANGE,)),
                            Handle("grip", "height", (("current", "by_height"),), "the input current"),
                        ),
                        x=time,
                        y=Axis("current", "nA", limits=(-0.1, 4.1), ticks=(0, 2, 4), moves="current"),
                    ),
                ),
                130,
            ),
            Row(
                (
                    Panel(
                        "Membrane potential",
                        (
                            Lines("t", "v", colours=(BLUE,), width=1.6),
                            Cursor(y="threshold", label="threshold", colour=GREY),
                            Lines("goal_t", "goal", ("goal: where the voltage heads",), (GREEN,), dashed=True),
                            Handle("grip", "threshold", (("threshold", "by_height"),), "the threshold"),
                        ),
                        x=time,
                        y=Axis("voltage", "mV", limits=(-76, 48), ticks=(-70, -55, -30, 0, 20)),
                    ),
                ),
                270,
            ),
        ),
        alt="A step of input current above, and below it the neuron's voltage with its spikes, threshold and goal.",
    )
    begin = beginning({"current": 1.2, "tau": 10.0, "threshold": -55.0}, start)
    controls = (
        Number("current", "Input current I (nA)", 0.0, 4.0, 0.05, begin["current"]),
        Number("tau", "Time constant τ (ms)", 2.0, 40.0, 1.0, begin["tau"]),
        Number("threshold", "Threshold (mV)", -65.0, -45.0, 1.0, begin["threshold"]),
    )
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)


def spiking_sentence(neuron, current, goal, trace):
    """What the integrate-and-fire neuron did, in a sentence."""
    heading = f"the current of {current:.2f} nA pulls the voltage towards {tick_text(round(goal, 1))} mV"
    if goal <= neuron.threshold:
        return f"Silent: {heading}, which is not above the threshold of {tick_text(neuron.threshold)} mV."
    count = len(trace.spikes)
    times = f"{count} spike{'s' if count != 1 else ''} in {DURATION - QUIET:.0f} ms"
    rate = neuron.rate(current)
    return f"Firing: {heading}, above the threshold. {times}; in the long run {rate:.0f} spikes a second (Hz)."


def f_i_figure(prediction=None, taus=(5.0, 10.0, 20.0), largest=4.0, current=0):
    """A live figure in which the f–I curve fills: each current up to the chosen one leaves the rate measured there.

    Controls, in the browser alone: current (it starts at position `current`, each position 0.1 nA), time constant, and
    whether the closed form is shown. A rate is measured over one second, simulated in steps of 0.1 ms.
    """
    currents = np.round(np.arange(0, largest + 1e-9, 0.1), 10)
    neurons = [IntegrateAndFire(tau=tau) for tau in taus]
    fine, shown = np.linspace(0, largest, 401), round(DURATION / 0.5)
    measured, voltage = np.empty((len(taus), len(currents))), np.empty((len(taus), len(currents), shown))
    for place in np.ndindex(measured.shape):
        trace = neurons[place[0]].simulate(currents[place[1]], 1000.0, time_step=DRAWN_STEP)
        measured[place], voltage[place] = trace.rate, drawn_coarsely(trace, shown)
    tried = np.arange(len(currents))[:, None] >= np.arange(len(currents))  # (frame, point)
    closed = np.full((2, len(taus), len(fine)), np.nan)
    closed[1] = [n.rate(fine) for n in neurons]
    sentences = [
        [
            [f_i_sentence(n, current, rate, shown) for current, rate in zip(currents, rates, strict=True)]
            for n, rates in zip(neurons, measured, strict=True)
        ]
        for shown in (False, True)
    ]
    data = FigureData(
        {
            "time": np.arange(shown) * 0.5,
            "voltage": voltage,
            "currents": currents,
            "measured": np.where(tried[None], measured[:, None], np.nan),
            "here_x": currents,
            "here_y": measured,
            "fine": fine,
            "closed": closed,
        },
        sentences,
        {"voltage": ("tau", "current"), "measured": ("tau", "current"), "here_x": ("current",),
         "here_y": ("tau", "current"), "closed": ("formula", "tau"), "summary": ("formula", "tau", "current")},
    )  # fmt: skip
    picture = Picture(
        "From current to firing rate: the f–I curve",
        (
            Row(
                (
                    Panel(
                        "The neuron at this current",
                        (Lines("time", "voltage", width=1.3),),
                        x=Axis("time", "ms", limits=(0, DURATION)),
                        y=Axis("voltage", "mV", limits=(-76, 24)),
                    ),
                    Panel(
                        "Measured rates: a dot for each current so far",
                        (
                            Lines("fine", "closed", ("closed form",), (GREEN,), width=2.2),
                            Points("currents", "measured", "measured", BLUE, size=3.5),
                            Points("here_x", "here_y", colour=ORANGE, ring=True, size=7),
                        ),
                        x=Axis("input current I", "nA", limits=(-0.1, largest + 0.1), moves="current"),
                        y=Axis("firing rate f", "Hz", limits=(-5, 205)),
                    ),
                ),
                280,
            ),
        ),
        alt="Left, the voltage at one current; right, firing rates against current, filling a curve.",
    )
    controls = (
        Frame("current", "Current I (nA)", tuple(f"{c:.1f}" for c in currents), value=current, play=True, period=180),
        Frame("tau", "Time constant τ (ms)", tuple(f"{tau:g}" for tau in taus), value=list(taus).index(10.0)),
        Frame("formula", "Closed form", ("hidden", "shown")),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def drawn_coarsely(trace, count):
    """The voltage of the first DURATION ms at `count` even times, with each spike at the nearest of them."""
    v = trace.v[np.searchsorted(trace.t, np.arange(count) * DURATION / count - 1e-9)].copy()
    places = np.rint(trace.spikes * count / DURATION).astype(int)
    v[places[places < count]] = PEAK
    return v


def f_i_sentence(neuron, current, rate, formula):
    """The measured rate at one current, and beside it the closed form if `formula` is True."""
    if rate == 0:
        return f"At {current:.1f} nA the neuron is silent: it fires above {neuron.rheobase:.1f} nA only."
    said = f"At {current:.1f} nA: {rate:.1f} Hz measured"
    return f"{said}, {neuron.rate(current):.1f} Hz by the closed form." if formula else f"{said}."
