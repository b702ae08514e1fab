import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data import (
    ALPHABET,
    cut_sequences,
    decode,
    encode,
    ngram_cross_entropy,
    ngram_table,
    one_hot,
    python_reference_text,
    reference_text,
    split_text,
)


def test_alphabet():
    assert len(ALPHABET) == 27
    assert encode("a z").tolist() == [1, 0, 26]


@given(st.text(ALPHABET, max_size=50))
def test_decode_undoes_encode(text):
    codes = encode(text)
    assert codes.shape == (len(text),) and decode(codes) == text


def test_encode_names_what_it_does_not_know():
    with pytest.raises(ValueError, match="given 'é' at 3"):
        encode("café")
    with pytest.raises(TypeError, match="text: expected a string, given bytes"):
        encode(b"abc")
    with pytest.raises(ValueError, match="codes: expected integers from 0 to 26, given 0 to 27"):
        decode([0, 27])
    with pytest.raises(TypeError, match="codes: expected an array of integers, given dtype float64"):
        decode([0.5])
    with pytest.raises(ValueError, match="alphabet: expected symbols that all differ"):
        encode("a", alphabet="aa")


@given(st.lists(st.integers(0, 4), min_size=1), st.sampled_from(["float32", "float64"]))
def test_one_hot(codes, dtype):
    vectors = one_hot(np.array(codes), 5, dtype)
    assert vectors.shape == (len(codes), 5) and vectors.dtype == dtype
    assert np.array_equal(vectors.argmax(-1), codes) and np.array_equal(vectors.sum(-1), np.ones(len(codes)))
    assert one_hot(np.array(codes)[None, :, None], 5).shape == (1, len(codes), 1, 5)


@given(st.integers(2, 200), st.integers(1, 50))
def test_cut_sequences(length, steps):
    codes = np.arange(length)
    if length <= steps:
        with pytest.raises(ValueError, match=f"more than {steps} symbols"):
            cut_sequences(codes, steps)
        return
    x, target = cut_sequences(codes, steps)
    assert x.shape == target.shape == ((length - 1) // steps, steps)
    assert np.array_equal(x.ravel(), codes[: x.size]) and np.array_equal(target, x + 1)
    assert length - 1 - x.size < steps  # nothing left out that would fill a row


def test_reference_text_is_english_of_27_symbols():
    text = python_reference_text(60_000)
    assert len(text) == 60_000 and set(text) == set(ALPHABET) and "  " not in text
    words = text.split()
    assert 0.05 < words.count("the") / len(words) < 0.12
    assert "statement" in words and "def" in words


def test_reference_text_can_be_taken_in_parts():
    whole = python_reference_text(3_000)
    assert python_reference_text(1_000) + python_reference_text(2_000, start=1_000) == whole


def test_reference_text_has_enough_and_says_how_much():
    assert len(python_reference_text(200_000)) == 200_000
    with pytest.raises(ValueError, match="at most [0-9,]+ from start 10 on, given 10,000,000"):
        python_reference_text(10_000_000, start=10)
    with pytest.raises(ValueError, match="letters: expected a whole number of at least 1, given 0"):
        python_reference_text(0)


def test_no_paragraph_stands_in_train_and_test():
    paragraphs = list(reference_text._prose(reference_text._topics()))
    assert len(set(paragraphs)) == len(paragraphs)
    train, test = split_text(python_reference_text(75_000), 60_000)
    shared = [p for p in paragraphs if len(p) > 80 and p in train and p in test]
    assert shared == []


def test_cleaning_keeps_prose_once():
    topics = {
        "b": "Heading\n*******\n\nIt's the *first* sentence,\nwith ÜNI code.\n\n   x = [1, 2]\n",
        "a": "The (very) last one!)\n\n  \nIt's the *first* sentence,\nwith ÜNI code.\n\nNot this:",
    }
    expected = ["the very last one", "it s the first sentence with ni code"]
    assert list(reference_text._prose(topics)) == expected


def test_a_python_without_help_texts_is_told_in_words():
    code = (
        "import sys; sys.modules['pydoc_data.topics'] = None\n"
        "from helpers.data import python_reference_text\n"
        "python_reference_text()"
    )
    run = _fresh_python(code)
    assert "RuntimeError: This Python was installed without its help texts" in run.stderr


def test_split_is_at_a_word_and_loses_one_space():
    text = python_reference_text(5_000)
    train, test = split_text(text, 3_000)
    assert train + " " + test == text and 2_950 < len(train) <= 3_000
    assert split_text("ab cd", 2) == ("ab", "cd") == split_text("ab cd", 4)
    with pytest.raises(ValueError, match="expected a space between two words before position 3"):
        split_text("abcdef", 3)
    with pytest.raises(ValueError, match="letters: expected a whole number from 1 to 5, given 6"):
        split_text("ab cde", 6)


def test_ngram_table_counts():
    codes = np.array([0, 1, 0, 1, 1])
    assert np.allclose(ngram_table(codes, 1, symbols=2, smoothing=0), [2 / 5, 3 / 5])
    assert np.allclose(ngram_table(codes, 2, symbols=2, smoothing=0), [[0, 1], [1 / 2, 1 / 2]])
    assert np.allclose(ngram_table(codes, 2, symbols=2, smoothing=1), [[1 / 4, 3 / 4], [2 / 4, 2 / 4]])
    unseen = ngram_table(codes, 3, symbols=2, smoothing=0)[0, 0]
    assert np.array_equal(unseen, [0.5, 0.5])


@given(st.lists(st.integers(0, 3), min_size=4, max_size=60), st.integers(1, 4), st.floats(0, 3))
def test_ngram_rows_are_probabilities(codes, order, smoothing):
    table = ngram_table(np.array(codes), order, symbols=4, smoothing=smoothing)
    assert table.shape == (4,) * order and table.min() >= 0
    assert np.allclose(table.sum(-1), 1)


def test_ngram_cross_entropy_letter_by_letter():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 3, 200)
    table = ngram_table(codes, 3, symbols=3)
    by_hand = -np.mean([np.log(table[codes[i - 2], codes[i - 1], codes[i]]) for i in range(2, 200)])
    assert ngram_cross_entropy(table, codes) == pytest.approx(by_hand, rel=1e-12)
    by_hand = -np.mean([np.log(table[codes[i - 2], codes[i - 1], codes[i]]) for i in range(50, 200)])
    assert ngram_cross_entropy(table, codes, skip=50) == pytest.approx(by_hand, rel=1e-12)


def test_ngram_cross_entropy_of_chance_and_of_the_impossible():
    codes = np.random.default_rng(1).integers(0, 27, 100_000)
    assert ngram_cross_entropy(ngram_table(codes, 1), codes) == pytest.approx(np.log(27), abs=1e-3)
    never = ngram_table(np.zeros(10, int), 1, symbols=2, smoothing=0)
    assert ngram_cross_entropy(never, np.array([0, 1])) == np.inf


def test_longer_contexts_help_on_unseen_text_and_flatter_on_seen():
    train, test = (encode(part) for part in split_text(python_reference_text(75_000), 60_000))
    tables = [ngram_table(train, order) for order in (1, 2, 3)]
    unseen = [ngram_cross_entropy(table, test, skip=2) for table in tables]
    seen = [ngram_cross_entropy(table, train, skip=2) for table in tables]
    # The text differs between versions of Python: 3.11, 3.12 and 3.13 agree within 0.04.
    assert unseen == pytest.approx([2.84, 2.28, 1.69], abs=0.06)
    assert seen == pytest.approx([2.83, 2.26, 1.60], abs=0.06)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ngram_table(np.array([0, 1]), 3), r"codes: expected at least 3 letter\(s\), given 2"),
        (lambda: ngram_table(np.array([0, 27]), 1), "codes: expected integers from 0 to 26"),
        (lambda: ngram_table(np.array([[0]]), 1), "codes: expected 1 dimension"),
        (lambda: ngram_table(np.array([0, 1]), 5), "order: expected a whole number from 1 to 4, given 5"),
        (lambda: ngram_table(np.array([0, 1]), 1, smoothing=-1), "smoothing: expected a finite number"),
        (lambda: ngram_cross_entropy(np.ones((2, 3)), np.array([0])), "table: expected axes of one length"),
        (lambda: ngram_cross_entropy(np.ones((2, 2)), np.array([0, 1]), skip=2), "expected at least 2"),
        (lambda: one_hot(np.array([-1]), 3), "codes: expected integers from 0 to 2, given -1 to -1"),
    ],
)
def test_says_what_is_wrong(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_data_needs_numpy_alone():
    code = "import sys, helpers.data; print(*sorted(m.split('.')[0] for m in sys.modules))"
    loaded = set(_fresh_python(code).stdout.split())
    assert "numpy" in loaded
    assert not loaded & {"tensorflow", "keras", "matplotlib", "ipywidgets", "anywidget", "scipy"}


def _fresh_python(code):
    root = Path(__file__).parents[2]
    return subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60)
