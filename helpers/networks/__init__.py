"""Networks in NumPy: the mathematics of the notebooks, fast and checked. Draws nothing."""

from .activations import sigmoid, softmax  # probabilities from logits
from .attention import AttentionReadout  # a weighted mean of all states, with learned weights
from .bidirectional import Bidirectional  # two recurrent networks, one of which reads backwards
from .causal_cnn import CausalCNN, receptive_field  # convolutions over time: no state, the last few inputs at once
from .feedforward import FeedForward  # layer after layer: h = φ(x W_ih + b_h), y = h W_ho + b_o, no loop
from .gradient_check import GradientMismatch, GradientReport, check_gradients  # is a gradient right?
from .gru import GRU  # gated recurrent unit: update and reset gate, in both of Keras' forms
from .initialisers import glorot_uniform, identity, orthogonal, with_spectral_radius, zeros  # initial weights
from .interruption import Interrupted  # what `train` raises when it is stopped by hand
from .losses import (  # J and dJ/dy
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    ClippedCrossEntropy,  # of probabilities, which Keras clips
    MeanSquaredError,
    SoftCrossEntropy,  # distillation: with the probabilities of another network as targets
    soft_targets,
)
from .lstm import LSTM  # long short-term memory: input, forget and output gate around a cell
from .memory import (  # how long a network remembers: what is left of a gradient so many steps back, and of an input
    gradient_by_lag,
    lag_bound,
    largest_singular_value,
    memory_curve,
    spectral_radius,
)
from .network import Network  # base of all networks: parameters by name and as one vector, copies
from .neurons import (  # single neurons: spiking, artificial, and one that feeds back on itself
    ArtificialNeuron,
    IntegrateAndFire,
    RateNeuron,
    upward_crossings,
)
from .optimisers import SGD, Adam, clip_by_global_norm  # change the parameters along a gradient
from .recorders import Snapshots, StateRecorder  # epoch by epoch: copies of the network, hidden states on a probe
from .regularisation import thinned  # dropout
from .sampling import sample_sequence  # let a character model write
from .saving import load, save  # networks in files, with the optimiser that has trained them
from .scan import linear_recurrence, linear_scan, scan_passes  # h_t = a_t h_{t-1} + b_t, by a loop or in few passes
from .schedules import cosine_decay, exponential_decay, step_decay  # learning rates, epoch by epoch
from .self_attention import SelfAttention  # each step looks at all steps so far: the core of a transformer
from .simple_rnn import SimpleRNN  # h_t = φ(x_t W_ih + h_{t-1} W_hh + b_h), y_t = h_t W_ho + b_o
from .stacked import Stacked  # recurrent layers one above the other
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
    "ClippedCrossEntropy",
    "FeedForward",
    "GRU",
    "GradientMismatch",
    "GradientReport",
    "History",
    "IntegrateAndFire",
    "Interrupted",
    "LSTM",
    "MeanSquaredError",
    "Network",
    "RateNeuron",
    "SGD",
    "SelfAttention",
    "SimpleRNN",
    "Snapshots",
    "SoftCrossEntropy",
    "Stacked",
    "StateRecorder",
    "TreeNetwork",
    "check_gradients",
    "clip_by_global_norm",
    "cosine_decay",
    "exponential_decay",
    "glorot_uniform",
    "gradient_by_lag",
    "identity",
    "lag_bound",
    "largest_singular_value",
    "linear_recurrence",
    "linear_scan",
    "load",
    "memory_curve",
    "orthogonal",
    "receptive_field",
    "sample_sequence",
    "save",
    "scan_passes",
    "sigmoid",
    "soft_targets",
    "softmax",
    "spectral_radius",
    "step_decay",
    "thinned",
    "train",
    "upward_crossings",
    "with_spectral_radius",
    "zeros",
]
