"""The recorded membrane potential: its size, its units, and errors for a file that is not it."""

import io
import subprocess
import sys

import matplotlib.cbook
import numpy as np
import pytest

from helpers.data.recordings import membrane_recording


def test_twelve_thousand_samples_in_six_seconds():
    t, v, source = membrane_recording()
    assert t.shape == v.shape == (12_000,) and v.dtype == np.float64
    np.testing.assert_allclose(np.diff(t), 0.5)
    assert "matplotlib" in source


def test_millivolts_of_a_neuron():
    t, v, _ = membrane_recording()
    assert -68 < np.median(v[t < 400]) < -66  # at rest
    assert -70 < v.min() and 0 < v.max() < 10  # a spike rises by some 70 mV
    spikes = np.flatnonzero((v[1:] >= -20) & (v[:-1] < -20))
    assert len(spikes) == 57
    regular = np.diff(t[spikes])[(t[spikes][1:] > 1000) & (t[spikes][1:] < 3500)]
    assert 65 < regular.min() and regular.max() < 75


def test_another_file_is_refused(monkeypatch):
    monkeypatch.setattr(matplotlib.cbook, "get_sample_data", lambda name: io.BytesIO(b"\0" * 400))
    with pytest.raises(ValueError, match="48,000 bytes.*given 400"):
        membrane_recording()


def test_a_missing_file_says_where_it_should_be(monkeypatch):
    def missing(name):
        raise FileNotFoundError(name)

    monkeypatch.setattr(matplotlib.cbook, "get_sample_data", missing)
    with pytest.raises(FileNotFoundError, match="matplotlib's sample data"):
        membrane_recording()


def test_matplotlib_is_imported_only_when_asked_for():
    code = "import sys, helpers.data.recordings; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
