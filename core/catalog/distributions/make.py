"""The pictures of some images: from the cache where they are known, else from the files."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from counterpoise.core.catalog.distributions.look import FileTask, look
from counterpoise.core.catalog.distributions.pictures import Gathering, Pictures
from counterpoise.core.catalog.distributions.sample import digest_of, sample
from counterpoise.core.catalog.distributions.saved import read_pictures, save_pictures, saved_path
from counterpoise.core.catalog.readers.allowance import allowance
from counterpoise.core.catalog.types import Catalog, ImageRecord, Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.pool import WorkerDied, robust_map

TARGET = "counterpoise.core.catalog.distributions.job:pictures_job"
LONGEST = 96
"""Pixels of the longer side of a mean image."""
SECONDS_PER_FILE = 60.0
Progress = Callable[[int, int], None]


class PicturesCancelledError(CounterpoiseError):
    """Someone asked for the end."""

    def __init__(self) -> None:
        super().__init__("The pictures of the data were cancelled.")


@dataclass(frozen=True)
class PicturesRequest:
    """The images that pictures are to be made of. It is pickled into the child."""

    sources: Sources
    labels: tuple[str, ...]
    images: tuple[ImageRecord, ...]
    cache: Path | None = None

    @classmethod
    def of(cls, catalog: Catalog, cache: Path | None = None) -> "PicturesRequest":
        """Return the request for a catalog's sample."""
        return cls(catalog.sources, catalog.labels, sample(catalog), cache)

    def known(self) -> Pictures | None:
        """Return the pictures kept, where they are of these very images."""
        found = read_pictures(saved_path(self.sources, self.cache))
        return found if found is not None and found.digest == self.digest else None

    @property
    def digest(self) -> str:
        return digest_of(self.labels, self.images)


def make_pictures(
    request: PicturesRequest,
    progress: Progress = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
    workers: int | None = None,
) -> Pictures:
    """Return the pictures, kept for the next time; raises PicturesCancelledError where it was asked to."""
    known = request.known()
    if known is not None:
        return known
    images = request.images
    size, colour = common_size(images), 2 * sum(i.channels == 3 for i in images) > len(images)
    gathering = Gathering(request.labels, images, size, 3 if colour else 1)
    by_file: defaultdict[str, list[ImageRecord]] = defaultdict(list)
    for image in images:
        by_file[image.path].append(image)
    files = list(by_file.values())
    tasks = [
        FileTask(request.sources.locate(own[0].path), tuple(image.frame for image in own), size, colour)
        for own in files
    ]

    def tick() -> None:
        if cancelled():
            raise PicturesCancelledError

    done = unread = 0
    answers = robust_map(
        look,
        tasks,
        workers=workers,
        timeout=SECONDS_PER_FILE,
        limits=allowance(lambda task: task.file),
        inline=all(image.units == "uint8" and image.format != "TIFF" for image in images),
        tick=tick,
    )
    for index, seen in answers:
        own = files[index]
        for image, one in zip(own, [None] * len(own) if isinstance(seen, WorkerDied) else seen, strict=True):
            if one is None:
                unread += 1
            else:
                gathering.add(image, one)
        done += len(own)
        tick()
        progress(done, len(images))
    made = gathering.pictures(request.digest, unread)
    if not unread:  # else a drive may be away: next time more may be read
        save_pictures(saved_path(request.sources, request.cache), made)
    return made


def common_size(images: Sequence[ImageRecord]) -> tuple[int, int]:
    """Return height and width of the mean images: the usual shape, at most LONGEST on the longer side."""
    if not images:
        return LONGEST, LONGEST
    aspect = median(image.width / image.height for image in images)
    longest = min(LONGEST, round(median(max(image.width, image.height) for image in images)))
    if aspect >= 1:
        return max(1, round(longest / aspect)), longest
    return longest, max(1, round(longest * aspect))
