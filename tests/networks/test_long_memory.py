"""Gradients by lag, the parallel scan, thinned networks, distillation, attention."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.networks import (
    LSTM,
    Adam,
    AttentionReadout,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    MeanSquaredError,
    SimpleRNN,
    SoftCrossEntropy,
    StateRecorder,
    check_gradients,
    gradient_by_lag,
    lag_bound,
    linear_recurrence,
    linear_scan,
    scan_passes,
    soft_targets,
    spectral_radius,
    thinned,
    train,
)

rng = np.random.default_rng


# ---- gradients by lag ------------------------------------------------------------------------------------------------


@given(st.sampled_from(["tanh", "relu", "sigmoid", "linear"]), st.floats(0.3, 2.0), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_no_gradient_is_above_the_bound(activation, gain, seed):
    W = gain * rng(seed).normal(size=(6, 6)) / np.sqrt(6)
    net = SimpleRNN(2, 6, 1, activation, recurrent_initialiser=W, output_initialiser=np.ones((6, 1)), seed=seed)
    net.parameters["b_h"] = np.full(6, 0.5)  # keeps some units of relu awake at the last step
    left = gradient_by_lag(net, rng(seed).normal(size=(3, 15, 2)))
    assert left.shape == (3, 16) and np.array_equal(left[:, 0], np.ones(3))
    assert (left <= lag_bound(net, np.arange(16)) * (1 + 1e-9)).all()


def test_a_linear_network_reaches_the_bound_and_follows_powers_of_its_matrix():
    net = SimpleRNN(1, 5, 1, "linear", recurrent_initialiser="orthogonal", seed=2)
    assert np.allclose(gradient_by_lag(net, np.ones((1, 30, 1))), 1, atol=1e-12)
    W = rng(3).normal(size=(5, 5))
    net = SimpleRNN(1, 5, 1, "linear", recurrent_initialiser=W, seed=2)
    g = net.parameters["W_ho"][:, 0]
    expected = [np.linalg.norm(np.linalg.matrix_power(W, k) @ g) / np.linalg.norm(g) for k in range(7)]
    assert np.allclose(gradient_by_lag(net, np.ones((1, 6, 1)))[0], expected, rtol=1e-10)


def test_an_lstm_keeps_the_gradient_of_its_cells_with_an_open_forget_gate():
    x = rng(0).random((4, 40, 2))
    left = {}
    for bias in (-2, 3):
        net = LSTM(2, 8, 1, seed=0)
        net.parameters["b_h"][8:16] = bias
        left[bias] = np.median(gradient_by_lag(net, x), axis=0)[-1]
    assert left[-2] < 1e-15 < 0.05 < left[3]


def test_lags_complain_in_words():
    with pytest.raises(ValueError, match="net: expected output weights"):
        gradient_by_lag(SimpleRNN(1, 3, 1, output_initialiser="zeros"), np.ones((1, 4, 1)))
    with pytest.raises(ValueError, match="net: expected a SimpleRNN"):
        lag_bound(LSTM(1, 3, 1), 2)


def test_spectral_radius_is_that_of_a_rotation_times_its_gain():
    assert spectral_radius(1.5 * np.array([[0.0, -1.0], [1.0, 0.0]])) == pytest.approx(1.5)


# ---- scan ------------------------------------------------------------------------------------------------------------


@given(st.integers(1, 70), st.integers(0, 3), st.integers(0, 99), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_scan_equals_the_loop(steps, width, seed, with_start):
    shape = (steps, width) if width else (steps,)
    a, b = rng(seed).uniform(-1.1, 1.1, shape), rng(seed + 1).normal(size=shape)
    h_0 = rng(seed + 2).normal(size=shape[1:]) if with_start else None
    before = a.copy(), b.copy()
    loop, scan = linear_recurrence(a, b, h_0), linear_scan(a, b, h_0)
    h = np.zeros(shape[1:]) if h_0 is None else h_0
    for t in range(steps):
        h = a[t] * h + b[t]
        assert np.allclose(loop[t], h, rtol=1e-14, atol=1e-14)
    assert np.abs(scan - loop).max() <= 1e-11 * (1 + np.abs(loop).max())
    assert np.array_equal(a, before[0]) and np.array_equal(b, before[1])


def test_passes_are_the_logarithm_rounded_up():
    assert [scan_passes(n) for n in (1, 2, 3, 4, 5, 8, 9, 16, 10_000)] == [0, 1, 2, 2, 3, 3, 4, 4, 14]
    with pytest.raises(ValueError, match="steps: expected a whole number of at least 1, given 0"):
        scan_passes(0)


@pytest.mark.parametrize("run", [linear_recurrence, linear_scan])
def test_recurrences_complain_in_words(run):
    with pytest.raises(ValueError, match=r"a: expected shape \(3, 2\)"):
        run(np.ones((2, 2)), np.ones((3, 2)))
    with pytest.raises(ValueError, match="h_0: expected shape"):
        run(np.ones((3, 2)), np.ones((3, 2)), np.ones(3))
    with pytest.raises(ValueError, match="b: expected"):
        run(np.ones(0), np.ones(0))
    with pytest.raises(ValueError, match="a: expected finite numbers"):
        run(np.array([1.0, np.nan]), np.ones(2))


# ---- regularisation --------------------------------------------------------------------------------------------------


def test_thinning_drops_rows_and_keeps_the_mean():
    net = SimpleRNN(3, 400, 2, seed=0)
    before = net.theta.copy()
    thin, factors = thinned(net, {"W_hh": 0.25}, rng(0))
    rows = factors["W_hh"][:, 0]
    assert set(np.round(rows, 12)) == {0.0, round(1 / 0.75, 12)} and abs((rows == 0).mean() - 0.25) < 0.08
    assert np.array_equal(thin.parameters["W_hh"], net.parameters["W_hh"] * factors["W_hh"])
    assert np.array_equal(thin.parameters["W_ih"], net.parameters["W_ih"]) and np.array_equal(net.theta, before)
    with pytest.raises(ValueError, match="drop: expected one of 'W_ih', 'W_hh', 'W_ho', given 'W_xx'"):
        thinned(net, {"W_xx": 0.5}, rng(0))
    with pytest.raises(ValueError, match=r"drop\['W_hh'\]: expected .* below 1, given 1"):
        thinned(net, {"W_hh": 1.0}, rng(0))


def test_the_gradient_of_a_thinned_network_reaches_the_full_one_by_its_factors():
    net, x, target = SimpleRNN(2, 4, 1, seed=1), rng(0).normal(size=(3, 5, 2)), rng(1).normal(size=(3, 5, 1))
    loss, drop = MeanSquaredError(), {"W_ih": 0.4, "W_hh": 0.4, "W_ho": 0.4}
    thin, factors = thinned(net, drop, rng(5))
    y, record = thin.forward(x)
    given_by = thin.backward(record, loss(y, target)[1])
    for name in drop:
        for place in np.ndindex(net.parameters[name].shape):
            J = []
            for step in (1e-6, -1e-6):
                moved = net.copy()
                moved.parameters[name][place] += step
                J.append(loss(thinned(moved, drop, rng(5))[0].forward(x)[0], target)[0])
            assert (given_by[name] * factors[name])[place] == pytest.approx((J[0] - J[1]) / 2e-6, abs=1e-8)


def small_task():
    x = rng(0).normal(size=(24, 6, 2))
    return x, (x[:, 0, :1] > 0).astype(float)


def test_early_stopping_goes_back_to_the_best_epoch():
    x, target = small_task()
    noise = rng(1).integers(0, 2, (12, 1)).astype(float)  # nothing to be learned: it must get worse
    net, loss = SimpleRNN(2, 12, 1, seed=0), BinaryCrossEntropy("last")
    optimiser, recorder = Adam(0.02), StateRecorder(x[0])
    history = train(net, x[:12], noise, loss, optimiser, epochs=60, validation=(x[12:], 1 - noise), patience=3,
                    recorders=[recorder], progress=False)  # fmt: skip
    best = int(np.argmin(history.validation_loss)) + 1
    assert history.kept_epoch == best and len(history.loss) == best + 3 < 60 and history.stopped is None
    assert recorder.epochs == list(range(best + 4)), "recorders saw the epochs that were given up, too"
    assert f"{best + 3} of 60 epochs" in repr(history) and f"kept epoch {best}" in repr(history)
    assert loss(net.forward(x[12:])[0], 1 - noise)[0] == pytest.approx(history.validation_loss[best - 1])
    assert optimiser.memory() == {}, "its moments belong to parameters that are gone"
    history = train(net, x[:12], noise, loss, optimiser, epochs=best, validation=(x[:12], noise), patience=9,
                    progress=False)  # fmt: skip
    assert history.kept_epoch == len(history.loss) == best, "the last epoch was the best"
    assert optimiser.memory()["n"] == best, "so its moments are still those of the network"


def test_weight_decay_shortens_the_parameters_and_the_same_seed_gives_the_same():
    x, target = small_task()
    lengths, nets = [], []
    for decay in (0.0, 5.0, 5.0):
        net = SimpleRNN(2, 12, 1, seed=0)
        train(net, x, target, BinaryCrossEntropy("last"), Adam(0.003, weight_decay=decay), drop={"W_hh": 0.3},
              epochs=20, progress=False)  # fmt: skip
        lengths.append(np.linalg.norm(net.theta))
        nets.append(net)
    assert lengths[1] < 0.9 * lengths[0] and np.array_equal(nets[1].theta, nets[2].theta)


def test_training_complains_before_it_changes_anything():
    x, target = small_task()
    net = SimpleRNN(2, 4, 1)
    before = net.theta.copy()
    for words, options in (
        ("patience: expected", {"patience": 0}),
        ("validation: expected .* patience, given None", {"patience": 2, "validation": None}),
        ("drop: expected one of", {"drop": {"b_h": 0.5}}),
        ("validation x: expected", {"validation": (x[:, :, :1], target)}),
    ):
        arguments = {"validation": (x, target)} | options
        with pytest.raises(ValueError, match=words):
            train(net, x, target, BinaryCrossEntropy("last"), **arguments)
    assert np.array_equal(net.theta, before)


# ---- distillation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", ["every", "last"])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_soft_loss_has_the_right_gradient(steps, temperature):
    net, x = SimpleRNN(2, 4, 3, seed=0), rng(0).normal(size=(3, 5, 2))
    teacher = rng(1).normal(size=(3, 5, 3) if steps == "every" else (3, 3))
    check_gradients(net, x, soft_targets(teacher, temperature), SoftCrossEntropy(temperature, steps))


def test_with_sure_targets_and_temperature_one_it_is_the_usual_cross_entropy():
    y, classes = rng(0).normal(size=(4, 6, 3)), rng(1).integers(0, 3, (4, 6))
    mask = rng(2).random((4, 6)) < 0.7
    mask[:, 0] = True
    soft, dy_soft = SoftCrossEntropy()(y, np.eye(3)[classes], mask)
    hard, dy_hard = CategoricalCrossEntropy()(y, classes, mask)
    assert soft == pytest.approx(hard, rel=1e-13) and np.allclose(dy_soft, dy_hard, atol=1e-15)


def test_soft_targets_are_softmax_and_wrong_targets_are_named():
    assert np.allclose(soft_targets([[2.0, 0.0]], 2.0), [[np.e / (np.e + 1), 1 / (np.e + 1)]])
    assert np.isfinite(soft_targets([[1000.0, 0.0]])).all()
    with pytest.raises(ValueError, match="target: expected probabilities that add up to 1, given a sum of 1.5"):
        SoftCrossEntropy()(np.zeros((1, 1, 2)), np.array([[[1.0, 0.5]]]))
    with pytest.raises(ValueError, match="temperature"):
        SoftCrossEntropy(0)
    with pytest.raises(ValueError, match="temperature"):
        soft_targets([[1.0]], -1)


# ---- attention -------------------------------------------------------------------------------------------------------


def test_attention_passes_the_gradient_check():
    readout = AttentionReadout(5, 2, seed=1)
    readout.parameters["q"] = rng(0).normal(size=5)
    x = rng(1).normal(size=(3, 4, 5))
    check_gradients(readout, x, rng(2).normal(size=(3, 2)), MeanSquaredError("last"))


def test_attention_weighs_by_softmax_of_scaled_products():
    readout = AttentionReadout(4, 3, seed=0)
    states = rng(0).normal(size=(2, 6, 4))
    y, record = readout.forward(states)
    assert np.allclose(record.weights, 1 / 6) and np.allclose(record.read, states.mean(axis=1))
    readout.parameters["q"] = rng(1).normal(size=4)
    mask = np.array([[True] * 6, [True] * 3 + [False] * 3])
    y, record = readout.forward(states, mask=mask)
    for s in range(2):
        real = states[s, mask[s]]
        e = np.exp(real @ readout.parameters["q"] / 2)
        assert np.allclose(record.weights[s, mask[s]], e / e.sum()) and not record.weights[s, ~mask[s]].any()
        assert np.allclose(y[s, 0], e @ real / e.sum() @ readout.parameters["W_ho"])


def test_attention_gives_the_gradient_of_its_states():
    readout, loss = AttentionReadout(3, 1, seed=0), MeanSquaredError("last")
    readout.parameters["q"] = [1.0, -2.0, 0.5]
    states, target = rng(0).normal(size=(2, 4, 3)), rng(1).normal(size=(2, 1))
    y, record = readout.forward(states)
    given_by = readout.backward(record, loss(y, target)[1]).x
    for place in np.ndindex(states.shape):
        up, down = states.copy(), states.copy()
        up[place] += 1e-6
        down[place] -= 1e-6
        slope = (loss(readout.forward(up)[0], target)[0] - loss(readout.forward(down)[0], target)[0]) / 2e-6
        assert given_by[place] == pytest.approx(slope, abs=1e-8)


def test_attention_complains_in_words():
    readout = AttentionReadout(3, 1)
    with pytest.raises(ValueError, match="x: expected shape"):
        readout.forward(np.ones((2, 4, 2)))
    with pytest.raises(ValueError, match="h_0: expected None"):
        readout.forward(np.ones((2, 4, 3)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="record: expected the record"):
        readout.backward(None, np.ones((2, 1, 1)))
