"""Read PyTorch's old-format ``.pth`` state dict without PyTorch and without running anything from it.

Layout: three pickles (magic, version, system), the state dict, a pickle of storage keys, then for each
storage an int64 length and its raw little-endian values. The tensors are views with strides.
"""

import math
import os
import pickle
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from counterpoise.core.errors import CounterpoiseError

MAGIC = 0x1950A86A20F9469CFC6C
DTYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}


_DAMAGE = (
    pickle.UnpicklingError, ValueError, TypeError, KeyError, EOFError, AttributeError, IndexError
)  # fmt: skip
"""What unpickling a damaged file raises."""


class _View(NamedTuple):
    storage: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Storage(NamedTuple):
    key: str
    dtype: str
    length: int


def _rebuild_tensor_v2(
    storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> _View:
    return _View(storage.key, offset, shape, strides)


class _StateUnpickler(pickle.Unpickler):
    """Admits nothing but the three things such a file is made of."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Callable[..., Any] | str:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild_tensor_v2
        if module == "torch" and name in DTYPES:
            return DTYPES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")

    def persistent_load(self, pid: tuple[Any, ...]) -> _Storage:
        _, dtype, key, _, length, _ = pid
        return self.storages.setdefault(key, _Storage(key, dtype, length))


def read_pth(path: Path) -> dict[str, NDArray[np.generic]]:
    """Return the tensors of an old-format state dict by name, each in its own memory.

    Raises CounterpoiseError where the file can't be read or isn't one.
    """
    try:
        with path.open("rb") as file:
            return _read(file)
    except OSError as error:
        reason = error.strerror or str(error)
    except _DAMAGE as e:
        reason = str(e) or type(e).__name__
    raise CounterpoiseError(
        f"The weights file {path.name} can't be used ({reason}): expected an EfficientNet-Lite0 state dict "
        "in PyTorch's old format (.pth). Give another file or leave model.weights out."
    )


def _read(file: BinaryIO) -> dict[str, NDArray[np.generic]]:
    magic, _, system = (_loaded(_StateUnpickler(file)) for _ in range(3))
    if magic != MAGIC or not system["little_endian"]:
        raise ValueError("wrong first bytes")
    unpickler = _StateUnpickler(file)
    views: dict[str, _View] = _loaded(unpickler)
    data = {key: _values(file, unpickler.storages[key]) for key in _loaded(_StateUnpickler(file))}
    return {name: _tensor(data[view.storage], view) for name, view in views.items()}


def _loaded(unpickler: "_StateUnpickler") -> Any:
    """Return the next pickle: they are small, so that want of memory means a damaged length."""
    try:
        return unpickler.load()
    except MemoryError:
        raise ValueError("a length that can't be") from None


def _values(file: BinaryIO, storage: _Storage) -> NDArray[np.generic]:
    length = int.from_bytes(file.read(8), "little")
    size = length * np.dtype(storage.dtype).itemsize
    if length != storage.length or size > os.fstat(file.fileno()).st_size:
        raise ValueError(f"expected {storage.length} values, received {length}")
    return np.frombuffer(file.read(size), storage.dtype)


def _tensor(values: NDArray[np.generic], view: _View) -> NDArray[np.generic]:
    last = view.offset + sum((n - 1) * s for n, s in zip(view.shape, view.strides, strict=True))
    within = last < len(values) and math.prod(view.shape) <= len(values)
    if min((*view.shape, *view.strides, view.offset, 0)) < 0 or not within:
        raise ValueError("a tensor reaches beyond its values")
    strides = [stride * values.itemsize for stride in view.strides]
    return as_strided(values[view.offset :], view.shape, strides).copy()
