"""A few training images in the form of the plan, read once for all that show what scaling does to them."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from counterpoise.gui.newest_job import NewestJob
from counterpoise.gui.sample_job import SampleRequest, sample_request

if TYPE_CHECKING:
    import numpy.typing as npt

    from counterpoise.gui.session import Session


class TrainingSample(QObject):
    """Follows the session's plan once asked for; a child process reads the images."""

    changed = Signal()
    """``images`` or ``problem`` has another value."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self.images: npt.NDArray[Any] | None = None
        """[n, height, width, channels]; None while there are none."""
        self.problem = ""
        self._session = session
        self._asked: SampleRequest | None = None
        self._job = NewestJob(self)
        self._job.finished_with.connect(self._read_done)
        self._job.failed.connect(self._failed)
        session.check_changed.connect(self._ask)
        session.study_changed.connect(self._forget)
        self._ask()

    @classmethod
    def of(cls, session: "Session") -> "TrainingSample":
        """Return the session's sample, made at the first asking."""
        return session.findChild(cls) or cls(session)

    def _forget(self) -> None:
        self._job.stop()
        self.images, self._asked, self.problem = None, None, ""
        self.changed.emit()

    def _ask(self) -> None:
        """A new plan may ask for another form; read the images again where it does."""
        plan, catalog = self._session.plan, self._session.catalog
        if plan is None or catalog is None:
            return
        request = sample_request(catalog, plan.format)
        if request != self._asked and request.images:
            self._asked = request
            self._read(request)

    def _read(self, request: SampleRequest) -> None:
        from counterpoise.core.jobs.job import Job

        job = Job("counterpoise.gui.sample_job:read_sample", request, name="reading of sample images")
        self._job.start(job)

    def _read_done(self, images: "npt.NDArray[Any]") -> None:
        if len(images):
            self.images, self.problem = images, ""
            self.changed.emit()

    def _failed(self, sentence: str) -> None:
        self.problem = sentence
        self.changed.emit()

    def close(self) -> None:
        """End the child that reads."""
        self._job.close()
