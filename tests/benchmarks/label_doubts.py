"""The second look on real sets with planted faults: wrong labels, and copies across parts.

    python tests/benchmarks/label_doubts.py [set ...]
    python tests/benchmarks/label_doubts.py --copies

Wrong labels are planted at random in the parts that are judged: of 2 % at least 80 % should stand in the
first 5 % of the ranking on bccd_crops and pneumoniamnist. The estimate should come near to what was planted
(0 to 10 %), its interval hold it. Features are made once and kept in the user's cache folder.

With ``--copies`` forty images of a part are put into the other one mirrored, turned, or cropped by a tenth of
each side: how many of them the pairs by features and the scan's own search find, and what else the first say.

Measured in November 2026 (5,214, 3,909, 194 and 3,742 labels judged). Found: of 2 % planted the share in the
first 5 %, mean of three drawings. Then the estimates of all drawings, by what was planted.

| set | found | none | 1 % | 2 % | 5 % | 10 % |
|---|---|---|---|---|---|---|
| pneumoniamnist | .929 | 0 | 52: 32, 52 | 104: 69, 104, 92 | 261: 224, 240 | 521: 324, 506 |
| bccd_crops | 1.00 | 3 | 39: 43, 40 | 78: 80, 80, 81 | 195: 203, 210 | 391: 395, 406 |
| hannover_cxr/view | .917 | 0 | 2: 2, 3 | 4: 3, 6, 4 | 10: 6, 13 | 19: 13, 15 |
| rbc12_crops (hard) | .818 | 15 | 37: 64, 52 | 75: 106, 109, 103 | 187: 222, 194 | 374: 361, 458 |

The interval held what was planted in 39 of the 40; not in one of pneumoniamnist at 10 %. (Without the trial
of review/trial.py in 34: rbc12_crops was told 117, 112, 116 of 75 and its intervals were too narrow.) The
some 15 labels of rbc12_crops that look wrong without a planted one stand in all its estimates.
Ranked by differences of probabilities instead of ratios, .489 had been found on rbc12_crops.
Copies: of those mirrored the scan tells 98 and features 100 of 104, of those cropped 23 and 20 of 79, of
those turned none and 5 of 96. One pair is named that wasn't planted, of one cell photographed twice.
"""

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from common import need
from PIL import Image

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.catalog.types import Catalog, Key
from counterpoise.core.review.features import ReviewTeller
from counterpoise.core.review.review import review
from counterpoise.core.settings import Settings

SETS = {
    "pneumoniamnist": "auto",
    "bccd_crops": "name:^(BloodImage_[0-9]+)_",
    "hannover_cxr/view": "name:^([^_]+)_",
    "rbc12_crops": "name:^(img[0-9]+)_",
}
SEEDS = {0.0: 1, 0.01: 2, 0.02: 3, 0.05: 2, 0.1: 2}
FIRST = 0.05
COPIES = 40


class Quiet:
    """A job's context that nobody listens to."""

    def send(self, kind: str, **fields: object) -> None:
        """Say nothing."""

    def cancelled(self) -> bool:
        return False

    def commands(self) -> list[str]:
        return []


def teller() -> ReviewTeller:
    return ReviewTeller(Quiet(), "cpu")  # type: ignore[arg-type]  # all of it that is used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--copies", action="store_true")
    arguments = parser.parse_args()
    if arguments.copies:
        planted_copies()
    else:
        for name in arguments.sets:
            planted_labels(name, SETS[name])


def planted_labels(name: str, group_by: str) -> None:
    """Print what is found of labels planted in a set."""
    settings = Settings().changed({"data.group_by": group_by})
    catalog = scan(open_sources(need(name)), settings.data)
    for share, seeds in SEEDS.items():
        for seed in range(seeds):
            changed, wrong, count = plant(catalog, share, seed)
            found = review(changed, settings, teller())
            first = {doubt.key for doubt in found.doubts[: round(FIRST * count)]}
            recall = f"{len(first & wrong.keys()) / len(wrong):.3f}" if wrong else "-"
            named = [doubt.suggested == wrong[doubt.key] for doubt in found.doubts if doubt.key in wrong]
            right = f"{np.mean(named):.2f}" if named else "-"
            told = found.estimate
            print(
                f"{name} planted {len(wrong)} of {count}: {recall} in the first 5 %, own class suggested "
                f"{right}, doubts {len(found.doubts)}, estimate {told.value} ({told.low} to {told.high})",
                flush=True,
            )


def plant(catalog: Catalog, share: float, seed: int) -> tuple[Catalog, dict[Key, str], int]:
    """Return the catalog with a share of its labels changed, what is right, and how many are judged."""
    random = np.random.default_rng(seed)
    judged = [number for number, image in enumerate(catalog.images) if image.part in ("train", "val")]
    chosen = random.choice(judged, round(share * len(judged)), replace=False)
    images, wrong = list(catalog.images), {}
    for number in chosen:
        image = images[number]
        others = [label for label in catalog.labels if label != image.label]
        wrong[image.path, image.frame] = image.label
        images[number] = replace(image, label=others[random.integers(len(others))])
    return replace(catalog, images=tuple(images)), wrong, len(judged)


def planted_copies() -> None:
    """Print what is found of changed copies in another part."""
    for name in ("pneumoniamnist", "hannover_cxr/view", "bccd_crops"):
        with tempfile.TemporaryDirectory() as folder:
            planted = put_copies(need(name), Path(folder))
            settings = Settings()
            catalog = scan(open_sources(Path(folder)), settings.data)
            found = review(catalog, settings, teller(), cache=Path(folder) / "cache")
            known = {path for finding in catalog.findings for path in finding.paths}
            named = {path for pair in found.near for path, _ in (pair.a, pair.b)}
            kinds = sorted({path.rpartition("_")[2] for path in planted})
            for kind in kinds:
                own = [path for path in planted if path.endswith(kind)]
                print(
                    f"{name} {kind}: of {len(own)} copies the scan tells {sum(p in known for p in own)}, "
                    f"features {sum(p in named for p in own)}"
                )
            strange = [pair for pair in found.near if not {pair.a[0], pair.b[0]} & planted]
            print(f"{name}: {len(found.near)} pairs by features, {len(strange)} of them not planted")


def put_copies(source: Path, target: Path) -> set[str]:
    """Copy up to 300 images of each class into train and val; return the copies planted in val."""
    random = np.random.default_rng(0)
    planted: set[str] = set()
    for folder in class_folders(source):
        files = sorted(folder.glob("*"))[:300]
        for number, file in enumerate(files):
            part = "val" if number % 5 == 0 else "train"
            place = target / part / folder.name / file.name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, place)
        train = [file for number, file in enumerate(files) if number % 5]
        for number in random.choice(len(train), min(COPIES, len(train)), replace=False):
            for kind, pixels in changed(Image.open(train[number])).items():
                name = f"val/{folder.name}/{train[number].stem}_{kind}.png"
                pixels.save(target / name)
                planted.add(name)
    return planted


def class_folders(source: Path) -> Sequence[Path]:
    train = source / "train"
    return sorted(path for path in (train if train.is_dir() else source).iterdir() if path.is_dir())


def changed(image: Image.Image) -> dict[str, Image.Image]:
    """Return one changed copy: all kinds of one picture would be copies of each other."""
    width, height = image.size
    box = (round(0.1 * width), round(0.1 * height), width, height)
    kinds = {
        "mirrored": image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "turned": image.transpose(Image.Transpose.ROTATE_90),
        "cropped": image.crop(box),
    }
    kind = sorted(kinds)[sum(image.tobytes()) % 3]
    return {kind: kinds[kind]}


if __name__ == "__main__":
    main()
