"""From a run's folder to what is to be said of it."""

from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.diagnosis.course import course
from counterpoise.core.training.diagnosis.ended import ended
from counterpoise.core.training.diagnosis.explanation import Explanation
from counterpoise.core.training.diagnosis.learned import learned_little
from counterpoise.core.training.diagnosis.record import read_record


def diagnose(run: RunFolder) -> tuple[Explanation, ...]:
    """Explain how ``run`` ended: which setting, which class, which images, and what to change.

    Empty where there is nothing to say: it went well, is paused, or goes on. Only the run's own files are
    read. Raises CounterpoiseError where its record, ``config.toml``, is missing or damaged.
    """
    record = read_record(run)
    if record.failed:
        return (ended(record),)
    if not record.finished:
        return ()
    return tuple(learned_little(record)) or tuple(course(record))
