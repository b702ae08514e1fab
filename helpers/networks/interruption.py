"""Ctrl-C and the stop button, which must not come in the middle of what only makes sense as a whole."""

import signal
import threading


class Interrupted(KeyboardInterrupt):
    """A training was stopped by Ctrl-C or the stop button. The network keeps what it has learned.

    history : the History of the training so far
    """

    def __init__(self, history, planned):
        self.history = history
        super().__init__(
            f"training stopped after {len(history.loss)} of {planned} epochs. The network keeps what it has learned; "
            "the history of the training is the attribute `history` of this exception"
        )


class Interrupts:
    """`with interrupts:` Ctrl-C works as ever; but within `with interrupts.held:` it waits for the end of the block.

    Only the main thread hears of Ctrl-C; in others nothing changes.
    """

    def __init__(self):
        self.held, self._before = _Held(), None

    def __enter__(self):
        before = signal.getsignal(signal.SIGINT)
        if callable(before) and threading.current_thread() is threading.main_thread():
            self._before = self.held.answer = before
            signal.signal(signal.SIGINT, self._heard)
        return self

    def __exit__(self, *problem):
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _heard(self, *what):
        if self.held.now:
            self.held.waiting = what
        else:
            self._before(*what)


class _Held:
    now, waiting, answer = False, None, None

    def __enter__(self):
        self.now = True

    def __exit__(self, *problem):
        self.now = False
        if self.waiting is not None:
            waiting, self.waiting = self.waiting, None
            self.answer(*waiting)
