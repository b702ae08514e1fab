"""Two nerve cells and the synapse between them, drawn by code.

Parts and their order as in anatomy texts (for example Clark, Douglas and Choi 2018, Biology 2e, chapter 35.1);
lengths are not to scale: an axon can be tens of thousands of times longer than its cell body.
"""

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch

from helpers.live.colours import INK, ORANGE
from helpers.live.drawing import Drawing, label, shape, smooth

BODY, NUCLEUS, EDGE, SHEATH = "#bcd9f2", "#5b8fc4", "#2b5f93", "#f3e2b3"
NEXT, NEXT_EDGE, SIGNAL, VESICLE = "#d3e9c9", "#4f8a3f", ORANGE, "#e69f00"
BETWEEN = "#ece9e4"  # the liquid between the cells: seen on a white page, and not glaring on a dark one

# Each dendrite is a tapering line from the cell body outwards; branches follow their stem.
DENDRITES = [
    ([(176, 330), (140, 372), (108, 402), (70, 418)], 9), ([(118, 394), (108, 428), (112, 462)], 5),
    ([(140, 372), (144, 412), (160, 446), (152, 474)], 5), ([(84, 413), (52, 436), (30, 440)], 4),
    ([(166, 298), (120, 300), (80, 318), (30, 316)], 8), ([(92, 312), (66, 342), (34, 360)], 5),
    ([(108, 302), (80, 280), (42, 270)], 5), ([(178, 262), (150, 222), (112, 198), (74, 192)], 8),
    ([(136, 212), (134, 178), (114, 146)], 5), ([(96, 194), (66, 170), (36, 168)], 4),
    ([(206, 258), (204, 216), (216, 180), (204, 144)], 7), ([(210, 200), (232, 172), (246, 142)], 4),
    ([(214, 338), (226, 380), (218, 418), (232, 456)], 7), ([(222, 396), (248, 424), (262, 452)], 4),
]  # fmt: skip
BODY_OUTLINE = [
    (160, 300), (172, 330), (200, 344), (230, 334), (252, 308), (268, 298), (252, 286), (232, 264), (202, 252),
    (174, 264),
]  # fmt: skip
AXON = [(258, 298), (300, 300), (350, 306), (400, 304), (450, 296), (500, 294), (536, 298)]
TERMINALS = [
    [(536, 298), (566, 322), (590, 352), (618, 366)], [(536, 298), (572, 302), (600, 304), (624, 300)],
    [(536, 298), (562, 276), (584, 246), (612, 232)],
]  # fmt: skip
NEXT_DENDRITES = [
    ([(742, 306), (704, 304), (672, 302), (646, 300)], 9), ([(746, 330), (716, 358), (682, 372), (652, 376)], 7),
    ([(752, 278), (722, 246), (690, 226), (660, 218)], 7), ([(780, 340), (786, 378), (808, 410)], 7),
    ([(784, 268), (792, 232), (816, 206)], 7),
]  # fmt: skip
ALT = (
    "Left: dendrites like branches of a tree lead into a cell body with a nucleus. From it one axon, wrapped in "
    "pieces of myelin, runs to the right and ends in three terminals at the dendrites of a second neuron. Arrows show "
    "the signal going from dendrites over the cell body along the axon. Below, a synapse enlarged: in the terminal, "
    "vesicles filled with transmitter; a narrow cleft; receptors on the dendrite of the next neuron."
)
ARROWS = [((84, 262), (150, 284), -0.15), ((290, 276), (520, 272), 0.05), ((668, 318), (728, 318), 0.0)]
TERMINAL_OUTLINE = [
    (352, 128), (380, 150), (414, 176), (450, 190), (474, 172), (482, 128), (474, 84), (450, 66), (414, 80), (380, 106),
]  # fmt: skip
TRANSMITTER = [(488, 150), (492, 138), (489, 124), (494, 112), (488, 102), (496, 128), (493, 158), (487, 132)]


def neuron_drawing():
    """A neuron, its parts and the way of its signal, and a synapse enlarged, as a Drawing."""
    return Drawing("A neuron, and the synapse to the next one", ALT, paint_neuron, 610)


def paint_neuron(ax):
    """Both neurons, the enlarged synapse and the labels, on axes of 860 × 610."""
    up = 104  # the neurons stand above the enlarged synapse
    paint_cells(ax, up)
    paint_signal(ax, up)
    paint_synapse(ax)
    label_cells(ax, up)


def raised(points, up):
    return [(x, y + up) for x, y in points]


def tapered(ax, points, width, fill, edge, zorder=2, end=0.35):
    """A branch: a smooth line that thins from `width` to `end` · width, with an outline."""
    (line,) = smooth(points).to_polygons(closed_only=False)
    pieces = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    even = np.linspace(0, pieces[-1], 60)
    line = np.stack([np.interp(even, pieces, line[:, axis]) for axis in (0, 1)], axis=1)
    tangent = np.gradient(line, axis=0)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) / np.hypot(*tangent.T)[:, None]
    half = 0.5 * width * np.linspace(1, end, len(line))[:, None]
    for extra, colour, level in ((1.1, edge, zorder), (0.0, fill, zorder + 0.3)):
        ax.fill(*np.vstack([line + (half + extra) * normal, (line - (half + extra) * normal)[::-1]]).T, color=colour,
                linewidth=0, zorder=level)  # fmt: skip


def paint_cells(ax, up):
    for points, width in DENDRITES:
        tapered(ax, raised(points, up), width, BODY, EDGE)
    for points, width in NEXT_DENDRITES:
        tapered(ax, raised(points, up), width, NEXT, NEXT_EDGE, end=0.55)
    tapered(ax, raised(AXON, up), 9, BODY, EDGE, end=0.75)
    for points in TERMINALS:
        tapered(ax, raised(points, up), 6, BODY, EDGE, end=0.8)
        x, y = points[-1]
        ax.add_patch(Circle((x + 4, y + up), 10, facecolor=BODY, edgecolor=EDGE, linewidth=1.2, zorder=2.5))
    shape(ax, smooth(raised(BODY_OUTLINE, up), closed=True), BODY, EDGE, 1.4, 2.2)
    shape(ax, smooth(raised(BODY_OUTLINE, up), closed=True), BODY, "none", zorder=2.4)
    ax.add_patch(Circle((206, 298 + up), 19, facecolor=NUCLEUS, edgecolor=EDGE, linewidth=1.1, zorder=2.6))
    for x, y in ((322, 303), (376, 306), (430, 299), (484, 294)):
        sheath = smooth(raised([(x - 22, y), (x - 18, y + 11), (x + 18, y + 11), (x + 22, y), (x + 18, y - 11),
                                (x - 18, y - 11)], up), closed=True)  # fmt: skip
        shape(ax, sheath, SHEATH, "#a98a2f", 1.2, 2.8)
    body = [(740, 304), (750, 332), (780, 342), (808, 330), (820, 304), (806, 276), (778, 266), (752, 276)]
    shape(ax, smooth(raised(body, up), closed=True), NEXT, NEXT_EDGE, 1.4, 2.4)
    ax.add_patch(Circle((780, 304 + up), 17, facecolor="#7db56b", edgecolor=NEXT_EDGE, linewidth=1.1, zorder=2.6))
    tapered(ax, raised([(816, 304), (834, 303), (862, 302)], up), 8, NEXT, NEXT_EDGE, 2.1, end=0.9)


def paint_signal(ax, up):
    for start, end, bend in ARROWS:
        arrow = FancyArrowPatch(
            (start[0], start[1] + up), (end[0], end[1] + up), connectionstyle=f"arc3,rad={bend}",
            arrowstyle="-|>", mutation_scale=15, linewidth=2.2, color=SIGNAL, zorder=7,
        )  # fmt: skip
        ax.add_patch(arrow)
    ax.text(404, 252 + up, "the signal goes this way", fontsize=9, color=SIGNAL, ha="center", zorder=7)


def paint_synapse(ax):
    """The synapse in a round window, and lines that lead to its place."""
    centre, radius = (470, 128), 104
    window = Circle(centre, radius, facecolor=BETWEEN, edgecolor=INK, linewidth=1.3, zorder=4)
    ax.add_patch(window)
    spot = (638, 404)
    ax.add_patch(Circle(spot, 15, facecolor="none", edgecolor=INK, linewidth=1.1, zorder=6))
    for side in (-1, 1):
        direction = np.array([spot[0] - centre[0], spot[1] - centre[1]], float)
        across = side * np.array([-direction[1], direction[0]]) / np.hypot(*direction)
        ends = np.array([np.array(centre) + radius * across, np.array(spot) + 15 * across])
        ax.plot(*ends.T, color=INK, linewidth=0.8, zorder=3, linestyle=(0, (4, 3)))
    shape(ax, smooth(TERMINAL_OUTLINE, closed=True), BODY, EDGE, 1.5, 4.2, clip=window)
    dendrite = [(512, 240), (506, 196), (504, 156), (504, 100), (506, 60), (512, 16), (620, 16), (620, 240)]
    shape(ax, smooth(dendrite, closed=True), NEXT, NEXT_EDGE, 1.5, 4.2, clip=window)
    for x, y in ((404, 128), (424, 158), (436, 118), (422, 96), (452, 146), (396, 146), (450, 92), (404, 110)):
        ax.add_patch(Circle((x, y), 8, facecolor="#fdf3d8", edgecolor="#b07900", linewidth=1.1, zorder=4.4))
        for dx, dy in ((-2.6, 1.6), (2.6, 1.2), (0, -2.8)):
            ax.add_patch(Circle((x + dx, y + dy), 1.4, facecolor=VESICLE, edgecolor="none", zorder=4.5))
    for k, (x, y) in enumerate(TRANSMITTER):
        ax.add_patch(Circle((x, y), 2.0 + 0.2 * (k % 2), facecolor=VESICLE, edgecolor="none", zorder=4.6))
    for y in (160, 142, 124, 106, 88):
        for side in (-1, 1):
            receptor = Circle(
                (505, y + 3.6 * side), 3.4, facecolor=NEXT_EDGE, edgecolor=BETWEEN, linewidth=0.6, zorder=4.7
            )
            ax.add_patch(receptor)


def label_cells(ax, up):
    many = "collect signals\nfrom other neurons"
    label(ax, "Dendrites", many, (178, 226), (150, 222 + up), align="right")
    label(ax, "Cell body (soma)", "adds the signals up", (290, 436 + up), (226, 326 + up))
    label(ax, "Nucleus", "", (290, 240 + up), (214, 290 + up))
    label(ax, "Axon", "carries spikes away", (291, 378 + up), (286, 299 + up))
    label(ax, "Myelin", "insulates: spikes run faster", (436, 378 + up), (430, 312 + up))
    label(ax, "Synapse", "", (642, 424 + up), (632, 372 + up))
    label(ax, "The next neuron", "", (776, 176 + up), (774, 286 + up), align="right")
    label(ax, "Axon terminal", "the end of the first neuron", (350, 206), (424, 176), align="right")
    label(ax, "Vesicles", "bags of transmitter,\na messenger substance", (350, 140), (404, 128), align="right")
    label(ax, "Cleft", "a gap that only the transmitter crosses", (618, 206), (494, 170))
    label(ax, "Receptors", "bind the transmitter and let charge\ninto the next neuron", (618, 150), (506, 124))
