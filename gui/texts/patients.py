"""Words of the tab about patients."""

from counterpoise.core.findings.words import count

TITLE = "Patients"


def told_apart(patients: int, images: int) -> str:
    return f"{count(patients, 'patient')} on {count(images, 'image')}"


UNKNOWN = "Nothing tells which images are of the same patient."
