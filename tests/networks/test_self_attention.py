"""Self-attention: its formula, its gradients, equal to Keras, one step at a time, what it costs; trains."""

import numpy as np
import pytest

from helpers.networks import (
    BinaryCrossEntropy,
    MeanSquaredError,
    SelfAttention,
    check_gradients,
    train,
)


def problem(seed, activation="tanh"):
    rng = np.random.default_rng(seed)
    B, T, I, D, H, O = rng.integers(1, [4, 8, 5, 5, 6, 4])
    net = SelfAttention(I, D, H, O, activation, seed=seed)
    net.theta[...] = rng.normal(size=net.theta.size)
    return net, rng.normal(size=(B, T, I)), rng.normal(size=(B, T, O))


def test_the_formula_step_by_step():
    net, x, _ = problem(1)
    W_q, W_k, W_v, W_h, b_h, W_ho, b_o = net.parameters.values()
    y, record = net.forward(x)
    for b in range(x.shape[0]):
        for t in range(x.shape[1]):
            scores = np.array([x[b, t] @ W_q @ (x[b, s] @ W_k) for s in range(t + 1)]) / np.sqrt(net.key_size)
            weights = np.exp(scores) / np.exp(scores).sum()
            read = sum(weights[s] * (x[b, s] @ W_v) for s in range(t + 1))
            np.testing.assert_allclose(record.weights[b, t, : t + 1], weights, rtol=1e-12)
            assert not record.weights[b, t, t + 1 :].any()
            np.testing.assert_allclose(y[b, t], np.tanh(read @ W_h + b_h) @ W_ho + b_o, rtol=0, atol=1e-13)


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
def test_gradients(activation):
    for seed in range(6):
        net, x, target = problem(seed, activation)
        check_gradients(net, x, target, MeanSquaredError())
        check_gradients(net, x, target[:, -1], MeanSquaredError("last"))


def test_gradients_of_the_inputs():
    net, x, target = problem(2)
    y, record = net.forward(x)
    given, wide = net.backward(record, MeanSquaredError()(y, target)[1]).x, net.astype("complex128")
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape, complex)
        nudge[place] = 1e-30j
        slope = MeanSquaredError()(wide.forward(x + nudge)[0], target)[0].imag / 1e-30
        assert given[place] == pytest.approx(slope, rel=1e-9, abs=1e-13)


def test_equal_to_keras(keras):
    net, x, _ = problem(4)
    W_q, W_k, W_v, *_ = net.parameters.values()
    layer = keras.layers.Attention(dtype="float64")
    q = x @ W_q / np.sqrt(net.key_size)  # Keras' layer does not divide by the root itself
    read = layer([q, x @ W_v, x @ W_k], use_causal_mask=True)
    assert np.abs(net.forward(x)[1].read - np.asarray(read)).max() < 1e-10


def test_step_by_step_is_the_same_and_the_cache_grows():
    net, x, _ = problem(3)
    y, _ = net.forward(x)
    cache = None
    for t in range(x.shape[1]):
        y_t, cache = net.step(x[:, t], cache)
        np.testing.assert_allclose(y_t, y[:, t], rtol=0, atol=1e-13)
        assert sum(part.size for part in cache) == 2 * len(x) * (t + 1) * net.key_size


def test_it_learns_to_read_from_any_place():
    rng = np.random.default_rng(0)
    x = np.zeros((300, 12, 2))
    place, bit = rng.integers(0, 12, 300), rng.integers(0, 2, 300)
    x[np.arange(300), place, bit] = 1.0  # a single 1 somewhere, in one of two columns
    net = SelfAttention(2, 4, 8, 1, seed=0, dtype="float32")
    history = train(net, x, bit[:, None].astype(float), BinaryCrossEntropy("last"), epochs=30, progress=False)
    assert history.loss[-1] < 0.1


def test_bad_inputs_are_named():
    net, x, target = problem(0)
    with pytest.raises(ValueError, match="key_size: expected a whole number"):
        SelfAttention(1, 0, 2, 1)
    with pytest.raises(ValueError, match="x: expected shape"):
        net.forward(x[0])
    with pytest.raises(ValueError, match="h_0: expected None"):
        net.forward(x, np.zeros((1, 1)))
    with pytest.raises(ValueError, match="mask: expected None"):
        train(net, x, target, MeanSquaredError(), mask=np.ones(x.shape[:2], bool), progress=False)
    with pytest.raises(ValueError, match="record: expected"):
        net.backward(x, target)
    with pytest.raises(ValueError, match="x_t: expected shape"):
        net.step(x)
    assert "key_size=" in repr(net)
