"""A real neuron: a recorded membrane potential that comes installed with matplotlib."""

from typing import NamedTuple

import numpy as np

SAMPLES_PER_MS = 2  # taken at 2 kHz
MILLIVOLTS = 100.0  # stored in units of 100 mV


class Recording(NamedTuple):
    """Times `t` (N,) in ms, voltages `v` (N,) in mV (float64), and where the recording comes from."""

    t: np.ndarray
    v: np.ndarray
    source: str


def membrane_recording():
    """The membrane potential of a real neuron: 12,000 samples in 6 s (2 kHz).

    Source: `membrane.dat`, matplotlib's sample data; sampling interval and unit as in matplotlib's own script for
    its first logo, which showed a piece of it. Species, cell and stimulus are not documented.
    Raises FileNotFoundError if this matplotlib came without its sample data, ValueError if the file is another.
    """
    import matplotlib
    from matplotlib.cbook import get_sample_data

    try:
        with get_sample_data("membrane.dat") as file:
            content = file.read()
    except FileNotFoundError:
        raise FileNotFoundError(
            "membrane.dat: expected among matplotlib's sample data, not found; installing matplotlib anew brings it"
        ) from None
    if len(content) != 48_000:
        raise ValueError(f"membrane.dat: expected 12,000 float32 numbers (48,000 bytes), given {len(content)} bytes")
    v = MILLIVOLTS * np.frombuffer(content, dtype="<f4").astype(float)
    source = f"membrane.dat, sample data of matplotlib {matplotlib.__version__}"
    return Recording(np.arange(len(v)) / SAMPLES_PER_MS, v, source)
