"""The feedforward network: formulas, Keras, gradients, the border's errors, and the machinery it shares with others."""

import copy
import pickle

import numpy as np
import pytest

from helpers.networks import (
    SGD,
    Adam,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    FeedForward,
    GradientMismatch,
    MeanSquaredError,
    SimpleRNN,
    Snapshots,
    StateRecorder,
    check_gradients,
    train,
)

ACTIVATIONS = ["tanh", "relu", "sigmoid", "linear"]
LOSSES = [MeanSquaredError, BinaryCrossEntropy, CategoricalCrossEntropy]
SHAPES = [(3, 2), (2, 3, 1), (4, 5, 3), (2, 4, 3, 2), (1, 1, 1), (3, 2, 4, 5, 2)]


def problem(seed, sizes, activation="tanh", Loss=MeanSquaredError, time_steps=None, steps="every"):
    """A random network with a random task of the given sizes."""
    rng = np.random.default_rng(seed)
    net = FeedForward(sizes, activation)
    net.theta[...] = rng.normal(size=net.theta.size)
    lead = (6,) if time_steps is None else (6, time_steps)
    x = rng.normal(size=(*lead, sizes[0]))
    lead = lead[:1] if steps == "last" else lead
    if Loss is CategoricalCrossEntropy:
        target = rng.integers(0, sizes[-1], lead)
    else:
        target = rng.uniform(size=(*lead, sizes[-1]))
    return net, x, target, Loss(steps=steps)


# ---- formulas ------------------------------------------------------------------------------------------------


def test_names_shapes_and_formula_of_one_hidden_layer():
    net = FeedForward((2, 3, 1), seed=5)
    assert {name: p.shape for name, p in net.parameters.items()} == {
        "W_ih": (2, 3),
        "b_h": (3,),
        "W_ho": (3, 1),
        "b_o": (1,),
    }
    net.parameters["b_h"] = [0.1, 0.2, 0.3]
    W_ih, b_h, W_ho, b_o = net.parameters.values()
    x = np.random.default_rng(0).normal(size=(4, 2))
    y, record = net.forward(x)
    np.testing.assert_allclose(y, np.tanh(x @ W_ih + b_h) @ W_ho + b_o, rtol=0, atol=1e-15)
    np.testing.assert_allclose(record.h, np.tanh(record.a), rtol=0, atol=1e-15)
    assert record.h.shape == record.a.shape == (4, 3) and record.x.shape == (4, 2) and record.y.shape == (4, 1)


def test_other_depths_number_their_layers():
    assert list(FeedForward((3, 2)).parameters) == ["W_1", "b_1"]
    deep = FeedForward((2, 4, 3, 2))
    assert list(deep.parameters) == ["W_1", "b_1", "W_2", "b_2", "W_3", "b_3"]
    assert (deep.input_size, deep.hidden_sizes, deep.output_size) == (2, [4, 3], 2)
    _, record = deep.forward(np.ones((5, 2)))
    assert [h.shape for h in record.all_h] == [(5, 4), (5, 3)]
    _, flat = FeedForward((3, 2)).forward(np.ones((5, 3)))
    assert flat.all_h == () and flat.a is None
    np.testing.assert_array_equal(flat.h, np.ones((5, 3)))


def test_it_is_the_recurrent_network_without_its_loop():
    """SimpleRNN with W_hh = 0 gives the same outputs; that is the whole difference between the two."""
    rnn = SimpleRNN(3, 4, 2, recurrent_initialiser="zeros", seed=2)
    net = FeedForward((3, 4, 2))
    for name in net.parameters:
        net.parameters[name] = rnn.parameters[name]
    x = np.random.default_rng(1).normal(size=(2, 5, 3))
    np.testing.assert_allclose(net.forward(x)[0], rnn.forward(x)[0], rtol=0, atol=1e-14)


def test_every_step_is_treated_alone():
    net, x, _, _ = problem(0, (2, 4, 3, 2), time_steps=5)
    y, record = net.forward(x)
    assert y.shape == (6, 5, 2) and record.h.shape == (6, 5, 3) and record.states.shape == (6, 5, 3)
    for t in range(5):
        np.testing.assert_allclose(y[:, t], net.forward(x[:, t])[0], rtol=0, atol=1e-13)
    other_past = x.copy()
    other_past[:, :4] += 1
    np.testing.assert_array_equal(net.forward(other_past)[0][:, 4], y[:, 4])


# ---- gradients -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("Loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_of_random_networks(activation, Loss):
    checked = 0
    for seed, sizes in enumerate(SHAPES):
        if Loss is CategoricalCrossEntropy and sizes[-1] == 1:
            continue
        for time_steps, steps in [(None, "every"), (None, "last"), (3, "every"), (3, "last")]:
            net, x, target, loss = problem(seed, sizes, activation, Loss, time_steps, steps)
            report = check_gradients(net, x, target, loss)
            for name in net.parameters:
                assert report.errors[name]["central differences"] <= 1e-7, (sizes, name)
                assert report.errors[name]["complex step"] <= 1e-12, (sizes, name)
            checked += 1
    assert checked >= 12


@pytest.mark.parametrize("time_steps", [None, 4])
def test_gradients_of_inputs_and_hidden_layers(time_steps):
    net, x, target, loss = problem(3, (2, 4, 3, 2), time_steps=time_steps)
    y, record = net.forward(x)
    gradients = net.backward(record, loss(y, target)[1])
    assert [g.shape for g in gradients.all_h] == [h.shape for h in record.all_h]
    assert [g.shape for g in gradients.all_a] == [a.shape for a in record.all_a]
    for dh, da, h in zip(gradients.all_h, gradients.all_a, record.all_h, strict=True):
        np.testing.assert_allclose(da, dh * (1 - h**2), rtol=0, atol=1e-15)
    complex_net, measured = net.astype("complex128"), np.empty(x.shape)
    for place in np.ndindex(x.shape):
        nudged = x.astype(complex)
        nudged[place] += 1e-30j
        measured[place] = loss(complex_net.forward(nudged)[0], target)[0].imag / 1e-30
    assert np.linalg.norm(gradients.x - measured) <= 1e-12 * np.linalg.norm(measured)


def test_the_check_names_what_is_wrong():
    net, x, target, loss = problem(2, (3, 3, 2))
    y, record = net.forward(x)
    right = net.backward(record, loss(y, target)[1])
    own = {name: right[name].copy() for name in right}
    assert list(check_gradients(net, x, target, loss, gradients=own).errors) == list(net.parameters)
    with pytest.raises(GradientMismatch, match=r"^W_ih\[.*transpose would be right"):
        check_gradients(net, x, target, loss, gradients=own | {"W_ih": own["W_ih"].T})
    with pytest.raises(GradientMismatch, match=r"^b_h\[.*given is 0"):
        check_gradients(net, x, target, loss, gradients=own | {"b_h": np.zeros(3)})


def test_relu_at_its_kink_is_left_to_the_complex_step():
    net = FeedForward((1, 2, 1), "relu", seed=1)
    report = check_gradients(net, np.zeros((3, 1)), np.ones((3, 1)), MeanSquaredError())
    assert report.errors["b_h"]["complex step"] == 0.0


# ---- training, copies, recorders -----------------------------------------------------------------------------


@pytest.mark.parametrize("Loss", LOSSES)
def test_one_step_of_training_is_gradient_descent(Loss):
    net, x, target, loss = problem(4, (2, 4, 3), Loss=Loss)
    y, record = net.forward(x)
    J, dy = loss(y, target)
    expected = net.theta - 0.1 * net.backward(record, dy).theta
    history = train(net, x, target, loss, SGD(0.1), epochs=1, batch_size=len(x), progress=False, validation=(x, target))
    np.testing.assert_allclose(net.theta, expected, rtol=0, atol=1e-14)
    assert history.loss == [pytest.approx(J, abs=1e-12)]
    assert history.validation_loss == [pytest.approx(loss(net.forward(x)[0], target)[0], abs=1e-12)]


def test_training_learns_exclusive_or_and_is_repeatable():
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
    target = np.array([[0], [1], [1], [0.0]])
    nets = [FeedForward((2, 4, 1), seed=1) for _ in range(2)]
    for net in nets:
        train(net, x, target, BinaryCrossEntropy(), Adam(0.05), epochs=400, progress=False)
    assert ((nets[0].forward(x)[0] > 0) == target).all()
    np.testing.assert_array_equal(nets[0].theta, nets[1].theta)


def test_masked_steps_of_sequences_count_nothing():
    net, x, target, loss = problem(1, (2, 3, 1), time_steps=4)
    mask = np.ones((6, 4), bool)
    mask[:, 2:] = False
    y, record = net.forward(x, mask=mask)
    assert (record.mask == mask).all()
    J, dy = loss(y, target, mask)
    assert J == pytest.approx(loss(y[:, :2], target[:, :2])[0], abs=1e-14)
    assert (dy[:, 2:] == 0).all()
    check_gradients(net, x, target, loss, mask=mask)


def test_copies_are_independent_and_views_stay_views():
    net = FeedForward((2, 3, 1), seed=1)
    for other in (net.copy(), copy.copy(net), copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        other.parameters["W_ih"][0, 0] = 7
        assert net.parameters["W_ih"][0, 0] != 7 and other.theta[0] == 7
    small = net.astype("float32")
    y, _ = small.forward(np.ones((2, 2)))
    assert y.dtype == small.theta.dtype == np.float32
    np.testing.assert_allclose(y, net.forward(np.ones((2, 2)))[0], rtol=1e-5)


def test_the_record_keeps_what_it_was_given():
    net, x, target, loss = problem(0, (2, 3, 1))
    y, record = net.forward(x)
    dy = loss(y, target)[1]
    right = net.backward(record, dy).theta.copy()
    x[...] = 0
    np.testing.assert_array_equal(net.backward(record, dy).theta, right)


def test_recorders_see_every_epoch():
    net, x, target, loss = problem(5, (2, 3, 1))
    states, snapshots = StateRecorder(x, epochs=[0, 2]), Snapshots(epochs=[0, 2])
    before = net.copy()
    train(net, x, target, loss, epochs=3, recorders=[states, snapshots], progress=False)
    assert states.epochs == snapshots.epochs == [0, 2]
    assert states.states.shape == (2, 6, 3) and states.outputs.shape == (2, 6, 1)
    np.testing.assert_array_equal(snapshots.networks[0].theta, before.theta)
    np.testing.assert_allclose(snapshots.networks[1].forward(x)[0], states.outputs[1], atol=1e-6)
    assert (snapshots.networks[1].theta != net.theta).any()
    train(net, x, target, loss, epochs=1, recorders=[snapshots], progress=False)
    assert snapshots.epochs == [0]


# ---- bad input -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sizes": (2, 0, 1)}, r"sizes\[1\]: expected a whole number of at least 1, given 0"),
        ({"sizes": (2, -3, 1)}, r"sizes\[1\]: expected a whole number of at least 1, given -3"),
        ({"sizes": (2.0, 3, 1)}, r"sizes\[0\]: expected a whole number of at least 1, given 2\.0"),
        ({"sizes": (2,)}, "sizes: expected a tuple of at least two sizes"),
        ({"sizes": 3}, "sizes: expected a tuple of at least two sizes"),
        ({"sizes": (2, 3, 1), "activation": "tahn"}, "did you mean 'tanh'"),
        (
            {"sizes": (2, 3, 1), "initialiser": ("zeros",)},
            "initialiser: expected one, or one for each of 2 layers, given 1",
        ),
        ({"sizes": (2, 3, 1), "initialiser": "glorot"}, "initialiser: expected one of"),
        ({"sizes": (2, 3, 1), "seed": -1}, "seed: expected"),
        ({"sizes": (2, 3, 1), "dtype": "int8"}, "dtype: expected"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        FeedForward(**arguments)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.ones((4, 3)), r"x: expected shape \(B, 2\) with B at least 1, given shape \(4, 3\)"),
        (np.ones((4, 5, 3)), r"x: expected shape \(B, T, 2\)"),
        (np.ones(2), r"x: expected shape \(B, 2\)"),
        (np.ones((0, 2)), r"x: expected shape \(B, 2\)"),
        ([[1.0, np.nan]], "x: expected finite numbers, given nan at"),
        ([["a", "b"]], "x: expected"),
    ],
)
def test_bad_inputs(x, message):
    net = FeedForward((2, 3, 1))
    before = net.theta.copy()
    with pytest.raises(ValueError, match=message):
        net.forward(x)
    with pytest.raises(ValueError, match="x: expected"):
        train(net, x, np.ones((4, 1)), MeanSquaredError(), progress=False)
    np.testing.assert_array_equal(net.theta, before)


def test_targets_and_masks_that_do_not_fit():
    net, x, target, _ = problem(0, (2, 3, 2))
    y, record = net.forward(x)
    cases = [
        (BinaryCrossEntropy(), target + 1, "target: expected numbers from 0 to 1"),
        (BinaryCrossEntropy(), target[:, 0], r"target: expected shape \(6, 2\), given shape \(6,\)"),
        (CategoricalCrossEntropy(), target, "target: expected whole numbers from 0 to 1, given an array of float64"),
        (CategoricalCrossEntropy(), np.full(6, 2), "target: expected whole numbers from 0 to 1, given 2"),
        (MeanSquaredError(steps="last"), target[:3], r"target: expected shape \(6, 2\)"),
    ]
    for loss, wrong, message in cases:
        with pytest.raises(ValueError, match=message):
            loss(y, wrong)
        with pytest.raises(ValueError, match=message):
            train(net, x, wrong, loss, progress=False)
    with pytest.raises(ValueError, match="mask: expected None, because there are no time steps"):
        MeanSquaredError()(y, target, mask=np.ones((6, 1), bool))
    with pytest.raises(ValueError, match="mask: expected None, because there are no time steps"):
        train(net, x, target, MeanSquaredError(), mask=np.ones((6, 1), bool), progress=False)


def test_states_records_and_gradients_that_do_not_fit():
    net, x, target, loss = problem(0, (2, 3, 1))
    y, record = net.forward(x)
    with pytest.raises(ValueError, match="h_0: expected None, because a feedforward network has no state"):
        net.forward(x, h_0=np.zeros((6, 3)))
    with pytest.raises(ValueError, match="record: expected the record that forward of this network returned"):
        net.backward(y, y)
    with pytest.raises(ValueError, match=r"record: expected one of FeedForward\(\(2, 4, 1\)"):
        FeedForward((2, 4, 1)).backward(record, y)
    with pytest.raises(ValueError, match=r"dy: expected shape \(6, 1\)"):
        net.backward(record, y[:, 0])
