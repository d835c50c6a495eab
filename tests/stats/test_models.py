"""Regression, relative importance, multilevel models: R's numbers, the boundary, properties, refusals."""

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.errors import CastError
from castlib.stats import models

SCALES = ("agree", "consc", "extra", "neuro", "open")
X = ["agree", "consc", "extra", "open"]


@pytest.fixture(scope="module")
def complete(bfi):
    return bfi[[*SCALES, "education", "g76"]].dropna()


def test_regression_equals_lm(complete, oracle, close):
    found = models.regression(complete, "neuro", X)
    table, fit = oracle("bfi_regression", "coef_table"), oracle("bfi_regression", "fit")
    mine = found.coefficients
    close(mine[["b", "se", "p"]], table[["Estimate", "Std. Error", "Pr(>|t|)"]])
    close(mine[["ci_low", "ci_high"]], oracle("bfi_regression", "confint"))
    close(mine["beta"].iloc[1:], list(oracle("bfi_regression", "std_beta").values()))
    close(mine["vif"].iloc[1:], list(oracle("bfi_regression", "vif").values()))
    close([found.r2, found.adj_r2, found.f, found.f_p], [fit[k] for k in ("R2", "adjR2", "F", "p")])
    assert found.f_df == (fit["df1"], fit["df2"])
    assert (found.n, found.errors, found.clusters) == (
        oracle("bfi_regression", "n"),
        "classical",
        None,
    )
    assert list(mine.index) == ["Intercept", *X]


def test_cr2_equals_clubsandwich(complete, oracle, close):
    found, r = (
        models.regression(complete, "neuro", X, cluster="education"),
        oracle("bfi_regression", "cr2_satterthwaite_education"),
    )
    close(found.coefficients["se"], r["SE"])
    close(found.coefficients["df"], r["df_Satt"])
    close(found.coefficients["p"], r["p_Satt"])
    assert (found.errors, found.clusters) == ("CR2", 5)
    assert found.f is found.f_p is None


def test_wald_test_of_one_contrast_is_its_t_test(complete):
    found = models.regression(complete, "neuro", ["agree"], cluster="g76")
    row = found.coefficients.loc["agree"]
    assert found.f == pytest.approx((row["b"] / row["se"]) ** 2)
    assert found.f_df == pytest.approx((1, row["df"]))
    assert found.f_p == pytest.approx(row["p"])


def test_clusters_of_one_are_heteroskedasticity_robust(complete):
    few = complete.head(300)
    found = models.regression(few.assign(id=range(300)), "neuro", X, cluster="id")
    theirs = smf.ols("neuro ~ agree + consc + extra + open", few).fit(cov_type="HC2")
    np.testing.assert_allclose(found.coefficients["se"], theirs.bse, rtol=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 50), st.floats(-100, 100))
def test_standardised_results_do_not_change_with_units(seed, unit, origin):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(60, 3)), columns=list("yab")).assign(g=np.arange(60) // 5)
    moved = frame.assign(a=frame["a"] * unit + origin).sample(frac=1, random_state=1)
    one, other = (models.regression(f, "y", ["a", "b"], "g").coefficients for f in (frame, moved))
    np.testing.assert_allclose(
        one.iloc[1:][["beta", "p", "vif", "df"]],
        other.iloc[1:][["beta", "p", "vif", "df"]],
        rtol=1e-5,
    )


def test_index_labels_do_not_matter(complete):
    moved = complete.set_axis([0] * len(complete))
    one, other = (models.regression(f, "neuro", X, "g76").coefficients for f in (complete, moved))
    pd.testing.assert_frame_equal(one, other)
    one, other = (models.multilevel(f, "neuro", "g76", ["open"]).groups for f in (complete, moved))
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"x": []}, "no predictor"),
        ({"x": ["agree", "twin"]}, "leave one out: agree, twin"),
        ({"x": ["neuro", "agree"]}, "given twice"),
        ({"x": ["agree", "same"]}, "same in: same"),
        ({"x": ["agree"], "cluster": "same"}, "one cluster"),
        ({"x": ["agree"], "cluster": "nothing"}, "no value at all"),
        ({"x": ["agre"]}, "did you mean 'agree'"),
        ({"y": "double", "x": ["agree"]}, "exact sum"),
    ],
)
def test_bad_regressions_are_refused(complete, change, word):
    data = complete.assign(
        twin=2 * complete["agree"], same=1, nothing=None, double=2 * complete["agree"]
    )
    with pytest.raises(CastError, match=word):
        models.regression(data, **({"y": "neuro"} | change))


def test_too_few_rows_are_refused(complete):
    with pytest.raises(CastError, match="at least 7"):
        models.regression(complete.head(6), "neuro", X)


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_importance_equals_pingouin_and_sums_to_r2(complete, close):
    found = models.relative_importance(complete, "neuro", X, n_boot=200)
    theirs = pingouin.linear_regression(complete[X], complete["neuro"], relimp=True)
    close(found["importance"], theirs["relimp"].iloc[1:])
    close(found["importance"].sum(), models.regression(complete, "neuro", X).r2)
    assert found["rank"].to_list() == [3, 1, 2, 4]
    assert (found["ci_low"] < found["importance"]).all()
    assert (found["importance"] < found["ci_high"]).all()


def test_importance_intervals_widen_with_clusters(study):
    x = [f"c{i}_actual" for i in range(4)]
    data = study.assign(
        outcome=study["outcome"] + np.random.default_rng(1).normal(0, 1, 76)[study["district"]]
    )
    people = models.relative_importance(data, "outcome", x)
    districts = models.relative_importance(data, "outcome", x, cluster="district")
    assert set(people["resampled"]) == {"people"}
    assert set(districts["resampled"]) == {"clusters"}
    assert people["importance"].to_list() == districts["importance"].to_list()


def test_importance_refuses_too_many_predictors():
    data = pd.DataFrame(
        np.random.default_rng(0).normal(size=(50, 14)), columns=list("abcdefghijklmn")
    )
    with pytest.raises(CastError, match="at most 12"):
        models.relative_importance(data, "a", list("bcdefghijklmn"))


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("group", ["age", "g76"])
def test_null_models_equal_lme4(scale, group, bfi, oracle, close):
    found, r = (
        models.multilevel(bfi, scale, group),
        oracle("multilevel", f"null_{scale}_by_{group}"),
    )
    reml = r["reml"]
    close(found.icc, r["icc_lmm_reml"], rel=1e-5, abs_=1e-7)
    close([found.between, found.within], reml["varcomp"]["vcov"], rel=1e-5, abs_=1e-7)
    close(found.fixed.loc["Intercept", ["b", "se"]], reml["fixef"].iloc[0, :2], rel=1e-6)
    close(found.log_likelihood, reml["logLik"])
    assert (found.n, found.n_groups) == (reml["nobs"], reml["ngroups"])
    assert found.boundary == reml["singular"]
    assert found.icc_ci[0] <= found.icc <= found.icc_ci[1]


@pytest.mark.parametrize("variable", ["WBEING", "HRS", "COHES", "LEAD"])
def test_soldiers_in_companies_equal_lme4(variable, shared, oracle, close):
    found = models.multilevel(pd.read_csv(shared / "bh1996.csv"), variable, "GRP")
    r = oracle("multilevel", f"bh1996_null_{variable}")
    close(found.icc, r["icc_lmm_reml"], rel=1e-6)


def test_predictors_of_both_levels_equal_lme4(shared, oracle, close):
    data, r = pd.read_csv(shared / "bh1996.csv"), oracle("multilevel", "bh1996_contextual")
    found = models.multilevel(data, "WBEING", "GRP", ["HRS", "G.HRS", "LEAD", "G.LEAD"])
    close(found.fixed[["b", "se"]], r["fixef"][["Estimate", "Std. Error"]], rel=1e-6)
    close([found.between, found.within], r["varcomp"]["vcov"], rel=1e-6)
    close(found.log_likelihood, r["logLik"])


def test_shrunken_means_lie_between_own_mean_and_the_whole(study):
    found = models.multilevel(study, "c0_actual", "district")
    whole = found.fixed.loc["Intercept", "b"]
    table = found.groups
    assert (np.abs(table["estimate"] - whole) <= np.abs(table["mean"] - whole) + 1e-12).all()
    weight = 10 * found.between / (10 * found.between + found.within)
    np.testing.assert_allclose(
        table["estimate"], whole + weight * (table["mean"] - whole), rtol=1e-9
    )
    assert (table["low"] < table["estimate"]).all()
    assert found.design_effect == pytest.approx(1 + 9 * found.icc)
    assert found.effective_n == pytest.approx(760 / found.design_effect)
    assert found.icc_ci[0] < 0.1 < found.icc_ci[1]


def test_at_the_boundary_every_estimate_is_the_overall_mean(bfi):
    found = models.multilevel(bfi, "consc", "g76")
    assert found.boundary
    assert (found.icc, found.between, found.icc_ci[0], found.design_effect) == (0, 0, 0, 1)
    assert np.ptp(found.groups["estimate"]) < 1e-12
    assert np.isfinite(found.groups["se"]).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 50), st.floats(-100, 100))
def test_icc_does_not_change_with_units(seed, unit, origin):
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 12, 90)
    frame = pd.DataFrame({"y": rng.normal(size=90) + 0.5 * rng.normal(size=12)[group], "g": group})
    one = models.multilevel(frame, "y", "g")
    other = models.multilevel(frame.assign(y=frame["y"] * unit + origin), "y", "g")
    assert one.icc == pytest.approx(other.icc, abs=1e-5)


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        ({"y": [1, 2, 3, 4], "g": list("aabb")}, "at least 3"),
        ({"y": [1, 2, 3, 4], "g": list("abcd")}, "one person"),
        ({"y": [1, 1, 2, 2, 3, 3], "g": list("aabbcc")}, "does not vary within"),
        ({"y": [1, 1, 1, 1, 1, 1], "g": list("aabbcc")}, "same in: y"),
        ({"y": [1, 2, 1, 2, 1, 2], "g": [None] * 6}, "no value at all"),
    ],
)
def test_bad_groupings_are_refused(frame, word):
    with pytest.raises(CastError, match=word):
        models.multilevel(pd.DataFrame(frame), "y", "g")
