"""What stops a plan from being made, and what is judged instead."""

from dataclasses import replace
from pathlib import Path

import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.safety.check import check


def test_a_missing_weights_file_is_said_before_anything_starts(healthy, tmp_path: Path) -> None:
    with pytest.raises(CounterpoiseError, match=r"nothing\.pth of model.weights doesn't exist"):
        healthy.set(model__weights=str(tmp_path / "nothing.pth")).plan()


def test_a_window_without_a_centre_is_named_as_such(healthy) -> None:
    case = healthy.set(scaling__method="window", scaling__window=[float("nan"), 100])
    (finding,) = (f for f in check(case.plan()).findings if f.code == "scaling-degenerate")
    assert finding.message.startswith("The window has nan as centre and 100 as width.")


def test_a_place_without_a_disk_is_unwritable_not_full(healthy) -> None:
    if not Path("/proc/self").exists():
        pytest.skip("no /proc here")
    case = type(healthy)(**{**vars(healthy), "run": Path("/proc/nothing/run")})
    codes = [finding.code for finding in check(case.plan()).blockers]
    assert codes == ["folder-unwritable"]


def test_an_empty_class_makes_no_weights_look_unequal(make_case) -> None:
    case = make_case({"a": (50, 20, 20), "b": (50, 20, 20), "c": (0, 20, 20)})
    plan = case.set(weighting__normalize="sum_one", weighting__sampling="balanced").plan()
    assert plan.weights == {"a": 0.5, "b": 0.5, "c": 0.5}
    assert not [finding for finding in check(plan).findings if finding.code == "weighting-twice"]


def test_raw_ct_reaches_a_pretrained_network_in_its_range_and_a_plain_one_does_not(make_case) -> None:
    case = make_case(
        {"a": (300, 100, 100), "b": (300, 100, 100)},
        units="dicom", minimum=-1024.0, maximum=3000.0, mean=-300.0, std=500.0,
    )  # fmt: skip
    raw = case.set(scaling__method="none")
    assert check(raw.plan()).ok
    assert [f.code for f in check(raw.set(model__mode="scratch").plan()).blockers] == ["pixels-unscaled"]


def test_equal_weights_that_sum_up_to_one_are_not_unused(healthy) -> None:
    equal = healthy.set(weighting__method="none", weighting__normalize="sum_one")
    assert check(equal.plan()).unused == ()
    assert set(check(equal.plan()).weights.values()) == {0.5}
    assert check(equal.set(weighting__normalize="none").plan()).unused == ("weighting.normalize",)


def test_the_form_of_the_pixels_holds_all_parts(healthy) -> None:
    images = tuple(
        replace(i, units="uint16", bits=16, channels=3) if i.part == "test" else i
        for i in healthy.catalog.images
    )
    plan = replace(healthy, catalog=replace(healthy.catalog, images=images)).plan()
    assert (plan.format.units, plan.format.channels) == ("uint16", 3)
