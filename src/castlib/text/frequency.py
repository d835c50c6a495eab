"""Who says which words: counts by people and groups, and the key words of a region against the rest."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import CastError
from castlib.text import words
from castlib.text.tally import Tally

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, repr=False)
class WordCounts:
    """How often each content word occurs in each segment: one pass over the text, many questions.

    Attributes
    ----------
    segments : pandas.DataFrame
        The segments counted, as they were given; row i is row i of the matrix.
    words : pandas.Index
        The content words, in the order of their first occurrence.
    matrix : scipy.sparse.csr_array
        Segments × words, whole numbers.
    said, ends : numpy.ndarray
        The content words in the order in which they were said, by position in `words`; segment i said
        those from ends[i] to ends[i + 1].
    """

    segments: pd.DataFrame
    words: pd.Index
    matrix: "csr_array"
    said: np.ndarray
    ends: np.ndarray

    def __repr__(self) -> str:
        return f"WordCounts({len(self.segments):,} segments, {len(self.words):,} words)"


def count(segments: pd.DataFrame) -> WordCounts:
    """Return the content words of the segments, counted.

    Parameters
    ----------
    segments : pandas.DataFrame
        The checked table: segment, group, kind, cluster, speaker, text and the rest.

    Returns
    -------
    WordCounts
        What `frequencies`, `keyness`, `collocations` and `topics` work from.
    """
    from scipy.sparse import csr_array

    said, ends, found = words.sequence(segments["text"])
    parts = (np.ones(len(said), dtype=np.int64), said, ends)
    # a copy, since adding up what occurs twice in a segment reorders in place
    matrix = csr_array(parts, shape=(len(segments), len(found)), copy=True)
    matrix.sum_duplicates()
    return WordCounts(segments.reset_index(drop=True), found, matrix, said, ends)


def frequencies(counts: WordCounts, by: str | None = None) -> pd.DataFrame:
    """Return how many people and groups said each word, and how often, with the denominators.

    Rank by people or groups, not by occurrences: one talkative person can repeat a word all day.
    A person is a numbered speaker of one group.

    Parameters
    ----------
    counts : WordCounts
    by : str, optional
        A column of the segments ("kind", "cluster", "question" …): count within each of its values.
        Segments without a value are left out.

    Returns
    -------
    pandas.DataFrame
        One row a word (within each value of `by`, whose column comes first); words said at least
        once; most people first.

        - word
        - people, of_people: distinct speakers who said it, of all who spoke
        - groups, of_groups: distinct groups where it was said, of all groups
        - n, of_n: occurrences, of all content words
        - per_thousand: n per 1,000 content words
        - dp: how unevenly it is spread over the groups: 0 = each group said it in proportion to how
          much the group said at all, 1 = the smallest group alone said it; missing where there is one
          group only

    Raises
    ------
    UnknownCode
        The segments have no such column.

    Notes
    -----
    DP = ½ Σ |v − s| over the groups, v the group's share of the word's occurrences and s its share of
    all content words, divided by 1 − min s. A rare word is uneven by its rarity: compare words that are
    about as frequent.

    References
    ----------
    Gries 2008, doi:10.1075/ijcl.13.4.02gri; Lijffijt & Gries 2012, doi:10.1075/ijcl.17.1.08lij.

    Examples
    --------
    >>> said = pd.DataFrame({"group": ["a", "a", "b"], "speaker": ["1", "2", "1"]})
    >>> said["text"] = ["น้ำประปา ถนน", "น้ำประปา", "น้ำประปา น้ำประปา"]
    >>> frequencies(count(said))[["word", "people", "groups", "n"]].values.tolist()
    [['น้ำประปา', 3, 2, 4], ['ถนน', 1, 1, 1]]
    """
    table = Tally.of(counts.segments, counts.matrix, by)
    row, column = table.n.nonzero()
    frame = pd.DataFrame(
        {
            "word": counts.words[column],
            "people": table.people[row, column],
            "of_people": table.of_people[row],
            "groups": table.groups[row, column],
            "of_groups": table.of_groups[row],
            "n": table.n[row, column],
            "of_n": table.n.sum(axis=1)[row],
        }
    )
    frame["per_thousand"] = 1000 * frame["n"] / frame["of_n"]
    frame["dp"] = table.dp[row, column]
    if by:
        frame.insert(0, by, table.values[row])
    order = [*([by] if by else []), "people", "n", "word"]
    ascending = [*([True] if by else []), False, False, True]
    return frame.sort_values(order, ascending=ascending, ignore_index=True)


def keyness(
    counts: WordCounts, by: str = "cluster", alpha: float = 0.05, min_groups: int = 2
) -> pd.DataFrame:
    """Return the words that each region says more than all the others together do, with G² and log ratio.

    Use it to see what is particular to a region; use `frequencies` to see what is said most. It does
    not say why, and a word can be key for its topic or for its dialect: read it in `kwic`.

    Parameters
    ----------
    counts : WordCounts
        Of the whole country: the rest is everything in it that has another value of `by`.
    by : str
        The column of the segments whose values are compared, each against the rest. Segments without
        a value (staff, partners and executives have no cluster) belong to neither side.
    alpha : float
        Level of significance after Holm's correction.
    min_groups : int
        A word said by fewer groups of the region than this is never key (dispersion).

    Returns
    -------
    pandas.DataFrame
        One row for each word that a region says relatively more often than the rest, strongest first.

        - `by`, word
        - n, of_n, rest_n, of_rest_n: occurrences and all content words, in the region and in the rest
        - people, of_people, groups, of_groups: who said it in the region
        - rest_groups, of_rest_groups: where it was said in the rest
        - g2: log-likelihood ratio of the 2 × 2 table, one degree of freedom, ≥ 0
        - log_ratio: log2 of the ratio of the relative frequencies; +1 = twice as often
        - dp: how unevenly the region's groups said it, 0 to 1; see `frequencies`
        - p, p_holm, p_fdr: of g2; Holm's and Benjamini and Hochberg's over all the words tested in that
          region
        - key: p_holm < alpha and groups ≥ min_groups

        Holm's keeps the chance of a single false key word below alpha; Benjamini and Hochberg's keeps
        the share of false ones among those named below it, and names more of them.

    Raises
    ------
    CastError
        There are not two values to compare.

    Notes
    -----
    G² = 2 Σ O ln(O / E) over the four cells (the word or another × region or rest), as R's and SciPy's
    G test without correction; Rayson and Garside's two-cell form is slightly smaller. The log ratio
    puts 0.5 for an occurrence of none in the rest. Tested are the words that at least `min_groups`
    groups of the whole said: a choice that does not look at the region. Words of one group are not
    independent, so p is too small; that is why dispersion is asked for as well, and why a key word is
    a pointer to the text and not a finding.

    References
    ----------
    Dunning 1993, Computational Linguistics 19, 61–74 · Holm 1979, Scandinavian Journal of Statistics 6,
    65–70 · Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> said = pd.DataFrame({"group": list("abcd"), "speaker": "1", "cluster": list("nnss")})
    >>> said["text"] = ["น้ำประปา " * 9 + "ถนน"] * 2 + ["ถนน " * 9 + "น้ำประปา"] * 2
    >>> keyness(count(said))[["cluster", "word", "n", "rest_n", "key"]].values.tolist()
    [['n', 'น้ำประปา', 18, 2, True], ['s', 'ถนน', 18, 2, True]]
    """
    table = Tally.of(counts.segments, counts.matrix, by)
    if len(table.values) < 2:
        raise CastError(
            f"keyness needs at least two values of {by!r} to compare, the segments have "
            f"{list(table.values)}; give the whole country's segments"
        )
    said = table.groups.sum(axis=0) >= min_groups
    n, of_n = table.n[:, said], table.n.sum(axis=1, keepdims=True)
    rest, of_rest = n.sum(axis=0) - n, of_n.sum() - of_n
    g2 = log_likelihood(n, of_n, rest, of_rest)
    share, rest_share = (
        np.maximum(k, 0.5) / np.maximum(of, 1) for k, of in ((n, of_n), (rest, of_rest))
    )
    log_ratio = np.log2(share / rest_share)
    p, p_holm, p_fdr = _p_values(g2)
    row, column = np.nonzero((n > 0) & (log_ratio > 0))
    groups, people = table.groups[:, said], table.people[:, said]
    frame = pd.DataFrame(
        {
            by: table.values[row],
            "word": counts.words[said][column],
            "n": n[row, column],
            "of_n": of_n[row, 0],
            "rest_n": rest[row, column],
            "of_rest_n": of_rest[row, 0],
            "people": people[row, column],
            "of_people": table.of_people[row],
            "groups": groups[row, column],
            "of_groups": table.of_groups[row],
            "rest_groups": (groups.sum(axis=0) - groups)[row, column],
            "of_rest_groups": (table.of_groups.sum() - table.of_groups)[row],
            "g2": g2[row, column],
            "log_ratio": log_ratio[row, column],
            "dp": table.dp[:, said][row, column],
            "p": p[row, column],
            "p_holm": p_holm[row, column],
            "p_fdr": p_fdr[row, column],
        }
    )
    frame["key"] = (frame["p_holm"] < alpha) & (frame["groups"] >= min_groups)
    return frame.sort_values([by, "g2", "word"], ascending=[True, False, True], ignore_index=True)


def log_likelihood(n, of_n, rest, of_rest) -> np.ndarray:
    """Return G² of each 2 × 2 table; an empty cell adds nothing."""
    from scipy.special import rel_entr

    whole, both = np.maximum(of_n + of_rest, 1), n + rest
    cells = (
        (n, of_n, both),
        (rest, of_rest, both),
        (of_n - n, of_n, whole - both),
        (of_rest - rest, of_rest, whole - both),
    )
    g2 = 2 * sum(rel_entr(o, row / whole * column) for o, row, column in cells)
    return np.maximum(g2, 0)


def _p_values(g2: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return p of G², Holm's p, and Benjamini and Hochberg's, each row (region) a family."""
    from scipy.special import erfc
    from scipy.stats import false_discovery_control

    p = erfc(np.sqrt(g2 / 2))  # of chi-square with one degree of freedom
    order = np.argsort(p, axis=1, kind="stable")
    factor = np.arange(p.shape[1], 0, -1)
    raised = np.maximum.accumulate(np.take_along_axis(p, order, axis=1) * factor, axis=1)
    holm = np.empty_like(p)
    np.put_along_axis(holm, order, np.minimum(raised, 1), axis=1)
    return p, holm, false_discovery_control(p, axis=1) if p.size else p


__getattr__, __dir__ = lazy.offered(__name__)
