"""The window beside a run: warm start, gaps of its event loop while a run trains, TensorFlow not loaded.

python tests/benchmarks/window.py [features | finetune | scratch]
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import need

TICK = 10
"""Milliseconds."""
START = "from counterpoise.gui.app import self_test_window; self_test_window()"


def warm_starts(number: int = 5) -> list[float]:
    """Seconds of whole processes that start, show the window and end, the cold first one left out."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    seconds = []
    for _ in range(number + 1):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", START], env=environment, check=True, capture_output=True)
        seconds.append(time.perf_counter() - began)
    return sorted(seconds[1:])


def gaps(folder: Path, mode: str, rounds: int) -> tuple[list[float], bool]:
    """Return the sorted gaps in milliseconds while a run trains, and whether TensorFlow was loaded."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["COUNTERPOISE_HOME"] = str(folder)
    from PySide6.QtCore import Qt, QTimer

    from counterpoise.gui.app import make_application, make_window
    from counterpoise.gui.steps.train import TrainStep

    app = make_application()
    window = make_window(app)
    window.resize(1280, 800)
    window.show()
    found: list[float] = []
    last = 0.0

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        found.append(1000 * (now - last))
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)

    def train() -> None:
        nonlocal last
        window.session.check_changed.disconnect(train)
        window.go("train")
        step = window.step("train")
        if not isinstance(step, TrainStep):
            raise TypeError(f"expected the train step, received {step!r}")
        step.control.run_ended.connect(app.quit)
        step.start()
        last = time.perf_counter()
        timer.start(TICK)

    changes = {"model.mode": mode, "training.epochs": rounds, "training.patience": rounds}
    if mode == "scratch":
        changes["model.name"] = "small_cnn"
    window.session.catalog_changed.connect(
        lambda: window.session.check_changed.connect(train) and window.session.change(changes),
        Qt.ConnectionType.SingleShotConnection,
    )
    window.session.open_paths([need("pneumoniamnist")])
    app.exec()
    window.close()
    return sorted(found), "tensorflow" in sys.modules


def main() -> None:
    starts = warm_starts()
    print(f"whole warm process that shows the window: median {starts[len(starts) // 2]:.2f} s")
    mode = sys.argv[1] if len(sys.argv) > 1 else "scratch"
    with tempfile.TemporaryDirectory() as folder:
        found, loaded = gaps(Path(folder), mode, rounds=2 if mode != "features" else 200)
    share = found[int(0.999 * len(found))]
    print(f"event loop beside a run ({mode}), {len(found)} ticks of {TICK} ms:")
    print(f"    99.9th percentile {share:.0f} ms, most {found[-1]:.0f} ms")
    print(f"TensorFlow in the window's process: {'yes' if loaded else 'no'}")


if __name__ == "__main__":
    main()
