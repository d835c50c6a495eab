"""Occurrences, people and groups of each word, added up over any column of the segments."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib.errors import check_code

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Tally:
    """For each value of a column: occurrences, people and groups of each word, and the denominators.

    `n`, `people` and `groups` are values × words; `of_people` and `of_groups` have one number a value.
    Rows of segments without a value are not counted.
    """

    values: np.ndarray
    n: np.ndarray
    people: np.ndarray
    groups: np.ndarray
    of_people: np.ndarray
    of_groups: np.ndarray

    @classmethod
    def of(cls, segments: pd.DataFrame, matrix: "csr_array", by: str | None) -> "Tally":
        """Return the tally of segments × words by a column of the segments, or in all (one value)."""
        if by is None:
            codes, values = np.zeros(len(segments), dtype=int), np.array(["all"])
        else:
            check_code(by, list(segments.columns), "คอลัมน์")
            codes, found = pd.factorize(segments[by], sort=True)
            values = found.to_numpy()
            matrix, segments = matrix[codes >= 0], segments[codes >= 0]
            codes = codes[codes >= 0]
        n = _sum_rows(matrix, codes, len(values)).toarray()
        people, of_people = _distinct(matrix, codes, segments[["group", "speaker"]], len(values))
        groups, of_groups = _distinct(matrix, codes, segments[["group"]], len(values))
        return cls(values, n, people, groups, of_people, of_groups)


def _distinct(matrix, codes: np.ndarray, unit: pd.DataFrame, n_values: int):
    """Return how many units (people, groups) said each word within each value, and how many there are."""
    whose = unit.assign(value=codes).groupby([*unit, "value"], dropna=False, sort=False).ngroup()
    whose = whose.to_numpy()
    value_of = np.zeros(whose.max(initial=-1) + 1, dtype=int)
    value_of[whose] = codes
    said = _sum_rows(matrix, whose, len(value_of)).astype(bool).astype(int)
    of = np.bincount(value_of, minlength=n_values)
    return _sum_rows(said, value_of, n_values).toarray(), of


def _sum_rows(matrix, codes: np.ndarray, n_rows: int):
    """Return the matrix with the rows of one code added up."""
    from scipy.sparse import csr_array

    ones = np.ones(len(codes), dtype=matrix.dtype)
    return csr_array((ones, (codes, np.arange(len(codes)))), shape=(n_rows, len(codes))) @ matrix
