"""How the words were coded, and how far that carries: agreement, saturation, member checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import lazy, protocol, regions
from castlib.present import figures, notes, readings, tables, thai
from castlib.present.results import Value, or_dash
from castlib.text import agreement as coders
from castlib.text import coding, unitizing
from castlib.text import member_checks as checks
from castlib.text import saturation as saturating

if TYPE_CHECKING:
    from castlib.present.figures import Figure
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.store import Study
    from castlib.text.agreement import Agreement
    from castlib.text.unitizing import Unitizing

CODINGS = "codings: agreed by the coders"
LEAST_SEGMENTS = 10
# what the country's chapter tells, a dash where it could not be computed
NATIONAL = (
    "agreement.alpha",
    "agreement.codes",
    "agreement.cu",
    "saturation.groups",
    "saturation.codes",
)


@dataclass(frozen=True, repr=False)
class Coded:
    """What a page shows of the coding, computed once.

    `why_not` says in Thai why the coders cannot be compared; then `agreed` and `marked` are None.
    """

    study: Study
    consensus: pd.DataFrame
    why_not: str | None
    agreed: Agreement | None
    marked: Unitizing | None
    saturation: pd.DataFrame


def examine(study: Study) -> Coded:
    """Return how a region's words were coded: agreement, passages, saturation by kind of informant."""
    why_not, consensus = _cannot_compare(study), coding.consensus(study.codings)
    return Coded(
        study,
        consensus,
        why_not,
        agreed=None if why_not else coders.agreement(study.codings),
        marked=None if why_not else unitizing.unitizing(study.codings, study.segments),
        saturation=saturating.saturation(consensus, study.codings, by="kind"),
    )


def saturation(coded: Coded) -> Table:
    """Return after how many groups no new theme came up, by kind of informant."""
    frame = coded.saturation
    ends = zip(frame["after_low"], frame["after_high"], strict=True)
    frame = frame.assign(
        label=frame["kind"].map(protocol.informant_label),
        spread=[thai.MISSING if low != low else f"{low:.0f}–{high:.0f}" for low, high in ends],
        percent=100 * frame["reached"],
    )
    return tables.table(
        frame,
        "ความอิ่มตัวของประเด็น",
        ["label", "groups", "codes", "after", "spread", "percent", "reason"],
        decimals=0,
        note=(
            f"วิธีของ Guest, Namey และ Chen (2020): ฐาน {saturating.BASE} กลุ่ม ช่วงตรวจ {saturating.RUN} กลุ่ม "
            f"เกณฑ์ {100 * saturating.THRESHOLD:.0f}% สุ่มลำดับกลุ่ม {saturating.ORDERS:,} ครั้ง; "
            "อิ่มตัวเมื่อกลุ่มในช่วงตรวจให้ประเด็นใหม่ไม่เกินเกณฑ์ของจำนวนประเด็นในฐาน "
            "สมุดรหัสมีก่อนการอ่าน จึงบอกได้เพียงว่าพบประเด็นในสมุดรหัสครบเร็วเพียงใด"
        ),
        label="กลุ่มผู้ให้ข้อมูล",
        groups="กลุ่ม",
        codes="ประเด็น",
        after="อิ่มตัวหลังกลุ่มที่",
        spread="ช่วง 95%",
        percent="ลำดับที่อิ่มตัว (ร้อยละ)",
        reason="เหตุที่ไม่คำนวณ",
    )


def saturation_figure(coded: Coded) -> Figure | Text:
    """Return how many themes were known after 1, 2, … groups, by kind of informant, with its band."""
    found = coded.saturation[coded.saturation["reason"] == ""]
    if found.empty:
        return notes.refusal("มีกลุ่มไม่พอจะวาดเส้นสะสมของประเด็นใหม่")
    known = saturating.curve(coded.consensus, coded.study.codings, by="kind")
    drawing, axes = figures.blank(3.6)
    colours = (figures.BLUE, figures.ORANGE, figures.GREEN, figures.GREY)
    for colour, style, row in zip(
        colours, ("-", "--", ":", "-."), found.itertuples(), strict=False
    ):
        own = known[known["kind"] == row.kind]
        label = protocol.informant_label(row.kind)
        axes.plot(own["group_number"], own["codes"], style, color=colour, label=label)
        ends = own["codes_low"], own["codes_high"]
        axes.fill_between(own["group_number"], *ends, color=colour, alpha=0.15, linewidth=0)
        if row.reached:
            axes.plot(
                row.after,
                np.interp(row.after, own["group_number"], own["codes"]),
                "D",
                color=colour,
            )
    axes.set(xlabel="จำนวนกลุ่มที่อ่าน", ylabel="จำนวนประเด็นที่พบสะสม", xscale="log")
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100) if tick <= known["group_number"].max()]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.legend(loc="lower right")
    reached = [
        f"{protocol.informant_label(row.kind)} {row.codes} ประเด็น จาก {row.groups} กลุ่ม "
        + (f"อิ่มตัวหลังกลุ่มที่ {row.after:.0f}" if row.reached else "ไม่อิ่มตัว")
        for row in found.itertuples()
    ]
    return figures.finish(
        drawing,
        "จำนวนประเด็นที่พบสะสมตามจำนวนกลุ่มที่อ่าน (ค่าเฉลี่ยและช่วง 95% ของลำดับที่สุ่ม; ◆ จุดอิ่มตัว)",
        "; ".join(reached),
        figures.numbers(
            known.assign(kind=known["kind"].map(protocol.informant_label)),
            {
                "kind": "กลุ่มผู้ให้ข้อมูล",
                "group_number": "จำนวนกลุ่มที่อ่าน",
                "codes": "ประเด็นที่พบสะสม",
                "codes_low": "95% ล่าง",
                "codes_high": "95% บน",
            },
            1,
        ),
    )


def agreement(coded: Coded) -> Table | Text:
    """Return how far the coders agree, code by code, on segments and on passages."""
    found, marked = coded.agreed, coded.marked
    if coded.why_not:
        return notes.refusal(coded.why_not)
    if found.codes["segments"].max() < LEAST_SEGMENTS:
        return notes.refusal(
            f"ไม่มีรหัสใดที่ผู้ลงรหัสให้ถึง {LEAST_SEGMENTS} ข้อความ ค่าความสอดคล้องจึงไม่แน่นอนเกินไป"
        )
    frame = found.codes.assign(label=found.codes["code"].map(readings.theme_labels()))
    frame = frame.rename(columns={"alpha_low": "ci_low", "alpha_high": "ci_high"})
    own = marked.codes.set_index("code")
    frame = frame.assign(c=frame["code"].map(own["alpha"]), cu=frame["code"].map(own["cu"]))
    coefficients = ["both", "kappa", "alpha", "ci_low", "ci_high", "c", "cu"]
    frame[coefficients] = frame[coefficients].where(frame["segments"] >= LEAST_SEGMENTS)
    return tables.table(
        frame,
        "ความสอดคล้องของผู้ลงรหัส",
        ["label", "segments", "both", "kappa", "alpha", "ci", "c", "cu"],
        note=(
            f"เทียบ {found.segments:,} ข้อความที่ผู้ลงรหัสอย่างน้อยสองคนอ่าน ในจำนวนนี้ {found.uncoded:,} "
            f"ข้อความไม่มีผู้ให้รหัส; α ของ Krippendorff รวมทุกรหัส = {found.alpha:.2f} "
            f"{thai.interval(found.alpha_low, found.alpha_high)} ช่วงจากการสุ่มข้อความซ้ำ; "
            f"รหัสที่มีผู้ให้ไม่ถึง {LEAST_SEGMENTS} ข้อความไม่แสดงค่า; "
            "ให้ตรงกัน = สัดส่วนที่ทั้งสองคนให้รหัส เมื่อมีอย่างน้อยหนึ่งคนให้; "
            f"c-α และ cu-α (Krippendorff และคณะ 2016) นับเป็นอักขระ {marked.characters:,} อักขระ "
            f"จาก {marked.groups:,} กลุ่ม: c-α ถือว่าส่วนที่ไม่ลงรหัสเป็นคำตอบ "
            "cu-α ดูเฉพาะส่วนที่ทั้งสองคนลงรหัสในประเด็นหลักเดียวกันว่าเลือกรหัสเดียวกันหรือไม่; "
            f"Cu-α ระหว่างประเด็นหลัก = {thai.number(marked.cu)} "
            f"{thai.interval(marked.cu_low, marked.cu_high)} ช่วงจากการสุ่มกลุ่มซ้ำ"
        ),
        label="รหัส",
        segments="ข้อความ",
        both="ให้ตรงกัน",
        kappa="κ",
        alpha="α",
        c="c-α",
        cu="cu-α",
    )


def _cannot_compare(study: Study) -> str | None:
    read = study.codings.groupby("segment")["coder"].nunique()
    if (read < 2).all():
        return "ไม่มีข้อความที่ผู้ลงรหัสสองคนอ่าน จึงเทียบความสอดคล้องไม่ได้"
    shared = study.codings["segment"].map(read) > 1
    if study.codings.loc[shared, "code"].isna().all():
        return "ไม่มีข้อความใดที่ผู้ลงรหัสสองคนอ่านและมีรหัส"
    return None


def lists() -> Text:
    """Say how the analysts get the trail from a theme to its forms, and what coders differ on."""
    return notes.limits(
        "ทุกประเด็นสืบย้อนได้ถึงข้อความ ผู้ลงรหัส แบบบันทึก และแถวในไฟล์ รายการสืบย้อนกับรายการข้อความที่ผู้ลงรหัสเห็นต่างกัน "
        "ระบุถึงจังหวัดจึงใช้ภายในเท่านั้น หน้าหนังสือแสดงเพียงกลุ่มผู้ให้ข้อมูลกับกลุ่มจังหวัด (วิธีขอรายการอยู่ในภาคผนวก จ)"
    )


def member_checks(study: Study) -> Table | Text:
    """Return to how many groups the findings were brought back, by whom in role, and what changed."""
    found = checks.member_checks(study)
    if found.empty:
        return notes.limits(
            "ยังไม่มีบันทึกว่านำข้อค้นพบกลับไปให้กลุ่มผู้ให้ข้อมูลตรวจสอบ (member checking) "
            "จึงยังไม่ทราบว่าผู้ให้ข้อมูลเห็นตรงกับการตีความของนักวิจัยหรือไม่"
        )
    held = study.groups.groupby("kind")["group"].nunique()
    rows = [
        {
            "label": protocol.informant_label(kind),
            "returned": f"{own['group'].nunique()}/{held[kind]}",
            "by": thai.listed(
                [name for role, name in checks.ROLES.items() if role in set(own["by"])]
            ),
            **own["outcome"].value_counts().reindex(checks.OUTCOMES, fill_value=0),
            "changes": "; ".join(own["what_changed"][own["what_changed"] != ""]) or thai.MISSING,
        }
        for kind, own in found.groupby("kind")
    ]
    return tables.table(
        pd.DataFrame(rows),
        "การนำข้อค้นพบกลับไปให้ผู้ให้ข้อมูลตรวจสอบ",
        ["label", "returned", "by", *checks.OUTCOMES, "changes"],
        note="กลุ่มที่นำกลับไป/กลุ่มทั้งหมด; ผลนับเป็นครั้งที่นำกลับไป ผู้นำกลับแสดงเป็นบทบาท",
        label="กลุ่มผู้ให้ข้อมูล",
        returned="กลุ่ม",
        by="ผู้นำกลับ",
        changes="สิ่งที่เปลี่ยน",
        **checks.OUTCOMES,
    )


def values(coded: Coded) -> dict[str, Value]:
    """Return the named values of coding: agreement and saturation for TH, member checks for all."""
    study, agreed = coded.study, coded.agreed
    checked = int(checks.member_checks(study)["group"].nunique())
    held = int(study.groups["group"].nunique())
    saved = {
        "member_checks.groups": Value(checked, 0, "กลุ่ม", held, source="data/member_checks.csv")
    }
    if study.region != regions.COUNTRY:
        return saved
    if coded.why_not:
        return or_dash(saved, *NATIONAL)
    ends = (agreed.alpha_low, agreed.alpha_high)
    saved["agreement.alpha"] = Value(agreed.alpha, 2, "", agreed.segments, ends, CODINGS)
    saved["agreement.codes"] = Value(len(agreed.codes), 0, "รหัส", source=CODINGS)
    saved |= _cu(coded.marked)
    reached = coded.saturation.query("kind == 'participants' and reached > 0")
    if len(reached):
        found = reached.iloc[0]
        ends = (found["after_low"], found["after_high"])
        n = int(found["groups"])
        saved["saturation.groups"] = Value(found["after"], 0, "กลุ่ม", n, ends, CODINGS)
        saved["saturation.codes"] = Value(int(found["codes"]), 0, "ประเด็น", n, source=CODINGS)
    return or_dash(saved, *NATIONAL)


def _cu(marked: Unitizing) -> dict[str, Value]:
    if np.isnan(marked.cu):
        return {}
    ends = None if np.isnan(marked.cu_low) else (marked.cu_low, marked.cu_high)
    return {"agreement.cu": Value(marked.cu, 2, "", marked.groups, ends, CODINGS)}


__getattr__, __dir__ = lazy.offered(__name__)
