"""Quotes chosen by a stated rule, and what of them may be shown."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import protocol, regions
from castlib.errors import check_code
from castlib.text import coding, frequency, words

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LENGTH = (40, 240)
NATIONAL = "ส่วนกลาง"
RULE = (
    "คัดจากข้อความที่ผู้ลงรหัสทุกคนที่อ่านให้รหัสตรงกัน "
    f"ยาว {LENGTH[0]}–{LENGTH[1]} อักขระ และไม่เอ่ยชื่อจังหวัด "
    "เลือกข้อความที่ใช้คำเด่นของประเด็นมากที่สุดก่อน กลุ่มละไม่เกินหนึ่งข้อความ และไม่ซ้ำกัน"
)
# Three provinces are named by ordinary words (to dry, particle, to spread): only with จังหวัด before.
ORDINARY = ("ตาก", "เลย", "แพร่")


def choose(
    segments: pd.DataFrame, codings: pd.DataFrame, codes: Sequence[str], n: int = 2
) -> pd.DataFrame:
    """Return up to n quotes for each code, by the rule that `RULE` states in Thai.

    The rule, in order: the segment carries the code by consensus; its text has 40 to 240 characters
    and names no province; the most typical first; no text twice; one quote a group, so that a theme is
    not told by one table only. Typicality of a word for a code is the share of the code's
    segments that have it minus the share of the other segments that have it; of a segment, the mean
    over its content words. Ties go to the segment that comes first. The same data give the same quotes.

    A page shows text, informant and place, and nothing else: segment is for the trail and would give
    the province away.

    Parameters
    ----------
    segments, codings : pandas.DataFrame
        The checked tables of the region.
    codes : sequence of str
        The codes to quote, in this order.
    n : int
        Quotes for a code. There are fewer when fewer segments fit the rule.

    Returns
    -------
    pandas.DataFrame
        One row a quote: code, rank (from 1), text (normalised), informant (Thai label of the informant
        group), place (Thai label of the cluster; ส่วนกลาง for staff, partners and executives),
        typicality (−1 to 1), segment.

    Raises
    ------
    UnknownCode
        A code is not in the codebook.
    """
    known = list(coding.codebook()["code"])
    for code in codes:
        check_code(code, known, "รหัส")
    counts = frequency.count(segments)
    said = (counts.matrix > 0).astype(float)
    found = counts.segments[["segment", "group", "kind", "cluster"]].assign(
        text=counts.segments["text"].map(words.normalise)
    )
    fit = found["text"].str.len().between(*LENGTH) & ~found["text"].str.contains(_province_names())
    agreed = coding.consensus(codings)
    parts = [found.head(0).assign(code="", rank=0, typicality=0.0)]
    for code in codes:
        carries = found["segment"].isin(agreed.loc[agreed["code"] == code, "segment"]).to_numpy()
        own = found[carries].assign(code=code, typicality=_typicality(said, carries))
        best = own[fit[carries]].sort_values("typicality", ascending=False, kind="stable")
        best = best.drop_duplicates("text").drop_duplicates("group").head(n)
        parts.append(best.assign(rank=np.arange(1, len(best) + 1)))
    chosen = pd.concat(parts, ignore_index=True)
    labels = {code: regions.label(code) for code in chosen["cluster"].dropna().unique()}
    chosen["informant"] = chosen["kind"].map(protocol.informant_label)
    chosen["place"] = chosen["cluster"].map(labels).fillna(NATIONAL)
    return chosen[["code", "rank", "text", "informant", "place", "typicality", "segment"]]


def _typicality(said: "csr_array", carries: np.ndarray) -> np.ndarray:
    """Return how typical each of the code's segments is of it; said is segments × words, 0 or 1."""
    own = said[carries]
    inside = own.sum(axis=0)
    outside = said.sum(axis=0) - inside
    of_word = inside / max(carries.sum(), 1) - outside / max((~carries).sum(), 1)
    return own @ of_word / np.maximum(own.sum(axis=1), 1)


def _province_names() -> str:
    """Return the pattern that finds a province named in a text."""
    names = sorted(regions.provinces()["name_th"], key=len, reverse=True)
    plain = "|".join(re.escape(name) for name in names if name not in ORDINARY)
    return f"(?:{plain}|(?:จังหวัด|จ\\.) ?(?:{'|'.join(ORDINARY)}))"
