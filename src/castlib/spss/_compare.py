"""Means, t-tests and one-way analysis of variance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib.errors import CastError, some
from castlib.shown import Shown
from castlib.spss._count import TOTAL
from castlib.stats import _pairs
from castlib.stats._input import finite, labels, numbers, plain

ASSUMED, NOT_ASSUMED = "equal_variances_assumed", "equal_variances_not_assumed"


def means(data: pd.DataFrame, columns: Sequence[str] | str, by: str) -> pd.DataFrame:
    """Return the table of Analyze ▸ Compare Means ▸ Means.

    Returns
    -------
    DataFrame
        One row a column and group (index: variable, group), the total last: mean, n, sd (missing for one
        answer).

    Raises
    ------
    CastError
        No such column (the nearest is named), text, or a column without an answer.

    Examples
    --------
    >>> data = pd.DataFrame({"score": [1, 2, 3, 5], "sex": ["m", "m", "f", "f"]})
    >>> means(data, "score", "sex").loc["score"].rename_axis(None).round(2)
                 mean  n    sd
    f            4.00  2  1.41
    m            1.50  2  0.71
    รวม (Total)  2.75  4  1.71
    """
    data = plain(data)
    of = labels(data, by)
    values = numbers(data[of.notna()], columns, least=1, complete=False, varying=False)
    parts = {}
    for name in values:
        own = values[name].groupby(of, observed=True).agg(["mean", "count", "std"])
        own.index = list(own.index)
        own.loc[TOTAL] = values[name].agg(["mean", "count", "std"])
        parts[name] = own.rename(columns={"count": "n", "std": "sd"}).astype({"n": int})
    return pd.concat(parts, names=["variable", "group"])


@dataclass(frozen=True, repr=False)
class TTest(Shown):
    """A t-test: see `ttest` and `paired_ttest` for the fields."""

    groups: pd.DataFrame
    test: pd.DataFrame
    cohens_d: float
    n: int


def ttest(data: pd.DataFrame, dv: str, between: str) -> TTest:
    """Return the tables of Analyze ▸ Compare Means ▸ Independent-Samples T Test.

    Returns
    -------
    TTest
        `groups`: n, mean, sd, se of each group; `test`: a row with equal variances assumed and one without
        (levene_f, levene_p, t, df, p (two-sided), difference (first group less second), se, ci_low,
        ci_high (95 %)); `cohens_d` (pooled SD, as SPSS; `groups.compare` gives Hedges' g); `n`.

    Raises
    ------
    CastError
        No such column (the nearest is named), not exactly two groups, fewer than 2 answers in one, answers
        that do not vary within the groups.

    Notes
    -----
    Levene's test is from the means, as in SPSS; `groups.compare` and car::leveneTest take medians.

    Examples
    --------
    >>> data = pd.DataFrame({"score": [4, 5, 6, 5, 4, 7, 8, 9, 8, 7], "group": list("aaaaabbbbb")})
    >>> ttest(data, "score", "group").test["t"].round(3).to_list()
    [-5.669, -5.669]
    """
    from scipy.stats import ttest_ind

    names, groups = _groups(data, dv, between)
    if len(groups) != 2:
        raise CastError(
            f"{between!r} has {len(groups)} groups ({some(names)}); a t-test compares 2"
        )
    a, b = groups
    n, difference = len(a) + len(b), a.mean() - b.mean()
    squares = [x.var(ddof=1) / len(x) for x in groups]
    pooled = np.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / (n - 2))
    errors = (pooled * np.sqrt(1 / len(a) + 1 / len(b)), np.sqrt(sum(squares)))
    spread = _levene(groups, "mean")
    rows = []
    for equal, se in zip((True, False), errors, strict=True):
        found = ttest_ind(a, b, equal_var=equal)
        finite("the t-test", found.statistic)
        ci = found.confidence_interval()
        rows.append((found.statistic, found.df, found.pvalue, difference, se, ci.low, ci.high))
    columns = "t df p difference se ci_low ci_high".split()
    test = pd.DataFrame(rows, index=[ASSUMED, NOT_ASSUMED], columns=columns, dtype=float)
    test.insert(0, "levene_f", [spread.statistic, np.nan])
    test.insert(1, "levene_p", [spread.pvalue, np.nan])
    return TTest(
        groups=_statistics(names, groups).drop(columns=["ci_low", "ci_high"]),
        test=test,
        cohens_d=float(difference / pooled),
        n=n,
    )


def paired_ttest(data: pd.DataFrame, first: str, second: str) -> TTest:
    """Return the tables of Analyze ▸ Compare Means ▸ Paired-Samples T Test.

    Returns
    -------
    TTest
        `groups`: n, mean, sd, se of each column among complete pairs; `test`: one row (mean (of first less
        second), sd, se, ci_low, ci_high (95 %), t, df, p, r (correlation of the two)); `cohens_d` (mean
        difference over its SD); `n` pairs.

    Raises
    ------
    CastError
        No such column (the nearest is named), fewer than 3 pairs, a difference that never varies.

    Examples
    --------
    >>> data = pd.DataFrame({"should": [5, 5, 4, 5], "is": [3, 4, 3, 2]})
    >>> paired_ttest(data, "should", "is").test[["mean", "t", "df"]].round(3).values.tolist()
    [[1.75, 3.656, 3.0]]
    """
    from scipy.stats import ttest_rel

    frame = numbers(plain(data), [first, second])
    difference = frame[first] - frame[second]
    sd, n = difference.std(), len(frame)
    if sd <= 1e-12 * frame.abs().to_numpy().max():
        raise CastError(f"{first!r} less {second!r} is the same for everybody: nothing to test")
    found = ttest_rel(frame[first], frame[second])
    ci = found.confidence_interval()
    row = {
        "mean": difference.mean(),
        "sd": sd,
        "se": sd / np.sqrt(n),
        "ci_low": ci.low,
        "ci_high": ci.high,
        "t": found.statistic,
        "df": float(found.df),
        "p": found.pvalue,
        "r": frame[first].corr(frame[second]),
    }
    sides = [frame[first].to_numpy(), frame[second].to_numpy()]
    return TTest(
        groups=_statistics([first, second], sides).drop(columns=["ci_low", "ci_high"]),
        test=pd.DataFrame([row], index=[f"{first} − {second}"]),
        cohens_d=float(difference.mean() / sd),
        n=n,
    )


@dataclass(frozen=True, repr=False)
class Anova(Shown):
    """A one-way analysis of variance: see `anova` for the fields."""

    groups: pd.DataFrame
    homogeneity: pd.DataFrame
    table: pd.DataFrame
    welch: pd.DataFrame
    posthoc: pd.DataFrame
    eta_squared: float
    n: int


def anova(data: pd.DataFrame, dv: str, between: str, equal_variances: bool = True) -> Anova:
    """Return the tables of Analyze ▸ Compare Means ▸ One-Way ANOVA.

    Parameters
    ----------
    equal_variances : bool
        Which pairs: Tukey's (True) or Games–Howell's (False); SPSS asks for this under Post Hoc.

    Returns
    -------
    Anova
        `groups`: n, mean, sd, se, ci_low, ci_high (95 %) of each group and the total; `homogeneity`:
        Levene's statistic from means and from medians, df1, df2, p; `table`: sum_of_squares, df,
        mean_square, f, p, rows between, within, total; `welch`: statistic, df1, df2, p; `posthoc`: a row a
        pair (as `groups.compare`); `eta_squared` (0–1); `n`.

    Raises
    ------
    CastError
        No such column (the nearest is named), one group, a group of fewer than 2 answers, answers that do not
        vary within the groups.

    Examples
    --------
    >>> data = pd.DataFrame({"score": [1, 2, 3, 2, 3, 4, 6, 7, 8], "group": list("aaabbbccc")})
    >>> anova(data, "score", "group").table.round(3)[["sum_of_squares", "df", "f", "p"]]
             sum_of_squares  df     f      p
    between            42.0   2  21.0  0.002
    within              6.0   6   NaN    NaN
    total              48.0   8   NaN    NaN
    """
    from scipy.stats import f as f_law

    from castlib.stats.groups import _welch

    names, groups = _groups(data, dv, between)
    whole = np.concatenate(groups)
    k, n = len(groups), len(whole)
    within = sum(((x - x.mean()) ** 2).sum() for x in groups)
    total = ((whole - whole.mean()) ** 2).sum()
    squares = np.array([total - within, within, total])
    df = np.array([k - 1, n - k, n - 1])
    f = (squares[0] / df[0]) / (squares[1] / df[1])
    table = pd.DataFrame(
        {
            "sum_of_squares": squares,
            "df": df,
            "mean_square": [*(squares / df)[:2], np.nan],
            "f": [f, np.nan, np.nan],
            "p": [f_law.sf(f, k - 1, n - k), np.nan, np.nan],
        },
        index=["between", "within", "total"],
    )
    spread = {
        f"based_on_{center}": (*_levene(groups, center), k - 1, n - k)
        for center in ("mean", "median")
    }
    levels = pd.DataFrame.from_dict(spread, orient="index", columns=["levene", "p", "df1", "df2"])
    statistic, df2, p = _welch(groups)
    posthoc = _pairs.of_means(groups, equal_variances)
    for column in ("group_1", "group_2"):
        posthoc[column] = [names[g] for g in posthoc[column]]
    return Anova(
        groups=_statistics([*names, TOTAL], [*groups, whole]),
        homogeneity=levels[["levene", "df1", "df2", "p"]],
        table=table,
        welch=pd.DataFrame(
            [(statistic, k - 1, df2, p)], index=["welch"], columns=["statistic", "df1", "df2", "p"]
        ),
        posthoc=posthoc,
        eta_squared=float(squares[0] / squares[2]),
        n=n,
    )


def _groups(data: pd.DataFrame, dv: str, between: str) -> tuple[list, list[np.ndarray]]:
    """Return the groups' names, in order, and the answers of each: at least two groups of two."""
    data = plain(data)
    of = labels(data, between)
    values = numbers(data[of.notna()], [dv])[dv]
    codes, names = pd.factorize(of[values.index], sort=True)
    if len(names) < 2:
        raise CastError(
            f"{between!r} has one group with answers ({names[0]}); at least 2 are needed"
        )
    groups = [values.to_numpy()[codes == g] for g in range(len(names))]
    small = [f"{name} ({len(x)})" for name, x in zip(names, groups, strict=True) if len(x) < 2]
    if small:
        raise CastError(f"groups of fewer than 2 answers: {some(small)}; leave out or merge them")
    if all(np.ptp(x) <= 1e-12 * np.abs(x).max() for x in groups):
        raise CastError(f"{dv!r} does not vary within any group of {between!r}")
    return list(names), groups


def _levene(groups: Sequence[np.ndarray], center: str) -> object:
    """Return Levene's test; groups whose answers all lie equally far from their middle have none."""
    from scipy.stats import levene

    with np.errstate(divide="ignore", invalid="ignore"):
        found = levene(*groups, center=center)
    finite("Levene's test", found.statistic)
    return found


def _statistics(names: Sequence[object], groups: Sequence[np.ndarray]) -> pd.DataFrame:
    """Return n, mean, sd, standard error and 95 % interval of each group."""
    from scipy.stats import t

    n = np.array([len(x) for x in groups])
    mean, sd = (np.array([f(x) for x in groups]) for f in (np.mean, lambda x: x.std(ddof=1)))
    se = sd / np.sqrt(n)
    reach = t.ppf(0.975, n - 1) * se
    return pd.DataFrame(
        {"n": n, "mean": mean, "sd": sd, "se": se, "ci_low": mean - reach, "ci_high": mean + reach},
        index=list(names),
    )
