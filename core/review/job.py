"""The child process of a review: reads what changed, looks, keeps what it found."""

from threadpoolctl import threadpool_limits

from counterpoise.core.catalog.progress import ScanProgress, bar_of
from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.types import Catalog
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.job import JobContext
from counterpoise.core.review.features import ReviewTeller
from counterpoise.core.review.request import ReviewRequest
from counterpoise.core.review.result import Review
from counterpoise.core.review.review import review
from counterpoise.core.review.saved import save_review, saved_path
from counterpoise.core.training.work import Interrupted

MANY = 20_000
"""Images from which on linear algebra gains from threads; with fewer they only wait for each other, and
where other programs are at work it took ten times as long."""


class ReviewCancelledError(CounterpoiseError):
    """Someone asked for the end; features made so far are kept."""


def review_job(request: ReviewRequest, context: JobContext) -> Review:
    """Return the review, kept in the cache too; sends the events of ``Teller``, the stage ``scan`` first."""
    teller = ReviewTeller(context, "cpu")
    try:
        catalog = _scanned(request, teller)
        with threadpool_limits(1 if len(catalog.images) < MANY else None, "blas"):
            found = review(catalog, request.settings, teller, request.cache, request.with_test)
    except Interrupted:
        raise ReviewCancelledError("The second look was cancelled.") from None
    save_review(saved_path(catalog.sources, request.cache), found)
    return found


def _scanned(request: ReviewRequest, teller: ReviewTeller) -> Catalog:
    """Return the catalog as it is on disk now, edits included; files that are known aren't opened."""
    teller.stage("scan")

    def told(step: ScanProgress) -> None:
        done, total, _ = bar_of(step)
        if total:
            teller.progress(done, total)

    return scan(
        request.sources,
        request.settings.data,
        cache=request.cache,
        progress=told,
        cancelled=teller.context.cancelled,
    )
