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

    `n`, `people`, `groups` and `dp` (how unevenly a word is spread over the groups, see
    `frequency.frequencies`) are values × words; `of_people` and `of_groups` have one number a value.
    Rows of segments without a value are not counted.
    """

    values: np.ndarray
    n: np.ndarray
    people: np.ndarray
    groups: np.ndarray
    dp: np.ndarray
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
        n = sum_rows(matrix, codes, len(values)).toarray()
        people, of_people = _within(matrix, codes, segments[["group", "speaker"]])
        groups, of_groups = _within(matrix, codes, segments[["group"]])
        return cls(
            values,
            n,
            _said_by(people, of_people, len(values)),
            _said_by(groups, of_groups, len(values)),
            _unevenness(groups, of_groups, len(values)),
            np.bincount(of_people, minlength=len(values)),
            np.bincount(of_groups, minlength=len(values)),
        )


def _within(matrix, codes: np.ndarray, unit: pd.DataFrame):
    """Return how often each unit (person, group) of each value said each word, and whose units they are."""
    unit = unit.assign(value=codes)
    whose = unit.groupby(list(unit), dropna=False, sort=False).ngroup().to_numpy()
    value_of = np.zeros(whose.max(initial=-1) + 1, dtype=int)
    value_of[whose] = codes
    return sum_rows(matrix, whose, len(value_of)), value_of


def _said_by(units, value_of: np.ndarray, n_values: int) -> np.ndarray:
    """Return how many units of each value said each word."""
    return sum_rows(units.astype(bool).astype(int), value_of, n_values).toarray()


def _unevenness(groups, value_of: np.ndarray, n_values: int) -> np.ndarray:
    """Return the normalised deviation of proportions of each word over the groups of each value.

    The groups that never said the word add their own shares, which are one less those of the others.
    """
    size = groups.sum(axis=1)
    share = size / np.maximum(np.bincount(value_of, size, n_values)[value_of], 1)
    room = np.ones(n_values)
    np.minimum.at(room, value_of, share)
    room = np.where(room < 1, 1 - room, np.nan)  # of one group alone there is nothing to say
    said = groups.tocoo()
    row, column = said.coords
    shape = n_values, groups.shape[1]
    place = np.ravel_multi_index((value_of[row], column), shape)
    total = np.bincount(place, said.data, n_values * shape[1])
    apart = np.abs(said.data / total[place] - share[row]) - share[row]
    apart = 1 + np.bincount(place, apart, n_values * shape[1])
    return np.where(total > 0, apart / 2, np.nan).reshape(shape) / room[:, None]


def sum_rows(matrix, codes: np.ndarray, n_rows: int):
    """Return the matrix with the rows of one code added up."""
    from scipy.sparse import csr_array

    ones = np.ones(len(codes), dtype=matrix.dtype)
    return csr_array((ones, (codes, np.arange(len(codes)))), shape=(n_rows, len(codes))) @ matrix
