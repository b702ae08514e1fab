"""Initial weights, and sequences sampled from a network."""

import numpy as np
import pytest

from helpers.networks import (
    SimpleRNN,
    glorot_uniform,
    identity,
    orthogonal,
    sample_sequence,
    with_spectral_radius,
    zeros,
)


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (5, 3), (3, 5), (64, 64)])
def test_orthogonal(shape):
    W = orthogonal(rng(), shape)
    assert W.shape == shape
    product = W @ W.T if shape[0] <= shape[1] else W.T @ W
    np.testing.assert_allclose(product, np.eye(min(shape)), rtol=0, atol=1e-13)


def test_orthogonal_prefers_no_direction():
    """Over many draws each element averages to zero, which plain QR does not do."""
    mean = np.mean([orthogonal(rng(seed), (3, 3)) for seed in range(400)], axis=0)
    assert np.abs(mean).max() < 0.15


def test_glorot_uniform():
    W = glorot_uniform(rng(), (200, 100))
    limit = np.sqrt(6 / 300)
    assert np.abs(W).max() <= limit and np.abs(W).max() > 0.99 * limit
    assert W.var() == pytest.approx(limit**2 / 3, rel=0.05)


def test_identity_and_zeros():
    np.testing.assert_array_equal(identity(rng(), (3, 3)), np.eye(3))
    np.testing.assert_array_equal(zeros(rng(), (2, 3)), np.zeros((2, 3)))


@pytest.mark.parametrize("radius", [0, 0.3, 1, 2.5])
@pytest.mark.parametrize("size", [1, 2, 16, 50])
def test_spectral_radius(radius, size):
    W = with_spectral_radius(radius)(rng(size), (size, size))
    assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(radius, rel=1e-10)


def test_initialisers_by_name_function_and_array():
    W = np.arange(16.0).reshape(4, 4)
    np.testing.assert_array_equal(SimpleRNN(1, 4, 1, recurrent_initialiser=W).parameters["W_hh"], W)
    net = SimpleRNN(1, 4, 1, recurrent_initialiser="identity", output_initialiser=lambda rng, shape: np.full(shape, 7))
    np.testing.assert_array_equal(net.parameters["W_hh"], np.eye(4))
    assert (net.parameters["W_ho"] == 7).all()
    assert not net.parameters["b_h"].any() and not net.parameters["b_o"].any()
    W[...] = -1
    scaled = SimpleRNN(1, 50, 1, recurrent_initialiser=with_spectral_radius(0.9), seed=4).parameters["W_hh"]
    assert np.abs(np.linalg.eigvals(scaled)).max() == pytest.approx(0.9)


# ---- sampling ------------------------------------------------------------------------------------------------


def counting(symbols=5, certainty=100.0):
    """A network that answers each symbol with the next one, the last with the first."""
    net = SimpleRNN(symbols, symbols, symbols, activation="linear", input_initialiser="identity",
                    recurrent_initialiser="zeros", output_initialiser="zeros")  # fmt: skip
    net.parameters["W_ho"] = certainty * np.roll(np.eye(symbols), 1, axis=1)
    return net


@pytest.mark.parametrize("temperature", [0, 0.1, 1])
def test_sampling_goes_on_from_the_start(temperature):
    sampled = sample_sequence(counting(), [0, 1, 2], 6, temperature)
    assert sampled == [3, 4, 0, 1, 2, 3] and all(type(symbol) is int for symbol in sampled)
    assert sample_sequence(counting(), [4], 0) == []


def test_sampling_reads_the_whole_start():
    """A network with a memory: the state after the start decides, not the last symbol alone."""
    net = SimpleRNN(4, 12, 4, seed=2)
    net.parameters["W_ho"] *= 5
    y, _ = net.forward(np.eye(4)[[[3, 0, 1]]])
    assert sample_sequence(net, [3, 0, 1], 1, temperature=0) == [int(y[0, -1].argmax())]
    symbols = [2]
    for symbol in sample_sequence(net, symbols, 10, temperature=0):
        y, _ = net.forward(np.eye(4)[[symbols]])
        assert symbol == y[0, -1].argmax()
        symbols.append(symbol)


def test_same_seed_same_sample():
    net = SimpleRNN(6, 8, 6, seed=1)
    one, two, other = (sample_sequence(net, [0], 40, rng=seed) for seed in (3, np.random.default_rng(3), 4))
    assert one == two != other


@pytest.mark.parametrize("temperature", [0.5, 1, 3])
def test_temperature(temperature):
    """Frequencies are softmax(logits / temperature)."""
    logits = np.array([0.0, 1.0, 2.0])
    net = SimpleRNN(3, 1, 3, output_initialiser="zeros")
    net.parameters["b_o"] = logits
    expected = np.exp(logits / temperature) / np.exp(logits / temperature).sum()
    counts = np.bincount(sample_sequence(net, [0], 6000, temperature), minlength=3) / 6000
    np.testing.assert_allclose(counts, expected, rtol=0, atol=0.03)


def test_sampling_with_huge_logits():
    assert sample_sequence(counting(certainty=1e6).astype("float32"), [0], 3, temperature=1e-3) == [1, 2, 3]
