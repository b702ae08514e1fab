"""Numbers as figures write them."""

import numpy as np


def tick_text(value):
    """A tick's label: short, no trailing zeros, a true minus sign."""
    return f"{value:.6g}".replace("-", "\u2212")


def power_text(value):
    """A tick of a log axis: a power of ten as one beyond a thousand or a thousandth, other numbers as they are."""
    power = round(np.log10(value))
    if abs(power) < 3 or not np.isclose(value, 10.0**power):
        return tick_text(value)
    return "10" + f"{power}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def signed(number, decimals=2):
    """A number as the figures write it: never "-0.0", and with a true minus sign."""
    return f"{round(float(number), decimals) + 0.0:.{decimals}f}".replace("-", "\u2212")


def tiny(number):
    """A number of at least 0 as a person writes it: 0.05, 340, 3·10⁻⁹, 2·10⁷, 0."""
    if not 0 < number < 0.001 and not 1e5 <= number < np.inf:
        return f"{float(f'{number:.2g}'):g}"
    digit, exponent = f"{number:.0e}".split("e")
    power = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(d)] for d in str(abs(int(exponent))))
    return f"{digit}·10{'⁻' if number < 1 else ''}{power}"
