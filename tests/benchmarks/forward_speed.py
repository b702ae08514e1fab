"""How fast the networks predict: beside Keras' `predict_on_batch` and PyTorch without gradients.

    python tests/benchmarks/forward_speed.py [--torch PYTHON] [--kind SimpleRNN] [--rounds N]

Every size is measured in a new process, because how long fresh memory takes depends on what was freed before. In it
all that is compared takes turns; PyTorch runs in a second process, with the Python that `--torch` names (one in whose
environment it is installed; the course does not need it), and waits while it is not asked. A ratio is the median of the
ratios of single rounds, in float32, outputs at every step. Measure on a machine that does nothing else.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import numpy as np  # noqa: E402
from measuring import best_ratio, machine, median, ratio  # noqa: E402

# (T, B, I, H), and Keras' predict_on_batch ÷ predict that is wanted; PyTorch's is to be at least 1 everywhere
SIZES = {
    (20, 32, 1, 16): 1.5,
    (50, 32, 8, 32): 1.5,
    (100, 32, 1, 100): 1.5,
    (100, 64, 32, 128): 1,
    (200, 64, 64, 256): 1,
    (1000, 1, 65, 128): 1,
}
ROUND = 0.03  # seconds that each of the compared works for in a round, at least
REST = 0.005  # seconds between two, in which the threads of the last one go to sleep


def inputs(T, B, I):
    return np.random.default_rng(0).normal(size=(B, T, I)).astype("float32")


def torch_model(kind, T, B, I, H):
    """A function without arguments that predicts in PyTorch."""
    import torch

    name = {"SimpleRNN": "RNN"}.get(kind, kind)
    recurrent, readout = getattr(torch.nn, name)(I, H, batch_first=True), torch.nn.Linear(H, I)
    x = torch.from_numpy(inputs(T, B, I))

    def predict():
        with torch.no_grad():
            return readout(recurrent(x)[0])

    return predict


def seconds_each(function, count):
    begin = time.perf_counter()
    for _ in range(count):
        function()
    return (time.perf_counter() - begin) / count


def answer(kind, size):
    """The second process: for each number on its standard input, the seconds of one of so many predictions."""
    function = torch_model(kind, *size)
    for line in sys.stdin:
        print(seconds_each(function, int(line)), flush=True)


def one_size(kind, size, rounds, torch):
    """Measure one size, in this process; prints a line of JSON."""
    import keras

    from helpers import networks

    T, B, I, H = size
    net, x = getattr(networks, kind)(I, H, I, dtype="float32"), inputs(T, B, I)
    recurrent = getattr(keras.layers, kind)(H, return_sequences=True)
    model = keras.Sequential([keras.Input((T, I)), recurrent, keras.layers.Dense(I)])
    turns = {
        "predict": lambda count: seconds_each(lambda: net.predict(x), count),
        "forward": lambda count: seconds_each(lambda: net.forward(x), count),
        "Keras": lambda count: seconds_each(lambda: model.predict_on_batch(x), count),
    }
    if torch:
        command = [torch, __file__, "--kind", kind, "--answer", *map(str, size)]
        other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def pytorch(count):
            print(count, file=other.stdin, flush=True)
            return float(other.stdout.readline())

        turns["PyTorch"] = pytorch
    counts = {}
    for name, turn in turns.items():
        turn(3)
        counts[name] = max(1, round(ROUND / turn(3)))
    seconds = {name: [] for name in turns}
    for _ in range(rounds):
        for name, turn in turns.items():
            time.sleep(REST)
            seconds[name].append(turn(counts[name]))
    if torch:
        other.stdin.close()
        other.wait()
    print(json.dumps(seconds))


COLUMNS = ("predict ms", "forward ms", "Keras ÷ predict", "wanted", "at best", "PyTorch ÷ predict", "at best")


def report(kind, rounds, torch):
    """Measure all sizes, each in a process of its own, and print a table; "at best" compares the fastest rounds."""
    print(f"{kind}\n  (T, B, I, H)        " + "".join(f"{name:>19}" for name in COLUMNS))
    for size, wanted in SIZES.items():
        command = [sys.executable, __file__, "--kind", kind, "--rounds", str(rounds), "--size", *map(str, size)]
        command += ["--torch", torch] if torch else []
        ran = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds = json.loads(ran.stdout.splitlines()[-1])
        row = [1e3 * median(seconds, "predict"), 1e3 * median(seconds, "forward")]
        row += [ratio(seconds, "Keras", "predict"), wanted, best_ratio(seconds, "Keras", "predict")]
        row += [ratio(seconds, "PyTorch", "predict"), best_ratio(seconds, "PyTorch", "predict")] if torch else []
        print(f"  {str(size):20}" + "".join(f"{number:19.3g}" for number in row), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torch", metavar="PYTHON", help="a Python that has PyTorch")
    parser.add_argument("--kind", default="SimpleRNN", choices=("SimpleRNN", "LSTM", "GRU"))
    parser.add_argument("--rounds", type=int, default=21, help="how often each thing is measured")
    parser.add_argument("--size", nargs=4, type=int, help="measure this size in this process")
    parser.add_argument("--answer", nargs=4, type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.answer:
        answer(given.kind, given.answer)
    elif given.size:
        one_size(given.kind, given.size, given.rounds, given.torch)
    else:
        print(machine())
        report(given.kind, given.rounds, given.torch)


if __name__ == "__main__":
    main()
