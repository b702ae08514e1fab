"""Bad input of LSTM and GRU: every error names the argument, what was expected and what was given."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.networks import GRU, LSTM, SimpleRNN

KINDS = {
    "LSTM": LSTM,
    "GRU": GRU,
    "GRU, reset before": lambda *sizes, **named: GRU(*sizes, reset_after=False, **named),
}
kinds = pytest.mark.parametrize("kind", KINDS)
B, T, I, H, O = 3, 5, 2, 4, 3


def refused(name, call, *arguments, **named):
    with pytest.raises(ValueError) as caught:
        call(*arguments, **named)
    assert re.match(rf"{re.escape(name)}: expected .+, given .+", str(caught.value), re.DOTALL), str(caught.value)


def bad_arrays(right, free=()):
    """Other shapes, numbers that are not finite, and what holds no numbers; the axes in `free` may have any size."""

    def fits(shape):
        pairs = zip(shape, right, strict=False)
        return len(shape) == len(right) and all(n == m or (k in free and n > 0) for k, (n, m) in enumerate(pairs))

    def spoil(place, value):
        array = np.ones(right)
        array[place] = value
        return array

    other = st.lists(st.integers(0, 6), max_size=4).map(tuple).filter(lambda shape: not fits(shape)).map(np.zeros)
    places = st.tuples(*(st.integers(0, n - 1) for n in right))
    spoilt = st.builds(spoil, places, st.sampled_from([np.nan, np.inf, -np.inf]))
    return st.one_of(other, spoilt, st.sampled_from(["text", object(), np.ones(right).astype(str), [[1, 2], [3]]]))


sampled_kinds = st.sampled_from(sorted(KINDS))


@given(sampled_kinds, st.sampled_from(["input_size", "hidden_size", "output_size"]), st.sampled_from([0, -1, 1.5, "3"]))
def test_sizes(kind, name, value):
    refused(name, KINDS[kind], **{"input_size": I, "hidden_size": H, "output_size": O, name: value})


@given(st.sampled_from([LSTM, GRU]), st.data())
def test_initialisers(Kind, data):
    columns = 4 * H if Kind is LSTM else 3 * H
    refused("input_initialiser", Kind, I, H, O, input_initialiser=data.draw(bad_arrays((I, columns))))
    refused("recurrent_initialiser", Kind, I, H, O, recurrent_initialiser=data.draw(bad_arrays((H, columns))))
    refused("output_initialiser", Kind, I, H, O, output_initialiser=data.draw(bad_arrays((H, O))))


def test_settings():
    for Kind, name in ((LSTM, "unit_forget_bias"), (GRU, "reset_after")):
        for value in (1, 0, None, "yes"):
            refused(name, Kind, I, H, O, **{name: value})
        refused("seed", Kind, I, H, O, seed=-1)
        refused("dtype", Kind, I, H, O, dtype="float16")


@given(sampled_kinds, st.data(), st.sampled_from(["x", "h_0", "mask"]))
def test_forward(kind, data, name):
    net, right = KINDS[kind](I, H, O), np.zeros((B, H))
    before = net.theta.copy()
    arguments = {"x": np.zeros((B, T, I)), "h_0": (right, right) if kind == "LSTM" else right}
    if name == "h_0" and kind == "LSTM":
        spoilt, k = data.draw(bad_arrays((B, H))), data.draw(st.integers(0, 1))
        arguments["h_0"] = (spoilt, right) if k == 0 else (right, spoilt)
        refused(f"h_0[{k}]", net.forward, **arguments)
    else:
        free = (0, 1) if name == "x" else ()
        arguments[name] = data.draw(bad_arrays({"x": (B, T, I), "h_0": (B, H), "mask": (B, T)}[name], free))
        refused(name, net.forward, **arguments)
    np.testing.assert_array_equal(net.theta, before)


@pytest.mark.parametrize("state", [np.zeros((B, H)), (np.zeros((B, H)),), "state", np.zeros((2, B, H)), 3])
def test_the_state_of_an_lstm_is_a_pair(state):
    net = LSTM(I, H, O)
    refused("h_0", net.forward, np.zeros((B, T, I)), state)
    refused("h", net.step, np.zeros((B, I)), state)
    with pytest.raises(ValueError, match=r"h_0: expected the pair \(h_0, c_0\), each of shape \(3, 4\), given "):
        net.forward(np.zeros((B, T, I)), state)


def no_row(x_t):
    return not isinstance(x_t, np.ndarray) or x_t.shape != (I,)  # which is right, too


@given(sampled_kinds, bad_arrays((B, T, O)), bad_arrays((B, I), free=(0,)).filter(no_row))
def test_backward_and_step(kind, dy, x_t):
    net = KINDS[kind](I, H, O)
    _, record = net.forward(np.zeros((B, T, I)))
    refused("dy", net.backward, record, dy)
    refused("x_t", net.step, x_t)


@kinds
def test_backward_needs_a_record_of_this_network(kind):
    net, x = KINDS[kind](I, H, O), np.zeros((B, T, I))
    y, record = net.forward(x)
    others = [Kind for name, Kind in KINDS.items() if name != kind] + [SimpleRNN]
    strange = [Kind(I, H, O).forward(x)[1] for Kind in others] + [KINDS[kind](I, H + 1, O).forward(x)[1]]
    for wrong in (None, y, "record", *strange):
        refused("record", net.backward, wrong, np.ones_like(y))
    refused("record", net.astype("float32").backward, record, np.ones_like(y))
    refused("record", SimpleRNN(I, H, O).backward, record, np.ones_like(y))
