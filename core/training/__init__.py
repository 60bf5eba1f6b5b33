"""The recipe of a run, the loop, checkpoints, resume."""
