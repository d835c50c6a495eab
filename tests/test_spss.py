"""The tables that SPSS shows, against R's numbers on real data."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from castlib import spss
from castlib.errors import CastError

REFERENCE = Path(__file__).resolve().parent / "reference" / "stats"
SCALES = ["agree", "consc", "extra", "neuro", "open"]


@pytest.fixture(scope="module")
def bfi() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "bfi_scored.csv")


def r(file: str, name: str):
    """R's value of a set."""
    return json.loads((REFERENCE / f"{file}.json").read_text(encoding="utf-8"))["oracles"][name][
        "value"
    ]


def close(mine, theirs, digits: int = 8):
    theirs = np.array(theirs, dtype=float)
    np.testing.assert_allclose(np.array(mine, dtype=float), theirs, rtol=10.0**-digits, atol=1e-12)


@pytest.mark.parametrize("scale", SCALES)
def test_the_t_test_has_both_rows_as_r(bfi, scale):
    known = r("bfi_group_tests", f"ttest_{scale}_by_gender")
    found = spss.ttest(bfi, scale, "gender")
    for row, name in (
        ("equal_variances_assumed", "pooled"),
        ("equal_variances_not_assumed", "welch"),
    ):
        mine = found.test.loc[row, ["t", "df", "p", "ci_low", "ci_high"]]
        close(mine, [known[name][k] for k in ("t", "df", "p", "lower", "upper")])
        close(found.test.loc[row, "difference"] / found.test.loc[row, "se"], known[name]["t"])
    close(found.groups["mean"], [known["m1"], known["m2"]])
    close(found.groups["sd"], [known["sd1"], known["sd2"]])
    close(found.groups["n"], [known["n1"], known["n2"]])
    close(found.cohens_d, known["cohens_d"])


@pytest.mark.parametrize("scale", SCALES)
def test_the_anova_table_and_its_pairs_as_r(bfi, scale):
    known = r("bfi_group_tests", f"anova_{scale}_by_education")
    found = spss.anova(bfi, scale, "education")
    close(found.table.loc["between", ["sum_of_squares", "df", "f", "p"]], [known[k] for k in ("SSB", "df1", "F", "p")])  # fmt: skip
    close(found.table.loc["within", ["sum_of_squares", "df"]], [known["SSW"], known["df2"]])
    close(found.table.loc["within", "mean_square"], known["SSW"] / known["df2"])
    close(found.eta_squared, known["eta2"])
    for center in ("mean", "median"):
        close(found.homogeneity.loc[f"based_on_{center}", ["levene", "p"]], [known[f"levene_{center}"][k] for k in ("F", "p")])  # fmt: skip
    close(found.welch.iloc[0], [known["welch"][k] for k in ("F", "df1", "df2", "p")])
    tukey = np.array(known["tukey"]["data"])
    pairs = {
        f"{b:g}-{a:g}": n
        for n, (a, b) in enumerate(found.posthoc[["group_1", "group_2"]].to_numpy())
    }
    own = found.posthoc.iloc[[pairs[name] for name in known["tukey"]["rows"]]]
    close(-own["difference"], tukey[:, 0])
    np.testing.assert_allclose(own["p"], tukey[:, 3], atol=1e-7)
    table = found.groups.drop(index="รวม (Total)")
    close(table["mean"], list(known["mean"].values()))
    close(table["sd"] ** 2, list(known["var"].values()))
    close(spss.means(bfi, scale, "education").loc[scale].iloc[:-1]["mean"], list(known["mean"].values()))  # fmt: skip


def test_games_howell_on_demand(bfi):
    assert set(spss.anova(bfi, "agree", "education", False).posthoc["method"]) == {"games_howell"}


def test_crosstabs_as_r(bfi):
    known, found = r("bfi_group_tests", "chisq_gender_education"), None
    found = spss.crosstabs(bfi, "gender", "education")
    close(found.tests.loc["pearson_chi_square"], [known[k] for k in ("X2", "df", "p")])
    close(found.cramers_v, r("bfi_group_tests", "cramers_v")["v"])
    assert found.counts.iloc[:2, :5].to_numpy().tolist() == known["observed"]["data"]
    assert found.counts.iloc[-1, -1] == found.n == np.sum(known["observed"]["data"])
    assert found.row_percent.iloc[:, -1].round(9).eq(100).all()
    assert found.column_percent.iloc[-1].round(9).eq(100).all()
    close(found.least_expected, np.min(known["expected"]["data"]))
    assert found.cells_below_5 == 0


def test_two_by_two_has_yates_and_fisher_as_r():
    known = r("bfi_group_tests", "two_by_two")
    (a, b), (c, d) = known["observed"]["data"]
    frame = pd.DataFrame(
        {"x": [0] * (a + b) + [1] * (c + d), "y": [0] * a + [1] * b + [0] * c + [1] * d}
    )
    found = spss.crosstabs(frame, "x", "y")
    close(found.tests["value"].iloc[[0, 2]], [known["X2"], known["X2_yates"]])
    close(found.tests["p"].iloc[[0, 2, 3]], [known[k] for k in ("p", "p_yates", "fisher_p")])
    close(found.cramers_v, abs(known["phi"]))


def test_correlations_are_pairwise_as_r(bfi):
    for method, name in (("pearson", "r"), ("spearman", "rho"), ("kendall", "tau_b")):
        found = spss.correlations(bfi, SCALES, method)
        for first, second in (("agree", "consc"), ("neuro", "open")):
            known = r("bfi_group_tests", f"cor_{first}_{second}")
            own = known[method]
            close(found.r.loc[second, first], own[name])
            close(found.p.loc[first, second], own["p"])
            assert found.n.loc[first, second] == known["n"]


def test_the_regression_tables_as_r(bfi):
    x = ["agree", "consc", "extra", "open"]
    complete = bfi[[*SCALES, "education"]].dropna()
    found, known = spss.regression(complete, "neuro", x), r("bfi_regression", "fit")
    close(found.coefficients[["b", "se", "t", "p"]], r("bfi_regression", "coef_table")["data"], 6)
    close(found.coefficients["beta"].iloc[1:], list(r("bfi_regression", "std_beta").values()))
    close(found.coefficients["vif"].iloc[1:], [r("bfi_regression", "vif")[k] for k in x])
    close(found.coefficients[["ci_low", "ci_high"]], r("bfi_regression", "confint")["data"])
    close(
        found.summary.iloc[0], [np.sqrt(known["R2"]), known["R2"], known["adjR2"], known["sigma"]]
    )
    close(found.anova.loc["regression", ["df", "f", "p"]], [known[k] for k in ("df1", "F", "p")], 6)
    close(found.anova["sum_of_squares"].iloc[:2].sum(), found.anova.loc["total", "sum_of_squares"])
    close(found.anova.loc["residual", "mean_square"], known["sigma"] ** 2)


@pytest.mark.parametrize("scale", SCALES)
def test_reliability_as_r(bfi, scale):
    known = r("bfi_reliability", f"reliability_{scale}")
    found = spss.reliability(bfi, known["items"])
    close(found.alpha, known["raw_alpha"])
    close(found.standardised_alpha, known["std_alpha"])
    close(found.item_total["corrected_item_total"], _column(known["r_drop_by_cor"]))
    close(found.item_total["alpha_if_deleted"], _column(known["alpha_if_deleted"]))
    close(found.scale_mean / found.n_items, known["scale_mean"])
    close(np.sqrt(found.scale_variance) / found.n_items, known["scale_sd"])
    items = bfi[known["items"]].dropna()
    without = items.drop(columns=known["items"][0]).sum(axis=1)
    first = found.item_total.iloc[0]
    close(first[["scale_mean_if_deleted", "scale_variance_if_deleted"]], [without.mean(), without.var()])  # fmt: skip


def _column(value):
    return list(value.values()) if isinstance(value, dict) else value


def test_components_rotated_by_varimax_as_r(bfi):
    known = r("bfi_factor", "pca_5_varimax")
    items = [f"{letter}{i}" for letter in "ACENO" for i in range(1, 6)]
    found = spss.factor(bfi, items, 5)
    close(found.variance_explained["eigenvalue"], r("bfi_factor", "eigenvalues_pc"))
    assert spss.factor(bfi, items).rotated.shape[1] == 6  # so many eigenvalues exceed 1
    close(found.kmo, r("bfi_factor", "KMO_overall"))
    close(found.communalities, _column(known["communality"]), 7)
    theirs = np.array(known["loadings"]["data"])
    alike = theirs.T @ found.rotated.to_numpy()
    order = np.abs(alike).argmax(axis=1)
    sign = np.sign(alike[np.arange(5), order])
    # stats::varimax stops within 1e-3 of its optimum
    np.testing.assert_allclose(found.rotated.to_numpy()[:, order] * sign, theirs, atol=5e-3)
    kept = found.variance_explained.iloc[:5]
    close(kept["rotated"].sum(), kept["eigenvalue"].sum())
    close(kept["rotated_cumulative"].iloc[-1], kept["cumulative_percent"].iloc[-1])


def test_descriptives_as_r(bfi):
    known = r("bfi_group_tests", "normality_open")
    found = spss.descriptives(bfi, ["open"]).loc["open"]
    close(found[["n", "skewness", "kurtosis"]], [known[k] for k in ("n", "skew_G1", "kurt_G2")])
    items = r("bfi_reliability", "item_descriptives")
    table = spss.descriptives(bfi, items[".row"])
    for column in ("n", "mean", "sd"):
        close(table[column].iloc[:-1], items[column])
    assert table.loc["Valid N (listwise)", "n"] == r("bfi_reliability", "n_complete_25_items")


def test_frequencies_count_what_is_missing(bfi):
    table = spss.frequencies(bfi, "education")
    missing = bfi["education"].isna().sum()
    assert table.loc["ไม่ตอบ (Missing)", "frequency"] == missing
    assert table.loc["รวม (Total)", "frequency"] == len(bfi)
    own = table.iloc[:5]
    close(own["valid_percent"], bfi["education"].value_counts(normalize=True).sort_index() * 100)
    close(own["percent"], own["frequency"] / len(bfi) * 100)
    close(own["cumulative_percent"].iloc[-1], 100)


def test_an_ordered_category_keeps_its_order_and_its_empty_values():
    values = pd.Categorical(["มาก", "น้อย", None], ["น้อย", "กลาง", "มาก"], ordered=True)
    table = spss.frequencies(pd.DataFrame({"x": values}), "x")
    assert list(table.index[:3]) == ["น้อย", "กลาง", "มาก"]
    assert list(table["frequency"]) == [1, 0, 1, 2, 1, 3]


def test_numbers_and_text_in_one_column_are_counted():
    table = spss.frequencies(pd.DataFrame({"x": [2, "a", 1, "a"]}), "x")
    assert list(table.index[:3]) == [1, 2, "a"]


def test_what_everybody_answered_alike_is_described():
    data = pd.DataFrame({"x": [3, 3, 3], "y": [1, 2, None], "z": list("aab")})
    table = spss.descriptives(data, ["x", "y"])
    assert table.loc["x", ["n", "mean", "sd"]].to_list() == [3, 3, 0]
    assert table.loc["x", ["skewness", "kurtosis"]].isna().all()
    assert table.loc["Valid N (listwise)", "n"] == 2
    assert spss.means(data, "x", "z").loc[("x", "b"), ["mean", "n"]].to_list() == [3, 1]


def test_a_paired_t_test_is_that_of_the_differences(bfi):
    from scipy.stats import ttest_1samp

    found = spss.paired_ttest(bfi, "agree", "consc")
    rest = (bfi["agree"] - bfi["consc"]).dropna()
    known = ttest_1samp(rest, 0)
    close(found.test.iloc[0][["t", "p", "df"]], [known.statistic, known.pvalue, len(rest) - 1])
    close(found.test.iloc[0][["ci_low", "ci_high"]], known.confidence_interval())


@pytest.mark.parametrize(
    "call",
    [
        lambda d: spss.frequencies(d, "educatio"),
        lambda d: spss.descriptives(d, ["educatio"]),
        lambda d: spss.crosstabs(d, "gender", "educatio"),
        lambda d: spss.means(d, "agree", "educatio"),
        lambda d: spss.ttest(d, "agree", "educatio"),
        lambda d: spss.paired_ttest(d, "agree", "educatio"),
        lambda d: spss.anova(d, "agree", "educatio"),
        lambda d: spss.correlations(d, ["agree", "educatio"]),
        lambda d: spss.regression(d, "agree", ["educatio"]),
        lambda d: spss.reliability(d, ["A2", "A3", "educatio"]),
        lambda d: spss.factor(d, ["A2", "A3", "educatio"]),
    ],
)
def test_a_misspelt_column_is_told_with_the_nearest(bfi, call):
    with pytest.raises(CastError, match="did you mean 'education'"):
        call(bfi)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda d: spss.ttest(d, "agree", "education"), "has 5 groups"),
        (lambda d: spss.crosstabs(d, "gender", "gender"), "two different columns"),
        (lambda d: spss.correlations(d, ["agree"]), "at least 2"),
        (lambda d: spss.anova(d.assign(x=1.0), "agree", "x"), "one group"),
        (lambda d: spss.ttest(d.head(1).assign(gender=1), "agree", "gender"), "complete"),
        (
            lambda d: spss.paired_ttest(d.assign(b=d["agree"] + 1), "agree", "b"),
            "same for everybody",
        ),
        (lambda d: spss.factor(d, ["A1", "A2", "A3"], 4), "at most 3"),
        (lambda d: spss.ttest(d.assign(b=d["gender"]), "b", "gender"), "does not vary within"),
        (lambda d: spss.anova(d.assign(b=d["gender"]), "b", "gender"), "does not vary within"),
        (
            lambda d: spss.anova(d.head(4).assign(b=[1, 2, 3, 5], c=[1, 1, 2, 2]), "b", "c"),
            "Levene",
        ),
    ],
)
def test_what_cannot_be_computed_is_said(bfi, call, told):
    with pytest.raises(CastError, match=told):
        call(bfi)
