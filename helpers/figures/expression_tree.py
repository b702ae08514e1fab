"""Live figure: a recursive network over the tree of an expression, beside a recurrent one that reads its symbols."""

import numpy as np

from helpers.data import as_chains, as_trees, bracketed, expression_value, parse_expression, tree_nodes
from helpers.live.colours import LINES
from helpers.live.controls import Frame, Text
from helpers.live.description import Axis, Cursor, HeatMap, Lines, Nodes, Panel, Picture, Points, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.typed import Unreadable, plain_signs, quoted
from helpers.networks import sigmoid

MOST_BITS = 12
SYMBOLS = 4 * MOST_BITS - 3  # with all brackets
NODES = 2 * MOST_BITS - 1
DEEPEST = MOST_BITS - 1
BLUE, ORANGE = LINES[0], LINES[1]


def expression_figure(tree_network, chain_network, text, prediction=None):
    """A live figure of both networks reading the expression that the reader types.

    tree_network: TreeNetwork with 5 inputs (01&|^); chain_network: a recurrent network with 7 (and brackets); one
    output each, the logit of 1. text: an expression to begin with. Controls: the expression (kernel), the symbols read
    so far (browser alone). What is no expression, or not a whole one yet, leaves the last picture and is said in words.
    Raises ValueError for networks of other sizes, or if `text` is no expression.
    """
    for name, net, inputs in (("tree_network", tree_network, 5), ("chain_network", chain_network, 7)):
        if (net.input_size, net.output_size) != (inputs, 1):
            given = (net.input_size, net.output_size)
            raise ValueError(f"{name}: expected {inputs} inputs and 1 output, got {given[0]} and {given[1]}")

    def compute(expression):
        return walk(typed_tree(expression), tree_network, chain_network)

    across = Axis("symbol read", tick_texts="symbols", limits=(0.3, SYMBOLS + 0.7), moves="symbol")
    picture = Picture(
        "A tree and a chain read the same expression",
        (
            Row(
                (
                    Panel(
                        "The recursive network, node by node: blue is 0, brown is 1; orange ring: wrong",
                        (
                            Lines("edge_x", "edge_y", colours=(LINES[7],), width=1.2),
                            Points("wrong_x", "wrong_y", colour=ORANGE, ring=True, size=19),
                            Nodes("node_x", "node_y", "node_shade", "names", (0.0, 1.0), "signed", 11),
                        ),
                        x=Axis("", limits=(0.3, SYMBOLS + 0.7), moves="symbol"),
                        y=Axis("", limits=(-0.16, 1.16)),
                        bare=True,
                    ),
                ),
                200,
            ),
            Row(
                (
                    Panel(
                        "The recurrent network: P(1) after each symbol (only the last one is its answer)",
                        (
                            Lines("places", "odds", colours=(BLUE,), width=2.2, until_x="now"),
                            Cursor(y="half"),
                            Cursor(x="now"),
                        ),
                        x=across,
                        y=Axis("P(1)", limits=(-0.05, 1.05), ticks=(0, 0.5, 1)),
                    ),
                ),
                124,
            ),
            Row(
                (
                    Panel(
                        "Its hidden state; units that speak for 1 on top",
                        (
                            HeatMap("states", label="state", first=(1, 1), until_x="now"),
                            Cursor(x="now", band=True, dashed=False),
                        ),
                        x=across,
                        y=Axis("unit", integer=True),
                    ),
                ),
                134,
            ),
        ),
        alt="The tree of an expression with a value at each node; below, the chain's probability and hidden states.",
    )
    controls = (
        Text(
            "expression", f"Your expression (0 1 & | ^ and brackets, at most {MOST_BITS} bits)", text, longest=60,
            also=(("symbol", SYMBOLS - 1),),  # what is typed is read to its end
        ),
        Frame(
            "symbol", "Symbols read", tuple(range(1, SYMBOLS + 1)), play=True, period=350,
        ),
    )  # fmt: skip
    return LiveFigure(picture, controls, compute=compute, prediction=prediction)


def typed_tree(text):
    """The tree of what the reader typed, full-width signs too; Unreadable says what is wrong or missing, and where."""
    try:
        tree = parse_expression(plain_signs(text))
    except ValueError as problem:
        raise Unreadable(f"{quoted(text)} is not a whole expression: {str(problem).removeprefix('text: ')}.") from None
    if len(tree_nodes(tree)) > NODES:
        raise Unreadable(f"{quoted(text)} has more than {MOST_BITS} bits: no more can be drawn.")
    return tree


def layout(tree):
    """For each node, children first: (place of its symbol, symbol after which it is complete, depth), and the edges.

    Places count the symbols of the text with all brackets from 1.
    """
    found, edges, place = [], [], 0

    def visit(part, depth):
        nonlocal place
        place += 1
        if isinstance(part, str):
            found.append((place, place, depth))
            return len(found) - 1
        left = visit(part[0], depth + 1)
        place += 1
        own = place
        right = visit(part[2], depth + 1)
        place += 1
        found.append((own, place, depth))
        edges.extend([(left, len(found) - 1), (right, len(found) - 1)])
        return len(found) - 1

    visit(tree, 0)
    return np.array(found), edges


def walk(tree, tree_network, chain_network):
    """The figure's data for an expression."""
    text, nodes, (places, edges) = bracketed(tree), tree_nodes(tree), layout(tree)
    n, end = len(nodes), len(text)
    x, _ = as_trees([tree])
    judged = sigmoid(tree_network.forward(x.astype(tree_network.dtype))[0][0, :, 0])
    y, record = chain_network.forward(as_chains([text])[0].astype(chain_network.dtype))
    chain = sigmoid(y[0, :, 0])
    value = values(nodes)
    data = arrays(chain_network.hidden_size)
    data["node_x"][:n] = places[:, 0]
    data["node_y"][:n] = 1 - places[:, 2] / max(1, places[:, 2].max())
    data["places"][:end], data["odds"][:end] = np.arange(1, end + 1), chain
    order = np.argsort(-chain_network.parameters["W_ho"][:, 0], kind="stable")  # those that speak for 1 on top
    data["states"][:, :end] = record.states[0].T[order]
    for k, (child, parent) in enumerate(edges):
        data["edge_x"][3 * k : 3 * k + 2] = data["node_x"][[child, parent]]
        data["edge_y"][3 * k : 3 * k + 2] = data["node_y"][[child, parent]]
    wrong, sentences = (judged > 0.5) != (value > 0.5), []
    for s in range(SYMBOLS):
        done = places[:, 1] <= s + 1
        data["node_shade"][s, :n] = np.where(done, judged, np.nan)
        data["wrong_x"][s, :n] = np.where(done & wrong, places[:, 0], np.nan)
        data["wrong_y"][s, :n] = np.where(done & wrong, data["node_y"][:n], np.nan)
        sentences.append(sentence(text, min(s + 1, end), int(value[-1]), judged, done, wrong, chain))
    data["now"] = np.minimum(data["now"], end)
    names = [symbol for symbol, *_ in nodes] + [""] * (NODES - n)
    return packed(data, sentences, names, list(text) + [""] * (SYMBOLS - end))


def arrays(units):
    """All arrays, empty."""
    nan = np.full
    return {
        "node_x": nan(NODES, np.nan),
        "node_y": nan(NODES, np.nan),
        "node_shade": nan((SYMBOLS, NODES), np.nan),
        "wrong_x": nan((SYMBOLS, NODES), np.nan),
        "wrong_y": nan((SYMBOLS, NODES), np.nan),
        "edge_x": nan(3 * NODES, np.nan),
        "edge_y": nan(3 * NODES, np.nan),
        "places": np.arange(1, SYMBOLS + 1),  # whole numbers as in `now`: both travel exactly
        "odds": nan(SYMBOLS, np.nan),
        "states": nan((units, SYMBOLS), np.nan),
        "half": np.array(0.5),
        "now": np.arange(1, SYMBOLS + 1),
    }


def packed(data, sentences, names, symbols):
    by_symbol = {name: ("symbol",) for name in ("node_shade", "wrong_x", "wrong_y", "now", "summary")}
    return FigureData(data, sentences, by_symbol, {"names": names, "symbols": symbols})


def values(nodes):
    """What each node is worth: (N,)."""
    found = []
    for symbol, left, right in nodes:
        part = symbol if left is None else (str(found[left]), symbol, str(found[right]))
        found.append(expression_value(part))
    return np.array(found)


def sentence(text, read, value, judged, done, wrong, chain):
    """The summary after `read` symbols."""
    if read < len(text):
        count = int(done.sum())
        return (
            f"After {read} of {len(text)} symbols, “{text[:read]}”: {count} of {len(judged)} nodes are complete, "
            f"{int((done & wrong).sum())} of them judged wrong. The chain has no answer yet."
        )
    tree_says, chain_says = (f"{p:.2f} ({'right' if (p > 0.5) == value else 'wrong'})" for p in (judged[-1], chain[-1]))
    return f"{text} is {value}. P(1) at the tree's root: {tree_says}; at the chain's end: {chain_says}."
