"""What a stored notebook holds: code, prose, printed text and still pictures; nothing that differs from run to run.

Live figures cannot be stored (they need a kernel, and JupyterLab strips scripts from a notebook it does not know), so
each leaves its picture. ``keep_pictures`` is JupyterLab's hook before saving. Called as a program, this module runs
notebooks and stores them: `python3 course.py refresh`.
"""

import copy
import functools
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"
LIVE = (WIDGET, "text/html", "application/javascript")  # kinds of output that a stored notebook does not hold
IGNORED = "nbval-ignore-output"  # tag of a cell whose output differs from run to run, such as a measured time


def keep_pictures(model, **_):
    """JupyterLab's hook: what is saved must be readable when it is opened again, so widgets leave their pictures.

    ``model`` is Jupyter's description of the file to be saved, changed in place. Never raises: a reader's work is
    saved whatever it looks like.
    """
    try:
        if model.get("type") == "notebook":
            without(model["content"], (WIDGET,))
            # JupyterLab adds this when it meets a kernel: saving what one has only looked at shall change nothing.
            model["content"].get("metadata", {}).get("language_info", {}).pop("version", None)
    except Exception as unexpected:
        print(f"The notebook was saved as it is, with its widgets: {unexpected!r}", file=sys.stderr)


def without(book, kinds):
    """Remove the outputs of these kinds, and the widgets' state, from a notebook (a dict), in place."""
    book.get("metadata", {}).pop("widgets", None)
    for cell in book.get("cells", []):
        for output in cell.get("outputs", []):
            for kind in kinds:
                output.get("data", {}).pop(kind, None)
                output.get("metadata", {}).pop(kind, None)


def tidy(book):
    """Bring a notebook (a dict) into the form in which it is stored, in place.

    Gone: live outputs, times, traces of the machine and of the patch version of Python. Kept: execution counts, text,
    pictures with their text alternatives, tags and folds. Ids of cells stay; cells without one get a lasting one.
    """
    without(book, LIVE)
    book["metadata"] = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {
            "codemirror_mode": {"name": "ipython", "version": 3},
            "file_extension": ".py",
            "mimetype": "text/x-python",
            "name": "python",
            "nbconvert_exporter": "python",
            "pygments_lexer": "ipython3",
        },
    } | {name: value for name, value in book["metadata"].items() if name in ("title", "authors")}
    book["nbformat"], book["nbformat_minor"] = 4, max(5, book.get("nbformat_minor", 0))
    for number, cell in enumerate(book["cells"]):
        for volatile in ("execution", "ExecuteTime", "trusted", "scrolled", "collapsed"):
            cell["metadata"].pop(volatile, None)
        cell.setdefault("id", hashlib.sha256(f"{number} {cell['source']}".encode()).hexdigest()[:8])
        for output in cell.get("outputs", []):
            if "traceback" in output:
                output["traceback"] = [without_places(line) for line in output["traceback"]]
    return book


def without_places(text):
    """A traceback's text without the folder of this checkout and without the number of the process."""
    for place in (str(ROOT), re.sub("^" + re.escape(str(Path.home())), "~", str(ROOT))):
        text = text.replace(place + os.sep, "")
    return re.sub(r"ipykernel_\d+", "ipykernel", text)


def blemishes(book):
    """What must be mended before a notebook is stored, as a list of sentences: a page of code would show it."""
    found = []
    for number, cell in enumerate(book["cells"]):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            text = "".join(data.get("text/plain", ""))
            if "data" in output and (not data or re.fullmatch(r"<IPython\.core\.display\.HTML object>", text)):
                found.append(f"cell {number} shows HTML alone; stored, it shows nothing: print, or use Markdown")
            if output["output_type"] == "stream" and output["name"] == "stderr":
                found.append(f"cell {number} writes to stderr: {''.join(output['text']).strip()[:200]}")
    return found


def execute(path):
    """Run a notebook from top to bottom in a kernel of its own.

    Returns the notebook with its outputs, as they came, and the seconds that each cell took, {number: seconds}.
    Raises ``nbclient.exceptions.CellExecutionError`` for a cell that fails without being expected to.
    """
    import nbformat
    from nbclient import NotebookClient

    # As under the tests, which compare stored outputs with new ones.
    os.environ |= {"PYTHONHASHSEED": "0", "PYTEST_CURRENT_TEST": os.environ.get("PYTEST_CURRENT_TEST", path.name)}
    book = nbformat.read(path, as_version=4)
    began, seconds = {}, {}

    def start(cell, cell_index):
        began[cell_index] = time.perf_counter()

    def end(cell, cell_index, execute_reply):
        seconds[cell_index] = time.perf_counter() - began[cell_index]

    client = NotebookClient(
        book,
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_execute=start,
        on_cell_executed=end,
    )
    try:
        client.execute(stderr=subprocess.DEVNULL)  # a kernel that is ended in the middle complains there at length
    except (AssertionError, RuntimeError):
        if client.km is None:  # Ctrl-C: nbclient has ended the kernel, and stumbles over that
            raise KeyboardInterrupt from None
        raise
    return book, seconds


def same_but_ignored(book, other):
    """True if two notebooks differ in nothing but the numbers and pictures of outputs that nobody compares.

    Their words are compared: where other words appear, it is the cell that has changed and not a measured time.
    """

    def words(output):
        texts = [output.get("text", ""), *output.get("data", {}).values()]
        text = " ".join("".join(text) for text in texts if isinstance(text, str | list))
        kinds = sorted(output.get("data", {}))
        return output["output_type"], kinds, [] if "image/png" in kinds else re.findall(r"[^\W\d_]+", text)

    def bare(book):
        book = copy.deepcopy(book)
        for cell in book["cells"]:
            if IGNORED in cell["metadata"].get("tags", []):
                cell["outputs"] = [words(output) for output in cell["outputs"]]
        return book

    return bare(book) == bare(other)


def check_writable(folder):
    """Raise ``OSError`` if nothing can be written in ``folder``: before a notebook has run for a minute, not after."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as trouble:
        raise OSError(trouble.errno, trouble.strerror, str(folder)) from None


def write(path, book):
    """Store a notebook as JupyterLab would, at once: there is never half a file."""
    import nbformat

    nbformat.validate(book)
    half = path.with_name(path.name + ".half")
    try:
        half.write_text(nbformat.writes(book) + "\n", encoding="utf-8", newline="\n")
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)  # it is still there if the disk is full or another program holds the notebook


def refresh(path, times=False):
    """Run one notebook and store it; say what it took. Returns True if it ran to its end and is fit to be stored.

    times : whether outputs that nobody compares, such as measured times, are stored anew too
    """
    import nbformat

    check_writable(path.parent)
    book, seconds = execute(path)
    book = nbformat.from_dict(tidy(book))
    stored = nbformat.read(path, as_version=4)
    faults = blemishes(book)
    if faults:
        verdict = "not stored"
    elif book == stored or (same_but_ignored(book, stored) and not times):
        book, verdict = tidy(stored), "unchanged"
    else:
        verdict = "stored"
    if not faults:
        write(path, book)
    slow = sorted(seconds.items(), key=lambda item: -item[1])[:3]
    print(f"{path.name}: {sum(seconds.values()):.1f} s, {verdict}")
    print("    slowest: " + ", ".join(f"cell {number} ({taken:.1f} s)" for number, taken in slow))
    for fault in faults:
        print("    " + fault)
    return not faults


def chosen(words, folder=FOLDER):
    """The notebooks that somebody means: paths, names, or the numbers in front; all of them for no words."""
    books = sorted(folder.glob("[0-9]*.ipynb"))
    if not words:
        return books
    paths = []
    for word in words:
        if word.startswith("-"):
            raise SystemExit(f"There is no option {word} here.")
        begin = word.zfill(2) + "_" if word.isdigit() else word
        fits = [Path(word)] if Path(word).is_file() else [book for book in books if book.name.startswith(begin)]
        if not fits:
            raise SystemExit(f"There is no notebook {word!r}; there are: {', '.join(book.name for book in books)}")
        paths += fits
    return [path.resolve() for path in paths]


def for_each(words, work):
    """Do ``work`` with each chosen notebook; a cell that fails is shown in words. Returns the exit code."""
    from nbclient.exceptions import CellExecutionError

    sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter must not hide what failed
    good = True
    for path in chosen(words):
        try:
            good = work(path) and good
        except CellExecutionError as error:
            print(f"{path.name}: a cell failed, so nothing was written.\n{error}")
            good = False
        except OSError as trouble:  # a folder that is read-only, a full disk, a file that another program holds
            print(f"{path.name}: nothing was written. {trouble.strerror}: {trouble.filename}")
            good = False
        except KeyboardInterrupt:
            print(f"{path.name}: stopped, and nothing was written.")
            return 130
    return 0 if good else 1


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--times"]
    sys.exit(for_each(words, functools.partial(refresh, times="--times" in sys.argv)))
