"""Two directions in one network: gradients, padding, and Keras' Bidirectional as a judge."""

import numpy as np
import pytest

from helpers.networks import (
    GRU,
    LSTM,
    Adam,
    Bidirectional,
    CategoricalCrossEntropy,
    GradientMismatch,
    MeanSquaredError,
    SimpleRNN,
    check_gradients,
    train,
)

KINDS = [SimpleRNN, GRU, LSTM]


def example(kind, seed=0, B=3, T=6, I=3, H=4, O=2):
    rng = np.random.default_rng(seed)
    net = Bidirectional(I, H, O, kind, seed=seed)
    net.theta[...] = rng.normal(size=net.theta.size) / 2
    mask = np.arange(T) < rng.integers(1, T + 1, B)[:, None]
    return net, rng.normal(size=(B, T, I)), mask, rng.normal(size=(B, O))


@pytest.mark.parametrize("masked", [False, True], ids=["all steps", "masked"])
@pytest.mark.parametrize("kind", KINDS)
def test_gradients(kind, masked):
    net, x, mask, target = example(kind)
    report = check_gradients(net, x, target, MeanSquaredError("last"), mask if masked else None)
    assert list(report.errors) == list(net.parameters) and len(report.errors) == 8


def test_a_wrong_gradient_is_found():
    net, x, mask, target = example(SimpleRNN)
    y, record = net.forward(x, mask=mask)
    gradients = dict(net.backward(record, MeanSquaredError("last")(y, target)[1]).items())
    gradients["← W_hh"] = gradients["← W_hh"].T
    with pytest.raises(GradientMismatch, match="← W_hh.*transpose"):
        check_gradients(net, x, target, MeanSquaredError("last"), mask, gradients=gradients)


@pytest.mark.parametrize("kind", KINDS)
def test_each_direction_is_the_network_alone(kind):
    net, x, mask, _ = example(kind, seed=1)
    y, record = net.forward(x, mask=mask)
    for b, length in enumerate(mask.sum(axis=1)):  # without padding, clip by clip
        lasts = []
        for arrow, read in (("→", x[b : b + 1, :length]), ("←", x[b : b + 1, :length][:, ::-1])):
            alone = kind(3, 4, 2)
            alone.parameters.update({name: net.parameters[f"{arrow} {name}"] for name in ("W_ih", "W_hh", "b_h")})
            lasts.append(alone.forward(read)[1].h_last[0])
        np.testing.assert_allclose(record.last[b], np.concatenate(lasts), atol=1e-14)
        expected = np.concatenate(lasts) @ net.parameters["W_ho"] + net.parameters["b_o"]
        np.testing.assert_allclose(y[b, 0], expected, atol=1e-14)


def test_padding_changes_nothing_whatever_stands_there():
    net, x, mask, _ = example(LSTM, seed=2)
    y, _ = net.forward(x, mask=mask)
    rubbish = np.where(mask[:, :, None], x, 1e6)
    longer = np.pad(rubbish, ((0, 0), (0, 5), (0, 0))), np.pad(mask, ((0, 0), (0, 5)))
    np.testing.assert_array_equal(net.forward(rubbish, mask=mask)[0], y)
    np.testing.assert_allclose(net.forward(longer[0], mask=longer[1])[0], y, atol=1e-15)
    assert np.abs(net.forward(x)[0] - y).max() > 1e-3  # without the mask it is another answer


def test_states_line_up_in_time():
    net, x, _, _ = example(GRU, seed=3)
    _, record = net.forward(x)
    assert record.states.shape == (3, 6, 8)
    np.testing.assert_array_equal(record.states[:, -1, :4], record.last[:, :4])
    np.testing.assert_array_equal(record.states[:, 0, 4:], record.last[:, 4:])


def test_the_gradient_of_the_inputs():
    net, x, mask, target = example(LSTM, seed=4, B=1, T=4)
    loss = MeanSquaredError("last")

    def J(x):
        return loss(net.forward(x, mask=mask)[0], target)[0]

    y, record = net.forward(x, mask=mask)
    dx = net.backward(record, loss(y, target)[1]).x
    step = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        step[place] = 1e-6
        assert abs((J(x + step) - J(x - step)) / 2e-6 - dx[place]) < 1e-8
        step[place] = 0


@pytest.mark.parametrize("kind", KINDS)
def test_copies_are_independent_and_theta_is_what_counts(kind):
    net, x, mask, _ = example(kind, seed=5)
    y = net.forward(x, mask=mask)[0].copy()
    other = net.copy()
    other.theta *= 2
    assert np.array_equal(net.forward(x, mask=mask)[0], y)
    assert np.abs(other.forward(x, mask=mask)[0] - y).max() > 1e-3
    np.testing.assert_allclose(net.astype("float32").forward(x, mask=mask)[0], y, atol=1e-5)
    net.theta += 1
    assert np.abs(net.forward(x, mask=mask)[0] - y).max() > 1e-3
    assert Bidirectional(3, 4, 2, kind, seed=1).theta.tolist() == Bidirectional(3, 4, 2, kind, seed=1).theta.tolist()


def test_training_equals_steps_by_hand_and_learns():
    rng = np.random.default_rng(0)
    x, mask = rng.normal(size=(60, 7, 3)), np.arange(7) < rng.integers(2, 8, 60)[:, None]
    label = (x[:, 0, 0] > 0).astype(int)  # the first input decides: easy for who reads backwards
    net = Bidirectional(3, 8, 2, SimpleRNN, seed=0)
    by_hand, loss, adam = net.copy(), CategoricalCrossEntropy("last"), Adam(0.01)
    settings = dict(mask=mask, batch_size=20, shuffle=False, progress=False)
    train(net, x, label, loss, Adam(0.01), epochs=1, **settings)
    for k in range(0, 60, 20):
        y, record = by_hand.forward(x[k : k + 20], mask=mask[k : k + 20])
        adam.update(by_hand.theta, by_hand.backward(record, loss(y, label[k : k + 20])[1]).theta)
    np.testing.assert_allclose(net.theta, by_hand.theta, atol=1e-12)
    train(net, x, label, loss, Adam(0.02), epochs=30, **settings)
    assert np.mean(net.forward(x, mask=mask)[0][:, 0].argmax(axis=1) == label) > 0.95


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="kind: expected a class"):
        Bidirectional(3, 4, 2, "LSTM")
    with pytest.raises(ValueError, match="hidden_size"):
        Bidirectional(3, 0, 2)
    net, x, mask, _ = example(LSTM)
    with pytest.raises(ValueError, match="h_0: expected None"):
        net.forward(x, np.zeros((3, 4)))
    with pytest.raises(ValueError, match="mask"):
        net.forward(x, mask=mask[:2])
    with pytest.raises(ValueError, match="dy"):
        net.backward(net.forward(x)[1], np.zeros((3, 6, 2)))
    assert repr(net) == "Bidirectional(3, 4, 2, LSTM, dtype='float64')"


@pytest.mark.parametrize("kind", KINDS)
def test_outputs_and_gradients_are_those_of_keras(keras, kind):
    import tensorflow as tf

    net, x, mask, target = example(kind, seed=6)
    inner = getattr(keras.layers, kind.__name__)(4, dtype="float64")
    both = keras.layers.Bidirectional(inner, merge_mode="concat", dtype="float64")
    dense = keras.layers.Dense(2, dtype="float64")
    both.build((None, None, 3))
    dense.build((None, 8))
    values = list(net.parameters.values())
    both.set_weights(values[:6])
    dense.set_weights(values[6:])
    for real in (None, mask):
        with tf.GradientTape() as tape:
            keras_y = dense(both(tf.constant(x), mask=None if real is None else tf.constant(real)))
            J = tf.reduce_mean((keras_y - target) ** 2)
        variables = [v.value for v in both.trainable_variables + dense.trainable_variables]
        theirs = tape.gradient(J, variables)
        y, record = net.forward(x, mask=real)
        ours = net.backward(record, MeanSquaredError("last")(y, target)[1])
        assert np.abs(y[:, 0] - keras_y).max() < 1e-10
        for (name, value), gradient in zip(ours.items(), theirs, strict=True):
            assert np.abs(value - gradient).max() < 1e-10 and np.abs(value).max() > 0, name
