"""Sound in a notebook: a picture of it that can be stored, and players beside it once the cell has been run."""

import base64
import html

import numpy as np

from helpers.data import wav_bytes
from helpers.live.description import Axis, HeatMap, Lines, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import Still

WINDOW = 0.0256  # seconds of one spectrum
BANDS, SLICES = 64, 120
FLOOR = -60.0  # dB below the loudest
LINE = "Run the cell to hear it: then players stand under the picture."


def spectrogram(sound, rate, slices=SLICES):
    """(BANDS, slices) in dB below the loudest: how loud each band of frequencies is at each moment, from 0 Hz up."""
    n = max(int(WINDOW * rate), 8)
    padded = np.pad(sound, (n // 2, n // 2 + 1))
    starts = np.linspace(0, len(sound) - 1, slices).astype(int)
    pieces = np.stack([padded[s : s + n] for s in starts]) * np.hanning(n)
    power = np.abs(np.fft.rfft(pieces, 2 * BANDS * 4, axis=1)[:, : BANDS * 4]) ** 2
    power = power.reshape(slices, BANDS, 4).mean(axis=2).T
    return np.maximum(10 * np.log10(power / max(power.max(), 1e-30) + 1e-30), FLOOR)


class Sounds(Still):
    """Some sounds side by side: for each its pressure and its spectrogram, and a player in HTML.

    title: text. sounds: name -> (N,) from −1 to 1. rate: samples a second. summary: one sentence on what is heard.
    Stored and printed it is the picture and a line of text; run, it can be heard, also in an exported page.
    Raises ValueError for no sound, or one beyond ±1.
    """

    def __init__(self, title, sounds, rate, summary):
        if not sounds:
            raise ValueError("sounds: expected at least one sound, got none")
        self.rate = int(rate)
        self.players = {name: wav_bytes(sound, self.rate) for name, sound in sounds.items()}
        arrays, top, bottom = {}, [], []
        for k, (name, sound) in enumerate(sounds.items()):
            sound = np.asarray(sound, float)
            milliseconds = 1000 * len(sound) / self.rate
            arrays |= {f"t{k}": 1000 * np.arange(len(sound)) / self.rate, f"sound{k}": sound[None]}
            arrays[f"spectrogram{k}"] = spectrogram(sound, self.rate)
            time = Axis("time", "ms", limits=(0, milliseconds))
            wave = Lines(f"t{k}", f"sound{k}", width=0.8)
            top.append(Panel(name, (wave,), x=time, y=Axis("pressure", limits=(-1, 1), ticks=(-1, 0, 1))))
            map_ = HeatMap(
                f"spectrogram{k}",
                (FLOOR, 0.0),
                "amount",
                "dB" if k == len(sounds) - 1 else "",
                extent=(0.0, milliseconds, 0.0, self.rate / 2000),
            )
            bottom.append(Panel("", (map_,), x=time, y=Axis("frequency", "kHz")))
        picture = Picture(
            title,
            (Row(tuple(top), 130), Row(tuple(bottom), 200)),
            f"Waves and spectrograms of {len(sounds)} sounds: {', '.join(sounds)}.",
        )
        super().__init__(picture, FigureData(arrays, summary))

    def players_html(self):
        """The players, each with its name."""
        rows = []
        for name, wav in self.players.items():
            label = html.escape(name, quote=True)
            source = f'src="data:audio/wav;base64,{base64.b64encode(wav).decode()}"'
            player = f'<audio controls preload="auto" style="max-width: 100%" aria-label="{label}" {source}></audio>'
            rows.append(f"<div><span>{label}</span><br>{player}</div>")
        return f'<div style="display: flex; flex-wrap: wrap; gap: 0.5em 2em">{"".join(rows)}</div>'

    def __repr__(self):
        seconds = [f"  {name}: {len(wav[44:]) / 2 / self.rate:.2f} s" for name, wav in self.players.items()]
        return "\n".join([self.picture.title, self.data.summary, *seconds])

    def _repr_mimebundle_(self, include=None, exclude=None):
        from helpers.live.static import to_png

        bundle, metadata = super()._repr_mimebundle_(include, exclude)
        bundle["text/html"] += self.players_html()
        with_line = to_png(self.picture, self.data, self.positions, LINE)  # what is stored cannot be heard
        bundle["image/png"] = base64.b64encode(with_line).decode()
        return bundle, metadata
