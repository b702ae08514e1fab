"""Each check of notebook 02: right answers, typical mistakes with their hints, and broken answers."""

import numpy as np
import pytest

from helpers.data import past_windows
from helpers.exercises import notebook_02 as check

XOR = ([[1, 1], [1, 1]], [-0.5, -1.5], [[1], [-1]], [-0.5])


def passed(verdict, part=""):
    assert verdict.passed is True, verdict
    assert part in repr(verdict)


def failed(verdict, part):
    assert verdict.passed is False, verdict
    assert part in repr(verdict), verdict


@pytest.mark.parametrize(
    "answer",
    [
        XOR,
        ([[1, -1], [-1, 1]], [-0.5, -0.5], [[1], [1]], [-0.5]),
        (np.array([[2, -2], [2, -2.0]]), (-1, 3), [[1], [1]], (-1.5,)),
    ],
)
def test_xor_by_hand(answer):
    passed(check.xor_by_hand(*answer))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({0: [1, 1]}, "W_ih: expected shape (2, 2)"),
        ({2: [1, -1]}, "W_ho: expected shape (2, 1)"),
        ({2: [[1, -1]]}, "transposed"),
        ({1: [-5, -5]}, "pass beside all four points"),
        ({1: [-0.5, -0.5]}, "answer alike on every row"),
        ({2: [[1], [1]]}, "OR, but not AND"),
        ({0: [[1, 1], [0, 1]], 1: [-0.5, -1.5]}, "Row"),
        ({0: [[1, 0], [0, 1]], 1: [-0.5, -0.5]}, "no line parts the rows"),
        ({0: [[1, 0], [0, 1]], 1: [-0.5, -0.5], 2: [[1], [1]]}, "no line parts the rows"),
        ({0: [[0, -1], [1, 0]], 1: [-0.5, 0.5], 2: [[1], [1]]}, "no line parts the rows"),
        ({0: [[0, 1], [1, 1]], 1: [-0.5, -1.5]}, "Rows (1, 0) and (0, 0) want different answers but have the same h"),
        ({0: [[1, 1], [1, 0]], 1: [-0.5, -0.5]}, "Rows (1, 0) and (1, 1) want different answers but have the same h"),
        ({2: [[1], [1]]}, "answer 1 lie at h = (1, 0), the others at (0, 0) and (1, 1)"),
        ({0: [[1, -1], [-1, 1]], 1: [-0.5, -0.5]}, "answer 1 lie at h = (0, 1) and (1, 0), the others at (0, 0):"),
        ({0: "weights"}, "expected numbers"),
        ({0: [[1, np.nan], [1, 1]]}, "not all numbers are finite"),
    ],
)
def test_xor_by_hand_mistakes(change, part):
    failed(check.xor_by_hand(*(change.get(k, part) for k, part in enumerate(XOR))), part)


def test_the_hint_calls_a_hidden_layer_good_only_if_some_output_makes_xor_of_it():
    rng = np.random.default_rng(0)
    outputs = [(np.array([[u], [v]]), [w]) for u in (-1, 0, 1) for v in (-1, 0, 1) for w in (-1.5, -0.5, 0.5, 1.5)]
    seen = set()
    for _ in range(200):
        hidden = rng.integers(-2, 3, (2, 2)), rng.integers(-2, 3, 2) + 0.5
        can = any(check.xor_by_hand(*hidden, *output).passed for output in outputs)
        wrong = next(v for v in (check.xor_by_hand(*hidden, *output) for output in outputs) if not v.passed)
        assert ("good enough" in wrong.hint) == can, (hidden, wrong)
        seen.add((can, "no line parts" in wrong.hint, "the same h" in wrong.hint))
    assert len(seen) == 4


def test_count():
    passed(check.count(lambda sizes: float(sum((n + 1) * m for n, m in zip(sizes[:-1], sizes[1:], strict=True)))))
    passed(check.count(lambda sizes: np.array(sum((n + 1) * m for n, m in zip(sizes[:-1], sizes[1:], strict=True)))))
    passed(check.count(lambda sizes: sum((n + 1) * m for n, m in zip(sizes[:-1], sizes[1:], strict=True))))


@pytest.mark.parametrize(
    ("mistake", "part"),
    [
        (lambda s: sum(n * m for n, m in zip(s[:-1], s[1:], strict=True)), "weights alone"),
        (lambda s: sum(n * m for n, m in zip(s[:-1], s[1:], strict=True)) + sum(s), "inputs have no bias"),
        (lambda s: s[0] * s[1] + s[1] + s[1] * s[2] + s[2], "any number of layers"),
        (lambda s: 13, "For sizes (4, 5, 3)"),
        (lambda s: "13", "For each pair of layers"),
        (lambda s: [13], "For each pair of layers"),
        (lambda s: sum((n + 1) * m for n, m in zip(s[:-1], s[1:], strict=True)) + 0.5, "For each pair of layers"),
        (13, "to be a function"),
    ],
)
def test_count_mistakes(mistake, part):
    failed(check.count(mistake), part)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def test_sigmoid_slope():
    passed(check.sigmoid_slope(lambda a: sigmoid(a) * (1 - sigmoid(a))))
    passed(check.sigmoid_slope(lambda a: np.exp(-a) / (1 + np.exp(-a)) ** 2))


@pytest.mark.parametrize(
    ("mistake", "part"),
    [
        (lambda a: a * (1 - a), "not a itself"),
        (sigmoid, "not its slope"),
        (lambda a: 1 - np.tanh(a) ** 2, "slope of tanh"),
        (lambda a: 1 - sigmoid(a) ** 2, "slope of tanh"),
        (lambda a: -sigmoid(a) * (1 - sigmoid(a)), "sign is wrong"),
        (lambda a: sigmoid(a) * (1 - sigmoid(a)) + 1e-5, "which is not right"),
        (lambda a: 0 * a + 0.25, "Measure it"),
        (lambda a: 0.25, "expected shape (5,)"),
        (lambda a: undefined_name, "NameError"),  # noqa: F821
    ],
)
def test_sigmoid_slope_mistakes(mistake, part):
    failed(check.sigmoid_slope(mistake), part)


def descend(theta, gradient, rate, steps, sign=-1, extra=0):
    for _ in range(steps + extra):
        theta = theta + sign * rate * gradient(theta)
    return theta


def in_place(theta, gradient, rate, steps):
    for _ in range(steps):
        theta -= rate * gradient(theta)
    return theta


def returns_inside(theta, gradient, rate, steps):
    for _ in range(steps):
        theta = theta - rate * gradient(theta)
        return theta


def once(theta, gradient, rate, steps):
    return theta - steps * rate * gradient(theta)


def test_descent():
    passed(check.descent(descend))
    passed(check.descent(in_place))


@pytest.mark.parametrize(
    ("mistake", "part"),
    [
        (lambda *a: descend(*a, sign=1), "uphill"),
        (lambda *a: descend(*a, extra=1), "after 8 steps"),
        (lambda *a: descend(*a, extra=-1), "after 6 steps"),
        (returns_inside, "after 1 step, not 7"),
        (once, "taken only once"),
        (lambda theta, gradient, rate, steps: theta, "after 0 steps"),
        (lambda theta, gradient, rate, steps: theta * 2, "not where 7 steps lead"),
        (lambda theta, gradient, rate, steps: 3.0, "expected shape (2,)"),
    ],
)
def test_descent_mistakes(mistake, part):
    failed(check.descent(mistake), part)


def test_largest_rate():
    passed(check.largest_rate(2 / 3))
    passed(check.largest_rate(0.667))


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (1 / 3, "still come nearer"),
        (4 / 3, "factor 2"),
        (1, "doubles"),
        (0.5, "1 − 3α"),
        ("a", "expected a number"),
        (np.nan, "not right"),
    ],
)
def test_largest_rate_mistakes(answer, part):
    failed(check.largest_rate(answer), part)


def relu_backward(x, a, h, dy, W_ho, slope=lambda a, h: a > 0):
    da = (dy @ W_ho.T) * slope(a, h)
    return x.T @ da, da.sum(axis=0), h.T @ dy, dy.sum(axis=0)


def test_relu_backward():
    passed(check.relu_backward(relu_backward))


@pytest.mark.parametrize(
    ("mistake", "part"),
    [
        (lambda *v: relu_backward(*v, slope=lambda a, h: 1 - h**2), "slope of tanh"),
        (lambda *v: relu_backward(*v, slope=lambda a, h: 1), "slope is missing"),
        (lambda *v: relu_backward(*v, slope=lambda a, h: a <= 0), "not where a is below"),
        (lambda *v: relu_backward(*v)[::-1], "dW_ih: expected shape"),
        (lambda *v: relu_backward(*v)[:3], "Expected four arrays"),
        (lambda *v: (relu_backward(*v)[0].T, *relu_backward(*v)[1:]), "transposed"),
        (lambda *v: tuple(g / 6 if g.ndim == 1 else g for g in relu_backward(*v)), "not their mean"),
        (lambda *v: tuple(0 * g for g in relu_backward(*v)), "dW_ih is not right"),
        (lambda x, a, h, dy, W_ho: x.T @ (dy @ W_ho), "ValueError"),
    ],
)
def test_relu_backward_mistakes(mistake, part):
    failed(check.relu_backward(mistake), part)


def windows(x, width, back=0, ahead=False):
    rows = np.zeros((len(x), width))
    for t in range(len(x)):
        for n in range(width):
            place = t + n if ahead else t - n - back
            rows[t, n] = x[place] if 0 <= place < len(x) else 0
    return rows


def by_slices(x, width):
    rows = np.zeros((len(x), width))
    for n in range(width):
        rows[n:, n] = x[: max(len(x) - n, 0)]
    return rows


def test_windows():
    passed(check.windows(windows))
    passed(check.windows(by_slices))
    passed(check.windows(lambda x, w: past_windows(x[:, None], w)))


def counts_from_the_end(x, width):
    rows = np.zeros((len(x), width))
    for n in range(width):
        rows[n:, n] = x[: len(x) - n]
    return rows


@pytest.mark.parametrize(
    ("mistake", "part"),
    [
        (lambda x, w: windows(x, w)[:, ::-1], "oldest input stands first"),
        (lambda x, w: np.stack([np.roll(x, n) for n in range(w)], axis=1), "goes around"),
        (lambda x, w: windows(x, w, ahead=True), "look into the future"),
        (lambda x, w: windows(x, w, back=1), "the step itself is missing"),
        (lambda x, w: windows(x, 3), "windows with width 1"),
        (lambda x, w: windows(x, w).T, "transposed"),
        (lambda x, w: windows(x, w) + 1, "Row"),
        (lambda x, w: windows(x, w).astype(int), "decimals are lost"),
        (counts_from_the_end, "With 3 inputs and width 6 your function stops: could not broadcast"),
        (lambda x, w: by_slices(x, w) if w < 6 else windows(x, w, ahead=True), "width 6 the windows are not right"),
        (lambda x, w: by_slices(x, min(w, len(x))), "windows of width 6 over 3 inputs: expected shape (3, 6)"),
        (lambda x, w: None, "Your function returns nothing"),
        (lambda x, w: ..., "Not answered"),
    ],
)
def test_windows_mistakes(mistake, part):
    verdict = check.windows(mistake)
    assert verdict.passed is not True and part in repr(verdict), verdict


def test_window_needed():
    passed(check.window_needed(6))
    for answer, part in [
        (5, "Count the steps"),
        (4, "further back"),
        (2, "unbroken"),
        (9, "w − 1"),
        ([6, 6], "expected a number"),
    ]:
        failed(check.window_needed(answer), part)


@pytest.mark.parametrize(
    "name", ["count", "sigmoid_slope", "descent", "largest_rate", "relu_backward", "windows", "window_needed"]
)
def test_not_answered_yet(name):
    assert getattr(check, name)(...).passed is None
    assert getattr(check, name)(lambda *a: ...).passed is not True
    assert check.xor_by_hand(*XOR[:3], ...).passed is None


def test_nothing_of_the_readers_is_changed():
    answer = [np.array(part, float) for part in XOR]
    before = [part.copy() for part in answer]
    check.xor_by_hand(*answer)
    assert all((a == b).all() for a, b in zip(answer, before, strict=True))
