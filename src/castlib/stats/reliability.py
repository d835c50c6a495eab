"""Can the instrument be trusted: consistency of a scale, experts' judgement of items, agreement of raters."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib.errors import CastError, some
from castlib.stats import _extraction
from castlib.stats._input import existing, finite, numbers


@dataclass(frozen=True)
class Reliability:
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
    (Feldt 1965) is computed here, because pingouin rounds it to three decimals.
    omega_total = 1 − Σ uniqueness / ΣR, where one minres factor is taken from the correlation matrix R:
    the definition of psych::omega(nfactors = 1). Other programs differ in the second or third decimal:
    semTools and most CFA-based omegas use the covariance metric, some put the model-implied variance
    in the denominator. Skew and kurtosis are psych's and Minitab's (type 3: central moments over the
    sample SD), which no library here gives; SPSS and pandas show type 2.

    References
    ----------
    Cronbach 1951, doi:10.1007/BF02310555; Feldt 1965, doi:10.1007/BF02289499; McDonald 1999.

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
    from scipy.stats import f as f_law

    frame = numbers(items)
    n, k = frame.shape
    if k < 3:
        raise CastError(f"a scale of {k} items was given; reliability needs at least 3")
    if not 0 < ci < 1:
        raise CastError(f"a confidence level of {ci} was given; it lies between 0 and 1")
    low, high = scale or (frame.min(axis=None), frame.max(axis=None))
    outside = frame.columns[((frame < low) | (frame > high)).any()]
    if len(outside):
        raise CastError(f"answers outside the scale {low}–{high} in: {some(outside)}")
    turned = existing(frame, reverse)
    frame[turned] = low + high - frame[turned]
    alpha = _alpha(frame)
    tail = (1 - ci) / 2
    df = n - 1, (n - 1) * (k - 1)
    alpha_ci = tuple(float(1 - (1 - alpha) * f_law.ppf(p, *df)) for p in (1 - tail, tail))
    matrix = _extraction.correlation(frame.to_numpy())
    loadings = _extraction.extract(matrix, 1, "minres")
    omega = 1 - (1 - (loadings**2).sum(axis=1)).sum() / matrix.sum()
    table = _items(frame, low, high)
    finite("reliability", alpha, alpha_ci, omega, table.drop(columns="item"))
    return Reliability(alpha, alpha_ci, float(omega), n, table)


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
            "alpha_if_deleted": [_alpha(frame.drop(columns=item)) for item in frame.columns],
        }
    )


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
