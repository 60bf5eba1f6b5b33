"""Every code of the settings: rule, sentence, a case that fires, silence when healthy, a fix that mends."""

import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from settings_cases import CASES, bright, custom

from counterpoise.core.findings import CODES, Finding, Severity, Subject
from counterpoise.core.findings.sentences import SENTENCES
from counterpoise.core.safety.check import check
from counterpoise.core.safety.rules import RULES
from counterpoise.core.safety.rules.batch_misses_minority import odds_of_none

SETTINGS_CODES = [code for code, spec in CODES.items() if spec.subject == Subject.SETTINGS]
# Comes from real steps, not from a rule: tests/core/training.
MEASURED = {"dry-run-failed"}


@pytest.mark.parametrize("code", SETTINGS_CODES)
def test_every_code_has_rule_sentence_and_case(code: str) -> None:
    assert any(key.split(".")[0] == code for key in SENTENCES)
    assert code in MEASURED or code in RULES
    assert code in MEASURED or any(name.startswith(f"{code}: ") for name in CASES)


def only(case: Any, code: str) -> list[Finding]:
    return [finding for finding in check(case.plan()).findings if finding.code == code]


@pytest.mark.parametrize("name", CASES)
def test_fires_with_its_severity_and_its_fix_mends_it(
    name: str, healthy: Any, request: pytest.FixtureRequest
) -> None:
    code = name.split(":")[0]
    case, severity = CASES[name](healthy, request)
    before = check(case.plan())
    found = [finding for finding in before.findings if finding.code == code]
    assert [str(finding.severity) for finding in found] == [severity]
    assert "{" not in found[0].message
    assert found[0].message.count(".") >= 2, "a sentence says what, why, and what to do"
    if found[0].fix is None:
        return
    mended = dataclasses.replace(case, settings=case.settings.changed(found[0].fix.set))
    after = check(mended.plan())
    assert code not in {finding.code for finding in after.findings}
    worse = {f.code for f in after.findings if f.severity != Severity.INFO} - {
        f.code for f in before.findings
    }
    assert worse == set(), "a fix must bring nothing new"


def test_a_healthy_set_gives_no_blocker_and_no_warning(healthy: Any) -> None:
    result = check(healthy.plan())
    assert result.ok
    assert [f.code for f in result.findings] == ["no-gpu"]


def test_raw_8_bit_pixels_suit_a_pretrained_network(healthy: Any) -> None:
    for method in ("none", "minmax", "zscore", "image_zscore", "percentile"):
        assert check(healthy.set(scaling__method=method).plan()).ok


@pytest.mark.parametrize(("mode", "severity"), [("finetune", "warning"), ("features", "info")])
def test_half_precision_without_a_gpu_is_told_where_it_is_used(
    healthy: Any, mode: str, severity: str
) -> None:
    case = healthy.set(model__mode=mode, training__precision="mixed_float16")
    (found,) = only(case, "no-gpu")
    assert found.severity == severity
    if found.fix is not None:
        assert not only(case.set(**{k.replace(".", "__"): v for k, v in found.fix.set.items()}), "no-gpu")


def test_odds_of_none_against_hand_computed() -> None:
    # 4 images, 1 rare, batches of 2: 3/4 * 2/3.
    assert odds_of_none(4, 1, 2) == pytest.approx(0.5)
    assert odds_of_none(10, 5, 6) == 0


def test_findings_come_by_urgency_and_as_json(healthy: Any) -> None:
    case = custom(healthy, sick=math.inf, normal=1.0).set(training__learning_rate=0.1)
    told = check(case.plan()).to_json()
    assert told["ok"] is False
    assert [f["severity"] for f in told["findings"]] == sorted(
        (f["severity"] for f in told["findings"]), key=["blocker", "warning", "info"].index
    )
    assert told["weights"]["sick"] is None
    assert told["effective_learning_rate"] is None


def test_an_unwritable_cache_is_found(healthy: Any, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    assert not check(dataclasses.replace(healthy, cache=file / "cache").plan()).ok


def test_flips_are_fine_on_colour(healthy: Any, on_disk: Any) -> None:
    rng = np.random.default_rng(0)
    case = on_disk([rng.integers(0, 255, (40, 40, 3), np.uint8) for _ in range(3)], channels=3)
    assert not only(case.set(model__mode="finetune", training__augment="photo"), "augmentation-unsafe")


@pytest.mark.parametrize(("n", "severity"), [(92, "warning"), (93, None)])
@pytest.mark.parametrize("by_patient", [False, True])
def test_93_images_or_patients_make_a_firm_figure(
    make_case: Any, n: int, severity: str | None, by_patient: bool
) -> None:
    case = make_case({"a": (300, 100, n), "b": (300, 100, 0)})
    if by_patient:  # of two images each
        twice = make_case({"a": (300, 100, 2 * n), "b": (300, 100, 0)})
        images = tuple(
            dataclasses.replace(i, group=f"{i.part}{i.label}{int(i.path.split('/')[2][:-4]) // 2}")
            for i in twice.catalog.images
        )
        case = dataclasses.replace(twice, catalog=dataclasses.replace(twice.catalog, images=images))
    found = [f for f in only(case, "evaluation-too-small") if f.severity == Severity.WARNING]
    assert [str(f.severity) for f in found] == ([severity] if severity else [])
    assert all(f.evidence["unit"] == ("patient" if by_patient else "image") for f in found)


@pytest.mark.parametrize(
    ("ratio", "severity"), [(20, None), (20.5, "warning"), (100, "warning"), (100.5, "blocker")]
)
def test_a_ratio_is_told_from_20_and_refused_from_100(
    healthy: Any, ratio: float, severity: str | None
) -> None:
    found = only(custom(healthy, sick=1.0, normal=ratio), "weight-ratio-extreme")
    assert [str(f.severity) for f in found] == ([severity] if severity else [])


HARMLESS = {"training__optimizer": "sgd", "training__learning_rate": 0.05, "training__batch_size": 64}


def test_pixels_rate_and_weights_are_dangerous_together_not_alone(request: Any) -> None:
    """Each is fine by itself; two of them are not (threshold_sweep)."""
    pixels = bright(request)
    rate = pixels.set(scaling__method="minmax", **HARMLESS)
    weights = custom(rate, a=6.0, b=1.0).set(weighting__normalize="none")
    told = {"training__learning_rate": 0.01}
    for case in (rate, weights.set(**told), pixels.set(training__optimizer="sgd", **told)):
        assert not only(case, "learning-rate-too-high")
    for case in (weights, pixels.set(**HARMLESS)):
        assert only(case, "learning-rate-too-high")
    # Adam's steps are as long as the rate says, and a clipped gradient no longer than its limit.
    assert not only(pixels.set(**HARMLESS, training__clip_norm=1.0), "learning-rate-too-high")
    assert not only(pixels, "learning-rate-too-high")
    assert not only(pixels, "pixels-unscaled")


def test_batch_norm_evens_out_the_pixels(request: Any) -> None:
    case = bright(request).set(**HARMLESS)
    assert only(case, "learning-rate-too-high")
    lite = case.set(model__name="efficientnet_lite0", model__mode="scratch")
    assert not only(lite, "learning-rate-too-high")
