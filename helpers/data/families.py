"""Families of words: plurals, verb forms and the like, found by taking off endings; and splits that respect them.

A family on both sides of a split would let a judge remember instead of judge: after "walked", "walking" is no news.
"""

import numpy as np

from helpers.data import checks

SHORTEST_STEM = 3

_ENGLISH = "s es d ed ing ings r er ers or ors est y ies ied ier iest ily ly e n en ness less ful able"
_NOUNS = "a o e as os es s ito ita itos itas mente"  # Spanish nouns, adjectives, adverbs
_FORMS = {  # Spanish verbs by the vowel of their infinitive
    "ar": "o as a amos an aba abas abamos aban aste aron e es emos en ara aras aran are aremos aria arias ariamos "
    "arian ado ada ados adas ase asen ad ador adora adores adoras acion aciones",
    "er": "o es e emos en ia ias iamos ian i iste io imos ieron a as amos an era eras eran ere eremos eria erias "
    "eriamos erian ido ida idos idas iera ieras ieran iese iesen ed edor edora edores edoras",
    "ir": "o es e imos en ia ias iamos ian i iste io ieron a as amos an ira iras iran ire iremos iria irias iriamos "
    "irian ido ida idos idas iera ieras ieran iese iesen id idor idora idores idoras icion iciones",
}
_HOSTS = "ar er ir ando iendo a e"  # what takes a pronoun: dar-lo, dando-me, da-le
_PRONOUNS = "me te se lo la le nos los las les melo mela telo tela selo sela"


def _endings():
    hosts = [host + pronoun for host in _HOSTS.split() for pronoun in ("", *_PRONOUNS.split())]
    words = " ".join((_ENGLISH, _NOUNS, *_FORMS.values(), "ando iendo")).split()
    return frozenset(("", *words, *hosts))


ENDINGS = _endings()
_LONGEST = max(map(len, ENDINGS))
# Spelling that changes inside a family: pienso, pensar; puedo, poder; toque, tocar; llegue, llegar; empiece, empezar.
_CHANGES = (("ie", "e"), ("ue", "o"), ("qu", "c"), ("gu", "g"), ("z", "c"))


def stems(word):
    """The possible stems of `word`, as a set: what is left when one of ENDINGS is taken off, spelling made even."""
    found = set()
    for cut in range(min(_LONGEST, len(word) - SHORTEST_STEM) + 1):
        stem, ending = word[: len(word) - cut], word[len(word) - cut :]
        if ending not in ENDINGS:
            continue
        if cut and len(stem) > SHORTEST_STEM and stem[-1] == stem[-2]:
            found.add(_even(stem[:-1]))  # stopp-ed: stop
        found.add(_even(stem))
    return found or {word}


def _even(stem):
    for form, plain in _CHANGES:
        stem = stem.replace(form, plain)
    return stem


def word_families(words):
    """A family's number for each word, (N,) int: words that can have the same stem are in one family, and so on.

    Rather too many words come together than too few ("card" joins "car"). Irregular forms (go, went) stay apart.
    """
    words = list(words)
    parent = list(range(len(words)))

    def head(k):
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    first = {}
    for k, word in enumerate(words):
        for stem in stems(checks.text(f"words[{k}]", word)):
            parent[head(k)] = head(first.setdefault(stem, k))
    heads = [head(k) for k in range(len(words))]
    number = {h: n for n, h in enumerate(dict.fromkeys(heads))}
    return np.array([number[h] for h in heads], dtype=int)


def same_start(words, letters=4):
    """A group's number for each word, (N,) int: words whose first `letters` letters agree are in one group.

    Coarser than families, and it needs no list of endings, so it serves any number of languages: "walk", "walks" and
    "walking" come together, "nation" and "nazione" stay apart.
    """
    letters = checks.whole_number("letters", letters, least=1)
    number = {}
    starts = [checks.text(f"words[{k}]", word)[:letters] for k, word in enumerate(words)]
    return np.array([number.setdefault(start, len(number)) for start in starts], dtype=int)


def split_groups(groups, shares=(0.7, 0.15, 0.15), seed=0):
    """Indices of each part of a split, a list of sorted arrays: no group has members in two parts.

    groups: (N,) int, such as `word_families`; np.arange(N) splits by single items. shares: of the N items, above 0,
    with sum 1; a part may miss its share by part of one group. Groups are drawn at random, the same for one seed.
    """
    groups = checks.integer_array("groups", groups, np.iinfo(np.int64).max, ndim=1)
    shares = np.array([checks.real_number("shares", share, least=0) for share in shares])
    if not len(shares) or (shares <= 0).any() or abs(shares.sum() - 1) > 1e-9:
        raise ValueError(f"shares: expected numbers above 0 with sum 1, given {shares.tolist()}")
    names, members, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = checks.generator(seed).permutation(len(names))
    middle = (np.cumsum(sizes[order]) - sizes[order] / 2) / max(len(groups), 1)  # where a group lies, from 0 to 1
    part_of = np.empty(len(names), int)
    part_of[order] = np.searchsorted(np.cumsum(shares)[:-1], middle, side="right")
    return [np.flatnonzero(part_of[members] == part) for part in range(len(shares))]
