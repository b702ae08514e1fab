"""Live figure: which inputs reach the last output of a causal CNN, beside a recurrent network's gradient."""

import numpy as np

from helpers.live.colours import LINES
from helpers.live.controls import Frame
from helpers.live.description import Axis, Lines, Nodes, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.networks import CausalCNN, SimpleRNN

STEPS = 24
KERNELS, LAYERS, GROWTHS = (2, 3, 4), (1, 2, 3), ("none (1, 1, 1)", "doubled (1, 2, 4)")
BLUE, ORANGE = LINES[0], LINES[1]


def dilations_of(layers, doubled):
    """The dilation of each layer."""
    return tuple(2**n if doubled else 1 for n in range(layers))


def reached(kernel, dilations):
    """(rows, edges): for each row, inputs first, which steps lead to the last output; edges (row, from, to)."""
    rows, edges = [{STEPS}], []
    for n in range(len(dilations) - 1, -1, -1):
        below = set()
        for t in sorted(rows[0]):
            for k in range(kernel):
                source = t - k * dilations[n]
                if source >= 1:
                    below.add(source)
                    edges.append((n, source, t))
        rows.insert(0, below)
    return rows, edges


def share_by_step(net, x):
    """‖dy_T/dx_t‖ for each step, the largest taken as 1; NaN where it is exactly zero."""
    y, record = net.forward(x)
    dy = np.zeros_like(y)
    dy[:, -1] = 1
    size = np.sqrt(np.mean(net.backward(record, dy).x ** 2, axis=(0, 2)))
    return np.where(size > 0, size / size.max(), np.nan)


def receptive_field_figure(prediction=None, seed=0):
    """A live figure of the receptive field: kernel size, layers, dilation. 24 inputs; nothing here needs the kernel.

    Above: the units of each layer that the last output depends on. Below: how strongly it depends on each input, for an
    untrained causal CNN and an untrained SimpleRNN, both with 16 units, over 20 sequences of random numbers.
    """
    x = np.random.default_rng(seed).normal(size=(20, STEPS, 1))
    shape = (len(KERNELS), len(LAYERS), len(GROWTHS))
    top = max(LAYERS)
    steps = np.arange(1, STEPS + 1)
    shade = np.full((*shape, top + 1, STEPS), np.nan)
    level = np.full((*shape, top + 1, STEPS), np.nan)
    cnn = np.full((*shape, STEPS), np.nan)
    edges, summary = {}, []
    rnn = share_by_step(SimpleRNN(1, 16, 1, seed=seed), x)
    for i, kernel in enumerate(KERNELS):
        summary.append([])
        for j, layers in enumerate(LAYERS):
            summary[i].append([])
            for g in range(len(GROWTHS)):
                dilations = dilations_of(layers, g == 1)
                rows, edges[i, j, g] = reached(kernel, dilations)
                for n, places in enumerate(rows):
                    level[i, j, g, n] = n
                    shade[i, j, g, n] = np.isin(steps, list(places))
                net = CausalCNN(1, 16, 1, kernel, dilations, seed=seed)
                cnn[i, j, g] = share_by_step(net, x)
                summary[i][j].append(sentence(kernel, dilations, net.receptive_field, rnn[0]))
    longest = max(map(len, edges.values()))
    edge_x, edge_y = np.full((2, *shape, 3 * longest), np.nan)
    for place, found in edges.items():
        for e, (n, source, t) in enumerate(found):
            edge_x[place][3 * e : 3 * e + 2], edge_y[place][3 * e : 3 * e + 2] = (source, t), (n, n + 1)

    across = Axis("input of step t", limits=(0.3, STEPS + 0.7), integer=True)
    picture = Picture(
        "What can an output see?",
        (
            Row(
                (
                    Panel(
                        "Inputs below, layers above: bright units lead to the last output",
                        (
                            Lines("edge_x", "edge_y", colours=(BLUE,), width=1.0),
                            Nodes("node_x", "level", "shade", (), (0.0, 1.0), "amount", 9),
                        ),
                        x=Axis("", limits=(0.3, STEPS + 0.7)),
                        y=Axis("", limits=(-0.5, top + 0.5), moves="layers"),
                        bare=True,
                    ),
                ),
                210,
            ),
            Row(
                (
                    Panel(
                        "How strongly the last output depends on each input (the strongest is 1)",
                        (
                            Lines("steps", "rnn", ("recurrent network",), (ORANGE,), width=2.2),
                            Lines("steps", "cnn", ("causal CNN: ends where it sees nothing",), (BLUE,), width=2.2),
                            Lines("border_x", "border_y", colours=("#808080",), dashed=True),
                        ),
                        x=across,
                        y=Axis("|dy/dx|", limits=(10**-3.2, 1.5), log=True),
                    ),
                ),
                210,
            ),
        ),
        alt="Rows of circles for inputs and layers with lines to the last output; below, its dependence on each input.",
    )
    both = ("kernel_size", "layers", "dilation")
    flat = (*shape, (top + 1) * STEPS)
    fields = np.array([[[sees(i, j, g) for g in range(2)] for j in range(len(LAYERS))] for i in range(len(KERNELS))])
    data = FigureData(
        {
            "edge_x": edge_x,
            "edge_y": edge_y,
            "node_x": np.tile(steps, top + 1),
            "level": level.reshape(flat),
            "shade": shade.reshape(flat),
            "steps": steps,
            "rnn": rnn,
            "cnn": cnn,
            "border_x": STEPS - fields[..., None] + np.full(2, 0.5),
            "border_y": np.array([10**-3.2, 1.5]),
        },
        summary,
        {name: both for name in ("edge_x", "edge_y", "level", "shade", "cnn", "border_x", "summary")},
    )
    controls = (
        Frame("kernel_size", "Kernel size K", KERNELS, value=1),
        Frame("layers", "Layers", LAYERS, value=1),
        Frame("dilation", "Dilation", GROWTHS),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def sees(i, j, g):
    """The receptive field of one frame."""
    return 1 + (KERNELS[i] - 1) * sum(dilations_of(LAYERS[j], g == 1))


def sentence(kernel, dilations, field, rnn_oldest):
    """What the last output of this CNN sees."""
    layers = f"{len(dilations)} layer{'s' if len(dilations) > 1 else ''}"
    return (
        f"Kernel {kernel}, {layers}, dilation {', '.join(map(str, dilations))}: the last output sees {field} inputs "
        f"and is blind to the {STEPS - field} before. The recurrent network sees all {STEPS}, the oldest "
        f"{1 / rnn_oldest:.0f} times more weakly than the strongest."
    )
