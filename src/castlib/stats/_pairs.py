"""Comparisons of every pair of groups, after a test of all of them."""

from itertools import combinations

import numpy as np
import pandas as pd

from castlib.errors import CastError
from castlib.stats import _effects
from castlib.stats._robust import ClusterRobust

COLUMNS = ["group_1", "group_2", "difference", "se", "df", "ci_low", "ci_high", "p", "method"]


def none() -> pd.DataFrame:
    """Return a table of pairs without a row."""
    return pd.DataFrame(columns=COLUMNS)


def of_means(groups: list[np.ndarray], equal: bool) -> pd.DataFrame:
    """Return Tukey–Kramer pairs (equal variances) or Games–Howell pairs.

    pingouin gives neither interval; statsmodels' pairwise_tukeyhsd takes seconds for seven groups.
    """
    first, second = _indices(len(groups))
    n = np.array([len(x) for x in groups], dtype=float)
    means, variances = (
        np.array([f(x) for x in groups]) for f in (np.mean, lambda x: x.var(ddof=1))
    )
    if equal:
        rest = n.sum() - len(n)
        error = ((n - 1) @ variances / rest) / n
        df = np.full(len(first), rest)
    else:
        error = variances / n
        parts = error[first] ** 2 / (n[first] - 1) + error[second] ** 2 / (n[second] - 1)
        df = (error[first] + error[second]) ** 2 / parts
    se = np.sqrt(error[first] + error[second])
    difference = means[first] - means[second]
    p = _effects.range_sf(np.abs(difference) / se * np.sqrt(2), len(n), df)
    alike = np.unique(df)
    reach = dict(zip(alike, _effects.range_quantile(len(n), alike), strict=True))
    reach = np.array([reach[d] for d in df]) * se / np.sqrt(2)
    method = "tukey" if equal else "games_howell"
    return _table(first, second, difference, se, df, reach, p, method)


def of_ranks(groups: list[np.ndarray]) -> pd.DataFrame:
    """Return Dunn's pairs of mean ranks, p with Holm's correction; no library here has them."""
    from scipy.stats import norm, rankdata

    first, second = _indices(len(groups))
    pooled = np.concatenate(groups)
    n, total = np.array([len(x) for x in groups]), len(pooled)
    ranks = np.split(rankdata(pooled), np.cumsum(n)[:-1])
    means = np.array([r.mean() for r in ranks])
    ties = np.unique(pooled, return_counts=True)[1].astype(float)
    variance = total * (total + 1) / 12 - (ties**3 - ties).sum() / (12 * (total - 1))
    se = np.sqrt(variance * (1 / n[first] + 1 / n[second]))
    difference = means[first] - means[second]
    p = holm(2 * norm.sf(np.abs(difference) / se))
    df = np.full(len(first), np.inf)
    return _table(first, second, difference, se, df, norm.ppf(0.975) * se, p, "dunn_holm")


def robust(fit: ClusterRobust, k: int) -> pd.DataFrame:
    """Return pairs of means with CR2 errors, p with Holm's correction; the fit has one column a group."""
    from scipy.stats import t

    first, second = _indices(k)
    contrasts = np.eye(k)[first] - np.eye(k)[second]
    difference = contrasts @ fit.estimate
    se = np.array([fit.standard_error(c) for c in contrasts])
    if (se <= 1e-10 * np.abs(fit.estimate).max()).any():
        raise CastError(
            "two groups or more give one and the same answer in every cluster, so that the difference "
            "of their means has no error to judge it by; leave such groups out"
        )
    df = np.array([fit.df(c) for c in contrasts])
    p = holm(2 * t.sf(np.abs(difference) / se, df))
    return _table(first, second, difference, se, df, t.ppf(0.975, df) * se, p, "cr2_holm")


def holm(p: np.ndarray) -> np.ndarray:
    """Return p values with Holm's correction for their number.

    pingouin's: statsmodels' multipletests runs the garbage collector at each call, 0.1 s in a notebook.

    >>> holm(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    import pingouin

    p = np.asarray(p)
    if p.size == 0 or not np.issubdtype(p.dtype, np.number) or not ((p >= 0) & (p <= 1)).all():
        raise CastError(f"p values between 0 and 1 were expected; {p.tolist()} was given")
    return pingouin.multicomp(p, method="holm")[1]


def _indices(k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the second member of each pair."""
    pairs = np.array(list(combinations(range(k), 2)))
    return pairs[:, 0], pairs[:, 1]


def _table(first, second, difference, se, df, reach, p, method) -> pd.DataFrame:
    """Return the table of pairs, groups by their number."""
    columns = first, second, difference, se, df, difference - reach, difference + reach, p
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=False))).assign(method=method)
