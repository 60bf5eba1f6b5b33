"""The sentences of the findings, kept together so that they can be translated.

A template is keyed ``code`` or ``code.variant`` and filled from the finding's evidence and words.
It says what was seen, with the number; why it matters; what to do.
"""

from collections.abc import Mapping
from typing import Any

from counterpoise.core.findings.sentences.data import DATA
from counterpoise.core.findings.sentences.guards import GUARDS
from counterpoise.core.findings.sentences.settings import SETTINGS

SENTENCES: dict[str, str] = {**DATA, **SETTINGS, **GUARDS}


def sentence(code: str, variant: str | None, values: Mapping[str, Any]) -> str:
    """Fill the template of ``code`` (``code.variant`` where a variant is given)."""
    key = f"{code}.{variant}" if variant else code
    return SENTENCES[key].format(**values)
