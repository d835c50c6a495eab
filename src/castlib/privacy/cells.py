"""What may leave the study's tables: small cells stay in.

A district's ten people are a small cell, so districts appear as a position and as shrunken estimates,
never as percentages; and in any table of counts a cell under the limit is withheld, with others where
subtraction from a total would give it away. `suppress` is for one column of counts, `suppress_table`
for a table with its totals, `Published` for tables that are given away together; `k_anonymity` is for
records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib.privacy.audit import ALMOST, Search, Unprotectable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "LIMIT",
    "TOTAL",
    "Published",
    "Unprotectable",
    "class_sizes",
    "k_anonymity",
    "suppress",
    "suppress_table",
]

LIMIT = 5
TOTAL = "total"
# withholding a total costs a reader more than withholding a cell
TOTAL_COST = 20.0


def suppress(counts: pd.Series, limit: int = LIMIT) -> pd.Series:
    """Return one-way counts with small ones missing, primary and secondary.

    A count from 1 to `limit` - 1 is withheld. While what is withheld is one cell alone, or together
    less than `limit`, the smallest other count that is not zero goes with it, because the total would
    reveal the first.

    Parameters
    ----------
    counts : Series of int
        The cells of one table whose total is shown.
    limit : int
        The smallest count that may be shown.

    Returns
    -------
    Series of nullable integers
        Missing where withheld; zeros are shown.

    Examples
    --------
    >>> suppress(pd.Series({"a": 3, "b": 20, "c": 7})).isna().tolist()
    [True, False, True]
    >>> suppress(pd.Series({"a": 1, "b": 1, "c": 20})).isna().tolist()
    [True, True, True]
    >>> suppress(pd.Series({"a": 12, "b": 20})).tolist()
    [12, 20]
    """
    shown = counts.astype("Int64")
    hidden = (counts > 0) & (counts < limit)
    rest = counts[~hidden & (counts > 0)].sort_values(kind="stable")
    for cell in rest.index:
        if not hidden.any() or (hidden.sum() > 1 and counts[hidden].sum() >= limit):
            break
        hidden[cell] = True
    return shown.mask(hidden)


def suppress_table(counts: pd.DataFrame, limit: int = LIMIT) -> pd.DataFrame:
    """Return a two-way table with its totals, small cells and small totals missing, safe from subtraction.

    Use it for one table on its own. Tables that share a margin, or are given away beside records of
    the same people, must be protected together: `Published`.

    Parameters
    ----------
    counts : DataFrame of int
        The inner cells, none missing; totals are made here.
    limit : int
        The smallest count that may be shown, and the width that protects a withheld one.

    Returns
    -------
    DataFrame of nullable integers
        The table with a last row and a last column `total`; missing where withheld. Zeros are shown
        unless they protect another cell.

    Raises
    ------
    Unprotectable
        Some cell could be pinned down whatever else is withheld.

    Notes
    -----
    Primary: 1 to `limit` - 1. Secondary: the cheapest cells (small ones before large, inner ones
    before totals) along which the withheld count could move, found by linear programming. The audit
    then bounds each withheld cell by linear programming from all that is shown; it passes when the
    interval is at least `limit` wide. Bounds of a two-way table with integer margins are integers, so
    the audit is exact (Fischetti & Salazar 2001, doi:10.1287/mnsc.47.7.1008.9805).

    Examples
    --------
    >>> shown = suppress_table(pd.DataFrame({"f": [3, 9, 8], "m": [12, 7, 20]}, index=list("abc")))
    >>> shown.isna().sum().sum(), shown.loc["total"].tolist()
    (np.int64(4), [20, 39, 59])
    """
    whole = counts.astype("int64")
    whole = pd.concat([whole, whole.sum(axis=1).rename(TOTAL)], axis=1)
    whole.loc[TOTAL] = whole.sum()
    table = Published(limit)
    at = pd.DataFrame(index=whole.index, columns=whole.columns, dtype="int64")
    for row in whole.index:
        for column in whole.columns:
            total = TOTAL in (row, column)
            at.loc[row, column] = table.cell(whole.loc[row, column], total)
    table.tie_table(at)
    hidden = table.protect()
    return whole.astype("Int64").mask(at.map(lambda cell: cell in hidden))


class Published:
    """Counts that are given away together, and the sums that tie them to one another.

    Declare each count once (`cell`), also what is not published but follows from it (`latent`) and
    what everybody knows (`fixed`); tie parts to wholes (`tie`); then `protect` names what to withhold.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self._values: list[int] = []
        self._costs: list[float] = []
        self._candidates: list[bool] = []
        self._fixed: list[bool] = []
        self._widths: list[int] = []
        self._ties: list[tuple[list[int], int | None]] = []

    def cell(self, value: int, total: bool = False, most: int | None = None) -> int:
        """Declare a count that is to be published, and return its number.

        A total is withheld only where cells will not do. `most` is how large everybody knows that the
        count can be at most: an interval cannot be wider than that.
        """
        cost = (1 + np.log1p(value)) * (TOTAL_COST if total else 1)
        return self._add(value, cost, True, False, self.limit if most is None else most)

    def latent(self, value: int) -> int:
        """Declare a count that nobody publishes, and return its number."""
        return self._add(value, ALMOST, False, False)

    def fixed(self, value: int) -> int:
        """Declare a count that is known whatever is withheld, and return its number."""
        return self._add(value, 0.0, False, True)

    def _add(self, value: int, cost: float, candidate: bool, fixed: bool, most: int = 0) -> int:
        self._widths.append(min(self.limit, most))
        self._values.append(int(value))
        self._costs.append(cost)
        self._candidates.append(candidate)
        self._fixed.append(fixed)
        return len(self._values) - 1

    def tie(self, parts: Iterable[int], whole: int | None) -> None:
        """State that the parts add up to the whole (None: to a number that everybody knows)."""
        self._ties.append((list(parts), whole))

    def tie_table(self, numbers: pd.DataFrame) -> None:
        """Tie a table of cell numbers whose last row and column are its totals."""
        for at in (numbers, numbers.T):
            for _, row in at.iterrows():
                self.tie(row.iloc[:-1], row.iloc[-1])

    def protect(self) -> set[int]:
        """Return the numbers of the cells to withhold, so that none can be pinned within the limit.

        Raises
        ------
        Unprotectable
            A small cell can be pinned whatever else is withheld.
        """
        search = Search(self)
        waiting = [cell for cell in range(len(self._values)) if search.withheld[cell]]
        for cell in waiting:  # grows while it is walked
            if not search.is_wide(cell):
                waiting += search.widen(cell)
        return set(waiting)

    def arrays(self) -> tuple:
        """Return values, costs, candidates, fixed, widths and the matrix of the ties (sparse)."""
        from scipy.sparse import csc_array

        entries = [(n, p, 1.0) for n, (parts, _) in enumerate(self._ties) for p in parts]
        entries += [(n, w, -1.0) for n, (_, w) in enumerate(self._ties) if w is not None]
        rows, columns, signs = zip(*entries, strict=True)
        shape = (len(self._ties), len(self._values))
        ties = csc_array((signs, (rows, columns)), shape=shape)
        given = (self._values, self._costs, self._candidates, self._fixed, self._widths)
        return *(np.array(part) for part in given), ties


def k_anonymity(frame: pd.DataFrame, quasi: Sequence[str]) -> int:
    """Return the size of the smallest group of records that are alike in the quasi-identifiers.

    Parameters
    ----------
    frame : DataFrame
        One row a person.
    quasi : sequence of str
        Columns by which somebody may be known. A missing value is a value like any other.

    Returns
    -------
    int
        Records of the smallest group; 0 when there are no records (Sweeney 2002,
        doi:10.1142/S0218488502001648).

    Examples
    --------
    >>> k_anonymity(
    ...     pd.DataFrame({"sex": ["f", "f", "m", None], "age": [1, 1, 1, 1]}), ["sex", "age"]
    ... )
    1
    """
    return int(class_sizes(frame, quasi).min()) if len(frame) else 0


def class_sizes(frame: pd.DataFrame, quasi: Sequence[str]) -> pd.Series:
    """Return for each record how many are alike in the quasi-identifiers, itself included."""
    whole = frame.groupby(list(quasi), dropna=False, sort=False, observed=True)
    return whole[quasi[0]].transform("size").astype("int64")
