"""One compiled step of a whole network, and its optimizer. Loads TensorFlow."""

from typing import Any, Literal

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from counterpoise.core.training.losses import FOCAL_GAMMA
from counterpoise.core.training.optimizers import MOMENTUM, Name


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
        images = tf.TensorSpec((None, *model.input_shape[1:]), tf.as_dtype(dtype))
        rows = tf.TensorSpec((None,), tf.int32)
        rate = tf.TensorSpec((), tf.float32)
        # XLA is ten times slower than the plain graph on a CPU for such networks.
        # Without autograph, which needs source code that a packaged program doesn't have.
        self._step = tf.function(
            self._step_eager, input_signature=[images, rows, rate], jit_compile=False, autograph=False
        )
        self._logits = tf.function(
            lambda x: tf.cast(model(tf.cast(x, tf.float32), training=False), tf.float32),
            input_signature=[images],
            jit_compile=False,
            autograph=False,
        )

    def step(self, images: NDArray[Any], truth: NDArray[np.intp], rate: float, key: tuple[int, int]) -> Any:
        """Take a step; return a tensor: whether it was finite. ``key`` (seed, number) drives dropout."""
        for layer in self._dropouts:
            layer.seed_generator.state.assign(np.array(key, np.uint32))
        return self._step(images, truth.astype(np.int32), rate)

    def logits(self, images: NDArray[Any]) -> NDArray[np.float32]:
        """Return [b, k], as in use (no dropout, stored statistics)."""
        return np.asarray(self._logits(images))

    def take_sums(self) -> tuple[float, float]:
        """Return the unweighted loss summed over images (prior put back), and their number."""
        return float(self.total.numpy()), float(self.seen.numpy())

    def set_sums(self, total: float, seen: float) -> None:
        self.total.assign(total)
        self.seen.assign(seen)

    def _step_eager(self, images: Any, truth: Any, rate: Any) -> Any:
        before = [tf.identity(variable.value) for variable in self._statistics]
        with tf.GradientTape() as tape:
            logits = tf.cast(self.model(tf.cast(images, tf.float32), training=True), tf.float32)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(truth, logits)
            if self._loss == "focal":
                losses *= (1 - tf.exp(-losses)) ** FOCAL_GAMMA
            loss = tf.reduce_mean(tf.gather(self._weights, truth) * losses)
            scaled = self.optimizer.scale_loss(loss) if self._half else loss
        variables = self.model.trainable_variables
        gradients = tape.gradient(scaled, variables)
        norm = tf.linalg.global_norm(gradients)
        finite = tf.math.is_finite(loss) & tf.math.is_finite(norm)
        if self._clip_norm is not None:
            limit = self._clip_norm * (self.optimizer.dynamic_scale if self._half else 1.0)
            gradients, _ = tf.clip_by_global_norm(gradients, limit, norm)
        self._rate.assign(rate)
        told = tf.nn.sparse_softmax_cross_entropy_with_logits(truth, logits + self._shift)
        share = tf.gather(self._shares, truth)
        sums = tf.reduce_sum(tf.cast(told, tf.float64) * share), tf.reduce_sum(share)

        def take() -> Any:
            self.optimizer.apply(gradients, variables)
            return tf.constant(True)

        def refuse() -> Any:
            if self._half:
                self.optimizer.apply(gradients, variables)  # skips it, and lowers its scale
            for variable, value in zip(self._statistics, before, strict=True):
                variable.assign(value)
            return tf.constant(False)

        # ``where`` keeps the sums out of the branches: NaN times zero would be NaN.
        zero = tf.constant(0.0, tf.float64)
        self.total.assign_add(tf.where(finite, sums[0], zero))
        self.seen.assign_add(tf.where(finite, sums[1], zero))
        return tf.cond(finite, take, refuse)


def _optimizer(name: Name) -> Any:
    """Return Keras' optimizer with its own constants."""
    return {
        "adam": lambda: keras.optimizers.Adam(),
        "adamw": lambda: keras.optimizers.AdamW(),
        "sgd": lambda: keras.optimizers.SGD(momentum=MOMENTUM),
        "rmsprop": lambda: keras.optimizers.RMSprop(),
    }[name]()
