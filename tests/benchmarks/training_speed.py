"""How fast the network trains, beside Keras and beside the bare matrix products, all in one run.

    python tests/benchmarks/training_speed.py [--plot build/training_speed.png] [--json FILE] [--only PART ...] [--quick]

Everything that is compared runs in turns, and a ratio is the median of the ratios of the turns, so that other work on
the machine falls on both sides. Times are in float32, with Adam; the networks answer at every step.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
import tracemalloc
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import numpy as np  # noqa: E402

from helpers.networks import Adam, CategoricalCrossEntropy, MeanSquaredError, SimpleRNN, denormals, train  # noqa: E402
from helpers.networks.blas import one_thread  # noqa: E402

SIZES = [(20, 32, 1, 16), (50, 32, 8, 32), (100, 32, 1, 100), (100, 64, 32, 128), (200, 64, 64, 256), (1000, 1, 65, 128)]
TARGETS = [20, 8, 3, 1.4, 1, 8]  # Keras' fit ÷ ours, wanted at these sizes
BATCHES = [64, 32, 16, 8, 4, 8]  # in one epoch


def problem(T, B, I, H, N):
    """N random sequences for a network that answers with as many numbers as it reads; 65 inputs are characters."""
    rng = np.random.default_rng(0)
    net = SimpleRNN(I, H, I, dtype="float32")
    if I == 65:
        symbols = rng.integers(0, I, (N, T + 1))
        return net, np.eye(I, dtype="float32")[symbols[:, :-1]], symbols[:, 1:], CategoricalCrossEntropy()
    x = rng.normal(size=(N, T, I)).astype("float32")
    return net, x, np.roll(x, 1, axis=1), MeanSquaredError()


def keras_model(T, I, H, categorical):
    """The same network in Keras, compiled with the same loss and Adam, all else as Keras has it."""
    import keras

    model = keras.Sequential(
        [keras.Input((T, I)), keras.layers.SimpleRNN(H, return_sequences=True), keras.layers.Dense(I)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True) if categorical else "mse"
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss=loss)
    return model


def matrix_products(T, B, I, H):
    """A function that computes the products of one training step, and nothing else, from float32 arrays."""
    rng = np.random.default_rng(0)

    def normal(*shape):
        return rng.normal(size=shape).astype("float32") / np.float32(np.sqrt(shape[-1]))

    x, h, dy, product = normal(T * B, I), normal(T * B, H), normal(T * B, I), normal(B, H)
    W_ih, W_hh, W_ho = normal(I, H), normal(H, H), normal(H, I)
    W_hhT, steps = np.ascontiguousarray(W_hh.T), list(h.reshape(T, B, H))
    a, y = np.empty_like(h), np.empty_like(dy)
    dW_ih, dW_hh, dW_ho = np.empty_like(W_ih), np.empty_like(W_hh), np.empty_like(W_ho)

    def run():
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

    return run


def in_turns(functions, rounds, repeats=None):
    """Seconds per call of each function, a list with one entry for each round."""
    repeats = repeats or dict.fromkeys(functions, 1)
    seconds = {name: [] for name in functions}
    for round_number in range(rounds + 1):  # the first round only warms up
        for name, function in functions.items():
            begin = time.perf_counter()
            for _ in range(repeats[name]):
                function()
            if round_number:
                seconds[name].append((time.perf_counter() - begin) / repeats[name])
    return seconds


def ratio(seconds, over, under):
    """The median over the rounds of seconds[over] ÷ seconds[under]."""
    return statistics.median(a / b for a, b in zip(seconds[over], seconds[under], strict=True))


def against_keras(rounds):
    """Training step and inference at the six sizes, against Keras and against the bare products."""
    rows = []
    for (T, B, I, H), target, batches in zip(SIZES, TARGETS, BATCHES, strict=True):
        net, x, y, loss = problem(T, B, I, H, B * batches)
        model, optimiser = keras_model(T, I, H, I == 65), Adam(0.001)
        bare = matrix_products(T, B, I, H)

        def products(bare=bare, batches=batches):
            with one_thread():
                for _ in range(batches):
                    bare()

        def ours(net=net, x=x, y=y, loss=loss, optimiser=optimiser, B=B):
            train(net, x, y, loss, optimiser, epochs=1, batch_size=B, progress=False)

        def on_batch(model=model, x=x, y=y, B=B, batches=batches):
            for start in range(0, B * batches, B):
                model.train_on_batch(x[start : start + B], y[start : start + B])

        def forward(net=net, x=x, B=B, batches=batches):
            for start in range(0, B * batches, B):
                net.forward(x[start : start + B])

        def predict(model=model, x=x, B=B, batches=batches):
            for start in range(0, B * batches, B):
                model.predict_on_batch(x[start : start + B])

        functions = {
            "train": ours,
            "fit": lambda model=model, x=x, y=y, B=B: model.fit(x, y, batch_size=B, epochs=1, verbose=0),
            "products": products,
            "train_on_batch": on_batch,
            "forward": forward,
            "predict_on_batch": predict,
        }
        seconds = in_turns(functions, rounds)
        row = {"size": (T, B, I, H), "batches": batches, "target": target}
        row |= {name + " ms": 1e3 * statistics.median(times) / batches for name, times in seconds.items()}
        row["fit ÷ ours"] = ratio(seconds, "fit", "train")
        row["train_on_batch ÷ ours"] = ratio(seconds, "train_on_batch", "train")
        row["predict_on_batch ÷ ours"] = ratio(seconds, "predict_on_batch", "forward")
        row["share of bare products"] = ratio(seconds, "products", "train")
        rows.append(row)
        print(
            f"  {str((T, B, I, H)):19} ours {row['train ms']:8.3f} ms   fit ÷ ours {row['fit ÷ ours']:5.1f} "
            f"(wanted {target:3g})   train_on_batch ÷ ours {row['train_on_batch ÷ ours']:5.1f}   predict_on_batch ÷ "
            f"forward {row['predict_on_batch ÷ ours']:5.1f}   bare products ÷ ours {row['share of bare products']:4.0%}",
            flush=True,
        )
    return rows


def growth(rounds):
    """Seconds and peak memory of one training step, as T, B and H grow."""
    base = {"T": 100, "B": 16, "I": 4, "H": 32}
    series = {"T": [30, 100, 300, 1000, 3000, 10000], "B": [1, 4, 16, 64, 256], "H": [8, 16, 32, 64, 128, 256]}
    result = {}
    for letter, values in series.items():
        steps = {}
        memory = {}
        for value in values:
            size = base | {letter: value}
            net, x, y, loss = problem(**size, N=size["B"])

            def step(net=net, x=x, y=y, loss=loss, optimiser=Adam(0.001), B=size["B"]):
                train(net, x, y, loss, optimiser, epochs=5, batch_size=B, progress=False)

            steps[value] = step
            tracemalloc.start()
            step()
            memory[value] = tracemalloc.get_traced_memory()[1] / 1e6
            tracemalloc.stop()
        seconds = in_turns(steps, rounds)
        result[letter] = [
            {letter: value, "ms": 200 * min(seconds[value]), "megabytes": memory[value]} for value in values
        ]
        line = "   ".join(f"{v}: {r['ms']:.2f} ms, {r['megabytes']:.1f} MB" for v, r in zip(values, result[letter]))
        print(f"  {letter}   {line}", flush=True)
    last, before = result["T"][-1], result["T"][-3]
    times = last["ms"] / before["ms"]
    print(f"  from T = {before['T']} to {last['T']}: {times:.1f} times the time, for 10 times the steps", flush=True)
    return result


FIRST_EPOCHS = {
    "ours": """
import numpy as np
from helpers.networks import SimpleRNN, MeanSquaredError, Adam, train
x = np.random.default_rng(0).normal(size=(1000, 50, 8)).astype("float32")
net = SimpleRNN(8, 32, 8, dtype="float32")
train(net, x, np.roll(x, 1, axis=1), MeanSquaredError(), Adam(0.001), epochs=10, batch_size=32, progress=False)
""",
    "keras": """
import numpy as np
import keras
x = np.random.default_rng(0).normal(size=(1000, 50, 8)).astype("float32")
model = keras.Sequential([keras.Input((50, 8)), keras.layers.SimpleRNN(32, return_sequences=True), keras.layers.Dense(8)])
model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mse")
model.fit(x, np.roll(x, 1, axis=1), epochs=10, batch_size=32, verbose=0)
""",
}


def first_epochs(rounds):
    """From the start of Python to the end of ten epochs of 1,000 sequences, T = 50, H = 32."""

    def run(name):
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", FIRST_EPOCHS[name]], check=True, env=environment, capture_output=True)

    seconds = in_turns({name: lambda name=name: run(name) for name in FIRST_EPOCHS}, rounds)
    result = {name: statistics.median(times) for name, times in seconds.items()}
    result["keras ÷ ours"] = ratio(seconds, "keras", "ours")
    print(
        f"  ours {result['ours']:.2f} s   Keras {result['keras']:.2f} s   ratio {result['keras ÷ ours']:.1f} (wanted 20)",
        flush=True,
    )
    return result


def slider(rounds):
    """One forward pass of the size a slider asks for: T = 40, H = 16, B = 1."""
    result = {}
    for dtype in ("float32", "float64"):
        net = SimpleRNN(1, 16, 1, dtype=dtype)
        x = np.random.default_rng(0).normal(size=(1, 40, 1))
        seconds = in_turns({"forward": lambda net=net, x=x: net.forward(x)}, 10 * rounds, {"forward": 100})["forward"]
        result[dtype] = {"µs": 1e6 * statistics.median(seconds), "best µs": 1e6 * min(seconds)}
        print(
            f"  {dtype}: {result[dtype]['µs']:.0f} µs (best {result[dtype]['best µs']:.0f}; wanted under 100)", flush=True
        )
    return result


def vanishing(rounds):
    """The backward sweep with the loss on the last step only, the gradient vanishing: with and without the floor."""
    T, B, H = 400, 32, 100
    net = SimpleRNN(1, H, 1, dtype="float32")
    net.parameters["W_hh"] *= 0.5
    x = np.random.default_rng(0).normal(size=(B, T, 1))
    y, record = net.forward(x)
    every, last = np.ones_like(y), np.zeros_like(y)
    last[:, -1] = 1
    floors = dict(denormals.FLOOR)

    def backward(dy, floor):
        denormals.FLOOR.update(floors if floor else dict.fromkeys(floors, 0.0))
        try:
            with one_thread():
                net.backward(record, dy)
        finally:
            denormals.FLOOR.update(floors)

    functions = {
        "loss on every step": lambda: backward(every, True),
        "last step, with the floor": lambda: backward(last, True),
        "last step, without": lambda: backward(last, False),
    }
    seconds = in_turns(functions, 5 * rounds)
    result = {name: ratio(seconds, name, "loss on every step") for name in functions}
    print("  " + "   ".join(f"{name} {value:.2f}" for name, value in result.items()), flush=True)
    return result


def plot(results, path):
    """Save the picture: ratios, growth with T, growth with B and H, denormal numbers."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(14, 4.4), layout="constrained")
    if rows := results.get("keras"):
        names = [str(tuple(row["size"])) for row in rows]
        axes[0].barh(names, [row["fit ÷ ours"] for row in rows], color="#0072b2", label="measured")
        axes[0].plot([row["target"] for row in rows], names, "k|", markersize=16, label="wanted")
        axes[0].axvline(1, color="grey", linewidth=0.8)
        axes[0].set(xscale="log", xlabel="Keras fit ÷ ours (time of a training step)", ylabel="(T, B, I, H)")
        axes[0].invert_yaxis()
        axes[0].legend()
    for axis, quantity, unit in ((axes[1], "ms", "time of a training step (ms)"), (axes[2], "megabytes", "memory (MB)")):
        for letter, marker in (("T", "o"), ("B", "s"), ("H", "^")):
            rows = results.get("growth", {}).get(letter, [])
            axis.plot([row[letter] for row in rows], [row[quantity] for row in rows], marker + "-", label=f"against {letter}")
        axis.set(xscale="log", yscale="log", xlabel="T, B or H (else T = 100, B = 16, H = 32)", ylabel=unit)
        axis.legend()
    figure.suptitle(f"{results['machine']}, {results['date']}", fontsize=9)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


PARTS = {
    "keras": ("training step and inference, against Keras and the bare products", against_keras),
    "growth": ("time and memory of a training step (else T = 100, B = 16, I = 4, H = 32)", growth),
    "first": ("first ten epochs of 1,000 sequences, T = 50, H = 32, imports included", first_epochs),
    "slider": ("a slider's forward pass: T = 40, H = 16, B = 1", slider),
    "vanishing": ("vanishing gradients: time of the backward sweep, T = 400, B = 32, H = 100", vanishing),
}


def processor():
    """The name of the processor, as the system calls it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plot", default=ROOT / "build" / "training_speed.png")
    parser.add_argument("--json", help="file for all numbers")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    results = {"date": date.today().isoformat(), "machine": f"{processor()}, {os.cpu_count()} cores"}
    print(f"{results['machine']}, Python {platform.python_version()}, NumPy {np.__version__}, {results['date']}")
    for name in arguments.only:
        words, measure = PARTS[name]
        print(words, flush=True)
        results[name] = measure(arguments.rounds)
    plot(results, arguments.plot)
    print(f"picture: {arguments.plot}")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
