"""Which errors of a step mean that memory ran out. Loads TensorFlow."""

import tensorflow as tf

from counterpoise.core.jobs.memory_record import names_memory

FAILED = (MemoryError, tf.errors.OpError)
"""What a step may raise for want of memory."""
UNNAMED = ("ALLOC_FAILED", "could not create a memory")
"""As cuDNN, cuBLAS and oneDNN say it."""


def is_memory(error: BaseException) -> bool:
    """Whether an error out of ``FAILED`` tells of memory: by its class or by its own words."""
    if isinstance(error, MemoryError | tf.errors.ResourceExhaustedError):
        return True
    words = str(error)
    return names_memory(words) or any(part in words for part in UNNAMED)
