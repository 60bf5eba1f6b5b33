"""No widget dies in a thread that isn't the window's."""

import gc
import threading

from counterpoise.gui.garbage import GarbageCollector, collect_in_this_thread


class Cycle:
    """Only the collector can free it."""

    def __init__(self, died: list[str]) -> None:
        self.itself = self
        self.died = died

    def __del__(self) -> None:
        self.died.append(threading.current_thread().name)


def test_cycles_die_in_the_windows_thread_alone(qtbot, qapp):
    collect_in_this_thread(qapp)
    died: list[str] = []

    def litter() -> None:
        for _ in range(5000):
            Cycle(died)

    thread = threading.Thread(target=litter, name="another")
    thread.start()
    thread.join()
    assert not died
    qtbot.waitUntil(lambda: len(died) == 5000, timeout=20_000)
    assert set(died) == {threading.main_thread().name}
    assert not gc.isenabled()


def test_one_collector_is_enough(qapp):
    collect_in_this_thread(qapp)
    collect_in_this_thread(qapp)
    assert len(qapp.findChildren(GarbageCollector)) == 1
