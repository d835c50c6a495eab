"""What do the items have in common: factorability, number of factors, exploratory and confirmatory factors."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import CastError, check_code
from castlib.shown import Shown
from castlib.stats import _extraction
from castlib.stats._cfa import Confirmatory, cfa
from castlib.stats._input import numbers, whole
from castlib.stats._invariance import htmt, invariance

__all__ = ["Confirmatory", "adequacy", "cfa", "efa", "htmt", "invariance", "parallel_analysis"]


@dataclass(frozen=True, repr=False)
class Adequacy(Shown):
    """Whether items can be factored: see `adequacy` for the fields."""

    kmo: float
    kmo_items: pd.Series
    bartlett_chi2: float
    bartlett_df: int
    bartlett_p: float
    n: int


def adequacy(items: pd.DataFrame) -> Adequacy:
    """Return the Kaiser–Meyer–Olkin measure and Bartlett's test of sphericity.

    Use it before factor analysis. Bartlett's test is almost always significant with hundreds of
    respondents; the KMO tells more.

    Parameters
    ----------
    items : DataFrame
        One row a respondent, one column an item (at least 3), numeric; incomplete rows are not used.

    Returns
    -------
    Adequacy
        `kmo` and `kmo_items` (0–1; a Series indexed by item), `bartlett_chi2`, `bartlett_df`,
        `bartlett_p`, `n` respondents used.

    Raises
    ------
    CastError
        Too few items or rows, a constant item, or a singular correlation matrix.

    Notes
    -----
    KMO = Σr² / (Σr² + Σq²) over pairs of items, q the partial correlations given all other items.
    Bartlett: χ² = −(n − 1 − (2k + 5)/6) · ln|R| with k(k − 1)/2 degrees of freedom.

    References
    ----------
    Kaiser 1974, doi:10.1007/BF02291575.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> common = rng.normal(size=(200, 1))
    >>> items = pd.DataFrame(common + rng.normal(size=(200, 4)), columns=list("abcd"))
    >>> round(adequacy(items).kmo, 2)
    0.78
    """
    from scipy.stats import chi2

    frame = _items(items)
    n, k = frame.shape
    matrix = _extraction.correlation(frame.to_numpy())
    inverse = np.linalg.inv(matrix)
    scale = np.sqrt(np.diag(inverse))
    own = (matrix - np.eye(k)) ** 2
    partial = (inverse / np.outer(scale, scale) - np.eye(k)) ** 2
    by_item = own.sum(axis=0) / (own.sum(axis=0) + partial.sum(axis=0))
    statistic = float(-np.linalg.slogdet(matrix)[1] * (n - 1 - (2 * k + 5) / 6))
    df = k * (k - 1) // 2
    return Adequacy(
        kmo=float(own.sum() / (own.sum() + partial.sum())),
        kmo_items=pd.Series(by_item, index=frame.columns, name="kmo"),
        bartlett_chi2=statistic,
        bartlett_df=df,
        bartlett_p=float(chi2.sf(statistic, df)),
        n=n,
    )


@dataclass(frozen=True, repr=False)
class Parallel(Shown):
    """How many factors stand out from chance: see `parallel_analysis` for the fields."""

    n_factors: int
    eigenvalues: np.ndarray
    thresholds: np.ndarray
    n: int


def parallel_analysis(items: pd.DataFrame, n_iter: int = 1000, seed: int = 2565) -> Parallel:
    """Return how many components have larger eigenvalues than random data of the same size (Horn).

    Use it to choose the number of factors, together with theory. It is advice, not a test.

    Parameters
    ----------
    items : DataFrame
        One row a respondent, one column an item (at least 3), numeric; incomplete rows are not used.
    n_iter : int
        Number of random data sets.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    Parallel
        `n_factors` (how many lead before the first that chance could give), `eigenvalues` of the
        correlation matrix, `thresholds` (95th percentile of the random eigenvalues; both in
        decreasing order, one an item), `n`.

    Raises
    ------
    CastError
        Too few items or rows, a constant item, a singular correlation matrix.

    Notes
    -----
    Horn's original is on components, and so is this: it equals the `ncomp` of psych::fa.parallel and
    SPSS's usual macro; psych's `nfact`, on common factors, often says one or more factors more. The
    covariance matrix of normal data is drawn directly (Wishart, by Bartlett's decomposition) instead
    of the data, which is the same distribution at a fraction of the work.

    References
    ----------
    Horn 1965, doi:10.1007/BF02289447.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> common = np.repeat(rng.normal(size=(300, 2)), 4, axis=1)
    >>> parallel_analysis(pd.DataFrame(common + rng.normal(size=(300, 8))), n_iter=200).n_factors
    2
    """
    frame = _items(items)
    n, k = frame.shape
    n_iter = whole("n_iter, the number of random data sets,", n_iter, least=20)
    own = np.linalg.eigvalsh(_extraction.correlation(frame.to_numpy()))[::-1]
    rng = np.random.default_rng(seed)
    root = np.tril(rng.normal(size=(n_iter, k, k)), -1)
    diagonal = np.arange(k)
    root[:, diagonal, diagonal] = np.sqrt(rng.chisquare(n - 1 - diagonal, size=(n_iter, k)))
    scatter = root @ root.transpose(0, 2, 1)
    scale = np.sqrt(scatter[:, diagonal, diagonal])
    random = np.linalg.eigvalsh(scatter / (scale[:, :, None] * scale[:, None, :]))[:, ::-1]
    thresholds = np.quantile(random, 0.95, axis=0)
    above = own > thresholds
    return Parallel(int(k if above.all() else np.argmin(above)), own, thresholds, n)


@dataclass(frozen=True, repr=False)
class Exploratory(Shown):
    """Exploratory factors: see `efa` for the fields."""

    loadings: pd.DataFrame
    phi: pd.DataFrame
    communalities: pd.Series
    variance: pd.Series
    rmsea: float
    tli: float
    chi2: float
    df: int
    p: float
    heywood: list[str]
    n: int


def efa(
    items: pd.DataFrame, n_factors: int, method: str = "minres", rotation: str = "oblimin"
) -> Exploratory:
    """Return exploratory factors of the items: loadings, factor correlations, fit.

    Use it when the grouping of items is a question. When it is a hypothesis, use `cfa`.

    Parameters
    ----------
    items : DataFrame
        One row a respondent, one column an item, numeric; incomplete rows are not used.
    n_factors : int
        From theory and `parallel_analysis`; the model must keep degrees of freedom.
    method : {"minres", "ml"}
        Least squares residuals, or maximum likelihood.
    rotation : {"oblimin", "varimax", "promax"}
        Oblique quartimin, orthogonal, or oblique from varimax to the fourth power.

    Returns
    -------
    Exploratory
        `loadings` (pattern; items × F1, F2 …, strongest factor first, each factor turned to be mostly
        positive), `phi` (factor correlations), `communalities` (0–1), `variance` (share of the items'
        variance by factor, in the structure Λ·Φ), `rmsea`, `tli`, `chi2`, `df`, `p`, `heywood`
        (items whose uniqueness reached its lower bound, 0.005: read such a solution with distrust), `n`.

    Raises
    ------
    CastError
        Too many factors for the items, an unknown method or rotation, a singular matrix, or no
        convergence.

    Notes
    -----
    minres is run to the exact optimum (psych stops earlier: loadings 2e-5 apart, 2e-3 in a Heywood
    case). oblimin is without Kaiser normalisation and from the unrotated axes, as in psych; SPSS and
    factor_analyzer normalise, which moves loadings by up to 0.1. varimax and promax normalise, as in psych and stats::varimax, but run to convergence (R's
    default stops within 1e-3). χ² and the null model's χ² in TLI
    have Bartlett's correction for n_factors; RMSEA = √max(χ²/(df·n) − 1/(n − 1), 0): both as in psych.

    References
    ----------
    Kaiser 1974, doi:10.1007/BF02291575.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> common = np.repeat(rng.normal(size=(300, 2)), 4, axis=1)
    >>> found = efa(pd.DataFrame(common + rng.normal(size=(300, 8))), 2)
    >>> (found.loadings.abs() > 0.4).sum().to_list(), found.df
    ([4, 4], 13)
    """
    from scipy.stats import chi2

    check_code(method, ("minres", "ml"), "วิธีสกัดองค์ประกอบ")
    check_code(rotation, ("oblimin", "varimax", "promax"), "วิธีหมุนแกน")
    frame = _items(items)
    n, k = frame.shape
    n_factors = whole("n_factors", n_factors, least=1)
    df = ((k - n_factors) ** 2 - k - n_factors) // 2
    if n_factors >= k or df < 1:
        raise CastError(
            f"{n_factors} factors of {k} items leave no degrees of freedom; ask for fewer"
        )
    matrix = _extraction.correlation(frame.to_numpy())
    raw = _extraction.extract(matrix, n_factors, method)
    loadings, phi = _extraction.rotate(raw, rotation)
    communality = (raw**2).sum(axis=1)
    implied = raw @ raw.T + np.diag(1 - communality)
    ratio = np.linalg.solve(implied, matrix)
    misfit = np.trace(ratio) - np.linalg.slogdet(ratio)[1] - k
    weight = n - 1 - (2 * k + 5) / 6 - 2 * n_factors / 3
    statistic = float(misfit * weight)
    null = -np.linalg.slogdet(matrix)[1] * weight / (k * (k - 1) / 2)
    names = [f"F{i + 1}" for i in range(n_factors)]
    at_bound = communality >= 1 - _extraction.LEAST_UNIQUENESS - 1e-6
    return Exploratory(
        loadings=pd.DataFrame(loadings, index=frame.columns, columns=names),
        phi=pd.DataFrame(phi, index=names, columns=names),
        communalities=pd.Series(communality, index=frame.columns, name="communality"),
        variance=pd.Series(
            (loadings * (loadings @ phi)).sum(axis=0) / k, index=names, name="variance"
        ),
        rmsea=float(np.sqrt(max(statistic / (df * n) - 1 / (n - 1), 0))),
        tli=float((null - statistic / df) / (null - 1)),
        chi2=statistic,
        df=df,
        p=float(chi2.sf(statistic, df)),
        heywood=list(frame.columns[at_bound]),
        n=n,
    )


def _items(items: pd.DataFrame) -> pd.DataFrame:
    """Return complete numeric answers to at least 3 items."""
    frame = numbers(items)
    if frame.shape[1] < 3:
        raise CastError(f"{frame.shape[1]} items were given; factors need at least 3")
    return frame


__getattr__, __dir__ = lazy.offered(__name__)
