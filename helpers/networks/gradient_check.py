"""Is a gradient right? Compare it, element by element, with the loss itself at slightly other parameters.

Central differences: (J(θ + ε) - J(θ - ε)) / 2ε, exact up to about ε² and rounding / ε.
Complex step: Im J(θ + iε) / ε with ε = 10⁻³⁰: no difference is taken, so nothing cancels. Squire and Trapp (1998).
"""

import numpy as np

from . import checks
from .activations import ACTIVATIONS
from .arrays import time_first
from .losses import Loss
from .network import Network
from .processor import quietly

EPSILON = np.finfo(np.float64).eps ** (1 / 3)
LIMITS = {"central differences": 1e-7, "complex step": 1e-12}
# What rounding alone can do to a gradient that is nearly zero, as a share of (J / ε) and of the whole gradient.
ROUNDING = {"central differences": 16 * np.finfo(np.float64).eps, "complex step": 1e-15}


class GradientMismatch(AssertionError):
    """A gradient is wrong; the message names the parameter and the element."""


class GradientReport:
    """The result of a check that passed. `errors[parameter][method]` is ‖given - measured‖ / ‖measured‖."""

    def __init__(self):
        self.errors, self._lines = {}, []

    def _add(self, name, shape, errors, note=""):
        self.errors[name] = errors
        within = "   ".join(f"{method} within {LIMITS[method]:.0e}" for method in errors)
        size = " × ".join(str(n) for n in shape)
        self._lines.append(f"{name:<6}{size:>10}   {within}{note}")

    def __repr__(self):
        return "\n".join(["gradient check passed, relative error of each parameter's gradient:", *self._lines])

    __str__ = __repr__


@quietly
def check_gradients(net, x, target, loss, mask=None, h_0=None, gradients=None):
    """Compare gradients with central differences and the complex step. Every element of every parameter is checked.

    gradients : None checks `net.backward`; or a dict name -> array of your own, for all parameters or some

    Works in float64, on copies; it runs the network three times for each parameter: use a small one.
    Returns a GradientReport. Raises GradientMismatch that names the parameter and the element, also where a number is
    NaN or where every gradient is zero, which would prove nothing. Raises ValueError on bad input.
    """
    checks.instance("net", net, Network, "a network")
    checks.instance("loss", loss, Loss, "a loss, such as MeanSquaredError()")
    net = net.astype("float64")
    y, record = net.forward(x, h_0, mask)
    J, dy = loss(y, target, None if loss.steps == "last" else mask)  # one output for a sequence has no mask
    given = net.backward(record, dy) if gradients is None else _readers(net, gradients)
    if not np.isfinite(J):
        raise GradientMismatch(f"the loss is {J}: there is no gradient to check")

    x, mask = record.along_time[0], None if mask is None else time_first(np.asarray(mask))
    target = loss.prepare(target, y.shape, net.dtype, record.mask)
    h_0 = record.state_0
    measured = {
        "central differences": _central(net, x, target, loss, mask, h_0),
        "complex step": _complex(net, x, target, loss, mask, h_0),
    }
    whole = np.linalg.norm(measured["complex step"])
    if not whole > 1e-14:
        raise GradientMismatch(
            "every gradient is zero here: the check would prove nothing. Try other inputs or weights"
        )

    report = GradientReport()
    start = 0
    for name, parameter in net.parameters.items():
        part, start = slice(start, start + parameter.size), start + parameter.size
        if name not in given.keys():
            continue
        errors = {}
        for method, all_values in measured.items():
            value = all_values[part].reshape(parameter.shape)
            if method == "central differences":
                at_kink = np.isnan(value)  # J has a kink between θ - ε and θ + ε: only the complex step can tell
                value = np.where(at_kink, given[name], value)
                rounding = ROUNDING[method] * max(1.0, abs(J)) / EPSILON * np.sqrt(value.size)
            else:
                rounding = ROUNDING[method] * whole
            errors[method] = _compare(name, given[name], value, method, rounding)
        report._add(name, parameter.shape, errors)
    return report


def _compare(name, given, value, method, rounding):
    difference, size = np.linalg.norm(given - value), np.linalg.norm(value)
    if not np.isfinite(given).all() or not difference <= LIMITS[method] * size + rounding:  # written so that NaN fails
        worst = np.unravel_index(np.argmax(np.where(np.isnan(given), np.inf, np.abs(given - value))), given.shape)
        place = ", ".join(str(int(i)) for i in worst)
        raise GradientMismatch(
            f"{name}[{place}]: the gradient given is {given[worst]:.6g}, the {method} give{'s' * (method[-1] != 's')} "
            f"{value[worst]:.6g} (relative error of {name}: {difference / size:.1e}, allowed {LIMITS[method]:.0e})"
            + _hint(given, value)
        )
    return float(difference / size) if size > 0 else 0.0


def _hint(given, value):
    def close(candidate):
        return np.linalg.norm(candidate - value) <= 1e-6 * np.linalg.norm(value)

    if given.ndim == 2 and given.shape[0] == given.shape[1] and close(given.T):
        return ". Its transpose would be right"
    if close(-given):
        return ". The sign is wrong"
    squared = np.vdot(given, given)
    factor = np.vdot(given, value) / squared if np.isfinite(squared) and squared > 0 else 0.0
    return f". All of it times {factor:.6g} would be right" if factor and close(factor * given) else ""


def _readers(net, gradients):
    """The reader's own gradients, checked for names and shapes; values may be NaN, which then fails the comparison."""
    if not isinstance(gradients, dict) or not gradients:
        names = ", ".join(map(repr, net.parameters))
        raise checks.bad("gradients", f"a dict name -> array with some of {names}", checks.describe(gradients))
    own = {}
    for name, value in gradients.items():
        checks.one_of("gradients", name, net.parameters)
        own[name] = np.array(value, dtype=np.float64)
        if own[name].shape != net.parameters[name].shape:
            raise checks.bad(f"gradients[{name!r}]", f"shape {net.parameters[name].shape}", f"shape {own[name].shape}")
    return own


def _central(net, x, target, loss, mask, h_0):
    """dJ/dθ by central differences; NaN where J has a kink on the way."""
    theta, slopes = net.theta, np.empty(net.theta.size)
    smooth = ACTIVATIONS[net.activation].smooth
    for i in range(theta.size):
        middle = theta[i]
        J, above_zero = {}, {}
        for side in (+1, -1):
            theta[i] = middle + side * EPSILON
            record = net._forward(x, h_0, mask)
            J[side] = loss.value_and_slope(record.along_time[3], target, mask)[0]
            above_zero[side] = None if smooth else record.above_zero
        theta[i] = middle
        slopes[i] = (J[1] - J[-1]) / (2 * EPSILON)
        if not smooth and (above_zero[1] != above_zero[-1]).any():
            slopes[i] = np.nan
    return slopes


def _complex(net, x, target, loss, mask, h_0):
    """dJ/dθ by the complex step."""
    net = net.astype("complex128")
    x, theta, slopes = x.astype(np.complex128), net.theta, np.empty(net.theta.size)
    for i in range(theta.size):
        theta[i] += 1e-30j
        J, _ = loss.value_and_slope(net._forward(x, h_0, mask).along_time[3], target, mask)
        theta[i] = theta[i].real
        slopes[i] = J.imag / 1e-30
    return slopes
