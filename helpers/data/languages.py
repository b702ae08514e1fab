"""Words of several languages, and phrases made of them: real data for "which language is this?".

The lists are those of the package pyspellchecker (MIT licence), which counted words in film subtitles and other text.
"""

import numpy as np

from helpers.data import checks
from helpers.data.encoding import encode
from helpers.data.words import LISTS, LanguageWords, word_counts

SIX_LANGUAGES = ("English", "German", "Dutch", "French", "Italian", "Spanish")


def words_of(languages=SIX_LANGUAGES, each=5000, shortest=4, longest=12, clearly=10):
    """The `each` most frequent words of each language that clearly belong to it.

    A word belongs to a language if its share of all counted words there is more than `clearly` times its share in any
    other of the languages; less clear ones (names, "hotel", "animal") are set aside as `shared`. Letters a to z,
    accents removed; `shortest` to `longest` of them.

    Returns LanguageWords whose labels are places in `languages`. Raises ValueError for a language without a list, for
    fewer than two, or if a list holds too few words; RuntimeError without the package.
    """
    languages = tuple(languages)
    unknown = [language for language in languages if language not in LISTS]
    if unknown or len(set(languages)) != len(languages) or len(languages) < 2:
        raise ValueError(f"languages: expected two or more different ones of {', '.join(LISTS)}, given {languages}")
    each = checks.whole_number("each", each, least=1)
    shortest = checks.whole_number("shortest", shortest, least=1)
    longest = checks.whole_number("longest", longest, least=shortest)
    clearly = checks.real_number("clearly", clearly, least=1)
    counts = [word_counts(language) for language in languages]
    totals = [sum(count.values()) for count in counts]
    words, labels, shared = [], [], {}
    for label, own in enumerate(counts):
        others = [(count, total) for count, total in zip(counts, totals, strict=True) if count is not own]
        found = 0
        for word in sorted((w for w in own if shortest <= len(w) <= longest), key=lambda w: (-own[w], w)):
            share = own[word] / totals[label]
            if any(clearly * count.get(word, 0) / total >= share for count, total in others):
                shared[word] = max(share, shared.get(word, 0))
                continue
            words.append(word)
            labels.append(label)
            found += 1
            if found == each:
                break
        if found < each:
            raise ValueError(f"each: expected at most {found}, all there are in {languages[label]}, given {each}")
    unclear = sorted(set(shared) - set(words), key=lambda w: (-shared[w], w))  # what one left may be another's
    return LanguageWords(tuple(words), np.array(labels), tuple(unclear))


def phrases(words, labels, count, letters=24, seed=0):
    """`count` phrases of words drawn by chance, those of one phrase from one language, cut after `letters` characters.

    words: (N,) str; labels: (N,) int, their languages. A space stands between words, not before the first. The
    languages take turns, so that all come equally often. They are no sentences: nothing but spelling can be learned.

    Returns texts, a list of str, their codes (count, letters) in ALPHABET, and their labels (count,).
    """
    words = np.asarray(words)
    labels = checks.integer_array("labels", labels, np.iinfo(np.int64).max, ndim=1)
    if words.shape != labels.shape or not len(words):
        raise ValueError(f"words: expected one for each of {len(labels)} labels, given shape {words.shape}")
    count = checks.whole_number("count", count, least=1)
    letters = checks.whole_number("letters", letters, least=1)
    rng = checks.generator(seed)
    kinds = np.unique(labels)
    of_phrase = kinds[np.arange(count) % len(kinds)]
    most = letters // (min(map(len, words)) + 1) + 1  # words that may be needed
    texts = [""] * count
    for kind in kinds:
        rows = np.flatnonzero(of_phrase == kind)
        for row, drawn in zip(rows, rng.choice(words[labels == kind], (len(rows), most)), strict=True):
            texts[row] = " ".join(drawn)[:letters]
    return texts, encode("".join(texts)).reshape(count, letters), of_phrase
