"""Which of two classes the figures speak of."""

import re
from collections.abc import Sequence

from counterpoise.core.errors import UsageError, did_you_mean

_OTHER_ONE = """
normal no non not none without benign control controls negative neg healthy absent absence clear uninfected
unaffected unremarkable false
"""
OTHER_ONE = frozenset(_OTHER_ONE.split())
"""Words that mark the class without the finding."""


def positive_class(labels: Sequence[str], setting: str = "auto") -> str | None:
    """Return the class of interest: the setting's, else guessed from two names, else None.

    A name that says normal, no, benign, control or negative is the other one; where neither or both
    do, it is the second by name. With more than two classes there is one only if the setting names it.
    Raises UsageError where the setting names no class.

    >>> positive_class(["NORMAL", "PNEUMONIA"])
    'PNEUMONIA'
    """
    if setting not in ("auto", ""):
        if setting not in labels:
            raise UsageError(
                f"The setting 'data.positive' names no class: received '{setting}'."
                f"{did_you_mean(setting, labels)}"
            )
        return setting
    if len(labels) != 2:
        return None
    first, second = sorted(labels)
    return first if _is_other(second, first) and not _is_other(first, second) else second


def _is_other(name: str, opposite: str) -> bool:
    """Whether a name tells of the absence of something (of the opposite, as in ``notumor``)."""
    if OTHER_ONE & set(_words(name)):
        return True
    joined, against = "".join(_words(name)), "".join(_words(opposite))
    return any(joined == prefix + against for prefix in ("no", "non", "not", "un"))


def _words(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[^\W\d_]+", spaced.lower())
