"""Every auto becomes a value, and none of those values is worth a warning."""

from collections.abc import Callable
from typing import Any

import pytest

from counterpoise.core.errors import UsageError
from counterpoise.core.findings import Severity
from counterpoise.core.safety.check import check
from counterpoise.core.safety.host import Host


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for entry in value.values() for leaf in leaves(entry)]
    return [value]


@pytest.mark.parametrize("mode", ["features", "finetune", "scratch"])
def test_nothing_stays_auto(healthy: Any, mode: str) -> None:
    plan = healthy.set(model__mode=mode).plan()
    assert "auto" not in leaves(plan.settings.to_json())


@pytest.mark.parametrize("mode", ["features", "finetune", "scratch"])
@pytest.mark.parametrize("optimizer", ["auto", "sgd", "rmsprop", "adamw"])
@pytest.mark.parametrize("sizes", [(300, 700), (20, 4000), (6, 2000), (40, 50)])
@pytest.mark.parametrize("units", ["uint8", "uint16", "dicom", "float"])
def test_what_auto_chose_is_never_above_info(
    make_case: Callable[..., Any], mode: str, optimizer: str, sizes: tuple[int, int], units: str
) -> None:
    top = {"uint8": 255.0, "uint16": 4095.0, "dicom": 3000.0, "float": 1.0}[units]
    case = make_case(
        {"a": (sizes[0], 100, 100), "b": (sizes[1], 100, 100)},
        units=units, maximum=top, mean=top / 2, std=top / 5,
    )  # fmt: skip
    result = check(case.set(model__mode=mode, training__optimizer=optimizer).plan())
    assert [f.message for f in result.findings if f.severity != Severity.INFO] == []


def test_a_network_without_pretrained_weights_runs_from_scratch(healthy: Any) -> None:
    assert healthy.set(model__name="small_cnn").plan().mode == "scratch"


def test_a_mode_that_a_network_cannot_run_is_a_usage_error(healthy: Any) -> None:
    with pytest.raises(UsageError, match="expected scratch"):
        healthy.set(model__name="small_cnn", model__mode="finetune").plan()


def test_an_unknown_positive_class_names_the_nearest(healthy: Any) -> None:
    with pytest.raises(UsageError, match="Did you mean 'sick'"):
        healthy.set(data__positive="sic").plan()


def test_batch_never_above_the_training_part(make_case: Callable[..., Any]) -> None:
    plan = make_case({"a": (7, 3, 3), "b": (8, 3, 3)}).plan()
    assert plan.settings.training.batch_size <= 15


def test_batch_fits_into_the_memory_that_is_free(healthy: Any) -> None:
    small = Host(memory_total=4 * 2**30, memory_free=int(2.2 * 2**30), cores=2, gpu_reason="none")
    import dataclasses

    roomy, tight = healthy.set(model__mode="finetune"), None
    tight = dataclasses.replace(roomy, host=small)
    assert tight.plan().settings.training.batch_size < roomy.plan().settings.training.batch_size


def test_gpu_is_taken_where_it_can_be_used(healthy: Any, gpu_host: Host) -> None:
    import dataclasses

    plan = dataclasses.replace(healthy, host=gpu_host).set(model__mode="finetune").plan()
    assert plan.settings.training.device == "gpu"
    assert plan.settings.training.precision == "mixed_bfloat16"


def test_effective_rate_is_rate_times_mean_weight(healthy: Any) -> None:
    plan = healthy.set(
        weighting__method="custom",
        weighting__custom={"normal": 4.0, "sick": 1.0},
        weighting__normalize="none",
    ).plan()
    assert plan.effective_learning_rate == pytest.approx(1e-3 * (300 * 4 + 700) / 1000)
    assert healthy.set(weighting__method="balanced").plan().effective_learning_rate == pytest.approx(1e-3)


def test_unused_settings_are_named(healthy: Any) -> None:
    result = check(
        healthy.set(
            training__augment="photo", scaling__window=[40, 80], evaluation__target=0.9, training__epochs=3
        ).plan()
    )
    assert set(result.unused) == {"training.augment", "scaling.window", "evaluation.target"}


def test_settings_in_use_are_not_called_unused(healthy: Any) -> None:
    result = check(
        healthy.set(
            model__mode="finetune", training__augment="light", scaling__method="window",
            scaling__window=[128, 255], weighting__method="custom",
            weighting__custom={"normal": 2.0, "sick": 1.0},
        ).plan()
    )  # fmt: skip
    assert result.unused == ()
