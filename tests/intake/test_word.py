"""Word files as people save them, and as people should not be able to hurt us with."""

import io
import time
import tracemalloc
import zipfile

import pytest

from castlib.intake import word, zips

from . import sample
from .sample import docx, p, package, table


@pytest.fixture
def read(tmp_path):
    def write(content: bytes) -> word.Document:
        file = tmp_path / "form.docx"
        file.write_bytes(content)
        return word.read(file)

    return write


def refusal(read, content: bytes) -> tuple[str, str]:
    with pytest.raises(zips.Refused) as caught:
        read(content)
    return caught.value.reason, caught.value.given


def control(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def test_paragraphs_and_tables_come_in_order(read):
    assert read(docx(p("ก"), table(("ข", 1), ("ค", 2)), p("ง"))).blocks == [
        "ก",
        [["ข", "1"], ["ค", "2"]],
        "ง",
    ]


def test_content_controls_are_read_at_every_level(read):
    row = "<w:tr>" + control(f"<w:tc>{p('ก')}</w:tc>") + f"<w:tc>{control(p('ข'))}</w:tc></w:tr>"
    inline = f"<w:p>{control('<w:r><w:t>ค</w:t></w:r>')}</w:p>"
    content = docx(control(p("หัว") + control(f"<w:tbl>{control(row)}</w:tbl>")), inline)
    assert read(content).blocks == ["หัว", [["ก", "ข"]], "ค"]


def test_placeholders_are_empty(read):
    holder = control("<w:r><w:t>คลิกเพื่อใส่ข้อความ</w:t></w:r>", "<w:showingPlcHdr/>")
    cell = table((f"<w:p>{holder}</w:p>", "ข"))
    whole = control(p("คลิกเพื่อใส่ข้อความ"), "<w:showingPlcHdr/>")
    assert read(docx(cell, whole)).blocks == [[["", "ข"]]]


def test_check_boxes_real_old_and_drawn(read):
    old = "<w:p><w:r><w:fldChar><w:ffData><w:checkBox>{}</w:checkBox></w:ffData></w:fldChar></w:r></w:p>"
    drawn = '<w:p><w:r><w:sym w:font="Wingdings" w:char="{}"/></w:r></w:p>'
    document = read(
        docx(
            sample.box("ก", True),
            sample.box("ข", False),
            "<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked/></w14:checkbox></w:sdtPr></w:sdt></w:p>",
            old.format('<w:default w:val="0"/><w:checked/>'),
            old.format('<w:default w:val="1"/>'),
            old.format('<w:default w:val="1"/><w:checked w:val="0"/>'),
            drawn.format("F0FE"),
            drawn.format("f0a8"),
            p("☑ ☐"),
        )
    )
    assert document.blocks == ["☒ก", "☐ข", "☒", "☒", "☒", "☐", "☒", "☐", "☑ ☐"]


def test_insertions_are_read_and_deletions_are_not(read):
    run = "<w:r><w:t>{}</w:t></w:r>"
    line = (
        f"<w:p><w:ins>{run.format('ใหม่')}</w:ins><w:del><w:r><w:delText>เก่า</w:delText></w:r></w:del>"
        f"<w:moveFrom>{run.format('ย้าย')}</w:moveFrom><w:moveTo>{run.format('มา')}</w:moveTo></w:p>"
    )
    gone = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('ลบ')}</w:tc></w:tr>"
    stays = f"<w:tr><w:tc>{p('อยู่')}</w:tc></w:tr>"
    assert read(docx(line, f"<w:tbl>{gone}{stays}</w:tbl>")).blocks == ["ใหม่มา", [["อยู่"]]]


def test_text_boxes_follow_their_paragraph_once(read):
    drawn = f"<w:drawing><w:txbxContent>{p('กล่อง')}{table(('ก', 'ข'))}</w:txbxContent></w:drawing>"
    either = (
        f"<mc:AlternateContent><mc:Choice>{drawn}</mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"<w:txbxContent>{p('กล่อง')}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    line = f"<w:p><w:r><w:t>นอก</w:t></w:r><w:r>{either}</w:r></w:p>"
    assert read(docx(line)).blocks == ["นอก", "กล่อง", [["ก", "ข"]]]
    assert read(docx(table((line,)))).blocks == [[["นอก กล่อง ก ข"]]]


def test_breaks_tabs_and_merged_cells(read):
    line = "<w:p><w:r><w:t>ก</w:t><w:br/><w:t>ข</w:t><w:tab/><w:t>ค</w:t></w:r></w:p>"
    wide = f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p("รวม")}</w:tc><w:tc>{p("x")}</w:tc></w:tr>'
    first, rows = read(docx(line, f"<w:tbl>{wide}</w:tbl>")).blocks
    assert first.split() == ["ก", "ข", "ค"]
    assert [cell.strip() for cell in rows[0]] == ["รวม", "", "x"]


def test_pictures_are_counted_once_and_not_when_deleted(read):
    drawing, old = "<w:drawing><a:blip/></w:drawing>", "<w:pict><v:imagedata/></w:pict>"
    both = f"<mc:AlternateContent><mc:Choice>{drawing}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    gone = f"<w:del><w:r>{drawing}</w:r></w:del>"
    runs = "".join(f"<w:r>{inner}</w:r>" for inner in (drawing, old, both))
    assert read(docx(f"<w:p>{runs}{gone}</w:p>")).pictures == 3


def test_macros_are_noticed(read):
    assert read(docx(p("ก"), **{"word/vbaProject.bin": b"x"})).macro
    assert not read(docx(p("ก"))).macro


def test_another_name_of_the_main_part_is_found(read):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr(
            "[Content_Types].xml", sample.CONTENT_TYPES.replace("document.xml", "document2.xml")
        )
        opened.writestr(
            "word/document2.xml",
            f"<w:document {sample.SPACES}><w:body>{p('ก')}</w:body></w:document>",
        )
    assert read(file.getvalue()).blocks == ["ก"]


def test_other_zips_and_text_are_not_word(read):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("xl/workbook.xml", "x")
    assert refusal(read, file.getvalue())[0] == "not"
    assert refusal(read, b"hello")[0] == "not"


def test_an_external_entity_is_not_fetched(read, tmp_path):
    (tmp_path / "secret").write_text("ความลับ")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>'
    body = f"<w:document {sample.SPACES}><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>"
    assert refusal(read, package(entity + body)) == (
        "unsafe",
        "มีคำนิยามของเอกสาร (DTD) ซึ่งโปรแกรมสำนักงานไม่ใช้",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_exploding_entities_are_refused(read, encoding):
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [{laughs}]><x>&j;</x>'
    assert refusal(read, package(xml.encode(encoding)))[0] in ("unsafe", "broken")


def test_deep_xml_is_refused(read):
    assert refusal(read, package("<a>" * 100_000 + "</a>" * 100_000)) == (
        "unsafe",
        "โครงสร้างซ้อนกันลึกผิดปกติ",
    )
    nested = f"<w:document {sample.SPACES}><w:body>{'<w:p><w:txbxContent>' * 120}{'</w:txbxContent></w:p>' * 120}"
    assert len(read(package(nested + "</w:body></w:document>")).blocks) == 120


@pytest.mark.parametrize("name", ["../up.xml", "/etc/passwd", "word\\..\\..\\up", "C:/x"])
def test_a_path_out_of_the_package_is_refused(read, name):
    assert refusal(read, docx(p("ก"), **{name: b"x"})) == ("unsafe", "ชื่อส่วนชี้ออกนอกไฟล์")


def test_bombs_are_refused_at_once_and_in_little_memory(read):
    bomb = docx(p("ก"), **{"word/media/zero.bin": b"\0" * (150 * 2**20)})
    many = docx(p("ก"), **{f"word/{k}": b"" for k in range(zips.MOST_PARTS + 1)})
    long = package(
        f"<w:document {sample.SPACES}><w:body>"
        + "".join(f"<w:p w:x='{k}'/>" for k in range(500_000))
    )
    small = docx(p("ก"))
    end = small.rindex(b"PK\x05\x06")
    lying = small[: end + 12] + b"\xff\xff\xff\x7f" + small[end + 16 :]
    tracemalloc.start()
    started = time.monotonic()
    for content in (bomb, many, long, lying):
        assert refusal(read, content)[0] == "too-large"
    assert time.monotonic() - started < 2
    assert tracemalloc.get_traced_memory()[1] < 60 * 2**20
    tracemalloc.stop()


def test_locked_parts_are_refused(read):
    content = bytearray(docx(p("ก")))
    for sign, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(sign)
        while place >= 0:
            content[place + flags] |= 1
            place = content.find(sign, place + 4)
    assert refusal(read, bytes(content))[0] == "encrypted"
