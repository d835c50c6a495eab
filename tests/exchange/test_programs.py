"""What NVivo, ATLAS.ti, MAXQDA and QualCoder write: positions stay where they were, what is lost is told."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.exchange import refi
from castlib.exchange.checks import NotReadable
from castlib.exchange.positions import Counted, Selection, Way, way_of
from castlib.exchange.project import Code, Document, Lost, Passage
from tests.exchange.sample import CODES, archive, guid, qde, qdpx, selection, source

LINES = "ทีมงานเข้มแข็งมาก\r\n🙂 ผู้นำรับฟังชาวบ้าน\r\nคนในชุมชนร่วมแรงกัน\r\n"
FLAT = LINES.replace("\r\n", "\n")
SAID = ["ทีมงานเข้มแข็ง", "ผู้นำรับฟัง", "คนในชุมชนร่วมแรงกัน"]


def written(raw: str, said: str, way: Way) -> tuple[int, int]:
    """Return where a program that counts in a way would say that something stands, counted one by one."""
    start = raw.index(said)

    def position(index: int) -> int:
        before = raw[:index].replace("\r\n", "\n") if way.joined else raw[:index]
        wide = sum(c > "\uffff" for c in before) if way.wide else 0
        return len(before) + wide + way.mark

    return position(start), position(start + len(said)) - way.last


def lost(project, what: str) -> Lost:
    return next(lost for lost in project.lost if lost.what == what)


def told(project) -> list[str]:
    texts = {document.name: document.text for document in project.documents}
    return [texts[p.document][p.start : p.end] for p in project.passages]


@pytest.mark.parametrize("way", [Way(*map(bool, map(int, f"{n:04b}"))) for n in range(16)], ids=str)
def test_the_way_of_counting_is_found_by_what_selections_say(way):
    selections = "".join(selection(*written(LINES, said, way), said) for said in SAID)
    read = refi.read(qdpx(qde(source(selections)), a=b"\xef\xbb\xbf" + LINES.encode()))
    assert read.documents == (Document("กลุ่ม 1", FLAT),)
    assert told(read) == SAID
    assert not read.lost


@given(
    st.lists(st.sampled_from(["ทีมงานดี", "ผู้นำ", "🙂", "\r\n", "\n", " ", "กิ่ง"]), max_size=30).map(
        "".join
    ),
    st.data(),
)
@settings(deadline=None)
def test_any_place_is_found_in_any_way_of_counting(raw, data):
    counted = Counted(raw, marked=True)
    way = data.draw(st.builds(Way, *[st.booleans()] * 4))
    start = data.draw(st.integers(0, len(raw)))
    said = raw[start : data.draw(st.integers(start, len(raw)))]
    if not said or said.startswith("\n") or said.endswith("\r"):
        return
    begun, ended = written(raw[:0] + raw, said, way)
    span = counted.span(begun, ended, way)
    first = raw.index(said)
    flat = raw[:first].replace("\r\n", "\n"), said.replace("\r\n", "\n")
    if raw[first - 1 : first + 1] != "\r\n":
        assert span == (len(flat[0]), len(flat[0]) + len(flat[1]))


def test_names_cut_short_tell_too():
    way = Way(mark=True)
    start, end = written(LINES, "ผู้นำรับฟังชาวบ้าน", way)
    for name in ("ผู้นำรับฟัง...", "ผู้นำรับฟัง…"):
        read = refi.read(qdpx(qde(source(selection(start, end, name))), a="\ufeff" + LINES))
        assert told(read) == ["ผู้นำรับฟังชาวบ้าน"]


def test_a_description_that_is_the_text_tells_too_and_is_no_note():
    start, end = written(LINES, SAID[1], Way(joined=True))
    inside = f"<Description>{SAID[1]}</Description>"
    read = refi.read(qdpx(qde(source(selection(start, end, "", inside=inside))), a=LINES))
    assert told(read) == [SAID[1]]
    assert not read.lost


def test_nvivo_names_nothing_and_counts_both_line_ends():
    """Folder Sources, byte order mark, empty names, a Word file beside the text, GUIDs of cases as codes."""
    spans = [written(LINES, said, Way()) for said in SAID]
    case = f'<Cases><Case guid="{guid(3)}" name="นาย ก"/></Cases>'
    body = "".join(selection(*span) for span in spans) + selection(*spans[0], code=3)
    rich = source(body).replace("plainTextPath", 'richTextPath="internal://a.docx" plainTextPath')
    read = refi.read(qdpx(qde(rich, "NVivo for Windows 12.6", before=case), a="\ufeff" + LINES))
    assert told(read) == SAID
    assert lost(read, "ช่วงข้อความที่ระบุว่าเป็นของกรณี (case)").number == 1
    assert lost(read, "กรณี (case)") == Lost("กรณี (case)", 1, ("นาย ก",))


def test_without_names_the_beginnings_of_words_tell_whether_the_mark_counts():
    words = " ".join(f"คำที่{n}" for n in range(9))
    spans = [written(words, f"คำที่{n}", Way(mark=True)) for n in range(9)]
    read = refi.read(
        qdpx(qde(source("".join(selection(*span) for span in spans))), a="\ufeff" + words)
    )
    assert told(read) == [f"คำที่{n}" for n in range(9)]


def test_atlas_ti_counts_a_line_end_once_even_where_nothing_tells():
    spans = [written(LINES, said, Way(joined=True)) for said in SAID]
    body = source("".join(selection(*span) for span in spans))
    groups = f'<Sets><Set guid="{guid(5)}" name="กลุ่มรหัส"/></Sets>'
    read = refi.read(qdpx(qde(body, "ATLAS.ti Win 26.1", after=groups), a=LINES))
    assert told(read) == SAID
    assert lost(read, "ชุดของรหัสหรือเอกสาร (set)").examples == ("กลุ่มรหัส",)


def test_maxqda_names_places_and_has_memos_without_codes():
    start, end = written(FLAT, SAID[0], Way())
    memo = (
        f'<PlainTextSelection guid="{guid(7)}" name="0,5" startPosition="0" endPosition="5">'
        "<Description>ดูอีกครั้ง</Description></PlainTextSelection>"
    )
    two = source(selection(start, end, f"{start},{end}") + memo) + source("", number=51)
    variable = '<Variables><Variable guid="x" name="อายุ" typeOfVariable="Integer"/></Variables>'
    read = refi.read(qdpx(qde(two, "MAXQDA 24", before=variable), a=FLAT))
    assert told(read) == [SAID[0]]
    assert [d.name for d in read.documents] == ["กลุ่ม 1", "กลุ่ม 1 (2)"]
    assert lost(read, "บันทึกที่ช่วงข้อความ").examples == ("ดูอีกครั้ง",)
    assert lost(read, "ช่วงข้อความที่ไม่มีรหัส").number == 1
    assert lost(read, "ตัวแปร").examples == ("อายุ",)
    assert lost(read, "ชื่อเอกสารที่ซ้ำกัน จึงเปลี่ยนชื่อ").examples == ("กลุ่ม 1 → กลุ่ม 1 (2)",)


def test_a_pdf_is_read_through_its_text():
    start, end = written(FLAT, SAID[2], Way())
    plain = source(selection(start, end, SAID[2])).replace("TextSource", "Representation")
    area = f'<PDFSelection guid="{guid(8)}" page="1" firstX="0" firstY="0" secondX="1" secondY="1">'
    coding = f'<Coding guid="{guid(6)}"><CodeRef targetGUID="{guid(1)}"/></Coding>'
    pdf = f'<PDFSource guid="{guid(60)}" name="รายงาน.pdf">{area}{coding}</PDFSelection>{plain}</PDFSource>'
    read = refi.read(qdpx(qde(pdf), a=FLAT))
    assert read.documents[0].name == "รายงาน.pdf"
    assert told(read) == [SAID[2]]
    assert lost(read, "การลงรหัสบนพื้นที่ของหน้า PDF").number == 1


def test_text_in_the_xml_relative_paths_and_codings_of_a_whole_document():
    whole = f'<Coding guid="{guid(6)}"><CodeRef targetGUID="{guid(2)}"/></Coding>'
    inline = (
        f'<TextSource guid="{guid(50)}" name="ใน"><PlainTextContent>ทีมงาน\nดี</PlainTextContent>'
        f"{selection(0, 6, 'ทีมงาน')}{whole}</TextSource>"
    )
    beside = source("", "นอก", "relative:///folder/b.txt", 51)
    gone = source(selection(0, 3), "หาย", "absolute:///C:/c.txt", 52)
    read = refi.read(qdpx(qde(inline + beside + gone), b="ข้าง"))
    assert read.documents == (Document("ใน", "ทีมงาน\nดี"), Document("นอก", "ข้าง"))
    assert read.passages == (
        Passage("ใน", 0, 6, "ทีม", "สมร", datetime(2022, 11, 16, 9)),
        Passage("ใน", 0, 9, "ผู้นำ", ""),
    )
    assert lost(read, "เอกสารที่ไม่มีฉบับข้อความล้วนที่อ่านได้ในไฟล์").examples == ("หาย",)
    assert lost(read, "การลงรหัสในเอกสารที่ไม่ได้นำเข้า").number == 1


def test_users_codes_and_names_are_taken_over():
    read = refi.read(qdpx(qde(source(selection(0, 3)))))
    assert (read.name, read.codes, read.coders) == ("ลองดู", CODES, ("สมร",))


def test_codes_of_one_name_are_told_apart_by_the_code_above():
    both = (
        f'<Code guid="{guid(11)}" name="อุปสรรค" isCodable="false" color="#ff0000">'
        f'<Code guid="{guid(12)}" name="ผู้นำ" isCodable="true"/></Code></Codes></CodeBook>'
    )
    read = refi.read(qdpx(qde("").replace("</Codes></CodeBook>", both)))
    assert read.codes[-1] == Code("ผู้นำ (อุปสรรค)", "", "อุปสรรค")
    assert lost(read, "ชื่อรหัสที่ซ้ำหรือว่าง จึงเปลี่ยนชื่อ").examples == ("ผู้นำ → ผู้นำ (อุปสรรค)",)
    assert lost(read, "สีของรหัส").number == 1


def test_a_passage_whose_text_stands_elsewhere_is_not_taken_over():
    good = [selection(*written(FLAT, said, Way()), said) for said in SAID]
    wrong = selection(3, 9, "ผู้นำรับฟังชาวบ้าน")
    named = selection(20, 26, "คำพูดที่น่าจดจำ")
    read = refi.read(qdpx(qde(source("".join([*good, wrong, named]))), a=FLAT))
    assert len(read.passages) == 4
    shifted = lost(read, "การลงรหัสที่ตำแหน่งไม่ตรงกับข้อความที่โปรแกรมเดิมจดไว้")
    assert shifted == Lost(shifted.what, 1, ("กลุ่ม 1 [3:9] ผู้นำรับฟังชาวบ้าน",))


def test_a_note_that_quotes_another_place_does_not_cost_the_passage():
    noted = selection(
        *written(FLAT, SAID[0], Way()), inside=f"<Description>{SAID[2]}</Description>"
    )
    read = refi.read(qdpx(qde(source(noted)), a=FLAT))
    assert told(read) == [SAID[0]]
    assert lost(read, "บันทึกที่ช่วงข้อความ").examples == (SAID[2],)


@pytest.mark.parametrize("places", [(0, 999), (5, 5), (9, 3)])
def test_positions_outside_are_told(places):
    read = refi.read(qdpx(qde(source(selection(*places))), a=FLAT))
    assert not read.passages
    assert lost(read, "การลงรหัสที่ตำแหน่งอยู่นอกเอกสารหรือว่าง").number == 1


def test_positions_that_are_no_numbers_and_codes_that_are_not_there_are_told():
    odd = selection(0, 3).replace('startPosition="0"', 'startPosition="-1"')
    read = refi.read(qdpx(qde(source(odd + selection(0, 3, code=77))), a=FLAT))
    assert not read.passages
    assert lost(read, "การลงรหัสที่ไม่มีตำแหน่งที่อ่านได้").number == 1
    assert lost(read, "การลงรหัสที่อ้างรหัสที่ไม่มีในไฟล์").number == 1


def test_pictures_sound_links_and_memos_are_counted():
    coding = f'<Coding guid="{guid(6)}"><CodeRef targetGUID="{guid(1)}"/></Coding>'
    media = f'<PictureSource guid="{guid(70)}" name="ภาพหมู่">{coding}</PictureSource><AudioSource guid="{guid(71)}"/>'
    after = '<Notes><Note guid="n" name="ข้อคิด"/></Notes><Links><Link guid="l"/></Links><Graphs><Graph guid="g"/></Graphs>'
    read = refi.read(qdpx(qde(media, after=after)))
    assert {lost.what: lost.number for lost in read.lost} == {
        "บันทึกช่วยจำ (memo)": 1,
        "ลิงก์": 1,
        "แผนผัง": 1,
        "ภาพ": 1,
        "การลงรหัสบนภาพ เสียง วีดิทัศน์ หรือบันทึก": 1,
        "เสียง": 1,
    }


def test_examples_are_ten_at_most_and_short():
    after = (
        "<Notes>"
        + "".join(f'<Note guid="n" name="{n:03}{"ก" * 99}"/>' for n in range(30))
        + "</Notes>"
    )
    memo = lost(refi.read(qdpx(qde("", after=after))), "บันทึกช่วยจำ (memo)")
    assert (memo.number, len(memo.examples)) == (30, 10)
    assert max(map(len, memo.examples)) == 80


def test_text_in_utf_16_is_read_and_broken_text_is_told():
    read = refi.read(qdpx(qde(source(selection(0, 6, "ทีมงาน"))), a="ทีมงานดี".encode("utf-16")))
    assert told(read) == ["ทีมงาน"]
    read = refi.read(qdpx(qde(source(selection(0, 6))), a="ทีมงาน".encode("cp874")))
    assert not read.documents
    assert lost(read, "เอกสารที่ไม่มีฉบับข้อความล้วนที่อ่านได้ในไฟล์").number == 1


def test_a_project_without_selections_has_the_usual_way():
    assert way_of([]) == Way()
    assert way_of([Selection(Counted("ก"), 0, 1)], joined=True) == Way(joined=True)


@pytest.mark.parametrize("version", ["1.0", "0:4", "1:0"])
def test_codebooks_of_all_versions_are_read(version):
    book = (
        f'<CodeBook xmlns="urn:QDA-XML:codebook:{version}" origin="x"><Codes><Code guid="{guid(1)}" name="ก"'
        f' isCodable="true"><Code guid="{guid(2)}" name="ข" isCodable="true"/></Code></Codes><Sets/></CodeBook>'
    )
    assert refi.read_codebook(book.encode()) == (Code("ก"), Code("ข", "", "ก"))


def test_files_of_other_kinds_are_refused():
    for content in (b"", b"hello", archive({"a.txt": "x"}), qdpx("<x/>")):
        with pytest.raises(NotReadable, match=r"ไฟล์ ไม่ใช่ไฟล์ โครงการลงรหัส REFI-QDA"):
            refi.read(content)
    with pytest.raises(NotReadable, match="ไม่ใช่ไฟล์ สมุดรหัส"):
        refi.read_codebook(b"<Codes/>")
