"""One thread for NumPy's products, all of them for large ones, and what was before, afterwards; memory used again."""

import gc
import threading

import numpy as np
import pytest

from helpers.networks import GRU, LSTM, Adam, MeanSquaredError, SimpleRNN, processor, train
from helpers.networks.processor import empty, large_dot, one_thread


@pytest.fixture
def library(monkeypatch):
    """A library that says how many threads it uses, and keeps what it was told."""
    told = [4]
    monkeypatch.setattr(processor, "_openblas", lambda: (lambda: told[-1], told.append))
    return told


def test_one_thread_inside_and_what_was_before_afterwards(library):
    with one_thread():
        with one_thread():
            assert library == [4, 1]
        assert library == [4, 1] and one_thread.before == 4
    assert library == [4, 1, 4] and one_thread.before is None


def test_the_last_who_leaves_restores_whoever_came_first(library):
    a, b = one_thread(), one_thread()
    a.__enter__()
    b.__enter__()
    a.__exit__()
    assert library[-1] == 1
    b.__exit__()
    assert library == [4, 1, 4]


def test_all_threads_for_a_large_product_only(library, monkeypatch):
    monkeypatch.setattr(processor, "LARGE", 1000)
    a, b, out = np.ones((20, 10)), np.ones((10, 5)), np.empty((20, 5))
    with one_thread():
        large_dot(a[:19], b, out[:19])
        assert library == [4, 1]
        large_dot(a, b, out)
        assert library == [4, 1, 4, 1]
    assert (out == 10).all()


def test_one_thread_for_all_products_while_others_compute(library, monkeypatch):
    monkeypatch.setattr(processor, "LARGE", 1)
    inside, done = threading.Event(), threading.Event()

    def other():
        with one_thread():
            inside.set()
            done.wait()

    thread = threading.Thread(target=other)
    with one_thread():
        thread.start()
        inside.wait()
        large_dot(np.ones((2, 3)), np.ones((3, 2)), np.empty((2, 2)))
        done.set()
        thread.join()
        assert library == [4, 1]
    assert library == [4, 1, 4]


def test_the_threads_come_back_after_an_error(library, monkeypatch):
    monkeypatch.setattr(processor, "LARGE", 1)
    with one_thread():
        with pytest.raises(ValueError):
            large_dot(np.ones((2, 3)), np.ones((4, 5)), np.empty((2, 5)))
        assert library[-1] == 1
    assert library[-1] == 4


@pytest.mark.parametrize("call", range(6), ids=lambda n: f"call {n}")
def test_an_interrupt_in_any_call_leaves_the_threads_as_they_were(monkeypatch, call):
    """Ctrl-C as the library is asked or told the n-th time, before or after it has done so."""
    monkeypatch.setattr(processor, "LARGE", 1)
    for after in (False, True):
        told, calls = [4], []

        def hit(todo, told=told, calls=calls, after=after):
            calls.append(todo)
            if after:
                todo()
            if len(calls) == call + 1:
                raise KeyboardInterrupt
            if not after:
                todo()
            return told[-1]

        functions = (lambda hit=hit: hit(lambda: None)), (lambda n, hit=hit, told=told: hit(lambda: told.append(n)))
        monkeypatch.setattr(processor, "_openblas", lambda functions=functions: functions)
        try:
            with one_thread():
                large_dot(np.ones((2, 3)), np.ones((3, 2)), np.empty((2, 2)))
        except KeyboardInterrupt:
            pass
        assert told[-1] == 4 and one_thread.before is None and not one_thread._inside


def test_an_interrupt_before_leaving_has_begun_is_made_good(library):
    region = one_thread()
    region.__enter__()
    del region
    gc.collect()
    assert library == [4, 1, 4]


def test_a_library_set_to_one_thread_stays_so(monkeypatch):
    monkeypatch.setattr(processor, "LARGE", 1)
    told = [1]
    monkeypatch.setattr(processor, "_openblas", lambda: (lambda: told[-1], told.append))
    with one_thread():
        large_dot(np.ones((2, 3)), np.ones((3, 2)), np.empty((2, 2)))
    assert set(told) == {1}


def test_one_thread_and_back():
    get, _ = processor._openblas()
    before = get()
    with one_thread():
        assert get() == 1
    assert get() == before
    with pytest.raises(ZeroDivisionError), one_thread():
        1 / 0  # noqa: B018
    assert get() == before


def test_without_openblas_nothing_happens(monkeypatch):
    monkeypatch.setattr(processor, "_openblas", lambda: ((lambda: 1), (lambda threads: None)))
    with one_thread():
        pass


def test_results_do_not_depend_on_the_number_of_threads(monkeypatch):
    net, x = SimpleRNN(3, 24, 2, seed=0), np.random.default_rng(0).normal(size=(8, 60, 3))
    y, record = net.forward(x)
    gradient = net.backward(record, np.ones_like(y)).theta
    monkeypatch.setattr(processor, "LARGE", 1)
    again, record = net.forward(x)
    assert np.allclose(again, y, rtol=0, atol=1e-13)
    assert np.allclose(net.backward(record, np.ones_like(y)).theta, gradient, rtol=1e-12, atol=1e-12)


def trained(kind):
    """The parameters after a short training of a size at which threads matter: B = 1 and long rows."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(12, 30, 7)).astype("float32")
    net = kind(7, 200, 3, seed=3, dtype="float32")
    target = x[:, :, :3] * 0.5
    for batch_size in (12, 1):
        train(net, x, target, MeanSquaredError(), Adam(0.01), epochs=2, batch_size=batch_size, progress=False)
    return net.theta


def test_trainings_in_several_threads_are_those_of_each_alone():
    get, _ = processor._openblas()
    kinds, before = [SimpleRNN, LSTM, GRU] * 3, get()
    alone, together = {kind: trained(kind) for kind in kinds}, [None] * len(kinds)

    def work(n):
        together[n] = trained(kinds[n])

    for first in range(0, len(kinds), 3):  # three at a time
        threads = [threading.Thread(target=work, args=(n,)) for n in range(first, first + 3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for kind, theta in zip(kinds, together, strict=True):
        np.testing.assert_array_equal(theta, alone[kind])
    assert get() == before


# ---- memory --------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(monkeypatch):
    shelf = {}
    monkeypatch.setattr(processor, "_shelf", shelf)
    return shelf


def address(array):
    return array.__array_interface__["data"][0]


def test_memory_is_used_again_when_its_last_view_is_gone(shelf):
    array = empty((300, 100), np.float32)
    assert array.shape == (300, 100) and array.dtype == np.float32 and array.flags.writeable
    view, place = array[5:, 1].T, address(array)
    del array
    assert not shelf
    other = empty((300, 100), np.float32)
    assert address(other) != place, "the view still looks at it"
    del view
    again = empty((150, 100), np.float64)  # as many bytes
    assert address(again) == place and again.dtype == np.float64


def test_small_arrays_and_huge_ones_are_not_kept(shelf, monkeypatch):
    monkeypatch.setattr(processor, "KEPT", 10**6)
    for size in (10, 10**6 + 1):
        empty((size,), np.uint8)
        assert not shelf
    for size in (600_000, 500_000):  # too much together: the older one goes
        empty((size,), np.uint8)
        assert list(shelf) == [size] and len(shelf[size]) == 1


def test_records_never_share_memory():
    net, rng = SimpleRNN(3, 40, 2, seed=0), np.random.default_rng(0)
    xs = rng.normal(size=(4, 8, 100, 3))
    kept = [net.forward(x) for x in xs]
    copies = [(y.copy(), record.h.copy(), record.a.copy(), record.x.copy()) for y, record in kept]
    for _ in range(3):
        for x in xs:
            y, record = net.forward(-x)
            net.backward(record, y)
            net.predict(x)
    for (y, record), (y_copy, h, a, x) in zip(kept, copies, strict=True):
        for now, then in ((y, y_copy), (record.h, h), (record.a, a), (record.x, x)):
            np.testing.assert_array_equal(now, then)


# ---- what the reader has told NumPy --------------------------------------------------------------------------


def test_a_reader_who_lets_numpy_raise_is_not_disturbed():
    with np.errstate(all="raise"):
        for kind in (SimpleRNN, LSTM, GRU):
            net = kind(1, 6, 1, seed=0, dtype="float32")
            net.parameters["W_hh"] *= 0.05  # gradients shrink below the smallest number
            x, target = np.full((2, 90, 1), 0.5), np.zeros((2, 1))
            loss = MeanSquaredError("last")
            y, record = net.forward(x)
            net.backward(record, loss(y, target)[1] * 1e-30)
            net.predict(x)
            train(net, x, target, loss, Adam(0.01), epochs=2, progress=False)
