"""The thorough ways: adapt a pretrained network from the features' head on, or train one from nothing."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.models import layers as kinds
from counterpoise.core.models.arrays import initial_arrays, with_head, with_prior
from counterpoise.core.models.assemble import HEAD
from counterpoise.core.models.layers import Layer
from counterpoise.core.models.network import Arrays, Network
from counterpoise.core.models.onnx_builder import build_onnx
from counterpoise.core.models.registry import spec
from counterpoise.core.pixels.store import ImageStore
from counterpoise.core.safety.guards.memory import BLOCK
from counterpoise.core.safety.resolve import MODE_DEFAULTS
from counterpoise.core.training.features.careful_embed import CarefulEmbed, most_on_cpu, on_cpu
from counterpoise.core.training.features.embed import embedded, network_of
from counterpoise.core.training.features.head import train_head
from counterpoise.core.training.features.train import class_vectors, head_data, head_settings, head_watch
from counterpoise.core.training.finish import Outcome, finish
from counterpoise.core.training.images.decoded import decoded_images, with_scaling
from counterpoise.core.training.record import RunConfig
from counterpoise.core.training.waiting import with_room
from counterpoise.core.training.work import Interrupted, Teller, Work

LOWER_BLOCKS = 5
"""Blocks of the pretrained network that stay as they are: they know edges and textures, hold 3 % of the
weights and cost half of a step."""


def train_gradient(work: Work, config: RunConfig, teller: Teller) -> dict[str, Any]:
    """Run the mode ``finetune`` or ``scratch`` to its end; return what ``finished`` says."""
    with decoded_images(work, config, teller) as images:
        config = with_scaling(work, config, images, teller)
        network = network_of(config)

        def start() -> Arrays:
            return starting_arrays(work, config, network, images, teller)

        from counterpoise.core.training.network.loop import GradientLoop  # loads TensorFlow

        best = GradientLoop(work, config, teller, network, start, images).run()
        teller.stage("finish")
        _, divisors = class_vectors(config)
        arrays = with_prior(best, divisors)
        probabilities = _predicted(network, arrays, images, work, teller)
    outcome = Outcome(network, arrays, probabilities, stopped=teller.stop)
    return with_room(lambda: finish(work, config, outcome), "the results", teller)


def learns(mode: str, layer: Layer) -> bool:
    """Whether a layer learns: in ``finetune`` the upper blocks, batch norm frozen with its statistics."""
    if mode == "scratch":
        return True
    if isinstance(layer, kinds.BatchNorm):
        return False
    stage = layer.name.partition("_")[0]
    lower = stage == "stem" or (stage.startswith("block") and int(stage[5:]) < LOWER_BLOCKS)
    return not lower


def starting_arrays(
    work: Work, config: RunConfig, network: Network, images: ImageStore, teller: Teller
) -> Arrays:
    """Return pretrained weights with the head learnt on their features; for ``scratch`` random ones."""
    settings = config.settings
    known, mode = spec(settings.model.name), settings.model.mode
    arrays = initial_arrays(network, known, mode, settings.training.seed, work.weights_file)
    if mode != "finetune":
        return arrays
    quick = MODE_DEFAULTS["features"]
    chosen = replace(
        head_settings(config),
        optimizer="adam",
        learning_rate=quick.learning_rate,
        batch_size=quick.batch_size,
        epochs=quick.epochs,
        patience=quick.patience,
    )
    with embedded(work, config, images, teller) as features:
        teller.stage("head")
        evening, train, val = head_data(work, config, features)
        state = None
        rate = {"training.learning_rate": quick.learning_rate, "training.optimizer": "adam"}
        quickly = config.model_copy(update={"settings": config.settings.changed(rate)})
        watch = head_watch(work, quickly, teller, train, {})
        for state in train_head(train, val, chosen, *class_vectors(config), watch=watch):
            watch.keep(state)
            if teller.wants_pause():
                raise Interrupted
    if state is None:
        raise ValueError("expected at least one pass")
    return with_head(arrays, *evening.fold(state.best_kernel[:, 0], state.best_bias[0]))


def _predicted(
    network: Network, arrays: Arrays, images: ImageStore, work: Work, teller: Teller
) -> NDArray[np.float32]:
    """Return what the model that is saved says of the validation images [n, k]."""
    graph = build_onnx(network, arrays)
    run = CarefulEmbed(partial(on_cpu, graph), most_on_cpu() >> work.careful, teller)
    first, count = len(work.train), len(work.val)
    blocks = [
        run(images.read(np.arange(start, min(start + BLOCK, first + count))))
        for start in range(first, first + count, BLOCK)
    ]
    return np.concatenate(blocks) if blocks else np.empty((0, network.shapes[HEAD][0]), np.float32)
