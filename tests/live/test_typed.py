"""The one reader for what people type: numbers of many keyboards, questions where two readings are possible."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.live.controls import Number, Text
from helpers.live.numbers import signed, tick_text, tiny
from helpers.live.typed import TINIEST, Unreadable, numbers, plain_signs, quoted, read_as, shown, understood

MANY = st.lists(st.floats(-1e5, 1e5).map(lambda x: x if abs(x) > TINIEST else 0.0), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0,5 0,8", [0.5, 0.8]),
        ("0,5; 1", [0.5, 1]),
        ("0,5, 0,8", [0.5, 0.8]),
        ("1, 2 3", [1, 2, 3]),
        ("1 , 2,", [1, 2]),
        ("0.5,0.8", [0.5, 0.8]),
        ("0.5;0.8", [0.5, 0.8]),
        ("0.5，0.8", [0.5, 0.8]),
        ("0.5；0.8、1", [0.5, 0.8, 1]),
        ("1،2؛3", [1, 2, 3]),
        ("−1 –2 －3 +4", [-1, -2, -3, 4]),
        ("１．５　２", [1.5, 2]),
        ("٣ ٤٫٥", [3, 4.5]),
        ("3·10⁻⁹ 2·10⁷ 10⁻⁶ 10²", [3e-9, 2e7, 1e-6, 100]),
        ("1\n2\t3\r\n", [1, 2, 3]),
        (".5 5. 1e-3", [0.5, 5, 0.001]),
        ("-0", [0]),
        ("", []),
        (" , ; ", []),
    ],
)
def test_what_can_be_meant_in_one_way_is_understood(text, values):
    read = numbers(text)
    assert read == values and all(math.copysign(1, value) == 1 for value in read if value == 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0,5,0,8", "The comma in “0,5,0,8” may separate numbers or begin the decimals"),
        ("1,2", "The comma in “1,2” may"),
        ("1, 2,3", "The comma in “2,3” may"),
        ("0,5 0.8", "The comma in “0,5” may"),
        (",5 ,8", "The comma in “,5” may"),
        ("abc", "“abc” is not a number. Write numbers with spaces between them, such as 0.5 −1 2."),
        ("1 -", "“-” is not a number"),
        ("1_0", "“1_0” is not a number"),
        ("nan", "“nan” is not a number"),
        ("inf", "“inf” is not a number"),
        ("½", "is not a number"),
        ("0x10", "“0x10” is not a number"),
        ("x²", "“²” stands raised or lowered here"),
        ("1e-310", "“1e-310” is too near 0 to be drawn. Write 0."),
        ("5e-324", "too near 0"),
        ("1e-400", "“1e-400” is too near 0"),
        ("210⁻³", "“⁻” stands raised or lowered here: write powers of ten as 1e-3."),
        ("1e400", "“1e400” is too large or too small: numbers from −10 to 10 fit."),
        ("11", "“11” is too large"),
        ("9" * 5000, "9…” is too large"),
        ("\ud800", "“\ufffd” is not a number"),
    ],
)
def test_all_else_is_asked_or_refused_in_words(text, words):
    with pytest.raises(Unreadable) as refused:
        numbers(text, -10, 10)
    message = str(refused.value)
    assert words in message and message.endswith(".") and len(message) < 220
    message.encode("utf-8")  # can be sent


@given(st.text() | st.text(st.sampled_from("0123456789.,;−-+e ，·⁻⁹１٣")))
def test_any_text_gives_numbers_or_words(text):
    try:
        values = numbers(text, -10, 10)
    except Unreadable as refused:
        assert str(refused).endswith(".") and len(str(refused)) < 250
        str(refused).encode("utf-8")
    else:
        assert all(-10 <= value <= 10 and (value == 0 or abs(value) >= TINIEST) for value in values)
        understood(values, 60).encode("utf-8")


@given(MANY, st.sampled_from([" ", ", ", "; ", ";", "，", "；", "、", "\n", "\t"]))
def test_numbers_that_the_course_prints_are_read_again(values, separator):
    for write in (tick_text, signed, lambda x: tiny(abs(x)), repr, lambda x: f"{x:.1f}"):
        printed = [write(value) for value in values]
        plain = [float(repr_of(text)) for text in printed]
        assert numbers(separator.join(printed)) == plain


def repr_of(printed):
    """A printed number in Python's spelling."""
    digits, _, power = printed.replace("−", "-").partition("·10")
    return digits + (f"e{power.translate(str.maketrans('⁻⁰¹²³⁴⁵⁶⁷⁸⁹', '-0123456789'))}" if power else "")


@given(MANY.filter(lambda values: len(values) > 1), st.sampled_from([" ", "; ", ", ", "；"]))
def test_a_decimal_comma_is_one(values, separator):
    printed = [f"{value:.3f}" for value in values]
    with_commas = separator.join(text.replace(".", ",") for text in printed)
    assert numbers(with_commas) == [float(text) for text in printed]


def test_what_was_understood_is_said():
    assert understood([], 3) == "no number yet."
    assert understood([-1.0], 3) == "1 number, −1."
    assert understood([0.5] * 5, 3) == "5 numbers, 0.5, 0.5, 0.5, 0.5, …. Only the first 3 count."
    assert read_as("Der  Hund ", "der hund", 24) == ""
    assert read_as("Straße", "strasse", 16) == "“Straße” is read as “strasse”. "
    assert read_as("?!", "  ", 16) == "“?!” is read as spaces. "
    assert read_as("abcd", "abcd", 3) == "Only the first 3 characters count. "
    assert read_as("ßß", "ssss", 3) == "“ßß” is read as “sss”: only the first 3 characters count. "


def test_signs_of_other_keyboards():
    assert plain_signs("（１＆０）｜−１＾٣") == "(1&0)|-1^3"


@given(st.one_of(st.text(), st.integers(), st.floats(), st.lists(st.text())))
def test_quotes_are_short_and_printable(value):
    assert len(shown(value)) <= 60
    if isinstance(value, str):
        assert len(quoted(value)) <= 62 and quoted(value)[1:-1].isprintable()
        quoted(value).encode("utf-8")


def test_numbers_from_python_that_no_float_holds():
    slider = Number("gain", "Gain", 0.0, 3.0, 0.1, 1.0)
    for value in (10**400, -(10**400), 10**5000, np.inf, np.nan, True, "1", None):
        with pytest.raises(ValueError, match="gain: expected a number from 0.0 to 3.0, got ") as refused:
            slider.check(value)
        assert len(str(refused.value)) < 110


def test_half_a_character_is_refused():
    field = Text("own", "My own", "")
    with pytest.raises(Unreadable, match="own: expected whole characters, got half of one in "):
        field.check("a\ud83d")
    assert field.check("a😀é") == "a😀é"


def test_the_page_shows_the_sentence_alone():
    from helpers.figures import hidden_state_explorer
    from helpers.live.widget import FigureWidget

    widget, sent = FigureWidget(hidden_state_explorer()), []
    widget.send = lambda content, buffers=None: sent.append(content)
    values = dict(widget.figure.values, shape="my own")
    for own, words in (
        ("abc", "“abc” is not a number."),
        ("1,2", "The comma in “1,2”"),
        ("\ud800", "own: expected whole"),
    ):
        widget._answer(None, {"type": "compute", "request": 1, "values": dict(values, own=own)}, [])
        assert sent[-1]["type"] == "error" and sent[-1]["message"].startswith(words)
    widget._answer(None, {"type": "compute", "request": 1, "values": dict(values, recurrent_gain=10**400)}, [])
    assert sent[-1]["message"].startswith("The figure's function reports: recurrent_gain: expected a number")
