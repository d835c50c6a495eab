"""Effect sizes with 95 % intervals, and the studentized range distribution, fast for many pairs."""

from collections.abc import Callable
from functools import cache

import numpy as np


def _limits(
    cdf: Callable[[float], float], start: float, step: float, lowest: float = -np.inf
) -> tuple[float, float]:
    """Return the noncentralities that leave 2.5 % on either side, searched in steps from `start`.

    `cdf` falls as the noncentrality grows; no limit is below `lowest`. scipy.special.ncfdtrinc, which
    statsmodels' confint_noncentrality calls, errs by up to 0.4 % and stops at 10,000.
    """
    from scipy.optimize import brentq

    def at(level: float) -> float:
        low = high = start
        while cdf(low) <= level:
            if low == lowest:
                return low
            low, high = max(low - step, lowest), low
        while cdf(high) > level:
            low, high = high, high + step
        return float(brentq(lambda nc: cdf(nc) - level, low, high, xtol=1e-10))

    return at(0.975), at(0.025)


def _correction(df: int) -> float:
    """Return Hedges' exact correction of Cohen's d; pingouin has the approximate one."""
    from scipy.special import gammaln

    return float(np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2))


def g_unit(a: np.ndarray, b: np.ndarray) -> float:
    """Return what turns a difference of means into Hedges' g: the exact correction over the pooled SD."""
    df = len(a) + len(b) - 2
    pooled = np.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / df)
    return _correction(df) / float(pooled)


def hedges_g(a: np.ndarray, b: np.ndarray) -> tuple[float, tuple[float, float]]:
    """Return Hedges' g of a over b and its noncentral t interval; pingouin rounds a normal one."""
    from scipy.stats import nct

    df = len(a) + len(b) - 2
    g = (a.mean() - b.mean()) * g_unit(a, b)
    scale = _correction(df) * np.sqrt(1 / len(a) + 1 / len(b))
    t = g / scale
    low, high = _limits(lambda nc: nct.cdf(t, df, nc), t, 1 + abs(t) / 4)
    return float(g), (low * scale, high * scale)


def omega_squared(f: float, df1: float, n: int, df2: float, shrink: float = 1.0):
    """Return omega squared of an F test among n people and its noncentral F interval.

    `shrink` is how much smaller the design makes F than ordinary F; the interval then has the robust
    test's width (`df2` its degrees of freedom) and the point the ordinary test's size.
    """
    from scipy.stats import ncf

    point = max(df1 * (f - 1) / (df1 * (f - 1) + n), 0.0)
    tested = f * shrink
    start = df1 * max(tested - 1, 0)
    low, high = _limits(
        lambda nc: ncf.cdf(tested, df1, df2, nc), start, 5 + np.sqrt(start), lowest=0.0
    )
    return float(point), (low / (low + n * shrink), high / (high + n * shrink))


def eta_squared_h(h: float, df: int, n: int) -> tuple[float, tuple[float, float]]:
    """Return eta squared of a Kruskal–Wallis H among n people and its noncentral χ² interval."""
    low, high = _chi2_limits(h, df)
    return max((h - df) / (n - df - 1), 0.0), (min(low / (n - 1), 1.0), min(high / (n - 1), 1.0))


def cramers_v(counts: np.ndarray, chi2: float, df: int) -> tuple[float, tuple[float, float]]:
    """Return Cramér's V of a table and its noncentral χ² interval."""
    from scipy.stats.contingency import association

    most = counts.sum() * (min(counts.shape) - 1)
    low, high = (min(float(np.sqrt(nc / most)), 1.0) for nc in _chi2_limits(chi2, df))
    return float(association(counts, method="cramer")), (low, high)


def _chi2_limits(value: float, df: int) -> np.ndarray:
    """Return the noncentralities of χ² that leave 2.5 % on either side; scipy gives NaN for 0."""
    from scipy.special import chndtrinc

    limits = chndtrinc(value, df, [0.975, 0.025])
    return np.where(limits > 1e-9, limits, 0.0)


def rank_biserial(a: np.ndarray, b: np.ndarray) -> tuple[float, tuple[float, float]]:
    """Return the rank-biserial correlation (Cliff's delta) of a over b and Cliff's interval.

    Without any overlap the interval is Feng and Cliff's, from the smaller group's size. pingouin.mwu
    gives no interval, and statsmodels' rank_compare_2indep another one than R's effsize.
    """
    from scipy.stats import t

    m, n = len(a), len(b)
    below, above = np.searchsorted(np.sort(b), a), np.searchsorted(np.sort(b), a, side="right")
    of_a = (below - (n - above)) / n
    low, high = np.searchsorted(np.sort(a), b), np.searchsorted(np.sort(a), b, side="right")
    of_b = ((m - high) - low) / m
    delta = of_a.mean()
    if abs(delta) == 1:
        least = (min(m, n) - 3.84) / (min(m, n) + 3.84)
        return float(delta), (least, 1.0) if delta > 0 else (-1.0, -least)
    decided = (below + n - above).sum()
    spread = (
        n**2 * ((of_a - delta) ** 2).sum()
        + m**2 * ((of_b - delta) ** 2).sum()
        - (decided - m * n * delta**2)
    ) / (m * n * (m - 1) * (n - 1))
    variance = max(spread, (1 - delta**2) / (m * n - 1))
    reach = t.ppf(0.975, m + n - 2) * np.sqrt(variance)
    half = reach * np.sqrt((1 - delta**2) ** 2 + reach**2)
    below_one = 1 - delta**2 + reach**2
    ends = ((delta - delta**3 - half) / below_one, (delta - delta**3 + half) / below_one)
    return float(delta), (float(max(ends[0], -1)), float(min(ends[1], 1)))


@cache
def _gauss() -> tuple[np.ndarray, np.ndarray]:
    """Return the nodes and weights of Gauss–Legendre quadrature with 64 points."""
    return np.polynomial.legendre.leggauss(64)


def range_sf(q: np.ndarray, k: int, df: np.ndarray) -> np.ndarray:
    """Return the probability of a studentized range of k means above q (to about 1e-12).

    scipy's studentized_range, on which pingouin and statsmodels rest, takes 20 to 50 times as long.
    """
    from scipy.special import ndtr
    from scipy.stats import chi2

    q, df = np.atleast_1d(q).astype(float), np.broadcast_to(df, np.shape(np.atleast_1d(q)))
    node, weight = _gauss()
    low, high = np.sqrt(chi2.ppf(1e-15, df) / df), np.sqrt(chi2.isf(1e-15, df) / df)
    half = (high - low)[:, None] / 2
    s = half * node + (high + low)[:, None] / 2
    density = 2 * df[:, None] * s * chi2.pdf(df[:, None] * s**2, df[:, None])
    z = 9 * node
    outer = 9 * weight * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    inside = ndtr(z) - ndtr(z - (q[:, None] * s)[:, :, None])
    within = k * (inside ** (k - 1) @ outer)
    return np.clip(1 - (within * density * half) @ weight, 0, 1)


def range_quantile(k: int, df: np.ndarray) -> np.ndarray:
    """Return the 95th percentile of the studentized range of k means, one for each df."""
    df = np.atleast_1d(np.asarray(df, dtype=float))
    q = np.full(df.shape, 3.0 + np.log(k))
    for _ in range(25):
        here, there = (np.log(range_sf(x, k, df) / 0.05) for x in (q, q + 1e-5))
        step = here / (there - here) * 1e-5
        q = q - np.clip(step, -3, q / 2)
        if np.abs(step).max() < 1e-9:
            break
    return q
