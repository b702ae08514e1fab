"""What keeps a hidden layer from XOR, in words (exercise 2.1)."""


def pair(values):
    """Two numbers as they stand in the text: (1, 0)."""
    return f"({values[0]:g}, {values[1]:g})"


def xor_hint(x, h):
    """What keeps a network from XOR: its hidden answers h (4, 2) to the rows x (4, 2), or only its output."""
    if (h == h[0]).all():
        return "Both hidden neurons give every row the same answer: their lines pass beside all four points."
    if (h[:, 0] == h[:, 1]).all():
        return "Both hidden neurons answer alike on every row. Let one be OR, the other AND."
    for one, zero in [(1, 0), (1, 3), (2, 0), (2, 3)]:  # a row with answer 1, a row with answer 0
        if (h[one] == h[zero]).all():
            return (
                f"Rows {pair(x[one])} and {pair(x[zero])} want different answers but have the same h, so no output "
                "can tell them apart. Let one neuron be OR, the other AND."
            )
    if (h[1] + h[2] == h[0] + h[3]).all():  # both pairs have the same middle: one lies across the other
        return (
            "In the hidden plane, too, no line parts the rows: those with answer 1 lie on one diagonal, those with "
            "answer 0 on the other. Each hidden neuron copies one input. Let one be OR, the other AND."
        )
    ones, zeros = (" and ".join(dict.fromkeys(pair(place) for place in h[rows])) for rows in ([1, 2], [0, 3]))
    return (
        f"The hidden layer is good enough. The rows with answer 1 lie at h = {ones}, the others at {zeros}: let the "
        "output draw a line between them. With OR and AND: XOR is OR, but not AND. What does that say about the signs "
        "in W_ho?"
    )
