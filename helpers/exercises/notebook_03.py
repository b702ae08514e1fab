"""Checks of notebook 03's exercises, and the questions before its figures."""

import numpy as np

from helpers.data import REBER_SYMBOLS, is_legal
from helpers.exercises.checking import (
    Wrong,
    call,
    close,
    exercise,
    expect_any_number,
    expect_array,
    expect_number,
    expect_numbers,
    is_number,
)
from helpers.live.controls import Prediction
from helpers.live.typed import shown

# The questions that stand before the live figures, by the figure's name in the notebook.
predictions = {
    "stepper": Prediction(
        "You go from step 1 to step 5. Which numbers change?",
        ("everything, the weights too", "inputs, states and outputs", "the inputs and nothing else"),
        1,
        "The weight matrices are the same at every step: one layer, used five times. "
        "The inputs come from outside, the state changes with them, and the output with the state.",
    ),
    "explorer": Prediction(
        "You set the recurrent gain to 0.9. How much of the pulse's trace is left 54 steps later?",
        ("more than nine tenths", "about half of it", "less than a hundredth"),
        2,
        "0.9 to the power 54 is 0.003: every step takes its share. Now find the gain at which the trace stays.",
    ),
    "backwards": Prediction(
        "With gain 0.7, how much of the gradient at the last state is left 20 steps back?",
        ("about one half of it", "about a hundredth", "less than a thousandth"),
        2,
        "Each step multiplies by the gain, and by tanh's slope, which is below 1 too: the product vanishes fast.",
    ),
    "scrubber": Prediction(
        "A certain 1 comes next after 0, 1 and after 1, 0. Where will these states lie after training?",
        ("mixed with those before a 0", "on one side of a line", "in one single point"),
        1,
        "The output is a weighted sum of the state: what it is to tell apart must lie on two sides of a line.",
    ),
    "grammar_scrubber": Prediction(
        "The network never sees the nodes, only letters. After training, which states will lie close together?",
        ("those after the same letter", "those at the same node", "those at neighbouring time steps"),
        1,
        "What can come next depends on the node alone, so states at the same node are most useful when they are alike.",
    ),
    "temperature": Prediction(
        "After “the valu” the network is nearly sure of e. What does a temperature of 3 do to the other characters?",
        (
            "they all become equally likely",
            "they all become likelier, in the same order",
            "they become likelier, in another order",
        ),
        1,
        "Dividing by 3 shrinks the differences between logits, but keeps their order.",
    ),
    "reader": Prediction(
        "When the network reads a space, how many of the 128 units change their state strongly (by more than ½)?",
        (
            "one or two: the space detectors",
            "about half of them, as at any letter",
            "nearly all of them, only at spaces",
        ),
        1,
        "What the state holds is spread over many units. A unit with a meaning that we can name is the exception.",
    ),
    "speller_scrubber": Prediction(
        "States after a space lie apart from states after a letter. How much of the final distance is there after "
        "three of the ten epochs?",
        ("about a tenth", "most of it", "all of it"),
        1,
        "A part is there before training, for the symbol just read goes straight into the state. But training drives "
        "all states apart; below, the distance is also divided by how far they spread.",
    ),
}


@exercise
def count_parameters(for_5_steps, for_50_steps):
    """The parameters of the network with I = 3, H = 4, O = 2, for two lengths of sequence."""
    right = 3 * 4 + 4 * 4 + 4 + 4 * 2 + 2
    hints = {
        36: "Did you count the biases b_h and b_o?",
        26: "Did you count W_hh?",
        40: "Did you count b_o?",
        38: "Did you count b_h?",
        right * 5: "The five copies share one set of weights.",
    }
    hint = hints.get(float(for_5_steps), "One product a matrix.") if is_number(for_5_steps) else ""
    expect_number(for_5_steps, right, 0, "parameters_for_5_steps", hint)
    expect_number(for_50_steps, right, 0, "parameters_for_50_steps", "Which of the shapes contains T?")
    return "42 numbers, however long the sequence: no shape contains T."


@exercise
def one_step(function):
    """h_t = tanh(x_t W_ih + h_{t-1} W_hh + b_h) where the mask is True, else h_{t-1}; with sizes of its own."""
    for B, I, H, mask in ((3, 2, 5, [True, False, True]), (2, 4, 3, [False, True])):
        rng = np.random.default_rng(7)
        x_t, h, W_ih, W_hh = (rng.normal(size=shape) for shape in ((B, I), (B, H), (I, H), (H, H)))
        b_h, mask = rng.normal(size=H), np.array(mask)
        h_t = expect_array(call(function, x_t, h, mask, W_ih, W_hh, b_h, name="one_step"), (B, H), "one_step(…)")
        a, on = x_t @ W_ih + h @ W_hh + b_h, mask[:, None]
        if close(h_t, np.where(on, np.tanh(a), h)):
            continue
        if close(h_t, np.tanh(a)):
            raise Wrong(
                "The mask has no effect: every state moves on.", "np.where(mask[:, None], new state, old state)."
            )
        if close(h_t, np.where(on, h, np.tanh(a))):
            raise Wrong("The mask works the wrong way round.", "True means: this sequence goes on, take the new state.")
        if close(h_t, on * np.tanh(a)):
            raise Wrong("Where the mask is False your state is 0.", "It should stay what it was: h_before.")
        mistakes = (
            (a, "This is the pre-activation: tanh is missing."),
            (np.tanh(a - b_h), "The bias is missing."),
            (np.tanh(x_t @ W_ih + b_h), "The old state does not enter: without it there is no memory."),
            (np.tanh(h @ W_hh + b_h), "The input does not enter."),
            (np.tanh(x_t @ W_ih + h @ W_hh.T + b_h), "W_hh is transposed. It is square, so no shape complains."),
            (np.tanh(np.where(on, a, h)), "Where the mask is False, tanh is applied to the old state once more."),
        )
        for value, what in mistakes:
            if close(h_t[mask], value[mask]) and (close(h_t, value) or close(h_t[~mask], h[~mask])):
                raise Wrong(what)
        raise Wrong("The numbers are not those of the formula.", "Compare each term with section 3.2.")
    return "This line, in a loop over t, is the whole hidden layer, for sequences of any lengths."


@exercise
def smallest_gain(gain):
    """The least gain of the explorer's slider at which 1 % of the pulse's trace is left."""
    from helpers.figures.state_explorer import explore

    if not is_number(gain) or not 0 <= float(gain) <= 3:
        raise Wrong(f"smallest_gain: expected a number from 0 to 3, got {shown(gain)}.")
    gain = float(gain)

    def share(value):
        _, (states, _, silent) = explore(value, 1.0, 0.0, "pulse")
        trace = np.linalg.norm(states - silent, axis=1)
        return trace[-1] / trace.max()

    if abs(gain / 0.02 - round(gain / 0.02)) > 1e-6:
        raise Wrong(f"The slider has no place at {gain:g}.", "It moves in steps of 0.02.")
    if share(gain) < 0.01:
        raise Wrong(f"At {gain:g} only {100 * share(gain):.2g} % is left: it still forgets.", "Move the gain up.")
    if share(gain - 0.02) >= 0.01:
        raise Wrong(f"At {gain - 0.02:.2f} more than 1 % is left too.", "Move the gain down, one step at a time.")
    return f"At {gain:.2f}, {100 * share(gain):.0f} % is left; one step lower it is {100 * share(gain - 0.02):.1f} %."


@exercise
def delta(function):
    """δ_t = (dy_t W_hoᵀ + carried) h_t (1 − h_t), of a network whose activation is the sigmoid."""
    for B, H, O in ((3, 4, 2), (2, 5, 3)):
        rng = np.random.default_rng(11)
        dy_t, carried, W_ho = rng.normal(size=(B, O)), rng.normal(size=(B, H)), rng.normal(size=(H, O))
        h_t = 1 / (1 + np.exp(-rng.normal(size=(B, H))))
        value = expect_array(call(function, dy_t, carried, h_t, W_ho, name="delta"), (B, H), "delta(…)")
        g, slope, again = dy_t @ W_ho.T + carried, h_t * (1 - h_t), 1 / (1 + np.exp(-h_t))
        if close(value, g * slope):
            continue
        mistakes = (
            (g, "The slope of the sigmoid is missing."),
            (dy_t @ W_ho.T * slope, "What comes from the future (carried) is missing."),
            (carried * slope, "What comes from this step's output is missing."),
            (dy_t @ W_ho.T * slope + carried, "The slope must multiply both parts.", "Set brackets."),
            (dy_t @ W_ho.T + carried * slope, "The slope must multiply both parts.", "Set brackets."),
            (g * h_t - h_t, "h_t * 1 - h_t is not h_t * (1 - h_t).", "Set brackets."),
            (g * again * (1 - again), "h_t is σ(a_t) already: the sigmoid is applied twice."),
            (g * (1 - h_t**2), "This is the slope of tanh, not of the sigmoid."),
            (g * (1 - h_t), "The slope of the sigmoid is h (1 − h): one factor is missing."),
        )
        for wrong, *words in mistakes:
            if close(value, wrong):
                raise Wrong(*words)
        raise Wrong("The numbers are not those of the formula.", "δ_t = γ_t times the slope, element by element.")
    return "Every weight's gradient is a product of this δ with what the weight was multiplied by."


@exercise
def two_strings(legal, illegal):
    """A legal string of Reber's grammar with 8 letters or more, and an illegal one that differs in one letter."""
    for name, string in (("legal", legal), ("illegal", illegal)):
        if not isinstance(string, str):
            raise Wrong(f"{name}: expected a string, got {type(string).__name__}.")
        if strange := set(string) - set(REBER_SYMBOLS):
            hint = "Write capital letters." if string.upper() != string else ""
            raise Wrong(f"{name}: {min(strange)!r} is none of the grammar's letters, B T S X V P E.", hint)
    if len(legal) < 8:
        raise Wrong(f"legal: expected at least 8 letters, got {len(legal)}.", "Loops make a string longer: B T S S …")
    if not is_legal(legal):
        raise Wrong(f"{legal!r} is not legal.", "Begin with B, follow the arrows, end with E.")
    if is_legal(illegal):
        raise Wrong(f"{illegal!r} is legal.", "Exchange one letter for one that has no arrow there.")
    if len(illegal) != len(legal) or sum(a != b for a, b in zip(legal, illegal, strict=True)) != 1:
        raise Wrong("The two strings must differ in exactly one letter.")
    return "Now see below what the network makes of them."


@exercise
def probabilities(function):
    """softmax(logits / temperature), for rows of logits, large ones too."""
    logits = np.array([[2.0, 1.0, 0.0, -1.0], [0.5, 0.5, 3.0, 0.0]])

    def softmax(z):
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    for temperature in (1.0, 0.5, 2.0):
        value = expect_array(
            call(function, logits, temperature, name="probabilities"), logits.shape, "probabilities(…)"
        )
        if close(value, softmax(logits / temperature)):
            continue
        if close(value, softmax(logits)):
            raise Wrong("The temperature has no effect.")
        if close(value, softmax(logits * temperature)):
            raise Wrong("The temperature multiplies; it must divide.")
        if close(value, np.exp(logits / temperature)) or close(value.sum(), 1.0):
            raise Wrong("Each row must add up to 1.", "Divide by the sum over the last axis, with keepdims=True.")
        raise Wrong("The numbers are not right.", "exp(logits / temperature), divided by the sum of its row.")
    far = np.array([[1000.0, 999.0], [0.0, 1.0], [1000.0, 0.0]])
    for temperature in (1.0, 0.5):
        with np.errstate(all="ignore"):
            large = expect_numbers(call(function, far, temperature, name="probabilities"), "probabilities(…)")
        right = softmax(far / temperature)
        if large.shape != far.shape:
            raise Wrong(f"For logits of shape {far.shape} the result has shape {large.shape}.", "Fix no size.")
        rows = [close(row, right_row) for row, right_row in zip(large, right, strict=True)]
        if all(rows):
            continue
        if rows[:2] == [True, True]:
            raise Wrong(
                f"With [1000, 0] in one row the result is not right at temperature {temperature:g}: exp overflows.",
                "Subtract each row's *maximum*: then no exponent is above 0.",
            )
        if temperature != 1:  # right at 1: the maximum was there, but that of other numbers
            raise Wrong(
                f"With [1000, 999] in one row the result is not right at a temperature of {temperature}.",
                "Subtract the maximum *after* dividing by the temperature.",
            )
        if not np.isfinite(large[0]).all():
            raise Wrong(
                "With logits like 1000 the result is not finite: exp overflows.", "Subtract each row's maximum first."
            )
        if not rows[0]:
            raise Wrong(
                "With [1000, 999] in one row this row is not right: the first should get 73 %.",
                "Subtract each row's maximum: that keeps the differences between the logits. A limit does not.",
            )
        raise Wrong(
            "With [1000, 999] in one row and [0, 1] in the next, the second row is not right.",
            "Subtract from each row its *own* maximum: max(axis=-1, keepdims=True).",
        )
    return "Small temperatures favour the likeliest symbol, large ones make all alike."


@exercise
def multiplications(function):
    """B·T·(I·H + H·H + H·O) multiplications for one forward pass."""
    # the first sizes tell all the mistakes below apart
    for sizes in ((3, 5, 2, 7, 4), (1, 1, 1, 1, 1), (2, 5, 3, 4, 2), (32, 50, 27, 128, 27)):
        B, T, I, H, O = sizes
        value, right = call(function, *sizes, name="multiplications"), B * T * (I * H + H * H + H * O)
        value = expect_any_number(value, "multiplications(…)")
        if value == right:
            continue
        mistakes = {
            T * (I * H + H * H + H * O): "Each of the B sequences needs its own products.",
            B * (I * H + H * H + H * O): "Each of the T steps needs its own products.",
            B * T * (I * H + H * O): "The product with W_hh is missing.",
            B * T * (I * H + H * H): "The product with W_ho is missing.",
            B * T * (H * H + H * O): "The product with W_ih is missing.",
            B * T * I * H * O: "The products are done one after the other: add them.",
        }
        raise Wrong(
            f"For B, T, I, H, O = {sizes}: {value:.9g} is not right.",
            mistakes.get(value, "(B, n) times (n, m) needs B·n·m multiplications."),
        )
    return "When H is much larger than I + O, the part H·H rules: twice the units cost almost four times the work."
