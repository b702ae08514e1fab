"""Symbols to integers, integers to one-hot vectors, one long sequence to a batch of shorter ones."""

import numpy as np

from helpers.data import checks

# Index 0 is the space, so a letter's index is its number in the alphabet: a is 1, z is 26.
ALPHABET = " abcdefghijklmnopqrstuvwxyz"
LETTERS = len(ALPHABET)


def encode(text, alphabet=ALPHABET):
    """Indices (T,) of the characters of `text` in `alphabet`.

    Raises ValueError that names the first character which the alphabet lacks, and where it stands.
    """
    checks.text("text", text)
    index = {symbol: i for i, symbol in enumerate(_alphabet(alphabet))}
    for position, symbol in enumerate(text):
        if symbol not in index:
            raise ValueError(f"text: expected symbols of {alphabet!r}, given {symbol!r} at {position}")
    return np.array([index[symbol] for symbol in text], dtype=np.int64)


def decode(codes, alphabet=ALPHABET):
    """The string whose characters have the indices `codes` (T,) in `alphabet`."""
    _alphabet(alphabet)
    codes = np.asarray(codes)
    if codes.size == 0:
        return ""
    codes = checks.integer_array("codes", codes, len(alphabet), ndim=1)
    return "".join(alphabet[i] for i in codes)


def one_hot(codes, symbols=LETTERS, dtype="float64"):
    """Vectors with a single 1: indices of any shape (...) become an array (..., symbols)."""
    symbols = checks.whole_number("symbols", symbols, least=1)
    codes = checks.integer_array("codes", codes, symbols)
    vectors = np.zeros((*codes.shape, symbols), dtype=dtype)
    np.put_along_axis(vectors, codes[..., None], 1, axis=-1)
    return vectors


def cut_sequences(codes, steps):
    """Cut one long sequence (N,) into rows of `steps` inputs and their successors.

    Returns (x, target), both (B, T) with T = `steps` and B = (N − 1) // T: target[b, t] is the symbol that
    follows x[b, t] in the long sequence. Rows do not overlap; what does not fill a last row is left out.
    """
    steps = checks.whole_number("steps", steps, least=1)
    codes = np.asarray(codes)
    if codes.ndim != 1 or len(codes) <= steps:
        raise ValueError(f"codes: expected one row of more than {steps} symbols, given shape {codes.shape}")
    rows = (len(codes) - 1) // steps
    x = codes[: rows * steps].reshape(rows, steps)
    target = codes[1 : rows * steps + 1].reshape(rows, steps)
    return x, target


def _alphabet(alphabet):
    checks.text("alphabet", alphabet)
    if not alphabet or len(set(alphabet)) != len(alphabet):
        raise ValueError(f"alphabet: expected symbols that all differ, given {alphabet!r}")
    return alphabet
