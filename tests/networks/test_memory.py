"""How long a state remembers."""

import numpy as np
import pytest

from helpers.networks import LSTM, SimpleRNN, memory_curve


def shift_register(H):
    return SimpleRNN(1, H, 1, "linear", input_initialiser=np.eye(1, H), recurrent_initialiser=np.eye(H, k=1))


def test_a_shift_register_remembers_as_many_inputs_as_it_has_units():
    for H in (1, 5):
        curve = memory_curve(shift_register(H), lags=9, steps=400)
        assert np.allclose(curve[:H], 1, atol=1e-9) and (curve[H:] < 0.05).all()


@pytest.mark.parametrize("activation", ["tanh", "linear", "relu"])
def test_no_network_remembers_more_than_it_has_units(activation):
    for seed in range(4):
        net = SimpleRNN(1, 6, 1, activation, recurrent_initialiser=0.9 * np.linalg.qr(np.eye(6) + seed)[0], seed=seed)
        assert memory_curve(net, seed=seed).sum() < 6.3


def test_what_explodes_and_what_is_blind_remembers_nothing():
    assert not memory_curve(SimpleRNN(1, 4, 1, "linear", recurrent_initialiser=9 * np.eye(4))).any()
    assert memory_curve(SimpleRNN(1, 4, 1, input_initialiser="zeros")).max() < 0.05
    assert np.array_equal(memory_curve(LSTM(1, 4, 1), 5, 100, 3), memory_curve(LSTM(1, 4, 1), 5, 100, 3))


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="net: expected one input, given 2 inputs"):
        memory_curve(SimpleRNN(2, 3, 1))
    with pytest.raises(ValueError, match="net: expected a recurrent network"):
        memory_curve("net")
    with pytest.raises(ValueError, match="lags: expected a whole number"):
        memory_curve(SimpleRNN(1, 3, 1), lags=0)
