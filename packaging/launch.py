"""The packaged program's entry."""

import os
import sys
from multiprocessing import freeze_support


def keep_libraries_to_ourselves() -> None:
    """Linux: let a browser or file manager that is opened from the window find the system's libraries.

    The bundle's own are on LD_LIBRARY_PATH, which this process has read already; a child of ours is told to
    set it up anew.
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


if __name__ == "__main__":
    if sys.platform == "linux":
        keep_libraries_to_ourselves()
    freeze_support()
    from counterpoise.core.cli.main import main

    sys.exit(main())
