"""How far the running loss rises in trainings that end well and in others: where EXPLODED comes from.

    python tests/benchmarks/exploding_loss.py [RUNS]

Trains the plain CNN for 150 steps on real images under settings drawn at random (scaling, optimizer, rate,
weights, batch), with nobody putting anything back, and prints per outcome how high the running loss rose over
its lowest, and how many runs the guard of steps would have caught. Diverged: three steps in a row weren't
finite. Dead: every image gets the same answer. Learned: the loss ended under nine tenths of guessing.
"""

import math
import sys
from collections import defaultdict

import numpy as np
from common import need
from PIL import Image

from counterpoise.core.models.arrays import initial_arrays
from counterpoise.core.models.assemble import HEAD, assemble
from counterpoise.core.models.registry import spec
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.scaling import FittedScaling
from counterpoise.core.safety.guards import steps
from counterpoise.core.settings import Settings
from counterpoise.core.training.network.schedule import rate_at
from counterpoise.core.training.network.tensorflow_device import prepare_device
from counterpoise.core.training.order import batches, epoch_order

FORMAT = PixelFormat(size=(32, 32), channels=1, units="uint8")
STEPS, MOST = 150, 400
SETS = {"pneumoniamnist": "train", "bccd_crops": ""}
RATES = {"sgd": (0.003, 0.01, 0.03, 0.1, 0.3, 1, 5), "adam": (3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 1)}


def images_of(name):
    """Return up to MOST images of each class, of the first a sixth as many, and their classes."""
    classes = sorted(path for path in (need(name) / SETS[name]).iterdir() if path.is_dir())
    found = [
        (np.asarray(Image.open(path).convert("L").resize((32, 32)))[..., None], number)
        for number, folder in enumerate(classes)
        for path in sorted(folder.rglob("*.*"))[: MOST if number else MOST // 6]
    ]
    return np.stack([image for image, _ in found]), np.array([number for _, number in found])


def drawn(random, images, truth):
    """Return random settings: a scaling, an optimizer with its rate, weights, a batch."""
    scale = {
        "minmax": (0.0, 1 / 255),
        "zscore": (float(images.mean()), 1 / float(images.std())),
        "none": (0.0, 1.0),
    }
    scaling = scale[random.choice(list(scale))]
    optimizer = str(random.choice(list(RATES)))
    counts = np.bincount(truth)
    weights = (1 / counts) ** random.choice([0, 1]) * np.where(
        counts == counts.min(), random.choice([1, 1, 100, 1e5]), 1
    )
    return scaling, optimizer, float(random.choice(RATES[optimizer])), weights, int(random.choice([8, 32]))


def course(images, truth, scaling, optimizer, rate, weights, batch):
    """Return how a training ended and how many times over its lowest the running loss rose."""
    from counterpoise.core.models.keras_builder import build_keras
    from counterpoise.core.training.network.step import NetworkStep, read_step

    fitted = FittedScaling(method="minmax", offset=scaling[:1], scale=scaling[1:])
    network = assemble(spec("small_cnn"), FORMAT, fitted, len(weights), "scratch")
    arrays = initial_arrays(network, spec("small_cnn"), "scratch", 0)
    ones = np.ones(len(weights))
    step = NetworkStep(
        build_keras(network.until(HEAD), arrays),
        optimizer=optimizer,
        weights=weights,
        divisors=ones,
        shares=ones,
        dtype=FORMAT.dtype,
    )
    counts = dict(enumerate(map(int, np.bincount(truth))))
    guard = steps.StepGuard(Settings(), dict(enumerate(map(float, weights))), counts)
    worst, losses, lost = 0.0, [], 0
    todo = [
        part for epoch in range(STEPS) for part in batches(epoch_order(truth, 0, "natural", 0, epoch), batch)
    ]
    for number, part in enumerate(todo[:STEPS]):
        seen = read_step(step.step(images[part], truth[part], rate_at(number / STEPS, rate), (0, number)))
        lost = 0 if seen.finite else lost + 1
        if lost == steps.IN_A_ROW:
            return "diverged", worst
        if seen.finite:
            losses.append(seen.loss)
            guard._taken(1, number, seen.loss)
            worst = max(worst, guard._running() / guard._usual())
    answers = step.logits(images[:: len(images) // 200])
    if np.ptp(answers, axis=0).max() < 1e-4:
        return "dead", worst
    chance = (weights[truth]).mean() * math.log(len(weights))
    return "learned" if np.mean(losses[-30:]) < 0.9 * chance else "no better than guessing", worst


def main(runs):
    prepare_device("cpu")
    limit, steps.EXPLODED = steps.EXPLODED, math.inf  # nothing is put back here
    random = np.random.default_rng(1)
    ends = defaultdict(list)
    for name in SETS:
        images, truth = images_of(name)
        for _ in range(runs):
            end, worst = course(images, truth, *drawn(random, images, truth))
            ends[end].append(worst)
    for end, worst in sorted(ends.items()):
        caught = sum(end == "diverged" or value > limit for value in worst)
        quartiles = ", ".join(f"{value:.3g}" for value in np.percentile(worst, (0, 25, 50, 75, 100)))
        print(f"{end:<24} {len(worst):3} runs, caught {caught:3}; running loss over its lowest: {quartiles}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 90)
