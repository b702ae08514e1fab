"""The losses: values by hand, limits, masks."""

import numpy as np
import pytest

from helpers.networks import BinaryCrossEntropy, CategoricalCrossEntropy, MeanSquaredError


def test_values_by_hand():
    y = np.array([[[1.0, 3.0], [0.0, 2.0]]])  # (1, 2, 2)
    J, dy = MeanSquaredError()(y, np.zeros((1, 2, 2)))
    assert J == (1 + 9 + 0 + 4) / 4
    np.testing.assert_array_equal(dy, y / 2)

    J, _ = BinaryCrossEntropy()(y[:, :1, :1], np.ones((1, 1, 1)))
    assert J == pytest.approx(-np.log(1 / (1 + np.exp(-1.0))), rel=1e-15)

    J, _ = CategoricalCrossEntropy()(y, np.array([[1, 0]]))
    assert J == pytest.approx((np.log(1 + np.exp(-2.0)) + np.log(1 + np.exp(2.0))) / 2, rel=1e-15)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_huge_logits_stay_finite(dtype):
    y = np.array([[[1e4], [-1e4]]], dtype)
    with np.errstate(all="raise", under="ignore"):
        J, dy = BinaryCrossEntropy()(y, np.array([[[0.0], [1.0]]]))
        assert J == 1e4 and np.array_equal(dy.ravel(), [0.5, -0.5])
        J, dy = BinaryCrossEntropy()(y, np.array([[[1.0], [0.0]]]))
        assert J == 0 and not dy.any()
        J, dy = CategoricalCrossEntropy()(np.array([[[1e4, -1e4]]], dtype), [[1]])
        assert J == 2e4 and np.array_equal(dy.ravel(), [1, -1])
    assert dy.dtype == dtype


def test_uniform_guess_costs_log_of_the_classes():
    J, _ = CategoricalCrossEntropy()(np.zeros((2, 3, 27)), np.zeros((2, 3), int))
    assert J == pytest.approx(np.log(27), rel=1e-15)


@pytest.mark.parametrize("loss", [MeanSquaredError(), BinaryCrossEntropy(), CategoricalCrossEntropy()])
def test_masked_steps_count_nothing_whatever_they_hold(loss):
    rng = np.random.default_rng(0)
    y = rng.normal(size=(2, 4, 3))
    mask = np.array([[True, True, False, False], [True, True, True, True]])
    integer = isinstance(loss, CategoricalCrossEntropy)
    target = rng.integers(0, 3, (2, 4)) if integer else rng.uniform(size=(2, 4, 3))
    J, dy = loss(y, target, mask)
    spoilt = target.copy()
    spoilt[0, 2:] = -1 if integer else np.nan
    J_spoilt, dy_spoilt = loss(y, spoilt, mask)
    assert J == J_spoilt
    np.testing.assert_array_equal(dy, dy_spoilt)
    assert not dy[0, 2:].any() and dy[0, :2].all()
    # the mean over the six counted pairs, from two losses without a mask
    apart = [loss(y[:1, :2], target[:1, :2]), loss(y[1:], target[1:])]
    assert J == pytest.approx((2 * apart[0][0] + 4 * apart[1][0]) / 6, rel=1e-14)
    np.testing.assert_allclose(dy[0, :2], apart[0][1][0] * 2 / 6, rtol=1e-13)


@pytest.mark.parametrize("Loss", [MeanSquaredError, BinaryCrossEntropy, CategoricalCrossEntropy])
def test_last_step_only(Loss):
    rng = np.random.default_rng(0)
    y = rng.normal(size=(4, 5, 3))
    target = rng.integers(0, 3, 4) if Loss is CategoricalCrossEntropy else rng.uniform(size=(4, 3))
    J, dy = Loss(steps="last")(y, target)
    J_short, dy_short = Loss()(y[:, -1:], target[:, None])
    assert J == pytest.approx(J_short, rel=1e-15)
    np.testing.assert_allclose(dy[:, -1:], dy_short, rtol=1e-15)
    assert not dy[:, :-1].any() and dy.shape == y.shape
