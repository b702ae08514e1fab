"""Data-parallel training in two processes: `python3 -m helpers.two_workers`.

Each process is one worker of TensorFlow's MultiWorkerMirroredStrategy; on several machines each would run the same
program. Both print the losses of the whole batch, and the parent checks that they are those of one worker alone.
Keras 3 has no `model.fit` for this strategy (github.com/keras-team/keras, issue 20585), so the loop is written out.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

from helpers.data import adding_problem
from helpers.networks import SGD, MeanSquaredError, SimpleRNN, train

STEPS, RATE = 3, 0.125  # a rate that float32 holds exactly
HOME = Path(__file__).resolve().parent.parent  # from here a new process finds `helpers`


def problem():
    """x, target and the network at the start, the same in every process."""
    return (*adding_problem(sequences=64, steps=8, seed=0), SimpleRNN(2, 8, 1, seed=0))


def work():
    """What each worker runs; its place in the cluster stands in the variable TF_CONFIG. Prints the losses."""
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    from helpers import keras_bridge  # isort: skip  (first: it sets the variables that keep TensorFlow quiet)
    import keras
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    x, target, net = problem()
    with strategy.scope():
        model = keras_bridge.to_keras(net, last=True)
        optimiser = keras.optimizers.SGD(RATE)
        optimiser.build(model.trainable_variables)

    def replica_step(x, target):
        with tf.GradientTape() as tape:
            J = tf.reduce_sum((model(x) - target) ** 2) / 64
        gradients = tape.gradient(J, model.trainable_variables)
        optimiser.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return J

    @tf.function
    def step(x, target):
        return strategy.reduce("SUM", strategy.run(replica_step, args=(x, target)), axis=None)

    batches = tf.data.Dataset.from_tensors((x, target)).unbatch().batch(64).repeat(STEPS)
    print(json.dumps([float(step(*part)) for part in strategy.experimental_distribute_dataset(batches)]))


def end_with(parent):
    """End this worker soon after the process that started it: it would wait for the other worker for ever."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def free_ports(count):
    """Numbers of ports on this machine that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def losses(seconds=300):
    """Start two workers on this machine; what each of them got: two lists of STEPS losses, of the whole batch.

    Raises RuntimeError with the last line of its complaint if a worker stops, or takes longer than so many seconds.
    """
    cluster = {"worker": [f"127.0.0.1:{port}" for port in free_ports(2)]}
    command = [sys.executable, "-m", "helpers.two_workers", "worker"]
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "GRPC_VERBOSITY": "NONE"}
    quiet["no_grpc_proxy"] = "127.0.0.1"  # the workers talk on this machine, whatever proxy the reader's network needs
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": HOME}
    workers = []
    try:
        for index in range(2):
            config = {"TF_CONFIG": json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}})}
            workers.append(subprocess.Popen(command, env=os.environ | quiet | config, **pipes))
        answers = [worker.communicate(timeout=seconds) for worker in workers]
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"the two workers did not finish within {seconds:g} seconds") from None
    finally:
        for worker in workers:
            worker.kill()
    for index, (worker, (_, complaint)) in enumerate(zip(workers, answers, strict=True)):
        if worker.returncode:
            last = complaint.strip().splitlines()[-1:] or ["it said nothing"]
            raise RuntimeError(f"worker {index} stopped: {last[0]}")
    return [json.loads(printed.strip().splitlines()[-1]) for printed, _ in answers]


def main():
    """Compare what the two workers got with NumPy's training on one. Returns the exit code."""
    x, target, net = problem()
    alone = train(net, x, target, MeanSquaredError("last"), SGD(RATE), STEPS, 64, shuffle=False, progress=False).loss
    for name, got in zip(("worker 0", "worker 1", "alone"), (*losses(), alone), strict=True):
        print(f"{name + ':':9} " + "  ".join(f"{loss:.12f}" for loss in got))
        if not np.allclose(got, alone, rtol=0, atol=1e-12):
            print("This is not what one worker alone gets.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(work() if sys.argv[1:] == ["worker"] else main())
