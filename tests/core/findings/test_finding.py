import json
import string
from dataclasses import FrozenInstanceError

import pytest

from counterpoise.core.errors import UsageError
from counterpoise.core.findings import CODES, Finding, Fix, Severity, by_urgency, code_spec
from counterpoise.core.findings.sentences import SENTENCES

ACCEPTABLE = {
    "class-too-small",
    "duplicate-across-splits",
    "patient-across-splits",
    "weight-ratio-extreme",
    "pixels-unscaled",
    "learning-rate-too-high",
    "memory-short",
    "precision-overflow",
    "dry-run-failed",
    "split-lacks-class",
}


def test_a_finding_becomes_the_json_of_the_contract() -> None:
    finding = Finding(
        "batch-too-large",
        Severity.BLOCKER,
        "A batch of 64 is larger than the training part.",
        ("a.png",),
        {"batch_size": 64},
        Fix("Use 32", {"training.batch_size": 32}),
    )
    assert json.loads(json.dumps(finding.to_json())) == {
        "code": "batch-too-large",
        "severity": "blocker",
        "message": "A batch of 64 is larger than the training part.",
        "paths": ["a.png"],
        "evidence": {"batch_size": 64},
        "fix": {"label": "Use 32", "set": {"training.batch_size": 32}},
    }
    with pytest.raises(FrozenInstanceError):
        finding.code = "other"  # type: ignore[misc]  # the point of the test


def test_the_most_urgent_comes_first_and_the_order_within_stays() -> None:
    findings = [
        Finding("no-gpu", Severity.INFO, "1"),
        Finding("weight-invalid", Severity.BLOCKER, "2"),
        Finding("class-imbalance", Severity.WARNING, "3"),
        Finding("batch-too-large", Severity.BLOCKER, "4"),
    ]
    assert [finding.message for finding in by_urgency(findings)] == ["2", "4", "3", "1"]


def test_only_what_leaves_training_possible_can_be_accepted() -> None:
    assert {code for code, spec in CODES.items() if spec.acceptable} == ACCEPTABLE


def test_an_unknown_code_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'weight-invalid'"):
        code_spec("weigth-invalid")


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_every_sentence_belongs_to_a_code_and_is_a_sentence(key: str) -> None:
    assert key.split(".")[0] in CODES
    assert SENTENCES[key].rstrip().endswith((".", "?", "}")), SENTENCES[key]
    list(string.Formatter().parse(SENTENCES[key]))
