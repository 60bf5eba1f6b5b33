"""Short plain trainings with the product's own step, for the sweep over thresholds. Loads TensorFlow.

No guard puts anything back here: the first step that isn't finite counts as the end of the training, as
it would be in a plain loop.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.balance.prior import prior_divisors
from counterpoise.core.catalog.readers import read_frame
from counterpoise.core.catalog.types import Catalog
from counterpoise.core.figures.auc import mean_auc
from counterpoise.core.models.arrays import initial_arrays, with_head
from counterpoise.core.models.assemble import FEATURES, HEAD, assemble
from counterpoise.core.models.network import roles
from counterpoise.core.models.onnx_builder import build_onnx
from counterpoise.core.models.session import runner
from counterpoise.core.pixels.fit import fit_scaling
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import prepare
from counterpoise.core.pixels.scaling import FittedScaling
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.resolve import MODE_DEFAULTS
from counterpoise.core.training.features.embed import DROPOUT
from counterpoise.core.training.features.feature_rows import FeatureRows, fit_evening
from counterpoise.core.training.features.head import HeadStep, predict, starting_bias, train_head
from counterpoise.core.training.features.losses import softmax
from counterpoise.core.training.features.state import HeadData, HeadSettings, new_head
from counterpoise.core.training.network.schedule import rate_at
from counterpoise.core.training.network.train import learns
from counterpoise.core.training.order import batches, epoch_order

RAW = FittedScaling(method="none", offset=(0.0,), scale=(1.0,))
NO_CLIP = 1e30
"""As a limit of the gradient's norm: none, through the same graph."""


@dataclass(frozen=True)
class End:
    """How a training ended, on the images it learnt from."""

    loss: float
    """Weighted as trained with, over that of the best constant answer: under one is better than knowing
    nothing; NaN where a step wasn't finite."""
    told: float
    """The loss that a run reports (unweighted, prior put back) over the entropy of the class shares."""
    auc: float
    spread: float
    """Standard deviation of the logits over images, over that at the start; 0: the same answer for all."""
    applied: float
    """Share of the steps that were applied."""


@dataclass(frozen=True)
class Images:
    """A set in memory: raw values [n, h, w, c] times ``factor``, and the truth [n]."""

    catalog: Catalog
    raw: NDArray[np.float32]
    truth: NDArray[np.intp]
    factor: float = 1.0

    @property
    def shares(self) -> NDArray[np.float64]:
        return np.bincount(self.truth) / len(self.truth)

    def times(self, factor: float) -> "Images":
        """Return the same images as floats of another range."""
        records = tuple(
            replace(
                i,
                units="float",
                **{k: getattr(i, k) * factor for k in ("minimum", "maximum", "mean", "std")},
            )
            for i in self.catalog.images
        )
        catalog = replace(self.catalog, images=records)
        return Images(catalog, self.raw * np.float32(factor), self.truth, factor)


def load_images(catalog: Catalog, fmt: PixelFormat) -> Images:
    """Decode the training part."""
    part = catalog.part("train")
    raw = [prepare(read_frame(catalog.sources.locate(i.path), i.frame), fmt) for i in part]
    truth = np.array([catalog.labels.index(i.label) for i in part])
    return Images(catalog, np.stack(raw).astype(np.float32), truth)


def fitted(plan: Plan, images: Images) -> FittedScaling:
    return fit_scaling(plan.settings.scaling, plan.format, [_stored(plan, images.raw)])


def _stored(plan: Plan, raw: NDArray[np.float32]) -> NDArray[Any]:
    """Return values as the product keeps them: bytes where the units are bytes."""
    return raw.astype(plan.format.dtype)


def seen_values(plan: Plan, images: Images) -> NDArray[np.float32]:
    """Return what the first layer sees."""
    values = fitted(plan, images).apply(images.raw)
    if plan.mode == "scratch":
        return values
    scale, offset = plan.spec.native_affine(plan.settings.scaling.method, plan.format.units)
    return np.asarray(values * np.float32(scale) + np.float32(offset), np.float32)


def vectors(plan: Plan) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return weights and divisors [k]."""
    weights = np.array([plan.weights[label] for label in plan.catalog.labels])
    weighting = plan.settings.weighting
    return weights, prior_divisors(
        plan.train_counts, plan.weights, weighting.sampling, weighting.correct_prior
    )


class Trainer:
    """One compiled step of a network, for any number of trainings: weights, limit and rate are variables."""

    def __init__(self, plan: Plan, images: Images) -> None:
        import tensorflow as tf

        from counterpoise.core.models.keras_builder import build_keras
        from counterpoise.core.training.network.step import NetworkStep

        training = plan.settings.training
        classes = len(plan.catalog.labels)
        dropout = DROPOUT if plan.spec.pretrained else 0.0
        channels = images.raw.shape[-1]
        raw = RAW.model_copy(update={"offset": (0.0,) * channels, "scale": (1.0,) * channels})
        # Scaling and native range are applied before, so that one graph serves them all.
        network = assemble(plan.spec, plan.format, raw, classes, "scratch", dropout=dropout)
        self._network = network.until(HEAD)
        self._mode, self._spec = plan.mode, plan.spec
        arrays = initial_arrays(self._network, plan.spec, plan.mode, 0)
        model = build_keras(
            self._network,
            arrays,
            trainable=lambda layer: learns(plan.mode, layer),
            precision=training.precision,
        )
        self._half = training.precision == "mixed_float16"
        ones = np.ones(classes)
        self._step = NetworkStep(
            model,
            optimizer=training.optimizer,
            weights=ones,
            divisors=ones,
            shares=ones,
            dtype=np.dtype(np.float32),
            clip_norm=NO_CLIP,
            half=self._half,
        )
        self._model = model
        self._weights = self._step._weights = tf.Variable(ones, dtype=tf.float32)
        self._limit = self._step._clip_norm = tf.Variable(NO_CLIP, dtype=tf.float32)
        self._optimizer_start = [np.array(v) for v in self._step.optimizer.variables]

    def _reset(self, plan: Plan, values: NDArray[np.float32], images: Images, seed: int) -> None:
        arrays = initial_arrays(self._network, self._spec, self._mode, seed)
        if self._mode == "finetune":
            arrays = with_head(arrays, *warm_head(values, images.truth))
        for layer in self._network.layers:
            own = roles(layer, self._network.shapes[layer.inputs[0]])
            if own:
                values_of = [arrays[f"{layer.name}/{role}"] for role in own]
                self._model.get_layer(layer.name).set_weights(values_of)
        for variable, value in zip(self._step.optimizer.variables, self._optimizer_start, strict=True):
            variable.assign(value)
        weights, _ = vectors(plan)
        self._weights.assign(weights.astype(np.float32))
        limit = plan.settings.training.clip_norm
        self._limit.assign(NO_CLIP if limit is None else limit)

    def train(self, plan: Plan, images: Images, steps: int, seed: int) -> End:
        """Take ``steps`` steps, the rate rising and falling as in a run."""
        from counterpoise.core.training.network.step import read_step

        values = seen_values(plan, images)
        self._reset(plan, values, images, seed)
        training, k = plan.settings.training, len(plan.catalog.labels)
        judged = np.random.default_rng(0).permutation(len(images.truth))[:256]
        start = _spread(self._step.logits(values[judged]))
        taken = applied = epoch = 0
        while taken < steps:
            order = epoch_order(images.truth, k, plan.settings.weighting.sampling, seed, epoch)
            for batch in batches(order, int(training.batch_size))[: steps - taken]:
                rate = rate_at(taken / steps, float(training.learning_rate))
                told = self._step.step(values[batch], images.truth[batch], rate, (seed, taken))
                finite = read_step(told).finite
                taken, applied = taken + 1, applied + finite
                if not finite and not self._half:
                    return End(np.nan, np.nan, 0.5, 0.0, applied / taken)
            epoch += 1
        logits = self._step.logits(values[judged])
        return judged_end(plan, logits, images.truth[judged], start, applied / taken)


def judged_end(
    plan: Plan, logits: NDArray[np.float32], truth: NDArray[np.intp], start: float, applied: float
) -> End:
    """Return how the logits [n, k] stand to those of a constant answer."""
    if not np.isfinite(logits).all():
        return End(np.nan, np.nan, 0.5, 0.0, applied)
    weights, divisors = vectors(plan)
    shares = np.bincount(truth, minlength=len(weights)) / len(truth)
    hot = np.maximum(weights * shares, 1e-12)
    constant = float(-(weights * shares * np.log(hot / hot.sum())).sum())
    natural = float(-(shares * np.log(np.maximum(shares, 1e-12))).sum())
    losses = _losses(logits, truth)
    shifted = logits - np.log(divisors).astype(np.float32)
    told = float(_losses(shifted, truth).mean()) / natural
    auc = mean_auc(softmax(shifted), truth)
    return End(
        loss=float((weights[truth] * losses).mean()) / constant,
        told=told,
        auc=float("nan") if auc is None else auc,
        spread=_spread(logits) / start if start else _spread(logits),
        applied=applied,
    )


def _spread(logits: NDArray[np.float32]) -> float:
    centred = logits - logits.mean(axis=1, keepdims=True)
    return float(centred.std(axis=0).mean())


def _losses(logits: NDArray[np.float32], truth: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the cross entropy [n], not capped, however large it is."""
    z = logits.astype(np.float64)
    top = z.max(axis=1)
    return np.asarray(top + np.log(np.exp(z - top[:, None]).sum(axis=1)) - z[np.arange(len(z)), truth])


_heads: dict[int, Any] = {}


def warm_head(values: NDArray[np.float32], truth: NDArray[np.intp]) -> Any:
    """Return kernel and bias that the features give, which fine-tuning starts from."""
    key = hash((values[:, ::7, ::7].tobytes(), truth.tobytes()))
    if key not in _heads:
        features = embed(values)
        evening = fit_evening(lambda p: features[p], len(features))
        rows = FeatureRows(lambda p: features[p], 0, len(features), evening)
        k = int(truth.max()) + 1
        quick = MODE_DEFAULTS["features"]
        settings = HeadSettings(k, "adam", quick.learning_rate, quick.batch_size, 20, 20)
        none = HeadData(FeatureRows(lambda p: features[p], 0, 0, evening), truth[:0])
        *_, state = train_head(HeadData(rows, truth), none, settings, np.ones(k), np.ones(k))
        _heads[key] = evening.fold(state.best_kernel[:, 0], state.best_bias[0])
    return _heads[key]


@cache
def _embedder(shape: tuple[int, int, int]) -> Any:
    from counterpoise.core.models.registry import spec

    known = spec("efficientnet_lite0")
    fmt = PixelFormat(size=shape[:2], channels=3, units="float")
    raw = RAW.model_copy(update={"offset": (0.0,) * 3, "scale": (1.0,) * 3})
    network = assemble(known, fmt, raw, 2, "scratch").until(FEATURES)
    return runner(build_onnx(network, initial_arrays(network, known, "features")))


def embed(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return features [n, 1280] of what the backbone sees."""
    if values.shape[-1] == 1:
        values = np.repeat(values, 3, axis=-1)
    run = _embedder(values.shape[1:])
    return np.asarray(run(values), np.float32)


def train_quick_head(plan: Plan, features: NDArray[np.float32], images: Images, steps: int, seed: int) -> End:
    """Train a head on features, to the end: no best state is kept."""
    training, k = plan.settings.training, len(plan.catalog.labels)
    evening = fit_evening(lambda p: features[p], len(features))
    rows = FeatureRows(lambda p: features[p], 0, len(features), evening)
    settings = HeadSettings(
        classes=k, optimizer=training.optimizer, learning_rate=float(training.learning_rate),
        batch_size=int(training.batch_size), epochs=1, patience=1, clip_norm=training.clip_norm,
    )  # fmt: skip
    weights, divisors = vectors(plan)
    step = HeadStep(HeadData(rows, images.truth), settings, weights, divisors, None)
    state = new_head(features.shape[1], settings, starting_bias(images.truth, settings, weights))
    taken = epoch = 0
    while taken < steps:
        order = epoch_order(images.truth, k, plan.settings.weighting.sampling, seed, epoch)
        for batch in batches(order, settings.batch_size)[: steps - taken]:
            taken += 1
            if not step.take(state, batch, settings.learning_rate).finite:
                return End(np.nan, np.nan, 0.5, 0.0, (taken - 1) / taken)
        epoch += 1
    with np.errstate(all="ignore"):
        ones = np.ones(k)
        logits = np.log(np.maximum(predict(rows, state.kernel[:, 0], state.bias[0], ones), 1e-30))
    return judged_end(plan, logits, images.truth, 0.0, 1.0)
