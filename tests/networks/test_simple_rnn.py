"""The network by its formulas, and as an object: views, copies, streaming, masks."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

from helpers.networks import MeanSquaredError, SimpleRNN

PHI = {
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "linear": lambda a: a,
}


@pytest.mark.parametrize("activation", PHI)
def test_forward_is_the_formula(activation):
    rng = np.random.default_rng(0)
    B, T, I, H, O = 2, 5, 3, 4, 6
    net = SimpleRNN(I, H, O, activation=activation, seed=1)
    net.theta[...] = rng.normal(size=net.theta.size) / 2
    x, h_0 = rng.normal(size=(B, T, I)), rng.normal(size=(B, H))
    y, record = net.forward(x, h_0)
    W_ih, W_hh, b_h, W_ho, b_o = (net.parameters[name] for name in ("W_ih", "W_hh", "b_h", "W_ho", "b_o"))
    h = h_0
    np.testing.assert_array_equal(record.h[:, 0], h_0)
    for t in range(T):
        a = x[:, t] @ W_ih + h @ W_hh + b_h
        h = PHI[activation](a)
        np.testing.assert_allclose(record.a[:, t], a, rtol=0, atol=1e-13)
        np.testing.assert_allclose(record.h[:, t + 1], h, rtol=0, atol=1e-13)
        np.testing.assert_allclose(y[:, t], h @ W_ho + b_o, rtol=0, atol=1e-13)
    np.testing.assert_array_equal(record.h_last, record.h[:, -1])
    np.testing.assert_array_equal(record.x, x)
    np.testing.assert_array_equal(record.y, y)
    assert record.mask is None
    shapes = [array.shape for array in (record.x, record.a, record.h, record.h_last, record.y)]
    assert shapes == [(B, T, I), (B, T, H), (B, T + 1, H), (B, H), (B, T, O)]


def test_sizes_and_order_of_the_parameters():
    net = SimpleRNN(3, 4, 2)
    assert {name: array.shape for name, array in net.parameters.items()} == {
        "W_ih": (3, 4), "W_hh": (4, 4), "b_h": (4,), "W_ho": (4, 2), "b_o": (2,),
    }  # fmt: skip
    assert list(net.parameters) == ["W_ih", "W_hh", "b_h", "W_ho", "b_o"]
    assert net.theta.shape == (3 * 4 + 4 * 4 + 4 + 4 * 2 + 2,)


def test_parameters_are_views_of_theta():
    net = SimpleRNN(3, 4, 2)
    net.theta[...] = np.arange(net.theta.size)
    assert net.parameters["W_ih"][0, 1] == 1 and net.parameters["b_o"][-1] == net.theta.size - 1
    net.parameters["b_o"][...] = -1
    assert net.theta[-1] == -1
    view = net.parameters["W_hh"]
    net.parameters["W_hh"] = np.eye(4)  # values are copied in; the views stay
    assert view is net.parameters["W_hh"] and view[0, 0] == 1 and net.theta[12] == 1
    net.parameters |= {"b_h": [1, 2, 3, 4]}
    assert net.theta[28:32].tolist() == [1, 2, 3, 4]
    net.theta -= 1
    assert net.parameters["b_h"].tolist() == [0, 1, 2, 3]
    net.theta = np.zeros(net.theta.size)
    assert not view.any() and np.shares_memory(view, net.theta)


def test_names_of_the_parameters_are_fixed():
    net = SimpleRNN(3, 4, 2)
    with pytest.raises(KeyError, match="W_oh"):
        net.parameters["W_oh"] = np.zeros((4, 2))
    with pytest.raises(TypeError, match="fixed"):
        del net.parameters["b_o"]
    with pytest.raises(ValueError, match=r"W_ho: expected shape \(4, 2\), given shape \(2, 4\)"):
        net.parameters["W_ho"] = np.zeros((2, 4))
    assert list(net.parameters) == ["W_ih", "W_hh", "b_h", "W_ho", "b_o"]


@pytest.mark.parametrize(
    "duplicate",
    [SimpleRNN.copy, lambda n: n.astype("float64"), copy.copy, copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))],
    ids=["copy", "astype", "copy.copy", "deepcopy", "pickle"],
)
def test_copies_are_independent(duplicate):
    net = SimpleRNN(3, 4, 2, activation="relu", seed=5)
    before = net.theta.copy()
    other = duplicate(net)
    assert isinstance(other, SimpleRNN) and other.activation == "relu"
    np.testing.assert_array_equal(other.theta, before)
    other.parameters["W_hh"][...] = 7
    assert (other.theta[12:28] == 7).all()
    np.testing.assert_array_equal(net.theta, before)


def test_astype():
    net = SimpleRNN(3, 4, 2, seed=5)
    small = net.astype("float32")
    y, _ = small.forward(np.zeros((1, 2, 3)))
    assert small.theta.dtype == small.parameters["W_hh"].dtype == y.dtype == "float32"
    np.testing.assert_array_equal(small.theta, net.theta.astype("float32"))
    assert net.theta.dtype == "float64"
    np.testing.assert_array_equal(SimpleRNN(3, 4, 2, seed=5, dtype="float32").theta, small.theta)


def test_same_seed_same_network():
    a, b, c = (SimpleRNN(3, 4, 2, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(a.theta, b.theta)
    assert not np.array_equal(a.theta, c.theta)
    d = SimpleRNN(3, 4, 2, seed=np.random.default_rng(1))
    np.testing.assert_array_equal(a.theta, d.theta)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_streaming_one_step_at_a_time(dtype):
    net = SimpleRNN(3, 20, 2, seed=1, dtype=dtype)
    x = np.random.default_rng(0).normal(size=(4, 30, 3))
    y, record = net.forward(x)
    h = None
    for t in range(30):
        y_t, h = net.step(x[:, t], h)
        np.testing.assert_allclose(y_t, y[:, t], rtol=0, atol=1e-5 if dtype == "float32" else 1e-13)
    np.testing.assert_allclose(h, record.h_last, rtol=0, atol=1e-5 if dtype == "float32" else 1e-13)


def test_a_masked_step_repeats_the_state():
    net = SimpleRNN(3, 4, 2, seed=1)
    rng = np.random.default_rng(0)
    x, h_0 = rng.normal(size=(2, 6, 3)), rng.normal(size=(2, 4))
    mask = np.array([[False, True, True, False, True, False], [True] * 6])
    _, record = net.forward(x, h_0, mask)
    np.testing.assert_array_equal(record.mask, mask)
    h = record.h
    np.testing.assert_array_equal(h[0, 1], h_0[0])
    np.testing.assert_array_equal(h[0, 4], h[0, 3])
    np.testing.assert_array_equal(h[0, 6], h[0, 5])
    _, short = net.forward(x[:1, [1, 2, 4]], h_0[:1])
    np.testing.assert_allclose(h[0, -1], short.h[0, -1], rtol=0, atol=1e-15)
    _, whole = net.forward(x, h_0)
    np.testing.assert_allclose(h[1], whole.h[1], rtol=0, atol=1e-15)


def test_a_mask_of_real_steps_changes_nothing():
    net = SimpleRNN(3, 4, 2, seed=1)
    x, target = np.random.default_rng(0).normal(size=(2, 6, 3)), np.ones((2, 6, 2))
    mask = np.ones((2, 6), bool)
    y, record = net.forward(x)
    y_masked, masked = net.forward(x, mask=mask)
    np.testing.assert_array_equal(y, y_masked)
    loss = MeanSquaredError()
    plain, with_mask = loss(y, target), loss(y, target, mask)
    assert plain[0] == pytest.approx(with_mask[0], rel=1e-15)
    np.testing.assert_allclose(
        net.backward(record, plain[1]).theta, net.backward(masked, with_mask[1]).theta, rtol=1e-12, atol=1e-15
    )


def test_records_do_not_share_memory():
    net = SimpleRNN(3, 4, 2, seed=1)
    x = np.ones((2, 6, 3))
    y, first = net.forward(x)
    kept = first.h.copy(), first.a.copy(), y.copy()
    net.forward(2 * x)
    net.backward(first, np.ones_like(y))
    for now, before in zip((first.h, first.a, first.y), kept, strict=True):
        np.testing.assert_array_equal(now, before)


def test_the_input_is_not_kept_by_reference():
    """Changing x afterwards must not change the record, which the backward pass reads."""
    net = SimpleRNN(3, 4, 2, seed=1)
    for B in (1, 2):
        x = np.ones((B, 6, 3))
        _, record = net.forward(x)
        x[...] = 5
        assert (record.x == 1).all()


def test_import_is_numpy_and_the_standard_library_only(root):
    code = (
        "import sys, helpers.networks\n"
        "others = {name.split('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)\n"
        "print(*sorted(name for name in others if not name.startswith('_')))"
    )
    # -I: no site customisation and no PYTHONPATH, so that only what the package imports is there
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, env={"PATH": ""}
    )
    loaded = set(result.stdout.split()) - {"distutils-precedence", "sitecustomize", "usercustomize"}
    assert loaded == {"helpers", "numpy"}, loaded
