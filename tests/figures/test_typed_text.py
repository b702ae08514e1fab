"""Every figure with a text field takes any text: a picture that can be sent, or a sentence for the reader."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import data, figures
from helpers.live.controls import Text
from helpers.live.typed import Unreadable
from helpers.networks import GRU, LSTM, SimpleRNN, TreeNetwork


def forecast():
    numbers, origins = np.arange(400.0) % 130, np.arange(100, 160)
    return figures.forecast_figure(numbers, origins, {"GRU": np.zeros((60, 12))}, np.zeros((60, 3)))


FIGURES = {
    "explorer": lambda: figures.hidden_state_explorer(shape="my own"),
    "forecast": forecast,
    "word": lambda: figures.word_figure(SimpleRNN(26, 4, 1, seed=0), "nation"),
    "phrase": lambda: figures.language_figure(GRU(27, 4, 2, seed=0), ("English", "German"), "der"),
    "reader": lambda: figures.reading_figure(SimpleRNN(27, 4, 27, seed=0), data.ALPHABET, "to be"),
    "playground": figures.playground_figure,
    "expression": lambda: figures.expression_figure(TreeNetwork(5, 4, 1), LSTM(7, 4, 1), "1&0"),
}
LIKELY = {
    "explorer": "0123456789.,; −-e",
    "forecast": "0123456789.,; −-e",
    "expression": "01&|^() （＆",
    "playground": "01 ,１",
}


@pytest.mark.parametrize("name", FIGURES)
def test_any_text_gives_a_picture_or_a_sentence(name):
    figure = FIGURES[name]()
    (field,) = (control for control in figure.controls.values() if isinstance(control, Text))
    likely = st.text(st.sampled_from(LIKELY.get(name, "abcßæœéñÅ ﬁ１’ﷺ")), max_size=min(field.longest, 60))

    @settings(max_examples=60)
    @given(st.text(st.characters(), max_size=min(field.longest, 60)) | likely)
    def any_text(text):
        try:
            summary = figure.set(**{field.name: text})
        except Unreadable as refused:
            assert len(str(refused)) < 250 and str(refused).endswith(".")
            str(refused).encode("utf-8")
        else:
            summary.encode("utf-8")
            header, blob = figure.data.to_bytes(figure.picture)
            assert blob and len(summary) < 800

    any_text()


@pytest.mark.parametrize("name", [name for name in FIGURES if name not in ("explorer", "forecast", "playground")])
def test_what_is_typed_is_looked_at_to_its_end(name):
    figure = FIGURES[name]()
    (field,) = (control for control in figure.controls.values() if isinstance(control, Text))
    ((along, end),) = field.also
    assert end == figure.counts[along] - 1 and figure.values[along] == 0
    text = "(0|1)&1" if name == "expression" else "telephone"
    assert figure.set(**{field.name: text}) == figure.says(**{along: end}) != figure.says(**{along: 3})
