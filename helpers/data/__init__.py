"""Sequences to learn from: generated, or real and installed with Python. NumPy and the standard library."""

from helpers.data.encoding import (
    ALPHABET,  # the space and a to z: 27 symbols
    cut_sequences,  # one long sequence to rows of inputs and their successors
    decode,  # indices to text
    encode,  # text to indices
    one_hot,  # indices to vectors with a single 1
)
from helpers.data.expressions import (
    as_chains,  # expressions symbol by symbol, for a recurrent network
    as_trees,  # expressions as trees, for a recursive network
    bracketed,  # a tree as text with all brackets
    expression_depth,  # how many operations lie inside one another
    expression_value,  # what an expression is worth, 0 or 1
    parse_expression,  # text to tree
    random_expressions,  # such as ((1&0)^1)
    tree_nodes,  # the nodes of a tree, children first
)
from helpers.data.families import (
    same_start,  # which words begin alike
    split_groups,  # parts of a data set, no group in two of them
    word_families,  # which words are forms of one word
)
from helpers.data.films import (
    DIRECTIONS,  # up, down, left, right, in the order of the labels
    OPPOSITE,  # the label of the same film played backwards
    digit_images,  # real handwritten digits, 8 × 8 pixels
    drifting_films,  # images that drift over a torus
    random_drifts,  # the same, in random directions from random starts
)
from helpers.data.languages import (
    SIX_LANGUAGES,  # English to Spanish, in the order of the labels
    phrases,  # words of one language in a row
    words_of,  # frequent words of several languages, with labels
)
from helpers.data.memory_tasks import (
    adding_problem,  # two of many numbers are marked: add them
    copy_task,  # ten symbols, a wait, the same ten symbols
    delayed_xor,  # does this bit differ from the one some steps ago?
    flip_flop,  # keep the bit that stood there when told to write
    memoryless_copy_loss,  # the copy task's loss of who remembers nothing
)
from helpers.data.ngrams import (
    ngram_cross_entropy,  # nats per letter of a text under a table
    ngram_table,  # probabilities of a letter after the letters before it
)
from helpers.data.occluder import (
    ball_films,  # a ball that rolls behind a block
    pixel_places,  # a network's outputs to pixels
    roll_ball,  # the same ball from a chosen start at a chosen speed
    scaled_places,  # pixels to targets for a network
)
from helpers.data.planes import (
    gate_points,  # the truth tables of AND, OR and XOR as points
    land_and_sea,  # a real coast: is this place land or sea?
    rings,  # a disc inside a ring
    two_moons,  # two half circles that reach into each other
)
from helpers.data.reber import (
    REBER_GRAMMAR,  # the machine: node → {letter: next node}
    REBER_SYMBOLS,  # its seven letters, in the order of the one-hot vectors
    accepted,  # which strings have every letter predicted
    entropy_floor,  # the least loss anyone can reach, in nats per letter
    ideal_loss,  # the loss of the perfect predictor on given strings
    is_legal,  # can the grammar write this string?
    near_misses,  # illegal strings, one letter away from legal ones
    next_symbols,  # the letters that may follow a prefix
    random_strings,  # letters by chance, hardly ever legal
    reber_batch,  # strings of different lengths to inputs, targets and a mask
    reber_nodes,  # the node of the machine after each letter
    reber_strings,  # legal strings
)
from helpers.data.recalling import (
    associative_recall,  # which value stood with this key?
    running_parity,  # is the number of ones so far odd?
)
from helpers.data.recordings import (
    membrane_recording,  # a real neuron: its membrane potential, from matplotlib's sample data
)
from helpers.data.reference_text import (
    python_reference_text,  # real English prose, 27 symbols
    split_text,  # a part to train on, a part to test on
)
from helpers.data.resynthesis import (
    cepstra_from_filter,  # an all-pole filter's first cepstra
    filter_from_cepstra,  # cepstra to the coefficients of their all-pole filter
    largest_pole,  # below 1 a filter is stable
    loudness_curve,  # how loud a filter makes each frequency, in dB
    resynthesise,  # cepstra to sound: pulses through the filter of each moment
    ringing,  # a filter's answer to a single pulse
    wav_bytes,  # a sound as a WAV file
)
from helpers.data.signals import (
    pulse,  # on for a moment
    sine,  # a wave
    step,  # on from a moment to the end
)
from helpers.data.sunspots import (
    month_index,  # the place of a month in the sunspot record
    month_name,  # the month at a place of the record
    monthly_sunspots,  # monthly sunspot numbers, 1749 to 2009
)
from helpers.data.tasks import (
    error_by_phase,  # root mean squared error for each place in the three
    remember_first_bit,  # the first input is the answer, at the last step
    temporal_xor,  # Elman's stream of bits, every third predictable
)
from helpers.data.vowels import (
    SAMPLING_RATE,  # of that speech, in Hz
    japanese_vowels,  # real speech: nine men say /ae/, clips of different lengths
    standardised,  # its inputs with mean 0 and deviation 1
)
from helpers.data.windows import (
    next_values,  # what comes after each step of a series
    past_windows,  # each step together with the steps before it
    pieces,  # a series cut into overlapping pieces
    recall_bits,  # random bits, and what they were some steps ago
    windows,  # a series cut into sequences and what follows each: to learn to forecast from
)
from helpers.data.words import (
    LANGUAGES,  # English and Spanish, in the order of the labels
    language_words,  # frequent words of the two languages, with labels
    one_hot_words,  # words to sequences of one-hot letters, and their mask
    plain_letters,  # what people type in letters a to z, where there are some for it
    shuffled_letters,  # the same letters in random order
    without_accents,  # any text in plain small letters
)

__all__ = [
    "ALPHABET",
    "DIRECTIONS",
    "LANGUAGES",
    "OPPOSITE",
    "REBER_GRAMMAR",
    "REBER_SYMBOLS",
    "SAMPLING_RATE",
    "SIX_LANGUAGES",
    "accepted",
    "adding_problem",
    "as_chains",
    "as_trees",
    "associative_recall",
    "ball_films",
    "bracketed",
    "cepstra_from_filter",
    "copy_task",
    "cut_sequences",
    "decode",
    "delayed_xor",
    "digit_images",
    "drifting_films",
    "encode",
    "entropy_floor",
    "error_by_phase",
    "expression_depth",
    "expression_value",
    "filter_from_cepstra",
    "flip_flop",
    "gate_points",
    "ideal_loss",
    "is_legal",
    "japanese_vowels",
    "land_and_sea",
    "language_words",
    "largest_pole",
    "loudness_curve",
    "membrane_recording",
    "memoryless_copy_loss",
    "month_index",
    "month_name",
    "monthly_sunspots",
    "near_misses",
    "next_symbols",
    "next_values",
    "ngram_cross_entropy",
    "ngram_table",
    "one_hot",
    "one_hot_words",
    "parse_expression",
    "past_windows",
    "phrases",
    "pieces",
    "pixel_places",
    "pulse",
    "python_reference_text",
    "random_drifts",
    "random_expressions",
    "random_strings",
    "reber_batch",
    "reber_nodes",
    "reber_strings",
    "recall_bits",
    "remember_first_bit",
    "resynthesise",
    "ringing",
    "rings",
    "roll_ball",
    "running_parity",
    "same_start",
    "scaled_places",
    "shuffled_letters",
    "sine",
    "split_groups",
    "split_text",
    "standardised",
    "step",
    "temporal_xor",
    "tree_nodes",
    "two_moons",
    "wav_bytes",
    "plain_letters",
    "windows",
    "without_accents",
    "word_families",
    "words_of",
]
