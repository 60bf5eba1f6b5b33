"""The training process: what the supervisor starts. TensorFlow is loaded only by the modes that need it."""

from dataclasses import replace
from typing import Any

from counterpoise.core.jobs.job import JobContext
from counterpoise.core.pixels.store import ImagesLostError
from counterpoise.core.training.record import read_config
from counterpoise.core.training.work import Interrupted, Teller, Work


def train_run(work: Work, context: JobContext) -> dict[str, Any]:
    """Train the run at ``work.root`` from its last saved state to its end.

    Sends stages, progress, epochs and guards; returns the fields of ``finished``, or ``{"paused": True}``.
    """
    config = read_config(work.run)
    teller = Teller(context, config.device)
    try:
        if config.settings.model.mode == "features":
            from counterpoise.core.training.features.train import train_features

            return train_features(work, config, teller)
        from counterpoise.core.training.network.train import train_gradient

        return train_gradient(work, config, teller)
    except Interrupted:
        return {"paused": True}
    except ImagesLostError as error:  # the sentence goes into the run, so it names files as the run does
        raise ImagesLostError([replace(f, path=work.public_path(f.path)) for f in error.failures]) from None
