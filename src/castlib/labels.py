"""The study's tables in Thai words: what each holds, and its columns and values as a reader says them.

Frames stay plain frames: `labelled` returns a copy whose columns and codes are words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from castlib import instrument, lazy, protocol, regions
from castlib.errors import check_code

if TYPE_CHECKING:
    import pandas as pd

TABLES = {
    "respondents": ("ผู้ตอบแบบสอบถาม", "คน"),
    "groups": ("การสนทนากลุ่มและการสัมภาษณ์", "กลุ่ม"),
    "segments": ("ข้อความที่พูด", "ข้อความ"),
    "photos": ("ภาพถ่ายที่รับไว้", "ภาพ"),
    "districts": ("อำเภอนำร่อง", "อำเภอ"),
    "ioc": ("คะแนนของผู้เชี่ยวชาญ", "คะแนน"),
    "codings": ("การลงรหัส", "แห่ง"),
    "verdicts": ("คำตัดสินของทีม", "ข้อ"),
    "faults": ("สิ่งที่ไม่รับหรือควรตรวจสอบ", "รายการ"),
}
COLUMNS = {
    "answers": "จำนวนแบบสอบถาม",
    "by": "ผู้ตัดสิน",
    "cluster": "กลุ่มจังหวัด",
    "code": "รหัส",
    "coded_at": "ลงรหัสเมื่อ",
    "coder": "ผู้ลงรหัส",
    "complete": "ครบถ้วน",
    "consent": "รับรองการยินยอม",
    "date": "วันที่ตัดสิน",
    "end": "สิ้นสุดที่อักขระ",
    "expert": "ผู้เชี่ยวชาญ",
    "form": "ได้รับแบบบันทึก",
    "format": "ชนิดไฟล์",
    "given": "สิ่งที่ได้รับ",
    "group": "กลุ่มสนทนา",
    "height": "สูง (พิกเซล)",
    "held_on": "จัดเมื่อ",
    "item": "ข้อคำถาม",
    "kind": "กลุ่มผู้ให้ข้อมูล",
    "n_participants": "จำนวนผู้เข้าร่วม",
    "numbers": "ตัวเลข",
    "objective": "วัตถุประสงค์",
    "on_time": "ส่งทันกำหนด",
    "path": "ไฟล์",
    "photo": "ภาพ",
    "photos": "จำนวนภาพ",
    "pictures": "ภาพในแบบบันทึก",
    "pictures_in_form": "ภาพในแบบบันทึก",
    "place": "ตำแหน่งในไฟล์",
    "province": "จังหวัด",
    "question": "คำถาม",
    "rating": "คะแนน",
    "reason": "เหตุผล",
    "region": "พื้นที่",
    "respondent": "รหัสผู้ตอบ",
    "segment": "รหัสข้อความ",
    "sentence": "คำอธิบาย",
    "severity": "ผล",
    "sha256": "ลายนิ้วมือไฟล์ (SHA-256)",
    "source_file": "ไฟล์ต้นทาง",
    "source_row": "แถวต้นทาง",
    "speaker": "ผู้พูด",
    "start": "เริ่มที่อักขระ",
    "submitted_at": "ส่งเมื่อ",
    "text": "ข้อความ",
    "topic": "เรื่อง",
    "turn": "ลำดับ",
    "verdict": "ข้อสรุป",
    "width": "กว้าง (พิกเซล)",
    "words": "ถ้อยคำ",
}
SEVERITY = {"rejected": "ไม่รับ", "warned": "ควรตรวจสอบ"}
TRUTH = {True: "ใช่", False: "ไม่ใช่"}


def headings(frame: pd.DataFrame) -> dict[str, str]:
    """Return the Thai label of each column of a frame that has one: an answer's is its question.

    >>> import pandas as pd
    >>> headings(pd.DataFrame(columns=["sex", "province", "suffering", "mine"]))
    {'sex': 'เพศ', 'province': 'จังหวัด', 'suffering': 'ทุกข์น้อยลง'}
    """
    tool = instrument.load()
    short = dict(zip(tool.questions["variable"], tool.questions["label_th"], strict=True))
    scales = dict(zip(tool.constructs["construct"], tool.constructs["name_th"], strict=True))
    known = tool.headers | COLUMNS | scales | short
    return {name: known[name] for name in frame.columns if name in known}


def values(column: str) -> dict:
    """Return the Thai labels of a column's values in their order; empty where it has no codes.

    >>> values("sex")
    {'male': 'ชาย', 'female': 'หญิง'}
    >>> values("leadership_1_actual")[5]
    'มากที่สุด'
    """
    tool = instrument.load()
    if column in tool.lists:
        return {int(value): label for value, label in tool.options(tool.lists[column]).items()}
    choices = tool.questions.set_index("variable")["choices"]
    if choices.get(column):
        return tool.options(choices[column])
    if column in ("province", "cluster", "region"):
        return {code: regions.label(code) for code in regions.every()}
    if column == "kind":
        return {entry["kind"]: entry["th"] for entry in protocol.load().informants}
    return {"severity": SEVERITY, "verdict": protocol.VERDICTS}.get(column, {})


def labelled(frame: pd.DataFrame, columns: bool = True) -> pd.DataFrame:
    """Return a copy of a frame with Thai columns and values; the frame itself keeps its codes.

    Answers and choices become ordered categories, so that tables and figures keep their order; columns
    and values without a label stay as they are. With `columns=False` only values become words, and the
    columns keep the names to compute with.

    >>> import pandas as pd
    >>> labelled(pd.DataFrame({"sex": ["female", None], "mine": [1, 2]})).values.tolist()
    [['หญิง', 1], [nan, 2]]
    """
    import pandas as pd

    shown = frame.copy()
    for name in frame.columns:
        if pd.api.types.is_bool_dtype(frame[name]):
            shown[name] = frame[name].map(TRUTH)
        elif known := values(name):
            kept = {code: label for code, label in known.items() if (frame[name] == code).any()}
            listed = list((kept if name in ("province", "cluster", "region") else known).values())
            shown[name] = pd.Categorical(frame[name].map(known), listed, ordered=True)
    return shown.rename(columns=headings(frame)) if columns else shown


def table(name: str) -> tuple[str, str]:
    """Return what a table of the study holds and what a row of it is counted as.

    >>> table("respondents")
    ('ผู้ตอบแบบสอบถาม', 'คน')
    """
    return TABLES[check_code(name, TABLES, "ตาราง")]


__getattr__, __dir__ = lazy.offered(__name__)
