"""Checks of notebook 05's exercises."""

from itertools import product

import numpy as np

from helpers.exercises.checking import ROUNDED, Wrong, call, close, exercise, expect_any_number, expect_array
from helpers.live.controls import Prediction

# The questions that stand before the live figures, by the figure's name in the notebook.
predictions = {
    "lag_figure": Prediction(
        (
            "An orthogonal matrix keeps every length. You make tanh the activation. What is left of the "
            "gradient 60 steps back?"
        ),
        ("nearly all of it", "about one part in 250", "less than a millionth"),
        1,
        (
            "The matrix takes nothing, but the slope of tanh is below 1 wherever a state is not 0: "
            "about 0.9 on average here."
        ),
    ),
    "gate_figure": Prediction(
        "While there is no write signal, a unit that keeps the bit in its cell should have which gates open?",
        ("forget gate open, input gate shut", "forget gate shut, input gate open", "forget gate open, input gate open"),
        0,
        (
            "c = f·c + i·g: to keep it in this one cell, f must be near 1 and i·g near 0, most simply by i near 0. "
            "To write, the other way round."
        ),
    ),
    "scan_picture": Prediction(
        (
            "For a sequence of 16 steps a loop makes 15 joins, one after the other. How many passes does a scan need, "
            "whose joins run at once?"
        ),
        ("4 passes", "8 passes", "15 passes"),
        0,
        "Each pass doubles how many steps a place stands for: 1, 2, 4, 8, 16.",
    ),
    "attention": Prediction(
        ("The network itself never learned to add. Where will the attention over its states look after training?"),
        (
            "at the last steps, which hold everything",
            "at the two marked steps above all",
            "about equally at all of the steps",
        ),
        1,
        (
            "A state shows what was read at its own step, the mark too. So a query can favour the marked ones, however "
            "old: a marked step gets far more than its share. How much differs from start to start."
        ),
    ),
}


def is_pair(answer, dimensions):
    """True for a tuple or list of two, and for an array of so many dimensions that holds two parts."""
    if isinstance(answer, np.ndarray):
        return answer.ndim == dimensions and len(answer) == 2
    return isinstance(answer, tuple | list) and len(answer) == 2


@exercise
def bound(function):
    """(steepest · σ)^lag with the largest singular value σ of W_hh."""
    rng = np.random.default_rng(5)
    four, three = rng.normal(size=(4, 4)), rng.normal(size=(3, 3))
    for W, steepest, lag in ((four, 1.0, 3), (four, 0.25, 5), (three, 0.5, 2), (four, 1.0, 0)):
        sigma, radius = np.linalg.norm(W, 2), np.abs(np.linalg.eigvals(W)).max()
        value = call(function, W, steepest, lag, name="bound")
        if isinstance(value, np.ndarray) and value.size == 1:
            value = value.reshape(())  # one number in a box of its own is right, too
        value = expect_array(value, (), "bound(…)")
        if close(value, (steepest * sigma) ** lag):
            continue
        mistakes = (
            (
                (steepest * radius) ** lag,
                "This takes the spectral radius.",
                "The singular value: np.linalg.norm(W, 2).",
            ),
            (steepest * sigma**lag, "The slope enters at every step too.", "Set brackets before the power."),
            (steepest * sigma * lag, "Each step multiplies: take a power, do not multiply by the lag."),
            (sigma**lag, "The steepest slope is missing."),
            ((steepest * np.linalg.norm(W)) ** lag, "np.linalg.norm(W) adds up all squares.", "np.linalg.norm(W, 2)"),
            (min(1.0, (steepest * sigma) ** lag), "The bound may be above 1: a gradient can explode.", "Take no min."),
        )
        for wrong, *words in mistakes:
            if close(value, wrong):
                raise Wrong(*words)
        raise Wrong(f"For slope {steepest:g} and lag {lag} it is not right.", "(γσ) to the power of the lag.")
    return "The same factor at each step: more than this cannot be left. How much is, depends on states and directions."


@exercise
def clip(function):
    """gradient · min(1, limit / ‖gradient‖), with the gradient that came in unchanged.

    limit / (‖gradient‖ + 10⁻⁶), as some libraries have it to be safe from 0/0, is right too.
    """
    long, short = np.array([3.0, 4.0]), np.array([0.3, -0.4])
    for gradient, limit in ((long, 2.0), (long, 0.5), (short, 1.0), (short, 0.2), (np.zeros(3), 1.0)):
        written = f"clip({gradient.tolist()}, {limit:g})"
        value = expect_array(call(function, gradient, limit, name="clip"), gradient.shape, written)
        length = np.linalg.norm(gradient)
        right = gradient * (limit / length if length > limit else 1)
        if close(value, right, 2 * ROUNDED):
            given = gradient.copy()
            function(given, limit)
            if not np.array_equal(given, gradient):
                raise Wrong("The gradient that came in was changed.", "gradient * factor makes a new one.")
            continue
        if close(value, np.clip(gradient, -limit, limit)):
            raise Wrong("Each number is cut by itself: that turns the gradient.", "Multiply all of it by one factor.")
        if length > limit and close(value, gradient / length):
            raise Wrong(f"The result has length 1; the limit was {limit:g}.", "gradient * (limit / length)")
        if length and close(value, gradient * limit / length):
            raise Wrong("A short gradient must stay as it is.", "Only if its length is above the limit.")
        if close(value, gradient):
            raise Wrong(f"A gradient of length 5 came back with length 5; the limit was {limit:g}.")
        short = np.linalg.norm(value)
        if length > limit > short > 0 and close(value * length, gradient * short):
            raise Wrong("The direction is right, but this is shorter than the limit.", "gradient * (limit / length)")
        raise Wrong(f"{written} is not right.", "Same direction; the limit as its length, if it was longer.")
    return "The direction stays, the length does not exceed the limit."


@exercise
def lstm_step(function):
    """One step of an LSTM in Keras' order i, f, c, o: the pair (h, c)."""
    for B, I, H in ((2, 3, 4), (3, 2, 5)):
        rng = np.random.default_rng(6)
        shapes = ((B, I), (B, H), (B, H), (I, 4 * H), (H, 4 * H), (4 * H,))
        x_t, h, c, W_ih, W_hh, b_h = (rng.normal(size=shape) for shape in shapes)
        answer = call(function, x_t, h, c, W_ih, W_hh, b_h, name="lstm_step")
        if not is_pair(answer, 3):
            raise Wrong("lstm_step: expected two arrays, the new h and the new c.", "return h, c")
        new_h = expect_array(answer[0], (B, H), "the new h")
        new_c = expect_array(answer[1], (B, H), "the new c")

        def sigmoid(a):
            return 1 / (1 + np.exp(-a))

        def cell_from(a, c):
            i, f, g, _ = np.split(a, 4, axis=1)
            return sigmoid(f) * c + sigmoid(i) * np.tanh(g)

        a = x_t @ W_ih + h @ W_hh + b_h
        i, f, g, o = np.split(a, 4, axis=1)
        right_c = cell_from(a, c)
        right_h = sigmoid(o) * np.tanh(right_c)
        if close(new_c, right_c) and close(new_h, right_h):
            continue
        if close(new_c, right_h) and close(new_h, right_c):
            raise Wrong("h and c are exchanged.", "Return h first.")
        if close(new_c, cell_from(x_t @ W_ih + h @ W_hh, c)):
            raise Wrong("The bias b_h is missing.")
        if close(new_c, cell_from(x_t @ W_ih + b_h, c)):
            raise Wrong("The old state h does not enter the gates.", "x_t @ W_ih + h @ W_hh + b_h")
        cells = (
            (
                sigmoid(f) * c + sigmoid(i) * np.tanh(o),
                "Candidate and output are exchanged.",
                "The order is i, f, c, o.",
            ),
            (
                sigmoid(i) * c + sigmoid(f) * np.tanh(g),
                "Forget and input gate are exchanged.",
                "The order is i, f, c, o.",
            ),
            (sigmoid(f) * c + sigmoid(i) * sigmoid(g), "The candidate takes tanh, not the sigmoid."),
            (sigmoid(i) * np.tanh(g), "The old cell does not enter.", "c = f · c + i · g"),
            (sigmoid(f) * c + sigmoid(i) * g, "tanh of the candidate is missing."),
            (f * c + i * np.tanh(g), "The gates must go through the sigmoid."),
        )
        for value, *words in cells:
            if close(new_c, value):
                raise Wrong(*words)
        if close(new_c, right_c):
            if close(new_h, sigmoid(o) * right_c):
                raise Wrong("h = o · tanh(c): the tanh is missing.")
            if close(new_h, np.tanh(right_c)):
                raise Wrong("The output gate is missing from h.")
            if close(new_h, sigmoid(o) * np.tanh(c)):
                raise Wrong("h is made from the new cell, not from the old one.")
            raise Wrong("c is right, h is not.", "h = o · tanh(c)")
        raise Wrong("c is not right.", "c = f · c + i · g, with i, f, g, o from the four quarters of the sum.")
    return "A sum carries the cell from step to step; on this direct way there is a gate, but no matrix."


@exercise
def memoryless(function):
    """copied · ln(symbols) / (blanks + 2 · copied)."""
    for blanks, copied, symbols in ((20, 10, 8), (100, 10, 8), (7, 3, 4)):
        value = call(function, blanks, copied, symbols, name="memoryless")
        value = float(expect_array(value, (), "memoryless(…)"))
        right = copied * np.log(symbols) / (blanks + 2 * copied)
        if close(value, right):
            continue
        mistakes = {
            copied * np.log(symbols): "This is the sum; the loss is the mean over all steps.",
            copied * np.log2(symbols) / (blanks + 2 * copied): "This is in bits: take the natural logarithm, np.log.",
            copied * np.log(symbols) / (blanks + copied): "How long is a sequence? The symbols are read and written.",
            copied * np.log(symbols) / (copied): "The sure steps count too: they cost 0, but they are steps.",
            np.log(symbols) / (blanks + 2 * copied): "There are as many guesses as symbols to copy.",
        }
        # Numbers of the formula that are left: they are right only where 10 symbols of 8 kinds are copied.
        for guesses, kinds, length in product((copied, 10), (symbols, 8), (2 * copied, 20)):
            left = [str(n) for n, there in ((10, guesses), (8, kinds), (20, length)) if n == there]
            mistakes[guesses * np.log(kinds) / (blanks + length)] = (
                f"This still takes {' and '.join(left)} from the formula, whatever is asked for; "
                f"here {copied} symbols of {symbols} kinds are copied."
            )
        for wrong, words in mistakes.items():
            if close(value, wrong):
                raise Wrong(words)
        raise Wrong(f"memoryless({blanks}, {copied}, {symbols}) is not right.", "A guess among n costs ln n nats.")
    return "Below this line a network must have remembered something."


@exercise
def steps_that_see(function):
    """max(0, k − n): the steps of a piece of length k whose past n steps back lies inside the piece."""
    for piece, lag in ((8, 5), (4, 5), (16, 5), (5, 5), (6, 0)):
        value = expect_any_number(call(function, piece, lag, name="steps_that_see"), "steps_that_see(…)")
        if value == max(0, piece - lag):
            continue
        if value == piece - lag:
            raise Wrong(f"For a piece of {piece} and a lag of {lag} the answer cannot be below 0.", "max(0, …)")
        if value == max(0, piece - lag + 1):
            raise Wrong("One too many.", "Count for a piece of 2 and a lag of 1: only the second step sees the first.")
        raise Wrong(f"For a piece of {piece} and a lag of {lag}: {value:g} is not right.", "Draw a row of boxes.")
    return "A piece no longer than the lag never sees it: the gradient says nothing about it."


@exercise
def join(function):
    """(a₂ a₁, a₂ b₁ + b₂): first step 1, then step 2."""
    for a1, b1, a2, b2 in np.random.default_rng(8).normal(size=(2, 4)):
        answer = call(function, (a1, b1), (a2, b2), name="join")
        if not is_pair(answer, 1):
            raise Wrong("join: expected a pair (a, b).", "return a, b")
        a, b = (float(expect_array(part, (), name)) for part, name in zip(answer, ("a", "b"), strict=True))
        if close([a, b], [a2 * a1, a2 * b1 + b2]):
            continue
        mistakes = (
            ((a2 * a1, a1 * b2 + b1), "This does the second step first.", "Put the first result into the second step."),
            ((a2 * a1, b1 + b2), "The second step multiplies b₁ too."),
            ((a1 + a2, a2 * b1 + b2), "Two factors in a row multiply."),
            ((a2, a2 * b1 + b2), "The factor of the first step is lost."),
        )
        for wrong, *words in mistakes:
            if close([a, b], wrong):
                raise Wrong(*words)
        raise Wrong("The pair is not right.", "a₂ (a₁ h + b₁) + b₂: collect what multiplies h, and what is left.")
    return "Neighbours may be joined in any grouping, as long as the order stays: all that a parallel scan needs."


@exercise
def attend(function):
    """softmax(states · q / √H) over the steps, and the weighted mean of the states: (weights, read)."""
    for T, H in ((5, 3), (4, 6)):  # with H = 4 alone, an answer that divides by 2 would pass, since √4 = 2
        rng = np.random.default_rng(9)
        states, q = rng.normal(size=(T, H)), rng.normal(size=H)
        answer = call(function, states, q, name="attend")
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise Wrong("attend: expected two arrays, the weights (T,) and what is read (H,).", "return weights, read")
        weights = expect_array(answer[0], (T,), "the weights")
        read = expect_array(answer[1], (H,), "what is read")

        def softmax(s):
            e = np.exp(s - s.max())
            return e / e.sum()

        scores = states @ q
        right = softmax(scores / np.sqrt(H))
        if close(weights, right) and close(read, right @ states):
            continue
        mistakes = (
            (softmax(scores), "The scores are not divided by √H."),
            (softmax(scores / H), "Divide by the root of H, not by H."),
            (np.exp(scores / np.sqrt(H)), "The weights must add up to 1."),
            (scores / np.sqrt(H), "The softmax is missing."),
        )
        for wrong, words in mistakes:
            if close(weights, wrong):
                raise Wrong(words)
        if close(weights, right):
            raise Wrong("The weights are right, what is read is not.", "weights @ states")
        raise Wrong("The weights are not right.", "softmax(states @ q / np.sqrt(H))")
    return "Every state is one product away, however long ago it was."
