"""A file of JSON values and number columns that is read whole or not at all, and can run no code."""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"counterpoise table 1\n"
_DIGEST = hashlib.sha256().digest_size
_TYPES = ("|u1", "<i4", "<f8")


class Table(NamedTuple):
    values: dict[str, Any]
    """JSON."""
    columns: dict[str, NDArray[Any]]
    """Flat; uint8, int32 or float64."""


def write_table(file: Path, values: Mapping[str, Any], columns: Mapping[str, NDArray[Any]]) -> None:
    """Write a table in one step; raises OSError, and ValueError for values that aren't JSON.

    Not forced onto the disk: what a power cut tears is noticed by its digest.
    """
    flat = {name: column.reshape(-1) for name, column in columns.items()}
    flat = {name: column.astype(column.dtype.newbyteorder("<")) for name, column in flat.items()}
    about = [[name, column.dtype.str, column.size] for name, column in flat.items()]
    head = json.dumps({"values": values, "columns": about}, separators=(",", ":"), allow_nan=False).encode()
    size = len(head).to_bytes(8, "little")
    blocks = [size, head, *(column.tobytes() for column in flat.values())]
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with aside.open("xb") as out:
            out.writelines([_MAGIC, digest.digest(), *blocks])
        aside.replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def read_table(file: Path) -> Table:
    """Read a table; raises OSError where there is none, ValueError where it is damaged or something else."""
    data = file.read_bytes()
    start = len(_MAGIC) + _DIGEST
    body = memoryview(data)[start:]
    if not data.startswith(_MAGIC) or hashlib.sha256(body).digest() != data[len(_MAGIC) : start]:
        raise ValueError(f"{file.name} is damaged, or no table")
    place = 8 + int.from_bytes(body[:8], "little")
    head = json.loads(bytes(body[8:place]))
    columns = {}
    for name, kind, count in head["columns"]:
        if kind not in _TYPES:
            raise ValueError(f"column {name} of {file.name}: expected one of {_TYPES}. Received: {kind}")
        columns[name] = np.frombuffer(data, kind, count, start + place)
        place += columns[name].nbytes
    return Table(head["values"], columns)
