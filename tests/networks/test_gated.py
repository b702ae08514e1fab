"""LSTM and GRU by their formulas, by the gradient check, as objects, and what they do in training."""

import copy
import pickle

import numpy as np
import pytest

from helpers.networks import (
    GRU,
    LSTM,
    Adam,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    MeanSquaredError,
    StateRecorder,
    check_gradients,
    processor,
    sample_sequence,
    train,
)
from helpers.networks.arrays import Workspace, time_first

KINDS = {
    "LSTM": LSTM,
    "GRU": GRU,
    "GRU, reset before": lambda *sizes, **named: GRU(*sizes, reset_after=False, **named),
}
kinds = pytest.mark.parametrize("kind", KINDS)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def problem(kind, seed, Loss=MeanSquaredError, steps="every", masked=False, sizes=None):
    """A random network with a random task, and a random initial state."""
    rng = np.random.default_rng(seed)
    B, T, I, H, O = sizes or rng.integers(1, [5, 19, 5, 6, 5])
    net = KINDS[kind](I, H, O)
    net.theta[...] = rng.normal(size=net.theta.size) / np.sqrt(H)
    x, h, c = rng.normal(size=(B, T, I)), rng.normal(size=(B, H)), rng.normal(size=(B, H))
    lead = (B, T) if steps == "every" else (B,)
    target = rng.integers(0, O, lead) if Loss is CategoricalCrossEntropy else rng.uniform(size=(*lead, O))
    mask = None
    if masked:
        mask = rng.random((B, T)) < 0.6
        mask[np.arange(B), rng.integers(0, T, B)] = True
    return net, x, target, Loss(steps=steps), mask, (h, c) if kind == "LSTM" else h


def gradients_of(net, x, target, loss, mask=None, state=None):
    y, record = net.forward(x, state, mask)
    return net.backward(record, loss(y, target, mask)[1])


# ---- the formulas --------------------------------------------------------------------------------------------


def lstm_step(net, x, h, c):
    a = x @ net.parameters["W_ih"] + h @ net.parameters["W_hh"] + net.parameters["b_h"]
    i, f, g, o = np.split(a, 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c = f * c + i * g
    return a, {"input": i, "forget": f, "candidate": g, "output": o}, o * np.tanh(c), c


def gru_step(net, x, h):
    W_z, W_r, W_h = np.split(net.parameters["W_ih"], 3, axis=1)
    U_z, U_r, U_h = np.split(net.parameters["W_hh"], 3, axis=1)
    b = net.parameters["b_h"] if net.reset_after else (net.parameters["b_h"], np.zeros(3 * net.hidden_size))
    (b_z, b_r, b_h), (b2_z, b2_r, b2_h) = np.split(b[0], 3), np.split(b[1], 3)
    a_z = x @ W_z + b_z + h @ U_z + b2_z
    a_r = x @ W_r + b_r + h @ U_r + b2_r
    z, r = sigmoid(a_z), sigmoid(a_r)
    a_h = x @ W_h + b_h + (r * (h @ U_h + b2_h) if net.reset_after else (r * h) @ U_h)
    g = np.tanh(a_h)
    gates = {"update": z, "reset": r, "candidate": g}
    return np.concatenate([a_z, a_r, a_h], axis=1), gates, z * h + (1 - z) * g


@kinds
def test_forward_is_the_formula(kind):
    B, T, I, H, O = 2, 5, 3, 4, 6
    net, x, _, _, _, state_0 = problem(kind, 0, sizes=(B, T, I, H, O))
    y, record = net.forward(x, state_0)
    state = state_0 if kind == "LSTM" else (state_0,)
    np.testing.assert_array_equal(record.h[:, 0], state[0])
    for t in range(T):
        a, gates, *state = (lstm_step if kind == "LSTM" else gru_step)(net, x[:, t], *state)
        np.testing.assert_allclose(record.a[:, t], a, rtol=0, atol=1e-13)
        assert list(record.gates) == list(gates) == list(net.gate_names)
        for name in gates:
            np.testing.assert_allclose(record.gates[name][:, t], gates[name], rtol=0, atol=1e-13)
        np.testing.assert_allclose(record.h[:, t + 1], state[0], rtol=0, atol=1e-13)
        if kind == "LSTM":
            np.testing.assert_allclose(record.c[:, t + 1], state[1], rtol=0, atol=1e-13)
        np.testing.assert_allclose(
            y[:, t], state[0] @ net.parameters["W_ho"] + net.parameters["b_o"], rtol=0, atol=1e-13
        )
    np.testing.assert_array_equal(record.h_last, record.h[:, -1])
    np.testing.assert_array_equal(record.states, record.h[:, 1:])
    assert all(gate.shape == (B, T, H) for gate in record.gates.values())
    assert record.a.shape == (B, T, len(record.gates) * H)
    if kind == "LSTM":
        np.testing.assert_array_equal(record.c[:, 0], state_0[1])
        np.testing.assert_array_equal(record.c_last, record.c[:, -1])
        assert record.c.shape == (B, T + 1, H)


def shapes(net):
    return {name: array.shape for name, array in net.parameters.items()}


def test_sizes_order_and_first_values_of_the_parameters():
    net = LSTM(3, 4, 2)
    assert shapes(net) == {"W_ih": (3, 16), "W_hh": (4, 16), "b_h": (16,), "W_ho": (4, 2), "b_o": (2,)}
    np.testing.assert_array_equal(net.parameters["b_h"], np.repeat([0, 1, 0, 0], 4))
    assert not LSTM(3, 4, 2, unit_forget_bias=False).parameters["b_h"].any()
    assert list(net.parameters) == ["W_ih", "W_hh", "b_h", "W_ho", "b_o"]
    net = GRU(3, 4, 2)
    assert shapes(net) == {"W_ih": (3, 12), "W_hh": (4, 12), "b_h": (2, 12), "W_ho": (4, 2), "b_o": (2,)}
    assert shapes(GRU(3, 4, 2, reset_after=False)) == shapes(net) | {"b_h": (12,)}
    np.testing.assert_allclose(net.parameters["W_hh"] @ net.parameters["W_hh"].T, np.eye(4), atol=1e-14)


# ---- gradients -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("masked", [False, True], ids=["all steps", "masked"])
@pytest.mark.parametrize("steps", ["every", "last"])
@pytest.mark.parametrize("Loss", [MeanSquaredError, BinaryCrossEntropy, CategoricalCrossEntropy])
@kinds
def test_gradients_of_random_networks(kind, Loss, steps, masked):
    checked = 0
    for seed in range(5):
        net, x, target, loss, mask, state = problem(kind, seed, Loss, steps, masked)
        if Loss is CategoricalCrossEntropy and net.output_size == 1:
            continue  # with one class every gradient is zero
        report = check_gradients(net, x, target, loss, mask=mask, h_0=state)
        for name in net.parameters:
            assert report.errors[name]["central differences"] <= 1e-7, (seed, name)
            assert report.errors[name]["complex step"] <= 1e-12, (seed, name)
        checked += 1
    assert checked >= 3


@pytest.mark.parametrize("masked", [False, True], ids=["all steps", "masked"])
@kinds
def test_gradients_of_inputs_and_initial_state(kind, masked):
    """dJ/dx_t, dJ/dh_0 and dJ/dc_0, by the complex step."""
    net, x, target, loss, mask, state = problem(kind, 3, masked=masked, sizes=(3, 11, 2, 4, 3))
    gradients = gradients_of(net, x, target, loss, mask, state)
    state = state if kind == "LSTM" else (state,)
    complex_net = net.astype("complex128")
    arrays = [x, *state]
    given = [gradients.x, gradients.h[:, 0], *([gradients.c[:, 0]] if kind == "LSTM" else [])]
    for k, array in enumerate(arrays):
        measured = np.empty(array.shape)
        for place in np.ndindex(array.shape):
            nudged = [a.astype(complex) for a in arrays]
            nudged[k][place] += 1e-30j
            y, _ = complex_net.forward(nudged[0], tuple(nudged[1:]) if kind == "LSTM" else nudged[1], mask)
            measured[place] = loss(y, target, mask)[0].imag / 1e-30
        assert np.linalg.norm(given[k] - measured) <= 1e-12 * np.linalg.norm(measured), k


@pytest.mark.parametrize("masked", [False, True], ids=["all steps", "masked"])
@kinds
def test_gradients_along_time_are_those_of_the_states(kind, masked):
    """gradients.h[:, t] and .c[:, t] are those of a network which starts there."""
    net, x, target, loss, mask, state = problem(kind, 3, masked=masked, sizes=(2, 19, 2, 3, 2))
    y, record = net.forward(x, state, mask)
    dy = loss(y, target, mask)[1]
    gradients = net.backward(record, dy)
    for t in range(1, 18):
        there = (record.h[:, t], record.c[:, t]) if kind == "LSTM" else record.h[:, t]
        if mask is not None and not mask[:, t:].any(axis=1).all():
            continue
        _, later = net.forward(x[:, t:], there, None if mask is None else mask[:, t:])
        rest = net.backward(later, dy[:, t:])
        from_there = rest.h[:, 0] + dy[:, t - 1] @ net.parameters["W_ho"].T
        np.testing.assert_allclose(gradients.h[:, t], from_there, rtol=0, atol=1e-14)
        if kind == "LSTM" and mask is None:  # dJ/dc_t also holds the way through h_t
            o, tanh_c = record.gates["output"][:, t - 1], np.tanh(record.c[:, t])
            np.testing.assert_allclose(
                gradients.c[:, t], rest.c[:, 0] + from_there * o * (1 - tanh_c**2), rtol=0, atol=1e-14
            )
    assert t == 17


@kinds
@pytest.mark.parametrize("masked", [False, True], ids=["all steps", "masked"])
def test_a_workspace_changes_no_number(kind, masked):
    net, x, target, loss, mask, _ = problem(kind, 7, masked=masked, sizes=(3, 20, 2, 5, 2))
    expected = gradients_of(net, x, target, loss, mask).theta
    workspace = Workspace()
    mask = None if mask is None else time_first(mask)
    for _ in range(2):
        record = net._forward(time_first(x), None, mask, workspace)
        _, dy = loss.value_and_slope(record.along_time[3], time_first(target), mask, workspace)
        np.testing.assert_array_equal(net._backward(record, dy, workspace).theta, expected)


@kinds
def test_float32_gradients_are_close_to_float64(kind):
    net, x, target, loss, mask, state = problem(kind, 5, masked=True, sizes=(3, 12, 2, 5, 2))
    wide, narrow = (gradients_of(n, x, target, loss, mask, state) for n in (net, net.astype("float32")))
    arrays = [narrow.theta, narrow.h, narrow.a, narrow.x, *([narrow.c] if kind == "LSTM" else [])]
    assert {array.dtype for array in arrays} == {np.dtype("float32")}
    assert np.linalg.norm(narrow.theta - wide.theta) <= 1e-5 * np.linalg.norm(wide.theta) > 0


@kinds
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("gain", [0.1, 1.0])
def test_the_floor_under_vanishing_gradients_changes_nothing(kind, dtype, gain):
    net = KINDS[kind](2, 12, 1, seed=1, dtype=dtype)
    net.parameters["W_hh"] *= gain
    net.parameters["b_h"] = np.zeros_like(net.parameters["b_h"]) - 1
    T = 600 if dtype == "float32" else 1500
    y, record = net.forward(np.random.default_rng(0).normal(size=(3, T, 2)))
    dy = np.zeros_like(y)
    dy[:, -1] = 1
    with_floor, floors = net.backward(record, dy), dict(processor.FLOOR)
    try:
        processor.FLOOR.update(dict.fromkeys(floors, 0.0))
        without = net.backward(record, dy)
    finally:
        processor.FLOOR.update(floors)
    for name in without:
        ours, theirs = with_floor[name].astype(np.float64), without[name].astype(np.float64)
        assert np.linalg.norm(ours - theirs) <= 1e-12 * np.linalg.norm(theirs), name
    tiny = np.finfo(dtype).tiny

    def denormal(array):
        return np.count_nonzero((array != 0) & (np.abs(array) < tiny))

    assert denormal(without.h) > 100
    assert denormal(with_floor.h) <= denormal(without.h) / 10
    assert not with_floor.h[:, 0].any()


# ---- as objects ----------------------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_streaming_one_step_at_a_time(kind, dtype):
    net = KINDS[kind](3, 20, 2, seed=1, dtype=dtype)
    x = np.random.default_rng(0).normal(size=(4, 30, 3))
    y, record = net.forward(x)
    state, near = None, {"rtol": 0, "atol": 1e-5 if dtype == "float32" else 1e-13}
    for t in range(30):
        y_t, state = net.step(x[:, t], state)
        np.testing.assert_allclose(y_t, y[:, t], **near)
    for ours, last in zip(*((s,) if kind != "LSTM" else s for s in (state, record.state_last)), strict=True):
        np.testing.assert_allclose(ours, last, **near)


@kinds
def test_a_masked_step_repeats_the_state(kind):
    net, x, _, _, _, state = problem(kind, 1, sizes=(2, 6, 3, 4, 2))
    mask = np.array([[False, True, True, False, True, False], [True] * 6])
    _, record = net.forward(x, state, mask)
    _, whole = net.forward(x, state)
    _, short = net.forward(x[:1, [1, 2, 4]], tuple(s[:1] for s in state) if kind == "LSTM" else state[:1])
    for name in ("h", "c") if kind == "LSTM" else ("h",):
        kept = getattr(record, name)
        np.testing.assert_array_equal(kept[0, 1], kept[0, 0])
        np.testing.assert_array_equal(kept[0, 4], kept[0, 3])
        np.testing.assert_array_equal(kept[0, 6], kept[0, 5])
        np.testing.assert_allclose(kept[0, -1], getattr(short, name)[0, -1], rtol=0, atol=1e-15)
        np.testing.assert_allclose(kept[1], getattr(whole, name)[1], rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    "duplicate",
    [lambda n: n.copy(), lambda n: n.astype("float64"), copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))],
    ids=["copy", "astype", "deepcopy", "pickle"],
)
@kinds
def test_copies_are_independent(kind, duplicate):
    net, x, _, _, _, state = problem(kind, 2)
    y, before = net.forward(x, state)[0], net.theta.copy()
    other = duplicate(net)
    assert repr(other) == repr(net)
    np.testing.assert_array_equal(other.forward(x, state)[0], y)
    other.parameters["W_hh"][...] = 7
    np.testing.assert_array_equal(net.theta, before)


@kinds
def test_same_seed_same_network(kind):
    a, b, c = (KINDS[kind](3, 4, 2, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(a.theta, b.theta)
    assert not np.array_equal(a.theta, c.theta)


def test_written():
    assert repr(LSTM(3, 4, 2)) == "LSTM(input_size=3, hidden_size=4, output_size=2, dtype='float64')"
    assert repr(GRU(3, 4, 2, dtype="float32")).endswith("output_size=2, reset_after=True, dtype='float32')")


@kinds
def test_records_do_not_share_memory(kind):
    net, x, _, _, _, _ = problem(kind, 2)
    y, first = net.forward(x)
    kept = [a.copy() for a in (first.h, first.a, y, *first.gates.values())]
    net.forward(2 * x)
    net.backward(first, np.ones_like(y))
    for now, before in zip((first.h, first.a, first.y, *first.gates.values()), kept, strict=True):
        np.testing.assert_array_equal(now, before)


@kinds
def test_training_learns_and_records(kind):
    """Say at the end which of two symbols came first, with 12 steps of noise between and padding behind."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 14, 2))
    first = rng.integers(0, 2, 200)
    x[:, 0] = np.eye(2)[first] * 3
    mask = np.arange(14) < rng.integers(8, 15, (200, 1))
    net = KINDS[kind](2, 12, 2, seed=1, dtype="float32")
    recorder = StateRecorder(x[0], epochs=(0, 15))
    loss = CategoricalCrossEntropy("last")
    history = train(
        net, x, first, loss, Adam(0.02), epochs=15, mask=mask, validation=(x, first, mask), recorders=[recorder],
        progress=False,
    )  # fmt: skip
    assert history.stopped is None and history.loss[0] > 0.3 and history.loss[-1] < 0.05
    assert recorder.states.shape == (2, 14, 12) and recorder.outputs.shape == (2, 14, 2)
    np.testing.assert_allclose(recorder.states[1], net.forward(x[:1])[1].h[0, 1:], rtol=0, atol=1e-6)
    assert np.mean(net.forward(x, mask=mask)[0][:, -1].argmax(axis=1) == first) > 0.97


@kinds
def test_sampling_carries_the_whole_state(kind):
    changes = 0
    for seed in range(8):
        net = KINDS[kind](3, 5, 3)
        net.theta[...] = np.random.default_rng(seed).normal(size=net.theta.size) * 2
        start, one_hot = [0, 2, 1], np.eye(3)
        sampled = sample_sequence(net, start, 12, temperature=0)
        for n in range(12):  # the most likely one, read from the beginning each time
            y, _ = net.forward(one_hot[None, start + sampled[:n]])
            assert sampled[n] == y[0, -1].argmax()
        changes += len(set(sampled)) - 1
    assert changes > 0
