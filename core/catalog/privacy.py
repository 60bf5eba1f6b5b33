"""Whether a file or folder name identifies someone: a date, a record number, a person's name."""

import re
from functools import lru_cache
from itertools import pairwise

from counterpoise.core.catalog.given_names import GIVEN_NAMES

_YEAR = r"(?:19[0-9]{2}|20[0-4][0-9])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_DATE = re.compile(
    # Digits alone only between separators: inside a longer number, a hash or a UID they mean nothing.
    rf"(?<![0-9A-Za-z])(?<![0-9]\.){_YEAR}([-_.]?){_MONTH}\1{_DAY}(?![0-9A-Za-z])"
    r"(?!\.[0-9]{4})"  # the number of a publication: 2020.03.01.20029769
    rf"|(?<![0-9A-Za-z]){_DAY}([-_.]){_MONTH}\2{_YEAR}(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z]){_MONTH}([-_.]){_DAY}\3{_YEAR}(?![0-9A-Za-z])"
)
_RECORD = re.compile(
    r"(?<![A-Za-z])(?:mrn|medical[-_ ]?record|accession|acc[-_ ]?no|hospital[-_ ]?(?:no|nr|id)|"
    r"case[-_ ]?(?:no|nr)|nhs|ssn|insurance)[-_ #:.]*[0-9]{4,}(?![A-Za-z])",
    re.IGNORECASE,
)
_PERSON_NAME = re.compile(r"[^\W\d_]{2,}\^[^\W\d_]{2,}")  # DICOM's own form, DOE^JANE
# As people are addressed, capital and all: MR_small is a modality, DR_2 a diagnosis.
_TITLE = re.compile(r"(?<![A-Za-z])(?:Mr|Mrs|Herr|Frau|Mme)[._ ]+[A-Z][^\W\d_]{2,}")
# Beside a given name they make a term of medicine of it. None is a surname: Brown, Green and Gram are.
_TERMS = (
    "blue red yellow violet orange stain staining dye fuchsin eosin carmine giemsa syndrome disease sign "
    "test cells bodies sarcoma tumor tumour lymphoma leukemia leukaemia anemia anaemia cyst nevus naevus "
    "ulcer fracture deformity reflex view position projection score grade stage class lesion tube needle "
    "forceps catheter nodes antigen virus fever"
)
_OF_MEDICINE = frozenset(_TERMS.split())
_LETTERS = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[ ,._-]+")


@lru_cache(maxsize=65536)
def _kinds_in_name(name: str) -> tuple[str, ...]:
    kinds = set()
    if _DATE.search(name):
        kinds.add("date")
    if _RECORD.search(name):
        kinds.add("record number")
    if ("^" in name and _PERSON_NAME.search(name)) or _TITLE.search(name) or _has_person(name):
        kinds.add("name")
    return tuple(sorted(kinds))


def _has_person(name: str) -> bool:
    """Whether a common given name stands beside another capitalised word, as in ``Smith_John``."""
    words = list(_LETTERS.finditer(name))
    for first, second in pairwise(words):
        if not _BETWEEN.fullmatch(name[first.end() : second.start()]):
            continue
        pair = (first.group(), second.group())
        if any(word.casefold() in _OF_MEDICINE for word in pair):
            continue  # "Victoria Blue", "Alexander Disease"
        named = any(word.casefold() in GIVEN_NAMES for word in pair)
        # Both written as names are: "Anna_Berg" or "BERG ANNA", never "rose_bengal".
        if named and all(len(w) > 1 and (w.istitle() or w.isupper()) for w in pair):
            return True
    return False


def identifying_kinds(path: str) -> tuple[str, ...]:
    """Return what a catalog path gives away: ``date``, ``name``, ``record number``; empty for a pseudonym.

    >>> identifying_kinds("pneumonia/Smith_John_1962-03-04.png")
    ('date', 'name')
    >>> identifying_kinds("pneumonia/0664ee2b_26e8db49.png")
    ()
    """
    folder, _, name = path.rpartition("/")
    kinds, above = _kinds_in_name(name), _kinds_in_folder(folder)
    return tuple(sorted({*kinds, *above})) if kinds else above


@lru_cache(maxsize=4096)
def _kinds_in_folder(folder: str) -> tuple[str, ...]:
    return tuple(sorted({kind for name in folder.split("/") for kind in _kinds_in_name(name)}))
