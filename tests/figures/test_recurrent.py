"""The figures of the recurrent network: their numbers against the network's own, their sentences, their errors."""

import numpy as np
import pytest

from helpers import data, figures
from helpers.figures.geometry import principal_plane
from helpers.figures.ordering import units_by_peak
from helpers.figures.state_explorer import growth_per_step, input_shape, tiny, verdict
from helpers.live.static import paint, seen
from helpers.networks import Adam, CategoricalCrossEntropy, MeanSquaredError, SimpleRNN, StateRecorder, softmax, train


@pytest.fixture(scope="module")
def trained():
    letters, target, mask = data.reber_batch(data.reber_strings(100, seed=0))
    network = SimpleRNN(7, 3, 7, seed=0)
    recorder = StateRecorder(data.one_hot(data.encode("BTSXS", data.REBER_SYMBOLS), 7))
    history = train(
        network,
        letters,
        target,
        CategoricalCrossEntropy(),
        Adam(0.02),
        4,
        mask=mask,
        recorders=[recorder],
        progress=False,
    )
    return network, recorder, history


def test_stepper_shows_the_numbers_of_the_forward_pass():
    network = SimpleRNN(3, 4, 2, seed=1)
    x = np.random.default_rng(0).normal(size=(2, 5, 3))
    _, record = network.forward(x)
    figure = figures.step_through_time(network, x)
    figure.set(time="4", sequence=1)
    parts = figure.frame("parts")
    assert np.allclose(parts[:3].sum(axis=0), parts[3]) and np.allclose(parts[3], record.a[1, 3])
    assert np.allclose(parts[4], record.h[1, 4]) and np.allclose(figure.frame("h_column")[:, 0], record.h[1, 3])
    assert np.isnan(figure.frame("h_shade")[5]) and not np.isnan(figure.frame("h_shade")[4])
    assert "Step 4, sequence 2: unit 1 adds" in figure.summary, "they count from 1"
    out = figure.frame("out_parts")
    assert np.allclose(out[:2].sum(axis=0), out[2]) and np.allclose(out[2], record.y[1, 3])
    assert np.array_equal(figure.frame("W_ho"), network.parameters["W_ho"])
    assert {"W_ih", "W_hh", "W_ho"} <= figure.picture.arrays(), "each matrix is drawn"


def test_gradient_walks_back_as_backward_computes_it():
    network = SimpleRNN(1, 4, 1, seed=0)
    x, loss = np.random.default_rng(1).normal(size=(1, 6, 1)), MeanSquaredError(steps="last")
    figure = figures.gradient_backwards(network, x, np.ones((1, 1)), loss, gains=(0.5, 1.0))
    y, record = network.forward(x)
    own = network.backward(record, loss(y, np.ones((1, 1)))[1]).h[0]
    assert np.allclose(figure.data.arrays["all_norms"][-1, 1], np.linalg.norm(own, axis=1))
    figure.set(back=2, gain="1")
    assert np.isnan(figure.frame("all_norms")[:, :4]).all(), "no gain is drawn further than the reader has walked"
    shown = figure.frame("map")
    assert np.isnan(shown[:, :4]).all() and np.isfinite(shown[:, 4:]).all()
    assert np.array_equal(network.parameters["W_hh"], SimpleRNN(1, 4, 1, seed=0).parameters["W_hh"]), "changed"


def test_small_gradients_are_written_as_in_the_explorer():
    network, loss = SimpleRNN(1, 4, 1, seed=0), MeanSquaredError(steps="last")
    figure = figures.gradient_backwards(network, np.ones((1, 9, 1)), np.ones((1, 1)), loss, gains=(0.01, 1.0))
    norms = figure.data.arrays["all_norms"][-1, 0]
    share = norms[0] / norms[-1]
    assert share < 1e-9 and f"norm is {tiny(share)} times" in figure.says(gain="0.01", back="9")
    assert "·10⁻" in tiny(share)


def test_explorer_runs_what_it_says():
    signal, (states, twin, silent) = figures.explore(1.0, 0.5, 0.1, "sine")
    _, record = figures.explorer_network(1.0).forward(0.5 * signal[None, :, None], np.full((1, 24), 0.1))
    assert np.allclose(record.h[0], states)
    assert np.abs(twin[0] - states[0]).sum() == pytest.approx(1e-6)
    assert np.allclose(silent[0], states[0]) and not np.allclose(silent[20], states[20])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"recurrent_gain": "a"}, "recurrent_gain: expected a number, got 'a'"),
        ({"input_gain": None}, "input_gain: expected a number, got None"),
        ({"initial_state": np.nan}, "initial_state: expected a number, got nan"),
        ({"shape": "foo"}, r"shape: expected one of \['pulse', 'step', 'sine', 'my own'\], got 'foo'"),
        ({"matrix": "foo"}, r"matrix: expected one of \['orthogonal', 'random'\], got 'foo'"),
        ({"shape": "my own", "own": [1, 2]}, r"own: expected a text with numbers, got \[1, 2\]"),
    ],
)
def test_exploring_what_cannot_be_is_named(change, words):
    right = {"recurrent_gain": 1.0, "input_gain": 1.0, "initial_state": 0.0, "shape": "pulse"}
    with pytest.raises(ValueError, match=words):
        figures.explore(**right | change)


def test_all_distances_lie_inside_their_axis():
    axis = figures.hidden_state_explorer().picture.rows[0].panels[1].y
    largest = 2 * np.sqrt(24)  # no two states of 24 units of tanh are further apart
    assert axis.log and axis.limits[0] < 1e-15 and axis.limits[1] > largest


def test_the_explorers_plane_holds_the_whole_path_in_one_shape():
    figure = figures.hidden_state_explorer()
    for change in ({}, {"recurrent_gain": 2.5}, {"shape": "my own", "own": ""}):
        figure.set(**change)
        (x0, x1), (y0, y1) = figure.frame("corners_x"), figure.frame("corners_y")
        assert (x1 - x0) / (y1 - y0) == pytest.approx(1.5)
        assert x0 < figure.frame("px").min() and figure.frame("px").max() < x1
        assert y0 < figure.frame("py").min() and figure.frame("py").max() < y1


def test_explorer_gain_is_the_spectral_radius():
    for matrix in ("random", "orthogonal"):
        eigenvalues = np.linalg.eigvals(figures.explorer_network(1.3, matrix).parameters["W_hh"])
        assert np.abs(eigenvalues).max() == pytest.approx(1.3)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"recurrent_gain": 0.5}, "Forgets"),
        ({"recurrent_gain": 1.0}, "Fades"),
        ({"recurrent_gain": 1.2}, "Rings on"),
        ({"recurrent_gain": 2.5}, "Chaotic"),
        ({"shape": "step", "recurrent_gain": 0.5}, "Driven"),
        ({"recurrent_gain": 1.3, "input_gain": 0.05}, "Rings on"),
        ({"recurrent_gain": 1.3, "input_gain": 0.5}, "Rings on"),
        ({"recurrent_gain": 2.5, "input_gain": 0.05}, "Chaotic"),
        ({"recurrent_gain": 2.5, "input_gain": 0.0, "initial_state": 0.5}, "Chaotic"),
        ({"recurrent_gain": 1.2, "input_gain": 0.0, "initial_state": 0.5}, "No input: gain 1.20. What you see comes"),
        ({"input_gain": 0.0}, "Silent"),
        ({"shape": "my own", "own": "1 1 1", "recurrent_gain": 0.5}, "Forgets"),
    ],
)
def test_explorer_says_what_the_network_does(change, word):
    assert figures.hidden_state_explorer().set(**change).startswith(word)


def test_a_network_at_rest_is_silent_however_large_its_gain():
    sentence = figures.hidden_state_explorer().set(shape="my own", recurrent_gain=2.5)
    assert sentence.startswith("Silent: gain 2.50. No input and h₀ = 0: the state stays exactly 0. A twin started 10⁻⁶")
    assert "The plane" not in sentence, "there is no variance to show"
    assert figures.hidden_state_explorer().set(shape="my own", recurrent_gain=2.5, own="1").startswith("Chaotic")


@pytest.mark.parametrize("own", ["1 two 3", "1e9", "nan"])
def test_own_input_that_is_no_number_is_named_and_nothing_moves(own):
    figure = figures.hidden_state_explorer()
    before = figure.summary
    with pytest.raises(ValueError, match="“two” is not a number|“1e9” is too large|“nan” is not a number"):
        figure.set(shape="my own", own=own)
    assert figure.summary == before


def test_own_input_takes_commas_and_is_filled_with_zeros():
    assert np.array_equal(input_shape("my own", "1, 2 3")[:5], [1, 2, 3, 0, 0])


def test_own_input_says_what_it_understood():
    figure = figures.hidden_state_explorer()
    assert figure.set(own="0,5 −0,8").endswith(" Your input: 2 numbers, 0.5, −0.8.")
    assert figure.frame("signal")[:3].tolist() == [0.5, -0.8, 0]
    assert figure.set(own="").endswith(" Your input: no number yet.")
    assert figure.set(own="1;" * 61).endswith(" Your input: 61 numbers, 1, 1, 1, 1, …. Only the first 60 count.")
    assert "Your input" not in figure.set(shape="sine")


def test_verdict_on_known_runs():
    silent = np.zeros((4, 2))
    kept = np.array([[0, 0], [1, 0], [1, 0], [1, 0.0]])
    assert verdict(kept, kept, silent, np.zeros(60), -0.1)[0] == "Rings on"
    assert verdict(kept, kept + 1, silent, np.zeros(60), 0.0)[0] == "Rings on", "the twin alone proves no chaos"
    assert verdict(kept, kept, silent, np.zeros(60), 0.1)[0] == "Chaotic"
    assert verdict(kept, kept, kept, np.zeros(60), 0.0)[0] == "No input"
    assert verdict(silent, silent, silent, np.zeros(60), 0.1)[0] == "Silent"


def test_growth_is_that_of_a_tiny_difference_when_the_run_has_settled():
    assert growth_per_step(0.0) == -np.inf
    for gain in (0.02, 0.5, 0.9):  # the state has gone to 0, where tanh has slope 1
        assert growth_per_step(gain) == pytest.approx(np.log(gain))
    assert growth_per_step(0.5, shape="sine") < np.log(0.5), "a driven tanh has slopes below 1"
    assert all(abs(growth_per_step(1.2, size)) < 0.02 for size in (0.05, 0.1, 1.0)), "a rhythm: no growth, no loss"
    assert all(growth_per_step(2.5, size) > 0.1 for size in (0.05, 0.1, 1.0))
    with pytest.raises(ValueError, match="recurrent_gain: expected a number"):
        growth_per_step(None)


def test_tiny_numbers_in_words():
    assert [tiny(0.0), tiny(0.052), tiny(3.2e-9)] == ["0", "0.052", "3·10⁻⁹"]
    assert [tiny(n) for n in (1.0, 11.3, 340.2, 2.4e7, np.inf)] == ["1", "11", "340", "2·10⁷", "inf"]


def test_scrubber_shows_the_recorders_cube(trained):
    _, recorder, history = trained
    figure = figures.training_scrubber(recorder, history, symbols=list("BTSXS"), groups=data.reber_nodes("BTSXS"))
    figure.set(epoch=2, unit=1, time=3)
    assert np.array_equal(figure.frame("cube_epoch"), recorder.states[2].T)
    assert np.array_equal(figure.frame("cube_unit"), recorder.states[:, :, 1])
    assert figure.frame("here_x") == figure.frame("px")[3]
    assert figure.summary.startswith(f"Epoch 2: loss {history.loss[1]:.3f}")
    figure.set(epoch=0)
    assert "before training" in figure.summary


def epoch_ticks(epochs, every=1):
    """The ticks of the scrubber's axis of epochs, when each `every`th of them was recorded."""
    numbers = np.arange(0, epochs + 1, every)
    states = np.random.default_rng(0).uniform(size=(len(numbers), 4, 3))
    recorder = type("Recorder", (), {"states": states, "epochs": list(numbers)})
    figure = figures.training_scrubber(recorder, type("History", (), {"loss": np.ones(epochs)}))
    ticks = figure.picture.rows[0].panels[1].y.ticks
    assert all(str(numbers[row]) == text for row, text in ticks)
    return [int(text) for _, text in ticks]


def test_epochs_have_even_and_round_ticks():
    assert epoch_ticks(10) == [0, 2, 4, 6, 8, 10]
    assert epoch_ticks(150) == [0, 50, 100, 150]
    assert epoch_ticks(60, every=5) == [0, 25, 50]
    for epochs in range(1, 90):
        ticks = epoch_ticks(epochs)
        assert len(set(np.diff(ticks))) <= 1 and 2 <= len(ticks) <= 7, epochs


def test_scrubber_refuses_what_does_not_fit(trained):
    _, recorder, history = trained
    with pytest.raises(ValueError, match="symbols: expected 5 entries, got 2"):
        figures.training_scrubber(recorder, history, symbols=["a", "b"])
    with pytest.raises(ValueError, match="recorder: expected states"):
        figures.training_scrubber(type("R", (), {"states": np.zeros((2, 3, 4, 5))})(), history)


def test_reader_shows_states_changes_and_chances():
    network = SimpleRNN(27, 6, 27, seed=0)
    figure = figures.reading_figure(network, data.ALPHABET, "ab")
    y, record = network.forward(data.one_hot(data.encode("to be")[None], 27))
    sentence = figure.set(typed="To be", position="5", unit=2)  # capitals are read as small letters
    assert (
        np.allclose(figure.frame("states")[:, :5], record.h[0, 1:].T) and np.isnan(figure.frame("states")[:, 5:]).all()
    )
    assert np.allclose(figure.frame("odds"), softmax(y[0, 4])) and "“to be”" in sentence
    strongly = (np.abs(np.diff(record.h[0], axis=0))[4] > 0.5).sum()
    assert sentence.endswith(f" {strongly} of 6 units changed by more than ½.") and 0 < strongly < 6
    assert "what is not a to z is read as a space" in figure.controls["typed"].label
    assert np.array_equal(figure.data.text("letters", {})[4:6], ["e", ""])


def test_the_readers_cursor_stands_where_its_sentence_says():
    figure = figures.reading_figure(SimpleRNN(27, 6, 27, seed=0), data.ALPHABET, "to be")
    assert figure.frame("now") == 1 and figure.summary.startswith("After “t”"), "it opens at the first character"
    inside = figure.set(position=4)
    assert figure.frame("now") == 5 and inside.startswith("After “to be”")
    for position in ("6", "41", "48"):
        assert figure.says(position=position) == inside
        assert figure.frame("now", position=position) == 5
        assert np.array_equal(figure.frame("odds", position=position), figure.frame("odds"))
    figure.set(position=0)
    assert figure.set(typed="to b").startswith("After “to b”") and figure.frame("now") == 4, "read to its end"
    assert figure.set(typed="Straße?").startswith("“Straße?” is read as “strasse”. After “strasse ”")
    assert figure.set(typed="ß" * 25).count("”: only the first 48 characters count.") == 1
    assert "After “␣␣”" in figure.set(typed="  ", position="2")


def test_the_reader_says_when_no_unit_reacts_any_more():
    network = SimpleRNN(27, 6, 27, seed=0)
    network.parameters["W_hh"] *= 0.5  # so that the same letter, again and again, leads to rest
    figure = figures.reading_figure(network, data.ALPHABET, "x" * 48)
    assert figure.says(position="48").endswith("No unit reacts to “x” any more. 0 of 6 units changed by more than ½.")
    assert "reacted most to “x” (" in figure.says(position="1")


def test_the_reader_of_nothing_says_so():
    network = SimpleRNN(27, 6, 27, seed=0)
    figure = figures.reading_figure(network, data.ALPHABET, "")
    assert figure.summary.startswith("You have typed nothing: the network reads one space. After “␣”")
    assert figure.frame("now") == 1 and np.isfinite(figure.frame("odds")).all()
    moved = figures.reading_figure(network, data.ALPHABET, "to be")
    assert moved.set(typed="") == figure.summary and moved.frame("now") == 1
    for text in ("a" * 49, None, 5):
        with pytest.raises(ValueError, match="text: expected at most 48 characters"):
            figures.reading_figure(network, data.ALPHABET, text)


def test_temperature_sharpens_and_flattens():
    logits = np.array([2.0, 1.0, 0.0])
    figure = figures.temperature_figure(logits, "abc", "x", temperatures=(0.5, 1.0, 2.0))
    assert np.allclose(figure.frame("odds"), softmax(logits))
    entropy = figure.data.arrays["entropy"]
    assert entropy[0] < entropy[1] < entropy[2] < np.log(3)


def test_the_ring_at_the_highest_temperature_lies_inside_its_axes():
    figure = figures.temperature_figure(np.array([2.0, 1.0, 0.0]), "abc", "x", temperatures=(0.5, 1.0, 4.0))
    low, high = figure.picture.rows[0].panels[1].x.limits
    assert low <= 0.5 and high > 4.1


def test_softmax_survives_large_logits():
    assert np.allclose(softmax([1000.0, 1000.0]), [0.5, 0.5])


def test_many_units_are_sorted_by_their_peak_and_keep_their_numbers():
    states = np.random.default_rng(0).normal(size=(7, 30))
    order, row = units_by_peak(states)
    peaks = np.abs(states).argmax(axis=0)[order]
    assert (np.diff(peaks) >= 0).all() and np.array_equal(order[row], np.arange(30))
    for first, second, same in zip(order, order[1:], np.diff(peaks) == 0, strict=False):
        step = np.abs(states[:, first]).argmax()
        assert not same or states[step, first] > states[step, second]
    assert np.array_equal(units_by_peak(states[:, :24])[0], np.arange(24)), "few units stay as they are"


def test_the_readers_rows_are_sorted_and_a_row_leads_to_its_unit():
    network = SimpleRNN(27, 40, 27, seed=0)
    figure = figures.reading_figure(network, data.ALPHABET, "to be", unit=31)
    axis, states = figure.picture.rows[0].panels[0].y, figure.frame("states")
    for unit in (0, 31, 39):
        figure.set(unit=unit)
        row = axis.places[unit]
        assert figure.frame("unit_row") == row
        assert np.array_equal(states[row - 1], figure.frame("trace"), equal_nan=True)
    figure.set(typed="quite another text")
    assert np.array_equal(figure.frame("states")[axis.places[39] - 1], figure.frame("trace"), equal_nan=True)


def test_the_scrubber_of_many_units_shows_each_in_its_row():
    states = np.random.default_rng(0).uniform(-1, 1, (3, 5, 30))
    recorder = type("Recorder", (), {"states": states, "epochs": [0, 1, 2]})
    figure = figures.training_scrubber(recorder, type("History", (), {"loss": np.ones(2)}))
    axis = figure.picture.rows[0].panels[0].y
    figure.set(epoch=1, unit=17)
    assert figure.frame("unit_row") == axis.places[17] and figure.controls["unit"].labels[17] == 18
    assert np.array_equal(figure.frame("cube_epoch")[axis.places[17] - 1], states[1, :, 17])


def test_maps_and_lines_end_where_the_reader_is():
    figure = figures.reading_figure(SimpleRNN(27, 6, 27, seed=0), data.ALPHABET, "to be")
    heat, line = (row.panels[0].marks[0] for row in figure.picture.rows[:2])
    for position in (0, 2, 4):
        figure.set(position=position)
        assert np.isfinite(seen(heat, figure.frame)).any(axis=0).sum() == position + 1
        assert np.isfinite(seen(line, figure.frame)).sum() == position + 1


def test_principal_plane_finds_the_widest_directions():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(500, 3)) * [5.0, 0.1, 2.0] + 7
    mean, plane, share = principal_plane(points)
    assert np.allclose(mean, points.mean(axis=0)) and share > 0.99
    assert abs(plane[0, 0]) > 0.99 and abs(plane[2, 1]) > 0.99 and plane[0, 0] > 0
    assert principal_plane(np.ones((4, 1)))[2] == 1.0


def test_grammar_drawing_has_every_arrow_and_refuses_another_grammar():
    drawing = figures.grammar_drawing(data.REBER_GRAMMAR)
    ways = sum(len(ways) for ways in data.REBER_GRAMMAR.values())
    assert len(drawing.data.arrays["x0"]) + len(drawing.data.arrays["loop_x"]) == ways + 1  # and the arrow of B
    with pytest.raises(ValueError, match="grammar: expected the nodes 0 to 5"):
        figures.grammar_drawing({0: {"A": None}})


def test_plain_pictures_check_their_lengths():
    with pytest.raises(ValueError, match=r"series\['a'\]: expected shape \(3,\)"):
        figures.curves("t", [1, 2, 3], {"a": [1, 2]}, "x", "y", "s")
    with pytest.raises(ValueError, match="heights: expected 2 numbers"):
        figures.bars("t", ["a", "b"], [1], "y", "s")
    still = figures.curves("t", [1, 2, 3], {"a": [1, 2, 4]}, "x", ("y", "ms"), "s", levels={"floor": -5})
    from helpers.live.frames import panel_axes

    low, high = panel_axes(still.picture.panels[0], still.data)["y"]["limits"]
    assert low <= -5 and high >= 4


def scatter_marks(figure):
    return figure.picture.rows[1].panels[0].marks


def test_groups_get_a_legend_with_names_and_no_colour_bar(trained):
    _, recorder, history = trained
    names = ("before", "letter", "end")
    figure = figures.training_scrubber(recorder, history, list("BTSXS"), [0, 1, 1, 2, 1], group_names=names)
    assert scatter_marks(figure)[0].shade_names == names and not scatter_marks(figure)[0].shade_label
    assert scatter_marks(figure)[0].shade_limits == (0.0, 2.0), "each group's colour is that of the legend"
    drawn = paint(figure.picture, figure.data, figure.positions)
    texts = [text.get_text() for ax in drawn.axes for legend in legends(ax) for text in legend.get_texts()]
    assert [text for text in texts if text in names] == list(names)
    plain = figures.training_scrubber(recorder, history, groups=np.array([0, 1, 1, 3, 1]))
    assert scatter_marks(plain)[0].shade_names == ("0", "1", "2", "3")
    assert scatter_marks(figures.training_scrubber(recorder, history))[0].shade_label == "time step t"


def legends(ax):
    from matplotlib.legend import Legend

    return [artist for artist in ax.get_children() if isinstance(artist, Legend)]


def test_the_chosen_step_is_drawn_over_its_neighbours(trained):
    _, recorder, history = trained
    figure = figures.training_scrubber(recorder, history, symbols=list("BTSXS"), groups=[0, 1, 1, 2, 1])
    figure.set(time=3)
    over = scatter_marks(figure)[1]
    assert (figure.frame(over.x), figure.frame(over.shade)) == (figure.frame("px")[3], 2)
    assert figure.data.text(over.texts, figure.positions) == ["X"]


def test_a_line_that_is_hidden_is_not_in_the_legend():
    figure = figures.f_i_figure()
    for shown, expected in (("hidden", ["measured"]), ("shown", ["closed form", "measured"])):
        figure.set(formula=shown)
        drawn = paint(figure.picture, figure.data, figure.positions)
        assert [t.get_text() for ax in drawn.axes for one in legends(ax) for t in one.get_texts()] == expected


@pytest.mark.parametrize(
    ("groups", "names", "words"),
    [
        ([0, 1, 1, 2, 1], ("a", "b"), "group_names: expected 3 names"),
        ([0.5, 1, 1, 2, 1], None, "groups: expected whole numbers from 0"),
        ([-1, 1, 1, 2, 1], None, "groups: expected whole numbers from 0"),
    ],
)
def test_groups_without_a_name_are_refused(trained, groups, names, words):
    with pytest.raises(ValueError, match=words):
        figures.training_scrubber(trained[1], trained[2], groups=groups, group_names=names)


def test_names_of_groups_stand_between_title_and_axes_and_touch_nothing(trained):
    _, recorder, history = trained
    names = ("a group", "a second group", "a group with a long name")
    figure = figures.training_scrubber(recorder, history, list("BTSXS"), [0, 1, 1, 2, 1], group_names=names)
    drawn = paint(figure.picture, figure.data, figure.positions)
    drawn.canvas.draw()
    left, right = drawn.axes[2:4]
    boxes = [legend.get_window_extent() for legend in legends(left)]
    assert [text.get_text() for one in legends(left) for text in one.get_texts()] == list(names)
    assert left.get_window_extent().y1 < min(box.y0 for box in boxes)
    assert max(box.y1 for box in boxes) < left.title.get_window_extent().y0 + 1
    assert max(box.x1 for box in boxes) < right.yaxis.label.get_window_extent().x0


def test_a_circle_covers_the_text_of_those_below_it(trained):
    _, recorder, history = trained
    figure = figures.training_scrubber(recorder, history, symbols=list("BTSXS"), groups=[0, 1, 1, 2, 1])
    ax = paint(figure.picture, figure.data, figure.positions).axes[2]
    circles, letters = [c.get_zorder() for c in ax.collections[:6]], [text.get_zorder() for text in ax.texts]
    assert len(letters) == 6, "five steps, and the chosen one once more"
    assert all(a < b for a, b in zip(circles, letters, strict=True))
    assert all(a < b for a, b in zip(letters[:-1], circles[1:], strict=True))
