"""How hidden layers bend a plane while they learn: decision regions, the hidden plane, and a real coast."""

import numpy as np

from helpers.figures.geometry import line_in_box
from helpers.live.colours import LINES
from helpers.live.controls import Frame
from helpers.live.description import Axis, Cursor, HeatMap, Lines, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.networks import sigmoid

GRID, ALONG, CELLS = 11, 33, 45
PALE = (-0.7, 1.7)  # limits that keep the regions light, so that points stand out
ON_REGIONS = "#08305c", "#7a2e00"  # wanted 0 and 1, dark: the regions under them are light in every theme
ON_GROUND = LINES[0], LINES[1]  # the same hues, seen on a light page and on a dark one
BORDER, GREY = LINES[6], LINES[7]


def bending_figure(snapshots, history, x, target, title="The hidden layer bends the plane", prediction=None):
    """A live figure of a network with two inputs and two units in its last hidden layer, at each recorded epoch.

    snapshots: Snapshots of a training run; history: that run's History. x (N, 2), target (N, 1) with 0 and 1.
    Left: the plane of inputs with the regions of both answers (orange: 1). Middle: the same grid and points where the
    hidden layer puts them, with the straight line at which the answer changes. Right: the loss.

    Raises ValueError if nothing was recorded, or if the network has other sizes.
    """
    networks, epochs = snapshots.networks, snapshots.epochs
    if not networks:
        raise ValueError("snapshots: expected a recorder that train(...) has filled, got an empty one")
    sizes = networks[0].sizes
    if sizes[0] != 2 or len(sizes) < 3 or sizes[-2:] != (2, 1):
        raise ValueError(f"snapshots: expected networks with 2 inputs, 2 last hidden units and 1 output, got {sizes}")
    x, wanted = np.asarray(x, float), np.asarray(target)[:, 0] > 0.5
    low, high = x.min(axis=0), x.max(axis=0)
    air = 0.15 * (high - low)
    (x0, y0), (x1, y1) = low - air, high + air
    lines = grid_lines(x0, x1, y0, y1)
    cells = np.stack(np.meshgrid(np.linspace(x0, x1, CELLS), np.linspace(y0, y1, CELLS)), axis=-1)

    regions, bent, hidden, right = [], [], [], []
    for net in networks:
        regions.append(sigmoid(net.forward(cells.reshape(-1, 2))[0]).reshape(CELLS, CELLS))
        bent.append(net.forward(lines.reshape(-1, 2))[1].h.reshape(lines.shape))
        y, record = net.forward(x)
        hidden.append(record.h)
        right.append(float(((y[:, 0] > 0) == wanted).mean()))
    bent, hidden = np.array(bent), np.array(hidden)
    reach = [(float(bent[..., k].min()), float(bent[..., k].max())) for k in range(2)]
    box = [(a - 0.06 * (b - a or 1), b + 0.06 * (b - a or 1)) for a, b in reach]
    ends = [line_in_box(*list(net.parameters.values())[-2][:, 0], float(net.theta[-1]), *box) for net in networks]
    loss = np.asarray(history.loss, float)

    def two_classes(name, size, colours):
        return tuple(
            Points(f"{name}{c}_x", f"{name}{c}_y", colour=colours[c], size=size, label=f"wanted {c}") for c in (0, 1)
        )

    size = 8.0 if len(x) <= 10 else 2.6
    picture = Picture(
        title,
        (
            Row(
                (
                    Panel(
                        "Plane of inputs: orange where it answers 1",
                        (
                            HeatMap("regions", PALE, extent=(x0, x1, y0, y1)),
                            Lines("grid_x", "grid_y", colours=("#555555",), faint=True, width=0.9),
                            *two_classes("in", size, ON_REGIONS),
                        ),
                        x=Axis("input x₁", limits=(x0, x1)),
                        y=Axis("input x₂", limits=(y0, y1)),
                        equal=True,
                        legend=False,
                    ),
                    Panel(
                        "Hidden plane: the same grid and points",
                        (
                            Lines("bent_x", "bent_y", colours=(GREY,), width=0.6),
                            Lines("line_x", "line_y", colours=(BORDER,), dashed=True, width=2.6),
                            *two_classes("hid", size, ON_GROUND),
                        ),
                        x=Axis("hidden unit 1", limits=box[0]),
                        y=Axis("hidden unit 2", limits=box[1]),
                        equal=True,
                        legend=False,
                    ),
                    Panel(
                        "Loss",
                        (Lines("epochs", "loss", until_x="now"), Cursor(x="now")),
                        x=Axis("epoch", integer=True, moves="epoch"),
                        y=Axis("loss", "nats"),
                        width=0.6,
                    ),
                ),
                300,
            ),
        ),
        "The plane of inputs with two regions and points of two classes; the same grid and points after the hidden "
        "layer, with a straight dashed line between the classes; the loss during training.",
    )
    arrays = {"regions": np.array(regions), "grid_x": lines[..., 0], "grid_y": lines[..., 1]}
    arrays |= {"bent_x": bent[..., 0], "bent_y": bent[..., 1]}
    arrays |= {"line_x": np.array([e[0] for e in ends]), "line_y": np.array([e[1] for e in ends])}
    for c, mine in ((0, ~wanted), (1, wanted)):
        arrays |= {f"in{c}_x": x[mine, 0], f"in{c}_y": x[mine, 1]}
        arrays |= {f"hid{c}_x": hidden[:, mine, 0], f"hid{c}_y": hidden[:, mine, 1]}
    arrays |= {"epochs": np.arange(1, len(loss) + 1), "loss": loss, "now": np.array(epochs)}
    moving = ("regions", "bent_x", "bent_y", "line_x", "line_y", "hid0_x", "hid0_y", "hid1_x", "hid1_y", "now")
    data = FigureData(
        arrays,
        [bending_sentence(e, loss, share, len(x)) for e, share in zip(epochs, right, strict=True)],
        {name: ("epoch",) for name in (*moving, "summary")},
    )
    control = Frame("epoch", "Epoch", tuple(epochs), play=True, period=120)
    return LiveFigure(picture, (control,), data, prediction=prediction)


def grid_lines(x0, x1, y0, y1):
    """A grid over a rectangle as lines (2·GRID, ALONG, 2): first the upright ones, then the level ones."""
    across, up = np.linspace(x0, x1, GRID), np.linspace(y0, y1, GRID)
    upright = [np.stack([np.full(ALONG, v), np.linspace(y0, y1, ALONG)], axis=1) for v in across]
    level = [np.stack([np.linspace(x0, x1, ALONG), np.full(ALONG, v)], axis=1) for v in up]
    return np.array(upright + level)


def bending_sentence(epoch, loss, share, points):
    """Epoch, loss, and how many points lie on their side of the line."""
    right = round(share * points)
    state = "before training" if epoch == 0 else f"loss {loss[epoch - 1]:.3f}"
    end = "The line parts all of them." if right == points else f"The line leaves {points - right} on the wrong side."
    return f"Epoch {epoch}, {state}: {right} of {points} points are on their side. {end}"


def coast_figure(coast, runs, held_out, prediction=None):
    """A live figure: networks draw a map of land and sea, epoch by epoch, beside the real one and their mistakes.

    coast: what `land_and_sea` returns. runs: name -> (Snapshots, History) of networks trained on a part of its places,
    all recorded at the same epochs. held_out: the numbers of the places that were not trained on.
    Raises ValueError if there is no run, or if the runs were recorded at different epochs.
    """
    if not runs or any(s.epochs != next(iter(runs.values()))[0].epochs or not s.epochs for s, _ in runs.values()):
        raise ValueError("runs: expected at least one run, all recorded at the same epochs")
    epochs = next(iter(runs.values()))[0].epochs
    drawn, words, wrong, shares = [], [], [], []
    for name, (snapshots, _) in runs.items():
        maps = [sigmoid(net.forward(coast.x)[0]).reshape(coast.land.shape) for net in snapshots.networks]
        drawn.append(maps)
        wrong.append([((m > 0.5) != coast.land).astype(float) for m in maps])
        right = [((m > 0.5) == coast.land).reshape(-1)[held_out].mean() for m in maps]
        shares.append(right)
        words.append([coast_sentence(name, e, r, len(held_out)) for e, r in zip(epochs, right, strict=True)])
    lon, lat = coast.longitude, coast.latitude
    extent = (float(lon[0]), float(lon[-1]), float(lat[0]), float(lat[-1]))

    def panel(title, name, limits, label="", width=1.0):
        return Panel(
            title,
            (HeatMap(name, limits, label=label, extent=extent, bar=(0.0, 1.0)),),
            x=Axis("longitude", "°"),
            y=Axis("latitude", "°"),
            equal=True,
            width=width,
        )

    picture = Picture(
        "A network draws a coast",
        (
            Row(
                (
                    panel("The real map: land is orange", "real", (-0.3, 1.3)),
                    panel("What the network draws", "drawn", (-0.3, 1.3), "probability of land", 1.15),
                ),
                235,
            ),
            Row(
                (
                    panel("All its mistakes (orange)", "wrong", (-1.0, 1.3)),
                    Panel(
                        "Right at places it has never seen",
                        (
                            Lines("epochs", "shares", until_x="now"),
                            Points("now", "share_now", colour=LINES[1]),
                            Cursor(x="now"),
                        ),
                        x=Axis("epoch", integer=True, moves="epoch"),
                        y=Axis("share right", limits=(0.0, 1.05)),
                        width=1.15,
                    ),
                ),
                235,
            ),
        ),
        "Three maps of the coast around Vancouver Island: the real one, the one that a network has learned, "
        "and its mistakes; and the share of places never seen at which it is right, epoch by epoch.",
    )
    data = FigureData(
        {
            "real": coast.land.astype(float),
            "drawn": np.array(drawn),
            "wrong": np.array(wrong),
            "epochs": np.array(epochs),
            "shares": np.array(shares),
            "now": np.array(epochs),
            "share_now": np.array(shares),
        },
        words,
        {"shares": ("network",), "now": ("epoch",)}
        | {name: ("network", "epoch") for name in ("drawn", "wrong", "share_now", "summary")},
    )
    controls = (
        Frame("network", "Network", tuple(runs), value=len(runs) - 1),
        Frame("epoch", "Epoch", tuple(epochs), play=True, period=250),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def coast_sentence(name, epoch, right, places):
    """How good a network's map is on places it has not learned from."""
    when = "before training" if epoch == 0 else f"after epoch {epoch}"
    return f"{name}, {when}: {100 * right:.0f} % of {places:,} places it has never seen are right."
