"""Features of all images of a run, from the frozen backbone: onnxruntime on the CPU, TensorFlow on a GPU."""

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

import numpy as np

from counterpoise.core.models.arrays import initial_arrays
from counterpoise.core.models.assemble import FEATURES, assemble
from counterpoise.core.models.network import Arrays, Network
from counterpoise.core.models.onnx_builder import build_onnx
from counterpoise.core.models.registry import spec
from counterpoise.core.pixels.store import ImageStore
from counterpoise.core.training.features.careful_embed import CarefulEmbed, most_on_cpu, on_cpu, sliced
from counterpoise.core.training.features.feature_store import BLOCK, Embed, FeatureStore
from counterpoise.core.training.record import RunConfig
from counterpoise.core.training.waiting import with_room
from counterpoise.core.training.work import Interrupted, Teller, Work

DROPOUT = 0.2
"""Before the head of a pretrained network while it is trained whole."""


def network_of(config: RunConfig) -> Network:
    """Return the whole network of a run whose scaling is fitted, dropout before the head included."""
    if config.scaling is None:
        raise ValueError("expected a run whose scaling has been fitted")
    known, mode = spec(config.settings.model.name), config.settings.model.mode
    dropout = DROPOUT if known.pretrained and mode != "features" else 0.0
    return assemble(known, config.format, config.scaling, len(config.labels), mode, dropout=dropout)


@contextmanager
def embedded(work: Work, config: RunConfig, images: ImageStore, teller: Teller) -> Iterator[FeatureStore]:
    """Open the store of the features of all images, filled; raises Interrupted for a pause."""
    network = network_of(config).until(FEATURES)
    known = spec(config.settings.model.name)
    arrays = initial_arrays(network, known, "features", weights=work.weights_file)
    contents = [image.content for image in work.images]
    width = network.shapes[network.output][0]

    def embed() -> Embed:
        if config.device == "gpu":
            from counterpoise.core.training.features.embed_gpu import embed_on_gpu  # loads TensorFlow
            from counterpoise.core.training.network.memory_errors import FAILED

            whole = embed_on_gpu(network, arrays)
            return CarefulEmbed(partial(sliced, whole), block, teller, FAILED)
        graph = build_onnx(network, arrays)
        return CarefulEmbed(partial(on_cpu, graph), most_on_cpu() >> work.careful, teller)

    teller.stage("embed", len(images))
    key, what = feature_key(config, network, arrays), "the features of the images"
    block = max(1, BLOCK >> work.careful)
    with closing(
        with_room(lambda: FeatureStore.open(work.cache, key, contents, width), what, teller)
    ) as store:

        def fill() -> bool:
            return store.fill(images, embed, teller.progress, teller.wants_pause, block)

        if not with_room(fill, what, teller):
            raise Interrupted
        yield store


def feature_key(config: RunConfig, network: Network, arrays: Arrays) -> str:
    """Return a text that differs whenever the features of an image would."""
    digest = hashlib.sha256()
    for key in sorted(arrays):
        digest.update(key.encode())
        digest.update(np.ascontiguousarray(arrays[key]).data)
    return f"1 {config.device} {config.format.model_dump_json()} {network.layers!r} {digest.hexdigest()}"
