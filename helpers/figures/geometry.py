"""Small geometry for pictures: principal directions of states, positions of an unrolled network."""

import numpy as np


def principal_plane(states):
    """(mean (H,), directions (H, 2), share) of the widest plane through states (N, H), by singular values.

    share: the part of the variance that lies in the plane, 0…1. Signs are fixed (largest weight positive),
    so that the same states give the same plane on every machine. A single unit gets a flat second direction.
    """
    states = np.asarray(states, float).reshape(-1, np.shape(states)[-1])
    mean = states.mean(axis=0)
    _, sizes, rows = np.linalg.svd(states - mean, full_matrices=False)
    total = float((sizes**2).sum())
    directions = np.zeros((states.shape[1], 2))
    for k in range(min(2, len(rows))):
        row = rows[k]
        directions[:, k] = row * (1.0 if row[np.argmax(np.abs(row))] >= 0 else -1.0)
    return mean, directions, float((sizes[:2] ** 2).sum()) / total if total > 0 else 1.0


def square_limits(x, y, air=0.08):
    """((x0, x1), (y0, y1)) that hold all points with some air on each side."""
    limits = []
    for values in (np.asarray(x), np.asarray(y)):
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        extra = air * max(high - low, 1e-3)
        limits.append((low - extra, high + extra))
    return tuple(limits)


def plane_limits(x, y, wide=1.7, air=0.08):
    """((x0, x1), (y0, y1)) that hold all points with some air, `wide` times as wide as high: for equal axes."""
    (x0, x1), (y0, y1) = square_limits(x, y, air)
    height = max(y1 - y0, (x1 - x0) / wide)
    middle_x, middle_y, half = (x0 + x1) / 2, (y0 + y1) / 2, height / 2
    return (middle_x - wide * half, middle_x + wide * half), (middle_y - half, middle_y + half)


def line_in_box(w1, w2, b, x_limits, y_limits):
    """The ends (2,), (2,) of the part of w₁x + w₂y + b = 0 that lies in a box; NaN if none does."""
    points = []
    if w2 != 0:
        points += [(x, -(w1 * x + b) / w2) for x in x_limits]
    if w1 != 0:
        points += [(-(w2 * y + b) / w1, y) for y in y_limits]
    air = 1e-9 * (1 + max(map(abs, (*x_limits, *y_limits))))
    inside = [
        (x, y)
        for x, y in points
        if x_limits[0] - air <= x <= x_limits[1] + air and y_limits[0] - air <= y <= y_limits[1] + air
    ]
    if not inside:
        return np.full(2, np.nan), np.full(2, np.nan)
    ends = np.array([min(inside), max(inside)])
    return ends[:, 0], ends[:, 1]


def line_handles(w1, w2, line_x, line_y, arrow):
    """What drags a decision line w₁x + w₂y + b = 0 whose ends are (line_x, line_y): arrays for two Handles.

    The line's middle sets b; the tip of the arrow (w₁, w₂) ÷ `arrow`, which begins there, sets both weights, and b so
    that the middle stays on the line. NaN where there is no line.
    """
    middle = np.array([np.mean(line_x), np.mean(line_y)])
    tip = middle + np.array([w1, w2]) / arrow
    return {
        "middle_x": middle[0],
        "middle_y": middle[1],
        "tip_x": tip[0],
        "tip_y": tip[1],
        "b_by_middle": np.array([0.0, -w1, -w2]),
        "w1_by_tip": arrow * np.array([-middle[0], 1.0, 0.0]),
        "w2_by_tip": arrow * np.array([-middle[1], 0.0, 1.0]),
        "b_by_tip": arrow * np.array([middle @ middle, -middle[0], -middle[1]]),
    }
