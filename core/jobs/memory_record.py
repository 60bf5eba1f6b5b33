"""Whether memory had run out: by the kernel's record, or by a process's own last words."""

import re
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

WORDS = re.compile(
    r"bad_alloc|bad allocation|MemoryError|ResourceExhausted|RESOURCE_EXHAUSTED|OOM when|out of memory"
    r"|fail(?:ed|ure) to allocate|(?:unable to|cannot|can't|could ?n[o']t) allocate",
    re.IGNORECASE,
)
"""As C++, Python, NumPy, TensorFlow, onnxruntime, CUDA and the C library say it."""


def limit_hint() -> str:
    """Return a sentence on the memory that the system lets this process have; empty where it sets no limit.

    Under such a limit libraries fail in many ways, few of which name memory.
    """
    try:
        import resource
    except ImportError:  # Windows
        return ""
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY:
        return ""
    return f" A process may take {most / 1e9:.2g} GB of memory here (ulimit -v): that may be the reason."


def names_memory(words: str) -> bool:
    """Whether ``words`` (an error's text, a log's last lines) say that memory ran out.

    >>> names_memory("terminate called after throwing an instance of 'std::bad_alloc'")
    True
    """
    return WORDS.search(words) is not None
