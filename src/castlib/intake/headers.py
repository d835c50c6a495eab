"""What a sheet's header says: which kind of sheet it heads, and which of the columns that we need it names.

A header is forgiving: spaces, signs, case, unseen characters and Thai digits do not count, and a column
may go by a name that people commonly give it, in Thai or English. `questions` knows the questionnaire's.
"""

import re
from functools import cache

from castlib import instrument
from castlib.intake import questions
from castlib.intake.spelling import clean, letters

FILE, UPLOADED = "ไฟล์", "เวลาที่อัปโหลด"
ITEM, ASKED, EXPERT = "ข้อ", "ข้อคำถาม", "ผู้เชี่ยวชาญ"
DOCUMENT, TURN, TEXT, CODES = "เอกสาร", "ลำดับ", "ข้อความ", "รหัส"
BEGIN, END, PASSAGE = "เริ่ม", "สิ้นสุด", "ข้อความที่ลงรหัส"
CODER, WHEN = "ผู้ลงรหัส", "เวลา"
SUGGESTED, ACCEPTED = "ข้อเสนอจากพจนานุกรม", "รับ"
REGION, OBJECTIVE, TOPIC, VERDICT = "พื้นที่", "วัตถุประสงค์", "หัวข้อ", "ข้อสรุป"
REASON, BY, DATE, NUMBERS, WORDS = "เหตุผล", "ผู้ตัดสิน", "วันที่", "ตัวเลข", "ถ้อยคำ"
LONGEST = 300
QUESTIONNAIRE = ({instrument.SUBMITTED, instrument.PROVINCE}, {"submitted_at", "province"})
SPELLINGS = {
    "register": {
        FILE: "ชื่อไฟล์ ที่อยู่ไฟล์ file filename filepath path",
        UPLOADED: "เวลาอัปโหลด เวลาที่อัพโหลด เวลาอัพโหลด วันที่อัปโหลด วันเวลาที่อัปโหลด อัปโหลดเมื่อ เวลาที่ส่ง "
        "uploaded uploadedat uploadtime uploadedtime received receivedat",
    },
    "ioc": {
        ITEM: "ข้อที่ รหัสข้อ รหัสข้อคำถาม item itemcode code",
        ASKED: "คำถาม ข้อความคำถาม question itemtext",
    },
    "coding": {
        DOCUMENT: "ชื่อเอกสาร รหัสเอกสาร กลุ่ม document doc group",
        TURN: "ลำดับที่ ลำดับข้อความ เลขลำดับ turn number no",
        TEXT: "คำพูด ถ้อยคำ text quote segment",
        CODES: "โค้ด รหัสที่ลง รหัสข้อมูล code codes",
        BEGIN: "เริ่มที่ ตำแหน่งเริ่ม start begin startposition",
        END: "สิ้นสุดที่ ตำแหน่งสิ้นสุด end endposition",
        PASSAGE: "ช่วงข้อความ ข้อความที่เลือก passage quotation codedtext codedsegment",
        CODER: "ผู้ให้รหัส ชื่อผู้ลงรหัส coder codedby createdby user",
        WHEN: "เวลาที่ลงรหัส วันเวลา วันที่ลงรหัส codedat created date time",
        SUGGESTED: "ข้อเสนอ suggestion suggested",
        ACCEPTED: "ยอมรับ accept accepted",
    },
    "verdicts": {
        REGION: "รหัสพื้นที่ region",
        OBJECTIVE: "วัตถุประสงค์ข้อ วัตถุประสงค์ข้อที่ objective",
        TOPIC: "รหัสหัวข้อ topic",
        VERDICT: "ข้อสรุปของผู้วิจัย verdict",
        REASON: "เหตุผลประกอบ reason",
        BY: "บทบาทผู้ตัดสิน by role",
        DATE: "วันที่ตัดสิน date",
        NUMBERS: "ตัวเลขบอกว่า numbers",
        WORDS: "ถ้อยคำบอกว่า words",
    },
}
_EXPERT = re.compile(r"(?:ผู้เชี่ยวชาญ|ผู้ทรงคุณวุฒิ|ผชช|expert|rater)(?:คนที่|ท่านที่|ที่|no)?(\d{1,2})")


def kind(header: list[str]) -> str | None:
    """Return questionnaire, register, coding, verdicts or ioc when a row is the header of such a sheet."""
    header = [name[:LONGEST] for name in header]
    if questions.is_questionnaire(header) or any(pair <= {*header} for pair in QUESTIONNAIRE):
        return "questionnaire"
    if {FILE, UPLOADED} <= set(named("register", header)):
        return "register"
    if {DOCUMENT, TURN, CODES} <= set(named("coding", header)):
        return "coding"
    if {REGION, TOPIC, VERDICT} <= set(named("verdicts", header)):
        return "verdicts"
    found = set(named("ioc", header))
    if found & {ITEM, ASKED} and any(name.startswith(EXPERT) for name in found):
        return "ioc"
    return None


def named(kind: str, header: list[str]) -> list[str]:
    """Return a header with the columns of a kind under our own names; a second one keeps its own.

    >>> named("register", ["File name", "uploaded", "note"])
    ['ไฟล์', 'เวลาที่อัปโหลด', 'note']
    """
    spellings, found = _spellings(kind), []
    for name in header:
        given = letters(clean(name))
        ours = spellings.get(given)
        if kind == "ioc" and (expert := _EXPERT.fullmatch(given)):
            ours = f"{EXPERT} {int(expert[1])}"
        found.append(ours if ours and ours not in found else name)
    return found


@cache
def _spellings(kind: str) -> dict[str, str]:
    """Return our name of every spelling, squeezed."""
    return {
        letters(way): name
        for name, ways in SPELLINGS[kind].items()
        for way in (name, *ways.split())
    }
