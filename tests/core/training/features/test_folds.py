import numpy as np

from counterpoise.core.training.features.folds import group_folds


def test_a_patient_is_in_one_fold_and_classes_are_spread():
    random = np.random.default_rng(0)
    groups = [f"p{n}" for n in random.integers(0, 60, 600)]
    truth = np.array([int(g[1:]) % 3 == 0 for g in groups], np.intp)
    folds = group_folds(truth, groups, 2, seed=0)
    assert folds is not None
    for group in set(groups):
        assert len({f for f, g in zip(folds, groups, strict=True) if g == group}) == 1
    shares = [truth[folds == f].mean() for f in range(5)]
    sizes = np.bincount(folds)
    assert max(shares) - min(shares) < 0.06
    assert sizes.max() / sizes.min() < 1.15


def test_few_patients_give_fewer_folds_or_none():
    def folds(patients):
        groups = [f"{c}{p}" for c in "ab" for p in range(patients)]
        return group_folds(np.repeat([0, 1], patients), groups, 2, seed=0)

    assert folds(2) is None
    assert folds(3).max() == 2
    assert folds(50).max() == 4
