"""Frequencies, descriptives and crosstabs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib.errors import CastError
from castlib.shown import Shown
from castlib.stats._input import labels, numbers, plain

VALID, MISSING, TOTAL = "รวมที่ตอบ (Valid)", "ไม่ตอบ (Missing)", "รวม (Total)"
LISTWISE = "Valid N (listwise)"


def frequencies(data: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the table of Analyze ▸ Descriptive Statistics ▸ Frequencies.

    Returns
    -------
    DataFrame
        One row a value (in order; an ordered category keeps its own, values that nobody gave with 0), then
        the valid total, missing, and the total: frequency, percent (of all rows), valid_percent and
        cumulative_percent (of those who answered; both missing where SPSS leaves them blank).

    Raises
    ------
    CastError
        No such column (the nearest is named), or no value in it.

    Examples
    --------
    >>> table = frequencies(pd.DataFrame({"sex": ["f", "m", "f", None]}), "sex")
    >>> table.rename_axis(None).round(1)
                       frequency  percent  valid_percent  cumulative_percent
    f                          2     50.0           66.7                66.7
    m                          1     25.0           33.3               100.0
    รวมที่ตอบ (Valid)          3     75.0          100.0                 NaN
    ไม่ตอบ (Missing)           1     25.0            NaN                 NaN
    รวม (Total)                4    100.0            NaN                 NaN
    """
    values = labels(plain(data), column)
    own = values.value_counts(sort=False)
    try:
        own = own.sort_index()
    except TypeError:  # numbers and text in one column
        own = own.sort_index(key=lambda index: index.astype(str))
    valid, n = int(own.sum()), len(values)
    counts = [*own, valid, n - valid, n]
    share = own.to_numpy() / valid * 100
    blank = [np.nan, np.nan]
    return pd.DataFrame(
        {
            "frequency": counts,
            "percent": np.array(counts) / n * 100,
            "valid_percent": [*share, 100.0, *blank],
            "cumulative_percent": [*share.cumsum(), np.nan, *blank],
        },
        index=pd.Index([*own.index, VALID, MISSING, TOTAL], name=column),
    )


def descriptives(data: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the table of Analyze ▸ Descriptive Statistics ▸ Descriptives.

    Returns
    -------
    DataFrame
        One row a column, then `Valid N (listwise)`: n, minimum, maximum, mean, sd (n − 1), skewness and
        kurtosis as SPSS defines them (type 2; `reliability.reliability` and R's psych show type 3), which
        are missing where the answers do not vary or are too few.

    Raises
    ------
    CastError
        No such column (the nearest is named), text, or a column without an answer.

    Examples
    --------
    >>> descriptives(pd.DataFrame({"age": [30, 40, 50, None]}), ["age"])[["n", "mean", "sd"]]
                        n  mean    sd
    age                 3  40.0  10.0
    Valid N (listwise)  3   NaN   NaN
    """
    values = numbers(plain(data), columns, least=1, complete=False, varying=False)
    varies = values.max() > values.min()
    table = pd.DataFrame(
        {
            "n": values.count(),
            "minimum": values.min(),
            "maximum": values.max(),
            "mean": values.mean(),
            "sd": values.std(),
            "skewness": values.skew().where(varies),
            "kurtosis": values.kurt().where(varies),
        }
    )
    table.loc[LISTWISE] = np.nan
    table["n"] = table["n"].fillna(len(values.dropna())).astype(int)
    return table


@dataclass(frozen=True, repr=False)
class Crosstabs(Shown):
    """A table of two categories: see `crosstabs` for the fields."""

    counts: pd.DataFrame
    row_percent: pd.DataFrame
    column_percent: pd.DataFrame
    tests: pd.DataFrame
    cramers_v: float
    cells_below_5: float
    least_expected: float
    n: int


def crosstabs(data: pd.DataFrame, row: str, column: str) -> Crosstabs:
    """Return the tables of Analyze ▸ Descriptive Statistics ▸ Crosstabs (Chi-square, Phi and Cramér's V).

    Returns
    -------
    Crosstabs
        `counts`, `row_percent`, `column_percent` (with totals); `tests`, a frame: value, df, p of
        pearson_chi_square, likelihood_ratio and, for 2 × 2, continuity_correction and fisher_exact;
        `cramers_v` (0–1; phi without its sign for 2 × 2), `cells_below_5` (share of cells whose expected
        count is below 5: SPSS's note (a); above 0.2 do not read χ²), `least_expected`, `n`.

    Raises
    ------
    CastError
        No such column (the nearest is named), or fewer than 2 values of one.

    Examples
    --------
    >>> data = pd.DataFrame({"sex": ["m", "f"] * 20, "late": [True, False, False, False] * 10})
    >>> found = crosstabs(data, "sex", "late")
    >>> found.tests.loc["pearson_chi_square"].round(3).to_list(), round(found.cramers_v, 3)
    ([13.333, 1.0, 0.0], 0.577)
    """
    from scipy.stats import chi2_contingency, fisher_exact

    data = plain(data)
    x, y = labels(data, row), labels(data, column)
    if row == column:
        raise CastError(f"{row!r} was given for both rows and columns; give two different columns")
    counts = pd.crosstab(x, y)
    if min(counts.shape) < 2:
        raise CastError(f"{row!r} and {column!r} need 2 values each among complete rows")
    found = chi2_contingency(counts, correction=False)
    ratio = chi2_contingency(counts, correction=False, lambda_="log-likelihood")
    rows = {
        "pearson_chi_square": (found.statistic, found.dof, found.pvalue),
        "likelihood_ratio": (ratio.statistic, ratio.dof, ratio.pvalue),
    }
    if counts.shape == (2, 2):
        yates = chi2_contingency(counts, correction=True)
        rows["continuity_correction"] = (yates.statistic, yates.dof, yates.pvalue)
        rows["fisher_exact"] = (np.nan, np.nan, fisher_exact(counts).pvalue)
    n = int(counts.to_numpy().sum())
    whole = pd.crosstab(x, y, margins=True, margins_name=TOTAL)
    return Crosstabs(
        counts=whole,
        row_percent=whole.div(whole[TOTAL], axis=0) * 100,
        column_percent=whole.div(whole.loc[TOTAL], axis=1) * 100,
        tests=pd.DataFrame.from_dict(rows, orient="index", columns=["value", "df", "p"]),
        cramers_v=float(np.sqrt(found.statistic / n / (min(counts.shape) - 1))),
        cells_below_5=float((found.expected_freq < 5).mean()),
        least_expected=float(found.expected_freq.min()),
        n=n,
    )
