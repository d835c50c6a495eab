"""Confirmatory factor analysis by maximum likelihood; semopy fits, the indices are lavaan's."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib.errors import CastError
from castlib.stats._input import finite, numbers


@dataclass(frozen=True)
class Confirmatory:
    """A confirmatory factor model: see `cfa` for the fields."""

    fit: pd.Series
    loadings: pd.DataFrame
    cr: pd.Series
    ave: pd.Series
    phi: pd.DataFrame
    n: int


def cfa(data: pd.DataFrame, model: str) -> Confirmatory:
    """Return the fit of a confirmatory factor model, its loadings, composite reliability and AVE.

    Use it when it is known beforehand which item belongs to which factor, with a few hundred
    respondents. Answers on five levels are taken as numbers here; with fewer levels or strong skew an
    ordinal estimator would be better.

    Parameters
    ----------
    data : DataFrame
        One row a respondent; the model's items are columns, numeric. Incomplete rows are not used.
    model : str
        lavaan syntax, one line a factor: ``leadership =~ leadership_1 + leadership_2 + leadership_3``;
        ``a ~~ b`` adds a covariance. Factors are correlated.

    Returns
    -------
    Confirmatory
        `fit` (Series: chi2, df, p, cfi, tli, rmsea, rmsea_ci as (low, high) at 90 %, srmr), `loadings`
        (frame: factor, item, standardised, se, ci_low, ci_high at 95 %, p; all of the standardised
        loading), `cr` (composite reliability by factor, 0–1), `ave` (average variance extracted by
        factor, 0–1), `phi` (factor correlations; discriminant validity wants √AVE above them), `n`.

    Raises
    ------
    CastError
        A model that cannot be read or has no degrees of freedom, items that are not in the data, no
        convergence, a residual variance of zero (Heywood case).

    Notes
    -----
    As lavaan's default: covariances divided by n, χ² = n·F; RMSEA with n (AMOS, LISREL and semopy use
    n − 1). SRMR over the lower triangle with the diagonal. CR = (Σλ)²/((Σλ)² + Σ(1 − λ²)) and
    AVE = Σλ²/k of standardised loadings (Fornell & Larcker); semTools' are in the raw metric and differ
    in the second decimal. Standard errors of standardised loadings by the delta method from the expected
    information, as in lavaan::standardizedSolution.

    References
    ----------
    Hu & Bentler 1999, doi:10.1080/10705519909540118.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> common = np.repeat(rng.normal(size=(300, 2)), 3, axis=1)
    >>> data = pd.DataFrame(common + rng.normal(size=(300, 6)), columns=list("abcdef"))
    >>> found = cfa(data, "one =~ a + b + c\\ntwo =~ d + e + f")
    >>> found.fit["df"], found.n, list(found.cr.index)
    (8, 300, ['one', 'two'])
    """
    from scipy.stats import norm

    fitted, frame = _fitted(data, model)
    n = len(frame)
    standardised, factors = _standardised(fitted)
    change = _derivative(fitted, lambda: _standardised(fitted)[0])
    covariance = fitted.calc_fim(inverse=True)[1]
    se = np.sqrt(np.einsum("ijp,pq,ijq->ij", change, covariance, change))
    items, names = (np.array(n) for n in fitted.names_lambda)
    by_item, by_factor = _written_order(items, model), _written_order(names, model)
    rows, columns = np.array([(i, j) for j in by_factor for i in by_item if standardised[i, j]]).T
    value, error = standardised[rows, columns], se[rows, columns]
    loadings = pd.DataFrame(
        {
            "factor": names[columns],
            "item": items[rows],
            "standardised": value,
            "se": error,
            "ci_low": value - norm.ppf(0.975) * error,
            "ci_high": value + norm.ppf(0.975) * error,
            "p": 2 * norm.sf(np.abs(value / error)),
        }
    )
    fit = _fit(fitted, n)
    phi = pd.DataFrame(factors, index=names, columns=names).iloc[by_factor, by_factor]
    finite(
        "the factor model", loadings.drop(columns=["factor", "item"]), fit[["cfi", "tli", "rmsea"]]
    )
    by = loadings.groupby("factor", sort=False)["standardised"]
    total, rest = by.sum() ** 2, by.agg(lambda x: (1 - x**2).sum())
    return Confirmatory(
        fit=fit,
        loadings=loadings,
        cr=(total / (total + rest)).rename("cr"),
        ave=by.agg(lambda x: (x**2).mean()).rename("ave"),
        phi=phi,
        n=n,
    )


def _written_order(names: np.ndarray, model: str) -> list[int]:
    """Return positions of names in the order in which the model text mentions them."""
    words = re.findall(r"\w+", model)
    return sorted(range(len(names)), key=lambda i: words.index(names[i]))


def _fitted(data: pd.DataFrame, model: str):
    """Return the fitted semopy model and the complete rows that it was fitted to."""
    from semopy import Model

    try:
        described = Model(model)
        items = list(described.vars["observed"])
    except Exception as error:
        raise CastError(
            f"the factor model could not be read ({error}); write one line a factor, "
            "such as: factor =~ item1 + item2 + item3"
        ) from error
    if not described.vars["latent"]:
        raise CastError("the factor model names no factor; write: factor =~ item1 + item2 + item3")
    frame = numbers(data, items)
    k = len(items)
    if len(frame) <= k:
        raise CastError(f"{len(frame)} complete respondents for {k} items; more are needed")
    found = described.fit(frame, options={"ftol": 1e-13})
    if not found.success:
        raise CastError(f"the factor model did not converge: {found.message}")
    if k * (k + 1) // 2 <= len(described.param_vals):
        raise CastError("the factor model has no degrees of freedom: nothing is left to test")
    zero = np.diag(described.mx_theta) <= 1e-6 * np.diag(described.mx_cov)
    if zero.any():
        raise CastError(
            "the factor model gives an item no residual variance (Heywood case): "
            f"{', '.join(np.array(described.names_theta[0])[zero])}; the model or the n is too weak"
        )
    return described, frame


def _standardised(fitted) -> tuple[np.ndarray, np.ndarray]:
    """Return standardised loadings (items × factors) and factor correlations."""
    implied, (_, path) = fitted.calc_sigma()
    factors = path @ fitted.mx_psi @ path.T
    size = np.sqrt(np.diag(factors))
    return (
        fitted.mx_lambda * size / np.sqrt(np.diag(implied))[:, None],
        factors / np.outer(size, size),
    )


def _derivative(fitted, result) -> np.ndarray:
    """Return how a result changes with each parameter (central differences; last axis = parameter)."""
    best, changes = fitted.param_vals.copy(), []
    for i in range(len(best)):
        step = 1e-5 * max(1.0, abs(best[i]))
        sides = []
        for sign in (1, -1):
            moved = best.copy()
            moved[i] += sign * step
            fitted.update_matrices(moved)
            sides.append(result())
        changes.append((sides[0] - sides[1]) / (2 * step))
    fitted.update_matrices(best)
    return np.stack(changes, axis=-1)


def _fit(fitted, n: int) -> pd.Series:
    """Return lavaan's fit indices."""
    from scipy.optimize import brentq
    from scipy.stats import chi2, ncx2

    observed, k = fitted.mx_cov, len(fitted.mx_cov)
    implied = fitted.calc_sigma()[0]
    df = k * (k + 1) // 2 - len(fitted.param_vals)
    statistic = n * fitted.obj_mlw(fitted.param_vals)
    spread = np.sqrt(np.diag(observed))
    null = -n * np.linalg.slogdet(observed / np.outer(spread, spread))[1]
    null_df = k * (k - 1) // 2

    def noncentral(level: float) -> float:
        """Return the noncentrality at which the statistic is the level's quantile."""
        if chi2.cdf(statistic, df) <= level:
            return 0.0
        return brentq(lambda x: ncx2.cdf(statistic, df, x) - level, 1e-9, 4 * statistic + 4 * df)

    residual = (observed - implied) / np.outer(spread, spread)
    return pd.Series(
        {
            "chi2": float(statistic),
            "df": df,
            "p": float(chi2.sf(statistic, df)),
            "cfi": float(1 - max(statistic - df, 0) / max(statistic - df, null - null_df, 1e-12)),
            "tli": float((null / null_df - statistic / df) / (null / null_df - 1)),
            "rmsea": float(np.sqrt(max(statistic - df, 0) / (df * n))),
            "rmsea_ci": tuple(float(np.sqrt(noncentral(p) / (df * n))) for p in (0.95, 0.05)),
            "srmr": float(np.sqrt((residual[np.tril_indices(k)] ** 2).mean())),
        },
        dtype=object,
        name="fit",
    )
