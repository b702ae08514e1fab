"""Networks in NumPy: the mathematics of the notebooks, fast and checked. Draws nothing."""

from .feedforward import FeedForward  # layer after layer: h = φ(x W_ih + b_h), y = h W_ho + b_o, no loop
from .gradient_check import GradientMismatch, GradientReport, check_gradients  # is a gradient right?
from .gru import GRU  # gated recurrent unit: update and reset gate, in both of Keras' forms
from .initialisers import glorot_uniform, identity, orthogonal, with_spectral_radius, zeros  # initial weights
from .losses import BinaryCrossEntropy, CategoricalCrossEntropy, MeanSquaredError  # J and dJ/dy, on logits
from .lstm import LSTM  # long short-term memory: input, forget and output gate around a cell
from .network import Network  # base of all networks: parameters by name and as one vector, copies
from .neurons import (  # single neurons: spiking, artificial, and one that feeds back on itself
    ArtificialNeuron,
    IntegrateAndFire,
    RateNeuron,
    upward_crossings,
)
from .optimisers import SGD, Adam, clip_by_global_norm  # change the parameters along a gradient
from .recorders import StateRecorder  # hidden states on a probe, epoch by epoch
from .sampling import sample_sequence  # let a character model write
from .simple_rnn import SimpleRNN  # h_t = φ(x_t W_ih + h_{t-1} W_hh + b_h), y_t = h_t W_ho + b_o
from .snapshots import Snapshots  # copies of the network, epoch by epoch
from .training import History, train  # epochs of batches, with history, recorders, interruption

__all__ = [
    "Adam",
    "ArtificialNeuron",
    "BinaryCrossEntropy",
    "CategoricalCrossEntropy",
    "FeedForward",
    "GRU",
    "GradientMismatch",
    "GradientReport",
    "History",
    "IntegrateAndFire",
    "LSTM",
    "MeanSquaredError",
    "Network",
    "RateNeuron",
    "SGD",
    "SimpleRNN",
    "Snapshots",
    "StateRecorder",
    "check_gradients",
    "clip_by_global_norm",
    "glorot_uniform",
    "identity",
    "orthogonal",
    "sample_sequence",
    "train",
    "upward_crossings",
    "with_spectral_radius",
    "zeros",
]
