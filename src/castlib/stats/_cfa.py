"""Confirmatory factor analysis by maximum likelihood, its fit as lavaan tells it."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from castlib.errors import CastError, some
from castlib.shown import Shown
from castlib.stats import _sem, _syntax
from castlib.stats._input import finite, numbers


@dataclass(frozen=True, repr=False)
class Confirmatory(Shown):
    """A confirmatory factor model: see `cfa` for the fields."""

    fit: pd.Series
    loadings: pd.DataFrame
    cr: pd.Series
    ave: pd.Series
    phi: pd.DataFrame
    discriminant: pd.DataFrame
    n: int


def cfa(data: pd.DataFrame, model: str) -> Confirmatory:
    """Return the fit of a confirmatory factor model, its loadings, composite reliability and AVE.

    Use it when it is known beforehand which item belongs to which factor, with a few hundred
    respondents. Answers on five levels are taken as numbers here; with fewer levels or strong skew an
    ordinal estimator would be better. People sampled in clusters make χ² too large.

    Parameters
    ----------
    data : DataFrame
        One row a respondent; the model's items are columns, numeric. Incomplete rows are not used.
    model : str
        lavaan syntax, one line a factor: ``leadership =~ leadership_1 + leadership_2 + leadership_3``;
        ``a ~~ b`` adds a covariance, ``0*b`` fixes a parameter, a name before ``*`` makes parameters
        equal, ``NA*a`` frees the first loading, ``start(1)*b`` changes nothing. A factor of factors is
        written the same way. Regressions, intercepts, ``:=`` and ``==`` are refused.

    Returns
    -------
    Confirmatory
        `fit` (Series: chi2, df, p, cfi, tli, rmsea, rmsea_ci as (low, high) at 90 %, srmr), `loadings`
        (frame: factor, item, standardised, se, ci_low, ci_high at 95 %, p; all of the standardised
        loading), `cr` (composite reliability by factor, 0–1), `ave` (average variance extracted by
        factor, 0–1), `phi` (factor correlations; beyond 1 where the
        model wants two factors to be one, of which lavaan warns), `discriminant` (frame, a row a pair: factor_1,
        factor_2, correlation, root_ave (the smaller √AVE of the two), distinct: whether √AVE exceeds
        the correlation), `n`.

    Raises
    ------
    CastError
        A model that cannot be read, is not identified or has no degrees of freedom, items that are not
        in the data, no convergence, a residual variance of zero or less (Heywood case).

    Notes
    -----
    As lavaan's default: first loading 1, factors correlated, covariances divided by n, χ² = n·F; RMSEA
    with n (AMOS, LISREL and semopy use n − 1). SRMR over the lower triangle with the diagonal.
    CR = (Σλ)²/((Σλ)² + Σ(1 − λ²)) and AVE = Σλ²/k of standardised loadings (Fornell & Larcker);
    semTools' are in the raw metric and differ in the second decimal. Standard errors of standardised
    loadings by the delta method from the expected information, as in lavaan::standardizedSolution.

    References
    ----------
    Fornell & Larcker 1981, doi:10.1177/002224378101800104; Hu & Bentler 1999,
    doi:10.1080/10705519909540118.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> common = np.repeat(rng.normal(size=(300, 2)), 3, axis=1)
    >>> data = pd.DataFrame(common + rng.normal(size=(300, 6)), columns=list("abcdef"))
    >>> found = cfa(data, "one =~ a + b + c\\ntwo =~ d + e + f")
    >>> found.fit["df"], found.n, list(found.cr.index)
    (8, 300, ['one', 'two'])
    """
    structure = _syntax.read(model)
    frame = answers(data, structure)
    own = _sem.sample(frame.to_numpy())
    fitted = _sem.fit(*_sem.groups(structure, [own]), [own])
    if fitted.df < 1:
        raise CastError("the factor model has no degrees of freedom: nothing is left to test")
    refuse_heywood(fitted, structure)
    loadings, phi = _standardised(fitted, structure)
    fit = indices(fitted)
    finite("the factor model", loadings.drop(columns=["factor", "item"]), fit.drop("rmsea_ci"))
    by = loadings.groupby("factor", sort=False)["standardised"]
    total, rest = by.sum() ** 2, by.agg(lambda x: (1 - x**2).sum())
    ave = by.agg(lambda x: (x**2).mean()).rename("ave")
    return Confirmatory(
        fit=fit,
        loadings=loadings,
        cr=(total / (total + rest)).rename("cr"),
        ave=ave,
        phi=phi,
        discriminant=_discriminant(ave, phi),
        n=len(frame),
    )


def answers(data: pd.DataFrame, structure: _syntax.Structure) -> pd.DataFrame:
    """Return complete answers to the model's items, enough of them and none a sum of others."""
    frame = numbers(data, structure.items)
    n, k = frame.shape
    if n <= k:
        raise CastError(f"{n} complete respondents for {k} items; more are needed")
    if np.linalg.eigvalsh(np.atleast_2d(np.corrcoef(frame.to_numpy().T)))[0] < 1e-10:
        raise CastError("an item of the factor model is a combination of others; leave it out")
    return frame


def refuse_heywood(fitted: _sem.Fitted, structure: _syntax.Structure) -> None:
    """Refuse a model that gives a variance of zero or less."""
    bad = {}
    for group in fitted.groups:
        own = (group.kind == _sem.COVARIANCE) & (group.row == group.column)
        _, implied, _ = group.implied(fitted.values)
        for at, number in zip(group.row[own], group.number[own], strict=True):
            if fitted.values[number] <= 1e-6 * abs(implied[at, at]):
                bad[structure.names[at]] = None
    if bad:
        raise CastError(
            "the factor model leaves no variance of their own, or less than none (Heywood case), to: "
            f"{some(bad)}; the model or the n is too weak"
        )


def _standardised(
    fitted: _sem.Fitted, structure: _syntax.Structure
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return standardised loadings with their errors, and factor correlations."""
    from scipy.stats import norm

    (group,) = fitted.groups
    total, covariance, _ = group.implied(fitted.values)
    paths = np.eye(len(total)) - np.linalg.inv(total)
    spread = np.sqrt(np.diag(covariance))
    slopes = np.einsum("pii->pi", group.slopes(fitted.values)[0]) / (2 * spread**2)
    at = {name: i for i, name in enumerate(structure.names)}
    rows = []
    for item, factor in structure.loadings:
        i, j = at[item], at[factor]
        value = paths[i, j] * spread[j] / spread[i]
        change = value * (slopes[:, j] - slopes[:, i])
        free = (group.kind == _sem.PATH) & (group.row == i) & (group.column == j)
        change[group.number[free]] += spread[j] / spread[i]
        rows.append((factor, item, value, np.sqrt(change @ fitted.covariance @ change)))
    frame = pd.DataFrame(rows, columns=["factor", "item", "standardised", "se"])
    value, se = frame["standardised"], frame["se"]
    frame["ci_low"], frame["ci_high"] = (value + s * norm.ppf(0.975) * se for s in (-1, 1))
    frame["p"] = 2 * norm.sf((value / se).abs())
    k = len(structure.items)
    phi = (covariance / np.outer(spread, spread))[k:, k:]
    return frame, pd.DataFrame(phi, index=structure.factors, columns=structure.factors)


def _discriminant(ave: pd.Series, phi: pd.DataFrame) -> pd.DataFrame:
    """Return Fornell and Larcker's comparison for each pair of factors."""
    pairs = list(combinations(phi.columns, 2))
    frame = pd.DataFrame(pairs, columns=["factor_1", "factor_2"])
    frame["correlation"] = [phi.loc[pair] for pair in pairs]
    frame["root_ave"] = [np.sqrt(ave[list(pair)].min()) for pair in pairs]
    return frame.assign(distinct=frame["correlation"].abs() < frame["root_ave"])


def indices(fitted: _sem.Fitted) -> pd.Series:
    """Return lavaan's fit indices, of one group or several."""
    from scipy.optimize import brentq
    from scipy.stats import chi2, ncx2

    n, k, many = sum(s.n for s in fitted.samples), fitted.groups[0].items, len(fitted.groups)
    statistic, df = float(fitted.chi2.sum()), fitted.df
    null = sum(_independence(s) for s in fitted.samples)
    null_df = many * k * (k - 1) // 2

    def noncentral(level: float) -> float:
        """Return the noncentrality at which the statistic is the level's quantile."""
        if chi2.cdf(statistic, df) <= level:
            return 0.0
        return brentq(lambda x: ncx2.cdf(statistic, df, x) - level, 1e-9, 4 * statistic + 4 * df)

    return pd.Series(
        {
            "chi2": statistic,
            "df": df,
            "p": float(chi2.sf(statistic, df)),
            "cfi": float(1 - max(statistic - df, 0) / max(statistic - df, null - null_df, 1e-12)),
            "tli": float((null / null_df - statistic / df) / (null / null_df - 1)),
            "rmsea": float(np.sqrt(max(statistic - df, 0) / (df * n) * many)),
            "rmsea_ci": tuple(
                float(np.sqrt(noncentral(p) / (df * n) * many)) for p in (0.95, 0.05)
            ),
            "srmr": sum(s.n / n * _srmr(fitted, g) for g, s in enumerate(fitted.samples)),
        },
        dtype=object,
        name="fit",
    )


def _independence(own: _sem.Sample) -> float:
    """Return the χ² of the model in which no item goes with another."""
    spread = np.sqrt(np.diag(own.covariance))
    return float(-own.n * np.linalg.slogdet(own.covariance / np.outer(spread, spread))[1])


def _srmr(fitted: _sem.Fitted, g: int) -> float:
    """Return the root mean square of a group's standardised residuals."""
    group, own = fitted.groups[g], fitted.samples[g]
    k, spread = group.items, np.sqrt(np.diag(own.covariance))
    _, covariance, mean = group.implied(fitted.values)
    residual = (own.covariance - covariance[:k, :k]) / np.outer(spread, spread)
    parts = residual[np.tril_indices(k)]
    if group.has_means:
        parts = np.concatenate([parts, (own.mean - mean[:k]) / spread])
    return float(np.sqrt((parts**2).mean()))
