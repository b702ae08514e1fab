"""Checks of the notebooks' exercises, one file a notebook, and what they are made of."""

from helpers.exercises.checking import Verdict, Wrong, exercise  # a verdict in words, whatever the reader wrote
from helpers.exercises.planting import first_complaint, plant  # break a function, and see what a check says

__all__ = ["Verdict", "Wrong", "exercise", "first_complaint", "plant"]
