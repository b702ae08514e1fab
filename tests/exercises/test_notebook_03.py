"""Each check of notebook 03: the right answer, typical mistakes with their hint, nonsense, no answer."""

import numpy as np
import pytest

from helpers.exercises import first_complaint, plant
from helpers.exercises import notebook_03 as check
from helpers.exercises.checking import Wrong


def right_step(x_t, h_before, mask, W_ih, W_hh, b_h):
    return np.where(mask[:, None], np.tanh(x_t @ W_ih + h_before @ W_hh + b_h), h_before)


def right_delta(dy_t, carried, h_t, W_ho):
    return (dy_t @ W_ho.T + carried) * h_t * (1 - h_t)


def masked(new):  # a step that minds the mask, with its own way to the new state
    return lambda x, h, mask, a, b, c: np.where(mask[:, None], new(x, h, a, b, c), h)


def right_probabilities(logits, temperature):
    e = np.exp(logits / temperature - (logits / temperature).max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def slope_of(h):  # of the sigmoid, taken once more
    return np.exp(-h) / (1 + np.exp(-h)) ** 2


def with_one_maximum(logits, temperature):
    e = np.exp(logits / temperature - (logits / temperature).max())
    return e / e.sum(axis=-1, keepdims=True)


def with_the_maximum_too_early(logits, temperature):
    e = np.exp(logits / temperature - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def less(scaled, of_row):  # softmax of rows from which another number than the maximum is subtracted
    e = np.exp(scaled - of_row(scaled, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


RIGHT = [
    (check.count_parameters, (42, 42)),
    (check.one_step, (right_step,)),
    (check.smallest_gain, (0.94,)),
    (check.smallest_gain, (np.array(0.94),)),
    (check.count_parameters, (np.int64(42), np.array(42))),
    (check.delta, (right_delta,)),
    (check.two_strings, ("BTSSSXSE", "BTSSSPSE")),
    (check.probabilities, (right_probabilities,)),
    (check.multiplications, (lambda B, T, I, H, O: B * T * (I * H + H * H + H * O),)),
]
WRONG = [
    (check.count_parameters, (36, 36), "biases"),
    (check.count_parameters, (26, 26), "Did you count W_hh?"),
    (check.count_parameters, (42, 420), "T"),
    (check.count_parameters, ("many", 42), "expected a number"),
    (check.count_parameters, ([42], 42), "parameters_for_5_steps: expected a number, got list"),
    (check.count_parameters, (42, True), "parameters_for_50_steps: expected a number, got bool"),
    (check.count_parameters, (41, 42), "41 is not right"),
    (check.one_step, (masked(lambda x, h, a, b, c: x @ a + h @ b + c),), "tanh is missing"),
    (check.one_step, (lambda x, h, m, a, b, c: x @ a + h @ b + c,), "tanh is missing"),
    (check.one_step, (masked(lambda x, h, a, b, c: np.tanh(x @ a + h @ b)),), "bias is missing"),
    (check.one_step, (masked(lambda x, h, a, b, c: np.tanh(x @ a + c)),), "old state does not enter"),
    (check.one_step, (masked(lambda x, h, a, b, c: np.tanh(h @ b + c)),), "input does not enter"),
    (check.one_step, (masked(lambda x, h, a, b, c: np.tanh(x @ a + h @ b.T + c)),), "transposed"),
    (check.one_step, (lambda x, h, m, a, b, c: np.tanh(x @ a + h @ b + c),), "mask has no effect"),
    (check.one_step, (lambda x, h, m, *w: right_step(x, h, ~m, *w),), "wrong way round"),
    (check.one_step, (lambda x, h, m, *w: m[:, None] * right_step(x, h, m, *w),), "state is 0"),
    (check.one_step, (lambda x, h, m, a, b, c: np.tanh(np.where(m[:, None], x @ a + h @ b + c, h)),), "once more"),
    (check.one_step, (lambda *v: right_step(*v) + 1,), "not those of the formula"),
    (check.one_step, (lambda *v: right_step(*v).T,), "transposed"),
    (check.one_step, (lambda *v: "text",), "expected numbers"),
    (check.one_step, (lambda x, h: 0,), "stopped with TypeError"),
    (check.one_step, (5,), "to be a function"),
    (check.smallest_gain, (0.5,), "still forgets"),
    (check.smallest_gain, (1.2,), "too"),
    (check.smallest_gain, (0.93,), "no place at 0.93"),
    (check.smallest_gain, (0.935,), "no place at 0.935"),
    (check.smallest_gain, ("0.9",), "expected a number"),
    (check.smallest_gain, (True,), "expected a number from 0 to 3, got True"),
    (check.smallest_gain, ([0.94],), "expected a number from 0 to 3, got [0.94]"),
    (check.smallest_gain, (np.nan,), "expected a number from 0 to 3"),
    (check.smallest_gain, (3.02,), "expected a number from 0 to 3"),
    (check.delta, (lambda d, c, h, W: d @ W.T + c,), "slope of the sigmoid is missing"),
    (check.delta, (lambda d, c, h, W: (d @ W.T) * h * (1 - h),), "from the future"),
    (check.delta, (lambda d, c, h, W: c * h * (1 - h),), "this step's output"),
    (check.delta, (lambda d, c, h, W: d @ W.T * h * (1 - h) + c,), "both parts"),
    (check.delta, (lambda d, c, h, W: d @ W.T + c * h * (1 - h),), "both parts"),
    (check.delta, (lambda d, c, h, W: (d @ W.T + c) * h * 1 - h,), "Set brackets"),
    (check.delta, (lambda d, c, h, W: right_delta(d, c, h, W) / (h * (1 - h)) * slope_of(h),), "applied twice"),
    (check.delta, (lambda d, c, h, W: (d @ W.T + c) * (1 - h**2),), "slope of tanh"),
    (check.delta, (lambda d, c, h, W: (d @ W.T + c) * (1 - h),), "one factor is missing"),
    (check.delta, (lambda d, c, h, W: (d @ W.T + c) * h,), "δ_t = γ_t"),
    (check.delta, (lambda *a: None,), "Is `return` missing?"),
    (check.two_strings, ("BTXSE", "BTXPE"), "at least 8"),
    (check.two_strings, ("BTSSSPSE", "BTSSSXSE"), "not legal"),
    (check.two_strings, ("BTSSSXSE", "BTSSSXSE"), "is legal"),
    (check.two_strings, ("BTSSSXSE", "BPPPPPPE"), "exactly one letter"),
    (check.two_strings, (3, "B"), "expected a string"),
    (check.two_strings, ("BTSSSXSE", "BTSSSASE"), "illegal: 'A' is none of the grammar's letters"),
    (check.two_strings, ("btsssxse", "btssspse"), "Write capital letters"),
    (check.probabilities, (lambda z, t: right_probabilities(z, 1.0),), "no effect"),
    (check.probabilities, (lambda z, t: right_probabilities(z * t, t),), "temperature"),
    (check.probabilities, (lambda z, t: np.exp(z / t),), "add up to 1"),
    (check.probabilities, (lambda z, t: np.exp(z / t) / np.exp(z / t).sum(-1, keepdims=True),), "overflows"),
    (check.probabilities, (lambda z, t: with_one_maximum(z, t),), "its *own* maximum"),
    (check.probabilities, (lambda z, t: with_the_maximum_too_early(z, t),), "*after* dividing by the temperature"),
    (check.probabilities, (lambda z, t: right_probabilities(np.clip(z / t, -700, 700), 1),), "this row is not right"),
    (check.probabilities, (lambda z, t: less(z / t, np.min),), "[1000, 0] in one row"),
    (check.probabilities, (lambda z, t: less(z / t, np.mean),), "at temperature 0.5: exp overflows"),
    (check.probabilities, (lambda z, t: right_probabilities(z, t)[:2],), "the result has shape (2, 2)"),
    (check.multiplications, (lambda B, T, I, H, O: T * (I * H + H * H + H * O),), "B sequences"),
    (check.multiplications, (lambda B, T, I, H, O: B * T * (I * H + H * O),), "W_hh is missing"),
    (check.multiplications, (lambda B, T, I, H, O: B * (I * H + H * H + H * O),), "T steps"),
    (check.multiplications, (lambda B, T, I, H, O: B * T * (I * H + H * H),), "W_ho is missing"),
    (check.multiplications, (lambda B, T, I, H, O: B * T * (H * H + H * O),), "W_ih is missing"),
    (check.multiplications, (lambda B, T, I, H, O: B * T * I * H * O,), "add them"),
    (check.multiplications, (lambda B, T, I, H, O: 1365,), "(B, n) times (n, m)"),  # right for the first sizes only
]
UNANSWERED = [
    (check.count_parameters, (..., ...)),
    (check.one_step, (lambda *a: ...,)),
    (check.smallest_gain, (...,)),
    (check.delta, (lambda *a: ...,)),
    (check.two_strings, (..., ...)),
    (check.probabilities, (lambda *a: ...,)),
    (check.multiplications, (lambda *a: ...,)),
]


@pytest.mark.parametrize(("verdict", "answer"), RIGHT)
def test_right_answers_pass(verdict, answer):
    result = verdict(*answer)
    assert result.passed is True and repr(result).startswith("✓ Right.")


@pytest.mark.parametrize(("verdict", "answer", "words"), WRONG)
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning", "ignore:invalid:RuntimeWarning")
def test_mistakes_are_named(verdict, answer, words):
    result = verdict(*answer)
    assert result.passed is False and words in repr(result)


@pytest.mark.parametrize(("verdict", "answer"), UNANSWERED)
def test_no_answer_is_no_failure(verdict, answer):
    assert verdict(*answer).passed is None


def test_a_check_does_not_change_what_the_reader_has():
    seen = []

    def greedy(x_t, *rest):
        seen.append(x_t.copy())
        x_t += 100
        return right_step(x_t - 100, *rest)

    assert check.one_step(greedy).passed and check.one_step(greedy).passed
    assert len(seen) == 4 and all(map(np.array_equal, seen[:2], seen[2:]))


def double(x):
    return 2 * x


def test_planting_changes_a_copy_only():
    assert plant(double, "2 * x", "3 * x")(1) == 3 and double(1) == 2
    with pytest.raises(Wrong, match="expected a piece of the source of double"):
        plant(double, "5 * x", "")


def test_first_complaint_takes_assertions_only():
    def fails():
        raise AssertionError("named")

    def breaks():
        raise KeyError("other")

    assert first_complaint(fails) == "named" and first_complaint(lambda: None) == ""
    with pytest.raises(KeyError):
        first_complaint(breaks)
