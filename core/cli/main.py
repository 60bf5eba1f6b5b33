"""The command ``counterpoise``: parse, run, and turn whatever goes wrong into one sentence."""

import os
import signal
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
    "review",
    "scan",
    "self-test",
    "train",
)

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl-C, a request to end, a closed terminal: each ends a command with its last line."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit with the contract's status: 0 done, 1 not done, 2 wrong request."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    # From the first moment on a request to end gets its last line; before this the interpreter starts.
    early: list[int] = []
    for name in () if opens_window(arguments) else SIGNALS:
        known = getattr(signal, name, None)
        if known is not None and signal.getsignal(known) != signal.SIG_IGN:  # nohup
            signal.signal(known, lambda number, _: early.append(number))
    import multiprocessing

    multiprocessing.freeze_support()
    if arguments == ["--version"]:
        from counterpoise.core.cli.version import version_line

        sys.stdout.write(version_line() + "\n")
        sys.exit(0)
    # TensorFlow reads these when it is loaded, here or in a child: what it prints helps nobody here.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    from counterpoise.core.cli.edge import run

    sys.exit(run(arguments, early))


def opens_window(arguments: Sequence[str]) -> bool:
    """Whether it is the window that is asked for; it leaves signals as they are."""
    command = next((a for a in arguments if not a.startswith("-")), "gui")
    return command == "gui" or (command == "demo" and "--headless" not in arguments)


if __name__ == "__main__":
    main()
