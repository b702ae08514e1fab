"""The tasks of the playground: what is read, what is wanted, and how well guessing does."""

import math
from dataclasses import dataclass

import numpy as np

from helpers.data import adding_problem, remember_first_bit, temporal_xor
from helpers.live.typed import Unreadable, plain_signs, quoted, shown
from helpers.networks import BinaryCrossEntropy, MeanSquaredError

OWN = "my own bits"
TASKS = ("first bit", "temporal XOR", "echo after 4 steps", "echo after 10 steps", "adding", OWN)
LONGEST_PATTERN = 24  # own bits


@dataclass(frozen=True)
class Task:
    """A task for sequences of T steps, `inputs` numbers a step and one output.

    baseline: the loss, on average, of answering with no look at the input. first: the first step (from 0) whose answer
    is asked for. rule: what is asked, in words.
    """

    name: str
    T: int
    inputs: int
    loss: object
    baseline: float
    first: int
    rule: str
    pattern: tuple = ()

    @property
    def is_bits(self):
        """Whether the answer is a bit, so that the output is a logit."""
        return isinstance(self.loss, BinaryCrossEntropy)

    def draw(self, count, rng):
        """`count` new sequences: x (count, T, inputs) and target (count, T - first, 1), both float32."""
        T = self.T
        if self.name == "first bit":
            x, target = remember_first_bit(count, T, rng)
            target = target[:, None]
        elif self.name == "temporal XOR":
            x, target, _ = temporal_xor(count * T, rng, steps=T)
            x = 2 * x - 1
        elif self.name == "adding":
            x, target = adding_problem(count, T, rng)
            target = target[:, None]
        elif self.name == OWN:
            start = rng.integers(0, len(self.pattern), (count, 1))
            bits = np.take(self.pattern, start + np.arange(T + 1), mode="wrap")[:, :, None]
            x, target = 2.0 * bits[:, :-1] - 1, bits[:, 1:]
        else:
            bits = rng.integers(0, 2, (count, T, 1))
            x, target = 2.0 * bits - 1, bits[:, : T - self.first]
        return x.astype(np.float32), target.astype(np.float32)

    def answers(self, y):
        """Outputs y as answers: the probability of a 1, or the number itself."""
        return 0.5 + 0.5 * np.tanh(y / 2) if self.is_bits else y

    def right(self, y, target):
        """The share of right answers: the likelier bit, or a number that is at most 0.1 away."""
        answer = self.answers(y)
        hit = (answer > 0.5) == (target > 0.5) if self.is_bits else abs(answer - target) <= 0.1
        return float(hit.mean())


def make_task(name, T, own=""):
    """The task `name` for T steps; `own` are the reader's bits, such as "0010111". ValueError in words for bad ones."""
    bits = BinaryCrossEntropy()
    if name == "first bit":
        return Task(name, T, 1, bits, math.log(2), T - 1, "say at the end what the first bit was")
    if name == "temporal XOR":
        return Task(name, T, 1, bits, math.log(2), 0, "say the next bit; each third one is the XOR of the two before")
    if name == "adding":
        rule = "add up the two marked numbers; right is at most 0.1 away"
        return Task(name, T, 2, MeanSquaredError(), 1 / 6, T - 1, rule)
    if name == OWN:
        pattern = own_bits(own)
        ones = sum(pattern) / len(pattern)
        entropy = -ones * math.log(ones) - (1 - ones) * math.log(1 - ones)
        return Task(name, T, 1, bits, entropy, 0, "say the next of your bits, which go round and round", pattern)
    lag = next((int(word) for word in str(name).split() if word.isdigit()), None)
    if name not in TASKS or lag is None:
        raise ValueError(f"task: expected one of {', '.join(TASKS)}, got {shown(name)}")
    if lag >= T:
        raise ValueError(f"task: expected more than {lag} time steps for {name!r}, got T = {T}")
    return Task(name, T, 1, bits, math.log(2), lag, f"say at each step the bit of {lag} steps ago")


def own_bits(text):
    """The reader's bits as a tuple of 0 and 1; spaces and commas may stand between them. Unreadable in a sentence."""
    signs = "".join(c for c in plain_signs(text) if not c.isspace() and c not in ",;")
    if strange := [c for c in signs if c not in "01"]:
        raise Unreadable(f"Your bits may be 0 and 1 only, such as 0010111: {quoted(strange[0])} is neither.")
    if len(signs) > LONGEST_PATTERN:
        raise Unreadable(f"{len(signs)} bits are too many: write at most {LONGEST_PATTERN}.")
    if len(set(signs)) < 2:
        raise Unreadable("Write at least one 0 and one 1, such as 0010111: else there is nothing to learn.")
    return tuple(map(int, signs))
