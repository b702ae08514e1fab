"""Ctrl-C and the stop button: a cell and a script stop, what was learned is kept and said, nothing is half done."""

import queue
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

from helpers.networks import Adam, Interrupted, MeanSquaredError, SimpleRNN, StateRecorder, train

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way there")
ENDLESS = """import numpy as np
from helpers.networks import *
x = np.ones((64, 50, 1))
net, other = SimpleRNN(1, 32, 1), SimpleRNN(1, 32, 1)
before = other.theta.copy()


class Ready:
    def begin(self, net):
        pass

    def record(self, epoch, net):
        if epoch == 1:
            print("ready", flush=True)


options = {"epochs": 10**6, "recorders": [Ready()]}
"""


def learn(net=None, epochs=3, **named):
    net = net or SimpleRNN(1, 4, 1)
    x = np.random.default_rng(0).normal(size=(20, 6, 1))
    return train(
        net, x, np.roll(x, 1, axis=1), MeanSquaredError(), epochs=epochs, batch_size=5, progress=False, **named
    )


# ---- a real kernel, a real script -----------------------------------------------------------------------------


class Cells:
    """A Jupyter kernel as a notebook has it: cells are run, and stopped by its stop button."""

    def __init__(self, root):
        self.manager, self.client = start_new_kernel(kernel_name="python3", cwd=str(root))

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code, stop_at=None):
        """(reply, what was printed or shown) of a cell; once it prints `stop_at`, the stop button is pressed."""
        asked, shown = self.client.execute(code, store_history=True), []
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != asked:
                continue
            content = message["content"]
            shown.append(str(content.get("text", "")) + str(content.get("evalue", "")) + str(content.get("data", "")))
            if stop_at and stop_at in shown[-1]:
                self.manager.interrupt_kernel()
                stop_at = None
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                return self._reply(asked), "\n".join(shown)
        raise AssertionError("the cell did not end")

    def _reply(self, asked):
        while True:  # what was asked while the kernel started may be answered late
            message = self.client.get_shell_msg(timeout=60)
            if message["parent_header"].get("msg_id") == asked:
                return message["content"]


@pytest.fixture(scope="module")
def cells(root):
    kernel = Cells(root)
    assert kernel.run(ENDLESS)[0]["status"] == "ok"
    yield kernel
    kernel.close()


@pytest.mark.parametrize("progress", [True, False])
def test_the_stop_button_stops_the_cell(cells, progress):
    """Two trainings in a cell: the first is stopped, the second never begins, and the reader is told what is kept."""
    training = f"train({{}}, x, x, MeanSquaredError(), **options, progress={progress})\n"
    code = training.format("net") + training.format("other") + "print('went on')\n"
    reply, shown = cells.run(code, stop_at="ready")
    assert reply["status"] == "error" and reply["ename"] == "Interrupted"
    assert "of 1000000 epochs. The network keeps what it has learned" in reply["evalue"] and reply["evalue"] in shown
    assert "went on" not in shown
    reply, shown = cells.run(
        "import sys\n"
        "history = sys.last_value.history\n"
        "print(history.stopped, len(history.loss) > 0, np.isfinite(net.theta).all(), (other.theta == before).all())\n"
    )
    assert reply["status"] == "ok" and "interrupted True True True" in shown
    reply, shown = cells.run("train(net, x, x, MeanSquaredError(), epochs=2, progress=False)")
    assert reply["status"] == "ok" and "History: 2 epochs" in shown, "and one can go on"


@posix
@pytest.mark.parametrize("caught", [True, False])
def test_a_real_ctrl_c(root, caught):
    code = ENDLESS
    if caught:
        code += (
            "try:\n"
            "    history = train(net, x, x, MeanSquaredError(), **options)\n"
            "except KeyboardInterrupt as stop:\n"
            "    history = stop.history\n"
            "print(history.stopped, np.isfinite(net.theta).all(), net.forward(x)[0].shape)\n"
        )
    else:
        code += "train(net, x, x, MeanSquaredError(), **options)\nprint('after')\n"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=root, text=True, stdout=-1, stderr=-1)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    if caught:
        assert out == "interrupted True (64, 50, 1)\n" and errors == "" and process.returncode == 0
    else:
        assert out == "" and process.returncode != 0
        assert "The network keeps what it has learned" in errors.splitlines()[-1]


# ---- what belongs together ------------------------------------------------------------------------------------


class PressStop:
    """A recorder during whose work the reader presses the stop button."""

    def __init__(self, epoch):
        self.epoch = epoch

    def begin(self, net):
        pass

    def record(self, epoch, net):
        if epoch == self.epoch:
            signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("epoch", [0, 1, 3])
def test_history_and_recorders_agree(place, epoch):
    probe, net = np.ones((3, 1)), SimpleRNN(1, 4, 1)
    recorders = [StateRecorder(probe), StateRecorder(probe)]
    recorders.insert(place, PressStop(epoch))
    with pytest.raises(Interrupted) as raised:
        learn(net, epochs=9, recorders=recorders)
    recorders.pop(place)
    history, reference = raised.value.history, SimpleRNN(1, 4, 1)
    assert len(history.loss) == epoch
    assert [recorder.epochs for recorder in recorders] == 2 * [list(range(epoch + 1))]
    if epoch:
        learn(reference, epochs=epoch)
    np.testing.assert_array_equal(net.theta, reference.theta)


class StoppedWithin(Adam):
    """An Adam in the middle of whose third step the reader presses the stop button."""

    def _step(self, theta, gradient):
        super()._step(theta, 0 * gradient)
        if self._n == 3:
            signal.raise_signal(signal.SIGINT)
        super()._step(theta, gradient)


class Whole(Adam):
    def _step(self, theta, gradient):
        super()._step(theta, 0 * gradient)
        super()._step(theta, gradient)


def test_a_step_of_the_optimiser_is_whole():
    """Three of four batches: parameters and moments are those after three whole steps."""
    stopped, expected = SimpleRNN(1, 4, 1), SimpleRNN(1, 4, 1)
    optimiser, reference = StoppedWithin(0.01), Whole(0.01)
    with pytest.raises(KeyboardInterrupt):
        learn(stopped, optimiser=optimiser, shuffle=False)
    x = np.random.default_rng(0).normal(size=(20, 6, 1))[:15]
    target = np.roll(x, 1, axis=1)
    train(expected, x, target, MeanSquaredError(), reference, epochs=1, batch_size=5, shuffle=False, progress=False)
    np.testing.assert_array_equal(stopped.theta, expected.theta)
    np.testing.assert_array_equal(optimiser.mean, reference.mean)
    np.testing.assert_array_equal(optimiser.square, reference.square)


@posix
def test_interrupts_at_any_time_leave_whole_epochs():
    """A hundred trainings, stopped after times of a fraction of an epoch up to some epochs."""
    delays, counts = np.random.default_rng(0).uniform(0.0005, 0.03, 100), []
    before = signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        for delay in delays:
            recorder = StateRecorder(np.ones((3, 1)))
            signal.setitimer(signal.ITIMER_REAL, delay)
            try:
                learn(epochs=10**6, recorders=[recorder])
            except Interrupted as stop:
                rows, epochs = recorder.epochs, len(stop.history.loss)
                assert rows == list(range(epochs + 1)) or (epochs == 0 and rows == [])
                assert len(stop.history.gradient_norm) == len(stop.history.loss)
                counts.append(len(stop.history.loss))
            except KeyboardInterrupt:
                pass  # before the first epoch, or after the last
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(counts) > 50 and len(set(counts)) > 3


def test_with_patience_the_best_epoch_is_kept():
    x, net = np.random.default_rng(1).normal(size=(20, 6, 1)), SimpleRNN(1, 4, 1)
    opposite = -np.roll(x, 1, axis=1)  # the more is learned, the worse it gets
    with pytest.raises(Interrupted) as raised:
        learn(net, epochs=50, recorders=[PressStop(9)], validation=(x, opposite), patience=40)
    history = raised.value.history
    best = int(np.argmin(history.validation_loss)) + 1
    assert history.kept_epoch == best < 9
    assert MeanSquaredError()(net.forward(x)[0], opposite)[0] == pytest.approx(history.validation_loss[best - 1])


def test_the_handler_is_given_back():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(1))
    try:
        handler = signal.getsignal(signal.SIGINT)
        learn(recorders=[PressStop(1)])
        assert heard == [1], "a handler of the reader's own is asked, and here it lets the training go on"
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_another_thread_one_can_train_too():
    results = []
    thread = threading.Thread(target=lambda: results.append(learn()))
    thread.start()
    thread.join()
    assert results[0].stopped is None
