"""The end of a training tried out: the model's file, the decision, the figures."""

import time

import numpy as np

from counterpoise.core.balance.operating import choose_operating_point
from counterpoise.core.figures.figures import figures
from counterpoise.core.training.dry_run.child import Trial, Watch
from counterpoise.core.training.finish import Outcome, finish

JUDGED = 2_000
"""Images on which the time of the figures is measured; it grows with them."""


def try_finish(trial: Trial, watch: Watch, outcome: Outcome) -> None:
    """Write the results of the trial as a run's, and time the figures by themselves."""
    watch.stage("finish")
    if not np.isfinite(outcome.val_probabilities).all():
        return  # judged already; the results of nothing can't be written
    began = time.perf_counter()
    if len(trial.work.val):
        finish(trial.work, trial.config, outcome)
        watch.measured(finish_seconds=time.perf_counter() - began)
    watch.measured(figures_seconds_per_image=_figures_seconds(trial) / JUDGED)


def _figures_seconds(trial: Trial) -> float:
    """Time the figures of drawn probabilities in the run's own shares of classes."""
    config = trial.config
    random = np.random.default_rng(0)
    shares = np.array([max(config.prevalence[label], 1e-3) for label in config.labels])
    truth = random.choice(len(shares), JUDGED, p=shares / shares.sum())
    probabilities = random.dirichlet(np.ones(len(shares)), JUDGED).astype(np.float32)
    groups = [str(number // 2) for number in range(JUDGED)] if trial.work.train[0].group else [""] * JUDGED
    began = time.perf_counter()
    point = choose_operating_point(
        probabilities, truth, config.labels, config.positive, config.prevalence, config.settings.evaluation
    )
    figures(
        probabilities,
        truth,
        groups,
        config.labels,
        point,
        config.prevalence,
        positive=config.positive,
        deployed_prevalence=config.settings.evaluation.prevalence,
        seed=config.settings.training.seed,
    )
    return time.perf_counter() - began
