"""Every code of the settings: rule, sentence, a case that fires, silence when healthy, a fix that mends."""

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterpoise.core.findings import CODES, Finding, Severity, Subject
from counterpoise.core.findings.sentences import SENTENCES
from counterpoise.core.safety.check import check
from counterpoise.core.safety.host import Gpu, Host
from counterpoise.core.safety.rules import RULES
from counterpoise.core.safety.rules.batch_misses_minority import odds_of_none

CASES: dict[str, Callable[[Any, pytest.FixtureRequest], tuple[Any, str]]] = {}
"""Per code and variant: from a healthy case to one that must fire, with the severity expected."""


def fires(code: str) -> Callable[[Any], Any]:
    def register(make: Any) -> Any:
        CASES[f"{code}: {make.__name__}"] = make
        return make

    return register


def custom(case: Any, **weights: float) -> Any:
    return case.set(weighting__method="custom", weighting__custom=weights)


def bright(request: Any) -> Any:
    """Float images of 0 to 10, taken raw into a plain CNN."""
    case = request.getfixturevalue("make_case")(
        {"a": (300, 100, 100), "b": (300, 100, 100)}, units="float", maximum=10.0, mean=7.0, std=3.0
    )
    return case.set(model__name="small_cnn", scaling__method="none")


@fires("weight-invalid")
def a_class_is_missing(case: Any, _: Any) -> Any:
    return custom(case, sick=1.0), "blocker"


@fires("weight-invalid")
def a_class_is_unknown(case: Any, _: Any) -> Any:
    return custom(case, sick=1.0, normal=1.0, ill=2.0), "blocker"


@fires("weight-invalid")
def one_is_nan(case: Any, _: Any) -> Any:
    return custom(case, sick=math.nan, normal=1.0), "blocker"


@fires("weight-invalid")
def one_is_zero(case: Any, _: Any) -> Any:
    return custom(case, sick=0.0, normal=1.0), "blocker"


@fires("weight-invalid")
def one_is_negative(case: Any, _: Any) -> Any:
    return custom(case, sick=-1.0, normal=1.0), "blocker"


@fires("weight-ratio-extreme")
def a_thousand(case: Any, _: Any) -> Any:
    return custom(case, sick=1000.0, normal=1.0), "blocker"


@fires("weight-ratio-extreme")
def fifty(case: Any, _: Any) -> Any:
    return custom(case, sick=50.0, normal=1.0), "warning"


@fires("weight-ratio-extreme")
def computed(case: Any, request: Any) -> Any:
    rare = request.getfixturevalue("make_case")({"a": (20, 100, 100), "b": (4000, 100, 100)})
    return rare.set(weighting__method="balanced", weighting__max_ratio=1000), "blocker"


@fires("weight-changes-learning-rate")
def sum_one_under_sgd(case: Any, _: Any) -> Any:
    changed = case.set(
        training__optimizer="sgd", weighting__method="balanced", weighting__normalize="sum_one"
    )
    return custom(changed, sick=0.1, normal=0.9).set(weighting__normalize="sum_one"), "warning"


@fires("weight-changes-learning-rate")
def sum_one_under_adam(case: Any, _: Any) -> Any:
    return custom(case, sick=0.1, normal=0.9).set(weighting__normalize="sum_one"), "info"


@fires("weighting-twice")
def balanced_both(case: Any, _: Any) -> Any:
    return case.set(weighting__method="balanced", weighting__sampling="balanced"), "warning"


@fires("pixels-unscaled")
def raw_pixels_into_a_plain_cnn(case: Any, _: Any) -> Any:
    return case.set(model__name="small_cnn", model__mode="scratch", scaling__method="none"), "blocker"


@fires("pixels-unscaled")
def raw_floats_into_a_pretrained_network(_: Any, request: Any) -> Any:
    case = request.getfixturevalue("make_case")(
        {"a": (300, 100, 100), "b": (300, 100, 100)},
        units="float", minimum=-1024.0, maximum=3000.0, mean=-300.0, std=500.0,
    )  # fmt: skip
    return case.set(scaling__method="none"), "blocker"


@fires("scaling-degenerate")
def no_width(case: Any, _: Any) -> Any:
    return case.set(scaling__method="window", scaling__window=[40, 0]), "blocker"


@fires("scaling-degenerate")
def no_window(case: Any, _: Any) -> Any:
    return case.set(scaling__method="window"), "blocker"


@fires("scaling-degenerate")
def window_beside_the_pixels(case: Any, _: Any) -> Any:
    return case.set(scaling__method="window", scaling__window=[1000, 400]), "blocker"


@fires("scaling-degenerate")
def constant_channel(_: Any, request: Any) -> Any:
    noise = np.random.default_rng(0).integers(0, 255, (40, 40, 3), np.uint8)
    noise[..., 2] = 0
    case = request.getfixturevalue("on_disk")([noise], channels=3)
    return case.set(scaling__method="minmax"), "blocker"


@fires("scaling-mismatch")
def a_window_that_cuts(_: Any, request: Any) -> Any:
    rng = np.random.default_rng(0)
    case = request.getfixturevalue("on_disk")([rng.integers(0, 255, (40, 40), np.uint8) for _ in range(5)])
    return case.set(scaling__method="window", scaling__window=[128, 100]), "warning"


@fires("scaling-mismatch")
def a_window_between_the_values(_: Any, request: Any) -> Any:
    rng = np.random.default_rng(0)
    black_or_white = [rng.integers(0, 2, (64, 64), np.uint8) * 255 for _ in range(5)]
    case = request.getfixturevalue("on_disk")(black_or_white)
    return case.set(scaling__method="window", scaling__window=[128, 100]), "warning"


@fires("scaling-mismatch")
def each_ct_by_itself(_: Any, request: Any) -> Any:
    case = request.getfixturevalue("make_case")(
        {"a": (300, 100, 100), "b": (300, 100, 100)},
        units="dicom", minimum=-1024.0, maximum=3000.0, mean=-300.0, std=500.0,
    )  # fmt: skip
    return case.set(scaling__method="image_zscore"), "warning"


@fires("learning-rate-too-high")
def adam_at_ten(case: Any, _: Any) -> Any:
    return case.set(training__learning_rate=10.0), "blocker"


@fires("learning-rate-too-high")
def adam_fine_tuning(case: Any, _: Any) -> Any:
    return case.set(model__mode="finetune", training__learning_rate=0.01), "warning"


@fires("learning-rate-too-high")
def sgd_with_a_heavy_class(case: Any, _: Any) -> Any:
    heavy = custom(case, sick=1.0, normal=90.0).set(
        model__mode="scratch",
        training__optimizer="sgd",
        training__learning_rate=0.05,
        weighting__normalize="none",
    )
    return heavy, "blocker"


@fires("learning-rate-too-high")
def sgd_with_bright_pixels(_: Any, request: Any) -> Any:
    return bright(request).set(training__optimizer="sgd", training__learning_rate=0.05), "warning"


@fires("pixels-unscaled")
def a_window_far_too_wide(case: Any, _: Any) -> Any:
    return case.set(scaling__method="window", scaling__window=[128, 1e6]), "blocker"


@fires("pixels-unscaled")
def one_hot_pixel_takes_the_range(_: Any, request: Any) -> Any:
    case = request.getfixturevalue("make_case")(
        {"a": (300, 100, 100), "b": (300, 100, 100)}, units="uint16", maximum=65535.0, mean=300.0, std=30.0
    )
    return case.set(scaling__method="minmax"), "blocker"


@fires("batch-misses-minority")
def a_rare_class(_: Any, request: Any) -> Any:
    case = request.getfixturevalue("make_case")({"a": (20, 100, 100), "b": (1500, 200, 200)})
    return case.set(training__batch_size=16), "warning"


@fires("batch-misses-minority")
def a_very_rare_class(_: Any, request: Any) -> Any:
    case = request.getfixturevalue("make_case")({"a": (10, 100, 100), "b": (9000, 200, 200)})
    return case.set(training__batch_size=16), "warning"


@fires("batch-too-large")
def more_than_there_are(case: Any, _: Any) -> Any:
    return case.set(training__batch_size=5000), "blocker"


@fires("memory-short")
def a_batch_beyond_memory(case: Any, _: Any) -> Any:
    host = Host(memory_total=4 * 2**30, memory_free=3 * 2**30, cores=2, gpu_reason="none")
    return dataclasses.replace(case, host=host).set(
        model__mode="finetune", training__batch_size=512
    ), "blocker"


@fires("memory-short")
def an_image_size_beyond_memory(case: Any, _: Any) -> Any:
    host = Host(memory_total=4 * 2**30, memory_free=int(1.6 * 2**30), cores=2, gpu_reason="none")
    large = case.set(model__mode="scratch", model__name="small_cnn", model__image_size=1024)
    return dataclasses.replace(large, host=host), "warning"


@fires("precision-overflow")
def heavy_weight_in_float16(case: Any, _: Any) -> Any:
    heavy = custom(case, sick=1.0, normal=90.0).set(weighting__normalize="none")
    return heavy.set(training__precision="mixed_float16", model__mode="finetune"), "blocker"


@fires("split-lacks-class")
def one_part_lacks_a_class(_: Any, request: Any) -> Any:
    return request.getfixturevalue("make_case")({"a": (300, 100, 0), "b": (300, 100, 200)}), "blocker"


@fires("evaluation-too-small")
def forty_test_images(_: Any, request: Any) -> Any:
    return request.getfixturevalue("make_case")({"a": (300, 20, 20), "b": (300, 20, 20)}), "warning"


@fires("evaluation-too-small")
def one_small_class(_: Any, request: Any) -> Any:
    return request.getfixturevalue("make_case")({"a": (300, 20, 20), "b": (300, 100, 200)}), "info"


@fires("image-size-mismatch")
def blown_up(_: Any, request: Any) -> Any:
    case = request.getfixturevalue("make_case")(
        {"a": (300, 100, 100), "b": (300, 100, 100)}, width=28, height=28
    )
    return case.set(model__image_size=224), "warning"


@fires("image-size-mismatch")
def below_the_network(case: Any, _: Any) -> Any:
    return case.set(model__image_size=16), "warning"


@fires("disk-short")
def no_space(_: Any, request: Any) -> Any:
    # 2.5 TB of decoded images.
    case = request.getfixturevalue("make_case")(
        {"a": (300, 100, 100), "b": (300, 100, 100)},
        units="float",
        maximum=1.0,
        mean=0.5,
        std=0.2,
        channels=3,
    )  # fmt: skip
    many = dataclasses.replace(case.catalog, images=case.catalog.images * 200)
    return dataclasses.replace(case, catalog=many).set(model__image_size=1024), "blocker"


@fires("folder-unwritable")
def below_a_file(case: Any, request: Any) -> Any:
    file = request.getfixturevalue("tmp_path") / "file"
    file.write_text("x")
    return dataclasses.replace(case, run=file / "run"), "blocker"


@fires("folder-unwritable")
def not_empty(case: Any, request: Any) -> Any:
    folder = request.getfixturevalue("tmp_path") / "run"
    folder.mkdir()
    (folder / "x").write_text("x")
    return dataclasses.replace(case, run=folder), "blocker"


@fires("augmentation-unsafe")
def flips_on_grey_images(case: Any, _: Any) -> Any:
    return case.set(model__mode="finetune", training__augment="microscopy"), "info"


@fires("augmentation-unsafe")
def flips_on_grey_images_stored_as_colour(_: Any, request: Any) -> Any:
    grey = np.random.default_rng(0).integers(0, 255, (40, 40, 1), np.uint8)
    case = request.getfixturevalue("on_disk")([np.repeat(grey, 3, axis=2)], channels=3)
    return case.set(model__mode="finetune", training__augment="photo"), "info"


@fires("no-gpu")
def none_there(case: Any, _: Any) -> Any:
    return case, "info"


@fires("no-gpu")
def none_there_but_asked_for(case: Any, _: Any) -> Any:
    return case.set(training__device="gpu"), "blocker"


def with_broken_gpu(case: Any) -> Any:
    host = dataclasses.replace(
        case.host, gpus=(Gpu("Card", 2**33, 2**33),), gpu_reason="the CUDA libraries are missing"
    )
    return dataclasses.replace(case, host=host)


@fires("gpu-unusable")
def without_libraries(case: Any, _: Any) -> Any:
    return with_broken_gpu(case), "warning"


@fires("gpu-unusable")
def without_libraries_but_asked_for(case: Any, _: Any) -> Any:
    return with_broken_gpu(case).set(training__device="gpu"), "blocker"


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
