"""Few files read in one thread of this process, so that a drive that hangs doesn't hold up the scan."""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from counterpoise.core.catalog.measure import FileReading
from counterpoise.core.jobs.pool import WorkerDied

_TICK = 0.1


def read_in_thread(
    work: Callable[[str], FileReading], files: Sequence[str], timeout: float, tick: Callable[[], None]
) -> Iterator[FileReading | WorkerDied]:
    """Yield the reading of each file in order; the first to take over ``timeout`` seconds is the last.

    ``tick`` is called while nothing comes, and may raise. A thread that hangs is left behind.
    """
    results: queue.SimpleQueue[FileReading | Exception] = queue.SimpleQueue()
    stop = threading.Event()

    def run() -> None:
        for file in files:
            if stop.is_set():
                return
            try:
                results.put(work(file))
            except Exception as error:  # noqa: BLE001  # not lost in the thread: raised where it is waited for
                results.put(error)
                return

    threading.Thread(target=run, name="reading", daemon=True).start()
    try:
        for _ in files:
            began = time.monotonic()
            while (result := _next(results)) is None:
                tick()
                if time.monotonic() - began > timeout:
                    yield WorkerDied("timeout", f"took longer than {timeout:g} s")
                    return
            if isinstance(result, Exception):
                raise result
            yield result
    finally:
        stop.set()


def _next(results: "queue.SimpleQueue[FileReading | Exception]") -> FileReading | Exception | None:
    try:
        return results.get(timeout=_TICK)
    except queue.Empty:
        return None
