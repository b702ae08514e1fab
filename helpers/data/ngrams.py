"""Tables of letter frequencies: what can be predicted from the last 0, 1 or 2 letters alone."""

import numpy as np

from helpers.data import checks
from helpers.data.encoding import LETTERS


def ngram_table(codes, order, symbols=LETTERS, smoothing=0.1):
    """Probability of a letter after the `order` − 1 letters before it, counted in `codes` (N,).

    Returns an array with `order` axes of length `symbols`: table[a, b, c] = p(c | a b) for order 3.
    Smoothing is additive (Lidstone): every count starts at `smoothing` instead of 0, so that what was never
    seen is unlikely but not impossible: p = (count + s) / (count of the context + s · symbols).
    (D. Jurafsky & J. H. Martin, Speech and Language Processing, ch. 3.)
    """
    order = checks.whole_number("order", order, least=1, most=4)
    symbols = checks.whole_number("symbols", symbols, least=1)
    smoothing = checks.real_number("smoothing", smoothing, least=0)
    grams = _grams(codes, order, symbols)
    counts = np.zeros((symbols,) * order)
    np.add.at(counts, grams, 1)
    counts += smoothing
    context = counts.sum(axis=-1, keepdims=True)
    # Without smoothing, a context that never occurred has no counts at all: any letter is as likely.
    return np.divide(counts, context, out=np.full_like(counts, 1 / symbols), where=context > 0)


def ngram_cross_entropy(table, codes, skip=0):
    """Mean of −ln p over the letters of `codes` (N,) by `table`, in nats; inf if it held one for impossible.

    The first letters have no full context and are left out: `order` − 1 of them, or `skip` if that is more
    (a common skip lets tables of different order judge the same letters).
    """
    table = np.asarray(table)
    if table.ndim == 0 or len(set(table.shape)) != 1:
        raise ValueError(f"table: expected axes of one length, given shape {table.shape}")
    order, symbols = table.ndim, table.shape[0]
    skip = max(checks.whole_number("skip", skip, least=0), order - 1)
    codes = np.asarray(codes)
    grams = _grams(codes[skip - order + 1 :], order, symbols)
    with np.errstate(divide="ignore"):
        return float(-np.log(table[grams]).mean())


def _grams(codes, order, symbols):
    codes = checks.integer_array("codes", codes, symbols, ndim=1)
    if len(codes) < order:
        raise ValueError(f"codes: expected at least {order} letter(s), given {len(codes)}")
    return tuple(codes[i : len(codes) - order + 1 + i] for i in range(order))
