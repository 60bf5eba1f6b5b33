"""Ranking, estimate, links and distances, on made-up probabilities and features."""

import numpy as np
import pytest

from counterpoise.core.catalog.types import NO_FRAME, ImageRecord
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.review.enough import refuse_too_little
from counterpoise.core.review.estimate import estimate
from counterpoise.core.review.links import linked
from counterpoise.core.review.near import orientations
from counterpoise.core.review.out_of_fold import components, once, out_of_fold
from counterpoise.core.review.ranking import margins
from counterpoise.core.review.unlike import distances, stand_apart, unit_rows


def image(path, label="a", group="", content="", part="train", frame=NO_FRAME):
    numbers = (8, 8, 1, 8, "uint8", "PNG", 0.0, 1.0, 0.5, 0.1)
    return ImageRecord(path, frame, label, group, part, content or path, *numbers)


def drawn(count, wrong, seed, hard=0.0):
    """Return probabilities [n, 2] of a calibrated model and labels, a share ``wrong`` of them turned."""
    random = np.random.default_rng(seed)
    p = random.beta(0.1, 0.1, count) * (1 - hard) + 0.5 * hard
    truth = (random.random(count) < p).astype(np.intp)
    turned = random.random(count) < wrong
    return np.stack([1 - p, p], axis=1), np.where(turned, 1 - truth, truth), turned


@pytest.mark.parametrize(("wrong", "hard"), [(0.0, 0.0), (0.02, 0.0), (0.05, 0.0), (0.1, 0.0), (0.0, 0.5)])
def test_the_estimate_tells_wrong_labels_from_a_models_own_mistakes(wrong, hard):
    covered = 0
    for seed in range(3):
        probabilities, labels, turned = drawn(3000, wrong, seed, hard)
        found = estimate(probabilities, labels, np.arange(3000))
        assert found.low <= found.value <= found.high
        covered += found.low <= turned.sum() <= found.high
        assert abs(found.value - turned.sum()) <= 0.02 * 3000
    assert covered >= 2


def test_where_the_model_hesitates_everywhere_the_interval_says_that_nothing_can_be_told():
    probabilities, labels, turned = drawn(3000, 0.05, 0, hard=0.1)
    found = estimate(probabilities, labels, np.arange(3000))
    assert found.low == 0
    assert found.high >= turned.sum()


def test_images_of_one_patient_are_no_independent_witnesses():
    probabilities, labels, _ = drawn(200, 0.05, 0)
    many = np.repeat(probabilities, 10, axis=0), np.repeat(labels, 10)
    alone = estimate(*many, np.arange(2000))
    together = estimate(*many, np.repeat(np.arange(200), 10))
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_one_class_is_refused_with_what_is_missing():
    images = [image(f"a{i}.png") for i in range(5)] + [image("b.png", "b"), image("c.png", "b")]
    with pytest.raises(CounterpoiseError, match=r"too little to compare.*received a \(5\) and b \(2\)"):
        refuse_too_little(images)
    refuse_too_little([*images, image("d.png", "b")])


def test_images_of_one_patient_count_once_for_that():
    images = [image(f"a{i}.png", group=f"p{i}") for i in range(5)]
    with pytest.raises(CounterpoiseError, match=r"at least 3 patients.*b \(1\)"):
        refuse_too_little([*images, *(image(f"b{i}.png", "b", group="q") for i in range(5))])


def test_nothing_is_estimated_of_nothing():
    found = estimate(np.empty((0, 2)), np.empty(0, np.intp), np.empty(0, np.intp))
    assert (found.value, found.of) == (0, 0)


def test_a_rare_class_is_not_doubted_as_a_whole():
    """Its images never reach the probabilities of the common one; the few that are less than usual are."""
    probabilities = np.array([[0.95, 0.05]] * 90 + [[0.6, 0.4]] * 9 + [[0.95, 0.05]])
    truth = np.array([0] * 90 + [1] * 10)
    scores, best = margins(probabilities, truth)
    assert (scores[:99] >= 0).all()
    assert scores[99] < 0
    assert best[99] == 0


def test_what_is_all_but_impossible_comes_before_what_is_unlikely():
    """Also where a hesitant class makes the unlikely one look worse by plain differences."""
    probabilities = np.array([[0.95, 0.05]] * 50 + [[0.4, 0.6]] * 50 + [[0.1, 0.9], [0.9999, 0.0001]])
    truth = np.array([0] * 50 + [1] * 50 + [0, 1])
    scores, _ = margins(probabilities, truth)
    assert np.argsort(scores)[:2].tolist() == [101, 100]
    assert (scores[:100] >= 0).all()


def test_planted_labels_come_first_and_their_own_class_is_suggested():
    random = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 100)
    features = (random.normal(0, 1, (300, 20)) + 4 * np.eye(20)[truth]).astype(np.float32)
    labels = truth.copy()
    planted = [3, 50, 120, 180, 220, 290]
    labels[planted] = (truth[planted] + 1) % 3
    ticks = []
    passes = out_of_fold(features, labels, np.arange(300), 3, 0, lambda *done: ticks.append(done))
    scores, best = margins(passes.second, labels)
    assert set(np.argsort(scores)[:6]) == set(planted)
    assert (best[planted] == truth[planted]).all()
    assert ticks == [(1, 3), (2, 3), (3, 3)]
    assert np.allclose(passes.second.sum(axis=1), 1)


def test_a_copy_under_the_wrong_label_does_not_vouch_for_the_other():
    """Both copies of a picture carry the same wrong label: linked, they are doubted; apart, they aren't."""
    random = np.random.default_rng(1)
    truth = np.repeat([0, 1], 30)
    features = random.normal(0, 1, (60, 60)).astype(np.float32) + 2 * (truth[:, None] == 1)
    features[1] = features[0]
    labels = truth.copy()
    labels[[0, 1]] = 1
    units = np.arange(60)
    units[1] = 0
    together = out_of_fold(features, labels, units, 2, 0).first[:2, 1]
    apart = out_of_fold(features, labels, np.arange(60), 2, 0).first[:2, 1]
    assert (apart > together + 0.2).all()


def clusters(wrong, own):
    """Return features and labels: 160 images of class 0, the first ``wrong`` labelled 1, and ``own`` of 1."""
    random = np.random.default_rng(0)
    truth = np.repeat([0, 1], [160, own])
    features = (random.normal(0, 1, (len(truth), 8)) + 4 * np.eye(8)[truth]).astype(np.float32)
    return features, np.where(np.arange(len(truth)) < wrong, 1, truth)


def learned_from_all(features, labels):
    units = np.arange(len(labels))
    return (once(features, labels, units, 2, 1) + once(features, labels, units, 2, 2)) / 2


def test_the_second_pass_learns_nothing_from_what_the_first_is_sure_is_wrong():
    features, labels = clusters(wrong=20, own=40)
    passes = out_of_fold(features, labels, np.arange(200), 2, 0)
    assert passes.second[:20, 1].mean() < 0.5 * passes.first[:20, 1].mean()


def test_the_second_pass_learns_from_labels_found_right():
    features, labels = clusters(wrong=20, own=40)
    passes = out_of_fold(features, labels, np.arange(200), 2, 0, trusted=np.arange(200) < 20)
    assert np.allclose(passes.second, learned_from_all(features, labels))


def test_a_class_doubted_by_more_than_half_is_learned_from_as_it_is():
    features, labels = clusters(wrong=20, own=10)
    passes = out_of_fold(features, labels, np.arange(170), 2, 0)
    assert (passes.first[:20, 0] > 0.8).sum() > 15
    assert np.allclose(passes.second, learned_from_all(features, labels))


def test_a_class_whose_only_trusted_unit_is_left_out_is_learned_from_the_others():
    random = np.random.default_rng(0)
    features = random.normal(0, 1, (52, 8)).astype(np.float32)
    truth, units = np.repeat([0, 1], [40, 12]), np.arange(52)
    units[40:50] = 40
    learned = np.arange(52) < 50
    found = once(features, truth, units, 2, 0, learned)
    assert ((found > 0) & (found < 1)).all()
    assert np.allclose(found.sum(axis=1), 1)


def test_too_few_units_are_refused():
    with pytest.raises(ValueError, match="three units"):
        out_of_fold(np.zeros((4, 2), np.float32), np.array([0, 0, 1, 1]), np.arange(4), 2, 0)


def test_patients_files_contents_and_pairs_link_images():
    images = [
        image("a.png", group="p"),
        image("b.png", group="p"),
        image("c.dcm", frame=0, content="1"),
        image("c.dcm", frame=1, content="2"),
        image("d.png", content="2"),
        image("e.png"),
        image("f.png"),
    ]
    numbers = linked(images, [(5, 0)]).tolist()
    assert numbers[0] == numbers[1] == numbers[5]
    assert numbers[2] == numbers[3] == numbers[4]
    assert len(set(numbers)) == 3


def test_components_keep_the_distances_that_matter():
    random = np.random.default_rng(0)
    features = (random.normal(0, 1, (50, 4)) @ random.normal(0, 1, (4, 30))).astype(np.float32)
    kept = components(features, 4)
    assert kept.shape == (50, 4)
    assert np.allclose(kept @ kept.T, features @ features.T, atol=1e-3)
    assert components(features, 30) is features


def test_the_image_unlike_its_class_is_farthest_and_its_own_patient_does_not_vouch_for_it():
    random = np.random.default_rng(0)
    rows = random.normal(0, 0.1, (40, 8)) + np.eye(8)[np.repeat([0, 1], 20)]
    rows[[5, 6]] = np.eye(8)[4] + random.normal(0, 0.01, (2, 8))
    units = np.arange(40)
    units[6] = 5
    far = distances(unit_rows(rows.astype(np.float32)), np.repeat([0, 1], 20), units)
    assert set(np.argsort(-far)[:2]) == {5, 6}
    assert np.median(far[:20]) == pytest.approx(1)
    apart = stand_apart(far, np.repeat([0, 1], 20))
    assert apart[[5, 6]].all()
    assert apart.sum() <= 4
    assert not stand_apart(np.ones(20), np.zeros(20, np.intp)).any()
    assert distances(unit_rows(np.ones((1, 2), np.float32)), np.zeros(1, int), np.zeros(1, int)) == 0


def test_all_eight_orientations_differ():
    pixels = np.arange(6, dtype=np.uint8).reshape(2, 3)
    assert len({(turned.shape, turned.tobytes()) for turned, _ in orientations(pixels)}) == 8
    assert all((turned.shape == (3, 2)) == on_its_side for turned, on_its_side in orientations(pixels))
