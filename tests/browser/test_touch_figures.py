"""A click in a figure of the course moves the controls that belong to the place, in a page without a kernel."""

import re

import pytest

from tests.browser.test_hands import open_page
from tests.figures.every_figure import made

# (figure, panel, part of its width, of its height): what the controls must then be
CLICKS = [
    ("hidden_state_explorer", 1, 30.5 / 61, 0.5, {"time": 30}),
    ("hidden_state_explorer", 3, 40.5 / 61, 2.5 / 24, {"time": 40, "unit": 2}),
    ("training_scrubber", 0, 2.5 / 12, 3.5 / 8, {"time": 2, "unit": 3}),
    ("training_scrubber", 1, 4.5 / 12, 20.5 / 31, {"time": 4, "epoch": 20}),  # below the rows that are drawn
    ("training_scrubber", 3, 1.0, 0.5, {"epoch": 30}),
    ("step_through_time", 0, 3.6 / 6.2, 0.5, {"time": 2}),
    ("gradient_backwards", 0, 4.6 / 13.2, 0.5, {"back": 8}),
    ("gradient_backwards", 1, 9.5 / 13, 0.5, {"back": 3}),
    ("gradient_backwards", 2, 0.5, 0.95, {"back": 6}),
    ("reading_figure", 0, 7.5 / 48, 0.5, {"position": 7}),  # beyond what is read
    ("reading_figure", 1, 3.5 / 48, 0.5, {"position": 3}),
    ("temperature_figure", 1, 2.0 / 3.15, 0.3, {"temperature": 9}),
    ("gates_figure", 3, 0.99, 0.5, {"time": 23}),
    ("scan_figure", 0, 5.2 / 17.8, 0.9, {"length": 0}),
    ("scan_figure", 1, 0.45, 1 - 8 / 17, {"length": 1, "pass": 3}),
    ("attention_figure", 1, 0.99, 0.5, {"epoch": 1}),
    ("attention_figure", 5, 0.5, 0.75, {"epoch": 1}),
    ("word_figure", 0, 3.4 / 16.9, 0.5, {"letter": 2}),
    ("word_figure", 2, 5.4 / 16.9, 0.5, {"letter": 4}),
    ("two_words_figure", 3, 0.99, 0.5, {"epoch": 4}),
    ("threshold_figure", 0, 0.3, 0.5, {"threshold": 14}),
    ("without_sigmoid_figure", 1, 1.5 / 3, 0.9, {"start": 1}),
    ("language_figure", 1, 2.5 / 24, 0.5, {"letter": 2}),
    ("language_figure", 2, 4.5 / 24, 0.5, {"letter": 4}),
    ("drifting_figure", 0, 45 / 103, 0.5, {"frame": 3}),  # beyond what is seen
    ("drifting_figure", 2, 5.5 / 8, 0.5, {"frame": 5}),
    ("hidden_ball_figure", 1, 9.5 / 30, 0.5, {"frame": 9}),
    ("forecast_figure", 0, 1.0, 0.5, {"now": 66}),
    ("forecast_figure", 3, 10.5 / 67, 0.5, {"now": 10}),
    ("listening_figure", 0, 4.5 / 29, 0.5, {"frame": 4}),
    ("receptive_field_figure", 0, 0.9, 0.5 / 4, {"layers": 2}),
    ("expression_figure", 0, 4.7 / 45.4, 0.9, {"symbol": 4}),
    ("expression_figure", 2, 6.7 / 45.4, 0.5, {"symbol": 6}),
    ("memory_figure", 0, 8.2 / 40.4, 0.5, {"units": 1}),
    ("memory_figure", 1, 0.25 / 1.1, 0.5, {"radius": 1}),
    ("recall_figure", 0, 2.8 / 7.6, 0.8, {"pairs": 1}),
    ("count_spikes_figure", 1, 0.0, 0.5, {"level": 0}),
    ("f_i_figure", 1, 2.1 / 4.2, 0.5, {"current": 20}),
    ("self_connection_figure", 0, 0.5, 0.9, {"time": 60}),
    ("activation_figure", 0, 0.75, 0.2, {"a": 90}),
    ("activation_figure", 1, 0.25, 0.5, {"a": 30}),
    ("descent_figure", 1, 0.2, 0.5, {"step": 20}),
    ("passes_figure", 0, 4.05 / 4.45, 0.3, {"stage": 4}),
    ("bending_figure", 2, 0.5, 0.5, {"epoch": 3}),
    ("coast_figure", 3, 1.0, 0.5, {"epoch": 2}),
    ("different_pasts_figure", 0, 7.5 / 12, 0.5, {"differ": 3}),
    ("different_pasts_figure", 1, 9.5 / 12, 0.5, {"window": 2}),
]


@pytest.mark.parametrize(("name", "panel", "across", "down", "then"), CLICKS)
def test_a_click_moves_the_controls(chromium, tmp_path, name, panel, across, down, then):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    opened = open_page(context, tmp_path, made(name))
    opened.figure.settled()
    before = opened.figure.drawn()
    assert any(before[control] != value for control, value in then.items()), "the click would prove nothing"
    opened.page.mouse.click(*opened.at(panel, across, down))
    opened.drawn(**then)
    context.close()


def test_what_is_not_read_yet_is_neither_drawn_nor_told(chromium, tmp_path):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    opened = open_page(context, tmp_path, made("reading_figure"))
    opened.figure.settled()

    def drawn(letter):
        x, y = opened.at(0, (letter - 0.3) / 48, 0.3)  # beside the cursor
        return opened.figure.canvas.evaluate(
            """(canvas, [x, y]) => { const box = canvas.getBoundingClientRect(), sharp = canvas.width / box.width;
            const at = [(x - box.left) * sharp, (y - box.top) * sharp];
            return canvas.getContext('2d').getImageData(...at, 1, 1).data[3]; }""",
            [x, y],
        )

    def told(letter):
        opened.page.mouse.move(*opened.at(0, (letter - 0.5) / 48, 0.3))
        return bool(re.search(r"hidden state [\u2212\d]", opened.words))

    for position in (4, 2):
        opened.page.mouse.click(*opened.at(0, (position - 0.5) / 48, 0.3))
        opened.drawn(position=position - 1)
        assert [bool(drawn(letter)) for letter in range(1, 7)] == [letter <= position for letter in range(1, 7)]
        assert [told(letter) for letter in range(1, 7)] == [letter <= position for letter in range(1, 7)]
    context.close()
