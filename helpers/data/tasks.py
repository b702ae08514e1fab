"""Two small tasks that need a memory: Elman's exclusive-or in time, and one bit to keep."""

import numpy as np

from helpers.data import checks


def temporal_xor(length=3_000, seed=0, steps=None):
    """A stream of bits in threes: two by chance, the third their exclusive-or; predict the next bit.

    J. L. Elman, Finding Structure in Time, Cognitive Science 14 (1990), 185–186: "101000011110101..." is
    presented one bit at a time, without a sign where a three begins. Only every third bit can be predicted.
    His network had two hidden units; after 600 passes over 3,000 bits its error fell on every third bit, and he
    found that it used the rule at every bit, without knowing its place. The best that can be done so is to give
    the exclusive-or of the last two bits the probability 2/3: errors of 0.527, 0.527 and 1/3, against 1/2, 1/2
    and 0 for a predictor that also knows the place.

    length: number of input bits. steps: None for one row, or the number of bits in each row (B rows).
    Returns (x, target, phase):
      x       (B, T, 1) float64, bits 0.0 and 1.0
      target  (B, T, 1) float64, the bit that follows
      phase   (B, T) int, the place of the *target* in its three: 0 and 1 are chance, 2 is the exclusive-or
    With `steps`, the stream is cut into B = length // steps rows; what does not fill a row is left out.
    """
    length = checks.whole_number("length", length, least=3)
    steps = length if steps is None else checks.whole_number("steps", steps, least=1, most=length)
    rng = checks.generator(seed)
    triples = length // 3 + 1  # the last input has a successor too
    threes = np.empty((triples, 3))
    threes[:, :2] = rng.integers(0, 2, size=(triples, 2))
    threes[:, 2] = threes[:, 0] != threes[:, 1]
    bits = threes.reshape(-1)
    used = length // steps * steps
    x = bits[:used].reshape(-1, steps, 1)
    target = bits[1 : used + 1].reshape(-1, steps, 1)
    phase = (np.arange(1, used + 1) % 3).reshape(-1, steps)
    return x, target, phase


def error_by_phase(prediction, target, phase):
    """Root mean squared error (3,) of `prediction` against `target` for each place in the three.

    prediction and target: (B, T, 1); phase: (B, T) as `temporal_xor` gives it. ValueError for other shapes.
    """
    prediction, target, phase = np.asarray(prediction), np.asarray(target), np.asarray(phase)
    expected = (*phase.shape, 1)
    for name, array in (("prediction", prediction), ("target", target)):
        if array.shape != expected:
            raise ValueError(f"{name}: expected shape {expected}, like phase, given {array.shape}")
    squared = (prediction - target)[..., 0] ** 2
    missing = [k for k in range(3) if not np.any(phase == k)]
    if missing:
        raise ValueError(f"phase: expected each of 0, 1, 2 at least once, given none of {missing}")
    return np.array([np.sqrt(squared[phase == k].mean()) for k in range(3)])


def remember_first_bit(sequences=200, steps=20, seed=0, noise=0.0):
    """The first input is +1 or −1; say at the last step which one it was.

    noise: standard deviation of normal noise on every input after the first (0: silence).
    Returns (x, target): x (B, T, 1) float64; target (B, 1) float64, 1.0 where the first input was +1.
    Each answer occurs equally often (for an odd number of sequences, up to one).
    """
    sequences = checks.whole_number("sequences", sequences, least=1)
    steps = checks.whole_number("steps", steps, least=1)
    noise = checks.real_number("noise", noise, least=0)
    rng = checks.generator(seed)
    target = rng.permutation(np.arange(sequences) % 2).astype(float)[:, None]
    x = noise * rng.standard_normal((sequences, steps, 1))
    x[:, 0] = 2 * target - 1
    return x, target
