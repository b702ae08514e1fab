"""A network that listens: its hidden state and its verdict on who speaks, frame by frame of a clip."""

import numpy as np

from helpers.data import filter_from_cepstra, loudness_curve
from helpers.data.vowels import FRAME_SECONDS, SHIFT_SECONDS
from helpers.live.controls import Frame
from helpers.live.description import Axis, Bars, Cursor, HeatMap, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.networks import softmax

FREQUENCIES = np.linspace(50, 4950, 50)  # Hz, the middles of 50 bands


def listening_figure(network, x, clips, chosen, prediction=None):
    """A live figure of a recurrent network listening to clips; the browser alone follows its controls.

    network: reads 12 numbers a frame, one logit for each speaker. x (N, T, 12): what it reads; clips: the Clips that x
    was made of, for the spectra, the mask and the speakers. chosen: which of them can be looked at. Controls: the clip,
    the frame. A probability at a frame answers: if the clip ended here. Raises ValueError if x and clips do not fit.
    """
    x, chosen = np.asarray(x), np.asarray(chosen, int)
    if x.shape != clips.x.shape:
        raise ValueError(f"x: expected shape {clips.x.shape} like the clips, got {x.shape}")
    mask, speaker = clips.mask[chosen], clips.speaker[chosen]
    y, record = network.forward(x[chosen], mask=mask)
    odds = softmax(y.astype(float))  # (C, T, S)
    C, T, S = odds.shape
    states = record.states.astype(float)  # (C, T, H)
    order = np.lexsort((-network.parameters["W_ho"].max(axis=1), network.parameters["W_ho"].argmax(axis=1)))
    spectra = loudness_curve(filter_from_cepstra(clips.x[chosen]), FREQUENCIES)  # (C, T, F)
    brightest = float(np.ceil(np.abs(states[mask]).max() * 10) / 10)
    lengths = mask.sum(axis=1)
    frames = np.minimum(np.arange(T), lengths[:, None] - 1)  # (C, T): after the end, its last frame

    def silent(array):
        """(C, T, n) -> (C, n, T), nothing where no frame is."""
        return np.where(mask[:, :, None], array, np.nan).transpose(0, 2, 1)

    kilohertz = (0.5, T + 0.5, 0.0, 5.0)
    frame = Axis("frame", integer=True, limits=(0.5, T + 0.5), moves="frame")
    here = Cursor(x="now", band=True, dashed=False)
    names = tuple((k, str(k + 1)) for k in range(S))
    picture = Picture(
        "Who is speaking? A network listens",
        (
            Row(
                (
                    Panel(
                        "What is heard: the resonances of the mouth",
                        (
                            HeatMap("spectra", (-10.0, 30.0), "amount", "dB", (1, 0), kilohertz, until_x="now"),
                            Cursor(x="now"),
                        ),
                        x=frame,
                        y=Axis("frequency", "kHz"),
                    ),
                    Panel(
                        "Probability of each speaker (true one framed)",
                        (
                            HeatMap("odds", (0.0, 1.0), "amount", "probability", first=(1, 0), until_x="now"),
                            Cursor(y="truth", band=True, dashed=False),
                            Cursor(x="now"),
                        ),
                        x=frame,
                        y=Axis("speaker", ticks=names),
                    ),
                ),
                240,
            ),
            Row(
                (
                    Panel(
                        "Hidden state",
                        (
                            HeatMap("states", (-brightest, brightest), "signed", "hidden state", (1, 1), until_x="now"),
                            here,
                        ),
                        x=frame,
                        y=Axis("unit, by the speaker it speaks for", integer=True),
                    ),
                    Panel(
                        "If the clip ended at this frame",
                        (Bars("speakers", "odds_now"), Cursor(x="truth", label="true speaker")),
                        x=Axis("speaker", ticks=names),
                        y=Axis("probability", limits=(0, 1.02), ticks=(0, 0.5, 1)),
                    ),
                ),
                240,
            ),
        ),
        alt="Spectrum, probability of each speaker and hidden units over time; bars of probabilities at one frame.",
        narrow=640,
    )
    data = FigureData(
        {
            "spectra": silent(spectra),
            "odds": silent(odds),
            "states": silent(states)[:, order],
            "odds_now": odds[np.arange(C)[:, None], frames],
            "speakers": np.arange(S),
            "truth": speaker,
            "now": frames + 1,
        },
        [[sentence(chosen[c], speaker[c], lengths[c], odds[c], t) for t in frames[c]] for c in range(C)],
        {name: ("clip",) for name in ("spectra", "odds", "states", "truth")}
        | {
            "odds_now": ("clip", "frame"),
            "now": ("clip", "frame"),
            "summary": ("clip", "frame"),
        },
    )
    controls = (
        Frame("clip", "Clip", tuple(f"{k + 1}: speaker {s + 1}" for k, s in zip(chosen, speaker, strict=True))),
        Frame("frame", "Frame", tuple(range(1, T + 1)), play=True, period=250),
    )
    return LiveFigure(picture, controls, data, prediction=prediction)


def sentence(clip, speaker, length, odds, t):
    """The summary of one clip after frame t; odds (T, S)."""
    first = int(odds[t].argmax())
    verdict = "right" if first == speaker else f"wrong, it is {speaker + 1}"
    heard = 1000 * (t * SHIFT_SECONDS + FRAME_SECONDS)  # ms: frames overlap, the last one reaches its full length on
    return (
        f"Clip {clip + 1}, {t + 1} of {length} frames ({heard:.0f} ms): speaker {first + 1} with "
        f"{100 * odds[t, first]:.0f} %, {verdict}."
    )
