"""The colours of every picture, in one place, for both painters.

Lines use the palette of Okabe and Ito (2008, "Color Universal Design"), which readers with any common
kind of colour blindness can tell apart; its black and yellow are left out, because one of them vanishes
in a dark theme and the other in a light one. Heat maps run between blue and orange (signed values) or
from dark to light (amounts): no red against green anywhere.
"""

import numpy as np

# Okabe and Ito's colours by name; purple is darker than theirs, to stand out as thin lines and small text.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072b2", "#d55e00", "#009e73", "#9b4f96", "#7a7a7a"
LINES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a6bbf", "#7a7a7a")

MAPS = {
    # signed values: blue below zero, orange above, almost white at zero
    "signed": ("#08305c", "#2b6cb0", "#8dbbe0", "#f4f3f0", "#f4b37c", "#d4640f", "#702900"),
    # amounts: perceptually even, dark to light
    "amount": ("#2a1a5e", "#3b4f93", "#2f7f9e", "#35a98b", "#8fcf5a", "#f2e34c"),
}


INK = "#767676"  # of a still picture: as easy to read on a white page as on a dark one


def colour_table(name):
    """The 256 colours of map `name` as a uint8 array (256, 3), by straight lines between its anchors.

    The browser's painter builds the same table from the same anchors.
    Raises ValueError for a map that does not exist.
    """
    if name not in MAPS:
        raise ValueError(f"colours: expected one of {sorted(MAPS)}, got {name!r}")
    anchors = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in MAPS[name]], float)
    place = np.linspace(0, len(anchors) - 1, 256)
    table = np.stack([np.interp(place, np.arange(len(anchors)), anchors[:, c]) for c in range(3)], axis=1)
    return np.floor(table + 0.5).astype(np.uint8)
