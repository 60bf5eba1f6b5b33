"""The memory of the device that trains, as its events tell it."""

import contextlib

import psutil


def device_memory(device: str) -> dict[str, int]:
    """Return ``memory_used`` and ``memory_total`` in bytes: of the card, else of process and host."""
    if device == "gpu":
        card = _card_memory()
        if card is not None:
            return {"memory_used": card[0], "memory_total": card[1]}
    return {
        "memory_used": int(psutil.Process().memory_info().rss),
        "memory_total": int(psutil.virtual_memory().total),
    }


def _card_memory() -> tuple[int, int] | None:
    """Return used and total bytes of the first card, None where the driver doesn't answer."""
    import pynvml

    with contextlib.suppress(pynvml.NVMLError):
        pynvml.nvmlInit()
        try:
            memory = pynvml.nvmlDeviceGetMemoryInfo(pynvml.nvmlDeviceGetHandleByIndex(0))
        finally:
            pynvml.nvmlShutdown()
        return int(memory.used), int(memory.total)
    return None
