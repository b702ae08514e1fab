"""Words of two languages, their families, and splits without relatives on both sides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import data
from helpers.data.families import ENDINGS, stems


@pytest.fixture(scope="module")
def bank():
    return data.language_words(each=1000)


def test_words_are_what_they_say(bank):
    assert len(bank.words) == 2000 and bank.labels.shape == (2000,)
    assert np.bincount(bank.labels).tolist() == [1000, 1000]
    assert list(bank.words) == sorted(set(bank.words))
    assert all(4 <= len(word) <= 12 and word.isascii() and word.isalpha() and word.islower() for word in bank.words)
    label = dict(zip(bank.words, bank.labels.tolist(), strict=True))
    assert [label[w] for w in ("with", "people", "think")] == [0, 0, 0]
    assert [label[w] for w in ("pero", "nada", "entonces")] == [1, 1, 1]


def test_words_of_both_lists_are_set_aside(bank):
    assert not set(bank.shared) & set(bank.words)
    assert {"animal", "hotel", "idea"} <= set(bank.shared)
    assert "ano" not in bank.words  # ñ and accents are gone, and such a word has three letters
    assert not any(len(word) < 4 for word in bank.shared)


def test_how_much_a_shared_word_leans(bank):
    lean = dict(zip(bank.shared, bank.balance, strict=True))
    assert lean["para"] > 100 and lean["casa"] > 100, "Spanish words that somebody says in an English film"
    assert lean["once"] < 1  # "eleven" in Spanish
    assert all(0.1 < lean[word] < 10 for word in ("animal", "hotel", "idea"))


def test_the_same_words_each_time_and_more_contain_fewer(bank):
    again = data.language_words(each=1000)
    assert again.words == bank.words and again.shared == bank.shared
    assert set(bank.words) <= set(data.language_words(each=1500).words)


def test_lengths_can_be_chosen():
    words = data.language_words(each=50, shortest=7, longest=8).words
    assert {len(word) for word in words} == {7, 8}


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"each": 0}, ValueError, "each: expected"),
        ({"each": 1.5}, TypeError, "each: expected a whole number"),
        ({"shortest": 5, "longest": 4}, ValueError, "longest: expected"),
        ({"each": 10**6}, ValueError, "each: expected at most"),
    ],
)
def test_bad_arguments_are_named(arguments, error, words):
    with pytest.raises(error, match=words):
        data.language_words(**arguments)


def test_a_missing_package_is_named(monkeypatch):
    from helpers.data import words

    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(words.importlib.resources, "files", missing)
    with pytest.raises(RuntimeError, match="pip install pyspellchecker"):
        data.language_words(each=10)


@pytest.mark.parametrize("text, plain", [("Año", "ano"), ("pingüino", "pinguino"), ("CAFÉ", "cafe"), ("", "")])
def test_accents_go(text, plain):
    assert data.without_accents(text) == plain


@given(st.lists(st.text("abcxyz", min_size=1, max_size=7), min_size=1, max_size=5))
def test_one_hot_words_can_be_read_back(words):
    x, mask = data.one_hot_words(words, 7)
    assert x.shape == (len(words), 7, 26) and x.dtype == np.float32 and mask.dtype == bool
    assert np.array_equal(x.sum(axis=2), mask.astype(float))
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    assert ["".join(letters[x[k].argmax(axis=1)[mask[k]]]) for k in range(len(words))] == words


@pytest.mark.parametrize("words", [["abc", "ABC"], ["abc", "ab1"], ["abc", ""], ["abc", "ñu"], ["abc", "abcdefgh"]])
def test_words_that_do_not_fit_are_named(words):
    with pytest.raises(ValueError, match=r"words\[1\]: expected 1 to 7 letters"):
        data.one_hot_words(words, 7)


def test_shuffled_letters_are_the_same_letters():
    words = ["bicicleta", "faithful", "aaa"]
    shuffled = data.shuffled_letters(words, seed=1)
    assert [sorted(word) for word in shuffled] == [sorted(word) for word in words]
    assert shuffled != words and shuffled == data.shuffled_letters(words, seed=1)


@pytest.mark.parametrize(
    "relatives",
    [
        ("walk", "walks", "walked", "walking", "walker"),
        ("carry", "carries", "carried", "carrying"),
        ("stop", "stopped", "stopping"),
        ("make", "makes", "making"),
        ("hablar", "habla", "hablamos", "hablando", "hablaron", "hablado", "hablarle"),
        ("comer", "come", "comiendo", "comido", "comieron"),
        ("vivir", "vive", "vivimos", "viviendo"),
        ("gato", "gatos", "gata", "gatito"),
        ("pensar", "pienso", "piensa"),
        ("poder", "puede", "puedo"),
        ("tocar", "toque"),
        ("llegar", "llegue"),
        ("empezar", "empiece"),
    ],
)
def test_forms_of_one_word_are_one_family(relatives):
    families = data.word_families([*relatives, "quixotic"])
    assert len(set(families[:-1])) == 1 and families[-1] != families[0]


def test_strangers_stay_apart():
    words = ["house", "tree", "window", "perro", "ventana"]
    assert len(set(data.word_families(words))) == len(words)
    assert "" in ENDINGS and all(len(stem) >= 3 for stem in stems("bicicletas"))


def test_a_split_by_families_has_no_stem_on_both_sides(bank):
    families = data.word_families(bank.words)
    parts = data.split_groups(families, seed=3)
    assert sorted(np.concatenate(parts)) == list(range(len(bank.words)))
    of_part = [set().union(*(stems(bank.words[k]) for k in part)) for part in parts]
    assert not of_part[0] & of_part[1] and not of_part[0] & of_part[2] and not of_part[1] & of_part[2]
    assert np.bincount(families).max() < 40  # families, not half of the dictionary
    for part, share in zip(parts, (0.7, 0.15, 0.15), strict=True):
        assert abs(len(part) / len(bank.words) - share) < 0.02
        assert 0.4 < bank.labels[part].mean() < 0.6


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), st.integers(0, 5))
def test_groups_are_never_divided(groups, seed):
    groups = np.array(groups)
    parts = data.split_groups(groups, (0.5, 0.5), seed)
    assert sorted(np.concatenate(parts)) == list(range(len(groups)))
    assert not set(groups[parts[0]]) & set(groups[parts[1]])
    again = data.split_groups(groups, (0.5, 0.5), seed)
    assert all(np.array_equal(a, b) for a, b in zip(parts, again, strict=True))


def test_splitting_single_items_meets_the_shares():
    parts = data.split_groups(np.arange(1000), (0.6, 0.15, 0.25), seed=0)
    assert [len(part) for part in parts] == [600, 150, 250]


@pytest.mark.parametrize("shares", [(0.5, 0.4), (1.2, -0.2), (), (1.0, 0.0)])
def test_bad_shares_are_named(shares):
    with pytest.raises(ValueError, match="shares: expected"):
        data.split_groups(np.arange(10), shares)
    with pytest.raises(TypeError, match="groups: expected"):
        data.split_groups(np.array([0.5, 1.0]))
