"""Harms files of every format we read and has them read as a scan does: no crash, no hang, bounded memory.

``python tests/faults/fuzz.py --files 5000 --seed 0`` (``--minutes N``: goes on with further seeds that long;
``--bombs``: small files that unpack to huge ones as well). Files that break an assertion are kept in
``--keep`` and their names printed; the exit status is 1 then.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from bombs import bombs
from fuzz_trials import Outcome, mutations, run


def _told(outcomes: list[Outcome], found: list[str], seconds: float) -> str:
    read = sum(bool(outcome.frames) for outcome in outcomes)
    slowest = max(outcomes, key=lambda outcome: outcome.seconds)
    largest = max(outcomes, key=lambda outcome: outcome.memory)
    return (
        f"{len(outcomes)} files in {seconds:.0f} s: {read} gave an image, {len(outcomes) - read} a reason, "
        f"{len(found)} faults; slowest {slowest.seconds:.2f} s ({slowest.file.name}), most memory "
        f"{largest.memory / 2**20:.0f} MiB ({largest.file.name})"
    )


def main() -> int:
    """Run as the command line says; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--bombs", action="store_true")
    parser.add_argument(
        "--reasons", action="store_true", help="print every reason and how often it was given"
    )
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "counterpoise-fuzz")
    options = parser.parse_args()
    end, seed, all_found = time.monotonic() + 60 * options.minutes, options.seed, 0
    while True:
        with tempfile.TemporaryDirectory() as place:
            files = list(mutations(Path(place), options.files, seed))
            if options.bombs and seed == options.seed:
                files += [_written(Path(place) / name, data) for name, data in bombs()]
            began = time.monotonic()
            outcomes, found = run(files, options.keep)
            print(f"seed {seed}: {_told(outcomes, found, time.monotonic() - began)}", flush=True)  # noqa: T201  # a script's output
            for line in found:
                print("  " + line)  # noqa: T201  # a script's output
            if options.reasons:
                reasons = Counter(outcome.reason for outcome in outcomes)
                print("\n".join(f"{n:6} {reason}" for reason, n in reasons.most_common()))  # noqa: T201  # a script's output
        all_found += len(found)
        seed += 1
        if time.monotonic() > end:
            break
    return 1 if all_found else 0


def _written(file: Path, data: bytes) -> Path:
    file.write_bytes(data)
    return file


if __name__ == "__main__":
    sys.exit(main())
