"""One thread for NumPy's matrix products, and all of them for the few that are large.

In the loop over time a second thread gains little, and on a busy machine it costs much: each small product then waits
for the slower of the two. The products over all steps of all sequences can be large; there, on a machine with nothing
else to do, two threads need half the time of one.
"""

import ctypes
import functools
from pathlib import Path

import numpy as np

LARGE = 2e8  # multiplications; some 5 ms in one thread, so that waiting for another thread is little beside them


class one_thread:
    """`with one_thread():` NumPy's OpenBLAS uses one thread. Does nothing where NumPy has another library."""

    threads = 1  # that NumPy had before the outermost of them began

    def __enter__(self):
        get, set_ = _openblas()
        self._before, self._outer = get(), one_thread.threads
        if self._before > 1:
            one_thread.threads = self._before
        set_(1)

    def __exit__(self, *problem):
        one_thread.threads = self._outer
        _openblas()[1](self._before)


def large_dot(a, b, out):
    """a.dot(b, out=out) for (n, k) and (k, m): inside `one_thread`, with all threads where it is large."""
    if a.size * b.shape[1] < LARGE or one_thread.threads == 1:
        return a.dot(b, out=out)
    set_ = _openblas()[1]
    set_(one_thread.threads)
    try:
        return a.dot(b, out=out)
    finally:
        set_(1)


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
