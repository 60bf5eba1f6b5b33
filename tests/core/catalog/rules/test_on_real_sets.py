"""The benchmarks that list what real and uniform sets bring find nothing wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
REAL = Path(__file__).resolve().parents[5] / "shared" / "data"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["findings_on_sets", "uniform_sets"])
@pytest.mark.skipif(not REAL.is_dir(), reason="the real image sets aren't on this computer")
def test_planted_faults_are_found_and_healthy_sets_stay_silent(name):
    command = [sys.executable, str(BENCHMARKS / f"{name}.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
