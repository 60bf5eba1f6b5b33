"""A case that fires for every code of the settings, in all its variants."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from counterpoise.core.safety.host import Gpu, Host

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
