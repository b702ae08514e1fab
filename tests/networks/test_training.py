"""Training: what is learned, what is recorded, and every way it can end."""

import numpy as np
import pytest

from helpers.networks import (
    GRU,
    LSTM,
    SGD,
    Adam,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    Interrupted,
    MeanSquaredError,
    SimpleRNN,
    StateRecorder,
    batches,
    clip_by_global_norm,
    train,
)


def echo(N=48, T=12, seed=0):
    """Bits, and as target the bit before; the first is counted as 0."""
    x = np.random.default_rng(seed).integers(0, 2, (N, T, 1)).astype(float)
    target = np.roll(x, 1, axis=1)
    target[:, 0] = 0
    return x, target


def learn(net=None, epochs=5, **named):
    net = net or SimpleRNN(1, 8, 1, seed=3)
    x, target = echo()
    settings = {"optimiser": Adam(0.02), "epochs": epochs, "batch_size": 16, "progress": False} | named
    return net, train(net, x, target, BinaryCrossEntropy(), **settings)


def test_it_learns_to_remember_one_bit():
    net, history = learn(epochs=80, seed=1)
    assert history.loss[0] > 0.5 > 0.05 > history.loss[-1]
    x, target = echo(seed=9)
    y, _ = net.forward(x)
    np.testing.assert_array_equal(y > 0, target > 0.5)
    assert history.stopped is None and len(history.loss) == len(history.gradient_norm) == 80
    assert history.validation_loss == [] and history.seconds > 0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("Loss", [MeanSquaredError, CategoricalCrossEntropy])
def test_same_seed_same_result(dtype, Loss):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 6, 3))
    target = rng.integers(0, 4, (40,)) if Loss is CategoricalCrossEntropy else rng.normal(size=(40, 4))

    def once(seed):
        net = SimpleRNN(3, 10, 4, seed=1, dtype=dtype)
        history = train(net, x, target, Loss("last"), Adam(0.01), epochs=3, batch_size=16, seed=seed, progress=False)
        return net.theta, history.loss

    (theta, loss), (theta_again, loss_again), (theta_other, _) = once(0), once(0), once(1)
    np.testing.assert_array_equal(theta, theta_again)
    assert loss == loss_again and theta.dtype == dtype
    assert not np.array_equal(theta, theta_other)


def test_one_epoch_is_the_steps_one_would_take_by_hand():
    """Without a workspace, batch after batch, the last one smaller; clipped. The mask is taken along."""
    rng = np.random.default_rng(0)
    x, target = rng.normal(size=(10, 7, 2)), rng.normal(size=(10, 7, 3))
    mask = rng.random((10, 7)) < 0.7
    mask[:, 0] = True
    loss, ours, by_hand = MeanSquaredError(), SimpleRNN(2, 5, 3, seed=2), SimpleRNN(2, 5, 3, seed=2)
    history = train(ours, x, target, loss, SGD(0.5, momentum=0.5), epochs=2, batch_size=4, mask=mask, clip_norm=0.3,
                    shuffle=False, progress=False)  # fmt: skip
    optimiser = SGD(0.5, momentum=0.5)
    for epoch in range(2):
        losses, norms = [], []
        for batch in (slice(0, 4), slice(4, 8), slice(8, 10)):
            y, record = by_hand.forward(x[batch], mask=mask[batch])
            J, dy = loss(y, target[batch], mask[batch])
            gradient = by_hand.backward(record, dy).theta
            norms.append(clip_by_global_norm(gradient, 0.3))
            optimiser.update(by_hand.theta, gradient)
            losses.append(J)
        assert history.loss[epoch] == pytest.approx(np.mean(losses), rel=1e-13)
        assert history.gradient_norm[epoch] == pytest.approx(np.mean(norms), rel=1e-12)
        assert max(norms) > 0.3  # else the clipping was not tried
    np.testing.assert_allclose(ours.theta, by_hand.theta, rtol=1e-12, atol=1e-15)


def test_shuffling_uses_every_sequence_once(monkeypatch):
    seen = []
    forward = SimpleRNN._forward

    def watched(self, x, h_0, mask, workspace=None):
        seen.append(x[0, :, 0].copy())
        return forward(self, x, h_0, mask, workspace)

    monkeypatch.setattr(SimpleRNN, "_forward", watched)
    x = np.arange(10.0)[:, None, None] * np.ones((10, 3, 1))
    train(SimpleRNN(1, 2, 1), x, x, MeanSquaredError(), epochs=2, batch_size=4, progress=False)
    first, second = np.concatenate(seen[:3]), np.concatenate(seen[3:])
    assert sorted(first) == sorted(second) == list(range(10))
    assert first.tolist() != second.tolist() != sorted(second)


def test_a_second_training_goes_on():
    """Optimiser and network keep what they have learned: 3 + 3 epochs are 6 epochs, without shuffling."""
    net, optimiser = SimpleRNN(1, 8, 1, seed=3), Adam(0.02)
    learn(net, epochs=3, optimiser=optimiser, shuffle=False)
    learn(net, epochs=3, optimiser=optimiser, shuffle=False)
    at_once, _ = learn(epochs=6, shuffle=False)
    np.testing.assert_array_equal(net.theta, at_once.theta)


def test_an_optimiser_starts_anew_with_another_network():
    optimiser = Adam(0.02)
    learn(optimiser=optimiser)
    again, _ = learn(optimiser=optimiser)
    fresh, _ = learn()
    np.testing.assert_array_equal(again.theta, fresh.theta)


def test_validation_does_not_teach():
    x, target = echo(seed=5)
    loss = BinaryCrossEntropy()
    mask = np.random.default_rng(1).random(x.shape[:2]) < 0.5
    mask[:, 3] = True
    with_validation, history = learn(validation=(x, target, mask))
    without, _ = learn()
    np.testing.assert_array_equal(with_validation.theta, without.theta)
    assert len(history.validation_loss) == 5
    assert history.validation_loss[-1] == pytest.approx(
        loss(without.forward(x, mask=mask)[0], target, mask)[0], rel=1e-12
    )


def test_validation_of_the_last_step():
    x, target = echo(N=11, seed=5)
    net, loss = SimpleRNN(1, 4, 1), MeanSquaredError("last")
    history = train(net, x, target[:, -1], loss, epochs=1, batch_size=4, validation=(x, target[:, -1]), progress=False)
    assert history.validation_loss[0] == pytest.approx(loss(net.forward(x)[0], target[:, -1])[0], rel=1e-12)


# ---- ends ----------------------------------------------------------------------------------------------------


class InterruptAt:
    """A recorder in whose way the reader presses the stop button."""

    def __init__(self, epoch):
        self.epoch = epoch

    def begin(self, net):
        self.theta = None

    def record(self, epoch, net):
        if epoch == self.epoch:
            self.theta = net.theta.copy()
            raise KeyboardInterrupt


def test_interruption_keeps_what_was_learned():
    net, stop, states = SimpleRNN(1, 8, 1, seed=3), InterruptAt(3), StateRecorder(np.ones((4, 1)))
    with pytest.raises(KeyboardInterrupt, match="stopped after 3 of 100 epochs. The network keeps") as raised:
        learn(net, epochs=100, recorders=[states, stop])
    history = raised.value.history
    reference, _ = learn(epochs=3)
    assert history.stopped == "interrupted" and len(history.loss) == 3
    np.testing.assert_array_equal(net.theta, reference.theta)
    assert states.epochs == [0, 1, 2, 3] and states.states.shape == (4, 4, 8)
    assert "3 of 100 epochs" in repr(history) and "interrupted" in repr(history)
    _, history = learn(net, epochs=2)  # and one can go on
    assert history.stopped is None


def test_interruption_within_an_epoch(monkeypatch):
    steps = []
    backward = SimpleRNN._backward

    def tired(self, *arguments):
        steps.append(self.theta.copy())
        if len(steps) == 5:
            raise KeyboardInterrupt
        return backward(self, *arguments)

    monkeypatch.setattr(SimpleRNN, "_backward", tired)
    net = SimpleRNN(1, 8, 1, seed=3)
    with pytest.raises(Interrupted) as raised:
        learn(net, epochs=100)  # three batches in an epoch
    history = raised.value.history
    assert history.stopped == "interrupted" and len(history.loss) == 1
    np.testing.assert_array_equal(net.theta, steps[-1])


def exploding(net, **named):
    """Large inputs, a linear network and a rate that is far too high: the loss overflows after a few steps."""
    x = 100 * np.ones((8, 30, 1))
    return train(net, x, 0 * x, MeanSquaredError(), SGD(1e3), epochs=50, batch_size=4, progress=False, **named)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_loss_that_is_not_finite(dtype, recwarn):
    net = SimpleRNN(1, 4, 1, activation="linear", dtype=dtype)
    recorder = StateRecorder(np.ones((3, 1)))
    history = exploding(net, recorders=[recorder])
    assert "not finite" in history.stopped and "smaller learning rate" in history.stopped
    assert "clip_norm=1" in history.stopped and "epoch" in history.stopped
    assert np.isfinite(net.theta).all() and np.isfinite(history.loss).all()
    assert len(history.loss) < 50 and len(recorder.epochs) == len(history.loss) + 1
    assert not recwarn.list
    assert "smaller clip_norm" in exploding(SimpleRNN(1, 4, 1, activation="linear"), clip_norm=1e300).stopped


def test_the_last_good_parameters_come_back(monkeypatch):
    """The third step leads to a loss that is NaN: what the second one had computed with must be there again."""
    given = []
    evaluate = MeanSquaredError.value_and_slope

    def spoilt(self, y, target, mask=None, workspace=None):
        J, dy = evaluate(self, y, target, mask, workspace)
        given.append(net.theta.copy())
        return (np.nan if len(given) == 3 else J), dy

    monkeypatch.setattr(MeanSquaredError, "value_and_slope", spoilt)
    net, (x, target) = SimpleRNN(1, 4, 1), echo()
    history = train(net, x, target, MeanSquaredError(), epochs=9, batch_size=8, progress=False)
    assert "epoch 1" in history.stopped and history.loss == []
    np.testing.assert_array_equal(net.theta, given[1])
    assert not np.array_equal(given[1], given[2])


def test_a_gradient_that_is_not_finite(monkeypatch):
    backward = SimpleRNN._backward

    def spoilt(self, *arguments):
        gradients = backward(self, *arguments)
        gradients.theta[3] = np.inf
        return gradients

    monkeypatch.setattr(SimpleRNN, "_backward", spoilt)
    net = SimpleRNN(1, 8, 1, seed=3)
    before = net.theta.copy()
    _, history = learn(net)
    assert "the gradient was not finite" in history.stopped
    np.testing.assert_array_equal(net.theta, before)


def test_a_last_step_that_goes_too_far():
    """One step only, to parameters that are not finite: no loss has shown it yet."""
    net = SimpleRNN(1, 4, 1, dtype="float32")
    before = net.theta.copy()
    x, target = echo(N=4)
    history = train(net, x, 1e15 * target, MeanSquaredError(), SGD(1e30), epochs=1, progress=False)
    assert "change of the parameters was not finite" in history.stopped
    np.testing.assert_array_equal(net.theta, before)


def test_float32_gradients_longer_than_float32_can_square():
    gradient = np.full(4, 1e25, np.float32)
    assert clip_by_global_norm(gradient, 1.0) == pytest.approx(2e25, rel=1e-6)
    np.testing.assert_allclose(gradient, 0.5, rtol=1e-6)


# ---- recorders -----------------------------------------------------------------------------------------------


def test_states_of_every_epoch():
    probe = echo()[0][0]
    recorder = StateRecorder(probe)
    assert recorder.epochs == [] and recorder.megabytes == 0 and "nothing" in repr(recorder)
    with pytest.raises(RuntimeError, match="nothing is recorded yet"):
        _ = recorder.states
    net = SimpleRNN(1, 8, 1, seed=3)
    before = net.forward(probe[None])[1]
    net, history = learn(net, epochs=4, recorders=[recorder])
    y, record = net.forward(probe[None])
    assert recorder.epochs == [0, 1, 2, 3, 4]
    assert recorder.states.shape == (5, 12, 8) and recorder.outputs.shape == (5, 12, 1)
    assert recorder.states.dtype == recorder.outputs.dtype == np.float32
    np.testing.assert_array_equal(recorder.states[0], before.h[0, 1:].astype(np.float32))
    np.testing.assert_array_equal(recorder.states[-1], record.h[0, 1:].astype(np.float32))
    np.testing.assert_array_equal(recorder.outputs[-1], y[0].astype(np.float32))
    assert recorder.megabytes == pytest.approx((recorder.states.nbytes + recorder.outputs.nbytes) / 1e6)
    assert recorder.states is recorder.states  # stacked once, not each time someone looks


def test_chosen_epochs_of_several_sequences():
    probe = echo()[0][:3]
    recorder, every = StateRecorder(probe, epochs=range(0, 100, 2)), StateRecorder(probe)
    learn(epochs=5, recorders=(recorder, every))
    assert recorder.epochs == [0, 2, 4] and recorder.states.shape == (3, 3, 12, 8)
    np.testing.assert_array_equal(recorder.states, every.states[::2])
    learn(epochs=1, recorders=recorder)  # a new training, a new recording
    assert recorder.epochs == [0]


def test_recording_does_not_change_the_training():
    with_recorder, _ = learn(recorders=[StateRecorder(np.ones((5, 1)))])
    without, _ = learn()
    np.testing.assert_array_equal(with_recorder.theta, without.theta)


def test_a_probe_is_a_copy():
    probe = np.ones((4, 1))
    recorder = StateRecorder(probe)
    probe[...] = 7
    net, _ = learn(epochs=1, recorders=[recorder])
    np.testing.assert_array_equal(recorder.outputs[-1], net.forward(np.ones((1, 4, 1)))[0][0].astype(np.float32))


# ---- what is shown -------------------------------------------------------------------------------------------


def test_history_shows_no_times():
    _, history = learn(epochs=3, validation=echo(seed=2))
    history.seconds = 123.456
    text = repr(history)
    assert text.startswith("History: 3 epochs, loss ") and ", validation loss " in text and "123" not in text


def test_quiet_where_nobody_looks(capfd):
    x, target = echo(N=4)
    train(SimpleRNN(1, 4, 1), x, target, MeanSquaredError(), epochs=2, progress=True)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("Net", [SimpleRNN, LSTM, GRU])
@pytest.mark.parametrize("masked", [False, True])
def test_long_sequences_are_trained_the_same_in_stretches(Net, masked, monkeypatch):
    """The state goes on from stretch to stretch, and its gradient back; the last stretch is shorter than the others."""
    rng, lengths = np.random.default_rng(0), []
    x, target = rng.normal(size=(6, 11, 2)), rng.normal(size=(6, 11, 2))
    mask = rng.random((6, 11)) < 0.6 if masked else None
    forward = Net._forward

    def watched(self, x, *others):
        lengths.append(len(x))
        return forward(self, x, *others)

    monkeypatch.setattr(Net, "_forward", watched)
    nets = [Net(2, 4, 2, seed=0) for _ in range(2)]
    for net, stretch in zip(nets, (11, 4), strict=True):
        monkeypatch.setattr(batches, "STRETCH", stretch)
        train(net, x, target, MeanSquaredError(), SGD(0.5), epochs=3, batch_size=4, mask=mask, progress=False)
    assert lengths == 6 * [11] + 6 * [4, 4, 3]
    assert np.abs(nets[0].theta - Net(2, 4, 2, seed=0).theta).max() > 0.1  # else nothing was learned
    np.testing.assert_allclose(nets[0].theta, nets[1].theta, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("Net", [SimpleRNN, LSTM, GRU])
def test_stretches_answer_on_the_last_step(Net, monkeypatch):
    """The gradient must come from the last stretch alone, through all the others."""
    x, target = np.random.default_rng(1).normal(size=(5, 9, 2)), np.random.default_rng(2).normal(size=(5, 2))
    nets = [Net(2, 4, 2, seed=0) for _ in range(2)]
    for net, stretch in zip(nets, (9, 3), strict=True):
        monkeypatch.setattr(batches, "STRETCH", stretch)
        train(net, x, target, MeanSquaredError("last"), SGD(0.5), epochs=3, progress=False)
    np.testing.assert_allclose(nets[0].theta, nets[1].theta, rtol=1e-10, atol=1e-13)
