"""Arrays that belong together: parameters by name, records of a pass forward, gradients of one back, arrays to work in.

They are (B, T, ·) at the border and (T, B, ·) inside, so that the numbers of one step lie together in memory.
"""

import functools
import math

import numpy as np

from . import checks
from .processor import empty


class Parameters(dict):
    """Arrays by name, all views of one flat vector. Assigning to a name copies the values into its array."""

    def __init__(self, theta, shapes):
        end = 0
        for name, shape in shapes.items():
            start, end = end, end + math.prod(shape)
            super().__setitem__(name, theta[start:end].reshape(shape))

    def __setitem__(self, name, value):
        self[name][...] = self._fitting(name, value)

    def _fitting(self, name, value):
        if name not in self:
            raise KeyError(f"{name!r} is not a parameter; there are {', '.join(self)}")
        return checks.array(name, value, self[name].shape, self[name].dtype)

    def __reduce_ex__(self, protocol):
        """A copy, or what is pickled, is a plain dict with arrays of its own: the network is not copied with it."""
        return dict, ({name: value.copy() for name, value in self.items()},)

    def copy(self):
        return {name: value.copy() for name, value in self.items()}

    def update(self, *values, **named):
        new = {name: self._fitting(name, value) for name, value in dict(*values, **named).items()}
        for name, value in new.items():
            self[name][...] = value

    def __ior__(self, values):
        self.update(values)
        return self

    def _fixed(self, *_, **__):
        raise TypeError("the names of the parameters are fixed; assign to one: net.parameters['b_o'] = values")

    __delitem__ = pop = popitem = clear = setdefault = _fixed


class Record:
    """Everything a forward pass computed.

    x (B, T, I), pre-activations a (B, T, H), states h (B, T+1, H) with the initial state at h[:, 0], the last
    state h_last (B, H), outputs y (B, T, O), and the mask (B, T) or None.
    """

    def __init__(self, x, a, h, y, mask):
        self.along_time = x, a, h, y, mask  # as computed: (T, B, ·)

    x = property(lambda self: self.along_time[0].swapaxes(0, 1))
    a = property(lambda self: self.along_time[1].swapaxes(0, 1))
    h = property(lambda self: self.along_time[2].swapaxes(0, 1))
    h_0 = property(lambda self: self.along_time[2][0])
    h_last = property(lambda self: self.along_time[2][-1])
    state_0 = property(lambda self: self.h_0)  # all that a network carries from step to step: an LSTM has more
    state_last = property(lambda self: self.h_last)
    states = property(lambda self: self.h[:, 1:])  # those that follow an input: what a recorder keeps
    above_zero = property(lambda self: self.along_time[1] > 0)  # on which side of a kink each unit is
    y = property(lambda self: self.along_time[3].swapaxes(0, 1))
    mask = property(lambda self: None if self.along_time[4] is None else self.along_time[4].swapaxes(0, 1))

    def __repr__(self):
        shapes = ", ".join(f"{name} {getattr(self, name).shape}" for name in ("x", "a", "h", "h_last", "y"))
        return f"Record: {shapes}"


class Gradients:
    """dJ/d(parameter), by name and as one flat vector `theta` in the order of the network's own.

    Along time, for looking at: h (B, T+1, H) is the whole dJ/dh_t, with that of the initial state at h[:, 0];
    a (B, T, H) is dJ/da_t; x (B, T, I) is dJ/dx_t. Of a recurrent network state_0 is dJ/d(initial state): (B, H), of an
    LSTM the pair. da (T, B, ·) is dJ/da_t time first, for the layer below.
    """

    def __init__(self, theta, shapes):
        self.theta, self._shapes = theta, shapes
        self._parameters = Parameters(theta, shapes)

    # The views must be made again when gradients are pickled or copied by the copy module.
    def __getstate__(self):
        return {name: value for name, value in self.__dict__.items() if name != "_parameters"}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._parameters = Parameters(self.theta, self._shapes)

    def keep(self, dh, da, dx):
        """Keep the gradients along time, (T, B, ·)."""
        self.h, self.a, self.x = (along_time.swapaxes(0, 1) for along_time in (dh, da, dx))

    def __getitem__(self, name):
        return self._parameters[name]

    def __iter__(self):
        return iter(self._parameters)

    def __len__(self):
        return len(self._parameters)

    def keys(self):
        return self._parameters.keys()

    def items(self):
        return self._parameters.items()

    def __repr__(self):
        lengths = ", ".join(f"‖{name}‖ = {np.linalg.norm(value):.3g}" for name, value in self.items())
        return f"Gradients: {lengths}"


class Workspace:
    """Arrays that are used again at each step of a training: new memory would cost more than the work in it.

    What was made in a workspace is valid until the next pass that uses the same workspace.
    """

    def __init__(self):
        self._arrays = {}

    def array(self, name, shape, dtype):
        """An array of this shape with any content, the same one each time."""
        key = name, shape
        if key not in self._arrays:
            self._arrays[key] = empty(shape, dtype)
        return self._arrays[key]

    def once(self, make, *arguments):
        """What `make(*arguments)` returned when it was called with these for the first time."""
        key = make.__name__, arguments
        if key not in self._arrays:
            self._arrays[key] = make(*arguments)
        return self._arrays[key]

    def part(self, name):
        """A workspace within this one, the same one each time, for a network inside another."""
        return self._arrays.setdefault(name, Workspace())

    def gradients(self, net):
        """Gradients for the parameters of `net` with any content, the same ones each time."""
        if "gradients" not in self._arrays:
            self._arrays["gradients"] = Gradients(np.empty_like(net.theta), net._shapes)
        return self._arrays["gradients"]


class Steps:
    """Arrays (T, B, n) that are gone through together. The views of a step, (B, n) each, are made only once.

    In a small network making a view costs as much as adding two of them. An array that is given twice has the same
    views in both places: NumPy then sees at once that a result may overwrite its argument.
    """

    def __init__(self, *arrays):
        self._arrays, self._views = arrays, None

    def __call__(self, padded=None):
        """Step by step the views, and at the end padded_t, or None if there is no mask."""
        if self._views is None or padded is not None:
            views = {id(array): list(array) for array in self._arrays}
            each = (views[id(array)] for array in self._arrays)
            last = [None] * len(self._arrays[0]) if padded is None else padded
            steps = list(zip(*each, last, strict=True))
            if padded is not None:
                return steps
            self._views = steps
        return self._views


@functools.lru_cache(maxsize=64)
def constant(value, dtype):
    """A number as an array. NumPy would make one of it at each call, which costs as much as the work on few numbers."""
    array = np.array(value, dtype)
    array.flags.writeable = False
    return array


def time_first(array, copy=False):
    """(B, T, ...) -> (T, B, ...), contiguous; copied only if it must be, or if `copy` is True."""
    swapped = array.swapaxes(0, 1)
    if not copy and swapped.flags.c_contiguous:
        return swapped
    result = empty(swapped.shape, array.dtype)
    result[...] = swapped
    return result


def as_sequences(array, copy=False):
    """(B, T, n) -> (T, B, n); samples without time steps are sequences of one: (B, n) -> (1, B, n)."""
    return time_first(array if array.ndim == 3 else array[:, None], copy)


def for_each(B, bias):
    """(n,) -> (B, n), to add a bias to (T, B, n): NumPy adds few long rows faster than many short ones."""
    return bias if B == 1 or len(bias) == 1 else bias[None].repeat(B, axis=0)


def rows(array):
    """(T, B, n) -> (TB, n), a view: all steps of all sequences, one below the other."""
    return array.reshape(-1, array.shape[-1])
