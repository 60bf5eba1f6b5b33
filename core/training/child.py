"""The training process: what the supervisor starts. TensorFlow is loaded only by the modes that need it."""

from typing import Any

from counterpoise.core.jobs.job import JobContext
from counterpoise.core.training.epochs import last_epoch_told
from counterpoise.core.training.record import read_config
from counterpoise.core.training.work import Interrupted, Teller, Work


def train_run(work: Work, context: JobContext) -> dict[str, Any]:
    """Train the run at ``work.root`` from its last saved state to its end.

    Returns the fields of ``finished``, or ``{"paused": True}``. Sends the contract's events.
    """
    config = read_config(work.run)
    teller = Teller(context, config.device)
    settings = config.settings
    teller.send(
        "started",
        mode=settings.model.mode,
        model=settings.model.name,
        device=config.device,
        epochs=int(settings.training.epochs),
        labels=list(config.labels),
        images={"train": len(work.train), "val": len(work.val)},
        resumed=work.run.checkpoints.is_dir() or last_epoch_told(work.run.events) > 0,
    )
    for finding in work.findings:
        teller.send("finding", **finding)
    try:
        if settings.model.mode == "features":
            from counterpoise.core.training.features import train_features

            return train_features(work, config, teller)
        from counterpoise.core.training.gradient import train_gradient  # loads TensorFlow

        return train_gradient(work, config, teller)
    except Interrupted:
        return {"paused": True}
