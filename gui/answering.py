"""Whether a run still answers, judged from what can be seen of it; pure, so that it is tried without one."""

from dataclasses import dataclass
from enum import StrEnum

SUPERVISOR_PATIENCE = 30.0
"""Seconds after which the supervisor ends a child that doesn't answer ``pause``."""
FEEDBACK_AFTER = 8.0
"""Seconds without an answer after which it is said what will happen."""
DEAF_AFTER = SUPERVISOR_PATIENCE + 15.0
UNREAD_AFTER = 10.0
"""Seconds in which a living supervisor, who looks five times a second, has surely read what it is asked."""
SILENT_AFTER = 240.0
"""Seconds; twice what the supervisor takes to say ``stalled``, so only its own silence comes to this."""
TIMES_USUAL = 30.0


class Trouble(StrEnum):
    """Why a run can't be followed or steered as usual, the most telling first."""

    FOLDER = "folder"
    """Its folder has gone; its processes live."""
    HALTED = "halted"
    """Its supervisor has been stopped from outside (SIGSTOP)."""
    DEAF = "deaf"
    """It was asked for something and should have answered by now."""
    SLOW = "slow"
    """It was asked to pause, hasn't answered, and will be ended by its supervisor."""
    RECORD = "record"
    """Its events can't be read; it goes on."""
    SILENT = "silent"
    """Nothing has been heard for very long."""


@dataclass(frozen=True)
class Look:
    """A run that goes on, seen from outside at one moment."""

    quiet: float = 0.0
    """Seconds since the last event."""
    usual: float = 0.0
    """Seconds that usually pass between two."""
    halted: bool = False
    record: bool = True
    """Whether ``events.jsonl`` can be read."""
    folder: bool = True
    unread: bool = False
    """Whether the last request still lies there, not taken by anyone."""


def judge(look: Look, asked: str = "", waited: float = 0.0) -> Trouble | None:
    """Return what is wrong; ``asked`` is ``pause``, ``stop`` or empty, ``waited`` the seconds since.

    >>> judge(Look(halted=True))
    <Trouble.HALTED: 'halted'>
    """
    unread = bool(asked) and look.unread and waited > UNREAD_AFTER
    pausing = asked == "pause"
    silent = look.quiet > max(SILENT_AFTER, TIMES_USUAL * look.usual)
    return next(
        (
            trouble
            for trouble, is_so in (
                (Trouble.FOLDER, not look.folder),
                (Trouble.HALTED, look.halted),
                (Trouble.DEAF, unread or (pausing and waited > DEAF_AFTER)),
                (Trouble.SLOW, pausing and waited > FEEDBACK_AFTER),
                (Trouble.RECORD, not look.record),
                (Trouble.SILENT, silent),
            )
            if is_so
        ),
        None,
    )
