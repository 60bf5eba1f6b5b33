"""The command ``counterpoise``: parse, run, and turn whatever goes wrong into one sentence."""

import multiprocessing
import os
import sys
from collections.abc import Sequence

COMMANDS = (
    "cache",
    "check",
    "demo",
    "doctor",
    "evaluate",
    "export",
    "gui",
    "predict",
    "report",
    "scan",
    "self-test",
    "train",
)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit with the contract's status: 0 done, 1 not done, 2 wrong request."""
    multiprocessing.freeze_support()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["--version"]:
        from counterpoise.core.cli.version import version_line

        sys.stdout.write(version_line() + "\n")
        sys.exit(0)
    # TensorFlow reads these when it is loaded, here or in a child: what it prints helps nobody here.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    from counterpoise.core.cli.edge import run

    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
