"""What the guards cost: the same loop over the same images with and without them, in turns in one run.

    python tests/benchmarks/guard_cost.py [ROUNDS]

Prints, for a small network trained from nothing and a pretrained one that is fine-tuned, the time of a
compiled step and of a whole pass, each over its time without any check, guard or event, in processor time
(which a busy machine disturbs less) and in wall time: medians of pairs.
Aim: a step under 1.02, a pass under 1.03.
"""

import dataclasses
import sys
import tempfile
import time
from contextlib import closing
from multiprocessing import Pipe
from pathlib import Path

import numpy as np
from common import need

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.jobs.job import JobContext
from counterpoise.core.models.arrays import initial_arrays
from counterpoise.core.models.registry import spec
from counterpoise.core.safety.plan import make_plan
from counterpoise.core.settings import Settings
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.features.embed import network_of
from counterpoise.core.training.images.decoded import decoded_images, with_scaling
from counterpoise.core.training.network.tensorflow_device import prepare_device
from counterpoise.core.training.record import read_config
from counterpoise.core.training.start import make_work, prepare_run
from counterpoise.core.training.work import Teller

CASES = {
    "small_cnn, 28 px": (
        {"model.name": "small_cnn", "model.mode": "scratch", "model.image_size": 28},
        2048,
        40,
    ),
    "efficientnet_lite0, 64 px": ({"model.mode": "finetune", "model.image_size": 64}, 192, 3),
}


class Quiet(Teller):
    """Says nothing and asks for nothing."""

    def progress(self, done, total):
        pass

    def listen(self):
        pass

    def send(self, kind, **fields):
        pass


def loop_of(work, config, images, guarded):
    """Return a loop at its first step; without ``guarded`` nothing in it looks at what a step came to."""
    from counterpoise.core.training.network import live
    from counterpoise.core.training.network.loop import GradientLoop
    from counterpoise.core.training.network.step import NetworkStep

    class Bare(NetworkStep):
        """The same arithmetic without norm, check and branch."""

        def _take(self, loss, sums, gradients, _before, rate):
            self._rate.assign(rate)
            self.optimizer.apply(gradients, self.model.trainable_variables)
            self.total.assign_add(sums[0])
            self.seen.assign_add(sums[1])
            return loss

    ours, theirs = Pipe()
    network, known = network_of(config), spec(config.settings.model.name)
    arrays = initial_arrays(network, known, config.settings.model.mode)
    live.NetworkStep = NetworkStep if guarded else Bare
    teller = (Teller if guarded else Quiet)(JobContext(theirs), "cpu")
    loop = GradientLoop(work, config, teller, network, lambda: arrays, images)
    live.NetworkStep = NetworkStep
    loop._judge = lambda *_, **__: "done"  # validation is the same with and without
    if not guarded:
        loop._watch = lambda *_: False
    loop.pipe = ours
    return loop


def seconds(act):
    """Return the wall and the processor seconds of ``act()``."""
    began, busy = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - began, time.process_time() - busy


def whole_pass(loop):
    loop._pass()
    while loop.pipe.poll():
        loop.pipe.recv()


def ratios(act, with_them, without, rounds):
    """Return in words the median of the ratios of neighbours: of their processor times, and of wall times.

    Each pair is taken in the other order than the one before.
    """
    found = []
    for number in range(rounds):
        order = (with_them, without) if number % 2 else (without, with_them)
        took = {id(loop): seconds(lambda loop=loop: act(loop)) for loop in order}
        found.append((took[id(with_them)], took[id(without)]))
    times = np.array(found)  # [rounds, with or without, wall or processor]
    wall, processor = np.median(times[:, 0] / times[:, 1], axis=0)
    return f"{processor:.3f} (wall {wall:.3f})"


def measure(name, changes, most, at_once, rounds):
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        settings = Settings().changed({**changes, "training.device": "cpu", "training.augment": "none"})
        catalog = scan(open_sources(need("pneumoniamnist")), settings.data, cache=cache)
        images = [*catalog.part("train")[:most], *catalog.part("val")[:32]]
        plan = make_plan(
            dataclasses.replace(catalog, images=tuple(images)),
            settings,
            run=Path(folder) / "run",
            cache=cache,
        )
        run = RunFolder(plan.run)
        prepare_run(run, plan)
        work = make_work(run, plan.catalog, cache, None)
        config = read_config(run)
        teller = Quiet(JobContext(Pipe()[1]), "cpu")
        with decoded_images(work, config, teller) as store, closing(store):
            config = with_scaling(work, config, store, teller)
            prepare_device("cpu")
            loops = [loop_of(work, config, store, guarded) for guarded in (True, False)]
            batch = np.arange(32)
            given = store.read(batch), loops[0]._truth[batch]

            def steps(loop):
                for number in range(at_once):
                    told = loop._live.step.step(*given, 1e-4, (0, number))
                np.asarray(told)

            for loop in loops:  # traced and warm
                steps(loop)
                whole_pass(loop)
            print(
                f"{name}: step {ratios(steps, *loops, 3 * rounds)}, pass {ratios(whole_pass, *loops, rounds)}"
            )


if __name__ == "__main__":
    for name, (changes, most, at_once) in CASES.items():
        measure(name, changes, most, at_once, int(sys.argv[1]) if len(sys.argv) > 1 else 30)
