"""Single neurons: leaky integrate-and-fire, artificial, and a firing rate that feeds back on itself.

Units of the spiking neuron: time in ms, voltage in mV, current in nA, resistance in MΩ (1 MΩ · 1 nA = 1 mV),
firing rates in Hz. The rate neuron's rate is a share of its largest rate, 0…1.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from helpers.networks import checks
from helpers.networks.activations import ACTIVATIONS


class VoltageTrace(NamedTuple):
    """What a simulated neuron did: times `t` (T+1,) in ms, voltages `v` (T+1,) in mV, its spikes' times (K,) in ms."""

    t: np.ndarray
    v: np.ndarray
    spikes: np.ndarray

    @property
    def rate(self):
        """Spikes per second (Hz), from the mean time between spikes; 0 with fewer than two spikes."""
        return 1000 / float(np.diff(self.spikes).mean()) if len(self.spikes) > 1 else 0.0


@dataclass(frozen=True)
class IntegrateAndFire:
    """A leaky integrate-and-fire neuron: τ dV/dt = −(V − V_rest) + R I, and at the threshold a spike and a reset.

    tau: ms. resistance: MΩ. rest, threshold, reset: mV. refractory: ms after a spike in which V rests at reset.
    Source: Gerstner, Kistler, Naud and Paninski (2014), Neuronal Dynamics, chapter 1.3.
    Raises ValueError for numbers that no neuron can have (τ ≤ 0, a threshold at or under rest or reset, …).
    """

    tau: float = 10.0
    resistance: float = 10.0
    rest: float = -70.0
    threshold: float = -55.0
    reset: float = -70.0
    refractory: float = 2.0

    def __post_init__(self):
        checks.number("tau", self.tau, above=0)
        checks.number("resistance", self.resistance, above=0)
        for name in ("rest", "threshold", "reset"):
            checks.number(name, getattr(self, name))
        checks.number("refractory", self.refractory, at_least=0)
        for name, words in (("rest", "the resting potential"), ("reset", "the reset potential")):
            if not self.threshold > getattr(self, name):
                expected = f"a voltage above {words} {getattr(self, name):g} mV"
                raise checks.bad("threshold", expected, f"{self.threshold:g} mV")

    @property
    def rheobase(self):
        """The current (nA) above which the neuron fires: its goal V_rest + R I then lies above the threshold."""
        return (self.threshold - self.rest) / self.resistance

    def simulate(self, current, duration=None, time_step=0.1, method="exact"):
        """The neuron's VoltageTrace from rest. current: nA, a number with a `duration` in ms, or (T,), one a step.

        method "exact" follows the exponential of each step's constant current; "euler" takes straight steps.
        A spike is noted at the end of the step that reaches the threshold, so an interval between spikes is up to
        one `time_step` too long (two, if the refractory time is not a multiple of it).
        Raises ValueError for a time step above τ: Euler steps would jump past their goal, spikes would be guesses.
        """
        method = checks.one_of("method", method, ("exact", "euler"))
        dt = checks.number("time_step", time_step, above=0)
        if dt > self.tau:
            expected = f"at most the time constant {self.tau:g} ms (longer steps jump past their goal)"
            raise checks.bad("time_step", expected, f"{dt:g} ms")
        if duration is not None:
            steps = round(checks.number("duration", duration, at_least=dt) / dt)
            current = np.full(steps, checks.number("current", current))
        goal = self.rest + self.resistance * checks.array("current", current, ("T",), "float64")
        share = -np.expm1(-dt / self.tau) if method == "exact" else dt / self.tau  # of the way to the goal
        pause = int(np.ceil(self.refractory / dt - 1e-9))  # steps
        v = np.empty(len(goal) + 1)
        v[0] = now = self.rest
        spikes, waiting = [], 0
        for k, aim in enumerate(goal.tolist(), start=1):
            if waiting:
                waiting -= 1
            else:
                now += share * (aim - now)
                if now >= self.threshold:
                    spikes.append(k)
                    now, waiting = self.reset, pause
            v[k] = now
        return VoltageTrace(np.arange(len(v)) * dt, v, np.array(spikes, float) * dt)

    def rate(self, current):
        """The firing rate (Hz) at constant `current` (nA, any shape), in closed form; 0 up to the rheobase.

        f = 1 / (t_ref + τ ln((R I + V_rest − V_reset) / (R I + V_rest − V_threshold))): the time between two spikes
        is the refractory time and the time that the exponential takes from reset to threshold.
        """
        goal = self.resistance * np.asarray(current, float) + self.rest
        if not np.isfinite(goal).all():
            raise checks.bad("current", "finite numbers", "one that is not")
        fires = goal > self.threshold
        aim = np.where(fires, goal, self.threshold + 1.0)  # any number above the threshold, where nothing fires
        rise = self.tau * np.log((aim - self.reset) / (aim - self.threshold))
        return np.where(fires, 1000 / (self.refractory + rise), 0.0)[()]

    def current_for_rate(self, rate):
        """The constant current (nA) at which the neuron fires at `rate` (Hz): the closed form of `rate`, inverted.

        Raises ValueError for a rate that its refractory time does not allow.
        """
        most = 1000 / self.refractory if self.refractory else None
        rise = 1000 / checks.number("rate", rate, above=0, below=most) - self.refractory
        # goal − reset = exp(rise / τ) (goal − threshold), solved for the goal in a form that cannot overflow.
        shrink = np.exp(-rise / self.tau)
        goal = (self.threshold - self.reset * shrink) / (1 - shrink)
        return float((goal - self.rest) / self.resistance)


def upward_crossings(v, level):
    """Places k (K,) where `v` (T,) comes from below: v[k−1] < level ≤ v[k]. For a voltage trace: its spikes."""
    v = checks.array("v", v, ("T",), "float64")
    above = v >= checks.number("level", level)
    return np.flatnonzero(above[1:] & ~above[:-1]) + 1


class ArtificialNeuron:
    """y = φ(x · w + b): a weighted sum of the inputs, a bias, an activation function.

    weights: (I,). activation: "step" (1 from 0 on, else 0; McCulloch and Pitts 1943), "sigmoid", "tanh", "relu",
    "linear". Raises ValueError for weights or a bias that are not finite numbers, or an unknown activation.
    """

    def __init__(self, weights, bias=0.0, activation="step"):
        self.weights = checks.array("weights", weights, ("I",), "float64").copy()
        self.bias = checks.number("bias", bias)
        self.activation = checks.one_of("activation", activation, ("step", *ACTIVATIONS))

    def __call__(self, x):
        """Outputs y (B,) for inputs x (B, I), or one number for x (I,)."""
        a = np.asarray(self.drive(x))
        if self.activation == "step":
            return (a >= 0).astype(float)[()]
        return ACTIVATIONS[self.activation].of(a, np.empty_like(a))[()]

    def drive(self, x):
        """The pre-activation a = x · w + b: (B,) for x (B, I), one number for x (I,)."""
        shape = (len(self.weights),) if np.ndim(x) == 1 else ("B", len(self.weights))
        return checks.array("x", x, shape, "float64") @ self.weights + self.bias


class FixedPoint(NamedTuple):
    """A rate at which nothing changes. `slope` is d(dr/dt)/dr in 1/ms; stable: small pushes die out (slope < 0)."""

    rate: float
    stable: bool
    slope: float


@dataclass(frozen=True)
class RateNeuron:
    """A neuron whose firing rate r (0…1 of its largest) feeds back on itself: τ dr/dt = −r + φ(w r + input).

    φ(u) = 1 / (1 + exp(−gain (u − threshold))), a smooth f–I curve that is half way up at the threshold.
    weight: of the self-connection. tau: ms. A single unit of Wilson and Cowan's (1972) equations.
    """

    weight: float = 0.0
    tau: float = 20.0
    gain: float = 8.0
    threshold: float = 0.5

    def __post_init__(self):
        checks.number("weight", self.weight)
        checks.number("tau", self.tau, above=0)
        checks.number("gain", self.gain, above=0)
        checks.number("threshold", self.threshold)

    def activation(self, drive):
        """φ(drive), the rate that the neuron heads for."""
        return 0.5 + 0.5 * np.tanh(0.5 * self.gain * (np.asarray(drive, float) - self.threshold))

    def change(self, rate, drive=0.0):
        """dr/dt in 1/ms at `rate`, with the input `drive`."""
        rate = np.asarray(rate, float)
        return (self.activation(self.weight * rate + drive) - rate) / self.tau

    @property
    def longest_step(self):
        """The longest Euler step (ms) that neither swings nor explodes at any rate."""
        steepest = self.gain * abs(self.weight) / 4  # |d/dr φ(w r + input)| at most
        return self.tau if self.weight >= 0 else self.tau / (1 + steepest)

    def simulate(self, drive, r_0=0.0, time_step=1.0):
        """Rates r (T+1,) from `r_0`, by Euler steps: r ← r + (time_step / τ)(−r + φ(w r + drive_t)). drive: (T,).

        With time_step = τ the step is r ← φ(w r + drive_t): a recurrent network of one unit.
        Raises ValueError for a time step above `longest_step`.
        """
        dt = checks.number("time_step", time_step, above=0)
        if dt > self.longest_step:
            expected = f"at most {self.longest_step:g} ms (longer steps make the rate jump past its goal)"
            raise checks.bad("time_step", expected, f"{dt:g} ms")
        drive = checks.array("drive", drive, ("T",), "float64")
        r = np.empty(len(drive) + 1)
        r[0] = checks.number("r_0", r_0)
        share = dt / self.tau
        for k, u in enumerate(drive):
            r[k + 1] = r[k] + share * (float(self.activation(self.weight * r[k] + u)) - r[k])
        return r

    def fixed_points(self, drive=0.0):
        """All rates with dr/dt = 0 under the constant input `drive`, in rising order: one, two or three FixedPoints.

        dr/dt can only turn where gain · w · φ (1 − φ) = 1, at two values of φ at most. Between these turning
        points it rises or falls all the way, so each piece holds one fixed point at most, and none is missed.
        """
        checks.number("drive", drive)
        edges = [0.0, 1.0]
        if self.gain * self.weight > 4:
            half = 0.5 * np.sqrt(1 - 4 / (self.gain * self.weight))
            turns = [(self._drive_of(share) - drive) / self.weight for share in (0.5 - half, 0.5 + half)]
            edges = [0.0, *(r for r in turns if 0 < r < 1), 1.0]
        found = []
        for low, high in zip(edges, edges[1:], strict=False):
            if self.change(low, drive) * self.change(high, drive) <= 0:
                rate = self._bisect(low, high, drive)
                slope = self.slope(rate, drive)
                if not found or rate - found[-1].rate > 1e-9:  # a shared edge belongs to one piece only
                    found.append(FixedPoint(rate, slope < -1e-9, slope))
        return found

    def slope(self, rate, drive=0.0):
        """d(dr/dt)/dr in 1/ms at `rate`."""
        share = float(self.activation(self.weight * rate + drive))
        return (self.gain * self.weight * share * (1 - share) - 1) / self.tau

    def memory_weights(self, drive=0.0):
        """(low, high): for weights between them two stable rates exist, so that the neuron can remember; or None.

        At these weights dr/dt touches zero: r = φ and gain · w · r (1 − r) = 1 together, which leaves
        1/(1 − r) − ln(r/(1 − r)) = gain (threshold − drive), solved on each side of r = ½ (a saddle-node bifurcation).
        """
        wanted = self.gain * (self.threshold - checks.number("drive", drive))
        if wanted <= 2:  # the left side is 2 at r = ½ and larger elsewhere
            return None

        def miss(odds):  # with odds = ln(r/(1 − r)): 1/(1 − r) = 1 + e^odds
            return 1 + np.exp(odds) - odds - wanted

        def weight(odds):  # 1 / (gain r (1 − r))
            return float((np.exp(odds) + 2 + np.exp(-odds)) / self.gain)

        return weight(bisect(miss, 0.0, wanted + 1)), weight(bisect(miss, -wanted - 1, 0.0))

    def _drive_of(self, share):
        """The drive at which φ = share."""
        return self.threshold + np.log(share / (1 - share)) / self.gain

    def _bisect(self, low, high, drive):
        return bisect(lambda rate: self.change(rate, drive), low, high)


def bisect(function, low, high):
    """A zero of `function` between `low` and `high`, where its signs differ: halved until no number lies between."""
    rising = function(low) < function(high)
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if (function(middle) < 0) == rising:
            low = middle
        else:
            high = middle
    return float(0.5 * (low + high))
