"""Networks in files: `save` and `load`, in NumPy's own format .npz, without pickle: reading a file runs no code of it.

A file holds an array `network/<name>` for each parameter, with an optimiser also `optimiser/<name>`, and `about`, which
says in JSON what they are: the class of the network with its settings (the arguments that its class was called with,
but for seed and initialisers, which the parameters replace), and the class of the optimiser with its own.
"""

import inspect
import json
import os
from pathlib import Path

import numpy as np

from . import checks, optimisers
from .network import Network
from .training import trainable

FORMAT = 1
OURS = "a network of helpers.networks"
OPTIMISERS = {kind.__name__: kind for kind in (optimisers.SGD, optimisers.Adam)}


def save(path, net, optimiser=None):
    """Write a network to a file, and with it the optimiser that has trained it.

    path : of a file whose name ends in .npz, in a folder that exists. A file of this name is replaced, in one go: it is
        never half written, and the old one stays if anything fails.
    net : any network in float32 or float64
    optimiser : None, or SGD or Adam with what it remembers. `load` gives both back, and a training goes on to the last
        bit as it would have without the file. (The order of the sequences comes from `seed` at each `train` anew.)

    Raises ValueError that names the argument, also for an optimiser that remembers another network, and OSError if the
    file cannot be written.
    """
    path = _checked_path(path)
    trainable("net", net)
    about = {"what": OURS, "format": FORMAT, "network": _described(net)}
    checks.array("net.theta", net.theta, ("n",), net.dtype)  # finite numbers
    arrays = {f"network/{name}": value for name, value in net.parameters.items()}
    if optimiser is not None:
        expected = f"one of {', '.join(OPTIMISERS)}"
        checks.instance("optimiser", optimiser, tuple(OPTIMISERS.values()), expected)
        memory = optimiser.memory()
        if memory and not optimiser.knows(net.theta):
            raise checks.bad("optimiser", "the one that has trained this network", "one that remembers another")
        about["optimiser"] = _described(optimiser)
        arrays |= {f"optimiser/{name}": np.asarray(value) for name, value in memory.items()}
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as file:
            np.savez(file, about=np.array(json.dumps(about)), **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def load(path, with_optimiser=False):
    """The network in a file that `save` has written; with `with_optimiser` the pair (network, optimiser).

    Raises ValueError that says what is wrong with the file: damaged, of another program, of a later version of this
    one, without an optimiser where one is wanted; FileNotFoundError if there is none.
    """
    path = _checked_path(path)
    checks.truth("with_optimiser", with_optimiser)
    about, arrays = _read(path)
    if about.get("format") != FORMAT:
        given = f"format {str(about.get('format'))[:60]}: a later version of the course has written it"
        raise _wrong(path, f"a file of format {FORMAT}", given)
    if with_optimiser and "optimiser" not in about:
        raise _wrong(path, "a file with an optimiser", "one that was saved without")
    try:
        net = _made(about["network"], _kinds())
        for name, value in net.parameters.items():
            net.parameters[name] = _taken(arrays, f"network/{name}", value.shape, net.dtype)
        if not with_optimiser:
            return net
        optimiser = _made(about["optimiser"], OPTIMISERS)
        if "optimiser/n" in arrays:
            memory = {name: arrays[f"optimiser/{name}"] for name in optimiser.remembers}
            optimiser.remember(net.theta, memory | {"n": arrays["optimiser/n"].item()})
    except (ValueError, TypeError, KeyError, AttributeError, MemoryError, OverflowError) as problem:
        raise _wrong(path, "a network as `save` describes it", str(problem)[:200]) from problem
    return net, optimiser


# ---- a network or an optimiser as JSON, and back ------------------------------------------------------------------


def _described(thing):
    """{"class": its name} and all arguments of its class that it keeps as attributes."""
    settings = {}
    for name, parameter in inspect.signature(type(thing)).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            settings |= getattr(thing, name)
        elif hasattr(thing, name):
            settings[name] = getattr(thing, name)
        elif parameter.default is parameter.empty:  # of a class that we do not know
            raise checks.bad("net", f"a class that keeps its argument {name} as an attribute", checks.describe(thing))
    return {"class": type(thing).__name__} | {name: _plain(value) for name, value in settings.items()}


def _plain(value):
    if isinstance(value, type):
        return {"class": value.__name__}
    return value.name if isinstance(value, np.dtype) else value


def _made(description, kinds):
    """What was described: a class of `kinds`, called with its settings."""
    settings = dict(description)
    name = settings.pop("class")
    if name not in kinds:
        raise ValueError(f"there is no class {str(name)[:60]!r} here")
    for argument, value in settings.items():
        if isinstance(value, dict):  # a class as argument
            settings[argument] = kinds[value["class"]]
    return kinds[name](**settings)


def _kinds(base=Network):
    """All classes of networks by name, those of the reader's own included."""
    found = {}
    for kind in base.__subclasses__():
        found |= {kind.__name__: kind} | _kinds(kind)
    return found


# ---- the file -----------------------------------------------------------------------------------------------------


def _checked_path(path):
    if not isinstance(path, str | os.PathLike) or Path(path).suffix != ".npz":
        raise checks.bad("path", "the name of a file that ends in .npz", checks.describe(path))
    path = Path(path)
    if not path.parent.is_dir():
        raise checks.bad("path", "a file in a folder that exists", checks.describe(str(path)))
    return path


def _read(path):
    """What `about` says, and all other arrays by name."""
    with open(path, "rb") as file:
        if file.read(4) != b"PK\x03\x04":
            raise _wrong(path, "a file that `save` has written", "another kind of file, or a damaged one")
        file.seek(0)
        try:
            with np.load(file, allow_pickle=False) as stored:
                about = json.loads(str(stored["about"])) if "about" in stored.files else None
                ours = isinstance(about, dict) and about.get("what") == OURS and "network" in about
                arrays = {name: stored[name] for name in stored.files} if ours else {}
        except Exception as problem:  # zipfile, zlib and NumPy's reader fail in a dozen ways where bytes are missing
            raise _wrong(path, "a whole file that `save` has written", f"a damaged one ({problem})") from problem
    if not ours:
        raise _wrong(path, "a file that `save` has written", "an .npz file with other content")
    return about, arrays


def _taken(arrays, name, shape, dtype):
    value = checks.array(name, arrays[name], shape, dtype)
    if arrays[name].dtype != dtype:
        raise checks.bad(name, f"numbers in {dtype}", f"{arrays[name].dtype}")
    return value


def _wrong(path, expected, given):
    return ValueError(f"{path.name}: expected {expected}, given {given}")
