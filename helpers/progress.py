"""A line that shows how far some long work has come.

In a notebook it is one output that is updated in place, and that holds at the end what it held at the start: no numbers
that differ from run to run, so stored outputs stay equal. In a terminal it is one line on stderr. Elsewhere: nothing.
"""

import html
import sys
import time

BETWEEN = 0.1  # seconds between two updates: often enough for the eye, too rare to cost anything


class Progress:
    """Progress through `total` units, such as "epoch", of `what`, such as "of training". Call `at`, then `close`."""

    def __init__(self, total, unit="step", what="", show=True):
        self.total, self.unit = total, unit
        self.title = f"{total} {unit}{'' if total == 1 else 's'} {what}".rstrip()
        self.begin = time.perf_counter()
        self._next = self.begin + BETWEEN
        self._show = _display() if show else None
        if self._show:
            self._show.open(self.title)

    def at(self, done, loss=None):
        """`done` of `total` units are done; shown only if the last update was long enough ago."""
        if self._show is None:
            return
        now = time.perf_counter()
        if now < self._next:
            return
        self._next = now + BETWEEN
        left = (now - self.begin) * (self.total - done) / done if done else 0.0
        words = f"{self.unit} {min(int(done) + 1, self.total)} of {self.total}"
        if loss is not None:
            words += f", loss {loss:.4g}"
        self._show.update(done / self.total, f"{words}, {_time(left)} left")

    def close(self, stopped=None):
        """The work has ended; `stopped` says why, if it ended early."""
        if self._show:
            self._show.close(self.title, stopped)
            self._show = None


class _Notebook:
    def __init__(self, display):
        self._display = display

    def open(self, title):
        self._handle = self._display({"text/plain": title}, raw=True, display_id=True)
        self._changed = False

    def update(self, share, words):
        bar = f'<progress value="{share:.4f}" max="1" aria-label="progress"></progress> {html.escape(words)}'
        self._handle.update({"text/plain": words, "text/html": bar}, raw=True)
        self._changed = True

    def close(self, title, stopped):
        if self._changed:
            self._handle.update({"text/plain": title}, raw=True)
        if stopped:
            self._display({"text/plain": stopped}, raw=True)


class _Terminal:
    def open(self, title):
        self._write(title)

    def update(self, share, words):
        filled = round(20 * share)
        self._write(f"[{'#' * filled}{'.' * (20 - filled)}] {words}")

    def close(self, title, stopped):
        self._write(f"{title}{': ' + stopped if stopped else ''}\n")

    def _write(self, words):
        sys.stderr.write("\r\x1b[K" + words)
        sys.stderr.flush()


def _display():
    """The display that fits where we are, or None."""
    ipython = sys.modules.get("IPython")  # never imported for this: where it is not loaded, this is not a notebook
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and getattr(shell, "kernel", None) is not None:
        from IPython.display import display

        return _Notebook(display)
    return _Terminal() if sys.stderr is not None and sys.stderr.isatty() else None


def _time(seconds):
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
