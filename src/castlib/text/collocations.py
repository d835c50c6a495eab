"""Words that go together: which word follows which more closely than chance would have it."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import CastError
from castlib.text.frequency import WordCounts, log_likelihood

WINDOW = 3


def collocations(
    counts: WordCounts, window: int = WINDOW, min_n: int = 5, min_groups: int = 2
) -> pd.DataFrame:
    """Return the pairs of content words of which the second follows the first more often than by chance.

    Use it to see in which company a word is spoken of, and which terms the dictionary lacks. A pair
    says nothing of why; read it in `kwic`.

    Parameters
    ----------
    counts : WordCounts
        Of the region, from `frequency.count`.
    window : int
        The second word is one of so many content words after the first, in the same segment. Stop
        words and punctuation are passed over.
    min_n, min_groups : int
        Pairs said less often, or in fewer groups, are left out: they are too few to tell, or one
        table's habit.

    Returns
    -------
    pandas.DataFrame
        One row a pair, closest first.

        - word, follower: in the order in which they were said; a word can follow itself
        - n, n_word, n_follower, of_n: pairs of the two, with that first word, with that second word, in all
        - people, of_people, groups, of_groups: who said the pair, of all who spoke
        - g2: log-likelihood ratio of the 2 × 2 table of pairs, one degree of freedom
        - log_dice: at most 14, where all pairs with the one have the other; one less is half as close.
          It does not grow with the amount of text. In a window of k words it seldom exceeds
          14 − log2(k), since a word has k followers

    Raises
    ------
    CastError
        The window holds no word.

    Notes
    -----
    logDice = 14 + log2(2 n / (n_word + n_follower)). Pairs overlap and people repeat themselves, so G²
    ranks and does not test.

    References
    ----------
    Rychlý 2008, A lexicographer-friendly association score, RASLAN 2008, 6–9; Evert 2008,
    doi:10.1515/9783110213881.2.1212.

    Examples
    --------
    >>> from castlib.text import frequency
    >>> said = pd.DataFrame(
    ...     {"group": ["a", "b"], "speaker": ["1", "1"], "text": ["ตลาดชุมชนซบเซา"] * 2}
    ... )
    >>> found = collocations(frequency.count(said), window=1, min_n=2)
    >>> found[["word", "follower", "n", "groups", "log_dice"]].values.tolist()
    [['ชุมชน', 'ซบเซา', 2, 2, 14.0], ['ตลาด', 'ชุมชน', 2, 2, 14.0]]
    """
    if window < 1:
        raise CastError(f"the window must hold at least one word, {window} was given")
    n_words, spoken = len(counts.words), counts.segments
    segment = np.repeat(np.arange(len(spoken)), np.diff(counts.ends))
    pairs = list(_pairs(counts.said, segment, window))
    first, second, where = (np.concatenate(part) for part in zip(*pairs, strict=True))
    n_first, n_second = (np.bincount(side, minlength=n_words) for side in (first, second))
    key, which, n = np.unique(first * n_words + second, return_inverse=True, return_counts=True)
    word, follower = np.divmod(key, max(n_words, 1))
    often = n[which] >= min_n
    which, where = which[often], where[often]
    people, groups = (
        spoken.groupby(unit, dropna=False).ngroup().to_numpy()
        for unit in (["group", "speaker"], ["group"])
    )
    frame = pd.DataFrame(
        {
            "word": counts.words[word],
            "follower": counts.words[follower],
            "n": n,
            "n_word": n_first[word],
            "n_follower": n_second[follower],
            "of_n": len(first),
            "people": _distinct(which, people[where], len(key)),
            "of_people": people.max(initial=-1) + 1,
            "groups": _distinct(which, groups[where], len(key)),
            "of_groups": groups.max(initial=-1) + 1,
        }
    )
    frame = frame[(frame["n"] >= min_n) & (frame["groups"] >= min_groups)]
    n, rest = frame["n"].to_numpy(), (frame["n_follower"] - frame["n"]).to_numpy()
    of_n, whole = frame["n_word"].to_numpy(), frame["of_n"].to_numpy()
    frame = frame.assign(
        g2=log_likelihood(n, of_n, rest, whole - of_n),
        log_dice=14 + np.log2(2 * n / (frame["n_word"] + frame["n_follower"])),
    )
    attracted = frame["n"] * frame["of_n"] > frame["n_word"] * frame["n_follower"]
    return frame[attracted].sort_values(
        ["log_dice", "n", "word", "follower"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )


def _pairs(said: np.ndarray, segment: np.ndarray, window: int) -> Iterator[tuple]:
    """Yield first words, second words and their segments, for each distance within the window."""
    yield said[:0], said[:0], segment[:0]
    for distance in range(1, min(window, max(len(said) - 1, 0)) + 1):
        together = segment[:-distance] == segment[distance:]
        yield said[:-distance][together], said[distance:][together], segment[distance:][together]


def _distinct(pair: np.ndarray, unit: np.ndarray, n_pairs: int) -> np.ndarray:
    """Return how many units (people, groups) each pair has."""
    n_units = int(unit.max(initial=0)) + 1
    return np.bincount(np.unique(pair * n_units + unit) // n_units, minlength=n_pairs)


__getattr__, __dir__ = lazy.offered(__name__)
