"""The questions before the figures of the notebooks: every one is asked, and no cell shows its answer."""

import importlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from helpers.data import membrane_recording
from helpers.figures import explore
from helpers.live.controls import Prediction
from helpers.networks import (
    FeedForward,
    IntegrateAndFire,
    MeanSquaredError,
    RateNeuron,
    SimpleRNN,
    softmax,
    upward_crossings,
)

NUMBERS = ["01", "02", "03", "04", "05", "06", "07"]
NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def predictions(number):
    return importlib.import_module(f"helpers.exercises.notebook_{number}").predictions


def chosen(number, name):
    question = predictions(number)[name]
    return question.options[question.answer]


@pytest.mark.parametrize("number", NUMBERS)
def test_each_question_is_asked_once_and_no_cell_gives_its_answer_away(number):
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    asked = [name for source in code for name in re.findall(r'check\.predictions\["(\w+)"\]', source)]
    assert sorted(asked) == sorted(predictions(number))
    assert not any("Prediction(" in source for source in code)


def every_question():
    return [question for number in NUMBERS for question in predictions(number).values()]


def improbable(count, chances):
    """Whether `count` hits differ by more than two standard deviations from what these chances give."""
    chances = np.array(chances)
    return abs(count - chances.sum()) > 2 * np.sqrt(np.sum(chances * (1 - chances)))


def test_no_place_is_right_more_often_than_chance():
    questions = every_question()
    for place in range(4):
        chances = [1 / len(question.options) for question in questions if place < len(question.options)]
        assert not improbable(sum(question.answer == place for question in questions), chances), place


def test_options_are_of_like_length_and_length_tells_nothing():
    questions = every_question()
    for question in questions:
        lengths = list(map(len, question.options))
        assert max(lengths) <= 1.6 * min(lengths), question.options
    for extreme in (max, min):
        telling = [q for q in questions if (lengths := [*map(len, q.options)]).count(extreme(lengths)) == 1]
        hits = sum(len(q.options[q.answer]) == extreme(map(len, q.options)) for q in telling)
        assert not improbable(hits, [1 / len(q.options) for q in telling]), (extreme, hits, len(telling))


def test_options_are_shuffled_always_alike_and_the_answer_goes_with_them():
    orders = set()
    for k in range(200):
        question, again = (Prediction(f"Question {k}?", ("a", "b", "c"), 1, "Because.") for _ in range(2))
        assert question == again and question.options[question.answer] == "b"
        assert sorted(question.options) == ["a", "b", "c"]
        orders.add(question.options)
    assert len(orders) == 6
    for answer in (-1, 3, 1.5, None):
        with pytest.raises(ValueError, match="answer: expected an index into 3 options, got"):
            Prediction("Which?", ("a", "b", "c"), answer, "Because.")


def test_answers_of_notebook_01_are_what_happens():
    _, v, _ = membrane_recording()
    counts = [len(upward_crossings(v, level)) for level in (-40, -24, -12, 0)]
    assert counts[0] > counts[1] == counts[2] > counts[3]
    assert chosen("01", "count") == "it falls, stays level, falls again"

    assert not len(IntegrateAndFire(tau=3).simulate(1.2, 500).spikes)
    assert chosen("01", "neuron") == "it stays silent"

    rates = IntegrateAndFire().rate([1.5, 1.6, 1.7, 3.9, 4.0])
    assert rates[0] == 0 and rates[2] - rates[1] > rates[4] - rates[3] > 0
    assert chosen("01", "f_i") == "it rises steeply, then less and less"

    assert [len(RateNeuron(w).fixed_points()) for w in (0.5, 0.83, 0.85, 1.2)] == [1, 1, 3, 3]
    assert chosen("01", "loop") == "not at all, and then, from one weight on, for ever"


def test_answers_of_notebook_02_are_what_happens():
    assert 1 - np.tanh(3) ** 2 == pytest.approx(0.01, abs=0.001)
    assert chosen("02", "activation") == "a hundredth"

    network = FeedForward((2, 3, 1), seed=1)
    _, record = network.forward(np.array([[1.0, 0.0]]))
    assert not network.backward(record, np.ones((1, 1)))["W_ih"][1].any()
    assert chosen("02", "passes") == "exactly zero"

    window = FeedForward((100 * 27, 128, 27)).theta.size
    loop = FeedForward((27, 128, 27)).theta.size + 128**2
    assert round(window / loop) == 15
    assert chosen("02", "cost") == "the window, 15 times as many"


def test_answers_of_notebook_03_are_what_happens():
    _, (states, _, silent) = explore(0.9, 1.0, 0.0, "pulse")
    trace = np.linalg.norm(states - silent, axis=1)
    assert trace[-1] < 0.01 * trace.max()
    assert chosen("03", "explorer") == "less than a hundredth"

    network = SimpleRNN(1, 8, 1, seed=3)
    network.parameters["W_hh"] *= 0.7
    y, record = network.forward(np.random.default_rng(3).normal(size=(1, 20, 1)))
    _, dy = MeanSquaredError(steps="last")(y, np.ones((1, 1)))
    arriving = np.linalg.norm(network.backward(record, dy).h[0], axis=1)
    assert arriving[0] < 0.5e-3 * arriving[-1]
    assert chosen("03", "backwards") == "less than a thousandth"

    odds = [softmax(np.array([4.0, 1.0, 0.0, -2.0]), temperature) for temperature in (1, 3)]
    assert list(np.argsort(odds[0])) == list(np.argsort(odds[1])) and np.all(odds[1][1:] > odds[0][1:])
    assert chosen("03", "temperature") == "they all become likelier, in the same order"
