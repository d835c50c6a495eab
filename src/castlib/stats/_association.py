"""Categories that go together, numbers that go together."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib.errors import CastError, check_code
from castlib.shown import Shown
from castlib.stats import _effects, _exact
from castlib.stats._input import existing, labels, numbers, plain


@dataclass(frozen=True, repr=False)
class Association(Shown):
    """Two categorical variables: see `association` for the fields."""

    chosen: str
    why: tuple[str, ...]
    statistic: float
    df: int | None
    p: float
    effect_size: float
    effect_ci: tuple[float, float]
    table: pd.DataFrame
    n: int


def association(data: pd.DataFrame, x: str, y: str) -> Association:
    """Return whether two categories go together and how strongly (Cramér's V).

    Pearson's χ² without Yates' correction where the expected counts allow it, otherwise Fisher's exact
    test. People sampled in clusters make p too small; read the size first.

    Parameters
    ----------
    data : DataFrame
        One row a respondent; rows with either value missing are left out.
    x, y : str
        Categorical columns, at least 2 values each.

    Returns
    -------
    Association
        `chosen`: chi_square or fisher; `why`: ("expected_counts_large",) or ("expected_counts_small",);
        `statistic`: χ², or for Fisher on 2 × 2 the odds ratio (conditional maximum likelihood, as R's;
        may be infinite), on larger tables the table's probability; `df` (None for Fisher), `p`,
        `effect_size` (V, 0–1) and `effect_ci` (95 %, noncentral χ²), `table` (observed counts), `n`.

    Raises
    ------
    CastError
        A variable with one value only, or no complete rows.

    Notes
    -----
    V = √(χ²/(n·(smaller of rows and columns − 1))). Fisher when, in a 2 × 2 table, an expected count is
    below 5; in larger tables when more than a fifth are below 5 or one is below 1 (Cochran's rule). p
    equals R's fisher.test; where there are too many tables to go through (a few hundred people in several
    categories), it comes from 10,000 random tables with the same margins, fixed seed, as
    fisher.test(simulate.p.value = TRUE). The interval speaks of the population's V, which the sample's
    overstates: with little association it may lie below. V is not corrected for bias (effectsize
    adjusts by default). Not pingouin.chi2_independence: it warns of every observed count below 5, also
    where χ² is right.

    References
    ----------
    Cochran 1954, doi:10.2307/3001616.

    Examples
    --------
    >>> data = pd.DataFrame({"sex": ["m", "f"] * 20, "late": [True, False, False, False] * 10})
    >>> found = association(data, "sex", "late")
    >>> found.chosen, round(found.effect_size, 3), found.n
    ('chi_square', 0.577, 40)
    """
    from scipy.stats import chi2_contingency

    data = plain(data)
    existing(data, [x, y])
    kept = labels(data, x).notna() & labels(data, y).notna()
    table = pd.crosstab(data.loc[kept, x], data.loc[kept, y])
    if min(table.shape, default=0) < 2:
        raise CastError(
            f"{x!r} and {y!r} need 2 values each among complete rows; got {table.shape}"
        )
    counts = table.to_numpy()
    found = chi2_contingency(counts, correction=False)
    small = (found.expected_freq < 5).mean() > (0 if counts.shape == (2, 2) else 0.2)
    small = small or bool((found.expected_freq < 1).any())
    statistic, p, df = float(found.statistic), float(found.pvalue), int(found.dof)
    size, ci = _effects.cramers_v(counts, statistic, df)
    if small:
        statistic, p = _fisher(counts)
        df = None
    return Association(
        chosen="fisher" if small else "chi_square",
        why=("expected_counts_small" if small else "expected_counts_large",),
        statistic=statistic,
        df=df,
        p=p,
        effect_size=size,
        effect_ci=ci,
        table=table,
        n=int(counts.sum()),
    )


def _fisher(counts: np.ndarray) -> tuple[float, float]:
    """Return the statistic of Fisher's test (the odds ratio, or the table's probability) and p."""
    from scipy.stats import MonteCarloMethod, fisher_exact
    from scipy.stats.contingency import odds_ratio

    if counts.shape == (2, 2):
        return float(odds_ratio(counts).statistic), float(fisher_exact(counts).pvalue)
    p = _exact.fisher(counts)
    if p is None:
        draw = MonteCarloMethod(n_resamples=9999, rng=np.random.default_rng(2565))
        p = float(fisher_exact(counts, method=draw).pvalue)
    return _exact.probability(counts), p


@dataclass(frozen=True, repr=False)
class Correlation(Shown):
    """Two numeric variables: see `correlation` for the fields."""

    r: float
    ci: tuple[float, float]
    p: float
    n: int
    method: str


def correlation(data: pd.DataFrame, x: str, y: str, method: str = "pearson") -> Correlation:
    """Return how closely two numbers go together, with a 95 % interval.

    Pearson for a straight line, Spearman or Kendall (tau-b) for any steady rise, as between ordered
    answers. Correlation is not cause.

    Parameters
    ----------
    data : DataFrame
        One row a respondent; rows with either value missing are left out.
    x, y : str
        Numeric columns that vary.
    method : {"pearson", "spearman", "kendall"}

    Returns
    -------
    Correlation
        `r` (−1 to 1), `ci` (low, high), `p` (two-sided), `n` rows used, `method`.

    Raises
    ------
    CastError
        Fewer than 5 complete rows, a constant column, an unknown method.

    Notes
    -----
    Intervals through Fisher's z with standard error 1/√(n − 3) for Pearson, √((1 + r²/2)/(n − 3)) for
    Spearman (Bonett & Wright), √(0.437/(n − 4)) for Kendall (Fieller); pingouin.corr rounds its
    interval and uses Pearson's error for all. p as R's cor.test with exact = FALSE, which for Kendall
    pingouin cannot be asked for. A perfect correlation has the interval (r, r).

    References
    ----------
    Bonett & Wright 2000, doi:10.1007/BF02294183.

    Examples
    --------
    >>> data = pd.DataFrame({"x": [1, 2, 3, 4, 5, 6], "y": [2, 1, 4, 3, 6, 5]})
    >>> round(correlation(data, "x", "y").r, 3)
    0.829
    """
    import pingouin
    from scipy.stats import kendalltau, norm

    check_code(method, ("pearson", "spearman", "kendall"), "วิธีหาสหสัมพันธ์")
    frame = numbers(data, [x, y], least=5)
    a, b, n = frame[x].to_numpy(), frame[y].to_numpy(), len(frame)
    if method == "kendall":
        r, p = kendalltau(a, b, method="asymptotic")
        error = np.sqrt(0.437 / (n - 4))
    else:
        r, p = pingouin.corr(a, b, method=method)[["r", "p_val"]].iloc[0]
        error = np.sqrt((1 if method == "pearson" else 1 + r**2 / 2) / (n - 3))
    if abs(r) > 1 - 1e-12:
        r = float(np.sign(r))
        return Correlation(r, (r, r), float(p), n, method)
    low, high = np.tanh(np.arctanh(r) + np.array([-1, 1]) * norm.ppf(0.975) * error)
    return Correlation(float(r), (float(low), float(high)), float(p), n, method)
