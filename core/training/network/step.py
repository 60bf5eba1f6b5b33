"""One compiled step of a whole network, and its optimizer. Loads TensorFlow."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from counterpoise.core.training.features.losses import FOCAL_GAMMA
from counterpoise.core.training.features.optimizers import MOMENTUM, Name

KEY_STEP = 0x9E3779B9
"""Between the dropout keys of pieces: the golden ratio in 32 bits, so that they don't meet other seeds."""


class StepSeen(NamedTuple):
    """What a step came to."""

    finite: bool
    """Whether it was applied."""
    loss: float
    """As learnt from: weighted, mean over the batch."""
    norm: float
    """Of the gradient, before it is clipped."""


class NetworkStep:
    """Trains ``model`` (raw images to logits) batch by batch; sums stay on the device until asked for.

    A step whose loss or gradient isn't finite changes nothing, neither weights nor statistics of batch norm.
    """

    def __init__(
        self,
        model: Any,
        *,
        optimizer: Name,
        weights: NDArray[np.float64],
        divisors: NDArray[np.float64],
        shares: NDArray[np.float64],
        dtype: np.dtype[Any],
        loss: Literal["cross_entropy", "focal"] = "cross_entropy",
        clip_norm: float | None = None,
        half: bool = False,
    ) -> None:
        """``weights``, ``divisors``, ``shares`` [k]: of classes in the loss, the prior, the reported sum."""
        self.model = model
        inner = _optimizer(optimizer)
        self._rate = inner.learning_rate
        self._half = half
        # Half precision has too few digits for small gradients: the loss is scaled up, and steps that
        # overflow are skipped by the optimizer, which then lowers its scale.
        self.optimizer = keras.optimizers.LossScaleOptimizer(inner) if half else inner
        self.optimizer.build(model.trainable_variables)
        self.total = tf.Variable(0.0, dtype=tf.float64)
        self.seen = tf.Variable(0.0, dtype=tf.float64)
        self._weights = tf.constant(weights, tf.float32)
        self._shift = tf.constant(-np.log(divisors), tf.float32)
        self._shares = tf.constant(shares, tf.float64)
        self._loss = loss
        self._clip_norm = clip_norm
        self._statistics = [
            variable
            for layer in model.layers
            if isinstance(layer, keras.layers.BatchNormalization) and layer.trainable
            for variable in layer.non_trainable_variables
        ]
        self._dropouts = [layer for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
        self._gradients: list[Any] = []
        self._before: list[Any] = []
        self._part = tf.Variable(np.zeros(3), dtype=tf.float64)
        """Of a batch in pieces: loss, and the sums to be told."""
        images = tf.TensorSpec((None, *model.input_shape[1:]), tf.as_dtype(dtype))
        rows, number = tf.TensorSpec((None,), tf.int32), tf.TensorSpec((), tf.float32)
        self._step = _graph(self._step_eager, images, rows, number)
        self._piece = _graph(self._piece_eager, images, rows, number)
        self._end = _graph(self._end_eager, number)
        self._logits = _graph(
            lambda x: tf.cast(model(tf.cast(x, tf.float32), training=False), tf.float32), images
        )

    def step(
        self,
        images: NDArray[Any],
        truth: NDArray[np.intp],
        rate: float,
        key: tuple[int, int],
        pieces: int = 1,
    ) -> Any:
        """Take a step; return what ``read_step`` reads, without waiting for the device.

        ``key`` (seed, number) drives dropout. In several ``pieces`` the gradients are added up before they
        are applied, so that loss and gradient are those of the whole batch but for statistics that batch
        norm learns from each piece, and for dropout, which is drawn anew for each.
        """
        pieces = min(pieces, len(truth))
        if pieces == 1:
            self._drop(key)
            return self._step(images, truth.astype(np.int32), rate)
        parts = zip(np.array_split(images, pieces), np.array_split(truth, pieces), strict=True)
        self._begin()
        for number, (some, classes) in enumerate(parts):
            self._drop(((key[0] + number * KEY_STEP) % 2**32, key[1]))
            self._piece(some, classes.astype(np.int32), float(len(truth)))
        return self._end(rate)

    def logits(self, images: NDArray[Any]) -> NDArray[np.float32]:
        """Return [b, k], as in use (no dropout, stored statistics)."""
        return np.asarray(self._logits(images))

    def take_sums(self) -> tuple[float, float]:
        """Return the unweighted loss summed over images (prior put back), and their number."""
        return float(self.total.numpy()), float(self.seen.numpy())

    def set_sums(self, total: float, seen: float) -> None:
        self.total.assign(total)
        self.seen.assign(seen)

    def _drop(self, key: tuple[int, int]) -> None:
        for layer in self._dropouts:
            layer.seed_generator.state.assign(np.array(key, np.uint32))

    def _learn_from(self, images: Any, truth: Any, batch: Any) -> tuple[Any, Any, list[Any]]:
        """Return loss, sums to be told and (scaled) gradients of images as their part of ``batch``."""
        with tf.GradientTape() as tape:
            logits = tf.cast(self.model(tf.cast(images, tf.float32), training=True), tf.float32)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(truth, logits)
            if self._loss == "focal":
                losses *= (1 - tf.exp(-losses)) ** FOCAL_GAMMA
            loss = tf.reduce_sum(tf.gather(self._weights, truth) * losses) / batch
            scaled = self.optimizer.scale_loss(loss) if self._half else loss
        gradients = tape.gradient(scaled, self.model.trainable_variables)
        told = tf.nn.sparse_softmax_cross_entropy_with_logits(truth, logits + self._shift)
        share = tf.gather(self._shares, truth)
        sums = tf.stack([tf.reduce_sum(tf.cast(told, tf.float64) * share), tf.reduce_sum(share)])
        return loss, sums, gradients

    def _take(self, loss: Any, sums: Any, gradients: list[Any], before: list[Any], rate: Any) -> Any:
        """Apply the gradients where all is finite, else put the statistics ``before`` back."""
        scale = tf.identity(self.optimizer.dynamic_scale.value) if self._half else tf.constant(1.0)
        norm = tf.linalg.global_norm(gradients)
        finite = tf.math.is_finite(loss) & tf.math.is_finite(norm)
        if self._clip_norm is not None:
            gradients, _ = tf.clip_by_global_norm(gradients, self._clip_norm * scale, norm)
        self._rate.assign(rate)

        def take() -> Any:
            self.optimizer.apply(gradients, self.model.trainable_variables)
            return tf.constant(1.0)

        def refuse() -> Any:
            if self._half:
                self.optimizer.apply(gradients, self.model.trainable_variables)  # skips, lowers its scale
            for variable, value in zip(self._statistics, before, strict=True):
                variable.assign(value)
            return tf.constant(0.0)

        # ``where`` keeps the sums out of the branches: NaN times zero would be NaN.
        sums = tf.where(finite, sums, tf.zeros_like(sums))
        self.total.assign_add(sums[0])
        self.seen.assign_add(sums[1])
        return tf.stack([tf.cond(finite, take, refuse), loss, norm / scale])

    def _step_eager(self, images: Any, truth: Any, rate: Any) -> Any:
        before = [tf.identity(variable.value) for variable in self._statistics]
        batch = tf.cast(tf.shape(truth)[0], tf.float32)
        return self._take(*self._learn_from(images, truth, batch), before, rate)

    def _begin(self) -> None:
        """Make ready for a batch in pieces. Accumulators take the room of the weights once more."""
        if not self._gradients:
            self._gradients = [tf.Variable(v.value, False) for v in self.model.trainable_variables]
            self._before = [tf.Variable(v.value, False) for v in self._statistics]
        for gradient in self._gradients:
            gradient.assign(tf.zeros_like(gradient))
        for kept, variable in zip(self._before, self._statistics, strict=True):
            kept.assign(variable.value)
        self._part.assign(tf.zeros_like(self._part))

    def _piece_eager(self, images: Any, truth: Any, batch: Any) -> None:
        loss, sums, gradients = self._learn_from(images, truth, batch)
        for total, gradient in zip(self._gradients, gradients, strict=True):
            total.assign_add(gradient)
        self._part.assign_add(tf.concat([[tf.cast(loss, tf.float64)], sums], 0))

    def _end_eager(self, rate: Any) -> Any:
        gradients = [tf.identity(gradient) for gradient in self._gradients]
        before = [tf.identity(kept) for kept in self._before]
        return self._take(tf.cast(self._part[0], tf.float32), self._part[1:], gradients, before, rate)


def read_step(told: Any) -> StepSeen:
    """Wait for what ``NetworkStep.step`` returned."""
    finite, loss, norm = np.asarray(told)
    return StepSeen(bool(finite), float(loss), float(norm))


def _graph(function: Callable[..., Any], *signature: Any) -> Callable[..., Any]:
    """Return ``function`` compiled, when it is first called.

    XLA is ten times slower than the plain graph on a CPU for such networks; autograph needs source code,
    which a packaged program doesn't have.
    """
    compiled: Callable[..., Any] = tf.function(
        function, input_signature=list(signature), jit_compile=False, autograph=False
    )
    return compiled


def _optimizer(name: Name) -> Any:
    """Return Keras' optimizer with its own constants."""
    return {
        "adam": lambda: keras.optimizers.Adam(),
        "adamw": lambda: keras.optimizers.AdamW(),
        "sgd": lambda: keras.optimizers.SGD(momentum=MOMENTUM),
        "rmsprop": lambda: keras.optimizers.RMSprop(),
    }[name]()
