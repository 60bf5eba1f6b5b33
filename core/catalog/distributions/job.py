"""The child process that makes the pictures of the data."""

from counterpoise.core.catalog.distributions.make import PicturesRequest, make_pictures
from counterpoise.core.catalog.distributions.pictures import Pictures
from counterpoise.core.jobs.job import JobContext


def pictures_job(request: PicturesRequest, context: JobContext) -> Pictures:
    """Return the pictures; sends ``progress`` with ``done`` and ``total`` images."""
    return make_pictures(
        request,
        lambda done, total: context.send("progress", done=done, total=total),
        context.cancelled,
    )
