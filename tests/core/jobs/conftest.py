"""Spawned children take over sys.path, and find ``job_trials`` there."""

import sys
from pathlib import Path

HELPERS = str(Path(__file__).parent / "helpers")
if HELPERS not in sys.path:
    sys.path.insert(0, HELPERS)
