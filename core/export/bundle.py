"""A bundle: one folder that holds a model and all that is needed to use it rightly."""

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.export.card import render
from counterpoise.core.export.formats import ExportFormat
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.prediction.manifest import sha256_of, write_manifest


@contextmanager
def new_bundle(out: Path, name: str) -> Iterator[Path]:
    """Give an empty folder that becomes ``out/name`` when all went well; otherwise nothing stays behind."""
    target = out / name
    refuse_existing(out, name)
    partial = out / f".{name}-{secrets.token_hex(4)}"
    try:
        partial.mkdir(parents=True)
        yield partial
        if target.exists():
            target.rmdir()
        partial.rename(target)
    except OSError as error:
        raise CounterpoiseError(
            f"The export to {target} can't be written ({error.strerror or error}). Make room or give another "
            "folder with --out."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def refuse_existing(out: Path, name: str) -> None:
    """Raise CounterpoiseError where ``out/name`` is there and not an empty folder."""
    target = out / name
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise CounterpoiseError(
            f"{target} exists already and isn't empty; expected a new or empty folder, so that nothing is "
            "overwritten. Give another folder with --out or remove it."
        )


def complete(folder: Path, export: ExportFormat, labels: LabelsFile, fmt: PixelFormat, card: str) -> str:
    """Write what stands beside the model, the manifest last; return the SHA-256 of the model's file."""
    preprocessing = json.dumps(fmt.model_dump(mode="json"), indent=2) + "\n"
    (folder / "labels.json").write_text(labels.to_text(), encoding="utf-8")
    (folder / "preprocessing.json").write_text(preprocessing, encoding="utf-8")
    (folder / "model-card.md").write_text(card, encoding="utf-8")
    (folder / "example.py").write_text(render("example.py.j2", {"export": export}), encoding="utf-8")
    write_manifest(folder)
    return sha256_of(folder / export.file)
