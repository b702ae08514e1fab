"""What a reader sees. The public names, one line each; a name is imported when it is first used."""

import importlib

_HOME = {
    # drawings and live figures of notebook 01
    "brain_drawing": "brain",  # the brain from its left side, labelled
    "neuron_drawing": "neuron",  # a neuron and a synapse, labelled
    "count_spikes_figure": "recorded_neuron",  # a real neuron: at which level to count its spikes
    "integrate_and_fire_figure": "integrate_and_fire",  # current, time constant, threshold: voltage and spikes
    "f_i_figure": "integrate_and_fire",  # the f–I curve, filled current by current
    "recording_and_model": "recorded_neuron",  # the real neuron beside the model
    "decision_figure": "decision_line",  # two weights and a bias: the decision line
    "decision_points": "decision_line",  # the points of that figure
    "self_connection_figure": "self_connection",  # a neuron that feeds back on itself
    "answer_to_pulse": "self_connection",  # its rates before, during and after a pulse
    # live figures of notebook 02
    "one_neuron_figure": "one_neuron",  # one neuron against AND, OR, XOR
    "activation_figure": "one_neuron",  # activation functions, slopes, saturation
    "descent_figure": "descent",  # learning rate on a loss surface
    "passes_figure": "forward_and_back",  # forward and back, number by number
    "bending_figure": "bending_plane",  # the hidden layer bends the plane
    "coast_figure": "bending_plane",  # a network draws a coast
    "different_pasts_figure": "different_pasts",  # the same input after different pasts
    "window_cost_figure": "different_pasts",  # what a window of past inputs costs
    # live figures of notebook 03
    "step_through_time": "unrolled_network",  # which numbers enter each product
    "gradient_backwards": "unrolled_network",  # the gradient arriving at each earlier step
    "hidden_state_explorer": "state_explorer",  # gains, first state, input: what the states do
    "explore": "state_explorer",  # the explorer's three runs as arrays
    "growth_per_step": "state_explorer",  # how fast a tiny difference grows in the explorer's network
    "explorer_network": "state_explorer",  # the explorer's network
    "training_scrubber": "states_in_training",  # hidden states during training: epoch × time × unit
    "reading_figure": "reading_text",  # a network reads the reader's text
    "grammar_drawing": "reber_machine",  # the machine that writes Reber's strings
    "temperature_figure": "reading_text",  # the choice of the next character
    # live figures of notebook 04
    "word_figure": "language_of_word",  # English or Spanish? the verdict while the reader's word is read
    "two_words_figure": "language_of_word",  # hidden states of two words, epoch by epoch
    "threshold_figure": "classifier_threshold",  # a threshold, its table of verdicts and the ROC curve
    "without_sigmoid_figure": "classifier_threshold",  # outputs that were never made probabilities
    "confusion_matrix": "classifier_threshold",
    "roc_curve": "classifier_threshold",
    "calibration": "classifier_threshold",
    # live figures of notebook 05
    "gradient_by_lag_figure": "gradient_by_lag",  # how much gradient is left, and at most how much
    "gates_figure": "lstm_gates",  # the gates of an LSTM while it keeps a bit
    "scan_figure": "scan_passes",  # a recurrence in a few passes
    "attention_figure": "attention_weights",  # where attention looks
    # for several notebooks
    "playground_figure": "playground",  # recurrent networks that train before the reader's eyes, alone or in a contest
    # live figures of notebook 06: films and forecasts
    "drifting_figure": "drifting_digit",  # a digit drifts: the verdict, frame by frame
    "hidden_ball_figure": "hidden_ball",  # where a network thinks a hidden ball is
    "forecast_figure": "sunspot_forecast",  # twelve months ahead, against what came
    # notebook 06: a text, a voice
    "language_figure": "language_of_phrase",  # which language is this? the verdict while the reader's phrase is read
    "plain_phrase": "language_of_phrase",  # what the network reads of a typed text
    "listening_figure": "speaker",  # who is speaking? hidden state and verdict, frame by frame
    "Sounds": "sound",  # some sounds: waves, spectrograms and players
    # live figures of notebook 07
    "receptive_field_figure": "receptive_field",  # which inputs reach an output of a CNN, and of an RNN
    "expression_figure": "expression_tree",  # a tree and a chain read the reader's expression
    "memory_figure": "memory_curve",  # how long a state remembers
    "recall_figure": "recall_value",  # look a value up: by attention, and from a state
    # still pictures
    "curves": "plots",
    "bars": "plots",
    "heat_map": "plots",
}
__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__():
    return sorted(_HOME)
