import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import adding_problem, copy_task, delayed_xor, flip_flop, memoryless_copy_loss
from helpers.networks import CategoricalCrossEntropy


@given(st.integers(1, 30), st.integers(2, 40), st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_adding_marks_one_number_in_each_half(sequences, steps, seed):
    x, target = adding_problem(sequences, steps, seed)
    assert x.shape == (sequences, steps, 2) and target.shape == (sequences, 1)
    numbers, marks = x[..., 0], x[..., 1]
    assert ((numbers >= 0) & (numbers < 1)).all() and set(np.unique(marks)) <= {0.0, 1.0}
    half = steps // 2
    assert (marks[:, :half].sum(axis=1) == 1).all() and (marks[:, half:].sum(axis=1) == 1).all()
    assert np.allclose(target[:, 0], (numbers * marks).sum(axis=1), atol=0)


def test_always_answering_one_costs_a_sixth():
    _, target = adding_problem(40_000, 10, 0)
    assert ((target - 1) ** 2).mean() == pytest.approx(1 / 6, abs=0.004)


@given(st.integers(1, 20), st.integers(1, 30), st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_copy_has_symbols_then_blanks_then_the_signal(sequences, blanks, seed):
    x, target = copy_task(sequences, blanks, seed)
    read = x.argmax(axis=2)
    assert x.shape == (sequences, blanks + 20, 10) and np.array_equal(x.sum(axis=2), np.ones(read.shape))
    assert (read[:, :10] < 8).all() and (read[:, 9 + blanks] == 9).all()
    others = np.delete(read, [*range(10), 9 + blanks], axis=1)
    assert (others == 8).all()
    assert np.array_equal(target[:, -10:], read[:, :10]) and (target[:, :-10] == 8).all()


def test_the_memoryless_loss_is_that_of_a_guesser():
    for blanks in (1, 20):
        x, target = copy_task(50, blanks, 0)
        logits = np.zeros(x.shape)
        logits[:, :-10, 8] = 1000
        logits[:, -10:, 8:] = -1000
        assert CategoricalCrossEntropy()(logits, target)[0] == pytest.approx(memoryless_copy_loss(blanks))
    assert memoryless_copy_loss(100) == pytest.approx(10 * np.log(8) / 120)


@given(st.integers(1, 20), st.integers(1, 40), st.integers(0, 10**6), st.floats(0, 1))
@settings(max_examples=50, deadline=None)
def test_the_flip_flop_keeps_the_last_written_bit(sequences, steps, seed, write):
    x, target = flip_flop(sequences, steps, seed, write)
    assert x.shape == (sequences, steps, 2) and target.shape == (sequences, steps, 1)
    assert set(np.unique(x[..., 0])) <= {-1.0, 1.0} and (x[:, 0, 1] == 1).all()
    for s in range(sequences):
        kept = None
        for t in range(steps):
            kept = x[s, t, 0] if x[s, t, 1] else kept
            assert target[s, t, 0] == (kept > 0)


@given(st.integers(1, 10), st.integers(1, 30), st.integers(1, 12), st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_delayed_xor_compares_with_the_bit_before(sequences, steps, lag, seed):
    x, target = delayed_xor(sequences, steps, lag, seed)
    bits = x[..., 0] > 0
    for t in range(steps):
        before = bits[:, t - lag] if t >= lag else np.zeros(sequences, bool)
        assert np.array_equal(target[:, t, 0], (bits[:, t] != before).astype(float))


@pytest.mark.parametrize("task", [adding_problem, copy_task, flip_flop, delayed_xor])
def test_same_seed_same_sequences(task):
    assert all(np.array_equal(a, b) for a, b in zip(task(seed=4), task(seed=4), strict=True))
    assert not np.array_equal(task(seed=4)[0], task(seed=5)[0])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: adding_problem(0), "sequences: expected a whole number of at least 1, given 0"),
        (lambda: adding_problem(3, 1), "steps: expected a whole number of at least 2, given 1"),
        (lambda: copy_task(3, 0), "blanks: expected"),
        (lambda: memoryless_copy_loss(0), "blanks: expected"),
        (lambda: flip_flop(write=1.5), "write: expected"),
        (lambda: delayed_xor(lag=0), "lag: expected"),
    ],
)
def test_bad_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
