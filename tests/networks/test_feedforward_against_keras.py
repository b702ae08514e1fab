"""The feedforward network against a stack of Keras' Dense layers: outputs and gradients, in float64."""

import numpy as np
import pytest

from helpers.networks import BinaryCrossEntropy, CategoricalCrossEntropy, FeedForward, MeanSquaredError

ACTIVATIONS = ["tanh", "relu", "sigmoid", "linear"]
LOSSES = [MeanSquaredError, BinaryCrossEntropy, CategoricalCrossEntropy]


def problem(seed, sizes, activation, Loss, time_steps):
    """A random network with a random task of the given sizes."""
    rng = np.random.default_rng(seed)
    net = FeedForward(sizes, activation)
    net.theta[...] = rng.normal(size=net.theta.size)
    lead = (6,) if time_steps is None else (6, time_steps)
    x = rng.normal(size=(*lead, sizes[0]))
    labels = Loss is CategoricalCrossEntropy
    target = rng.integers(0, sizes[-1], lead) if labels else rng.uniform(size=(*lead, sizes[-1]))
    return net, x, target, Loss()


@pytest.mark.parametrize("time_steps", [None, 4])
@pytest.mark.parametrize("Loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_equal_to_a_stack_of_keras_dense_layers(keras, activation, Loss, time_steps):
    import tensorflow as tf

    kinds = {
        MeanSquaredError: keras.losses.MeanSquaredError,
        BinaryCrossEntropy: lambda **k: keras.losses.BinaryCrossentropy(from_logits=True, **k),
        CategoricalCrossEntropy: lambda **k: keras.losses.SparseCategoricalCrossentropy(from_logits=True, **k),
    }
    for seed, sizes in enumerate([(3, 2), (4, 5, 3), (2, 4, 3, 2)]):
        net, x, target, loss = problem(seed, sizes, activation, Loss, time_steps)
        kinds_of_layers = [activation] * (len(sizes) - 2) + [None]
        layers = [
            keras.layers.Dense(n, activation=a, dtype="float64")
            for n, a in zip(sizes[1:], kinds_of_layers, strict=True)
        ]
        values = list(net.parameters.values())
        for k, layer in enumerate(layers):
            layer.build((None, sizes[k]))
            layer.set_weights(values[2 * k : 2 * k + 2])
        variables = [v.value for layer in layers for v in layer.trainable_variables]
        with tf.GradientTape() as tape:
            inputs = tf.constant(x)
            tape.watch(inputs)
            out = inputs
            for layer in layers:
                out = layer(out)
            keras_J = kinds[Loss](dtype="float64")(target, out)
        keras_gradients = tape.gradient(keras_J, [*variables, inputs])
        y, record = net.forward(x)
        J, dy = loss(y, target)
        gradients = net.backward(record, dy)
        pairs = [("y", y, out), ("J", J, keras_J), ("x", gradients.x, keras_gradients[-1])]
        pairs += [(name, gradients[name], g) for name, g in zip(net.parameters, keras_gradients[:-1], strict=True)]
        for name, ours, theirs in pairs:
            ours, theirs = np.asarray(ours), np.asarray(theirs)
            assert ours.shape == theirs.shape, name
            assert 0 < np.linalg.norm(theirs), name
            assert np.linalg.norm(ours - theirs) <= 1e-10 * np.linalg.norm(theirs), name
