"""One thread for NumPy's matrix products.

At the sizes of this course a second thread gains little, and on a busy machine it costs much: each small product
then waits for the slower of the two.
"""

import ctypes
import functools
from pathlib import Path

import numpy as np


class one_thread:
    """`with one_thread():` NumPy's OpenBLAS uses one thread. Does nothing where NumPy has another library."""

    def __enter__(self):
        get, set_ = _openblas()
        self._before = get()
        set_(1)

    def __exit__(self, *problem):
        _openblas()[1](self._before)


@functools.cache
def _openblas():
    """The functions that read and set the number of threads of the OpenBLAS in NumPy's wheels."""
    package = Path(np.__file__).parent
    for folder in (package.parent / "numpy.libs", package / ".dylibs"):  # Linux and Windows; macOS
        for path in sorted(folder.glob("*openblas*")):
            try:
                library = ctypes.CDLL(str(path))  # NumPy has loaded it already: this only finds it
            except OSError:
                continue
            for name in ("scipy_openblas_{}_num_threads64_", "scipy_openblas_{}_num_threads"):
                get, set_ = (getattr(library, name.format(verb), None) for verb in ("get", "set"))
                if get and set_:
                    return get, set_
    return (lambda: 1), (lambda threads: None)
