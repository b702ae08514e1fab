"""To break things on purpose: a function with one piece of its source exchanged, and what a check says of it."""

import inspect
import textwrap

from helpers.exercises.checking import Wrong


def plant(function, right, wrong):
    """A copy of `function` in whose source the text `right` is replaced by `wrong`. The original stays as it is.

    Raises Wrong if the source has no such text: then there is nothing to plant the bug in.
    """
    source = textwrap.dedent(inspect.getsource(function))
    if right not in source:
        raise Wrong(f"right: expected a piece of the source of {function.__name__}, got {right!r}")
    space = dict(function.__globals__)
    exec(compile(source.replace(right, wrong), f"<{function.__name__} with a bug>", "exec"), space)
    return space[function.__name__]


def first_complaint(check, *arguments, **options):
    """What `check` says when it fails, as a text; "" if it passes. Only failed assertions count as a complaint."""
    try:
        check(*arguments, **options)
    except AssertionError as complaint:
        return str(complaint)
    return ""
