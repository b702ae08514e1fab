"""The checks of notebook 01: right answers pass, typical mistakes are named, broken answers never stop the notebook."""

import numpy as np
import pytest

from helpers.exercises import notebook_01 as check
from helpers.networks import IntegrateAndFire

SINGLE = (check.synapses_per_neuron, check.count_spikes, check.voltage_step, check.firing_rate, check.memory_weight)


def up(v, level):
    return np.sum((v[:-1] < level) & (v[1:] >= level))


def step(v, current, dt, tau, R, rest):
    return v + dt / tau * (-(v - rest) + R * current)


def rate(current):
    if current <= 1.5:
        return 0.0
    return 1000 / (2 + 10 * np.log(10 * current / (10 * current - 15)))


def pulses(first=0.8, second=-0.8, length=60):
    drive = np.zeros(600)
    drive[100 : 100 + length], drive[400 : 400 + length] = first, second
    return drive


@pytest.mark.parametrize(
    "verdict",
    [
        check.synapses_per_neuron(1.5e14 / (0.19 * 86.1e9)),
        check.synapses_per_neuron(9000),
        check.count_spikes(up),
        check.count_spikes(lambda v, level: len(np.flatnonzero(np.diff((v >= level).astype(int)) == 1))),
        check.voltage_step(step),
        check.firing_rate(rate),
        check.firing_rate(lambda current: IntegrateAndFire().rate(current)),
        check.firing_rate(lambda current: np.where(current > 1.5, IntegrateAndFire().rate(current), 0.0)),
        check.synapses_per_neuron(np.array(9000.0)),
        check.memory_weight(np.array(0.86)),
        check.and_neuron((1, 1), -1.5),
        check.and_neuron(np.array([2.0, 3.0]), -4),
        check.and_neuron((0.1, 0.7), -0.8),  # 0.1 + 0.7 - 0.8 is not quite 0 in floating-point numbers
        check.and_neuron((0.3, 0.6), -0.9),
        check.voltage_step(lambda *numbers: float(step(*numbers))),
        check.firing_rate(lambda i: rate(i) if i < 1.5 else 1000 / (2 + 10 * np.log(10 * i / (10 * i - 15)))),
        check.memory_weight(0.86),
        check.write_and_erase(pulses()),
    ],
)
def test_right_answers_pass(verdict):
    assert verdict.passed is True, repr(verdict)


@pytest.mark.parametrize(
    "verdict, words",
    [
        (check.synapses_per_neuron(1.5e14 / 86.1e9), "only 19 %"),
        (check.synapses_per_neuron(0.19 * 86.1e9 / 1.5e14), "other way round"),
        (check.synapses_per_neuron(1.5e14 / (0.82 * 86.1e9)), "share of the mass"),
        (check.synapses_per_neuron(7000), "other counts of neurons"),
        (check.synapses_per_neuron(5), "Synapses in the cortex, over"),
        (check.synapses_per_neuron("9000"), "expected a number"),
        (check.count_spikes(lambda v, level: np.sum(v >= level)), "every sample above"),
        (check.count_spikes(lambda v, level: np.sum(np.diff((v >= level).astype(int)) != 0)), "the way down too"),
        (check.count_spikes(lambda v, level: np.sum((v[:-1] >= level) & (v[1:] < level))), "steps down, not"),
        (check.count_spikes(lambda v, level: np.sum((v[:-1] < level) & (v[1:] > level))), "use >="),
        (check.count_spikes(lambda v, level: 3), "counts 3"),
        (check.count_spikes(lambda v, level: up(v, -20)), "always uses the same level"),
        (check.count_spikes(lambda v, level: up(v, -40)), "always uses the same level"),
        (check.count_spikes(lambda v, level: np.sum((v[:-1] < level) and (v[1:] >= level))), "Use & or |, with"),
        (check.count_spikes(lambda v, level: np.sum(v[:-1] < level & v[1:] >= level)), "Set brackets around each"),
        (check.count_spikes(lambda v, level: 1 / 0), "in a cell of its own"),
        (check.count_spikes(lambda v, level: None), "Is `return` missing?"),
        (check.count_spikes(lambda v, level: [1, 2]), "expected shape ()"),
        (check.voltage_step(lambda v, i, dt, tau, R, rest: v + dt / tau * ((v - rest) + R * i)), "sign"),
        (check.voltage_step(lambda v, i, dt, tau, R, rest: v + dt / tau * (-v + R * i)), "not towards 0"),
        (check.voltage_step(lambda v, i, dt, tau, R, rest: v + dt / tau * (-(v - rest) + i)), "R is missing"),
        (check.voltage_step(lambda v, i, dt, tau, R, rest: v + dt / tau * R * i), "leak is missing"),
        (check.voltage_step(lambda v, i, dt, tau, R, rest: v + dt / tau * -(v - rest)), "input current is missing"),
        (check.voltage_step(lambda v, i, dt, tau, R, rest: v + dt * (-(v - rest) + R * i)), "Divide by τ"),
        (check.voltage_step(lambda v, i, dt, tau, R, rest: dt / tau * (-(v - rest) + R * i)), "add it to v"),
        (check.voltage_step(lambda v, i, dt, tau, R, rest: v + dt / tau * -(v - rest) + R * i), "brackets around both"),
        (check.voltage_step(lambda v, i, dt, tau, R, rest: step(v, i, 0.5, 12.0, 8.0, -71.0)), "fixed numbers"),
        (check.firing_rate(lambda i: rate(i) / 1000), "spikes per millisecond"),
        (check.firing_rate(lambda i: 1000 / (10 * np.log(10 * i / (10 * i - 15)))), "refractory time is missing"),
        (check.firing_rate(lambda i: 2 + 10 * np.log(10 * i / (10 * i - 15))), "one over it"),
        (check.firing_rate(lambda i: 1000 / (2 + 10 * np.log(10 * i / (10 * i - 15)))), "should be 0"),
        (check.firing_rate(lambda i: max(rate(i), 1.0)), "should be 0"),
        (check.firing_rate(lambda i: 5.0), "T = t_ref"),
        (check.and_neuron((1, 1), -0.5), "This is OR"),
        (check.and_neuron((1, 1), 1), "always says 1"),
        (check.and_neuron((1, 1), -3), "always says 0"),
        (check.and_neuron((1, 0), -0.5), "x = (1, 0) gives 1"),
        (check.and_neuron((1, 1, 1), -0.5), "expected shape (2,)"),
        (check.memory_weight(0.84), "only forgets slowly"),
        (check.memory_weight(0.5), "Move the weight up"),
        (check.memory_weight(0.85), "no place at 0.85"),
        (check.memory_weight(0.841), "no place at 0.841"),
        (check.memory_weight(1.2), "remembers too"),
        (check.memory_weight(7), "from 0 to 2"),
        (check.memory_weight("w"), "from 0 to 2"),
        (check.write_and_erase(pulses(first=0.1)), "nothing was written"),
        (check.write_and_erase(pulses(second=0.0)), "not erased"),
        (check.write_and_erase(pulses(length=150)), "must be 0 from 200"),
        (check.write_and_erase(pulses(first=5)), "between −2 and 2"),
        (check.write_and_erase(np.zeros(60)), "expected shape (600,)"),
    ],
)
def test_mistakes_are_named(verdict, words):
    assert verdict.passed is False
    assert words in repr(verdict)


@pytest.mark.parametrize("one", SINGLE)
def test_unanswered_and_broken_answers(one):
    assert one(...).passed is None
    for broken in ("text", [1, "two"], object(), lambda *arguments: 1 / 0, lambda: 1, lambda *a: "text", np.nan):
        assert one(broken).passed is False, broken
    if one not in (check.synapses_per_neuron, check.memory_weight):
        assert one(lambda *arguments: ...).passed is None


def test_exercises_with_two_answers_or_an_array():
    assert check.and_neuron(..., ...).passed is None and check.and_neuron((..., ...), -1).passed is None
    for weights, bias in ((None, 1), ("ab", 1), ((1, 1), "b"), ((np.nan, 1), 1)):
        assert not check.and_neuron(weights, bias).passed
    assert check.write_and_erase(...).passed is None
    for broken in ("text", 3, np.full(600, np.nan), [None] * 600):
        assert check.write_and_erase(broken).passed is False


def test_the_readers_arrays_are_not_changed():
    drive, kept = pulses(), pulses()
    check.write_and_erase(drive)
    np.testing.assert_array_equal(drive, kept)
