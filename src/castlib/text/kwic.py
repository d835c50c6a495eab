"""Key word in context: every place where a word or a phrase was said, with what stands around it."""

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import CastError
from castlib.text import words

CONTEXT = 40
LETTER, NO_LETTER = "[ก-ฮa-zA-Z0-9๐-๙]", "[^ก-ฮa-zA-Z0-9๐-๙]*"
WHERE = ["segment", "group", "kind", "cluster", "question"]


def kwic(segments: pd.DataFrame, keyword: str, width: int = CONTEXT) -> pd.DataFrame:
    """Return each occurrence of a keyword between its left and right context.

    Use it to read a key word before saying anything about it. The keyword is found as whole words,
    as they are counted: แผน is not found in วางแผน. Letter case does not matter.

    Parameters
    ----------
    segments : pandas.DataFrame
        The checked table: segment, group, kind, cluster, question, text.
    keyword : str
        A word or a phrase.
    width : int
        At most so many characters on each side; a word that does not fit whole is left out.

    Returns
    -------
    pandas.DataFrame
        One row an occurrence, in the order of the segments.

        - segment, group, kind, cluster, question: where it was said; segment leads to the table of
          segments and to its codings, and is not for pages, since it gives the province away
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
    ...         "cluster": ["north-upper-1"],
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
    # normalising loses no letter, so what lacks the keyword's letters in a row need not be normalised
    likely = re.compile(NO_LETTER.join(re.findall(LETTER, wanted)), re.IGNORECASE)
    having = np.array(
        [
            bool(likely.search(text) and pattern.search(words.normalise(text)))
            for text in segments["text"]
        ],
        dtype=bool,
    )
    where = segments.loc[having, WHERE].itertuples(index=False)
    pieces = words.segment_all(segments.loc[having, "text"])
    found = [
        (*place, *occurrence)
        for place, cut in zip(where, pieces, strict=True)
        for occurrence in _occurrences(cut, pattern, width)
    ]
    return pd.DataFrame(found, columns=[*WHERE, "start", "left", "keyword", "right"])


def _occurrences(pieces: list[str], pattern: re.Pattern, width: int):
    """Yield start, left, keyword, right wherever a match begins and ends where words do."""
    text = "".join(pieces)
    edges = [0, *accumulate(map(len, pieces))]
    for match in pattern.finditer(text):
        start, end = match.span()
        if start in edges and end in edges:
            first = edges[bisect_left(edges, start - width)]
            last = edges[bisect_right(edges, end + width) - 1]
            yield start, text[first:start], match[0], text[end:last]


__getattr__, __dir__ = lazy.offered(__name__)
