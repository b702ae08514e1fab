"""Each check of notebook 06 on text and sound: the right answer, mistakes with their hint, nonsense, no answer."""

import numpy as np

from helpers import data
from helpers.exercises import notebook_06 as check
from tests.exercises.every_check import EveryCheck


def right_probabilities(logs):
    e = np.exp(logs - logs.max())
    return e / e.sum()


def recursion(c, first=-1, weight=lambda k, n: k / n, rest=-1, stop=0):
    a = np.zeros(len(c))
    for n in range(1, len(c) + 1):
        a[n - 1] = first * c[n - 1] + rest * sum(weight(k, n) * c[k - 1] * a[n - k - 1] for k in range(1, n - stop))
    return a


def right_backwards(x, mask):
    back = x.copy()
    for b, n in enumerate(mask.sum(axis=1)):
        back[b, :n] = x[b, :n][::-1]
    return back


def backwards_in_place(x, mask):
    x[:] = right_backwards(x, mask)
    return x


RIGHT = [
    (check.probabilities, right_probabilities),
    (check.coefficients, recursion),
    (check.coefficients, data.filter_from_cepstra),
    (check.coefficients, lambda c: recursion(c.astype("float32")).astype("float32")),
    (check.read_backwards, right_backwards),
    (check.spread_by_chance, lambda p, n: np.sqrt(p * (1 - p) / n)),
]
WRONG = [
    (check.probabilities, np.exp, "add up to 1"),
    (check.probabilities, lambda v: np.exp(v - v.max()), "add up to 1"),
    (check.probabilities, lambda v: np.exp(v) / np.exp(v).sum(), "Subtract the largest"),
    (check.probabilities, lambda v: np.exp(v - v.min()) / np.exp(v - v.min()).sum(), "no other"),
    (check.probabilities, lambda v: np.exp(v - v.mean()) / np.exp(v - v.mean()).sum(), "no other"),
    (check.probabilities, lambda v: v / v.sum(), "take the exponential"),
    (check.probabilities, lambda v: right_probabilities(-v), "sign is wrong"),
    (check.probabilities, lambda v: v[:3], "expected shape"),
    (check.probabilities, lambda v: np.full(6, 1 / 6), "not right"),
    (check.probabilities, lambda v: "no", "expected numbers, got str"),
    (check.coefficients, lambda c: -c, "sum is missing"),
    (check.coefficients, lambda c: recursion(c, first=1, rest=1), "a_1 = −c_1"),
    (check.coefficients, lambda c: recursion(c, rest=1), "must be subtracted"),
    (check.coefficients, lambda c: recursion(c, weight=lambda k, n: k), "divided by n"),
    (check.coefficients, lambda c: recursion(c, weight=lambda k, n: 1), "factor k/n is missing"),
    (check.coefficients, lambda c: recursion(c, weight=lambda k, n: n / k), "not n/k"),
    (check.coefficients, lambda c: recursion(c, stop=1), "not all that follow"),
    (check.coefficients, lambda c: recursion(c, stop=1).astype("float32"), "a_1 is right"),
    (check.coefficients, lambda c: np.r_[1, recursion(c)], "One number too many"),
    (check.coefficients, lambda c: c * 0, "Already a_1"),
    (check.coefficients, lambda c: c[:1], "expected shape"),
    (check.read_backwards, lambda x, m: x[:, ::-1], "padding comes first"),
    (check.read_backwards, lambda x, m: x[::-1], "Time is the second axis"),
    (check.read_backwards, lambda x, m: x[:, :, ::-1], "order of the *features*"),
    (check.read_backwards, lambda x, m: x, "Nothing has changed"),
    (check.read_backwards, lambda x, m: np.where(np.arange(3)[:, None, None] == 1, x[:, ::-1], x), "others are not"),
    (check.read_backwards, lambda x, m: np.roll(x, 1, axis=1), "not in the right order"),
    (check.read_backwards, lambda x, m: x[:, :2], "expected shape"),
    (check.read_backwards, backwards_in_place, "that were given are changed"),
    (check.spread_by_chance, lambda p, n: p * (1 - p) / n, "square root is missing"),
    (check.spread_by_chance, lambda p, n: (p * (1 - p)) ** 0.5, "n is missing"),
    (check.spread_by_chance, lambda p, n: (p * (1 - p)) ** 0.5 / n, "under the root"),
    (check.spread_by_chance, lambda p, n: (p * (1 - p) * n) ** 0.5, "Divide by n"),
    (check.spread_by_chance, lambda p, n: (p / n) ** 0.5, "1 − p is missing"),
    (check.spread_by_chance, lambda p, n: 100 * (p * (1 - p) / n) ** 0.5, "in percent"),
    (check.spread_by_chance, lambda p, n: 0.01, "not right"),
    (check.spread_by_chance, lambda p, n: "no", "expected a number"),
]


class TestChecks(EveryCheck):
    right, wrong = RIGHT, WRONG


def test_a_check_does_not_change_what_the_reader_has():
    kept = []

    def greedy(x, mask):
        kept.append(x.copy())
        answer = right_backwards(x, mask)
        x += 100
        return answer

    assert check.read_backwards(greedy).passed and check.read_backwards(greedy).passed
    assert len(kept) == 4 and all(map(np.array_equal, kept[:2], kept[2:]))


def test_the_answers_to_the_questions():
    bank = data.words_of(each=2000, shortest=3)
    label = dict(zip(bank.words, bank.labels.tolist(), strict=True))
    th = [label[word] for word in bank.words if word.startswith("th")]
    t = [label[word] for word in bank.words if word.startswith("t")]
    assert len(th) > 20 and np.mean(np.equal(th, 0)) > 0.85 and np.mean(np.equal(t, 0)) < 0.35
    question = check.predictions["languages"]
    assert question.options[question.answer] == "after the h"
    question = check.predictions["listening"]  # the notebook measures and asserts it
    assert question.options[question.answer] == "only towards its end"
