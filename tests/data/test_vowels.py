"""The recordings of /ae/, and the way from their cepstra to sound."""

import importlib.util
import io
import subprocess
import sys
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import data
from helpers.data import vowels


@pytest.fixture(scope="module")
def clips():
    return data.japanese_vowels()


def test_as_many_clips_as_its_authors_say(clips):
    train, test = clips
    assert train.x.shape == (270, 29, 12) and test.x.shape == (370, 29, 12)
    assert np.bincount(train.speaker).tolist() == [30] * 9
    assert np.bincount(test.speaker).tolist() == [31, 35, 88, 44, 29, 24, 40, 50, 29]
    lengths = np.concatenate([part.mask.sum(axis=1) for part in clips])
    assert lengths.min() == 7 and lengths.max() == 29
    for part in clips:
        assert np.array_equal(np.sort(part.mask, axis=1)[:, ::-1], part.mask)  # real frames first
        assert not part.x[~part.mask].any() and part.x[part.mask].any(axis=1).all()
    np.testing.assert_allclose(train.x[0, 0, :2], [1.860936, -0.207383])  # the file's own first numbers


def test_the_scale_comes_from_the_training_clips(clips):
    train, test = clips
    frames = data.standardised(train)[train.mask]
    np.testing.assert_allclose(frames.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(frames.std(axis=0), 1)
    other = data.standardised(test, train)
    assert not other[~test.mask].any()
    raw = train.x[train.mask]
    np.testing.assert_allclose(other[3, 2], (test.x[3, 2] - raw.mean(axis=0)) / raw.std(axis=0))


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="pip install sktime"):
        data.japanese_vowels()


GOOD = ":".join(["1.0,2.0"] * 12) + ":3"


@pytest.mark.parametrize(
    "row", ["1,2:3", GOOD.replace("1.0", "x"), GOOD[:-1] + "10", GOOD.replace("1.0,2.0", "1.0", 1), GOOD + ":1"]
)
def test_another_file_is_refused(tmp_path, row):
    path = tmp_path / "some.ts"
    path.write_text(f"# words\n@data\n{GOOD}\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"some.ts, clip 1: expected 12 rows"):
        vowels.read_clips(path)
    path.write_text(f"@data\n{GOOD}\n", encoding="utf-8")
    assert vowels.read_clips(path).speaker.tolist() == [2]
    with pytest.raises(ValueError, match="expected 270 clips after @data, given 1"):
        vowels.read_clips(path, 270)
    path.write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="expected some clips after @data, given 0"):
        vowels.read_clips(path)


def test_the_package_itself_is_not_imported():
    code = "import sys; from helpers import data; data.japanese_vowels(); sys.exit('sktime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_one_pole_by_hand():
    c = 0.8 ** np.arange(1, 6) / np.arange(1, 6)  # log 1/(1 − 0.8 z⁻¹) = Σ 0.8ⁿ/n z⁻ⁿ
    np.testing.assert_allclose(data.filter_from_cepstra(c), [-0.8, 0, 0, 0, 0], atol=1e-15)
    np.testing.assert_allclose(data.cepstra_from_filter([-0.8, 0, 0, 0, 0]), c)
    assert data.largest_pole([-0.8, 0, 0]) == pytest.approx(0.8)
    np.testing.assert_allclose(data.ringing([-0.8], 60), 0.6 * 0.8 ** np.arange(60), atol=1e-6)  # 0.6² Σ 0.8²ⁿ = 1


@given(st.integers(0, 10**6), st.integers(1, 12))
def test_there_and_back(seed, p):
    a = np.random.default_rng(seed).normal(size=(3, p)) / 2
    np.testing.assert_allclose(data.filter_from_cepstra(data.cepstra_from_filter(a)), a, atol=1e-8)


def test_the_filter_has_these_cepstra(clips):
    """Independent of the recursion: cepstra are the Fourier coefficients of log |H|, doubled."""
    c = clips[0].x[0, :3]
    turns = np.exp(-2j * np.pi * np.arange(4096)[:, None] * np.arange(1, 13) / 4096)
    log_H = -np.log(np.abs(1 + turns @ data.filter_from_cepstra(c).T)).T  # (3, 4096)
    np.testing.assert_allclose(2 * np.fft.ifft(log_H).real[:, 1:13], c, atol=1e-9)
    frequencies = np.array([300.0, 1250.0, 4000.0])
    exact = 1 + np.exp(-2j * np.pi * np.outer(frequencies, np.arange(1, 13)) / 10_000) @ data.filter_from_cepstra(c[0])
    curve = data.loudness_curve(data.filter_from_cepstra(c), frequencies)
    np.testing.assert_allclose(curve[0], -20 * np.log10(np.abs(exact)))


def test_every_frame_is_a_stable_filter(clips):
    for part in clips:
        assert data.largest_pole(data.filter_from_cepstra(part.x[part.mask])).max() < 0.996


def test_the_sound_has_the_peaks_of_its_filter(clips):
    frame = clips[0].x[0, :1]  # one frame, held for a second and a half
    sound = data.resynthesise(np.repeat(frame, 60, axis=0), pitch=100, slower=4)
    assert np.abs(sound).max() == pytest.approx(0.9) and 0.05 < sound.std() < 0.4
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    frequency = np.fft.rfftfreq(len(sound), 1e-4)
    harmonics = np.arange(100, 4900, 100)
    loud = np.array([20 * np.log10(spectrum[np.abs(frequency - f) < 8].max()) for f in harmonics])
    curve = data.loudness_curve(data.filter_from_cepstra(frame[0]), harmonics)
    np.testing.assert_allclose(loud - loud.mean(), curve - curve.mean(), atol=0.5)
    between = spectrum[np.abs(frequency - 150) < 8].max()
    assert between < 0.01 * spectrum[np.abs(frequency - 100) < 8].max()  # pulses 100 times a second, nothing else


def test_lengths_and_soft_ends(clips):
    clip = clips[1].x[5][clips[1].mask[5]]
    for slower in (1, 4):
        sound = data.resynthesise(clip, slower=slower)
        assert len(sound) == int(len(clip) * 0.0064 * slower * 10_000) + 400
        assert sound[0] == 0 and abs(sound[-1]) < 1e-12
    assert len(data.resynthesise(clip[:1])) > 400  # a single frame, too


def test_wav():
    sound = np.sin(np.arange(500) / 5)
    with wave.open(io.BytesIO(data.wav_bytes(sound, 8000))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth(), file.getnframes()) == (8000, 1, 2, 500)
        read = np.frombuffer(file.readframes(500), "<i2") / 32767
    np.testing.assert_allclose(read, sound, atol=1 / 32767)
    with pytest.raises(ValueError, match="sound: expected one row of numbers from -1 to 1"):
        data.wav_bytes([0.0, 1.5])


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="cepstra: expected shape"):
        data.resynthesise(np.zeros(12))
    with pytest.raises(ValueError, match="cepstra: expected stable"):
        data.resynthesise(np.full((2, 12), 3.0))
    with pytest.raises(ValueError, match="pitch"):
        data.resynthesise(np.zeros((2, 12)), pitch=5)
    with pytest.raises(ValueError, match="cepstra: expected an array of finite"):
        data.filter_from_cepstra([np.nan])
