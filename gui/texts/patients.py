"""Words of the tab about patients."""

from collections.abc import Sequence

from counterpoise.core.catalog.labels_trial import LabelsTrial
from counterpoise.core.catalog.name_preview import Preview
from counterpoise.core.findings.words import count, some

TITLE = "Patients"
UNKNOWN = "Nothing tells which images are of the same patient"
UNKNOWN_HELP = (
    "So each image counts as a patient of its own. If some patients have several images, one patient can be "
    "in training and in test, and the results look better than they are."
)
UNKNOWN_DO_PROPOSED = "The names may tell: look at the examples, and accept them if they are right."
UNKNOWN_DO = "Choose below how patients can be told apart, or say that each image is a patient."
NO_MATCH = "The pattern in use fits no name"
NO_MATCH_HELP = "It is {pattern}, and finds no patient, so each image counts as a patient of its own."
OWN_EACH = "Each image is a patient of its own"
OWN_EACH_HELP = "So it was chosen. If that is wrong, choose below how patients can be told apart."
FRAMES = "Only the frames of one file are known to be of one patient."
SOURCES = {
    "csv": "Told by the labels file{file}.",
    "patient-id": "Told by the DICOM tag PatientID, which is kept as a pseudonym only.",
    "name": "Told by the file name: {words}.",
    "folder": "Told by the folders: {words}.",
}
KEPT_TOGETHER = "All images of a patient stay in one part, and figures are judged by patient."
OWN_PATTERN_WORDS = "pattern {regex}"
NOT_YET = "Patients are looked for once all images are read"
SORTING = "The images are being sorted anew by patient…"
READING = "Reading the images again with that…"
LOOKING = "Looking at the names…"
ALL, SEVERAL_CLASSES, SEVERAL_PARTS = "All", "In several classes", "In several parts"
PER_PATIENT = "Patients by their number of images"
COLUMNS = ("Patient", "Images", "Classes", "Parts")
TABLE_HELP = "Click a patient to see all images of that patient."
WAYS = "How patients can be told apart"
OTHER_WAYS = "Other ways to tell patients apart"
NO_PROPOSAL = "Nothing in the names of files and folders looks like a patient."
USE = "Use this"
IN_USE = "in use"
APPLIED = "patients are told apart by {how}"
APPLIED_WAYS = {
    "patient-id": "patients are told apart by DICOM PatientID",
    "none": "each image is a patient of its own",
    "auto": "patients are told apart automatically",
}
OWN_TITLE = "Your own pattern"
OWN_HELP = "Start from one of these and see at once what it does. What stands in parentheses is the patient."
PRESETS = "Start from…"
OF_NAME, OF_FOLDER = "In the file name", "In the folders"
REGEX = "Regular expression"
TRYING = "Trying it…"
NO_GROUP = "Put the part that tells patients apart in parentheses, as in {example}."
EXAMPLES = {"name": "^([^_]+)_", "folder": "^[^/]+/([^/]+)"}
FITS_NOTHING = "It fits no {place}. The first one is “{name}”."
TOO_SLOW = "Trying it took too long. Simpler patterns, without repeats inside repeats, are safe."
OTHERS_TITLE = {True: "A labels file, DICOM, or none", False: "A labels file, or none"}
"""By whether there are DICOM files."""
LABELS = "Labels file…"
LABELS_HELP = "A CSV file with the columns path, label and patient."
LABELS_NOW = "Labels, and patients where it names them, come from {file}."
NO_LABELS = "Without that file"
NO_LABELS_HELP = "Labels come from the folders again."
NO_LABELS_APPLIED = "the labels file is left out"
LABELS_DIALOG = "Labels file with a column of patients"
LABELS_FILTER = "Tables (*.csv *.tsv *.txt);;All files (*)"
LABELS_OF_STUDY = "The labels come from the study's own labels file."
LABELS_ONE_FOLDER = "A labels file needs all images below one folder."
NO_PATIENTS = "It has no column “patient”, or an empty one. Add one, and choose the file again."
NAMES_NONE = "It names none of the images. Its column “path” must be relative to the folder of the images."
DICOM = "DICOM PatientID"
DICOM_HELP = "Only a pseudonym of it is kept."
EACH = "Each image is a patient"
EACH_HELP = "Choose this where you know that no patient has two images."
AUTOMATIC = "Automatic"
AUTOMATIC_HELP = "The labels file where it names patients, else DICOM PatientID, else each image by itself."
_ONE_EACH = "each with one image"


def told_apart(patients: int, images: int, unknown: int) -> str:
    words = f"{count(patients, 'patient')} on {count(images - unknown, 'image')}"
    return f"{words}, {unknown:,} without" if unknown else words


def source(name: str, words: str, file: str) -> str:
    """How patients are told apart now."""
    return SOURCES.get(name, FRAMES).format(words=words, file=f" {file}" if file else "")


def title(preview: Preview) -> str:
    """What becomes the patient, as a heading."""
    words = preview.words or OWN_PATTERN_WORDS.format(regex=preview.regex)
    return words[:1].upper() + words[1:]


def groups(preview: Preview) -> str:
    """``71 patients, 1 to 9 images each, typically 2``."""
    words = count(preview.patients, "patient")
    if preview.most == 1:
        return f"{words}, {_ONE_EACH}"
    if preview.fewest == preview.most:
        return f"{words}, {preview.most:,} images each"
    return f"{words}, {preview.fewest:,} to {count(preview.most, 'image')} each, typically {preview.median:,}"


def cautions(preview: Preview) -> str:
    """What speaks against a pattern, or should be known of it."""
    said = []
    if preview.in_several_classes:
        said.append(
            f"{count(preview.in_several_classes, 'patient has', 'patients have')} images in several classes."
        )
    if preview.in_several_parts:
        said.append(
            f"{count(preview.in_several_parts, 'patient lies', 'patients lie')} in several of your parts: "
            "a leak, unless each part numbers its patients anew."
        )
    missing = preview.files - preview.fits
    if missing:
        name = preview.without if preview.by_folder else preview.without.rpartition("/")[2]
        said.append(
            f"{count(missing, 'file doesn’t', 'files don’t')} fit, such as {name}; each would count as a "
            "patient of its own."
        )
    if preview.fits and preview.most == 1:
        said.append("No two images would belong together, so this would change nothing.")
    if preview.fits > 1 and preview.patients == 1:
        said.append("All images would be of one patient, and nothing could be kept for a test.")
    return " ".join(said)


def fits_nothing(preview: Preview) -> str:
    place = "folder" if preview.by_folder else "file name"
    name = preview.without.rpartition("/")[0 if preview.by_folder else 2]
    return FITS_NOTHING.format(place=place, name=name)


def no_regex(fault: str) -> str:
    return f"The pattern isn’t complete: {fault}."


def no_group(of: str) -> str:
    return NO_GROUP.format(example=EXAMPLES[of])


def example(path: str, by_folder: bool) -> str:
    """A name as the examples show it."""
    return path if by_folder else path.rpartition("/")[2]


def whose(patient: str) -> str:
    return f"patient {patient}"


def chip(words: str, number: int) -> str:
    return f"{words} · {number:,}"


def shown(name: str) -> str:
    """Title of the gallery that shows a patient."""
    return f"Patient {name}"


def names(of: Sequence[str]) -> str:
    return some(of, 4)


def bar(low: int, high: int, patients: int) -> str:
    """A bar of the histogram, for screen readers and tooltips."""
    images = count(low, "image") if low == high else f"{low:,} to {high:,} images"
    return f"{count(patients, 'patient')} with {images}"


def span(low: int, high: int) -> str:
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def labels(trial: LabelsTrial) -> str:
    """What using a labels file would do."""
    said = [f"{trial.file.name}: {count(trial.patients, 'patient')} on {count(trial.named, 'image')}."]
    if trial.without_patient:
        said.append(f"{count(trial.without_patient, 'image has', 'images have')} no patient there.")
    if trial.not_named:
        said.append(
            f"{count(trial.not_named, 'image isn’t', 'images aren’t')} named in it and would be left out."
        )
    if trial.relabelled:
        said.append(f"{count(trial.relabelled, 'image', 'images')} would get another label than now.")
    if trial.missing:
        said.append(f"{count(trial.missing, 'row names', 'rows name')} a file that isn’t there.")
    return " ".join(said)
