"""`predict`, padding that may hold anything, records that no longer fit, rows in `step`, numbers beyond all limits."""

import pickle
import warnings

import numpy as np
import pytest

from helpers.networks import (
    GRU,
    LSTM,
    AttentionReadout,
    Bidirectional,
    CausalCNN,
    FeedForward,
    MeanSquaredError,
    SelfAttention,
    SimpleRNN,
    Stacked,
    StateRecorder,
    TreeNetwork,
    recurrent,
    train,
)
from helpers.networks.network import NotFinite

B, T, I, H, O = 5, 37, 2, 6, 3
RECURRENT = {
    "SimpleRNN": lambda **dtype: SimpleRNN(I, H, O, **dtype),
    "relu": lambda **dtype: SimpleRNN(I, H, O, "relu", **dtype),
    "LSTM": lambda **dtype: LSTM(I, H, O, **dtype),
    "GRU": lambda **dtype: GRU(I, H, O, **dtype),
    "GRU before": lambda **dtype: GRU(I, H, O, reset_after=False, **dtype),
    "Stacked": lambda **dtype: Stacked(I, (H, 4), O, **dtype),
}
OTHERS = {
    "FeedForward": lambda **dtype: FeedForward((I, H, O), **dtype),
    "CausalCNN": lambda **dtype: CausalCNN(I, H, O, dilations=(1, 2), **dtype),
    "SelfAttention": lambda **dtype: SelfAttention(I, 4, H, O, **dtype),
    "AttentionReadout": lambda **dtype: AttentionReadout(I, O, **dtype),
    "Bidirectional": lambda **dtype: Bidirectional(I, H, O, GRU, **dtype),
    "TreeNetwork": lambda **dtype: TreeNetwork(I, H, O, **dtype),
}
ALL = RECURRENT | OTHERS
every_network = pytest.mark.parametrize("name", ALL)
every_recurrent = pytest.mark.parametrize("name", RECURRENT)


def problem(name, dtype="float64", seed=0):
    net, rng = ALL[name](dtype=dtype), np.random.default_rng(seed)
    net.theta[...] = 0.4 * rng.normal(size=net.theta.size)
    x = rng.normal(size=(B, T, I))
    if name == "TreeNetwork":  # each node has the one before as its left child
        x = np.concatenate([x, np.ones((B, T, 1)), np.zeros((B, T, 1))], axis=2)
        x[:, 0, -2] = 0
    mask = np.arange(T) < rng.integers(1, T + 1, (B, 1))
    mask[0] = True
    return net, x, mask if net.takes_mask else None


def same(given, wanted, dtype="float64"):
    np.testing.assert_allclose(given, wanted, rtol=0, atol=1e-12 if dtype == "float64" else 2e-5)
    assert given.shape == wanted.shape and given.dtype == wanted.dtype


@every_network
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_predict_is_forward_without_the_record(name, dtype):
    net, x, mask = problem(name, dtype)
    for m in (None, mask):
        y, _ = net.forward(x, mask=m)
        same(net.predict(x, mask=m), y, dtype)
        if m is None or net.keeps_state:
            same(net.predict(x, mask=m, steps="last"), y[:, -1], dtype)


@every_recurrent
def test_blocks_of_steps_from_a_first_state(name, monkeypatch):
    net, x, mask = problem(name)
    _, record = net.forward(x[::-1])
    state = record.state_last
    y, _ = net.forward(x, state, mask)
    for shortest in (1, 4, 10, T, 100):
        monkeypatch.setattr(recurrent, "CACHE", 1)
        monkeypatch.setattr(recurrent, "SHORTEST", shortest)
        same(net.predict(x, state, mask), y)
        same(net.predict(x, state, mask, "last"), y[:, -1])


def test_samples_without_steps():
    net, x = FeedForward((I, H, O)), np.ones((4, I))
    for steps in ("every", "last"):
        same(net.predict(x, steps=steps), net.forward(x)[0])


@every_network
def test_what_predict_returns_is_the_callers_own(name):
    net, x, _ = problem(name)
    first = net.predict(x)
    copy = first.copy()
    again = net.predict(0 * x if name != "TreeNetwork" else x)
    np.testing.assert_array_equal(first, copy)
    again[...] = 9
    first[...] = 7
    same(net.predict(x), copy)


@every_network
def test_predict_refuses_what_does_not_fit(name):
    net, x, mask = problem(name)
    with pytest.raises(ValueError, match="steps: expected one of 'every', 'last', given 'all'"):
        net.predict(x, steps="all")
    with pytest.raises(ValueError, match="x: expected"):
        net.predict(x[:, :, :1])
    with pytest.raises(ValueError, match="h_0: expected"):
        net.predict(x, "zeros")
    with pytest.raises(ValueError, match="mask: expected"):
        net.predict(x, mask=np.ones((B, T + 1), bool))
    if mask is not None and not net.keeps_state:
        with pytest.raises(ValueError, match="mask: expected None for the last step: without a state, nothing is left"):
            net.predict(x, mask=mask, steps="last")


@pytest.mark.parametrize("name", [name for name in ALL if ALL[name]().takes_mask])
@pytest.mark.parametrize("filling", [np.nan, np.inf, 1e30, -1.0])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_padding_may_hold_anything(name, filling, dtype):
    net, x, mask = problem(name, dtype)
    x[~mask] = 0
    filled = x.copy()
    filled[~mask] = filling
    (y, record), (y_filled, record_filled) = net.forward(x, mask=mask), net.forward(filled, mask=mask)
    np.testing.assert_array_equal(y_filled, y)
    np.testing.assert_array_equal(net.predict(filled, mask=mask), net.predict(x, mask=mask))
    gradients = net.backward(record, np.ones_like(y)), net.backward(record_filled, np.ones_like(y))
    np.testing.assert_array_equal(gradients[1].theta, gradients[0].theta)
    with pytest.raises(ValueError, match="x: expected"):
        net.forward(np.full_like(x, np.nan), mask=mask)


# ---- records and the parameters they belong to -------------------------------------------------------------------


@every_network
def test_a_record_from_before_the_parameters_changed_is_refused(name):
    net, x, _ = problem(name)
    y, record = net.forward(x)
    dy = np.ones_like(y)
    before = net.backward(record, dy).theta.copy()
    stored, theta = pickle.loads(pickle.dumps(record)), net.theta.copy()
    changes = (
        lambda: net.theta.__isub__(0.1),
        lambda: net.parameters["W_ho" if "W_ho" in net.parameters else "W_2"].__setitem__((0, 0), 9),
        lambda: net.parameters.update({list(net.parameters)[0]: 0 * list(net.parameters.values())[0]}),
    )
    for change in changes:
        change()
        for old in (record, stored):
            with pytest.raises(ValueError, match="record: expected one with the parameters as they are now"):
                net.backward(old, dy)
        net.theta[...] = theta
        np.testing.assert_array_equal(net.backward(record, dy).theta, before)
    np.testing.assert_array_equal(net.copy().backward(stored, dy).theta, before)


def test_a_record_of_another_activation_is_refused():
    x = np.ones((2, 3, 1))
    tanh, relu = SimpleRNN(1, 4, 1, "tanh"), SimpleRNN(1, 4, 1, "relu")
    y, record = tanh.forward(x)
    with pytest.raises(ValueError, match="record: expected one of SimpleRNN.*'relu'.*, given one of SimpleRNN.*'tanh'"):
        relu.backward(record, y)


# ---- beyond all limits -------------------------------------------------------------------------------------------


def exploding(dtype):
    return SimpleRNN(1, 3, 1, "relu", input_initialiser=np.ones((1, 3)), recurrent_initialiser=3 * np.eye(3),
                     output_initialiser=np.ones((3, 1)), dtype=dtype)  # fmt: skip


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_grows_beyond_all_limits_is_said_with_the_step(dtype):
    net, x = exploding(dtype), np.zeros((2, 800, 1))
    x[1, 10] = 1
    # from step 11 on the state of each unit is 3ᵏ, and the output three times that
    first = 11 + int(np.floor((np.log(float(np.finfo(dtype).max)) - np.log(3)) / np.log(3))) + 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for call in (net.forward, net.predict):
            with pytest.raises(NotFinite, match=f"not finite from step {first} of 800 on: .* {dtype} can hold"):
                call(x)
            call(x[:, : first - 1])
        _, record = net.forward(x[:, : first - 1])
        with pytest.raises(NotFinite, match="the outputs are not finite"):
            net.step(np.zeros((2, 1)), record.state_last)


def test_a_probe_that_overflows_is_named_before_the_training():
    net = exploding("float32")
    before, recorder = net.theta.copy(), StateRecorder(np.ones((300, 1)))
    with pytest.raises(NotFinite, match="not finite from step"):
        train(net, np.zeros((2, 5, 1)), np.zeros((2, 5, 1)), MeanSquaredError(), recorders=[recorder], progress=False)
    np.testing.assert_array_equal(net.theta, before)


# ---- one row at a time -------------------------------------------------------------------------------------------


@every_recurrent
def test_step_takes_rows_and_gives_rows(name):
    net, x, _ = problem(name)
    y, record = net.forward(x)
    state = row_state = None
    for t in range(T):
        y_t, state = net.step(x[:, t], state)
        row, row_state = net.step(x[2, t], row_state)
        same(y_t, y[:, t])
        same(row, y[2, t])
    flat = recurrent.each(lambda array: array[2], record.state_last)
    assert str(recurrent.each(np.shape, row_state)) == str(recurrent.each(np.shape, flat))
    with pytest.raises(ValueError, match="x_t: expected"):
        net.step(np.zeros(I + 1))
    with pytest.raises(ValueError, match="h"):
        net.step(np.zeros(I), state)


def test_self_attention_takes_rows_and_gives_rows():
    net, x, _ = problem("SelfAttention")
    y, cache = net.forward(x)[0], None
    for t in range(T):
        row, cache = net.step(x[2, t], cache)
        same(row, y[2, t])
    assert [part.shape for part in cache] == [(T, 4), (T, 4)]
