"""A judge of words that only counts: logistic regression on the letters, pairs and threes of letters of each word."""

from collections import Counter

import numpy as np

from . import checks
from .optimisers import Adam


class NgramJudge:
    """Logistic regression on counts of n-grams: logit = b + Σ w[g] · (how often the n-gram g stands in the word).

    orders : the lengths n of the n-grams. From n = 2 on, a word's beginning and end count as letters, "^" and "$".
    penalty : λ of the term λ/2 · Σ w² in the loss, above 0, so that there is one best w
    steps : steps of Adam along the gradient of the whole set; no random numbers, so the same words give the same judge

    `fit(words, labels)` learns from words and their labels (0 or 1); `logit(words)` and `probability(words)` judge.
    `weights` is {n-gram: w}. Raises ValueError that names the argument, RuntimeError for a judge that was not fitted.
    """

    def __init__(self, orders=(1, 2, 3), penalty=1e-4, steps=200):
        self.orders = tuple(checks.whole_number("orders", n) for n in orders)
        self.penalty = checks.number("penalty", penalty, above=0)
        self.steps = checks.whole_number("steps", steps)
        self._theta = None

    def fit(self, words, labels):
        """Learn from `words` (N) and `labels` (N,), 0 or 1; returns the judge itself."""
        words = list(words)
        labels = checks.integers("labels", labels, (len(words),), 2)
        counted = [self._grams(word) for word in words]
        self._place = {gram: k for k, gram in enumerate(sorted(set().union(*counted)))}
        entries = self._entries(counted)
        row, column, count = entries
        theta, optimiser = np.zeros(len(self._place) + 1), Adam(0.05)
        for _ in range(self.steps):
            wrong = (_sigmoid(self._logits(entries, theta, len(words))) - labels) / len(words)  # dJ/d(logit)
            slope = np.bincount(column, wrong[row] * count, minlength=len(theta))
            slope[:-1] += self.penalty * theta[:-1]
            slope[-1] = wrong.sum()
            optimiser.update(theta, slope)
        self._theta = theta
        return self

    def logit(self, words):
        """The logit of label 1 for each word, (N,). N-grams that were never met count nothing."""
        if self._theta is None:
            raise RuntimeError("the judge has not been fitted: call fit(words, labels) first")
        counted = [self._grams(word) for word in words]
        return self._logits(self._entries(counted), self._theta, len(counted))

    def probability(self, words):
        """The probability of label 1 for each word, (N,)."""
        return _sigmoid(self.logit(words))

    @property
    def weights(self):
        if self._theta is None:
            raise RuntimeError("the judge has not been fitted: call fit(words, labels) first")
        return dict(zip(self._place, self._theta, strict=False))

    def _grams(self, word):
        if not isinstance(word, str) or not word:
            raise checks.bad("words", "texts of at least one letter", repr(word))
        marked = f"^{word}$"
        grams = Counter()
        for n in self.orders:
            text = word if n == 1 else marked
            grams.update(text[k : k + n] for k in range(len(text) - n + 1))
        return grams

    def _entries(self, counted):
        """(row, column, count) of every n-gram that has a place."""
        found = [
            (row, self._place[gram], n)
            for row, grams in enumerate(counted)
            for gram, n in grams.items()
            if gram in self._place
        ]
        return np.array(found, dtype=np.intp).reshape(-1, 3).T

    @staticmethod
    def _logits(entries, theta, words):
        row, column, count = entries
        return np.bincount(row, theta[column] * count, minlength=words) + theta[-1]


def _sigmoid(z):
    return 0.5 + 0.5 * np.tanh(z / 2)
