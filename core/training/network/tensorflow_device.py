"""TensorFlow told where to work, before it touches anything."""

import os
from typing import Any

from counterpoise.core.errors import CounterpoiseError


def prepare_device(device: str) -> Any:
    """Return the ``tensorflow`` module, restricted to ``device`` (``cpu`` or ``gpu``).

    Memory growth is set before anything else: otherwise TensorFlow takes the whole card, and other
    programs, or a second run, fail. May be called again; raises CounterpoiseError where a GPU was asked
    for and none can be used.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    import tensorflow as tf

    cards = tf.config.list_physical_devices("GPU")
    if device != "gpu":
        if cards:
            tf.config.set_visible_devices([], "GPU")
        return tf
    if not cards:
        raise CounterpoiseError(
            "The GPU can't be used: TensorFlow finds none. 'counterpoise doctor' says why; "
            "set training.device=cpu to train without it."
        )
    for card in cards:
        if not tf.config.experimental.get_memory_growth(card):
            tf.config.experimental.set_memory_growth(card, True)
    return tf
