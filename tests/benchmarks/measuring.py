"""Measuring beside each other: everything that is compared runs in turns, so that other work falls on all sides."""

import os
import platform
import statistics
import time
from pathlib import Path


def in_turns(functions, rounds, clock=time.perf_counter):
    """Seconds that each of the functions {name: function} takes: a list of `rounds` numbers for each name.

    They take turns; one round before the first only warms up. `clock` may be time.thread_time, which does not count
    the time that other programs take, for functions that run on one thread.
    """
    seconds = {name: [] for name in functions}
    for round_number in range(rounds + 1):
        for name, function in functions.items():
            begin = clock()
            function()
            if round_number:
                seconds[name].append(clock() - begin)
    return seconds


def ratio(seconds, over, under):
    """The median over the rounds of seconds[over] ÷ seconds[under]."""
    return statistics.median(a / b for a, b in zip(seconds[over], seconds[under], strict=True))


def best_ratio(seconds, over, under):
    """The fastest round of `over` ÷ the fastest of `under`: other work on the machine can only make rounds slower."""
    return min(seconds[over]) / min(seconds[under])


def median(seconds, name):
    """The median time of a function."""
    return statistics.median(seconds[name])


def machine():
    """Processor and number of cores, as the system tells them."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores"
