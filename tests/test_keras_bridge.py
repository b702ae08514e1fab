"""Weights across and back, states recorded during a fit, quick predictions; errors that name what does not fit."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import keras_bridge
from helpers.networks import (
    GRU,
    LSTM,
    Adam,
    BinaryCrossEntropy,
    FeedForward,
    MeanSquaredError,
    SimpleRNN,
    StateRecorder,
    train,
)
from helpers.networks.losses import ClippedCrossEntropy

ROOT = Path(__file__).resolve().parent.parent


def random_net(seed, activation="tanh", dtype="float64", kind=SimpleRNN):
    rng = np.random.default_rng(seed)
    sizes = tuple(int(n) for n in rng.integers(2, 7, 3))
    net = kind(*sizes, activation=activation) if kind is SimpleRNN else kind(sizes, activation)
    net.theta[...] = rng.normal(size=net.theta.size) / np.sqrt(sizes[1])
    return net.astype(dtype), rng.normal(size=(3, 5, sizes[0])).astype(dtype)


def close(ours, theirs, dtype):
    tolerance = 1e-10 if dtype == "float64" else 1e-5
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert np.linalg.norm(ours - theirs) <= tolerance * np.linalg.norm(theirs) > 0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
def test_outputs_and_gradients_cross_over(keras, activation, dtype):
    import tensorflow as tf

    for seed in range(2):
        net, x = random_net(seed, activation, dtype)
        model = keras_bridge.to_keras(net)
        target = np.random.default_rng(9).normal(size=(3, 5, net.output_size)).astype(dtype)
        with tf.GradientTape() as tape:
            y = model(x)
            J = keras.ops.mean((y - target) ** 2)
        theirs = tape.gradient(J, [v.value for v in model.trainable_variables])
        ours, record = net.forward(x)
        close(ours, y, dtype)
        gradients = net.backward(record, MeanSquaredError()(ours, target)[1])
        for name, gradient in zip(gradients, theirs, strict=True):
            close(gradients[name], gradient, dtype)


@pytest.mark.parametrize("kind", [SimpleRNN, FeedForward])
def test_there_and_back_is_the_same_network(keras, kind):
    net, _ = random_net(3, "relu", "float32", kind)
    back = keras_bridge.to_numpy(keras_bridge.to_keras(net))
    assert repr(back) == repr(net)
    assert np.array_equal(back.theta, net.theta)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "GRU, reset before"])
def test_gated_networks_there_and_back(keras, kind, dtype):
    rng = np.random.default_rng(0)
    settings = {} if kind == "LSTM" else {"reset_after": kind == "GRU"}
    net = (LSTM if kind == "LSTM" else GRU)(3, 5, 2, dtype=dtype, **settings)
    net.theta[...] = rng.normal(size=net.theta.size)
    x = rng.normal(size=(4, 6, 3)).astype(dtype)
    mask = np.arange(6) < np.array([[6], [4], [1], [3]])
    x = x * mask[:, :, None]
    close(net.forward(x)[0], keras_bridge.to_keras(net)(x), dtype)
    model = keras_bridge.to_keras(net, last=True, masking=True, output_activation="sigmoid")
    y = 1 / (1 + np.exp(-net.forward(x, mask=mask)[0][:, -1]))
    close(y, model(x), dtype)
    close(keras_bridge.quick_predict(model, x[1, :4]), y[1], dtype)
    back = keras_bridge.to_numpy(model)
    assert repr(back) == repr(net)
    assert np.array_equal(back.theta, net.theta)
    other = net.copy()
    other.theta[...] = 0.5
    keras_bridge.set_weights(model, other)
    assert np.array_equal(keras_bridge.to_numpy(model).theta, other.theta)
    with pytest.raises(ValueError, match="net: expected a"):
        keras_bridge.set_weights(model, SimpleRNN(3, 5, 2, dtype=dtype))
    if kind == "GRU":
        with pytest.raises(ValueError, match=r"b_h: expected shape \(2, 15\).* given \(15,\)"):
            keras_bridge.set_weights(model, GRU(3, 5, 2, reset_after=False))


def test_feedforward_networks_with_any_number_of_layers(keras):
    x = np.random.default_rng(0).normal(size=(4, 3))
    for sizes in ((3, 2), (3, 4, 2), (3, 5, 4, 2)):
        net = FeedForward(sizes, "tanh", seed=1)
        model = keras_bridge.to_keras(net, output_activation="softmax")
        y = net.forward(x)[0]
        close(np.exp(y) / np.exp(y).sum(axis=1, keepdims=True), model(x), "float64")
        assert np.array_equal(keras_bridge.to_numpy(model).theta, net.theta)


def test_masking_and_last_step(keras):
    net, x = random_net(5)
    mask = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1, 0, 0, 0, 0]], bool)
    x = x * mask[:, :, None]
    model = keras_bridge.to_keras(net, last=True, masking=True, output_activation="sigmoid")
    expected = 1 / (1 + np.exp(-net.forward(x, mask=mask)[0][:, -1]))
    close(expected, model(x), "float64")
    for row, length in enumerate((5, 2, 1)):
        close(keras_bridge.quick_predict(model, x[row, :length]), expected[row], "float64")


def test_quick_predict_is_what_predict_says(keras):
    for activation in ("linear", "sigmoid", "softmax"):
        net, x = random_net(6, "relu", "float32")
        model = keras_bridge.to_keras(net, output_activation=activation)
        close(keras_bridge.quick_predict(model, x[0]), model.predict(x[:1], verbose=0)[0], "float32")
    net, _ = random_net(7, kind=FeedForward)
    sample = np.float32(np.random.default_rng(0).normal(size=net.input_size))  # predict makes float32 of all inputs
    model = keras_bridge.to_keras(net)
    close(keras_bridge.quick_predict(model, sample), model.predict(sample[None], verbose=0)[0], "float64")
    with pytest.raises(ValueError, match=r"x: expected shape"):
        keras_bridge.quick_predict(model, sample[None])


def test_what_cannot_cross_is_named(keras):
    L = keras.layers

    def model(*layers, shape=(4, 3)):
        return keras.Sequential([keras.Input(shape), *layers])

    cases = [
        (model(L.SimpleRNN(5, activation="gelu"), L.Dense(1)), r"activation: expected one of tanh.*'gelu' in layer"),
        (model(L.SimpleRNN(5), L.Dense(1, activation="relu")), r"activation: .* in the last layer, given 'relu'"),
        (model(L.SimpleRNN(5, use_bias=False), L.Dense(1)), "use_bias: expected True, given False in layer 'simple"),
        (model(L.SimpleRNN(5), L.Dense(1, use_bias=False)), "use_bias: expected True, given False in layer 'dense"),
        (model(L.SimpleRNN(5, go_backwards=True), L.Dense(1)), "go_backwards: expected False, given True"),
        (model(L.Bidirectional(L.SimpleRNN(5)), L.Dense(1)), "which is Bidirectional"),
        (model(L.LSTM(5, activation="relu"), L.Dense(1)), "activation: expected 'tanh', as our LSTM has, given 'relu'"),
        (model(L.GRU(5, recurrent_activation="relu"), L.Dense(1)), "recurrent_activation: expected 'sigmoid'.* 'relu'"),
        (model(L.LSTM(5)), "one recurrent layer followed by one Dense layer, .* given LSTM"),
        (model(L.ConvLSTM1D(5, 1), L.Dense(1), shape=(4, 3, 1)), "which is ConvLSTM1D"),
        (model(L.SimpleRNN(5, return_sequences=True), L.SimpleRNN(5), L.Dense(1)), "SimpleRNN → SimpleRNN → Dense"),
        (model(L.SimpleRNN(5)), "one recurrent layer followed by one Dense layer, .* given SimpleRNN"),
        (model(shape=(3,)), "given none"),
        (model(L.Dense(4, activation="tanh"), L.Dense(4), L.Dense(1), shape=(3,)), "the same in all hidden layers"),
        (keras.Sequential([L.SimpleRNN(5), L.Dense(1)]), r"a built model"),
        (keras.Sequential([L.Dense(1)]), r"a built model"),
        ("a text", "model: expected a Keras model, given 'a text'"),
    ]
    stateful = keras.Sequential([keras.Input(batch_shape=(2, 4, 3)), L.SimpleRNN(5, stateful=True), L.Dense(1)])
    for given, words in [*cases, (stateful, "stateful: expected False, given True in layer")]:
        with pytest.raises(ValueError, match=words):
            keras_bridge.to_numpy(given)


def test_set_weights_checks_before_it_changes_anything(keras):
    net = SimpleRNN(3, 5, 1, "relu", seed=1, dtype="float32")
    model = keras_bridge.to_keras(net)
    before = model.get_weights()
    cases = [
        (SimpleRNN(3, 6, 1, "relu"), r"W_ih: expected shape \(3, 5\).* given \(3, 6\)"),
        (SimpleRNN(2, 5, 1, "relu"), r"W_ih: expected shape \(3, 5\).* given \(2, 5\)"),
        (SimpleRNN(3, 5, 2, "relu"), r"W_ho: expected shape \(5, 1\).* given \(5, 2\)"),
        (SimpleRNN(3, 5, 1, "tanh"), "activation: expected 'relu'.* given 'tanh'"),
        (FeedForward((3, 5, 1)), "net: expected a SimpleRNN"),
        (LSTM(3, 5, 1), "net: expected a SimpleRNN"),
        ("net", "net: expected a SimpleRNN, LSTM, GRU or FeedForward"),
    ]
    for other, words in cases:
        with pytest.raises(ValueError, match=words):
            keras_bridge.set_weights(model, other)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    other = SimpleRNN(3, 5, 1, "relu", seed=2, dtype="float32")
    keras_bridge.set_weights(model, other)
    assert np.array_equal(keras_bridge.to_numpy(model).theta, other.theta)


def test_to_keras_refuses(keras):
    net = SimpleRNN(3, 5, 1)
    for arguments, words in [
        ((net.astype("complex128"),), "float32 or float64, given one in complex128"),
        (("net",), "net: expected a SimpleRNN"),
        ((FeedForward((2, 2)), True), "last and masking: expected False"),
        ((net, False, False, "tanh"), "output_activation: expected one of linear, sigmoid, softmax, given 'tanh'"),
    ]:
        with pytest.raises(ValueError, match=words):
            keras_bridge.to_keras(*arguments)


def test_recorder_has_the_interface_and_the_states_of_ours(keras):
    rng = np.random.default_rng(0)
    net, target = SimpleRNN(2, 3, 1, seed=4), rng.integers(0, 2, (8, 6, 1)).astype(float)
    x = rng.normal(size=(8, 6, 2))
    model = keras_bridge.to_keras(net, output_activation="sigmoid")
    coarse = {"beta_1": 7 / 8, "beta_2": 1023 / 1024, "epsilon": 2.0**-23}  # numbers that float32 holds exactly
    model.compile(optimizer=keras.optimizers.Adam(1 / 128, **coarse), loss="binary_crossentropy")
    ours, theirs = StateRecorder(x[0], epochs=(0, 2, 4)), keras_bridge.KerasStateRecorder(x[0], epochs=(0, 2, 4))
    history = train(net, x, target, BinaryCrossEntropy(), Adam(1 / 128, **coarse), epochs=4, batch_size=4,
                    shuffle=False, recorders=[ours], progress=False)  # fmt: skip
    callbacks = [theirs, keras_bridge.ProgressLine()]
    fitted = model.fit(x, target, epochs=4, batch_size=4, shuffle=False, verbose=0, callbacks=callbacks)
    assert theirs.epochs == ours.epochs == [0, 2, 4]
    assert theirs.states.shape == (3, 6, 3) and theirs.states.dtype == np.float32
    np.testing.assert_allclose(theirs.states, ours.states, rtol=0, atol=1e-6)
    np.testing.assert_allclose(theirs.outputs, ours.outputs, rtol=0, atol=1e-6)
    np.testing.assert_allclose(keras_bridge.FitHistory(fitted).loss, history.loss, rtol=1e-6)
    assert theirs.megabytes == ours.megabytes > 0
    assert np.abs(theirs.states[0] - theirs.states[-1]).max() > 1e-3
    assert repr(theirs).startswith("KerasStateRecorder: 3 epochs")
    model.fit(x, target, epochs=2, verbose=0, callbacks=[theirs])
    assert theirs.epochs == [0, 2]  # a new training, a new recording

    from helpers.figures import training_scrubber

    assert training_scrubber(theirs, keras_bridge.FitHistory(fitted)).set(epoch=1).startswith("Epoch 2: loss")


def test_recorder_refuses_before_training(keras):
    one_by_one = keras.layers.Conv1D(2, 4), keras.layers.Flatten()
    model = keras.Sequential([keras.Input((4, 3)), *one_by_one, keras.layers.Dense(1)])
    model.compile(loss="mse")
    x, y = np.zeros((2, 4, 3)), np.zeros((2, 1))
    with pytest.raises(ValueError, match="which is Conv1D"):
        model.fit(x, y, verbose=0, callbacks=[keras_bridge.KerasStateRecorder(np.zeros((4, 3)))])
    with pytest.raises(ValueError, match="probe_x"):
        keras_bridge.KerasStateRecorder(np.zeros(3))
    fits = keras_bridge.to_keras(SimpleRNN(3, 2, 1))
    fits.compile(loss="mse")
    with pytest.raises(ValueError, match="probe_x: expected shape"):
        fits.fit(x, np.zeros((2, 4, 1)), verbose=0, callbacks=[keras_bridge.KerasStateRecorder(np.zeros((4, 5)))])


def test_fit_history(keras):
    history = keras_bridge.FitHistory({"loss": [2.0, 1.0], "val_loss": [3.0, 2.5], "accuracy": [0.5, 0.75]})
    assert (history.loss, history.validation_loss) == ([2.0, 1.0], [3.0, 2.5])
    assert (history.accuracy, history.validation_accuracy) == ([0.5, 0.75], [])
    assert repr(history) == "FitHistory: 2 epochs, loss 2 → 1"
    with pytest.raises(ValueError, match="fitted: expected what model.fit returns"):
        keras_bridge.FitHistory([1, 2])


def test_clipped_cross_entropy_is_that_of_keras(keras):
    import tensorflow as tf

    y = np.array([[-0.5], [-1e-9], [0.2], [0.7], [0.999], [1.3]], np.float32)
    target = np.array([[1], [0], [1], [1], [0], [1]], np.float32)
    with tf.GradientTape() as tape:
        variable = tf.Variable(y)
        J = keras.ops.mean(keras.losses.binary_crossentropy(target, variable))
    ours, dy = ClippedCrossEntropy()(y, target)
    np.testing.assert_allclose(ours, J, rtol=1e-5)
    np.testing.assert_allclose(dy, tape.gradient(J, variable), rtol=1e-4)
    assert list(np.flatnonzero(dy == 0)) == [0, 1, 5]


def test_one_seed_one_result(keras):
    x, y = np.random.default_rng(0).normal(size=(16, 5, 3)).astype("float32"), np.arange(16)[:, None] % 2

    def weights():
        keras.utils.set_random_seed(3)
        model = keras.Sequential([keras.Input((5, 3)), keras.layers.SimpleRNN(4), keras.layers.Dense(1, "sigmoid")])
        model.compile(optimizer="adam", loss="binary_crossentropy")
        model.fit(x, y, epochs=2, batch_size=4, verbose=0)
        return keras_bridge.to_numpy(model).theta

    assert np.array_equal(weights(), weights())


def test_tensorflow_warns_of_nothing_that_is_no_error():
    import logging

    logger = logging.getLogger("tensorflow")
    for level, passes in ((logging.INFO, False), (logging.WARNING, False), (logging.ERROR, True)):
        record = logging.LogRecord("tensorflow", level, "", 0, "words", (), None)
        assert bool(logger.filter(record)) == passes


def test_nothing_is_imported_before_it_is_needed():
    code = (
        "import sys, os; from helpers import keras_bridge\n"
        "assert 'keras' not in sys.modules and 'tensorflow' not in sys.modules and 'matplotlib' not in sys.modules\n"
        "assert os.environ['TF_CPP_MIN_LOG_LEVEL'] == '3' and os.environ['CUDA_VISIBLE_DEVICES'] == '-1'\n"
        "assert keras_bridge.peak_megabytes() is None or 10 < keras_bridge.peak_megabytes() < 500"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        keras_bridge.nothing  # noqa: B018


# ---- the reader's own settings of Keras -----------------------------------------------------------------------

CHECK = """
import numpy as np
from helpers.networks import GRU
assert keras.config.backend() == "tensorflow" and keras.config.floatx() == "float32"
assert keras.config.epsilon() == 1e-7 and keras.config.image_data_format() == "channels_last"
assert keras.config.dtype_policy().name == "float32" and keras.layers.Dense(1).dtype == "float32"
assert keras.config.max_epochs() is None and keras.config.max_steps_per_epoch() is None
net, x = GRU(2, 5, 1, dtype="float32"), np.ones((3, 4, 2), "float32")
assert np.allclose(keras_bridge.to_keras(net)(x), net.predict(x), atol=1e-6)
"""
STRANGE = {"floatx": "float16", "epsilon": 1e-3, "image_data_format": "channels_first"}


def run_with(settings, variables, code, home):
    """Python in a home of its own, where these settings of Keras lie."""
    (home / ".keras").mkdir()
    path = home / ".keras" / "keras.json"
    path.write_text(settings if isinstance(settings, str) else json.dumps(settings))
    before = path.read_text()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("KERAS", "TF_"))}
    environment |= {"HOME": str(home), "USERPROFILE": str(home), "PYTHONPATH": str(ROOT)} | variables
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert path.read_text() == before, "the reader's file is the reader's"
    return done


@pytest.mark.parametrize(
    "settings, variables",
    [
        (STRANGE | {"backend": "torch"}, {"KERAS_BACKEND": "torch", "KERAS_MAX_EPOCHS": "1"}),
        ("{broken", {"KERAS_HOME": "elsewhere"}),
    ],
    ids=["strange", "broken"],
)
def test_the_readers_settings_do_not_reach_the_course(settings, variables, tmp_path):
    done = run_with(settings, variables, "from helpers import keras_bridge\nimport keras\n" + CHECK, tmp_path)
    assert done.returncode == 0, done.stderr


def test_settings_are_changed_where_keras_came_first(tmp_path):
    variables = {"KERAS_MAX_EPOCHS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    code = "import keras\nassert keras.config.floatx() == 'float16'\nfrom helpers import keras_bridge\n" + CHECK
    done = run_with(STRANGE | {"backend": "tensorflow"}, variables, code, tmp_path)
    assert done.returncode == 0, done.stderr


def test_another_backend_is_named_in_one_sentence(monkeypatch):
    other = SimpleNamespace(config=SimpleNamespace(backend=lambda: "torch"))
    monkeypatch.setitem(sys.modules, "keras", other)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    with pytest.raises(RuntimeError, match="runs on 'torch'.*restart the kernel and import helpers.keras_bridge first"):
        keras_bridge._settle()
