"""What a page says of its own data: where it is from, what is missing, what cannot be computed."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from castlib import instrument, lazy, protocol, regions, store
from castlib.present import thai

SYNTHETIC = "ข้อมูลจำลอง"


@dataclass(frozen=True)
class Text:
    """Computed sentences, shown as paragraphs of their own kind: reading, note or refusal."""

    kind: str
    paragraphs: tuple[str, ...]

    def _repr_html_(self) -> str:
        inside = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.paragraphs)
        return f'<div class="cast-{self.kind}">{inside}</div>'

    def __repr__(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(frozen=True)
class Together:
    """Tables, figures and texts shown one under the other."""

    parts: tuple

    def _repr_html_(self) -> str:
        return "".join(part._repr_html_() for part in self.parts)

    def __repr__(self) -> str:
        return "\n".join(repr(part) for part in self.parts)


def together(*parts: object) -> Together:
    """Return tables, figures and texts to be shown by one cell; what is None is left out."""
    return Together(tuple(part for part in parts if part is not None))


def reading(*paragraphs: str) -> Text:
    """Return sentences that read a table or a figure."""
    return Text("reading", paragraphs)


def refusal(reason: str | None) -> Text | None:
    """Return the reason why something is not shown, or None when there is none.

    In a notebook: `notes.refusal(reason) or tables.table(…)`.
    """
    return Text("refusal", (f"ไม่แสดงผลส่วนนี้: {reason}",)) if reason else None


def country_only(region: str, what: str) -> str | None:
    """Return the reason why a national matter is not shown on a region's page, or None for TH."""
    if region == regions.COUNTRY:
        return None
    return f"{what}เป็นเรื่องของทั้งประเทศ ดูได้ที่หน้าของทั่วประเทศ"


def one_district(region: str) -> str | None:
    """Return why a single district's scores are not shown, or None for a larger region."""
    if regions.level(region) != "province":
        return None
    return (
        "อำเภอเดียวมีผู้ตอบสิบคน จึงแสดงเฉพาะตำแหน่งและค่าประมาณแบบหดในระยะการขยายผล "
        "คะแนนของกลุ่มจังหวัดอยู่ในหน้าของกลุ่มจังหวัด"
    )


def data(study: store.Study) -> Text:
    """Return which data a page rests on: n against what was expected, what was missing or left out."""
    per = protocol.load().per_district
    tool = instrument.load()
    places = len(study.districts)
    answers = study.respondents[tool.answer_columns]
    rejected = int((study.faults["severity"] == "rejected").sum())
    people = study.groups[study.groups["kind"] == "participants"]
    consented = int(people["consent"].sum())
    late = int((~study.respondents["on_time"]).sum())
    said = [
        f"หน้านี้ใช้ข้อมูลของ{regions.label(study.region)} รวม {places:,} อำเภอนำร่อง: "
        f"แบบสอบถาม {len(answers):,} คน จากที่กำหนด {places * per['answers']:,} คน "
        f"(ส่งหลังกำหนด {late:,} คน) และบันทึกสนทนากลุ่มที่รับรองการยินยอม {consented:,} "
        f"จาก {places:,} อำเภอ",
        f"คำตอบที่เว้นว่างหรืออ่านไม่ได้มีร้อยละ {thai.percent(answers.isna().sum().sum(), answers.size)} "
        f"ของคำตอบทั้งหมด แต่ละการวิเคราะห์ใช้เฉพาะผู้ที่ตอบครบในส่วนนั้น "
        f"และแสดง n กำกับไว้ มี {rejected:,} รายการที่ไม่รับเข้าการวิเคราะห์ เหตุผลอยู่ในหน้าการจัดเก็บข้อมูล",
    ]
    if store.synthetic():
        said.insert(0, f"{SYNTHETIC}: ทุกตัวเลขและถ้อยคำในหน้านี้สร้างขึ้นเพื่อทดสอบ มิใช่ผลการศึกษาจริง")
    return Text("note", tuple(said))


def limits(*paragraphs: str) -> Text:
    """Return what a page does not show, and how far its readings carry."""
    return Text("note", paragraphs)


__getattr__, __dir__ = lazy.offered(__name__)
