"""The intake's report: counted, printed in Thai, kept in build/intake.json.

For files, rows and fields, read = accepted + rejected; `total` raises when it is not so. A file that is
taken in with faults is `warned` and counts as accepted. Exit codes: 0 nothing was refused, 1 something
was (the rest is loaded), 2 the source is unusable and nothing was written. Files that a program or an
operating system left behind are counted as rejected, but do not make the exit code 1.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path

from castlib import paths
from castlib.errors import some
from castlib.intake.arrival import Arrival, Count, thai_time
from castlib.intake.faults import REJECTED, Fault

HARMLESS = "ignored-file"
MOST_SHOWN = 10
NEW_KEY = (
    "กุญแจของรหัสแทนบุคคลไม่ใช่ดอกเดิม (ดอกเดิมหายหรือถูกเปลี่ยน): รหัสแทนบุคคลทุกตัวเป็นชุดใหม่ และเทียบกับชุดเดิมไม่ได้ "
    "ถ้ายังมีกุญแจเดิมให้นำกลับมาแล้วเรียกคำสั่งเดิม"
)


@dataclass(frozen=True)
class Report:
    """What the intake found.

    Attributes: `source` (folder name), `synthetic`, `finished` (ISO time), `digest`, `files`,
    `districts` (with their own faults), `totals`, `faults` (of the country as a whole), `register` (all
    that was ever received), `changes` (sentences: what this intake found new), `new_key` (pseudonyms are
    other ones than before), `exit_code`, and `problem`, the one sentence of an unusable source.
    """

    source: str
    exit_code: int
    synthetic: bool = False
    finished: str = ""
    digest: str = ""
    files: list[dict] = field(default_factory=list)
    districts: list[dict] = field(default_factory=list)
    totals: dict[str, dict] = field(default_factory=dict)
    faults: list[dict] = field(default_factory=list)
    register: list[dict] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    new_key: bool = False
    problem: str | None = None

    def all_faults(self) -> list[dict]:
        """Return every fault: of files, of districts, of the country."""
        parts = [entry["faults"] for entry in (*self.files, *self.districts)]
        return [found for part in (*parts, self.faults) for found in part]

    def lines(self) -> list[str]:
        """Return the summary in Thai, one line a thing."""
        if self.problem:
            return [self.problem]
        mark = " (ข้อมูลจำลอง)" if self.synthetic else ""
        names = {"files": "ไฟล์", "rows": "แถว", "fields": "ช่องข้อมูล"}
        lines = [f"รับข้อมูลจาก {self.source}{mark}"]
        if self.new_key:
            lines.append(NEW_KEY)
        for name, shown in names.items():
            count = self.totals[name]
            lines.append(
                f"{shown}: อ่าน {count['read']:,} = รับ {count['accepted']:,} + ไม่รับ {count['rejected']:,}"
            )
        complete = sum(district["complete"] for district in self.districts)
        late = sum(not district["on_time"] for district in self.districts)
        lines.append(
            f"อำเภอนำร่อง {len(self.districts)} แห่ง: ครบ {complete} ไม่ครบ {len(self.districts) - complete}"
            f" ไม่ทันกำหนดหรือยังไม่ส่ง {late}"
        )
        faults = self.all_faults()
        refused = sum(found["severity"] == REJECTED for found in faults)
        lines.append(f"ข้อที่ต้องแก้ไข: ไม่รับ {refused:,} รายการ เตือน {len(faults) - refused:,} รายการ")
        counted = Counter(found["code"] for found in faults).most_common()
        if counted:
            lines.append("  " + some((f"{code} {n:,}" for code, n in counted), MOST_SHOWN))
        if self.changes:
            when = thai_time(datetime.fromisoformat(self.finished))
            lines += [f"เปลี่ยนจากครั้งก่อน (ตรวจเมื่อ {when}): {self.changes[0]}"]
            lines += [f"  {line}" for line in self.changes[1:]]
        lines.append("หน้าตอบกลับรายจังหวัด: build/intake/index.html")
        return [*lines, "รายละเอียดทุกข้ออยู่ใน build/intake.json"]

    def save(self) -> None:
        """Put the report into build/intake.json, whole or not at all."""
        paths.put_json(file(), asdict(self))


def file() -> Path:
    """Return where the report lies."""
    return paths.build() / "intake.json"


def previous() -> Report | None:
    """Return the report of the last intake; None when there is none that can be read."""
    try:
        known = json.loads(file().read_text(encoding="utf-8"))
        return Report(**{entry.name: known[entry.name] for entry in fields(Report)})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def total(arrivals: list[Arrival]) -> dict[str, dict]:
    """Return the counts of files, rows and fields, and make sure that nothing was lost."""
    refused = sum(arrival.refused for arrival in arrivals)
    counts = {
        "files": Count(len(arrivals), len(arrivals) - refused, refused),
        "rows": sum((arrival.rows for arrival in arrivals), Count()),
        "fields": sum((arrival.fields for arrival in arrivals), Count()),
    }
    wrong = [
        arrival.path
        for arrival in arrivals
        if not (arrival.rows.balanced and arrival.fields.balanced)
        or (arrival.refused and (arrival.rows.accepted or arrival.fields.accepted))
    ]
    if wrong:
        raise RuntimeError(f"intake has lost or invented something in {some(wrong)}")
    return {name: asdict(count) for name, count in counts.items()}


def exit_code(faults: Iterable[Fault]) -> int:
    """Return 1 when something other than a left-behind file was refused, otherwise 0."""
    return int(any(found.severity == REJECTED and found.code != HARMLESS for found in faults))


def entries(districts: list[dict], faults: list[Fault]) -> list[dict]:
    """Return the districts' entries of the report, each with what it has not sent."""
    return [
        {name: value for name, value in district.items() if name != "cluster"}
        | {"faults": [f.record() for f in faults if f.province == district["province"]]}
        for district in districts
    ]
