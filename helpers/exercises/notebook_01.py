"""Checks of notebook 01's exercises, and the questions before its figures."""

import numpy as np

from helpers.data import membrane_recording
from helpers.exercises.checking import (
    Wrong,
    answered,
    call,
    close,
    exercise,
    expect_any_number,
    expect_array,
    expect_number,
    is_number,
)
from helpers.live.controls import Prediction
from helpers.live.typed import shown
from helpers.networks import IntegrateAndFire, RateNeuron, upward_crossings

PAIRS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)

# The questions that stand before the live figures, by the figure's name in the notebook.
predictions = {
    "count": Prediction(
        "You move the level from −40 mV up to 0 mV. What does the number of crossings do?",
        ("it falls equally all the way", "it falls, stays level, falls again", "it stays level, then grows"),
        1,
        "Low levels count small waves too, high ones miss small spikes. In between the count does not depend on the "
        "level: every spike passes through all of these voltages, and the small waves end below them.",
    ),
    "neuron": Prediction(
        "At 1.2 nA the neuron is silent. You shorten the time constant from 10 to 3 ms: it follows faster. Now?",
        ("it fires all the time", "it stays silent", "it fires just once"),
        1,
        "The time constant says how fast the voltage moves, not how far. The leak and 1.2 nA balance at −58 mV, "
        "below the threshold, and the voltage never gets past that. Only more current or a lower threshold helps.",
    ),
    "f_i": Prediction(
        "You turn the current up to the rheobase, 1.5 nA, and beyond it. What does the firing rate do there?",
        ("it rises in a straight line", "it jumps to its highest value", "it rises steeply, then less and less"),
        2,
        "Just above the rheobase the voltage creeps up to the threshold, so spikes are rare; a little more current "
        "shortens the way a lot. Farther up, the way is short already, and the same step of current gains less.",
    ),
    "decision": Prediction(
        "You change only the bias. What happens to the line?",
        ("it turns about the origin", "it moves without turning", "it stays, the colours fade"),
        1,
        "The weights set the line's direction: the arrow points along (w₁, w₂). The bias shifts the line along that "
        "arrow. Larger weights make the step across the line sharper.",
    ),
    "loop": Prediction(
        "You raise w slowly from 0.5. How does the neuron begin to remember the pulse?",
        (
            "a little at first, then more and more",
            "not at all, and then, from one weight on, for ever",
            "for ever, at each weight above 0 alike",
        ),
        1,
        "Below w = 0.84 there is only one rate at which the neuron can stay. Above it there are two, and a pulse can "
        "lift the neuron from the lower to the upper one.",
    ),
}


@exercise
def synapses_per_neuron(answer):
    """Synapses of the neocortex (1.5·10¹⁴) over its neurons (19 % of 86.1·10⁹), to a tenth."""
    right = 1.5e14 / (0.19 * 86.1e9)
    answer = expect_any_number(answer, "synapses_per_neuron")
    mistakes = (
        (1.5e14 / 86.1e9, "These are all neurons of the brain; only 19 % of them are in the cortex."),
        (1.5e14 / (19 * 86.1e9), "19 % is 0.19, not 19."),
        (1.5e14 / (0.81 * 86.1e9), "You took the neurons that are not in the cortex."),
        (1.5e14 / (0.82 * 86.1e9), "82 % is the cortex's share of the mass; its share of the neurons is 19 %."),
        (1 / right, "This is neurons for each synapse. Divide the other way round."),
        (7000, "That is what other counts of neurons give, and often quoted. Here take the two numbers of the table."),
    )
    for value, hint in mistakes:
        if abs(answer - value) < 0.006 * value:
            raise Wrong(f"{answer:,.3g} is not right.", hint)
    expect_number(
        answer, right, 0.05 * right, "synapses_per_neuron", "Synapses in the cortex, over neurons in the cortex."
    )
    return "About 9,000 for each neuron of the cortex. (Several may come from one and the same partner.)"


@exercise
def count_spikes(function):
    """The number of upward crossings of a level, on small traces and on the recording."""
    recording = membrane_recording().v
    traces = (
        ([-70, -60, 10, -60, -70, 5, -70], -20, "a trace with two spikes"),
        ([-70, -10, 5, 8, 3, -70], -20, "a trace with one broad spike"),
        ([10, 5, -70, -60], -20, "a trace that begins above the level"),
        ([-70, -70, -65], -20, "a trace without a spike"),
        ([-70, -20, -70, -21, -70], -20, "a trace that touches the level −20 once"),
        ([-70, -20, -20, -10, -20, -70], -20, "a trace that stays at the level for a while"),
        ([-65, -55, -45, -70, -50], -50, "a trace with two spikes above −50"),
        (recording, -20, "the recording, at −20 mV,"),
        (recording, -40, "the recording, at −40 mV,"),
    )
    traces = [(np.array(v, float), float(level), where) for v, level, where in traces]

    def everywhere(count):  # what a way of counting gives on all traces
        return [float(count(v, level)) for v, level, _ in traces]

    found = [
        float(expect_array(call(function, v, level, name="count_spikes"), (), "count_spikes(…)"))
        for v, level, _ in traces
    ]
    right = everywhere(lambda v, level: len(upward_crossings(v, level)))
    if found == right:
        return f"{right[-2]:g} spikes in the recording, and right on all other traces and levels."
    k = next(k for k in range(len(traces)) if found[k] != right[k])
    said = f"On {traces[k][2]} your function counts {found[k]:g}; {right[k]:g} is right."
    mistakes = (
        (
            lambda v, level: np.sum(v >= level),
            "You count every sample above the level; count only the step from below to above.",
        ),
        (
            lambda v, level: np.sum((v[:-1] >= level) & (v[1:] < level)),
            "You count the steps down, not the steps up.",
        ),
        (lambda v, level: np.sum((v[1:] >= level) != (v[:-1] >= level)), "You count the way down too."),
        (
            lambda v, level: np.sum((v[:-1] < level) & (v[1:] > level)),
            "A sample exactly at the level counts as above: use >=.",
        ),
    )
    for count, hint in mistakes:
        if found == everywhere(count):
            raise Wrong(said, hint)
    if any(found == everywhere(lambda v, _, fixed=fixed: len(upward_crossings(v, fixed))) for fixed in range(-70, 11)):
        raise Wrong(said, "Your function always uses the same level. Compare with `level`, whatever it is.")
    raise Wrong(said, "v[:-1] holds each sample, v[1:] the one after it: compare both with the level.")


@exercise
def voltage_step(function):
    """One Euler step of the leaky membrane: v + dt/τ (−(v − V_rest) + R I)."""
    v, current, dt, tau, R, rest = -62.0, 1.7, 0.5, 12.0, 8.0, -71.0
    value = call(function, v, current, dt, tau, R, rest, name="voltage_step")
    value = float(expect_array(value, (), "voltage_step(…)"))
    leak, push = -(v - rest), R * current
    if close(value, v + dt / tau * (leak + push)):
        again = call(function, -60.0, 2.0, 0.1, 10.0, 10.0, -70.0, name="voltage_step")
        if not close(float(expect_array(again, (), "voltage_step(…)")), -60 + 0.01 * (-(-60 + 70) + 20)):
            raise Wrong("With other numbers the result is wrong.", "Use the arguments, no fixed numbers.")
        return "That is the whole neuron between two spikes."
    mistakes = (
        (v + dt / tau * (-leak + push), "The leak pushes away from rest: its sign is wrong."),
        (v + dt / tau * (-v + push), "The leak pulls towards V_rest, not towards 0."),
        (v + dt / tau * (leak + current), "The resistance R is missing: current must become a voltage first."),
        (v + dt / tau * push, "The leak is missing."),
        (v + dt / tau * leak, "The input current is missing."),
        (v + dt * (leak + push), "Divide by τ."),
        (v + (leak + push) / tau, "Multiply by the time step dt."),
        (v + dt / tau * leak + push, "dt/τ must multiply the leak and the push: set brackets around both."),
        (dt / tau * (leak + push), "This is the change only: add it to v."),
        (v + tau / dt * (leak + push), "dt and τ have changed places."),
    )
    for wrong, what in mistakes:
        if close(value, wrong):
            raise Wrong(what)
    raise Wrong("The number is not that of the formula.", "new v = v + dt / τ · (−(v − V_rest) + R I).")


@exercise
def firing_rate(function):
    """The closed form of the f–I curve in Hz, for one current (nA), with the notebook's constants."""
    neuron = IntegrateAndFire()
    for current in (2.0, 3.0, 1.6):
        with np.errstate(all="ignore"):
            value = float(expect_array(call(function, current, name="firing_rate"), (), f"firing_rate({current:g})"))
        right, goal = float(neuron.rate(current)), -70 + 10 * current
        rise = 10 * np.log((goal + 70) / (goal + 55))
        mistakes = (
            (right / 1000, "Times are in ms, so 1 / T counts spikes per millisecond. Hz means per second."),
            (1000 / rise, "The refractory time is missing: after a spike the neuron pauses for 2 ms."),
            (2 + rise, "This is the time between two spikes. The rate is one over it."),
            (1000 * (2 + rise), "This is a time, not a rate. The rate is one over it."),
            (1000 / (2 + rise / 10), "The time constant τ is missing in front of the logarithm."),
            (1000 / (2 + 10 * np.log10((goal + 70) / (goal + 55))), "Use the natural logarithm: np.log."),
        )
        if close(value, right):
            continue
        for wrong, hint in mistakes:
            if close(value, wrong):
                raise Wrong(f"firing_rate({current:g}): {value:.4g} is not right.", hint)
        raise Wrong(f"firing_rate({current:g}): {value:.4g} is not right.", "T = t_ref + τ ln(…), f = 1000 / T.")
    for current in (0.0, 1.0, 1.5):
        with np.errstate(all="ignore"):
            # As a number of NumPy's, whose division by zero is infinite and no error: then the rate is 0, as it should.
            value = call(function, np.float64(current), name="firing_rate")
        if not (is_number(value) and value == 0):
            hint = "At or below 1.5 nA the goal never lies above the threshold: return 0 before you take the logarithm."
            raise Wrong(f"firing_rate({current:g}) should be 0.", hint)
    return "Silent up to 1.5 nA, then rising steeply: as measured."


@exercise
def and_neuron(weights, bias):
    """A step neuron that says 1 to (1, 1) alone."""
    w = expect_array(weights, (2,), "weights")
    b = float(expect_array(bias, (), "bias"))
    a = (PAIRS @ w + b).round(9)  # 0.1 + 0.7 - 0.8 shall be 0
    y = (a >= 0).astype(float)
    if np.array_equal(y, [0, 0, 0, 1]):
        return f"Only 1 and 1 together reach {a[3] + 0.0:g}, at least 0. The threshold is −b = {-b:g}."
    wrong = "; ".join(
        f"x = ({p[0]:g}, {p[1]:g}) gives {out:g}"
        for p, out, right in zip(PAIRS, y, PAIRS.prod(axis=1), strict=True)
        if out != right
    )
    if np.array_equal(y, [0, 1, 1, 1]):
        raise Wrong("This is OR: one input is enough.", "Lower the bias, so that one weight alone stays below 0.")
    if y.all():
        raise Wrong("It always says 1.", "Make the bias negative: it is minus the threshold.")
    if not y.any():
        raise Wrong("It always says 0.", "Both weights together must outweigh the negative bias.")
    raise Wrong(f"{wrong}.", "For each pair compute w₁x₁ + w₂x₂ + b; it must be below 0 for three pairs.")


@exercise
def memory_weight(weight):
    """The smallest weight of the slider (steps of 0.02) at which the pulse of height 0.8 and 40 ms is remembered."""
    from helpers.figures.self_connection import answer_to_pulse, verdict

    if not is_number(weight) or not 0 <= weight <= 2:
        raise Wrong(f"memory_weight: expected a number from 0 to 2, got {shown(weight)}.")
    weight = float(weight)

    if abs(weight / 0.02 - round(weight / 0.02)) > 1e-6:
        raise Wrong(f"The slider has no place at {weight:g}.", "It moves in steps of 0.02.")

    def remembers(w):
        return verdict(*answer_to_pulse(float(w), 0.8, 40))[0]

    if not remembers(weight):
        hint = "Move the weight up."
        if weight > 0.82:
            hint = "It seems to remember, but only forgets slowly: read the sentence under the figure. One step more."
        raise Wrong(f"With w = {weight:g} the neuron forgets.", hint)
    if remembers(weight - 0.02):
        raise Wrong(f"With w = {weight - 0.02:.2f} it remembers too.", "Move the weight down, one step at a time.")
    low, _ = RateNeuron().memory_weights()
    return f"The change happens between two steps of the slider, at w = {low:.4f}."


@exercise
def write_and_erase(drive):
    """An input (600,) that switches RateNeuron(1.2) on and off again: r > 0.9 at 300 ms, r < 0.1 at 600 ms."""
    drive = expect_array(answered(drive), (600,), "drive")
    if np.abs(drive).max() > 2:
        raise Wrong("The input should stay between −2 and 2.")
    neuron = RateNeuron(1.2)
    r = neuron.simulate(drive, neuron.fixed_points()[0].rate)
    if np.any(drive[200:300]) or np.any(drive[500:]):
        raise Wrong(
            "The input must be 0 from 200 to 300 ms and from 500 ms on.",
            "Only then does the neuron itself hold the bit.",
        )
    if r[300] < 0.9:
        raise Wrong(
            f"At 300 ms the rate is {r[300]:.2f}: nothing was written.", "Make the first pulse longer or higher."
        )
    if r[600] > 0.1:
        hint = "An input below 0 pushes the rate down; it must fall below the watershed at 0.35."
        raise Wrong(f"At 600 ms the rate is {r[600]:.2f}: not erased.", hint)
    return f"r = {r[300]:.2f} at 300 ms and {r[600]:.2f} at 600 ms: one bit, written and erased."
