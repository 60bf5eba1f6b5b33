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


def gaps(folder: Path, mode: str, rounds: int) -> tuple[list[float], list[float], bool]:
    """Return, sorted, the gaps while a run trains and the window's own share of them; is TensorFlow loaded?

    Both are in milliseconds. The share is what the window's thread computed: the rest of a gap is waiting
    for a processor, which says more about the computer's other work than about the window.
    """
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
    own: list[float] = []
    last = worked = 0.0

    def tick() -> None:
        nonlocal last, worked
        now, work = time.perf_counter(), time.thread_time()
        found.append(1000 * (now - last))
        own.append(1000 * (work - worked))
        last, worked = now, work

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)

    def train() -> None:
        nonlocal last, worked
        if window.session.check_result is None:
            return
        window.session.check_changed.disconnect(train)
        window.session.change(changes)
        window.go("train")
        step = window.step("train")
        if not isinstance(step, TrainStep):
            raise TypeError(f"expected the train step, received {step!r}")
        step.control.run_ended.connect(app.quit)
        step.start()
        last, worked = time.perf_counter(), time.thread_time()
        timer.start(TICK)

    changes = {"model.mode": mode, "training.epochs": rounds, "training.patience": rounds}
    if mode == "scratch":
        changes["model.name"] = "small_cnn"
    window.session.check_changed.connect(train)
    window.session.open_paths([need("pneumoniamnist")])
    app.exec()
    window.close_quietly()
    return sorted(found), sorted(own), "tensorflow" in sys.modules


def main() -> None:
    starts = warm_starts()
    print(f"whole warm process that shows the window: median {starts[len(starts) // 2]:.2f} s")
    mode = sys.argv[1] if len(sys.argv) > 1 else "scratch"
    with tempfile.TemporaryDirectory() as folder:
        found, own, loaded = gaps(Path(folder), mode, rounds=2 if mode != "features" else 200)
    print(f"event loop beside a run ({mode}), {len(found)} ticks of {TICK} ms:")
    for what, values in (("gaps", found), ("of them the window's own work", own)):
        share = values[int(0.999 * len(values))]
        print(f"    {what}: 99.9th percentile {share:.0f} ms, most {values[-1]:.0f} ms")
    print(f"TensorFlow in the window's process: {'yes' if loaded else 'no'}")


if __name__ == "__main__":
    main()
