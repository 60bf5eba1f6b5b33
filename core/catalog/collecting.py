"""Python's search for cycles of objects, put off while very many objects are made that hold none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_cycle_search() -> Iterator[None]:
    """Make a million small objects without going through all of them again and again.

    A third of the time that a scan of 100,000 known files takes. Switches it for the whole process, and
    back again where it was on.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
