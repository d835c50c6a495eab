"""The study's regions: the country, 18 provincial clusters, 76 provinces.

A region is a code: `TH`, a cluster such as `north-upper-1`, or a province such as `TH-50`. Labels and
membership come from data/provinces.csv and from nowhere else.
"""

from functools import cache
from pathlib import Path

import pandas as pd

from castlib import paths
from castlib.errors import check_code

COUNTRY = "TH"


def provinces() -> pd.DataFrame:
    """Return one row a province: codes and Thai and English names of it, its cluster, its macro region.

    Columns: province, name_th, name_en, cluster, cluster_th, cluster_en, macro_region, macro_region_th.
    """
    return _read(paths.data() / "provinces.csv").copy()


@cache
def _read(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, dtype=str)


def clusters() -> list[str]:
    """Return the cluster codes in the order of the official list."""
    return list(provinces()["cluster"].unique())


def codes(level: str = "cluster") -> list[str]:
    """Return the regions that a run covers: TH and the clusters, and with `level="province"` every province.

    >>> len(codes()), len(codes("province"))
    (19, 95)
    """
    listed = [COUNTRY, *clusters()]
    if check_code(level, ("cluster", "province"), "ระดับพื้นที่") == "province":
        listed += list(provinces()["province"])
    return listed


def check(region: str) -> str:
    """Return the code if the study has it; otherwise raise UnknownCode naming the nearest one.

    >>> check("nort-upper-1")
    Traceback (most recent call last):
        ...
    castlib.errors.UnknownCode: ไม่มีพื้นที่ 'nort-upper-1' ในการศึกษานี้ (หมายถึง north-upper-1 หรือไม่)
    """
    return check_code(region, codes("province"), "พื้นที่")


def level(region: str) -> str:
    """Return "country", "cluster" or "province".

    >>> level("TH"), level("north-upper-1"), level("TH-50")
    ('country', 'cluster', 'province')
    """
    if check(region) == COUNTRY:
        return "country"
    return "cluster" if region in clusters() else "province"


def members(region: str) -> list[str]:
    """Return the province codes in a region.

    >>> members("north-upper-1")
    ['TH-50', 'TH-51', 'TH-52', 'TH-58']
    """
    frame = provinces()
    column = {"country": None, "cluster": "cluster", "province": "province"}[level(region)]
    return list(
        frame["province"] if column is None else frame.loc[frame[column] == region, "province"]
    )


def label(region: str) -> str:
    """Return the Thai name that a page shows.

    >>> label("TH"), label("TH-50")
    ('ทั่วประเทศ', 'จังหวัดเชียงใหม่')
    """
    kind, frame = level(region), provinces()
    if kind == "country":
        return "ทั่วประเทศ"
    if kind == "cluster":
        return "กลุ่มจังหวัด" + frame.loc[frame["cluster"] == region, "cluster_th"].iloc[0]
    return "จังหวัด" + frame.loc[frame["province"] == region, "name_th"].iloc[0]
