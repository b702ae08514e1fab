"""The arrays behind a picture: stacks of frames, their limits and ticks, and their journey to the browser."""

from dataclasses import dataclass, field

import numpy as np

from helpers.live.description import Bars, Handle, HeatMap, Lines, Nodes, Notes
from helpers.live.numbers import power_text, tick_text

NOT_A_NUMBER = -32768  # the one int16 value that stands for NaN
STEPS = 32767
LARGEST = 2**31 - 1  # of the whole numbers that travel exactly
SMALLEST = 1e-300  # a span below this is none: numbers down there have few digits left, and dividing by it overflows


@dataclass
class FigureData:
    """Named arrays, texts and one-sentence summaries of a picture.

    arrays: name -> array. axes: name -> tuple of frame controls whose positions its leading axes are, in
    order; an array that is not named there is the same in every frame. texts: name -> list of str, or a
    list of such lists with `axes` as for an array. summary: str, or a (nested) list of str along
    `axes["summary"]`. reach: frame control -> how many of its positions there are in these data; the slider ends there.
    """

    arrays: dict
    summary: object
    axes: dict = field(default_factory=dict)
    texts: dict = field(default_factory=dict)
    reach: dict = field(default_factory=dict)

    def check(self, picture, counts):
        """Raise ValueError if an array or text of `picture` is missing or does not fit `counts` (control -> frames)."""
        self.arrays = {name: np.asarray(array) for name, array in self.arrays.items()}
        missing = sorted(picture.arrays() - set(self.arrays)) + sorted(picture.texts() - set(self.texts))
        if missing:
            raise ValueError(f"data: expected arrays and texts named in the picture, missing {missing}")
        for name, axes in self.axes.items():
            unknown = [axis for axis in axes if axis not in counts]
            if unknown:
                raise ValueError(f"axes[{name!r}]: expected frame controls {sorted(counts)}, got {unknown}")
            expected = tuple(counts[axis] for axis in axes)
            if name in self.arrays and self.arrays[name].shape[: len(axes)] != expected:
                raise ValueError(
                    f"arrays[{name!r}]: expected leading axes {expected} for {axes}, "
                    f"got shape {self.arrays[name].shape}"
                )
            if (
                name not in self.arrays
                and nested_shape(self.summary if name == "summary" else self.texts[name], len(axes)) != expected
            ):
                raise ValueError(f"{name}: expected one entry for each of {expected} frames along {axes}")
        for name, array in self.arrays.items():
            if array.dtype.kind not in "fiub":
                raise ValueError(f"arrays[{name!r}]: expected real numbers, got dtype {array.dtype}")

    def _pick(self, name, stack, positions):
        for axis in self.axes.get(name, ()):
            stack = stack[positions[axis]]
        return stack

    def frame(self, name, positions):
        """The array `name` at the given `positions` (frame control -> index)."""
        return self._pick(name, self.arrays[name], positions)

    def text(self, name, positions):
        """The list of texts `name` at the given positions."""
        return self._pick(name, self.texts[name], positions)

    def summary_at(self, positions):
        """The sentence that belongs to the given positions."""
        return self._pick("summary", self.summary, positions)

    def to_bytes(self, picture):
        """(header, blob): a JSON-ready header and one block of bytes that holds every array.

        Real numbers travel as int16 over the array's own range: the error is below 1/65,000 of the range,
        less than a pixel or a colour step. Whole numbers are exact up to 2³¹ (int32), those of log axes float32. NaN
        stays NaN.
        """
        header, parts, at, precise = {}, [], 0, picture.log_arrays()
        for name, array in self.arrays.items():
            entry, coded = encode(array, name in precise)
            axes = self.axes.get(name, ())
            header[name] = dict(entry, shape=list(array.shape[len(axes) :]), axes=list(axes), at=at)
            header[name]["frames"] = list(array.shape[: len(axes)])
            block = coded.tobytes() + b"\0" * (-coded.nbytes % 4)
            parts.append(block)
            at += len(block)
        texts = {name: {"axes": list(self.axes.get(name, ())), "values": value} for name, value in self.texts.items()}
        summary = {"axes": list(self.axes.get("summary", ())), "values": self.summary}
        layout = [panel_axes(panel, self) for panel in picture.panels]
        sizes = {"layout": layout, "reach": self.reach}
        return {"arrays": header, "texts": texts, "summary": summary, **sizes}, b"".join(parts)


def nested_shape(value, depth):
    shape = []
    for _ in range(depth):
        if isinstance(value, str):
            break
        shape.append(len(value))
        value = value[0]
    return tuple(shape)


def encode(array, precise=False):
    """(entry, coded) for one array: whole numbers as int32, real numbers as int16 steps over their range.

    `precise`: as float32, for a log axis, where small numbers count as much as large ones.
    """
    if precise:
        with np.errstate(over="ignore", under="ignore"):
            return {"type": "float32"}, np.ascontiguousarray(array, dtype="<f4")
    if array.dtype.kind in "iub" and (not array.size or -LARGEST <= int(array.min()) <= int(array.max()) <= LARGEST):
        return {"type": "int32"}, np.ascontiguousarray(array, dtype="<i4")
    array = array.astype(float)  # half and single precision have no room for the steps of their smallest numbers
    finite = array[np.isfinite(array)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    half = high / 2 - low / 2  # halves first: the whole span may be beyond the numbers
    middle = low + half
    scale = half / STEPS or half or high - low or 1.0  # the smallest numbers of all cannot be divided
    known = np.isfinite(array)
    steps = np.rint((np.where(known, array, middle) - middle) / scale)
    steps = np.where(known, np.clip(steps, -STEPS, STEPS), NOT_A_NUMBER)
    return {"type": "int16", "scale": scale, "offset": middle}, np.ascontiguousarray(steps, dtype="<i2")


def decode(entry, coded):
    """What the browser sees of a coded array (the inverse of `encode`, to half a step)."""
    if entry["type"] == "int32":
        return coded.astype(np.int64)
    if entry["type"] == "float32":
        return coded.astype(float)
    return np.where(coded == NOT_A_NUMBER, np.nan, coded * entry["scale"] + entry["offset"])


def nice_ticks(low, high, wanted=5, integer=False):
    """At most `wanted` + 1 round numbers (1, 2 or 5 times a power of ten) from low to high."""
    span = high - low
    if not np.isfinite(span) or span <= SMALLEST:
        return [float(low)]
    step = 10.0 ** np.floor(np.log10(span / wanted))
    step *= next(m for m in (1, 2, 5, 10) if span / (step * m) < wanted + 1 - 1e-6)  # else rounding adds a tick
    if integer:
        step = max(1.0, np.ceil(step))
    first = np.ceil(low / step - 1e-9)
    digits = max(0, 2 - int(np.floor(np.log10(step))))
    ticks = (round(float(k * step), digits) + 0.0 for k in np.arange(first, np.floor(high / step + 1e-9) + 1))
    return list(dict.fromkeys(ticks))  # numbers that differ in their last digits alone may round to one


def decades(low, high, wanted=6):
    """(ticks, minor ticks) of a log axis: powers of ten, at most about `wanted`, and what stands between them."""
    first, last = int(np.ceil(np.log10(low) - 1e-9)), int(np.floor(np.log10(high) + 1e-9))
    if last <= first:  # not two powers of ten: round numbers between them
        return nice_ticks(low, high, 4), []
    every = max(1, -(-(last - first) // wanted))
    ticks = [float(f"1e{k}") for k in range(first, last + 1) if (k - last) % every == 0]
    between = (m * 10.0**k for k in range(first - 1, last + 1) for m in (range(2, 10) if every == 1 else (10,)))
    return ticks, [m for m in map(float, between) if low <= m <= high and m not in ticks]


def _reach(mark, data, axis, log=False):
    """(low, high) that `mark` covers along `axis` ("x" or "y") over all frames, or None; on a log axis above zero."""
    if isinstance(mark, HeatMap):
        if mark.extent:
            return mark.extent[:2] if axis == "x" else mark.extent[2:]
        count = data.arrays[mark.values].shape[-1 if axis == "x" else -2]
        first = mark.first[0 if axis == "x" else 1]
        return first - 0.5, first + count - 0.5
    name = getattr(mark, "height" if isinstance(mark, Bars) and axis == "y" else axis, None)
    if name is None or isinstance(mark, (Notes, Handle)):
        return None
    values = data.arrays[name]
    values = values[np.isfinite(values) & ((values > 0) | (not log))]
    if not values.size:
        return None
    low, high = float(values.min()), float(values.max())
    if isinstance(mark, Bars):
        return (low - mark.width, high + mark.width) if axis == "x" else (min(0.0, low), max(0.0, high))
    return low, high


def axis_limits(panel, data, axis):
    """The limits of one axis: as described, or from the data of all frames with 4 % of air."""
    described = getattr(panel, axis)
    if described.limits:
        return tuple(map(float, described.limits))
    reaches = [reach for mark in panel.marks if (reach := _reach(mark, data, axis, described.log))]
    if not reaches:
        return (0.1, 1.0) if described.log else (0.0, 1.0)
    low, high = min(r[0] for r in reaches), max(r[1] for r in reaches)
    if described.log:
        return (low / 1.25, high * 1.25) if axis == "y" or low == high else (low, high)
    tight = any(isinstance(m, HeatMap) for m in panel.marks) or (
        axis == "x"
        and not any(isinstance(m, (Nodes,)) for m in panel.marks)
        and any(isinstance(m, (Lines, Bars)) for m in panel.marks)
    )
    if not high - low > SMALLEST:  # all the same
        room = max(1.0, 1e-9 * abs(low))
        return (low, low + room) if tight else (low - 0.04 * room, high + 0.04 * room)
    air = 0.0 if tight else 0.04 * (high - low)
    return tuple(float(np.clip(end, -1e308, 1e308)) for end in (low - air, high + air))


def panel_axes(panel, data):
    """Limits, ticks and direction of both axes of a panel: the one source for both painters.

    A matrix is shown as it is written: row 0 on top.
    """
    result = {"down": any(isinstance(m, HeatMap) and not m.extent for m in panel.marks)}
    for axis in ("x", "y"):
        described = getattr(panel, axis)
        low, high = axis_limits(panel, data, axis)
        minor = []
        if panel.bare:
            ticks = []
        elif described.ticks is not None:
            ticks = [list(t) if isinstance(t, (tuple, list)) else [float(t), tick_text(t)] for t in described.ticks]
        elif described.log:
            ticks, minor = decades(low, high)
            ticks = [[v, power_text(v)] for v in ticks]
        else:
            ticks = [[v, tick_text(v)] for v in nice_ticks(low, high, 6 if axis == "x" else 5, described.integer)]
        result[axis] = {"limits": [low, high], "ticks": ticks, "minor": minor}
    return result
