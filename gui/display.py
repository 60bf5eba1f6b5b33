"""Whether Qt can open a window here at all: where it can't, it would end the process without a word."""

import ctypes
import os
import sys

from counterpoise.core.errors import CounterpoiseError

LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What Qt loads for an X11 window, with Debian's package of it."""


def need_display() -> None:
    """Raise CounterpoiseError, with what to do, where a Linux has no display or lacks Qt's libraries."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise CounterpoiseError(
            "The window can't be opened because this session has no display: expected DISPLAY or "
            "WAYLAND_DISPLAY to be set. Start it on the desktop, or use the other commands here."
        )
    missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if missing and not os.environ.get("WAYLAND_DISPLAY"):
        raise CounterpoiseError(
            "The window can't be opened because system libraries that Qt needs are missing. "
            f"Install them: apt-get install {' '.join(missing)}"
        )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
