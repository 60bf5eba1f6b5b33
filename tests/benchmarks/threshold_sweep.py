"""The experiment behind the thresholds of the checks: settings, what training did, what the rules said.

    python tests/benchmarks/threshold_sweep.py [--sets bccd_crops pneumoniamnist] [--quick] [--runs FOLDER]

Draws settings (network, optimizer, rate, pixels, weights, clipping, precision) from a grid that reaches from
timid to absurd, trains each for real for a bounded number of steps with the product's own step and without
any guard, and sets the outcome against the verdict of ``check``. Prints, for each set and for both together,
how many of the runs that diverged or died were caught, how many were missed, and how many that trained fine
were warned of or blocked. ``--runs`` keeps the outcomes: those that it holds aren't trained again, so the
verdicts of other thresholds take seconds.

Seen on 2 cores: 453 settings on bccd_crops, 133 failed, all caught (130 by the thresholds before); 263 fine,
12 alarmed. 252 of them on pneumoniamnist: 77 failed, 76 caught; 141 fine, 16 alarmed. What is alarmed on one
set mostly fails on the other: of 122 that trained fine on both, 1 was alarmed (0.8 %); of 91 that failed on
one or both, 1 was missed (fine-tuning with Adam at .001, which is fine on the other set).
"""

import argparse
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from common import need
from sweep_runs import End, Images, Trainer, embed, load_images, seen_values, train_quick_head

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.catalog.types import Catalog
from counterpoise.core.findings import Severity
from counterpoise.core.pixels.choose import choose_format
from counterpoise.core.safety.plan import Plan, make_plan
from counterpoise.core.safety.resolve import MODE_DEFAULTS
from counterpoise.core.safety.rules import RULES
from counterpoise.core.settings import DataSettings, Settings

MOST_PER_CLASS, RAREST = 400, 40
ALARMS = ("pixels-unscaled", "learning-rate-too-high", "precision-overflow", "scaling-degenerate")
"""Say that training will fail."""
REMARKS = ("weight-ratio-extreme", "weight-changes-learning-rate")
"""Say what is so (a ratio, a rate that works like another one), at bounds that the catalogue fixes. So does
``pixels-unscaled`` under an adaptive optimizer: raw 0 to 255 is refused although it often recovers."""
DIVERGED = 3.0
"""Times the loss of the best constant answer, after the rate has come down to nothing."""
DEAD = 0.01
"""Of the spread of the outputs at the start: the same answer for all images."""
STARVED = 0.5
"""Share of the steps that half precision must apply."""
LEARNT = 0.5
"""Of what the suggested settings learn in as many steps, as the fall of the loss that a run reports."""
BAD = ("diverged", "dead", "starved")
SEEDS = 3
"""Trainings of a setting whose outcome and verdict differ."""


@dataclass(frozen=True)
class Way:
    """A way of training, with what is varied in it."""

    settings: dict[str, Any]
    steps: int
    runs: int
    rates: dict[str, tuple[float, ...]]
    pixels: tuple[str, ...]
    precisions: tuple[str, ...] = ("float32",)


SGD, ADAM = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0), (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1)
CNN = {"model.name": "small_cnn", "model.mode": "scratch", "model.image_size": 32}
LITE = {"model.name": "efficientnet_lite0", "model.image_size": 32}
WAYS = {
    "head": Way(
        {**LITE, "model.mode": "features"}, 400, 160,
        {
            "sgd": (*SGD[2:], 3.0, 10.0, 30.0), "adam": (*ADAM[2:], 0.3, 1.0, 3.0),
            "rmsprop": (*ADAM[2:], 0.3, 1.0),
        },
        ("minmax", "zscore", "none"),
    ),
    "cnn": Way(
        CNN, 100, 240, {"sgd": SGD, "adam": ADAM, "adamw": ADAM[1:6:2], "rmsprop": ADAM[1:6:2]},
        ("minmax", "zscore", "times 3", "times 10", "times 30", "times 255"),
    ),
    "finetune": Way(
        {**LITE, "model.mode": "finetune"}, 50, 40,
        {"sgd": SGD[:6], "adam": (*ADAM[:6], 0.1), "rmsprop": ADAM[:5:2]}, ("minmax", "zscore", "none"),
    ),
    "lite0 from scratch": Way(
        {**LITE, "model.mode": "scratch"}, 40, 12, {"sgd": SGD[2:], "adam": ADAM[2:]},
        ("minmax", "zscore", "times 255"),
    ),
    "cnn, float16": Way(
        CNN, 40, 12, {"sgd": SGD[2:5], "adam": ADAM[2:5]}, ("minmax", "zscore", "times 255"),
        ("mixed_float16",),
    ),
}  # fmt: skip
WEIGHTS = (
    "none", "none", "none", "balanced", "inverse_sqrt", "sum_one", "rare 10", "rare 18", "rare 10 raw",
    "rare 18 raw", "rare 50", "rare 50 raw", "rare 300 raw", "rare 1000 raw", "all 10", "all 100", "all 0.1",
)  # fmt: skip
CLIPS = (None, None, 1.0)


@dataclass(frozen=True)
class Setting:
    """One point of the grid."""

    way: str
    optimizer: str
    rate: float
    pixels: str
    weights: str
    clip: float | None
    precision: str = "float32"

    def changes(self, labels: tuple[str, ...], rarest: str) -> dict[str, Any]:
        """Return the settings that differ from the defaults, by dotted key."""
        kind, _, amount = self.weights.partition(" ")
        changes: dict[str, Any] = {
            **WAYS[self.way].settings,
            "training.optimizer": self.optimizer,
            "training.learning_rate": self.rate,
            "training.precision": self.precision,
            "training.batch_size": 32,
            "training.clip_norm": self.clip,
            "scaling.method": "none" if self.pixels.startswith("times") else self.pixels,
        }
        if kind in ("rare", "all"):
            number, _, raw = amount.partition(" ")
            custom = {label: float(number) if kind == "all" or label == rarest else 1.0 for label in labels}
            normalize = "none" if raw or kind == "all" else "mean_one"
            return {
                **changes,
                "weighting.method": "custom",
                "weighting.custom": custom,
                "weighting.normalize": normalize,
            }
        method, normalize = ("balanced", "sum_one") if kind == "sum_one" else (kind, "mean_one")
        return {
            **changes,
            "weighting.method": method,
            "weighting.normalize": normalize,
            "weighting.max_ratio": 1000.0,
        }


def drawn(quick: bool) -> Iterator[Setting]:
    """Draw each way's runs from its whole grid, the same at every start; the first is what ``auto`` means."""
    for name, way in WAYS.items():
        yield reference(name)
        rates = [(o, r) for o, several in way.rates.items() for r in several]
        grid = list(itertools.product(rates, way.pixels, WEIGHTS, CLIPS, way.precisions))
        chosen = random.Random(name).sample(grid, way.runs)[: max(5, way.runs // 10) if quick else None]
        # One compiled step serves an optimizer: they follow each other.
        once = sorted(dict.fromkeys(chosen), key=lambda c: c[0][0])
        for (optimizer, rate), pixels, weights, clip, precision in once:
            yield Setting(name, optimizer, rate, pixels, weights, clip, precision)


def reference(way: str) -> Setting:
    """Return the suggested settings, against which others are said to have trained fine or not."""
    rate = MODE_DEFAULTS[WAYS[way].settings["model.mode"]].learning_rate
    return Setting(way, "adam", rate, "minmax", "none", None, WAYS[way].precisions[0])


def small_catalog(name: str, folder: Path) -> Catalog:
    """Return a catalog of a few hundred images of a real set, the rarest class a tenth of the largest."""
    root = need(name)
    root = root / "train" if (root / "train").is_dir() else root
    classes = sorted(path for path in root.iterdir() if path.is_dir())[:5]
    for number, label in enumerate(classes):
        files = sorted(label.iterdir())[: RAREST if number == 0 else MOST_PER_CLASS // (1 + number // 2)]
        (folder / label.name).mkdir(parents=True)
        for file in files:
            (folder / label.name / file.name).symlink_to(file)
    return scan(open_sources(folder), DataSettings(val=0.0, test=0.0), cache=folder.parent / "cache")


def planned(setting: Setting, images: Images) -> tuple[Plan, Images]:
    """Return the plan and the images as raw values of the range asked for."""
    if setting.pixels.startswith("times"):
        images = images.times(float(setting.pixels.partition(" ")[2]) / 255)
    counts = images.catalog.counts("train")
    rarest = min(counts, key=lambda label: counts[label])
    settings = Settings().changed(setting.changes(images.catalog.labels, rarest))
    return make_plan(images.catalog, settings), images


def verdict(plan: Plan, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the warnings and blockers among ``codes``."""
    found = (finding for code in codes for finding in RULES[code](plan))
    return tuple(f"{f.code}:{f.severity}" for f in found if f.severity != Severity.INFO)


def outcome(end: End, reference: End) -> str:
    """Say how a training ended: fine, poor (slow, or swinging), or one of BAD."""
    if not end.loss <= DIVERGED:
        return "diverged"
    if end.applied < STARVED:
        return "starved"
    if end.spread < DEAD:
        return "dead"
    return "fine" if end.loss < 1 and 1 - end.told >= LEARNT * (1 - reference.told) else "poor"


Wanted = tuple[Setting, int]
"""A setting and a seed."""


def run_all(wanted: Iterable[Wanted], base: Images) -> Iterator[tuple[Wanted, End]]:
    """Train every setting with its seed; those of one compiled step should follow each other."""
    trainers: dict[tuple[str, str, str], Trainer] = {}
    features: dict[str, Any] = {}
    for setting, seed in wanted:
        plan, images = planned(setting, base)
        way = WAYS[setting.way]
        key = (setting.way, setting.optimizer, setting.precision)
        if plan.mode == "features":
            if setting.pixels not in features:
                features[setting.pixels] = embed(seen_values(plan, images))
            end = train_quick_head(plan, features[setting.pixels], images, way.steps, seed)
        else:
            if key not in trainers:
                trainers.clear()
                trainers[key] = Trainer(plan, images)
            end = trainers[key].train(plan, images, way.steps, seed)
        yield (setting, seed), end


@dataclass(frozen=True)
class Judged:
    """A setting with its outcomes, one per seed, and what the rules said before it."""

    setting: Setting
    ends: tuple[End, ...]
    outcomes: tuple[str, ...]
    alarms: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """Fine or failed where all seeds agree; else it is a matter of luck."""
        if all(name in BAD for name in self.outcomes):
            return "failed"
        return self.outcomes[0] if len(set(self.outcomes)) == 1 else "luck"

    @property
    def disagrees(self) -> bool:
        """Whether rules and outcome differ, so that more seeds are worth their time."""
        missed = any(name in BAD for name in self.outcomes) and not self.alarms and not self.remarks
        return missed or (bool(self.alarms) and "fine" in self.outcomes)

    def __str__(self) -> str:
        s, end = self.setting, self.ends[0]
        return (
            f"{s.way}, {s.optimizer} {s.rate:g}, {s.pixels}, weights {s.weights}, clip {s.clip}: "
            f"{'/'.join(self.outcomes)}, loss {end.loss:.2g}, told {end.told:.2g}, auc {end.auc:.2f}; "
            f"{' '.join((*self.alarms, *self.remarks))}"
        )


def judge(ends: dict[Wanted, End], settings: Iterable[Setting], base: Images) -> list[Judged]:
    """Set all ends against the rules' verdict."""
    judged = []
    for setting in settings:
        plan, _ = planned(setting, base)
        own = tuple(end for (other, _), end in ends.items() if other == setting)
        outcomes = tuple(outcome(end, ends[reference(setting.way), 0]) for end in own)
        fixed = () if setting.optimizer == "sgd" else ("pixels-unscaled",)
        alarms = verdict(plan, tuple(code for code in ALARMS if code not in fixed))
        judged.append(Judged(setting, own, outcomes, alarms, verdict(plan, REMARKS + fixed)))
    return judged


def report(judged: list[Judged]) -> None:
    """Print the table, then what was missed and what was alarmed for nothing."""
    columns = (
        "settings",
        "failed",
        "caught",
        "missed",
        "fine",
        "alarmed",
        "remarked",
        "poor",
        "luck",
        "told of",
    )
    print(f"{'':20}" + "".join(f"{name:>9}" for name in columns))
    for way in (*WAYS, None):
        rows = [j for j in judged if way in (None, j.setting.way)]
        kinds = {n: [j for j in rows if j.outcome == n] for n in ("failed", "fine", "poor", "luck")}
        caught = sum(bool(j.alarms or j.remarks) for j in kinds["failed"])
        between = kinds["poor"] + kinds["luck"]
        numbers = (
            len(rows), len(kinds["failed"]), caught, len(kinds["failed"]) - caught, len(kinds["fine"]),
            sum(bool(j.alarms) for j in kinds["fine"]),
            sum(bool(j.remarks) and not j.alarms for j in kinds["fine"]),
            len(kinds["poor"]), len(kinds["luck"]), sum(bool(j.alarms or j.remarks) for j in between),
        )  # fmt: skip
        print(f"{way or 'all':20}" + "".join(f"{n:9}" for n in numbers))
    for title, chosen in (
        ("missed", [j for j in judged if j.outcome == "failed" and not j.alarms and not j.remarks]),
        ("fine, with an alarm", [j for j in judged if j.outcome == "fine" and j.alarms]),
        ("fails with some seeds, nothing said", [j for j in judged if j.outcome == "luck" and not j.alarms]),
        ("poor, nothing said", [j for j in judged if j.outcome == "poor" and not j.alarms and not j.remarks]),
    ):
        print(f"\n{title}: {len(chosen)}", *chosen, sep="\n  ")


def kept_ends(file: Path | None) -> dict[Wanted, End]:
    """Return the outcomes of earlier runs."""
    if file is None or not file.is_file():
        return {}
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    return {(Setting(**row["setting"]), row["seed"]): End(**row["end"]) for row in rows}


def swept(name: str, settings: list[Setting], file: Path | None, more_seeds: bool) -> list[Judged]:
    """Train what ``file`` doesn't hold yet on one set, and judge all of it."""
    ends = kept_ends(file)
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["COUNTERPOISE_HOME"] = str(Path(temporary) / "home")
        catalog = small_catalog(name, Path(temporary) / "data")
        base = load_images(catalog, choose_format(catalog.images, 32, 32))

        def train(wanted: list[Wanted]) -> None:
            began = time.monotonic()
            for (setting, seed), end in run_all([each for each in wanted if each not in ends], base):
                ends[setting, seed] = end
                if file:
                    row = {"setting": asdict(setting), "seed": seed, "end": asdict(end)}
                    with file.open("a") as kept:
                        kept.write(json.dumps(row) + "\n")
                print(
                    f"\r{name}: {len(ends)} runs, {time.monotonic() - began:.0f} s", end="", file=sys.stderr
                )

        train([(setting, 0) for setting in settings])
        judged = judge(ends, settings, base)
        if more_seeds:
            train([(j.setting, seed) for j in judged if j.disagrees for seed in range(1, SEEDS)])
            judged = judge(ends, settings, base)
        return judged


def report_together(sets: Iterable[list[Judged]]) -> None:
    """Print what holds on all sets: the rules know settings, not how hard the images are."""
    by_setting = [{j.setting: j for j in judged} for judged in sets]
    both = [[one[s] for one in by_setting] for s in by_setting[0] if all(s in one for one in by_setting)]
    fine = [several for several in both if all(j.outcome == "fine" for j in several)]
    failed = [several for several in both if any(j.outcome == "failed" for j in several)]
    alarmed = [several for several in fine if any(j.alarms for j in several)]
    missed = [
        several
        for several in failed
        if any(j.outcome == "failed" and not j.alarms and not j.remarks for j in several)
    ]
    print(f"\n{len(both)} settings on all sets: {len(fine)} fine on all, {len(alarmed)} of them alarmed;")
    print(f"{len(failed)} failed on one at least, {len(missed)} of them missed")
    for several in (*alarmed, *missed):
        print("", *several, sep="\n  ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="+", default=["bccd_crops", "pneumoniamnist"])
    parser.add_argument("--quick", action="store_true", help="a tenth of the settings")
    parser.add_argument("--runs", type=Path, help="folder for outcomes; what it holds isn't done again")
    parser.add_argument(
        "--one-seed", action="store_true", help="no more seeds where rules and outcome differ"
    )
    arguments = parser.parse_args()
    settings = list(dict.fromkeys(drawn(arguments.quick)))
    judged = []
    for name in arguments.sets:
        file = arguments.runs / f"{name}.jsonl" if arguments.runs else None
        judged.append(swept(name, settings, file, not arguments.one_seed))
        print(f"\n{name}")
        report(judged[-1])
    if len(judged) > 1:
        report_together(judged)


if __name__ == "__main__":
    main()
