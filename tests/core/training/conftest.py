"""What tests of training share with those of faults."""

from tests_training import discs, make, own_home

__all__ = ["discs", "make", "own_home"]
