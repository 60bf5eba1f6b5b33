"""What a process said, without what it always says."""

import re

from mistake import Says

NOISE = re.compile(
    r"^WARNING: All log messages before absl|^[IE]\d{4} .*(port|cudart_stub|cpu_feature_guard"
    r"|cuda_\w+|gpu_\w+)\.cc|^To enable the following instructions"
    r"|^\d{4}-\d\d-\d\d .*(port|cudart_stub|cpu_feature_guard)\.cc"
    r"|`shuffle=True` was passed, but will be ignored"  # said of every data set
    r"|local_rendezvous\.cc.*OUT_OF_RANGE"  # the normal end of every finite data set
)
"""TensorFlow's own start and end, the same in a healthy run."""
BAR = re.compile(r"^\s*(\d+/(\d+|Unknown)\b.*|Epoch \d+/\d+)$|━")
LOSS_NAN = re.compile(r"loss: nan")
ALARM = re.compile(r"warning|error|exception|aborted|killed|failed|terminat|invalid", re.IGNORECASE)
LONGEST = 320


def judge_words(output: str, cause: str, hint: str = "") -> tuple[Says, str]:
    """Return whether ``output`` names the cause, hints at it or says nothing, and the words that do.

    ``cause`` and ``hint`` are patterns. An error or a warning that names no cause is a hint, and so is
    a loss of ``nan`` in the progress line: it is seen by who looks, and says nothing about why.

    >>> judge_words("UserWarning: class_weight has unknown keys", "class_weight")
    ('names', 'UserWarning: class_weight has unknown keys')
    >>> judge_words("7/7 ━━━━ 1s 5ms/step - loss: nan", "weight")
    ('hint', 'loss: nan (in the progress line)')
    >>> judge_words("7/7 ━━━━ 1s 5ms/step - loss: 0.6", "weight")
    ('nothing', '')
    """
    output = re.sub(r"\x1b\[[\d;]*m|\x08", "", output.replace("\r", "\n"))  # colours and rubbed-out letters
    output = re.sub(r"(?<=\n)(.*Warning: .*)\n  .*", r"\1", f"\n{output}")  # without its line of source
    lines = [line.strip() for line in output.splitlines()]
    passed = re.compile(f"{NOISE.pattern}|{BAR.pattern}|^File ")
    spoken = [line for line in lines if line and not passed.search(line)]
    alarms = [line for line in spoken if ALARM.search(line)]
    error = _last_error(spoken)
    told = "\n".join([*alarms, error])
    if told.strip():
        named = re.search(cause, told, re.IGNORECASE)
        words = error or next((a for a in alarms if named and re.search(cause, a, re.IGNORECASE)), alarms[-1])
        return ("names" if named else "hint"), shortened(words)
    if any(LOSS_NAN.search(line) for line in lines):
        return "hint", "loss: nan (in the progress line)"
    found = next((line for line in spoken if hint and re.search(hint, line)), "")
    return ("hint", shortened(found)) if found else ("nothing", "")


def _last_error(lines: list[str]) -> str:
    """Return the exception that ended the process: its line and what follows it."""
    starts = [i for i, line in enumerate(lines) if re.match(r"[\w.]*(Error|Exception|Interrupt)\b", line)]
    return " ".join(lines[starts[-1] : starts[-1] + 8]) if starts else ""


def shortened(words: str) -> str:
    """Leave out line breaks, folders of this computer, and where TensorFlow's graph was when it failed."""
    words = re.sub(r"(/[\w.+-]+)+/(?=[\w.-]+)", "", " ".join(words.split()))  # folders of this computer
    words = re.sub(r"\b[WEF]\d{4} [\d:.]+ \d+ \S+\] ", "", words)  # a log line's beginning
    words = re.sub(r"Detected at node .*?(<stack traces unavailable>|recent call last\): )\s*", "", words)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
