"""Opens images for a large view, one after the other: of several asked for meanwhile, the latest."""

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal

from counterpoise.gui.jobs import in_background
from counterpoise.gui.opened import Opened, open_image

Request = tuple[Path, int, str]
"""File, frame, and what the scan found in it: a file that was read anew is opened anew."""
KEPT_BYTES = 256 * 2**20
"""Of images looked at last: going back and forth through frames is at once."""


class FrameLoader(QObject):
    """``ask`` answers with ``opened`` or ``failed``, unless another image was asked for since."""

    opened = Signal(object)
    """An ``Opened``."""
    failed = Signal(str)
    """Why the image can't be shown, as a sentence."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._wanted: Request | None = None
        self._opening: Request | None = None
        self._kept: OrderedDict[Request, Opened] = OrderedDict()

    def ask(self, file: Path, frame: int, content: str = "") -> None:
        """Open an image; one that was looked at a moment ago is there at once."""
        request = (file, frame, content)
        kept = self._kept.get(request)
        if kept is None:
            self._wanted = request
            self._go_on()
            return
        self._kept.move_to_end(request)
        self._wanted = None
        self.opened.emit(kept)

    def forget(self) -> None:
        """Take back what was asked for, and keep no image."""
        self._wanted = None
        self._kept.clear()

    def _go_on(self) -> None:
        if self._opening is None and self._wanted is not None:
            self._opening = request = self._wanted
            in_background(lambda: open_image(*request[:2]), self._over, self._over, self._pool)

    def _over(self, found: Opened | str) -> None:
        request, self._opening = self._opening, None
        if request is None or request != self._wanted:  # another one was asked for meanwhile
            self._go_on()
            return
        self._wanted = None
        if isinstance(found, str):
            self.failed.emit(found)
            return
        self._keep(request, found)
        self.opened.emit(found)

    def _keep(self, request: Request, found: Opened) -> None:
        self._kept[request] = found
        while len(self._kept) > 1 and sum(map(_size, self._kept.values())) > KEPT_BYTES:
            self._kept.popitem(last=False)

    def close(self) -> None:
        """Open no more images, and wait until the one in hand is read."""
        self.forget()
        self._pool.clear()
        self._pool.waitForDone()


def _size(found: Opened) -> int:
    shown = found.picture.pixels
    return found.frame.pixels.nbytes + (0 if shown is found.frame.pixels else shown.nbytes)
