"""The run told to people who do not program: one Thai page, read offline, in build/run.html."""

import os
from datetime import datetime
from pathlib import Path

from castlib import analyses, paths, protocol, regions
from castlib.run import plan
from castlib.run.report import Outcome, Report

SHOWN = 10
STATUS = {
    "made": "ทำใหม่",
    "reworded": "ปรับเฉพาะข้อความ",
    "reused": "ใช้ของเดิม",
    "failed": "ไม่สำเร็จ",
    "blocked": "ยังไม่ได้ทำ",
    "": "ยังไม่ถึงรอบ",
}
# What to do, by what the error says; the first that fits.
ADVICE = (
    ("หน่วยความจำ", "เครื่องมีหน่วยความจำไม่พอ ให้ปิดโปรแกรมอื่น หรือลดจำนวนงานพร้อมกันด้วย --jobs 1 แล้วสั่งใหม่"),
    ("วินาที จึงหยุด", "ใช้เวลานานเกินกำหนด ให้สั่งใหม่เมื่อเครื่องว่าง ถ้าเป็นอีกให้ส่งหน้านี้ให้ผู้ดูแลโปรแกรม"),
    ("เคอร์เนลหยุด", "โปรแกรมที่คำนวณหยุดเอง ให้สั่งใหม่หนึ่งครั้ง ถ้าเป็นอีกให้ส่งหน้านี้ให้ผู้ดูแลโปรแกรม"),
    ("No space left", "พื้นที่ดิสก์เต็ม ให้ลบไฟล์ที่ไม่ใช้แล้วสั่งใหม่"),
    ("เพราะ TH/", "แก้โน้ตบุ๊กระดับประเทศของระยะเดียวกันก่อน แล้วสั่งใหม่"),
)
GO_ON = "สั่ง make study หรือ cast run อีกครั้งเพื่อทำต่อ งานที่เสร็จแล้วไม่ต้องทำซ้ำ"
OTHERWISE = "เปิดโน้ตบุ๊กใน build/failed ดูเซลล์ที่ผิดพลาด แก้ไข แล้วสั่ง make study ใหม่ งานที่เสร็จแล้วไม่ต้องทำซ้ำ"


def write(report: Report, file: Path) -> None:
    """Write the page, whole or not at all."""
    from jinja2 import Environment, FileSystemLoader

    loader = FileSystemLoader(Path(__file__).parent)
    templates = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    text = templates.get_template("run.html").render(**_content(report))
    new = file.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, file)


def _content(report: Report) -> dict:
    outcomes = {(o.region, o.phase): o for o in report.notebooks}
    codes = list(dict.fromkeys(o.region for o in report.notebooks))
    own = sorted({o.phase for o in report.notebooks}.difference(protocol.PHASES))
    phases = [p for p in (*protocol.PHASES, *own) if any(o.phase == p for o in report.notebooks)]
    blank = Outcome("", "", "", "")
    made = report.made
    finished = datetime.fromisoformat(report.finished)
    slowest = sorted(made, key=lambda o: -o.seconds)[:SHOWN]
    hosts = sorted({o.host for o in made if o.host})
    return {
        "summary": report.summary(),
        "synthetic": report.synthetic,
        "ended": report.ended,
        "ended_advice": _advice(report.ended, GO_ON),
        "finished": f"{protocol.thai_date(finished.date())} เวลา {finished:%H.%M} น.",
        "status": STATUS,
        "counts": {s: len(report.of(s)) for s in STATUS if s and report.of(s)},
        "phases": [analyses.label(phase) for phase in phases],
        "grid": [
            (regions.label(code), [outcomes.get((code, p), blank) for p in phases])
            for code in codes
        ],
        "trouble": [
            (_name(o), o.error, _advice(o.error), _link(o)) for o in report.of("failed", "blocked")
        ],
        "causes": _causes(report),
        "changes": [(_name(o), o.changes[:SHOWN], len(o.changes)) for o in made if o.changes],
        "slowest": [(_name(o), o.seconds, o.memory_mb) for o in slowest],
        "hosts": hosts if len(hosts) > 1 else [],
        "shown": SHOWN,
    }


def _name(outcome: Outcome) -> str:
    return f"{regions.label(outcome.region)} · {analyses.label(outcome.phase)}"


def _advice(error: str, otherwise: str = OTHERWISE) -> str:
    return next((advice for sign, advice in ADVICE if sign in error), otherwise)


def _link(outcome: Outcome) -> str:
    kept = plan.failed(outcome.region, outcome.phase)
    return kept.relative_to(paths.build()).as_posix() if kept.exists() else ""


def _causes(report: Report) -> list[tuple[str, int]]:
    """Return why notebooks were made, and how many for each reason, most first."""
    counts: dict[str, int] = {}
    for outcome in report.of("made", "reworded", "failed"):
        counts[outcome.why] = counts.get(outcome.why, 0) + 1
    return sorted(counts.items(), key=lambda pair: -pair[1])
