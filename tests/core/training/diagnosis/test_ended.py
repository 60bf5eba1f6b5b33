"""A run that failed: the cause its last guard names, with a fix where settings can mend it."""

import shutil
from collections.abc import Callable
from typing import Any

import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Severity
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.diagnosis import Explanation, diagnose

Write = Callable[..., RunFolder]
FAILED = {"event": "failed", "message": "It ended. Why is not known.", "resumable": True, "paused": False}


def guard(code: str, **more: Any) -> dict[str, Any]:
    return {"event": "guard", "code": code, "severity": "warning", "message": f"It was {code}.", **more}


def round_of(number: int) -> dict[str, Any]:
    return {"event": "epoch", "epoch": number, "loss": 0.5, "val_loss": 0.6, "val_auc": 0.8}


def death(attempt: int, memory: bool = False, **more: Any) -> dict[str, Any]:
    evidence = {"signal": None, "exit_code": 3, "last_words": "", "attempt": attempt, "restarts": 3, **more}
    return guard("process-died", evidence={**evidence, "memory": memory})


def only(run: RunFolder) -> Explanation:
    (found,) = diagnose(run)
    assert found.severity is Severity.BLOCKER
    return found


REFUSED = [guard("non-finite-step", epoch=2, paths=[f"{n}.png", "twice.png"]) for n in range(3)]


def test_steps_that_arent_finite_blame_the_rate_and_no_images(written: Write) -> None:
    found = only(written([round_of(1), *REFUSED, FAILED], **{"training.learning_rate": 3.0}))
    assert (found.code, found.evidence["times"]) == ("unstable", 3)
    assert "isn't a number in round 2" in found.message
    assert "learning rate of 3 is 300 times" in found.message
    assert found.paths == ()
    assert found.fix is not None
    assert found.fix.set == {"training.learning_rate": "auto"}


def test_where_no_setting_is_to_blame_the_images_are_named(written: Write) -> None:
    found = only(written([round_of(1), *REFUSED, FAILED]))
    assert "look at the images of the refused steps first" in found.message
    assert found.paths == ("0.png", "twice.png", "1.png", "2.png")


def test_a_new_run_begins_below_the_rate_it_failed_with(written: Write) -> None:
    found = only(written([*(guard("exploding-loss", epoch=n) for n in (1, 2, 3)), FAILED]))
    assert "grew without end in round 3" in found.message
    assert found.fix is not None
    assert found.fix.set["training.learning_rate"] <= 1e-3 / 2**3 / 2  # three times halved
    assert f"{found.fix.set['training.learning_rate']:g}" in found.fix.label


def test_several_causes_are_mended_together(written: Write) -> None:
    settings = {"scaling.method": "none", "training.learning_rate": 5.0, "training.optimizer": "sgd"}
    found = only(written([guard("exploding-loss", epoch=1), FAILED], **settings))
    assert found.fix is not None
    assert set(found.fix.set) == {"scaling.method", "training.learning_rate"}
    assert found.fix.label.endswith(", and 1 more change")


def test_memory(written: Write) -> None:
    deaths = [death(n, memory=True, signal="SIGKILL") for n in (1, 2, 3, 4)]
    found = only(written([*deaths, FAILED]))
    assert found.code == "memory"
    assert "4 times" in found.message
    assert found.fix is not None
    assert found.fix.set == {"training.batch_size": 16, "model.image_size": 48}


@pytest.mark.parametrize(("device", "mended"), [("cpu", None), ("gpu", {"training.device": "cpu"})])
def test_deaths_of_unknown_cause(written: Write, device: str, mended: dict[str, str] | None) -> None:
    words = "CUDA_ERROR_ILLEGAL_ADDRESS"
    deaths = [death(n, signal="SIGABRT", last_words=words) for n in (1, 2, 3, 4)]
    found = only(written([*deaths, FAILED], device=device))
    assert found.code == "died"
    assert "SIGABRT" in found.message
    assert words in found.message
    assert (None if found.fix is None else found.fix.set) == mended


@pytest.mark.parametrize("code", ["disk-full", "source-lost"])
def test_what_waited_in_vain(written: Write, code: str) -> None:
    found = only(written([round_of(1), guard(code, epoch=2, paths=["gone.png"]), FAILED]))
    assert found.code == code
    assert found.fix is None
    assert found.paths == (("gone.png",) if code == "source-lost" else ())


def test_what_was_overcome_isnt_blamed(written: Write) -> None:
    found = only(written([guard("source-lost", epoch=1), death(1, memory=True), round_of(1), FAILED]))
    assert (found.code, found.message) == ("failed", FAILED["message"])


def test_a_restart_that_then_failed_otherwise_isnt_blamed_either(written: Write) -> None:
    assert only(written([death(1), FAILED])).code == "failed"


def test_a_run_whose_supervisor_was_killed(written: Write) -> None:
    assert only(written([round_of(1)])).code == "silent"


def test_nothing_is_wrong_with_a_pause(written: Write) -> None:
    assert diagnose(written([guard("stalled"), {**FAILED, "paused": True}])) == ()


def test_only_the_last_start_counts(written: Write) -> None:
    run = written([guard("disk-full"), FAILED, {"event": "started"}, round_of(1), {"event": "finished"}])
    assert diagnose(run) == ()


def test_damaged_files_do_no_harm(written: Write) -> None:
    run = written([round_of(1), {"event": "finished"}])
    run.metrics.write_text("[", encoding="utf-8")
    run.predictions.write_text("path\n", encoding="utf-8")
    assert diagnose(run) == ()
    shutil.rmtree(run.root)
    with pytest.raises(CounterpoiseError):
        diagnose(run)
