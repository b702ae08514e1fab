"""The floor under vanishing gradients."""

import numpy as np
import pytest

from helpers.networks import Adam, SimpleRNN, processor


def backward(dtype, gain, T, floor, last=True, activation="tanh"):
    """Gradients with the loss on the last step, or on all; with the floor, or with none."""
    net = SimpleRNN(2, 24, 1, activation=activation, seed=1, dtype=dtype)
    net.parameters["W_hh"] *= gain
    x = np.random.default_rng(0).normal(size=(6, T, 2))
    y, record = net.forward(x)
    dy = np.ones_like(y) / y.size
    if last:
        dy[:, :-1] = 0
    floors = dict(processor.FLOOR)
    try:
        if not floor:
            processor.FLOOR.update(dict.fromkeys(floors, 0.0))
        return net.backward(record, dy)
    finally:
        processor.FLOOR.update(floors)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
@pytest.mark.parametrize("gain", [0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("last", [True, False], ids=["last step", "every step"])
def test_gradients_are_the_same_with_and_without(dtype, activation, gain, last):
    with_floor = backward(dtype, gain, 300, True, last, activation)
    without = backward(dtype, gain, 300, False, last, activation)
    for name in without:
        # The difference is taken in float64, else it would itself be rounded to float32.
        ours, theirs = with_floor[name].astype(np.float64), without[name].astype(np.float64)
        assert np.linalg.norm(ours - theirs) <= 1e-12 * np.linalg.norm(theirs), name
    assert np.linalg.norm(without.theta) > 0


def denormal(array):
    return np.count_nonzero((array != 0) & (np.abs(array) < np.finfo(array.dtype).tiny))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("gain", [0.15, 0.3, 0.6])
def test_no_denormal_numbers_are_left_in_a_long_sweep(dtype, gain):
    """Without the floor there are thousands; with it a few at most, where a small slope meets the floor."""
    T = 1000 if dtype == "float32" else 3000
    without, with_floor = backward(dtype, gain, T, False), backward(dtype, gain, T, True)
    assert denormal(without.h) > 500
    assert denormal(with_floor.h) + denormal(with_floor.a) <= denormal(without.h) / 50
    assert not with_floor.h[:, 0].any()


def test_what_has_not_vanished_is_left_alone():
    array = np.array([1e-27, -1e-27, 1e-29, -1e-29, 0.0, 1.0, np.nan, np.inf], np.float32)
    processor.floor(array)
    np.testing.assert_array_equal(array, np.array([1e-27, -1e-27, 0, 0, 0, 1, np.nan, np.inf], np.float32))


def test_the_mean_of_an_optimiser_has_the_floor_too():
    """Where gradients have become zero (a symbol that no longer comes up), Adam's mean shrinks by 0.9 at each step."""
    theta, optimiser = np.ones(4, np.float32), Adam(0.01)
    optimiser.update(theta, np.array([1, 1e-3, 1e-8, 0], np.float32))
    for _ in range(1200):
        optimiser.update(theta, np.array([1, 0, 0, 0], np.float32))
    assert optimiser.mean[0] > 0.9 and not optimiser.mean[1:].any()
