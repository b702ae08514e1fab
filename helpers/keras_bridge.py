"""Between our NumPy networks and Keras: weights both ways, states recorded during `fit`, quick predictions.

The only file of the course that imports Keras, and only when a function here needs it. Importing this module sets the
variables that keep TensorFlow quiet and on the processor; they count only if it comes before Keras:

    from helpers import keras_bridge
    import keras

It also gives Keras the settings of the course (folder keras_settings), whatever the reader's own variables and file
~/.keras/keras.json say; where Keras has been imported before, its settings are changed.

Keras stores its kernels as we do, (inputs, units), so weights cross without a transpose.
"""

import json
import logging
import os
import sys
from pathlib import Path

import numpy as np

from helpers.networks import GRU, LSTM, FeedForward, SimpleRNN, StateRecorder
from helpers.networks.activations import ACTIVATIONS
from helpers.networks.checks import array as checked_array
from helpers.networks.checks import bad, describe, instance
from helpers.networks.processor import quietly
from helpers.progress import Progress

QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",  # no messages from TensorFlow's C++ part
    "TF_ENABLE_ONEDNN_OPTS": "0",  # sums in the same order on all processors of one kind
    "CUDA_VISIBLE_DEVICES": "-1",  # small networks are faster without a graphics card
    "TF_NUM_INTRAOP_THREADS": "1",  # and with one thread for each operation
}
SETTINGS = Path(__file__).parent / "keras_settings"


def _settle():
    """Quiet, and with the settings of the course; RuntimeError if Keras already runs on something else."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    os.environ |= {"KERAS_BACKEND": "tensorflow", "KERAS_HOME": str(SETTINGS)}
    for name in ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH"):  # they would cut trainings short
        os.environ.pop(name, None)
    keras = sys.modules.get("keras")
    if keras is None:
        return
    if keras.config.backend() != "tensorflow":
        raise RuntimeError(
            f"Keras has been imported before helpers.keras_bridge and runs on {keras.config.backend()!r}, but the "
            "course needs it on 'tensorflow': restart the kernel and import helpers.keras_bridge first"
        )
    settings = json.loads((SETTINGS / "keras.json").read_text(encoding="utf-8"))
    for name in ("floatx", "epsilon", "image_data_format"):
        getattr(keras.config, f"set_{name}")(settings[name])
    keras.config.set_dtype_policy(settings["floatx"])
    keras.config.set_max_epochs(None)
    keras.config.set_max_steps_per_epoch(None)


_settle()
# In a notebook TensorFlow's Python part sets its own level when it is imported: a filter outlives that.
logging.getLogger("tensorflow").addFilter(lambda record: record.levelno >= logging.ERROR)

OUTPUT_ACTIVATIONS = {  # of the last layer: our outputs are logits, before any of these
    "linear": lambda y: y,
    "sigmoid": lambda y: 0.5 + 0.5 * np.tanh(y / 2),
    "softmax": lambda y: np.exp(y - np.logaddexp.reduce(y, axis=-1, keepdims=True)),
}
RECURRENT = {"SimpleRNN": SimpleRNN, "LSTM": LSTM, "GRU": GRU}  # Keras' layers -> our networks
PASSED_OVER = ("InputLayer", "Masking", "Dropout", "SpatialDropout1D")  # nothing to copy; no part in a prediction


def to_keras(net, last=False, masking=False, output_activation="linear"):
    """A built Keras `Sequential` that computes what the NumPy network `net` does, in the same dtype.

    net : SimpleRNN, LSTM, GRU or FeedForward in float32 or float64
    last : whether a recurrent network's model gives y of the last step alone, (B, O), instead of (B, T, O)
    masking : whether a step whose inputs are all 0 counts as padding
    output_activation : of the last layer: "linear" (logits, as `net` has them), "sigmoid" or "softmax"

    Raises ValueError that names the argument, what was expected and what was given.
    """
    import keras

    _known(net)
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise bad("output_activation", f"one of {', '.join(OUTPUT_ACTIVATIONS)}", repr(output_activation))
    dtype = net.dtype.name
    if dtype not in ("float32", "float64"):
        raise bad("net", "a network in float32 or float64", f"one in {dtype}")
    layers = []
    if not isinstance(net, FeedForward):
        layers += [keras.Input((None, net.input_size), dtype=dtype)]
        layers += [keras.layers.Masking(dtype=dtype)] if masking else []
        settings = {"activation": net.activation, "return_sequences": not last, "dtype": dtype}
        settings |= {"reset_after": net.reset_after} if isinstance(net, GRU) else {}
        layers += [getattr(keras.layers, type(net).__name__)(net.hidden_size, **settings)]
    else:
        if last or masking:
            raise bad("last and masking", "False for a network without time steps", f"{last} and {masking}")
        layers += [keras.Input((net.input_size,), dtype=dtype)]
        layers += [keras.layers.Dense(n, activation=net.activation, dtype=dtype) for n in net.hidden_sizes]
    model = keras.Sequential([*layers, keras.layers.Dense(net.output_size, output_activation, dtype=dtype)])
    set_weights(model, net)
    return model


def to_numpy(model):
    """The NumPy network with the structure and weights of a built Keras model: its outputs are logits.

    model : `Sequential` (or a functional chain) of SimpleRNN, LSTM or GRU → Dense, or of Dense layers; Masking and
        dropout layers may stand between. A last sigmoid or softmax is left out, as all our outputs are logits. The
        result gives y at every step, whether the model does or not.

    Raises ValueError that names the layer and what does not fit: another kind of layer, an activation we lack, no
    bias, stateful, go_backwards, layers of several activations, a model that is not built.
    """
    kind, layers = _structure(model)
    arrays = [np.asarray(w) for layer in layers for w in layer.get_weights()]
    activation, dtype = _name(layers[0].activation), arrays[0].dtype.name
    if kind is not FeedForward:
        settings = {"activation": activation} if kind is SimpleRNN else {}
        settings |= {"reset_after": layers[0].reset_after} if kind is GRU else {}
        net = kind(arrays[0].shape[0], arrays[1].shape[0], arrays[3].shape[1], dtype=dtype, **settings)
    else:
        sizes = (arrays[0].shape[0], *(bias.shape[0] for bias in arrays[1::2]))
        net = FeedForward(sizes, activation if len(layers) > 1 else "linear", dtype=dtype)
    net.parameters.update(zip(net.parameters, arrays, strict=True))
    return net


def set_weights(model, net):
    """Copy the weights of the NumPy network `net` into a built Keras model of the same structure.

    Raises ValueError that names what does not fit (see `to_numpy`; units, activation), with nothing changed.
    """
    _known(net)
    if net.dtype.kind != "f":
        raise bad("net", "a network in float32 or float64", f"one in {net.dtype}")
    kind, layers = _structure(model)
    if not isinstance(net, kind):
        raise bad("net", f"a {kind.__name__}, as the model has such layers", describe(net))
    values = list(net.parameters.values())
    shapes = [tuple(w.shape) for layer in layers for w in layer.weights]
    if len(shapes) != len(values):
        raise bad("net", f"{len(shapes)} arrays of weights, as the model has", f"{len(values)}")
    for name, value, shape in zip(net.parameters, values, shapes, strict=True):
        if value.shape != shape:
            raise bad(name, f"shape {shape}, as the model's units ask for", f"{value.shape}")
    if len(layers) > 1 and _name(layers[0].activation) != net.activation:
        raise bad("activation", f"{_name(layers[0].activation)!r}, as the model has", repr(net.activation))
    for layer in layers:
        count = len(layer.weights)
        layer.set_weights(values[:count])
        values = values[count:]


@quietly
def quick_predict(model, x):
    """The model's output for one sequence or sample, computed in NumPy: no overhead of `predict`.

    x : (T, I) without padding, or (I,) for a model without time steps. Returns what `model.predict(x[None])[0]` does,
    the last layer's activation included. For many calls keep `to_numpy(model)`: its weights are read only once.
    Raises ValueError as `to_numpy`, and for an x of the wrong shape.
    """
    kind, layers = _structure(model)
    net = to_numpy(model)
    shape = (net.input_size,) if kind is FeedForward else ("T", net.input_size)
    last = kind is not FeedForward and not layers[0].return_sequences
    y = net.predict(checked_array("x", x, shape, net.dtype)[None], steps="last" if last else "every")[0]
    return OUTPUT_ACTIVATIONS[_name(layers[-1].activation)](y)


class FitHistory:
    """What a `fit` of Keras left, in the words of our own `History`.

    loss, validation_loss, accuracy, validation_accuracy : a list of floats, one for each epoch; empty if not measured
    """

    def __init__(self, fitted):
        measured = getattr(fitted, "history", fitted)
        if not isinstance(measured, dict) or "loss" not in measured:
            raise bad("fitted", "what model.fit returns", describe(fitted))
        self.loss, self.validation_loss = list(measured["loss"]), list(measured.get("val_loss", []))
        self.accuracy = list(measured.get("accuracy", []))
        self.validation_accuracy = list(measured.get("val_accuracy", []))

    def __repr__(self):
        return f"FitHistory: {len(self.loss)} epochs, loss {self.loss[0]:.3g} → {self.loss[-1]:.3g}"


def peak_megabytes():
    """The most memory this process has held so far, in 10⁶ bytes, or None where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        pass
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS counts bytes


# ---- what derives from Keras' own classes is made when it is first asked for ---------------------------------


def _make_callbacks():
    import keras

    class KerasStateRecorder(keras.callbacks.Callback):
        """A callback for `fit` that keeps hidden states on a probe: the interface of `StateRecorder`.

        probe_x : (T, I) one sequence, or (B, T, I) several, without padding; epochs : the numbers to record, None for
        all; epoch 0 is the model before training. states, outputs (logits), epochs, megabytes as there. The states are
        computed in NumPy from the model's weights, so recording costs no calls of the model. Raises ValueError as
        `to_numpy` and `StateRecorder`, when training begins.
        """

        def __init__(self, probe_x, epochs=None):
            super().__init__()
            self._recorder = StateRecorder(probe_x, epochs)

        def on_train_begin(self, logs=None):
            net = to_numpy(self.model)
            self._recorder.begin(net)
            self._recorder.record(0, net)

        def on_epoch_end(self, epoch, logs=None):
            self._recorder.record(epoch + 1, to_numpy(self.model))

        epochs = property(lambda self: self._recorder.epochs)
        states = property(lambda self: self._recorder.states)
        outputs = property(lambda self: self._recorder.outputs)
        megabytes = property(lambda self: self._recorder.megabytes)

        def __repr__(self):
            return "Keras" + repr(self._recorder)

    class ProgressLine(keras.callbacks.Callback):
        """A callback for `fit(..., verbose=0)`: one line, stored without numbers."""

        def on_train_begin(self, logs=None):
            self._epochs, self._epoch = self.params["epochs"], 0
            self._line = Progress(self._epochs, "epoch", "of training")

        def on_epoch_begin(self, epoch, logs=None):
            self._epoch = epoch

        def on_train_batch_end(self, batch, logs=None):
            done = self._epoch + (batch + 1) / (self.params.get("steps") or batch + 1)
            self._line.at(done, (logs or {}).get("loss"))

        def on_train_end(self, logs=None):
            self._line.close()

    return {"KerasStateRecorder": KerasStateRecorder, "ProgressLine": ProgressLine}


def __getattr__(name):
    if name not in ("KerasStateRecorder", "ProgressLine"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals().update(_make_callbacks())
    return globals()[name]


# ---- what fits, and what does not ---------------------------------------------------------------------------


def _known(net):
    kinds = SimpleRNN | LSTM | GRU | FeedForward
    return instance("net", net, kinds, "a SimpleRNN, LSTM, GRU or FeedForward of helpers.networks")


def _name(activation):
    return getattr(activation, "__name__", str(activation))


def _structure(model):
    """(our network's class, layers with weights) of a Keras model; ValueError names what does not fit."""
    if not hasattr(model, "layers") or not hasattr(model, "get_weights"):
        raise bad("model", "a Keras model", describe(model))
    layers = [layer for layer in model.layers if type(layer).__name__ not in PASSED_OVER]
    for layer in layers:
        kind = type(layer).__name__
        if kind not in (*RECURRENT, "Dense"):
            raise bad("model", "SimpleRNN, LSTM, GRU and Dense layers", f"the layer {layer.name!r}, which is {kind}")
        if not layer.built:
            raise bad("model", "a built model (give it keras.Input, or call it once)", f"{layer.name!r} not built")
        for setting, wanted in (("use_bias", True), ("stateful", False), ("go_backwards", False)):
            if getattr(layer, setting, wanted) != wanted:
                raise bad(setting, f"{wanted}", f"{not wanted} in layer {layer.name!r}")
        if layer.weights[0].dtype not in ("float32", "float64"):
            raise bad("dtype", "float32 or float64", f"{layer.weights[0].dtype} in layer {layer.name!r}")
    kinds = [type(layer).__name__ for layer in layers]
    recurrent = len(kinds) == 2 and kinds[0] in RECURRENT and kinds[1] == "Dense"
    if not recurrent and (not kinds or set(kinds) != {"Dense"}):
        expected = "one recurrent layer followed by one Dense layer, or Dense layers alone"
        raise bad("model", expected, " → ".join(kinds) or "none")
    if kinds[0] in ("LSTM", "GRU"):
        for setting, wanted in (("activation", "tanh"), ("recurrent_activation", "sigmoid")):
            if _name(getattr(layers[0], setting)) != wanted:
                given = f"{_name(getattr(layers[0], setting))!r} in layer {layers[0].name!r}"
                raise bad(setting, f"{wanted!r}, as our {kinds[0]} has", given)
    for layer in layers[:-1]:
        if _name(layer.activation) not in ACTIVATIONS:
            expected = f"one of {', '.join(ACTIVATIONS)}"
            raise bad("activation", expected, f"{_name(layer.activation)!r} in layer {layer.name!r}")
        if _name(layer.activation) != _name(layers[0].activation):
            raise bad("activation", "the same in all hidden layers", f"{_name(layer.activation)!r} in {layer.name!r}")
    if _name(layers[-1].activation) not in OUTPUT_ACTIVATIONS:
        expected = f"one of {', '.join(OUTPUT_ACTIVATIONS)} in the last layer"
        raise bad("activation", expected, f"{_name(layers[-1].activation)!r} in layer {layers[-1].name!r}")
    return (RECURRENT[kinds[0]] if recurrent else FeedForward), layers
