"""Reber's grammar: a small machine that writes strings, and what can at best be predicted of them.

A. S. Reber, Implicit learning of artificial grammars, J. Verbal Learning and Verbal Behavior 6 (1967),
855–863. Given to recurrent networks by D. Servan-Schreiber, A. Cleeremans & J. L. McClelland, Learning
sequential structure in simple recurrent networks, NIPS 1 (1988), 643–652: three hidden units, 60,000 strings
(3 to 30 letters, mean 7); all of 20,000 legal test strings accepted, of 70,000 random ones exactly the legal
ones. The same authors in Neural Computation 1 (1989), 372–381: Finite state automata and simple recurrent
networks.

A string begins with B. Then the machine walks from node 0 to node 5, writes the letter on each arrow it
takes, chooses between two arrows with equal probability, and ends with E. Node 5 is the papers' #5.
"""

import numpy as np

from helpers.data import checks
from helpers.data.encoding import encode, one_hot

REBER_SYMBOLS = "BTSXVPE"
FIRST_NODE, LAST_NODE = 0, 5
# node: {letter on the arrow: node it leads to}; None is the end of the string.
REBER_GRAMMAR = {
    0: {"T": 1, "P": 2},
    1: {"S": 1, "X": 3},
    2: {"T": 2, "V": 4},
    3: {"X": 2, "S": 5},
    4: {"P": 3, "V": 5},
    5: {"E": None},
}


def reber_nodes(string):
    """The node after each letter of `string`, a list of ints, as far as the string follows the grammar.

    It has one entry for each letter but E if the string is legal so far, and fewer if a letter is illegal.
    """
    checks.text("string", string)
    if not string.startswith("B"):
        return []
    nodes = [FIRST_NODE]
    for letter in string[1:]:
        node = REBER_GRAMMAR[nodes[-1]].get(letter)
        if node is None:
            break
        nodes.append(node)
    return nodes


def next_symbols(prefix):
    """The letters that may follow `prefix`, as a string: "" after an illegal prefix or a finished string."""
    if checks.text("prefix", prefix) == "":
        return "B"
    nodes = reber_nodes(prefix)
    return "".join(REBER_GRAMMAR[nodes[-1]]) if nodes and len(nodes) == len(prefix) else ""


def is_legal(string):
    """True if the grammar can write `string` from B to E."""
    checks.text("string", string)
    return string.endswith("E") and next_symbols(string[:-1]) == "E"


def reber_strings(count, seed=0, shortest=5):
    """`count` legal strings; both arrows of a node are equally likely.

    shortest: with more than 5, arrows into node 5 are not taken while the string would end up shorter
    (strings of more than 100 letters are a test of the papers; by chance alone they hardly occur).
    """
    count = checks.whole_number("count", count, least=1)
    shortest = checks.whole_number("shortest", shortest, least=5)
    rng = checks.generator(seed)
    return [_legal_string(rng, shortest) for _ in range(count)]


def random_strings(count, seed=0, longest=40):
    """`count` strings that begin with B and go on with any of T S X V P E by chance, until E is drawn.

    As the papers made them: each of the six letters has probability 1/6. Longer ones than `longest` symbols
    (at 40: 8 in 10,000) are drawn again. About 2 in 1,000 are legal by accident (in the papers 0.3 %).
    """
    count = checks.whole_number("count", count, least=1)
    longest = checks.whole_number("longest", longest, least=2)
    rng = checks.generator(seed)
    strings = []
    while len(strings) < count:
        rows = ("".join(row) for row in np.array(list("TSXVPE"))[rng.integers(6, size=(count, longest - 1))])
        strings += ["B" + row[: row.index("E") + 1] for row in rows if "E" in row]
    return strings[:count]


def near_misses(count, seed=0):
    """`count` illegal strings that differ from a legal one in a single letter: the hard ones to reject."""
    count = checks.whole_number("count", count, least=1)
    rng = checks.generator(seed)
    strings = []
    while len(strings) < count:
        string = _legal_string(rng, shortest=5)
        place = int(rng.integers(1, len(string) - 1))
        changed = string[:place] + str(rng.choice(list("TSXVP"))) + string[place + 1 :]
        if not is_legal(changed):
            strings.append(changed)
    return strings


def reber_batch(strings, dtype="float64"):
    """Strings of different lengths as one batch: predict each next letter.

    Returns (x, target, mask); T is the longest string's length minus 1:
      x       (B, T, 7) one-hot in the order of REBER_SYMBOLS, zeros where masked
      target  (B, T) int, index of the letter that follows, 0 where masked
      mask    (B, T) bool, True where a string has a letter to predict
    """
    strings = _strings(strings)
    longest = max(map(len, strings))
    codes = np.zeros((len(strings), longest), dtype=np.int64)
    for row, string in zip(codes, strings, strict=True):
        row[: len(string)] = encode(string, REBER_SYMBOLS)
    lengths = np.array([len(string) for string in strings])
    mask = np.arange(1, longest) < lengths[:, None]
    x = one_hot(codes[:, :-1], len(REBER_SYMBOLS), dtype) * mask[..., None].astype(dtype)
    return x, codes[:, 1:] * mask, mask


def accepted(probabilities, target, mask, threshold=0.3):
    """Which strings (B,) have every letter predicted with more than `threshold`: the papers' criterion.

    probabilities: (B, T, 7), the network's softmax; target and mask: (B, T) as `reber_batch` gives them.
    """
    threshold = checks.real_number("threshold", threshold, least=0, most=1)
    target, mask, probabilities = np.asarray(target), np.asarray(mask), np.asarray(probabilities)
    expected = (*target.shape, len(REBER_SYMBOLS))
    if probabilities.shape != expected or mask.shape != target.shape:
        raise ValueError(
            f"probabilities, mask: expected shapes {expected} and {target.shape}, "
            f"given {probabilities.shape} and {mask.shape}"
        )
    if mask.dtype != np.bool_:
        raise ValueError(f"mask: expected an array of bool (True = a real letter), given one of {mask.dtype}")
    of_target = np.take_along_axis(probabilities, target[..., None], axis=-1)[..., 0]
    return np.all((of_target > threshold) | ~mask, axis=1)


def entropy_floor():
    """The least mean loss, in nats per letter, that any predictor can reach: 6/7 · ln 2 ≈ 0.594.

    From the machine alone. With P[i, j] the probability of an arrow from node i to node j, the expected
    number of visits n solves n = e_0 + n P (Kemeny & Snell, Finite Markov Chains, ch. 3); the floor is the
    mean of the nodes' entropies, weighted by their visits: a mean over letters, not over strings.
    """
    nodes = list(REBER_GRAMMAR)
    arrows = np.zeros((len(nodes), len(nodes)))
    entropies = np.zeros(len(nodes))
    for node, ways in REBER_GRAMMAR.items():
        entropies[node] = np.log(len(ways))  # equally likely arrows
        for goal in ways.values():
            if goal is not None:
                arrows[node, goal] += 1 / len(ways)
    start = np.eye(len(nodes))[FIRST_NODE]
    visits = np.linalg.solve((np.eye(len(nodes)) - arrows).T, start)
    return float(visits @ entropies / visits.sum())


def ideal_loss(strings):
    """The mean loss in nats per letter, on just these legal strings, of a predictor that knows the grammar.

    Varies around `entropy_floor()` with the sample. ValueError names the first string that is not legal.
    """
    surprise = letters = 0
    for string in _strings(strings):
        if not is_legal(string):
            raise ValueError(f"strings: expected legal strings only, given {string!r}")
        nodes = reber_nodes(string)
        surprise += sum(np.log(len(REBER_GRAMMAR[node])) for node in nodes)
        letters += len(nodes)
    return float(surprise / letters)


def _legal_string(rng, shortest):
    letters, node = "B", FIRST_NODE
    while node is not None:
        ways = list(REBER_GRAMMAR[node].items())
        # Into node 5 and out with E: two more letters than so far.
        if len(letters) + 2 < shortest and len(ways) > 1:
            ways = [way for way in ways if way[1] != LAST_NODE]
        letter, node = ways[int(rng.integers(len(ways)))]
        letters += letter
    return letters


def _strings(strings):
    if isinstance(strings, str):
        raise TypeError(f"strings: expected a list of strings, given one string {strings!r}")
    strings = list(strings)
    if not strings:
        raise ValueError("strings: expected at least one string, given none")
    for string in strings:
        if len(checks.text("strings", string)) < 2:
            raise ValueError(f"strings: expected at least two letters in each, given {string!r}")
    return strings
