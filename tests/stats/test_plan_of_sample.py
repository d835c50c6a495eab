"""What a clustered sample is worth: known numbers, agreement with simulation, refusals."""

import numpy as np
import pytest
from scipy import stats

from castlib.errors import CastError
from castlib.stats.design import plan, proportion, sensitivity


@pytest.mark.parametrize(
    ("icc", "effect", "n"), [(0.0, 1.0, 760), (0.05, 1.45, 524), (0.10, 1.9, 400)]
)
def test_ten_people_in_76_districts(icc, effect, n):
    found = plan(icc, 10, 76)
    assert found.design_effect == pytest.approx(effect)
    assert round(found.effective_n) == n
    assert found.n == 760


def test_the_clusters_needed_are_the_first_that_do():
    found = plan(0.1, 10, 76, sd=0.8, margin=0.06)
    enough = plan(0.1, 10, found.clusters_needed, sd=0.8, margin=0.06)
    short = plan(0.1, 10, found.clusters_needed - 1, sd=0.8, margin=0.06)
    assert enough.margin <= 0.06 < short.margin
    assert found.n_needed == 10 * found.clusters_needed
    seen = plan(0.1, 10, found.clusters_for_power).power
    assert seen >= 0.8 > plan(0.1, 10, found.clusters_for_power - 2).power


def test_every_district_leaves_only_the_people_within_them_to_chance():
    whole = plan(0.05, 10, 878, population=878)
    assert whole.margin == pytest.approx(stats.t.ppf(0.975, 877) * np.sqrt(0.95 / 8780))
    assert plan(0.05, 10, 76, population=878).margin < plan(0.05, 10, 76).margin
    assert plan(0.05, 10, 76, margin=0.001, population=878).clusters_needed is None
    assert plan(0.05, 1, 76, effect=0.001, population=878).clusters_for_power is None


def test_power_agrees_with_simulation():
    rng = np.random.default_rng(5)
    icc, size, clusters, effect = 0.1, 10, 40, 0.4
    level = rng.normal(0, np.sqrt(icc), (4000, clusters))
    means = level + rng.normal(0, np.sqrt((1 - icc) / size), (4000, clusters))
    means[:, : clusters // 2] += effect
    p = stats.ttest_ind(means[:, : clusters // 2], means[:, clusters // 2 :], axis=1).pvalue
    assert plan(icc, size, clusters, effect=effect).power == pytest.approx(
        (p < 0.05).mean(), abs=0.025
    )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"icc": 1.2}, "icc = 1.2"),
        ({"cluster_size": 0}, "cluster_size = 0"),
        ({"clusters": 1}, "clusters = 1"),
        ({"margin": 0}, "margin = 0"),
        ({"power": 1}, "power = 1"),
        ({"population": 50}, "clusters = 76"),
    ],
)
def test_numbers_out_of_range_are_refused(change, word):
    with pytest.raises(CastError, match=word):
        plan(**({"icc": 0.05, "cluster_size": 10, "clusters": 76} | change))


def test_a_share_is_planned_as_its_own_mean():
    found = proportion(0.05, 10, 76, share=0.3, difference=0.1, population=878)
    same = plan(
        0.05, 10, 76, sd=np.sqrt(0.21), margin=0.05, population=878,
        effect=0.1 / np.sqrt((0.25 * 0.75 + 0.35 * 0.65) / 2),
    )  # fmt: skip
    assert found == same
    assert proportion(0.05, 10, 76, share=0.5).margin > found.margin
    with pytest.raises(CastError, match="lie between 0 and 1"):
        proportion(0.05, 10, 76, share=0.02, difference=0.1)


def test_power_for_shares_agrees_with_simulation():
    rng = np.random.default_rng(5)
    a, b = (rng.beta(p * 19, (1 - p) * 19, (4000, 30)) for p in (0.45, 0.55))  # ICC 1/20
    shares = [rng.binomial(10, p) / 10 for p in (a, b)]
    seen = (stats.ttest_ind(*shares, axis=1).pvalue < 0.05).mean()
    assert proportion(0.05, 10, 60).power == pytest.approx(seen, abs=0.03)


def test_a_larger_icc_needs_more_districts():
    found = sensitivity(0.05, (0.02, 0.12), 10, 76, population=878, margin=0.08)
    assert found["bound"].to_list() == ["low", "estimate", "high"]
    assert found["clusters_needed"].is_monotonic_increasing
    assert found["effective_n"].is_monotonic_decreasing
    assert found.loc[1, "margin"] == plan(0.05, 10, 76, population=878).margin
    shares = sensitivity(0.05, (0.02, 0.12), 10, 76, planner=proportion, margin=0.04)
    assert shares.loc[2, "margin"] == proportion(0.12, 10, 76).margin
    out_of_reach = sensitivity(0.05, (0.02, 0.12), 1, 76, margin=1e-4, population=100)
    assert out_of_reach["clusters_needed"].isna().all()
    with pytest.raises(CastError, match="does not hold the ICC"):
        sensitivity(0.2, (0.02, 0.12), 10, 76)
