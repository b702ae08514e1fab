"""Gradient descent on two loss surfaces: the path that a learning rate takes, from crawling to diverging."""

import numpy as np

from helpers.live.colours import ORANGE
from helpers.live.controls import Frame, Number
from helpers.live.description import Axis, Cursor, Handle, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.numbers import tiny

X = np.array([-1.0, 0.0, 1.0, 2.0])
STEPS = 100
SHOWN = (*range(41), *range(45, STEPS + 1, 5))  # the steps at which the path can be seen
LIMITS = (-4, 3)  # of both parameters in the picture
RATES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.54, 0.56, 0.6, 0.7, 1.0, 1.5, 2.0)
CRAWLS = 0.02  # share of the first loss that is still above the lowest one after all steps


class Surface:
    """A loss J of two parameters, with its gradient (…, 2) and the place where the descent starts.

    Both functions take numbers, or arrays of one shape.
    """

    def __init__(self, name, start, loss, gradient):
        self.name, self.start, self.loss, self.gradient = name, start, loss, gradient

    def on_grid(self, n=81):
        """(J (n, n) over the part of the plane that is drawn, lowest J there)."""
        p, q = np.meshgrid(np.linspace(*LIMITS, n), np.linspace(*LIMITS, n))
        J = self.loss(p, q)
        return J, float(J.min())


def bowl():
    """A neuron without activation, y = w x + b, and four points that lie on the line y = 0.8 x - 0.4: J is a bowl."""
    t = 0.8 * X - 0.4

    def loss(w, b):
        return np.mean((np.multiply.outer(w, X) + np.expand_dims(b, -1) - t) ** 2, axis=-1)

    def gradient(w, b):
        error = np.multiply.outer(w, X) + np.expand_dims(b, -1) - t
        return np.stack([np.mean(2 * error * X, axis=-1), np.mean(2 * error, axis=-1)], axis=-1)

    return Surface("bowl", (-1.2, 1.4), loss, gradient)


def saddle():
    """Two neurons in a row, y = w₂ tanh(w₁ x), that shall give tanh(1.5 x): two valleys and a saddle between them."""
    t = np.tanh(1.5 * X)

    def loss(w1, w2):
        return np.mean((np.expand_dims(w2, -1) * np.tanh(np.multiply.outer(w1, X)) - t) ** 2, axis=-1)

    def gradient(w1, w2):
        h, w2 = np.tanh(np.multiply.outer(w1, X)), np.expand_dims(w2, -1)
        error = w2 * h - t
        slopes = np.mean(2 * error * w2 * (1 - h**2) * X, axis=-1), np.mean(2 * error * h, axis=-1)
        return np.stack(slopes, axis=-1)

    name = "two valleys"
    return Surface(name, (0.6, -1.0), loss, gradient)


def descend(surface, rate, steps=STEPS, start=None):
    """The path of θ ← θ - α ∇J(θ) from `start` (None: the surface's own): θ (steps+1, 2) and J (steps+1,).

    NaN once beyond 10⁶. For rates (R,) the results are (R, steps+1, 2) and (R, steps+1).
    """
    rate = np.asarray(rate, float)
    p = np.zeros((*rate.shape, 2)) + (surface.start if start is None else start)
    path = np.empty((*rate.shape, steps + 1, 2))
    for k in range(steps + 1):
        p[np.abs(p).max(axis=-1) > 1e6] = np.nan
        path[..., k, :] = p
        p = p - rate[..., None] * surface.gradient(p[..., 0], p[..., 1])
    return path, surface.loss(path[..., 0], path[..., 1])


def verdict(path, J, lowest):
    """One of "diverges", "oscillates", "crawls", "converges", "goes nowhere", from a path and its losses."""
    moves = np.diff(path, axis=0)
    if (np.abs(moves) < 1e-9).all():
        return "goes nowhere"
    if not np.isfinite(J).all() or (J[-1] > J[0] and (np.diff(J[-20:]) > 0).all()):
        return "diverges"
    if J[-1] > J[0]:
        return "oscillates"
    large = np.linalg.norm(moves, axis=1) > 1e-3 * np.linalg.norm(moves, axis=1).max()
    moves = moves[: max(2, int(large.sum()))]
    back = np.einsum("ij,ij->i", moves[1:], moves[:-1]) < 0
    if back.mean() > 0.5:
        return "oscillates"
    return "crawls" if J[-1] - lowest > CRAWLS * (J[0] - lowest) else "converges"


MEANING = {
    "crawls": "Too small: {steps} steps are not enough to come down.",
    "converges": "It reaches the valley's floor.",
    "oscillates": "It leaps from side to side of the valley; a little more, and it no longer comes down.",
    "diverges": "Too large: after the first steps each lands higher than the one before, and the loss grows without "
    "end.",
    "goes nowhere": "The ground is level where it starts: no slope, no step.",
}
# On the two valleys the steepness changes from place to place, so a rate can be too large here and not there.
ACROSS = "It leaps from side to side of the valley."
THROWN = (
    "It is thrown across. There it leaps from side to side, at first ever further, then less: "
    "the leaps have carried it along the valley to a place that is less steep."
)


def descent_figure(prediction=None, rate=0.1, step=40):
    """Live: surface, learning rate, step and start; the path on the surface, and the loss at each step.

    step: one of SHOWN. ValueError for another one, or for a rate that is not in RATES. Each surface has a start of its
    own; `across` and `up` move both, but never out of the picture.
    """
    surfaces = [bowl(), saddle()]
    grids = [surface.on_grid() for surface in surfaces]
    maps = np.log10(np.array([J for J, _ in grids]) + 1e-3)

    def compute(across, up):
        starts = [np.clip(np.add(surface.start, (across, up)), *LIMITS) for surface in surfaces]
        return paths_from(surfaces, starts, maps, [lowest for _, lowest in grids], moved=across != 0 or up != 0)

    start = Handle("start_x", "start_y", (("across", "across_by_x"), ("up", "up_by_y")), "the start")
    controls = (
        Frame("surface", "Surface", tuple(surface.name for surface in surfaces)),
        Frame("rate", "Learning rate α", tuple(f"{value:g}" for value in RATES), value=RATES.index(rate)),
        Frame("step", "Step", SHOWN, value=SHOWN.index(step), play=True, period=120),
        Number("across", "Start moved across", -3.0, 3.0, 0.1, 0.0),
        Number("up", "Start moved up", -3.0, 3.0, 0.1, 0.0),
    )
    return LiveFigure(descent_picture(start), controls, compute=compute, prediction=prediction)


def paths_from(surfaces, starts, maps, lowest, moved):
    """FigureData of the descents on all surfaces at all rates. `moved`: `starts` are not the surfaces' own ones."""
    runs = [descend(surface, RATES, start=start) for surface, start in zip(surfaces, starts, strict=True)]
    words = [
        [verdict(path, J, low) for path, J in zip(*run, strict=True)] for run, low in zip(runs, lowest, strict=True)
    ]
    paths, losses = np.array([path for path, _ in runs]), np.array([np.clip(J, 1e-6, 1e6) for _, J in runs])
    seen = np.array(SHOWN)
    until = seen[:, None] >= np.arange(STEPS + 1)  # (step, place): drawn up to the step
    shown = np.where(until[None, None, :, :, None], paths[:, :, None], np.nan)
    inside = np.clip(paths, -50, 50)
    summaries = [
        [
            [
                descent_sentence(RATES[j], words[i][j], k, losses[i, j], two_valleys=i == 1, moved=moved)
                + (valley(paths[i, j, -1]) if i else "")
                for k in SHOWN
            ]
            for j in range(len(RATES))
        ]
        for i in range(len(surfaces))
    ]
    own = np.array([surface.start for surface in surfaces])
    rule = np.zeros((2, len(surfaces), 3))  # a start at (x, y) is the own one, moved across and up
    rule[0, :, 0], rule[1, :, 0], rule[0, :, 1], rule[1, :, 2] = -own[:, 0], -own[:, 1], 1, 1
    return FigureData(
        {
            "surface": maps,
            "start_x": np.array(starts)[:, 0],
            "start_y": np.array(starts)[:, 1],
            "across_by_x": rule[0],
            "up_by_y": rule[1],
            "path_x": np.clip(shown[..., 0], -50, 50),
            "path_y": np.clip(shown[..., 1], -50, 50),
            "here_x": inside[:, :, seen, 0],
            "here_y": inside[:, :, seen, 1],
            "steps": np.arange(STEPS + 1),
            "losses": losses,
            "now": seen,
        },
        summaries,
        {name: ("surface",) for name in ("surface", "start_x", "start_y", "across_by_x", "up_by_y")}
        | {
            "path_x": ("surface", "rate", "step"),
            "path_y": ("surface", "rate", "step"),
            "here_x": ("surface", "rate", "step"),
            "here_y": ("surface", "rate", "step"),
            "losses": ("surface", "rate"),
            "now": ("step",),
            "summary": ("surface", "rate", "step"),
        },
    )


def descent_picture(start):
    """The picture of a descent, with the Handle `start`."""
    return Picture(
        "Downhill by gradient descent",
        (
            Row(
                (
                    Panel(
                        "The loss as a landscape, and the path on it",
                        (
                            HeatMap("surface", (-3.0, 1.0), "amount", "log₁₀ of the loss", extent=(*LIMITS, *LIMITS)),
                            Lines("path_x", "path_y", colours=("#222222",), width=2.0),
                            Lines("path_x", "path_y", colours=("#ffffff",), width=0.9),
                            Points("path_x", "path_y", colour="#222222", size=1.7),
                            Points("here_x", "here_y", colour=ORANGE, size=6),
                            start,
                        ),
                        x=Axis("first parameter (w or w₁)", limits=LIMITS),
                        y=Axis("second parameter (b or w₂)", limits=LIMITS),
                        equal=True,
                    ),
                    Panel(
                        "The loss after each step",
                        (Lines("steps", "losses", until_x="now"), Cursor(x="now")),
                        x=Axis("step", integer=True, moves="step"),
                        y=Axis("loss", limits=(5e-7, 2e6), log=True),
                        width=0.8,
                    ),
                ),
                330,
            ),
        ),
        "A loss surface as a coloured map with the path of gradient descent on it, and the loss after each step.",
    )


def descent_sentence(rate, word, step, losses, two_valleys=False, moved=False):
    """Where the path stands at one step, and what becomes of it. losses: (steps + 1,), of the whole path.

    moved: the path does not begin at the surface's own start, so that what is known of that path alone is not said.
    """
    when = f"After {step} step{'s' * (step > 1)}" if step else "Before the first step"
    meaning = MEANING[word].format(steps=len(losses) - 1)
    if two_valleys and word == "oscillates":
        meaning = ACROSS if moved else THROWN
    return f"Learning rate {rate:g} {word}. {when} the loss is {in_words(losses[step])}. {meaning}"


def valley(end):
    """In which of the two valleys a path ends: both parameters above 0, or both below; "" if in neither."""
    if not np.isfinite(end).all() or end[0] * end[1] <= 0:
        return ""
    return f" The path ends in the valley at the {'upper right' if end[0] > 0 else 'lower left'}."


def in_words(loss):
    """A loss with two digits or so; "below a millionth" and "beyond a million" at the ends."""
    if not np.isfinite(loss) or loss >= 1e6:
        return "beyond a million"
    if loss < 1e-4:
        return "below a millionth" if loss <= 1e-6 else tiny(loss)
    return f"{loss:,.0f}" if loss >= 100 else f"{loss:.2g}" if loss < 1 else f"{loss:.2f}"
