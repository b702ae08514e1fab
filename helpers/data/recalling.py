"""Two tasks for a fair comparison of recurrence and attention: look something up, and keep count."""

import numpy as np

from helpers.data import checks


def associative_recall(sequences=1000, pairs=(1, 8), keys=8, values=8, seed=0):
    """Pairs of a key and a value are read, then one of the keys: which value belongs to it?

    The task of J. Ba, G. Hinton and others, Using fast weights to attend to the recent past, NIPS (2016), section 4.1,
    in our own form: each step brings a whole pair, no key comes twice, and shorter lists begin with empty steps.

    pairs: how many, (fewest, most) or one number; at most as many as there are keys.
    Returns (x, target): x (B, most + 1, keys + values) float64, key and value as one-hot vectors side by side, in the
    last step a key alone; target (B,) int, the value that stood with that key, 0 … values - 1.
    """
    sequences = checks.whole_number("sequences", sequences, least=1)
    keys, values = checks.whole_number("keys", keys, least=1), checks.whole_number("values", values, least=1)
    fewest, most = pairs if isinstance(pairs, tuple | list) else (pairs, pairs)
    most = checks.whole_number("pairs", most, least=1, most=keys)
    fewest = checks.whole_number("pairs", fewest, least=1, most=most)
    rng = checks.generator(seed)
    x, target = np.zeros((sequences, most + 1, keys + values)), np.zeros(sequences, int)
    for b in range(sequences):
        count = rng.integers(fewest, most + 1)
        key, value = rng.permutation(keys)[:count], rng.integers(0, values, count)
        places, asked = np.arange(most - count, most), rng.integers(count)
        x[b, places, key] = x[b, places, keys + value] = 1
        x[b, most, key[asked]], target[b] = 1, value[asked]
    return x, target


def running_parity(sequences=1000, steps=12, seed=0):
    """Random bits; say at each step whether the number of ones so far is odd.

    Returns (x, target): x (B, T, 2) float64, the bit as a one-hot vector; target (B, T, 1) float64, 1.0 where
    it is odd.
    """
    sequences = checks.whole_number("sequences", sequences, least=1)
    steps = checks.whole_number("steps", steps, least=1)
    bits = checks.generator(seed).integers(0, 2, (sequences, steps))
    return np.eye(2)[bits], (bits.cumsum(axis=1) % 2)[:, :, None].astype(float)
