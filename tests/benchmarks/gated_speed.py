"""How fast LSTM and GRU train beside Keras' `fit`.

    python tests/benchmarks/gated_speed.py [--rounds N]

It is also a part of training_speed.py, where it is said how to measure.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import numpy as np  # noqa: E402
from measuring import in_turns, machine, median, ratio  # noqa: E402

from helpers.networks import GRU, LSTM, Adam, MeanSquaredError, train  # noqa: E402

# (T, B, I, H) and batches in an epoch
SIZES = {
    (20, 32, 1, 16): 64,
    (50, 32, 8, 32): 32,
    (100, 32, 1, 100): 8,
    (100, 64, 32, 128): 4,
    (1000, 1, 65, 128): 2,
}


def keras_model(net, T):
    """The same kind of network in Keras, with the same loss and optimiser and all else as Keras has it."""
    import keras

    recurrent = getattr(keras.layers, type(net).__name__)(net.hidden_size, return_sequences=True)
    layers = [keras.Input((T, net.input_size)), recurrent, keras.layers.Dense(net.output_size)]
    model = keras.Sequential(layers)
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mse")
    return model


def gated(rounds):
    """A training step of LSTM and GRU, in float32, answering at every step."""
    table = []
    for (T, B, I, H), batches in SIZES.items():
        x = np.random.default_rng(0).normal(size=(B * batches, T, I)).astype("float32")
        target = np.roll(x, 1, axis=1)
        for kind in (LSTM, GRU):
            net, optimiser = kind(I, H, I, dtype="float32"), Adam(0.001)
            model = keras_model(net, T)

            def ours(net=net, optimiser=optimiser, x=x, target=target, B=B):
                train(net, x, target, MeanSquaredError(), optimiser, epochs=1, batch_size=B, progress=False)

            def fit(model=model, x=x, target=target, B=B):
                model.fit(x, target, batch_size=B, epochs=1, verbose=0)

            seconds = in_turns({"ours": ours, "fit": fit}, rounds)
            row = {"network": kind.__name__, "size": (T, B, I, H)}
            row |= {name + " ms": 1e3 * median(seconds, name) / batches for name in seconds}
            row["fit ÷ ours"] = ratio(seconds, "fit", "ours")
            row["fit ÷ ours, at best"] = min(seconds["fit"]) / min(seconds["ours"])
            table.append(row)
            print(
                f"  {kind.__name__:5}{str((T, B, I, H)):19} ours {row['ours ms']:8.3f} ms   fit ÷ ours "
                f"{row['fit ÷ ours']:5.1f} (at best {row['fit ÷ ours, at best']:.1f}, wanted: above 1)",
                flush=True,
            )
    return table


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="how often each thing is measured")
    print(machine())
    gated(parser.parse_args().rounds)
