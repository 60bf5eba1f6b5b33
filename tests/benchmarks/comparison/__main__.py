"""The usual mistakes, made in plain Keras and in Counterpoise: what each says and does.

    python tests/benchmarks/comparison [--only NAME ...] [--out FILE] [--jobs 2]

Prints a table and a ratio, and with ``--out`` writes what the help shows (resources/help/comparison.json).
Every mistake runs in processes of its own, on a few hundred small images: real ones where they are,
synthetic ones elsewhere. About ten minutes on two cores.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import families  # noqa: F401 - registers the mistakes
from mistake import MISTAKES, Mistake, Seen, Side
from ours import Commands
from said import judge_words
from sets import is_real

PACKAGES = ("counterpoise", "keras", "tensorflow", "numpy")


def main() -> None:
    """Parse the command line and compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=MISTAKES, metavar="NAME", default=list(MISTAKES))
    parser.add_argument(
        "--out", type=Path, help="write the results here; with --only into those that stand there"
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--child", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        as_child(*arguments.child)
        return
    began = time.monotonic()
    entries = []
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for entry in pool.map(lambda name: compared(MISTAKES[name]), arguments.only):
            entries.append(entry)
            if arguments.out:
                keep(arguments.out, entry)
    if arguments.out:
        entries = json.loads(arguments.out.read_text(encoding="utf-8"))["mistakes"]
    print(f"\n{summary(entries)}\n{time.monotonic() - began:.0f} s")


def as_child(name: str, folder: str) -> None:
    """Make one mistake in this process, which may well end by it."""
    seen = MISTAKES[name].keras(Path(folder))
    Path(folder, "seen.json").write_text(json.dumps(asdict(seen)), encoding="utf-8")


def compared(entry: Mistake) -> dict[str, Any]:
    """Make one mistake on both sides."""
    work = Path(tempfile.mkdtemp(prefix="counterpoise-comparison-")).resolve()
    try:
        entry.prepare(work)
        sides = {"keras": in_keras(entry, work), "counterpoise": in_counterpoise(entry, work)}
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(row(entry, sides), flush=True)
    told = {"name": entry.name, "family": entry.family, "title": entry.title, "wrote": entry.wrote,
            "typed": entry.typed, "note": entry.note}  # fmt: skip
    sided = {name: side.to_json() for name, side in sides.items()}
    return json.loads(json.dumps({**told, **sided}, ensure_ascii=False).replace(f"{work}/", ""))  # type: ignore[no-any-return]


def in_keras(entry: Mistake, work: Path) -> Side:
    """Run the Keras program and look at what it did and said."""
    began = time.monotonic()
    command = [sys.executable, str(Path(__file__).parent), "--child", entry.name, str(work)]
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "COLUMNS": "200"}
    with (work / "said.txt").open("wb") as output:
        try:
            status = subprocess.run(
                command, stdout=output, stderr=subprocess.STDOUT, cwd=work, env=environment,
                timeout=entry.seconds, check=False,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            status = None
    said = (work / "said.txt").read_text(encoding="utf-8", errors="replace")
    if status is not None and status < 0:  # what a shell would print
        said += f"\n{signal.strsignal(-status)}"
    says, words = judge_words(said, entry.cause, entry.hint)
    seen = outcome(entry, work, status)
    return Side(seen.does, seen.detail, says, words, seconds=time.monotonic() - began)


def outcome(entry: Mistake, work: Path, status: int | None) -> Seen:
    if status == 0:
        return Seen(**json.loads((work / "seen.json").read_text(encoding="utf-8")))
    if status is None:
        return Seen("hangs", f"Nothing after {entry.seconds:.0f} s.")
    if entry.after:
        return entry.after(work)
    return (
        Seen("dies", f"The process is ended by signal {-status}.")
        if status < 0
        else Seen("error", "It ends with an error.")
    )


def in_counterpoise(entry: Mistake, work: Path) -> Side:
    """Do the same with the command line."""
    do = Commands(work)
    try:
        return entry.ours(do)
    except subprocess.TimeoutExpired:
        return do.side("hangs", f"Nothing after {do.seconds:.0f} s.")


def row(entry: Mistake, sides: dict[str, Side]) -> str:
    lines = [f"{entry.name}: {entry.title}"]
    for name, side in sides.items():
        words = f" «{side.words}»" if side.words else ""
        lines.append(f"  {name:13} {side.verdict:7} {side.does}. {side.detail}{words} [{side.seconds:.0f} s]")
    return "\n".join(lines)


def summary(entries: list[dict[str, Any]]) -> str:
    """Return the ratio this is about, and all counts beside it."""
    counts = {
        side: Counter(entry[side]["verdict"] for entry in entries) for side in ("keras", "counterpoise")
    }
    shown = ", ".join(f"{side} {found['silent']} of {len(entries)}" for side, found in counts.items())
    lines = [f"Silent failures: {shown}"]
    for side, found in counts.items():
        lines.append(
            f"  {side}: " + ", ".join(f"{found[v]} {v}" for v in ("fine", "named", "hint", "silent"))
        )
    return "\n".join(lines)


def keep(out: Path, entry: dict[str, Any]) -> None:
    """Write a result beside those that stand in ``out``, in the order of the register."""
    stood = json.loads(out.read_text(encoding="utf-8"))["mistakes"] if out.is_file() else []
    known = {**{old["name"]: old for old in stood}, entry["name"]: entry}
    told = record([known[name] for name in MISTAKES if name in known])
    out.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def record(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what is kept: date, versions, images, and every mistake."""
    return {
        "format_version": 1,
        "date": date.today().isoformat(),
        "versions": {name: version(name) for name in PACKAGES},
        "system": f"{platform.system()} on {os.cpu_count()} cores, Python {platform.python_version()}",
        "images": "real" if is_real() else "synthetic",
        "mistakes": entries,
    }


if __name__ == "__main__":
    main()
