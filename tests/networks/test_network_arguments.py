"""Bad input: every error names the argument, what was expected and what was given, and nothing has changed."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.networks import (
    SGD,
    Adam,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    MeanSquaredError,
    SimpleRNN,
    StateRecorder,
    check_gradients,
    clip_by_global_norm,
    sample_sequence,
    train,
    with_spectral_radius,
)

B, T, I, H, O = 3, 5, 2, 4, 3


def refused(name, call, *arguments, **named):
    """`call` must raise ValueError of the form "name: expected …, given …"."""
    with pytest.raises(ValueError) as caught:
        call(*arguments, **named)
    assert re.match(rf"{re.escape(name)}: expected .+, given .+", str(caught.value), re.DOTALL), str(caught.value)


def other_shapes(right, free=()):
    """Shapes that do not fit `right`; the axes in `free` may have any size but 0."""

    def fits(shape):
        return len(shape) == len(right) and all(
            n == m or (axis in free and n > 0) for axis, (n, m) in enumerate(zip(shape, right, strict=True))
        )

    return st.lists(st.integers(0, 6), max_size=4).map(tuple).filter(lambda shape: not fits(shape))


def spoilt(right):
    """Arrays of the right shape with one number that is not finite."""
    places = st.tuples(*(st.integers(0, n - 1) for n in right))

    def spoil(place, value):
        array = np.ones(right)
        array[place] = value
        return array

    return st.builds(spoil, places, st.sampled_from([np.nan, np.inf, -np.inf]))


def not_numbers(right):
    """Arrays of the right shape, and objects, that hold no real numbers."""
    ones = np.ones(right)
    return st.sampled_from([None, "text", object(), ones.astype(str), ones.astype(object), ones + 1j, [[1, 2], [3]]])


def bad_arrays(right, free=()):
    return st.one_of(other_shapes(right, free).map(np.zeros), spoilt(right), not_numbers(right))


def ndim(value):
    try:
        return np.ndim(value)
    except ValueError:  # rows of different lengths
        return None


def bad_masks():
    no_real_step = np.ones((B, T), bool)
    no_real_step[1] = False
    wrong_kind = [np.ones((B, T)), np.ones((B, T), int), "mask", no_real_step, object()]
    return st.one_of(st.sampled_from(wrong_kind), other_shapes((B, T)).map(lambda shape: np.ones(shape, bool)))


def bad_class_numbers(right):
    wrong_kind = st.sampled_from([np.zeros(right), np.zeros(right, bool), None, "text", np.full(right, 1.5)])
    outside = st.sampled_from([-1, O, O + 7, -(2**40)]).map(lambda n: np.full(right, n))
    return st.one_of(wrong_kind, outside, other_shapes(right).map(lambda shape: np.zeros(shape, int)))


not_sizes = st.one_of(st.integers(-5, 0), st.sampled_from([2.0, 1.5, "3", None, True, np.nan, [3], 1 + 0j]))
not_above_zero = st.one_of(
    st.floats(max_value=0), st.sampled_from([np.nan, np.inf, "0.1", None, True, [0.1], 1j, -np.inf])
)


# ---- the network ---------------------------------------------------------------------------------------------


@given(st.sampled_from(["input_size", "hidden_size", "output_size"]), not_sizes)
def test_sizes(name, value):
    refused(name, SimpleRNN, **{"input_size": I, "hidden_size": H, "output_size": O, name: value})


@given(st.one_of(st.text(max_size=8), st.none(), st.integers(), st.sampled_from([np.tanh, "Tanh", ["tanh"]])))
def test_activation(value):
    if value not in ("tanh", "relu", "sigmoid", "linear"):
        refused("activation", SimpleRNN, I, H, O, activation=value)


def test_a_misspelt_name_is_recognised():
    with pytest.raises(ValueError, match=r"activation: .* given 'thanh' \(did you mean 'tanh'\?\)"):
        SimpleRNN(I, H, O, activation="thanh")


@given(
    st.sampled_from([("input_initialiser", (I, H)), ("recurrent_initialiser", (H, H)), ("output_initialiser", (H, O))]),
    st.data(),
)
def test_initialisers(which, data):
    name, shape = which
    value = data.draw(
        st.one_of(bad_arrays(shape), st.just("glorot"), bad_arrays(shape).map(lambda v: lambda rng, s: v))
    )
    refused(name, SimpleRNN, I, H, O, **{name: value})


@pytest.mark.parametrize("value", ["float16", "int32", "complex128", "double trouble", 7, None, object()])
def test_dtype(value):
    if value is None:  # np.dtype(None) would be float64
        value = "None"
    refused("dtype", SimpleRNN, I, H, O, dtype=value)


@pytest.mark.parametrize("value", [-1, 1.5, "seed", None, True])
def test_seed(value):
    refused("seed", SimpleRNN, I, H, O, seed=value)


@given(st.data(), st.sampled_from(["x", "h_0", "mask"]), st.sampled_from(["float32", "float64"]))
def test_forward(data, name, dtype):
    net = SimpleRNN(I, H, O, dtype=dtype)
    before = net.theta.copy()
    arguments = {"x": np.zeros((B, T, I)), "h_0": np.zeros((B, H)), "mask": np.ones((B, T), bool)}
    arguments[name] = data.draw(
        {"x": bad_arrays((B, T, I), free=(0, 1)), "h_0": bad_arrays((B, H)), "mask": bad_masks()}[name].filter(
            lambda value: value is not None or name == "x"
        )
    )
    refused(name, net.forward, **arguments)
    np.testing.assert_array_equal(net.theta, before)


@given(bad_arrays((B, T, O)))
def test_backward(dy):
    net = SimpleRNN(I, H, O)
    _, record = net.forward(np.zeros((B, T, I)))
    refused("dy", net.backward, record, dy)


def test_backward_needs_a_record_of_this_network():
    net = SimpleRNN(I, H, O)
    y, record = net.forward(np.zeros((B, T, I)))
    for wrong in (None, y, "record", SimpleRNN(I, H + 1, O).forward(np.zeros((B, T, I)))[1]):
        refused("record", net.backward, wrong, np.ones_like(y))
    refused("record", net.astype("float32").backward, record, np.ones_like(y))


@given(bad_arrays((B, I), free=(0,)), bad_arrays((B, H)).filter(lambda value: value is not None))
def test_step(x_t, h):
    net = SimpleRNN(I, H, O)
    if not isinstance(x_t, np.ndarray) or x_t.shape != (I,):  # one row is right, too
        refused("x_t", net.step, x_t, None)
    refused("h", net.step, np.zeros((B, I)), h)
    if not isinstance(h, np.ndarray) or h.shape != (H,):
        refused("h", net.step, np.zeros(I), h)


def test_numbers_that_do_not_fit_into_float32():
    net = SimpleRNN(I, H, O, dtype="float32")
    refused("x", net.forward, np.full((B, T, I), 1e60))


# ---- losses and optimisers -----------------------------------------------------------------------------------


@given(st.data(), st.sampled_from([MeanSquaredError, BinaryCrossEntropy]), st.sampled_from(["every", "last"]))
def test_targets_of_numbers(data, Loss, steps):
    right = (B, T, O) if steps == "every" else (B, O)
    refused("target", Loss(steps), np.zeros((B, T, O)), data.draw(bad_arrays(right)))


@given(st.floats(-10, 10).filter(lambda value: not 0 <= value <= 1))
def test_binary_targets_are_from_0_to_1(value):
    target = np.zeros((B, T, O))
    target[1, 2, 0] = value
    refused("target", BinaryCrossEntropy(), np.zeros((B, T, O)), target)


@given(st.data(), st.sampled_from(["every", "last"]))
def test_class_numbers(data, steps):
    right = (B, T) if steps == "every" else (B,)
    refused("target", CategoricalCrossEntropy(steps), np.zeros((B, T, O)), data.draw(bad_class_numbers(right)))


@given(st.data(), st.sampled_from([MeanSquaredError(), BinaryCrossEntropy("last")]))
def test_outputs_and_masks_of_losses(data, loss):
    target = np.zeros((B, T, O) if loss.steps == "every" else (B, O))
    refused("mask", loss, np.zeros((B, T, O)), target, data.draw(bad_masks()))
    refused("y", loss, data.draw(st.one_of(spoilt((B, T, O)), st.sampled_from(["y", None, np.zeros(O)]))), target)


@pytest.mark.parametrize("Loss", [MeanSquaredError, BinaryCrossEntropy, CategoricalCrossEntropy])
def test_steps(Loss):
    for value in ("all", "Last", None, 3):
        refused("steps", Loss, value)


@given(not_above_zero)
def test_rates(value):
    refused("learning_rate", SGD, value)
    refused("learning_rate", Adam, value)
    refused("epsilon", Adam, epsilon=value)
    refused("limit", clip_by_global_norm, np.ones(3), value)


@given(st.one_of(st.floats(min_value=1), st.floats(max_value=-1e-300), st.sampled_from([np.nan, "0.9", None, True])))
def test_fractions(value):
    refused("momentum", SGD, 0.1, momentum=value)
    refused("beta_1", Adam, 0.1, beta_1=value)
    refused("beta_2", Adam, 0.1, beta_2=value)


@given(st.one_of(spoilt((3,)), st.sampled_from([None, [1.0, 2.0], np.ones((2, 2)), np.ones(3, int), np.ones(0)])))
def test_gradients_to_clip(value):
    refused("gradient", clip_by_global_norm, value, 1.0)


def test_spectral_radius():
    for value in (-1, np.nan, "1", None):
        refused("radius", with_spectral_radius, value)
    refused("with_spectral_radius", SimpleRNN, I, H, O, input_initialiser=with_spectral_radius(1.0))


# ---- training ------------------------------------------------------------------------------------------------


def training_arguments():
    return {
        "net": SimpleRNN(I, H, O),
        "x": np.ones((B, T, I)),
        "target": np.ones((B, T, O)),
        "loss": MeanSquaredError(),
        "optimiser": Adam(0.01),
        "epochs": 1,
        "batch_size": 2,
        "progress": False,
    }


BAD_TRAINING = {
    "net": st.sampled_from([None, "net", np.zeros(3), SimpleRNN]),
    "x": bad_arrays((B, T, I), free=(0, 1)),
    "target": bad_arrays((B, T, O)),
    "loss": st.sampled_from([None, "mse", MeanSquaredError, np.mean]),
    "optimiser": st.sampled_from(["adam", Adam, 0.01]),
    "epochs": not_sizes,
    "batch_size": not_sizes,
    "mask": bad_masks(),
    "validation": st.sampled_from([np.ones((B, T, I)), (np.ones((B, T, I)),), (1, 2, 3, 4, 5), "x"]),
    "recorders": st.sampled_from([[None], "recorder", [StateRecorder], [np.ones(3)], 7]),
    "clip_norm": not_above_zero.filter(lambda value: value is not None),
    "shuffle": st.sampled_from([None, 1, "yes"]),
    "seed": st.sampled_from([-1, 1.5, None, "seed"]),
    "h_0": bad_arrays((B, H)).filter(lambda value: value is not None),
    "schedule": st.sampled_from([0.1, "cosine", lambda epoch: -1, lambda epoch: "a", lambda epoch: None]),
    "drop": st.sampled_from([0.5, ["W_hh"], {"W_xx": 0.5}, {"b_h": 0.5}]),
    "patience": st.sampled_from([0, 1.5, "long", True]),
    "progress": st.sampled_from([None, 1, "yes"]),
}


@settings(max_examples=300)
@given(st.sampled_from(sorted(BAD_TRAINING)), st.data())
def test_train_refuses_and_changes_nothing(name, data):
    arguments = training_arguments()
    net, optimiser, recorder = arguments["net"], arguments["optimiser"], StateRecorder(np.ones((T, I)))
    train(**arguments | {"recorders": [recorder]})
    theta, memory, states = net.theta.copy(), optimiser.mean.copy(), recorder.states
    arguments["recorders"] = [recorder]
    arguments[name] = data.draw(BAD_TRAINING[name])
    refused(name, train, **arguments)
    np.testing.assert_array_equal(net.theta, theta)
    np.testing.assert_array_equal(optimiser.mean, memory)
    np.testing.assert_array_equal(recorder.states, states)


@pytest.mark.parametrize(
    ("name", "validation"),
    [
        ("validation x", (np.ones((B, T, I + 1)), np.ones((B, T, O)))),
        ("validation target", (np.ones((B, T, I)), np.ones((B, T)))),
        ("validation mask", (np.ones((B, T, I)), np.ones((B, T, O)), np.ones((B, T)))),
        ("validation h_0", (np.ones((B, T, I)), np.ones((B, T, O)), None, np.ones((B, H + 1)))),
    ],
)
def test_validation(name, validation):
    arguments = training_arguments()
    before = arguments["net"].theta.copy()
    refused(name, train, **arguments, validation=validation)
    np.testing.assert_array_equal(arguments["net"].theta, before)


@given(bad_arrays((T, I), free=(0, 1)).filter(lambda value: ndim(value) != 3))
def test_probe(probe):
    refused("probe_x", StateRecorder, probe)


def test_probe_for_another_network():
    recorder = StateRecorder(np.ones((T, I + 1)))
    refused("probe_x", train, **training_arguments(), recorders=[recorder])


def test_recorded_epochs():
    for value in (3, [-1], [1.5], ["one"], 0.5):
        refused("epochs", StateRecorder, np.ones((T, I)), epochs=value)


# ---- the rest ------------------------------------------------------------------------------------------------


def test_gradient_check():
    net, x, target, loss = SimpleRNN(I, H, O), np.ones((B, T, I)), np.ones((B, T, O)), MeanSquaredError()
    refused("net", check_gradients, None, x, target, loss)
    refused("loss", check_gradients, net, x, target, "mse")
    refused("x", check_gradients, net, x[0], target, loss)
    refused("target", check_gradients, net, x, target[0], loss)
    refused("mask", check_gradients, net, x, target, loss, mask=np.ones((B, T)))
    refused("gradients", check_gradients, net, x, target, loss, gradients=[1, 2])
    with pytest.raises(ValueError, match="with some of 'W_ih', 'W_hh', 'b_h', 'W_ho', 'b_o', given {}"):
        check_gradients(net, x, target, loss, gradients={})
    refused("gradients", check_gradients, net, x, target, loss, gradients={"W_oh": np.ones((H, O))})
    refused("gradients['W_ho']", check_gradients, net, x, target, loss, gradients={"W_ho": np.ones((O, H))})


def test_sampling():
    net = SimpleRNN(O, H, O)
    refused("net", sample_sequence, SimpleRNN(I, H, O), [0], 5)
    for start in ([], [O], [-1], [0.5], "a", None, [[0]]):
        refused("start", sample_sequence, net, start, 5)
    for start in ([], (), np.zeros(0, int)):
        with pytest.raises(ValueError, match="start: expected at least one symbol number, given none"):
            sample_sequence(net, start, 5)
    refused("length", sample_sequence, net, [0], -1)
    for temperature in (-1, np.nan, "hot", None):
        refused("temperature", sample_sequence, net, [0], 5, temperature=temperature)
    refused("rng", sample_sequence, net, [0], 5, rng="rng")
