"""What must not matter does not: units, row order, the order and names of groups, directions of items."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.stats import configurations as fsqca
from castlib.stats import design, factors, families, groups, levels, models, needs, reliability

ITEMS = list("abcdef")
MODEL = "one =~ a + b + c\ntwo =~ d + e + f"
seeds = st.integers(0, 10_000)
units = st.floats(0.01, 100)
origins = st.floats(-100, 100)
few = settings(max_examples=12, deadline=None)


def people(seed: int, n: int = 240) -> pd.DataFrame:
    """Return six items of two factors, an outcome, predictors, groups of three kinds."""
    rng = np.random.default_rng(seed)
    two = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=n)
    frame = pd.DataFrame(np.repeat(two, 3, axis=1) + 0.8 * rng.normal(size=(n, 6)), columns=ITEMS)
    frame["k"] = np.arange(n) // 10
    frame["g"], frame["h"] = rng.integers(0, 3, n), rng.integers(0, 2, n)
    frame["x"], frame["z"] = rng.normal(size=(2, n))
    return frame.assign(
        y=0.4 * frame["x"] + rng.normal(size=n // 10)[frame["k"]] + rng.normal(size=n)
    )


def shuffled(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the rows in another order."""
    return frame.sample(frac=1, random_state=seed)


def renamed(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the frame with groups under other names, in the same order."""
    return frame.assign(**{column: frame[column].map(lambda v: f"group {int(v):03}")})


def same(one: object, other: object, rel: float = 1e-6) -> None:
    """Assert that numbers agree."""
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    np.testing.assert_allclose(other, one, rtol=rel, atol=1e-7)


@few
@given(seeds, units, origins)
def test_factors_do_not_depend_on_units_rows_or_directions(seed, unit, origin):
    data = people(seed)
    moved = shuffled(data.assign(b=data["b"] * unit + origin, e=-data["e"]), seed)
    sign = np.where(np.array(ITEMS) == "e", -1, 1)
    one, other = (factors.adequacy(f[ITEMS]) for f in (data, moved))
    same([one.kmo, one.bartlett_chi2], [other.kmo, other.bartlett_chi2])
    assert 0 <= one.kmo <= 1
    one, other = (factors.efa(f[ITEMS], 2) for f in (data, moved))
    turned = other.loadings.to_numpy() * sign[:, None]
    turned *= np.sign((turned * one.loadings.to_numpy()).sum(axis=0))
    np.testing.assert_allclose(turned, one.loadings, atol=2e-4)
    assert ((one.communalities >= 0) & (one.communalities <= 1)).all()
    one, other = (factors.cfa(f, MODEL) for f in (data, moved))
    same(one.fit.drop("rmsea_ci"), other.fit.drop("rmsea_ci"))
    same(one.loadings["standardised"], other.loadings["standardised"] * sign)
    assert one.ave.between(0, 1).all()
    assert one.cr.between(0, 1).all()
    one, other = (factors.htmt(f, MODEL) for f in (data, moved))
    same(one[["htmt", "htmt2"]], other[["htmt", "htmt2"]])


@few
@given(seeds, units, origins)
def test_invariance_does_not_depend_on_units_rows_or_names_of_groups(seed, unit, origin):
    data = people(seed, 400)
    one = factors.invariance(data, MODEL, "h")
    moved = renamed(shuffled(data.assign(c=data["c"] * unit + origin), seed), "h")
    other = factors.invariance(moved, MODEL, "h")
    swapped = factors.invariance(data.assign(h=1 - data["h"]), MODEL, "h")
    for found in (other, swapped):
        same(
            one[["chi2", "df", "cfi", "rmsea", "srmr"]],
            found[["chi2", "df", "cfi", "rmsea", "srmr"]],
            1e-5,
        )
        assert found["decision"].to_list() == one["decision"].to_list()


@few
@given(seeds, units, origins)
def test_reliability_in_clusters_does_not_depend_on_units_rows_or_names(seed, unit, origin):
    data = people(seed)
    items = data[list("abc")]
    moved = shuffled(data, seed)
    one = reliability.reliability(items, cluster=data["k"])
    other = reliability.reliability(
        moved[list("cab")] * unit + origin, cluster=moved["k"].map("district {}".format)
    )
    same(
        [one.alpha, *one.alpha_ci, one.omega_total],
        [other.alpha, *other.alpha_ci, other.omega_total],
        1e-5,
    )
    flipped = items.assign(b=-items["b"])
    low, high = flipped.min(axis=None), flipped.max(axis=None)
    back = reliability.reliability(flipped, reverse=["b"], scale=(low, high), cluster=data["k"])
    same([one.alpha, *one.alpha_ci], [back.alpha, *back.alpha_ci])


@few
@given(seeds, units, origins, st.sampled_from(["h", "g"]), st.sampled_from([None, "k"]))
def test_comparisons_do_not_depend_on_names_and_turn_with_the_order(
    seed, unit, origin, between, cluster
):
    data = people(seed)
    one = groups.compare(data, "y", between, cluster)
    other = groups.compare(renamed(shuffled(data, seed), between), "y", between, cluster)
    scaled = groups.compare(data.assign(y=data["y"] * unit + origin), "y", between, cluster)
    turned = groups.compare(data.assign(**{between: 2 - data[between]}), "y", between, cluster)
    for found in (other, scaled, turned):
        same([one.p, abs(one.effect_size)], [found.p, abs(found.effect_size)], 1e-5)
        assert (found.chosen, found.n) == (one.chosen, one.n)
    low, high = one.effect_ci
    assert low <= one.effect_size <= high
    if between == "h":
        same([-low, -high], turned.effect_ci[::-1], 1e-5)
    else:
        assert low >= 0
        assert high <= 1
    assert one.posthoc["p"].between(0, 1).all()


@few
@given(seeds)
def test_association_does_not_depend_on_names_order_or_which_comes_first(seed):
    data = people(seed, 60)
    one = groups.association(data, "g", "h")
    for moved, x, y in ((shuffled(data, seed), "h", "g"), (data.assign(g=-data["g"]), "g", "h")):
        other = groups.association(moved, x, y)
        same(
            [one.p, one.effect_size, *one.effect_ci], [other.p, other.effect_size, *other.effect_ci]
        )
    assert 0 <= one.effect_ci[0] <= one.effect_ci[1] <= 1
    assert 0 <= one.effect_size <= 1


@few
@given(seeds, units, origins, st.sampled_from(["pearson", "spearman", "kendall"]))
def test_correlations_turn_with_a_sign_and_with_nothing_else(seed, unit, origin, method):
    data = people(seed)
    one = groups.correlation(data, "x", "y", method)
    moved = shuffled(data.assign(y=-data["y"] * unit + origin), seed)
    other = groups.correlation(moved, "y", "x", method)
    same([one.r, one.p, *one.ci], [-other.r, other.p, -other.ci[1], -other.ci[0]], 1e-5)
    assert -1 <= one.ci[0] <= one.r <= one.ci[1] <= 1


@few
@given(seeds, units, origins)
def test_models_do_not_depend_on_units_rows_or_names(seed, unit, origin):
    data = people(seed)
    moved = renamed(
        shuffled(data.assign(x=data["x"] * unit + origin, y=data["y"] * unit), seed), "k"
    )
    one, other = (models.regression(f, "y", ["x", "z"], "k") for f in (data, moved))
    kept = ["beta", "df", "p", "vif"]
    same(one.coefficients.iloc[1:][kept], other.coefficients.iloc[1:][kept], 1e-5)
    same([one.r2, one.f], [other.r2, other.f], 1e-5)
    one, other = (models.multilevel(f, "y", "k", ["x"]) for f in (data, moved))
    same([one.icc, *one.icc_ci], [other.icc, *other.icc_ci], 1e-4)
    same(one.fixed.loc["x", ["p", "df"]], other.fixed.loc["x", ["p", "df"]], 1e-3)
    same(one.groups["estimate"] * unit, other.groups["estimate"], 1e-4)
    assert 0 <= one.icc_ci[0] <= one.icc <= one.icc_ci[1] <= 1
    assert 1 <= one.design_effect <= 10
    one, other = (
        models.relative_importance(f, "y", ["x", "z"], "k", n_boot=50) for f in (data, moved)
    )
    same(one["importance"], other["importance"])
    assert (one["importance"] >= 0).all()


@few
@given(seeds)
def test_sets_do_not_depend_on_the_order_of_cases_and_negate_twice_to_themselves(seed):
    rng = np.random.default_rng(seed)
    data = pd.DataFrame(rng.uniform(0.01, 0.99, (40, 3)), columns=["a", "b", "y"])
    data = data.assign(y=np.minimum(data["a"], 1 - data["b"]) ** 0.5, no=1.0)
    data["no"] = 1 - data["y"]
    one = fsqca.truth_table(data, "y", ["a", "b"])
    same(
        one.rows[["n", "consistency", "pri"]],
        fsqca.truth_table(shuffled(data, seed), "y", ["a", "b"]).rows[["n", "consistency", "pri"]],
    )
    twice = fsqca.truth_table(data, "~no", ["a", "b"])
    same(one.rows[["n", "consistency", "pri"]], twice.rows[["n", "consistency", "pri"]])
    for found in (fsqca.necessity(data, "y", ["a", "b"]), fsqca.sufficiency(data, "y", ["a", "b"])):
        assert found.drop(columns=["condition", "n"]).stack().between(0, 1 + 1e-12).all()


@few
@given(seeds, st.floats(0.2, 5))
def test_needs_do_not_depend_on_units_or_names_of_districts(seed, unit):
    rng = np.random.default_rng(seed)
    data = pd.DataFrame(
        rng.integers(1, 6, (200, 4)), columns=["a_expected", "b_expected", "a_actual", "b_actual"]
    )
    data["k"] = np.arange(200) // 10
    pairs = ["a_expected", "b_expected"], ["a_actual", "b_actual"]
    one = needs.pni(data, *pairs, cluster="k", n_boot=100)
    moved = renamed(data.assign(**{c: data[c] * unit for p in pairs for c in p}), "k")
    other = needs.pni(moved, *pairs, cluster="k", n_boot=100)
    same(one[["pni", "ci_low", "ci_high", "rank"]], other[["pni", "ci_low", "ci_high", "rank"]])
    assert (one["ci_low"] > -1).all()
    shares = needs.importance_performance(data, *pairs, cluster="k", n_boot=100)["share"]
    assert shares.between(0, 1).all()


@given(st.floats(0, 1), st.floats(1, 100), st.integers(3, 500))
@settings(max_examples=30, deadline=None)
def test_a_clustered_sample_is_worth_at_most_its_people(icc, size, clusters):
    found = design.plan(icc, size, clusters)
    assert clusters * (1 - 1e-9) <= found.effective_n <= found.n * (1 + 1e-9)
    assert 0.025 - 1e-9 <= found.power <= 1  # the difference seen in its own direction
    assert found.margin > 0


@few
@given(seeds)
def test_families_hold_as_many_rows_as_comparisons(seed):
    data = people(seed)
    found = families.compare_all(data, ["x", "y", "z"], ["g", "h"], "k")
    assert len(found) == 6
    assert (found["p_holm"] >= found["p"] - 1e-12).all()
    assert found["p_holm"].between(0, 1).all()


@given(st.lists(st.floats(1, 5), min_size=2, max_size=20))
def test_levels_keep_the_order_of_means(means):
    read = levels.read(np.sort(means))
    assert (np.diff(read) >= 0).all()
    assert set(read) <= {1, 2, 3, 4, 5}


def test_more_random_data_sets_only_sharpen_the_threshold():
    data = people(3)[ITEMS]
    one, other = (factors.parallel_analysis(data, n, seed=5) for n in (200, 2000))
    assert one.n_factors == other.n_factors == 2
    assert one.thresholds == pytest.approx(other.thresholds, rel=0.03)
