import hashlib

import numpy as np
import pytest

from counterpoise.core.training.features.feature_store import FeatureStore


def contents(*names):
    return [hashlib.sha256(name.encode()).hexdigest() for name in names]


class Images:
    """Stands in for the image store: an image is one number."""

    def __init__(self, values):
        self.values = np.asarray(values, np.float32)[:, None]

    def read(self, positions):
        return self.values[positions]


class Embedder:
    def __init__(self):
        self.seen = []

    def __call__(self):
        def run(images):
            self.seen.extend(images[:, 0].tolist())
            return np.hstack([images, images * 2]).astype(np.float32)

        return run


def fill(store, images, embedder, cancelled=lambda: False):
    return store.fill(images, embedder, lambda *_: None, cancelled)


@pytest.fixture
def embedder():
    return Embedder()


def test_features_are_computed_once_per_content(tmp_path, embedder):
    store = FeatureStore.open(tmp_path, "key", contents("b", "a", "b"), 2)
    assert fill(store, Images([1, 2, 1]), embedder)
    assert sorted(embedder.seen) == [1, 2]
    assert store.read(np.array([2, 1, 0])).tolist() == [[1, 2], [2, 4], [1, 2]]
    assert fill(store, Images([9, 9, 9]), embedder)
    assert len(embedder.seen) == 2
    store.close()


def test_another_set_of_the_same_key_takes_over_what_is_there(tmp_path, embedder):
    first = FeatureStore.open(tmp_path, "key", contents("a", "b"), 2)
    fill(first, Images([1, 2]), embedder)
    first.close()
    second = FeatureStore.open(tmp_path, "key", contents("c", "b"), 2)
    fill(second, Images([3, 2]), embedder)
    assert embedder.seen == [1, 2, 3]
    assert second.read(np.array([0, 1])).tolist() == [[3, 6], [2, 4]]
    second.close()


def test_another_key_takes_nothing_over(tmp_path, embedder):
    for key in ("one", "two"):
        store = FeatureStore.open(tmp_path, key, contents("a"), 2)
        fill(store, Images([1]), embedder)
        store.close()
    assert embedder.seen == [1, 1]


def test_a_damaged_record_is_computed_anew(tmp_path, embedder):
    store = FeatureStore.open(tmp_path, "key", contents("a", "b", "c"), 2)
    fill(store, Images([1, 2, 3]), embedder)
    store.close()
    path = next(tmp_path.rglob("*.records"))
    data = bytearray(path.read_bytes())
    data[-1] ^= 0xFF
    path.write_bytes(data)
    store = FeatureStore.open(tmp_path, "key", contents("a", "b", "c"), 2)
    assert fill(store, Images([1, 2, 3]), embedder)
    assert len(embedder.seen) == 4
    assert store.read(np.arange(3)).tolist() == [[1, 2], [2, 4], [3, 6]]
    store.close()


def test_cancelled_it_keeps_what_it_has(tmp_path, embedder):
    store = FeatureStore.open(tmp_path, "key", contents(*map(str, range(200))), 2)
    calls = iter([False, False, True])
    assert not fill(store, Images(range(200)), embedder, lambda: next(calls))
    assert len(embedder.seen) == 128
    assert fill(store, Images(range(200)), embedder)
    assert len(embedder.seen) == 200
    store.close()
