"""Tasks on which networks with a memory are compared: the adding problem, the copy task and a flip-flop."""

import numpy as np

from helpers.data import checks

COPIED, SYMBOLS = 10, 8  # of the copy task: how many symbols are to be copied, and from how many they are drawn


def adding_problem(sequences=1000, steps=30, seed=0):
    """Two of many numbers are marked; say at the last step what they add up to.

    S. Hochreiter and J. Schmidhuber, Long short-term memory, Neural Computation 9 (1997), experiment 4; here in the
    form of Q. V. Le, N. Jaitly and G. E. Hinton, arXiv:1504.00941 (2015): numbers from 0 to 1, one mark in each half.

    Returns (x, target): x (B, T, 2) float64, numbers and marks (0.0 or 1.0); target (B, 1) float64, from 0 to 2.
    Always answering 1 has a mean squared error of 1/6, the variance of the sum of two such numbers.
    """
    sequences = checks.whole_number("sequences", sequences, least=1)
    steps = checks.whole_number("steps", steps, least=2)
    rng = checks.generator(seed)
    numbers = rng.random((sequences, steps))
    marks = np.zeros((sequences, steps))
    row = np.arange(sequences)
    marks[row, rng.integers(0, steps // 2, sequences)] = 1
    marks[row, rng.integers(steps // 2, steps, sequences)] = 1
    return np.stack([numbers, marks], axis=2), (numbers * marks).sum(axis=1, keepdims=True)


def copy_task(sequences=1000, blanks=20, seed=0):
    """Read ten symbols, wait, and write them down in order when a signal comes.

    As in M. Arjovsky, A. Shah and Y. Bengio, Unitary evolution recurrent neural networks, ICML (2016), section 5.1,
    after Hochreiter and Schmidhuber (1997). The `blanks` (their T) stand between the symbols and the writing; the
    last blank is the signal. The length is `blanks` + 20.

    Returns (x, target): x (B, blanks + 20, 10) float64, one-hot: eight symbols, the blank 8, the signal 9;
    target (B, blanks + 20) int, the blank, and at the last ten steps the symbols.
    """
    sequences = checks.whole_number("sequences", sequences, least=1)
    blanks = checks.whole_number("blanks", blanks, least=1)
    rng = checks.generator(seed)
    symbols = rng.integers(0, SYMBOLS, (sequences, COPIED))
    read = np.full((sequences, blanks + 2 * COPIED), SYMBOLS)
    read[:, :COPIED] = symbols
    read[:, COPIED + blanks - 1] = SYMBOLS + 1
    target = np.full_like(read, SYMBOLS)
    target[:, -COPIED:] = symbols
    return np.eye(SYMBOLS + 2)[read], target


def memoryless_copy_loss(blanks):
    """The loss, in nats per step, of who knows when to write but remembers nothing: 10 ln 8 / (blanks + 20).

    Arjovsky, Shah and Bengio (2016), section 5.1: certain blanks, then ten guesses among eight symbols.
    """
    blanks = checks.whole_number("blanks", blanks, least=1)
    return COPIED * np.log(SYMBOLS) / (blanks + 2 * COPIED)


def flip_flop(sequences=200, steps=40, seed=0, write=0.15):
    """Keep the bit that stood at the input when it was last told to: the D flip-flop of digital electronics.

    write: the probability that a step writes; the first step always does.
    Returns (x, target): x (B, T, 2) float64, the bit (−1 or +1, a new one at every step) and the write signal (0 or
    1); target (B, T, 1) float64, 1.0 where the kept bit is +1, else 0.0.
    """
    sequences = checks.whole_number("sequences", sequences, least=1)
    steps = checks.whole_number("steps", steps, least=1)
    write = checks.real_number("write", write, least=0, most=1)
    rng = checks.generator(seed)
    bit = rng.integers(0, 2, (sequences, steps))
    writes = rng.random((sequences, steps)) < write
    writes[:, 0] = True
    last = np.maximum.accumulate(np.where(writes, np.arange(steps), 0), axis=1)
    kept = np.take_along_axis(bit, last, axis=1)
    return np.stack([2.0 * bit - 1, writes], axis=2), kept[:, :, None].astype(float)


def delayed_xor(sequences=500, steps=16, lag=5, seed=0):
    """A stream of random bits; say at each step whether this bit differs from the one `lag` steps ago.

    Returns (x, target): x (B, T, 1) float64, bits as −1 and +1; target (B, T, 1) float64, 1.0 where they differ. At the
    first `lag` steps there is no such bit: it counts as 0.
    """
    sequences = checks.whole_number("sequences", sequences, least=1)
    steps = checks.whole_number("steps", steps, least=1)
    lag = checks.whole_number("lag", lag, least=1)
    bits = checks.generator(seed).integers(0, 2, (sequences, steps))
    before = np.zeros_like(bits)
    before[:, lag:] = bits[:, :-lag]
    return 2.0 * bits[:, :, None] - 1, (bits != before)[:, :, None].astype(float)
