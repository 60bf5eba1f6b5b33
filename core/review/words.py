"""What a review says in a sentence or two, the same on the command line and in the window."""

from counterpoise.core.findings.words import count, percent, some
from counterpoise.core.review.result import Review

FEW = 20
"""Images of the smallest class, below which a model learns too little to be believed."""
WEAK = 0.8
"""Share of the labels turned in a trial, below which a look is said to miss some."""
LEAST = 10
"""Doubts that are always worth beginning with."""
VAGUE = 0.1
"""Share of the labels: where the interval begins at none and ends above it, nothing can be said."""
NOTE = (
    "This is an estimate from how often, and how surely, a network taught by the other images disagrees. It "
    "can be sure and mistaken: only you can tell."
)
HARD = "A high percentage is how sure the network is, not how often it is right: most doubts are hard cases."


def headline(review: Review) -> str:
    """Say how many labels are likely wrong.

    ``About 37 of 5,214 labels may be wrong, likely between 20 and 60.``
    """
    found = review.estimate
    labels = f"{found.of:,} labels"
    if found.low == 0 and found.high > max(VAGUE * found.of, 3):
        return (
            f"How many of {labels} are wrong can't be told (none, or up to {found.high:,}): these images "
            "don't tell the classes apart surely enough."
        )
    if found.value == 0:
        if review.doubts:  # below stands a list of them: "no sign" would contradict it
            still = "still " if review.relabelled else ""
            most = f" (0 to {found.high:,})" if found.high else ""
            return f"Few of {labels} {still}seem wrong, if any{most}: look at the first doubts."
        most = f"; up to {found.high:,} can't be ruled out" if found.high else ""
        which = "more wrong labels" if review.relabelled else "wrong labels"
        return f"There is no sign of {which} among {found.of:,}{most}."
    if found.low == found.high:
        return f"About {found.value:,} of {labels} may be wrong."
    return f"About {found.value:,} of {labels} may be wrong, likely between {found.low:,} and {found.high:,}."


def advice(review: Review) -> str:
    """Say how far to look; empty where there are few doubts.

    As far as wrong labels were looked for in the trial, for the number that is likely here; where that is
    none, for the most there may be, and that doubts are rather hard cases.
    """
    trial, estimate = review.trial, review.estimate
    if trial is None or len(review.doubts) < LEAST:
        return ""
    wrong = estimate.value or estimate.high
    first = min(max(10 * round(wrong * trial.first / trial.turned / 10), LEAST), len(review.doubts))
    found = f"; in a trial {percent(trial.found)} of wrong labels stood that far up"
    begin = f"Begin with the first {first:,} doubts{found if trial.found >= WEAK else ''}."
    return begin if estimate.value else f"{begin} {HARD}"


def cautions(review: Review) -> tuple[str, ...]:
    """Say what limits it, each as a sentence."""
    found = []
    if review.fewest < FEW:
        name, images = min(review.classes.items(), key=lambda item: item[1])
        found.append(
            f"{name} has only {count(images, 'image')}: with fewer than {FEW}, many doubts are mistaken."
        )
    if review.too_small:
        found.append(f"Not judged, for want of images: {some(review.too_small)}.")
    trial = review.trial
    if trial is not None and trial.found < WEAK:
        found.append(
            "These classes are hard to tell apart, and many doubts are only hard cases: of "
            f"{trial.turned:,} labels made wrong as a trial, {percent(trial.found)} came among the first "
            f"{trial.first:,} doubts."
        )
    if review.relabelled:
        found.append(
            f"You have given {count(review.relabelled, 'image')} another label. With the clearest mended, "
            "the rest is hard to count: there may be more than this says."
        )
    if review.with_test:
        found.append(
            "Labels of the test part are among the doubts: mending only what a model doubts makes later "
            "figures look better than they are."
        )
    return tuple(found)
