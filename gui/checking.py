"""Judges the session's images and settings in the background, each time they change."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from counterpoise.gui.jobs import in_background
from counterpoise.gui.texts import data as texts

if TYPE_CHECKING:
    from counterpoise.core.safety.check import CheckResult
    from counterpoise.core.safety.plan import Plan
    from counterpoise.core.training.dry_run.result import DryRun
    from counterpoise.gui.session import Session

CHECK_AFTER_MS = 120


class Checking(QObject):
    """Holds what the last check said; only the newest one counts."""

    started = Signal()
    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.plan: Plan | None = None
        self.result: CheckResult | None = None
        self.json: dict[str, Any] | None = None
        self.error = ""
        """Why there is no check, as a sentence."""
        self.accepted: tuple[str, ...] = ()
        self._tried: tuple[Plan, DryRun] | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._number = 0
        self._soon = QTimer(self, singleShot=True, interval=CHECK_AFTER_MS)
        self._soon.timeout.connect(self._check)

    def soon(self) -> None:
        """Judge data and settings again; calls in quick succession become one."""
        catalog = self._session.catalog
        if catalog is None:
            return
        if catalog.unread:
            self._soon.stop()
            self._failed(texts.unread(len(catalog.images), catalog.unread))
            return
        self._soon.start()
        self.started.emit()

    def accept(self, code: str, accepted: bool = True) -> None:
        """Let training start in spite of a blocker, or take that back."""
        others = tuple(other for other in self.accepted if other != code)
        self.accepted = (*others, code) if accepted else others
        self.soon()

    def take_dry_run(self, plan: "Plan", tried: "DryRun") -> None:
        """Let the findings of a dry run of ``plan`` join the check's, as long as nothing is changed."""
        self._tried = plan, tried
        self.soon()

    @property
    def dry_run(self) -> "DryRun | None":
        """The last dry run, where it speaks of the images and settings in hand."""
        if self._tried is None or self.plan is None or not same_training(self._tried[0], self.plan):
            return None
        return self._tried[1]

    def begin_anew(self) -> None:
        """Another study: nothing of the one before holds."""
        self.accepted, self._tried = (), None
        self._forget()

    def close(self) -> None:
        """The window closes: wait for the check that runs."""
        self._soon.stop()
        self._pool.waitForDone()
        self._number += 1  # its result, on its way by now, must start nothing more

    def _check(self) -> None:
        session = self._session
        catalog, settings, accepted = session.catalog, session.settings, self.accepted
        if catalog is None or catalog.unread or session.study is None:
            return
        runs, cache, host, tried = session.study.runs, session.study.cache, session.host, self._tried
        self._number += 1
        number = self._number

        def work() -> "tuple[int, Plan, CheckResult]":
            from counterpoise.core.safety.check import check
            from counterpoise.core.safety.plan import make_plan

            plan = make_plan(catalog, settings, run=runs / "next", cache=cache, accepted=accepted, host=host)
            extra = tried[1].findings if tried is not None and same_training(tried[0], plan) else ()
            return number, plan, check(plan, extra)

        in_background(work, self._done, self._failed, self._pool)

    def _done(self, outcome: "tuple[int, Plan, CheckResult]") -> None:
        number, plan, result = outcome
        if number != self._number:
            return
        self.plan, self.result, self.json, self.error = plan, result, result.to_json(), ""
        self.changed.emit()

    def _failed(self, sentence: str) -> None:
        self._forget()
        self.error = sentence
        self.changed.emit()

    def _forget(self) -> None:
        self._number += 1
        self.plan = self.result = self.json = None
        self.error = ""


def same_training(one: "Plan", other: "Plan") -> bool:
    """Whether two plans train the same way on the same images; how results are judged doesn't matter."""
    tables = ("model", "training", "weighting", "scaling")
    same = all(getattr(one.settings, table) == getattr(other.settings, table) for table in tables)
    return same and one.catalog is other.catalog
