"""Words of six languages, and phrases made of them."""

import numpy as np
import pytest

from helpers import data


@pytest.fixture(scope="module")
def bank():
    return data.words_of(each=800)


def test_words_belong_clearly_to_one_language(bank):
    assert len(bank.words) == len(set(bank.words)) == 4800
    assert np.bincount(bank.labels).tolist() == [800] * 6
    assert all(4 <= len(word) <= 12 and word.isascii() and word.isalpha() and word.islower() for word in bank.words)
    label = dict(zip(bank.words, bank.labels.tolist(), strict=True))
    assert [label[w] for w in ("with", "nicht", "niet", "vous", "sono", "pero")] == [0, 1, 2, 3, 4, 5]
    assert not set(bank.shared) & set(bank.words) and {"bien", "will", "animal"} <= set(bank.shared)


def test_two_languages_can_be_chosen():
    bank = data.words_of(("French", "Italian"), each=50, shortest=6, longest=7)
    assert set(bank.labels.tolist()) == {0, 1} and {len(word) for word in bank.words} == {6, 7}
    strict = data.words_of(("French", "Italian"), each=50, clearly=1000)
    loose = data.words_of(("French", "Italian"), each=50, clearly=1)
    assert len(strict.shared) > len(loose.shared)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"languages": ("English", "Klingon")}, "languages: expected two or more different ones of English"),
        ({"languages": ("English",)}, "languages: expected two or more"),
        ({"languages": ("English", "English")}, "languages: expected two or more"),
        ({"languages": ("English", "Spanish"), "each": 10**6}, "each: expected at most"),
        ({"shortest": 5, "longest": 4}, "longest: expected"),
    ],
)
def test_bad_arguments_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        data.words_of(**arguments)


def test_phrases_are_words_of_one_language(bank):
    texts, codes, labels = data.phrases(bank.words, bank.labels, 60, letters=24, seed=1)
    assert codes.shape == (60, 24) and np.bincount(labels).tolist() == [10] * 6
    words = np.array(bank.words)
    for text, row, label in zip(texts, codes, labels, strict=True):
        assert data.decode(row) == text and len(text) == 24 and text[0] != " "
        *whole, cut = text.split(" ")
        own = set(words[bank.labels == label])
        assert set(whole) <= own and (not cut or any(word.startswith(cut) for word in own))
    assert data.phrases(bank.words, bank.labels, 60, seed=1)[0] == texts
    assert data.phrases(bank.words, bank.labels, 60, seed=2)[0] != texts


def test_phrases_of_very_short_words_are_long_enough():
    texts, codes, _ = data.phrases(["a", "bb", "ccccc"], np.array([0, 0, 3]), 4, letters=11)
    assert codes.shape == (4, 11) and texts[1] == "ccccc ccccc"
    with pytest.raises(ValueError, match="words: expected one for each of 2 labels"):
        data.phrases(["a"], np.array([0, 1]), 4)


def test_words_that_begin_alike_are_one_group():
    groups = data.same_start(["walk", "walks", "walking", "wall", "the", "them", "then"])
    assert groups.tolist() == [0, 0, 0, 1, 2, 3, 4]  # "the", "them", "then" differ within four letters
    assert data.same_start(["walk", "wall"], letters=3).tolist() == [0, 0]
    with pytest.raises(ValueError, match="letters"):
        data.same_start(["walk"], letters=0)
