"""Words of two languages, English and Spanish: real data for "which language is this word?". (Six: languages.py.)

The lists are those of the package pyspellchecker (MIT licence), which counted words in film subtitles and other text.
"""

import gzip
import importlib.resources
import json
import unicodedata
from dataclasses import dataclass

import numpy as np

from helpers.data import checks
from helpers.data.encoding import one_hot

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SPELLED_OUT = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
LANGUAGES = ("English", "Spanish")  # a word's label is its language's place here: 0 or 1
LISTS = {
    "English": "en",
    "Spanish": "es",
    "German": "de",
    "Dutch": "nl",
    "French": "fr",
    "Italian": "it",
}  # that we use


@dataclass(frozen=True)
class LanguageWords:
    """Words that belong to one language alone, and those left out because they belong to more than one.

    words: (N,) tuple of str. labels: (N,) int, 0 English, 1 Spanish, or places in another list of languages. shared:
    (M,) tuple of str, the common words that were left out, the most frequent first. balance: of two languages, (M,)
    float: how many times as frequent each shared word is in the second as in the first (as shares of all counts).
    """

    words: tuple
    labels: np.ndarray
    shared: tuple
    balance: np.ndarray | None = None


def without_accents(text):
    """`text` in small letters, each without its accents: "Año" becomes "ano"."""
    parts = unicodedata.normalize("NFD", checks.text("text", text).lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


def plain_letters(text):
    """What people type, in letters a to z where there are some for it: "Straße" becomes "strasse", "Cœur" "coeur".

    Accents go, full-width letters and ligatures become plain ones; all other characters stay as they are. (The word
    lists know `without_accents` alone: words with ß or œ are not in them.)
    """
    text = unicodedata.normalize("NFKC", checks.text("text", text)).casefold()  # casefold makes ss of ß
    return without_accents(text.translate(SPELLED_OUT))


def word_counts(language):
    """How often each word was counted: dict of word (a to z, accents removed) -> count."""
    try:
        file = importlib.resources.files("spellchecker") / "resources" / f"{LISTS[language]}.json.gz"
        counted = json.loads(gzip.decompress(file.read_bytes()))
    except (ModuleNotFoundError, FileNotFoundError):
        raise RuntimeError("the word lists are missing: pip install pyspellchecker") from None
    totals = {}
    for word, count in counted.items():
        plain = word if word.isascii() else without_accents(word)
        if plain.isascii() and plain.isalpha() and plain.islower():
            totals[plain] = totals.get(plain, 0) + count
    return totals


def language_words(each=6000, shortest=4, longest=12):
    """The `each` most frequent words of English and of Spanish that stand in one of the two lists alone.

    Words have `shortest` to `longest` letters, a to z: accents are removed (ñ becomes n), because a single ñ would
    give the answer away. Names and borrowed words are in the lists as the package has them.

    Returns LanguageWords. Raises ValueError if the lists hold fewer words, RuntimeError without the package.
    """
    each = checks.whole_number("each", each, least=1)
    shortest = checks.whole_number("shortest", shortest, least=1)
    longest = checks.whole_number("longest", longest, least=shortest)
    counts = [word_counts(language) for language in LANGUAGES]
    shared, chosen = {}, []
    for own, other in (counts, counts[::-1]):
        own_words = []
        for word in sorted(own, key=lambda word: (-own[word], word)):
            if not shortest <= len(word) <= longest:
                continue
            if word in other:
                shared[word] = max(own[word], other[word])
                continue
            own_words.append(word)
            if len(own_words) == each:
                break
        if len(own_words) < each:
            raise ValueError(f"each: expected at most {len(own_words)}, which is all there are, given {each}")
        chosen.append(own_words)
    words = sorted((word, label) for label, group in enumerate(chosen) for word in group)
    labels = np.array([label for _, label in words])
    both = tuple(sorted(shared, key=lambda w: (-shared[w], w)))
    first, second = (np.array([count[w] for w in both]) / sum(count.values()) for count in counts)
    return LanguageWords(tuple(w for w, _ in words), labels, both, second / first)


def one_hot_words(words, steps=12, dtype="float32"):
    """Words as sequences of one-hot letters, a to z: x (B, T, 26) and the mask (B, T), True where a letter stands.

    A word shorter than T = `steps` fills the first steps; the rest are zeros, which Keras' `Masking` recognises.
    Raises ValueError that names the first word which is empty, too long, or has other letters.
    """
    steps = checks.whole_number("steps", steps, least=1)
    words = list(words)
    x = np.zeros((len(words), steps, len(LETTERS)), dtype)
    mask = np.zeros((len(words), steps), bool)
    for row, word in enumerate(words):
        checks.text(f"words[{row}]", word)
        if not 1 <= len(word) <= steps or not (word.isascii() and word.isalpha() and word.islower()):
            raise ValueError(f"words[{row}]: expected 1 to {steps} letters from a to z, given {word!r}")
        x[row, : len(word)] = one_hot([LETTERS.index(letter) for letter in word], len(LETTERS), dtype)
        mask[row, : len(word)] = True
    return x, mask


def shuffled_letters(words, seed=0):
    """Each word with its own letters in random order: what order tells is lost, which letters there are is not."""
    rng = checks.generator(seed)
    return ["".join(rng.permutation(list(checks.text("word", word)))) for word in words]
