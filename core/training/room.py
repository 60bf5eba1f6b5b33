"""Whether memory can be had, asked before it is needed.

On a CPU TensorFlow doesn't raise an error where the system refuses memory (a limit of the account or of the
job, a full commit charge): it dies of a segmentation fault, or of std::bad_alloc. Seen with ``ulimit -v``.
"""

import mmap

SPARE = 128 * 2**20
"""Bytes for what a step takes besides the values of its images: with less it still died."""
FORWARD = 0.5
"""Share of a step's memory that judging the same images takes: no gradients, and values are let go."""


def has_room(needed: float) -> bool:
    """Whether the system would grant ``needed`` bytes and some more; nothing is used up by the question.

    Where the system promises more than it has (Linux as it is usually set up), that says only that no limit
    stands against it.
    """
    try:
        mmap.mmap(-1, int(needed) + SPARE).close()
    except (OSError, ValueError, OverflowError):
        return False
    return True
