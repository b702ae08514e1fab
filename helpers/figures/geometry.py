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
