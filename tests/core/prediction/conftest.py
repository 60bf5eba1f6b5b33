"""Finished runs to predict with."""

from tiny_run import data, own_home, run

__all__ = ["data", "own_home", "run"]
