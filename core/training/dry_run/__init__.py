"""A dry run: a few dozen real steps with the planned settings, in a process that may die."""

from counterpoise.core.training.dry_run.range_test import RateRange
from counterpoise.core.training.dry_run.result import DryRun
from counterpoise.core.training.dry_run.run import DryRunCancelledError, dry_run

__all__ = ["DryRun", "DryRunCancelledError", "RateRange", "dry_run"]
