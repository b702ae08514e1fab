"""Real text that needs no download: the language reference that Python carries for its `help()`."""

import re

from helpers.data import checks

# A paragraph counts as prose if it ends as a sentence does; headings, grammar and code seldom do.
_SENTENCE_END = re.compile(r"""[.!?][)\]*"'’”]*$""")


def python_reference_text(letters=60_000, start=0):
    """`letters` characters, a–z and single spaces, of the prose in `pydoc_data.topics`, from `start` on.

    The module is a part of Python (`help("for")` prints from it), made from the Language Reference
    (https://docs.python.org/3/reference/; PSF License). Python 3.11 has 225,000 such characters, 3.13 has
    236,000. Capitals become small; whatever is not a letter becomes a space. Some paragraphs stand under
    several topics: each is taken once, so that no paragraph of one part of the text returns in another. The
    text differs a little between versions of Python, and so do results from it, in the second decimal.

    Raises ValueError if there is not so much text, RuntimeError if this Python comes without the module.
    """
    letters = checks.whole_number("letters", letters, least=1)
    start = checks.whole_number("start", start, least=0)
    text = " ".join(_prose(_topics()))
    if start + letters > len(text):
        raise ValueError(f"letters: expected at most {len(text) - start:,} from start {start:,} on, given {letters:,}")
    return text[start : start + letters]


def split_text(text, letters):
    """(train, test): the first `letters` characters, cut back to the end of a word, and all that follows.

    Nothing stands in both; the space at the cut belongs to neither. ValueError if a part would be empty.
    """
    checks.text("text", text)
    letters = checks.whole_number("letters", letters, least=1, most=max(1, len(text) - 1))
    cut = text.rfind(" ", 0, letters + 1)
    train, test = text[: max(cut, 0)], text[cut + 1 :]
    if not train or not test:
        raise ValueError(f"text: expected a space between two words before position {letters}, given none")
    return train, test


def _topics():
    try:
        from pydoc_data.topics import topics
    except ImportError as error:
        raise RuntimeError(
            "This Python was installed without its help texts (the module pydoc_data.topics). "
            "Install Python from python.org, conda-forge or your system's full package."
        ) from error
    return topics


def _prose(topics):
    seen = set()
    for _, topic in sorted(topics.items()):
        for paragraph in re.split(r"\n\s*\n", topic):
            words = " ".join(re.findall("[a-z]+", paragraph.lower()))
            if words and words not in seen and _SENTENCE_END.search(paragraph.strip()):
                seen.add(words)
                yield words
