"""Checks of notebook 07's exercises."""

import numpy as np

from helpers.exercises.checking import Wrong, call, close, exercise, expect_array, expect_number, expect_numbers
from helpers.live.controls import Prediction
from helpers.live.typed import shown
from helpers.networks import SimpleRNN

# The questions that stand before the live figures, by the figure's name in the notebook.
predictions = {
    "field_figure": Prediction(
        (
            "Three layers with kernel size 3, dilations 1, 1, 1: an output sees 7 inputs. "
            "How many does it see with dilations 1, 2, 4?"
        ),
        ("7 inputs", "15 inputs", "27 inputs"),
        1,
        "Each layer adds (K − 1) times its dilation: 1 + 2 + 4 + 8 = 15. With doubling it grows like a power of two.",
    ),
    "tree_figure": Prediction(
        (
            "Both networks learned from expressions with at most three operations inside one another. "
            "Which reads expressions with five more reliably?"
        ),
        ("the recursive one, over the tree", "the recurrent one, over the symbols", "both of them equally well"),
        0,
        "Every node of a deep tree is a step that the recursive network knows; the chain needs a deeper memory.",
    ),
    "memory_figure": Prediction(
        "16 tanh units with random weights. The spectral radius goes from 0.9 up to 1.3. What becomes of the memory?",
        ("it gets longer", "it gets shorter", "it stays the same"),
        1,
        "Above 1 the network's own activity drowns the inputs. A large radius is not a long memory.",
    ),
    "recall_figure": Prediction(
        "The list that is to be remembered grows from 1 pair to 8. Whose answers get worse?",
        ("the attention network's", "the recurrent network's", "those of both networks"),
        1,
        "Attention keeps the whole list and looks. The recurrent network must have packed it into its one state.",
    ),
}


@exercise
def receptive_field(function):
    """1 + (K - 1) Σ d."""
    for kernel, dilations in (
        (5, (1, 3, 4)),  # tells all the mistakes below apart
        (3, (1, 2, 4)),
        (2, (1, 2, 4, 8)),
        (5, (1,)),
        (1, (1, 2)),
        (3, (1, 1, 1)),
        (2, (1, 3, 9)),
    ):
        value = call(function, kernel, dilations, name="receptive_field")
        value = float(expect_array(value, (), "receptive_field(…)"))
        total = sum(dilations)
        if value == 1 + (kernel - 1) * total:
            continue
        doubling = "That holds only for dilations that double: 1, 2, 4, …", "There are others. Add up what is given."
        mistakes = (
            (1 + (kernel - 1) * (2 ** len(dilations) - 1), *doubling),
            (1 + (kernel - 1) * (2 * dilations[-1] - 1), *doubling),
            ((kernel - 1) * total, "The newest input counts too.", "Add 1."),
            (kernel * total, "A kernel of K inputs spans K − 1 gaps."),
            (1 + kernel * total, "A kernel of K inputs spans K − 1 gaps, not K."),
            (
                kernel * len(dilations),
                "The dilation makes each gap longer.",
                "Add up the dilations, and count K − 1 gaps.",
            ),
            (1 + kernel * len(dilations), "The dilation makes each gap longer.", "Add up the dilations."),
            (1 + (kernel - 1) * len(dilations), "The dilation makes each gap longer.", "Add up the dilations."),
            (1 + (kernel - 1) * int(np.prod(dilations)), "The layers' reaches add up; they do not multiply."),
            (kernel ** len(dilations), "The layers' reaches add up; they do not multiply."),
            (1 + (kernel - 1) * dilations[-1], "This is the reach of the last layer alone.", "Add up all layers."),
        )
        for wrong, *words in mistakes:
            if value == wrong:
                raise Wrong(*words)
        raise Wrong(f"For kernel {kernel} and dilations {dilations} it is not right.", "Follow one layer at a time.")
    return "Layers add, and doubling the dilation makes the sum grow like a power of two."


@exercise
def tree_step(function):
    """tanh(x W_ih + h_left W_l + h_right W_r + b_h)."""
    for I, H in ((3, 4), (2, 5)):
        rng = np.random.default_rng(11)
        shapes = ((I,), (H,), (H,), (I, H), (H, H), (H, H), (H,))
        x, left, right, W_ih, W_l, W_r, b_h = (rng.normal(size=shape) for shape in shapes)
        value = call(function, x, left, right, W_ih, W_l, W_r, b_h, name="tree_step")
        value = expect_array(value, (H,), "tree_step(…)")
        a = x @ W_ih + left @ W_l + right @ W_r + b_h
        if close(value, np.tanh(a)):
            continue
        mistakes = (
            (a, "The activation is missing.", "np.tanh(…)"),
            (np.tanh(a - b_h), "The bias is missing."),
            (np.tanh(x @ W_ih + right @ W_l + left @ W_r + b_h), "Left and right child are exchanged."),
            (np.tanh(x @ W_ih + (left + right) @ W_l + b_h), "The right child has a matrix of its own, W_r."),
            (np.tanh(left @ W_l + right @ W_r + b_h), "The node's own input is missing.", "x @ W_ih"),
            (np.tanh(x @ W_ih + left @ W_l + b_h), "The right child is missing."),
            (
                np.tanh(x @ W_ih + W_l @ left + W_r @ right + b_h),
                "A product is turned round.",
                "States are rows: h @ W.",
            ),
            (np.tanh(a) + b_h, "The bias stands inside the activation."),
            (1 / (1 + np.exp(-a)), "This is the sigmoid; the activation here is tanh.", "np.tanh(…)"),
        )
        for wrong, *words in mistakes:
            if close(value, wrong):
                raise Wrong(*words)
        raise Wrong("The state is not right.", "Four parts are added up, then comes tanh.")
    return "With a missing right child and the state before as the left one, this is the recurrent step."


@exercise
def shift_register(function):
    """(W_ih, W_hh) of a linear network whose state is the last H inputs, the newest first."""
    for H in (3, 5):
        answer = call(function, H, name="shift_register")
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise Wrong("shift_register: expected two arrays, W_ih and W_hh.", "return W_ih, W_hh")
        W_ih = expect_array(answer[0], (1, H), "W_ih")
        W_hh = expect_array(answer[1], (H, H), "W_hh")
        net = SimpleRNN(1, H, 1, "linear", input_initialiser=W_ih, recurrent_initialiser=W_hh)
        x = np.random.default_rng(H).normal(size=(1, 2 * H, 1))
        state, newest_first = net.forward(x)[1].h_last[0], x[0, ::-1, 0][:H]
        if close(state, newest_first):
            continue
        if close(state, newest_first[::-1]):
            raise Wrong("The last inputs are there, but the newest comes last.", "The input enters unit 0.")
        if close(W_ih, np.eye(1, H)) and close(W_hh, np.eye(H, k=-1)):
            raise Wrong(
                "W_hh shifts the wrong way.", "Row i holds what unit i gives: W_hh[0, 1] moves unit 0 to unit 1."
            )
        if close(W_hh, np.eye(H)):
            raise Wrong("This W_hh keeps every unit where it is.", "The ones stand beside the diagonal.")
        if close(W_hh, np.roll(np.eye(H), 1, axis=1)):
            raise Wrong(
                "The oldest input comes back to unit 0.", "It is a row, not a ring: the last row of W_hh is zero."
            )
        if close(state[0], x[0, -1, 0]):
            raise Wrong("Unit 0 holds the newest input; the others are not right.", "Each unit moves on by one.")
        raise Wrong(
            "After some steps the state is not the last inputs.", "h_t = x_t W_ih + h_{t−1} W_hh, by hand, H = 3."
        )
    return "H units keep the last H inputs exactly, and not one more: so much for units and time steps."


@exercise
def as_windows(function):
    """(N,) and T -> (N - T + 1, T, 1): all windows of T steps, one feature."""
    for N, T in ((7, 3), (7, 5), (9, 4)):
        series = np.arange(float(N)) ** 2
        try:
            value = np.asarray(call(function, series, T, name="as_windows"))
        except ValueError as error:
            if "inhomogeneous" not in str(error):  # NumPy's word for rows of several lengths
                raise
            raise Wrong(
                "The windows are not all equally long.",
                "The last ones are cut off by the end of the series: only N − T + 1 are whole.",
            ) from None
        value = expect_numbers(value, "as_windows(…)")
        right = np.stack([series[k : k + T] for k in range(len(series) - T + 1)])[:, :, None]
        if value.shape == right.shape:
            if np.array_equal(value, right):
                continue
            if np.array_equal(value, right[:, ::-1]):
                raise Wrong("In each window time runs backwards.", "The oldest step comes first.")
            raise Wrong("The shape is right, the numbers are not.", f"Window k is series[k : k + {T}].")
        if value.shape == right.shape[:2]:
            raise Wrong(
                f"Shape {value.shape}: the features are missing.", "One more axis of length 1 at the end: [..., None]"
            )
        if value.shape == (right.shape[0], 1, T):
            raise Wrong("This is one step with many features.", "Time is the second axis, features are the last.")
        if value.shape == (T, right.shape[0], 1):
            raise Wrong("Time comes first here.", "The sequences come first: (B, T, I).")
        if value.ndim == 3 and value.shape[1:] == (T, 1):
            raise Wrong(
                f"{value.shape[0]} windows; there are {right.shape[0]}.", "N − T + 1 of them begin early enough."
            )
        raise Wrong(f"Expected shape {right.shape}, got {value.shape}.", "(sequences, time steps, features)")
    return "Sequences, time steps, features: three questions, three axes."


@exercise
def next_states(function):
    """The rows of h_last that came_from names; zeros for -1."""
    for came_from in ([2, -1, 0, 3], [1, 2, 3, 0], [-1, -1, 1, -1], [3, -1, 4, 0, 2]):
        came_from, shape = np.array(came_from), (len(came_from), 3)
        h_last = np.random.default_rng(12).normal(size=shape)
        value = call(function, h_last, came_from, name="next_states")
        value = expect_array(value, shape, "next_states(…)")
        new, moved = came_from < 0, h_last[came_from]
        if close(value, np.where(new[:, None], 0, moved)):
            continue
        there = np.zeros(shape)
        there[came_from[~new]] = h_last[~new]
        mistakes = (
            (moved, "Row −1 is the *last* row: a new stream gets a stranger's past.", "Set the new ones to zero."),
            (h_last, "These are the last states, unmoved."),
            (np.where(new[:, None], 0, h_last), "The new ones are zero, but the others have not changed places."),
            (there, "This moves the states the other way.", "Row b *takes* the state of row came_from[b]."),
            (np.where(came_from[:, None] > 0, moved, 0), "Row 0 is a row like the others: only −1 is new.", ">= 0"),
            (np.where(new[:, None], h_last, moved), "A new stream gets what stood in its row.", "Set it to zero."),
            (np.zeros(shape), "Every stream begins anew: those that go on have lost their past."),
        )
        for wrong, *words in mistakes:
            if close(value, wrong):
                raise Wrong(*words)
        raise Wrong(f"For came_from = {came_from.tolist()} the states are not right.", "One row at a time.")
    return "A state belongs to a sequence, not to a row."


@exercise
def stuck_at(function):
    """-p ln p - (1 - p) ln(1 - p)."""
    for p in (0.5, 0.9, 0.25):
        value = float(expect_array(call(function, p, name="stuck_at"), (), "stuck_at(…)"))
        right = -p * np.log(p) - (1 - p) * np.log(1 - p)
        if close(value, right):
            continue
        mistakes = (
            (right / np.log(2), "This is in bits: take the natural logarithm, np.log."),
            (-right, "The sign: a loss is not negative."),
            (-p * np.log(p), "The zeros cost something too.", "Two parts: p of the labels are 1, 1 − p are 0."),
            (np.log(2), "That holds for p = ½ only."),
            (-(1 - p) * np.log(p) - p * np.log(1 - p), "The weights are exchanged.", "A share p costs −ln p."),
            (-np.log(p), "The zeros cost something too.", "Two parts: p of the labels are 1, 1 − p are 0."),
            (-np.log(p) - np.log(1 - p), "Each part counts as often as it occurs.", "Weights p and 1 − p."),
        )
        for wrong, *words in mistakes:
            if close(value, wrong):
                raise Wrong(*words)
        raise Wrong(f"For p = {p} it is not right.", "Always answer p. A 1 costs −ln p, a 0 costs −ln(1 − p).")
    return "A loss that is flat at this number says: the network does not look at its input."


@exercise
def numbers_kept(recurrent, attention):
    """How many numbers GRU(32) and SelfAttention with keys and values of 16 keep after 1,000 inputs: 32 and 32,000."""
    expect_number(recurrent, 32, 0, "recurrent_keeps", "Only the newest state is kept.")
    if attention == 16_000:
        raise Wrong("Half of it: a key *and* a value for each step.", "2 · 16 numbers a step.")
    if attention == 32:
        raise Wrong("That is one step.", "Nothing is thrown away: 1,000 steps.")
    expect_number(attention, 32_000, 0, "attention_keeps", "A key and a value of 16 numbers each, for every step.")
    return "A thousand times as much, and growing: the price of forgetting nothing."


SITUATIONS = {
    "sine": ("linear", "A sine needs two numbers of the past and two weights (7.10)."),
    "eight steps": ("cnn", "A known, short reach, and much to be done at once (7.1)."),
    "sensor": ("rnn", "One small state that goes on for ever (7.7, 7.11)."),
    "formula": ("tree", "The brackets are known: follow them (7.2)."),
    "lookup": ("attention", "Any of many earlier entries, exactly (7.11)."),
}


@exercise
def choose(answers):
    """One of linear, cnn, rnn, tree, attention for each of the five situations."""
    if not isinstance(answers, dict) or set(answers) != set(SITUATIONS):
        raise Wrong(f"Expected a dictionary with the keys {', '.join(SITUATIONS)}.")
    for value in answers.values():
        if value is Ellipsis:
            return call(lambda: ...)  # not answered yet
    known = {right for right, _ in SITUATIONS.values()}
    for name, (right, why) in SITUATIONS.items():
        if answers[name] not in known:
            raise Wrong(f"{name}: expected one of {', '.join(sorted(known))}, got {shown(answers[name])}.")
        if answers[name] != right:
            raise Wrong(f"{name}: there is a better choice.", why)
    return "The question decides, not the fashion."
