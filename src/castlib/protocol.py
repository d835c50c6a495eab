"""The study's protocol: objectives, targets, steps and dates, read from data/protocol.yml.

Dates are ISO in the file and Buddhist era on every page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import yaml

from castlib import lazy, paths
from castlib.errors import check_code

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandas as pd

PHASES = ("instrument", "collection", "success-factors", "results", "guidelines", "scaling")
# what the two strands of evidence may be to each other, in a joint display
VERDICTS = {
    "agree": "สอดคล้องกัน",
    "add": "เสริมกัน",
    "disagree": "ขัดแย้งกัน",
    "silent": "ไม่มีผู้กล่าวถึง",
}
STRANDS = {"numbers": "ตัวเลข", "words": "ถ้อยคำ"}
# the constructs whose being there or not makes the paths to a good outcome (objective 4)
CONDITIONS = ("leadership", "network", "participation", "knowledge")
MONTHS = (
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม"
).split()
BUDDHIST_ERA = 543


@dataclass(frozen=True)
class Protocol:
    """What the guideline sets: the content of data/protocol.yml under its own names."""

    title_th: str
    title_en: str
    pilot: dict
    organisation: dict
    objectives: list[dict]
    targets: dict
    districts_total: int
    per_district: dict
    deadline: date
    analysis: dict
    informants: list[dict]
    steps: list[dict]
    slips: list[dict]
    phases: list[dict]

    def timeline(self) -> pd.DataFrame:
        """Return one row a step, sub-steps included: id, who_th, what_th, start, end, dates_th."""
        import pandas as pd

        rows = [s for step in self.steps for s in (step, *step.get("children", []))]
        frame = pd.DataFrame(rows)[["id", "who_th", "what_th", "start", "end", "precision"]]
        shown = [
            thai_month(s) if p == "month" else thai_period(s, e)
            for s, e, p in zip(frame["start"], frame["end"], frame["precision"], strict=True)
        ]
        return frame.drop(columns="precision").assign(dates_th=shown)


def load() -> Protocol:
    """Return the study's protocol."""
    return Protocol(**_read(paths.data() / "protocol.yml"))


@cache
def _read(file: Path) -> dict:
    return yaml.load(
        file.read_text(encoding="utf-8"), yaml.CSafeLoader
    )  # libyaml: ten times as fast


def phase_label(phase: str) -> str:
    """Return a phase's Thai name.

    >>> phase_label("results")
    'ผลการดำเนินงาน'
    """
    return _phase(phase)["th"]


def objective(phase: str) -> int | None:
    """Return the number of the objective that a phase answers, if it answers one.

    >>> objective("guidelines"), objective("collection")
    (3, None)
    """
    return _phase(phase)["objective"]


def phase_question(phase: str) -> str:
    """Return the question that a phase answers, in Thai.

    >>> phase_question("instrument")
    'เครื่องมือที่ใช้ในการศึกษาเชื่อถือได้เพียงใด'
    """
    return _phase(phase)["question_th"]


def _phase(phase: str) -> dict:
    check_code(phase, PHASES, "ระยะของการศึกษา")
    return next(entry for entry in load().phases if entry["id"] == phase)


def informant_label(kind: str) -> str:
    """Return the Thai name of a kind of informant (participants, staff, partners, executive).

    >>> informant_label("executive")
    'ผู้บริหาร'
    """
    labels = {entry["kind"]: entry["th"] for entry in load().informants}
    return labels[check_code(kind, labels, "กลุ่มผู้ให้ข้อมูล")]


def thai_date(day: date) -> str:
    """Return a day in Thai, Buddhist era.

    >>> from datetime import date
    >>> thai_date(date(2022, 11, 15))
    '15 พฤศจิกายน 2565'
    """
    return f"{day.day} {thai_month(day)}"


def thai_month(day: date) -> str:
    """Return a month in Thai, Buddhist era.

    >>> from datetime import date
    >>> thai_month(date(2023, 2, 1))
    'กุมภาพันธ์ 2566'
    """
    return f"{MONTHS[day.month - 1]} {day.year + BUDDHIST_ERA}"


def thai_period(start: date, end: date) -> str:
    """Return a span of days in Thai, shared parts said once.

    >>> from datetime import date
    >>> thai_period(date(2022, 11, 1), date(2022, 11, 7))
    '1–7 พฤศจิกายน 2565'
    >>> thai_period(date(2022, 10, 31), date(2022, 11, 2))
    '31 ตุลาคม – 2 พฤศจิกายน 2565'
    """
    if start == end:
        return thai_date(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{thai_date(end)}"
    first = f"{start.day} {MONTHS[start.month - 1]}" if start.year == end.year else thai_date(start)
    return f"{first} – {thai_date(end)}"


__getattr__, __dir__ = lazy.offered(__name__)
