"""What a reader sees. The public names, one line each; a name is imported when it is first used."""

import importlib

_HOME = {
    # drawings and live figures of notebook 01
    "brain_drawing": "brain",  # the brain from its left side, labelled
    "neuron_drawing": "neuron",  # a neuron and a synapse, labelled
    "count_spikes_figure": "recorded",  # a real neuron: at which level to count its spikes
    "integrate_and_fire_figure": "spiking",  # current, time constant, threshold: voltage and spikes
    "f_i_figure": "spiking",  # the f–I curve, filled current by current
    "recording_and_model": "recorded",  # the real neuron beside the model
    "decision_figure": "artificial",  # two weights and a bias: the decision line
    "decision_points": "artificial",  # the points of that figure
    "self_connection_figure": "self_connection",  # a neuron that feeds back on itself
    "answer_to_pulse": "self_connection",  # its rates before, during and after a pulse
    # live figures of notebook 02
    "one_neuron_figure": "feedforward",  # one neuron against AND, OR, XOR
    "activation_figure": "feedforward",  # activation functions, slopes, saturation
    "descent_figure": "descent",  # learning rate on a loss surface
    "passes_figure": "passes",  # forward and back, number by number
    "bending_figure": "bending",  # the hidden layer bends the plane
    "coast_figure": "bending",  # a network draws a coast
    "different_pasts_figure": "pasts",  # the same input after different pasts
    "window_cost_figure": "pasts",  # what a window of past inputs costs
    # live figures of notebook 03
    "step_through_time": "unrolled",  # which numbers enter each product
    "gradient_backwards": "unrolled",  # the gradient arriving at each earlier step
    "hidden_state_explorer": "explorer",  # gains, first state, input: what the states do
    "explore": "explorer",  # the explorer's three runs as arrays
    "growth_per_step": "explorer",  # how fast a tiny difference grows in the explorer's network
    "explorer_network": "explorer",  # the explorer's network
    "training_scrubber": "training",  # hidden states during training: epoch × time × unit
    "reading_figure": "reading",  # a network reads the reader's text
    "grammar_drawing": "grammar",  # the machine that writes Reber's strings
    "softmax": "reading",  # probabilities from logits
    "temperature_figure": "reading",  # the choice of the next character
    # live figures of notebook 04
    "word_figure": "words",  # English or Spanish? the verdict while the reader's word is read
    "two_words_figure": "words",  # hidden states of two words, epoch by epoch
    "threshold_figure": "judging",  # a threshold, its table of verdicts and the ROC curve
    "without_sigmoid_figure": "judging",  # outputs that were never made probabilities
    "confusion_matrix": "judging",
    "roc_curve": "judging",
    "calibration": "judging",
    # live figures of notebook 05
    "gradient_by_lag_figure": "hardness",  # how much gradient is left, and at most how much
    "gates_figure": "gates",  # the gates of an LSTM while it keeps a bit
    "scan_figure": "scanning",  # a recurrence in a few passes
    "attention_figure": "attending",  # where attention looks
    # live figures of notebook 06: films and forecasts
    "drifting_figure": "drifting",  # a digit drifts: the verdict, frame by frame
    "hidden_ball_figure": "occluding",  # where a network thinks a hidden ball is
    "forecast_figure": "forecasting",  # twelve months ahead, against what came
    # notebook 06: a text, a voice
    "language_figure": "languages",  # which language is this? the verdict while the reader's phrase is read
    "plain_phrase": "languages",  # what the network reads of a typed text
    "listening_figure": "listening",  # who is speaking? hidden state and verdict, frame by frame
    "Sounds": "sound",  # some sounds: waves, spectrograms and players
    # live figures of notebook 07
    "receptive_field_figure": "receptive",  # which inputs reach an output of a CNN, and of an RNN
    "expression_figure": "expressions",  # a tree and a chain read the reader's expression
    "memory_figure": "remembering",  # how long a state remembers
    "recall_figure": "recalling",  # look a value up: by attention, and from a state
    # still pictures
    "curves": "plots",
    "bars": "plots",
    "heat_map": "plots",
    # to build new figures
    "Prediction": "controls",  # the question that stands before a figure
    "Frame": "controls",
    "Number": "controls",
    "Choice": "controls",
    "Text": "controls",
    "LiveFigure": "live",
    "Still": "live",
    "FigureData": "frames",
}
__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__():
    return sorted(_HOME)
