"""Real speech: nine men say /ae/, as sequences of different lengths of 12 numbers (LPC cepstra).

Source: M. Kudo, J. Toyama and M. Shimbo, Multidimensional curve classification using passing-through regions, Pattern
Recognition Letters 20 (1999). The UCI archive describes the data; they come inside the package sktime (BSD licence),
as plain text. Only its two files are read; the package is not imported.
"""

import importlib.util
from pathlib import Path
from typing import NamedTuple

import numpy as np

SPEAKERS, CEPSTRA, LONGEST = 9, 12, 29
SAMPLING_RATE = 10_000  # Hz, as UCI's description says; so are these two
FRAME_SECONDS, SHIFT_SECONDS = 0.0256, 0.0064  # 12 numbers describe one frame; the next begins one shift later
CLIPS = {"train": 270, "test": 370}


class Clips(NamedTuple):
    """Clips of speech, filled up with zeros to one length.

    x: (N, 29, 12) float64, the first 12 cepstra of each frame. mask: (N, 29) bool, True where a frame is real.
    speaker: (N,) int, 0 to 8.
    """

    x: np.ndarray
    mask: np.ndarray
    speaker: np.ndarray


def japanese_vowels():
    """(train, test), two Clips: 270 of them, 30 by each speaker, and 370, recorded on other occasions.

    Raises RuntimeError without the package sktime or its file, ValueError if a file is not what it should be.
    """
    return tuple(read_clips(_file(part), CLIPS[part]) for part in CLIPS)


def read_clips(path, count=None):
    """The Clips of one .ts file: after the line "@data" a line for each clip, dimensions and label parted by colons.

    Raises ValueError that names the file and line, if it has not 12 rows of equal length (1 to 29) and a label 1 to 9,
    or not `count` clips.
    """
    path = Path(path)
    _, _, rows = path.read_text(encoding="utf-8").partition("@data\n")
    clips, speakers = [], []
    for number, row in enumerate(rows.split()):
        *dimensions, label = row.split(":")
        try:
            clip = np.array([dimension.split(",") for dimension in dimensions], float).T  # (T, 12)
            speaker = int(label) - 1
        except ValueError:
            clip, speaker = np.empty((0, 0)), -1
        fits = clip.ndim == 2 and clip.shape[1] == CEPSTRA and 1 <= len(clip) <= LONGEST and np.isfinite(clip).all()
        if not fits or not 0 <= speaker < SPEAKERS:
            raise ValueError(
                f"{path.name}, clip {number}: expected {CEPSTRA} rows of 1 to {LONGEST} numbers and a label 1 to "
                f"{SPEAKERS}, given {row[:40]!r}"
            )
        clips.append(clip)
        speakers.append(speaker)
    if not clips or count not in (None, len(clips)):
        raise ValueError(f"{path.name}: expected {count or 'some'} clips after @data, given {len(clips)}")
    x = np.zeros((len(clips), LONGEST, CEPSTRA))
    mask = np.zeros((len(clips), LONGEST), bool)
    for row, clip in enumerate(clips):
        x[row, : len(clip)] = clip
        mask[row, : len(clip)] = True
    return Clips(x, mask, np.array(speakers))


def _file(part):
    spec = importlib.util.find_spec("sktime")
    folders = [] if spec is None else spec.submodule_search_locations
    for folder in folders:
        path = Path(folder) / "datasets" / "data" / "JapaneseVowels" / f"JapaneseVowels_{part.upper()}.ts"
        if path.is_file():
            return path
    raise RuntimeError("the recordings of JapaneseVowels are missing: pip install sktime")


def standardised(clips, like=None):
    """The inputs of `clips` with mean 0 and standard deviation 1 in each of the 12 dimensions; padding stays 0.

    like: the Clips whose real frames give mean and deviation (the training clips); None for `clips` themselves.
    Returns (N, 29, 12).
    """
    frames = (like or clips).x[(like or clips).mask]  # (frames, 12)
    return (clips.x - frames.mean(axis=0)) / frames.std(axis=0) * clips.mask[:, :, None]
