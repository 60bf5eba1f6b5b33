"""Statistics of pixels over any number of images, block by block, in bounded memory; NaN is left out."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Blocks = Iterable[NDArray[Any]]
"""Arrays [n, height, width, channels]. Gone through more than once, so never a generator."""

HALF_BITS = 16


def minimum_maximum(blocks: Blocks) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the greatest value per channel."""
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    for block in blocks:
        channels = [block[..., c] for c in range(block.shape[-1])]
        # fmin and fmax pass over NaN
        least = np.array([np.fmin.reduce(values, axis=None) for values in channels], np.float64)
        most = np.array([np.fmax.reduce(values, axis=None) for values in channels], np.float64)
        low = least if low is None else np.minimum(low, least)
        high = most if high is None else np.maximum(high, most)
    if low is None or high is None:
        raise ValueError("no images to take statistics of")
    return low, high


def mean_std(blocks: Blocks) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard deviation (of the population) per channel.

    Whole numbers are counted; images of floats are merged by Chan, Golub, LeVeque (1983), which loses
    no digits to large offsets.
    """
    if _is_float(blocks):
        return _merged_mean_std(blocks)
    histograms = np.array(_histograms(blocks, _upper_half), np.float64)
    levels = np.arange(histograms.shape[1])
    n = histograms.sum(axis=1)
    mean = histograms @ levels / n
    variance = (histograms * np.square(levels - mean[:, np.newaxis])).sum(axis=1) / n
    return mean, np.sqrt(variance)


def _merged_mean_std(blocks: Blocks) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    channels = next(iter(blocks)).shape[-1]
    n, mean, squares = np.zeros(channels), np.zeros(channels), np.zeros(channels)
    for block in blocks:
        for image in block:  # image by image: float64 copies stay small
            for c in range(channels):
                values = image[..., c].astype(np.float64).ravel()
                values = values[~np.isnan(values)]
                m = len(values)
                if not m:
                    continue
                here = values.mean()
                values -= here
                delta = here - mean[c]
                squares[c] += values @ values + delta * delta * n[c] * m / (n[c] + m)
                mean[c] += delta * m / (n[c] + m)
                n[c] += m
    return mean, np.sqrt(squares / np.maximum(n, 1))


def percentiles(blocks: Blocks, q: tuple[float, ...]) -> NDArray[np.float64]:
    """Return exact percentiles [len(q), channels] of all pixels, as ``numpy.percentile`` (linear) does.

    Whole numbers of 8 and 16 bits are counted in one pass. For floats a second pass counts the lower half
    of the bits of those values whose upper half holds a wanted rank: a radix selection, exact for any range.
    """
    upper = _histograms(blocks, _upper_half)
    shares = np.asarray(q) / 100
    result = np.empty((len(q), len(upper)))
    for channel, histogram in enumerate(upper):
        ranks = shares * (int(histogram.sum()) - 1)
        whole = np.concatenate([np.floor(ranks), np.ceil(ranks)]).astype(np.int64)
        values = _order_statistics(blocks, channel, histogram, whole)
        below, above = values[: len(q)], values[len(q) :]
        result[:, channel] = below + (above - below) * (ranks - np.floor(ranks))
    return result


def _order_statistics(
    blocks: Blocks, channel: int, histogram: NDArray[np.int64], ranks: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the values at ``ranks`` (from 0) of one channel's sorted pixels."""
    cumulated = np.cumsum(histogram)
    bins = np.searchsorted(cumulated, ranks, side="right")
    if not _is_float(blocks):
        return bins.astype(np.float64)
    found = np.empty(len(ranks))
    wanted = np.unique(bins)
    lower = {int(b): np.zeros(1 << HALF_BITS, np.int64) for b in wanted}
    for block in blocks:
        for image in block:
            keys = _sortable(image[..., channel])
            halves = (keys >> HALF_BITS).astype(np.int64)
            for b, counts in lower.items():
                counts += np.bincount(keys[halves == b] & 0xFFFF, minlength=1 << HALF_BITS)
    for position, (rank, b) in enumerate(zip(ranks, bins, strict=True)):
        before = int(cumulated[b - 1]) if b else 0
        low = int(np.searchsorted(np.cumsum(lower[int(b)]), rank - before, side="right"))
        found[position] = _from_sortable((int(b) << HALF_BITS) | low)
    return found


def _histograms(blocks: Blocks, key: Callable[[NDArray[Any]], NDArray[Any]]) -> list[NDArray[np.int64]]:
    totals: list[NDArray[np.int64]] = []
    for block in blocks:
        for image in block:
            if not totals:
                totals = [np.zeros(1 << HALF_BITS, np.int64) for _ in range(image.shape[-1])]
            for c, total in enumerate(totals):
                total += np.bincount(key(image[..., c]).ravel(), minlength=1 << HALF_BITS)
    if not totals:
        raise ValueError("no images to take statistics of")
    return totals


def _upper_half(values: NDArray[Any]) -> NDArray[Any]:
    if values.dtype.kind == "u":
        return values
    return _sortable(values) >> HALF_BITS


def _is_float(blocks: Blocks) -> bool:
    for block in blocks:
        return bool(block.dtype.kind == "f")
    raise ValueError("no images to take statistics of")


def _sortable(values: NDArray[Any]) -> NDArray[np.uint32]:
    """Return float32 values as uint32 that sort alike (sign bit flipped, negatives mirrored)."""
    finite = values[~np.isnan(values)].astype(np.float32) + np.float32(0)  # and -0 becomes 0
    bits = finite.view(np.uint32)
    return np.asarray(np.where(bits >> 31, ~bits, bits | np.uint32(0x80000000)), np.uint32)


def _from_sortable(key: int) -> float:
    bits = key & 0x7FFFFFFF if key >> 31 else ~key & 0xFFFFFFFF
    return float(np.array([bits], np.uint32).view(np.float32)[0])
