"""What in a run's own settings most likely made it fail: ranked, with numbers and a way out each.

Nothing is judged alone: what counts is how far the settings that really ran (rate times weights, range after
scaling, optimizer, mode, precision, batch, clipping) lie beyond what the rules of ``safety.rules`` allow.
"""

from counterpoise.core.safety.causes.case import Cause
from counterpoise.core.safety.causes.rank import Symptom, likeliest_causes

__all__ = ["Cause", "Symptom", "likeliest_causes"]
