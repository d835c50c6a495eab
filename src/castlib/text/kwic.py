"""Key word in context: every place where a word or a phrase was said, with what stands around it."""

import re
from itertools import accumulate

import pandas as pd

from castlib.errors import CastError
from castlib.text import words

CONTEXT = 40
WHERE = ["segment", "group", "kind", "question"]


def kwic(segments: pd.DataFrame, keyword: str, width: int = CONTEXT) -> pd.DataFrame:
    """Return each occurrence of a keyword between its left and right context.

    Use it to read a key word before saying anything about it. The keyword is found as whole words,
    as they are counted: แผน is not found in วางแผน. Letter case does not matter.

    Parameters
    ----------
    segments : pandas.DataFrame
        The checked table: segment, group, kind, question, text.
    keyword : str
        A word or a phrase.
    width : int
        At most so many characters on each side; a word that does not fit whole is left out.

    Returns
    -------
    pandas.DataFrame
        One row an occurrence, in the order of the segments.

        - segment, group, kind, question: where it was said
        - start: its first character in the normalised text, from 0
        - left, keyword, right: joined, a stretch of the normalised text; align left to the right

    Raises
    ------
    CastError
        The keyword is empty.

    Examples
    --------
    >>> said = pd.DataFrame(
    ...     {
    ...         "segment": ["TH-50:1"],
    ...         "group": ["TH-50"],
    ...         "kind": ["participants"],
    ...         "question": ["q1"],
    ...         "text": ["ผู้นำวางแผน ชาวบ้านใช้แผนนี้"],
    ...     }
    ... )
    >>> kwic(said, "แผน", width=10)[["start", "left", "keyword", "right"]].values.tolist()
    [[22, 'ชาวบ้านใช้', 'แผน', 'นี้']]
    """
    wanted = words.normalise(keyword)
    if not wanted:
        raise CastError("kwic needs a word or a phrase to look for, an empty one was given")
    pattern = re.compile(re.escape(wanted), re.IGNORECASE)
    found = [
        (*row[:-1], *occurrence)
        for row in segments[[*WHERE, "text"]].itertuples(index=False)
        for occurrence in _occurrences(words.normalise(row.text), pattern, width)
    ]
    return pd.DataFrame(found, columns=[*WHERE, "start", "left", "keyword", "right"])


def _occurrences(text: str, pattern: re.Pattern, width: int):
    """Yield start, left, keyword, right wherever a match begins and ends where words do."""
    matches = list(pattern.finditer(text))
    edges = [0, *accumulate(map(len, words.segment(text)))] if matches else []
    for match in matches:
        start, end = match.span()
        if start in edges and end in edges:
            first = next(edge for edge in edges if edge >= start - width)
            last = next(edge for edge in reversed(edges) if edge <= end + width)
            yield start, text[first:start], match[0], text[end:last]
