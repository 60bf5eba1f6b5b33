"""``metrics.json`` of a run: figures on validation, and what was opened since."""

import json
from pathlib import Path
from typing import Any

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings.files import check_format_version
from counterpoise.core.study.atomic import write_text

FORMAT_VERSION = 1


def read_metrics(path: Path) -> dict[str, Any]:
    """Return the file's object; raises CounterpoiseError where it is missing, damaged or newer."""
    try:
        metrics = json.loads(path.read_text(encoding="utf-8"))
        check_format_version(metrics.get("format_version", FORMAT_VERSION), path)
        openings = metrics.setdefault("openings", 0)
        evaluations = metrics.setdefault("evaluations", [])
        if not isinstance(openings, int) or not isinstance(evaluations, list):
            raise ValueError("openings and evaluations")
    except OSError as error:
        raise CounterpoiseError(
            f"{path} can't be read ({error.strerror}): expected the figures of a run. Give a finished run."
        ) from None
    except (ValueError, AttributeError) as error:
        raise CounterpoiseError(
            f"{path} is damaged ({str(error).splitlines()[0]}): expected the figures of a run. "
            "Put it back from a copy of the run."
        ) from None
    return dict(metrics)


def write_metrics(path: Path, metrics: dict[str, Any]) -> None:
    """Write the file in one step; NaN is refused."""
    write_text(path, json.dumps(metrics, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
