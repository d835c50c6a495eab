"""Do groups differ, do categories go together, do numbers go together: each with its size and certainty."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import CastError, some
from castlib.shown import Shown
from castlib.stats import _effects, _pairs
from castlib.stats._association import Association, Correlation, association, correlation
from castlib.stats._input import existing, finite, labels, numbers, plain
from castlib.stats._pairs import holm
from castlib.stats._robust import cluster_robust

__all__ = [
    "Association",
    "Comparison",
    "Correlation",
    "association",
    "compare",
    "correlation",
    "holm",
]

LEAST = 3
LARGE = 30


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """A comparison of groups: see `compare` for the fields."""

    chosen: str
    why: tuple[str, ...]
    statistic: float
    df: float | tuple[float, float] | None
    p: float
    effect_name: str
    effect_size: float
    effect_ci: tuple[float, float]
    groups: pd.DataFrame
    checks: pd.DataFrame
    posthoc: pd.DataFrame
    n: int


def compare(data: pd.DataFrame, dv: str, between: str, cluster: str | None = None) -> Comparison:
    """Return whether groups differ in a numeric variable, by how much, and which ones.

    The assumption checks choose the test, and `chosen` and `why` say which and why. Give `cluster`
    (the district) when people were sampled in groups: then no test for independent people is right.

    Parameters
    ----------
    data : DataFrame
        One row a respondent; rows with a missing value in a column used are left out (listwise).
    dv, between : str
        Numeric variable and grouping column, each group with at least 3 people.
    cluster : str, optional
        Column that names each row's cluster; at least 2 clusters, better 10 or more.

    Returns
    -------
    Comparison
        `chosen`: student_t, welch_t, mann_whitney, anova, welch_anova, kruskal_wallis or
        cluster_robust. `why`: codes, clustered / normal / large_groups / not_normal, then
        equal_variances / unequal_variances. `statistic` (t, U of the first group, F or H), `df` (a
        number, a pair for F, None for U), `p`. `effect_name` with `effect_size` and `effect_ci` (95 %):
        hedges_g or rank_biserial (positive = first group higher), omega_squared or eta_squared_h (0–1).
        `groups` (frame: group, n, mean, sd, median), `checks` (frame: check (shapiro, levene), group
        (None: all together), statistic, p, passed), `posthoc` (frame, a row a pair, empty for two
        groups: group_1, group_2, difference (mean of 1 less mean of 2; in mean ranks after
        Kruskal–Wallis), se, df, ci_low, ci_high, p, method: tukey, games_howell, dunn_holm, cr2_holm),
        `n`.

    Raises
    ------
    CastError
        One group, a group of fewer than 3, no variation, one cluster.

    Notes
    -----
    A group counts as normal when Shapiro–Wilk does not reject at 0.05, or when it has at least 30
    people with |skew| ≤ 2 and |excess kurtosis| ≤ 7, where means are near normal. Variances count
    as equal when Levene's test (from medians, as car::leveneTest) does not reject at 0.05. Tukey and
    Games–Howell intervals are simultaneous; the p values of dunn_holm and cr2_holm have Holm's
    correction, their intervals none. With clusters: CR2 errors with Satterthwaite degrees of freedom,
    the overall test is HTZ as clubSandwich::Wald_test. The omega squared of a robust test has the
    size of the ordinary F and the width of the robust one. The checks, Welch's ANOVA and the rank
    tests are pingouin's; t and F are scipy's, because pingouin.ttest warns when its Bayes factor
    overflows (large t) and pingouin.anova warns under pandas 3.1.

    References
    ----------
    Games & Howell 1976, doi:10.2307/1164979; Holm 1979; Cameron & Miller 2015, doi:10.3368/jhr.50.2.317.

    Examples
    --------
    >>> data = pd.DataFrame({"score": [4, 5, 6, 5, 4, 7, 8, 9, 8, 7], "group": list("aaaaabbbbb")})
    >>> found = compare(data, "score", "group")
    >>> found.chosen, found.why, round(found.statistic, 2), found.df
    ('student_t', ('normal', 'equal_variances'), -5.67, 8.0)
    """
    groups, names, clusters = _read(data, dv, between, cluster)
    checks, normal, equal = _check(groups, names)
    if clusters is not None:
        test, why = _clustered(groups, clusters), ("clustered",)
    elif normal == "not_normal":
        test, why = _ranks(groups), (normal,)
    else:
        test = _means(groups, equal)
        why = (normal, "equal_variances" if equal else "unequal_variances")
    finite("the comparison", test["statistic"], test["p"], test["effect_size"], test["effect_ci"])
    table = [
        (g, len(x), x.mean(), x.std(ddof=1), np.median(x))
        for g, x in zip(names, groups, strict=True)
    ]
    posthoc = test.pop("posthoc")
    for column in ("group_1", "group_2"):
        posthoc[column] = [names[g] for g in posthoc[column]]
    return Comparison(
        why=why,
        groups=pd.DataFrame(table, columns=["group", "n", "mean", "sd", "median"]),
        checks=checks,
        posthoc=posthoc,
        n=sum(map(len, groups)),
        **test,
    )


def _read(data: pd.DataFrame, dv: str, between: str, cluster: str | None):
    """Return the values of each group, the groups' names and, if asked, each group's cluster codes."""
    data = plain(data)
    existing(data, [dv, between])
    used = labels(data, between).notna()
    if cluster is not None:
        used &= labels(data, cluster).notna()
    values = numbers(data[used], [dv])[dv]
    of = data.loc[values.index, between]
    codes, names = pd.factorize(of, sort=True)
    if len(names) < 2:
        raise CastError(
            f"{between!r} has one group with answers ({names[0]}); at least 2 are needed"
        )
    groups = [values.to_numpy()[codes == g] for g in range(len(names))]
    small = [f"{name} ({len(x)})" for name, x in zip(names, groups, strict=True) if len(x) < LEAST]
    if small:
        raise CastError(
            f"groups of fewer than {LEAST} people: {some(small)}; leave out or merge them"
        )
    if max(np.ptp(x) for x in groups) <= 1e-12 * np.abs(values).max():
        raise CastError(f"{dv!r} does not vary within any group of {between!r}")
    if cluster is None:
        return groups, list(names), None
    districts = pd.factorize(data.loc[values.index, cluster])[0]
    if districts.max() < 1:
        raise CastError(f"all people are in one cluster of {cluster!r}; at least 2 are needed")
    return groups, list(names), [districts[codes == g] for g in range(len(names))]


def _check(groups: list[np.ndarray], names: list) -> tuple[pd.DataFrame, str, bool]:
    """Return the checks' table, how normal the groups are (a code), and whether variances are equal."""
    import pingouin
    from scipy.stats import kurtosis, skew

    rows, plain, large = [], [], []
    for name, x in zip(names, groups, strict=True):
        normal = mild = False
        if np.ptp(x) > 0:
            mild = len(x) >= LARGE and abs(skew(x)) <= 2 and abs(kurtosis(x)) <= 7
            if len(x) <= 5000:  # a Series: pingouin takes no array of 3
                statistic, p, normal = pingouin.normality(pd.Series(x)).iloc[0]
                rows.append(("shapiro", name, statistic, p, bool(normal)))
        plain.append(normal)
        large.append(normal or mild)
    spread = [np.abs(x - np.median(x)) for x in groups]
    if sum(((d - d.mean()) ** 2).sum() for d in spread) > 1e-12:
        statistic, p, equal = pingouin.homoscedasticity(groups, center="median").iloc[0]
    else:  # every group's deviations are one number: equal, or not, without chance
        equal = np.ptp([d.mean() for d in spread]) < 1e-9
        statistic, p = (0.0, 1.0) if equal else (np.inf, 0.0)
    rows.append(("levene", None, statistic, p, bool(equal)))
    table = pd.DataFrame(rows, columns=["check", "group", "statistic", "p", "passed"])
    table["group"] = pd.Series([row[1] for row in rows], dtype=object)
    code = "normal" if all(plain) else "large_groups" if all(large) else "not_normal"
    return table, code, bool(equal)


def _means(groups: list[np.ndarray], equal: bool) -> dict:
    """Compare means: Student's or Welch's t, ANOVA with Tukey, or Welch's ANOVA with Games–Howell."""
    from scipy.stats import f_oneway, ttest_ind

    if len(groups) == 2:
        found = ttest_ind(*groups, equal_var=equal)
        size, ci = _effects.hedges_g(*groups)
        chosen, df = "student_t" if equal else "welch_t", float(found.df)
        return _result(chosen, found, df, ("hedges_g", size, ci), _pairs.none())
    n, df1 = sum(map(len, groups)), float(len(groups) - 1)
    if equal:
        found, df2, chosen = f_oneway(*groups), float(n - len(groups)), "anova"
        statistic, p = float(found.statistic), float(found.pvalue)
    else:
        statistic, df2, p = _welch(groups)
        chosen = "welch_anova"
    size, ci = _effects.omega_squared(statistic, df1, n, df2)
    effect = ("omega_squared", size, ci)
    return _result(chosen, (statistic, p), (df1, df2), effect, _pairs.of_means(groups, equal))


def _welch(groups: list[np.ndarray]) -> tuple[float, float, float]:
    """Return F, the second degrees of freedom and p of Welch's ANOVA."""
    import pingouin

    if min(np.ptp(x) for x in groups) == 0:
        raise CastError("a group does not vary at all; Welch's test cannot weigh it")
    row = pingouin.welch_anova(data=_long(groups), dv="y", between="g").iloc[0]
    return float(row["F"]), float(row["ddof2"]), float(row["p_unc"])


def _long(groups: list[np.ndarray]) -> pd.DataFrame:
    """Return the groups' values (y) with the number of each one's group (g), as pingouin takes them."""
    group = np.repeat(np.arange(len(groups)), [len(x) for x in groups])
    return pd.DataFrame({"y": np.concatenate(groups), "g": group})


def _ranks(groups: list[np.ndarray]) -> dict:
    """Compare distributions: Mann–Whitney, or Kruskal–Wallis with Dunn's pairs."""
    import pingouin

    if len(groups) == 2:
        found = pingouin.mwu(*groups, method="asymptotic")[["U_val", "p_val"]].iloc[0]
        effect = ("rank_biserial", *_effects.rank_biserial(*groups))
        return _result("mann_whitney", tuple(found), None, effect, _pairs.none())
    found = pingouin.kruskal(_long(groups), dv="y", between="g")[["H", "p_unc"]].iloc[0]
    df = len(groups) - 1
    effect = ("eta_squared_h", *_effects.eta_squared_h(found["H"], df, sum(map(len, groups))))
    return _result("kruskal_wallis", tuple(found), float(df), effect, _pairs.of_ranks(groups))


def _clustered(groups: list[np.ndarray], clusters: list[np.ndarray]) -> dict:
    """Compare means when people of one cluster are alike: CR2."""
    from scipy.stats import f as f_law
    from scipy.stats import f_oneway, t

    k, n = len(groups), sum(map(len, groups))
    member = np.repeat(np.eye(k), [len(x) for x in groups], axis=0)
    fit = cluster_robust(member, np.concatenate(groups), np.concatenate(clusters))
    pairs = _pairs.robust(fit, k)
    if k == 2:
        row = pairs.iloc[0]
        statistic = row["difference"] / row["se"]
        p = 2 * t.sf(abs(statistic), row["df"])
        unit = _effects.g_unit(*groups)
        ci = (row["ci_low"] * unit, row["ci_high"] * unit)
        effect = ("hedges_g", row["difference"] * unit, ci)
        return _result("cluster_robust", (statistic, p), float(row["df"]), effect, _pairs.none())
    whole = fit.wald(np.vstack([-np.ones(k - 1), np.eye(k - 1)]))
    if whole is None:
        raise CastError(f"the clusters are too few to compare {k} groups; merge groups")
    statistic, df1, df2 = whole
    ordinary = float(f_oneway(*groups).statistic)
    shrink = statistic / ordinary if ordinary > 1e-9 else 1.0
    size, ci = _effects.omega_squared(ordinary, df1, n, df2, shrink)
    effect = ("omega_squared", size, ci)
    p = f_law.sf(statistic, df1, df2)
    return _result("cluster_robust", (statistic, p), (df1, df2), effect, pairs)


def _result(chosen: str, test, df, effect: tuple, posthoc: pd.DataFrame) -> dict:
    """Return the fields of a comparison that the test gives; `test` is (statistic, p)."""
    name, size, ci = effect
    return {
        "chosen": chosen,
        "statistic": float(test[0]),
        "df": df,
        "p": float(test[1]),
        "effect_name": name,
        "effect_size": float(size),
        "effect_ci": (float(ci[0]), float(ci[1])),
        "posthoc": posthoc,
    }


__getattr__, __dir__ = lazy.offered(__name__)
