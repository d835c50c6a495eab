"""Everything that can be wrong with what was sent, each with a stable code and a Thai sentence.

A sentence says what is wrong, where, and what to do. `rejected` means that the file, the rows or the
fields concerned are not in the tables; `warned` means that they are, or that something never came.
"""

from dataclasses import asdict, dataclass
from string import Formatter

REJECTED, WARNED = "rejected", "warned"
LONGEST_GIVEN = 80


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: what (code, given), where (path, place, province), and the sentence."""

    code: str
    severity: str
    path: str
    place: str
    province: str | None
    sentence: str
    given: str | None

    def record(self) -> dict:
        """Return the fault as a plain dict, for JSON and for the table of faults."""
        return asdict(self)


def fault(
    code: str, path: str = "", place: str = "", province: str | None = None, given: str = "", **details
) -> Fault:
    """Return a fault of a known code with its sentence filled in.

    >>> fault("file-empty", "photos/1.jpg").sentence
    'ไฟล์ว่าง ไม่มีข้อมูลแม้แต่ไบต์เดียว ให้ส่งไฟล์นี้ใหม่'
    """
    severity, template = CODES[code]
    shown = given if len(given) <= LONGEST_GIVEN else given[: LONGEST_GIVEN - 1] + "…"
    sentence = Formatter().vformat(template, (), {"place": place, "given": shown, **details})
    return Fault(code, severity, path, place, province, sentence, shown or None)


CODES: dict[str, tuple[str, str]] = {
    # any file
    "ignored-file": (
        REJECTED,
        "ไฟล์ที่โปรแกรมหรือระบบสร้างขึ้นเอง ไม่ใช่ข้อมูลของการศึกษา จึงไม่อ่าน ไม่ต้องทำอะไร",
    ),
    "file-unknown": (
        REJECTED,
        "ไม่รู้จักว่าไฟล์นี้เป็นข้อมูลส่วนใด ให้ส่งเฉพาะแบบบันทึก (.docx) ภาพถ่าย (JPEG หรือ PNG) และไฟล์ CSV ตามรูปแบบที่กำหนด",
    ),
    "file-link": (REJECTED, "เป็นทางลัด (link) ไม่ใช่ไฟล์จริง จึงไม่ตามไปอ่าน ให้วางไฟล์จริงแทน"),
    "file-special": (REJECTED, "ไม่ใช่ไฟล์ข้อมูลธรรมดา จึงไม่เปิดอ่าน ให้นำออกจากโฟลเดอร์"),
    "file-empty": (REJECTED, "ไฟล์ว่าง ไม่มีข้อมูลแม้แต่ไบต์เดียว ให้ส่งไฟล์นี้ใหม่"),
    "file-too-large": (
        REJECTED,
        "ไฟล์มีขนาด {given} เกินขนาดสูงสุด {limit} ที่รับได้ ให้ตรวจว่าเป็นไฟล์ที่ถูกต้อง แล้วส่งไฟล์ที่เล็กลง",
    ),
    "file-unreadable": (
        REJECTED,
        "เปิดอ่านไฟล์ไม่ได้ ({given}) ให้ตรวจสิทธิ์การอ่านหรือส่งไฟล์ใหม่",
    ),
    "file-no-province": (
        REJECTED,
        "ไม่รู้ว่าไฟล์นี้เป็นของจังหวัดใด ให้วางไว้ในโฟลเดอร์ของจังหวัด เช่น provinces/TH-50 เชียงใหม่",
    ),
    "file-late": (
        WARNED,
        "ส่งถึงเมื่อ {given} หลังกำหนดส่ง {deadline} ข้อมูลยังนำไปใช้ แต่นับว่าส่งช้า",
    ),
    "file-not-registered": (
        WARNED,
        "ไม่มีชื่อไฟล์นี้ในทะเบียนการอัปโหลด จึงไม่รู้ว่าส่งทันกำหนดหรือไม่ และนับว่าทันกำหนด ให้ตรวจทะเบียน",
    ),
    # CSV files
    "csv-encoding": (
        REJECTED,
        "อ่านตัวอักษรในไฟล์ไม่ได้ เพราะไม่ได้บันทึกเป็น UTF-8 ให้บันทึกใหม่เป็น “CSV UTF-8” แล้วส่งอีกครั้ง",
    ),
    "csv-broken": (
        REJECTED,
        "อ่านโครงสร้าง CSV ไม่ได้ ({given}) ให้ส่งออกไฟล์จากระบบใหม่โดยไม่แก้ไข",
    ),
    "csv-too-large": (
        REJECTED,
        "ตารางมีขนาด {given} เกินที่รับได้ ({limit}) ให้ตรวจว่าเป็นไฟล์ที่ถูกต้อง",
    ),
    "columns-missing": (
        REJECTED,
        "ขาดคอลัมน์ที่จำเป็น {number} คอลัมน์: {given_all} จึงใช้ไฟล์นี้ไม่ได้ ให้ส่งออกไฟล์ใหม่โดยมีหัวคอลัมน์ครบตามแบบ",
    ),
    "columns-extra": (
        WARNED,
        "มีคอลัมน์ที่ไม่อยู่ในแบบ {number} คอลัมน์: {given_all} ไม่นำข้อมูลในคอลัมน์เหล่านี้ไปใช้ ถ้าพิมพ์หัวคอลัมน์ผิดให้แก้ไข",
    ),
    # questionnaire
    "questionnaire-missing": (
        WARNED,
        "ไม่มีไฟล์ส่งออกแบบสอบถามออนไลน์ (questionnaire.csv) จึงไม่มีคำตอบเชิงปริมาณ ให้ส่งออกจากแบบสอบถามออนไลน์แล้ววางในโฟลเดอร์",
    ),
    "questionnaire-twice": (
        REJECTED,
        "มีไฟล์แบบสอบถามมากกว่าหนึ่งไฟล์ ใช้ {kept} ซึ่งใหม่ที่สุดตามทะเบียน และไม่ใช้ไฟล์นี้ ให้เหลือไฟล์เดียวที่ถูกต้อง",
    ),
    "province-missing": (
        REJECTED,
        "{place}: ไม่ได้ระบุจังหวัด จึงไม่รับแถวนี้ทั้งแถว ให้ตรวจสอบกับผู้ตอบแล้วเติมชื่อจังหวัด",
    ),
    "province-unknown": (
        REJECTED,
        "{place}: ไม่มีจังหวัด “{given}” ในการศึกษานี้{hint} จึงไม่รับแถวนี้ทั้งแถว ให้แก้ชื่อจังหวัด",
    ),
    "row-mostly-empty": (
        REJECTED,
        "{place}: ตอบข้อคำถามระดับความเห็นได้ใช้ {given} จาก {number} ข้อ ซึ่งไม่ถึงครึ่ง จึงไม่รับแถวนี้ ให้ผู้ตอบตอบใหม่ให้ครบ",
    ),
    "row-twice": (
        REJECTED,
        "{place}: จังหวัด ข้อมูลพื้นฐาน และคำตอบทุกข้อเหมือนแถว {given} ทั้งหมด ถือว่าส่งซ้ำ รับเฉพาะคำตอบที่ส่งก่อน ถ้าเป็นคนละคนให้แจ้งทีมวิเคราะห์",
    ),
    "answer-late": (
        WARNED,
        "{place}: ตอบเมื่อ {given} หลังกำหนดส่ง {deadline} คำตอบยังนำไปใช้ แต่นับว่าส่งช้า",
    ),
    "level-unreadable": (
        REJECTED,
        "{place}: อ่านคำตอบ “{given}” เป็นระดับ 1–5 ไม่ได้ จึงเว้นช่องนี้ว่าง ให้แก้เป็นตัวเลข 1–5 หรือชื่อระดับ",
    ),
    "level-out-of-range": (
        REJECTED,
        "{place}: คำตอบ “{given}” อยู่นอกช่วง 1–5 จึงเว้นช่องนี้ว่าง ให้ตรวจสอบกับผู้ตอบแล้วแก้ไข",
    ),
    "choice-unknown": (
        REJECTED,
        "{place}: คำตอบ “{given}” ไม่อยู่ในตัวเลือก ({choices}) จึงเว้นช่องนี้ว่าง ให้แก้เป็นตัวเลือกที่มี",
    ),
    "number-unreadable": (
        REJECTED,
        "{place}: อ่าน “{given}” เป็นจำนวนเต็มไม่ได้ จึงเว้นช่องนี้ว่าง ให้แก้เป็นตัวเลข",
    ),
    "number-out-of-range": (
        REJECTED,
        "{place}: ค่า “{given}” อยู่นอกช่วง {low}–{high} จึงเว้นช่องนี้ว่าง ให้ตรวจสอบแล้วแก้ไข",
    ),
    "time-unreadable": (
        REJECTED,
        "{place}: อ่านวันเวลา “{given}” ไม่ได้ จึงเว้นช่องนี้ว่าง ให้ใช้รูปแบบ วัน/เดือน/ปี, ชั่วโมง:นาที:วินาที",
    ),
    "text-too-long": (
        REJECTED,
        "{place}: ข้อความยาว {given} ตัวอักษร เกิน {limit} จึงเว้นช่องนี้ว่าง ให้ตรวจว่าวางข้อความผิดช่องหรือไม่",
    ),
    # the register of uploads
    "register-missing": (
        WARNED,
        "ไม่มีทะเบียนการอัปโหลด (received.csv) จึงไม่รู้ว่าไฟล์ใดส่งช้า และนับว่าทันกำหนดทั้งหมด ให้ส่งออกทะเบียนจากไดรฟ์",
    ),
    "register-no-file": (
        REJECTED,
        "{place}: ทะเบียนมีชื่อไฟล์ “{given}” แต่ไม่มีไฟล์นั้นในโฟลเดอร์ ให้ดาวน์โหลดไฟล์จากไดรฟ์ให้ครบ",
    ),
    "register-twice": (
        REJECTED,
        "{place}: ไฟล์ “{given}” มีในทะเบียนมากกว่าหนึ่งครั้ง ใช้เวลาที่อัปโหลดครั้งหลังสุด ไม่ต้องแก้ไขถ้าเป็นการส่งไฟล์แก้ไข",
    ),
    "register-time-unreadable": (
        REJECTED,
        "{place}: อ่านเวลาที่อัปโหลด “{given}” ไม่ได้ จึงไม่ใช้แถวนี้ ให้ใช้รูปแบบ วัน/เดือน/ปี, ชั่วโมง:นาที:วินาที",
    ),
    # Word forms as files
    "form-not-word": (
        REJECTED,
        "ไม่ใช่ไฟล์ Word (.docx) ถึงแม้ชื่อหรือที่วางจะเหมือน ให้พิมพ์แบบบันทึกใน Word บันทึกเป็น .docx แล้วส่งใหม่",
    ),
    "form-old-word": (
        REJECTED,
        "เป็นไฟล์ Word รุ่นเก่า (.doc) ซึ่งอ่านไม่ได้ ให้เปิดใน Word แล้วบันทึกเป็น .docx",
    ),
    "form-encrypted": (REJECTED, "ไฟล์ตั้งรหัสผ่านไว้ จึงเปิดอ่านไม่ได้ ให้ยกเลิกรหัสผ่านแล้วส่งใหม่"),
    "form-broken": (
        REJECTED,
        "ไฟล์ Word เสียหายหรือส่งมาไม่ครบ ({given}) ให้เปิดตรวจใน Word บันทึกใหม่ แล้วส่งอีกครั้ง",
    ),
    "form-too-large": (
        REJECTED,
        "เนื้อหาในไฟล์ Word ขยายแล้วใหญ่ผิดปกติ ({given}) จึงไม่เปิดอ่าน ให้พิมพ์ข้อความลงในแบบเปล่าแล้วส่งใหม่",
    ),
    "form-unsafe": (
        REJECTED,
        "ไฟล์ Word มีส่วนที่ไม่ปลอดภัย ({given}) จึงไม่เปิดอ่าน ให้พิมพ์ข้อความลงในแบบเปล่าแล้วส่งใหม่",
    ),
    "form-macro": (
        WARNED,
        "ไฟล์ Word มีมาโคร อ่านเฉพาะข้อความและไม่ทำงานตามมาโคร ให้บันทึกเป็น .docx ที่ไม่มีมาโคร",
    ),
    "picture-in-form": (
        WARNED,
        "มีรูปภาพ {given} รูปในแบบบันทึก ซึ่งแนวทางให้งดวางรูปภาพ ข้อความยังอ่านตามปกติ ให้ลบรูปแล้วส่งภาพแยกต่างหาก",
    ),
    # what a form says
    "form-kind-unknown": (
        REJECTED,
        "ไม่รู้ว่าเป็นแบบบันทึกของกลุ่มใด เพราะไม่มีทั้งจังหวัดและประเภทในตารางส่วนหัว ให้กรอกตารางส่วนหัวแล้วส่งใหม่",
    ),
    "form-no-number": (
        REJECTED,
        "ไม่รู้ลำดับที่ของ{label} เพราะไม่มีตัวเลขทั้งในช่องประเภทและในชื่อไฟล์ หรือเกินจำนวน {limit} ให้แก้ช่องประเภท",
    ),
    "form-twice": (
        REJECTED,
        "มีแบบบันทึกของ {group} มากกว่าหนึ่งไฟล์ ใช้ {kept} ซึ่งใหม่กว่าตามทะเบียน และไม่ใช้ไฟล์นี้ ให้เหลือไฟล์เดียวที่ถูกต้อง",
    ),
    "form-no-turns": (
        WARNED,
        "ไม่พบตารางบันทึกข้อความของผู้ให้ข้อมูลในแบบบันทึก ให้กรอกตาราง (ลำดับ | ผู้ให้ข้อมูล | ข้อความ) ใต้แต่ละประเด็น",
    ),
    "form-province-unknown": (
        REJECTED,
        "{place}: ไม่มีจังหวัด “{given}” ในการศึกษานี้{hint} ใช้จังหวัดตามโฟลเดอร์แทน ให้แก้ช่องจังหวัด",
    ),
    "province-conflict": (
        WARNED,
        "ช่องจังหวัดในแบบบันทึกเขียนว่า {given} แต่ไฟล์อยู่ในโฟลเดอร์ของ {folder} ใช้ตามแบบบันทึก ให้ตรวจว่าวางไฟล์ถูกโฟลเดอร์",
    ),
    "form-date-missing": (WARNED, "ไม่ได้กรอกวันที่จัดในตารางส่วนหัว ให้เติมวันที่"),
    "form-date-unreadable": (
        REJECTED,
        "{place}: อ่านวันที่ “{given}” ไม่ได้ จึงเว้นว่าง ให้เขียนเช่น 9 พฤศจิกายน 2565",
    ),
    "form-count-unreadable": (
        REJECTED,
        "{place}: อ่านจำนวนผู้เข้าร่วม “{given}” เป็นตัวเลขไม่ได้ ใช้จำนวนแถวในตารางผู้เข้าร่วมแทน ให้แก้เป็นตัวเลข",
    ),
    "form-label-unknown": (
        WARNED,
        "ตารางส่วนหัวมีช่องที่ไม่อยู่ในแบบหรือซ้ำ: {given} ไม่นำไปใช้ ให้กรอกตามแบบเดิมโดยไม่เพิ่มช่อง",
    ),
    "form-table-unknown": (
        WARNED,
        "{place}: มีตารางที่ไม่อยู่ในแบบบันทึก ไม่นำข้อความในตารางนี้ไปใช้ ให้ย้ายข้อความลงในตารางของแต่ละประเด็น",
    ),
    "participants-count": (
        WARNED,
        "มีผู้เข้าร่วม {given} คน แต่แนวทางกำหนด {number} คน ให้ตรวจสอบจำนวนหรือชี้แจงเหตุผล",
    ),
    "participants-differ": (
        WARNED,
        "ช่องจำนวนผู้เข้าร่วมเขียนว่า {given} คน แต่ตารางผู้เข้าร่วมมี {number} แถว ใช้จำนวนแถว ให้แก้ให้ตรงกัน",
    ),
    "consent-missing": (
        REJECTED,
        "ไม่พบข้อความรับรองการยินยอมให้ข้อมูลในแบบบันทึก จึงไม่นำข้อความของผู้ให้ข้อมูลทั้งหมดไปใช้ ให้ใช้แบบเดิมและทำเครื่องหมายรับรองแล้วส่งใหม่",
    ),
    "consent-not-ticked": (
        REJECTED,
        "ไม่ได้ทำเครื่องหมายรับรองว่าผู้เข้าร่วมทุกคนยินยอมให้ข้อมูล จึงไม่นำข้อความของผู้ให้ข้อมูลทั้งหมดไปใช้ ถ้าได้รับความยินยอมแล้วให้ทำเครื่องหมายแล้วส่งใหม่",
    ),
    "question-unknown": (
        REJECTED,
        "{place}: ตารางข้อความไม่อยู่ใต้ประเด็นที่มีในแบบ ({given}) จึงไม่รับ {number} แถว ให้พิมพ์หัวข้อ “ประเด็นที่ …” ตามแบบ",
    ),
    "turn-empty": (
        REJECTED,
        "แถวในตารางข้อความไม่มีข้อความ {number} แถว ({given}) จึงไม่รับแถวเหล่านี้ ให้เติมข้อความหรือลบแถวว่าง",
    ),
    "turn-unreadable": (
        REJECTED,
        "{place}: อ่านเลขลำดับ “{given}” ไม่ได้ จึงไม่รับแถวนี้ ให้ใส่เลขลำดับต่อเนื่องกันทั้งแบบบันทึก",
    ),
    "turn-twice": (
        REJECTED,
        "{place}: เลขลำดับ {given} ซ้ำกับแถวก่อนหน้า จึงไม่รับแถวนี้ ให้ใส่เลขลำดับต่อเนื่องกันโดยไม่ซ้ำ",
    ),
    "turn-too-long": (
        REJECTED,
        "{place}: ข้อความยาว {given} ตัวอักษร เกิน {limit} จึงไม่รับแถวนี้ ให้แยกข้อความของแต่ละคนเป็นคนละแถว",
    ),
    "turn-order": (
        WARNED,
        "เลขลำดับข้อความไม่ต่อเนื่องจาก 1 (ขาดหรือสลับที่ {given}) ให้ตรวจว่ามีข้อความหายไปหรือไม่",
    ),
    "speaker-missing": (
        WARNED,
        "ไม่ได้ระบุผู้ให้ข้อมูลในลำดับ {given} ข้อความยังนำไปใช้โดยไม่รู้ว่าใครพูด ให้เติมเลขผู้ให้ข้อมูล",
    ),
    "speaker-many": (
        WARNED,
        "ระบุผู้ให้ข้อมูลหลายคนในแถวเดียวในลำดับ {given} ข้อความยังนำไปใช้ ให้แยกเป็นคนละแถว",
    ),
    # photos
    "photo-unreadable": (
        REJECTED,
        "เปิดภาพไม่ได้ ไฟล์เสียหาย ส่งมาไม่ครบ หรือไม่ใช่ภาพ JPEG หรือ PNG ให้ส่งภาพนี้ใหม่",
    ),
    "photo-too-large": (
        REJECTED,
        "ภาพมีขนาด {given} พิกเซล เกินที่รับได้ ({limit} ล้านพิกเซล) ให้ย่อภาพแล้วส่งใหม่",
    ),
    "photo-twice": (
        REJECTED,
        "เป็นภาพเดียวกันกับ {given} ทุกประการ จึงนับเพียงภาพเดียว ให้ส่งภาพอื่นแทน",
    ),
    "photo-elsewhere": (
        WARNED,
        "เป็นภาพเดียวกันกับ {given} ของจังหวัดอื่น ให้ตรวจว่าวางภาพถูกโฟลเดอร์",
    ),
    # experts' ratings and coders' sheets
    "ioc-twice": (
        REJECTED,
        "มีไฟล์คะแนนผู้เชี่ยวชาญมากกว่าหนึ่งไฟล์ ใช้ {kept} ซึ่งใหม่ที่สุดตามทะเบียน และไม่ใช้ไฟล์นี้ ให้เหลือไฟล์เดียวที่ถูกต้อง",
    ),
    "ioc-item-unknown": (
        REJECTED,
        "{place}: ไม่มีข้อคำถามรหัส “{given}” ในเครื่องมือ{hint} จึงไม่รับแถวนี้ ให้แก้รหัสข้อ",
    ),
    "ioc-item-twice": (
        REJECTED,
        "{place}: ข้อ {given} มีคะแนนแล้วในแถวก่อนหน้า จึงไม่รับแถวนี้ ให้เหลือข้อละหนึ่งแถว",
    ),
    "ioc-rating-unreadable": (
        REJECTED,
        "{place}: คะแนน “{given}” ไม่ใช่ -1, 0 หรือ 1 จึงเว้นช่องนี้ว่าง ให้แก้คะแนน",
    ),
    "ioc-items-missing": (
        WARNED,
        "ไม่มีคะแนนผู้เชี่ยวชาญของข้อ {given} ให้ขอคะแนนจากผู้เชี่ยวชาญให้ครบทุกข้อ",
    ),
    "coding-segment-unknown": (
        REJECTED,
        "{place}: ไม่มีข้อความลำดับ {given} ในข้อมูลที่รับไว้ จึงไม่รับรหัสของ {number} แถว ให้ตรวจชื่อเอกสารและลำดับ หรือแก้แบบบันทึกของเอกสารนี้ก่อน",
    ),
    "coding-twice": (
        REJECTED,
        "{place}: ผู้ลงรหัสคนนี้ลงรหัสข้อความ {given} แล้วในแถวก่อนหน้า จึงไม่รับแถวนี้ ให้รวมรหัสไว้แถวเดียว",
    ),
    "coding-coder-twice": (
        REJECTED,
        "มีไฟล์ของผู้ลงรหัส {given} มากกว่าหนึ่งไฟล์ ใช้ {kept} ซึ่งใหม่ที่สุดตามทะเบียน และไม่ใช้ไฟล์นี้ ให้เหลือไฟล์เดียวที่ถูกต้อง",
    ),
    "code-unknown": (
        REJECTED,
        "{place}: ไม่มีรหัส “{given}” ในสมุดรหัส{hint} จึงไม่รับรหัสนี้ ให้แก้รหัสหรือเพิ่มในสมุดรหัส",
    ),
    "coding-text-differs": (
        WARNED,
        "{place}: ข้อความที่ลงรหัสไม่ตรงกับข้อความในแบบบันทึก รหัสยังนำไปใช้ ให้ตรวจว่าลงรหัสจากแบบบันทึกฉบับล่าสุด",
    ),
    # what a district has not sent
    "answers-few": (
        WARNED,
        "ได้รับแบบสอบถามที่ใช้ได้ {given} ชุด จาก {number} ชุด ให้ประสานกลุ่มเป้าหมายตอบให้ครบภายใน {deadline}",
    ),
    "answers-many": (
        WARNED,
        "ได้รับแบบสอบถาม {given} ชุด เกินที่กำหนด {number} ชุด รับไว้ทั้งหมด ให้ตรวจว่าผู้ตอบอยู่ในกลุ่มเป้าหมายทุกคน",
    ),
    "form-missing": (
        WARNED,
        "ยังไม่ได้รับแบบบันทึกสนทนากลุ่มที่อ่านได้ ให้ส่งไฟล์ Word ภายใน {deadline}",
    ),
    "photos-few": (
        WARNED,
        "ได้รับภาพถ่ายที่ใช้ได้และไม่ซ้ำกัน {given} ภาพ จากอย่างน้อย {number} ภาพ ให้ส่งเพิ่มภายใน {deadline}",
    ),
}
