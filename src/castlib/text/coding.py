"""The codebook, what the coders agree on, and how many people and groups spoke of each code.

A coding is one row of the checked table: a coder gave a segment, or a passage of it, a code, or read it and
found nothing to code (code missing). A segment that a coder has no row for was not read by that coder.
Everything here counts segments: a passage counts for its segment, several with one code once.
"""

from functools import lru_cache
from pathlib import Path

import pandas as pd

from castlib import lazy, paths
from castlib.errors import CastError, UnknownCode, check_code, some

PLACE = ["segment", "group", "kind", "province", "cluster"]


def codebook() -> pd.DataFrame:
    """Return the codebook: one row a code, in the file's order; a parent comes before its children.

    Returns
    -------
    pandas.DataFrame
        code, parent (empty for a theme), kind (driver, result, obstacle, proposal), objective (1–4),
        construct (empty when none), label_th, label_en, definition_th, include_th, exclude_th,
        example_th, date, source (deductive, inductive).

    Raises
    ------
    CastError
        A code is there twice, or a parent is not a theme of the codebook.
    """
    file = paths.data() / "codebook.csv"
    return _read(file, file.stat().st_mtime_ns).copy(deep=False)


@lru_cache(maxsize=2)  # a page asks for it a dozen times
def _read(file: Path, changed: int) -> pd.DataFrame:
    book = pd.read_csv(file, dtype=str, keep_default_na=False)
    twice = book.loc[book["code"].duplicated(), "code"]
    themes = book.loc[book["parent"] == "", "code"]
    lost = book.loc[~book["parent"].isin(["", *themes]), "code"]
    faults = [f"รหัสซ้ำ: {some(twice)}"] if len(twice) else []
    faults += [f"รหัสที่รหัสแม่ไม่ใช่ประเด็นหลักในสมุดรหัส: {some(lost)}"] if len(lost) else []
    if faults:
        raise CastError(f"{file.name}: " + "; ".join(faults))
    return book.astype({"objective": "int64"})


def themes() -> dict[str, str]:
    """Return the theme of every code of the codebook, in its order; a theme is its own."""
    book = codebook()
    return dict(
        zip(book["code"], book["parent"].where(book["parent"] != "", book["code"]), strict=True)
    )


def consensus(codings: pd.DataFrame) -> pd.DataFrame:
    """Return the codes that every coder who read a segment gave it.

    Parameters
    ----------
    codings : pandas.DataFrame
        The checked table: segment, group, kind, province, cluster, coder, code.

    Returns
    -------
    pandas.DataFrame
        One row a segment and code, in the order of the codings: segment, group, kind, province,
        cluster, code, and coders, the number who read the segment (with 1 there was nobody to
        disagree).

    Examples
    --------
    >>> place = {"group": "TH-50", "kind": "participants", "province": "TH-50", "cluster": "x"}
    >>> rows = [("TH-50:1", "a", "p"), ("TH-50:1", "b", "p"), ("TH-50:1", "b", "q")]
    >>> codings = pd.DataFrame(rows, columns=["segment", "coder", "code"]).assign(**place)
    >>> consensus(codings)[["segment", "code", "coders"]].values.tolist()
    [['TH-50:1', 'p', 2]]
    """
    segment, coder, code = (pd.factorize(codings[name])[0] for name in ("segment", "coder", "code"))
    place = pd.DataFrame({"segment": segment, "coder": coder, "code": code})
    readers = place.drop_duplicates(["segment", "coder"]).groupby("segment").size()
    given = place[code >= 0].drop_duplicates()
    givers = given.groupby(["segment", "code"])["coder"].transform("size")
    coders = given["segment"].map(readers)
    agreed = given[givers == coders].drop_duplicates(["segment", "code"])
    each = codings.iloc[agreed.index][[*PLACE, "code"]]
    return each.assign(coders=coders[agreed.index].to_numpy("int64")).reset_index(drop=True)


def prevalence(
    codings: pd.DataFrame, segments: pd.DataFrame, by: str | None = None
) -> pd.DataFrame:
    """Return in how many groups, by how many speakers, in how many segments each code was agreed on.

    Read the groups first: ten people at one table are not ten independent voices. What nobody coded
    is in no count and in no denominator; what was read and left without a code is in the denominator.

    Parameters
    ----------
    codings : pandas.DataFrame
        The checked table.
    segments : pandas.DataFrame
        The checked table; it knows the speakers.
    by : str, optional
        A column of the codings to count within: "kind" (informant group) or "cluster". Rows without a
        value are left out.

    Returns
    -------
    pandas.DataFrame
        Every code of the codebook, in its order (within each value of `by`, whose column comes first),
        also those that nobody gave. A theme counts what any of its codes counts.

        - code, parent, code_kind, construct, label: from the codebook
        - groups, of_groups; speakers, of_speakers; segments, of_segments: with the code, and read
        - share: groups / of_groups, 0–1

    Raises
    ------
    UnknownCode
        A coding has a code that is not in the codebook, or there is no such column.

    Examples
    --------
    >>> given = pd.DataFrame({"segment": ["a:1", "b:1"], "group": ["a", "b"], "coder": "coder-1"})
    >>> given[["kind", "province", "cluster"]] = ["participants", "TH-50", "north-upper-1"]
    >>> given["code"] = ["obstacle_water", None]
    >>> said = pd.DataFrame({"segment": ["a:1", "b:1"], "speaker": ["1", "2"]})
    >>> found = prevalence(given, said).set_index("code")
    >>> found.loc["obstacle_water", ["groups", "of_groups", "share"]].to_list()
    [1.0, 2.0, 0.5]
    """
    book = codebook()
    unknown = sorted(set(codings["code"].dropna()) - set(book["code"]))
    if unknown:
        raise UnknownCode(f"รหัสที่ไม่มีในสมุดรหัส (data/codebook.csv): {some(unknown)}")
    within = [by] if by else []
    for column in within:
        check_code(column, PLACE, "คอลัมน์")
    speaker = segments.set_index("segment")["speaker"]
    read = codings.drop_duplicates("segment")[PLACE].dropna(subset=within)
    read = read.assign(person=read["group"] + " " + read["segment"].map(speaker).fillna(""))
    agreed = read.merge(_with_themes(consensus(codings), book), on="segment")
    rows = pd.Index(book["code"])
    if by:
        rows = pd.MultiIndex.from_product([sorted(read[by].unique()), rows], names=[by, "code"])
    units = {"groups": "group", "speakers": "person", "segments": "segment"}
    frame = pd.DataFrame(index=rows)
    for name, unit in units.items():
        frame[name] = agreed.groupby([*within, "code"])[unit].nunique()
    frame = frame.fillna(0).astype("int64").reset_index()
    for name, unit in units.items():
        of = read.groupby(by)[unit].nunique() if by else read[unit].nunique()
        frame[f"of_{name}"] = frame[by].map(of) if by else of
    frame["share"] = frame["groups"] / frame["of_groups"]
    about = book[["code", "parent", "kind", "construct", "label_th"]]
    about = about.rename(columns={"kind": "code_kind", "label_th": "label"})
    counted = [f"{of}{name}" for name in units for of in ("", "of_")]
    return frame.merge(about, on="code")[[*within, *about, *counted, "share"]]


def _with_themes(agreed: pd.DataFrame, book: pd.DataFrame) -> pd.DataFrame:
    """Return segment and code, and each code's theme as a code of the segment as well."""
    pairs = agreed[["segment", "code"]]
    parent = pairs["code"].map(book.set_index("code")["parent"])
    themes = pairs.assign(code=parent)[parent != ""]
    return pd.concat([pairs, themes], ignore_index=True).drop_duplicates()


__getattr__, __dir__ = lazy.offered(__name__)
