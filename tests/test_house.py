"""The rules of the house, each with its sentence. The tools' own settings stand in pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = Path(sys.executable).parent


def run(*command: str) -> None:
    """Run a tool in the repository; its output is the message of a failure."""
    program = shutil.which(command[0], path=str(TOOLS)) or command[0]
    done = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_room_imports_only_rooms_above_it() -> None:
    run("lint-imports")


def test_the_code_is_clean_and_formatted() -> None:
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")


def test_types_hold() -> None:
    run("mypy")


def test_the_engine_loads_without_qt_and_without_tensorflow() -> None:
    """Importing every module of the engine but the builders needs neither."""
    program = """
import importlib, pkgutil, sys
for name in ("PySide6", "pyqtgraph"):
    sys.modules[name] = None
import counterpoise.core as core
for module in pkgutil.walk_packages(core.__path__, "counterpoise.core."):
    importlib.import_module(module.name)
"""
    run(sys.executable, "-W", "error::ImportWarning", "-c", program)


def test_the_tests_of_the_engine_run_without_qt() -> None:
    """As on a machine without PySide6; a few of them show it, CONTRIBUTING names the command for all."""
    program = """
import sys
for name in ("PySide6", "shiboken6", "pyqtgraph"):
    sys.modules[name] = None
import pytest
sys.exit(pytest.main(["-p", "no:pytest-qt", "-q", "tests/core/findings", "tests/core/settings"]))
"""
    run(sys.executable, "-c", program)


@pytest.mark.parametrize("front_end", ["counterpoise.core.cli.main", "counterpoise.gui.app"])
def test_front_ends_start_without_tensorflow(front_end: str) -> None:
    if front_end.startswith("counterpoise.gui"):
        pytest.importorskip("PySide6")
    program = f"""
import sys, {front_end}
loaded = [name for name in ("tensorflow", "keras", "sklearn") if name in sys.modules]
assert not loaded, loaded
"""
    run(sys.executable, "-c", program)


def test_packaging_is_no_package() -> None:
    """``packaging/__init__.py`` would shadow the package of that name."""
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_every_room_of_the_tests_mirrors_a_room_of_the_code() -> None:
    known = {"core", "gui", "faults", "benchmarks", "support"}
    assert {folder.name for folder in (ROOT / "tests").iterdir() if folder.is_dir()} - {
        "__pycache__"
    } <= known


@pytest.mark.parametrize("folder", ["core", "gui"])
def test_files_stay_small(folder: str) -> None:
    lengths = {str(file): len(file.read_text().splitlines()) for file in (ROOT / folder).rglob("*.py")}
    assert not {name: length for name, length in lengths.items() if length > 400}
