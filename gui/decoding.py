"""Images for the window, decoded without risk to it.

A file may have changed since the scan, and a damaged one can crash the libraries that decode DICOM and
TIFF, and the window with them. So those are decoded in a helper process, which only takes its picture
along when it dies; JPEG, PNG and the like are decoded here, which saves the way between the processes.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from counterpoise.core.catalog.types import NO_FRAME
from counterpoise.gui.texts import common as texts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from counterpoise.core.catalog.about import About
    from counterpoise.core.catalog.readers import Frame
    from counterpoise.core.jobs.helper import Helper

Result = TypeVar("Result")


def read_frame(file: Path, frame: int = NO_FRAME) -> "Frame":
    """Return one frame of a file; raises UnreadableImage. For threads beside the window's."""
    from counterpoise.core.catalog.readers import read_frame

    return _decoded(read_frame, file, frame)


def look(file: Path, frame: int = NO_FRAME) -> "tuple[Frame, About]":
    """Return one frame with what its file says about it; raises UnreadableImage."""
    from counterpoise.core.catalog.about import look

    return _decoded(look, file, frame)


def thumbnail(file: Path, frame: int = NO_FRAME, *side: int) -> "NDArray[np.uint8]":
    """Return a small picture, see ``core.catalog.thumbnails``; raises UnreadableImage."""
    from counterpoise.core.catalog.thumbnails import thumbnail

    return _decoded(thumbnail, file, frame, *side)


def close_decoding() -> None:
    """End the helper process, where one runs: the window closes."""
    if _helper.cache_info().currsize:
        _helper().close()


def _decoded(function: Callable[..., Result], file: Path, *more: Any) -> Result:
    from counterpoise.core.catalog.readers import UnreadableImage, is_harmless
    from counterpoise.core.jobs.helper import HelperDiedError

    if is_harmless(file):
        return function(file, *more)
    try:
        return _helper().call(function, file, *more)
    except HelperDiedError as error:
        raise UnreadableImage(texts.not_decoded(str(error))) from error


@cache
def _helper() -> "Helper":
    # One for the whole program, as QThreadPool's: pictures are asked for by widgets that know no session.
    from counterpoise.core.catalog.readers.allowance import allowance
    from counterpoise.core.jobs.helper import Helper

    return Helper(allowance(Path))
