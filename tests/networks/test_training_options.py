"""What a training can be given: schedules, class weights, first states, targets without a last axis, any padding."""

import numpy as np
import pytest

from helpers.networks import (
    GRU,
    LSTM,
    SGD,
    Adam,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    FeedForward,
    MeanSquaredError,
    SimpleRNN,
    Stacked,
    clip_by_global_norm,
    cosine_decay,
    exponential_decay,
    step_decay,
    thinned,
    train,
)


def task(seed=0, outputs=1):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(11, 6, 2)), rng.normal(size=(11, 6, outputs))


def learn(net, x, target, loss, **named):
    return train(net, x, target, loss, **{"epochs": 3, "batch_size": 4, "progress": False} | named)


# ---- learning rates -------------------------------------------------------------------------------------------


def test_schedules():
    exponential, steps, cosine = exponential_decay(0.1, 0.5), step_decay(0.1, 0.5, every=3), cosine_decay(0.1, 4)
    np.testing.assert_allclose([exponential(n) for n in (1, 2, 3)], [0.1, 0.05, 0.025])
    np.testing.assert_allclose([steps(n) for n in range(1, 8)], [0.1] * 3 + [0.05] * 3 + [0.025])
    half = np.sqrt(0.5)
    np.testing.assert_allclose([cosine(n) for n in (1, 2, 3, 4, 9)], 0.05 * np.array([2, 1 + half, 1, *[1 - half] * 2]))


def test_keras_has_the_same_schedules(keras):
    theirs = keras.optimizers.schedules
    for ours, other in (
        (exponential_decay(0.1, 0.7), theirs.ExponentialDecay(0.1, 1, 0.7)),
        (step_decay(0.1, 0.7, every=3), theirs.ExponentialDecay(0.1, 3, 0.7, staircase=True)),
        (cosine_decay(0.1, 8), theirs.CosineDecay(0.1, 8)),
    ):
        np.testing.assert_allclose(
            [ours(n) for n in range(1, 9)], [float(other(n - 1)) for n in range(1, 9)], rtol=1e-5
        )


def test_a_schedule_sets_the_rate_of_each_epoch():
    x, target = task()
    with_schedule, by_hand = SimpleRNN(2, 4, 1), SimpleRNN(2, 4, 1)
    optimiser, other, rates = SGD(0.7, 0.5), SGD(0.7, 0.5), [0.1, 0.03, 0.2]
    learn(
        with_schedule,
        x,
        target,
        MeanSquaredError(),
        optimiser=optimiser,
        schedule=lambda n: rates[n - 1],
        shuffle=False,
    )
    for rate in rates:
        other.learning_rate = rate
        learn(by_hand, x, target, MeanSquaredError(), optimiser=other, epochs=1, shuffle=False)
    np.testing.assert_array_equal(with_schedule.theta, by_hand.theta)
    assert optimiser.learning_rate == 0.2


@pytest.mark.parametrize("setting", ["learning_rate", "weight_decay", "beta_1", "beta_2", "epsilon", "momentum"])
@pytest.mark.parametrize("value", [-1, np.nan, "a", None, np.ones(2), True])
def test_settings_are_checked_whenever_they_are_assigned(setting, value):
    optimiser = SGD(0.1, 0.5) if setting == "momentum" else Adam(0.1)
    before = getattr(optimiser, setting)
    with pytest.raises(ValueError, match=f"{setting}: expected a finite number"):
        setattr(optimiser, setting, value)
    assert getattr(optimiser, setting) == before
    setattr(optimiser, setting, 0.25)
    assert getattr(optimiser, setting) == 0.25


@pytest.mark.parametrize("kind", ["Adam", "SGD"])
def test_weight_decay_is_that_of_keras(keras, kind):
    rng = np.random.default_rng(0)
    theta = rng.normal(size=5)
    if kind == "Adam":
        ours, theirs = Adam(0.01, weight_decay=0.3), keras.optimizers.Adam(0.01, weight_decay=0.3)
    else:
        ours, theirs = SGD(0.01, 0.9, 0.3), keras.optimizers.SGD(0.01, 0.9, weight_decay=0.3)
    variable = keras.Variable(theta, dtype="float64")
    theirs.build([variable])
    for _ in range(20):
        gradient = rng.normal(size=5)
        ours.update(theta, gradient)
        theirs.apply([keras.ops.convert_to_tensor(gradient)])
    np.testing.assert_allclose(theta, np.asarray(variable), rtol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_moments_that_overflow_end_the_training_in_which_they_do(dtype):
    """A gradient of 1e23 has a square that float32 cannot hold: nothing in the parameters shows it yet."""
    net = SimpleRNN(2, 3, 1, dtype=dtype)
    before, optimiser, (x, target) = net.theta.copy(), Adam(0.01), task()
    size = 1e12 if dtype == "float32" else 1e100
    history = learn(net, x, size * target, MeanSquaredError(), optimiser=optimiser, epochs=1, batch_size=11)
    assert np.isfinite(size**2) and history.stopped is None and optimiser.memory()["n"] == 1
    size = 2e23 if dtype == "float32" else 1e160
    net.theta, optimiser = before, Adam(0.01)

    class Huge(MeanSquaredError):
        def value_and_slope(self, *arguments):
            J, dy = super().value_and_slope(*arguments)
            dy *= size / abs(dy).max()
            return J, dy

    history = learn(net, x, target, Huge(), optimiser=optimiser, epochs=1, batch_size=11)
    what = "memory of the optimiser" if dtype == "float32" else "gradient"  # in float64 its length overflows first
    assert f"the {what} was not finite" in history.stopped
    np.testing.assert_array_equal(net.theta, before)
    assert optimiser.memory() == {}


# ---- class weights --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", ["every", "last"])
@pytest.mark.parametrize("masked", [False, True])
def test_class_weights_are_those_of_keras(keras, steps, masked):
    """The loss that `fit` reports, and the weights after one step of gradient descent.

    Keras takes class_weight for one target a sequence; for a target at each step, the same as sample_weight.
    """
    rng = np.random.default_rng(1)
    x = rng.normal(size=(8, 5, 2))
    mask = rng.random((8, 5)) < 0.6 if masked else None
    if masked:
        mask[:, 0] = True
        x[~mask] = 0  # what Keras' Masking layer looks for
    for outputs, ours, theirs in (
        (3, CategoricalCrossEntropy(steps, class_weight={0: 0.3, 2: 4.0}), keras.losses.SparseCategoricalCrossentropy),
        (1, BinaryCrossEntropy(steps, class_weight={0: 0.3, 1: 4.0}), keras.losses.BinaryCrossentropy),
    ):
        target = rng.integers(0, max(outputs, 2), (8, 5) if steps == "every" else 8)
        net = GRU(2, 4, outputs, seed=1)
        model = keras.Sequential(
            [
                keras.Input((5, 2), dtype="float64"),
                keras.layers.Masking(dtype="float64"),
                keras.layers.GRU(4, return_sequences=steps == "every", dtype="float64"),
                keras.layers.Dense(outputs, dtype="float64"),
            ]
        )
        values = list(net.parameters.values())
        model.layers[1].set_weights(values[:3])
        model.layers[2].set_weights(values[3:])
        model.compile(keras.optimizers.SGD(0.5), theirs(from_logits=True))
        if steps == "last":
            given = {"class_weight": ours.class_weight}
        else:
            given = {"sample_weight": np.array([ours.class_weight.get(n, 1.0) for n in range(3)])[target]}
        fitted = model.fit(x, target[..., None], batch_size=8, epochs=1, shuffle=False, verbose=0, **given)
        shown = target.astype(float) if outputs == 1 else target
        history = learn(net, x, shown, ours, optimiser=SGD(0.5), epochs=1, batch_size=8, mask=mask)
        assert history.loss[0] == pytest.approx(fitted.history["loss"][0], rel=1e-5)
        for name, value in zip(net.parameters, model.get_weights(), strict=True):
            np.testing.assert_allclose(net.parameters[name], value, rtol=1e-5, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("loss", [CategoricalCrossEntropy, BinaryCrossEntropy])
def test_class_weights_and_slopes(loss):
    rng, step = np.random.default_rng(0), 1e-6
    y = rng.normal(size=(4, 3, 2))
    target = rng.integers(0, 2, (4, 3) if loss is CategoricalCrossEntropy else (4, 3, 2))
    weighted = loss(class_weight={1: 5})
    _, dy = weighted(y, target)
    for place in np.ndindex(y.shape):
        around = []
        for sign in (1, -1):
            moved = y.copy()
            moved[place] += sign * step
            around.append(weighted(moved, target)[0])
        assert dy[place] == pytest.approx((around[0] - around[1]) / (2 * step), abs=1e-8)
    assert loss(class_weight={0: 1, 1: 1})(y, target)[0] == loss()(y, target)[0]
    assert weighted(y, target)[0] > loss()(y, target)[0]
    assert "class_weight={1: 5.0}" in repr(weighted) and "class_weight" not in repr(loss())


@pytest.mark.parametrize("weights", [[1, 2], {0: -1}, {-1: 1}, {"a": 1}, {0: np.nan}, {1.5: 1}])
def test_bad_class_weights_are_refused(weights):
    with pytest.raises(ValueError, match="class_weight.*: expected"):
        CategoricalCrossEntropy(class_weight=weights)


def test_classes_that_are_not_there():
    for loss, outputs in (
        (CategoricalCrossEntropy(class_weight={3: 1}), 3),
        (BinaryCrossEntropy(class_weight={2: 1}), 1),
    ):
        with pytest.raises(ValueError, match="class_weight: expected classes from 0 to"):
            loss(np.zeros((2, 4, outputs)), np.zeros((2, 4), int))


# ---- first states ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "net",
    [SimpleRNN(2, 4, 1), GRU(2, 4, 1), LSTM(2, 4, 1), Stacked(2, (4, 3), 1, LSTM)],
    ids=lambda net: type(net).__name__,
)
def test_every_sequence_begins_with_its_own_state(net):
    """Batch after batch by hand, in the order of the training; the last batch is smaller."""
    (x, target), loss = task(), MeanSquaredError()
    h_0 = net.forward(task(5)[0])[1].state_last
    ours, by_hand = net.copy(), net.copy()
    history = learn(ours, x, target, loss, optimiser=SGD(0.5), epochs=2, h_0=h_0, validation=(x, target, None, h_0))
    rng, optimiser = np.random.default_rng(0), SGD(0.5)

    def rows(state, numbers):
        return tuple(rows(part, numbers) for part in state) if isinstance(state, tuple) else state[numbers]

    for _ in range(2):
        order = rng.permutation(11)
        for start in (0, 4, 8):
            numbers = order[start : start + 4]
            y, record = by_hand.forward(x[numbers], rows(h_0, numbers))
            optimiser.update(by_hand.theta, by_hand.backward(record, loss(y, target[numbers])[1]).theta)
    np.testing.assert_allclose(ours.theta, by_hand.theta, rtol=1e-10, atol=1e-13)
    assert history.validation_loss[-1] == pytest.approx(loss(ours.forward(x, h_0)[0], target)[0], rel=1e-12)
    assert history.validation_loss[-1] != pytest.approx(loss(ours.forward(x)[0], target)[0], rel=1e-6)


def test_first_states_of_long_sequences(monkeypatch):
    from helpers.networks import batches

    x, target = task()
    h_0, nets = np.random.default_rng(3).normal(size=(11, 4)), [GRU(2, 4, 1), GRU(2, 4, 1)]
    for net, stretch in zip(nets, (6, 4), strict=True):
        monkeypatch.setattr(batches, "STRETCH", stretch)
        learn(net, x, target, MeanSquaredError(), h_0=h_0)
    np.testing.assert_allclose(nets[0].theta, nets[1].theta, rtol=1e-9)


def test_a_network_without_states_takes_none():
    x, target = task()
    with pytest.raises(ValueError, match="h_0: expected None"):
        learn(FeedForward((2, 3, 1)), x, target, MeanSquaredError(), h_0=np.zeros((11, 3)))


# ---- dropout --------------------------------------------------------------------------------------------------


def test_each_batch_trains_a_network_thinned_anew():
    (x, target), loss, drop = task(), MeanSquaredError(), {"W_hh": 0.4, "W_ho": 0.3}
    ours, by_hand = GRU(2, 4, 1), GRU(2, 4, 1)
    learn(ours, x, target, loss, optimiser=Adam(0.02), drop=drop, clip_norm=0.5, seed=7)
    rng, optimiser = np.random.default_rng(7), Adam(0.02)
    for _ in range(3):
        order = rng.permutation(11)
        for start in (0, 4, 8):
            numbers = order[start : start + 4]
            thin, factors = thinned(by_hand, drop, rng)
            y, record = thin.forward(x[numbers])
            gradients = thin.backward(record, loss(y, target[numbers])[1])
            for name, factor in factors.items():
                gradients[name][...] *= factor
            clip_by_global_norm(gradients.theta, 0.5)
            optimiser.update(by_hand.theta, gradients.theta)
    np.testing.assert_allclose(ours.theta, by_hand.theta, rtol=1e-10, atol=1e-13)


# ---- targets and padding --------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", [MeanSquaredError, BinaryCrossEntropy])
def test_one_output_needs_no_last_axis(loss):
    x, target = task()
    target = (target > 0).astype(float)
    for steps, given in (("every", target), ("last", target[:, -1])):
        nets = [SimpleRNN(2, 4, 1), SimpleRNN(2, 4, 1)]
        histories = [
            learn(net, x, one, loss(steps), validation=(x, one))
            for net, one in zip(nets, (given, given[..., 0]), strict=True)
        ]
        np.testing.assert_array_equal(nets[0].theta, nets[1].theta)
        assert histories[0].validation_loss == histories[1].validation_loss
    flat = FeedForward((2, 3, 1))
    learn(flat, x[:, 0], target[:, 0, 0], loss())
    with pytest.raises(ValueError, match=r"target: expected shape \(11, 6, 2\)"):
        learn(SimpleRNN(2, 4, 2), x, target[..., 0], loss())
    with pytest.raises(ValueError, match=r"target: expected shape \(11, 1\)"):
        learn(SimpleRNN(2, 4, 1), x, target[..., 0], loss("last"))


@pytest.mark.parametrize("anything", [np.nan, np.inf, 1e300])
@pytest.mark.parametrize("kind", [SimpleRNN, LSTM, FeedForward])
def test_padding_may_hold_anything(kind, anything):
    """In inputs and targets alike, of training and of validation data."""
    (x, target), rng = task(), np.random.default_rng(2)
    mask = rng.random((11, 6)) < 0.6
    mask[:, 0] = True
    nets = [FeedForward((2, 4, 1)) if kind is FeedForward else kind(2, 4, 1, dtype="float32") for _ in range(2)]
    histories = []
    for net, value in zip(nets, (0.0, anything), strict=True):
        x[~mask], target[~mask] = value, value
        validation = x.copy(), target.copy(), mask
        histories.append(learn(net, x, target, MeanSquaredError(), mask=mask, validation=validation))
    np.testing.assert_array_equal(nets[0].theta, nets[1].theta)
    assert histories[0].loss == histories[1].loss
    assert histories[0].validation_loss == histories[1].validation_loss
    x[0, 0] = np.nan  # a real step
    with pytest.raises(ValueError, match="x: expected finite numbers"):
        learn(nets[0], x, target, MeanSquaredError(), mask=mask)


def test_masked_targets_are_refused_beside_a_mask_too():
    x, target = task()
    target = np.ma.masked_array(target, mask=np.zeros(target.shape, bool))
    target.mask[0, 1] = True
    with pytest.raises(ValueError, match="target: expected an array without masked values"):
        learn(SimpleRNN(2, 4, 1), x, target, MeanSquaredError(), mask=np.ones((11, 6), bool))


def test_errors_quote_at_most_sixty_characters():
    x, target = task()
    for name, value in (("epochs", "a" * 500), ("clip_norm", "a" * 500), ("progress", "a" * 500), ("seed", "a" * 500)):
        with pytest.raises(ValueError, match=f"{name}: expected") as raised:
            train(SimpleRNN(2, 4, 1), x, target, MeanSquaredError(), **{name: value})
        assert len(str(raised.value)) < 150
