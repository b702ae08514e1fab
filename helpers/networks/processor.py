"""How numbers are computed on the processor: threads, memory, numbers near zero. No formula of the notebooks is here.

Threads. In the loop over time a second thread gains little, and on a busy machine it costs much: each small product
then waits for the slower of the two. The products over all steps of all sequences can be large; there, on a machine
with nothing else to do, two threads need half the time of one.

Memory. New memory comes from the system page by page as it is first written to, which for a large array can take as
long as the work on it. So the memory of arrays that nobody holds any more is used again.

Numbers near zero. Below the smallest normal number (1.2e-38 in float32) a computer goes on with denormal numbers, with
which most processors are many times slower. A gradient that vanishes over many time steps gets there, and so does an
optimiser's mean of gradients that have become zero. Both are far too small by then to change any sum they enter.
"""

import ctypes
import functools
import math
import threading
from pathlib import Path

import numpy as np

# ---- threads -----------------------------------------------------------------------------------------------------

LARGE = 1.2e8  # multiplications; some 3 ms in one thread, so that waiting for another thread is little beside them


class one_thread:
    """`with one_thread():` NumPy's OpenBLAS uses one thread. Does nothing where NumPy has another library.

    OpenBLAS has one number of threads for the whole process. The first who comes in sets it, and the last who leaves
    restores it, whichever of Python's threads they are in.
    """

    before = None  # the number when the first came in; None while nobody is inside
    _inside = {}  # who is inside -> in which of Python's threads
    _lock = threading.RLock()

    def __enter__(self):
        try:
            with self._lock:
                if not self._inside:
                    get, set_ = _openblas()
                    one_thread.before = get()
                    set_(1)
                self._inside[id(self)] = threading.get_ident()
        except BaseException:  # an interrupt can come at any moment
            self._leave()
            raise

    def __exit__(self, *problem):
        try:
            self._leave()
        except BaseException:  # an interrupt while leaving
            self._leave()
            raise

    def __del__(self):
        if id(self) in self._inside:  # an interrupt before __exit__ had begun
            self._leave()

    def _leave(self):
        """What was begun is ended; a second time this does no harm."""
        with self._lock:
            self._inside.pop(id(self), None)
            if not self._inside and self.before is not None:
                _openblas()[1](self.before)
                one_thread.before = None


def large_dot(a, b, out):
    """a.dot(b, out=out) for (n, k) and (k, m): inside `one_thread`, with all threads where it is large.

    Not while others of Python's threads compute: their small products would get several threads, too.
    """
    if a.size * b.shape[1] < LARGE or one_thread.before in (None, 1):
        return a.dot(b, out=out)
    with one_thread._lock:  # nobody comes in meanwhile
        if len(set(one_thread._inside.values())) != 1:
            return a.dot(b, out=out)
        set_ = _openblas()[1]
        try:
            set_(one_thread.before)
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


# ---- memory ------------------------------------------------------------------------------------------------------

SMALL = 2**16  # bytes; smaller arrays cost nothing anyway
KEPT = 2**26  # bytes of memory for later, at most
_shelf = {}  # size in bytes -> blocks of this size that nobody uses


def empty(shape, dtype):
    """An array with any content, as `np.empty` has it. When its last view is gone, its memory is used again."""
    dtype = np.dtype(dtype)
    size = math.prod(shape) * dtype.itemsize
    if size < SMALL:
        return np.empty(shape, dtype)
    try:
        block = _shelf[size].pop()
    except (KeyError, IndexError):
        block = np.empty(size, np.uint8)
    return np.asarray(_Loan(block)).view(dtype).reshape(shape)


class _Loan:
    """What the views of a block have in common: the block goes back when the last of them lets go of this."""

    def __init__(self, block):
        self.block, self.__array_interface__ = block, block.__array_interface__

    def __del__(self):
        size = self.block.size
        if size + sum(each * len(blocks) for each, blocks in list(_shelf.items())) > KEPT:
            _shelf.clear()  # sizes of other times, most likely
        if size <= KEPT:
            _shelf.setdefault(size, []).append(self.block)


# ---- numbers near zero, and others that NumPy may complain about -------------------------------------------------

# 10¹⁰ times the smallest normal number, so that a few more products stay above it: 1.2e-28 and 2.2e-298
REAL = {"float32": "float32", "float64": "float64", "complex128": "float64"}
FLOOR = {np.dtype(name): np.array(1e10 * float(np.finfo(real).tiny), real) for name, real in REAL.items()}
ZERO = np.zeros(())


def floor(array):
    """Make exactly zero, in place, what is nearer to zero than the floor of its dtype."""
    array[np.abs(array) < FLOOR[array.dtype]] = ZERO


# Before a function: what the reader has told NumPy to do (np.seterr) does not reach into it. A sigmoid may underflow,
# and what is not finite is said in words.
quietly = np.errstate(all="ignore")
