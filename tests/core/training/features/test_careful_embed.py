"""Features where memory is short: the system itself refuses it."""

import numpy as np
import pytest

from counterpoise.core.jobs.job import Job
from counterpoise.core.training.features.careful_embed import CarefulEmbed, sliced

MB = 2**20


def test_where_memory_runs_out_fewer_images_are_taken_at_once(tmp_path):
    with Job("memory_trials:embed_within", 300 * MB, log=tmp_path / "log.txt") as job:
        told = list(job.events())
    guards = [e for e in told if e["event"] == "guard"]
    assert told[-1]["event"] == "finished", told[-1]
    assert [g["code"] for g in guards] == ["out-of-memory"], "said once, however often it was halved"
    assert guards[0]["evidence"] == {"images": told[-1]["result"]["at_once"], "before": 16}
    assert told[-1]["result"]["at_once"] < 16
    assert told[-1]["result"]["off"] < 1e-4


def test_where_not_even_one_image_fits_the_process_counts_as_dead_for_want_of_memory():
    """An array larger than any machine: NumPy's own refusal."""
    tried = []

    def make(at_once):
        tried.append(at_once)
        return lambda images: np.empty((2**59, images.shape[1]), np.float32)

    with pytest.raises(MemoryError, match="single image"):
        CarefulEmbed(make, 8, teller=None)(np.zeros((1, 2)))
    assert tried == [8, 4, 2, 1]


def test_other_errors_are_no_want_of_memory():
    def make(at_once):
        raise RuntimeError("no such graph")

    with pytest.raises(RuntimeError, match="no such graph"):
        CarefulEmbed(make, 8, teller=None)(np.zeros((1, 2)))


@pytest.mark.parametrize("count", [0, 1, 7, 8])
def test_slices_come_to_the_same(count):
    seen = []

    def embed(images):
        seen.append(len(images))
        return images * 2

    images = np.arange(count * 3, dtype=np.float32).reshape(count, 3)
    assert (sliced(embed, 4)(images) == images * 2).all()
    assert max(seen) <= 4
