"""The collection phase: what arrived, from whom, when, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import instrument, lazy, protocol, regions
from castlib.present import figures, notes, tables, thai
from castlib.present.results import National, Value
from castlib.privacy import cells

if TYPE_CHECKING:
    from castlib.present.figures import Figure
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.store import Study

DISTRICTS = "districts: what each sent"


def districts(study: Study) -> Table:
    """Return every district against what the guideline asks of it."""
    names = regions.provinces().set_index("province")
    per = protocol.load().per_district
    frame = study.districts.assign(
        cluster=study.districts["province"].map(names["cluster_th"]),
        label=study.districts["province"].map(names["name_th"]),
    )
    return tables.table(
        frame,
        "ข้อมูลที่ได้รับรายอำเภอนำร่อง",
        [
            "label",
            "cluster",
            "answers",
            "form",
            "consent",
            "pictures_in_form",
            "photos",
            "on_time",
            "complete",
        ],
        note=(
            f"ครบถ้วน = แบบสอบถาม {per['answers']} คนขึ้นไป มีแบบบันทึกที่รับรองการยินยอมและไม่มีภาพในไฟล์ "
            f"และภาพถ่ายอย่างน้อย {per['photos_min']} ภาพ ไม่ว่าส่งเมื่อใด; "
            f"ทันกำหนด = ส่งภายใน {protocol.thai_date(protocol.load().deadline)}"
        ),
        label="อำเภอนำร่อง จังหวัด",
        answers="แบบสอบถาม",
        form="แบบบันทึก",
        consent="ยินยอม",
        pictures_in_form="ภาพในไฟล์",
        photos="ภาพถ่าย",
        on_time="ทันกำหนด",
        complete="ครบถ้วน",
    )


def reading(study: Study, country: National | None) -> Text:
    """Read the districts' table: how many are complete, and what is lacking most often."""
    frame, per = study.districts, protocol.load().per_district
    lacking = {
        "แบบสอบถามไม่ครบ": int((frame["answers"] < per["answers"]).sum()),
        "ไม่มีแบบบันทึกสนทนากลุ่ม": int((~frame["form"]).sum()),
        "แบบบันทึกไม่รับรองการยินยอม": int((frame["form"] & ~frame["consent"]).sum()),
        "ภาพถ่ายไม่ถึงเกณฑ์": int((frame["photos"] < per["photos_min"]).sum()),
        "มีภาพในแบบบันทึก": int((frame["pictures_in_form"] > 0).sum()),
        "ส่งหลังกำหนด": int((~frame["on_time"]).sum()),
    }
    named = [f"{what} {n} อำเภอ" for what, n in sorted(lacking.items(), key=lambda x: -x[1]) if n]
    complete = int(frame["complete"].sum())
    said = f"ส่งครบถ้วน {complete} จาก {len(frame)} อำเภอ (ร้อยละ {thai.percent(complete, len(frame), 0)}) "
    said += f"ส่วนที่ไม่ครบได้แก่ {thai.listed(named)}" if named else "ไม่มีอำเภอใดขาด"
    if country is not None:
        said += f" ทั่วประเทศได้รับแบบสอบถามร้อยละ {country['response.percent']:.1f} ของที่กำหนด"
    return notes.reading(said)


def timeline() -> Figure:
    """Return the protocol's steps in time, with the deadline."""
    plan = protocol.load()
    steps = plan.timeline()
    frame = pd.DataFrame(
        {
            "step": steps["id"] + " " + steps["who_th"],
            "start": pd.to_datetime(steps["start"]),
            "end": pd.to_datetime(steps["end"]),
            "deadline": pd.Timestamp(plan.deadline),
        }
    )
    named = "; ".join(f"{row.id} {row.dates_th}" for row in steps.itertuples())
    caption = "ขั้นตอนของการศึกษาตามแผน เส้นประคือวันสุดท้ายที่จังหวัดส่งข้อมูล"
    return figures.timeline(frame, caption=caption, alt=named)


def arrivals(study: Study) -> Figure:
    """Return how many answers came on each day."""
    day = study.respondents["submitted_at"].dropna().dt.normalize()
    counts = day.value_counts().sort_index()
    frame = pd.DataFrame(
        {"day": [f"{d.day} {thai.month(d)}" for d in counts.index], "answers": counts.to_numpy()}
    )
    peak = frame.loc[frame["answers"].idxmax()] if len(frame) else None
    return figures.bars(
        frame,
        label="day",
        value="answers",
        xlabel="แบบสอบถามที่ได้รับ (คน)",
        caption="จำนวนแบบสอบถามที่ได้รับรายวัน",
        alt="ไม่มีแบบสอบถาม"
        if peak is None
        else f"มากที่สุดวันที่ {peak['day']} จำนวน {peak['answers']} คน",
    )


def characteristics(study: Study) -> Table:
    """Return Table 1: the respondents by background.

    Only the country's page counts people by category, small cells withheld. A cluster's counts, taken
    from the country's, would tell a withheld cell of another cluster; a cluster's page has the mean and
    spread of what is measured in numbers. Counts by cluster that are protected together are in the
    released data (`castlib.release.counts`).
    """
    tool, rows = instrument.load(), []
    whole = study.region == regions.COUNTRY
    for question in tool.questions.query("role == 'background'").itertuples():
        known = study.respondents[question.variable].dropna()
        if question.type == "integer":
            spread = f"{known.mean():.1f} ({known.std():.1f})"
            rows.append((question.label_th, "x̄ (S.D.)", spread, thai.MISSING))
        elif whole:
            rows += _counted(question.label_th, known, tool.options(question.choices))
    frame = pd.DataFrame(rows, columns=["label", "group", "count", "percent"])
    note = (
        f"ร้อยละของผู้ตอบข้อนั้น; ไม่แสดงจำนวนที่น้อยกว่า {cells.LIMIT} คน"
        if whole
        else "ไม่แสดงจำนวนตามกลุ่มย่อยรายกลุ่มจังหวัด เพราะเมื่อหักลบกันหลายหน้าจะรู้จำนวนน้อยที่ปกปิดไว้ "
        "จำนวนของทั้งประเทศอยู่ในหน้าของทั่วประเทศ"
    )
    columns = ["label", "group", "count", *(["percent"] if whole else [])]
    return tables.table(
        frame,
        "ลักษณะของผู้ตอบแบบสอบถาม",
        columns,
        note=f"n = {len(study.respondents):,}; {note}",
        label="ลักษณะ",
        group="กลุ่ม",
        count="จำนวน" if whole else "ค่า",
        percent="ร้อยละ",
    )


def _counted(label: str, known: pd.Series, options: dict[str, str]) -> list[tuple]:
    """Return a categorical question's rows of Table 1."""
    rows = []
    counts = known.value_counts().reindex(list(options), fill_value=0)
    for code, count in cells.suppress(counts).items():
        small = pd.isna(count)
        shown = "ไม่แสดง" if small else f"{count:,}"
        rows.append(
            (
                label,
                options[code],
                shown,
                thai.MISSING if small else thai.percent(count, len(known)),
            )
        )
    return rows


def informants(study: Study) -> Table:
    """Return the groups and people of the focus groups and interviews, by kind of informant."""
    rows = []
    for kind, groups in study.groups.groupby("kind", sort=False):
        said = study.segments[study.segments["kind"] == kind]
        people = int(groups["n_participants"].fillna(0).sum())
        rows.append(
            (
                protocol.informant_label(kind),
                len(groups),
                people,
                int(groups["consent"].sum()),
                len(said),
            )
        )
    frame = pd.DataFrame(rows, columns=["kind", "groups", "people", "consent", "segments"])
    return tables.table(
        frame,
        "ผู้ให้ข้อมูลเชิงคุณภาพ",
        ["kind", "groups", "people", "consent", "segments"],
        note="ข้อความของกลุ่มที่ไม่รับรองการยินยอมไม่นำเข้าการวิเคราะห์",
        groups="กลุ่ม/ราย",
        people="ผู้ให้ข้อมูล (คน)",
        consent="รับรองการยินยอม",
        segments="ข้อความ",
    )


def missing(study: Study) -> Table:
    """Return how many answers are missing, by construct."""
    tool, rows = instrument.load(), []
    for construct in tool.constructs.itertuples():
        states = ("expected", "actual") if construct.kind == "success" else ("actual",)
        names = [column for state in states for column in tool.columns(construct.construct, state)]
        gaps = study.respondents[names].isna()
        rows.append(
            (construct.name_th, gaps.size, int(gaps.sum().sum()), int(gaps.any(axis=1).sum()))
        )
    frame = pd.DataFrame(rows, columns=["label", "answers", "missing", "people"])
    frame["percent"] = 100 * frame["missing"] / frame["answers"].replace(0, np.nan)
    return tables.table(
        frame,
        "คำตอบที่ขาดในแต่ละองค์ประกอบ",
        ["label", "answers", "missing", "percent", "people"],
        note="ขาด = เว้นว่าง อ่านไม่ได้ หรืออยู่นอกช่วง 1–5",
        answers="คำตอบที่ควรมี",
        missing="ขาด",
        percent="ร้อยละ",
        people="ผู้ที่ขาดอย่างน้อยหนึ่งข้อ",
    )


def faults(study: Study) -> Table:
    """Return the faults found at intake, counted by kind, with one sentence as an example."""
    found = study.faults.groupby(["severity", "code"], as_index=False).agg(
        count=("code", "size"), sentence=("sentence", "first")
    )
    kinds = {"rejected": "ไม่รับ", "warned": "เตือน"}
    return tables.table(
        found.assign(severity=found["severity"].map(kinds)).sort_values("count", ascending=False),
        "สิ่งที่ตรวจพบเมื่อรับข้อมูล",
        ["severity", "code", "count", "sentence"],
        note="ตัวอย่างคือรายการแรกของแต่ละชนิด รายการทั้งหมดอยู่ในทะเบียนของการตรวจรับ",
        severity="ผล",
        code="รหัส",
        count="จำนวน",
        sentence="ตัวอย่าง",
    )


def values(study: Study) -> dict[str, Value]:
    """Return the phase's named values."""
    frame, per = study.districts, protocol.load().per_district
    places, n = len(frame), len(study.respondents)
    expected = places * per["answers"]
    answers = study.respondents[instrument.load().answer_columns]
    people = study.groups[study.groups["kind"] == "participants"]
    severity = study.faults["severity"]
    counts = {
        "n": (n, "คน"),
        "expected": (expected, "คน"),
        "districts": (places, "อำเภอ"),
        "forms": (int(frame["form"].sum()), "อำเภอ"),
        "forms.consented": (int(frame["consent"].sum()), "อำเภอ"),
        "photos.enough": (int((frame["photos"] >= per["photos_min"]).sum()), "อำเภอ"),
        "complete": (int(frame["complete"].sum()), "อำเภอ"),
        "answers.late": (int((~study.respondents["on_time"]).sum()), "คน"),
        "rejected": (int((severity == "rejected").sum()), "รายการ"),
        "warned": (int((severity == "warned").sum()), "รายการ"),
        "participants": (int(people["n_participants"].fillna(0).sum()), "คน"),
        "segments": (len(study.segments), "ข้อความ"),
    }
    if study.region == regions.COUNTRY:
        kinds = study.groups["kind"]
        counts["staff.groups"] = (int(kinds.isin(["staff", "partners"]).sum()), "กลุ่ม")
        counts["executives"] = (int((kinds == "executive").sum()), "คน")
    found = {
        name: Value(count, 0, unit, source=DISTRICTS) for name, (count, unit) in counts.items()
    }
    found["response.percent"] = Value(100 * n / expected, 1, "%", n, source=DISTRICTS)
    came = pd.concat([study.respondents["submitted_at"], study.groups["submitted_at"]]).max()
    last = thai.MISSING if pd.isna(came) else protocol.thai_date(came.date())
    found["received.last"] = Value(last, source="respondents and groups: submitted_at")
    if n:
        gaps = float(100 * answers.isna().to_numpy().mean())
        found["missing.percent"] = Value(gaps, 2, "%", n, source="respondents: answers")
        age = study.respondents["age"].dropna()
        found["age.mean"] = Value(float(age.mean()), 1, "ปี", len(age), source="respondents: age")
    return found


__getattr__, __dir__ = lazy.offered(__name__)
