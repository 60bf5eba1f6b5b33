"""What a guard asks of the loop it watches."""

from dataclasses import dataclass
from typing import Literal

from counterpoise.core.findings import Finding

Kind = Literal["note", "restore", "end", "float32", "split"]


@dataclass(frozen=True)
class Action:
    """``finding`` is said in any case; then the loop does what ``kind`` says.

    ``note``: nothing more. ``restore``: go back to the last good state, on with the guard's ``factor`` on
    the rate. ``end``: the training fails with the finding's sentence, its best state kept. ``float32``:
    rebuild the network in full precision. ``split``: compute the batch in the guard's number of pieces.
    """

    kind: Kind
    finding: Finding
