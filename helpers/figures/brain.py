"""The brain from its left side, drawn by code: what shows outside, and the diencephalon that lies inside.

Outlines follow the usual side view of anatomy texts (for example Clark, Douglas and Choi 2018, Biology 2e,
chapter 35.3): the front is on the left, proportions are rounded, folds are hinted at.
"""

import numpy as np
from matplotlib.path import Path

from helpers.live.colours import INK, ORANGE
from helpers.live.drawing import Drawing, label, shape, smooth, stroke

FRONTAL, PARIETAL, TEMPORAL, OCCIPITAL = "#f6d3ae", "#c3dbf1", "#cfe6c4", "#e6d0ea"
CEREBELLUM, STEM, INSIDE = "#f0c0b4", "#ddd6c8", ORANGE
FOLD = "#8d7f70"

CEREBRUM = [
    (196, 300), (203, 352), (232, 405), (282, 448), (350, 476), (425, 488), (505, 482), (580, 457), (640, 413),
    (680, 352), (692, 292), (684, 254), (652, 234), (604, 229), (556, 216), (500, 197), (440, 184), (384, 184),
    (344, 200), (326, 228), (328, 250), (304, 256), (256, 252), (214, 266),
]  # fmt: skip
LATERAL_FISSURE = [(326, 248), (352, 262), (398, 272), (446, 290), (496, 306), (540, 332)]
CENTRAL_SULCUS = [(470, 488), (466, 458), (448, 430), (446, 398), (426, 366), (422, 336), (404, 306), (402, 284)]
BEHIND = [(652, 420), (634, 360), (628, 300), (606, 228)]  # the line where the occipital lobe begins
BETWEEN = [(540, 332), (586, 322), (628, 306)]  # from the lateral fissure's end to that line

FOLDS = [
    [(226, 398), (252, 388), (276, 402), (306, 396), (330, 412), (360, 408), (384, 424), (404, 418)],
    [(212, 336), (238, 346), (262, 334), (292, 348), (318, 338), (344, 352), (370, 344)],
    [(236, 288), (258, 300), (282, 290), (306, 304), (334, 294), (364, 310)],
    [(286, 446), (304, 432), (330, 440), (350, 430), (376, 444)],
    [(424, 470), (412, 446), (420, 424), (402, 398), (406, 374), (388, 348), (386, 316)],
    [(256, 366), (280, 374), (300, 366)],
    [(342, 388), (358, 380), (374, 386)],
    [(340, 474), (352, 462), (344, 450)],
    [(508, 474), (498, 450), (506, 428), (486, 402), (488, 378), (468, 352), (456, 322)],
    [(518, 414), (540, 398), (566, 410), (590, 396), (612, 404), (640, 396)],
    [(500, 366), (520, 378), (546, 362), (570, 374), (592, 360), (616, 366)],
    [(538, 452), (556, 440), (580, 446), (598, 434)],
    [(520, 340), (524, 356), (540, 350)],
    [(566, 338), (584, 346), (606, 336)],
    [(346, 226), (374, 238), (406, 232), (438, 248), (472, 244), (506, 264), (540, 270), (576, 294), (600, 290)],
    [(374, 200), (406, 212), (440, 206), (474, 222), (508, 222), (544, 244), (578, 246), (606, 262)],
    [(552, 226), (576, 236), (604, 238)],
    [(650, 386), (662, 366), (652, 344), (668, 324), (660, 306)],
    [(640, 330), (646, 306), (636, 284), (652, 262)],
    [(674, 300), (668, 278), (678, 258)],
]

CEREBELLUM_OUTLINE = [
    (536, 206), (578, 219), (628, 226), (668, 222), (690, 198), (688, 160), (664, 126), (624, 106), (578, 108),
    (546, 130), (532, 168),
]  # fmt: skip
STEM_OUTLINE = [
    (452, 252), (450, 214), (440, 192), (436, 162), (450, 136), (474, 118), (486, 84), (490, 30), (532, 30),
    (534, 84), (540, 126), (536, 170), (524, 214), (512, 256), (482, 268),
]  # fmt: skip
THALAMUS = [(424, 306), (446, 328), (486, 334), (516, 318), (514, 292), (482, 280), (444, 286)]
HYPOTHALAMUS = [(398, 270), (416, 288), (444, 282), (458, 264), (446, 244), (422, 236), (404, 248)]

ALT = (
    "Cerebrum with frontal, parietal, temporal and occipital lobe; cerebellum; brainstem; and inside, drawn as if seen "
    "through, the diencephalon with thalamus and, below and in front of it, the hypothalamus. The front of the brain "
    "is on the left; the cerebellum lies under the occipital lobe at the back, the brainstem leads to the spinal cord."
)


def brain_drawing():
    """The labelled side view of the human brain, as a Drawing."""
    return Drawing("The human brain, seen from its left side", ALT, paint_brain, 560)


def paint_brain(ax):
    """The brain and its labels on axes of 860 × 560."""
    stem = shape(ax, smooth(STEM_OUTLINE, closed=True), STEM, width=1.3, zorder=1)
    for y in (196, 184, 172, 160, 148, 136):
        stroke(ax, [(432, y), (462, y + 6), (486, y + 2)], FOLD, 0.7, 1.2, 0.55, clip=stem)
    stroke(ax, [(440, 126), (490, 116), (545, 124)], FOLD, 0.9, 1.2, 0.8, clip=stem)
    paint_cerebellum(ax)
    paint_cerebrum(ax)
    paint_inside(ax)
    label_parts(ax)


def paint_cerebrum(ax):
    outline = shape(ax, folded(CEREBRUM), FRONTAL, "none", zorder=3)
    parietal = [*CENTRAL_SULCUS, *LATERAL_FISSURE[3:], *BETWEEN, *BEHIND[::-1][1:], (720, 520), (470, 520)]
    temporal = [*LATERAL_FISSURE, *BETWEEN, *BEHIND[2:], (606, 120), (260, 120), (300, 240)]
    occipital = [*BEHIND, (606, 120), (760, 120), (760, 470)]
    for lobe, colour in ((parietal, PARIETAL), (temporal, TEMPORAL), (occipital, OCCIPITAL)):
        patch = ax.fill(*np.array(lobe).T, color=colour, linewidth=0, zorder=3.1)[0]
        patch.set_clip_path(outline)
    for fold in FOLDS:
        stroke(ax, fold, FOLD, 1.3, 3.3, 0.6, clip=outline)
    for border in (BEHIND, BETWEEN):
        stroke(ax, border, INK, 0.9, 3.4, 0.45, clip=outline, dashed=True)
    for deep in (LATERAL_FISSURE, CENTRAL_SULCUS):
        stroke(ax, deep, INK, 2.0, 3.5, 0.85, clip=outline)
    shape(ax, folded(CEREBRUM), "none", width=1.7, zorder=3.6)


def folded(points, bump=3.4, length=31.0):
    """The outline through `points` with the small bumps that folds make at the edge: round outside, notched inside."""
    (line,) = smooth(points, closed=True).to_polygons(closed_only=False)
    pieces = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0], np.cumsum(pieces)])
    even = np.linspace(0, along[-1], 1200, endpoint=False)
    line = np.stack([np.interp(even, along, line[:, axis]) for axis in (0, 1)], axis=1)
    tangent = np.roll(line, -3, axis=0) - np.roll(line, 3, axis=0)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) / np.hypot(*tangent.T)[:, None]
    bumps = round(along[-1] / length)
    phase = np.pi * bumps * even / along[-1] + 0.7 * np.sin(2 * np.pi * 5 * even / along[-1])  # of uneven lengths
    line = line + bump * (np.abs(np.sin(phase)) ** 0.6 - 0.7)[:, None] * normal
    return Path(np.vstack([line, line[:1]]), closed=True)


def paint_cerebellum(ax):
    outline = shape(ax, smooth(CEREBELLUM_OUTLINE, closed=True), CEREBELLUM, width=1.4, zorder=2)
    for k in range(11):  # its fine leaves run almost level and meet towards the brainstem
        y = 116 + 10.5 * k
        stroke(ax, [(530, 166 + 0.25 * (y - 166)), (600, y - 4), (700, y + 4)], FOLD, 0.9, 2.1, 0.6, clip=outline)


def paint_inside(ax):
    stroke(ax, STEM_OUTLINE[1::-1] + STEM_OUTLINE[:-4:-1], INK, 1.0, 4, 0.55, dashed=True)
    for part, colour in ((HYPOTHALAMUS, "#e07b2f"), (THALAMUS, "#f0a860")):
        shape(ax, smooth(part, closed=True), colour, "none", zorder=4, alpha=0.9)
        shape(ax, smooth(part, closed=True), "none", "#8a3d00", 1.3, 4.1, dashed=True)


def label_parts(ax):
    left, right, inner = {"align": "right"}, {"align": "left"}, {"align": "right", "colour": INSIDE}
    label(ax, "Cerebrum", "two halves of four lobes;\nits folded surface is the cortex", (186, 500), (300, 461), **left)
    label(ax, "Frontal lobe", "plans, decides,\nmoves the body", (168, 418), (262, 376), **left)
    ax.text(173, 338, "Diencephalon (inside)", fontsize=8, color=INSIDE, ha="right", va="center", style="italic")
    label(ax, "Thalamus", "passes on what\nthe senses report", (168, 318), (450, 310), **inner)
    label(ax, "Hypothalamus", "hunger, warmth, sleep,\nhormones", (168, 250), (418, 262), **inner)
    label(ax, "Temporal lobe", "hears, recognises,\nforms memories", (168, 178), (400, 214), **left)
    label(ax, "Brainstem", "breathing, heartbeat,\nbeing awake", (400, 96), (492, 100), **left)
    label(ax, "Parietal lobe", "feels the body,\nfinds the way", (712, 456), (590, 424), **right)
    label(ax, "Occipital lobe", "sees", (712, 330), (666, 312), **right)
    label(ax, "Cerebellum", "smooth, well-timed\nmovement", (712, 190), (662, 170), **right)
    ax.text(511, 16, "to the spinal cord", fontsize=8, color=INK, ha="center", va="center")
    ax.text(206, 238, "\u2190 front", fontsize=8, color=INK, ha="center", va="center")
