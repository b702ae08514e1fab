"""Single neurons: rates against the closed form, fixed points against the definition, errors in words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.networks.neurons import ArtificialNeuron, IntegrateAndFire, RateNeuron, upward_crossings

positive = st.floats(0.5, 50)
neurons = st.builds(
    lambda tau, resistance, gap, drop, pause: IntegrateAndFire(
        tau, resistance, rest=-70, threshold=-70 + gap, reset=-70 - drop, refractory=pause / 10
    ),
    tau=st.floats(2, 50), resistance=positive, gap=st.floats(2, 40), drop=st.floats(-1, 20), pause=st.integers(0, 50),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(neurons, st.floats(1.05, 10))
def test_simulated_intervals_are_those_of_the_closed_form_to_one_step(neuron, times_rheobase):
    current, dt = times_rheobase * neuron.rheobase, 0.1
    interval = 1000 / neuron.rate(current)
    spikes = neuron.simulate(current, duration=20 * interval + 5 * neuron.tau, time_step=dt).spikes
    assert len(spikes) > 3
    found = np.diff(spikes)
    assert np.all(found > interval - 1e-6) and np.all(found < interval + dt + 1e-6)


def test_exact_steps_follow_the_exponential_whatever_their_length():
    neuron = IntegrateAndFire(tau=20)
    for dt in (0.1, 1.0, 20.0):
        t, v, spikes = neuron.simulate(1.0, 100, time_step=dt)
        np.testing.assert_allclose(v, -70 + 10 * (1 - np.exp(-t / 20)), atol=1e-10)
        assert not len(spikes)


def test_euler_error_falls_with_the_step():
    neuron, errors = IntegrateAndFire(tau=20), []
    for dt in (0.4, 0.2, 0.1):
        t, v, _ = neuron.simulate(1.0, 100, time_step=dt, method="euler")
        errors.append(np.abs(v - (-70 + 10 * (1 - np.exp(-t / 20)))).max())
    ratios = np.array(errors[:-1]) / errors[1:]
    assert np.all((ratios > 1.9) & (ratios < 2.1))  # a method of first order


def test_below_the_rheobase_there_is_silence_and_above_it_there_are_spikes():
    neuron = IntegrateAndFire()
    assert neuron.rheobase == pytest.approx(1.5)
    assert neuron.rate(1.5) == 0 and neuron.rate(1.51) > 0
    assert neuron.simulate(1.49, 2000).rate == 0 and neuron.simulate(1.51, 2000).rate > 0
    assert neuron.rate(np.array([[0, 1], [2, 1e9]])).shape == (2, 2)
    assert neuron.rate(1e9) == pytest.approx(500)  # the refractory time of 2 ms allows no more


@settings(max_examples=60, deadline=None)
@given(neurons, st.floats(0.5, 150))
def test_current_for_rate_inverts_the_rate(neuron, rate):
    assert neuron.rate(neuron.current_for_rate(rate)) == pytest.approx(rate, rel=1e-6) or (
        neuron.current_for_rate(rate) == pytest.approx(neuron.rheobase, rel=1e-6)  # very slow: no float lies closer
    )


def test_a_changing_current_is_held_during_each_step():
    neuron = IntegrateAndFire()
    current = np.r_[np.zeros(100), np.full(400, 3.0), np.zeros(500)]
    t, v, spikes = neuron.simulate(current)
    assert len(t) == len(v) == 1001 and 10 < spikes.min() and spikes.max() <= 50
    np.testing.assert_array_equal(v[:101], -70)
    assert neuron.simulate(current).rate == pytest.approx(1000 / np.diff(spikes).mean())


@pytest.mark.parametrize(
    "settings_, words",
    [
        ({"tau": 0}, "tau: expected a finite number above 0, given 0"),
        ({"tau": -10}, "tau: expected a finite number above 0, given -10"),
        ({"tau": float("nan")}, "tau: expected a finite number above 0, given nan"),
        ({"resistance": -1}, "resistance: expected a finite number above 0"),
        ({"refractory": -1}, "refractory: expected a finite number of at least 0"),
        ({"threshold": -75}, "threshold: expected a voltage above the resting potential -70 mV, given -75 mV"),
        ({"threshold": -70}, "threshold: expected a voltage above the resting potential"),
        ({"reset": -50}, "threshold: expected a voltage above the reset potential -50 mV, given -55 mV"),
        ({"rest": "low"}, "rest: expected a finite number, given 'low'"),
    ],
)
def test_impossible_neurons_are_refused_in_words(settings_, words):
    with pytest.raises(ValueError) as error:
        IntegrateAndFire(**settings_)
    assert words in str(error.value)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"current": 2, "duration": 100, "time_step": 11}, "time_step: expected at most the time constant 10 ms"),
        ({"current": 2, "duration": 100, "time_step": 0}, "time_step: expected a finite number above 0"),
        ({"current": 2, "duration": 0.01}, "duration: expected a finite number of at least 0.1"),
        ({"current": float("inf"), "duration": 10}, "current: expected a finite number"),
        ({"current": []}, "current: expected shape (T,)"),
        ({"current": 2}, "current: expected shape (T,)"),
        ({"current": 2, "duration": 10, "method": "runge"}, "method: expected one of 'exact', 'euler'"),
    ],
)
def test_impossible_simulations_are_refused_in_words(arguments, words):
    with pytest.raises(ValueError) as error:
        IntegrateAndFire().simulate(**arguments)
    assert words in str(error.value)


def test_a_rate_beyond_the_refractory_time_is_refused():
    with pytest.raises(ValueError, match="rate: expected a finite number above 0 and below 500"):
        IntegrateAndFire().current_for_rate(500)
    with pytest.raises(ValueError, match="current: expected finite"):
        IntegrateAndFire().rate(np.nan)


def test_upward_crossings_count_each_spike_once():
    v = np.array([-70, -20, 10, -20, -70, -21, -20, -70.0])
    np.testing.assert_array_equal(upward_crossings(v, -20), [1, 6])
    np.testing.assert_array_equal(upward_crossings(v, 20), [])
    np.testing.assert_array_equal(upward_crossings(v, 5), [2])


def test_artificial_neuron_by_hand():
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
    both = ArtificialNeuron([1, 1], -1.5)
    np.testing.assert_array_equal(both(x), [0, 0, 0, 1])
    assert both([1, 1]) == 1 and both.drive([1, 0]) == -0.5
    assert ArtificialNeuron([1.0], 0)([[0.0]])[0] == 1  # the step is 1 from 0 on
    np.testing.assert_allclose(ArtificialNeuron([1, 1], -1.5, "sigmoid")(x), 1 / (1 + np.exp(1.5 - x.sum(axis=1))))
    np.testing.assert_array_equal(ArtificialNeuron([1, 1], -1.5, "relu")(x), [0, 0, 0, 0.5])


def test_artificial_neuron_keeps_its_own_weights():
    weights = np.array([1.0, 2.0])
    neuron = ArtificialNeuron(weights)
    weights[:] = 0
    assert neuron.drive([1, 1]) == 3


@pytest.mark.parametrize(
    "arguments, words",
    [
        (([],), "weights: expected shape (I,)"),
        (([1, np.nan],), "weights: expected finite numbers"),
        (([1], np.inf), "bias: expected a finite number"),
        (([1], 0, "sigmoidal"), "did you mean 'sigmoid'?"),
    ],
)
def test_impossible_artificial_neurons(arguments, words):
    with pytest.raises(ValueError) as error:
        ArtificialNeuron(*arguments)
    assert words in str(error.value)
    with pytest.raises(ValueError, match=r"x: expected shape \(B, 2\)"):
        ArtificialNeuron([1, 2])(np.zeros((3, 4)))


rate_neurons = st.builds(RateNeuron, st.floats(-3, 4), st.floats(1, 100), st.floats(0.5, 30), st.floats(-0.5, 1.5))


@settings(max_examples=150, deadline=None)
@given(rate_neurons, st.floats(-1, 1))
def test_fixed_points_are_all_there_is(neuron, drive):
    found = neuron.fixed_points(drive)
    for point in found:
        assert abs(neuron.change(point.rate, drive)) * neuron.tau < 1e-9
    # between neighbouring samples dr/dt changes its sign as often as there are fixed points
    rates = np.linspace(0, 1, 4001)
    signs = np.sign(neuron.change(rates, drive))
    changes = np.flatnonzero(np.diff(signs[signs != 0]))
    assert len(found) in (1, 2, 3) and len(found) >= len(changes)
    for k in changes:
        assert any(rates[k] - 1e-3 <= point.rate <= rates[k + 1] + 1e-3 for point in found)
    assert found[0].stable or len(found) == 2


def test_fixed_points_are_classed_by_what_a_push_does():
    neuron = RateNeuron(weight=1.0)
    low, middle, high = neuron.fixed_points()
    assert (low.stable, middle.stable, high.stable) == (True, False, True)
    assert middle.rate == pytest.approx(0.5)
    silent = np.zeros(2000)
    for start, end in ((middle.rate - 0.01, low), (middle.rate + 0.01, high), (low.rate + 0.1, low), (1.0, high)):
        assert neuron.simulate(silent, start)[-1] == pytest.approx(end.rate, abs=1e-6)
    step = 1e-6
    for point in (low, middle, high):
        by_difference = (neuron.change(point.rate + step) - neuron.change(point.rate - step)) / (2 * step)
        assert point.slope == pytest.approx(by_difference, abs=1e-6)


@pytest.mark.parametrize("drive", [0.0, 0.1, 0.2])
def test_memory_weights_are_where_the_number_of_fixed_points_changes(drive):
    low, high = RateNeuron().memory_weights(drive)
    count = [len(RateNeuron(w).fixed_points(drive)) for w in (low - 1e-6, low + 1e-6, high - 1e-6, high + 1e-6)]
    assert count == [1, 3, 3, 1]


def test_memory_weights_of_the_default_neuron():
    low, high = RateNeuron().memory_weights()
    assert low == pytest.approx(0.8409, abs=1e-4) and high == pytest.approx(2.6389, abs=1e-4)
    assert RateNeuron().memory_weights(0.3) is None  # too much input: on at any weight, nothing to remember


def test_one_step_of_length_tau_is_a_recurrent_network_of_one_unit():
    neuron = RateNeuron(weight=1.3)
    drive = np.random.default_rng(0).normal(size=50)
    r = neuron.simulate(drive, time_step=neuron.tau)
    h = [0.0]
    for x in drive:
        h.append(1 / (1 + np.exp(-8 * (1.3 * h[-1] + x - 0.5))))
    np.testing.assert_allclose(r, h, atol=1e-12)


def test_rate_neuron_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="tau: expected a finite number above 0, given -20"):
        RateNeuron(tau=-20)
    with pytest.raises(ValueError, match="time_step: expected at most 20 ms"):
        RateNeuron(1.0).simulate(np.zeros(3), time_step=21)
    with pytest.raises(ValueError, match="time_step: expected at most 4 ms"):
        RateNeuron(-2.0).simulate(np.zeros(3), time_step=5)
    with pytest.raises(ValueError, match="gain"):
        RateNeuron(gain=0)
    with pytest.raises(ValueError, match="drive: expected finite"):
        RateNeuron().simulate([np.nan])
