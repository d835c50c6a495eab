"""What each coder answered for each segment and code, as arrays, and where the answers differ.

For each code the question put to a coder is whether the segment has it; a segment that was read and
left without a code is an answer (no), one that was not read is none. Only segments that at least two
coders read are compared.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib.errors import CastError


@dataclass(frozen=True)
class Answers:
    """What each coder said: given (segments × coders × codes) and read (segments × coders)."""

    coders: tuple[str, ...]
    codes: list[str]
    segments: np.ndarray
    read_by_one: int
    given: np.ndarray
    read: np.ndarray

    @classmethod
    def of(cls, codings: pd.DataFrame) -> "Answers":
        """Return the answers on the segments that at least two coders read."""
        readers = codings.groupby("segment")["coder"].nunique()
        shared = codings[codings["segment"].map(readers) > 1]
        if shared["code"].isna().all():
            raise CastError(
                f"agreement needs segments that two coders read and that have codes; of "
                f"{len(readers)} segments read, {(readers > 1).sum()} were read by two or more"
            )
        unit, segments = pd.factorize(shared["segment"])
        coder, coders = pd.factorize(shared["coder"], sort=True)
        code, codes = pd.factorize(shared["code"], sort=True)
        read = np.zeros((len(segments), len(coders)), dtype=bool)
        given = np.zeros((*read.shape, len(codes)), dtype=bool)
        read[unit, coder] = True
        has = code >= 0
        given[unit[has], coder[has], code[has]] = True
        alone = int((readers == 1).sum())
        return cls(tuple(coders), list(codes), np.array(segments, object), alone, given, read)

    def patterns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the distinct patterns of answers (given, read) and how many segments have each."""
        flat = np.hstack([self.given.reshape(len(self.given), -1), self.read])
        found, times = np.unique(flat, axis=0, return_counts=True)
        n_coders = self.read.shape[1]
        given = found[:, :-n_coders].reshape(len(found), n_coders, -1)
        return given, found[:, -n_coders:], times


def pair_tables(given: np.ndarray, read: np.ndarray, i: int, j: int) -> np.ndarray:
    """Return for each pattern and code the 2 × 2 table (yes, no) of two coders, empty if one did not read."""
    both = (read[:, i] & read[:, j])[:, None]
    a, b = given[:, i], given[:, j]
    cells = [a & b, a & ~b, ~a & b, ~a & ~b]
    return np.stack([cell & both for cell in cells], axis=-1).reshape(*a.shape, 2, 2)


def coincidences(given: np.ndarray, read: np.ndarray) -> np.ndarray:
    """Return for each pattern and code the coincidences no–no, yes–no, yes–yes."""
    readers = read.sum(axis=1)[:, None]
    yes = given.sum(axis=1)
    no = readers - yes
    return np.stack([no * (no - 1), yes * no, yes * (yes - 1)], axis=-1) / (readers - 1)[..., None]


def disagreements(codings: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Return the segments and codes on which coders who read them differ, to be talked over.

    Parameters
    ----------
    codings, segments : pandas.DataFrame
        The checked tables.

    Returns
    -------
    pandas.DataFrame
        One row a segment and code, in the order of the codings: segment, code, given_by and
        not_given_by (coders, joined by commas), text.

    Raises
    ------
    CastError
        No segment was read by two coders, or none of those was given a code.

    Examples
    --------
    >>> rows = [("g:1", "a", "p"), ("g:1", "b", "q"), ("g:1", "b", "p")]
    >>> codings = pd.DataFrame(rows, columns=["segment", "coder", "code"])
    >>> said = pd.DataFrame({"segment": ["g:1"], "text": ["ช่วยกัน"]})
    >>> disagreements(codings, said).values.tolist()
    [['g:1', 'q', 'b', 'a', 'ช่วยกัน']]
    """
    answers = Answers.of(codings)
    given = answers.given.sum(axis=1)
    unit, code = np.nonzero((given > 0) & (given < answers.read.sum(axis=1)[:, None]))
    gave = answers.given[unit, :, code]
    passed = answers.read[unit] & ~gave
    names = np.array(answers.coders, dtype=object)
    frame = pd.DataFrame(
        {
            "segment": answers.segments[unit],
            "code": np.array(answers.codes, dtype=object)[code],
            "given_by": [", ".join(names[row]) for row in gave],
            "not_given_by": [", ".join(names[row]) for row in passed],
        }
    )
    return frame.merge(segments[["segment", "text"]], on="segment", how="left")
