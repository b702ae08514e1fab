"""The fast passes compute what the plain formulas at the top of each file say, for random shapes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.networks import GRU, LSTM, SimpleRNN, gru, lstm, simple_rnn
from helpers.networks.activations import ACTIVATIONS

sizes = st.tuples(*(st.integers(1, n) for n in (4, 23, 3, 9, 3)))  # B, T, I, H, O


def problem(kind, size, seed, **settings):
    """A network with random parameters, x, a first state and dy."""
    (B, T, I, H, O), rng = size, np.random.default_rng(seed)
    net = kind(I, H, O, **settings)
    net.theta[...] = rng.normal(size=net.theta.size) * 0.5
    return net, rng.normal(size=(B, T, I)), rng.normal(size=(2, B, H)), rng.normal(size=(B, T, O))


def same(fast, plain):
    np.testing.assert_allclose(fast, plain, rtol=1e-9, atol=1e-11 * max(1, np.abs(plain).max()))


def same_gradients(gradients, plain):
    assert list(gradients) == list(plain)
    for name in plain:
        same(gradients[name], plain[name])


@given(sizes, st.integers(0, 9), st.sampled_from(sorted(ACTIVATIONS)))
def test_simple_rnn(size, seed, name):
    net, x, (h_0, _), dy = problem(SimpleRNN, size, seed, activation=name)
    of, slope = ACTIVATIONS[name].of, ACTIVATIONS[name].slope
    φ = (lambda a: of(a, np.empty_like(a)), lambda h: slope(h, np.empty_like(h)))
    h, y = simple_rnn.plain_forward(net.parameters, x, h_0, φ)
    ours, record = net.forward(x, h_0)
    same(ours, y)
    same(record.h, h)
    same(net.predict(x, h_0), y)
    plain, dh_0 = simple_rnn.plain_backward(net.parameters, x, record.h, dy, φ)
    gradients = net.backward(record, dy)
    same_gradients(gradients, plain)
    same(gradients.state_0, dh_0)


def test_the_plain_simple_rnn_has_tanh_unless_told():
    net, x, (h_0, _), dy = problem(SimpleRNN, (2, 5, 1, 3, 1), 0)
    h, y = simple_rnn.plain_forward(net.parameters, x, h_0)
    same(net.forward(x, h_0)[0], y)
    same_gradients(net.backward(net.forward(x, h_0)[1], dy), simple_rnn.plain_backward(net.parameters, x, h, dy)[0])


@given(sizes, st.integers(0, 9))
def test_lstm(size, seed):
    net, x, (h_0, c_0), dy = problem(LSTM, size, seed)
    h, c, gates, y = lstm.plain_forward(net.parameters, x, h_0, c_0)
    ours, record = net.forward(x, (h_0, c_0))
    same(ours, y)
    same(record.h, h)
    same(record.c, c)
    same(np.stack(list(record.gates.values()), axis=2), gates)
    same(net.predict(x, (h_0, c_0)), y)
    plain, dh_0, dc_0 = lstm.plain_backward(net.parameters, x, h, c, gates, dy)
    gradients = net.backward(record, dy)
    same_gradients(gradients, plain)
    same(gradients.state_0[0], dh_0)
    same(gradients.state_0[1], dc_0)


@pytest.mark.parametrize("reset_after", [True, False])
@given(sizes, st.integers(0, 9))
def test_gru(reset_after, size, seed):
    net, x, (h_0, _), dy = problem(GRU, size, seed, reset_after=reset_after)
    h, gates, y = gru.plain_forward(net.parameters, x, h_0, reset_after)
    ours, record = net.forward(x, h_0)
    same(ours, y)
    same(record.h, h)
    same(np.stack(list(record.gates.values()), axis=2), gates)
    same(net.predict(x, h_0), y)
    plain, dh_0 = gru.plain_backward(net.parameters, x, h, gates, dy, reset_after)
    gradients = net.backward(record, dy)
    same_gradients(gradients, plain)
    same(gradients.state_0, dh_0)
