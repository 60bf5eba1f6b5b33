"""Features of all images of a run, from the frozen backbone: onnxruntime on the CPU, TensorFlow on a GPU."""

import hashlib
from pathlib import Path

import numpy as np

from counterpoise.core.models.arrays import initial_arrays
from counterpoise.core.models.assemble import FEATURES, assemble
from counterpoise.core.models.network import Arrays, Network
from counterpoise.core.models.onnx_builder import build_onnx
from counterpoise.core.models.registry import spec
from counterpoise.core.models.session import runner
from counterpoise.core.pixels.store import ImageStore
from counterpoise.core.training.feature_store import Embed, FeatureStore
from counterpoise.core.training.record import RunConfig
from counterpoise.core.training.work import Interrupted, Teller, Work


def pretrained_backbone(config: RunConfig, weights: Path | None) -> tuple[Network, Arrays]:
    """Return the frozen backbone of a run: raw images in, features [feature_width] out."""
    if config.scaling is None:
        raise ValueError("expected a run whose scaling has been fitted")
    known = spec(config.settings.model.name)
    network = assemble(known, config.format, config.scaling, len(config.labels), "features").until(FEATURES)
    return network, initial_arrays(network, known, "features", weights=weights)


def embedded(work: Work, config: RunConfig, images: ImageStore, teller: Teller) -> FeatureStore:
    """Return the features of all images, filled; raises Interrupted where a pause was asked for."""
    network, arrays = pretrained_backbone(config, work.weights_file)
    contents = [image.content for image in work.images]
    width = network.shapes[network.output][0]
    store = FeatureStore.open(work.cache, feature_key(config, network, arrays), contents, width)

    def embed() -> Embed:
        if config.device == "gpu":
            from counterpoise.core.training.embed_gpu import embed_on_gpu  # loads TensorFlow

            return embed_on_gpu(network, arrays)
        return runner(build_onnx(network, arrays))

    teller.stage("embed", len(images))
    if not store.fill(images, embed, teller.progress, teller.wants_pause):
        raise Interrupted
    return store


def feature_key(config: RunConfig, network: Network, arrays: Arrays) -> str:
    """Return a text that differs whenever the features of an image would."""
    digest = hashlib.sha256()
    for key in sorted(arrays):
        digest.update(key.encode())
        digest.update(np.ascontiguousarray(arrays[key]).data)
    return f"1 {config.device} {config.format.model_dump_json()} {network.layers!r} {digest.hexdigest()}"
