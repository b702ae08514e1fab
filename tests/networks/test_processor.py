"""One thread for NumPy's products, all of them for large ones, and what was before, afterwards."""

import numpy as np
import pytest

from helpers.networks import SimpleRNN, processor
from helpers.networks.processor import large_dot, one_thread


@pytest.fixture
def library(monkeypatch):
    """A library that says how many threads it uses, and keeps what it was told."""
    told = [4]
    monkeypatch.setattr(processor, "_openblas", lambda: (lambda: told[-1], told.append))
    return told


def test_one_thread_inside_and_what_was_before_afterwards(library):
    with one_thread():
        assert library[-1] == 1
        with one_thread():
            assert library[-1] == 1 and one_thread.threads == 4
        assert library[-1] == 1 and one_thread.threads == 4
    assert library[-1] == 4 and one_thread.threads == 1


def test_all_threads_for_a_large_product_only(library, monkeypatch):
    monkeypatch.setattr(processor, "LARGE", 1000)
    a, b, out = np.ones((20, 10)), np.ones((10, 5)), np.empty((20, 5))
    with one_thread():
        large_dot(a[:19], b, out[:19])
        assert library == [4, 1]
        large_dot(a, b, out)
        assert library == [4, 1, 4, 1]
    assert (out == 10).all()


def test_the_threads_come_back_after_an_error(library, monkeypatch):
    monkeypatch.setattr(processor, "LARGE", 1)
    with one_thread():
        with pytest.raises(ValueError):
            large_dot(np.ones((2, 3)), np.ones((4, 5)), np.empty((2, 5)))
        assert library[-1] == 1
    assert library[-1] == 4


def test_a_library_set_to_one_thread_stays_so(monkeypatch):
    monkeypatch.setattr(processor, "LARGE", 1)
    told = [1]
    monkeypatch.setattr(processor, "_openblas", lambda: (lambda: told[-1], told.append))
    with one_thread():
        large_dot(np.ones((2, 3)), np.ones((3, 2)), np.empty((2, 2)))
    assert set(told) == {1}


def test_results_do_not_depend_on_the_number_of_threads(monkeypatch):
    net, x = SimpleRNN(3, 24, 2, seed=0), np.random.default_rng(0).normal(size=(8, 60, 3))
    y, record = net.forward(x)
    gradient = net.backward(record, np.ones_like(y)).theta
    monkeypatch.setattr(processor, "LARGE", 1)
    again, record = net.forward(x)
    assert np.allclose(again, y, rtol=0, atol=1e-13)
    assert np.allclose(net.backward(record, np.ones_like(y)).theta, gradient, rtol=1e-12, atol=1e-12)
