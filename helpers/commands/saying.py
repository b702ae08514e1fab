"""How the commands speak: in sentences, at once, without a traceback."""


class Plain(Exception):
    """Something the reader can act on: printed as it stands, without a traceback."""


def say(text="", end="\n"):
    """Print at once, also into a pipe."""
    print(text, end=end, flush=True)


def alone(command, words):
    """Refuse words after a command that takes none: they were meant for something else."""
    if words:
        raise Plain(f"course.py {command} takes nothing more, and was given {' '.join(words)}.")
