"""The outer edge of the command line: every fault becomes one sentence and an exit status."""

import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from counterpoise.core.cli.lazy import LazyGroup
from counterpoise.core.cli.main import COMMANDS, SIGNALS, opens_window
from counterpoise.core.cli.options import json_wanted, option_given, quick_flags
from counterpoise.core.cli.output import Output, prepare_streams, write_stderr
from counterpoise.core.cli.version import version_line
from counterpoise.core.errors import CounterpoiseError, is_disk_full
from counterpoise.core.jobs.events import Event, event
from counterpoise.core.jobs.memory_record import limit_hint
from counterpoise.core.jobs.process import hearing
from counterpoise.core.study.run_folder import RunFolder

BEGAN = time.monotonic()


class _Commands(LazyGroup):
    lazy = COMMANDS


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--version", is_flag=True, help="Print name and version.")
@quick_flags
@click.pass_context
def counterpoise(ctx: click.Context, version: bool) -> None:
    """Train medical image classifiers without code, and judge them honestly.

    Without a command it opens the window. Research use, not a medical device.
    """
    if version:
        click.echo(version_line())
    elif ctx.invoked_subcommand is None:
        from counterpoise.core.cli.commands.gui import open_window

        open_window(())


def run(arguments: Sequence[str], signals: Sequence[int] = ()) -> int:
    """Run one command line and return its exit status; ``signals`` are those that came before this."""
    prepare_streams()
    return guarded(arguments, lambda: _hearing_signals(arguments, signals))


def _hearing_signals(arguments: Sequence[str], signals: Sequence[int]) -> int:
    """SIGTERM and a closed terminal end a command as Ctrl-C does, with a sentence."""
    with hearing(() if opens_window(arguments) else SIGNALS, _as_by_ctrl_c):
        if signals:
            _as_by_ctrl_c()
        return _invoke(arguments)


class AskedToEnd(KeyboardInterrupt):
    """Ctrl-C or its like.

    A class of its own: where a bare KeyboardInterrupt leaves an ``exec`` of text (dataclasses are made so),
    CPython remembers it and ends the process by SIGINT in the end, whatever its exit status.
    """


def _as_by_ctrl_c() -> None:
    raise AskedToEnd


def _invoke(arguments: Sequence[str]) -> int:
    try:
        Path.cwd()
    except OSError:
        raise CounterpoiseError(
            "The current folder has been deleted: expected one that exists, as child processes start in it. "
            "Change into another folder and run it again."
        ) from None
    status = counterpoise.main(args=list(arguments), prog_name="counterpoise", standalone_mode=False)
    return status if isinstance(status, int) else 0


def guarded(arguments: Sequence[str], work: Callable[[], int]) -> int:
    """Run ``work``; say what went wrong in one sentence, with a traceback only under --debug."""
    debug = "--debug" in arguments
    try:
        return work()
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (KeyboardInterrupt, click.Abort):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not cut the farewell short
        again = "add --resume" if _unfinished_run(arguments) else "run the same command again"
        return _say(f"Interrupted; {again} to go on.", 1, arguments)
    except click.ClickException as error:
        return _say(_click_sentence(error), error.exit_code, arguments)
    except CounterpoiseError as error:
        if debug:
            traceback.print_exc()
        return _say(str(error), error.exit_code, arguments)
    except BrokenPipeError:
        # The reader of our output has gone (such as `head`): nobody is left to be told.
        sys.stderr.close()
        return 1
    except OSError as error:
        if debug:
            traceback.print_exc()
        return _say(_system_sentence(error), 1, arguments)
    except Exception as error:  # noqa: BLE001  # the edge: whatever it is, the user gets a sentence
        if debug:
            traceback.print_exc()
        return _say(
            f"Something went wrong that shouldn't have ({type(error).__name__}: {_one_line(str(error))})."
            f"{limit_hint()} Run it again with --debug and report what it prints.",
            1,
            arguments,
        )


def _say(sentence: str, status: int, arguments: Sequence[str]) -> int:
    sentence = _one_line(sentence)
    if json_wanted(arguments):
        output = Output(json=True)
        is_train = next((a for a in arguments if not a.startswith("-")), "") == "train"
        output.line(_failed(sentence, arguments) if is_train else {"error": sentence})
    else:
        write_stderr(sentence)
    return status


def _failed(sentence: str, arguments: Sequence[str]) -> Event:
    """Return the last line of a training that never began, or was cut off before anyone owned it."""
    return event(
        "failed",
        run=option_given(arguments, "--run"),
        message=sentence,
        resumable=_unfinished_run(arguments),
        paused=False,
        seconds=round(time.monotonic() - BEGAN, 3),
    )


def _unfinished_run(arguments: Sequence[str]) -> bool:
    """Whether ``--run`` names a run that ``--resume`` can go on with."""
    given = option_given(arguments, "--run")
    run = RunFolder(Path(given)) if given else None
    return run is not None and run.is_run and not run.is_finished


def _click_sentence(error: click.ClickException) -> str:
    sentence = error.format_message().strip()
    if not sentence.endswith((".", "?", "!", ")")):
        sentence += "."
    ctx = getattr(error, "ctx", None)
    return f"{sentence} See '{ctx.command_path} --help'." if ctx else sentence


def _system_sentence(error: OSError) -> str:
    what = error.strerror or str(error)
    if is_disk_full(error):
        named = f"{error.filename}: {what}" if error.filename else what
        return f"The disk is full, so a file couldn't be written ({named}). Free some space and run it again."
    where = f" {error.filename}" if error.filename else ""
    return f"The system refused a file or folder{where}: {_one_line(what)}. Mend that and run it again."


def _one_line(text: str) -> str:
    return " ".join(text.split())
