import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data import (
    REBER_GRAMMAR,
    REBER_SYMBOLS,
    accepted,
    entropy_floor,
    ideal_loss,
    is_legal,
    near_misses,
    next_symbols,
    random_strings,
    reber_batch,
    reber_nodes,
    reber_strings,
)

# N. Schraudolph & F. Cummins, Introduction to Neural Networks (course, IDSIA), page "Reber Grammar".
KNOWN_LEGAL = ["BTSSXXTVVE", "BPVVE", "BTXXVPSE", "BPVPXVPXVPXVVE", "BTSXXVPSE", "BTSXSE", "BPTTVPXVVE"]
KNOWN_ILLEGAL = ["BTSSPXSE", "BPTVVB", "BTXXVVSE", "BPVSPSE", "BTSSSE"]


@pytest.mark.parametrize("string", KNOWN_LEGAL)
def test_known_legal(string):
    assert is_legal(string)


@pytest.mark.parametrize("string", [*KNOWN_ILLEGAL, "", "B", "E", "BE", "BPVV", "PVVE", "BPVVEE"])
def test_known_illegal(string):
    assert not is_legal(string)


def test_the_seven_legal_strings_of_eight_letters():
    # Counted by J. McCaffrey, "Programmatically Generating Reber Grammar Strings", 2015.
    expected = {"BTSSSXSE", "BPTTTVVE", "BTXXVPSE", "BPTTVPSE", "BPVPXVVE", "BTSXXVVE", "BTXXTVVE"}
    every = ("B" + "".join(middle) + "E" for middle in itertools.product("TSXVP", repeat=6))
    assert {string for string in every if is_legal(string)} == expected


def test_the_783_legal_strings_of_twenty_letters():
    ways = {0: 1}  # node: number of prefixes that lead there
    for _ in range(18):
        following = {}
        for node, count in ways.items():
            for goal in REBER_GRAMMAR[node].values():
                if goal is not None:
                    following[goal] = following.get(goal, 0) + count
        ways = following
    assert ways[5] == 783


@given(st.integers(0, 10**6), st.integers(5, 60))
def test_generated_strings_are_legal(seed, shortest):
    for string in reber_strings(3, seed, shortest):
        assert is_legal(string) and len(string) >= shortest
        assert len(reber_nodes(string)) == len(string) - 1
        for i in range(len(string)):
            assert string[i] in next_symbols(string[:i])


def test_every_legal_string_can_be_generated_with_its_probability():
    strings = reber_strings(20_000, seed=5)
    for string in ("BPVVE", "BTXSE", "BTSXSE"):  # 1/8, 1/8, 1/16
        p = np.prod([1 / len(next_symbols(string[:i])) for i in range(1, len(string))])
        assert abs(strings.count(string) / 20_000 - p) < 4 * np.sqrt(p / 20_000)


def test_next_symbols():
    assert next_symbols("") == "B"
    assert set(next_symbols("B")) == {"T", "P"}
    assert set(next_symbols("BT")) == {"S", "X"}  # the same letter T, another node:
    assert set(next_symbols("BPT")) == {"T", "V"}
    assert next_symbols("BPVV") == "E"
    assert next_symbols("BPVVE") == next_symbols("BS") == next_symbols("T") == ""


def test_nodes():
    assert reber_nodes("BTXXVVE") == [0, 1, 3, 2, 4, 5]
    assert reber_nodes("BTP") == [0, 1] and reber_nodes("TS") == []


@given(st.integers(0, 10**6))
def test_random_strings(seed):
    for string in random_strings(5, seed, longest=20):
        assert string[0] == "B" and string.index("E") == len(string) - 1 <= 19
        assert set(string[1:]) <= set("TSXVPE")


def test_share_of_legal_among_random_strings():
    # p[node]: probability that letters by chance lead from the node to a legal end: a sixth for each arrow.
    p = dict.fromkeys(REBER_GRAMMAR, 0.0)
    for _ in range(100):
        p = {n: sum(1 if g is None else p[g] for g in ways.values()) / 6 for n, ways in REBER_GRAMMAR.items()}
    share = np.mean([is_legal(string) for string in random_strings(50_000, seed=1)])
    assert abs(share - p[0]) < 4 * np.sqrt(p[0] / 50_000)
    assert 0.0015 < p[0] < 0.0025


@given(st.integers(0, 10**6))
def test_near_misses_are_one_letter_away(seed):
    for string in near_misses(5, seed):
        assert not is_legal(string) and string[0] == "B" and string[-1] == "E"
        changes = (string[:i] + c + string[i + 1 :] for i in range(1, len(string) - 1) for c in "TSXVP")
        assert any(is_legal(changed) for changed in changes)


def test_entropy_floor_against_simulation():
    assert entropy_floor() == pytest.approx(6 / 7 * np.log(2), rel=1e-14)
    strings = reber_strings(40_000, seed=9)
    # Independent of the machine's algebra: −ln p of what was written, letter by letter.
    surprise = [sum(np.log(len(next_symbols(s[:i]))) for i in range(1, len(s))) for s in strings[:10_000]]
    letters = [len(s) - 1 for s in strings[:10_000]]
    assert sum(surprise) / sum(letters) == pytest.approx(ideal_loss(strings[:10_000]), rel=1e-12)
    assert ideal_loss(strings) == pytest.approx(entropy_floor(), abs=2e-3)
    assert np.mean([len(s) - 1 for s in strings]) == pytest.approx(7, abs=0.1)  # the papers' mean


def test_ideal_loss_refuses_illegal():
    assert ideal_loss(["BPVVE"]) == pytest.approx(3 / 4 * np.log(2))
    with pytest.raises(ValueError, match="legal strings only, given 'BTE'"):
        ideal_loss(["BPVVE", "BTE"])


@given(st.integers(0, 10**6), st.integers(1, 8), st.sampled_from(["float32", "float64"]))
def test_batch_holds_the_strings(seed, count, dtype):
    strings = reber_strings(count, seed)
    x, target, mask = reber_batch(strings, dtype)
    longest = max(map(len, strings)) - 1
    assert x.shape == (count, longest, 7) and target.shape == mask.shape == (count, longest)
    assert x.dtype == dtype and mask.dtype == bool
    for string, rows, following, real in zip(strings, x, target, mask, strict=True):
        n = len(string) - 1
        assert real.tolist() == [True] * n + [False] * (longest - n)
        assert "".join(REBER_SYMBOLS[i] for i in rows[:n].argmax(1)) == string[:-1]
        assert "".join(REBER_SYMBOLS[i] for i in following[:n]) == string[1:]
        assert np.all(rows[:n].sum(1) == 1) and not rows[n:].any() and not following[n:].any()


def test_a_perfect_predictor_accepts_exactly_the_legal():
    strings = reber_strings(200, seed=1) + near_misses(200, seed=2) + random_strings(200, seed=3)
    _, target, mask = reber_batch(strings)
    probabilities = np.zeros((*target.shape, 7))
    for row, string in zip(probabilities, strings, strict=True):
        for t in range(len(string) - 1):
            for letter in next_symbols(string[: t + 1]):
                row[t, REBER_SYMBOLS.index(letter)] = 1 / len(next_symbols(string[: t + 1]))
    legal = np.array([is_legal(string) for string in strings])
    assert np.array_equal(accepted(probabilities, target, mask), legal)
    assert not accepted(probabilities, target, mask, threshold=0.6).any()
    assert accepted(np.full_like(probabilities, 1 / 7), target, mask, threshold=0.1).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: reber_strings(0), "count: expected a whole number of at least 1, given 0"),
        (lambda: reber_strings(3, shortest=4), "shortest: expected a whole number of at least 5, given 4"),
        (lambda: random_strings(3, longest=1), "longest: expected a whole number of at least 2, given 1"),
        (lambda: is_legal(["B"]), "string: expected a string, given list"),
        (lambda: reber_batch("BTXSE"), "strings: expected a list of strings, given one string 'BTXSE'"),
        (lambda: reber_batch([]), "strings: expected at least one string, given none"),
        (lambda: reber_batch(["BTXSE", "B"]), "strings: expected at least two letters in each, given 'B'"),
        (lambda: reber_batch(["BTaSE"]), "text: expected symbols of 'BTSXVPE', given 'a' at 2"),
        (lambda: accepted(np.ones((2, 3, 6)), np.ones((2, 3), int), np.ones((2, 3), bool)), "expected shapes"),
        (lambda: accepted(np.ones((2, 3, 7)), np.ones((2, 3), int), np.ones((2, 3), bool), 30), "threshold"),
        (
            lambda: accepted(np.ones((2, 3, 7)), np.ones((2, 3), int), np.ones((2, 3), int)),
            "mask: expected an array of bool",
        ),
    ],
)
def test_says_what_is_wrong(call, message):
    with pytest.raises((TypeError, ValueError), match=message.replace("(", r"\(")):
        call()
