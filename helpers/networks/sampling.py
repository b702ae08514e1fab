"""Sequences made by a trained network, one symbol after the other."""

import numpy as np

from . import checks
from .processor import quietly
from .recurrent import Recurrent


@quietly
def sample_sequence(net, start, length, temperature=1.0, rng=0):
    """Let a character model go on: `length` new symbols after those of `start`, as a list of symbol numbers.

    net : a network that reads one-hot symbols and answers with a logit for each symbol (I = O)
    start : symbol numbers, at least one; they are read first and are not part of the result
    temperature : the logits are divided by it; 0 always takes the most likely symbol
    rng : numpy.random.Generator or a seed

    Raises ValueError on bad input.
    """
    checks.instance("net", net, Recurrent, "a recurrent network: SimpleRNN, LSTM or GRU")
    symbols = net.output_size
    if net.input_size != symbols:
        raise checks.bad("net", "as many inputs as outputs, one for each symbol", f"{net.input_size} and {symbols}")
    if hasattr(start, "__len__") and len(start) == 0:
        raise checks.bad("start", "at least one symbol number", "none")
    start = checks.integers("start", start, ("n",), symbols)
    length = checks.whole_number("length", length, at_least=0)
    temperature = checks.number("temperature", temperature, at_least=0)
    rng = checks.generator("rng", rng)

    one_hot = np.eye(symbols, dtype=net.dtype)
    y, record = net.forward(one_hot[None, start])
    y, h = y[:, -1], record.state_last
    sampled = []
    while len(sampled) < length:
        symbol = choose(y[0], temperature, rng)
        sampled.append(symbol)
        y, h = net.step(one_hot[symbol][None], h)
    return sampled


def choose(logits, temperature, rng):
    """A symbol drawn with probability softmax(logits / temperature); the most likely one at temperature 0."""
    if temperature == 0:
        return int(np.argmax(logits))
    scaled = (logits.astype(np.float64) - logits.max()) / temperature
    cumulative = np.cumsum(np.exp(scaled))
    return int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right"))
