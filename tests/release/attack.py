"""What somebody can find out who has nothing but what is published: bounds of each withheld count.

Written for the tests and on purpose unlike the library: one linear programme over the people
themselves (class of the records × everything that a person of the class could be), no search.
"""

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array


class Programme:
    """Unknown numbers of people that are not negative, and the sums of them that are published."""

    def __init__(self, unknowns: list) -> None:
        self.unknowns = unknowns
        self.sums: list[tuple[list[int], float]] = []

    def where(self, test) -> list[int]:
        return [i for i, unknown in enumerate(self.unknowns) if test(unknown)]

    def know(self, parts: list[int], value: float) -> None:
        self.sums.append((parts, float(value)))

    def bounds(self, parts: list[int]) -> tuple[float, float]:
        """Return the least and the most that some unknowns can add up to."""
        rows = [n for n, (known, _) in enumerate(self.sums) for _ in known]
        columns = [i for known, _ in self.sums for i in known]
        shape = (len(self.sums), len(self.unknowns))
        matrix = csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
        aim = np.zeros(len(self.unknowns))
        aim[parts] = 1
        right = [value for _, value in self.sums]
        found = [linprog(sign * aim, A_eq=matrix, b_eq=right, method="highs") for sign in (1, -1)]
        assert all(result.status in (0, 3) for result in found), found
        return found[0].fun, -found[1].fun if found[1].status == 0 else np.inf


def on_table(shown: pd.DataFrame) -> dict[tuple, tuple[float, float]]:
    """Return the bounds of each withheld cell of a table with a last row and column of totals."""
    inner = [(r, c) for r in shown.index[:-1] for c in shown.columns[:-1]]
    programme = Programme(inner)
    ends = {"row": shown.index[-1], "column": shown.columns[-1]}

    def parts(row, column):
        return programme.where(
            lambda cell: row in (cell[0], ends["row"]) and column in (cell[1], ends["column"])
        )

    for row in shown.index:
        for column in shown.columns:
            if pd.notna(shown.loc[row, column]):
                programme.know(parts(row, column), shown.loc[row, column])
    return {
        (row, column): programme.bounds(parts(row, column))
        for row in shown.index
        for column in shown.columns
        if pd.isna(shown.loc[row, column])
    }


def on_counts(
    counts: pd.DataFrame, records: pd.DataFrame, groups: dict[str, str]
) -> dict[tuple, tuple[float, float]]:
    """Return the bounds of the withheld counts of sex and sector, from the counts and the records.

    `groups` gives the group of each sector. Missing and suppressed are as in the files.
    """
    sexes = [*counts.loc[counts["variable"] == "sex", "value"].unique()]
    sectors = [*counts.loc[counts["variable"] == "sector", "value"].unique()]
    seen = records[["cluster", "sex", "sector_group"]].astype(object).fillna("not_answered")
    classes = seen.value_counts()
    clusters = counts.loc[counts["level"] == "cluster", "region"].unique()
    unknowns = [
        (seen, cluster, sex, sector)
        for seen in classes.index
        for cluster in clusters
        for sex in sexes
        for sector in sectors
        if seen[0] in (cluster, "suppressed")
        and seen[1] in (sex, "suppressed")
        and seen[2] in (groups.get(sector, sector), "suppressed")
    ]
    programme = Programme(unknowns)
    for seen, size in classes.items():
        programme.know(programme.where(lambda u, seen=seen: u[0] == seen), size)

    def parts(row):
        at = {"sex": 2, "sector": 3}.get(row.variable)
        return programme.where(
            lambda u: row.region in ("TH", u[1]) and (at is None or u[at] == row.value)
        )

    told = counts[counts["variable"].isin(["all", "sex", "sector"])]
    for row in told[~told["withheld"]].itertuples():
        programme.know(parts(row), row.count)
    return {
        (row.variable, row.value, row.region): programme.bounds(parts(row))
        for row in told[told["withheld"]].itertuples()
    }
