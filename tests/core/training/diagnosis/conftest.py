"""What tests of diagnosis share with those of what tells it."""

from planted_runs import own_home, plan, written

__all__ = ["own_home", "plan", "written"]
