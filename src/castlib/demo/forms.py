"""The Word forms of the synthetic country: typed, with tables and real check boxes, and no names."""

from datetime import date, datetime, time, timedelta
from itertools import groupby

import numpy as np

from castlib import instrument, protocol, regions
from castlib.demo import photos, word
from castlib.demo.files import FORM, MARK, THAI_DIGITS, folder
from castlib.demo.flaws import FAMILIES
from castlib.demo.speech import FORMS, STEPS, Group
from castlib.demo.truth import stream

TITLES = {
    "participants": "แบบบันทึกประเด็นสนทนากลุ่ม (Focus Group) สำหรับผู้เข้าร่วมโครงการฯ",
    "staff": "แบบบันทึกประเด็นสนทนากลุ่ม (Focus Group) สำหรับเจ้าหน้าที่โครงการฯ",
    "partners": "แบบบันทึกประเด็นสนทนากลุ่ม (Focus Group) สำหรับหน่วยงานภาคี",
    "executive": "แบบบันทึกการสัมภาษณ์เชิงลึก (In-depth Interview) สำหรับผู้บริหาร",
}
NOTICE = f"{MARK} สร้างขึ้นเพื่อทดสอบระบบ ไม่ใช่ถ้อยคำของบุคคลจริง"
CONSENT = "รับรองว่าผู้เข้าร่วมทุกคนยินยอมให้ข้อมูลในการวิจัย"
CONSENT_BOX = 65001
PICTURE = (320, 240)
LATEST_LATE, SOONEST = 4, 6
BETWEEN_PHOTOS = timedelta(seconds=4)


def path(group: Group) -> str:
    """Return where a group's form lies in the source folder."""
    if group.province:
        return f"{folder(group.province)}/{FORM}"
    return f"{'executives' if group.kind == 'executive' else 'staff'}/{group.name}.docx"


def form(group: Group, fallen: set[str]) -> bytes:
    """Return a group's form with the flaws that fall on it."""
    day, people = protocol.thai_date(group.held_on), f"{len(group.members)} คน"
    if "thai_digits_form" in fallen:
        day, people = day.translate(THAI_DIGITS), people.translate(THAI_DIGITS)
    head = [_about(group), ["วันที่สนทนากลุ่ม", day], ["จำนวนผู้เข้าร่วม", people]]
    members = [[str(k), *member] for k, member in enumerate(group.members, start=1)]
    body = [
        word.paragraph(TITLES[group.kind], "Title"),
        word.paragraph(NOTICE),
        word.table(head, (0.35, 0.65)),
        word.check_box(CONSENT, "consent_unticked" not in fallen, CONSENT_BOX),
        word.table([["ลำดับ", "เพศ", "ภาคเครือข่าย"], *members], (0.15, 0.25, 0.60)),
    ]
    questions = instrument.focus_group()[FORMS[group.kind]]
    for number, question in enumerate(questions.itertuples(), start=1):
        turns = [
            [str(turn.number), f"ผู้ให้ข้อมูล {turn.speaker}", turn.text]
            for turn in group.turns
            if turn.question == question.question
        ]
        body.append(word.paragraph(f"ประเด็นที่ {number} {question.text_th}", "Heading2"))
        body.append(word.table([["ลำดับ", "ผู้ให้ข้อมูล", "ข้อความ"], *turns], (0.10, 0.20, 0.70)))
    image = None
    if "picture_in_form" in fallen:
        body.append(word.picture(*PICTURE))
        image = photos.draw("ภาพที่วางในแบบบันทึก", stream(0, "picture", group.name))
    body.append(word.paragraph(f"จบแบบบันทึก ({MARK})"))
    return word.document(f"{MARK} {TITLES[group.kind]}", body, image)


def _about(group: Group) -> list[str]:
    """Return the first row of the head: which province, or which kind of group."""
    if group.province:
        names = regions.provinces().set_index("province")["name_th"]
        return ["จังหวัด", names[group.province]]
    kinds = {"partners": "หน่วยงานภาคี", "executive": "ผู้บริหาร"}
    centre = f"เจ้าหน้าที่ศูนย์ศึกษาฯ แห่งที่ {group.name.removeprefix('centre-').lstrip('0')}"
    return ["ประเภท", kinds.get(group.kind, centre)]


def write(groups: list[Group], flaws: dict[str, set[str]]) -> tuple[dict[str, bytes], list[dict]]:
    """Return every form by its path, and the flaws of the provinces' forms, missing ones included."""
    files = {path(group): form(group, flaws.get(group.name, set())) for group in groups}
    found = [
        {"kind": kind, "province": province, "file": f"{folder(province)}/{FORM}"}
        for province, fallen in flaws.items()
        for kind in FAMILIES["form"]
        if kind in fallen
    ]
    return files, found


def uploads(
    seed: int, groups: list[Group], photo_paths: list[str], flaws: dict[str, set[str]]
) -> dict[str, datetime]:
    """Return when each form and photo reached the drive: all in time but the late forms."""
    study = protocol.load()
    deadline = study.deadline
    last = next(s for s in study.timeline().itertuples() if s.id == STEPS["participants"]).end
    came = {}
    for group in groups:
        random = stream(seed, "upload", group.name)
        left = (deadline - group.held_on).days
        day = group.held_on + timedelta(days=int(random.integers(0, min(left, SOONEST) + 1)))
        if "late_form" in flaws.get(group.name, set()):
            day = deadline + timedelta(days=int(random.integers(1, LATEST_LATE + 1)))
        came[path(group)] = _at(day, random)
    for place, own in groupby(photo_paths, key=lambda photo: photo.rpartition("/")[0]):
        random = stream(seed, "upload", place)
        start = _at(
            last + timedelta(days=int(random.integers(0, (deadline - last).days + 1))), random
        )
        came |= {photo: start + BETWEEN_PHOTOS * number for number, photo in enumerate(own)}
    return came


def _at(day: date, random: np.random.Generator) -> datetime:
    """Return a moment of a working day."""
    return datetime.combine(day, time(8)) + timedelta(seconds=int(random.integers(0, 10 * 3600)))
