"""The five-level reading of a mean, by the criterion that data/instrument/levels.yml names."""

import numpy as np
import pandas as pd

from castlib import instrument, lazy
from castlib.errors import CastError, check_code, some
from castlib.stats._input import clusters_of, numbers, plain
from castlib.stats._robust import cluster_robust

LOWEST = 1.0
COLUMNS = ["item", "n", "mean", "sd", "se", "ci_low", "ci_high", "clusters"]


def uppers(criterion: str | None = None) -> np.ndarray:
    """Return the upper bounds of the five levels of a criterion (by default the study's).

    >>> uppers("equal_width").tolist()
    [1.8, 2.6, 3.4, 4.2, 5.0]
    """
    known = instrument.levels()
    name = check_code(criterion or known["default"], list(known["criteria"]), "เกณฑ์แปลความหมาย")
    return np.array(known["criteria"][name]["upper"], dtype=float)


def read(mean: float | np.ndarray | pd.Series, criterion: str | None = None):
    """Return the level, 1 (lowest) to 5 (highest), in which a mean of 1–5 answers lies.

    The intervals are half-open, (lower, upper], so that every possible mean has one level; two-decimal
    tables such as 3.51–4.50 leave gaps. A reading of a mean is a convention, not a test: see
    `describe` for whether the interval crosses a line.

    Parameters
    ----------
    mean : float, array or Series
        Means of answers on the scale 1–5, not rounded.
    criterion : str, optional
        A criterion of levels.yml: "boonchom" (lines at 1.50, 2.50, 3.50, 4.50) or "equal_width" (1.80,
        2.60, 3.40, 4.20). Default: the study's.

    Returns
    -------
    int, array or Series
        The level, of the same shape as `mean`.

    Raises
    ------
    CastError
        A mean that is missing or outside 1–5; an unknown criterion.

    Notes
    -----
    Level = 1 + how many of the criterion's lower lines the mean exceeds. 4.50 is level 4, 4.505 level 5.

    References
    ----------
    บุญชม ศรีสะอาด 2545.

    Examples
    --------
    >>> read(4.5), read(4.505), read(4.3, "equal_width")
    (4, 5, 5)
    """
    bounds = uppers(criterion)
    try:
        values = np.asarray(mean, dtype=float).round(9)
    except (TypeError, ValueError):
        raise CastError(f"means were expected, {mean!r} was given") from None
    outside = ~((values >= LOWEST) & (values <= bounds[-1]))
    if outside.any():
        wrong = some(np.atleast_1d(values)[np.atleast_1d(outside)])
        raise CastError(f"means outside {LOWEST:g}-{bounds[-1]:g}, or missing: {wrong}")
    level = np.searchsorted(bounds, values, side="left") + 1
    if isinstance(mean, pd.Series):
        return pd.Series(level, index=mean.index, name="level")
    return int(level) if values.ndim == 0 else level


def describe(
    frame: pd.DataFrame, cluster: pd.Series | None = None, criterion: str | None = None
) -> pd.DataFrame:
    """Return mean, SD, interval and level of each column, and whether the interval crosses a line.

    Use it for the table of means in the Thai form (x̄, S.D., level, rank). Where `crosses` is True, the
    level is a reading of this sample and not a finding.

    Parameters
    ----------
    frame : DataFrame
        One row a respondent, numeric columns of answers or scores 1–5; missing answers are left out
        column by column.
    cluster : Series, optional
        Each row's cluster (same index): the interval then allows for people of one cluster being alike.
        With one cluster only, nothing is known of others and the interval is of its people.
    criterion : str, optional
        As in `read`.

    Returns
    -------
    DataFrame
        One row a column: item, n, mean, sd, se, ci_low, ci_high (95 %, t distribution; with clusters CR2
        and Satterthwaite's degrees of freedom), level (1–5), crosses (True when the interval reaches
        into another level), rank (1 = highest mean; ties share it), clusters (how many the interval
        allows for; 1 when none were given).

    Raises
    ------
    CastError
        A column with fewer than 2 answers, a mean outside 1–5, clusters of other rows.

    Notes
    -----
    x̄ ± t·S.D./√n; with clusters the error is √(Σ(Σ residuals of a cluster)²)/n, each cluster's residuals
    scaled up by CR2, which in districts of one size is the standard error of the districts' means.

    References
    ----------
    บุญชม ศรีสะอาด 2545 (levels); Cameron & Miller 2015, doi:10.3368/jhr.50.2.317 (clusters).

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [4, 5, 4, 5], "b": [1, 2, 1, None]})
    >>> describe(answers)[["item", "n", "mean", "level", "crosses", "rank"]].round(2)
      item  n  mean  level  crosses  rank
    0    a  4  4.50      4     True     1
    1    b  3  1.33      1     True     2
    """
    from scipy.stats import t

    if cluster is not None:
        cluster = clusters_of(cluster, frame)
    values = numbers(plain(frame), least=2, complete=False, varying=False)
    if cluster is not None:
        values = values[cluster.notna()]
    rows = []
    for item in values:
        own = values[item].dropna()
        x, n = own.to_numpy(), len(own)
        if n < 2:
            raise CastError(f"{n} answers to {item!r}; at least 2 are needed")
        se, df, count = x.std(ddof=1) / np.sqrt(n), float(n - 1), 1
        if cluster is not None and cluster[own.index].nunique() > 1:
            codes = pd.factorize(cluster[own.index])[0]
            fit = cluster_robust(np.ones((n, 1)), x, codes)
            se, df, count = fit.standard_error(np.ones(1)), fit.df(np.ones(1)), codes.max() + 1
        reach = t.ppf(0.975, df) * se
        rows.append(
            (item, n, x.mean(), x.std(ddof=1), se, x.mean() - reach, x.mean() + reach, count)
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    ends = table[["ci_low", "ci_high"]].clip(LOWEST, uppers(criterion)[-1])
    table["level"] = read(table["mean"], criterion)
    table["crosses"] = read(ends["ci_low"], criterion) != read(ends["ci_high"], criterion)
    table["rank"] = table["mean"].rank(ascending=False, method="min").astype(int)
    return table[[*COLUMNS[:-1], "level", "crosses", "rank", "clusters"]]


__getattr__, __dir__ = lazy.offered(__name__)
