"""From numbers back to sound: cepstra are an all-pole filter; struck in rhythm, such a filter sounds like a vowel.

    H(z) = 1 / A(z)        A(z) = 1 + a_1 z⁻¹ + … + a_p z⁻ᵖ        log H(z) = Σ c_n z⁻ⁿ, n ≥ 1

Differentiating log H = −log A gives A' = −C' A, and so, power by power,

    n a_n = −n c_n − Σ k c_k a_{n−k}, k = 1 … n−1

The first p cepstra fix the p coefficients, and back (B. S. Atal, J. Acoustical Society of America 55, 1974; L. Rabiner
and B.-H. Juang, Fundamentals of Speech Recognition, 1993, where a has the other sign). c_0, the gain, is not needed.
"""

import io
import wave

import numpy as np

from helpers.data import checks
from helpers.data.vowels import SAMPLING_RATE, SHIFT_SECONDS


def filter_from_cepstra(cepstra):
    """Coefficients a_1 … a_p (..., p) of the all-pole filter whose first p cepstra are `cepstra` (..., p)."""
    c = _numbers("cepstra", cepstra)
    a = np.zeros_like(c)
    for n in range(1, c.shape[-1] + 1):
        k = np.arange(1, n)
        a[..., n - 1] = -c[..., n - 1] - (k * c[..., k - 1] * a[..., n - k - 1]).sum(axis=-1) / n
    return a


def cepstra_from_filter(a):
    """The first p cepstra (..., p) of the all-pole filter with coefficients a_1 … a_p (..., p)."""
    a = _numbers("a", a)
    c = np.zeros_like(a)
    for n in range(1, a.shape[-1] + 1):
        k = np.arange(1, n)
        c[..., n - 1] = -a[..., n - 1] - (k * c[..., k - 1] * a[..., n - k - 1]).sum(axis=-1) / n
    return c


def largest_pole(a):
    """The distance from 0 of the outermost pole of each filter, (...); below 1 the filter rings out: it is stable."""
    a = _numbers("a", a)
    p = a.shape[-1]
    companion = np.zeros((*a.shape[:-1], p, p))
    companion[..., 0, :] = -a
    companion[..., np.arange(1, p), np.arange(p - 1)] = 1
    return np.abs(np.linalg.eigvals(companion)).max(axis=-1)


def loudness_curve(a, frequencies, rate=SAMPLING_RATE):
    """20 log₁₀ |H| in dB of each filter (..., p) at each of the frequencies (F,) in Hz: (..., F)."""
    a = _numbers("a", a)
    frequencies = np.asarray(frequencies, float)
    turns = np.exp(-2j * np.pi * np.outer(np.arange(1, a.shape[-1] + 1), frequencies) / rate)  # z⁻ⁿ, (p, F)
    return -20 * np.log10(np.abs(1 + a @ turns))


def ringing(a, samples=400):
    """What each filter (..., p) answers to a single pulse: (..., samples), with Σ y² = 1."""
    a = _numbers("a", a)
    samples = checks.whole_number("samples", samples, least=1)
    p = a.shape[-1]
    y = np.zeros((*a.shape[:-1], p + samples))
    y[..., p] = 1.0
    for n in range(p, p + samples):
        y[..., n] -= (a * y[..., n - p : n][..., ::-1]).sum(axis=-1)  # y_n = pulse − Σ a_k y_{n−k}
    y = y[..., p:]
    return y / np.sqrt((y * y).sum(axis=-1, keepdims=True))


def resynthesise(cepstra, pitch=120.0, slower=1.0, rate=SAMPLING_RATE, shift=SHIFT_SECONDS):
    """A sound (N,) from cepstra (T, p) of T frames: pulses in rhythm, each answered by the filter of its moment.

    pitch: pulses a second, in Hz. slower: how many times longer each frame lasts. Between two frames the answers of
    their filters are blended. The sound begins and ends softly; its largest size is 0.9. Pitch, loudness and the
    pulses themselves are ours: the cepstra say nothing about them. Raises ValueError for a filter that is not stable.
    """
    c = _numbers("cepstra", cepstra)
    if c.ndim != 2:
        raise ValueError(f"cepstra: expected shape (T, p), given {c.shape}")
    pitch = checks.real_number("pitch", pitch, least=20, most=1000)
    slower = checks.real_number("slower", slower, least=0.1, most=100)
    a = filter_from_cepstra(c)
    if largest_pole(a).max() >= 1:
        raise ValueError("cepstra: expected stable filters, given one that would ring for ever")
    frame_answers = ringing(a)  # (T, samples)
    seconds = len(c) * shift * slower
    times = np.arange(0, seconds, 1 / pitch)  # of the pulses, (P,)
    place = np.clip(times / (shift * slower) - 0.5, 0, len(c) - 1)  # a frame stands for its middle
    before = np.minimum(place.astype(int), max(len(c) - 2, 0))
    after = np.minimum(before + 1, len(c) - 1)
    part = (place - before)[:, None]
    answers = (1 - part) * frame_answers[before] + part * frame_answers[after]  # (P, samples)
    sound = np.zeros(int(seconds * rate) + answers.shape[1])
    for start, answer in zip(np.rint(times * rate).astype(int), answers, strict=True):
        sound[start : start + len(answer)] += answer
    soft = min(int(0.01 * rate), len(sound) // 2)
    ramp = np.sin(np.linspace(0, np.pi / 2, soft)) ** 2
    sound[:soft] *= ramp
    sound[-soft:] *= ramp[::-1]
    return 0.9 * sound / np.abs(sound).max()


def wav_bytes(sound, rate=SAMPLING_RATE):
    """A sound (N,) from −1 to 1 as the bytes of a WAV file: one channel, 16 bits. Raises ValueError beyond ±1."""
    sound = _numbers("sound", sound)
    if sound.ndim != 1 or np.abs(sound).max(initial=0) > 1:
        raise ValueError(f"sound: expected one row of numbers from -1 to 1, given shape {sound.shape}")
    memory = io.BytesIO()
    with wave.open(memory, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(checks.whole_number("rate", rate, least=1))
        file.writeframes(np.rint(sound * 32767).astype("<i2").tobytes())
    return memory.getvalue()


def _numbers(name, value):
    array = np.asarray(value, float)
    if not array.ndim or not array.size or not np.isfinite(array).all():
        raise ValueError(f"{name}: expected an array of finite numbers, given shape {array.shape}")
    return array
