"""The judge that counts: its gradient leads to the best weights, and it learns what counting can learn."""

import numpy as np
import pytest

from helpers.networks.losses import ClippedCrossEntropy
from helpers.networks.ngram_judge import NgramJudge

WORDS = ["abba", "baba", "abab", "cdcd", "dcdc", "ccdd"]
LABELS = np.array([0, 0, 0, 1, 1, 1])


def test_letters_decide():
    judge = NgramJudge(orders=(1,)).fit(WORDS, LABELS)
    assert ((judge.logit(WORDS) > 0) == LABELS).all()
    assert set(judge.weights) == set("abcd")
    assert judge.weights["a"] < 0 < judge.weights["c"]
    np.testing.assert_allclose(judge.probability(["zzz"]), 1 / (1 + np.exp(-judge.logit(["zzz"]))))


def test_order_is_seen_by_pairs_alone():
    words, labels = ["ab", "ba"] * 5, np.array([0, 1] * 5)
    assert np.allclose(NgramJudge(orders=(1,)).fit(words, labels).probability(["ab", "ba"]), 0.5, atol=1e-6)
    odds = NgramJudge(orders=(2,)).fit(words, labels).probability(["ab", "ba"])
    assert odds[0] < 0.1 < 0.9 < odds[1]


def test_ends_count_as_letters():
    judge = NgramJudge(orders=(2,)).fit(["ab"], np.array([1]))
    assert set(judge.weights) == {"^a", "ab", "b$"}


def test_the_fit_is_the_best_one():
    judge = NgramJudge(orders=(1, 2), penalty=0.01, steps=3000).fit(WORDS, LABELS)

    def J(weights, bias):
        z = []
        for word in WORDS:
            grams = [*word, *(f"^{word}$"[k : k + 2] for k in range(len(word) + 1))]
            z.append(bias + sum(weights.get(gram, 0) for gram in grams))
        return np.mean(np.logaddexp(0, z) - LABELS * z) + 0.005 * sum(w**2 for w in weights.values())

    bias = judge.logit(["zzz"])[0]  # its n-grams were never met
    best = J(judge.weights, bias)
    for gram in judge.weights:
        for step in (-1e-2, 1e-2):
            assert J(judge.weights | {gram: judge.weights[gram] + step}, bias) > best
    assert J(judge.weights, bias + 1e-2) > best < J(judge.weights, bias - 1e-2)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="orders: expected"):
        NgramJudge(orders=(0,))
    with pytest.raises(ValueError, match="penalty: expected"):
        NgramJudge(penalty=0)
    with pytest.raises(ValueError, match="labels: expected"):
        NgramJudge().fit(["a", "b"], np.array([0, 2]))
    with pytest.raises(ValueError, match="labels: expected"):
        NgramJudge().fit(["a", "b"], np.array([0]))
    with pytest.raises(ValueError, match="words: expected"):
        NgramJudge().fit(["a", ""], np.array([0, 1]))
    for use in (lambda j: j.logit(["a"]), lambda j: j.weights):
        with pytest.raises(RuntimeError, match="not been fitted"):
            use(NgramJudge())


def test_clipped_cross_entropy_has_the_slope_of_its_value():
    rng = np.random.default_rng(0)
    y, target = rng.uniform(0.05, 0.95, (4, 3, 2)), rng.uniform(size=(4, 3, 2))
    loss, step = ClippedCrossEntropy(), 1e-6
    J, dy = loss(y, target)
    for where in np.ndindex(y.shape):
        up, down = y.copy(), y.copy()
        up[where] += step
        down[where] -= step
        assert abs((loss(up, target)[0] - loss(down, target)[0]) / (2 * step) - dy[where]) < 1e-6
    assert (loss(y + 2, target)[1] == 0).all() and (loss(y - 2, target)[1] == 0).all()
