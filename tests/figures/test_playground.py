"""The playground without a browser: tasks, baselines, training piece by piece, and what the picture says."""

import json
import math

import numpy as np
import pytest

from helpers.figures import playground_figure
from helpers.figures.playground import GATES, PACES, RATES, picture_data
from helpers.figures.playground_tasks import OWN, TASKS, make_task, own_bits
from helpers.figures.playground_training import CELLS, STARTS, Race, Thinned, make_network
from helpers.networks import BinaryCrossEntropy


def race(task="first bit", cells=("plain tanh",), T=20, units=8, start="orthogonal", seed=0, own="0010111"):
    return Race(make_task(task, T, own), cells, units, start, seed)


# ---- the tasks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TASKS)
def test_baseline_is_what_the_best_constant_answer_gets(name):
    task = make_task(name, 20, "00101")
    target = task.draw(20_000, np.random.default_rng(0))[1].astype(float)
    if task.is_bits:
        logit = math.log(target.mean() / (1 - target.mean()))
        constant, _ = BinaryCrossEntropy()(np.full_like(target, logit), target)
    else:
        constant = target.var()
    assert task.baseline == pytest.approx(constant, rel=0.03)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("T", [12, 60])
def test_shapes_and_seeds(name, T):
    task = make_task(name, T, "01")
    x, target = task.draw(6, np.random.default_rng(1))
    assert x.shape == (6, T, task.inputs) and target.shape == (6, T - task.first, 1)
    assert x.dtype == target.dtype == np.float32
    again = task.draw(6, np.random.default_rng(1))
    assert np.array_equal(x, again[0]) and np.array_equal(target, again[1])


def test_what_is_asked():
    rng = np.random.default_rng(0)
    x, target = make_task("first bit", 12).draw(50, rng)
    assert np.array_equal(x[:, 0] > 0, target[:, 0] > 0.5)
    x, target = make_task("echo after 4 steps", 12).draw(50, rng)
    assert np.array_equal(x[:, :-4] > 0, target > 0.5)
    x, target = make_task("adding", 12).draw(50, rng)
    assert np.allclose((x[:, :, 0] * x[:, :, 1]).sum(1), target[:, 0, 0])
    x, target = make_task(OWN, 12, "0111").draw(50, rng)
    assert np.array_equal(x[:, 1:] > 0, target[:, :-1] > 0.5)
    assert (x[:, :4] > 0).sum(1).tolist() == [[3]] * 50
    x, target = make_task("temporal XOR", 12).draw(50, rng)
    assert np.array_equal(x[:, 1:] > 0, target[:, :-1] > 0.5)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("first word", 20), "task: expected one of first bit, .* got 'first word'"),
        (("echo after 99 steps", 120), "task: expected one of first bit"),
        (("echo after 10 steps", 10), "task: expected more than 10 time steps for 'echo after 10 steps', got T = 10"),
        ((OWN, 20, "0120"), "Your bits may be 0 and 1 only, such as 0010111: “2” is neither."),
        ((OWN, 20, "00"), "Write at least one 0 and one 1, such as 0010111"),
        ((OWN, 20, ""), "Write at least one 0 and one 1"),
        ((OWN, 20, "01" * 13), "26 bits are too many: write at most 24."),
    ],
)
def test_bad_tasks_in_words(arguments, words):
    with pytest.raises(ValueError, match=words):
        make_task(*arguments)


def test_own_bits_may_be_spaced():
    assert own_bits(" 01, １ 0 ") == (0, 1, 1, 0)


# ---- the training ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
def test_each_cell_learns_the_first_bit(cell):
    one = race(cells=(cell,), units=16)
    ended = one.advance(0.01, 1.0, batches=1000)
    assert "learned" in ended
    assert one.trainings[0].recent_loss < 0.02 * math.log(2)
    x, target = one.task.draw(500, np.random.default_rng(99))
    y = one.trainings[0].net.forward(x)[0][:, -1:]
    assert one.task.right(y, target) == 1.0
    assert one.advance(0.01, 1.0, batches=3) is None, "pressed again, it goes on"


@pytest.mark.parametrize("task", TASKS)
def test_each_task_can_be_learned_better_than_by_guessing(task):
    one = race(task, ("GRU",), units=16)
    one.advance(0.01, 1.0, batches=400)
    assert one.trainings[0].recent_loss < 0.9 * one.task.baseline


def test_the_same_seed_is_the_same_training_however_it_is_cut():
    whole, pieces, other = race(), race(), race(seed=1)
    whole.advance(0.01, batches=30)
    other.advance(0.01, batches=30)
    for k in range(10):
        pieces.advance(0.01, batches=k // 3 + 1)
    pieces.advance(0.01, batches=30 - pieces.batches)
    theta = [one.trainings[0].net.theta for one in (whole, pieces, other)]
    assert np.array_equal(theta[0], theta[1]) and not np.array_equal(theta[0], theta[2])


def test_time_bounds_a_piece_but_one_batch_is_always_done():
    one = race()
    one.advance(0.01, seconds=0.0)
    assert one.batches == 1
    one.advance(0.01, seconds=0.05)
    assert 1 < one.batches < 10_000


def test_rate_and_clipping_are_used():
    slow, fast, clipped = race(), race(), race()
    before = slow.trainings[0].net.theta.copy()
    slow.advance(0.0003, batches=1)
    fast.advance(0.03, batches=1)
    moved = [np.linalg.norm(one.trainings[0].net.theta - before) for one in (slow, fast)]
    assert moved[1] == pytest.approx(100 * moved[0], rel=1e-3)  # Adam's first step is as long as the rate
    clipped.advance(0.03, clip=1e-12, batches=1)  # a gradient below Adam's epsilon moves nothing much
    assert np.linalg.norm(clipped.trainings[0].net.theta - before) < 0.01 * moved[1]


def test_numbers_beyond_all_bounds_end_in_words_with_good_weights():
    one = race("adding", ("LSTM", "plain relu"), T=60, units=32, start="large")
    for training in one.trainings:
        training.change(0.5, 0.5, np.ones_like(training.net.theta), 0.001, None)
    good = one.trainings[1].net.theta.copy()
    one.trainings[1]._good[...] = good
    one.trainings[1].net.parameters["W_hh"] *= 100  # as a step far too long would
    ended = one.advance(0.003, batches=5)
    assert "plain relu network grew beyond all bounds" in ended and "smaller learning rate" in ended
    assert np.array_equal(one.trainings[1].net.theta, good)
    assert one.trainings[0].batches == one.trainings[1].batches == 1, "the networks of a contest stay in step"
    picture_data(one)


def test_a_high_rate_may_end_but_the_picture_is_always_finite():
    one = race("adding", ("plain relu",), T=60, units=64, start="large")
    for _ in range(5):
        one.advance(0.1, batches=20)
        assert np.isfinite(one.trainings[0].net.theta).all()
        data = picture_data(one)
        assert np.isfinite(data.arrays["guessing"]).all() and data.summary


def test_a_limit_ends_a_run(monkeypatch):
    from helpers.figures import playground_training

    monkeypatch.setattr(playground_training, "LIMIT", 7)
    one = race("temporal XOR")
    assert "7 batches are over" in one.advance(0.01, batches=100)
    assert one.batches == 7
    assert "7 batches are over" in one.advance(0.01, batches=100)
    assert one.batches == 14


def test_loss_history_stays_short_and_true():
    thinned = Thinned(most=8)
    values = np.random.default_rng(0).random(1000)
    for count, value in enumerate(values, 1):
        thinned.add(value)
        assert len(thinned.at) == len(thinned.values) <= 8
        assert count - thinned.at[-1] < thinned.group
    ends = [0, *thinned.at]
    means = [values[a:b].mean() for a, b in zip(ends[:-1], ends[1:], strict=True)]
    assert np.allclose(thinned.values, means)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("start", STARTS)
def test_each_gate_has_its_own_start(cell, start):
    net = make_network(make_task("first bit", 20), cell, 8, start, 0)
    for block in np.hsplit(net.parameters["W_hh"], net.parameters["W_hh"].shape[1] // 8):
        if start != "Glorot":
            scale = {"small": 0.5, "large": 1.5}.get(start, 1.0)
            assert np.allclose(block @ block.T, scale**2 * np.eye(8), atol=1e-5)


# ---- the figure --------------------------------------------------------------------------------------------


def test_it_opens_untrained():
    figure = playground_figure()
    assert figure.summary.startswith("New network, not trained yet: plain tanh (305 parameters).")
    assert figure._compute.race is None, "no work until somebody asks"
    assert figure.frame("loss").shape == (1, 1)
    assert figure.png()[:4] == b"\x89PNG"


def test_training_is_seen_in_every_panel():
    figure = playground_figure(rate="0.01")
    names = ("states", "answers", "left", "loss", "state")
    before = {name: figure.frame(name).copy() for name in names}
    figure.run(50)
    assert figure.summary.startswith("After 50 batches: loss 0.")
    assert all(not np.array_equal(figure.frame(name), before[name]) for name in names)
    assert figure.frame("loss").shape == (1, 51)
    assert figure.frame("ends")[1] == 100


def test_some_settings_change_while_it_runs_and_others_start_a_new_network():
    figure = playground_figure()
    figure.run(20)
    for change in ({"rate": "0.01"}, {"clip": "1"}, {"pace": "25"}, {"own": "01"}, {"unit": 3}, {"sequence": 2}):
        if "own" in change:
            change = {"own": "0110", "task": "first bit"}  # typing chooses the task; here it stays
        figure.set(**change)
        assert figure.summary.startswith("After 20 batches"), change
    changes = ({"cell": "GRU"}, {"units": 8}, {"length": 24}, {"start": "small"}, {"seed": 1}, {"task": "adding"})
    for change in (*changes, {"own": "011"}):
        figure.run(2)
        figure.set(**change)
        assert figure.summary.startswith("New network, not trained yet"), change
    figure.run(2)
    figure.set(own="0111")
    assert figure.summary.startswith("New network"), "other bits of one's own are another task"


def test_looking_ahead_changes_nothing():
    figure = playground_figure()
    figure.run(10)
    assert figure.says(cell="LSTM").startswith("New network") and figure.says(seed=3).startswith("New network")
    figure.run(1)
    assert figure.summary.startswith("After 11 batches")


def test_pace_bounds_a_piece():
    for pace, batches in PACES.items():
        figure = playground_figure(pace=pace)
        figure.work(figure.values, seconds=10 if batches else 0.05)
        done = figure._compute.race.batches
        assert done == batches if batches else done >= 1
    figure.work(figure.values, steps=1)
    assert figure._compute.race.batches == done + 1


def test_start_again_is_the_same_training():
    figure = playground_figure()
    figure.run(15)
    summary = figure.summary
    figure.work(figure.values, again=True)
    assert figure.summary.startswith("New network")
    figure.run(15)
    assert figure.summary == summary


@pytest.mark.parametrize("cell", CELLS)
def test_gates_are_shown_where_there_are_any(cell):
    figure = playground_figure(cell=cell)
    shown = [label for _, label, _ in GATES if np.isfinite(figure.frame(label)).all()]
    assert len(shown) == {"LSTM": 3, "GRU": 2}.get(cell, 0)
    if cell == "LSTM":  # which starts with open forget gates
        assert figure.frame("forget or update gate").mean() > figure.frame("input or reset gate").mean() + 0.1
    assert np.array_equal(figure.frame("state", unit=5), figure.frame("states")[5])
    assert figure.data.reach == {"unit": 16}
    assert np.array_equal(figure.frame("state", unit=60), figure.frame("states")[15])


def test_own_bits_that_cannot_be_used_leave_the_figure():
    figure = playground_figure()
    figure.run(5)
    before = dict(figure.values)
    with pytest.raises(ValueError, match="0 and 1 only"):
        figure.set(own="abc")
    assert figure.values == before
    figure.run(1)
    assert figure.summary.startswith("After 6 batches")


def test_contest_names_both_and_trains_both_on_the_same_batches():
    figure = playground_figure(contest=True, second="plain tanh")
    figure.run(30)
    loss = figure.frame("loss")
    assert loss.shape == (2, 31) and np.array_equal(loss[0], loss[1]), "the same cell twice is the same training"
    assert figure.set(second="LSTM").startswith("Two new networks, not trained yet: plain tanh (305")
    figure.run(30)
    assert not np.array_equal(*figure.frame("loss"))
    assert figure.summary.count("right answers") == 2 and "LSTM loss" in figure.summary


def test_one_cell_alone_needs_no_menu():
    figure = playground_figure(cells=("plain tanh",), tasks=("first bit", "temporal XOR"))
    assert not {"cell", "own"} & set(figure.controls)
    figure.run(5)
    assert figure.summary.startswith("After 5 batches")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"cells": ("tanh",)}, "cells: expected some of plain tanh, plain relu, LSTM, GRU"),
        ({"tasks": ()}, "tasks: expected some of first bit"),
        ({"speed": 1}, "speed: expected one of the controls"),
        ({"rate": "2"}, "rate: expected one of"),
        ({"task": "addition"}, "task: expected one of"),
    ],
)
def test_bad_arguments_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        playground_figure(**arguments)


def test_two_thousand_pieces_do_not_grow_what_is_sent_or_kept():
    """An hour at ten pictures a second is 36,000 pieces: what could grow with them is the history and its journey."""
    figure = playground_figure(task="temporal XOR", units=4, length=12, pace="1")
    sizes = []
    for _ in range(20):
        for _ in range(100):
            figure._compute.advance(0.1, None, **figure._arguments(figure.values))
        figure.data = figure.compute(figure.values)
        header, blob = figure.data.to_bytes(figure.picture)
        sizes.append(len(blob) + len(json.dumps(header)))
    assert figure._compute.race.batches == 2000
    assert max(sizes[5:]) <= max(sizes[:5]) + 200
    assert len(figure._compute.race.trainings[0].history.values) <= 300


def test_rates_are_numbers_in_order():
    assert [float(rate) for rate in RATES] == sorted(float(rate) for rate in RATES)
