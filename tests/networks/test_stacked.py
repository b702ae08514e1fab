"""Recurrent layers one above the other: gradients, states, masks, and Keras' layers with the same weights."""

import numpy as np
import pytest

from helpers.networks import (
    GRU,
    LSTM,
    Adam,
    CategoricalCrossEntropy,
    MeanSquaredError,
    SimpleRNN,
    Stacked,
    StateRecorder,
    batches,
    check_gradients,
    gradient_by_lag,
    sample_sequence,
    train,
)

KINDS = [
    (SimpleRNN, {"activation": "sigmoid"}),
    (SimpleRNN, {"activation": "relu"}),
    (LSTM, {}),
    (GRU, {}),
    (GRU, {"reset_after": False}),
]


def problem(seed=0, inputs=2):
    rng = np.random.default_rng(seed)
    mask = rng.random((3, 6)) < 0.7
    mask[:, 0] = True
    return rng.normal(size=(3, 6, inputs)), rng.normal(size=(3, 6, 2)), mask


@pytest.mark.parametrize(("kind", "settings"), KINDS)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("steps", ["every", "last"])
def test_gradients(kind, settings, masked, steps):
    x, target, mask = problem()
    net = Stacked(2, (4, 3, 2), 2, kind, seed=1, **settings)
    target = target[:, -1] if steps == "last" else target
    check_gradients(net, x, target, MeanSquaredError(steps), mask=mask if masked else None)
    h_0 = net.forward(x)[1].state_last
    check_gradients(net, x, target, MeanSquaredError(steps), h_0=h_0)


@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_the_gradient_of_first_state_and_inputs(kind, settings):
    x, target, _ = problem()
    net, loss = Stacked(2, (4, 3), 2, kind, seed=1, **settings), MeanSquaredError()
    h_0 = net.forward(x)[1].state_last
    y, record = net.forward(x, h_0)
    gradients = net.backward(record, loss(y, target)[1])

    def flat(state):
        return [part for each in state for part in (each if isinstance(each, tuple) else (each,))]

    def J():
        return loss(net.forward(x, h_0)[0], target)[0]

    for values, expected in [(x, gradients.x), *zip(flat(h_0), flat(gradients.state_0), strict=True)]:
        for place in list(np.ndindex(values.shape))[::5]:
            kept, around = values[place], []
            for step in (1e-6, -1e-6):
                values[place] = kept + step
                around.append(J())
            values[place] = kept
            assert expected[place] == pytest.approx((around[0] - around[1]) / 2e-6, abs=1e-8)


@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_one_layer_is_the_network_itself(kind, settings):
    x, target, mask = problem()
    stacked, alone = Stacked(2, (4,), 2, kind, seed=1, **settings), kind(2, 4, 2, seed=5, **settings)
    alone.theta = stacked.theta
    nets = [stacked, alone]
    for net in nets:
        train(net, x, target, MeanSquaredError(), Adam(0.01), epochs=3, mask=mask, progress=False)
    np.testing.assert_array_equal(stacked.theta, alone.theta)


@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_steps_pieces_and_stretches_give_the_same(kind, settings, monkeypatch):
    x, target, mask = problem()
    net = Stacked(2, (4, 3), 2, kind, seed=1, **settings)
    whole, record = net.forward(x)
    first, part = net.forward(x[:, :2])
    rest, last = net.forward(x[:, 2:], part.state_last)
    np.testing.assert_allclose(np.concatenate([first, rest], axis=1), whole, atol=1e-14)
    y, h = [], None
    for t in range(6):
        y_t, h = net.step(x[:, t], h)
        y.append(y_t)
    np.testing.assert_allclose(np.stack(y, axis=1), whole, atol=1e-14)
    assert len(record.state_last) == 2 and record.states.shape == (3, 6, 3)
    nets = [net.copy(), net.copy()]
    for one, stretch in zip(nets, (6, 4), strict=True):
        monkeypatch.setattr(batches, "STRETCH", stretch)
        train(one, x, target, MeanSquaredError(), Adam(0.01), epochs=3, mask=mask, progress=False)
    np.testing.assert_allclose(nets[0].theta, nets[1].theta, rtol=1e-9)


@pytest.mark.parametrize(("kind", "settings"), KINDS)
@pytest.mark.parametrize("masked", [False, True])
def test_it_is_the_stack_that_keras_builds(keras, kind, settings, masked):
    """Outputs at every step and at the last one, states of both layers, and the gradients of all weights."""
    import tensorflow as tf

    x, target, mask = problem()
    mask = mask if masked else None
    net = Stacked(2, (4, 3), 2, kind, seed=1, **settings)
    net.theta = np.random.default_rng(3).normal(size=net.theta.size) / 2  # biases too
    common = settings | {"return_sequences": True, "dtype": "float64"}
    layers = [getattr(keras.layers, kind.__name__)(size, **common) for size in net.hidden_sizes]
    dense = keras.layers.Dense(2, dtype="float64")
    for layer, inputs in zip([*layers, dense], (2, 4, 3), strict=True):
        layer.build((None, None, inputs))
    values = list(net.parameters.values())
    for layer, weights in zip([*layers, dense], (values[:3], values[3:6], values[6:]), strict=True):
        layer.set_weights(weights)
    with tf.GradientTape() as tape:
        states = layers[0](x, mask=mask)
        states = layers[1](states, mask=mask)
        outputs = dense(states)
        J = tf.reduce_mean((outputs - target) ** 2)
    theirs = tape.gradient(J, [weight.value for layer in [*layers, dense] for weight in layer.trainable_weights])
    y, record = net.forward(x, mask=mask)
    assert np.linalg.norm(y - outputs.numpy()) < 1e-12 * np.linalg.norm(y)
    assert np.linalg.norm(record.states - states.numpy()) < 1e-12 * np.linalg.norm(record.states)
    gradients = net.backward(record, MeanSquaredError()(y, target)[1])
    for name, their in zip(gradients, theirs, strict=True):
        assert np.linalg.norm(gradients[name] - their.numpy()) < 1e-10 * np.linalg.norm(gradients[name]), name
    layers[1].return_sequences = False
    np.testing.assert_allclose(dense(layers[1](layers[0](x, mask=mask), mask=mask)), y[:, -1], atol=1e-12)


def test_copies_are_independent_and_share_nothing():
    net = Stacked(2, (4, 3), 2, GRU, seed=1)
    other = net.copy()
    other.theta *= 0
    assert net.theta.any() and not other.forward(problem()[0])[0].any()
    net.parameters["1 W_ih"] = np.zeros((2, 12))
    assert not net.layers[0].parameters["W_ih"].any()
    assert net.astype("float32").forward(problem()[0])[0].dtype == np.float32


def test_what_recurrent_networks_can_it_can():
    x, target, _ = problem()
    net, recorder = Stacked(2, (4, 3), 2, LSTM), StateRecorder(x[0])
    train(net, x, target, MeanSquaredError(), epochs=2, drop={"2 W_ih": 0.5}, recorders=recorder, progress=False)
    assert recorder.states.shape == (3, 6, 3)
    assert gradient_by_lag(net, x).shape == (3, 7)
    speller = Stacked(4, (5, 3), 4, GRU, dtype="float32")
    assert len(sample_sequence(speller, [1, 2], 6)) == 6
    classes = np.zeros((3, 6), int)
    train(Stacked(2, [4], 2), x, classes, CategoricalCrossEntropy(), epochs=1, progress=False)


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ("hidden_sizes: expected a tuple", lambda: Stacked(2, 4, 1)),
        ("hidden_sizes: expected a tuple", lambda: Stacked(2, (), 1)),
        (r"hidden_sizes\[1\]: expected a whole number", lambda: Stacked(2, (4, 0), 1)),
        ("input_size: expected", lambda: Stacked(0, (4,), 1)),
        ("output_size: expected", lambda: Stacked(2, (4, 3), 0)),
        ("kind: expected a class", lambda: Stacked(2, (4,), 1, "GRU")),
        ("kind: expected a class", lambda: Stacked(2, (4,), 1, Stacked)),
        ("activation: expected", lambda: Stacked(2, (4,), 1, SimpleRNN, activation="softmax")),
        ("h_0: expected a tuple of 2 states", lambda: two_layers().forward(problem()[0], np.ones((3, 3)))),
        (r"h_0\[1\]: expected shape \(3, 3\)", lambda: two_layers().forward(problem()[0], [np.ones((3, 4))] * 2)),
        ("record: expected", lambda: two_layers().backward(GRU(2, 3, 1).forward(problem()[0])[1], np.ones((3, 6, 1)))),
    ],
)
def test_it_complains_in_words(words, call):
    with pytest.raises(ValueError, match=words):
        call()


def two_layers():
    return Stacked(2, (4, 3), 1, GRU)
