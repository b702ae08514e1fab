"""Every figure of the course, made in a moment with networks that have learned little: for tests that look at all.

`BUILDERS` has a function for each public figure of `helpers.figures`; `made(name)` gives the figure.
"""

import functools

import numpy as np

from helpers import data, figures
from helpers.networks import (
    GRU,
    LSTM,
    AttentionReadout,
    BinaryCrossEntropy,
    FeedForward,
    IntegrateAndFire,
    MeanSquaredError,
    SelfAttention,
    SimpleRNN,
    Snapshots,
    StateRecorder,
    TreeNetwork,
    train,
)

NO_FIGURES = {  # public names of `helpers.figures` that are numbers or texts
    "decision_points", "answer_to_pulse", "explore", "growth_per_step", "explorer_network", "plain_phrase",
    "confusion_matrix", "roc_curve", "calibration",
}  # fmt: skip


def kept(*networks):
    """Snapshots of networks, as a training would have kept them."""
    snapshots = Snapshots()
    snapshots.begin(networks[0])
    for epoch, net in enumerate(networks):
        snapshots.record(epoch, net)
    return snapshots


def bent(sizes=(2, 2, 1), epochs=6):
    """(snapshots, history, x, target) of a small feedforward network on XOR."""
    x, target = data.gate_points("XOR")
    snapshots = Snapshots()
    net = FeedForward(sizes, seed=1)
    history = train(
        net, x, target, BinaryCrossEntropy(), epochs=epochs, recorders=[snapshots], progress=False, batch_size=4
    )
    return snapshots, history, x, target


def scrubber():
    x, target = xor_stream()
    net, recorder = SimpleRNN(1, 8, 1, seed=0), StateRecorder(x[0])
    history = train(net, x, target, BinaryCrossEntropy(), epochs=30, recorders=[recorder], progress=False)
    groups = np.arange(x.shape[1]) % 3
    return figures.training_scrubber(recorder, history, groups=groups, group_names=("first", "second", "their XOR"))


def xor_stream():
    x = np.random.default_rng(0).integers(0, 2, (40, 12, 1)).astype(float)
    return x, np.cumsum(x, axis=1) % 2


def coast():
    land, runs = data.land_and_sea(), {}
    for name, sizes in {"no hidden layer": (2, 1), "8 hidden units": (2, 8, 1)}.items():
        snapshots = Snapshots()
        history = train(
            FeedForward(sizes), land.x[:200], land.target[:200], BinaryCrossEntropy(), epochs=2, recorders=[snapshots],
            progress=False,
        )  # fmt: skip
        runs[name] = snapshots, history
    return figures.coast_figure(land, runs, np.arange(500, 900))


def two_words():
    words = data.one_hot_words(["casa", "house"], 5, "float64")[0]
    recorders = [StateRecorder(words[0, :4]), StateRecorder(words[1])]
    net = SimpleRNN(26, 8, 1, "relu", seed=2)
    loss, target = BinaryCrossEntropy(steps="last"), np.array([[1.0], [0.0]])
    train(net, words, target, loss, epochs=4, recorders=recorders, progress=False)
    return figures.two_words_figure(recorders, ("casa", "house"), (1, 0))


def forecast():
    numbers = data.monthly_sunspots().numbers
    origins = np.arange(2500, 2700)
    persistence = np.repeat(numbers[origins][:, None], 12, axis=1)
    states = np.random.default_rng(0).normal(size=(200, 16))
    return figures.forecast_figure(numbers, origins, {"persistence": persistence, "GRU": persistence + 9}, states)


def listening():
    clips = data.japanese_vowels()[0]
    return figures.listening_figure(SimpleRNN(12, 16, 9, seed=0), data.standardised(clips), clips, [0, 40, 80])


def recall():
    tests = {}
    for pairs in (2, 4, 6):
        x, target = data.associative_recall(4, pairs, seed=0)
        tests[pairs] = np.concatenate([np.zeros((4, 6 - pairs, 16)), x], axis=1), target
    return figures.recall_figure(SelfAttention(16, 8, 8, 8, seed=0), GRU(16, 16, 8, seed=0), tests)


def neuron_and_model():
    recording = data.membrane_recording()
    return figures.recording_and_model(recording.t, recording.v, IntegrateAndFire(), 2.0, -40.0)


RNG = np.random.default_rng(0)
WORDS_ODDS, WORDS_LABELS = np.clip(RNG.normal(0.5, 0.25, 200), 0.01, 0.99), RNG.integers(0, 2, 200)
DIGITS = data.digit_images
BUILDERS = {
    "brain_drawing": figures.brain_drawing,
    "neuron_drawing": figures.neuron_drawing,
    "count_spikes_figure": lambda: figures.count_spikes_figure(*data.membrane_recording()[:2]),
    "integrate_and_fire_figure": figures.integrate_and_fire_figure,
    "f_i_figure": figures.f_i_figure,
    "recording_and_model": neuron_and_model,
    "decision_figure": figures.decision_figure,
    "self_connection_figure": figures.self_connection_figure,
    "one_neuron_figure": figures.one_neuron_figure,
    "activation_figure": figures.activation_figure,
    "descent_figure": figures.descent_figure,
    "passes_figure": lambda: figures.passes_figure(FeedForward((2, 3, 1), seed=1), *data.gate_points("XOR")),
    "bending_figure": lambda: figures.bending_figure(*bent()),
    "coast_figure": coast,
    "different_pasts_figure": lambda: figures.different_pasts_figure([FeedForward((w, 4, 5)) for w in range(1, 6)]),
    "window_cost_figure": figures.window_cost_figure,
    "step_through_time": lambda: figures.step_through_time(SimpleRNN(3, 4, 2, seed=1), RNG.normal(size=(2, 5, 3))),
    "gradient_backwards": lambda: figures.gradient_backwards(
        SimpleRNN(1, 6, 1, seed=0), RNG.normal(size=(1, 12, 1)), np.ones((1, 1)), MeanSquaredError(steps="last"),
        gains=(0.5, 1.0, 1.5),
    ),
    "hidden_state_explorer": figures.hidden_state_explorer,
    "training_scrubber": scrubber,
    "reading_figure": lambda: figures.reading_figure(SimpleRNN(27, 64, 27, seed=0), data.ALPHABET, "the people"),
    "grammar_drawing": lambda: figures.grammar_drawing(data.REBER_GRAMMAR),
    "temperature_figure": lambda: figures.temperature_figure(RNG.normal(size=27) * 2, data.ALPHABET, "the peo"),
    "word_figure": lambda: figures.word_figure(SimpleRNN(26, 32, 1, "relu", seed=2), "telephone"),
    "two_words_figure": two_words,
    "threshold_figure": lambda: figures.threshold_figure(WORDS_ODDS, WORDS_LABELS),
    "without_sigmoid_figure": lambda: figures.without_sigmoid_figure(
        RNG.normal(0.5, 0.8, (3, 200)), {"without a sigmoid": [0.5, 0.9, 0.8], "with it": [0.9, 0.9, 0.9]}, WORDS_LABELS
    ),
    "gradient_by_lag_figure": lambda: figures.gradient_by_lag_figure(
        SimpleRNN(2, 16, 1, seed=0), data.adding_problem(3, 60, 0)[0]
    ),
    "gates_figure": lambda: figures.gates_figure(
        kept(LSTM(2, 4, 1, seed=0), LSTM(2, 4, 1, seed=1)), *data.flip_flop(3, 24, 3)
    ),
    "scan_figure": figures.scan_figure,
    "playground_figure": figures.playground_figure,
    "attention_figure": lambda: figures.attention_figure(
        kept(AttentionReadout(5, 1, seed=0), AttentionReadout(5, 1, seed=1)), RNG.normal(size=(3, 20, 5)),
        *data.adding_problem(3, 20, 0),
    ),
    "drifting_figure": lambda: figures.drifting_figure(
        SimpleRNN(144, 32, 4, seed=3), DIGITS().images[:80], DIGITS().labels[:80]
    ),
    "hidden_ball_figure": lambda: figures.hidden_ball_figure(SimpleRNN(140, 32, 2, seed=1), FeedForward((140, 5, 2))),
    "forecast_figure": forecast,
    "language_figure": lambda: figures.language_figure(GRU(27, 128, 6, seed=2), data.SIX_LANGUAGES, "der Hund"),
    "listening_figure": listening,
    "Sounds": lambda: figures.Sounds(
        "A voice", {"high": np.sin(np.arange(4000) / 3), "low": np.sin(np.arange(4000) / 9)}, 10_000, "Two tones."
    ),
    "receptive_field_figure": figures.receptive_field_figure,
    "expression_figure": lambda: figures.expression_figure(
        TreeNetwork(5, 4, 1, seed=1), LSTM(7, 6, 1, seed=1), "((1&0)|(1^1))&(0|1)"
    ),
    "memory_figure": figures.memory_figure,
    "recall_figure": recall,
    "curves": lambda: figures.curves(
        "Curves", np.arange(9), {"one": np.arange(9.0), "the other": np.arange(9.0) ** 1.5}, "x", ("y", "ms"),
        "Two curves.", levels={"a floor": 2.0},
    ),
    "bars": lambda: figures.bars("Bars", ["SimpleRNN", "LSTM", "a window of eight"], [1, 2, 3], "loss", "Three bars."),
    "heat_map": lambda: figures.heat_map("Map", RNG.uniform(-1, 1, (5, 8)), "time", "unit", "A map."),
}  # fmt: skip


@functools.cache
def made(name):
    """The figure of this name, built once."""
    return BUILDERS[name]()


def live_names():
    """The figures that have controls."""
    return [name for name in BUILDERS if getattr(made(name), "controls", None)]
