"""How notebooks are compared with what is stored: strictly, but for what a stored notebook never holds.

nbval compares every kind of output with the stored one, and fails where one of them has a kind that the other lacks.
Live figures come with HTML of their own (with ids that differ from run to run), which is not stored: their numbers
are checked by cells and by the tests of the browser. ``tests/setup/test_stored_notebooks.py`` proves that no stored
notebook holds any of these kinds, so nothing that could be compared is left out.
"""

from helpers.commands.storing import LIVE


def pytest_collectstart(collector):
    if type(collector).__name__ == "IPyNbFile":
        collector.skip_compare += LIVE
