"""Quotes chosen by a stated rule, and what of them may be shown."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import lazy, paths, protocol, regions
from castlib.errors import check_code
from castlib.text import coding, frequency, words

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LENGTH = (40, 240)
# Fewest groups and people of one kind at one place among whom a speaker is hidden: the one place where
# the threshold stands. Executives and partners (five each) and a cluster with one group never reach it.
GROUPS, SPEAKERS = 2, 10
NATIONAL = "ส่วนกลาง"
RULE = (
    "คัดจากข้อความที่ผู้ลงรหัสทุกคนที่อ่านให้รหัสตรงกัน "
    f"ยาว {LENGTH[0]}–{LENGTH[1]} อักขระ ไม่เอ่ยชื่อจังหวัดหรืออำเภอ ไม่มีนามแฝง และผู้พูดไม่ได้บอกว่าตนเป็นใคร "
    "เลือกข้อความที่มีรหัสเดียวก่อน แล้วข้อความที่ใช้คำเด่นของประเด็นมากที่สุด กลุ่มละไม่เกินหนึ่งข้อความ และไม่ซ้ำกัน "
    f"ไม่แสดงถ้อยคำของผู้ให้ข้อมูลที่ในพื้นที่เดียวกันมีไม่ถึง {GROUPS} กลุ่มหรือ {SPEAKERS} คน เพราะอาจรู้ได้ว่าเป็นผู้ใด"
)
# Three provinces are named by ordinary words (to dry, particle, to spread): only with จังหวัด before.
ORDINARY = ("ตาก", "เลย", "แพร่")
# By these words speakers tell who they are: a role of which a group may have one, or a monk's own "I".
SELF = re.compile(
    r"ใน(?:ฐานะ|นาม)(?!ที่)|อาตม[าภ]|"
    r"(?:ผม|กระผม|ดิฉัน|ฉัน|หนู|ข้าพเจ้า|ตัวเอง|เรา)(?:เอง)?(?:ก็)?เป็น(?:ผู้ใหญ่บ้าน|กำนัน|นายก|ปลัด|ครู|หมอ|พระ|อสม|"
    r"ประธาน|เลขา|เจ้าของ|ผู้จัดการ|ผู้อำนวยการ|หัวหน้า|นักข่าว|อาจารย์|เจ้าหน้าที่|สมาชิก|ตัวแทน|ผู้แทน)"
)
PSEUDONYM = re.compile(r"\[[^\]]*:")


def choose(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    codes: Sequence[str],
    n: int = 2,
    within: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return up to n quotes for each code, by the rule that `RULE` states in Thai.

    The rule, in order: the segment carries the code by consensus; it may be shown (`showable`);
    those that carry no other code come first, then the most typical; no text twice; one quote a group,
    so that a theme is not told by one table only.
    Typicality of a word for a code is the share of the code's segments that have it minus the share of
    the other segments that have it; of a segment, the mean over its content words. Ties go to the
    segment that comes first. The same data give the same quotes.

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
    within : collection of str, optional
        The only groups to quote. A page that says so narrows the crowd in which a speaker is hidden,
        so only these groups count as the crowd.

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

    Examples
    --------
    >>> said = pd.DataFrame({"segment": [f"{g}:{n}" for g in "ab" for n in range(5)]})
    >>> said["group"], said["speaker"] = said["segment"].str[0], said["segment"].str[2]
    >>> said[["kind", "province", "cluster"]] = ["participants", "TH-50", "north-upper-1"]
    >>> said["text"] = "หมู่บ้านของเรายังขาดแหล่งน้ำในฤดูแล้งและต้องรอรถน้ำทุกสัปดาห์"
    >>> given = said.assign(code="obstacle_water", coder="coder-1")
    >>> choose(said, given, ["obstacle_water"])[["rank", "informant", "place"]].values.tolist()
    [[1, 'ผู้เข้าร่วมโครงการ', 'กลุ่มจังหวัดภาคเหนือตอนบน 1']]
    """
    known = list(coding.codebook()["code"])
    for code in codes:
        check_code(code, known, "รหัส")
    counts = frequency.count(segments)
    said = (counts.matrix > 0).astype(float)
    columns = ["segment", "group", "kind", "cluster", "speaker"]
    found = counts.segments[columns].assign(text=counts.segments["text"].map(words.normalise))
    fit = showable(found, within)
    agreed = coding.consensus(codings)
    found["alone"] = found["segment"].map(agreed["segment"].value_counts()) == 1
    at = pd.Index(found["segment"]).get_indexer(agreed["segment"])
    carried = {code: np.sort(at[(agreed["code"] == code) & (at >= 0)]) for code in codes}
    rows = np.concatenate([np.array([], int), *carried.values()])
    order = np.repeat(np.arange(len(carried)), [len(some) for some in carried.values()])
    own = found.iloc[rows].assign(
        code=np.array([*carried], object)[order],
        order=order,
        typicality=_typicality(said, rows, order, len(carried)),
    )
    best = own[fit.to_numpy()[rows]].sort_values(
        ["order", "alone", "typicality"], ascending=[True, False, False], kind="stable"
    )
    best = best.drop_duplicates(["code", "text"]).drop_duplicates(["code", "group"])
    best["rank"] = best.groupby("code").cumcount() + 1
    chosen = best[best["rank"] <= n].reset_index(drop=True)
    home = _home(chosen)
    labels = {code: regions.label(code) for code in home.unique() if code != NATIONAL}
    chosen["informant"] = chosen["kind"].map(protocol.informant_label)
    chosen["place"] = home.map({NATIONAL: NATIONAL, **labels})
    return chosen[["code", "rank", "text", "informant", "place", "typicality", "segment"]]


def showable(segments: pd.DataFrame, within: Collection[str] | None = None) -> pd.Series:
    """Return which segments may be quoted: clear by themselves, and by somebody who stays unknown.

    A segment is clear when its text has 40 to 240 characters, no pseudonym in it, no name of a
    province or district, and no words by which the speaker tells who he or she is. The speaker stays
    unknown when at least two groups and ten people of that kind spoke at that place (the cluster, or
    nationally): role × place says no more than a page does.

    Parameters
    ----------
    segments : pandas.DataFrame
        group, kind, cluster (missing: national), speaker, text (normalised).
    within : collection of str, optional
        As in `choose`.

    Returns
    -------
    pandas.Series of bool

    Examples
    --------
    >>> text = "ชาวบ้านช่วยกันทำแผนหมู่บ้านจนเสร็จ แล้วลงมือทำตามแผนนั้นด้วยกัน"
    >>> one = pd.DataFrame({"group": ["TH-50"], "kind": "participants", "cluster": "north-upper-1"})
    >>> showable(one.assign(speaker="ผู้ให้ข้อมูล 1", text=text)).tolist()
    [False]
    """
    may = pd.Series(True, segments.index)
    if within is not None:
        may = segments["group"].isin(list(within))
    crowd = segments[may]
    crowd = crowd.assign(person=crowd["group"] + " " + crowd["speaker"])
    at = crowd.groupby(["kind", _home(crowd)])
    enough = (at["group"].nunique() >= GROUPS) & (at["person"].nunique() >= SPEAKERS)
    places = pd.MultiIndex.from_arrays([segments["kind"], _home(segments)])
    hidden = pd.Series(enough.reindex(places, fill_value=False).to_numpy(bool), segments.index)
    data = paths.data()
    clear = [_clear(text, data) for text in segments["text"]]
    return may & hidden & np.array(clear, dtype=bool)


@lru_cache(maxsize=4096)  # a page quotes from the same segments several times
def _clear(text: str, data: Path) -> bool:
    """Return whether a text tells by itself neither who speaks nor where."""
    if not LENGTH[0] <= len(text) <= LENGTH[1]:
        return False
    return not (PSEUDONYM.search(text) or SELF.search(text) or _names(data).search(text))


def _home(segments: pd.DataFrame) -> pd.Series:
    """Return the cluster of each segment, or NATIONAL."""
    return segments["cluster"].astype("string").fillna(NATIONAL)


def sides(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    topics: Mapping[str, tuple[Sequence[str], Sequence[str]]],
    within: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return up to two quotes a topic: one for it, and one that says otherwise where there is one.

    Parameters
    ----------
    segments, codings, within
        As in `choose`.
    topics : mapping
        Topic → its codes that speak for it and those that speak against it, most widespread first.

    Returns
    -------
    pandas.DataFrame
        The columns of `choose` with topic and side (for, against) first. The first is the most typical
        of the first code for it that has a quote; the second that of the first code against it, or,
        where there is none, the next for it from another group.
    """
    codes = list(dict.fromkeys(c for both in topics.values() for side in both for c in side))
    chosen = choose(segments, codings, codes, 3, within)
    by = {code: chosen[chosen["code"] == code] for code in chosen["code"].unique()}
    picked = []
    for topic, both in topics.items():
        taken: list[pd.Series] = []
        for side, codes in zip(("for", "against", "for"), (*both, both[0]), strict=True):
            listed = [row for code in codes if code in by for _, row in by[code].iterrows()]
            free = [row for row in listed if not _said_already(row, taken)]
            if free and len(taken) < 2:
                taken.append(free[0])
                picked.append(free[0].to_dict() | {"topic": topic, "side": side})
    return pd.DataFrame(picked, columns=["topic", "side", *chosen.columns])


def _said_already(row: pd.Series, taken: list[pd.Series]) -> bool:
    group = row["segment"].rpartition(":")[0]
    return any(
        row["text"] == other["text"] or group == other["segment"].rpartition(":")[0]
        for other in taken
    )


def _typicality(said: "csr_array", rows: np.ndarray, order: np.ndarray, codes: int) -> np.ndarray:
    """Return how typical segment rows[i] is of code order[i]; said is segments × words, 0 or 1."""
    from scipy.sparse import csr_array

    carries = csr_array((np.ones(len(rows)), (order, rows)), shape=(codes, said.shape[0]))
    inside = (carries @ said).toarray()
    outside = said.sum(axis=0) - inside
    n = carries.sum(axis=1)[:, None]
    of_word = inside / np.maximum(n, 1) - outside / np.maximum(said.shape[0] - n, 1)
    return (said @ of_word.T)[rows, order] / np.maximum(said.sum(axis=1), 1)[rows]


@cache
def _names(data: Path) -> re.Pattern:
    """Return the pattern that finds a province or a district named in a text; `data` keeps studies apart."""
    provinces = sorted(regions.provinces()["name_th"], key=len, reverse=True)
    lines = (data / "text" / "names" / "districts.txt").read_text(encoding="utf-8").split("\n")
    districts = [line for line in lines if line and not line.startswith("#")]
    return re.compile(
        f"{_any(name for name in provinces if name not in ORDINARY)}"
        f"|(?:จังหวัด|จ\\.) ?{_any(ORDINARY)}|(?:อำเภอ|อ\\.|เขต) ?{_any(districts)}"
    )


def _any(names: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, names))})"


__getattr__, __dir__ = lazy.offered(__name__)
