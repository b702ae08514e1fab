"""Checks of notebook 02's exercises, and the questions before its figures."""

import numpy as np

from helpers.data import gate_points, past_windows
from helpers.exercises.checking import Wrong, call, close, exercise, expect_array, expect_number, is_number
from helpers.exercises.xor_hints import pair, xor_hint
from helpers.live.controls import Prediction
from helpers.live.typed import shown

# The questions that stand before the live figures, by the figure's name in the notebook.
predictions = {
    "one_neuron": Prediction(
        "AND, OR and XOR: for how many of the three do you think a line exists that has all four points on the right "
        "side?",
        ("one of them", "two of them", "all of them"),
        1,
        "AND and OR are easy. For XOR, three of four points is the most you will get; the text below says why.",
    ),
    "activation": Prediction(
        "In learning, a signal goes back through the units, and each multiplies it by its slope. "
        "The sum of a tanh unit is a = 3. About how much of the signal does it let through?",
        ("all of it", "half of it", "a hundredth"),
        2,
        "tanh is nearly level at 3: its slope there is 0.01. The unit is saturated.",
    ),
    "descent": Prediction(
        "On the bowl, α = 0.1 comes down well. What happens at a learning rate of 0.6?",
        (
            "it comes down six times as fast as before",
            "it leaps over the bottom, but still arrives",
            "soon each step lands higher than the one before",
        ),
        2,
        "At 0.6 each step leaps so far over the bottom that it lands higher up on the other side. The first steps "
        "hide it, because in the flat direction they still come nearer. Find the rate at which this begins.",
    ),
    "passes": Prediction(
        "The sample (1, 0) has x₂ = 0. After the way back, what is the slope dJ/dW of the three weights that lead "
        "from x₂?",
        ("exactly zero", "like that of x₁", "small, but not zero"),
        0,
        "A weight's slope is what entered it times what came back to its end. Nothing entered here, "
        "so a change of these weights changes nothing.",
    ),
    "bending": Prediction(
        "The output neuron draws one straight line, and no straight line parts the points of XOR. "
        "How can training succeed?",
        (
            "the output's line becomes a curve",
            "the hidden layer moves the points",
            "it cannot, and one point stays wrong",
        ),
        1,
        "Play the epochs: the grid is stretched and folded until both points with answer 1 lie on one side "
        "of a straight line.",
    ),
    "moons": Prediction(
        "What will the network do first, in the first ten epochs?",
        ("find a nearly straight border", "bend the border around single points", "bend it between the moons"),
        0,
        "A straight border is right for nine points in ten, so it removes most of the loss, and every unit can help. "
        "A bend helps only the last tenth: it comes later.",
    ),
    "map_figure": Prediction(
        "55 % of the held-out places are land, so “land” alone is right for 55 %. "
        "How many will the network with two layers of 16 units get right?",
        ("about 60 %", "about 90 %", "all of them"),
        1,
        "It finds the large shapes, and misses fjords, islets and two larger pieces of coast. Look at the third map.",
    ),
    "pasts": Prediction(
        "Sequences A and B differ in one bit, 3 steps before the last. Which windows let the network answer "
        "differently at the last step?",
        ("2 inputs or more", "3 inputs or more", "4 inputs or more"),
        2,
        "The last step and three before it: four inputs. "
        "With fewer, both pasts look the same, so both answers are the same.",
    ),
    "cost": Prediction(
        "Text: 27 numbers per step, 128 hidden units. A window of 100 letters, or a loop: which has more parameters?",
        ("they have about equally many", "the window, 15 times as many", "the loop, twice as many"),
        1,
        "Each letter in the window brings 27 · 128 weights of its own. The loop uses the same weights for each letter.",
    ),
}


@exercise
def xor_by_hand(W_ih, b_h, W_ho, b_o):
    """Exercise 2.1: two hidden neurons with a step, and one output, that answer XOR."""
    W_ih, b_h = expect_array(W_ih, (2, 2), "W_ih"), expect_array(b_h, (2,), "b_h")
    W_ho, b_o = expect_array(W_ho, (2, 1), "W_ho"), expect_array(b_o, (1,), "b_o")
    x, target = gate_points("XOR")
    h = (x @ W_ih + b_h > 0).astype(float)
    answer = (h @ W_ho + b_o > 0).astype(float)
    wrong = np.flatnonzero((answer != target)[:, 0])
    if not len(wrong):
        return "All four rows are right: your network computes XOR."
    k = wrong[0]
    raise Wrong(
        f"{4 - len(wrong)} of 4 rows are right. Row {pair(x[k])}: h = {pair(h[k])}, your answer is "
        f"{answer[k, 0]:g}, wanted is {target[k, 0]:g}.",
        xor_hint(x, h),
    )


@exercise
def count(count_parameters):
    """Exercise 2.2: the number of weights and biases of layers of given sizes."""
    for sizes in [(2, 3, 1), (4, 5, 3), (2, 8, 2, 1), (3, 2), (27, 64, 64, 64, 27)]:
        given = call(count_parameters, sizes, name="count_parameters")
        pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
        weights, biases = sum(a * b for a, b in pairs), sum(sizes[1:])
        if not is_number(given) or given != weights + biases:
            hint = "For each pair of layers: a matrix, and a bias for each unit that it leads to."
            if given == weights:
                hint = "These are the weights alone. Each unit that is not an input has a bias too."
            elif given == weights + biases + sizes[0]:
                hint = "The inputs have no bias: they are not neurons."
            elif len(sizes) != 3:
                hint += " Your function must work for any number of layers."
            raise Wrong(f"For sizes {sizes} your function gives {shown(given)}, which is not right.", hint)
    return "It works for every network, with one hidden layer or many."


@exercise
def sigmoid_slope(sigmoid_slope):
    """Exercise 2.3: the slope of σ(a) = 1 / (1 + e⁻ᵃ), for an array of sums a."""
    a = np.array([-3.0, -0.5, 0.0, 1.0, 4.0])
    ε = 1e-4

    def σ(a):
        return 1 / (1 + np.exp(-a))

    h, measured = σ(a), (σ(a + ε) - σ(a - ε)) / (2 * ε)
    given = expect_array(call(sigmoid_slope, a, name="sigmoid_slope"), a.shape, "your slope")
    if close(given, measured, 1e-6):
        others = np.array([[0.3, -2.0]])
        again = expect_array(call(sigmoid_slope, others, name="sigmoid_slope"), (1, 2), "your slope")
        if not close(again, σ(others) * (1 - σ(others)), 1e-6):
            raise Wrong("With other sums your slope is not right.", "Use the argument `a`, whatever it holds.")
        return "It agrees with (σ(a + ε) − σ(a − ε)) / 2ε at five places. The largest slope is 0.25, at a = 0."
    if close(given, a * (1 - a)):
        raise Wrong(f"At a = 4 your slope is {given[4]:g}.", "In h (1 − h), h is σ(a), not a itself.")
    if close(given, h):
        raise Wrong("That is σ(a) itself, not its slope.", "How fast does it rise? At a = 4 it is nearly level.")
    if close(given, 1 - h**2) or close(given, 1 - np.tanh(a) ** 2):
        raise Wrong(
            "That is the form of the slope of tanh.", "Derive 1 / (1 + e⁻ᵃ), and write the result with h = σ(a)."
        )
    if close(given, -measured, 1e-6):
        raise Wrong("The sign is wrong: the sigmoid rises everywhere.", "The inner function −a brings a second minus.")
    k = int(np.abs(given - measured).argmax())
    raise Wrong(
        f"At a = {a[k]:g} your slope is {given[k]:.4f}, which is not right.",
        "Measure it: (σ(a + 0.001) − σ(a − 0.001)) / 0.002.",
    )


@exercise
def descent(descend):
    """Exercise 2.4: descend(theta, gradient, rate, steps) -> theta after these steps of gradient descent."""
    for curvature, middle, theta, rate, steps in (
        ([1.0, 3.0], [2.0, -1.0], [0.0, 1.0], 0.1, 7),
        ([2.0, 0.5, 1.0], [-1.0, 4.0, 0.0], [1.0, 1.0, -2.0], 0.25, 4),
        ([1.0], [3.0], [0.5], 0.4, 0),
    ):
        one_descent(descend, np.array(curvature), np.array(middle), np.array(theta), rate, steps)
    return "From (0, 1) towards the lowest point at (2, −1), and right for other surfaces, rates and numbers of steps."


def one_descent(descend, curvature, middle, theta, rate, steps):
    """Wrong unless `descend` ends where `steps` steps from `theta` lead, on a bowl around `middle`."""

    def gradient(theta):
        return curvature * (np.asarray(theta, float) - middle)

    def after(steps, rate):
        return middle + (1 - rate * curvature) ** steps * (theta - middle)

    given = expect_array(call(descend, theta, gradient, rate, steps, name="descend"), theta.shape, "theta")
    if close(given, after(steps, rate)):
        return
    if steps == 0:
        raise Wrong("After 0 steps theta should be where it started.", "Does the loop run `steps` times?")
    if close(given, after(steps, -rate)):
        raise Wrong("Your steps lead uphill.", "The gradient points to where the loss grows: subtract it.")
    for wrong in (steps - 1, steps + 1, 1, 0):
        if close(given, after(wrong, rate)):
            raise Wrong(
                f"That is theta after {wrong} step{'s' * (wrong != 1)}, not {steps}.",
                "Count the rounds of your loop; return after it.",
            )
    if close(given, theta - steps * rate * gradient(theta)):
        raise Wrong("The gradient is taken only once.", "Ask for it again at each new theta: gradient(theta).")
    if close(given, after(steps, 0.1)):
        raise Wrong("Your learning rate is always 0.1.", "Use the argument `rate`, whatever it is.")
    if close(given, after(7, rate)):
        raise Wrong("Your function always takes 7 steps.", "Use the argument `steps`, whatever it is.")
    hint = "One step: theta = theta - rate * gradient(theta)."
    raise Wrong(f"theta is not where {steps} steps lead, at a rate of {rate}.", hint)


@exercise
def largest_rate(rate):
    """Exercise 2.5: the learning rate at which J(θ) = 1.5 (θ − 2)² begins to diverge."""
    hints = {
        1 / 3: "At 1/3 one step leads exactly to the lowest point. It may step over it, and still come nearer.",
        4 / 3: "The gradient of 1.5 (θ − 2)² is 3 (θ − 2). Did you forget the factor 2 of the power?",
        1.0: "At α = 1 the distance to 2 is multiplied by 1 − 3 = −2: it doubles each time.",
    }
    hint = "Each step multiplies the distance θ − 2 by a number: 1 − 3α. When does the distance not shrink?"
    for value, why in hints.items():
        try:
            hint = why if abs(float(rate) - value) < 0.01 else hint
        except (TypeError, ValueError):
            break
    expect_number(rate, 2 / 3, 0.005, "rate", hint)
    return "The distance is multiplied by 1 − 3α each time, and that is −1 at α = 2/3."


@exercise
def relu_backward(backward_relu):
    """Exercise 2.6: backward_relu(x, a, h, dy, W_ho) -> dW_ih, db_h, dW_ho, db_o, of a network with relu."""
    for sizes in ((6, 2, 4, 3), (3, 4, 2, 1)):
        one_relu_backward(backward_relu, *sizes)
    return "All four gradients are right."


def one_relu_backward(backward_relu, B, I, H, O):
    """Wrong unless the four gradients are right for these sizes."""
    rng = np.random.default_rng(7)
    x, W_ho, dy = rng.normal(size=(B, I)), rng.normal(size=(H, O)), rng.normal(size=(B, O))
    a = x @ rng.normal(size=(I, H)) + 0.3
    h = np.maximum(a, 0)
    dh = dy @ W_ho.T
    da = dh * (a > 0)
    right = {"dW_ih": x.T @ da, "db_h": da.sum(axis=0), "dW_ho": h.T @ dy, "db_o": dy.sum(axis=0)}
    given = call(backward_relu, x, a, h, dy, W_ho, name="backward_relu")
    if not isinstance(given, tuple | list) or len(given) != 4:
        raise Wrong("Expected four arrays: return dW_ih, db_h, dW_ho, db_o.", "Keep this order.")
    for (name, wanted), array in zip(right.items(), given, strict=True):
        array = expect_array(array, wanted.shape, name)
        if close(array, wanted):
            continue
        hint = "Compare with the lines for tanh above: only the slope is another."
        if name in ("dW_ih", "db_h"):
            tanh, own = dh * (1 - h**2), (lambda v, n=name: x.T @ v if n == "dW_ih" else v.sum(axis=0))
            if close(array, own(tanh)):
                hint = "That is the slope of tanh. relu has slope 1 where a > 0, and 0 elsewhere."
            elif close(array, own(dh)):
                hint = "The slope is missing: where relu is switched off, no gradient passes."
            elif close(array, own(dh * (a <= 0))):
                hint = "The slope is 1 where a > 0, not where a is below it."
        if name[1] == "b" and close(array, wanted / B):
            hint = "Sum over the samples, not their mean: the mean is already in dy."
        raise Wrong(f"{name} is not right.", hint)


@exercise
def windows(windows):
    """Exercise 2.7: windows(x, width): x (T,) -> (T, width), the newest first, zeros before the start."""
    x, width = np.array([3.5, 1.0, 4.25, 1.0, 5.0, 9.0]), 3
    right = past_windows(x[:, None], width)
    given = expect_array(call(windows, x, width, name="windows"), right.shape, "windows")
    if close(given, right):
        one = expect_array(call(windows, x, 1, name="windows"), (6, 1), "windows with width 1")
        if not close(one[:, 0], x):
            raise Wrong(
                "With width 1 a window should hold the input of its own step.", "No step back at all: x itself."
            )
        longer, wider = np.array([2.0, 0.5, 7.0, 1.0, 3.0, 8.0, 6.0, 4.0]), 4
        again = expect_array(call(windows, longer, wider, name="windows"), (8, 4), "windows of width 4 over 8 inputs")
        if not close(again, past_windows(longer[:, None], wider)):
            raise Wrong("With 8 inputs and width 4 the windows are not right.", "Use the arguments, no fixed numbers.")
        wider_than_the_sequence(windows)
        return "Each row holds this step's input, then the one before it, and so on."
    if close(given, np.trunc(right)):
        raise Wrong("The decimals are lost: 3.5 became 3.", "An array of whole numbers cuts them off. Leave dtype out.")
    wrapped = np.stack([np.roll(x, n) for n in range(width)], axis=1)
    forward = np.stack([np.append(x[n:], np.zeros(n)) for n in range(width)], axis=1)
    late = past_windows(x[:, None], width + 1)[:, 1:]
    if close(given, right[:, ::-1]):
        raise Wrong("The oldest input stands first.", "The newest belongs in column 0.")
    if close(given, wrapped):
        raise Wrong(
            "The first rows hold inputs from the end.", "np.roll goes around: put zeros where nothing came before."
        )
    if close(given, forward):
        raise Wrong("Your windows look into the future.", "Column n holds what came n steps *before*.")
    if close(given, late):
        raise Wrong("The input of the step itself is missing.", "Column 0 is x[t], column 1 is x[t - 1].")
    t = int(np.argmax(np.abs(given - right).max(axis=1)))
    raise Wrong(f"Row {t} is {given[t]}, which is not right.", "Row t, column n: x[t - n], or 0 if t - n is below 0.")


def wider_than_the_sequence(windows):
    """Wrong if the reader's `windows` fails where the window is wider than the sequence is long."""
    x, width = np.array([2.5, 7.0, 1.0]), 6
    hint = "All that came before the first input is 0. With slices: x[:len(x) - n] counts from the end once n > len(x)."
    try:
        given = call(windows, x, width, name="windows")
    except ValueError as error:
        raise Wrong(f"With 3 inputs and width 6 your function stops: {error}", hint) from None
    given = expect_array(given, (3, 6), "windows of width 6 over 3 inputs")
    if not close(given, past_windows(x[:, None], width)):
        raise Wrong("With 3 inputs and width 6 the windows are not right.", hint)


@exercise
def window_needed(width):
    """Exercise 2.8: the smallest window for: is the bit of this step equal to the bit five steps ago?"""
    hints = {
        5: "Count the steps: now, 1 ago, 2 ago, … 5 ago.",
        4: "Five steps ago is further back than that.",
        2: "Two bits are compared, but a window is unbroken: it holds all steps between them too.",
    }
    hint = hints.get(
        width if isinstance(width, int) else None, "A window of w inputs holds this step and the w − 1 steps before it."
    )
    expect_number(width, 6, 0, "width", hint)
    return "This step and five before it."
