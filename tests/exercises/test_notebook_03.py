"""Each check of notebook 03: the right answer, typical mistakes with their hint, nonsense, no answer."""

import numpy as np
import pytest

from helpers.exercises import first_complaint, plant
from helpers.exercises import notebook_03 as check
from helpers.exercises.checking import Wrong


def right_step(x_t, h_before, W_ih, W_hh, b_h):
    return np.tanh(x_t @ W_ih + h_before @ W_hh + b_h)


def right_delta(dy_t, carried, h_t, W_ho):
    return (dy_t @ W_ho.T + carried) * (1 - h_t**2)


def right_probabilities(logits, temperature):
    e = np.exp(logits / temperature - (logits / temperature).max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


RIGHT = [
    (check.count_parameters, (42, 42)),
    (check.one_step, (right_step,)),
    (check.smallest_gain, (0.94,)),
    (check.delta, (right_delta,)),
    (check.two_strings, ("BTSSSXSE", "BTSSSPSE")),
    (check.probabilities, (right_probabilities,)),
    (check.multiplications, (lambda B, T, I, H, O: B * T * (I * H + H * H + H * O),)),
]
WRONG = [
    (check.count_parameters, (36, 36), "biases"),
    (check.count_parameters, (42, 420), "T"),
    (check.count_parameters, ("many", 42), "expected a number"),
    (check.one_step, (lambda x, h, a, b, c: x @ a + h @ b + c,), "tanh is missing"),
    (check.one_step, (lambda x, h, a, b, c: np.tanh(x @ a + h @ b),), "bias is missing"),
    (check.one_step, (lambda x, h, a, b, c: np.tanh(x @ a + c),), "old state does not enter"),
    (check.one_step, (lambda x, h, a, b, c: np.tanh(h @ b + c),), "input does not enter"),
    (check.one_step, (lambda x, h, a, b, c: np.tanh(x @ a + h @ b.T + c),), "transposed"),
    (check.one_step, (lambda x, h, a, b, c: right_step(x, h, a, b, c).T,), "transposed"),
    (check.one_step, (lambda x, h, a, b, c: "text",), "expected numbers"),
    (check.one_step, (lambda x, h: 0,), "stopped with TypeError"),
    (check.one_step, (5,), "to be a function"),
    (check.smallest_gain, (0.5,), "still forgets"),
    (check.smallest_gain, (1.2,), "too"),
    (check.smallest_gain, ("0.9",), "expected a number"),
    (check.delta, (lambda d, c, h, W: d @ W.T + c,), "slope of tanh is missing"),
    (check.delta, (lambda d, c, h, W: (d @ W.T) * (1 - h**2),), "from the future"),
    (check.delta, (lambda d, c, h, W: c * (1 - h**2),), "this step's output"),
    (check.delta, (lambda d, c, h, W: d @ W.T * (1 - h**2) + c,), "both parts"),
    (check.delta, (lambda d, c, h, W: (d @ W.T + c) * (1 - np.tanh(h) ** 2),), "applied twice"),
    (check.delta, (lambda d, c, h, W: (d @ W.T + c) * h * (1 - h),), "sigmoid"),
    (check.delta, (lambda d, c, h, W: (d @ W.T + c) * (1 - h),), "squared"),
    (check.two_strings, ("BTXSE", "BTXPE"), "at least 8"),
    (check.two_strings, ("BTSSSPSE", "BTSSSXSE"), "not legal"),
    (check.two_strings, ("BTSSSXSE", "BTSSSXSE"), "is legal"),
    (check.two_strings, ("BTSSSXSE", "BPPPPPPE"), "exactly one letter"),
    (check.two_strings, (3, "B"), "expected a string"),
    (check.probabilities, (lambda z, t: right_probabilities(z, 1.0),), "no effect"),
    (check.probabilities, (lambda z, t: right_probabilities(z * t, t),), "temperature"),
    (check.probabilities, (lambda z, t: np.exp(z / t),), "add up to 1"),
    (check.probabilities, (lambda z, t: np.exp(z / t) / np.exp(z / t).sum(-1, keepdims=True),), "overflows"),
    (check.multiplications, (lambda B, T, I, H, O: T * (I * H + H * H + H * O),), "B sequences"),
    (check.multiplications, (lambda B, T, I, H, O: B * T * (I * H + H * O),), "W_hh is missing"),
    (check.multiplications, (lambda B, T, I, H, O: B * T * I * H * O,), "add them"),
]
UNANSWERED = [
    (check.count_parameters, (..., ...)),
    (check.one_step, (lambda *a: ...,)),
    (check.smallest_gain, (...,)),
    (check.delta, (lambda *a: None,)),
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

    def greedy(x_t, h_before, W_ih, W_hh, b_h):
        seen.append(x_t.copy())
        x_t += 100
        return right_step(x_t - 100, h_before, W_ih, W_hh, b_h)

    assert check.one_step(greedy).passed and check.one_step(greedy).passed
    assert np.array_equal(seen[0], seen[1])


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
