"""What is sent back to provinces: complete, escaped, whole, and rewritten only when there is news."""

import dataclasses
import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import lxml.html
import pytest

from castlib import paths, protocol, regions
from castlib.intake import intake, pages, replies, report
from castlib.intake.faults import REJECTED, WARNED, Fault

from . import sample

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BEFORE, AFTER = "2022-11-14T09:00:00", "2022-11-20T09:00:00"
HOSTILE = "<script>alert(1)</script>\"'&amp;\u202efdp\u2066\x00\x1b\x0c\ufffe]]>\n{{ 7*7 }}.docx"
HARMLESS = "<script>alert(1)</script>\"'&amp;fdp ]]> {{ 7*7 }}.docx"


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> report.Report:
    """The report of a country where Chiang Mai has sent everything, the day before the deadline."""
    place = tmp_path_factory.mktemp("replies")
    (place / "home").mkdir()
    (place / "home" / "data").symlink_to(paths.data())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAST_HOME", str(place / "home"))
        done = intake(sample.write(place / "source", sample.good()), out=lambda _: None)
    return dataclasses.replace(done, finished=BEFORE)


def wrong(code: str, severity: str = REJECTED, path: str = sample.FORM, **known) -> dict:
    """Return a fault's record."""
    known = {"place": "", "province": "TH-50", "given": None, "sentence": f"ประโยค {code}"} | known
    return Fault(code, severity, path, **known).record()


def with_faults(given: report.Report, *faults: dict, path: str = sample.FORM) -> report.Report:
    """Return a report in which a file has these faults."""
    files = [f | {"faults": [*faults]} if f["path"] == path else f for f in given.files]
    return dataclasses.replace(given, files=files)


def with_district(given: report.Report, code: str = "TH-50", **known) -> report.Report:
    """Return a report in which a district is another."""
    districts = [d | known if d["province"] == code else d for d in given.districts]
    return dataclasses.replace(given, districts=districts)


def html(code: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring((replies.folder() / f"{code}.html").read_bytes())


def text(code: str) -> str:
    return html(code).find("body").text_content()


def word(code: str):
    return docx.Document(str(replies.folder() / f"{code}.docx"))


def said_in_word(code: str) -> str:
    opened = word(code)
    cells = (cell.text for table in opened.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in opened.paragraphs), *cells])


def headings(code: str) -> list[str]:
    return [heading.text_content() for heading in html(code).iter("h2")]


def rows(code: str) -> list[list[str]]:
    """Return the cells of every row of a page's tables."""
    return [[cell.text_content() for cell in row] for row in html(code).iterfind(".//tbody/tr")]


def test_every_province_gets_a_page_and_a_word_file_and_there_is_an_index(home, good):
    written = replies.write(good)
    names = {f"{code}.{kind}" for code in regions.members("TH") for kind in ("html", "docx")}
    assert {file.name for file in written} == names | {"index.html"}
    assert {file.name for file in replies.folder().iterdir()} == names | {"index.html"}
    assert replies.in_place()
    (replies.folder() / "TH-50.docx").unlink()
    assert not replies.in_place()


def test_a_page_says_whose_it_is_of_which_study_and_when_it_was_checked(home, good):
    replies.write(good)
    for said in (text("TH-50"), said_in_word("TH-50")):
        assert "ผลการตรวจรับข้อมูล จังหวัดเชียงใหม่" in said
        assert protocol.load().title_th in said
        assert "ตรวจเมื่อ 14 พฤศจิกายน 2565 เวลา 09:00 น." in said
        assert "ข้อมูลจำลอง" not in said


def test_where_nothing_is_wrong_the_page_thanks_and_asks_for_nothing(home, good):
    replies.write(good)
    assert headings("TH-50") == ["สิ่งที่ได้รับ", "ไฟล์ที่ได้รับ"]
    assert "ไม่มีข้อที่ต้องแก้ไข ไม่ต้องส่งอะไรเพิ่ม ขอขอบคุณ" in text("TH-50")
    assert "✗" not in text("TH-50")
    assert "ขอขอบคุณ" in said_in_word("TH-50")


def test_what_arrived_stands_against_what_was_asked_for_in_words_and_signs(home, good):
    district = {"answers": 8, "photos": 4, "consent": False, "pictures_in_form": 2}
    replies.write(with_district(good, complete=False, on_time=False, **district))
    assert rows("TH-50")[:6] == [
        ["แบบสอบถามออนไลน์", "10 ชุด", "8 ชุด", "✗ ขาด 2 ชุด"],
        ["แบบบันทึกสนทนากลุ่ม", "1 ไฟล์", "1 ไฟล์", "✓ ผ่าน"],
        ["ความยินยอมในแบบบันทึก", "รับรอง", "ไม่ได้รับรอง", "✗ ไม่ได้รับรอง"],
        ["รูปภาพในแบบบันทึก", "ไม่มี", "2 รูป", "✗ มี 2 รูป"],
        ["ภาพถ่าย", "อย่างน้อย 5 ภาพ", "4 ภาพ", "✗ ขาด 1 ภาพ"],
        ["กำหนดส่ง", "ภายใน 15 พฤศจิกายน 2565", "มีส่วนที่ส่งช้า", "✗ มีส่วนที่ส่งช้า"],
    ]
    words = "ยังไม่ครบตามที่กำหนด: แบบสอบถามออนไลน์ ขาด 2 ชุด · ความยินยอมในแบบบันทึก ไม่ได้รับรอง"
    for said in (text("TH-50"), said_in_word("TH-50")):
        assert words in said
        assert "✗ ขาด 1 ภาพ" in said


def test_a_province_that_has_sent_nothing_is_told_what_to_send(home, good):
    replies.write(good)
    assert "ยังไม่ได้รับข้อมูลจากจังหวัดนี้" in text("TH-51")
    assert headings("TH-51") == ["สิ่งที่ได้รับ", "ต้องส่งเพิ่ม (3 รายการ)", "วิธีส่ง", "ไฟล์ที่ได้รับ"]
    assert "ยังไม่ได้รับไฟล์" in text("TH-51")
    for words in (".docx", "JPEG", "แบบสอบถามออนไลน์"):
        assert words in text("TH-51")


def test_files_are_listed_with_kind_outcome_and_time_without_the_provinces_own_folder(home, good):
    replies.write(good)
    listed = rows("TH-50")[6:]
    assert ["แบบบันทึกสนทนากลุ่ม.docx", "แบบบันทึก (Word)", "✓ รับไว้", "9/11/2565 10:00 น."] in listed
    assert ["photos/1.jpg", "ภาพถ่าย", "✓ รับไว้", "9/11/2565 10:00 น."] in listed
    assert f"โฟลเดอร์: {sample.FOLDER}" in text("TH-50")


def test_the_deadline_is_ahead_or_has_passed(home, good):
    replies.write(good)
    assert "ส่งเพิ่มภายในวันที่ 15 พฤศจิกายน 2565" in text("TH-51")
    replies.write(dataclasses.replace(good, finished=AFTER))
    for said in (text("TH-51"), said_in_word("TH-51")):
        assert "15 พฤศจิกายน 2565 ซึ่งผ่านไปแล้ว" in said
        assert "ยังรับและนำไปใช้ โดยนับว่าส่งช้า" in said


def test_what_is_wrong_stands_by_severity_with_file_place_sentence_and_code(home, good):
    place = "แถว 12 คอลัมน์ “อายุ”"
    row = {"path": "questionnaire.csv", "place": place, "sentence": f"{place}: ค่า “150” ให้แก้"}
    faults = (
        wrong("consent-not-ticked"),
        wrong("picture-in-form", WARNED, sentence=f"รูปใน {sample.FORM}"),
        wrong("number-out-of-range", **row),
        wrong("file-late", WARNED),
    )
    replies.write(with_faults(good, *faults))
    parts = ["ต้องแก้ไข (2 รายการ)", "โปรดตรวจสอบ (1 รายการ)", "ส่งหลังกำหนด (1 รายการ)"]
    assert headings("TH-50")[1:4] == parts
    form = "แบบบันทึกสนทนากลุ่ม.docx"
    found = rows("TH-50")
    assert [form, "ทั้งไฟล์", "ประโยค consent-not-ticked รหัส consent-not-ticked"] in found
    assert [form, "ทั้งไฟล์", f"รูปใน {form} รหัส picture-in-form"] in found
    told = ["questionnaire.csv", place, "ค่า “150” ให้แก้ รหัส number-out-of-range"]
    assert told in found
    assert "แจ้งข้อมูลที่ถูกต้องกลับมาพร้อมเลขแถว" in text("TH-50")
    for part in (*parts, place, "ค่า “150” ให้แก้"):
        assert part in said_in_word("TH-50")
    assert "150" not in text("TH-51")
    assert "ครบถ้วนและทันกำหนด · ต้องแก้ไข 2 รายการ · โปรดตรวจสอบ 1 รายการ" in text("TH-50")


def test_only_what_came_late_asks_for_nothing(home, good):
    late = with_district(with_faults(good, wrong("file-late", WARNED)), on_time=False)
    replies.write(late)
    assert "ครบถ้วน แต่มีส่วนที่ส่งหลังกำหนด" in text("TH-50")
    assert "ขอขอบคุณ" in text("TH-50")
    assert "วิธีส่ง" not in text("TH-50")


def test_of_many_faults_of_a_kind_ten_places_are_shown_and_the_others_counted(home, good):
    many = [wrong("turn-empty", place=f"แถว {n}", sentence=f"แถว {n}: ว่าง") for n in range(25)]
    replies.write(with_faults(good, *many, wrong("turn-twice", place="แถว 99")))
    found = [row for row in rows("TH-50") if "รหัส turn-empty" in row[2]]
    assert found[0][1] == "; ".join(f"แถว {n}" for n in range(10))
    assert "และอีก 15 แห่งในลักษณะเดียวกัน" in found[1][2]
    assert any("แถว 99" in row[1] for row in rows("TH-50"))
    assert "ต้องแก้ไข (26 รายการ)" in headings("TH-50")


def test_what_came_twice_and_what_was_replaced(home, good):
    entry = next(e for e in good.register if e["path"] == sample.FORM)
    old = entry | {"sha256": "1", "first_seen": "2022-11-05T08:00:00", "current": False}
    old |= {"replaced_by": entry["sha256"], "status": "rejected"}
    gone = old | {"path": f"{sample.FOLDER}/เก่า.docx", "replaced_by": None, "gone": True}
    twice = wrong("photo-twice", path=f"{sample.FOLDER}/photos/2.jpg")
    given = dataclasses.replace(with_faults(good, twice), register=[*good.register, old, gone])
    replies.write(given)
    assert headings("TH-50")[1] == "ได้รับซ้ำหรือแทนฉบับเดิม"
    points = [li.text_content() for li in html("TH-50").iter("li")]
    assert "(ไม่รับ) ถูกแทนด้วยฉบับใหม่ซึ่งตรวจเมื่อ" in points[0]
    assert points[1] == "เก่า.docx: ฉบับที่ตรวจเมื่อ 5/11/2565 08:00 น. (ไม่รับ) ไม่มีในโฟลเดอร์แล้ว"
    assert ["photos/2.jpg", "ทั้งไฟล์", "ประโยค photo-twice รหัส photo-twice"] in rows("TH-50")
    assert "ถูกแทนด้วยฉบับใหม่" in said_in_word("TH-50")


def test_a_file_uploaded_again_is_told_and_asks_for_nothing(home, good):
    again = wrong("register-twice", path="received.csv", place="แถว 3")
    replies.write(with_faults(good, again))
    assert "ได้รับซ้ำหรือแทนฉบับเดิม" in headings("TH-50")
    assert "ขอขอบคุณ" in text("TH-50")


def test_the_index_leads_to_every_province_and_holds_what_belongs_to_none(home, good):
    lost = wrong("register-no-file", path="received.csv", place="แถว 7", province=None)
    late = with_faults(good, wrong("file-late", WARNED))
    replies.write(with_district(with_faults(late, lost, path="received.csv"), on_time=False))
    links = {a.get("href") for a in html("index").iter("a")}
    assert links == {p.name for p in replies.folder().iterdir()} - {"index.html"}
    by_name = {row[0].split()[0]: row for row in rows("index")}
    assert by_name["เชียงใหม่"][1:7] == ["10", "มี", "5", "✓ ครบ ส่งช้า", "0", "0"]
    assert by_name["ลำพูน"][1:7] == ["0", "–", "0", "✗ ยังไม่ได้รับ", "0", "0"]
    assert "ครบ 1 · ยังไม่ครบ 0 · ยังไม่ได้รับ 75" in text("index")
    assert ["received.csv", "แถว 7", "ประโยค register-no-file รหัส register-no-file"] in rows(
        "index"
    )
    assert not any("register-no-file" in text(code) for code in ("TH-50", "TH-51"))
    assert "staff/centre-03.docx" in text("index")


def test_left_behind_files_are_listed_and_nobody_is_asked_to_correct_them(home, good):
    junk = {"path": f"{sample.FOLDER}/~$a.docx", "kind": "ignored", "status": "rejected"}
    junk |= {"faults": [wrong("ignored-file", path=junk["path"])]}
    files = [*good.files, good.files[0] | {"province": "TH-50"} | junk]
    replies.write(dataclasses.replace(good, files=files))
    assert ["~$a.docx", "ไฟล์ที่ระบบสร้างเอง", "✗ ไม่รับ"] in [row[:3] for row in rows("TH-50")]
    assert "ขอขอบคุณ" in text("TH-50")


@pytest.mark.parametrize("synthetic", [False, True])
def test_a_synthetic_country_says_so_on_every_page(home, good, synthetic):
    replies.write(dataclasses.replace(good, synthetic=synthetic))
    for code in ("TH-50", "TH-51"):
        assert ("ข้อมูลจำลอง" in text(code)) is synthetic
        assert ("ข้อมูลจำลอง" in html(code).findtext("head/title")) is synthetic
        assert ("ข้อมูลจำลอง" in said_in_word(code)) is synthetic
        header = word(code).sections[0].header.paragraphs[0].text
        assert ("ข้อมูลจำลอง" in header) is synthetic
    assert ("ข้อมูลจำลอง" in text("index")) is synthetic


def hostile(given: report.Report) -> report.Report:
    """Return a report in which everything that others wrote is hostile."""
    bad = {"path": f"{sample.FOLDER}/{HOSTILE}", "place": HOSTILE, "sentence": HOSTILE}
    made = with_faults(given, wrong("form-broken", **bad))
    names = [f | {"path": bad["path"]} if f["path"] == sample.FORM else f for f in made.files]
    past = {**good_entry(given), "path": HOSTILE, "current": False, "gone": True}
    return dataclasses.replace(made, files=names, register=[*given.register, past])


def good_entry(given: report.Report) -> dict:
    return next(entry for entry in given.register if entry["path"] == sample.FORM)


def test_whatever_others_wrote_is_text_and_nothing_else(home, good):
    replies.write(hostile(good))
    raw = (replies.folder() / "TH-50.html").read_text(encoding="utf-8")
    page = html("TH-50")
    assert not [*page.iter("script")]
    assert [HARMLESS, HARMLESS, f"{HARMLESS} รหัส form-broken"] in rows("TH-50")
    assert HARMLESS in said_in_word("TH-50")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe]", raw)
    replies.write(with_faults(good, wrong("form-broken")))
    plain = {element.tag for element in html("TH-50").iter()}
    assert {element.tag for element in page.iter()} == plain


def test_a_page_stands_by_itself(home, good):
    replies.write(good)
    for code in ("TH-50", "TH-51", "index"):
        raw, page = (replies.folder() / f"{code}.html").read_text("utf-8"), html(code)
        assert page.get("lang") == "th"
        assert page.find("head/meta[@name='viewport']") is not None
        assert not [*page.iter("script", "link", "img", "iframe", "form")]
        assert not re.search(r"https?:|url\(|@import| on\w+=", raw)
        assert raw.startswith("<!doctype html>")


def test_word_has_real_headings_tables_with_a_header_row_and_thai(home, good):
    replies.write(with_faults(good, wrong("turn-empty")))
    opened = word("TH-50")
    styles = {p.style.name for p in opened.paragraphs}
    assert {"Title", "Heading 1", "List Bullet"} <= styles
    assert opened.core_properties.title == "ผลการตรวจรับข้อมูล จังหวัดเชียงใหม่"
    for table in opened.tables:
        assert table.rows[0]._tr.find(f"{WORD}trPr/{WORD}tblHeader") is not None
    defaults = opened.styles.element.find(f"{WORD}docDefaults/{WORD}rPrDefault/{WORD}rPr")
    assert defaults.find(f"{WORD}lang").get(f"{WORD}bidi") == "th-TH"
    assert defaults.find(f"{WORD}rFonts").get(f"{WORD}cs")
    used = {p.get(f"{WORD}val") for p in opened.element.iter(f"{WORD}pStyle")}
    assert used <= {style.style_id for style in opened.styles}
    names = zipfile.ZipFile(replies.folder() / "TH-50.docx").namelist()
    assert not [name for name in names if "vba" in name.lower() or "media" in name]


def test_equal_pages_have_equal_bytes():
    page = pages.Page("TH-50", "ก", "", [pages.Text("ข")])
    when = datetime(2022, 11, 14)
    first = pages.word(page, when)
    assert pages.word(page, when) == first
    dates = {part.date_time for part in zipfile.ZipFile(io.BytesIO(first)).infolist()}
    assert dates == {pages.EPOCH}


def look() -> dict[str, tuple[int, bytes]]:
    files = replies.folder().iterdir()
    return {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in files}


def test_only_what_has_news_is_rewritten(home, good):
    replies.write(good)
    before = look()
    assert replies.write(good) == []
    assert look() == before
    later = dataclasses.replace(good, finished="2022-11-15T18:00:00")
    assert [file.name for file in replies.write(later)] == ["index.html"]
    assert "ตรวจเมื่อ 15 พฤศจิกายน 2565 เวลา 18:00 น." in text("index")
    assert "เวลา 09:00 น." in text("TH-50")
    changed = with_district(later, answers=9, complete=False)
    names = [file.name for file in replies.write(changed)]
    assert names == ["TH-50.html", "TH-50.docx", "index.html"]
    assert "เวลา 18:00 น." in text("TH-50")
    row = next(row for row in rows("index") if row[0].startswith("เชียงใหม่"))
    assert row[7] == "15/11/2565 18:00 น."


def test_a_page_that_someone_changed_is_made_again(home, good):
    replies.write(good)
    before = look()["TH-50.html"][1]
    for content in (b"", b'<meta name="checked" content="never">', before + b" ", None):
        file = replies.folder() / "TH-50.html"
        file.unlink() if content is None else file.write_bytes(content)
        assert [f.name for f in replies.write(good)] == ["TH-50.html", "TH-50.docx"]
        assert look()["TH-50.html"][1] == before


def test_a_province_that_is_no_more_loses_its_page_and_other_files_stay(home, good):
    replies.write(good)
    for name in ("TH-99.html", "TH-99.docx", "TH-50.html.new"):
        (replies.folder() / name).write_bytes(b"x")
    (replies.folder() / "register.json").write_bytes(b"[]")
    replies.write(good)
    names = {file.name for file in replies.folder().iterdir()}
    assert "register.json" in names
    assert len(names) == 154


@pytest.mark.parametrize("stops_at", [0, 1, 40, 152])
def test_broken_off_at_any_file_every_page_is_whole_and_the_next_time_finishes(
    home, good, monkeypatch, stops_at
):
    replies.write(good)
    complete = dataclasses.replace(good, synthetic=True, finished=AFTER)
    real, done = pages.os.replace, []

    def stopping(fresh: Path, file: Path) -> None:
        if len(done) == stops_at:
            raise KeyboardInterrupt
        done.append(file)
        real(fresh, file)

    monkeypatch.setattr(pages.os, "replace", stopping)
    with pytest.raises(KeyboardInterrupt):
        replies.write(complete)
    for code in regions.members("TH"):
        assert (replies.folder() / f"{code}.html").read_bytes().endswith(b"</html>")
        word(code)
    monkeypatch.setattr(pages.os, "replace", real)
    replies.write(complete)
    assert all("ข้อมูลจำลอง" in text(code) for code in ("TH-50", "TH-51", "index"))
    assert not [*replies.folder().glob("*.new")]
    assert replies.write(complete) == []


def test_the_desk_writes_pages_and_register_and_makes_again_what_is_missing(home, tmp_path):
    source = sample.write(tmp_path / "source", sample.good())
    said: list[str] = []
    first = intake(source, out=said.append)
    assert replies.in_place()
    assert any("build/intake/index.html" in line for line in said)
    assert any("ไฟล์ใหม่ 13 · แทนฉบับเดิม 0 · หายไป 0" in line for line in said)
    before = look()
    assert intake(source, out=said.append) == first
    assert look() == before
    (replies.folder() / "TH-50.html").unlink()
    intake(source, out=said.append)
    assert replies.in_place()


def test_a_corrected_file_is_in_the_register_beside_the_old_one_also_after_a_break(
    home, tmp_path, monkeypatch
):
    source = sample.write(tmp_path / "source", sample.good())
    intake(source, out=lambda _: None)
    sample.write(source, {sample.FORM: sample.form(said=sample.SAID[:2])})
    with monkeypatch.context() as patch:
        patch.setattr(report.Report, "save", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            intake(source, out=lambda _: None)
    done = intake(source, out=lambda _: None)
    old, new = (entry for entry in done.register if entry["path"] == sample.FORM)
    assert (old["current"], old["replaced_by"]) == (False, new["sha256"])
    assert (new["current"], new["gone"]) == (True, False)
    assert "ถูกแทนด้วยฉบับใหม่" in text("TH-50")
    assert report.previous() == done
