import io
import zipfile

import docx
import pytest
from lxml import etree

from castlib import instrument, regions
from castlib.demo import files, forms, word

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


@pytest.fixture(scope="module")
def typed(content) -> dict[str, bytes]:
    return {name: data for name, data in content.items() if name.endswith(".docx")}


def part(data: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def spoilt(known: dict, kind: str) -> set[str]:
    return {flaw["file"] for flaw in known["flaws"] if flaw["kind"] == kind}


def test_every_form_is_where_it_belongs(typed, known):
    districts = {f"{files.folder(p)}/{files.FORM}" for p in regions.provinces()["province"]}
    staff = {f"staff/centre-{number:02d}.docx" for number in range(1, 12)} | {"staff/partners.docx"}
    executives = {f"executives/executive-{number}.docx" for number in range(1, 6)}
    assert set(typed) == districts - spoilt(known, "form_missing") | staff | executives


def test_every_form_opens_with_python_docx_and_says_that_it_is_synthetic(typed, known):
    said = 0
    for data in typed.values():
        form = docx.Document(io.BytesIO(data))
        assert any(files.MARK in paragraph.text for paragraph in form.paragraphs[:2])
        assert files.MARK in form.core_properties.title
        assert form.core_properties.author == ""
        heads = [p.text for p in form.paragraphs if p.style.name == "Heading 2"]
        assert len(form.tables) == 2 + len(heads)
        assert heads[0].startswith("ประเด็นที่ 1 ")
        said += sum(len(table._tbl.tr_lst) - 1 for table in form.tables[2:])
    assert said == len(known["themes"]["segments"])


def test_a_districts_form_in_full(typed):
    province = "TH-50"
    form = docx.Document(io.BytesIO(typed[f"{files.folder(province)}/{files.FORM}"]))
    head, people, *talks = form.tables
    labels = [[cell.text for cell in row.cells] for row in head.rows]
    assert [row[0] for row in labels] == ["จังหวัด", "วันที่สนทนากลุ่ม", "จำนวนผู้เข้าร่วม"]
    assert labels[0][1] == "เชียงใหม่"
    assert labels[1][1].endswith("พฤศจิกายน 2565")
    assert labels[2][1] == "10 คน"
    assert [cell.text for cell in people.rows[0].cells] == ["ลำดับ", "เพศ", "ภาคเครือข่าย"]
    assert len(people.rows) == 11
    asked = instrument.focus_group()["participants"]["text_th"]
    heads = [p.text for p in form.paragraphs if p.style.name == "Heading 2"]
    assert heads == [f"ประเด็นที่ {k} {text}" for k, text in enumerate(asked, start=1)]
    numbers = [row.cells[0].text for table in talks for row in table.rows[1:]]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert [cell.text for cell in talks[0].rows[0].cells] == ["ลำดับ", "ผู้ให้ข้อมูล", "ข้อความ"]
    assert all(row.cells[1].text.startswith("ผู้ให้ข้อมูล ") for row in talks[0].rows[1:])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("staff/centre-01.docx", "เจ้าหน้าที่ศูนย์ศึกษาฯ แห่งที่ 1"),
        ("staff/centre-10.docx", "เจ้าหน้าที่ศูนย์ศึกษาฯ แห่งที่ 10"),
        ("staff/partners.docx", "หน่วยงานภาคี"),
        ("executives/executive-3.docx", "ผู้บริหาร"),
    ],
)
def test_other_groups_say_what_kind_they_are(typed, name, kind):
    head = docx.Document(io.BytesIO(typed[name])).tables[0]
    assert [cell.text for cell in head.rows[0].cells] == ["ประเภท", kind]


def test_consent_is_a_real_check_box_ticked_but_for_the_planted_ones(typed, known):
    unticked = spoilt(known, "consent_unticked")
    assert unticked
    for name, data in typed.items():
        boxes = list(part(data).iter(f"{W14}checkbox"))
        assert len(boxes) == 1
        state = boxes[0].find(f"{W14}checked").get(f"{W14}val")
        control = boxes[0].getparent().getparent()
        assert control.tag == f"{W}sdt"
        shown = "".join(control.itertext(f"{W}t"))
        assert (state, shown) == (("0", "☐") if name in unticked else ("1", "☒"))
        assert "".join(control.getparent().itertext()).endswith(forms.CONSENT)


def test_no_picture_but_the_planted_ones(typed, known):
    pasted = spoilt(known, "picture_in_form")
    assert pasted
    for name, data in typed.items():
        assert len(docx.Document(io.BytesIO(data)).inline_shapes) == (name in pasted)


def test_thai_digits_are_in_the_head_only(typed, known):
    for name in spoilt(known, "thai_digits_form"):
        head, _, talk, *_ = docx.Document(io.BytesIO(typed[name])).tables
        assert head.rows[2].cells[1].text == "๑๐ คน"
        assert head.rows[1].cells[1].text.endswith("๒๕๖๕")
        assert talk.rows[1].cells[0].text == "1"


def test_what_is_typed_cannot_break_the_file():
    body = [word.paragraph('<a> & "b"'), word.table([["<", "&"]], (0.5, 0.5))]
    form = docx.Document(io.BytesIO(word.document("x < y", body)))
    assert form.paragraphs[0].text == '<a> & "b"'
    assert [cell.text for cell in form.tables[0].rows[0].cells] == ["<", "&"]
    assert form.core_properties.title == "x < y"


def test_the_bytes_depend_on_the_words_only():
    body = [word.paragraph("ก")]
    assert word.document("ชื่อ", body) == word.document("ชื่อ", body)
    with zipfile.ZipFile(io.BytesIO(word.document("ชื่อ", body))) as package:
        assert {entry.date_time for entry in package.infolist()} == {word.STAMP}
