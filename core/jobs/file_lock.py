"""A lock on an open file, let go by the system when its process ends, whatever the clock says."""

import sys

if sys.platform == "win32":
    import msvcrt
    import os

    FAR = 1 << 30
    """Windows keeps others from reading what is locked, so a byte behind the content is."""

    def try_lock(handle: int, *, shared: bool = False) -> bool:
        """Take the lock of ``handle``; False where another holds it. Windows knows no shared ones."""
        del shared
        os.lseek(handle, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def try_lock(handle: int, *, shared: bool = False) -> bool:
        """Take the lock of ``handle``; False where another holds it.

        Raises OSError where the file system knows no locks.
        """
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
