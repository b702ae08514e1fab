"""Outputs, states and gradients of LSTM and GRU against Keras', in float64."""

import numpy as np
import pytest

from helpers.networks import GRU, LSTM, BinaryCrossEntropy, MeanSquaredError

TOLERANCE = 1e-10  # relative, in norm


def same(ours, theirs, what):
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape, what
    assert np.linalg.norm(ours - theirs) <= TOLERANCE * np.linalg.norm(theirs), what
    assert np.linalg.norm(theirs) > 0, what


def layers(keras, net):
    """Keras' layers with the weights of `net`, put in as they are."""
    settings = {"return_sequences": True, "return_state": True, "dtype": "float64"}
    if isinstance(net, LSTM):
        recurrent = keras.layers.LSTM(net.hidden_size, **settings)
    else:
        recurrent = keras.layers.GRU(net.hidden_size, reset_after=net.reset_after, **settings)
    dense = keras.layers.Dense(net.output_size, dtype="float64")
    recurrent.build((None, None, net.input_size))
    dense.build((None, None, net.hidden_size))
    values = list(net.parameters.values())
    recurrent.set_weights(values[:3])
    dense.set_weights(values[3:])
    return recurrent, dense


@pytest.mark.parametrize("masked", [False, True], ids=["all steps", "masked"])
@pytest.mark.parametrize("steps", ["every", "last"])
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "GRU, reset before"])
def test_outputs_states_and_gradients(keras, kind, steps, masked):
    import tensorflow as tf

    for seed in range(3):
        rng = np.random.default_rng([seed, masked, len(steps)])
        B, T, I, H, O = rng.integers(2, [6, 20, 6, 9, 5])
        net = LSTM(I, H, O) if kind == "LSTM" else GRU(I, H, O, reset_after=kind == "GRU")
        net.theta[...] = rng.normal(size=net.theta.size) / np.sqrt(H)
        x, target = rng.normal(size=(B, T, I)), rng.uniform(size=(B, T, O) if steps == "every" else (B, O))
        state = rng.normal(size=(2 if kind == "LSTM" else 1, B, H))
        mask = None
        if masked:
            mask = rng.random((B, T)) < 0.6
            mask[:, 0] = True  # before the first real step Keras puts out zeros instead of the initial state
        Loss, keras_loss = [
            (MeanSquaredError, keras.losses.MeanSquaredError(dtype="float64")),
            (BinaryCrossEntropy, keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")),
        ][seed % 2]

        recurrent, dense = layers(keras, net)
        with tf.GradientTape() as tape:
            inputs, start = tf.constant(x), [tf.constant(s) for s in state]
            tape.watch([inputs, *start])
            keras_mask = None if mask is None else tf.constant(mask)
            keras_h, *keras_last = recurrent(inputs, initial_state=start, mask=keras_mask)
            keras_y = dense(keras_h)
            if steps == "last":
                keras_J = keras_loss(target, keras_y[:, -1])
            else:
                if masked:
                    keras_y._keras_mask = keras.ops.convert_to_tensor(mask)
                keras_J = keras_loss(target, keras_y)
        variables = [v.value for v in recurrent.trainable_variables + dense.trainable_variables]
        *theirs, keras_dx, keras_dstate = tape.gradient(keras_J, [*variables, inputs, start])

        h_0 = tuple(state) if kind == "LSTM" else state[0]
        y, record = net.forward(x, h_0, mask)
        J, dy = Loss(steps)(y, target, mask)
        gradients = net.backward(record, dy)
        same(record.h[:, 1:], keras_h, "h")
        same(record.h_last, keras_last[0], "h_last")
        same(y, keras_y, "y")
        same(J, keras_J, "J")
        for name, gradient in zip(gradients, theirs, strict=True):
            same(gradients[name], gradient, name)
        same(gradients.x, keras_dx, "x")
        same(gradients.h[:, 0], keras_dstate[0], "h_0")
        if kind == "LSTM":
            same(record.c_last, keras_last[1], "c_last")
            same(gradients.c[:, 0], keras_dstate[1], "c_0")


def test_the_same_first_biases(keras):
    for net in (LSTM(3, 4, 2), LSTM(3, 4, 2, unit_forget_bias=False), GRU(3, 4, 2), GRU(3, 4, 2, reset_after=False)):
        settings = {"reset_after": net.reset_after} if isinstance(net, GRU) else {}
        if isinstance(net, LSTM):
            settings = {"unit_forget_bias": bool(net.parameters["b_h"].any())}
        layer = getattr(keras.layers, type(net).__name__)(4, **settings)
        layer.build((None, None, 3))
        for ours, theirs in zip(net.parameters.values(), layer.get_weights(), strict=False):
            assert ours.shape == theirs.shape
        np.testing.assert_array_equal(net.parameters["b_h"], layer.get_weights()[2])
