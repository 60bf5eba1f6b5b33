"""Errors whose text is the whole sentence a user reads: what happened, what was expected, what to do."""

import errno
from collections.abc import Iterable
from difflib import get_close_matches


class CounterpoiseError(Exception):
    """Something could not be done (exit status 1)."""

    exit_code = 1


class UsageError(CounterpoiseError):
    """The request itself is wrong: unknown option, key or code, wrong type, out of bounds (exit status 2)."""

    exit_code = 2


class DiskFullError(CounterpoiseError):
    """There is no room to write; what was there before is still whole."""


def is_disk_full(error: OSError) -> bool:
    """Whether the system refused to write for want of space: on the disk, of a quota, of a file's size."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?``, or the known names where none is near.

    >>> did_you_mean("trainig", ["training", "data"])
    " Did you mean 'training'?"
    """
    known = sorted(known)
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f" Did you mean '{near[0]}'?" if near else f" Known are: {', '.join(known)}."
