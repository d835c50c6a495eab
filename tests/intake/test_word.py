"""Word files as people save them, and as people should not be able to hurt us with."""

import contextlib
import io
import time
import tracemalloc
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from castlib.intake import word, zips

from . import sample
from .sample import docx, p, package, table


def plain(blocks) -> list:
    """Return blocks with tables as rows of text."""
    return [b if isinstance(b, str) else [[c.text for c in row] for row in b.rows] for b in blocks]


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
    assert plain(read(docx(p("ก"), table(("ข", 1), ("ค", 2)), p("ง"))).blocks) == [
        "ก",
        [["ข", "1"], ["ค", "2"]],
        "ง",
    ]


def test_content_controls_are_read_at_every_level(read):
    row = "<w:tr>" + control(f"<w:tc>{p('ก')}</w:tc>") + f"<w:tc>{control(p('ข'))}</w:tc></w:tr>"
    inline = f"<w:p>{control('<w:r><w:t>ค</w:t></w:r>')}</w:p>"
    content = docx(control(p("หัว") + control(f"<w:tbl>{control(row)}</w:tbl>")), inline)
    assert plain(read(content).blocks) == ["หัว", [["ก", "ข"]], "ค"]


def test_placeholders_are_empty(read):
    holder = control("<w:r><w:t>คลิกเพื่อใส่ข้อความ</w:t></w:r>", "<w:showingPlcHdr/>")
    cell = table((f"<w:p>{holder}</w:p>", "ข"))
    whole = control(p("คลิกเพื่อใส่ข้อความ"), "<w:showingPlcHdr/>")
    assert plain(read(docx(cell, whole)).blocks) == [[["", "ข"]], ""]


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
    assert plain(document.blocks) == ["☒ก", "☐ข", "☒", "☒", "☒", "☐", "☒", "☐", "☑ ☐"]


def test_insertions_are_read_and_deletions_are_not(read):
    run = "<w:r><w:t>{}</w:t></w:r>"
    line = (
        f"<w:p><w:ins>{run.format('ใหม่')}</w:ins><w:del><w:r><w:delText>เก่า</w:delText></w:r></w:del>"
        f"<w:moveFrom>{run.format('ย้าย')}</w:moveFrom><w:moveTo>{run.format('มา')}</w:moveTo></w:p>"
    )
    gone = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('ลบ')}</w:tc></w:tr>"
    stays = f"<w:tr><w:tc>{p('อยู่')}</w:tc></w:tr>"
    content = docx(line, f"<w:tbl>{gone}{stays}</w:tbl>", f"<w:tbl>{gone}</w:tbl>")
    assert plain(read(content).blocks) == ["ใหม่มา", [["อยู่"]]]


def test_text_boxes_follow_their_paragraph_once(read):
    drawn = f"<w:drawing><w:txbxContent>{p('กล่อง')}{table(('ก', 'ข'))}</w:txbxContent></w:drawing>"
    either = (
        f"<mc:AlternateContent><mc:Choice>{drawn}</mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"<w:txbxContent>{p('กล่อง')}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    line = f"<w:p><w:r><w:t>นอก</w:t></w:r><w:r>{either}</w:r></w:p>"
    assert plain(read(docx(line)).blocks) == ["นอก", "กล่อง", [["ก", "ข"]]]
    assert plain(read(docx(table((line,)))).blocks) == [[["นอก กล่อง ก ข"]]]


def test_breaks_tabs_and_merged_cells(read):
    line = "<w:p><w:r><w:t>ก</w:t><w:br/><w:t>ข</w:t><w:tab/><w:t>ค</w:t></w:r></w:p>"
    wide = f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p("รวม")}</w:tc><w:tc>{p("x")}</w:tc></w:tr>'
    first, found = read(docx(line, f"<w:tbl>{wide}</w:tbl>")).blocks
    assert first == "ก ข ค"
    assert [(cell.text, cell.width) for cell in found.rows[0]] == [("รวม", 2), ("x", 1)]


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
    started = time.process_time()
    for content in (bomb, many, long, lying):
        assert refusal(read, content)[0] == "too-large"
    assert time.process_time() - started < 2
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


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def line(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def said(read, *blocks: str) -> list:
    return plain(read(docx(*blocks)).blocks)


def test_a_check_box_tells_its_state_at_every_level(read):
    on, off = "<w14:checkbox><w14:checked w14:val='1'/></w14:checkbox>", "<w14:checkbox/>"
    cell = control(f"<w:tc>{p('☐')}</w:tc>", on)
    row = f"<w:tbl><w:tr>{cell}<w:tc>{p('ยินยอม')}</w:tc></w:tr></w:tbl>"
    assert said(read, control(p("☐ ยินยอม"), on), control(p("☑ ก"), off), row) == [
        "☒ ยินยอม",
        "☐ ก",
        [["☒", "ยินยอม"]],
    ]


def test_symbol_fonts_draw_boxes(read):
    font = '<w:rFonts w:ascii="{}" w:hAnsi="{}"/>'
    wingdings, webdings = (font.format(name, name) for name in ("Wingdings", "Webdings"))
    lines = (
        line(run("\uf0fe", wingdings), run(" ก")),
        line(run("þ", wingdings), run(" ข")),
        line(run("o", wingdings), run(" ค")),
        line(run("a", webdings), run(" ง")),
        line(run("\uf0a8"), run(" จ")),
        line('<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>', run(" ฉ")),
        line('<w:r><w:sym w:font="Symbol" w:char="F0B7"/></w:r>', run(" ช")),
        line(
            '<w:r><w:sym w:font="Wingdings" w:char="ZZ"/></w:r>',
            run("ox", font.format("Arial", "Arial")),
        ),
    )
    assert said(read, *lines) == ["☒ ก", "☒ ข", "☐ ค", "☒ ง", "☐ จ", "☒ ฉ", "ช", "ox"]


def test_drop_downs_show_what_is_chosen(read):
    listed = "<w:dropDownList><w:listItem w:value='1' w:displayText='เชียงใหม่'/></w:dropDownList>"
    chosen = line(control(run("เชียงใหม่"), listed))
    dated = line(control(run("9 พฤศจิกายน 2565"), "<w:date/><w:dataBinding w:xpath='/x'/>"))
    none = line(control(run("เลือกรายการ"), listed + "<w:showingPlcHdr/>"))
    off = line(control(run("ลำพูน"), listed + '<w:showingPlcHdr w:val="0"/>'))
    entries = "".join(f'<w:listEntry w:val="{name}"/>' for name in ("ก", "ข"))
    old = (
        "<w:p><w:r><w:fldChar><w:ffData><w:ddList>{}</w:ddList></w:ffData></w:fldChar></w:r></w:p>"
    )
    olds = [
        old.format(head + entries)
        for head in ("", '<w:result w:val="1"/>', '<w:result w:val="7"/>')
    ]
    assert said(read, chosen, dated, none, off, *olds) == [
        *("เชียงใหม่", "9 พฤศจิกายน 2565", "", "ลำพูน", "ก", "ข", ""),
    ]


def test_a_placeholder_keeps_its_cell_and_its_picture_is_no_picture(read):
    empty = control(f"<w:tc>{p('คลิก')}</w:tc>", "<w:showingPlcHdr/>")
    icon = control("<w:r><w:drawing><a:blip/></w:drawing></w:r>", "<w:picture/><w:showingPlcHdr/>")
    document = read(docx(f"<w:tbl><w:tr>{empty}<w:tc>{p('ข')}</w:tc></w:tr></w:tbl>", line(icon)))
    assert plain(document.blocks) == [[["", "ข"]], ""]
    assert document.pictures == 0


def test_field_codes_are_silent_and_results_are_read(read):
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = "<w:r><w:instrText>MERGEFIELD x</w:instrText></w:r>"
    inner = mark("begin") + code + mark("separate") + run("ชั้นใน") + mark("end")
    outer = mark("begin") + inner + run(" = 1") + mark("separate") + run("ผล") + mark("end")
    simple = f'<w:fldSimple w:instr="DATE">{run("วันนี้")}</w:fldSimple>'
    link = f'<w:hyperlink r:id="r1" xmlns:r="x">{run("ลิงก์")}</w:hyperlink>'
    assert said(read, line(outer), line(simple, link), line(mark("begin"), run("ไม่จบ"))) == [
        "ผล",
        "วันนี้ลิงก์",
        "ไม่จบ",
    ]


def test_hidden_text_ruby_and_notes_are_not_read(read):
    ruby = f"<w:r><w:ruby><w:rt>{run('เสียง')}</w:rt><w:rubyBase>{run('คำ')}</w:rubyBase></w:ruby></w:r>"
    notes = '<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:commentReference w:id="1"/></w:r>'
    shown = run("เห็น", '<w:vanish w:val="false"/>')
    parts = {
        f"word/{name}.xml": f"<w:x {sample.SPACES}>{p('ลับ')}</w:x>"
        for name in ("footnotes", "endnotes", "comments", "header1", "footer1")
    }
    document = read(docx(line(run("ซ่อน", "<w:vanish/>"), shown, ruby, notes), **parts))
    assert document.blocks == ["เห็นคำ"]


def test_deleted_ends_of_paragraphs_and_cells(read):
    ended = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('ประเด็น')}</w:p>"
    cell = f"<w:tc><w:tcPr><w:cellDel/></w:tcPr>{p('ลบ')}</w:tc>"
    fresh = f"<w:tc><w:tcPr><w:cellIns/></w:tcPr>{p('ใหม่')}</w:tc>"
    old = f"<w:pPrChange><w:pPr/></w:pPrChange>{run('x')}"
    assert said(
        read,
        ended,
        line(run("ที่ 1")),
        f"<w:tbl><w:tr>{cell}{fresh}</w:tr></w:tbl>",
        f"<w:p><w:pPr>{old}</w:pPr>{run('ก')}</w:p>",
        ended,
    ) == ["ประเด็นที่ 1", [["ใหม่"]], "ก", "ประเด็น"]


def test_of_alternatives_the_first_is_taken_or_the_only_one(read):
    two = f"<mc:Choice>{run('ก')}</mc:Choice><mc:Choice>{run('ข')}</mc:Choice><mc:Fallback>{run('ค')}</mc:Fallback>"
    one = f"<mc:Fallback>{run('ง')}</mc:Fallback>"
    either = "<mc:AlternateContent>{}</mc:AlternateContent>"
    assert said(read, line(either.format(two), either.format(one))) == ["กง"]


def test_old_text_boxes_are_read(read):
    box = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{p('กล่อง')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    assert said(read, line(run("นอก"), box)) == ["นอก", "กล่อง"]


def test_a_table_in_a_cell_comes_with_the_rows_round_it(read):
    inner = table(("ข", "ค"))
    document = read(docx(table(("จังหวัด", "ตาก"), (p("หัว") + inner, "ท้าย"), ("ก", "ฮ"))))
    (outer,) = document.blocks
    assert [[c.text for c in row] for row in outer.rows][1] == ["หัว ข ค", "ท้าย"]
    assert plain(outer.inner) == [[["จังหวัด", "ตาก"]], "หัว", [["ข", "ค"]], "ท้าย", [["ก", "ฮ"]]]
    assert read(docx(inner)).blocks[0].inner == []


def test_cells_say_what_is_not_in_their_text(read):
    listed = "<w:p><w:pPr><w:numPr><w:numId w:val='{}'/></w:numPr></w:pPr></w:p>"
    merge = "<w:tc><w:tcPr><w:vMerge{}/></w:tcPr>" + p("") + "</w:tc>"
    row = f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr><w:tc>{listed.format(3)}</w:tc><w:tc>{listed.format(0)}</w:tc>"
    row += (
        merge.format("")
        + merge.format(" w:val='restart'")
        + merge.format(" w:val='continue'")
        + "</w:tr>"
    )
    cells = read(docx(f"<w:tbl>{row}</w:tbl>")).blocks[0].rows[0]
    assert [cell.listed for cell in cells] == [False, True, False, False, False, False]
    assert [cell.merged for cell in cells] == [False, False, False, True, False, True]


def test_the_strict_set_of_names_is_read_too(read):
    content = docx(
        sample.box(" ก", True),
        table(("ข", "ค")),
        "<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>",
    )
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            text = text.replace(sample.MAIN, "http://purl.oclc.org/ooxml/wordprocessingml/main")
            new.writestr(name, text)
    document = read(file.getvalue())
    assert plain(document.blocks) == ["☒ ก", [["ข", "ค"]], ""]
    assert document.pictures == 1


RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def links(*found: tuple[str, str, bool]) -> str:
    """Return a list of relations: kind, target, whether outside the file."""
    lines = "".join(
        f'<Relationship Id="r{k}" Type="{KINDS}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if outside else "/>")
        for k, (kind, target, outside) in enumerate(found)
    )
    return f'<Relationships xmlns="{RELS}">{lines}</Relationships>'


def test_pictures_charts_and_objects(read):
    graphic = "<w:r><w:drawing><a:graphicData>{}</a:graphicData></w:drawing></w:r>"
    chart, scheme = graphic.format("<a:chart/>"), graphic.format("<a:relIds/>")
    ole = "<w:r><w:object><v:shape><v:imagedata/></v:shape></w:object></w:r>"
    shape = graphic.format("<a:wsp><a:ln/></a:wsp>")
    parts = {
        "word/_rels/document.xml.rels": links(
            ("oleObject", "embeddings/1.bin", False),
            ("package", "embeddings/2.docx", False),
            ("aFChunk", "chunk.html", False),
            ("image", "media/1.png", False),
        ),
        "word/_rels/header1.xml.rels": links(("image", "media/logo.png", False)),
        "word/_rels/header2.xml.rels": links(("image", "media/logo.png", False)),
        "word/charts/_rels/chart1.xml.rels": links(("package", "../embeddings/3.xlsx", False)),
    }
    document = read(docx(line(chart, scheme, ole, shape), **parts))
    assert document.pictures == 3
    assert document.embedded == 3
    assert document.outside == []


@pytest.mark.parametrize(
    ("kind", "target", "told"),
    [
        ("hyperlink", "https://example.org", []),
        ("attachedTemplate", "https://example.org/a.dotm", ["แม่แบบ"]),
        ("attachedTemplate", "file://server/a.dotm", ["แม่แบบ"]),
        ("attachedTemplate", r"\\server\a.dotm", ["แม่แบบ"]),
        ("attachedTemplate", r"file:///C:\Users\x\a.dotm", []),
        ("attachedTemplate", "Normal.dotm", []),
        ("image", "https://example.org/a.png", ["รูปภาพ"]),
        ("oleObject", "file:///C:/a.xlsx", ["วัตถุที่เชื่อมโยง"]),
        ("strange", "http://x", ["อื่น ๆ"]),
    ],
)
def test_what_lies_elsewhere_is_told_and_never_fetched(read, monkeypatch, kind, target, told):
    monkeypatch.setattr("socket.socket", lambda *_: pytest.fail("fetched"))
    parts = {"word/_rels/settings.xml.rels": links((kind, target, True))}
    document = read(docx(p("ก"), **parts))
    assert document.outside == told
    assert document.embedded == 0


def test_opendocument_and_rtf_are_not_word(read):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        opened.writestr("content.xml", "<x/>")
    assert refusal(read, file.getvalue())[0] == "not"
    assert refusal(read, rb"{\rtf1 x}")[0] == "not"


def body(content: str) -> bytes:
    """Return a .docx that is not packed: the bound on the ratio is for others."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("[Content_Types].xml", sample.CONTENT_TYPES)
        opened.writestr(
            "word/document.xml",
            f"<w:document {sample.SPACES}><w:body>{content}</w:body></w:document>",
        )
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<w:p/>" * 200_000, ""),
        ("<w:sdt><w:sdtContent>" * 100 + "<w:p/>" * 150_000 + "</w:sdtContent></w:sdt>" * 100, ""),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" * 100
            + "<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 50_000
            + "</w:sdtContent></w:sdt>" * 100,
            "",
        ),
        (
            "<w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr><w:sdtContent>" * 100
            + "<w:r><w:x/></w:r>" * 140_000
            + "</w:sdtContent></w:sdt>" * 100,
            "",
        ),
        ("<w:p/>" * 400_000, "too-large"),
        ("<w:ins>" * 100_000 + "</w:ins>" * 100_000, "unsafe"),
        ("<w:ins/>" * 200_000, ""),
        ("<w:p><w:del/>" + "<w:r><w:del/></w:r>" * 100_000 + "</w:p>", ""),
        (f"<w:p><w:r><w:t>{'ก' * 1_000_001}</w:t></w:r></w:p>", "too-large"),
        ("<w:p>" + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 50_000 + "</w:p>", ""),
        ("<w:tbl><w:tr><w:tc>" * 9 + p("ก") + "</w:tc></w:tr></w:tbl>" * 9, "unsafe"),
        ("<w:tbl><w:tr>" + "<w:tc/>" * 65 + "</w:tr></w:tbl>", "too-large"),
        (
            "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='999999999'/></w:tcPr></w:tc></w:tr></w:tbl>",
            "too-large",
        ),
        (
            "<w:p><w:r>"
            + "<mc:AlternateContent><mc:Choice/></mc:AlternateContent>" * 90_000
            + "</w:r></w:p>",
            "",
        ),
    ],
    ids=lambda value: value[:24] if len(value) > 24 else value,
)
def test_bounds_hold_in_time_and_memory(read, content, reason):
    file = body(content)
    started = time.process_time()
    try:
        read(file)
        found = ""
    except zips.Refused as refused:
        found = refused.reason
    assert found == reason
    assert time.process_time() - started < 2


@settings(
    max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(tmp_path, data):
    content = bytearray(sample.form(**{"word/_rels/document.xml.rels": links()}))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    file = tmp_path / "form.docx"
    file.write_bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))])
    with contextlib.suppress(zips.Refused):
        word.read(file)


@settings(
    max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_xml_is_read_or_refused(tmp_path, data):
    with zipfile.ZipFile(io.BytesIO(sample.form())) as opened:
        xml = opened.read("word/document.xml").decode()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(xml) - 1))
        piece = data.draw(
            st.sampled_from(["", "<w:tbl>", "</w:tc>", "<w:tr/>", "<w:sdt>", "&", "\x00"])
        )
        xml = xml[:start] + piece + xml[start + data.draw(st.integers(0, 40)) :]
    file = tmp_path / "form.docx"
    file.write_bytes(package(xml))
    with contextlib.suppress(zips.Refused):
        word.read(file)
