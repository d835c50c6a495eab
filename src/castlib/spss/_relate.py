"""Correlations and linear regression."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from castlib.errors import CastError
from castlib.shown import Shown
from castlib.stats import groups, models
from castlib.stats._input import existing, numbers, plain


@dataclass(frozen=True, repr=False)
class Correlations(Shown):
    """A correlation matrix: see `correlations` for the fields."""

    r: pd.DataFrame
    p: pd.DataFrame
    n: pd.DataFrame
    method: str


def correlations(
    data: pd.DataFrame, columns: Sequence[str], method: str = "pearson"
) -> Correlations:
    """Return the tables of Analyze ▸ Correlate ▸ Bivariate.

    Parameters
    ----------
    method : {"pearson", "spearman", "kendall"}
        Kendall's is tau-b.

    Returns
    -------
    Correlations
        `r`, `p` (two-sided; missing on the diagonal) and `n`, each a square frame; pairwise, as SPSS
        does by default: each pair of columns uses everyone who answered both. `method`.

    Raises
    ------
    CastError
        No such column (the nearest is named), fewer than two, text, fewer than 5 complete pairs.

    Examples
    --------
    >>> data = pd.DataFrame({"x": [1, 2, 3, 4, 5, 6], "y": [2, 1, 4, 3, 6, 5]})
    >>> correlations(data, ["x", "y"]).r.round(3).values.tolist()
    [[1.0, 0.829], [0.829, 1.0]]
    """
    columns = existing(data, columns)
    if len(columns) < 2:
        raise CastError(f"{len(columns)} column was given; a correlation needs at least 2")
    values = numbers(plain(data), columns, complete=False)
    r, p, n = (
        pd.DataFrame(start, index=columns, columns=columns)
        for start in (np.eye(len(columns)), np.full((len(columns),) * 2, np.nan), 0)
    )
    for name in columns:
        n.loc[name, name] = int(values[name].count())
    for pair in combinations(columns, 2):
        found = groups.correlation(values, *pair, method=method)
        for a, b in (pair, pair[::-1]):
            r.loc[a, b], p.loc[a, b], n.loc[a, b] = found.r, found.p, found.n
    return Correlations(r, p, n, method)


@dataclass(frozen=True, repr=False)
class Linear(Shown):
    """A linear regression: see `regression` for the fields."""

    summary: pd.DataFrame
    anova: pd.DataFrame
    coefficients: pd.DataFrame
    n: int


def regression(data: pd.DataFrame, y: str, x: Sequence[str]) -> Linear:
    """Return the tables of Analyze ▸ Regression ▸ Linear (method Enter, collinearity diagnostics).

    For people sampled in districts use `models.regression(…, cluster="province")`: the errors here, as
    SPSS's, are too small for them.

    Returns
    -------
    Linear
        `summary`: r, r_square, adjusted_r_square, se_of_estimate; `anova`: sum_of_squares, df,
        mean_square, f, p, rows regression, residual, total; `coefficients`: b, se, beta, t, p, ci_low,
        ci_high (95 %), tolerance, vif; `n` rows used (listwise).

    Raises
    ------
    CastError
        As `models.regression`.

    Examples
    --------
    >>> data = pd.DataFrame({"y": [1, 2, 3, 4, 6], "x": [1, 2, 3, 4, 5]})
    >>> regression(data, "y", ["x"]).coefficients[["b", "t"]].round(3).values.tolist()
    [[-0.4, -1.044], [1.2, 10.392]]
    """
    found = models.regression(data, y, x)
    k = len(found.coefficients) - 1
    outcome = numbers(plain(data), [y, *existing(data, x)])[y]
    total = ((outcome - outcome.mean()) ** 2).sum()
    squares = np.array([found.r2 * total, (1 - found.r2) * total, total])
    df = np.array([k, found.n - k - 1, found.n - 1])
    blank = [np.nan, np.nan]
    table = found.coefficients
    return Linear(
        summary=pd.DataFrame(
            {
                "r": [np.sqrt(found.r2)],
                "r_square": [found.r2],
                "adjusted_r_square": [found.adj_r2],
                "se_of_estimate": [np.sqrt(squares[1] / df[1])],
            },
            index=["model"],
        ),
        anova=pd.DataFrame(
            {
                "sum_of_squares": squares,
                "df": df,
                "mean_square": [*(squares / df)[:2], np.nan],
                "f": [found.f, *blank],
                "p": [found.f_p, *blank],
            },
            index=["regression", "residual", "total"],
        ),
        coefficients=table.assign(t=table["b"] / table["se"], tolerance=1 / table["vif"])[
            ["b", "se", "beta", "t", "p", "ci_low", "ci_high", "tolerance", "vif"]
        ],
        n=found.n,
    )
