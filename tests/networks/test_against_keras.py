"""Outputs and gradients against Keras' SimpleRNN, in float64."""

import numpy as np
import pytest

from helpers.networks import SGD, Adam, BinaryCrossEntropy, CategoricalCrossEntropy, MeanSquaredError, SimpleRNN

TOLERANCE = 1e-10  # relative, in norm


def same(ours, theirs, what):
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape, what
    assert np.linalg.norm(ours - theirs) <= TOLERANCE * np.linalg.norm(theirs), what
    assert np.linalg.norm(theirs) > 0, what


def keras_layers(keras, net):
    """Keras layers with the weights of `net`, and their variables in the order of net.parameters."""
    rnn = keras.layers.SimpleRNN(
        net.hidden_size, activation=net.activation, return_sequences=True, return_state=True, dtype="float64"
    )
    dense = keras.layers.Dense(net.output_size, dtype="float64")
    rnn.build((None, None, net.input_size))
    dense.build((None, None, net.hidden_size))
    W_ih, W_hh, b_h, W_ho, b_o = net.parameters.values()
    rnn.set_weights([W_ih, W_hh, b_h])
    dense.set_weights([W_ho, b_o])
    return rnn, dense, [v.value for v in rnn.trainable_variables + dense.trainable_variables]


def keras_loss(keras, loss, target, y, mask):
    """The loss as Keras computes it: a mask on the outputs, mean over the steps it counts."""
    kinds = {
        "MeanSquaredError": keras.losses.MeanSquaredError,
        "BinaryCrossEntropy": lambda **k: keras.losses.BinaryCrossentropy(from_logits=True, **k),
        "CategoricalCrossEntropy": lambda **k: keras.losses.SparseCategoricalCrossentropy(from_logits=True, **k),
    }
    function = kinds[type(loss).__name__](dtype="float64")
    if loss.steps == "last":
        return function(target, y[:, -1])
    if mask is not None:
        y._keras_mask = keras.ops.convert_to_tensor(mask)
    return function(target, y)


@pytest.mark.parametrize("masked", [False, True], ids=["all steps", "masked"])
@pytest.mark.parametrize("steps", ["every", "last"])
@pytest.mark.parametrize("Loss", [MeanSquaredError, BinaryCrossEntropy, CategoricalCrossEntropy])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
def test_outputs_and_gradients(keras, activation, Loss, steps, masked):
    import tensorflow as tf

    for seed in range(2):
        rng = np.random.default_rng([seed, masked, len(steps)])
        B, T, I, H, O = rng.integers(2, [6, 12, 6, 9, 5])
        net = SimpleRNN(I, H, O, activation=activation, seed=seed)
        net.theta[...] = rng.normal(size=net.theta.size) / np.sqrt(H)
        loss = Loss(steps=steps)
        x = rng.normal(size=(B, T, I))
        lead = (B, T) if steps == "every" else (B,)
        target = rng.integers(0, O, lead) if Loss is CategoricalCrossEntropy else rng.uniform(size=(*lead, O))
        # Keras puts out zeros, not the initial state, before the first real step: so start from zero there.
        h_0 = np.zeros((B, H)) if masked else rng.normal(size=(B, H))
        mask = None
        if masked:
            mask = rng.random((B, T)) < 0.6
            mask[:, rng.integers(T)] = True

        rnn, dense, variables = keras_layers(keras, net)
        with tf.GradientTape() as tape:
            start = tf.constant(h_0)
            inputs = tf.constant(x)
            tape.watch([start, inputs])
            keras_h, keras_last = rnn(inputs, initial_state=[start], mask=None if mask is None else tf.constant(mask))
            keras_y = dense(keras_h)
            keras_J = keras_loss(keras, loss, target, keras_y, mask)
        keras_gradients = tape.gradient(keras_J, [*variables, inputs, start])

        y, record = net.forward(x, h_0, mask)
        J, dy = loss(y, target, mask)
        gradients = net.backward(record, dy)
        same(record.h[:, 1:], keras_h, "h")
        same(record.h_last, keras_last, "h_last")
        same(y, keras_y, "y")
        same(J, keras_J, "J")
        for name, theirs in zip(gradients, keras_gradients, strict=False):
            same(gradients[name], theirs, name)
        same(gradients.x, keras_gradients[-2], "x")
        if not masked:
            same(gradients.h[:, 0], keras_gradients[-1], "h_0")


@pytest.mark.parametrize("kind", ["SGD", "momentum", "Adam"])
def test_optimisers_take_the_same_steps(keras, kind):
    coarse = 7 / 8, 1023 / 1024, 2.0**-23  # Keras sends its settings through float32: take some that fit
    ours, theirs = {
        "SGD": lambda: (SGD(1 / 8), keras.optimizers.SGD(1 / 8)),
        "momentum": lambda: (SGD(1 / 8, momentum=7 / 8), keras.optimizers.SGD(1 / 8, momentum=7 / 8)),
        "Adam": lambda: (Adam(1 / 128, *coarse), keras.optimizers.Adam(1 / 128, *coarse)),
    }[kind]()
    rng = np.random.default_rng(0)
    theta = rng.normal(size=20)
    variable = keras.Variable(theta, dtype="float64")
    theirs.build([variable])
    for _ in range(30):
        gradient = rng.normal(size=20)
        ours.update(theta, gradient.copy())
        theirs.apply([keras.ops.convert_to_tensor(gradient)])
    np.testing.assert_allclose(theta, np.asarray(variable.value), rtol=0, atol=1e-12)
