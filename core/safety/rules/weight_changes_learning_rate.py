"""weight-changes-learning-rate: the mean weight is far from one, and the step length with it."""

from collections.abc import Iterator

from counterpoise.core.balance.weights import mean_weight
from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.weights import can_work

FACTOR = 2  # the catalogue's


def weight_changes_learning_rate(plan: Plan) -> Iterator[Finding]:
    if not can_work(plan) or not plan.training_images:
        return
    mean = mean_weight(plan.train_counts, plan.weights)
    if 1 / FACTOR <= mean <= FACTOR:
        return
    rate = float(plan.settings.training.learning_rate)
    plain = plan.settings.training.optimizer == "sgd"
    yield make_finding(
        "weight-changes-learning-rate",
        Severity.WARNING if plain else Severity.INFO,
        {"mean_weight": mean, "learning_rate": rate, "effective_learning_rate": plan.effective_learning_rate},
        variant=None if plain else "adaptive",
        words={
            "mean": f"{mean:.3g}",
            "rate": f"{rate:.3g}",
            "effective": f"{plan.effective_learning_rate:.3g}",
            "direction": "smaller" if mean < 1 else "larger",
            "times": f"{max(mean, 1 / mean):,.3g}",
            "optimizer": plan.settings.training.optimizer,
        },
        fix=Fix("Bring the mean weight to one", {"weighting.normalize": "mean_one"}),
    )
