"""Each check of notebook 05: the right answer, typical mistakes with their hint, nonsense, no answer."""

import numpy as np

from helpers import data
from helpers.exercises import notebook_05 as check
from helpers.networks import (
    LSTM,
    Adam,
    AttentionReadout,
    BinaryCrossEntropy,
    MeanSquaredError,
    SimpleRNN,
    gradient_by_lag,
    scan_passes,
    train,
)
from tests.exercises.every_check import EveryCheck


def norm(W):
    return np.linalg.norm(W, 2)


def right_clip(g, limit):
    length = np.linalg.norm(g)
    return g * (limit / length) if length > limit else g.copy()


def clip_in_place(g, limit):
    g *= min(1, limit / max(np.linalg.norm(g), 1e-12))
    return g


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def step(x, h, c, W, U, b, order=(0, 1, 2, 3), squash=np.tanh, gate=sigmoid, show=np.tanh, keep=True):
    quarters = np.split(x @ W + h @ U + b, 4, axis=1)
    i, f, g, o = (quarters[k] for k in order)
    c = (gate(f) * c if keep else 0) + gate(i) * squash(g)
    return gate(o) * show(c), c


def softmax(s):
    e = np.exp(s - s.max())
    return e / e.sum()


def right_attend(states, q):
    weights = softmax(states @ q / np.sqrt(len(q)))
    return weights, weights @ states


def loss(blanks, copied, kinds):
    return copied * np.log(kinds) / (blanks + 2 * copied)


RIGHT = [
    (check.bound, lambda W, s, k: (s * norm(W)) ** k),
    (check.bound, lambda W, s, k: np.array([(s * norm(W)) ** k])),
    (check.clip, right_clip),
    (check.clip, lambda g, limit: g * (limit / np.linalg.norm(g)) if np.linalg.norm(g) > limit else g),
    (check.clip, lambda g, limit: g * min(1, limit / (np.linalg.norm(g) + 1e-6))),
    (check.lstm_step, step),
    (check.lstm_step, lambda *a: np.stack(step(*a))),
    (check.memoryless, loss),
    (check.steps_that_see, lambda k, n: max(0, k - n)),
    (check.join, lambda p, q: (q[0] * p[0], q[0] * p[1] + q[1])),
    (check.join, lambda p, q: np.array([q[0] * p[0], q[0] * p[1] + q[1]])),
    (check.attend, right_attend),
]
WRONG = [
    (check.bound, lambda W, s, k: (s * np.abs(np.linalg.eigvals(W)).max()) ** k, "spectral radius"),
    (check.bound, lambda W, s, k: norm(W) ** k, "steepest slope is missing"),
    (check.bound, lambda W, s, k: s * norm(W) ** k, "every step too"),
    (check.bound, lambda W, s, k: s * norm(W) * k, "take a power"),
    (check.bound, lambda W, s, k: (s * np.linalg.norm(W)) ** k, "adds up all squares"),
    (check.bound, lambda W, s, k: min(1, (s * norm(W)) ** k), "may be above 1"),
    (check.bound, lambda W, s, k: 7.0, "not right"),
    (check.bound, lambda W, s, k: W, "expected shape"),
    (check.clip, lambda g, limit: np.clip(g, -limit, limit), "turns the gradient"),
    (check.clip, lambda g, limit: g * limit / np.linalg.norm(g), "short gradient must stay"),
    (check.clip, lambda g, limit: g, "the limit was 2"),
    (check.clip, lambda g, limit: g / max(1, np.linalg.norm(g)), "has length 1"),
    (check.clip, lambda g, limit: right_clip(g, 2.0), "clip([3.0, 4.0], 0.5) is not right"),
    (check.clip, lambda g, limit: 0.9 * right_clip(g, limit), "shorter than the limit"),
    (check.clip, lambda g, limit: g * min(1, limit / (np.linalg.norm(g) + 1)), "shorter than the limit"),
    (check.clip, clip_in_place, "came in was changed"),
    (check.clip, lambda g, limit: g * 0.0, "not right"),
    (check.clip, lambda g, limit: "no", "expected numbers"),
    (check.lstm_step, lambda *a: step(*a)[0], "expected two arrays"),
    (check.lstm_step, lambda *a: np.concatenate(step(*a)), "expected two arrays"),
    (check.lstm_step, lambda *a: step(*a)[::-1], "exchanged"),
    (check.lstm_step, lambda *a: step(*a, order=(1, 0, 2, 3)), "Forget and input gate"),
    (check.lstm_step, lambda *a: step(*a, order=(0, 1, 3, 2)), "Candidate and output"),
    (check.lstm_step, lambda *a: step(*a[:5], 0 * a[5]), "bias"),
    (check.lstm_step, lambda x, h, *a: step(x, 0 * h, *a), "old state h"),
    (check.lstm_step, lambda *a: step(*a, squash=sigmoid), "not the sigmoid"),
    (check.lstm_step, lambda *a: step(*a, squash=lambda v: v), "tanh of the candidate"),
    (check.lstm_step, lambda *a: step(*a, gate=lambda v: v), "through the sigmoid"),
    (check.lstm_step, lambda *a: step(*a, keep=False), "old cell"),
    (check.lstm_step, lambda *a: step(*a, show=lambda v: v), "the tanh is missing"),
    (check.lstm_step, lambda *a: (np.tanh(step(*a)[1]), step(*a)[1]), "output gate is missing"),
    (check.lstm_step, lambda *a: (a[1], step(*a)[1]), "h is not"),
    (check.lstm_step, lambda *a: (a[1], a[1] * 0 + 3), "c is not right"),
    (check.memoryless, lambda b, c, n: c * np.log(n), "the sum"),
    (check.memoryless, lambda b, c, n: c * np.log2(n) / (b + 2 * c), "in bits"),
    (check.memoryless, lambda b, c, n: c * np.log(n) / (b + c), "read and written"),
    (check.memoryless, lambda b, c, n: np.log(n) / (b + 2 * c), "as many guesses"),
    (check.memoryless, lambda b, c, n: np.log(n), "sure steps count"),
    (check.memoryless, lambda b, c, n: c * np.log(n) / (b + 20), "still takes 20 from the formula"),
    (check.memoryless, lambda b, c, n: 10 * np.log(n) / (b + 2 * c), "still takes 10 from the formula"),
    (check.memoryless, lambda b, c, n: c * np.log(8) / (b + 2 * c), "still takes 8 from the formula"),
    (check.memoryless, lambda b, c, n: 10 * np.log(n) / (b + 20), "still takes 10 and 20 from the formula"),
    (check.memoryless, lambda b, c, n: 10 * np.log(8) / (b + 20), "3 symbols of 4 kinds"),
    (check.memoryless, lambda b, c, n: 1.0, "not right"),
    (check.steps_that_see, lambda k, n: k - n, "below 0"),
    (check.steps_that_see, lambda k, n: max(0, k - n + 1), "One too many"),
    (check.steps_that_see, lambda k, n: k, "not right"),
    (check.join, lambda p, q: (q[0] * p[0], p[0] * q[1] + p[1]), "second step first"),
    (check.join, lambda p, q: (q[0] * p[0], p[1] + q[1]), "multiplies b"),
    (check.join, lambda p, q: (q[0] + p[0], q[0] * p[1] + q[1]), "in a row multiply"),
    (check.join, lambda p, q: (q[0], q[0] * p[1] + q[1]), "first step is lost"),
    (check.join, lambda p, q: q[0], "expected a pair"),
    (check.join, lambda p, q: (0.0, 0.0), "pair is not right"),
    (check.attend, lambda s, q: (softmax(s @ q), softmax(s @ q) @ s), "not divided"),
    (check.attend, lambda s, q: (softmax(s @ q / len(q)), q), "root of H"),
    (check.attend, lambda s, q: (np.exp(s @ q / np.sqrt(3)), q), "add up to 1"),
    (check.attend, lambda s, q: (s @ q / np.sqrt(3), q), "softmax is missing"),
    (check.attend, lambda s, q: (right_attend(s, q)[0], q), "what is read is not"),
    (check.attend, lambda s, q: (softmax(s @ q / 2), softmax(s @ q / 2) @ s), "weights are not right"),
    (check.attend, lambda s, q: (np.ones(5) / 5, q), "weights are not right"),
    (check.attend, lambda s, q: right_attend(s, q)[0], "expected two arrays"),
]


class TestChecks(EveryCheck):
    right, wrong = RIGHT, WRONG


def test_a_check_does_not_change_what_the_reader_has():
    kept = []

    def greedy(x, h, c, *weights):
        kept.append(c.copy())
        answer = step(x, h, c, *weights)
        c += 100
        return answer

    assert check.lstm_step(greedy).passed and check.lstm_step(greedy).passed
    assert len(kept) == 4 and all(map(np.array_equal, kept[:2], kept[2:]))


def test_the_check_of_clip_gives_each_answer_a_gradient_of_its_own():
    kept = []

    def greedy(gradient, limit):
        kept.append(gradient.copy())
        answer = right_clip(gradient, limit)
        gradient += 100
        return answer

    for _ in range(2):
        assert "came in was changed" in repr(check.clip(greedy))
    assert len(kept) == 4 and all(np.array_equal(gradient, kept[0]) for gradient in kept)


def test_praise_promises_no_more_than_is_true():
    assert "depends on states" in repr(check.bound(lambda W, s, k: (s * norm(W)) ** k))
    assert "direct way" in repr(check.lstm_step(step))


def test_the_praise_of_join_says_that_the_order_must_stay():
    def join(first, second):
        return second[0] * first[0], second[0] * first[1] + second[1]

    assert "as long as the order stays" in repr(check.join(join))


def chosen(name):
    prediction = check.predictions[name]
    return prediction.options[prediction.answer]


def test_answers_about_the_gradient_and_the_scan_are_what_happens():
    numbers = data.adding_problem(sequences=8, steps=200, seed=3)[0][:, :60]
    left = np.median(gradient_by_lag(SimpleRNN(2, 32, 1, seed=0), numbers)[:, 60])
    assert 1 / 400 < left < 1 / 150 and chosen("lag_figure") == "about one part in 250"
    assert scan_passes(16) == 4 and chosen("scan_picture") == "4 passes"


def test_a_tidy_unit_opens_the_gates_that_the_prediction_names():
    x, bits = data.flip_flop(sequences=400, steps=30, seed=0)
    net = LSTM(2, 3, 1, seed=0)
    train(net, x, bits, BinaryCrossEntropy(), Adam(0.05), epochs=12, batch_size=20, clip_norm=1.0, progress=False)
    keeps = x[:, :, 1] == 0
    mean = {name: gate[keeps].mean(axis=0) for name, gate in net.forward(x)[1].gates.items()}
    assert ((mean["forget"] > 0.8) & (mean["input"] < 0.3)).any()
    assert chosen("gate_figure") == "forget gate open, input gate shut"


def test_attention_favours_the_marked_steps():
    x, target = data.adding_problem(1000, steps=30, seed=0)
    states = SimpleRNN(2, 16, 1, seed=0).forward(x)[1].states
    readout = AttentionReadout(16, 1, seed=0)
    loss, settings = MeanSquaredError("last"), dict(epochs=16, batch_size=50, progress=False)
    train(readout, states, target, loss, Adam(0.1), **settings)
    on_marks = (readout.forward(states)[1].weights * x[:, :, 1]).sum(axis=1).mean()
    assert on_marks > 3 * 2 / 30 and chosen("attention") == "at the two marked steps above all"
