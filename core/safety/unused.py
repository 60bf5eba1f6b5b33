"""Settings that were given and that the way of training chosen doesn't use."""

from counterpoise.core.safety.plan import Plan
from counterpoise.core.settings import Settings


def given(settings: Settings) -> tuple[str, ...]:
    """Return the keys whose value isn't the default, ``table.key``."""
    default = Settings().model_dump()
    return tuple(
        f"{table}.{key}"
        for table, values in settings.model_dump().items()
        for key, value in values.items()
        if value != default[table][key]
    )


def unused(plan: Plan) -> tuple[str, ...]:
    """Return the given settings that change nothing in this plan."""
    idle = idle_settings(plan)
    return tuple(key for key in given(plan.requested) if key in idle)


def idle_settings(plan: Plan) -> frozenset[str]:
    """Return every setting that changes nothing in this plan."""
    settings, own = plan.settings, plan.catalog.own_parts
    method = settings.weighting.method
    idle = {
        # Frozen features are taken once, from the images as they are, in full precision.
        "training.augment": plan.mode == "features",
        "training.precision": plan.mode == "features",
        "model.weights": plan.mode == "scratch",
        "weighting.custom": method != "custom",
        "weighting.max_ratio": method in ("none", "custom"),
        # Equal weights that sum up to one still shorten the steps.
        "weighting.normalize": method == "none" and settings.weighting.normalize != "sum_one",
        "scaling.window": settings.scaling.method != "window",
        "data.positive": len(plan.catalog.labels) > 2,
        "data.val": "val" in own,
        "data.test": "test" in own,
        "data.seed": "val" in own and "test" in own,
        "evaluation.target": settings.evaluation.operating_point not in ("sensitivity", "specificity"),
        "evaluation.prevalence": len(plan.catalog.labels) > 2,
    }
    return frozenset(key for key, is_idle in idle.items() if is_idle)
