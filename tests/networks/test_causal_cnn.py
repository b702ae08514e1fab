"""The causal CNN: its formula, its gradients, what it can see and what not; equal to Keras; trains."""

import numpy as np
import pytest

from helpers.networks import (
    BinaryCrossEntropy,
    CausalCNN,
    MeanSquaredError,
    check_gradients,
    receptive_field,
    train,
)

SETTINGS = [(1, (1,)), (2, (1, 2)), (3, (1, 2, 4)), (4, (3,)), (2, (1, 1, 1))]


def problem(seed, kernel_size=3, dilations=(1, 2), activation="tanh", dtype="float64"):
    rng = np.random.default_rng(seed)
    B, T, I, C, O = rng.integers(1, [4, 9, 4, 5, 4])
    net = CausalCNN(I, C, O, kernel_size, dilations, activation, seed=seed, dtype=dtype)
    net.theta[...] = rng.normal(size=net.theta.size) / 2
    return net, rng.normal(size=(B, T, I)), rng.normal(size=(B, T, O))


@pytest.mark.parametrize(("kernel_size", "dilations"), SETTINGS)
def test_the_formula_word_by_word(kernel_size, dilations):
    net, x, _ = problem(1, kernel_size, dilations)
    below = x
    for n, d in enumerate(dilations, start=1):
        W, b = net.parameters[f"W_{n}"], net.parameters[f"b_{n}"]
        above = np.empty((*x.shape[:2], net.channels))
        for t in range(x.shape[1]):
            a = np.repeat(b[None], len(x), axis=0)
            for k in range(kernel_size):  # the input k d steps back belongs to W[K - 1 - k]
                if t - k * d >= 0:
                    a = a + below[:, t - k * d] @ W[kernel_size - 1 - k]
            above[:, t] = np.tanh(a)
        below = above
    expected = below @ net.parameters["W_ho"] + net.parameters["b_o"]
    y, record = net.forward(x)
    np.testing.assert_allclose(y, expected, rtol=0, atol=1e-13)
    np.testing.assert_allclose(record.h, below, rtol=0, atol=1e-13)


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
@pytest.mark.parametrize(("kernel_size", "dilations"), SETTINGS)
def test_gradients(kernel_size, dilations, activation):
    for seed in range(3):
        net, x, target = problem(seed, kernel_size, dilations, activation)
        report = check_gradients(net, x, target, MeanSquaredError())
        assert list(report.errors) == list(net.parameters)
    check_gradients(net, x, target[:, -1] > 0, BinaryCrossEntropy("last"))


def test_gradients_of_the_inputs():
    net, x, target = problem(2)
    y, record = net.forward(x)
    given, wide = net.backward(record, MeanSquaredError()(y, target)[1]).x, net.astype("complex128")
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape, complex)
        nudge[place] = 1e-30j
        slope = MeanSquaredError()(wide.forward(x + nudge)[0], target)[0].imag / 1e-30
        assert given[place] == pytest.approx(slope, rel=1e-10, abs=1e-14)


@pytest.mark.parametrize(("kernel_size", "dilations"), SETTINGS)
def test_an_output_sees_its_receptive_field_and_nothing_else(kernel_size, dilations):
    net = CausalCNN(1, 3, 1, kernel_size, dilations, seed=3)
    sees = net.receptive_field
    assert sees == receptive_field(kernel_size, dilations) == 1 + (kernel_size - 1) * sum(dilations)
    x = np.random.default_rng(4).normal(size=(1, sees + 6, 1))
    y, _ = net.forward(x)
    last = x.shape[1] - 1
    for lag in range(x.shape[1]):
        other = x.copy()
        other[0, last - lag, 0] += 5
        changed = net.forward(other)[0] != y
        assert not changed[0, : last - lag].any()  # never an output before the change
        if lag >= sees:
            assert not changed[0, last]
    gaps_free = dilations == (1,) * len(dilations) or kernel_size > 1 and dilations == (1, 2, 4)[: len(dilations)]
    if gaps_free:  # every input of the field is seen; with a dilation of 3 alone there are holes
        for lag in range(sees):
            other = x.copy()
            other[0, last - lag, 0] += 5
            assert net.forward(other)[0][0, last, 0] != y[0, last, 0]


@pytest.mark.parametrize(("kernel_size", "dilations"), SETTINGS)
def test_equal_to_keras(keras, kernel_size, dilations):
    net, x, _ = problem(5, kernel_size, dilations)
    out = x
    for n, d in enumerate(dilations, start=1):
        layer = keras.layers.Conv1D(
            net.channels, kernel_size, padding="causal", dilation_rate=d, activation="tanh", dtype="float64"
        )
        layer.build(out.shape)
        layer.set_weights([net.parameters[f"W_{n}"], net.parameters[f"b_{n}"]])  # no transpose
        out = np.asarray(layer(out))
    y, record = net.forward(x)
    assert np.abs(record.h - out).max() < 1e-10
    assert np.abs(y - (out @ net.parameters["W_ho"] + net.parameters["b_o"])).max() < 1e-10


def test_it_learns_what_it_sees_and_the_same_seed_gives_the_same_network():
    rng = np.random.default_rng(0)
    x = rng.choice([-1.0, 1.0], (100, 20, 1))
    before = np.concatenate([np.zeros((100, 3, 1)), x[:, :-3]], axis=1) > 0  # the bit of three steps ago
    nets = [CausalCNN(1, 8, 1, 2, (1, 2), seed=1, dtype="float32") for _ in range(2)]
    for net in nets:
        history = train(net, x, before, BinaryCrossEntropy(), epochs=60, progress=False)
    assert history.loss[-1] < 0.05 < 0.5 < history.loss[0]
    assert np.array_equal(nets[0].theta, nets[1].theta) and nets[0].theta.dtype == np.float32


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (dict(kernel_size=0), "kernel_size: expected a whole number of at least 1"),
        (dict(dilations=()), "dilations: expected a tuple of whole numbers"),
        (dict(dilations=(1, 0)), r"dilations\[1\]: expected a whole number of at least 1, given 0"),
        (dict(activation="tahn"), "did you mean 'tanh'"),
        (dict(dtype="int8"), "dtype"),
    ],
)
def test_bad_settings_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        CausalCNN(1, 2, 1, **arguments)


def test_bad_inputs_are_named():
    net = CausalCNN(2, 3, 1)
    x = np.zeros((1, 5, 2))
    with pytest.raises(ValueError, match="x: expected shape"):
        net.forward(np.zeros((5, 2)))
    with pytest.raises(ValueError, match="h_0: expected None"):
        net.forward(x, np.zeros((1, 3)))
    with pytest.raises(ValueError, match="mask: expected None"):
        net.forward(x, mask=np.ones((1, 5), bool))
    with pytest.raises(ValueError, match="mask: expected None"):
        train(net, x, np.zeros((1, 5, 1)), MeanSquaredError(), mask=np.ones((1, 5), bool), progress=False)
    with pytest.raises(ValueError, match="record: expected"):
        net.backward(x, np.zeros((1, 5, 1)))
    with pytest.raises(ValueError, match="dy: expected shape"):
        net.backward(net.forward(x)[1], np.zeros((1, 5, 2)))
    assert "kernel_size=3, dilations=(1,)" in repr(net)
