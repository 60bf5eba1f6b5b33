"""What tests of faults share with those of training."""

from tests_training import discs, make, own_home

__all__ = ["discs", "make", "own_home"]
