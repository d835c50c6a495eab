"""Can the instrument be trusted: consistency of a scale, experts' judgement of items, agreement of raters."""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import CastError, some
from castlib.shown import Shown
from castlib.stats import _boot, _extraction
from castlib.stats._input import clusters_of, existing, finite, numbers
from castlib.stats._ratings import content_validity, icc

__all__ = [
    "Bootstrapped",
    "Reliability",
    "bootstrap_alpha",
    "content_validity",
    "icc",
    "reliability",
]


@dataclass(frozen=True, repr=False)
class Reliability(Shown):
    """Consistency of one scale: see `reliability` for the fields."""

    alpha: float
    alpha_ci: tuple[float, float]
    omega_total: float
    n: int
    items: pd.DataFrame


def reliability(
    items: pd.DataFrame,
    reverse: Sequence[str] = (),
    ci: float = 0.95,
    scale: tuple[float, float] | None = None,
    cluster: pd.Series | None = None,
) -> Reliability:
    """Return Cronbach's alpha with its interval, McDonald's omega total and the statistics of each item.

    Use it for items meant to measure one thing on one answer scale. Alpha is a lower bound that
    supposes equal loadings; omega does not. Neither shows that the items measure *one* thing: look at
    the factors first.

    Parameters
    ----------
    items : DataFrame
        One row a respondent, one column an item (at least 3), numeric, higher = more. Respondents who
        left an item out are not used (listwise).
    reverse : sequence of str
        Items worded the other way; they are reflected, low + high − answer, before anything else.
    ci : float
        Confidence level of the alpha interval.
    scale : (low, high), optional
        Ends of the answer scale, for `reverse`, `floor` and `ceiling`; by default the smallest and
        the largest answer seen in any of the items.
    cluster : Series, optional
        Each row's cluster (same index): the interval then allows for people of one cluster being alike.

    Returns
    -------
    Reliability
        `alpha` (at most 1; negative when items run against each other), `alpha_ci` (low, high),
        `omega_total`, `n` respondents used, and `items`, a frame: item, mean, sd (both in units of the
        scale), skew, kurtosis (excess), floor, ceiling (share of answers at the ends, 0–1), r_drop
        (correlation with the sum of the other items), alpha_if_deleted.

    Raises
    ------
    CastError
        Fewer than 3 items or complete respondents, an item with one answer only, text, or items that
        are combinations of one another.

    Notes
    -----
    alpha = k/(k−1) · (1 − Σ var(item) / var(sum)), by pingouin; its interval from the F distribution
    (Feldt 1965) is computed here, because pingouin rounds it to three decimals. Feldt's supposes
    independent people and normal answers, and at an ICC of 0.2 and 10 people a cluster holds less than
    93 % of the time; with `cluster`, the error of ln(1 − alpha) is that of its linear part summed by
    cluster, with t on clusters less one (Maydeu-Olivares et al. 2007 for independent people), which
    asks for neither.
    omega_total = 1 − Σ uniqueness / ΣR, where one minres factor is taken from the correlation matrix R:
    the definition of psych::omega(nfactors = 1). Other programs differ in the second or third decimal:
    semTools and most CFA-based omegas use the covariance metric, some put the model-implied variance
    in the denominator. Skew and kurtosis are psych's and Minitab's (type 3: central moments over the
    sample SD), which no library here gives; SPSS and pandas show type 2.

    References
    ----------
    Cronbach 1951, doi:10.1007/BF02310555; Feldt 1965, doi:10.1007/BF02289499; McDonald 1999;
    Maydeu-Olivares, Coffman & Hartmann 2007, doi:10.1037/1082-989X.12.2.157.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 3, 5, 4], "c": [1, 3, 2, 5, 5]})
    >>> result = reliability(answers)
    >>> round(result.alpha, 3), result.n
    (0.92, 5)
    >>> answers["c"] = 6 - answers["c"]
    >>> round(reliability(answers, reverse=["c"]).alpha, 3)
    0.92
    """
    frame, groups = _scale(items, cluster, ci)
    low, high = _ends(scale or (frame.min(axis=None), frame.max(axis=None)))
    outside = frame.columns[((frame < low) | (frame > high)).any()]
    if len(outside):
        raise CastError(f"answers outside the scale {low}–{high} in: {some(outside)}")
    turned = existing(frame, reverse)
    frame[turned] = low + high - frame[turned]
    alpha = _alpha(frame)
    alpha_ci = _feldt(alpha, frame.shape, ci) if cluster is None else _clustered(frame, groups, ci)
    matrix = _extraction.correlation(frame.to_numpy())
    loadings = _extraction.extract(matrix, 1, "minres")
    omega = 1 - (1 - (loadings**2).sum(axis=1)).sum() / matrix.sum()
    table = _items(frame, low, high)
    finite("reliability", alpha, alpha_ci, omega, table.drop(columns="item"))
    return Reliability(alpha, alpha_ci, float(omega), len(frame), table)


def _scale(
    items: pd.DataFrame, cluster: pd.Series | None, ci: float
) -> tuple[pd.DataFrame, pd.Series | None]:
    """Return complete answers to a scale of 3 items or more, and each row's cluster."""
    if not isinstance(ci, Real) or not 0 < ci < 1:
        raise CastError(f"a confidence level of {ci!r} was given; it lies between 0 and 1")
    frame, groups = items, None
    if cluster is not None:
        groups = clusters_of(cluster, items)
        frame, groups = items.reset_index(drop=True)[groups.notna()], groups.dropna()
    frame = numbers(frame)
    if frame.shape[1] < 3:
        raise CastError(
            f"a scale of {frame.shape[1]} items was given; reliability needs at least 3"
        )
    if groups is None:
        return frame, None
    groups = groups[frame.index]
    if groups.nunique() < 2:
        raise CastError("all complete answers are of one cluster; at least 2 are needed")
    return frame, groups


def _ends(scale: tuple[float, float]) -> tuple[float, float]:
    """Return the ends of an answer scale, refusing what are none."""
    if len(scale) != 2 or not all(isinstance(end, Real) for end in scale) or scale[0] >= scale[1]:
        raise CastError(f"the ends (low, high) of the scale were expected, {scale!r} was given")
    return scale


def _feldt(alpha: float, shape: tuple[int, int], ci: float) -> tuple[float, float]:
    """Return Feldt's interval of alpha, for independent people."""
    from scipy.stats import f as f_law

    n, k = shape
    tail, df = (1 - ci) / 2, (n - 1, (n - 1) * (k - 1))
    return tuple(float(1 - (1 - alpha) * f_law.ppf(p, *df)) for p in (1 - tail, tail))


def _clustered(frame: pd.DataFrame, groups: pd.Series, ci: float) -> tuple[float, float]:
    """Return the interval of alpha for people in clusters, from the linear part of ln(1 − alpha)."""
    from scipy.stats import t

    n, k = frame.shape
    away = (frame - frame.mean()).to_numpy()
    own, whole = (away**2).sum(axis=1), away.sum(axis=1) ** 2
    share = own.mean() / whole.mean()
    part = k / (k - 1) * ((own - own.mean()) - share * (whole - whole.mean())) / whole.mean()
    of_cluster = np.bincount(pd.factorize(groups)[0], part)
    count = len(of_cluster)
    rest = 1 - k / (k - 1) * (1 - share)
    reach = t.ppf((1 + ci) / 2, count - 1) * np.sqrt(count / (count - 1) * of_cluster @ of_cluster)
    return tuple(float(1 - rest * np.exp(s * reach / n / rest)) for s in (1, -1))


@dataclass(frozen=True, repr=False)
class Bootstrapped(Shown):
    """Alpha with a bootstrap interval: see `bootstrap_alpha` for the fields."""

    alpha: float
    ci: tuple[float, float]
    n: int
    resampled: str


def bootstrap_alpha(
    items: pd.DataFrame,
    cluster: pd.Series | None = None,
    ci: float = 0.95,
    n_boot: int = 2000,
    seed: int = 2565,
) -> Bootstrapped:
    """Return Cronbach's alpha with a bootstrap interval.

    Use it to see whether the interval of `reliability` depends on its formula: they agree unless
    clusters or people are few, or a few of them decide alone.

    Parameters
    ----------
    items, ci, cluster
        As in `reliability`; items already turned the same way.
    n_boot : int
        Bootstrap samples.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    Bootstrapped
        `alpha`, `ci` (low, high), `n`, `resampled`: clusters, people, or people_within_clusters (with
        fewer than 10 clusters, which cannot stand for others).

    Raises
    ------
    CastError
        As `reliability`; fewer than 20 samples; resamples in which the sum does not vary.

    Notes
    -----
    From the resamples' standard deviation of ln(1 − alpha), with t on the units resampled less one:
    percentiles hold the truth less often. All resamples are one matrix product; a loop of
    pingouin.cronbach_alpha takes some fifty times as long (benchmarks/stats.py).

    References
    ----------
    Efron & Tibshirani 1993, An Introduction to the Bootstrap; Maydeu-Olivares, Coffman & Hartmann 2007,
    doi:10.1037/1082-989X.12.2.157.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.normal(size=(200, 1)) + rng.normal(size=(200, 4)))
    >>> found = bootstrap_alpha(answers, n_boot=500)
    >>> round(found.alpha, 2), found.resampled, found.ci[0] < found.alpha < found.ci[1]
    (0.78, 'people', True)
    """
    frame, groups = _scale(items, cluster, ci)
    alpha, k = _alpha(frame), frame.shape[1]
    away = (frame - frame.mean()).to_numpy()
    each = np.column_stack([away, away.sum(axis=1)])
    rows = np.column_stack([np.ones(len(each)), each, each**2])
    found = _boot.resample(rows, groups, n_boot, seed)
    means = found.drawn[:, 1:] / found.drawn[:, :1]
    variance = means[:, k + 1 :] - means[:, : k + 1] ** 2
    if (variance[:, -1] <= 1e-12 * variance[:, :-1].sum(axis=1)).any():
        raise CastError("too few people answered: in some resamples the items' sum does not vary")
    rest = 1 - k / (k - 1) * (1 - variance[:, :-1].sum(axis=1) / variance[:, -1])
    high, low = (float(1 - end) for end in _boot.around(1 - alpha, rest, found.df, ci))
    return Bootstrapped(alpha, (low, high), len(frame), found.resampled)


def _alpha(frame: pd.DataFrame) -> float:
    """Return alpha of these items."""
    import pingouin

    if frame.sum(axis=1).var() <= 1e-12 * frame.var().sum():
        raise CastError("the items cancel out: their sum does not vary; was one not reversed?")
    return float(pingouin.cronbach_alpha(frame)[0])


def _items(frame: pd.DataFrame, low: float, high: float) -> pd.DataFrame:
    """Return the statistics of each item."""
    own = frame.var().to_numpy()
    deviation = frame - frame.mean()
    rest = deviation.rsub(deviation.sum(axis=1), axis=0)
    if (rest.var() <= 1e-12 * own.sum()).any():
        raise CastError("the items cancel out: the sum without one of them does not vary")
    return pd.DataFrame(
        {
            "item": frame.columns,
            "mean": frame.mean().to_numpy(),
            "sd": np.sqrt(own),
            "skew": (deviation**3).mean().to_numpy() / own**1.5,
            "kurtosis": (deviation**4).mean().to_numpy() / own**2 - 3,
            "floor": (frame == low).mean().to_numpy(),
            "ceiling": (frame == high).mean().to_numpy(),
            "r_drop": frame.corrwith(rest).to_numpy(),
            "alpha_if_deleted": _alpha_if_deleted(frame),
        }
    )


def _alpha_if_deleted(frame: pd.DataFrame) -> np.ndarray:
    """Return alpha without each item in turn, from one covariance matrix rather than from as many scales."""
    covariance = frame.cov().to_numpy()
    variances, k = np.diag(covariance), len(covariance) - 1
    total = covariance.sum() - 2 * covariance.sum(axis=0) + variances
    return k / (k - 1) * (1 - (variances.sum() - variances) / total)


__getattr__, __dir__ = lazy.offered(__name__)
