"""The files of the synthetic country, in the very formats that provinces and coders send.

Each function returns the bytes of files by their path in the source folder, and the flaws that it put
into them. Every file says ข้อมูลจำลอง: a sheet in a last column of remarks.
"""

import csv
import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import product

import numpy as np
import pandas as pd

from castlib import instrument, protocol, regions
from castlib.demo import photos
from castlib.demo.flaws import FAMILIES
from castlib.demo.speech import Turn
from castlib.demo.truth import EXPERTS, Truth, stream

MARK, REMARKS = "ข้อมูลจำลอง", "หมายเหตุ"
QUESTIONNAIRE, RECEIVED = "questionnaire.csv", "received.csv"
FORM = "แบบบันทึกสนทนากลุ่ม.docx"
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
NOT_ON_THE_SCALE = "7"
THAI_DIGIT_PEOPLE = 3
FEWEST_PHOTOS = 3
MARKED, ENDS_EARLY = 0.5, 0.25
CODING_BEGINS, CODED_A_DAY = datetime(2022, 11, 17, 9), 400
DOUBLE_CLICK = timedelta(seconds=3)
SYNTHETIC = (
    "ข้อมูลจำลอง\n\n"
    "โฟลเดอร์นี้เป็นประเทศจำลองที่คำสั่ง cast demo สร้างขึ้นจากเลขตั้งต้น {seed} ตามรูปแบบไฟล์ที่จังหวัดส่งจริง\n"
    "ไม่มีข้อมูลของบุคคลจริง ไม่ใช่ผลการศึกษา และห้ามนำไปอ้างอิง\n"
)


def folder(province: str) -> str:
    """Return a province's folder in the source.

    >>> folder("TH-50")
    'provinces/TH-50 เชียงใหม่'
    """
    names = regions.provinces().set_index("province")["name_th"]
    return f"provinces/{province} {names[province]}"


def moment(when: datetime) -> str:
    """Return a time as the online form writes it.

    >>> moment(datetime(2022, 11, 5, 9, 4, 7))
    '5/11/2022, 9:04:07'
    """
    return f"{when.day}/{when.month}/{when.year}, {when.hour}:{when:%M:%S}"


def sheet(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return a CSV file as spreadsheets write it: UTF-8 with BOM, and a last column of remarks."""
    text = io.StringIO(newline="")
    write = csv.writer(text)
    write.writerow([*header, REMARKS])
    write.writerows([*row, MARK] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def questionnaire(
    truth: Truth, people: pd.DataFrame, flaws: dict[str, set[str]]
) -> tuple[dict[str, bytes], list[dict]]:
    """Return the online form's export, rows in the order of submission, and its flaws with their rows.

    A flaw's `rows` count as a spreadsheet does: the header is row 1.
    """
    headers, rows, found = instrument.load().headers, _shown(people), []
    for province, own in people.groupby("province", sort=False).groups.items():
        random = stream(truth.seed, "spoil", str(province))
        spoilt = _spoil(random, flaws[str(province)], rows, [int(k) for k in own])
        where = {"province": str(province), "file": QUESTIONNAIRE}
        found += [{"kind": flaw.pop("kind"), **where, **flaw} for flaw in spoilt]
    order = sorted(range(len(rows)), key=lambda k: rows[k]["submitted_at"])
    place = {k: number for number, k in enumerate(order, start=2)}
    for flaw in found:
        flaw["rows"] = sorted(place[k] for k in flaw["rows"])
    told = [{**rows[k], "submitted_at": moment(rows[k]["submitted_at"])} for k in order]
    lines = ([row[column] for column in headers] for row in told)
    return {QUESTIONNAIRE: sheet(headers.values(), lines)}, found


def _shown(people: pd.DataFrame) -> list[dict]:
    """Return people's rows as the form shows them: Thai labels for choices, digits for levels."""
    tool, shown = instrument.load(), people.copy()
    shown["province"] = shown["province"].map(regions.provinces().set_index("province")["name_th"])
    for question in tool.questions[tool.questions["type"] == "choice"].itertuples():
        shown[question.variable] = shown[question.variable].map(tool.options(question.choices))
    moments = shown.pop("submitted_at").dt.to_pydatetime()
    text = shown.astype("string").fillna("").to_dict("records")
    return [{**row, "submitted_at": when} for row, when in zip(text, moments, strict=True)]


def _spoil(
    random: np.random.Generator, fallen: set[str], rows: list[dict], own: list[int]
) -> list[dict]:
    """Put the flaws of one province into its `own` rows and return them; a second copy goes to the end."""
    tool, deadline, found = instrument.load(), protocol.load().deadline, []
    first, second, *others = (int(k) for k in random.permutation(own))
    for kind in [kind for kind in FAMILIES["answers"] if kind in fallen]:
        flaw = {"kind": kind, "rows": list(own)}
        if kind == "late_answers":
            flaw["rows"] = [k for k in own if rows[k]["submitted_at"].date() > deadline]
        elif kind == "out_of_range":
            column = str(random.choice(tool.answer_columns))
            rows[first][column] = NOT_ON_THE_SCALE
            flaw |= {"rows": [first], "column": column, "given": NOT_ON_THE_SCALE}
        elif kind == "thai_digits_answers":
            flaw["rows"] = others[:THAI_DIGIT_PEOPLE]
            numbers = tool.questions.loc[tool.questions["type"] == "integer", "variable"]
            for k, column in product(flaw["rows"], [*numbers, *tool.answer_columns]):
                rows[k][column] = rows[k][column].translate(THAI_DIGITS)
        elif kind == "duplicate_answer":
            again = rows[second]["submitted_at"] + DOUBLE_CLICK
            rows.append({**rows[second], "submitted_at": again})
            flaw["rows"] = [second, len(rows) - 1]
        found.append(flaw)
    return found


def pictures(seed: int, flaws: dict[str, set[str]]) -> tuple[dict[str, bytes], list[dict]]:
    """Return every province's photos, and the flaws among them."""
    files, found = {}, []
    least = protocol.load().per_district["photos_min"]
    for province, fallen in flaws.items():
        random, place = stream(seed, "photos", province), f"{folder(province)}/photos"
        number = least + int(random.integers(0, 3))
        if fallen & {"unreadable_photo", "identical_photos"}:
            number = least + 1
        if "few_photos" in fallen:
            number = int(random.integers(FEWEST_PHOTOS, least))
        name = place.split("/")[1]
        own = [photos.draw(f"{name} ภาพที่ {k}", random) for k in range(1, number + 1)]
        names = [f"{place}/photo-{k}.jpg" for k in range(1, number + 1)]
        if "few_photos" in fallen:
            found.append(
                {"kind": "few_photos", "province": province, "file": place, "given": number}
            )
        if "identical_photos" in fallen:
            own[1] = own[0]
            found.append({"kind": "identical_photos", "province": province, "file": names[1]})
        if "unreadable_photo" in fallen:
            own[-1] = own[-1][: len(own[-1]) // 3]
            found.append({"kind": "unreadable_photo", "province": province, "file": names[-1]})
        files |= dict(zip(names, own, strict=True))
    return files, found


def ioc(truth: Truth) -> dict[str, bytes]:
    """Return the experts' ratings: the planted index is the mean of a row."""
    random, rows = stream(truth.seed, "experts"), []
    for item, index in truth.ioc.items():
        agree = round(index * EXPERTS)
        ratings = np.array([1] * agree + [0] * (EXPERTS - agree))
        rows.append([item, *random.permutation(ratings)])
    header = ["ข้อ", *(f"ผู้เชี่ยวชาญ {number}" for number in range(1, EXPERTS + 1))]
    return {"ratings/ioc.csv": sheet(header, rows)}


def received(uploads: dict[str, datetime]) -> dict[str, bytes]:
    """Return the drive's register: which file came when, in the order of coming."""
    listed = sorted(uploads.items(), key=lambda upload: (upload[1], upload[0]))
    return {RECEIVED: sheet(["ไฟล์", "เวลาที่อัปโหลด"], ([file, moment(at)] for file, at in listed))}


def coding(
    seed: int, said: list[tuple[str, Turn]], sheets: list[list[list[str]]]
) -> dict[str, bytes]:
    """Return the coders' sheets: what each coder saw in each turn of a group, when, and at times where.

    Of the turns in which only what is there was seen, a coder marks half: a row a code with its passage,
    which now and then ends a clause too early. The others are coded whole, all codes in one row.
    """
    header = ["เอกสาร", "ลำดับ", "ข้อความ", "รหัส", "เริ่ม", "สิ้นสุด", "เวลา"]
    made = {}
    for number, seen in enumerate(sheets, start=1):
        random, rows = stream(seed, "passages", str(number)), []
        for place, ((group, turn), codes) in enumerate(zip(said, seen, strict=True)):
            day, minute = divmod(place, CODED_A_DAY)
            when = moment(CODING_BEGINS + timedelta(days=day, minutes=minute))
            marks, early = random.random() < MARKED, random.random(2) < ENDS_EARLY
            about = [group, turn.number, turn.text]
            if marks and codes and set(codes) <= set(turn.spans):
                for code, short in zip(codes, early, strict=False):
                    start, end = turn.spans[code]
                    cut = turn.text.rfind(" ", start + 1, end) if short else -1
                    rows.append([*about, code, start, cut if cut > 0 else end, when])
            else:
                rows.append([*about, ";".join(codes), "", "", when])
        made[f"coding/coder-{number}.csv"] = sheet(header, rows)
    return made
