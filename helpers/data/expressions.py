"""Expressions of bits with brackets, such as ((1&0)^1): as text, as trees, and symbol by symbol."""

import numpy as np

from helpers.data import checks

OPERATORS = "&|^"  # and, or, exactly one of the two
TREE_SYMBOLS = "01" + OPERATORS
CHAIN_SYMBOLS = TREE_SYMBOLS + "()"


def random_expressions(count=100, depth=2, seed=0):
    """Texts of expressions with all brackets, in each of which `depth` operations lie inside one another.

    One side of an operation has the full depth that is left, the other any smaller one; bits and operators by chance.
    """
    count = checks.whole_number("count", count, least=1)
    depth = checks.whole_number("depth", depth, least=0)
    rng = checks.generator(seed)

    def expression(depth):
        if depth == 0:
            return "01"[rng.integers(2)]
        sides = [expression(depth - 1), expression(rng.integers(depth))]
        if rng.integers(2):
            sides.reverse()
        return f"({sides[0]}{OPERATORS[rng.integers(3)]}{sides[1]})"

    return [expression(depth) for _ in range(count)]


def parse_expression(text):
    """The tree of an expression: a bit "0" or "1", or a tuple (left, operator, right).

    Spaces are left out. Operators without brackets are taken from left to right: 1&0|1 is ((1&0)|1).
    Raises ValueError that says where the text is no expression.
    """
    symbols, place = [c for c in text if not c.isspace()], 0

    def operand():
        nonlocal place
        symbol = symbols[place] if place < len(symbols) else "the end"
        place += 1
        if symbol in ("0", "1"):
            return symbol
        if symbol != "(":
            raise ValueError(f"text: expected 0, 1 or an opening bracket at place {place}, given {symbol}")
        inside = operation()
        if place >= len(symbols):
            raise ValueError(f"text: expected a closing bracket at place {place + 1}, given the end")
        place += 1  # what ended the operation is a bracket
        return inside

    def operation():
        nonlocal place
        left = operand()
        while place < len(symbols) and symbols[place] != ")":
            operator = symbols[place]
            if operator not in OPERATORS:
                raise ValueError(f"text: expected one of {OPERATORS} at place {place + 1}, given {operator}")
            place += 1
            left = (left, operator, operand())
        return left

    tree = operation()
    if place < len(symbols):
        raise ValueError(f"text: expected an opening bracket before the closing one at place {place + 1}, given none")
    return tree


def bracketed(tree):
    """The text of a tree, with brackets around every operation."""
    return tree if isinstance(tree, str) else f"({bracketed(tree[0])}{tree[1]}{bracketed(tree[2])})"


def expression_value(tree):
    """0 or 1: what the expression is worth."""
    if isinstance(tree, str):
        return int(tree)
    left, right = expression_value(tree[0]), expression_value(tree[2])
    return {"&": left & right, "|": left | right, "^": left ^ right}[tree[1]]


def expression_depth(tree):
    """How many operations lie inside one another."""
    return 0 if isinstance(tree, str) else 1 + max(expression_depth(tree[0]), expression_depth(tree[2]))


def tree_nodes(tree):
    """The nodes, children before their parents: a list of (symbol, left, right), the places of the children or None."""
    nodes = []

    def add(part):
        children = (None, None) if isinstance(part, str) else (add(part[0]), add(part[2]))
        nodes.append((part if isinstance(part, str) else part[1], *children))
        return len(nodes) - 1

    add(tree)
    return nodes


def as_trees(trees):
    """Trees for a TreeNetwork: (x, mask).

    x (B, N, 7) float64: one of 01&|^ as a one-hot vector of 5, then how many places back the left and the right child
    stand, 0 = none. mask (B, N) bool, True = a real node. N is the number of nodes of the largest tree.
    """
    rows = [tree_nodes(tree) for tree in trees]
    x = np.zeros((len(rows), max(map(len, rows), default=0), len(TREE_SYMBOLS) + 2))
    mask = np.zeros(x.shape[:2], bool)
    for b, nodes in enumerate(rows):
        mask[b, : len(nodes)] = True
        for n, (symbol, *children) in enumerate(nodes):
            x[b, n, TREE_SYMBOLS.index(symbol)] = 1
            x[b, n, len(TREE_SYMBOLS) :] = [0 if child is None else n - child for child in children]
    return x, mask


def as_chains(texts):
    """Expressions symbol by symbol, for a recurrent network: (x, mask).

    x (B, T, 7) float64: one of 01&|^() as a one-hot vector; mask (B, T) bool, True = a real symbol. Spaces are left
    out. Raises ValueError for any other symbol.
    """
    texts = ["".join(text.split()) for text in texts]
    x = np.zeros((len(texts), max(map(len, texts), default=0), len(CHAIN_SYMBOLS)))
    mask = np.zeros(x.shape[:2], bool)
    for b, text in enumerate(texts):
        for t, symbol in enumerate(text):
            if symbol not in CHAIN_SYMBOLS:
                raise ValueError(f"texts: expected symbols among {CHAIN_SYMBOLS}, given {symbol!r} in text {b}")
            x[b, t, CHAIN_SYMBOLS.index(symbol)] = mask[b, t] = 1
    return x, mask
