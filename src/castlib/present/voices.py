"""What people said: themes and quotes, always with how many of how many groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from castlib import lazy, protocol
from castlib.present import figures, notes, readings, tables, thai
from castlib.present.results import Value
from castlib.text import coding
from castlib.text import quotes as quoting

if TYPE_CHECKING:
    from castlib.present.figures import Figure
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.store import Study

CODINGS = "codings: agreed by the coders"


def prevalence(study: Study, kinds: Sequence[str]) -> pd.DataFrame:
    """Return in how many groups of each kind of informant the codes of some kinds were agreed on."""
    found = coding.prevalence(study.codings, study.segments, by="kind")
    leaf = (found["parent"] != "") & found["code_kind"].isin(kinds)
    return found[leaf].reset_index(drop=True)


def _wide(found: pd.DataFrame) -> pd.DataFrame:
    shown = [f"{g}/{a}" for g, a in zip(found["groups"], found["of_groups"], strict=True)]
    return (
        found.assign(shown=shown)
        .pivot(index=["code_kind", "code", "label"], columns="kind", values="shown")
        .reset_index()
    )


def themes(found: pd.DataFrame, caption: str) -> Table:
    """Return the themes by kind of informant, as groups that raised them of groups read."""
    people = found[found["kind"] == "participants"].set_index("code")
    frame = _wide(found)
    order = frame["code"].map(people["groups"]).fillna(-1)
    frame = frame.assign(order=order, speakers=frame["code"].map(people["speakers"]))
    frame = frame.sort_values(["code_kind", "order"], ascending=[False, False])
    kinds = [kind for kind in ("participants", "staff", "partners", "executive") if kind in frame]
    headings = {kind: protocol.informant_label(kind) for kind in kinds}
    return tables.table(
        frame,
        caption,
        ["label", *kinds, "speakers"],
        note="กลุ่มที่กล่าวถึง/กลุ่มที่อ่าน; ผู้พูดคือจำนวนผู้เข้าร่วมโครงการที่กล่าวถึงประเด็น",
        label="ประเด็น",
        speakers="ผู้พูด (คน)",
        **headings,
    )


def themes_figure(found: pd.DataFrame, code_kind: str, caption: str) -> Figure:
    """Return the share of participants' groups that raised each theme, most often first."""
    own = found[(found["kind"] == "participants") & (found["code_kind"] == code_kind)]
    frame = own.assign(percent=(100 * own["share"]).round(1))
    frame = frame.sort_values(["percent", "code"], ascending=[False, True])
    return figures.bars(
        frame,
        label="label",
        value="percent",
        xlabel="ร้อยละของกลุ่มสนทนาผู้เข้าร่วมโครงการ",
        caption=caption,
        alt="; ".join(f"{row.label} {row.groups}/{row.of_groups}" for row in frame.itertuples()),
    )


def first(found: pd.DataFrame, code_kind: str) -> pd.Series | None:
    """Return the theme of a kind that most of the participants' groups raised, if there are any."""
    own = found[(found["kind"] == "participants") & (found["code_kind"] == code_kind)]
    own = own[own["groups"] > 0].sort_values(
        ["groups", "speakers", "code"], ascending=[False, False, True]
    )
    return None if own.empty else own.iloc[0]


def reading(found: pd.DataFrame, code_kind: str) -> Text:
    """Read the themes of a kind: the most widespread, and what nobody raised."""
    most = first(found, code_kind)
    if most is None:
        return notes.reading("ไม่มีกลุ่มใดกล่าวถึงประเด็นด้านนี้ หรือไม่มีข้อความที่ลงรหัสแล้ว")
    own = found[(found["kind"] == "participants") & (found["code_kind"] == code_kind)]
    unsaid = list(own.loc[own["groups"] == 0, "label"])
    said = (
        f"ประเด็นที่กล่าวถึงมากที่สุดคือ{most['label']} ใน {most['groups']} จาก {most['of_groups']} กลุ่ม "
        f"โดยผู้พูด {most['speakers']} คน"
    )
    if unsaid:
        said += f" ประเด็นที่ไม่มีกลุ่มใดกล่าวถึงคือ {thai.listed(unsaid)}"
    return notes.reading(said)


def quotes(study: Study, found: pd.DataFrame, code_kind: str) -> Table | Text:
    """Return quotes for the three most widespread themes of a kind, told by informant and cluster only.

    Where none may be shown the reason is returned.
    """
    own = found[(found["kind"] == "participants") & (found["code_kind"] == code_kind)]
    codes = list(own.sort_values(["groups", "code"], ascending=[False, True])["code"].head(3))
    said = study.segments[study.segments["kind"] == "participants"]
    frame = quoting.choose(said, study.codings, codes)
    if frame.empty:
        return notes.refusal(f"ไม่มีถ้อยคำที่แสดงได้ตามเกณฑ์: {quoting.RULE}")
    return tables.table(
        frame.assign(label=frame["code"].map(readings.theme_labels())),
        "ตัวอย่างถ้อยคำของประเด็นที่กล่าวถึงมากที่สุด",
        ["label", "text", "informant", "place"],
        note=quoting.RULE,
        label="ประเด็น",
        text="ถ้อยคำ",
        informant="ผู้ให้ข้อมูล",
        place="พื้นที่",
    )


def told(said: Table | Text) -> dict[str, Table]:
    """Return two quotes as a named table, for a page that tells a region at a glance.

    They are of the two most widespread themes, where both may be quoted; who spoke is told by the caption.
    """
    if isinstance(said, notes.Text):
        frame = pd.DataFrame({"text": said.paragraphs})
        none = tables.table(frame, "ถ้อยคำของผู้ให้ข้อมูล", ["text"], text="ถ้อยคำ")
        return {"voices": none}
    themes = dict.fromkeys(row[0] for row in said.rows)
    chosen = [next(row for row in said.rows if row[0] == theme) for theme in themes]
    two = (*chosen, *(row for row in said.rows if row not in chosen))[:2]
    short = replace(said, rows=two, note="").only("label", "text")
    return {"voices": replace(short, caption="ถ้อยคำของผู้เข้าร่วมโครงการในประเด็นที่กล่าวถึงมากที่สุด")}


def values(study: Study, found: pd.DataFrame) -> dict[str, Value]:
    """Return the results phase's named values of the text."""
    own = study.segments[study.segments["kind"] == "participants"]
    saved = {
        "groups": Value(int(own["group"].nunique()), 0, "กลุ่ม", source="segments: participants"),
        "segments": Value(len(study.segments), 0, "ข้อความ", source="segments"),
    }
    return saved | _named("theme", first(found, "result"))


def concern_values(found: pd.DataFrame) -> dict[str, Value]:
    """Return the most widespread obstacle and proposal by name, and how many groups were read."""
    own = found[found["kind"] == "participants"]
    groups = int(own["of_groups"].max()) if len(own) else 0
    saved = {"groups": Value(groups, 0, "กลุ่ม", source=CODINGS)}
    return (
        saved
        | _named("obstacle", first(found, "obstacle"))
        | _named("proposal", first(found, "proposal"))
    )


def _named(name: str, most: pd.Series | None) -> dict[str, Value]:
    if most is None:
        return {
            f"{name}.label": Value("ไม่มีประเด็น", source=CODINGS),
            f"{name}.groups": Value(0, 0, "กลุ่ม", source=CODINGS),
        }
    return {
        f"{name}.label": Value(most["label"], source=CODINGS),
        f"{name}.groups": Value(
            int(most["groups"]), 0, "กลุ่ม", int(most["of_groups"]), source=CODINGS
        ),
    }


__getattr__, __dir__ = lazy.offered(__name__)
