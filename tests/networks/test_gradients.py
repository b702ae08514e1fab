"""Back-propagation through time against central differences and the complex step, and the check itself."""

import numpy as np
import pytest

from helpers.networks import (
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    GradientMismatch,
    MeanSquaredError,
    SimpleRNN,
    check_gradients,
)
from helpers.networks.arrays import Workspace, time_first
from helpers.networks.simple_rnn import BLOCK, SHORT

ACTIVATIONS = ["tanh", "relu", "sigmoid", "linear"]
LOSSES = [MeanSquaredError, BinaryCrossEntropy, CategoricalCrossEntropy]


def problem(seed, activation="tanh", Loss=MeanSquaredError, steps="every", masked=False, dtype="float64"):
    """A random network with a random task of random size."""
    rng = np.random.default_rng(seed)
    B, T, I, H, O = rng.integers(1, [5, 9, 5, 7, 5])
    net = SimpleRNN(I, H, O, activation=activation, dtype=dtype)
    net.theta[...] = rng.normal(size=net.theta.size) / np.sqrt(H)
    x, h_0 = rng.normal(size=(B, T, I)), rng.normal(size=(B, H))
    shape = (B, T) if steps == "every" else (B,)
    if Loss is CategoricalCrossEntropy:
        target = rng.integers(0, O, shape)
        net.theta[...] *= 1 if O > 1 else 0  # with one class every gradient is zero, which the check must refuse
    else:
        target = rng.uniform(size=(*shape, O))
    mask = None
    if masked:
        mask = rng.random((B, T)) < 0.6
        mask[np.arange(B), rng.integers(0, T, B)] = True
    return net, x, target, Loss(steps=steps), mask, h_0


@pytest.mark.parametrize("masked", [False, True], ids=["all steps", "masked"])
@pytest.mark.parametrize("steps", ["every", "last"])
@pytest.mark.parametrize("Loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_of_random_networks(activation, Loss, steps, masked):
    checked = 0
    for seed in range(8):
        net, x, target, loss, mask, h_0 = problem(seed, activation, Loss, steps, masked)
        if Loss is CategoricalCrossEntropy and net.output_size == 1:
            continue
        report = check_gradients(net, x, target, loss, mask=mask, h_0=h_0)
        for name in net.parameters:
            assert report.errors[name]["central differences"] <= 1e-7, (seed, name)
            assert report.errors[name]["complex step"] <= 1e-12, (seed, name)
        checked += 1
    assert checked >= 5


@pytest.mark.parametrize("masked", [False, True], ids=["all steps", "masked"])
@pytest.mark.parametrize("T", [SHORT, SHORT + 1, 2 * BLOCK + 5, 3 * BLOCK])
def test_gradients_where_the_sweep_is_one_block_and_where_it_is_several(T, masked):
    """Also with memory that is used again, as in training."""
    rng = np.random.default_rng(T)
    net, workspace, loss = SimpleRNN(2, 3, 2, seed=T), Workspace(), MeanSquaredError()
    for _ in range(2):
        x, target = rng.normal(size=(2, 4, T, 2))
        mask = np.arange(T) < rng.integers(1, T + 1, (4, 1)) if masked else None
        errors = check_gradients(net, x, target, loss, mask=mask).errors
        assert all(error["complex step"] <= 1e-12 for error in errors.values())
        y, record = net.forward(x, mask=mask)
        expected = net.backward(record, loss(y, target, mask)[1]).theta
        inside = time_first(x), None, None if mask is None else time_first(mask)
        again = net._forward(*inside, workspace)
        _, dy = loss.value_and_slope(again.along_time[3], time_first(target), inside[2], workspace)
        np.testing.assert_array_equal(net._backward(again, dy, workspace).theta, expected)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("masked", [False, True], ids=["all steps", "masked"])
def test_gradients_of_inputs_and_initial_state(activation, masked):
    """dJ/dx_t and dJ/dh_0, by the complex step."""
    net, x, target, loss, mask, h_0 = problem(3, activation, MeanSquaredError, "every", masked)
    y, record = net.forward(x, h_0, mask)
    _, dy = loss(y, target, mask)
    gradients = net.backward(record, dy)
    complex_net = net.astype("complex128")

    def slope(x, h_0):
        return loss(complex_net.forward(x, h_0, mask)[0], target, mask)[0].imag / 1e-30

    for name, array, given in (("x", x, gradients.x), ("h_0", h_0, gradients.h[:, 0])):
        measured = np.empty(array.shape)
        for place in np.ndindex(array.shape):
            nudge = np.zeros(array.shape, complex)
            nudge[place] = 1e-30j
            measured[place] = slope(x + nudge if name == "x" else x, h_0 + nudge if name == "h_0" else h_0)
        assert np.linalg.norm(given - measured) <= 1e-12 * np.linalg.norm(measured), name


def test_gradients_along_time_are_those_of_the_states():
    """gradients.h[:, t] is the whole dJ/dh_t: that of a network which starts there."""
    net, x, target, loss, _, _ = problem(3)
    y, record = net.forward(x)
    gradients = net.backward(record, loss(y, target)[1])
    T = x.shape[1]
    for t in range(1, T):
        later_y, later = net.forward(x[:, t:], h_0=record.h[:, t])
        dy = loss(y, target)[1]
        from_there = net.backward(later, dy[:, t:]).h[:, 0] + dy[:, t - 1] @ net.parameters["W_ho"].T
        np.testing.assert_allclose(gradients.h[:, t], from_there, rtol=0, atol=1e-14)
        np.testing.assert_array_equal(later_y, y[:, t:])


def test_theta_and_names_are_the_same_numbers():
    net, x, target, loss, _, _ = problem(1)
    y, record = net.forward(x)
    gradients = net.backward(record, loss(y, target)[1])
    assert list(gradients) == list(gradients.keys()) == list(net.parameters)
    np.testing.assert_array_equal(np.concatenate([gradients[name].ravel() for name in gradients]), gradients.theta)


def test_float32_gradients_are_close_to_float64():
    net, x, target, loss, mask, h_0 = problem(5, masked=True)
    wide = net.backward(net.forward(x, h_0, mask)[1], loss(net.forward(x, h_0, mask)[0], target, mask)[1])
    small = net.astype("float32")
    y, record = small.forward(x, h_0, mask)
    narrow = small.backward(record, loss(y, target, mask)[1])
    assert {narrow.theta.dtype, narrow.h.dtype, narrow.a.dtype, narrow.x.dtype, y.dtype} == {np.dtype("float32")}
    assert np.linalg.norm(narrow.theta - wide.theta) <= 1e-5 * np.linalg.norm(wide.theta)


# ---- the check finds what is wrong ---------------------------------------------------------------------------


def own_gradients(net, x, target, loss):
    y, record = net.forward(x)
    gradients = net.backward(record, loss(y, target)[1])
    return {name: gradients[name].copy() for name in gradients}


def test_check_accepts_the_readers_own_gradients():
    net, x, target, loss, _, _ = problem(2)
    own = own_gradients(net, x, target, loss)
    assert list(check_gradients(net, x, target, loss, gradients=own).errors) == list(own)
    assert list(check_gradients(net, x, target, loss, gradients={"W_hh": own["W_hh"]}).errors) == ["W_hh"]


@pytest.mark.parametrize("name", ["W_ih", "W_hh", "b_h", "W_ho", "b_o"])
def test_check_names_parameter_and_element(name):
    net, x, target, loss, _, _ = problem(2)
    own = own_gradients(net, x, target, loss)
    place = tuple(n - 1 for n in own[name].shape)
    own[name][place] += 1e-5
    written = ", ".join(map(str, place))
    with pytest.raises(GradientMismatch, match=rf"^{name}\[{written}\]: the gradient given is "):
        check_gradients(net, x, target, loss, gradients=own)


@pytest.mark.parametrize(
    ("spoil", "hint"),
    [
        (lambda g: np.full_like(g, np.nan), "nan"),
        (lambda g: np.zeros_like(g), "given is 0"),
        (lambda g: g.T.copy(), "transpose would be right"),
        (lambda g: -g, "sign is wrong"),
        (lambda g: g * 4, r"times 0\.25 would be right"),
        (lambda g: g * np.inf, "inf"),
    ],
)
def test_check_finds_typical_mistakes(spoil, hint):
    net, x, target, loss, _, _ = problem(2)
    own = own_gradients(net, x, target, loss)
    assert own["W_hh"].shape[0] > 1
    with np.errstate(invalid="ignore"), pytest.raises(GradientMismatch, match=hint):
        check_gradients(net, x, target, loss, gradients=own | {"W_hh": spoil(own["W_hh"])})


def test_check_cannot_pass_on_nothing():
    """Where every gradient is zero, 0 = 0 proves nothing."""
    net = SimpleRNN(2, 3, 1)
    x = np.ones((1, 4, 2))
    target = net.forward(x)[0]
    with pytest.raises(GradientMismatch, match="prove nothing"):
        check_gradients(net, x, target, MeanSquaredError())


def test_check_finds_a_network_that_is_wrong(monkeypatch):
    net, x, target, loss, _, _ = problem(2)
    right = SimpleRNN._backward

    def forgets_time(self, *arguments):
        gradients = right(self, *arguments)
        gradients["W_hh"][0, 0] = 0
        return gradients

    monkeypatch.setattr(SimpleRNN, "_backward", forgets_time)
    with pytest.raises(GradientMismatch, match=r"W_hh\[0, 0\]"):
        check_gradients(net, x, target, loss)


def test_a_gradient_that_is_truly_zero_passes():
    """One step from a zero state: W_hh has no influence; the other gradients are checked."""
    net = SimpleRNN(2, 3, 1, seed=1)
    report = check_gradients(net, np.ones((1, 1, 2)), np.ones((1, 1, 1)), MeanSquaredError())
    assert report.errors["W_hh"] == {"central differences": 0.0, "complex step": 0.0}
    assert report.errors["W_ih"]["complex step"] <= 1e-12


def test_relu_exactly_at_its_kink():
    """All inputs and biases zero: every pre-activation is 0. There the slope is 0 by agreement, and that is checked."""
    net = SimpleRNN(1, 2, 1, activation="relu", seed=1)
    report = check_gradients(net, np.zeros((1, 3, 1)), np.ones((1, 3, 1)), MeanSquaredError())
    assert report.errors["b_h"]["complex step"] == 0.0
    net.parameters["b_h"] = [0.5, 0.5]
    assert check_gradients(net, np.zeros((1, 3, 1)), np.ones((1, 3, 1)), MeanSquaredError())


def test_the_check_changes_nothing_and_prints_the_same_everywhere():
    net, x, target, loss, _, _ = problem(2)
    before = net.theta.copy()
    report = check_gradients(net, x, target, loss)
    np.testing.assert_array_equal(net.theta, before)
    lines = str(report).splitlines()
    assert len(lines) == 6 and all("within 1e-07" in line and "within 1e-12" in line for line in lines[1:])
