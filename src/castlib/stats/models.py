"""What goes with what, given the rest and given the districts: regression, importance, multilevel."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import CastError, some
from castlib.shown import Shown
from castlib.stats import _boot
from castlib.stats._input import existing, labels, numbers, plain
from castlib.stats._multilevel import Multilevel, multilevel, named_alone
from castlib.stats._robust import cluster_robust

__all__ = ["Multilevel", "Regression", "multilevel", "regression", "relative_importance"]


@dataclass(frozen=True, repr=False)
class Regression(Shown):
    """A linear regression: see `regression` for the fields."""

    coefficients: pd.DataFrame
    r2: float
    adj_r2: float
    f: float | None
    f_df: tuple[float, float] | None
    f_p: float | None
    errors: str
    n: int
    clusters: int | None


def regression(
    data: pd.DataFrame, y: str, x: Sequence[str], cluster: str | None = None
) -> Regression:
    """Return a least squares regression, its errors robust to people of one cluster being alike.

    Use it for a numeric outcome. Give `cluster` (the district) whenever people were sampled in groups:
    ordinary errors are then too small. Associations only: nothing here says what causes what.

    Parameters
    ----------
    data : DataFrame
        One row a respondent. Rows with a missing value in any column used are left out (listwise).
    y : str
        Outcome column, numeric.
    x : sequence of str
        Predictor columns, numeric (code a category as 0/1 columns first).
    cluster : str, optional
        Column that names each row's cluster; at least 2 clusters, and see `refusals.regression`.

    Returns
    -------
    Regression
        `coefficients`, a frame indexed by term (`Intercept`, then x): b (units of y per unit of x),
        beta (in standard deviations), se, df, ci_low, ci_high (95 %), p, vif (1 = unrelated to the other
        predictors). The intercept has no beta and no vif (NaN). `r2`, `adj_r2`; `f`, `f_df`, `f_p`: the
        test that no predictor matters (None when clusters are too few to test it); `errors`: "classical"
        or "CR2"; `n` rows used; `clusters`.

    Raises
    ------
    CastError
        Too few rows, a constant or text column, predictors that determine one another, fewer than 2
        clusters.

    Notes
    -----
    beta = b · sd(x)/sd(y); VIF = 1/(1 − R² of a predictor on the others). The fit, its classical errors
    and the VIF are statsmodels'. With clusters: CR2 (Bell & McCaffrey)
    with Satterthwaite degrees of freedom, and for `f` the approximate Hotelling test (HTZ), as
    clubSandwich's. Stata and statsmodels use CR1 with normal or G − 1 degrees of freedom, whose errors
    are smaller when clusters are few.

    References
    ----------
    Cameron & Miller 2015, doi:10.3368/jhr.50.2.317.

    Examples
    --------
    >>> data = pd.DataFrame({"y": [1, 2, 3, 4, 6], "x": [1, 2, 3, 4, 5]})
    >>> regression(data, "y", ["x"]).coefficients["b"].round(3).to_dict()
    {'Intercept': -0.4, 'x': 1.2}
    """
    from scipy.stats import f as f_law
    from scipy.stats import t
    from statsmodels.regression.linear_model import OLS
    from statsmodels.stats.outliers_influence import variance_inflation_factor
    from statsmodels.tools.tools import add_constant

    x = existing(data, x)
    frame, groups = _complete(data, y, x, cluster)
    n, k = len(frame), len(x)
    outcome, design = frame[y].to_numpy(), add_constant(frame[x].to_numpy(), has_constant="add")
    unit = np.sqrt((design**2).mean(axis=0))  # so that a predictor in billions hides none in parts
    design = design / unit
    fit = OLS(outcome, design).fit()
    if fit.rsquared > 1 - 1e-12:
        raise CastError(f"{y!r} is an exact sum of the predictors: there is nothing to estimate")
    if groups is None:
        se, df = fit.bse / unit, np.full(k + 1, fit.df_resid)
        whole = float(fit.fvalue), float(fit.df_model), float(fit.df_resid)
    else:
        robust = cluster_robust(design, outcome, groups)
        se = np.sqrt(np.diag(robust.covariance)) / unit
        _refuse_determined(se * unit / fit.bse, ["Intercept", *x], cluster)
        df = np.array([robust.df(row) for row in np.eye(k + 1)])
        whole = robust.wald(np.eye(k + 1)[:, 1:])
    b, reach = fit.params / unit, t.ppf(0.975, df) * se
    coefficients = pd.DataFrame(
        {
            "b": b,
            "beta": [np.nan, *(fit.params[1:] * design[:, 1:].std(axis=0) / outcome.std())],
            "se": se,
            "df": df,
            "ci_low": b - reach,
            "ci_high": b + reach,
            "p": 2 * t.sf(np.abs(b / se), df),
            "vif": [np.nan, *(variance_inflation_factor(design, j + 1) for j in range(k))],
        },
        index=pd.Index(["Intercept", *x], name="term"),
    )
    return Regression(
        coefficients=coefficients,
        r2=float(fit.rsquared),
        adj_r2=float(fit.rsquared_adj),
        f=whole and whole[0],
        f_df=whole and whole[1:],
        f_p=whole and float(f_law.sf(*whole)),
        errors="classical" if groups is None else "CR2",
        n=n,
        clusters=None if groups is None else len(np.unique(groups)),
    )


def _refuse_determined(ratio: np.ndarray, terms: list[str], cluster: str) -> None:
    """Refuse terms that the clusters determine: their robust errors are zero, not small."""
    if (ratio < 1e-6).any():
        wrong = [term for term, r in zip(terms, ratio, strict=True) if r < 1e-6]
        raise CastError(
            f"these terms differ only between clusters of {cluster!r}, too few to judge them by: "
            f"{some(wrong)}; leave them out"
        )


def _complete(
    data: pd.DataFrame, y: str, x: list[str], cluster: str | None
) -> tuple[pd.DataFrame, np.ndarray | None]:
    """Return complete rows of y and x, and each row's cluster number."""
    if not x:
        raise CastError("no predictor was given; at least one is needed")
    named_alone(x)
    data = plain(data)
    if cluster is not None:
        data = data[labels(data, cluster).notna()]
    frame = numbers(data, [y, *x], least=len(x) + 3)
    correlations = np.atleast_2d(np.corrcoef(frame[x].to_numpy(), rowvar=False))
    values, vectors = np.linalg.eigh(correlations)
    if values[0] < 1e-10:
        involved = [name for name, v in zip(x, vectors[:, 0], strict=True) if abs(v) > 1e-4]
        raise CastError(f"these predictors determine one another; leave one out: {some(involved)}")
    if cluster is None:
        return frame, None
    groups = pd.factorize(data.loc[frame.index, cluster])[0]
    if groups.max() < 1:
        raise CastError(
            f"all complete rows are in one cluster of {cluster!r}; at least 2 are needed"
        )
    return frame, groups


def relative_importance(
    data: pd.DataFrame,
    y: str,
    x: Sequence[str],
    cluster: str | None = None,
    n_boot: int = 1000,
    seed: int = 2565,
) -> pd.DataFrame:
    """Return how much of R² each predictor accounts for, averaged over all orders of entry (LMG, Shapley).

    Use it to rank predictors that are correlated, when coefficients alone mislead. It describes
    prediction, not causes.

    Parameters
    ----------
    data, y, x, cluster
        As in `regression`; at most 12 predictors.
    n_boot : int
        Bootstrap samples for the intervals: of people, or of clusters as in `needs.pni`.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    DataFrame
        One row a predictor: term, importance (its part of R²; they sum to R²), share (of R², sums to
        1), ci_low, ci_high (95 %, of importance), rank (1 = most), rank_low, rank_high (95 %), n,
        resampled.

    Raises
    ------
    CastError
        As in `regression`, or more than 12 predictors.

    Notes
    -----
    LMG = a predictor's gain in R², averaged over the orders in which the predictors may enter. The
    predictors' importance is never negative, so its interval does not test whether it is zero.
    The importance is pingouin.linear_regression's, which equals relaimpo's "lmg"; the resamples are
    computed here, all at once: a call of pingouin for each would take seconds.

    References
    ----------
    Grömping 2007, doi:10.1198/000313007X188252.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> data = pd.DataFrame(rng.normal(size=(200, 2)), columns=["a", "b"])
    >>> data["y"] = data["a"] + rng.normal(size=200)
    >>> relative_importance(data, "y", ["a", "b"], n_boot=100)["rank"].to_list()
    [1, 2]
    """
    import pingouin

    x = existing(data, x)
    if len(x) > 12:
        raise CastError(f"{len(x)} predictors were given; importance is computed for at most 12")
    frame, groups = _complete(data, y, x, cluster)
    values = frame[[y, *x]].to_numpy()
    values = np.column_stack(
        [np.ones(len(frame)), (values - values.mean(axis=0)) / values.std(axis=0)]
    )
    products = values[:, :, None] * values[:, None, :]
    cluster_of = None if groups is None else pd.Series(groups, name=cluster)
    found = _boot.resample(products, cluster_of, n_boot, seed)
    fit = pingouin.linear_regression(frame[x], frame[y], relimp=True, as_dataframe=False)
    own = fit["relimp"][1:]
    try:
        boot = _lmg(_correlations(found.drawn))
    except np.linalg.LinAlgError:
        raise CastError(
            f"{len(frame)} rows are too few to resample {len(x)} predictors: "
            "in some resamples they determine one another"
        ) from None
    table = pd.DataFrame({"term": x, "importance": own, "share": own / own.sum()})
    table["ci_low"], table["ci_high"] = np.quantile(boot, [0.025, 0.975], axis=0)
    return table.assign(**_boot.ranks(own, boot), n=len(frame), resampled=found.resampled)


def _correlations(products: np.ndarray) -> np.ndarray:
    """Return correlation matrices from sums of products whose first column is the constant 1."""
    n = products[:, :1, :1]
    means = products[:, 1:, :1] / n
    covariance = products[:, 1:, 1:] / n - means * means.transpose(0, 2, 1)
    scale = np.sqrt(np.maximum(np.einsum("bii->bi", covariance), 0))
    if (scale < 1e-8).any():
        raise np.linalg.LinAlgError("a column is constant")
    return covariance / (scale[:, :, None] * scale[:, None, :])


def _lmg(correlations: np.ndarray) -> np.ndarray:
    """Return the importance of each predictor in each correlation matrix (outcome first)."""
    k = correlations.shape[1] - 1
    masks = np.arange(2**k)
    chosen = (masks[:, None] >> np.arange(k)) & 1 == 1
    r2 = np.zeros((len(correlations), 2**k))
    for mask in masks[1:]:
        at = 1 + np.flatnonzero(chosen[mask])
        toward = correlations[:, at, 0]
        solved = np.linalg.solve(correlations[:, at[:, None], at], toward[:, :, None])[:, :, 0]
        r2[:, mask] = (toward * solved).sum(axis=1)
    size = chosen.sum(axis=1)
    result = np.empty((len(correlations), k))
    for j in range(k):
        without = masks[~chosen[:, j]]
        gain = r2[:, without | (1 << j)] - r2[:, without]
        by_size = [gain[:, size[without] == s].mean(axis=1) for s in range(k)]
        result[:, j] = np.mean(by_size, axis=0)
    return result


__getattr__, __dir__ = lazy.offered(__name__)
