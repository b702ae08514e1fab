"""Input shapes (T,) for the hidden-state explorer."""

import numpy as np

from helpers.data import checks


def pulse(steps=40, at=0, width=1, height=1.0):
    """`height` for `width` steps from step `at` on, 0 elsewhere; (T,) float64.

    The pulse must lie inside the sequence: `at` from 0 to T − 1, `width` from 1 to T − at.
    """
    steps, at = _steps_and_place(steps, at)
    width = checks.whole_number("width", width, least=1, most=steps - at)
    signal = np.zeros(steps)
    signal[at : at + width] = checks.real_number("height", height)
    return signal


def step(steps=40, at=0, height=1.0):
    """0 before step `at`, `height` from there to the end; (T,) float64."""
    steps, at = _steps_and_place(steps, at)
    signal = np.zeros(steps)
    signal[at:] = checks.real_number("height", height)
    return signal


def sine(steps=40, period=10.0, height=1.0, shift=0.0):
    """height · sin(2π (t / period + shift)) for t = 0 … T − 1; (T,) float64.

    period: in time steps, at least 2 (a shorter one cannot be told from a longer one); shift: in periods.
    """
    steps = checks.whole_number("steps", steps, least=1)
    period = checks.real_number("period", period, least=2)
    height = checks.real_number("height", height)
    shift = checks.real_number("shift", shift)
    return height * np.sin(2 * np.pi * (np.arange(steps) / period + shift))


def _steps_and_place(steps, at):
    steps = checks.whole_number("steps", steps, least=1)
    return steps, checks.whole_number("at", at, least=0, most=steps - 1)
