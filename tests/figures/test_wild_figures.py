"""Figures of a text and of voices: their numbers, their sentences, their sounds, their errors."""

import base64
import io
import re
import wave

import numpy as np
import pytest

from helpers import data, figures
from helpers.data import vowels
from helpers.figures import sound as sound_module
from helpers.figures import speaker
from helpers.figures.language_of_phrase import read_phrase
from helpers.networks import GRU, LSTM, SimpleRNN

SIX = data.SIX_LANGUAGES


@pytest.fixture
def reader():
    net = GRU(27, 9, 6, seed=2)
    net.theta += np.random.default_rng(0).normal(size=net.theta.size) / 2
    return net


def softmax(y):
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Ça va?", "ca va "),
        ("  a  b ", "a b "),
        ("", ""),
        ("12!", ""),
        ("x" * 40, "x" * 24),
        ("Año", "ano"),
        ("die Straße", "die strasse"),
        ("œuf", "oeuf"),
    ],
)
def test_what_is_read_of_a_text(text, plain):
    assert figures.plain_phrase(text) == plain


def test_probabilities_and_changes_are_the_networks(reader):
    figure = figures.language_figure(reader, SIX, "Der Hund")
    y, record = reader.forward(data.one_hot(data.encode("der hund"))[None])
    odds = softmax(y[0])
    assert np.isnan(figure.frame("odds")[:, 1:]).all() and np.isfinite(figure.frame("odds")[:, 0]).all()
    figure.set(letter=7)
    arrays = {name: figure.frame(name) for name in ("odds", "moved", "states")}
    np.testing.assert_allclose(arrays["odds"][:, :8], odds.T, atol=1e-12)
    assert np.isnan(arrays["odds"][:, 8:]).all()
    before = softmax(reader.parameters["b_o"])
    np.testing.assert_allclose(np.exp(np.log(before) + arrays["moved"][:, :8].sum(axis=1)), odds[-1], atol=1e-12)
    np.testing.assert_allclose(np.sort(arrays["states"][:, 3]), np.sort(record.states[0, 3]))
    change = np.sort(record.states[0, 2] - record.states[0, 1])
    figure.set(letter=2)
    np.testing.assert_allclose(np.sort(figure.frame("change")), change)
    assert figure.data.texts["letters"][3] == "␣"
    first = SIX[int(odds[2].argmax())]
    assert figure.summary.startswith(f"After “der”: {first} {100 * odds[2].max():.0f} %")


def test_units_are_grouped_by_what_they_speak_for(reader):
    figure = figures.language_figure(reader, SIX, "der")
    weights = reader.parameters["W_ho"]
    states = read_phrase(reader, "der")[1][1:]
    order = sorted(range(9), key=lambda u: (weights[u].argmax(), -weights[u].max()))
    np.testing.assert_allclose(figure.frame("states", letter=2)[:, :3], states[:, order].T)


def test_any_text_is_taken(reader):
    figure = figures.language_figure(reader, SIX, "der")
    for text in ("", "123", "¿?"):
        assert figure.set(typed=text).startswith("No letters yet")
        figure.png()
    assert figure.set(typed="casa", letter=20).startswith("After “casa”") and figure.frame("now") == 4
    assert figure.set(typed="straße").startswith("“straße” is read as “strasse”. After “strasse”: ")
    assert figure.set(typed="x" * 25).startswith("Only the first 24 characters count. After")
    with pytest.raises(ValueError, match="typed: expected at most 48"):
        figure.set(typed="x" * 49)
    for other in (SimpleRNN(26, 4, 6), SimpleRNN(27, 4, 5)):
        with pytest.raises(ValueError, match="network: expected 27 inputs and 6 outputs"):
            figures.language_figure(other, SIX, "der")
    figures.language_figure(LSTM(27, 4, 6), SIX, "der")  # any recurrent network


@pytest.fixture(scope="module")
def clips():
    _, test = data.japanese_vowels()
    return vowels.Clips(*(part[::40] for part in test))


def test_listening_shows_what_the_network_computes(clips):
    net = GRU(12, 7, 9, seed=1)
    x = data.standardised(clips)
    figure = figures.listening_figure(net, x, clips, [0, 3, 9])
    y, record = net.forward(x[[3]], mask=clips.mask[[3]])
    n, odds = int(clips.mask[3].sum()), softmax(y[0])
    figure.set(clip=1, frame=2)
    maps = [mark for panel in figure.picture.panels for mark in panel.marks if hasattr(mark, "until_x")]
    assert len(maps) == 3 and {mark.until_x for mark in maps} == {"now"}, "drawn as far as it is heard"
    assert figure.frame("now") == 3
    np.testing.assert_allclose(figure.frame("odds", frame=n - 1)[:, :n], odds[:n].T)
    assert np.isnan(figure.frame("odds")[:, n:]).all() and np.isnan(figure.frame("spectra")[:, n:]).all()
    np.testing.assert_allclose(np.sort(figure.frame("states")[:, 2]), np.sort(record.states[0, 2]))
    np.testing.assert_allclose(figure.frame("odds_now"), odds[2])
    assert figure.frame("truth") == clips.speaker[3]
    first = int(odds[2].argmax())
    verdict = "right" if first == clips.speaker[3] else f"wrong, it is {clips.speaker[3] + 1}"
    assert figure.summary == (  # two shifts of 6.4 ms and the 25.6 ms of the third frame
        f"Clip 4, 3 of {n} frames (38 ms): speaker {first + 1} with {100 * odds[2].max():.0f} %, {verdict}."
    )
    assert figure.set(frame=28).startswith(f"Clip 4, {n} of {n} frames")  # after its end, a clip stays at its end
    assert figure.frame("now") == n < 29
    a = data.filter_from_cepstra(clips.x[3, 2])
    np.testing.assert_allclose(figure.frame("spectra")[:, 2][7], data.loudness_curve(a, [750.0])[0])
    with pytest.raises(ValueError, match="x: expected shape"):
        figures.listening_figure(net, x[:, :5], clips, [0])


def test_the_longest_clip_lasts_a_fifth_of_a_second():
    odds = np.eye(9)[[4] * vowels.LONGEST]
    assert "29 of 29 frames (205 ms)" in speaker.sentence(0, 4, vowels.LONGEST, odds, vowels.LONGEST - 1)


def test_sounds_can_be_heard_and_stored(clips):
    sound = data.resynthesise(clips.x[0][clips.mask[0]], slower=4)
    figure = figures.Sounds("A voice", {"slow <4>": sound, "half": sound / 2}, 10_000, "It says something.")
    bundle, metadata = figure._repr_mimebundle_()
    assert bundle["text/plain"].startswith("A voice\nIt says something.\n  slow <4>: 0.") and "0x" not in repr(figure)
    assert base64.b64decode(bundle["image/png"])[:4] == b"\x89PNG" and metadata["image/png"]["alt"]
    players = re.findall(r'aria-label="([^"]+)" src="data:audio/wav;base64,([^"]+)"', bundle["text/html"])
    assert [name for name, _ in players] == ["slow &lt;4&gt;", "half"]
    with wave.open(io.BytesIO(base64.b64decode(players[0][1]))) as file:
        heard = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32767
    np.testing.assert_allclose(heard, sound, atol=1e-4)
    with pytest.raises(ValueError, match="sounds: expected at least one"):
        figures.Sounds("A voice", {}, 10_000, "Nothing.")


def test_the_spectrogram_shows_a_tone_where_it_is():
    t = np.arange(5000) / 10_000
    tone = np.sin(2 * np.pi * np.where(t < 0.25, 1000, 3000) * t)
    levels = sound_module.spectrogram(tone, 10_000)
    bands = levels.shape[0]
    assert abs(levels[:, 20].argmax() * 5000 / bands - 1000) < 80
    assert abs(levels[:, 100].argmax() * 5000 / bands - 3000) < 80
    assert levels.max() == 0 and levels.min() == -60
