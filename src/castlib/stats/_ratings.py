"""Experts' judgement of items, and agreement of raters on a scale."""

import numpy as np
import pandas as pd

from castlib.errors import CastError, some
from castlib.stats._input import existing, finite, numbers


def content_validity(ratings: pd.DataFrame) -> pd.DataFrame:
    """Return the index of item–objective congruence (IOC) of each item.

    Use it for experts' judgement, before data are collected, that an item measures what it should.
    With few experts one opinion moves the index far: `ioc_without_worst` shows how far.

    Parameters
    ----------
    ratings : DataFrame
        One row an item (the index names it), one column an expert; 1 congruent, 0 unsure, −1 not
        congruent. An expert who did not rate an item is left out for that item.

    Returns
    -------
    DataFrame
        item, ioc (mean rating, −1 to 1), keep (ioc ≥ 0.50), ioc_without_worst (the mean when the
        item's lowest rating is left out), experts (how many rated the item).

    Raises
    ------
    CastError
        A rating other than −1, 0, 1, or an item rated by fewer than 2 experts.

    Notes
    -----
    IOC = Σ ratings / experts. `ioc_without_worst` leaves the lowest rating out of both.

    References
    ----------
    Rovinelli & Hambleton 1977.

    Examples
    --------
    >>> content_validity(pd.DataFrame([[1, 1, 0], [1, -1, 0]], index=["q1", "q2"]))
      item       ioc   keep  ioc_without_worst  experts
    0   q1  0.666667   True                1.0        3
    1   q2  0.000000  False                0.5        3
    """
    frame = numbers(ratings, least=1, complete=False, varying=False)
    wrong = frame.where(frame.isin([-1, 0, 1]) | frame.isna()).isna() & frame.notna()
    if wrong.to_numpy().any():
        raise CastError(f"ratings other than -1, 0, 1 in: {some(frame.index[wrong.any(axis=1)])}")
    experts = frame.notna().sum(axis=1)
    if (experts < 2).any():
        raise CastError(f"fewer than 2 experts rated: {some(frame.index[experts < 2])}")
    ioc = frame.mean(axis=1)
    without = (frame.sum(axis=1) - frame.min(axis=1)) / (experts - 1)
    return pd.DataFrame(
        {
            "item": frame.index,
            "ioc": ioc.to_numpy(),
            "keep": (ioc >= 0.5 - 1e-12).to_numpy(),
            "ioc_without_worst": without.to_numpy(),
            "experts": experts.to_numpy(),
        }
    )


def icc(data: pd.DataFrame, rater: str, target: str, score: str) -> pd.DataFrame:
    """Return the six intraclass correlations of Shrout and Fleiss, each with a 95 % interval.

    Use it for ratings on a scale of several targets by several raters. ICC1 when each target has its
    own raters, ICC2 when the raters are a sample of raters (agreement), ICC3 when only these raters
    matter (consistency); the forms with k are of the mean of all raters.

    Parameters
    ----------
    data : DataFrame
        One row a rating. Targets that some rater did not score are not used (listwise).
    rater, target, score : str
        Column names; `score` is numeric. A rater scores a target once.

    Returns
    -------
    DataFrame
        type (ICC1, ICC2, ICC3, ICC1k, ICC2k, ICC3k), icc (at most 1), f, df1, df2, p, ci_low, ci_high,
        n (targets used), raters.

    Raises
    ------
    CastError
        A target scored twice by a rater, fewer than 2 raters or complete targets, or no variation.

    Notes
    -----
    Equals psych::ICC(lmer = FALSE). irr::icc gives the interval of ICC2k by other degrees of freedom.
    Not pingouin.intraclass_corr: it rounds intervals to two decimals and warns under pandas 3.1.

    References
    ----------
    Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420.

    Examples
    --------
    >>> wide = pd.DataFrame({"A": [9, 6, 8, 7], "B": [8, 5, 8, 6]}, index=list("wxyz"))
    >>> long = wide.melt(ignore_index=False, var_name="judge", value_name="score")
    >>> long = long.reset_index(names="item")
    >>> icc(long, rater="judge", target="item", score="score")[["type", "icc"]].round(3).head(3)
       type    icc
    0  ICC1  0.820
    1  ICC2  0.830
    2  ICC3  0.936
    """
    existing(data, [rater, target, score])
    scores = numbers(data, [score], complete=False)[score]
    long = data[[target, rater]].assign(score=scores).dropna()
    if long.duplicated([target, rater]).any():
        twice = long.loc[long.duplicated([target, rater]), target]
        raise CastError(f"scored more than once by the same rater: {some(twice.unique())}")
    wide = long.pivot(index=target, columns=rater, values="score").dropna()
    n, k = wide.shape
    if n < 2 or k < 2:
        raise CastError(f"{n} targets scored by all of {k} raters; at least 2 of each are needed")
    return _icc(wide.to_numpy())


def _icc(x: np.ndarray) -> pd.DataFrame:
    """Return the six forms from a complete targets × raters matrix."""
    from scipy.stats import f as f_law

    n, k = x.shape
    rows, columns = x.mean(axis=1, keepdims=True), x.mean(axis=0, keepdims=True)
    within = n * (k - 1)
    error = (n - 1) * (k - 1)
    msb = k * rows.var(ddof=1)
    msw = ((x - rows) ** 2).sum() / within
    msj = n * columns.var(ddof=1)
    mse = ((x - rows - columns + x.mean()) ** 2).sum() / error
    if min(msb, mse) <= 1e-12 * x.var():
        raise CastError("the ratings leave no variation between targets, or none within them")
    one, three = msb / msw, msb / mse
    tail = [0.975, 0.025]
    bound1 = one / f_law.ppf(tail, n - 1, within)
    bound3 = three / f_law.ppf(tail, n - 1, error)
    two = (msb - mse) / (msb + (k - 1) * mse + k * (msj - mse) / n)
    a, b = k * two / (n * (1 - two)), 1 + k * two * (n - 1) / (n * (1 - two))
    df2 = (a * msj + b * mse) ** 2 / ((a * msj) ** 2 / (k - 1) + (b * mse) ** 2 / error)
    upper, lower = f_law.ppf(0.975, n - 1, df2), f_law.ppf(0.975, df2, n - 1)
    noise = k * msj + (k * n - k - n) * mse
    bound2 = np.array(
        [
            n * (msb - upper * mse) / (upper * noise + n * msb),
            n * (lower * msb - mse) / (noise + n * lower * msb),
        ]
    )
    single = {
        "ICC1": ((one - 1) / (one + k - 1), one, within, (bound1 - 1) / (bound1 + k - 1)),
        "ICC2": (two, three, error, bound2),
        "ICC3": ((three - 1) / (three + k - 1), three, error, (bound3 - 1) / (bound3 + k - 1)),
    }
    mean = {
        f"{t}k": (k * r / (1 + (k - 1) * r), *rest, c * k / (1 + (k - 1) * c))
        for t, (r, *rest, c) in single.items()
    }
    table = pd.DataFrame(
        [
            (t, r, f, n - 1, df, f_law.sf(f, n - 1, df), *c)
            for t, (r, f, df, c) in (single | mean).items()
        ],
        columns=["type", "icc", "f", "df1", "df2", "p", "ci_low", "ci_high"],
    )
    finite("the intraclass correlation", table.drop(columns="type"))
    return table.assign(n=n, raters=k)
