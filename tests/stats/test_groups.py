"""Comparing groups, association, correlation: R's numbers, the choice of test, properties, refusals."""

from itertools import product

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.errors import CastError
from castlib.stats import _effects, _pairs, groups

SCALES = ("agree", "consc", "extra", "neuro", "open")


def parts(data, dv, between):
    """Return the values of each group."""
    kept = data[[dv, between]].dropna()
    return [own.to_numpy() for _, own in kept.groupby(between)[dv]]


def test_studentized_range_equals_scipy(close):
    from scipy.stats import studentized_range

    for k, df, q in [(3, 2.5, 4.0), (5, 100.3, 5.4), (2, 8, 1.0), (7, 450, 3.2)]:
        close(_effects.range_sf(q, k, df), studentized_range.sf(q, k, df), rel=1e-6)
        close(_effects.range_quantile(k, df), studentized_range.ppf(0.95, k, df), rel=1e-6)


def test_pairs_equal_pingouin(bfi, close):
    kept = bfi[["open", "education"]].dropna()
    values = parts(bfi, "open", "education")
    theirs = pingouin.pairwise_gameshowell(kept, dv="open", between="education")
    close(_pairs.of_means(values, equal=False)["difference"], theirs["diff"])
    close(_pairs.of_means(values, equal=False)["p"], theirs["pval"], rel=1e-5, abs_=1e-8)


@pytest.mark.parametrize(
    ("make", "chosen", "why"),
    [
        (
            lambda r: [r.normal(0, 1, 15), r.normal(1, 1, 15)],
            "student_t",
            ("normal", "equal_variances"),
        ),
        (lambda r: [r.normal(0, 1, 60), r.normal(1, 5, 60)], "welch_t", None),
        (
            lambda r: [r.exponential(1, 15) ** 3, r.exponential(1, 15) ** 3],
            "mann_whitney",
            ("not_normal",),
        ),
        (
            lambda r: [r.exponential(1, 15) ** 3 for _ in range(3)],
            "kruskal_wallis",
            ("not_normal",),
        ),
        (
            lambda r: [r.integers(1, 6, 50) * 1.0 for _ in range(3)],
            "anova",
            ("large_groups", "equal_variances"),
        ),
        (lambda r: [r.normal(0, s, 60) for s in (1, 3, 9)], "welch_anova", None),
    ],
)
def test_the_checks_choose_the_test(make, chosen, why):
    values = make(np.random.default_rng(12))
    frame = pd.concat([pd.DataFrame({"y": v, "g": str(i)}) for i, v in enumerate(values)])
    found = groups.compare(frame, "y", "g")
    assert found.chosen == chosen
    assert why is None or found.why == why
    assert 0 <= found.p <= 1
    assert found.effect_ci[0] <= found.effect_ci[1]
    assert len(found.posthoc) == (3 if len(values) == 3 else 0)


def test_clustered_comparison_allows_for_alike_neighbours(study):
    plain = groups.compare(study, "c0_actual", "region")
    robust = groups.compare(study, "c0_actual", "region", cluster="district")
    assert robust.chosen == "cluster_robust"
    assert robust.why == ("clustered",)
    assert robust.statistic < plain.statistic
    assert robust.p > plain.p
    assert robust.effect_size == pytest.approx(plain.effect_size)
    assert np.ptp(robust.effect_ci) > np.ptp(plain.effect_ci)
    assert set(robust.posthoc["method"]) == {"cr2_holm"}
    two = groups.compare(study, "c0_actual", "sex", cluster="district")
    low, high = two.effect_ci
    assert low < two.effect_size < high
    assert two.df == pytest.approx(70, abs=8)


def test_clusters_of_one_person_change_little(bfi):
    kept = bfi.dropna(subset=["open", "gender"]).head(400)
    robust = groups.compare(kept, "open", "gender", cluster="id")
    welch = groups._means(parts(kept, "open", "gender"), equal=False)
    assert robust.statistic == pytest.approx(welch["statistic"], rel=1e-9)
    assert robust.df == pytest.approx(welch["df"], rel=0.02)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 20), st.floats(-100, 100))
def test_comparison_does_not_change_with_units_or_row_order(seed, unit, origin):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"y": rng.normal(size=60), "g": rng.integers(0, 3, 60)})
    moved = frame.assign(y=frame["y"] * unit + origin).sample(frac=1, random_state=1)
    one, other = groups.compare(frame, "y", "g"), groups.compare(moved, "y", "g")
    assert (one.chosen, one.why) == (other.chosen, other.why)
    assert one.statistic == pytest.approx(other.statistic, rel=1e-6)
    assert one.effect_size == pytest.approx(other.effect_size, rel=1e-6, abs=1e-9)


def test_without_overlap_the_effect_is_one_and_unsure():
    frame = pd.DataFrame({"y": [1, 1, 1, 1, 1.5, 5, 5, 5, 7, 90], "g": list("aaaaabbbbb")})
    found = groups.compare(frame, "y", "g")
    assert (found.chosen, found.effect_size) == ("mann_whitney", -1)
    assert -1 == found.effect_ci[0] < found.effect_ci[1] < 0


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        ({"y": [1, 2, 3, 4], "g": ["a"] * 4}, "one group"),
        ({"y": [1, 2, 3, 4, 5], "g": list("aaabb")}, r"fewer than 3 people: b \(2\)"),
        ({"y": [1, 1, 1, 2, 2, 2], "g": list("aaabbb")}, "does not vary within"),
        ({"y": [None] * 6, "g": list("aaabbb")}, "no answer at all"),
        ({"y": [1, 2, 3, 4, 5, 6], "g": [None] * 6}, "no value at all"),
        ({"y": list("abcdef"), "g": list("aaabbb")}, "text was found"),
    ],
)
def test_bad_groups_are_refused(frame, word):
    with pytest.raises(CastError, match=word):
        groups.compare(pd.DataFrame(frame), "y", "g")


def test_one_cluster_is_refused(bfi):
    with pytest.raises(CastError, match="one cluster"):
        groups.compare(bfi.assign(same=1), "open", "gender", cluster="same")


def test_small_tables_take_fisher():
    frame = pd.DataFrame({"x": list("aaaabbbb"), "y": list("ccccccdd")})
    found = groups.association(frame, "x", "y")
    assert (found.chosen, found.df, found.why) == ("fisher", None, ("expected_counts_small",))
    assert found.p == pytest.approx(3 / 7)
    wide = pd.DataFrame({"x": list("aaaabbbbcc"), "y": list("ddeeffddef")})
    assert groups.association(wide, "x", "y").p == groups.association(wide, "x", "y").p


def test_association_needs_two_values(bfi):
    with pytest.raises(CastError, match="2 values each"):
        groups.association(bfi.assign(same=1), "gender", "same")


def test_correlation_is_symmetric_and_bounded(bfi):
    assert groups.correlation(bfi, "open", "agree").r == groups.correlation(bfi, "agree", "open").r
    line = pd.DataFrame({"x": [1, 2, 3, 4, 5, 6]}).assign(y=lambda d: 2 * d["x"])
    assert groups.correlation(line, "x", "y").ci == (1.0, 1.0)


def test_bad_correlations_are_refused(bfi):
    with pytest.raises(CastError, match="same in: same"):
        groups.correlation(bfi.assign(same=1), "open", "same")
    with pytest.raises(CastError, match="at least 5"):
        groups.correlation(bfi.head(4), "open", "agree")
    with pytest.raises(CastError, match="pearson"):
        groups.correlation(bfi, "open", "agree", "pearsn")


def test_what_was_chosen_for_real_answers(bfi):
    chosen = {scale: groups.compare(bfi, scale, "education") for scale in SCALES}
    assert {found.chosen for found in chosen.values()} == {"anova", "welch_anova"}
    for found in chosen.values():
        equal = "equal_variances" if found.chosen == "anova" else "unequal_variances"
        assert found.why == ("large_groups", equal)
        assert found.effect_ci[0] <= found.effect_size <= found.effect_ci[1]
    assert groups.compare(bfi, "open", "gender").posthoc.empty


def test_groups_without_any_error_between_them_are_refused():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"g": np.repeat(list("abc"), 12), "d": np.tile(np.arange(4), 9)})
    frame["y"] = np.where(frame["g"] == "c", rng.normal(size=36), 1.0)
    with pytest.raises(CastError, match="no error to judge it by"):
        groups.compare(frame, "y", "g", cluster="d")


def brute(counts: np.ndarray) -> float:
    """Return Fisher's p of a 3 × 3 table from every table with its margins."""
    from math import factorial

    rows, columns = counts.sum(axis=1), counts.sum(axis=0)

    def weight(table):
        return 1 / np.prod([float(factorial(x)) for x in np.ravel(table)])

    whole = extreme = 0.0
    for a, b, c, d in product(range(int(max(columns)) + 1), repeat=4):
        inner = np.array([[a, b], [c, d]])
        top = np.column_stack([inner, rows[:2] - inner.sum(axis=1)])
        table = np.vstack([top, columns - top.sum(axis=0)])
        if (table >= 0).all():
            whole += (own := weight(table))
            extreme += own * (own <= weight(counts) * (1 + 1e-7))
    return extreme / whole


@pytest.mark.parametrize("seed", range(4))
def test_fisher_of_larger_tables_is_exact(seed):
    counts = np.random.default_rng(seed).integers(0, 5, (3, 3)) + np.eye(3, dtype=int)
    frame = pd.DataFrame(
        np.argwhere(counts >= 0).repeat(counts.ravel(), axis=0), columns=["x", "y"]
    )
    found = groups.association(frame, "x", "y")
    assert found.chosen == "fisher"
    assert found.p == pytest.approx(brute(counts), rel=1e-8)
    turned = groups.association(frame.rename(columns={"x": "y", "y": "x"}), "x", "y")
    assert (turned.p, turned.statistic) == pytest.approx((found.p, found.statistic))


def test_tables_too_many_to_go_through_are_drawn():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"x": rng.integers(0, 6, 300), "y": rng.choice(6, 300, p=[0.9, *[0.02] * 5])}
    )
    one, other = groups.association(frame, "x", "y"), groups.association(frame, "x", "y")
    assert one.chosen == "fisher"
    assert one.p == other.p
