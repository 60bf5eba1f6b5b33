import sys
from pathlib import Path

HELPERS = str(Path(__file__).parent / "helpers")
if HELPERS not in sys.path:
    sys.path.insert(0, HELPERS)

from tests_training import discs, make, own_home  # noqa: E402  # the folder must be known first

__all__ = ["discs", "make", "own_home"]
