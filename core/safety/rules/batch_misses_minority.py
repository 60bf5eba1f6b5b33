"""batch-misses-minority: more than half of the batches would hold no image of the rarest class."""

import math
from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.findings.words import percent
from counterpoise.core.safety import memory
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.resolve import LARGEST_AUTO_BATCH

HALF = 0.5


def odds_of_none(total: int, rare: int, batch: int) -> float:
    """Return the probability that ``batch`` images drawn without putting back hold none of ``rare``.

    The hypergeometric C(total - rare, batch) / C(total, batch).

    >>> round(odds_of_none(100, 10, 10), 3)
    0.33
    """
    if batch > total - rare:
        return 0.0
    return math.exp(_log_choose(total - rare, batch) - _log_choose(total, batch))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def batch_misses_minority(plan: Plan) -> Iterator[Finding]:
    counts = {label: count for label, count in plan.train_counts.items() if count}
    if len(counts) < 2:
        return
    total, batch = sum(counts.values()), int(plan.settings.training.batch_size)
    label = min(counts, key=lambda name: counts[name])
    if plan.settings.weighting.sampling == "balanced":
        odds = (1 - 1 / len(counts)) ** batch
    else:
        odds = odds_of_none(total, counts[label], batch)
    if odds <= HALF:
        return
    # What "auto" chose is never worth more than a remark.
    severity = Severity.INFO if plan.requested.training.batch_size == "auto" else Severity.WARNING
    yield make_finding(
        "batch-misses-minority",
        severity,
        {"odds": odds, "class": label, "count": counts[label], "batch_size": batch},
        words={"share": percent(odds), "label": label},
        fix=_mend(plan, total, counts[label], len(counts)),
    )


def _fits(plan: Plan, batch: int) -> bool:
    device = plan.settings.training.device
    return batch == memory.largest_batch(plan.spec, plan.format, plan.mode, device, plan.host, batch)


def _mend(plan: Plan, total: int, rare: int, classes: int) -> Fix:
    balanced = plan.settings.weighting.sampling == "balanced"
    base = (1 - 1 / classes) if balanced else (1 - rare / total)
    enough = min(total, math.ceil(math.log(HALF) / math.log(base)) + 1)
    rounded = min(total, 1 << (enough - 1).bit_length())
    # Larger batches cost memory and leave few steps per pass; then sampling is the better mend.
    if balanced or (enough <= LARGEST_AUTO_BATCH and _fits(plan, rounded)):
        return Fix(f"Use batches of {rounded}", {"training.batch_size": rounded})
    return Fix(
        "Draw each class equally often", {"weighting.sampling": "balanced", "weighting.method": "none"}
    )
