"""The study's regions: the country, 18 provincial clusters, 76 provinces.

A region is a code: `TH`, a cluster such as `north-upper-1`, or a province such as `TH-50`. Labels and
membership come from data/provinces.csv and from nowhere else.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING

from castlib import lazy, paths
from castlib.errors import check_code

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

COUNTRY = "TH"
# a level's codes stand in the column of its name; here: how its Thai names begin, and the column of the rest
LEVELS = {"cluster": ("กลุ่มจังหวัด", "cluster_th"), "province": ("จังหวัด", "name_th")}


def provinces() -> pd.DataFrame:
    """Return one row a province: codes and Thai and English names of it, its cluster, its macro region.

    Columns: province, name_th, name_en, cluster, cluster_th, cluster_en, macro_region, macro_region_th.
    """
    import pandas as pd

    return pd.DataFrame(_rows(), dtype=str)


def _rows() -> list[dict[str, str]]:
    return _read(paths.data() / "provinces.csv")


@cache
def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def table() -> pd.DataFrame:
    """Return every region, one row each: region (its code), label (Thai), level, parent, provinces (how many).

    The country comes first, then each cluster with its provinces; a row's parent is the region around it.

    >>> table().set_index("region").loc["TH-50", ["label", "level", "parent"]].to_list()
    ['จังหวัดเชียงใหม่', 'province', 'north-upper-1']
    """
    import pandas as pd

    rows = [(COUNTRY, "country", "")]
    for cluster in clusters():
        rows += [(cluster, "cluster", COUNTRY)]
        rows += [(code, "province", cluster) for code in members(cluster)]
    others = [kind for kind in LEVELS if kind not in ("cluster", "province")]
    rows += [(code, kind, COUNTRY) for kind in others for code in _of(kind)]
    return pd.DataFrame(
        [(code, label(code), kind, parent, len(members(code))) for code, kind, parent in rows],
        columns=["region", "label", "level", "parent", "provinces"],
    )


def clusters() -> list[str]:
    """Return the cluster codes in the order of the official list."""
    return _of("cluster")


def _of(level: str) -> list[str]:
    return list(dict.fromkeys(row[level] for row in _rows()))


def every() -> list[str]:
    """Return every region of every level, the country first.

    >>> len(every())
    95
    """
    return [COUNTRY, *(code for kind in LEVELS for code in _of(kind))]


def codes(level: str = "cluster") -> list[str]:
    """Return the regions that a run covers: TH and the clusters, and those of another level where it is given.

    >>> len(codes()), len(codes("province"))
    (19, 95)
    """
    check_code(level, LEVELS, "ระดับพื้นที่")
    return [COUNTRY, *clusters(), *(_of(level) if level != "cluster" else [])]


def check(region: str) -> str:
    """Return the code if the study has it; otherwise raise UnknownCode naming the nearest one.

    >>> check("nort-upper-1")
    Traceback (most recent call last):
        ...
    castlib.errors.UnknownCode: ไม่มีพื้นที่ 'nort-upper-1' ในการศึกษานี้ (หมายถึง north-upper-1 หรือไม่)
    """
    return check_code(region, every(), "พื้นที่")


def level(region: str) -> str:
    """Return "country", "cluster" or "province" (or another of `LEVELS`).

    >>> level("TH"), level("north-upper-1"), level("TH-50")
    ('country', 'cluster', 'province')
    """
    if check(region) == COUNTRY:
        return "country"
    return next(kind for kind in LEVELS if region in _of(kind))


def members(region: str) -> list[str]:
    """Return the province codes in a region.

    >>> members("north-upper-1")
    ['TH-50', 'TH-51', 'TH-52', 'TH-58']
    """
    kind = level(region)
    return [row["province"] for row in _rows() if kind == "country" or row[kind] == region]


def label(region: str) -> str:
    """Return the Thai name that a page shows.

    >>> label("TH"), label("TH-50")
    ('ทั่วประเทศ', 'จังหวัดเชียงใหม่')
    """
    kind = level(region)
    if kind == "country":
        return "ทั่วประเทศ"
    begin, column = LEVELS[kind]
    return begin + next(row[column] for row in _rows() if row[kind] == region)


__getattr__, __dir__ = lazy.offered(__name__)
