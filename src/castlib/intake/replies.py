"""What is sent back: a page in Thai for each province, as HTML and as Word, and the desk's index of them.

A province's page says what arrived, what is wrong, where, what to do, by when, and what came twice or was
replaced. To it belong the faults of its files, of its rows in the questionnaire's export and of its
district; what belongs to no province stands in the index. A province's page is rewritten when it says
something new: its time of checking is that since which it says what it says.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from castlib import paths, regions
from castlib.intake import pages, sections
from castlib.intake.arrival import thai_time
from castlib.intake.pages import Cell, Heading, Page, Points, Table, Text
from castlib.intake.report import HARMLESS, Report
from castlib.intake.sections import Short
from castlib.intake.values import province_of_folder


def folder() -> Path:
    """Return where the pages lie."""
    return paths.build() / "intake"


def in_place() -> bool:
    """Return whether every page is there."""
    return all(file.is_file() for file in _wanted())


def write(report: Report) -> list[Path]:
    """Write every province's page and the index, and return the files that say something new.

    Pages of provinces that the study no longer has are removed. Whenever this is interrupted, every
    file is whole, and the next intake writes what is missing.
    """
    folder().mkdir(parents=True, exist_ok=True)
    pages.clear(folder(), _wanted())
    desk, written, since = _Desk(report), [], {}
    for district in report.districts:
        page = _province(desk, district)
        since[district["province"]], files = pages.put(folder(), page, desk.checked)
        written += files
    index = pages.html(_index(desk, since), desk.checked)
    return written + pages.replace(folder() / "index.html", index)


def _wanted() -> list[Path]:
    named = [f"{code}.{kind}" for code in regions.members("TH") for kind in ("html", "docx")]
    return [folder() / name for name in (*named, "index.html")]


class _Desk:
    """A report sorted by province (None: of the country): files, faults by part of the page, the past."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.checked = datetime.fromisoformat(report.finished)
        self.notice = "ข้อมูลจำลอง" if report.synthetic else ""
        self.files: dict = defaultdict(list)
        self.parts: dict = defaultdict(lambda: {part: [] for part in sections.PARTS})
        self.past: dict = defaultdict(list)
        for file in report.files:
            self.files[file["province"]].append(file)
        for fault in report.all_faults():
            if fault["code"] != HARMLESS:
                self.parts[fault["province"]][sections.part(fault)].append(fault)
        for entry in report.register:
            if not entry["current"] and entry["kind"] != "ignored":
                self.past[entry["province"]].append(entry)
        self.seen = {(e["path"], e["sha256"]): e["first_seen"] for e in report.register}

    def wrong(self, province: str | None, short: Short) -> Iterator[object]:
        """Yield the sections of what is wrong, and of what came twice or was replaced."""
        parts = self.parts[province]
        yield from sections.wrong(parts, short)
        yield from sections.twice(parts["twice"], self.past[province], self.seen, short)


def _province(desk: _Desk, district: dict) -> Page:
    """Return the page of one province."""
    code = district["province"]
    files, parts = desk.files[code], desk.parts[code]
    short = _shortener(code, files)
    to_do = not district["complete"] or sections.to_do(parts)
    blocks = [_verdict(district, parts), *([sections.by_when(desk.checked)] if to_do else [])]
    blocks += [Heading("สิ่งที่ได้รับ"), sections.checklist(district)]
    blocks += [*desk.wrong(code, short), *sections.elsewhere(files, parts)]
    if to_do:
        blocks += [Heading("วิธีส่ง"), Points(sections.how())]
    blocks += sections.received(files, short)
    return Page(code, f"ผลการตรวจรับข้อมูล {regions.label(code)}", desk.notice, blocks)


def _shortener(code: str, files: list[dict]) -> Short:
    """Return what leaves the province's own folder out of a text, when there is one such folder."""
    folders = {file["path"].rpartition("/")[0] for file in files}
    homes = {home for folder in folders if (home := _home(folder, code))}
    home = homes.pop() if len(homes) == 1 else None
    return lambda text: text.replace(home, "") if home else text


def _home(folder: str, code: str) -> str:
    """Return a folder up to the one that is named after its province; empty without one."""
    names = folder.split("/")
    named = (n for n, name in enumerate(names, start=1) if province_of_folder(name) == code)
    return "".join(f"{name}/" for name in names[: next(named, 0)])


def _verdict(district: dict, parts: dict) -> Text:
    """Return how things stand, in one sentence."""
    if not sections.came(district):
        return Text("ยังไม่ได้รับข้อมูลจากจังหวัดนี้", "bad")
    if not district["complete"]:
        rows = sections.checklist(district).rows[:-1]
        lacking = [f"{row[0].text} {row[3].text[2:]}" for row in rows if row[3].tone == "bad"]
        return Text("ยังไม่ครบตามที่กำหนด: " + " · ".join(lacking), "bad")
    how = "ครบถ้วนและทันกำหนด" if district["on_time"] else "ครบถ้วน แต่มีส่วนที่ส่งหลังกำหนดและนับว่าส่งช้า"
    if counted := sections.to_do(parts):
        what = " · ".join(f"{sections.PARTS[part]} {n} รายการ" for part, n in counted.items())
        return Text(f"ได้รับข้อมูล{how} · {what}", "warn")
    return Text(f"ได้รับข้อมูล{how} ไม่มีข้อที่ต้องแก้ไข ไม่ต้องส่งอะไรเพิ่ม ขอขอบคุณทีมงานและผู้ให้ข้อมูลทุกท่าน", "good")


def _index(desk: _Desk, since: dict[str, datetime]) -> Page:
    """Return the desk's own page: all provinces, and what belongs to none of them."""
    districts = desk.report.districts
    complete = sum(district["complete"] for district in districts)
    came = sum(sections.came(district) for district in districts)
    summary = f"จังหวัด {len(districts)} แห่ง: ครบ {complete} · ยังไม่ครบ {came - complete} · ยังไม่ได้รับ {len(districts) - came}"
    head = ("จังหวัด", "แบบสอบถาม", "แบบบันทึก", "ภาพถ่าย", "สถานะ", *map(sections.PARTS.get, ("fix", "look")),
            "ผลนี้ตั้งแต่", "Word")  # fmt: skip
    rows = [_line(desk, district, since[district["province"]]) for district in districts]
    table = Table(head, (15, 11, 11, 8, 15, 8, 11, 14, 7), rows)
    blocks = [Text(summary, "good" if complete == len(districts) else "warn"), table]
    blocks += [Heading("ส่วนกลาง"), *sections.received(desk.files[None], str)]
    blocks += [*desk.wrong(None, str)] or [Text("ไม่มีข้อที่ต้องแก้ไขในไฟล์ของส่วนกลาง", "good")]
    return Page("index", "ผลการตรวจรับข้อมูลรายจังหวัด", desk.notice, blocks)


def _line(desk: _Desk, district: dict, since: datetime) -> tuple[Cell, ...]:
    """Return a province's line in the index."""
    code, parts = district["province"], desk.parts[district["province"]]
    form = sections.NONE
    if district["form"]:
        form = "มี" if district["consent"] else "มี ไม่ได้รับรอง"
    return (
        Cell(regions.label(code).removeprefix("จังหวัด"), code, link=f"{code}.html"),
        Cell(district["answers"]),
        Cell(form),
        Cell(district["photos"]),
        _stands(district),
        Cell(len(parts["fix"])),
        Cell(len(parts["look"])),
        Cell(thai_time(since)),
        Cell(".docx", link=f"{code}.docx"),
    )


def _stands(district: dict) -> Cell:
    if not sections.came(district):
        return Cell("✗ ยังไม่ได้รับ", tone="bad")
    late = "" if district["on_time"] else " ส่งช้า"
    if district["complete"]:
        return Cell(f"✓ ครบ{late}", tone="good")
    return Cell(f"✗ ยังไม่ครบ{late}", tone="bad")
