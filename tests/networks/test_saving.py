"""Networks in files: every class comes back as it was, a training goes on to the last bit, bad files are refused."""

import copy
import json
import os
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
    BinaryCrossEntropy,
    CausalCNN,
    FeedForward,
    MeanSquaredError,
    Network,
    SelfAttention,
    SimpleRNN,
    Stacked,
    TreeNetwork,
    load,
    save,
    train,
)

NETWORKS = [
    SimpleRNN(2, 3, 1, "relu", seed=1),
    SimpleRNN(2, 3, 1, "tanh", seed=1, dtype="float32"),
    LSTM(2, 3, 1, unit_forget_bias=False, seed=1),
    GRU(2, 3, 1, reset_after=False, seed=1),
    FeedForward((2, 4, 3, 1), "sigmoid", seed=1),
    Bidirectional(2, 3, 1, GRU, seed=1),
    AttentionReadout(2, 1, seed=1),
    SelfAttention(2, 3, 4, 1, "relu", seed=1),
    CausalCNN(2, 3, 1, kernel_size=2, dilations=(1, 2), activation="relu", seed=1),
    TreeNetwork(2, 3, 1, "linear", seed=1),
    Stacked(2, (3, 4), 1, SimpleRNN, activation="sigmoid", seed=1),
    Stacked(2, (3, 4), 1, GRU, reset_after=False, seed=1, dtype="float32"),
]


def task(seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(12, 5, 2)), rng.normal(size=(12, 5, 1))


def go_on(net, optimiser, seed, epochs=3):
    x, target = task()
    train(net, x, target, MeanSquaredError(), optimiser, epochs=epochs, batch_size=5, seed=seed, progress=False)


@pytest.mark.parametrize("net", NETWORKS, ids=repr)
def test_every_network_comes_back_as_it_was(net, tmp_path):
    save(tmp_path / "net.npz", net)
    again = load(str(tmp_path / "net.npz"))
    assert type(again) is type(net) and repr(again) == repr(net) and again.dtype == net.dtype
    assert list(again.parameters) == list(net.parameters)
    np.testing.assert_array_equal(again.theta, net.theta)
    x = np.zeros((3, 5, 4)) if isinstance(net, TreeNetwork) else task()[0]
    np.testing.assert_array_equal(again.forward(x)[0], net.forward(x)[0])


def test_no_class_was_forgotten():
    def kinds(base):
        return {kind for each in base.__subclasses__() for kind in {each} | kinds(each)}

    made = {kind for kind in kinds(Network) if kind.__module__.startswith("helpers.") and kind.__doc__.count("Raises")}
    assert made <= {type(net) for net in NETWORKS}


@pytest.mark.parametrize("net", [GRU(2, 3, 1), Stacked(2, (3, 2), 1, LSTM, dtype="float32")], ids=repr)
@pytest.mark.parametrize(
    "make", [lambda: Adam(0.01, 0.8), lambda: SGD(0.1, 0.9, weight_decay=0.1)], ids=["Adam", "SGD"]
)
def test_a_training_goes_on_to_the_last_bit(net, make, tmp_path):
    net, optimiser = net.copy(), make()
    go_on(net, optimiser, seed=0)
    save(tmp_path / "half.npz", net, optimiser)
    go_on(net, optimiser, seed=1)
    again, its_optimiser = load(tmp_path / "half.npz", with_optimiser=True)
    assert repr(its_optimiser) == repr(optimiser)
    go_on(again, its_optimiser, seed=1)
    np.testing.assert_array_equal(again.theta, net.theta)
    without = load(tmp_path / "half.npz")
    go_on(without, make(), seed=1)
    assert not np.array_equal(without.theta, net.theta), "else the moments made no difference"


def test_an_optimiser_that_has_not_learned_yet(tmp_path):
    save(tmp_path / "new.npz", GRU(2, 3, 1), Adam(0.02))
    net, optimiser = load(tmp_path / "new.npz", with_optimiser=True)
    assert optimiser.memory() == {} and optimiser.learning_rate == 0.02


@pytest.mark.parametrize(
    "apart", [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))], ids=["deep", "pickle"]
)
def test_moments_go_over_to_a_copy(apart):
    """Network and optimiser copied each for itself: what the optimiser remembers still belongs to the network."""
    net, optimiser = GRU(2, 3, 1), Adam(0.02)
    go_on(net, optimiser, seed=0)
    copied, its_optimiser = apart(net), apart(optimiser)
    by_method, the_same = net.copy(), apart(optimiser)
    go_on(net, optimiser, seed=1)
    for other, others in ((copied, its_optimiser), (by_method, the_same)):
        go_on(other, others, seed=1)
        np.testing.assert_array_equal(other.theta, net.theta)


def test_moments_of_another_network_are_not_saved(tmp_path):
    optimiser = Adam(0.02)
    go_on(GRU(2, 3, 1), optimiser, seed=0)
    with pytest.raises(ValueError, match="optimiser: expected the one that has trained this network"):
        save(tmp_path / "net.npz", GRU(2, 3, 1, seed=5), optimiser)
    assert list(tmp_path.iterdir()) == []


# ---- bad files ------------------------------------------------------------------------------------------------


def refused(path, words, **named):
    with pytest.raises(ValueError, match=words):
        load(path, **named)


def test_no_damaged_file_gives_a_wrong_network(tmp_path):
    """Cut anywhere, or with any byte changed: refused in words, or the very network (some bytes are only dates)."""
    path = tmp_path / "net.npz"
    net, optimiser = GRU(2, 3, 1), Adam(0.02)
    go_on(net, optimiser, seed=0, epochs=1)
    save(path, net, optimiser)
    whole, refusals = path.read_bytes(), 0
    spoilt = [whole[:end] for end in range(0, len(whole), 31)]
    for place in range(0, len(whole), 17):
        spoilt.append(whole[:place] + bytes([whole[place] ^ (1 << place % 8)]) + whole[place + 1 :])
    for data in spoilt:
        path.write_bytes(data)
        try:
            again, its_optimiser = load(path, with_optimiser=True)
        except ValueError as problem:
            assert "net.npz: expected" in str(problem)
            refusals += 1
            continue
        assert repr(again) == repr(net) and np.array_equal(again.theta, net.theta)
        memory, expected = its_optimiser.memory(), optimiser.memory()
        assert repr(its_optimiser) == repr(optimiser)
        assert memory.keys() == expected.keys()
        assert all(np.array_equal(memory[name], expected[name]) for name in expected)
    assert refusals > 0.8 * len(spoilt)


def test_files_of_others_are_refused_and_run_no_code(tmp_path):
    path = tmp_path / "net.npz"
    np.savez(path, W=np.ones(3))
    refused(path, "an .npz file with other content")
    path.write_text("a,b\n1,2\n")
    refused(path, "another kind of file")
    path.write_bytes(b"")
    refused(path, "another kind of file")

    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    np.savez(path, about=np.array([Bomb()], dtype=object))
    refused(path, "damaged")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 2}, "format 1, given format 2: a later version"),
        ({"format": None}, "format 1, given format None"),
        ({"network": {"class": "Transformer"}}, "there is no class 'Transformer'"),
        ({"network": {"class": "SimpleRNN", "input_size": 2, "hidden_size": 4, "output_size": 1}}, "W_ih"),
        ({"network": {"class": "SimpleRNN", "inputs": 2}}, "inputs"),
        ({"network": {"class": "Adam"}}, "there is no class 'Adam'"),
        ({"network": 7}, "a network as `save` describes it"),
        ({"optimiser": {"class": "Network"}}, "there is no class 'Network'"),
    ],
)
def test_other_content_is_named(change, words, tmp_path):
    path = tmp_path / "net.npz"
    net, optimiser = SimpleRNN(2, 3, 1), Adam(0.02)
    go_on(net, optimiser, seed=0, epochs=1)
    save(path, net, optimiser)
    with np.load(path) as stored:
        arrays = dict(stored)
    about = json.loads(str(arrays.pop("about"))) | change
    np.savez(path, about=np.array(json.dumps(about)), **arrays)
    refused(path, words, with_optimiser=True)


def test_what_cannot_be_done_is_said(tmp_path):
    path = tmp_path / "net.npz"
    with pytest.raises(FileNotFoundError):
        load(path)
    save(path, SimpleRNN(2, 3, 1))
    refused(path, "a file with an optimiser, given one that was saved without", with_optimiser=True)
    for bad, words in (("net.h5", "ends in .npz"), (7, "ends in .npz"), (tmp_path / "no" / "net.npz", "that exists")):
        with pytest.raises(ValueError, match=f"path: expected .*{words}"):
            save(bad, SimpleRNN(2, 3, 1))
    for net, words in ((None, "a network"), (SimpleRNN(2, 3, 1).astype("complex128"), "float32 or float64")):
        with pytest.raises(ValueError, match=f"net: expected .*{words}"):
            save(path, net)
    with pytest.raises(ValueError, match="optimiser: expected"):
        save(path, SimpleRNN(2, 3, 1), BinaryCrossEntropy())
    spoilt = SimpleRNN(2, 3, 1)
    spoilt.theta[0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        save(path, spoilt)
    assert [file.name for file in tmp_path.iterdir()] == ["net.npz"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path, net = tmp_path / "net.npz", SimpleRNN(2, 3, 1, seed=1)
    save(path, net)

    def full(file, **arrays):
        file.write(b"PK")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space left"):
        save(path, SimpleRNN(2, 3, 1, seed=2))
    assert [file.name for file in tmp_path.iterdir()] == ["net.npz"]
    np.testing.assert_array_equal(load(path).theta, net.theta)


def test_a_class_of_the_reader(tmp_path):
    class Shifted(SimpleRNN):
        def __init__(self, input_size, shift, *, dtype="float64"):
            self.shift = shift
            super().__init__(input_size, 3, 1, dtype=dtype)

    save(tmp_path / "net.npz", Shifted(2, shift=5))
    assert load(tmp_path / "net.npz").shift == 5

    class Forgetful(SimpleRNN):
        def __init__(self, inputs):
            super().__init__(inputs, 3, 1)

    with pytest.raises(ValueError, match="keeps its argument inputs as an attribute"):
        save(tmp_path / "other.npz", Forgetful(2))
