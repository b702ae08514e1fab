"""Cross-entropy as Keras' `binary_crossentropy` takes it: of probabilities, which it clips."""

import numpy as np

from .losses import BinaryCrossEntropy

CLIP = 1e-7  # keras.config.epsilon()


class ClippedCrossEntropy(BinaryCrossEntropy):
    """-target log p - (1 - target) log(1 - p) with p = y clipped to [1e-7, 1 - 1e-7], mean over the outputs.

    y is taken for a probability, whatever it is. Outside of 0 to 1 the clipped p does not move with y: the slope is 0.
    """

    def _each(self, y, target, dy):
        O = y.shape[-1]
        p = np.clip(y, CLIP, 1 - CLIP)
        each = -(target * np.log(p) + (1 - target) * np.log1p(-p)).sum(axis=-1) / O
        np.divide(p - target, p * (1 - p), out=dy)
        dy *= (y >= CLIP) & (y <= 1 - CLIP)
        dy /= O
        return each
