"""Small pictures for the gallery, from the store that the scan fills: read in threads, the latest first."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QImage

from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.core.errors import CounterpoiseError

if TYPE_CHECKING:
    from counterpoise.core.catalog.thumbnail_store import ThumbnailStore

KEPT = 1000
"""Pictures kept: at most some 80 MB."""
WAITING = 400
"""Requests that wait; older ones were scrolled past and are dropped."""
Key = tuple[str, int, str]
"""Path, frame and content: a file that was read anew has a new picture."""


@dataclass(frozen=True)
class Request:
    """A picture that is asked for, with where to look for it."""

    key: Key
    sources: Sources
    store: "ThumbnailStore | None"
    generation: int
    """Of the sources, as ``Thumbnails`` counts them."""


def to_image(pixels: NDArray[np.uint8]) -> QImage:
    """Return an image of its own memory from ``[h, w]`` or ``[h, w, 3]`` bytes."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    grey = pixels.ndim == 2
    form = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    return QImage(pixels.data, width, height, width * (1 if grey else 3), form).copy()


class Thumbnails(QObject):
    """``get`` gives the picture, or asks for it and says ``arrived`` later."""

    arrived = Signal(str, int)
    """Path and frame of a picture that is there now (an empty one where the image can't be read)."""

    made = Signal(object, QImage)
    """From the workers: request, picture."""

    def __init__(self, parent: QObject | None = None, threads: int = 2) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Key, QImage] = OrderedDict()
        self._waiting: OrderedDict[Key, Request] = OrderedDict()
        self._lock = Lock()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._generation = 0
        self._sources: Sources | None = None
        self._store: ThumbnailStore | None = None
        self.made.connect(self._keep)

    def set_sources(self, sources: Sources | None) -> None:
        """Take images from here; pictures from elsewhere are forgotten."""
        if sources == self._sources:
            return
        self._sources = sources
        self._generation += 1
        self._kept.clear()
        with self._lock:
            self._waiting.clear()
        self._close_store()
        if sources is not None:
            from counterpoise.core.catalog.thumbnail_store import (
                thumbnails_of,  # brings Pillow: no start waits
            )

            self._store = thumbnails_of(sources)

    def get(self, image: ImageRecord) -> QImage | None:
        """Return the picture, None where it has to be made first."""
        key = (image.path, image.frame, image.content)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        if self._sources is not None:
            self._ask(Request(key, self._sources, self._store, self._generation))
        return None

    def _ask(self, request: Request) -> None:
        with self._lock:
            known = request.key in self._waiting
            self._waiting[request.key] = request
            self._waiting.move_to_end(request.key)
            while len(self._waiting) > WAITING:
                self._waiting.popitem(last=False)
        if not known:
            self._pool.start(_Worker(self))

    def take(self) -> Request | None:
        """Hand the latest request to a worker."""
        with self._lock:
            return self._waiting.popitem(last=True)[1] if self._waiting else None

    def _keep(self, request: Request, image: QImage) -> None:
        if request.generation != self._generation:
            return
        self._kept[request.key] = image
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        path, frame, _ = request.key
        self.arrived.emit(path, frame)

    def close(self) -> None:
        """Make no more pictures."""
        with self._lock:
            self._waiting.clear()
        self._pool.clear()
        self._pool.waitForDone()
        self._close_store()

    def _close_store(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None


class _Worker(QRunnable):
    """Makes the latest picture that is asked for when its turn comes: whose, it doesn't know before."""

    def __init__(self, owner: Thumbnails) -> None:
        super().__init__()
        self._owner = owner

    def run(self) -> None:
        request = self._owner.take()
        if request is None:
            return
        try:
            made = to_image(_pixels(request))
        except (CounterpoiseError, OSError):  # the scan says why; the gallery shows an empty field
            made = QImage()
        self._owner.made.emit(request, made)


def _pixels(request: Request) -> NDArray[np.uint8]:
    """Return the picture that is kept; one that isn't (the cache was cleared) is made and kept."""
    path, frame, content = request.key
    kept = request.store.get(content) if request.store is not None else None
    if kept is not None:
        return kept
    from counterpoise.gui.decoding import thumbnail

    pixels = thumbnail(request.sources.locate(path), frame)  # which may have to look at a slow drive
    if request.store is not None:
        request.store.put(content, pixels)
    return pixels
