"""Networks in NumPy: the mathematics of the notebooks, fast and checked. Draws nothing."""

from .activations import sigmoid, softmax  # probabilities from logits
from .attention import AttentionReadout  # a weighted mean of all states, with learned weights
from .bidirectional import Bidirectional  # two recurrent networks, one of which reads backwards
from .causal_cnn import CausalCNN, receptive_field  # convolutions over time: no state, the last few inputs at once
from .distillation import SoftCrossEntropy, soft_targets  # learn from the probabilities of another network
from .feedforward import FeedForward  # layer after layer: h = φ(x W_ih + b_h), y = h W_ho + b_o, no loop
from .gradient_check import GradientMismatch, GradientReport, check_gradients  # is a gradient right?
from .gru import GRU  # gated recurrent unit: update and reset gate, in both of Keras' forms
from .initialisers import glorot_uniform, identity, orthogonal, with_spectral_radius, zeros  # initial weights
from .lags import (  # how much of a gradient is left so many steps back
    gradient_by_lag,
    lag_bound,
    largest_singular_value,
    spectral_radius,
)
from .losses import BinaryCrossEntropy, CategoricalCrossEntropy, MeanSquaredError  # J and dJ/dy, on logits
from .lstm import LSTM  # long short-term memory: input, forget and output gate around a cell
from .memory import memory_curve  # how much of past inputs can be read from a state
from .network import Network  # base of all networks: parameters by name and as one vector, copies
from .neurons import (  # single neurons: spiking, artificial, and one that feeds back on itself
    ArtificialNeuron,
    IntegrateAndFire,
    RateNeuron,
    upward_crossings,
)
from .optimisers import SGD, Adam, clip_by_global_norm  # change the parameters along a gradient
from .recorders import StateRecorder  # hidden states on a probe, epoch by epoch
from .regularisation import RegularisedFit, thinned, train_regularised  # dropout, weight decay, early stopping
from .sampling import sample_sequence  # let a character model write
from .scan import linear_recurrence, linear_scan, scan_passes  # h_t = a_t h_{t-1} + b_t, by a loop or in few passes
from .self_attention import SelfAttention  # each step looks at all steps so far: the core of a transformer
from .simple_rnn import SimpleRNN  # h_t = φ(x_t W_ih + h_{t-1} W_hh + b_h), y_t = h_t W_ho + b_o
from .snapshots import Snapshots  # copies of the network, epoch by epoch
from .training import History, train  # epochs of batches, with history, recorders, interruption
from .tree_network import TreeNetwork  # a state for each node of a tree, from the states of its children

__all__ = [
    "Adam",
    "ArtificialNeuron",
    "AttentionReadout",
    "Bidirectional",
    "BinaryCrossEntropy",
    "CategoricalCrossEntropy",
    "CausalCNN",
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
    "RegularisedFit",
    "SGD",
    "SelfAttention",
    "SimpleRNN",
    "Snapshots",
    "SoftCrossEntropy",
    "StateRecorder",
    "TreeNetwork",
    "check_gradients",
    "clip_by_global_norm",
    "glorot_uniform",
    "gradient_by_lag",
    "identity",
    "lag_bound",
    "largest_singular_value",
    "linear_recurrence",
    "linear_scan",
    "memory_curve",
    "orthogonal",
    "receptive_field",
    "sample_sequence",
    "scan_passes",
    "sigmoid",
    "soft_targets",
    "softmax",
    "spectral_radius",
    "thinned",
    "train",
    "train_regularised",
    "upward_crossings",
    "with_spectral_radius",
    "zeros",
]
