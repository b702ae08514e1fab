"""What a reader sees. The public names, one line each; a name is imported when it is first used."""

import importlib

_HOME = {
    # live figures of notebook 03
    "step_through_time": "unrolled",  # which numbers enter each product
    "gradient_backwards": "unrolled",  # the gradient arriving at each earlier step
    "hidden_state_explorer": "explorer",  # gains, first state, input: what the states do
    "explore": "explorer",  # the explorer's three runs as arrays
    "explorer_network": "explorer",  # the explorer's network
    "training_scrubber": "training",  # hidden states during training: epoch × time × unit
    "reading_figure": "reading",  # a network reads the reader's text
    "temperature_figure": "reading",  # the choice of the next character
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
