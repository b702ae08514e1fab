"""How fast the network trains: beside Keras and beside the bare matrix products, all in one run.

    python tests/benchmarks/training_speed.py [--plot FILE] [--json FILE] [--only PART ...] [--rounds N]

A ratio is the median of the ratios of single rounds, in which all that is compared takes turns; "at best" is the
ratio of the fastest rounds. All in float32 and with Adam; the networks answer at every step. Measure on a machine that
does nothing else: our training uses one thread but for its largest products, Keras one for each core, and the system
shares cores out by threads.
"""

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import time
import tracemalloc
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # what a user of Keras has
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import numpy as np  # noqa: E402
from gated_speed import gated  # noqa: E402
from measuring import best_ratio, in_turns, machine, median, ratio  # noqa: E402

from helpers.networks import (  # noqa: E402
    Adam,
    CategoricalCrossEntropy,
    MeanSquaredError,
    SimpleRNN,
    processor,
    train,
)
from helpers.networks.processor import one_thread  # noqa: E402

# (T, B, I, H), batches in an epoch, and Keras' fit ÷ ours that is wanted
SIZES = {
    (20, 32, 1, 16): (64, 20),
    (50, 32, 8, 32): (32, 8),
    (100, 32, 1, 100): (16, 3),
    (100, 64, 32, 128): (8, 1.4),
    (200, 64, 64, 256): (4, 1),
    (1000, 1, 65, 128): (8, 8),
}
COLUMNS = ("ours ms", "wanted", "fit ÷ ours", "at best", "on_batch ÷ ours", "predict ÷ ours", "bare ÷ ours")


def problem(T, B, I, H, batches=1):
    """A network that answers with as many numbers as it reads, and random sequences; 65 inputs are characters."""
    rng, N = np.random.default_rng(0), B * batches
    net = SimpleRNN(I, H, I, dtype="float32")
    if I == 65:
        symbols = rng.integers(0, I, (N, T + 1))
        return net, np.eye(I, dtype="float32")[symbols[:, :-1]], symbols[:, 1:], CategoricalCrossEntropy()
    x = rng.normal(size=(N, T, I)).astype("float32")
    return net, x, np.roll(x, 1, axis=1), MeanSquaredError()


def keras_model(T, I, H):
    """The same network in Keras, with the same loss and optimiser and all else as Keras has it."""
    import keras

    layers = [keras.Input((T, I)), keras.layers.SimpleRNN(H, return_sequences=True), keras.layers.Dense(I)]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True) if I == 65 else "mse"
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss=loss)
    return model


def matrix_products(T, B, I, H):
    """A function that computes the products of one training step and nothing else."""
    rng = np.random.default_rng(0)

    def normal(*shape):
        return rng.normal(size=shape).astype("float32") / np.float32(np.sqrt(shape[-1]))

    x, h, dy, product = normal(T * B, I), normal(T * B, H), normal(T * B, I), normal(B, H)
    W_ih, W_hh, W_ho = normal(I, H), normal(H, H), normal(H, I)
    W_hhT, steps = np.ascontiguousarray(W_hh.T), list(h.reshape(T, B, H))
    a, y = np.empty_like(h), np.empty_like(dy)
    dW_ih, dW_hh, dW_ho = np.empty_like(W_ih), np.empty_like(W_hh), np.empty_like(W_ho)

    def products():
        x.dot(W_ih, out=a)
        for h_t in steps:
            h_t.dot(W_hh, out=product)
        h.dot(W_ho, out=y)
        dy.dot(W_ho.T, out=a)
        for da_t in steps:
            da_t.dot(W_hhT, out=product)
        x.T.dot(a, out=dW_ih)
        h.T.dot(a, out=dW_hh)
        h.T.dot(dy, out=dW_ho)

    return products


@contextlib.contextmanager
def all_in_one_thread():
    """Large products too, so that processor time tells how much of ours the bare products are."""
    large, processor.LARGE = processor.LARGE, float("inf")
    try:
        yield
    finally:
        processor.LARGE = large


def against_keras(rounds):
    """Training step and inference at the six sizes, and the share of the bare products in a training step."""
    rows = []
    print("  (T, B, I, H)        " + "".join(f"{name.replace(' ÷ ', ' ÷'):>15}" for name in COLUMNS))
    for (T, B, I, H), (batches, wanted) in SIZES.items():
        net, x, y, loss = problem(T, B, I, H, batches)
        model, optimiser, products = keras_model(T, I, H), Adam(0.001), matrix_products(T, B, I, H)
        slices = [slice(start, start + B) for start in range(0, B * batches, B)]

        def ours(net=net, x=x, y=y, loss=loss, optimiser=optimiser, B=B):
            train(net, x, y, loss, optimiser, epochs=1, batch_size=B, progress=False)

        def bare(products=products, batches=batches):
            with one_thread():
                for _ in range(batches):
                    products()

        def each(function, *arrays, slices=slices):
            return lambda: [function(*(array[batch] for array in arrays)) for batch in slices]

        functions = {
            "ours": ours,
            "fit": lambda model=model, x=x, y=y, B=B: model.fit(x, y, batch_size=B, epochs=1, verbose=0),
            "train_on_batch": each(model.train_on_batch, x, y),
            "predict": each(net.predict, x),
            "predict_on_batch": each(model.predict_on_batch, x),
        }
        seconds = in_turns(functions, rounds)
        with all_in_one_thread():
            one_thread_each = in_turns({"ours": ours, "bare": bare}, 2 * rounds, clock=time.thread_time)
        row = {"size": (T, B, I, H), "batches": batches, "wanted": wanted}
        row |= {name + " ms": 1e3 * median(seconds, name) / batches for name in functions}
        row["fit ÷ ours"] = ratio(seconds, "fit", "ours")
        row["on_batch ÷ ours"] = ratio(seconds, "train_on_batch", "ours")
        row["predict ÷ ours"] = ratio(seconds, "predict_on_batch", "predict")
        row["at best"] = best_ratio(seconds, "fit", "ours")
        row["bare ÷ ours"] = best_ratio(one_thread_each, "bare", "ours")
        rows.append(row)
        numbers = [row[name] for name in COLUMNS]
        print(f"  {str((T, B, I, H)):20}" + "".join(f"{number:15.3g}" for number in numbers), flush=True)
    return rows


def growth(rounds):
    """Time and peak memory of one training step, as T, B and H grow."""
    base = {"T": 100, "B": 16, "I": 4, "H": 32}
    series = {"T": [30, 100, 300, 1000, 3000, 10000], "B": [1, 4, 16, 64, 256], "H": [8, 16, 32, 64, 128, 256]}
    result = {}
    for letter, values in series.items():
        steps, memory = {}, {}
        for value in values:
            size = base | {letter: value}
            net, x, y, loss = problem(**size)
            optimiser = Adam(0.001)

            def ten_steps(net=net, x=x, y=y, loss=loss, optimiser=optimiser, B=size["B"]):
                train(net, x, y, loss, optimiser, epochs=10, batch_size=B, progress=False)

            tracemalloc.start()
            ten_steps()
            memory[value] = tracemalloc.get_traced_memory()[1] / 1e6
            tracemalloc.stop()
            steps[value] = ten_steps
        seconds = in_turns(steps, rounds, clock=time.thread_time)
        rows = [{letter: n, "ms": 100 * median(seconds, n), "megabytes": memory[n]} for n in values]
        print(f"  {letter}  " + "   ".join(f"{r[letter]}: {r['ms']:.2f} ms, {r['megabytes']:.1f} MB" for r in rows))
        result[letter] = rows
    tenfold = ratio(seconds := in_turns({n: steps_of(n) for n in (1000, 10000)}, rounds, time.thread_time), 10000, 1000)
    result["10 × T"] = tenfold
    print(f"  from T = 1,000 to 10,000: {tenfold:.1f} times the time ({median(seconds, 10000):.2f} s)", flush=True)
    return result


def steps_of(T):
    """A function that takes three training steps with sequences of T steps."""
    net, x, y, loss = problem(T, 16, 4, 32)
    return lambda: train(net, x, y, loss, epochs=3, batch_size=16, progress=False)


FIRST_EPOCHS = {
    "ours": """
import numpy as np
from helpers.networks import Adam, MeanSquaredError, SimpleRNN, train
x = np.random.default_rng(0).normal(size=(1000, 50, 8)).astype("float32")
net = SimpleRNN(8, 32, 8, dtype="float32")
train(net, x, np.roll(x, 1, axis=1), MeanSquaredError(), Adam(0.001), epochs=10, batch_size=32)
""",
    "keras": """
import numpy as np
import keras
x = np.random.default_rng(0).normal(size=(1000, 50, 8)).astype("float32")
layers = [keras.Input((50, 8)), keras.layers.SimpleRNN(32, return_sequences=True), keras.layers.Dense(8)]
model = keras.Sequential(layers)
model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mse")
model.fit(x, np.roll(x, 1, axis=1), epochs=10, batch_size=32, verbose=0)
""",
}


def first_epochs(rounds):
    """From the start of Python to the end of ten epochs, each time in a new process."""

    def run(name):
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", FIRST_EPOCHS[name]], check=True, env=environment, capture_output=True)

    seconds = in_turns({name: lambda name=name: run(name) for name in FIRST_EPOCHS}, rounds)
    result = {name: median(seconds, name) for name in FIRST_EPOCHS} | {"keras ÷ ours": ratio(seconds, "keras", "ours")}
    times = f"ours {result['ours']:.2f} s   Keras {result['keras']:.2f} s"
    print(f"  {times}   Keras ÷ ours {result['keras ÷ ours']:.1f} (wanted 20)", flush=True)
    return result


def slider(rounds):
    """One forward pass of the size that a slider asks for."""
    result = {}
    for dtype in ("float32", "float64"):
        net, x = SimpleRNN(1, 16, 1, dtype=dtype), np.random.default_rng(0).normal(size=(1, 40, 1))
        hundred = {"forward": lambda net=net, x=x: [net.forward(x) for _ in range(100)]}
        seconds = in_turns(hundred, 20 * rounds)
        result[dtype] = {"µs": 1e4 * median(seconds, "forward"), "best µs": 1e4 * min(seconds["forward"])}
        print(f"  {dtype}: {result[dtype]['µs']:.0f} µs, at best {result[dtype]['best µs']:.0f} µs (wanted: under 100)")
    return result


def vanishing(rounds):
    """The backward sweep while its gradient vanishes, with and without the floor under denormal numbers."""
    T, B, H = 400, 32, 100
    net = SimpleRNN(1, H, 1, dtype="float32")
    net.parameters["W_hh"] *= 0.5
    y, record = net.forward(np.random.default_rng(0).normal(size=(B, T, 1)))
    every, last = np.ones_like(y), np.zeros_like(y)
    last[:, -1] = 1
    floors = dict(processor.FLOOR)

    def without_floor():
        processor.FLOOR.update(dict.fromkeys(floors, 0.0))
        net.backward(record, last)
        processor.FLOOR.update(floors)

    functions = {
        "loss on every step": lambda: net.backward(record, every),
        "on the last, with the floor": lambda: net.backward(record, last),
        "on the last, without": without_floor,
    }
    seconds = in_turns(functions, 5 * rounds, clock=time.thread_time)
    result = {name: ratio(seconds, name, "loss on every step") for name in functions}
    print("  " + "   ".join(f"{name}: {value:.2f}" for name, value in result.items()), flush=True)
    return result


PARTS = {
    "keras": ("training step and inference", against_keras),
    "gated": ("training step of LSTM and GRU beside Keras' fit", gated),
    "growth": ("one training step, else T = 100, B = 16, I = 4, H = 32", growth),
    "first": ("first ten epochs of 1,000 sequences, T = 50, H = 32, imports included", first_epochs),
    "slider": ("a slider's forward pass, T = 40, H = 16, B = 1", slider),
    "vanishing": ("time of the backward sweep, T = 400, B = 32, H = 100, gradients halved at each step", vanishing),
}


def plot(results, path):
    """Save the picture: Keras beside ours, the share of the bare products, growth of time and memory."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(14, 4.2), layout="constrained")
    rows = results.get("keras", [])
    names = [f"{tuple(row['size'])}\n{row['bare ÷ ours']:.0%} of the bare products' speed" for row in rows]
    left.barh(names, [row["fit ÷ ours"] for row in rows], color="#0072b2", label="measured")
    left.plot([row["wanted"] for row in rows], names, "|", color="black", markersize=18, label="wanted")
    left.axvline(1, color="grey", linewidth=0.8)
    left.set(xscale="log", xlabel="time of a training step, Keras' fit ÷ ours", ylabel="(T, B, I, H)")
    left.invert_yaxis()
    left.legend()
    for axis, quantity, unit in ((middle, "ms", "time of a training step (ms)"), (right, "megabytes", "memory (MB)")):
        for letter, style in (("T", "o-"), ("B", "s--"), ("H", "^:")):
            points = results.get("growth", {}).get(letter, [])
            axis.plot([p[letter] for p in points], [p[quantity] for p in points], style, label=f"against {letter}")
        axis.set(xscale="log", yscale="log", xlabel="T, B or H (else T = 100, B = 16, H = 32)", ylabel=unit)
        axis.legend()
    figure.suptitle(f"{results['machine']}, {results['date']}", fontsize=9)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plot", default=ROOT / "build" / "training_speed.png", help="where the picture goes")
    parser.add_argument("--json", help="where all numbers go")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="only these parts")
    parser.add_argument("--rounds", type=int, default=7, help="how often each thing is measured")
    arguments = parser.parse_args()
    results = {"date": date.today().isoformat(), "machine": machine()}
    print(f"{results['machine']}, Python {platform.python_version()}, NumPy {np.__version__}, {results['date']}")
    for name in arguments.only:
        words, measure = PARTS[name]
        print(words, flush=True)
        results[name] = measure(arguments.rounds)
    if {"keras", "growth"} <= results.keys():
        plot(results, arguments.plot)
        print(f"picture: {arguments.plot}")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
