"""What makes steps too long, too short or not finite: pixels, rate, weights, precision."""

from collections.abc import Iterator

from counterpoise.core.findings import Fix
from counterpoise.core.safety.causes.case import Case, Suspect, said
from counterpoise.core.safety.resolve import suggested_rate
from counterpoise.core.safety.rules.learning_rate_too_high import ADAPTIVE, PLAIN, USUAL_NORM
from counterpoise.core.safety.rules.pixels_unscaled import LARGEST_RMS, SMALLEST_STD
from counterpoise.core.safety.rules.weight_ratio_extreme import CAP, WARN_ABOVE

TOO_SLOW = 100.0
"""A rate so many times below the suggested one gets no farther in 100 rounds than that does in one."""
STORED_EXCESS = 12.0
"""Raw 8-bit pixels, whose root mean square is some 120, over LARGEST_RMS: what is assumed where the range
isn't known."""


def pixels(case: Case) -> Iterator[Suspect]:
    """What the first layer sees: far from -1 to 1, or all alike."""
    fix = Fix("Use the suggested scaling", {"scaling.method": "auto"})
    seen = case.seen
    if seen is None:
        # A pretrained network maps stored pixels into its own range.
        if case.mode == "scratch" and case.settings.scaling.method == "none":
            yield Suspect(STORED_EXCESS, said("pixels.stored", fix))
    elif seen.rms > LARGEST_RMS:
        words = {"low": f"{seen.low:.4g}", "high": f"{seen.high:.4g}"}
        yield Suspect(seen.rms / LARGEST_RMS, said("pixels", fix, **words))
    elif 0 < seen.std < SMALLEST_STD:
        yield Suspect(SMALLEST_STD / seen.std, said("pixels.flat", fix, spread=f"{seen.std:.1g}"))


def rate(case: Case) -> Iterator[Suspect]:
    """A learning rate too high by itself."""
    warn, _ = (PLAIN if case.plain else ADAPTIVE)[case.mode]  # of the rate alone
    if case.rate <= warn:
        return
    suggested = suggested_rate(case.mode, case.optimizer)
    times = case.rate / warn
    fix = (
        Fix("Use the suggested learning rate", {"training.learning_rate": "auto"})
        if suggested <= warn
        else slower(case.rate, warn / 2)
    )
    words = {"rate": f"{case.rate:.3g}", "times": _many(times)}
    yield Suspect(times, said("rate", fix, **words, optimizer=case.optimizer, safe=f"{warn:.2g}"))


def _many(times: float) -> str:
    """Put a factor into words that stay short."""
    if times >= 1e6:
        return "more than a million"
    return f"{times:.2g}" if times < 100 else f"{times:,.0f}"


def slower(rate: float, most: float) -> Fix:
    """Return the fix that sets a rate of at most ``most``, rounded."""
    new = float(f"{min(most, rate):.1g}")
    return Fix(f"Use a learning rate of {new:g}", {"training.learning_rate": new})


def weights(case: Case) -> Iterator[Suspect]:
    """Weights far apart, by themselves or by what they make of the rate."""
    known = case.finite_weights
    largest, smallest = max(known, key=known.__getitem__), min(known, key=known.__getitem__)
    ratio = known[largest] / known[smallest]
    heaviest, clip = known[largest], case.settings.training.clip_norm
    if clip is not None:  # a clipped step is no longer than rate times the norm, whatever the weight
        heaviest = max(1.0, min(heaviest, clip / USUAL_NORM[case.mode]))
    limit, _ = PLAIN[case.mode]
    effective = case.rate * heaviest
    words = {"largest": largest, "smallest": smallest, "ratio": f"{ratio:,.0f}"}
    if case.plain and heaviest > 2 and effective > limit:
        words |= {"weight": f"{heaviest:,.3g}", "rate": f"{case.rate:.3g}", "effective": f"{effective:.3g}"}
        fix = _closer(case) if ratio > 2 else _mean_one()
        cause = said("weights.rate", fix, **words, limit=f"{limit:g}", optimizer=case.optimizer)
        # A rate that is too high by itself is its own suspect: weights answer for what they add to it.
        yield Suspect(max(effective / max(limit, case.rate), ratio / WARN_ABOVE), cause)
    else:
        yield Suspect(ratio / WARN_ABOVE, said("weights.ratio", _closer(case), **words))


def _closer(case: Case) -> Fix:
    if case.settings.weighting.method == "custom":
        return Fix("Use the suggested weights", {"weighting.method": "auto", **_mean_one().set})
    label = f"Keep the weights within a factor of {CAP}"
    return Fix(label, {"weighting.max_ratio": float(CAP), **_mean_one().set})


def _mean_one() -> Fix:
    return Fix("Bring the mean weight to one", {"weighting.normalize": "mean_one"})


def slow(case: Case) -> Iterator[Suspect]:
    """A rate far too low, by itself or by the weights' mean."""
    usual = suggested_rate(case.mode, case.optimizer)
    effective = case.rate * (case.mean if case.plain else 1.0)
    words = {"rate": f"{case.rate:.3g}", "effective": f"{effective:.3g}", "mean": f"{case.mean:.3g}"}
    if usual / effective <= TOO_SLOW:
        return
    if usual / case.rate <= TOO_SLOW:  # the rate alone would do
        yield Suspect(usual / effective / TOO_SLOW, said("weights.mean", _mean_one(), **words))
        return
    fix = Fix("Use the suggested learning rate", {"training.learning_rate": "auto"})
    times = _many(usual / case.rate)
    yield Suspect(usual / effective / TOO_SLOW, said("slow", fix, **words, times=times))


def half(case: Case) -> Iterator[Suspect]:
    """Half precision."""
    if case.settings.training.precision != "mixed_float16" or case.mode == "features":
        return
    weight = max(case.finite_weights.values())
    fix = Fix("Train in full precision", {"training.precision": "float32"})
    # An overflow is what half precision does first, so the weight itself counts, not what is allowed of it.
    yield Suspect(max(1.01, weight), said("half", fix, weight=f"{weight:,.3g}"))
