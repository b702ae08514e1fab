"""The checks against mistakes made by script, and against right answers in other clothes.

Every folded solution of the notebooks is mutated in all ways of `mutants.py`; what passes its check must stand in
RIGHT_TOO, with the reason why it is right as well.
"""

import ast
import copy
import importlib
import inspect

import numpy as np
import pytest

from helpers.exercises import Verdict
from tests.exercises.mutants import changed_lines, made, mutants, solutions

SOLUTIONS = solutions()
FUNCTIONS = [s for s in SOLUTIONS if "def " in s.source]


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# What the solutions take from their notebooks.
CONTEXT = {
    "01": {"V_rest": -70.0, "V_reset": -70.0, "V_threshold": -55.0, "R": 10.0, "tau": 10.0, "t_ref": 2.0},
    "05": {"sigmoid": sigmoid},
}
ANY_WEIGHTS = "any weights and thresholds that keep the same side of every point"
ANY_PULSE = "the exercise leaves height, start and length of the pulses to the reader"
CANCELS = "what is subtracted from all scores cancels in the fraction"
LAST_AXIS = "axis −1 is the last one, which is axis 1 here"
LATER = "a[n − 1] for n below 1 is written again when its own n comes"
RIGHT_TOO = {
    "01 firing_rate": {"if goal < V_threshold:": "at the threshold NumPy's logarithm is infinite and the rate 0"},
    "01 and_neuron": dict.fromkeys(
        (f"weights, bias = {w}" for w in ("((1.25, 1.0), -1.5)", "((0.75, 1.0), -1.5)", "((1.0, 1.25), -1.5)",
         "((1.0, 0.75), -1.5)", "((1.0, 1.0), -1.875)", "((1.0, 1.0), -1.125)")), ANY_WEIGHTS
    ),
    "01 write_and_erase": dict.fromkeys(
        [f"drive[{place}] = 0.8" for place in (":150", "101:150", "99:150", "100:151", "100:149")]
        + [f"drive[{place}] = -0.8" for place in ("401:450", "399:450", "400:451", "400:449")]
        + [f"drive[100:150] = {height}" for height in (1.0, 0.6000000000000001)]
        + [f"drive[400:450] = {height}" for height in (-1.0, -0.6000000000000001)], ANY_PULSE
    ),
    "02 xor_by_hand": dict.fromkeys(
        [f"my_W_ih = {w}" for w in ("[[2, 1], [1, 1]]", "[[10, 1], [1, 1]]", "[[1, 1], [2, 1]]", "[[1, 1], [10, 1]]")]
        + [f"my_b_h = {b}" for b in ("[-0.625, -1.5]", "[-0.375, -1.5]", "[-0.5, -1.875]", "[-0.5, -1.125]")]
        + ["my_b_o = [-0.625]", "my_b_o = [-0.375]", "my_W_ho = [[1], [-2]]", "my_W_ho = [[1], [-10]]"], ANY_WEIGHTS
    ),
    "02 count": {"return sum((n * m + m for n, m in zip(sizes[:], sizes[1:])))": "zip ends with the shorter one"},
    "02 sigmoid_slope": {"h = 1 / (1 + np.exp(a))": "1 − σ(a) in place of σ(a): h (1 − h) is the same"},
    "02 relu_backward": {
        "da = dh * (a >= 0)": "at exactly 0 relu has no slope",
        "da = dh * (h > 0)": "h is above 0 where a is",
    },
    "02 windows": {
        "rows[n:, n] = x[:max(0, len(x) - n)]": "max knows no order",
        "rows[n:, n] = x[:max(len(x) - n, 1)]": "where len(x) − n is below 1, rows[n:] is empty, and takes anything",
        "rows[n:, n] = x[:max(len(rows) - n, 0)]": "as many rows as inputs",
    },
    "03 probabilities": {
        "return e / e.sum(axis=--1, keepdims=True)": LAST_AXIS,
        "e = np.exp(scaled - scaled.max(axis=--1, keepdims=True))": LAST_AXIS,
    },
    "04 loss_on_logits": {"return np.logaddexp(y, 0) - t * y": "a sum knows no order"},
    "05 bound": {"return (steepest * np.linalg.norm(W_hh.T, 2)) ** lag": "a transpose has the same singular values"},
    "05 clip": {"return gradient * (limit / length) if length >= limit else gradient": "the factor is 1 there"},
    "05 lstm_step": {"i, f, g, o = np.split(x_t @ W_ih + h @ W_hh + b_h, 4, axis=-1)": LAST_AXIS},
    "05 steps_that_see": {"return max(piece - lag, 0)": "max knows no order"},
    "05 attend": dict.fromkeys(
        ("weights = np.exp(scores + scores.max())", "weights = np.exp(scores)",
         "weights = np.exp(scores - states.max())", "weights = np.exp(scores - q.max())"), CANCELS
    ),
    "06 coefficients": {
        "for n in range(0, len(c) + 1):": LATER,
        "for n in range(-1, len(c) + 1):": LATER,
        "for n in range(1, len(a) + 1):": "as many coefficients as cepstra",
        "total = sum((k / n * c[k - 1] * a[n - k - 1] for k in range(0, n)))": "the term of k = 0 is 0",
    },
    "06 read_backwards": {
        "for b, n in enumerate(mask.sum(axis=-1)):": LAST_AXIS,
        "turned[b, :n] = turned[b, :n][::-1]": "it was still a copy of x there",
    },
    "06 drift": {"return np.roll(picture, (down, right), axis=(0, -1))": LAST_AXIS},
    "06 persistence_rmse": {
        "came = [numbers[i + 1:i + 1 + ahead] for i in origins]": "a list of rows becomes an array by itself",
        "return np.sqrt(np.mean((numbers[origins][:, None] - came) ** 2))": "a square knows no sign",
    },
}  # fmt: skip
# Mistakes that no single change of a solution makes: sizes and settings that are fixed in another form of it.
FIXED = {
    "05 lstm_step": """
def lstm_step(x_t, h, c, W_ih, W_hh, b_h):
    a = x_t @ W_ih + h @ W_hh + b_h
    c = sigmoid(a[:, 4:8]) * c + sigmoid(a[:, :4]) * np.tanh(a[:, 8:12])
    return sigmoid(a[:, 12:]) * np.tanh(c), c
""",
    "05 attend": """
def attend(states, q):
    weights = np.exp(states @ q / np.sqrt(3))
    weights = weights / weights.sum()
    return weights, weights @ states
""",
    "02 descent": """
def descend(theta, gradient, rate, steps):
    for _ in range(steps):
        theta = theta - 0.1 * gradient(theta)
    return theta
""",
    "02 count": """
def count_parameters(sizes):
    I, H, O = sizes
    return I * H + H + H * O + O
""",
    "01 count_spikes": """
def count_spikes(v, level):
    return np.sum((v[:-1] <= level) & (v[1:] > level))
""",
    "04 in_pieces": """
def in_pieces(network, x, size):
    return network.forward(x)[0]
""",
    "06 backwards": """
def backwards(films):
    return films[:, [2, 1, 0]]
""",
    "07 receptive_field": """
def receptive_field(kernel_size, dilations):
    return kernel_size * len(dilations)
""",
    "07 shift_register": """
def shift_register(H):
    return np.eye(1, 3), np.eye(3, k=1)
""",
}
# Settings that the exercise itself fixes.
ALWAYS_ALIKE = {("06 probabilities", "logs"): "six languages", ("02 descent", "gradient"): "a function",
                ("04 in_pieces", "network"): "a network"}  # fmt: skip


def check_of(solution):
    return getattr(importlib.import_module(f"helpers.exercises.notebook_{solution.notebook}"), solution.check)


def answers(solution, source):
    """What a source gives to the check, as a list of arguments; raises what the source raises."""
    return list(eval(f"({solution.arguments},)", made(source, {"np": np} | CONTEXT.get(solution.notebook, {}))))


def watched(function, seen):
    """`function`, which notes copies of its arguments in `seen`, by name."""

    def noting(*arguments):
        seen.append(dict(zip(inspect.signature(function).parameters, copy.deepcopy(arguments), strict=True)))
        return function(*arguments)

    return noting


def named(name):
    return next(solution for solution in SOLUTIONS if solution.name == name)


@pytest.fixture(autouse=True)
def quiet():
    with np.errstate(all="ignore"):
        yield


def test_every_exercise_has_a_solution_here():
    asked = [s.name for s in SOLUTIONS]
    assert len(asked) == len(set(asked)) > 30
    assert set(RIGHT_TOO) <= set(asked) and set(FIXED) <= set(asked)


# The solution of 04's fooling_word is a word that one trained network takes for Spanish: there is nothing to mutate.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("solution", [s for s in SOLUTIONS if s.check != "fooling_word"], ids=lambda s: s.name)
def test_each_mutant_is_caught_or_right_too(solution):
    check, right, seen = check_of(solution), answers(solution, solution.source), []
    watching = [watched(answer, seen) if callable(answer) else answer for answer in right]
    assert check(*watching).passed is True, repr(check(*watching))
    passed = set()
    for mutant in mutants(solution.source, {"np": np} | (seen[0] if seen else {})):
        try:
            given = answers(solution, mutant)
        except Exception:  # it cannot even be run
            continue
        if repr(given) == repr(right):  # the same numbers, made in another way
            continue
        verdict = check(*given)
        assert isinstance(verdict, Verdict)
        if verdict.passed is not False:
            passed.add(changed_lines(mutant, solution.source))
    assert passed == set(RIGHT_TOO.get(solution.name, ()))


@pytest.mark.parametrize(("name", "source"), FIXED.items())
def test_fixed_sizes_and_settings_are_caught(name, source):
    verdict = check_of(named(name))(*answers(named(name), source))
    assert verdict.passed is False, repr(verdict)


@pytest.mark.parametrize("solution", FUNCTIONS, ids=lambda s: s.name)
def test_each_setting_has_two_values_and_each_array_two_shapes(solution):
    seen = []
    (function,) = answers(solution, solution.source)
    assert check_of(solution)(watched(function, seen)).passed is True
    for parameter in seen[0]:
        tried = {sizes_of(call[parameter]) for call in seen}
        assert len(tried) > 1 or (solution.name, parameter) in ALWAYS_ALIKE, (parameter, tried)


def sizes_of(value):
    """Shapes of arrays, and all else as it is."""
    if isinstance(value, np.ndarray):
        return value.shape
    return tuple(map(sizes_of, value)) if isinstance(value, tuple | list) else value


def single(value):
    """`value` with all real numbers in float32."""
    if isinstance(value, np.ndarray | np.floating):
        return value.astype(np.float32) if value.dtype.kind == "f" else value
    if isinstance(value, tuple | list):
        return type(value)(map(single, value))
    if isinstance(value, dict):
        return {name: single(part) for name, part in value.items()}
    return np.float32(value) if isinstance(value, float) else value


def listed(value):
    """`value` with lists and Python's numbers in place of arrays, and whole numbers as int."""
    if isinstance(value, np.ndarray | np.generic):
        return listed(value.tolist())
    if isinstance(value, tuple | list):
        return type(value)(map(listed, value))
    if isinstance(value, dict):
        return {name: listed(part) for name, part in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


@pytest.mark.parametrize("solution", FUNCTIONS, ids=lambda s: s.name)
@pytest.mark.parametrize("clothes", [single, listed])
def test_right_answers_in_other_clothes_are_right(solution, clothes):
    (function,) = answers(solution, solution.source)
    kept = []

    def dressed(*arguments):
        taken = map(single, arguments) if clothes is single else arguments
        kept.append((given := clothes(function(*taken)), copy.deepcopy(given)))
        return given

    verdict = check_of(solution)(dressed)
    assert verdict.passed is True, repr(verdict)
    assert all(repr(given) == repr(before) for given, before in kept), "the check has changed what it was given"


def leave():
    raise SystemExit


def deeper():
    return deeper()


NONSENSE = [5, "text", "5", "", [], {}, (), np.nan, np.inf, 10**400, 10**5000, 1j, True, b"x", object(), [[1], [2, 3]],
            np.array([]), np.zeros((0, 3)), np.array(["a"]), [None], {"a": 1}, "\ud800", [10**400], set(), range(3),
            np.zeros((2, 2, 2, 2, 2)), lambda: 1]  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("solution", [s for s in SOLUTIONS if s.check != "fooling_word"], ids=lambda s: s.name)
def test_no_answer_makes_a_check_fail_or_talk_for_long(solution):
    check = check_of(solution)
    count = len(answers(solution, solution.source))
    functions = [lambda *a, value=value: value for value in NONSENSE] + [lambda *a: leave(), lambda *a: deeper()]
    for answer in [*NONSENSE, *(functions if solution in FUNCTIONS else [])]:
        verdict = check(*[answer] * count)
        assert verdict.passed in (False, None), (answer, repr(verdict))
        assert len(repr(verdict)) < 500
        repr(verdict).encode("utf-8", "backslashreplace")


def test_the_source_of_a_mutant_differs_in_one_place():
    source = "def f(a, b):\n    return np.sum((a < b) & (b >= 0)) - 2"
    found = {changed_lines(mutant, source) for mutant in mutants(source, {"np": np, "a": np.ones(2), "b": 0.5})}
    for line in ("a <= b", "a >= b", "b > 0", "b < 0", "- 1", "- 3", "+ 2", "a < a", "(b < b)", "| (b", "(a < 0.5)"):
        assert any(line in text for text in found), line
    assert all(ast.parse(text) for text in mutants(source, {"np": np}))
