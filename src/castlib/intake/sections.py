"""The sections of a page that is sent back: what came, what is wrong, what came twice, how to send.

Each takes entries of the intake's report as they are, and `short`, which leaves out of a text what its
reader need not be told, such as the folder that all of a province's files lie in.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby

from castlib import protocol
from castlib.intake.arrival import deadline, is_late, thai_time
from castlib.intake.faults import REJECTED
from castlib.intake.pages import Cell, Heading, Points, Table, Text

Short = Callable[[str], str]
MOST_PLACES, MOST_FILES = 10, 200
PARTS = {
    "fix": "ต้องแก้ไข",
    "lacking": "ต้องส่งเพิ่ม",
    "look": "โปรดตรวจสอบ",
    "late": "ส่งหลังกำหนด",
    "twice": "ได้รับซ้ำหรือแทนฉบับเดิม",
}
# not mistakes in a file: what is still to come, and what came more than once
LACKING = {"answers-few", "form-missing", "photos-few"}
SENT_AGAIN = {"register-twice", "row-submission-twice"}  # nothing has to be done about it
TWICE = SENT_AGAIN | {"form-twice", "photo-twice", "row-twice", "row-sender-twice",
                      "questionnaire-twice", "ioc-twice", "coding-coder-twice",
                      "verdicts-twice"}  # fmt: skip
SMALL, NONE = "small", "–"
KINDS = {
    "form": "แบบบันทึก (Word)",
    "photo": "ภาพถ่าย",
    "questionnaire": "แบบสอบถามออนไลน์",
    "register": "ทะเบียนการอัปโหลด",
    "ioc": "คะแนนผู้เชี่ยวชาญ",
    "coding": "การลงรหัสข้อความ",
    "project": "โครงการลงรหัส",
    "verdicts": "คำตัดสินของผู้วิจัย",
    "sheet": "ตารางข้อมูล",
    "notice": "ป้ายข้อมูลจำลอง",
    "ignored": "ไฟล์ที่ระบบสร้างเอง",
}
STATUSES = {
    "accepted": Cell("✓ รับไว้", tone="good"),
    "warned": Cell("✓ รับไว้ มีข้อสังเกต", tone="good"),
    "rejected": Cell("✗ ไม่รับ", tone="bad"),
}
WHOLE_LIST = "(รายการทั้งหมดอยู่ที่ทีมวิเคราะห์ ในไฟล์ build/intake.json)"
OF_THE_COUNTRY = (
    "ข้อที่อยู่ในไฟล์ของส่วนกลาง เช่น ไฟล์ส่งออกแบบสอบถามออนไลน์ จังหวัดไม่ต้องส่งไฟล์นั้น "
    "ให้แจ้งข้อมูลที่ถูกต้องกลับมาพร้อมเลขแถว"
)


def part(fault: dict) -> str:
    """Return the part of the page in which a fault stands."""
    if fault["code"] in TWICE:
        return "twice"
    if fault["code"] in LACKING:
        return "lacking"
    if fault["code"].endswith("-late"):
        return "late"
    return "fix" if fault["severity"] == REJECTED else "look"


def came(district: dict) -> bool:
    """Return whether anything of a district came that could be used."""
    return bool(district["answers"] or district["form"] or district["photos"])


def to_do(parts: dict) -> dict[str, int]:
    """Return how many faults of each part someone has to look after, parts without any left out."""
    counted = {name: len(parts[name]) for name in ("fix", "lacking", "look")}
    counted["twice"] = sum(fault["code"] not in SENT_AGAIN for fault in parts["twice"])
    return {name: n for name, n in counted.items() if n}


def by_when(checked: datetime) -> Text:
    """Return until when to send, or that the time has passed, seen from the day of checking."""
    due = f"ขอให้แก้ไขและส่งเพิ่มภายในวันที่ {deadline()} ไฟล์ที่ส่งหลังจากนั้นยังรับ แต่นับว่าส่งช้า"
    if is_late(checked):
        due = f"กำหนดส่งคือวันที่ {deadline()} ซึ่งผ่านไปแล้ว ไฟล์ที่ส่งเพิ่มหรือแก้ไขยังรับและนำไปใช้ โดยนับว่าส่งช้า ขอให้ส่งโดยเร็ว"
    return Text(due, "due")


def checklist(district: dict) -> Table:
    """Return what came against what was asked for; the last row is punctuality."""
    asked, due = protocol.load().per_district, f"ภายใน {deadline()}"
    answers, photos, form = district["answers"], district["photos"], district["form"]
    n, least, pictures = asked["answers"], asked["photos_min"], district["pictures_in_form"]
    consent = "รับรองแล้ว" if district["consent"] else "ไม่ได้รับรอง"
    time = "มีส่วนที่ส่งช้า" if came(district) else "ยังไม่ได้รับ"
    whole = answers >= n and form and photos >= least
    if district["on_time"]:
        time = "ทันกำหนด" if whole else "ยังมาไม่ครบ"
    lines = [
        ("แบบสอบถามออนไลน์", f"{n} ชุด", f"{answers} ชุด", answers >= n, f"ขาด {n - answers} ชุด"),
        ("แบบบันทึกสนทนากลุ่ม", "1 ไฟล์", f"{int(form)} ไฟล์", form, "ยังไม่ได้รับ"),
        ("ความยินยอมในแบบบันทึก", "รับรอง", consent, district["consent"], consent),
        ("รูปภาพในแบบบันทึก", "ไม่มี", f"{pictures} รูป", not pictures, f"มี {pictures} รูป"),
        ("ภาพถ่าย", f"อย่างน้อย {least} ภาพ", f"{photos} ภาพ", photos >= least, f"ขาด {least - photos} ภาพ"),
        ("กำหนดส่ง", due, time, district["on_time"] and whole, time),
    ]  # fmt: skip
    if not form:
        lines[2:4] = []
    rows = []
    for what, wanted, got, well, bad in lines:
        sign = Cell("✓ ผ่าน", tone="good") if well else Cell(f"✗ {bad}", tone="bad")
        rows.append((Cell(what), Cell(wanted), Cell(got), sign))
    return Table(("รายการ", "ที่กำหนด", "ที่ได้รับ", "ผล"), (30, 28, 20, 22), rows)


def received(files: list[dict], short: Short) -> Iterator[Heading | Text | Table]:
    """Yield the list of files with kind, outcome and time."""
    yield Heading("ไฟล์ที่ได้รับ")
    if not files:
        yield Text("ยังไม่ได้รับไฟล์", SMALL)
        return
    first = files[0]["path"]
    if len(first) > len(short(first)):
        yield Text(f"โฟลเดอร์: {first.removesuffix(short(first)).rstrip('/')}", SMALL)
    rows = []
    for file in files[:MOST_FILES]:
        sent = file["submitted_at"] and datetime.fromisoformat(file["submitted_at"])
        late = "หลังกำหนด" if sent and is_late(sent) and file["province"] else ""
        kind = KINDS.get(file["kind"], "ไม่รู้ชนิด")
        when = Cell(thai_time(sent) if sent else NONE, late)
        rows.append((Cell(short(file["path"])), Cell(kind), STATUSES[file["status"]], when))
    yield Table(("ไฟล์", "ชนิด", "ผลการตรวจ", "ส่งถึงเมื่อ"), (36, 19, 21, 24), rows)
    if len(files) > MOST_FILES:
        yield Text(f"และอีก {len(files) - MOST_FILES:,} ไฟล์ {WHOLE_LIST}", SMALL)


def wrong(parts: dict, short: Short) -> Iterator[Heading | Points | Table]:
    """Yield the parts that say what is wrong, those with nothing in them left out."""
    for name in ("fix", "lacking", "look", "late"):
        if faults := parts[name]:
            yield Heading(f"{PARTS[name]} ({len(faults):,} รายการ)")
            if name == "lacking":
                yield Points([fault["sentence"] for fault in faults])
            else:
                yield _faults(faults, short)


def _faults(faults: list[dict], short: Short) -> Table:
    """Return faults by kind, at most ten places of a kind, equal ones of a file in one row."""
    rows = []
    for code, same in groupby(sorted(faults, key=lambda f: f["code"]), key=lambda f: f["code"]):
        alike, merged = [*same], defaultdict(list)
        for fault in alike[:MOST_PLACES]:
            sentence = fault["sentence"].removeprefix(f"{fault['place']}: ")
            merged[fault["path"], sentence].append(fault["place"])
        for (path, sentence), places in merged.items():
            where = "; ".join(filter(None, places)) or ("ทั้งไฟล์" if path else NONE)
            what = Cell(short(sentence), f"รหัส {code}")
            rows.append((Cell(short(path) or NONE), Cell(where), what))
        if (more := len(alike) - MOST_PLACES) > 0:
            text = f"และอีก {more:,} แห่งในลักษณะเดียวกัน {WHOLE_LIST}"
            rows.append((Cell(""), Cell(""), Cell(text, f"รหัส {code}")))
    return Table(("ไฟล์", "ตำแหน่ง", "สิ่งที่พบ และสิ่งที่ต้องทำ"), (26, 26, 48), rows)


def twice(
    faults: list[dict], past: list[dict], seen: dict, short: Short
) -> Iterator[Heading | Text | Table | Points]:
    """Yield what came more than once, and the past of what is there no longer.

    `past` are entries of the register that are no longer current; `seen` has, by path and sha256, when
    a content was first seen.
    """
    if faults or past:
        yield Heading(PARTS["twice"])
    if faults:
        yield _faults(faults, short)
    latest = sorted(past, key=lambda entry: entry["first_seen"], reverse=True)
    if past:
        yield Text("ฉบับก่อนหน้า ซึ่งไม่ใช้แล้วและเก็บไว้ในทะเบียน", SMALL)
        yield Points([_formerly(entry, seen, short) for entry in latest[:MOST_PLACES]])
    if len(past) > MOST_PLACES:
        yield Text(f"และอีก {len(past) - MOST_PLACES:,} ฉบับ {WHOLE_LIST}", SMALL)


def _formerly(entry: dict, seen: dict, short: Short) -> str:
    outcome = STATUSES[entry["status"]].text[2:]
    text = f"{short(entry['path'])}: ฉบับที่ตรวจเมื่อ {_time(entry['first_seen'])} ({outcome})"
    if entry["gone"]:
        return f"{text} ไม่มีในโฟลเดอร์แล้ว"
    since = seen.get((entry["path"], entry["replaced_by"]))
    return f"{text} ถูกแทนด้วยฉบับใหม่" + (f"ซึ่งตรวจเมื่อ {_time(since)}" if since else "")


def _time(iso: str) -> str:
    return thai_time(datetime.fromisoformat(iso))


def how() -> list[str]:
    """Return what to send in which format."""
    asked = protocol.load().per_district
    return [
        "แบบบันทึกสนทนากลุ่ม: พิมพ์ใน Word ตามแบบเดิม บันทึกเป็น .docx จังหวัดละ 1 ไฟล์ ทำเครื่องหมายรับรองความยินยอม ไม่วางรูปภาพ ไม่ตั้งรหัสผ่าน และไม่มีมาโคร",
        f"ภาพถ่าย: ไฟล์ JPEG, PNG หรือ HEIC ที่ไม่ซ้ำกัน อย่างน้อย {asked['photos_min']} ภาพ แยกจากแบบบันทึก",
        f"แบบสอบถาม: ตอบทางแบบสอบถามออนไลน์ คนละ 1 ครั้ง อำเภอละ {asked['answers']} คน",
        "ไฟล์ที่แก้ไข: ใช้ชื่อเดิมและวางแทนไฟล์เดิมในโฟลเดอร์ของจังหวัด ไฟล์ที่รับไว้แล้วและไม่มีข้อแก้ไขไม่ต้องส่งซ้ำ",
        "ไม่ต้องใส่ชื่อ หมายเลขโทรศัพท์ หรือเลขประจำตัวประชาชนของผู้ให้ข้อมูล ทั้งในไฟล์และในชื่อไฟล์",
    ]


def elsewhere(files: list[dict], parts: dict) -> Iterator[Text]:
    """Yield a remark when something has to be put right in a file that is not the province's own."""
    own = {file["path"] for file in files} | {""}
    found = (fault for name in ("fix", "look", "twice") for fault in parts[name])
    if any(fault["path"] not in own and fault["code"] not in SENT_AGAIN for fault in found):
        yield Text(OF_THE_COUNTRY, SMALL)
