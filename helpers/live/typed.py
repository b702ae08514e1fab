"""What people type: numbers, signs and words, as keyboards of many countries give them.

One reader for every text field. It understands what can be meant in one way only, and asks in words for the rest.
"""

import math
import re
import unicodedata

LONGEST_QUOTE = 60  # characters of what was given, in any message
TINIEST = 1e-100  # what lies nearer to 0 has no square that a computer can hold, and so no place in a picture
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
POWER_OF_TEN = re.compile(
    r"(?<![\d.,])(?:(\d+(?:\.\d+)?)[·×])?10([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
)  # 3·10⁻⁹, as the figures print it
RAISED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
# Never a decimal comma: full-width, ideographic and Arabic commas, and all semicolons. The Arabic decimal sign is one.
SEPARATORS = str.maketrans(dict.fromkeys("，﹐、﹑،；؛", ";") | {"٫": "."})
MINUS = str.maketrans(dict.fromkeys("−–‒‐‑﹣－", "-"))


class Unreadable(ValueError):
    """What the reader typed cannot be used. The message is a sentence for the reader, and is shown as it is."""


def shown(value):
    """`value` as Python writes it, for an error message: at most 60 characters, whatever it is."""
    try:
        text = repr(value)
    except Exception:  # such as a whole number of more than 4,300 digits
        text = f"<{type(value).__name__}>"
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"


def quoted(text):
    """A piece of what the reader typed, in quotation marks: at most 60 characters, all of which can be printed."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:LONGEST_QUOTE])
    return f"“{text}”" if len(text) < LONGEST_QUOTE else f"“{text[: LONGEST_QUOTE - 1]}…”"


def plain_signs(text):
    """`text` with the signs that Python knows: full-width signs, minus signs and the digits of all scripts."""
    text = unicodedata.normalize("NFKC", text).translate(MINUS)
    return "".join(str(unicodedata.decimal(c, c)) for c in text)


def numbers(text, low=-math.inf, high=math.inf):
    """The numbers in a text that a person typed: a list of floats from `low` to `high`, perhaps empty.

    Spaces, new lines and semicolons separate numbers. A comma does so too if a space follows it, or beside decimals
    with a point (0.5,0.8). Between the digits of several separated numbers it is a decimal comma (0,5 0,8). All else
    with commas can be read in two ways, and the reader is asked.
    Raises Unreadable with a sentence for the reader.
    """
    text = POWER_OF_TEN.sub(lambda found: f"{found[1] or 1}e{found[2].translate(RAISED)}", text)
    if raised := [c for c in text if unicodedata.decomposition(c).startswith(("<super>", "<sub>"))]:
        raise Unreadable(f"{quoted(raised[0])} stands raised or lowered here: write powers of ten as 1e-3.")
    return [_number(word, low, high) for word in _words(plain_signs(text.translate(SEPARATORS)))]


def _words(text):
    """The separate numbers of a text, each with a decimal point if any."""
    pieces = [piece for piece in re.split(r"[\s;]+", text) if piece]
    spaced = any(piece.endswith(",") for piece in pieces[:-1])
    pieces = [piece.rstrip(",") for piece in pieces]
    pieces = [piece for piece in pieces if piece]
    commas = [piece for piece in pieces if "," in piece]
    if all("." in piece for piece in commas):
        return [word for piece in pieces for word in piece.split(",") if word]
    apart = len(pieces) > 1 and (not spaced or len(commas) == len(pieces))
    if apart and all(map(DECIMAL_COMMA.fullmatch, commas)) and not any("." in piece for piece in pieces):
        return [piece.replace(",", ".") for piece in pieces]
    piece = next(piece for piece in commas if "." not in piece)
    raise Unreadable(
        f"The comma in {quoted(piece)} may separate numbers or begin the decimals. Write decimals with a point, "
        "and put a space between numbers: 0.5 0.8."
    )


def _number(word, low, high):
    if not NUMBER.fullmatch(word):
        raise Unreadable(f"{quoted(word)} is not a number. Write numbers with spaces between them, such as 0.5 −1 2.")
    value = float(word)
    if not low <= value <= high or math.isinf(value):
        raise Unreadable(f"{quoted(word)} is too large or too small: numbers from {_short(low)} to {_short(high)} fit.")
    if abs(value) < TINIEST and re.search("[1-9]", word.lower().partition("e")[0]):
        raise Unreadable(f"{quoted(word)} is too near 0 to be drawn. Write 0.")
    return value + 0.0  # −0 is 0


def understood(values, most):
    """What was read, in words: how many numbers, the first of them, and how many of them are used (at most `most`)."""
    if not values:
        return "no number yet."
    first = ", ".join(map(_short, values[:4])) + (", …" if len(values) > 4 else "")
    count = f"{len(values)} number{'s' * (len(values) > 1)}"
    return f"{count}, {first}." + (f" Only the first {most} count." if len(values) > most else "")


def read_as(text, plain, longest):
    """What became of typed words, in words: "" if the network reads just what was typed, but for capitals and spaces.

    plain: what the network would read if nothing were cut off. longest: how many characters of it count.
    """
    said = ""
    if " ".join(text.lower().split()) != " ".join(plain.split()):
        said = f"{quoted(text.strip())} is read as {quoted(plain[:longest].strip()) if plain.strip() else 'spaces'}"
    if len(plain) > longest:
        said = (f"{said}: only" if said else "Only") + f" the first {longest} characters count"
    return f"{said}. " if said else ""


def _short(value):
    return f"{value:.4g}".replace("-", "−")
