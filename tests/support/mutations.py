"""Harm to files: bits, bytes, ends, blocks, splices, and the fields of their headers."""

import struct
import zlib
from collections.abc import Callable, Sequence

import numpy as np

Rng = np.random.Generator
ODD = (0, 1, 2, 3, 7, 8, 255, 256, 32767, 32768, 65535, 65536, 10_000, 100_000, 2**31 - 1, 2**31, 2**32 - 1)
"""Numbers that headers are not asked for often."""


def mutated(data: bytes, others: Sequence[bytes], rng: Rng) -> bytes:
    """Return ``data`` with one to three kinds of harm done to it; ``others`` lend parts for splices."""
    for _ in range(int(rng.choice((1, 1, 1, 2, 3)))):
        harm = _KINDS[int(rng.integers(len(_KINDS)))]
        data = harm(data, rng) if harm is not _splice else _splice(data, rng, others)
    return data


def _place(data: bytes, rng: Rng) -> int:
    """A place in the file; every second one in its first 600 bytes, where headers are."""
    return int(rng.integers(max(1, min(len(data), 600) if rng.random() < 0.5 else len(data))))


def _bits(data: bytes, rng: Rng) -> bytes:
    harmed = bytearray(data)
    for _ in range(int(rng.choice((1, 1, 2, 4, 16, 64))) if harmed else 0):
        harmed[_place(data, rng)] ^= 1 << int(rng.integers(8))
    return bytes(harmed)


def _cut(data: bytes, rng: Rng) -> bytes:
    return data[: _place(data, rng)]


def _blocks(data: bytes, rng: Rng) -> bytes:
    """Zero, randomise, drop, double or insert a block."""
    at, length = _place(data, rng), int(rng.choice((1, 2, 4, 16, 64, 512, 4096)))
    before, block, after = data[:at], data[at : at + length], data[at + length :]
    kinds = (b"\0" * len(block), rng.bytes(len(block)), b"\xff" * len(block), b"", block * 2)
    return before + kinds[int(rng.integers(5))] + after


def _number(data: bytes, rng: Rng) -> bytes:
    """Write an odd number of two or four bytes somewhere, in either order."""
    at, size = _place(data, rng), int(rng.choice((2, 4)))
    value = int(rng.choice(ODD)) % (1 << 8 * size)
    order = "little" if rng.random() < 0.5 else "big"
    return data[:at] + value.to_bytes(size, order) + data[at + size :]


def _splice(data: bytes, rng: Rng, others: Sequence[bytes]) -> bytes:
    """The beginning of one file, then the rest of another."""
    other = others[int(rng.integers(len(others)))]
    return data[: _place(data, rng)] + other[_place(other, rng) :]


def _header(data: bytes, rng: Rng) -> bytes:
    """Change a field that the format has: a size, a count, an offset, a tag's value."""
    for mark, edit in _EDITS.items():
        if data.startswith(mark):
            return edit(data, rng)
    return _dicom(data, rng) if b"DICM" in data[:132] else _number(data, rng)


def _odd(rng: Rng, bits: int) -> int:
    return int(rng.choice(ODD)) % (1 << bits)


def _png(data: bytes, rng: Rng) -> bytes:
    """Change a chunk's bytes and mend its checksum, so that the decoder believes it."""
    chunks = []
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    if not chunks:
        return data
    chosen = 0 if rng.random() < 0.5 else int(rng.integers(len(chunks)))
    kind, body = chunks[chosen]
    if body:
        place = int(rng.integers(len(body)))
        field = struct.pack(">I", _odd(rng, 32)) if rng.random() < 0.5 else rng.bytes(1)
        chunks[chosen] = (kind, body[:place] + field + body[place + len(field) :])
    return data[:8] + b"".join(png_chunk(*chunk) for chunk in chunks)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk with its length and its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _jpeg(data: bytes, rng: Rng) -> bytes:
    """Change a marker's segment: sizes, tables, components."""
    segments, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        segments.append((at, length))
        if data[at + 1] == 0xDA:
            break
        at += 2 + length
    if not segments:
        return data
    start, length = segments[int(rng.integers(len(segments)))]
    place = start + 2 + int(rng.integers(max(1, length)))
    return data[:place] + struct.pack(">H", _odd(rng, 16)) + data[place + 2 :]


def _tiff(data: bytes, rng: Rng) -> bytes:
    """Change the kind, count or value of an entry of the first directory, or where the next one lies."""
    order = "<" if data[:2] == b"II" else ">"
    if len(data) < 16 or data[2] == 43 or data[3] == 43:
        return _number(data, rng)
    (first,) = struct.unpack(order + "I", data[4:8])
    if first + 2 > len(data):
        return data
    (entries,) = struct.unpack(order + "H", data[first : first + 2])
    entry = first + 2 + 12 * int(rng.integers(min(entries, 64) + 1))
    at, size = ((0, 2), (2, 2), (4, 4), (8, 4), (8, 2))[int(rng.integers(5))]
    value = _odd(rng, 8 * size) if rng.random() < 0.7 else int(rng.integers(len(data))) % (1 << 8 * size)
    if (at, size) == (2, 2):
        value = int(rng.integers(0, 20))
    return data[: entry + at] + value.to_bytes(size, _WORDS[order]) + data[entry + at + size :]  # type: ignore[arg-type]  # the two words


_WORDS = {"<": "little", ">": "big"}
_DICOM_FIELDS = (
    *((0x28, element) for element in (0x02, 0x04, 0x06, 0x08, 0x10, 0x11, 0x100, 0x101, 0x102, 0x103)),
    (0x02, 0x10),
    *((0x28, element) for element in (0x120, 0x1050, 0x1051, 0x1052, 0x1053, 0x1101, 0x1201, 0x3002)),
    (0x7FE0, 0x10),
)


def _dicom(data: bytes, rng: Rng) -> bytes:
    """Change the value, the length or the type of an element that describes the pixels."""
    group, element = _DICOM_FIELDS[int(rng.integers(len(_DICOM_FIELDS)))]
    at = data.find(struct.pack("<HH", group, element))
    if at < 0:
        at = data.find(struct.pack(">HH", group, element))
    if at < 0:
        return _number(data, rng)
    kind = int(rng.integers(4))
    if kind == 0:
        return data[: at + 4] + rng.choice((b"US", b"SQ", b"UN", b"OW", b"DS", b"IS", b"FD")) + data[at + 6 :]
    if kind == 1:
        return data[: at + 6] + struct.pack("<H", _odd(rng, 16)) + data[at + 8 :]
    if kind == 2 and data[at + 4 : at + 6] in (b"IS", b"DS", b"UI", b"CS"):
        length = int.from_bytes(data[at + 6 : at + 8], "little")
        words = (b"2147483647", b"-1", b"0", b"1e308", b"nan", b"", b"MONOCHROME1", b"RGB", b"PALETTE COLOR")
        value = words[int(rng.integers(len(words)))]
        value += b" " * (len(value) % 2)
        return data[: at + 6] + struct.pack("<H", len(value)) + value + data[at + 8 + length :]
    return data[: at + 8] + struct.pack("<H", _odd(rng, 16)) + data[at + 10 :]


def _at(places: Sequence[tuple[int, int]], order: str = "little") -> Callable[[bytes, Rng], bytes]:
    """Edits one of the fields (place, bytes) of a fixed header."""

    def edit(data: bytes, rng: Rng) -> bytes:
        at, size = places[int(rng.integers(len(places)))]
        return data[:at] + _odd(rng, 8 * size).to_bytes(size, order) + data[at + size :]  # type: ignore[arg-type]  # one of the two words

    return edit


_EDITS: dict[bytes, Callable[[bytes, Rng], bytes]] = {
    b"\x89PNG": _png,
    b"\xff\xd8": _jpeg,
    b"II": _tiff,
    b"MM": _tiff,
    b"BM": _at(((2, 4), (10, 4), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2), (30, 4), (34, 4), (46, 4))),
    b"GIF": _at(((6, 2), (8, 2), (10, 1), (11, 1), (13, 1), (17, 2), (19, 2))),
    b"RIFF": _at(((4, 4), (12, 4), (16, 4), (20, 4), (24, 3), (27, 3), (30, 4))),
}
_KINDS: tuple[Callable[..., bytes], ...] = (
    _bits,
    _bits,
    _cut,
    _blocks,
    _blocks,
    _number,
    _number,
    _header,
    _header,
    _header,
    _header,
    _splice,
)
