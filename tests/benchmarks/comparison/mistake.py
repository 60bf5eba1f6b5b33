"""What is compared: one usual mistake, made in plain Keras and in Counterpoise."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ours import Commands

Does = Literal[
    "fine",  # it trains, and the result is what it looks like
    "refused",  # stopped before any work
    "mended",  # left out or corrected, and said; goes on
    "impossible",  # the mistake can't be made; what happens instead is told
    "error",  # ends with an error while it works
    "dies",  # the process is gone
    "hangs",
    "nan",  # weights or outputs are no numbers
    "dead",  # one answer for all images
    "wrong",  # goes on with figures or images that aren't what the user thinks
    "lost",  # what had been learned is gone
]
GOOD: tuple[Does, ...] = ("fine", "mended", "impossible")
Says = Literal["names", "hint", "nothing"]
Verdict = Literal["fine", "named", "hint", "silent"]


@dataclass(frozen=True)
class Seen:
    """What happened, measured: in one sentence with its figures."""

    does: Does
    detail: str = ""


@dataclass(frozen=True)
class Side:
    """One side of a comparison."""

    does: Does
    detail: str
    says: Says
    words: str
    """What it said, word for word, shortened; empty where it said nothing."""
    code: str = ""
    """The finding or guard that spoke, of Counterpoise only."""
    seconds: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """``silent`` is what this comparison counts: something went wrong, and nothing was said."""
        if self.does in GOOD:
            return "fine"
        spoken: dict[Says, Verdict] = {"names": "named", "hint": "hint", "nothing": "silent"}
        return spoken[self.says]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": self.verdict, "seconds": round(self.seconds, 1)}


@dataclass(frozen=True)
class Mistake:
    """One mistake; the Keras side runs in a process of its own, ours is the command line."""

    name: str
    family: str
    title: str
    wrote: str
    """The line that does it, as people write it for Keras."""
    typed: str
    """What the same person does in Counterpoise."""
    cause: str
    """What is said names the cause where this pattern is found in it."""
    keras: Callable[[Path], Seen]
    """Gets the folder that ``prepare`` filled; an exception that leaves it is an outcome too."""
    ours: "Callable[[Commands], Side]"
    prepare: Callable[[Path], None]
    after: Callable[[Path], Seen] | None = None
    """Looks at what is left where the process ended by an error or a signal."""
    hint: str = ""
    """Ordinary output counts as a hint where this pattern is found in it."""
    note: str = ""
    seconds: float = 300.0
    """Longest wait for either side; on an idle computer of two cores none needs a tenth of it."""


MISTAKES: dict[str, Mistake] = {}


def mistake(
    name: str,
    family: str,
    title: str,
    *,
    wrote: str,
    typed: str,
    cause: str,
    prepare: Callable[[Path], None],
    ours: "Callable[[Commands], Side]",
    after: Callable[[Path], Seen] | None = None,
    hint: str = "",
    note: str = "",
) -> Callable[[Callable[[Path], Seen]], Callable[[Path], Seen]]:
    """Register the decorated function as the Keras side of a mistake."""

    def register(keras: Callable[[Path], Seen]) -> Callable[[Path], Seen]:
        if name in MISTAKES:
            raise ValueError(f"There are two mistakes called {name}.")
        MISTAKES[name] = Mistake(
            name, family, title, wrote, typed, cause, keras, ours, prepare, after, hint, note
        )
        return keras

    return register
