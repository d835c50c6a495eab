"""From a theme back to the forms that it rests on, and what coders should talk over: lists for the team.

The lists name provinces and files. They are for the institute's analysts: they lie in build/coding/, no
page shows them, and no release holds them. The gate (`castlib.privacy.gate`) searches what is published,
the book and the releases, and does not come here; people's names were replaced at intake.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from castlib import lazy, paths
from castlib.errors import check_code
from castlib.text import coding
from castlib.text.answers import disagreements
from castlib.workbooks import safe

if TYPE_CHECKING:
    from castlib.store import Study

TRAIL = ["theme", "theme_label", "code", "code_label", "agreed", "coders", "passages"]
TRAIL += ["segment", "informant", "speaker", "question", "text", "group", "province", "cluster"]
TRAIL += ["source_file", "source_row", "coding_file", "coding_row"]


def trail(study: Study, code: str | None = None, segment: str | None = None) -> pd.DataFrame:
    """Return what a theme, a code or a quote rests on: its segments, their coders and their forms.

    Parameters
    ----------
    study : Study
        The region's checked tables.
    code : str, optional
        A code or a theme of the codebook; every code when left out.
    segment : str, optional
        One segment, for example that of a quote (`castlib.text.quotes.choose` names it).

    Returns
    -------
    pandas.DataFrame
        One row a segment and code that any coder gave it, by theme, code and segment:

        - theme, theme_label, code, code_label
        - agreed: every coder who read the segment gave it the code; only then it is counted on pages
        - coders: who gave it, joined by commas; passages: where, as `coder start–end`, joined by "; "
        - segment, informant (kind), speaker, question, text (of the whole segment)
        - group, province, cluster: missing for staff, partners and executives
        - source_file, source_row: the form in the source folder; coding_file, coding_row: the sheet of
          the first coder who gave it

    Raises
    ------
    UnknownCode
        The codebook has no such code, or the region no such segment.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> where = {"group": "TH-50", "kind": "participants", "province": "TH-50"}
    >>> where |= {"segment": "TH-50:1", "cluster": "north-upper-1", "source_row": 4}
    >>> said = where | {"question": "q1", "turn": 1, "speaker": "1", "text": "ขาดน้ำ"}
    >>> said |= {"source_file": "form.docx"}
    >>> given = where | {"code": "obstacle_water", "coder": "coder-1", "start": 0, "end": 6}
    >>> given |= {"source_file": "coder-1.xlsx"}
    >>> study = SimpleNamespace(segments=pd.DataFrame([said]), codings=pd.DataFrame([given]))
    >>> trail(study, "obstacle_water")[["text", "passages", "source_file"]].values.tolist()
    [['ขาดน้ำ', 'coder-1 0–6', 'form.docx']]
    """
    theme_of, codings = coding.themes(), study.codings
    labels = coding.codebook().set_index("code")["label_th"]
    given = codings.dropna(subset=["code"])
    if code is not None:
        check_code(code, theme_of, "รหัส")
        given = given[(given["code"] == code) | (given["code"].map(theme_of) == code)]
    if segment is not None:
        check_code(segment, set(study.segments["segment"]), "ข้อความ")
        given = given[given["segment"] == segment]
    places = given["coder"] + " " + given["start"].astype(str) + "–" + given["end"].astype(str)
    rows = given.assign(passages=places).groupby(["segment", "code"], sort=False)
    found = rows.agg(
        coders=("coder", _listed),
        passages=("passages", "; ".join),
        coding_file=("source_file", "first"),
        coding_row=("source_row", "first"),
    ).reset_index()
    agreed = pd.MultiIndex.from_frame(coding.consensus(codings)[["segment", "code"]])
    pairs = pd.MultiIndex.from_frame(found[["segment", "code"]])
    found = found.assign(agreed=pairs.isin(agreed), theme=found["code"].map(theme_of))
    found["theme_label"] = found["theme"].map(labels)
    found["code_label"] = found["code"].map(labels)
    said = study.segments.rename(columns={"kind": "informant"})
    found = found.merge(said, on="segment", how="left")
    order = {name: place for place, name in enumerate(theme_of)}
    found = found.sort_values(["group", "turn"], kind="stable")
    found = found.sort_values("code", key=lambda codes: codes.map(order), kind="stable")
    return found[TRAIL].reset_index(drop=True)


def _listed(coders: pd.Series) -> str:
    return ", ".join(dict.fromkeys(coders))


def write(study: Study) -> list[Path]:
    """Write build/coding/trail.csv and, where two coders read something, disagreements.csv.

    UTF-8 with a byte order mark, as spreadsheets want Thai; what they would take for a formula is
    marked as text. Each file is written whole or not at all; where they are is returned. Disagreements of
    an earlier time do not stay when there is nobody left to differ.
    """
    lists = {"trail": trail(study)}
    folder = paths.build() / "coding"
    folder.mkdir(parents=True, exist_ok=True)
    coded = study.codings["code"].notna()
    own = study.codings[study.codings["segment"].isin(study.codings.loc[coded, "segment"])]
    if (own.groupby("segment")["coder"].nunique() > 1).any():
        lists["disagreements"] = disagreements(study.codings, study.segments)
    else:
        (folder / "disagreements.csv").unlink(missing_ok=True)
    written = []
    for name, frame in lists.items():
        file = folder / f"{name}.csv"
        fresh = folder / f".{name}.new"
        frame.map(_plain).to_csv(fresh, index=False, encoding="utf-8-sig")
        os.replace(fresh, file)
        written.append(file)
    return written


def _plain(cell: object) -> object:
    return safe(cell) if isinstance(cell, str) else cell


__getattr__, __dir__ = lazy.offered(__name__)
