"""What all networks share: parameters by name that are views of one flat vector, gradients, buffers."""

import numpy as np

from . import checks

DTYPES = ("float32", "float64", "complex128")


class Parameters(dict):
    """Arrays by name, all of them views of one flat vector. Assigning to a name copies the values into its array."""

    def __init__(self, theta, shapes):
        end = 0
        for name, shape in shapes.items():
            start, end = end, end + int(np.prod(shape))
            super().__setitem__(name, theta[start:end].reshape(shape))

    def __setitem__(self, name, value):
        if name not in self:
            raise KeyError(f"{name!r} is not a parameter; there are {', '.join(self)}")
        self[name][...] = checks.array(name, value, self[name].shape, self[name].dtype)

    def update(self, *values, **named):
        for name, value in dict(*values, **named).items():
            self[name] = value

    def __ior__(self, values):
        self.update(values)
        return self

    def _fixed(self, *_, **__):
        raise TypeError("the names of the parameters are fixed; assign to one: net.parameters['b_o'] = values")

    __delitem__ = pop = popitem = clear = setdefault = _fixed


class Network:
    """Base of all networks. A network has `forward` and `backward`; here is what does not depend on the formulas.

    Attributes
    ----------
    parameters : dict of name -> array, in a fixed order; views of `theta`
    theta : all parameters as one flat vector, the same memory
    dtype : numpy dtype of parameters, states and gradients
    """

    def __init__(self, arrays, dtype):
        self.dtype = np.dtype(dtype)
        self._shapes = {name: value.shape for name, value in arrays.items()}
        self._set_theta(np.concatenate([value.ravel() for value in arrays.values()]).astype(self.dtype))

    def _set_theta(self, theta):
        self._theta = theta
        self.parameters = Parameters(theta, self._shapes)

    @property
    def theta(self):
        return self._theta

    @theta.setter
    def theta(self, value):
        if value is not self._theta:  # so that `net.theta -= step` works and the views stay views
            self._theta[...] = checks.array("theta", value, self._theta.shape, self.dtype)

    def copy(self):
        """An independent network with the same values."""
        return self.astype(self.dtype)

    def astype(self, dtype):
        """An independent network with the same values in "float32", "float64" or (for the complex step) "complex128"."""
        name = checks.one_of("dtype", np.dtype(dtype).name, DTYPES)
        other = object.__new__(type(self))
        state = self.__getstate__()
        other.__setstate__({**state, "dtype": np.dtype(name), "_theta": self._theta.astype(name)})
        return other

    # The views must be made again when a network is pickled or copied by the copy module.
    def __getstate__(self):
        return {name: value for name, value in self.__dict__.items() if name != "parameters"}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._set_theta(self._theta)


class Gradients:
    """dJ/d(parameter), by name and as one flat vector `theta` in the order of the network's own.

    The arrays along time are kept for looking at:
    `h` (B, T+1, H) is the whole dJ/dh_t, `h[:, 0]` that of the initial state; `a` (B, T, H) is dJ/da_t;
    `x` (B, T, I) is dJ/dx_t, computed when it is first asked for.
    """

    def __init__(self, theta, shapes, dh, da, W_ih):
        self.theta = theta
        self._parameters = Parameters(theta, shapes)
        self._dh, self._da, self._W_ih, self._dx = dh, da, W_ih, None  # along time: (T, B, .)

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

    @property
    def h(self):
        return self._dh.swapaxes(0, 1)

    @property
    def a(self):
        return self._da.swapaxes(0, 1)

    @property
    def x(self):
        if self._dx is None:
            self._dx = np.dot(self._da, self._W_ih.T)  # dJ/dx_t = dJ/da_t W_ihᵀ
        return self._dx.swapaxes(0, 1)


class Workspace:
    """Arrays that are used again at each step of a training, because new memory costs more than the work done in it.

    A record or gradients made in a workspace are valid until the next pass that uses the same workspace.
    """

    def __init__(self):
        self._arrays = {}

    def __call__(self, name, shape, dtype):
        key = (name, shape)
        if key not in self._arrays:
            self._arrays[key] = np.empty(shape, dtype)
        return self._arrays[key]


def fresh(name, shape, dtype):
    """New memory, in place of a workspace."""
    return np.empty(shape, dtype)
