import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data import error_by_phase, pulse, remember_first_bit, sine, step, temporal_xor


@given(st.integers(3, 400), st.integers(0, 10**6))
def test_xor_stream_is_unbroken_and_every_third_bit_follows_from_two(length, seed):
    x, target, phase = temporal_xor(length, seed)
    assert x.shape == target.shape == (1, length, 1) and phase.shape == (1, length)
    assert np.array_equal(x[0, 1:], target[0, :-1])
    bits = np.append(x[0, :, 0], target[0, -1, 0])
    assert set(bits) <= {0.0, 1.0}
    third = np.arange(2, length + 1, 3)
    assert np.array_equal(bits[third], bits[third - 2] != bits[third - 1])
    assert np.array_equal(np.flatnonzero(phase[0] == 2) + 1, third)


def test_xor_rows_continue_one_another():
    whole, after, places = temporal_xor(100, seed=4)
    x, target, phase = temporal_xor(100, seed=4, steps=7)
    assert x.shape == (14, 7, 1)
    assert np.array_equal(x.ravel(), whole.ravel()[:98])
    assert np.array_equal(target.ravel(), after.ravel()[:98])
    assert np.array_equal(phase.ravel(), places.ravel()[:98])


def test_xor_chance_bits_are_fair_and_independent():
    x, target, phase = temporal_xor(30_000, seed=1)
    free = target[0, phase[0] < 2, 0].reshape(-1)
    assert abs(free.mean() - 0.5) < 0.015  # 4 standard errors are 0.0142
    first, second = free[1::2][:9_999], free[2::2][:9_999]
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.04


def test_xor_same_seed_same_bits():
    assert np.array_equal(temporal_xor(60, 3)[0], temporal_xor(60, 3)[0])
    assert not np.array_equal(temporal_xor(60, 3)[0], temporal_xor(60, 4)[0])
    assert np.array_equal(temporal_xor(60, np.random.default_rng(3))[0], temporal_xor(60, 3)[0])


def test_error_by_phase_of_the_best_guess():
    _, target, phase = temporal_xor(3_000, seed=2, steps=30)
    guess = np.where(phase[..., None] == 2, target, 0.5)
    assert np.array_equal(error_by_phase(guess, target, phase), [0.5, 0.5, 0.0])


def test_error_by_phase_of_the_rule_without_the_place():
    x, target, phase = temporal_xor(30_000, seed=2)
    bits = x[0, :, 0]
    guess = np.full(target.shape, 0.5)
    guess[0, 1:, 0] = np.where(bits[1:] != bits[:-1], 2 / 3, 1 / 3)
    expected = [np.sqrt(1 / 4 + 1 / 36), np.sqrt(1 / 4 + 1 / 36), 1 / 3]
    assert np.allclose(error_by_phase(guess, target, phase), expected, atol=0.005)


def test_error_by_phase_wants_shapes_that_fit():
    _, target, phase = temporal_xor(30, seed=2)
    with pytest.raises(ValueError, match=r"prediction: expected shape \(1, 30, 1\)"):
        error_by_phase(target[..., 0], target, phase)
    with pytest.raises(ValueError, match=r"none of \[2\]"):
        error_by_phase(target, target, np.where(phase == 2, 1, phase))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(length=2), "length: expected a whole number of at least 3, given 2"),
        (dict(length=30.0), "length: expected a whole number"),
        (dict(length=True), "length: expected a whole number"),
        (dict(length=30, steps=31), "steps: expected a whole number from 1 to 30, given 31"),
        (dict(length=30, seed=None), "seed: expected a whole number of at least 0, given None"),
        (dict(length=30, seed=-1), "seed: expected a whole number of at least 0, given -1"),
    ],
)
def test_xor_says_what_is_wrong(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        temporal_xor(**arguments)


@given(st.integers(1, 60), st.integers(1, 30), st.integers(0, 10**6), st.sampled_from([0, 0.3]))
def test_remember_first_bit(sequences, steps, seed, noise):
    x, target = remember_first_bit(sequences, steps, seed, noise)
    assert x.shape == (sequences, steps, 1) and target.shape == (sequences, 1)
    assert np.array_equal(x[:, 0], np.where(target == 1, 1.0, -1.0))
    assert abs(target.sum() - sequences / 2) <= 0.5
    if noise == 0:
        assert not x[:, 1:].any()


def test_remember_first_bit_noise_has_its_size():
    x, _ = remember_first_bit(500, 21, seed=0, noise=0.3)
    assert abs(x[:, 1:].std() - 0.3) < 0.01
    with pytest.raises(ValueError, match="noise: expected a finite number of at least 0, given -0.1"):
        remember_first_bit(noise=-0.1)


def test_pulse():
    assert np.array_equal(pulse(6, at=2, width=3, height=-0.5), [0, 0, -0.5, -0.5, -0.5, 0])
    assert pulse().shape == (40,) and pulse().sum() == 1
    with pytest.raises(ValueError, match="width: expected a whole number from 1 to 2, given 3"):
        pulse(5, at=3, width=3)
    with pytest.raises(ValueError, match="at: expected a whole number from 0 to 4, given 5"):
        pulse(5, at=5)


def test_step():
    assert np.array_equal(step(5, at=3, height=2), [0, 0, 0, 2, 2])
    with pytest.raises(ValueError, match="height: expected a finite number, given nan"):
        step(5, height=float("nan"))
    with pytest.raises(TypeError, match="height: expected a number, given '1'"):
        step(5, height="1")


def test_sine():
    wave = sine(40, period=8, height=3, shift=0.25)
    assert np.allclose(wave[::8], 3) and np.allclose(wave[4::8], -3) and np.allclose(wave[:8], wave[8:16])
    assert sine(10)[0] == 0
    with pytest.raises(ValueError, match="period: expected a finite number of at least 2, given 1.9"):
        sine(40, period=1.9)
