"""The fault generator: every way in which what is sent has been seen to go wrong, one function a kind.

A kind takes the files of a good source and makes one thing wrong; the codes beside it are those that the
intake must tell. Kinds may be put together: `applied` does one after the other.
"""

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import openpyxl
from PIL import Image

from castlib import instrument
from castlib.exchange import documents, refi
from castlib.exchange.project import Code, Document, Passage, Project
from castlib.intake import zips

from . import sample
from .sample import CONSENT, FOLDER, FORM, HEAD, SAID, box, form, p, picture, table, turns

Files = dict[str, bytes]
OTHER = "provinces/TH-51 ลำพูน"
PHOTO = f"{FOLDER}/photos/1.jpg"
SHEET, REGISTER = "questionnaire.csv", "received.csv"
RATINGS, CODER = "ratings/ioc.csv", "coding/coder-1.csv"


@dataclass(frozen=True)
class Kind:
    """One kind of fault: what makes it, and the codes that must be told."""

    name: str
    spoil: Callable[[Files], object]
    codes: frozenset[str]


KINDS: list[Kind] = []


def kind(*codes: str) -> Callable:
    """Register a function that spoils files under its name, with the codes that follow."""

    def register(spoil: Callable[[Files], object]) -> Callable:
        KINDS.append(Kind(spoil.__name__, spoil, frozenset(codes)))
        return spoil

    return register


def applied(kinds: Iterable[Kind], files: Files | None = None) -> Files:
    """Return the files of a source with these things wrong."""
    files = dict(sample.good() if files is None else files)
    for chosen in kinds:
        chosen.spoil(files)
    return files


def rows_with(files: Files, change: Callable[[list[dict]], object], more: tuple = ()) -> None:
    """Put a questionnaire of ten people in place after a change of its rows."""
    people = sample.answers()
    change(people)
    files[SHEET] = sample.export(people, more)


def cell(column: str, value: str) -> Callable[[Files], None]:
    """Return what puts a value into the fourth person's cell."""

    def spoil(files: Files) -> None:
        rows_with(files, lambda people: people[3].update({column: value}))

    spoil.__name__ = f"{column}={value[:20]}"
    return spoil


def workbook(files: Files, change: Callable | None = None, ending: str = "xlsx") -> None:
    """Put the questionnaire in place as a workbook after a change of it."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "คำตอบ"
    headers = instrument.load().headers
    page.append(list(headers.values()))
    for person in sample.answers():
        page.append([person.get(c, "") for c in headers])
    if change:
        change(book)
    kept = io.BytesIO()
    book.save(kept)
    files.pop(SHEET, None)
    files[f"questionnaire.{ending}"] = kept.getvalue()


def repacked(content: bytes, change: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    """Return an Office file with its parts changed, left out (None) or added."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", 8) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in more.items():
            new.writestr(name, part)
    return kept.getvalue()


def same(_: str, part: bytes) -> bytes:
    """Leave a part as it is."""
    return part


def doctype(content: bytes, where: str) -> bytes:
    """Return an Office file one part of which asks for a file of the machine."""
    evil = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

    def change(name: str, part: bytes) -> bytes:
        prolog, mark, rest = part.partition(b"?>")
        return evil + (rest if mark else prolog) if name == where else part

    return repacked(content, change)


def said(*rows: tuple) -> bytes:
    """Return a form in which these turns answer the first question."""
    return form(said=(p("ประเด็นที่ 1 ปัจจัยใด"), turns(*rows)))


# files and folders


@kind("ignored-file")
def lock_file(files: Files) -> None:
    files[f"{FOLDER}/~$บบันทึก.docx"] = b"x" * 162


@kind("ignored-file")
def finder_file(files: Files) -> None:
    files[f"{FOLDER}/.DS_Store"] = b"Bud1"


@kind("ignored-file")
def archive_leftover(files: Files) -> None:
    files[f"__MACOSX/{FOLDER}/._1.jpg"] = b"\0\5\x16\7"


@kind("file-empty")
def empty_form(files: Files) -> None:
    files[FORM] = b""


@kind("file-empty")
def empty_photo(files: Files) -> None:
    files[PHOTO] = b""


@kind("file-empty")
def empty_questionnaire(files: Files) -> None:
    files[SHEET] = b""


@kind("file-unknown")
def strange_file(files: Files) -> None:
    files[f"{FOLDER}/บันทึก.xyz"] = random.Random(1).randbytes(500)


@kind("file-pdf")
def form_as_pdf(files: Files) -> None:
    files[f"{FOLDER}/แบบบันทึก.pdf"] = b"%PDF-1.7\n1 0 obj\n"


@kind("file-archive")
def form_in_archive(files: Files) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        made.writestr("แบบบันทึก.docx", form())
    files[f"{OTHER}/ส่งงาน.zip"] = kept.getvalue()


@kind("file-partial")
def half_downloaded(files: Files) -> None:
    files[f"{FOLDER}/แบบบันทึก.docx.crdownload"] = form()[:900]


@kind("file-no-province")
def photo_of_nowhere(files: Files) -> None:
    files["ภาพ/1.jpg"] = picture(90)


# Word forms as files


@kind("form-old")
def old_word(files: Files) -> None:
    files[FORM] = zips.OLE + b"\0" * 600


@kind("form-encrypted")
def locked_word(files: Files) -> None:
    files[FORM] = zips.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


@kind("form-broken")
def truncated_word(files: Files) -> None:
    files[FORM] = form()[:-300]


@kind("form-broken")
def damaged_word(files: Files) -> None:
    content = bytearray(form())
    middle = len(content) // 3
    content[middle : middle + 60] = b"\xff" * 60
    files[FORM] = bytes(content)


@kind("form-not-word")
def text_as_word(files: Files) -> None:
    files[FORM] = "แบบบันทึก".encode()


@kind("photo-unreadable")
def word_as_photo_name(files: Files) -> None:
    files[f"{FOLDER}/photos/6.jpg"] = "ภาพ".encode()


@kind("form-macro")
def macro_word(files: Files) -> None:
    files[FORM] = form(**{"word/vbaProject.bin": b"x"})


@kind("form-too-large")
def word_bomb(files: Files) -> None:
    files[FORM] = form(**{"word/media/a.bin": b"\0" * 40_000_000})


@kind("form-unsafe")
def word_escape(files: Files) -> None:
    files[FORM] = form(**{"../../up.txt": b"x"})


@kind("form-unsafe")
def word_entity(files: Files) -> None:
    files[FORM] = doctype(form(), "word/document.xml")


@kind("form-unsafe")
def word_entity_in_types(files: Files) -> None:
    files[FORM] = doctype(form(), "[Content_Types].xml")


@kind("form-unsafe")
def word_deep(files: Files) -> None:
    deep = "<w:ins>" * 5_000 + "</w:ins>" * 5_000
    files[FORM] = sample.docx(f"<w:p>{deep}</w:p>")


@kind("picture-in-form")
def picture_in_word(files: Files) -> None:
    files[FORM] = form(more=("<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>",))


@kind("form-twice")
def two_forms(files: Files) -> None:
    files[f"{FOLDER}/สำเนา.docx"] = form()


@kind("province-conflict")
def form_in_the_wrong_folder(files: Files) -> None:
    files[f"{OTHER}/แบบบันทึก.docx"] = form((("จังหวัด", "ลำปาง"), *HEAD[1:]))


# what a form says


@kind("form-kind-unknown")
def form_of_nobody(files: Files) -> None:
    files["แบบ.docx"] = form(())


@kind("form-no-number")
def centre_without_number(files: Files) -> None:
    files["staff/ศูนย์.docx"] = sample.national("เจ้าหน้าที่ศูนย์ศึกษาฯ", 5)


@kind("form-province-unknown")
def form_of_a_strange_province(files: Files) -> None:
    files[FORM] = form((("จังหวัด", "แดนไกล"), *HEAD[1:]))


@kind("form-date-unreadable")
def form_with_a_bad_date(files: Files) -> None:
    files[FORM] = form((HEAD[0], ("วันที่สนทนากลุ่ม", "๓๑ กุมภาพันธ์ ๒๕๖๕"), HEAD[2]))


@kind("form-date-missing")
def form_without_date(files: Files) -> None:
    files[FORM] = form((HEAD[0], HEAD[2]))


@kind("form-count-unreadable")
def form_with_many_people(files: Files) -> None:
    files[FORM] = form((*HEAD[:2], ("จำนวนผู้เข้าร่วม", "หลายคน")))


@kind("participants-count")
def nine_people(files: Files) -> None:
    head = (*HEAD[:2], ("จำนวนผู้เข้าร่วม", "9"))
    files[FORM] = form(head, participants=sample.people(9))


@kind("participants-differ")
def people_who_differ(files: Files) -> None:
    files[FORM] = form((*HEAD[:2], ("จำนวนผู้เข้าร่วม", "8")))


@kind("participants-named")
def people_with_names(files: Files) -> None:
    rows = [(k, f"นายทดสอบ ตัวอย่าง{k}", "หญิง", "ภาครัฐ") for k in range(1, 11)]
    files[FORM] = form(participants=table(("ลำดับ", "ชื่อ-สกุล", "เพศ", "ภาคเครือข่าย"), *rows))


@kind("consent-not-ticked")
def consent_unticked(files: Files) -> None:
    files[FORM] = form(consent=box(" " + CONSENT, False))


@kind("consent-missing")
def consent_left_out(files: Files) -> None:
    files[FORM] = form(consent=p("ไม่มีข้อความ"))


@kind("consent-contrary")
def consent_both_ways(files: Files) -> None:
    files[FORM] = form(consent=box(" ยินยอมให้ข้อมูล", True) + box(" ไม่ยินยอมให้ข้อมูล", True))


@kind("form-no-turns")
def nothing_said(files: Files) -> None:
    files[FORM] = form(said=())


@kind("question-unknown")
def unknown_question(files: Files) -> None:
    files[FORM] = form(said=(*SAID, p("ประเด็นที่ 9"), turns((4, "ผู้ให้ข้อมูล 1", "ก"))))


@kind("turn-empty")
def empty_turn(files: Files) -> None:
    files[FORM] = said((1, "ผู้ให้ข้อมูล 1", "ก"), (2, "ผู้ให้ข้อมูล 2", ""))


@kind("turn-unreadable")
def turn_without_a_number(files: Files) -> None:
    files[FORM] = said((1, "ผู้ให้ข้อมูล 1", "ก"), ("สองสาม", "ผู้ให้ข้อมูล 2", "ข"))


@kind("turn-twice")
def same_turn_twice(files: Files) -> None:
    rows = [(1, "ผู้ให้ข้อมูล 1", "ก"), (2, "ผู้ให้ข้อมูล 2", "ข"), (2, "ผู้ให้ข้อมูล 3", "ค")]
    files[FORM] = said(*rows)


@kind("turn-order")
def turns_with_a_gap(files: Files) -> None:
    files[FORM] = said((1, "ผู้ให้ข้อมูล 1", "ก"), (5, "ผู้ให้ข้อมูล 2", "ข"))


@kind("turn-too-long")
def endless_turn(files: Files) -> None:
    files[FORM] = said((1, "ผู้ให้ข้อมูล 1", "ก" * 20_001), (2, "ผู้ให้ข้อมูล 2", "ข"))


@kind("speaker-missing")
def nobody_speaks(files: Files) -> None:
    files[FORM] = said((1, "", "ก"), (2, "ผู้ให้ข้อมูล 2", "ข"))


@kind("speaker-many")
def two_speak(files: Files) -> None:
    files[FORM] = said((1, "ผู้ให้ข้อมูล 1, 2", "ก"), (2, "ผู้ให้ข้อมูล 2", "ข"))


@kind("speaker-named")
def a_name_speaks(files: Files) -> None:
    files[FORM] = said((1, "นายทดสอบ ตัวอย่าง", "ก"), (2, "ผู้ให้ข้อมูล 2", "ข"))


@kind("form-table-unknown")
def strange_table(files: Files) -> None:
    files[FORM] = form(more=(table(("บันทึก", "อื่น"), ("ก", "ข")),))


@kind("form-label-unknown")
def strange_label(files: Files) -> None:
    files[FORM] = form((*HEAD, ("ผู้ประสานงาน", "นายทดสอบ ตัวอย่าง")))


# the questionnaire


@kind("questionnaire-missing", "answers-few")
def questionnaire_left_out(files: Files) -> None:
    files.pop(SHEET, None)


@kind("questionnaire-twice")
def two_questionnaires(files: Files) -> None:
    files["สำเนา/questionnaire.csv"] = sample.export(sample.answers())


@kind("csv-encoding")
def questionnaire_in_a_strange_encoding(files: Files) -> None:
    files[SHEET] = "連絡先,氏名,都道府県\n東京,名前,大阪\n".encode("shift-jis") * 20


@kind("csv-broken")
def questionnaire_not_a_table(files: Files) -> None:
    files[SHEET] = b'"' + b"x" * 300_000


@kind("csv-too-large")
def questionnaire_too_wide(files: Files) -> None:
    files[SHEET] = sample.sheet(["ก"] * 1_001)


@kind("columns-missing")
def column_left_out(files: Files) -> None:
    files[SHEET] = sample.export(sample.answers()).replace(
        "ระดับการศึกษาสูงสุด".encode(), "การเรียน".encode(), 1
    )


@kind("columns-extra")
def column_too_many(files: Files) -> None:
    rows_with(files, lambda people: people[0].update({"สีที่ชอบ": "เขียว"}), more=("สีที่ชอบ",))


province_unknown = kind("province-unknown")(cell("province", "เชียงใหม่เก่า"))
province_missing = kind("province-missing")(cell("province", ""))
province_bangkok = kind("province-bangkok")(cell("province", "กรุงเทพมหานคร"))
level_unreadable = kind("level-unreadable")(cell("leadership_1_actual", "ดีเลิศ"))
level_too_high = kind("level-out-of-range")(cell("leadership_1_actual", "๗"))
level_negative = kind("level-out-of-range")(cell("leadership_1_actual", "-1"))
choice_unknown = kind("choice-unknown")(cell("sector", "ภาคดนตรี"))
age_unreadable = kind("number-unreadable")(cell("age", "ไม่บอก"))
age_impossible = kind("number-out-of-range")(cell("age", "๑๙๙"))
time_unreadable = kind("time-unreadable")(cell("submitted_at", "เมื่อวาน"))
time_impossible = kind("time-unreadable")(cell("submitted_at", "31/2/2565, 9:00:00"))
answer_late = kind("answer-late")(cell("submitted_at", "17/11/2565, 9:00:00"))
text_too_long = kind("text-too-long")(cell("obstacle", "ก" * 10_001))


@kind("row-mostly-empty")
def half_answered(files: Files) -> None:
    few = dict.fromkeys(instrument.load().answer_columns[:60], "")
    rows_with(files, lambda people: people[3].update(few))


@kind("row-twice", "answers-many")
def double_click(files: Files) -> None:
    rows_with(files, lambda people: people.extend([dict(people[2]), *sample.answers(12)[10:]]))


@kind("answers-few")
def nine_answers(files: Files) -> None:
    rows_with(files, lambda people: people.pop())


@kind("answers-many")
def eleven_answers(files: Files) -> None:
    rows_with(files, lambda people: people.extend(sample.answers(11)[10:]))


@kind("sheet-old")
def old_excel(files: Files) -> None:
    files.pop(SHEET, None)
    files["questionnaire.xls"] = zips.OLE + b"\0" * 600


@kind("sheet-encrypted")
def locked_excel(files: Files) -> None:
    files.pop(SHEET, None)
    locked = "EncryptedPackage".encode("utf-16-le")
    files["questionnaire.xlsx"] = zips.OLE + b"\0" * 600 + locked + b"\0" * 600


@kind("sheet-broken")
def truncated_excel(files: Files) -> None:
    workbook(files)
    files["questionnaire.xlsx"] = files["questionnaire.xlsx"][:-500]


@kind("sheet-macro")
def macro_excel(files: Files) -> None:
    workbook(files, ending="xlsm")
    content = files["questionnaire.xlsm"]
    files["questionnaire.xlsm"] = repacked(content, same, **{"xl/vbaProject.bin": b"x"})


@kind("sheet-too-large")
def excel_bomb(files: Files) -> None:
    workbook(files)
    content = files["questionnaire.xlsx"]
    bomb = {"xl/media/a.bin": b"\0" * 60_000_000}
    files["questionnaire.xlsx"] = repacked(content, same, **bomb)


@kind("sheet-unsafe")
def excel_entity(files: Files) -> None:
    workbook(files)
    files["questionnaire.xlsx"] = doctype(files["questionnaire.xlsx"], "xl/worksheets/sheet1.xml")


@kind("sheet-formula")
def formula_without_value(files: Files) -> None:
    workbook(files, lambda book: book.active.cell(3, 4, '=HYPERLINK("x")'))


@kind("sheet-others")
def another_page(files: Files) -> None:
    workbook(files, lambda book: book.create_sheet("สรุป").append(["รวม", 10]))


@kind("sheet-empty")
def blank_workbook(files: Files) -> None:
    kept = io.BytesIO()
    openpyxl.Workbook().save(kept)
    files["สำเนา.xlsx"] = kept.getvalue()


# the register


@kind("register-missing")
def register_left_out(files: Files) -> None:
    files.pop(REGISTER, None)


def registered(files: Files, *rows: list) -> None:
    """Put a register of the form and the photos with these rows more in place."""
    known = [FORM, *(name for name in files if name.startswith(f"{FOLDER}/photos"))]
    good = [[name, "9/11/2022, 10:00:00"] for name in known]
    files[REGISTER] = sample.sheet(["ไฟล์", "เวลาที่อัปโหลด"], *good, *rows)


@kind("register-no-file")
def registered_but_not_there(files: Files) -> None:
    registered(files, ["ไม่มี.jpg", "9/11/2022, 10:00:00"])


@kind("register-twice")
def registered_twice(files: Files) -> None:
    registered(files, [FORM, "10/11/2022, 10:00:00"])


@kind("register-time-unreadable")
def registered_without_time(files: Files) -> None:
    registered(files, [PHOTO, "พรุ่งนี้"])


@kind("file-late")
def form_late(files: Files) -> None:
    registered(files, [FORM, "16/11/2565, 10:00:00"])


@kind("file-not-registered")
def photo_not_registered(files: Files) -> None:
    files[f"{FOLDER}/photos/7.jpg"] = picture(77)


# photos


@kind("photo-unreadable")
def truncated_photo(files: Files) -> None:
    files[PHOTO] = picture(1, size=(480, 360))[:3_000]


@kind("photo-twice")
def same_photo_twice(files: Files) -> None:
    files[f"{FOLDER}/photos/9.jpg"] = files.setdefault(PHOTO, picture(1))


@kind("photo-same")
def same_photo_smaller(files: Files) -> None:
    scene = Image.effect_mandelbrot((640, 480), (-2, -1.5, 1, 1.5), 60).convert("RGB")
    for name, size in (("8.jpg", (640, 480)), ("9.jpg", (320, 240))):
        kept = io.BytesIO()
        scene.resize(size).save(kept, "JPEG", quality=70)
        files[f"{FOLDER}/photos/{name}"] = kept.getvalue()


@kind("photo-elsewhere")
def photo_of_another_province(files: Files) -> None:
    files[f"{OTHER}/photos/1.jpg"] = files.setdefault(PHOTO, picture(1))


@kind("photo-too-large")
def enormous_photo(files: Files) -> None:
    files[PHOTO] = sample.huge(50_000)


@kind("photo-unreadable")
def photo_bomb(files: Files) -> None:
    content = sample.huge(400)
    files[PHOTO] = content.replace(zlib.compress(b""), b"\0" * 8)


@kind("photo-format")
def animated_photo(files: Files) -> None:
    files[f"{FOLDER}/photos/8.jpg"] = picture(8, "GIF", (200, 200))


@kind("photo-small")
def tiny_photo(files: Files) -> None:
    files[PHOTO] = picture(1, size=(20, 20))


@kind("photo-blank")
def blank_photo(files: Files) -> None:
    kept = io.BytesIO()
    Image.new("RGB", (640, 480), "navy").save(kept, "JPEG")
    files[PHOTO] = kept.getvalue()


def exif(**tags: object) -> bytes:
    """Return a photo whose EXIF says where (gps) or when it was taken."""
    image = Image.frombytes("RGB", (480, 360), random.Random(5).randbytes(480 * 360 * 3))
    found = image.getexif()
    if "when" in tags:
        found.get_ifd(0x8769)[0x9003] = tags["when"]
    if "gps" in tags:
        north, east = tags["gps"]
        found.get_ifd(0x8825).update({1: "N", 2: (north, 0, 0), 3: "E", 4: (east, 0, 0)})
    kept = io.BytesIO()
    image.save(kept, "JPEG", exif=found)
    return kept.getvalue()


@kind("photo-place")
def photo_from_the_sea(files: Files) -> None:
    files[PHOTO] = exif(gps=(7.0, 98.0))


@kind("photo-time")
def photo_from_long_ago(files: Files) -> None:
    files[PHOTO] = exif(when="2015:04:13 10:00:00")


@kind("photos-few")
def four_photos(files: Files) -> None:
    files.pop(PHOTO, None)


# what a district has not sent


@kind("form-missing")
def form_left_out(files: Files) -> None:
    files.pop(FORM, None)


# experts' ratings and coders' sheets


@kind("ioc-twice")
def two_ratings(files: Files) -> None:
    files["ratings/more.csv"] = sample.ratings(leadership_1=(0, 0, 0, 0, 0))


@kind("ioc-rating-unreadable")
def strange_rating(files: Files) -> None:
    files[RATINGS] = sample.ratings(leadership_1=(2, 1, 1, 1, 1))


@kind("ioc-item-unknown", "ioc-items-missing")
def strange_item(files: Files) -> None:
    files[RATINGS] = sample.ratings().replace(b"leadership_1,", b"leadrship_1,", 1)


@kind("ioc-item-twice")
def rated_twice(files: Files) -> None:
    files[RATINGS] = sample.ratings() + b"leadership_1,1,1,1,1,1\r\n"


@kind("verdicts-twice")
def two_sheets_of_verdicts(files: Files) -> None:
    files["verdicts.csv"] = sample.decided(sample.DECIDED)
    files["ratings/verdicts.csv"] = sample.decided(sample.DECIDED)


@kind("verdict-unknown")
def verdict_on_an_unknown_region(files: Files) -> None:
    files["verdicts.csv"] = sample.decided(("nort-upper-1", *sample.DECIDED[1:]))


@kind("verdict-bare")
def verdict_without_a_reason(files: Files) -> None:
    files["verdicts.csv"] = sample.decided((*sample.DECIDED[:4], "", *sample.DECIDED[5:]))


@kind("verdict-again")
def verdict_given_twice(files: Files) -> None:
    files["verdicts.csv"] = sample.decided(sample.DECIDED, sample.DECIDED)


GOOD_CODING = (("TH-50", 1, "ทุกฝ่ายช่วยกัน", "driver_network"),)


@kind("code-unknown")
def strange_code(files: Files) -> None:
    files[CODER] = sample.coded(("TH-50", 1, "ทุกฝ่ายช่วยกัน", "driver_netwrok"))


@kind("coding-segment-unknown")
def coded_nothing(files: Files) -> None:
    files[CODER] = sample.coded(*GOOD_CODING, ("TH-50", 99, "ไม่มี", "driver_network"))


@kind("coding-twice")
def coded_twice(files: Files) -> None:
    files[CODER] = sample.coded(*GOOD_CODING, *GOOD_CODING)


@kind("coding-text-differs")
def coded_something_else(files: Files) -> None:
    files[CODER] = sample.coded(("TH-50", 1, "คนละข้อความ", "driver_network"))


@kind("coding-coder-twice")
def one_coder_twice(files: Files) -> None:
    files["รหัส/coder-1.csv"] = sample.coded(*GOOD_CODING)


PLACED = ["เอกสาร", "ลำดับ", "ข้อความ", "รหัส", "เริ่ม", "สิ้นสุด", "ข้อความที่ลงรหัส"]


@kind("coding-position-wrong")
def coded_beyond_the_end(files: Files) -> None:
    files[CODER] = sample.sheet(PLACED, (*GOOD_CODING[0], 3, 99, ""))


@kind("coding-passage-unclear")
def coded_what_was_not_said(files: Files) -> None:
    files[CODER] = sample.sheet(PLACED, (*GOOD_CODING[0], "", "", "ไม่ได้พูด"))


@kind("suggestion-no-coder")
def accepted_by_nobody(files: Files) -> None:
    header = ["เอกสาร", "ลำดับ", "ข้อความ", "รหัส", "ข้อเสนอจากพจนานุกรม", "รับ"]
    files[CODER] = sample.sheet(header, (*GOOD_CODING[0], "ทุกฝ่าย", "ใช่"))


@kind("suggestion-unclear")
def accepted_perhaps(files: Files) -> None:
    header = ["เอกสาร", "ลำดับ", "ข้อความ", "รหัส", "ข้อเสนอจากพจนานุกรม", "รับ", "ผู้ลงรหัส"]
    files[CODER] = sample.sheet(header, (*GOOD_CODING[0], "ทุกฝ่าย", "อาจจะ", "2"))


PROJECT = "coding/project.qdpx"
DOCUMENT = documents.name("TH-50")
HEADING = documents.heading("participants", "q1")
TEXT = f"{HEADING}\n[1] ผู้ให้ข้อมูล 1: ทุกฝ่ายช่วยกัน"


def project(*passages: tuple, text: str = TEXT, lost: tuple = (), name: str = DOCUMENT) -> bytes:
    """Return a project in which coder-2 coded these passages (words of the text, code) of one document."""
    found = [(text.index(words), len(words), code) for words, code in passages]
    coded = [Passage(name, at, at + n, code, "coder-2") for at, n, code in found]
    codes = tuple(Code(code) for code in dict.fromkeys(code for _, code in passages))
    made = Project("ทดสอบ", (Document(name, text),), codes, ("coder-2",), tuple(coded), lost)
    return refi.write(made)


@kind("coding-project-unreadable")
def project_cut_off(files: Files) -> None:
    files[PROJECT] = project(("ทุกฝ่าย", "driver_network"))[:-200]


@kind("coding-document-unknown")
def project_of_an_unknown_document(files: Files) -> None:
    files[PROJECT] = project(("ทุกฝ่าย", "driver_network"), name="บันทึกของฉัน")


@kind("coding-passage-gone", "coding-document-differs")
def project_of_an_older_form(files: Files) -> None:
    older = TEXT.replace("ทุกฝ่าย", "ทุกคน")
    files[PROJECT] = project(("ทุกคน", "driver_network"), text=older)


@kind("coding-layout-only")
def project_with_a_coded_heading(files: Files) -> None:
    files[PROJECT] = project((HEADING, "driver_network"))


@kind("code-unknown")
def project_with_a_strange_code(files: Files) -> None:
    files[PROJECT] = project(("ทุกฝ่าย", "รหัสของฉัน"))


@kind("coding-coder-twice")
def one_coder_in_a_project_too(files: Files) -> None:
    files[PROJECT] = project(("ทุกฝ่าย", "driver_network"))
    files["coding/coder-2.csv"] = sample.coded(*GOOD_CODING)
