"""A first pass by dictionary: which clauses might carry a code, for a person to accept or not.

A suggestion is no coding: it is in no table of the study, and counts nowhere until a coder has accepted it.
"""

import re
from functools import cache
from itertools import accumulate
from pathlib import Path

import pandas as pd

from castlib import lazy, paths
from castlib.errors import CastError, some
from castlib.text import coding, words

_CLAUSE = re.compile(r"\S+")
COLUMNS = ["segment", "code", "start", "end", "word"]


def hints() -> pd.DataFrame:
    """Return the words that hint at a code: a row a code and word (code, word), in the file's order.

    Raises
    ------
    CastError
        A code is not in the codebook, or is there twice.
    """
    return _hints(paths.data()).copy()


@cache
def _hints(data: Path) -> pd.DataFrame:
    listed = pd.read_csv(data / "text" / "hints.csv", dtype=str, keep_default_na=False)
    wrong = listed["code"][~listed["code"].isin(coding.codebook()["code"])]
    twice = listed["code"][listed["code"].duplicated()]
    faults = [f"รหัสที่ไม่มีในสมุดรหัส: {some(wrong)}"] if len(wrong) else []
    faults += [f"รหัสซ้ำ: {some(twice)}"] if len(twice) else []
    if faults:
        raise CastError("hints.csv: " + "; ".join(faults))
    found = listed.assign(word=listed["words"].str.split(";")).explode("word", ignore_index=True)
    found["word"] = found["word"].map(words.normalise)
    return found.loc[found["word"] != "", ["code", "word"]].reset_index(drop=True)


def suggest(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the clauses in which a word hints at a code.

    Use it to show a coder where to look first. Never count suggestions, and do not compute agreement
    from them: a dictionary sees neither irony nor denial, and misses what is said in other words.

    Parameters
    ----------
    segments : pandas.DataFrame
        The checked table: segment, text.

    Returns
    -------
    pandas.DataFrame
        One row a segment, code and clause, in the order of the text: segment, code, start and end (of
        the clause, what stands between spaces, in code points of the text), word (the first in it that
        hints at the code). A word counts only where the text has it as whole words.

    Examples
    --------
    >>> said = pd.DataFrame({"segment": ["a:1"], "text": ["ปีนี้ดี แต่น้ำท่วมหนัก"]})
    >>> suggest(said).values.tolist()
    [['a:1', 'obstacle_water', 8, 22, 'น้ำท่วม']]
    """
    listed = hints()
    codes = listed.groupby("word", sort=False)["code"].agg(list).to_dict()
    lengths = sorted({len(word) for word in codes}, reverse=True)
    found = []
    for segment, text in zip(segments["segment"], segments["text"], strict=True):
        clauses = [clause.span() for clause in _CLAUSE.finditer(text)]
        edges = _edges(text)
        for first in sorted(edges):
            ends = (first + length for length in lengths if first + length in edges)
            last = next((end for end in ends if text[first:end] in codes), None)
            if last is None:
                continue
            start = max(begin for begin, _ in clauses if begin <= first)
            end = min(stop for _, stop in clauses if stop >= last)
            found += [(segment, c, start, end, text[first:last]) for c in codes[text[first:last]]]
    frame = pd.DataFrame(found, columns=COLUMNS).astype({"start": "int64", "end": "int64"})
    return frame.drop_duplicates(["segment", "code", "start", "end"], ignore_index=True)


def _edges(text: str) -> set[int]:
    """Return where words may begin and end; everywhere, when the text is not in its normal form."""
    pieces = words.segment(text)
    if "".join(pieces) != text:
        return set(range(len(text) + 1))
    return {0, *accumulate(map(len, pieces))}


__getattr__, __dir__ = lazy.offered(__name__)
