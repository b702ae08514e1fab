"""The figures of notebook 02: their arrays and sentences in cases whose result is known, and their errors."""

import numpy as np
import pytest

from helpers import figures
from helpers.data import gate_points, land_and_sea, past_windows
from helpers.figures.bending_plane import grid_lines
from helpers.figures.descent import RATES, SHOWN, bowl, descend, in_words, saddle, valley, verdict
from helpers.figures.different_pasts import past_sentence
from helpers.figures.forward_and_back import STAGES, equation, factor, shown
from helpers.figures.geometry import line_in_box
from helpers.figures.one_neuron import UNIT, activation_sentence, share, signed
from helpers.live.description import HeatMap, Notes
from helpers.live.static import paint
from helpers.networks import BinaryCrossEntropy, FeedForward, Snapshots, sigmoid, train


def recorded(sizes, epochs=3, seed=0):
    """A short training on XOR: snapshots and history."""
    x, target = gate_points("XOR")
    snapshots = Snapshots()
    history = train(
        FeedForward(sizes, seed=seed),
        x,
        target,
        BinaryCrossEntropy(),
        epochs=epochs,
        recorders=[snapshots],
        progress=False,
    )
    return snapshots, history


# ---- small pieces --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ((1, 1, -1), [(0, 1), (1, 0)]),
        ((1, 0, -0.5), [(0.5, 0), (0.5, 1)]),
        ((0, -2, 0.5), [(0, 0.25), (1, 0.25)]),
        ((1, 1, 5), [(np.nan, np.nan)] * 2),
        ((0, 0, 1), [(np.nan, np.nan)] * 2),
    ],
)
def test_line_in_box(line, ends):
    x, y = line_in_box(*line, (0, 1), (0, 1))
    np.testing.assert_allclose(np.stack([x, y], axis=1), ends, atol=1e-12)


def test_numbers_in_words():
    assert [signed(v) for v in (-0.004, -1.5, 2)] == ["0.00", "−1.50", "2.00"]
    assert [shown(v) for v in (0.1 + 0.2, -0.004, -1.5, 2, 2 / 3)] == ["0.30", "−0.004", "−1.50", "2", "0.667"]
    assert [factor(v) for v in (-1e-9, -0.004, -1.5, 2)] == ["0.000", "(−0.004)", "(−1.50)", "2"]
    assert equation("y", "1 · 0.25", (1, 0.25), 0.25) == "y = 1 · 0.25 = 0.25"
    assert equation("y", "2 · 0.333", (2, 1 / 3), 2 / 3) == "y = 2 · 0.333 ≈ 0.667"
    assert [share(v) for v in (0.5, 0.004, 1e-6)] == ["50 %", "0.40 %", "less than 0.01 %"]
    assert [in_words(v) for v in (2.0, 0.123, 1e-7, 1234.0, np.nan, 1e9)] == [
        "2.00", "0.12", "below a millionth", "1,234", "beyond a million", "beyond a million",
    ]  # fmt: skip
    np.testing.assert_allclose(sigmoid([0.0, 2.0, -1000.0]), [0.5, 1 / (1 + np.exp(-2)), 0], atol=1e-15)


# ---- one neuron ----------------------------------------------------------------------------------------------


def test_one_neuron_answers_and_marks_what_is_wrong():
    figure = figures.one_neuron_figure()
    assert figure.set(gate="AND", w1=1, w2=1, b=-1.5).startswith("AND: all 4 rows right")
    assert np.isnan(figure.frame("wrong_x")).all()
    assert figure.set(gate="OR", w1=1, w2=1, b=-0.5).startswith("OR: all 4 rows right")
    assert "For XOR, no line does better" in figure.set(gate="XOR")
    assert figure.frame("wrong_x").tolist()[3] == 1 and np.isnan(figure.frame("wrong_x")[:3]).all()
    assert figure.data.text("wanted", {}) == ["0", "1", "1", "0"]
    assert "there is no line" in figure.set(w1=0, w2=0, b=1)
    assert np.isnan(figure.frame("line_x")).all()


def test_a_point_on_the_line_is_not_above_zero():
    """0.1 + 0.2 - 0.3 is 5e-17 in floats; the neuron's sum there is 0, and its answer 0."""
    figure = figures.one_neuron_figure(gate="AND", w1=0.1, w2=0.2, b=-0.3)
    cells = figure.data.text("cells", {})
    assert cells[-4:-1] == ["0.0", "0", "1"]


# ---- activation functions ------------------------------------------------------------------------------------


def test_slopes_are_those_of_the_curves():
    figure = figures.activation_figure()
    a = figure.frame("places")
    for k, name in enumerate(figure.controls["function"].labels):
        figure.set(function=k)
        value, slope = figure.frame("value") * UNIT[name], figure.frame("slope")
        measured = np.gradient(value, a)
        smooth = np.abs(a) > 0.15 if name == "relu" else np.full(a.shape, True)
        assert np.abs(measured - slope)[1:-1][smooth[1:-1]].max() < 0.01, name
        place = 75
        figure.set(a=place)
        np.testing.assert_allclose(figure.frame("left"), slope[place] ** np.arange(1, 9))
        rise = np.diff(figure.frame("tangent_y"))[0] / np.diff(figure.frame("tangent_x"))[0]
        assert rise * UNIT[name] == pytest.approx(slope[place])


def test_curve_and_tangent_stay_inside_the_panel_and_the_ticks_tell_their_unit():
    figure = figures.activation_figure()
    axis = figure.picture.panels[0].y
    for k, name in enumerate(figure.controls["function"].labels):
        figure.set(function=k)
        for place in range(121):
            for drawn in (figure.frame("value"), figure.frame("tangent_y", a=place)):
                assert axis.limits[0] < drawn.min() and drawn.max() < axis.limits[1], (name, place)
        ticks = [int(text.replace("−", "-")) for text in figure.data.text(axis.tick_texts, figure.positions)]
        assert ticks == [UNIT[name] * (axis.tick_first + k) for k in range(5)]


@pytest.mark.parametrize(
    ("case", "part"),
    [
        (("tanh", 4.0, 0.9993, 0.0013), "Saturated"),
        (("tanh", 0.0, 0.0, 1.0), "steepest place: after 8 such slopes, 100 %"),
        (("tanh", 0.2, 0.1974, 0.9610), "Near its steepest place: after 8 such slopes, 73 %"),
        (("sigmoid", 0.0, 0.5, 0.25), ". Its steepest place: after 8 such slopes, less than 0.01 %"),
        (("sigmoid", -0.4, 0.4013, 0.2403), "Near its steepest place"),
        (("relu", -1.0, 0.0, 0.0), "Switched off"),
        (("relu", 1.0, 1.0, 1.0), "lets the signal through"),
        (("linear", 1.0, 1.0, 1.0), "it bends nothing"),
        (("tanh", 1.0, 0.76, 0.42), "0.10 % is left"),
    ],
)
def test_activation_sentences(case, part):
    assert part in activation_sentence(*case)


# ---- gradient descent ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("surface", [bowl(), saddle()])
def test_surfaces_have_the_gradient_of_their_loss(surface):
    for point in [(0.3, -0.7), (-1.1, 2.0), surface.start]:
        for k in range(2):
            nudge = np.eye(2)[k] * 1e-6
            up, down = (np.array(point) + nudge, np.array(point) - nudge)
            measured = (surface.loss(*up) - surface.loss(*down)) / 2e-6
            assert surface.gradient(*point)[k] == pytest.approx(float(measured), abs=1e-7)


def test_the_bowl_diverges_beyond_two_over_its_curvature():
    x = np.array([-1.0, 0.0, 1.0, 2.0])
    hessian = 2 * np.array([[np.mean(x * x), x.mean()], [x.mean(), 1]])
    border = 2 / np.linalg.eigvalsh(hessian).max()
    words = {rate: verdict(*descend(bowl(), rate), 0.0) for rate in RATES}
    assert {words[rate] for rate in RATES if rate > border} == {"diverges"}
    assert "diverges" not in {words[rate] for rate in RATES if rate < border}
    assert [words[rate] for rate in (0.01, 0.1, 0.5)] == ["crawls", "converges", "oscillates"]
    path, J = descend(bowl(), 0.3)
    np.testing.assert_allclose(path[-1], [0.8, -0.4], atol=1e-8)
    assert (np.diff(J[:20]) < 0).all()


def test_both_surfaces_show_all_that_the_text_names():
    figure = figures.descent_figure()
    words = {(s, r): figure.set(surface=s, rate=r).split()[3].rstrip(".") for s in range(2) for r in range(len(RATES))}
    assert set(words.values()) == {"crawls", "converges", "oscillates", "diverges"}
    assert {words[1, r] for r in range(len(RATES))} == {"crawls", "converges", "oscillates", "diverges"}


def test_a_path_is_told_by_the_valley_in_which_it_ends():
    assert [valley(np.array(end)) for end in [(0.3, -0.7), (np.nan, 1.0)]] == ["", ""]
    figure = figures.descent_figure()
    assert figure.set(surface="two valleys", rate="0.1").endswith("The path ends in the valley at the lower left.")
    assert figure.set(surface="two valleys", rate="1.5").endswith("The path ends in the valley at the upper right.")
    assert "valley at" not in figure.set(surface="bowl", rate="0.1")


def test_the_path_is_drawn_up_to_the_step():
    figure = figures.descent_figure()
    assert "Before the first step the loss" in figure.set(step=0) and "After 1 step the loss" in figure.set(step=1)
    figure.set(step=7)
    assert np.isfinite(figure.frame("path_x")[:8]).all() and np.isnan(figure.frame("path_x")[8:]).all()
    assert figure.frame("here_x") == figure.frame("path_x")[7]
    assert "After 7 steps" in figure.summary
    figure.set(step="45")
    assert np.isfinite(figure.frame("path_x")[:46]).all() and np.isnan(figure.frame("path_x")[46:]).all()
    assert figure.frame("here_x") == figure.frame("path_x")[45] and figure.frame("now") == 45
    assert "After 45 steps" in figure.summary


def test_the_start_is_dragged_and_every_path_begins_there():
    figure = figures.descent_figure()
    for number, surface in enumerate((bowl(), saddle())):
        figure.set(surface=number, across=0.0, up=0.0)
        assert (figure.frame("start_x"), figure.frame("start_y")) == pytest.approx(surface.start)
        x, y = 0.4, -0.7  # to here: the rule of the handle says what its controls become
        rules = {"across": figure.frame("across_by_x"), "up": figure.frame("up_by_y")}
        figure.set(**{name: float(c + p * x + q * y) for name, (c, p, q) in rules.items()})
        assert (figure.frame("path_x")[0], figure.frame("path_y")[0]) == pytest.approx((x, y))
        path, losses = descend(surface, 0.1, start=(x, y))
        np.testing.assert_allclose(figure.frame("losses", rate="0.1"), np.clip(losses, 1e-6, 1e6))
        assert figure.frame("here_x", rate="0.1", step="40") == pytest.approx(path[40, 0])
    figure.set(across=3.0, up=3.0)  # never out of the picture
    assert (figure.frame("path_x")[0], figure.frame("path_y")[0]) == pytest.approx((3.0, 2.0))


def test_what_is_told_of_other_starts_is_true_of_them():
    figure = figures.descent_figure()
    assert "0.1 goes nowhere" in figure.set(surface="two valleys", across=-0.6, up=1.0)  # exactly on the saddle
    assert "0.1 goes nowhere" in figure.set(surface="bowl", across=2.0, up=-1.8)  # exactly at the bottom
    for surface in (bowl(), saddle()):
        for start in np.random.default_rng(0).uniform(-3, 3, (40, 2)):
            for path, J in zip(*descend(surface, RATES, start=start), strict=True):
                word, grows = verdict(path, J, 0.0), not np.isfinite(J[-1]) or (np.diff(J[-20:]) > 0).all()
                assert grows and not J[-1] <= J[0] if word == "diverges" else J[-1] <= J[0] or word == "oscillates"
    figure.set(surface="two valleys", rate="1.5", across=0.0, up=0.0)
    assert "along the valley" in figure.summary and "along the valley" not in figure.says(across=0.1)


def test_what_diverges_lands_higher_at_each_step_after_the_first_ones():
    for surface in (bowl(), saddle()):
        for rate in RATES:
            path, J = descend(surface, rate)
            if verdict(path, J, 0.0) == "diverges":
                assert (np.diff(J[3:])[np.isfinite(J[4:])] > 0).all(), (surface.name, rate)


def test_on_the_two_valleys_leaps_grow_and_then_settle_where_it_is_less_steep():
    path, J = descend(saddle(), 1.5)
    assert 30 < 4 + J[4:].argmax() < 50 and J[4] < 0.01 < 0.03 < J[4:].max() and J[-1] < 0.001

    def steepest(k):
        (w1, w2), nudges = (path[k] + path[k - 1]) / 2, 1e-5 * np.eye(2)
        rows = [(saddle().gradient(w1 + a, w2 + b) - saddle().gradient(w1 - a, w2 - b)) / 2e-5 for a, b in nudges]
        return np.linalg.eigvalsh(rows).max()

    assert all(steepest(k) > 2 / 1.5 for k in range(5, 38)) and all(steepest(k) < 2 / 1.5 for k in range(45, 100))
    figure = figures.descent_figure()
    assert "a place that is less steep" in figure.says(surface="two valleys", rate="1.5")
    assert "no longer comes down" in figure.says(surface="bowl", rate="0.5")


# ---- forward and back ----------------------------------------------------------------------------------------


def test_passes_show_the_networks_own_numbers():
    net = FeedForward((2, 3, 1), seed=1)
    x, target = gate_points("XOR")
    figure = figures.passes_figure(net, x, target)
    y, record = net.forward(x[2:3])
    gradients = net.backward(record, 2 * (y - target[2:3]))
    assert signed(y[0, 0]) in figure.set(sample=2, stage=STAGES.index("output y"))
    assert signed((y - 1)[0, 0] ** 2) in figure.set(stage=STAGES.index("loss J"))
    figure.set(stage=len(STAGES) - 1)
    slopes = figure.data.text("slopes", figure.positions)
    assert slopes == [signed(v) for v in (*gradients["W_ih"].ravel(), *gradients["W_ho"].ravel())]
    assert set(figure.data.text("weights", figure.positions)) == {""}
    figure.set(stage=STAGES.index("dJ/da"))
    assert figure.data.text("below", figure.positions)[2:5] == [signed(v) for v in gradients.a[0]]
    lines = figure.data.text("lines", figure.positions)
    for j in range(3):
        slope = 1 - record.h[0, j] ** 2
        assert lines[1 + j].endswith(f"{shown(gradients.h[0, j])} · {shown(slope)} ≈ {shown(gradients.a[0, j])}")


def test_the_arithmetic_of_passes_comes_out_as_it_is_shown():
    """What stands left of = is exactly what stands right; ≈ is right to the last of three decimals or two."""
    net = FeedForward((2, 3, 1), seed=1)
    net.theta[...] = net.theta.round(2)
    figure = figures.passes_figure(net, *gate_points("XOR"))
    signs = {"equal": 0, "rounded": 0}
    for sample in range(4):
        for stage in range(1, len(STAGES)):
            for line in figure.data.text("lines", {"sample": sample, "stage": stage}):
                text = (
                    line.rstrip(".").replace("−", "-").replace("·", "*").replace("²", "**2").replace("tanh", "np.tanh")
                )
                if "≈" in text:
                    left, right = text.split("≈")
                    assert eval(left.split("=")[-1]) == pytest.approx(float(right), abs=0.004), line
                    signs["rounded"] += 1
                elif text.count("=") == 2:
                    _, left, right = text.split("=")
                    assert eval(left) == pytest.approx(float(right), abs=1e-12), line
                    signs["equal"] += 1
    assert signs["equal"] >= 12 and signs["rounded"] >= 40


def test_passes_refuse_what_they_cannot_draw():
    x, target = gate_points("XOR")
    for sizes in [(2, 1), (2, 5, 1), (2, 3, 3, 1), (2, 3, 2)]:
        with pytest.raises(ValueError, match=r"net: expected sizes \(I, H, 1\)"):
            figures.passes_figure(FeedForward(sizes), x, target)


# ---- bending -------------------------------------------------------------------------------------------------


def test_bending_moves_points_and_grid_with_the_hidden_layer():
    x, target = gate_points("XOR")
    snapshots, history = recorded((2, 2, 1))
    figure = figures.bending_figure(snapshots, history, x, target)
    for k, net in enumerate(snapshots.networks):
        figure.set(epoch=k)
        h = net.forward(x)[1].h
        np.testing.assert_allclose(figure.frame("hid0_x"), h[target[:, 0] == 0, 0])
        np.testing.assert_allclose(figure.frame("hid1_y"), h[target[:, 0] == 1, 1])
        grid = np.stack([figure.frame("grid_x"), figure.frame("grid_y")], axis=-1)
        bent = net.forward(grid.reshape(-1, 2))[1].h.reshape(grid.shape)
        np.testing.assert_allclose(figure.frame("bent_x"), bent[..., 0])
        ends = np.stack([figure.frame("line_x"), figure.frame("line_y")], axis=1)
        if np.isfinite(ends).all():  # on the dashed line the logit is zero
            np.testing.assert_allclose(ends @ net.parameters["W_ho"] + net.parameters["b_o"], 0, atol=1e-12)
        right = int(((net.forward(x)[0] > 0) == target).sum())
        assert f"{right} of 4 points" in figure.summary
    assert figure.set(epoch=0).startswith("Epoch 0, before training")


def test_a_grid_has_upright_and_level_lines():
    lines = grid_lines(0, 1, 2, 4)
    upright, level = lines[: len(lines) // 2], lines[len(lines) // 2 :]
    assert (np.ptp(upright[..., 0], axis=1) == 0).all() and (np.ptp(upright[..., 1], axis=1) == 2).all()
    assert (np.ptp(level[..., 1], axis=1) == 0).all() and (np.ptp(level[..., 0], axis=1) == 1).all()


def test_bending_refuses_other_networks_and_empty_recorders():
    x, target = gate_points("XOR")
    with pytest.raises(ValueError, match="snapshots: expected a recorder"):
        figures.bending_figure(Snapshots(), recorded((2, 2, 1))[1], x, target)
    with pytest.raises(ValueError, match="2 last hidden units"):
        figures.bending_figure(*recorded((2, 3, 1)), x, target)


# ---- coast ---------------------------------------------------------------------------------------------------


def test_coast_counts_only_places_that_were_held_out():
    coast = land_and_sea()
    runs = {}
    for name, sizes in {"line": (2, 1), "bend": (2, 3, 1)}.items():
        snapshots = Snapshots()
        x, target = coast.x[:200], coast.target[:200]
        options = {"epochs": 1, "recorders": [snapshots], "progress": False}
        history = train(FeedForward(sizes), x, target, BinaryCrossEntropy(), **options)
        runs[name] = (snapshots, history)
    held_out = np.arange(500, 900)
    figure = figures.coast_figure(coast, runs, held_out)
    net = runs["bend"][0].networks[1]
    right = round(100 * ((net.forward(coast.x[held_out])[0] > 0) == coast.target[held_out]).mean())
    sentence = f"bend, after epoch 1: {right} % of 400 places it has never seen are right."
    assert figure.set(network=1, epoch=1) == sentence
    drawn = figure.picture.panels[1].marks[0]
    assert (drawn.label, drawn.bar) == ("probability of land", (0.0, 1.0))
    bar = next(ax for ax in paint(figure.picture, figure.data, figure.positions).axes[1].child_axes)
    assert bar.get_ylim() == (0.0, 1.0) and bar.get_ylabel() == "probability of land"
    wrong = ((net.forward(coast.x)[0] > 0) != coast.target).reshape(coast.land.shape)
    np.testing.assert_array_equal(figure.frame("wrong"), wrong)
    assert 100 * figure.frame("share_now") == pytest.approx(right, abs=0.5)
    assert figure.frame("shares")[1] == figure.frame("share_now")
    with pytest.raises(ValueError, match="runs: expected at least one run, all recorded at the same epochs"):
        figures.coast_figure(coast, {"line": runs["line"], "other": recorded((2, 2, 1))}, held_out)


# ---- pasts ---------------------------------------------------------------------------------------------------


def test_pasts_outside_the_window_make_no_difference_at_all():
    networks = [FeedForward((w, 4, 5), seed=w) for w in range(1, 6)]
    figure = figures.different_pasts_figure(networks, back=2)
    for k, ago in enumerate(range(1, 5)):
        for w in range(1, 6):
            words = figure.set(differ=k, window=w - 1)
            a, b = figure.frame("answer_a"), figure.frame("answer_b")
            inputs = figure.frame("inputs")
            assert (inputs[0] != inputs[1]).sum() == 1 and inputs[0, -1 - ago] != inputs[1, -1 - ago]
            assert (a[-1] == b[-1]) == (ago >= w)
            assert ("exactly equal" in words) == (ago >= w)
            expected = sigmoid(networks[w - 1].forward(past_windows(inputs[1][:, None], w))[0][:, 2])
            np.testing.assert_allclose(b, expected, atol=1e-14)


def test_pasts_inside_the_window_that_the_question_does_not_ask_for():
    assert "asked about another bit" in past_sentence(2, 4, 0.001)
    assert past_sentence(2, 4, 0.75).endswith("differ by 0.75.")
    assert "rounding alone" in past_sentence(4, 4, 1e-16)  # what is not exactly equal is never called so


def test_pasts_refuse_networks_that_do_not_fit():
    with pytest.raises(ValueError, match=r"networks\[1\]: expected 2 inputs and more than 2 outputs, got 3 and 5"):
        figures.different_pasts_figure([FeedForward((1, 4, 5)), FeedForward((3, 4, 5))], back=2)
    with pytest.raises(ValueError, match=r"networks\[0\]: expected 1 inputs and more than 5 outputs"):
        figures.different_pasts_figure([FeedForward((1, 4, 5))], back=5)


def test_cost_counts_the_parameters_of_real_networks():
    from helpers.networks import SimpleRNN

    figure = figures.window_cost_figure(inputs=(3, 5), hidden=(4, 6), outputs=2, longest=10)
    for i, inputs in enumerate((3, 5)):
        for h, hidden in enumerate((4, 6)):
            figure.set(inputs=i, hidden=h)
            windows = [FeedForward((w * inputs, hidden, 2)).theta.size for w in range(1, 11)]
            np.testing.assert_allclose(figure.frame("counts"), windows)
            np.testing.assert_allclose(figure.frame("loop"), SimpleRNN(inputs, hidden, 2).theta.size)


def all_figures():
    """One of each."""
    x, target = gate_points("XOR")
    return [
        figures.one_neuron_figure(),
        figures.activation_figure(),
        figures.descent_figure(),
        figures.passes_figure(FeedForward((2, 3, 1)), x, target),
        figures.bending_figure(*recorded((2, 2, 1)), x, target),
        figures.different_pasts_figure([FeedForward((w, 4, 5)) for w in range(1, 6)]),
        figures.window_cost_figure(),
    ]


def brightness(colour):
    """Relative luminance of "#rrggbb", as the Web Content Accessibility Guidelines define it."""
    parts = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def contrast(colour, other):
    low, high = sorted((brightness(colour), brightness(other)))
    return (high + 0.05) / (low + 0.05)


def test_what_is_drawn_on_bare_ground_is_seen_in_both_themes():
    count = 0
    for panel in (panel for figure in all_figures() for panel in figure.picture.panels):
        if any(isinstance(mark, HeatMap) for mark in panel.marks):
            continue  # its colours are the same in every theme
        for mark in panel.marks:
            assert not getattr(mark, "faint", False), "pale lines are lost on the ground"
            named = getattr(mark, "colours", ())  # of lines; of other marks it is the name of a map
            for colour in named if isinstance(named, tuple) and named else (getattr(mark, "colour", ""),):
                least = 3.8 if isinstance(mark, Notes) else 3.0  # letters are thin
                for ground in ("#ffffff", "#111111"):  # of JupyterLab's light and dark theme
                    assert not colour or contrast(colour, ground) > least, (panel.title, mark, ground)
                count += bool(colour)
    assert count > 15
    assert contrast("#222222", "#111111") < 1.2 < 3 < contrast("#7a7a7a", "#111111")


# ---- all -----------------------------------------------------------------------------------------------------


def test_every_figure_draws_itself_and_is_described():
    for figure in all_figures():
        assert figure.png().startswith(b"\x89PNG")
        assert len(figure.picture.alt.split()) > 8
        for control in figure.controls.values():
            if hasattr(control, "labels"):
                assert len(set(control.labels)) == len(control.labels) > 1
        _, blob = figure.data.to_bytes(figure.picture)
        assert len(blob) < 2e6


def test_a_path_that_arrives_stays_inside_the_frame():
    figure = figures.descent_figure()
    for surface, alpha in (("bowl", "0.54"), ("two valleys", "1.5")):
        figure.set(surface=surface, rate=alpha, step=len(SHOWN) - 1)
        limits = figure.picture.panels[0].x.limits
        path = np.array([figure.frame("path_x"), figure.frame("path_y")])
        assert limits[0] < path.min() and path.max() < limits[1]
    assert "the loss is 3·10⁻⁵" in figure.set(surface="bowl", rate="0.1", step=40)
    assert "below a millionth" in figure.set(rate="0.5"), "the reader must see which rate came further down"


def test_numbers_stand_apart_and_inside_the_drawing_of_passes():
    x, target = gate_points("XOR")
    figure = figures.passes_figure(FeedForward((2, 3, 1), seed=1), x, target)
    at = np.stack([figure.frame("number_x"), figure.frame("number_y")], axis=1)
    apart = np.abs(at[:, None] - at) / [0.16, 0.12]  # in widths and heights of a number
    assert (apart.max(axis=2) + 9 * np.eye(len(at)) > 1).all()
    crossings = np.array([[0.675, 0.0], [0.9, -1 / 3], [0.9, 1 / 3]])
    assert ((np.abs(at[:, None] - crossings) / [0.14, 0.25]).max(axis=2) > 1).all(), "not where two arrows cross"
