"""Checks of notebook 04's exercises."""

import numpy as np

from helpers.exercises.checking import Wrong, call, close, exercise, expect_array, expect_numbers, is_number
from helpers.live.controls import Prediction
from helpers.live.typed import shown
from helpers.networks import SimpleRNN

NAMES = ("W_ih", "W_hh", "b_h", "W_ho", "b_o")

# The questions that stand before the live figures, by the figure's name in the notebook.
predictions = {
    "silent": Prediction(
        "Six networks were trained without a sigmoid, from six different starts. What became of them?",
        (
            "none of them learned anything at all",
            "all learned, and their outputs are probabilities",
            "most sort words well; at least one learned nothing",
        ),
        2,
        (
            "As long as some outputs lie between 0 and 1, there is a slope. Once all lie below 0, there is none. "
            "Those that learned go beyond 0 and 1 with their outputs. Which start ends below 0 cannot be seen "
            "beforehand: two may begin with nearly all outputs below 0, and part."
        ),
    ),
    "line": Prediction(
        "You raise the threshold from 0.5 to 0.9. What happens?",
        (
            "fewer English words called Spanish, more Spanish words missed",
            "fewer English words called Spanish, and nothing else changes",
            "fewer English words called Spanish, fewer Spanish words missed",
        ),
        0,
        ("A threshold only moves mistakes from one kind to the other. A better network would make fewer of both."),
    ),
    "scrubber": Prediction(
        "Ten epochs. When do the hidden states of this word change most, in nearly every run?",
        ("in the first epoch", "in the last epoch", "in all about equally"),
        0,
        "The first epoch takes the random network to a useful one; the later ones mostly mend details.",
    ),
    "two": Prediction(
        "The trained network takes “financial” for Spanish. How did it come to that, epoch by epoch?",
        ("it knew better at first, and forgot", "it was undecided to the end", "it became surer of the mistake"),
        2,
        (
            "Training lowers the loss of the training words alone, and “financial” is none of them. "
            "What looks Spanish in it after one epoch looks more so after ten: more training made it surer, not wiser."
        ),
    ),
    "reader": Prediction(
        ("The network reads n, a, t, i, o, and then the last n. What does P(Spanish) do at the o, and at the last n?"),
        (
            "it rises at the o and at the n",
            "it falls at the o and rises at the n",
            "it rises at the o and falls at the n",
        ),
        2,
        "A final o looks Spanish. But of the training words that end in -tion, not one is Spanish.",
    ),
}


@exercise
def weights_by_name(function):
    """A dict of our five names for what get_weights of SimpleRNN → Dense returns."""
    for I, H, O in ((3, 5, 2), (4, 2, 6)):
        rng = np.random.default_rng(4)
        weights = [rng.normal(size=shape) for shape in ((I, H), (H, H), (H,), (H, O), (O,))]
        answer = call(function, [w.copy() for w in weights], name="weights_by_name")
        if not isinstance(answer, dict):
            raise Wrong(f"Expected a dict, got {type(answer).__name__}.", "{'W_ih': weights[0], …}")
        missing = [name for name in NAMES if name not in answer]
        if missing:
            raise Wrong(f"These names are missing: {', '.join(missing)}.", "The names are those of notebook 03.")
        extra = sorted(str(name) for name in set(answer) - set(NAMES))
        if extra:
            raise Wrong(f"These names are not among the five: {', '.join(extra)}.")
        for name, right in zip(NAMES, weights, strict=True):
            given = expect_numbers(answer[name], name)
            if given.shape == right.shape[::-1] != right.shape and close(given, right.T):
                raise Wrong(f"{name} is transposed.", "Keras stores kernels as we do: nothing is to be transposed.")
            if name == "W_hh" and given.shape == right.shape and close(given, right.T):
                raise Wrong("W_hh is transposed. It is square, so no shape complains.")
            owner = next(
                (n for n, w in zip(NAMES, weights, strict=True) if w.shape == given.shape and close(given, w)), None
            )
            if owner not in (name, None):
                raise Wrong(f"What you call {name} is {owner}.", "Compare shapes: input first, then state, then bias.")
            expect_array(given, right.shape, name)
            if owner is None:
                raise Wrong(f"The numbers of {name} are not those of the list.", "Take the arrays as they are.")
    return "The layers in their order, and in each: kernel, recurrent kernel, bias."


@exercise
def input_shape(shape):
    """(time steps, features) for a week of hourly readings of three quantities."""
    if isinstance(shape, (int, np.integer)) or not isinstance(shape, (tuple, list)):
        raise Wrong(f"Expected a tuple such as (12, 26), got {shown(shape)}.")
    shape = tuple(shape)
    if not all(number is None or is_number(number) for number in shape):
        raise Wrong(f"Expected whole numbers in the tuple, got {shown(shape)}.", "(time steps, features of one step)")
    mistakes = {
        (3, 168): "This is 3 steps of 168 features: the wrong way round.",
        (168,): "The number of features is missing: this is the mistake of the listing.",
        (3,): "The number of time steps is missing: this is the mistake of the listing.",
        (7, 24, 3): "Keras' recurrent layers want two numbers: all hours are one row of time steps.",
        (7, 3): "The readings come every hour, not every day.",
        (24, 3): "This is one day. The sequence is a week.",
        (504,): "All numbers in one row: then the network cannot know which belong to one hour.",
    }
    if shape in mistakes:
        raise Wrong(mistakes[shape], "(time steps, features of one step)")
    if len(shape) == 3:
        raise Wrong("The batch size does not belong here: Keras adds it.", "(time steps, features of one step)")
    if shape == (None, 3):
        return "With None the network takes any number of hours; (168, 3) would be just a week."
    if shape != (168, 3):
        raise Wrong(f"{shown(shape)} is not right.", "How many readings has a week, and how many numbers one reading?")
    return "168 time steps of 3 features. (None, 3) would take series of any length."


@exercise
def loss_on_logits(function):
    """Binary cross-entropy of logits and targets, element by element, also for large logits."""
    y, target = np.array([-2.0, -0.5, 0.0, 0.3, 4.0]), np.array([0.0, 1.0, 1.0, 0.0, 1.0])
    right = np.logaddexp(0, y) - target * y
    value = expect_array(call(function, y, target, name="loss_on_logits"), (5,), "loss_on_logits(…)")
    p = 1 / (1 + np.exp(-y))
    if not close(value, right):
        mistakes = (
            (-right, "The sign is wrong: a loss is minus the logarithm of a probability."),
            (np.logaddexp(0, y) - (1 - target) * y, "Targets are exchanged: 1 must be cheap where the logit is large."),
            (-target * np.log(p), "The cases with target 0 cost nothing: add − (1 − t) log(1 − p)."),
            (p, "This is the probability, not its loss."),
            (np.full(5, right.mean()), "Do not take the mean: one loss for each element."),
            (np.logaddexp(0, y), "The target does not enter."),
        )
        for wrong, what in mistakes:
            if close(value, wrong):
                raise Wrong(what)
        raise Wrong("The numbers are not right.", "log(1 + eʸ) − t·y, element by element.")
    way_out = "np.logaddexp(0, y) is log(1 + eʸ) without overflow."
    for size in (6.0, 40.0, 800.0):
        large, target = np.array([size, -size, size, -size]), np.array([1.0, 0.0, 0.0, 1.0])
        with np.errstate(all="ignore"):
            try:
                value = expect_numbers(call(function, large, target, name="loss_on_logits"), "loss_on_logits(…)")
            except OverflowError:
                raise Wrong(f"With logits like {size:.0f} your code overflows.", way_out) from None
        if value.shape != (4,) or not np.isfinite(value).all():
            raise Wrong(f"With logits like {size:.0f} the result is not finite.", way_out)
        if not close(value, np.logaddexp(0, large) - target * large):
            cost = f"A target of 0 under a logit of {size:.0f} costs {np.logaddexp(0, size):.4g}."
            raise Wrong(f"With logits like {size:.0f} the result is wrong.", cost)
    return "This is what Keras does with from_logits=True: no sigmoid, no clipping, and a slope everywhere."


@exercise
def confusion(function):
    """Counts (2, 2): row = the true language, column = the verdict, Spanish above the threshold."""
    probabilities = np.array([0.1, 0.9, 0.2, 0.95, 0.6, 0.15, 0.4, 0.3, 0.7, 0.8, 0.85, 0.5, 0.75])
    all_labels = np.array([0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0])
    for threshold, words in ((0.5, 13), (0.75, 13), (0.25, 13), (0.5, 8)):
        probability, labels = probabilities[:words], all_labels[:words]
        said = (probability > threshold).astype(int)
        right = np.array([[np.sum((labels == r) & (said == c)) for c in (0, 1)] for r in (0, 1)])
        table = call(function, probability, labels, threshold, name="confusion")
        table = expect_array(table, (2, 2), "confusion(…)")
        if close(table, right):
            continue
        at_it = (probability >= threshold).astype(int)
        if close(table, [[np.sum((labels == r) & (at_it == c)) for c in (0, 1)] for r in (0, 1)]):
            raise Wrong(f"A probability of just {threshold} is not above the threshold.", "Use > instead of >=.")
        if threshold != 0.5:
            raise Wrong(f"Right at a threshold of 0.5, but not at {threshold}.", "Use the argument `threshold`.")
        for wrong, what in (
            (right.T, "Rows and columns are exchanged: a row is what the word is, a column what it is called."),
            (right[::-1, ::-1], "Both languages are exchanged: English is 0."),
            (right[:, ::-1], "The verdicts are exchanged: Spanish is *above* the threshold."),
            (right / len(labels), "These are shares. Count words."),
        ):
            if close(table, wrong):
                raise Wrong(what)
        raise Wrong("The counts are not right.", f"They must add up to {len(labels)}, the number of words.")
    return "Its diagonal is what was judged rightly; the two other cells are two different mistakes."


@exercise
def fooling_word(word, network, words, labels):
    """An English word of five letters or more, from the lists, that the network takes for Spanish (P above 0.8)."""
    from helpers.figures.language_of_word import plain_word, read, sigmoid

    if not isinstance(word, str) or plain_word(word) != word or not word:
        raise Wrong(f"Expected one word of small letters a to z, got {shown(word)}.")
    if len(word) < 5:
        raise Wrong(f"{word!r} has {len(word)} letters.", "Take one of five letters or more.")
    label = dict(zip(words, np.asarray(labels).tolist(), strict=True)).get(word)
    if label is None:
        raise Wrong(f"{word!r} is not in the lists of this notebook.", "A rare word, or one of both languages.")
    if label == 1:
        raise Wrong(f"{word!r} is Spanish.", "Look for an English word that only looks Spanish.")
    odds = float(sigmoid(read(network, word)[0][-1]))
    if odds <= 0.8:
        raise Wrong(f"The network gives {word!r} P(Spanish) = {odds:.2f}: not above 0.8.", "How do Spanish words end?")
    return f"The network believes {word!r} to be Spanish with P = {odds:.2f}: it knows spelling, not words."


@exercise
def in_pieces(function):
    """Outputs (B, T, O) of a network that reads x piece by piece and carries its state along."""
    small, large = (2, 11, 3, 2), (3, 14, 2, 1)
    for (B, T, I, O), size in ((small, 4), (small, 1), (small, 11), (large, 3), (large, 20)):
        network, x = SimpleRNN(I, 6, O, seed=3), np.random.default_rng(8).normal(size=(B, T, I))
        watched = Watched(network.copy())
        y = call(function, watched, x, size, name="in_pieces")
        y = expect_array(y, (B, T, O), f"in_pieces(network, x, {size})")
        if close(y, network.forward(x)[0]):
            expect_lengths(watched.lengths, T, size)
            continue
        forgotten = [network.forward(x[:, k : k + size])[0] for k in range(0, T, size)]
        if close(y, np.concatenate(forgotten, axis=1)):
            raise Wrong("Each piece starts from an empty state.", "Give record.h_last as h_0 to the next piece.")
        raise Wrong(f"With pieces of {size} the outputs are not those of the whole series.")
    return "Whatever the size of the pieces: the state is all that the network needs of the past."


class Watched:
    """`network`, which notes how many steps each call of its `forward` is given."""

    def __init__(self, network):
        self._network, self.lengths = network, []

    def forward(self, x, *arguments, **named):
        self.lengths.append(np.shape(x)[1] if np.ndim(x) > 1 else 0)
        return self._network.forward(x, *arguments, **named)

    def copy(self):
        return self  # `call` gives functions copies, and then nothing would be noted

    def __deepcopy__(self, memo):
        return self

    def __getattr__(self, name):
        return getattr(self._network, name)


def expect_lengths(lengths, steps, size):
    """Raises Wrong unless `steps` steps were read in pieces of `size`, the last one perhaps shorter."""
    right = [min(size, steps - start) for start in range(0, steps, size)]
    if lengths == right:
        return
    read = ", ".join(map(str, lengths)) or "nothing"
    what = f"The outputs are right, but with size {size} the network read pieces of {read}"
    wanted = f"{steps} steps in pieces of {size} are {', '.join(map(str, right))}."
    if sum(lengths) > steps:
        raise Wrong(f"{what}: some steps more than once.", "Carry the state on, and no step needs a second reading.")
    if lengths == [steps]:
        raise Wrong(f"{what}: the whole series at once.", f"Cut x along its second axis: {wanted}")
    if lengths == [1] * steps:
        raise Wrong(f"{what}: one step at a time.", f"Cut x along its second axis: {wanted}")
    if len(lengths) == size:
        raise Wrong(f"{what}: {size} pieces, not pieces of {size}.", wanted)
    raise Wrong(f"{what}.", wanted)
