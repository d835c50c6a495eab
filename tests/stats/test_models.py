"""Regression, relative importance, multilevel models: R's numbers, the boundary, properties, refusals."""

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.errors import CastError
from castlib.stats import models, reliability

SCALES = ("agree", "consc", "extra", "neuro", "open")
X = ["agree", "consc", "extra", "open"]


@pytest.fixture(scope="module")
def complete(bfi):
    return bfi[[*SCALES, "education", "g76"]].dropna()


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


def long(seed: int, people: int, icc: float) -> pd.DataFrame:
    """Return answers of 15 groups."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(15), people)
    y = np.sqrt(icc) * rng.normal(size=15)[group] + np.sqrt(1 - icc) * rng.normal(size=len(group))
    return pd.DataFrame({"y": y, "g": group, "person": np.arange(len(group)) % people})


@pytest.mark.parametrize("icc", [0.0, 0.05, 0.3])
def test_in_groups_of_one_size_the_interval_of_the_icc_is_shrout_and_fleiss_s(icc):
    for seed in range(5):
        data = long(seed, 6, icc)
        exact = reliability.icc(data, "person", "g", "y").iloc[0]
        low, high = models.multilevel(data, "y", "g").icc_ci
        assert low == pytest.approx(max(exact["ci_low"], 0), abs=1e-7)
        if exact["ci_high"] > 0:
            assert high == pytest.approx(exact["ci_high"], abs=1e-7)


def test_groups_more_alike_than_chance_gives_still_have_an_interval():
    data = long(1, 6, 0.0)
    data["y"] -= 0.9 * data.groupby("g")["y"].transform("mean")
    found = models.multilevel(data, "y", "g")
    assert found.icc == found.icc_ci[0] == 0
    assert 0.001 < found.icc_ci[1] < 0.2


def test_units_far_apart_are_no_hindrance():
    rng = np.random.default_rng(1)
    data = pd.DataFrame(rng.normal(size=(60, 3)), columns=["y", "a", "b"])
    one = models.regression(data, "y", ["a", "b"]).coefficients
    other = models.regression(
        data.assign(a=data["a"] * 1e9, b=data["b"] * 1e-9), "y", ["a", "b"]
    ).coefficients
    np.testing.assert_allclose(one[["beta", "p", "vif"]], other[["beta", "p", "vif"]], rtol=1e-8)
    np.testing.assert_allclose(one["se"] / other["se"], [1, 1e9, 1e-9], rtol=1e-8)


def test_one_predictor_may_be_given_by_its_name():
    data = long(1, 4, 0.1).rename(columns={"person": "x"})
    pd.testing.assert_frame_equal(
        models.regression(data, "y", "x").coefficients,
        models.regression(data, "y", ["x"]).coefficients,
    )


@pytest.mark.parametrize("fit", [models.regression, models.multilevel])
def test_a_predictor_is_not_named_as_the_constant(fit):
    data = long(1, 4, 0.1).rename(columns={"person": "Intercept"})
    rest = {"x": ["Intercept"]} if fit is models.regression else {"group": "g", "x": ["Intercept"]}
    with pytest.raises(CastError, match="as the constant is"):
        fit(data, "y", **rest)


def test_predictors_that_leave_nothing_within_groups_are_refused():
    data = long(1, 4, 0.1).assign(x=lambda d: 2 * d["y"])
    with pytest.raises(CastError, match="nothing to vary within"):
        models.multilevel(data, "y", "g", ["x"])


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


def test_degrees_of_freedom_are_exact_in_a_balanced_design():
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(20), 10)
    of_group, inside = rng.normal(size=20)[group], np.tile(rng.normal(size=10), 20)
    y = rng.normal(0, 0.5, 20)[group] + 0.3 * of_group + rng.normal(size=200)
    data = pd.DataFrame({"y": y, "g": group, "of_group": of_group, "inside": inside})
    assert models.multilevel(data, "y", "g").fixed["df"].to_list() == pytest.approx([19])
    fixed = models.multilevel(data, "y", "g", ["of_group", "inside"]).fixed
    assert fixed.loc["of_group", "df"] == pytest.approx(18, rel=1e-5)
    assert fixed.loc["inside", "df"] == pytest.approx(179, rel=1e-5)
    means = data.groupby("g")[["y", "of_group"]].mean()
    of_means = smf.ols("y ~ of_group", means).fit()  # what the balanced design comes to
    assert fixed.loc["of_group", "p"] == pytest.approx(of_means.pvalues["of_group"], rel=1e-4)


def test_degrees_of_freedom_equal_the_dense_formula():
    rng = np.random.default_rng(8)
    group = np.sort(rng.integers(0, 15, 130))
    a = rng.normal(size=130) + rng.normal(size=15)[group]
    y = rng.normal(0, 0.6, 15)[group] + 0.3 * a + rng.normal(size=130)
    found = models.multilevel(pd.DataFrame({"y": y, "a": a, "g": group}), "y", "g", ["a"])
    x = np.column_stack([np.ones(130), a])
    z = (group[:, None] == np.arange(15)).astype(float)
    at = np.array([found.between, found.within])

    def pieces(theta):
        inverse = np.linalg.inv(theta[0] * z @ z.T + theta[1] * np.eye(len(y)))
        information = x.T @ inverse @ x
        rest = y - x @ np.linalg.solve(information, x.T @ inverse @ y)
        deviance = np.linalg.slogdet(information)[1] - np.linalg.slogdet(inverse)[1]
        return deviance + rest @ inverse @ rest, np.diag(np.linalg.inv(information))

    step = 1e-4 * np.eye(2)
    hessian = np.array(
        [
            [
                sum(s * t * pieces(at + s * a + t * b)[0] for s in (1, -1) for t in (1, -1)) / 4e-8
                for b in step
            ]
            for a in step
        ]
    )
    slope = np.stack([(pieces(at + a)[1] - pieces(at - a)[1]) / 2e-4 for a in step], axis=1)
    spread = np.einsum("ti,ij,tj->t", slope, 2 * np.linalg.inv(hessian), slope)
    assert found.between > 0
    np.testing.assert_allclose(found.fixed["df"], 2 * pieces(at)[1] ** 2 / spread, rtol=1e-3)


def test_sleepers_have_the_published_degrees_of_freedom(reference):
    data = pd.read_csv(reference / "sleepstudy.csv")  # lmerTest prints 22.8102 and 161.0000
    fixed = models.multilevel(data, "Reaction", "Subject", ["Days"]).fixed
    assert fixed["df"].to_list() == pytest.approx([22.8102, 161.0], abs=5e-4)


def test_more_predictors_of_groups_than_groups_can_carry_are_refused():
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(4), 6)
    frame = pd.DataFrame(rng.normal(size=(4, 3))[group], columns=list("abc"))
    frame = frame.assign(y=rng.normal(size=24), g=group)
    with pytest.raises(CastError, match="4 groups are too few for 3 predictors"):
        models.multilevel(frame, "y", "g", list("abc"))
    assert np.isfinite(models.multilevel(frame, "y", "g", list("ab")).fixed).all(axis=None)


def test_terms_that_the_clusters_determine_are_refused():
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(3), 20)
    frame = pd.DataFrame({"a": group == 1, "b": group == 2, "y": rng.normal(size=60), "g": group})
    with pytest.raises(CastError, match="too few to judge them by: Intercept, a, b"):
        models.regression(frame, "y", ["a", "b"], cluster="g")


def test_with_a_cluster_a_person_errors_are_hc2(complete):
    data = complete.assign(id=range(len(complete)))
    found = models.regression(data, "neuro", X, cluster="id").coefficients
    other = smf.ols(f"neuro ~ {' + '.join(X)}", data).fit()
    np.testing.assert_allclose(found["se"], other.HC2_se, rtol=1e-8)
