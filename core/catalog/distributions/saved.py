"""Pictures kept where what can be made again is kept, as arrays without any code."""

import contextlib
import io
import json
import zipfile
import zlib
from pathlib import Path

import numpy as np

from counterpoise.core.catalog.distributions.pictures import Pictures
from counterpoise.core.catalog.sources import cache_folder, sources_key
from counterpoise.core.catalog.types import Sources
from counterpoise.core.study.atomic import write_bytes

ARRAYS = ("edges", "density", "mean", "spread")


def saved_path(sources: Sources, cache: Path | None = None) -> Path:
    """Return the file: in the study's cache, else beside the readings in ``cache``, else in the user's."""
    if sources.study is not None:
        return cache_folder(sources) / "pictures.npz"
    return (cache or cache_folder(sources)) / "catalogs" / f"{sources_key(sources)}.pictures.npz"


def save_pictures(file: Path, made: Pictures) -> None:
    """Keep pictures; where the disk won't have them, they are made again next time."""
    about = {
        "digest": made.digest,
        "labels": made.labels,
        "images": made.images,
        "unread": made.unread,
        "scale": made.scale,
    }
    packed = io.BytesIO()
    arrays = {name: getattr(made, name).astype(np.float32) for name in ARRAYS}
    np.savez_compressed(packed, about=np.array(json.dumps(about)), **arrays)
    with contextlib.suppress(OSError):
        write_bytes(file, packed.getvalue())


def read_pictures(file: Path) -> Pictures | None:
    """Return what was kept; None where there is nothing, or nothing that can be read."""
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as held:
            about = json.loads(str(held["about"]))
            arrays = {name: held[name].astype(np.float64) for name in ARRAYS}
        return Pictures(
            digest=about["digest"],
            labels=tuple(about["labels"]),
            images=tuple(about["images"]),
            unread=int(about["unread"]),
            scale=about["scale"],
            **arrays,
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
