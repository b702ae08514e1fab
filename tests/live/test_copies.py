"""A copy of a figure, shown or not, is a figure of its own."""

import copy

import pytest

from tests.live.test_live_figures import frames_figure, kernel_figure

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy])
@pytest.mark.parametrize("make, moved", [(lambda: frames_figure()[0], {"epoch": 2}), (kernel_figure, {"gain": 1.0})])
def test_a_copy_moves_alone(how, make, moved):
    figure = make()
    shown, before = figure._repr_mimebundle_()[0], repr(figure)
    other = how(figure)
    assert repr(other) == before
    assert other._repr_mimebundle_()[0][VIEW] != shown[VIEW], "each has a widget of its own"
    other.set(**moved)
    other._widget._answer(None, {"type": "compute", "request": 1, "values": {**other.values, **moved}}, [])
    assert repr(figure) == before != repr(other)
    assert dict(figure._widget.values) == figure.values and dict(other._widget.values) == other.values
