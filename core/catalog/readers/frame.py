"""What a reader gives: one decoded image with what is known of it, or the reason why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from numpy.typing import NDArray

from counterpoise.core.catalog.types import NO_FRAME, Units
from counterpoise.core.errors import CounterpoiseError

Pixels = NDArray[Any]
"""[height, width] or [height, width, 3]; uint8, uint16 or float32."""
Note = tuple[str, Mapping[str, Any]]
"""The code of a finding and its evidence; holds no value that identifies anyone."""
Window = tuple[float, float, str]
"""Centre and width in the values of the frame, and its name (``bone``); empty where it has none."""


class UnreadableImage(CounterpoiseError):  # noqa: N818 - it says what the image is, for people
    """A file that gives no image; ``code`` is the finding it belongs to.

    One of ``unreadable-image``, ``unsupported-file``, ``oversized-image``, ``non-finite-pixels``.
    """

    def __init__(self, reason: str, code: str = "unreadable-image") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


def multi_frame_note(count: int) -> tuple[Note, ...]:
    """Return the note of a file that holds ``count`` frames; none for a single one."""
    return (("multi-frame", {"frames": count}),) if count > 1 else ()


@dataclass(frozen=True)
class Frame:
    """One image as the file holds it: nothing windowed, nothing scaled, EXIF orientation honoured."""

    pixels: Pixels
    """[height, width] or [height, width, 3]; the type is that of ``units``."""
    bits: int
    """Bits stored per sample; 1-bit images are read as 8."""
    units: Units
    """``dicom`` are the rescaled values (or the colours of a colour image) as float32."""
    format: str
    """As the content says: JPEG, PNG, BMP, GIF, WebP, TIFF, DICOM."""
    frame: int = NO_FRAME
    """From 0; NO_FRAME where the file holds one image."""
    n_frames: int = 1
    padding: float | None = None
    """Pixels of exactly this value (in ``units``) are padding and no part of any statistic."""
    patient_id: str | None = field(default=None, repr=False)
    """The raw DICOM PatientID: to be turned into a pseudonym at once, never stored."""
    windows: tuple[Window, ...] = ()
    """What the DICOM file itself proposes for viewing, the preferred one first."""
    modality: str = ""
    """DICOM's term for the kind of device, such as CT; empty where there is none."""
    notes: tuple[Note, ...] = ()

    @property
    def window(self) -> tuple[float, float] | None:
        """Centre and width of the window that the file prefers."""
        return self.windows[0][:2] if self.windows else None

    @property
    def channels(self) -> Literal[1, 3]:
        return 1 if self.pixels.ndim == 2 else 3

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])
