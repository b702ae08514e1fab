"""What cannot be trained together is refused before any work; weights can be kept; failures are mended."""

import copy
import pickle

import numpy as np
import pytest

from helpers.networks import (
    GRU,
    LSTM,
    SGD,
    Adam,
    AttentionReadout,
    Bidirectional,
    CategoricalCrossEntropy,
    CausalCNN,
    FeedForward,
    MeanSquaredError,
    SelfAttention,
    SimpleRNN,
    StateRecorder,
    TreeNetwork,
    gradient_by_lag,
    sample_sequence,
    train,
)

N, T = 6, 5


def sequences(inputs=2, seed=0):
    return np.random.default_rng(seed).normal(size=(N, T, inputs))


def refused(words, call, *arguments, **named):
    with pytest.raises(ValueError, match=words):
        call(*arguments, **named)


# ---- what goes with what ------------------------------------------------------------------------------------


@pytest.mark.parametrize("net", [Bidirectional(2, 3, 1), AttentionReadout(2, 1)], ids=repr)
@pytest.mark.parametrize("loss", [MeanSquaredError(), CategoricalCrossEntropy()], ids=repr)
def test_one_output_a_sequence_needs_a_loss_on_the_last_step(net, loss):
    recorder, x = StateRecorder(sequences()[0]), sequences()
    train(SimpleRNN(2, 3, 1), x, x[..., :1], MeanSquaredError(), epochs=2, recorders=recorder, progress=False)
    refused('loss: expected one with steps="last"', train, net, x, np.zeros((N, T, 1)), loss, recorders=recorder)
    assert recorder.epochs == [0, 1, 2], "what was recorded before is still there"


@pytest.mark.parametrize("net", [CausalCNN(2, 3, 1), SelfAttention(2, 3, 3, 1)], ids=repr)
def test_networks_without_padding_refuse_a_mask(net):
    x, mask = sequences(), np.ones((N, T), bool)
    expected = rf"mask: expected None: pad .* shape \({N}, {T}\)"
    refused(expected, net.forward, x, mask=mask)
    refused(expected, train, net, x, x[..., :1], MeanSquaredError(), mask=mask, progress=False)


def test_a_feedforward_network_cannot_answer_at_the_padding():
    """It has no state that stays: the last output would be that of the padding."""
    x, mask, net = sequences(), np.ones((N, T), bool), FeedForward((2, 3, 1))
    refused("mask: expected None, or a loss on every step", train, net, x, np.zeros((N, 1)), MeanSquaredError("last"),
            mask=mask, progress=False)  # fmt: skip
    train(net, x, x[..., :1], MeanSquaredError(), mask=mask, epochs=1, progress=False)


def test_every_recorder_is_asked_before_the_first_forgets():
    x, fits, wrong = sequences(), StateRecorder(sequences()[0]), StateRecorder(np.ones((4, 3)))
    net = SimpleRNN(2, 3, 1)
    train(net, x, x[..., :1], MeanSquaredError(), epochs=2, recorders=fits, progress=False)
    refused("probe_x", train, net, x, x[..., :1], MeanSquaredError(), recorders=[fits, wrong], progress=False)
    assert fits.epochs == [0, 1, 2]


def test_recording_trees_and_networks_without_states():
    trees = np.zeros((N, T, 4))  # no children
    recorder = StateRecorder(trees[0])
    train(TreeNetwork(2, 3, 1), trees, np.zeros((N, T, 1)), MeanSquaredError(), epochs=2, recorders=recorder,
          progress=False)  # fmt: skip
    assert recorder.states.shape == (3, T, 3)
    refused("net: expected a network with states", train, AttentionReadout(2, 1), sequences(), np.zeros((N, 1)),
            MeanSquaredError("last"), recorders=StateRecorder(sequences()[0]), progress=False)  # fmt: skip


def test_records_of_other_networks_are_refused():
    x = sequences()
    y, record = SimpleRNN(2, 3, 1).forward(x)
    refused(r"record: expected one of SimpleRNN\(input_size=4", SimpleRNN(4, 3, 1).backward, record, y)
    y, record = TreeNetwork(2, 3, 1).forward(np.zeros((N, T, 4)))
    refused("record", SimpleRNN(4, 3, 1).backward, record, y)
    for net, other in (
        (CausalCNN(2, 3, 1), CausalCNN(2, 4, 1)),
        (CausalCNN(2, 3, 1, dilations=(1, 2)), CausalCNN(2, 3, 1, dilations=(2, 1))),
        (SelfAttention(2, 3, 4, 1), SelfAttention(2, 5, 4, 1)),
        (Bidirectional(2, 3, 1, LSTM), Bidirectional(2, 3, 1, GRU)),
    ):
        y, record = net.forward(x)
        refused("record: expected one of", other.backward, record, y)
        net.copy().backward(record, y)


def test_only_recurrent_networks_go_on_or_have_lags():
    refused("net: expected a recurrent network", sample_sequence, CausalCNN(4, 3, 4), [1, 2], 3)
    refused("net: expected a recurrent network", gradient_by_lag, FeedForward((2, 3, 1)), sequences())


def test_masked_arrays_are_refused():
    """What is masked in them would be read as if it were not."""
    target = np.ma.masked_array(np.ones((N, T, 1)), mask=np.zeros((N, T, 1), bool))
    MeanSquaredError()(np.zeros((N, T, 1)), target)  # nothing is masked
    target.mask[0, 0] = True
    refused("target: expected an array without masked values", MeanSquaredError(), np.zeros((N, T, 1)), target)


def test_complex_networks_are_for_checking():
    x, net = sequences(), SimpleRNN(2, 3, 1).astype("complex128")
    refused("net: expected a network in float32 or float64", train, net, x, x[..., :1], MeanSquaredError())
    for Net in (SimpleRNN, LSTM, GRU):
        real = Net(2, 3, 1, seed=4)
        long = np.random.default_rng(1).normal(size=(1, 60, 2))
        y, record = real.astype("complex128").forward(long)
        gradients = real.astype("complex128").backward(record, np.ones_like(y))
        of_real = real.backward(real.forward(long)[1], np.ones((1, 60, 1)))
        np.testing.assert_allclose(gradients.theta, of_real.theta, rtol=1e-12, atol=1e-12)


# ---- keeping weights and gradients ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))],
    ids=["copy", "deep", "pickle"],
)
def test_parameters_can_be_kept(copied):
    net = SimpleRNN(2, 3, 1, seed=5)
    before, kept = net.theta.copy(), copied(net.parameters)
    assert list(kept) == list(net.parameters)
    net.theta *= 2
    net.parameters.update(kept)
    np.testing.assert_array_equal(net.theta, before)


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))], ids=["deep", "pickle"]
)
@pytest.mark.parametrize("net", [SimpleRNN(2, 3, 1), FeedForward((2, 3, 1))], ids=repr)
def test_gradients_can_be_kept(net, copied):
    y, record = net.forward(sequences())
    gradients = net.backward(record, np.ones_like(y))
    kept = copied(gradients)
    np.testing.assert_array_equal(kept.theta, gradients.theta)
    np.testing.assert_array_equal(kept.h, gradients.h)
    kept["W_ho"][...] = 7
    assert (kept.theta == 7).sum() == 3, "the names are views of the copy's own theta"
    assert not (gradients.theta == 7).any()


def test_an_update_happens_whole_or_not_at_all():
    net = SimpleRNN(2, 3, 1, seed=5)
    before = net.theta.copy()
    refused("b_h", net.parameters.update, {"W_ih": np.ones((2, 3)), "b_h": np.ones(7)})
    with pytest.raises(KeyError, match="W_xx"):
        net.parameters.update(b_h=np.ones(3), W_xx=np.ones(3))
    np.testing.assert_array_equal(net.theta, before)


# ---- after a failure ------------------------------------------------------------------------------------------


def test_what_is_advised_after_a_failure_helps():
    """The velocity that led to infinity is forgotten: with a smaller rate the same optimiser then learns."""
    x, target = np.random.default_rng(0).normal(size=(8, 30, 2)), np.random.default_rng(1).normal(size=(8, 30, 1))
    net = SimpleRNN(2, 4, 1, "relu", seed=0)
    start, optimiser = net.theta.copy(), SGD(1.0, momentum=0.9)
    failed = train(net, x, target, MeanSquaredError(), optimiser, epochs=50, progress=False)
    assert "Try a smaller learning rate" in failed.stopped
    net.theta, optimiser.learning_rate = start, 1e-3
    healed = train(net, x, target, MeanSquaredError(), optimiser, epochs=50, progress=False)
    assert healed.stopped is None and healed.loss[-1] < healed.loss[0]


@pytest.mark.parametrize("optimiser", [SGD(0.1, momentum=0.9), Adam(0.1)], ids=repr)
def test_an_optimiser_that_forgets_starts_anew(optimiser):
    theta, gradient = np.zeros(3), np.ones(3)
    optimiser.update(theta, gradient)
    first = theta.copy()
    optimiser.forget()
    theta[...] = 0
    optimiser.update(theta, gradient)
    np.testing.assert_array_equal(theta, first)


@pytest.mark.parametrize("patience", [None, 2])
def test_a_regularised_training_that_explodes_keeps_finite_parameters(patience):
    x, net = sequences(), SimpleRNN(2, 3, 1, "linear", seed=1)
    start = net.theta.copy()
    history = train(net, x, np.zeros((N, T, 1)), MeanSquaredError(), Adam(1e200), validation=(x, np.zeros((N, T, 1))),
                    drop={"W_hh": 0.1}, epochs=3, patience=patience, progress=False)  # fmt: skip
    assert "not finite" in history.stopped and "not finite" in repr(history)
    assert ("The parameters are those of epoch" in history.stopped) == bool(history.kept_epoch)
    assert np.isfinite(net.theta).all() and (history.loss or np.array_equal(net.theta, start))
