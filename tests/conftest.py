"""What all tests share: the package on the path, however pytest is called, and a quiet Keras."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("course", deadline=None)  # machines differ in speed; no test fails for being slow
settings.load_profile("course")

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


@pytest.fixture(scope="session")
def root():
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def keras():
    """Keras on TensorFlow, imported once; the variables must be set before that."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras

    return keras
