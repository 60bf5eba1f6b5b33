"""The kernel's own word on whether processes of this container were killed for memory."""

from pathlib import Path

RECORD = Path("/sys/fs/cgroup/memory.events")


class MemoryRecord:
    """Counts ``oom_kill`` of the control group; 0 where there is no such record."""

    def __init__(self, path: Path = RECORD) -> None:
        self._path = path

    def reading(self) -> int:
        try:
            lines = self._path.read_text(encoding="ascii").splitlines()
        except (OSError, UnicodeDecodeError):
            return 0
        return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)

    def since(self, before: int) -> bool:
        """Whether a process was killed for memory since ``reading`` gave ``before``."""
        return self.reading() > before


killed_for_memory = MemoryRecord()
