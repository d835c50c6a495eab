"""Comparing groups, association, correlation: R's numbers, the choice of test, properties, refusals."""

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


@pytest.mark.parametrize("scale", SCALES)
def test_many_groups_equal_r(scale, bfi, oracle, close):
    found = groups.compare(bfi, scale, "education")
    r = oracle("bfi_group_tests", f"anova_{scale}_by_education")
    if found.chosen == "anova":
        close([found.statistic, *found.df, found.p], [r["F"], r["df1"], r["df2"], r["p"]])
        close(found.effect_size, r["omega2"])
    else:
        assert found.chosen == "welch_anova"
        close(
            [found.statistic, *found.df, found.p], [r["welch"][k] for k in ("F", "df1", "df2", "p")]
        )
    assert found.why == (
        "large_groups",
        "equal_variances" if found.chosen == "anova" else "unequal_variances",
    )
    levene = found.checks.query("check == 'levene'").iloc[0]
    close([levene["statistic"], levene["p"]], list(r["levene_median"].values()))
    close(found.groups["mean"], list(r["mean"].values()))
    close(found.groups["sd"] ** 2, list(r["var"].values()))
    assert found.groups["n"].to_list() == list(r["n"].values())
    low, high = found.effect_ci
    assert low <= found.effect_size <= high


@pytest.mark.parametrize("scale", SCALES)
def test_welch_anova_ranks_and_pairs_equal_r(scale, bfi, oracle, close):
    values, r = (
        parts(bfi, scale, "education"),
        oracle("bfi_group_tests", f"anova_{scale}_by_education"),
    )
    close(groups._welch(values), [r["welch"][k] for k in ("F", "df2", "p")])
    ranks = groups._ranks(values)
    close([ranks["statistic"], ranks["p"]], [r["kruskal"]["H"], r["kruskal"]["p"]])
    close(ranks["effect_size"], r["kruskal"]["eta2_H"])
    mine, theirs = _pairs.of_means(values, equal=False), r["games_howell"]
    close(-mine["difference"], theirs["diff_2_minus_1"])
    close(mine[["se", "df"]], np.column_stack([theirs["se"], theirs["df"]]))
    close(mine["p"], theirs["p"], rel=1e-4, abs_=1e-8)
    close(-mine["ci_high"], theirs["lower"], rel=1e-5)
    close(-mine["ci_low"], theirs["upper"], rel=1e-5)
    mine, theirs = _pairs.of_means(values, equal=True), r["tukey"]
    close(-mine["difference"], theirs["diff"])
    close(mine["p"], theirs["p adj"], rel=1e-4, abs_=1e-8)
    close(-mine["ci_high"], theirs["lwr"], rel=1e-5)


@pytest.mark.parametrize("scale", SCALES)
def test_two_groups_equal_r(scale, bfi, oracle, close):
    found, r = (
        groups.compare(bfi, scale, "gender"),
        oracle("bfi_group_tests", f"ttest_{scale}_by_gender"),
    )
    theirs = r["pooled"] if found.chosen == "student_t" else r["welch"]
    close([found.statistic, found.df, found.p], [theirs[k] for k in ("t", "df", "p")])
    close([found.effect_size, *found.effect_ci], list(r["hedges_g_effectsize"].values()), rel=1e-6)
    assert found.posthoc.empty
    ranks = groups._ranks(parts(bfi, scale, "gender"))
    close([ranks["statistic"], ranks["p"]], [r["mann_whitney"]["W"], r["mann_whitney"]["p_cc"]])
    close([ranks["effect_size"], *ranks["effect_ci"]], list(r["cliffs_delta_effsize"].values()))


def test_shapiro_and_holm_equal_r(bfi, oracle, close):
    r = oracle("bfi_group_tests", "normality_open")
    whole = bfi[["open"]].dropna()
    twice = pd.concat([whole.assign(g="a"), whole.assign(g="b")])
    row = groups.compare(twice, "open", "g").checks.iloc[0]
    close([row["statistic"], row["p"]], [r["shapiro_W"], r["shapiro_p"]], rel=1e-6)
    adjusted = oracle("bfi_group_tests", "p_adjust")
    p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251, 0.269]
    p += [0.275, 0.34, 0.341, 0.384, 0.569, 0.594, 0.696, 0.762, 0.94, 0.942, 0.975, 0.986]
    close(groups.holm(np.array(p)), adjusted["holm"])


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


def test_association_equals_r(bfi, oracle, close):
    found, r = (
        groups.association(bfi, "gender", "education"),
        oracle("bfi_group_tests", "chisq_gender_education"),
    )
    close([found.statistic, found.df, found.p], [r["X2"], r["df"], r["p"]])
    close(found.effect_size, oracle("bfi_group_tests", "cramers_v")["v"])
    close(found.table, r["observed"])
    assert found.chosen == "chi_square"
    assert found.effect_ci[0] < found.effect_size < found.effect_ci[1]
    graded = bfi.dropna(subset=["education"]).assign(high=lambda d: d["education"] >= 4)
    found, r = groups.association(graded, "gender", "high"), oracle("bfi_group_tests", "two_by_two")
    close([found.statistic, found.p, found.effect_size], [r["X2"], r["p"], r["phi"]])


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


@pytest.mark.parametrize("x", SCALES)
@pytest.mark.parametrize("y", SCALES)
def test_correlations_equal_r(x, y, bfi, oracle, close):
    if SCALES.index(x) >= SCALES.index(y):
        return
    r = oracle("bfi_group_tests", f"cor_{x}_{y}")
    pearson, spearman, kendall = (
        groups.correlation(bfi, x, y, m) for m in ("pearson", "spearman", "kendall")
    )
    assert pearson.n == r["n"]
    theirs = r["pearson"]
    close([pearson.r, *pearson.ci, pearson.p], [theirs[k] for k in ("r", "lower", "upper", "p")])
    theirs = r["spearman"]
    close([spearman.r, spearman.p], [theirs["rho"], theirs["p"]])
    close(spearman.ci, list(theirs["ci_bonett_wright"].values()))
    close([kendall.r, kendall.p], [r["kendall"]["tau_b"], r["kendall"]["p"]])


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
