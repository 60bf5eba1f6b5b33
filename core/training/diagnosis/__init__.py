"""Diagnosis after the fact: a run that failed or learned nothing is explained from its own record."""

from counterpoise.core.training.diagnosis.diagnose import diagnose
from counterpoise.core.training.diagnosis.explanation import Explanation

__all__ = ["Explanation", "diagnose"]
