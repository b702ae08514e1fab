"""One sample's way through a small network and the gradient's way back, stage by stage, with every number."""

import numpy as np

from helpers.live.colours import ORANGE
from helpers.live.controls import Frame
from helpers.live.description import Arrows, Axis, Nodes, Notes, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.numbers import signed
from helpers.networks.activations import ACTIVATIONS

STAGES = ("inputs x", "sums a", "hidden h", "output y", "loss J", "dJ/dy", "dJ/dh", "dJ/da", "all gradients")
PLACES = (0.0, 0.9, 1.35, 2.6, 3.6, 3.1, 2.1, 1.75, 0.4)  # where each stage happens, across the drawing
SUB = str.maketrans("1234", "₁₂₃₄")
X_IN, X_HID, X_OUT, X_LOSS = 0.0, 1.35, 2.6, 3.6
SIZE = 20  # of a circle: a number with sign and two decimals fits
BACK = 0.17  # how far below the forward arrows the gradient travels


def passes_figure(net, x, target, row=1, stage=0, prediction=None):
    """A live figure of a feedforward network with one hidden layer and one output: stage by stage, for each sample.

    x (N, I), target (N, 1). The loss of a sample is J = (y - t)². Controls: the sample and the stage.
    Raises ValueError for a network with another number of layers or outputs, or more than 4 inputs or hidden units.
    """
    if len(net.sizes) != 3 or net.output_size != 1 or max(net.sizes) > 4:
        raise ValueError(f"net: expected sizes (I, H, 1) with I and H up to 4, got {net.sizes}")
    x, target = np.asarray(x, float), np.asarray(target, float)
    inputs, units = net.input_size, net.hidden_sizes[0]
    place_in, place_hid = spread(inputs), spread(units)
    node_x = np.array([X_IN] * inputs + [X_HID] * units + [X_OUT, X_LOSS])
    node_y = np.concatenate([place_in, place_hid, [0.0, 0.0]])
    samples = [numbers(net, x[k : k + 1], target[k : k + 1]) for k in range(len(x))]

    shade, node_texts, below, on_arrows, on_arrows_back, lines, words = [], [], [], [], [], [], []
    for k, n in enumerate(samples):
        per_stage = [at_stage(net, n, s) for s in range(len(STAGES))]
        for kept, part in zip(
            (shade, node_texts, below, on_arrows, on_arrows_back, lines), zip(*per_stage, strict=True), strict=True
        ):
            kept.append(list(part))
        words.append([f"Sample {k + 1} of {len(x)}, stage “{name}”: {sentence(n, s)}" for s, name in enumerate(STAGES)])

    start, end, middle = [], [], []
    for i in range(inputs):
        for j in range(units):
            start.append((X_IN, place_in[i]))
            end.append((X_HID, place_hid[j]))
            middle.append(0.27 if (i + j) % 2 else 0.4)  # neither on one another nor where two arrows cross
    for j in range(units):
        start.append((X_HID, place_hid[j]))
        end.append((X_OUT, 0.0))
        middle.append(0.42)
    start, end, middle = np.array(start), np.array(end), np.array(middle)[:, None]
    number_at = start + middle * (end - start) + [0, 0.09]
    lit = np.full((len(STAGES), len(start)), 0.15)
    lit[1, : inputs * units] = 1
    lit[3, inputs * units :] = 1
    lit[8] = 0.6
    loss_lit = np.where(np.arange(len(STAGES)) == 4, 1.0, 0.15)
    back = np.zeros((len(STAGES), units + 1))
    back[5, 0], back[6, 1:], back[8] = 1, 1, 0.5
    back_start = np.array([(X_LOSS, -BACK)] + [(X_OUT, -BACK)] * units)
    back_end = np.array([(X_OUT, -BACK)] + [(X_HID, v - BACK) for v in place_hid])

    drawing = Panel(
        "",
        (
            Arrows("from_x", "from_y", "to_x", "to_y", "lit", "#8a8a8a", SIZE),
            Arrows("loss_from", "zero", "loss_to", "zero", "loss_lit", "#8a8a8a", SIZE),
            Arrows("back_from_x", "back_from_y", "back_to_x", "back_to_y", "back_lit", ORANGE, SIZE),
            Nodes("node_x", "node_y", "shade", "node_texts", (-1.5, 1.5), size=SIZE),
            Notes("node_x", "below_y", "below", 11, colour=ORANGE),
            Notes("number_x", "number_y", "weights", 10),
            Notes("number_x", "number_y", "slopes", 10, colour=ORANGE),
            Notes("name_x", "name_y", ("inputs x", "hidden units", "output y", "loss J"), 12),
        ),
        x=Axis("", limits=(-0.45, 4.0), moves="stage", places=PLACES),
        y=Axis("", limits=(-1.65, 1.75)),
        bare=True,
    )
    sums = Panel(
        "",
        (Notes("line_x", "line_y", "lines", 12, align="left"),),
        x=Axis("", limits=(0, 1)),
        y=Axis("", limits=(-0.5, 4.6)),
        bare=True,
    )
    picture = Picture(
        "Forward through the network, and back",
        (Row((drawing,), 330), Row((sums,), 118)),
        "A drawing of the network with its numbers: forward from the inputs to the loss, and the gradients back.",
    )
    arrays = {"shade": np.array(shade), "node_x": node_x, "node_y": node_y, "below_y": node_y - 0.38}
    arrays |= {"from_x": start[:, 0], "from_y": start[:, 1], "to_x": end[:, 0], "to_y": end[:, 1], "lit": lit}
    arrays |= {"loss_from": np.array([X_OUT]), "loss_to": np.array([X_LOSS]), "zero": np.zeros(1)}
    arrays |= {"loss_lit": loss_lit[:, None], "back_lit": back}
    arrays |= {"back_from_x": back_start[:, 0], "back_from_y": back_start[:, 1]}
    arrays |= {"back_to_x": back_end[:, 0], "back_to_y": back_end[:, 1]}
    arrays |= {"number_x": number_at[:, 0], "number_y": number_at[:, 1]}
    arrays |= {"name_x": np.array([X_IN, X_HID, X_OUT, X_LOSS]), "name_y": np.full(4, 1.6)}
    arrays |= {"line_x": np.full(5, 0.03), "line_y": np.arange(5.0)[::-1]}
    both = ("sample", "stage")
    data = FigureData(
        arrays,
        words,
        {name: both for name in ("shade", "node_texts", "below", "weights", "slopes", "lines", "summary")}
        | {name: ("stage",) for name in ("lit", "loss_lit", "back_lit")},
        {"node_texts": node_texts, "below": below, "weights": on_arrows, "slopes": on_arrows_back, "lines": lines},
    )
    labels = tuple(f"{', '.join(f'{v:g}' for v in row)} → {t:g}" for row, t in zip(x, target[:, 0], strict=True))
    controls = (
        Frame("sample", "Sample: x → wanted", labels, value=row),
        Frame("stage", "Stage", STAGES, value=stage, play=True, period=1200),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def shown(number):
    """A number in the arithmetic: whole, or with two decimals, if it has no more; otherwise rounded to three."""
    decimals = next((d for d in (0, 2) if is_rounded(number, d)), 3)
    return signed(number, decimals)


def is_rounded(number, decimals):
    """True if the number has no more decimals than these (floats: 0.1 + 0.2 counts as 0.3)."""
    return abs(number - round(float(number), decimals)) < 1e-12


def factor(number):
    """A number as it stands in a product or sum: in brackets if it is negative."""
    text = shown(number)
    return f"({text})" if text[0] == "\u2212" else text


def equation(left, right, numbers, result):
    """A line "left = right = result", with ≈ if one of the `numbers` on the right, or the result, is rounded."""
    exact = all(is_rounded(number, 2) for number in (*numbers, result))
    return f"{left} = {right} {'=' if exact else '≈'} {shown(result)}"


def spread(count):
    """Heights of nodes in a column, evenly from top to bottom."""
    return np.linspace(1.0, -1.0, count) if count > 1 else np.zeros(1)


def numbers(net, x, target):
    """Every number of one sample (1, I): forward, loss (y - t)², and backward."""
    y, record = net.forward(x)
    dy = 2 * (y - target)
    return {
        "t": target,
        "record": record,
        "J": float((y - target)[0, 0] ** 2),
        "dy": dy,
        "back": net.backward(record, dy),
    }


def at_stage(net, n, stage):
    """Shades, texts in nodes, gradients below them, numbers on arrows (weights, or gradients), lines of arithmetic."""
    W_ih, b_h, W_ho, b_o = net.parameters.values()
    record, g = n["record"], n["back"]
    x, a, h, y = record.x[0], record.a[0], record.h[0], record.y[0, 0]
    blank = [""] * len(h)
    middle = h if stage >= 2 else a
    texts = [f"{v:g}" for v in x] + ([signed(v) for v in middle] if stage >= 1 else blank)
    texts += [signed(y) if stage >= 3 else "", signed(n["J"]) if stage >= 4 else ""]
    shades = [*x, *(middle if stage >= 1 else 0 * h), y if stage >= 3 else 0.0, n["J"] if stage >= 4 else 0.0]
    arrives = g.h[0] if stage == 6 else g.a[0]
    below = [""] * len(x) + ([signed(v) for v in arrives] if stage >= 6 else blank)
    below += [signed(n["dy"][0, 0]) if stage >= 5 else "", ""]
    on_forward = [signed(v) for v in (*W_ih.ravel(), *W_ho.ravel())]
    on_back = [signed(v) for v in (*g["W_ih"].ravel(), *g["W_ho"].ravel())]
    empty = [""] * len(on_forward)
    last = stage == len(STAGES) - 1
    lines = arithmetic(net, n, stage)
    return (
        shades,
        texts,
        below,
        empty if last else on_forward,
        on_back if last else empty,
        lines + [""] * (5 - len(lines)),
    )


def arithmetic(net, n, stage):
    """What is computed at a stage, with the numbers put in. All are computed with all digits, and shown rounded."""
    W_ih, b_h, W_ho, b_o = net.parameters.values()
    record, g = n["record"], n["back"]
    x, a, h, y, dy = record.x[0], record.a[0], record.h[0], record.y[0, 0], n["dy"][0, 0]
    unit = [str(j + 1).translate(SUB) for j in range(len(h))]

    def total(values, weights, bias):
        parts = [f"{factor(v)}·{factor(w)}" for v, w in zip(values, weights, strict=True)]
        return " + ".join([*parts, factor(bias)])

    if stage == 0:
        return ["x: the sample's numbers. On the arrows: the weights, as they are before training."]
    if stage == 1:
        return ["a = x W_ih + b_h"] + [
            equation(f"a{u}", total(x, W_ih[:, j], b_h[j]), (*x, *W_ih[:, j], b_h[j]), a[j]) for j, u in enumerate(unit)
        ]
    if stage == 2:
        return [f"h = {net.activation}(a)"] + [
            equation(f"h{u}", f"{net.activation}({shown(a[j])})", (a[j],), h[j]) for j, u in enumerate(unit)
        ]
    if stage == 3:
        return ["y = h W_ho + b_o", equation("y", total(h, W_ho[:, 0], b_o[0]), (*h, *W_ho[:, 0], b_o[0]), y)]
    t = n["t"][0, 0]
    if stage == 4:
        return ["J = (y − t)²", equation("J", f"({shown(y)} − {t:g})²", (y, t), n["J"])]
    if stage == 5:
        return ["dJ/dy = 2 (y − t)", equation("dJ/dy", f"2 · ({shown(y)} − {t:g})", (y, t), dy)]
    if stage == 6:
        return ["dJ/dh = dJ/dy · W_ho"] + [
            equation(f"dJ/dh{u}", f"{shown(dy)} · {factor(W_ho[j, 0])}", (dy, W_ho[j, 0]), g.h[0, j])
            for j, u in enumerate(unit)
        ]
    if stage == 7:
        slope = ACTIVATIONS[net.activation].slope(h, out=np.empty_like(h))
        return ["dJ/da = dJ/dh · slope of the activation"] + [
            equation(f"dJ/da{u}", f"{shown(g.h[0, j])} · {shown(slope[j])}", (g.h[0, j], slope[j]), g.a[0, j])
            for j, u in enumerate(unit)
        ]
    return [
        "Each weight: what entered it × the gradient that came back to its end. On the arrows: dJ/dW.",
        equation(
            "For example x₁ to unit 1: dJ/dW",
            f"{shown(x[0])} · {factor(g.a[0, 0])}",
            (x[0], g.a[0, 0]),
            g["W_ih"][0, 0],
        ),
        equation("and unit 1 to y: dJ/dW", f"{shown(h[0])} · {factor(dy)}", (h[0], dy), g["W_ho"][0, 0]),
        "Each bias: the gradient itself (orange, below its unit).",
    ]


def sentence(n, stage):
    """The summary of a stage."""
    y, J, dy = n["record"].y[0, 0], n["J"], n["dy"][0, 0]
    weights = np.concatenate([n["back"][name].ravel() for name in ("W_ih", "W_ho")])
    largest = weights[np.abs(weights).argmax()]
    told = [
        "the inputs stand ready.",
        "each hidden unit adds up its weighted inputs and its bias.",
        "the activation function bends each sum.",
        f"the output is {signed(y)}; wanted is {n['t'][0, 0]:g}.",
        f"the loss is {signed(J)}.",
        f"a larger output would {'raise' if dy > 0 else 'lower'} the loss: slope {signed(dy)}.",
        "each hidden unit gets its share of the slope, through its output weight.",
        "the activation's slope lets a part of it through.",
        f"all gradients are known; the largest for a weight is {signed(largest)}.",
    ]
    return told[stage]
