"""The packaged program's entry."""

import sys
from multiprocessing import freeze_support

if __name__ == "__main__":
    freeze_support()
    from counterpoise.core.cli.main import main

    sys.exit(main())
