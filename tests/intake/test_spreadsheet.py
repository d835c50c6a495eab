"""Any table in any clothes comes back the same; what cannot be read is refused for a reason."""

import csv
import io
import time
import zipfile
from datetime import date, datetime
from datetime import time as clock

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from castlib.intake import grid, spreadsheet, zips
from castlib.intake.arrival import Arrival
from castlib.intake.spelling import clean

from . import sample

HEADER = ["ไฟล์", "เวลาที่อัปโหลด", "อื่น ๆ"]
FAST = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = [
    "น้ำ",
    "เกาะ",
    "ที่",
    "ฤๅษี",
    "๑๒",
    "ไม่",
    "โต๊ะ",
    "A",
    "b c",
    ",",
    ";",
    '"',
    "\t",
    "|",
    "\n",
    " ",
]
WORDS += ["ฯลฯ", "5", "=1+1", "-", "'", "(x)", "ครูใหญ่"]
TEXT = st.lists(st.sampled_from(WORDS), max_size=5).map("".join)
TABLE = st.lists(st.lists(TEXT, min_size=1, max_size=4), max_size=8)
ENCODINGS = ["utf-8", "utf-8-sig", "cp874", "tis-620", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
ENCODINGS += ["utf-32-le", "utf-32-be"]


def codes(arrival: Arrival) -> list[str]:
    return [found.code for found in arrival.faults]


def delimited(rows: list[list], delimiter: str = ",", ends: str = "\r\n") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=ends).writerows(rows)
    return text.getvalue()


def filled(rows: list[list[str]]) -> list[list[str]]:
    """Return rows as they should come back: clean, without blank ones and copies of the header."""
    rows = [[clean(cell) for cell in row] for row in rows]
    return rows[:1] + [row for row in rows[1:] if any(row) and row != rows[0]]


def book(**sheets: list[list]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def xlsx(
    cells: str, space: str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", **parts
):
    """Return a workbook of one sheet whose rows are given as XML; `parts` replace or add parts."""
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    whole = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
        f"<Override PartName='/xl/workbook.xml' ContentType='{kind}'/></Types>",
        "xl/workbook.xml": f"<workbook xmlns='{space}' xmlns:r='{links}'>"
        "<sheets><sheet name='ข้อมูล' sheetId='1' r:id='a'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        f"<Relationship Id='a' Type='{links}/worksheet' Target='/xl/sheet.xml'/>"
        f"<Relationship Id='b' Type='{links}/sharedStrings' Target='strings.xml'/>"
        f"<Relationship Id='c' Type='{links}/styles' Target='styles.xml'/></Relationships>",
        "xl/sheet.xml": f"<worksheet xmlns='{space}'><sheetData>{cells}</sheetData></worksheet>",
        **parts,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in whole.items():
            package.writestr(name, content)
    return file.getvalue()


def inline(*texts: str) -> str:
    return "".join(f"<c t='inlineStr'><is><t>{text}</t></is></c>" for text in texts)


@FAST
@given(
    table=TABLE,
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(",;\t|"),
    ends=st.sampled_from(["\r\n", "\n"]),
)
def test_a_table_of_text_comes_back_in_any_encoding(arrive, table, encoding, delimiter, ends):
    text = delimited([HEADER, *table], delimiter, ends)
    arrival = arrive(text.encode(encoding))
    read = spreadsheet.read(arrival)
    assert [cells for _, cells in read] == filled([HEADER, *table])
    assert not arrival.faults


VALUE = st.one_of(
    TEXT.filter(lambda text: not text.startswith("=")),
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.none(),
    st.datetimes(datetime(1950, 1, 1), datetime(2700, 1, 1)).map(
        lambda d: d.replace(microsecond=0)
    ),
    st.dates(date(1950, 1, 1), date(2700, 1, 1)),
)


def shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else clean(str(value))


@FAST
@given(table=st.lists(st.lists(VALUE, min_size=1, max_size=4), max_size=8))
def test_a_table_of_values_comes_back_from_a_workbook(arrive, table):
    arrival = arrive(saved(book(Form1=[HEADER, *table])), "data.csv")
    read = spreadsheet.read(arrival)
    rows = [[shown(value) for value in row] for row in [HEADER, *table]]
    stripped = [row[: max((k for k, c in enumerate(row, 1) if c), default=0)] for row in rows]
    assert [cells for _, cells in read] == filled(stripped)
    assert not arrival.faults
    assert read.place(2) == "แผ่นงาน “Form1” แถว 2"


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (5.0, "General", "5"),
        (0.1 + 0.2, "0.00", "0.3"),
        (datetime(2022, 11, 5, 9, 4, 7), "[$-107041E]d mmmm bbbb h:mm", "2022-11-05 09:04:07"),
        (datetime(2022, 11, 5), "d/m/yyyy h:mm", "2022-11-05 00:00:00"),
        (datetime(2022, 11, 5), "[$-D07041E]d mmm yy;@", "2022-11-05"),
        (44870.3778587963, "d/m/yyyy", "2022-11-05 09:04:07"),
        (clock(9, 4, 7), "h:mm:ss", "09:04:07"),
        (44870, '0" day"', "44870"),
        (44870, "[Red]#,##0", "44870"),
        (812345678, "0000000000", "812345678"),
    ],
)
def test_a_number_is_what_its_format_shows(arrive, value, form, text):
    made = book(a=[HEADER, [value]])
    made["a"]["A2"].number_format = form
    assert spreadsheet.read(arrive(saved(made)))[1] == (2, [text])


def test_dates_may_count_from_1904(arrive):
    made = book(a=[HEADER, [datetime(2022, 11, 5)]])
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    assert spreadsheet.read(arrive(saved(made)))[1] == (2, ["2022-11-05 00:00:00"])


def test_thai_formats_without_a_code_are_dates(arrive):
    styles = "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='71'/></cellXfs></styleSheet>"
    rows = f"<row>{inline(*HEADER)}</row><row><c s='1'><v>44870</v></c></row>"
    assert spreadsheet.read(arrive(xlsx(rows, **{"xl/styles.xml": styles})))[1][1] == ["2022-11-05"]


@pytest.mark.parametrize(
    "space",
    [
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ],
)
def test_what_other_programs_write_is_read(arrive, space):
    strings = (
        "<sst><si><r><t>กา</t></r><r><t xml:space='preserve'> ขา</t></r><rPh><t>x</t></rPh></si>"
        "<si><t>a_x000D_b_x005F_x0041_</t></si></sst>"
    )
    rows = (
        f"<row>{inline(*HEADER)}</row>"
        "<row r='4'><c r='B4' t='s'><v>0</v></c><c r='D4' t='str'><f>1</f><v>ก</v></c></row>"
        "<row><c t='s'><v>1</v></c><c t='b'><v>1</v></c><c t='d'><v>2022-11-05T09:04:07.000Z</v></c></row>"
    )
    read = spreadsheet.read(arrive(xlsx(rows, space, **{"xl/strings.xml": strings})))
    assert read[1:] == [
        (4, ["", "กา ขา", "", "ก"]),
        (5, ["a b_x0041_", "TRUE", "2022-11-05 09:04:07"]),
    ]


def test_prefixed_elements_are_the_same_elements(arrive):
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        f"<x:worksheet xmlns:x='{space}'><x:sheetData><x:row><x:c t='inlineStr'><x:is><x:t>ไฟล์</x:t>"
        "</x:is></x:c></x:row></x:sheetData></x:worksheet>"
    )
    made = xlsx("", **{"xl/sheet.xml": sheet})
    assert spreadsheet.read(arrive(made)) == [(1, ["ไฟล์"])]


def test_a_cell_without_a_value_of_its_own_is_empty_and_named(arrive):
    rows = (
        f"<row>{inline(*HEADER)}</row><row r='2'><c r='A2'><f>1+1</f><v/></c><c r='B2'><f>1</f><v>7</v></c>"
        "<c r='C2' t='e'><v>#N/A</v></c><c r='D2' t='str'><f>IF(1,\"\")</f><v></v></c></row>"
    )
    arrival = arrive(xlsx(rows))
    assert spreadsheet.read(arrival)[1] == (2, ["", "7"])
    assert codes(arrival) == ["sheet-formula", "sheet-error"]
    assert [found.given for found in arrival.faults] == ["A2", "C2"]


def test_the_sheet_with_a_known_header_is_read_a_visible_one_first(arrive):
    other, note = [HEADER, ["b.jpg", "x"]], [["คำชี้แจง"]]
    made = book(ชี้แจง=note, ว่าง=[], ซ่อน=other, ข้อมูล=[HEADER, ["a.jpg", "x"]])
    made["ซ่อน"].sheet_state = "hidden"
    arrival = arrive(saved(made))
    read = spreadsheet.read(arrival)
    assert read.sheet == "ข้อมูล"
    assert read[1] == (2, ["a.jpg", "x"])
    assert {f.code: f.given for f in arrival.faults} == {
        "sheet-others": "“ชี้แจง”",
        "sheet-twice": "“ซ่อน”",
    }


def test_hidden_rows_and_a_hidden_only_sheet_are_read(arrive):
    made = book(a=[["x"]], b=[HEADER, ["a.jpg"], ["b.jpg"]])
    made["b"].sheet_state = "veryHidden"
    made["b"].row_dimensions[2].hidden = True
    read = spreadsheet.read(arrive(saved(made)))
    assert [cells[0] for _, cells in read[1:]] == ["a.jpg", "b.jpg"]


def test_titles_above_the_header_and_a_second_header_are_no_rows(arrive):
    rows = [["แบบสรุปผล"], [], ["จังหวัด", "ทดสอบ"], HEADER, ["a", "b"], HEADER, ["c", "d"]]
    for content in (delimited(rows).encode(), saved(book(a=rows))):
        arrival = arrive(content)
        read = spreadsheet.read(arrival)
        assert [number for number, _ in read] == [4, 5, 7]
        assert codes(arrival) == ["sheet-above-header"]
        assert arrival.faults[0].given == "1, 3"


def test_merged_cells_count_once(arrive):
    made = book(a=[["รวม", None], HEADER, ["a", "b"]])
    made["a"].merge_cells("A1:C1")
    made["a"].merge_cells("A3:B3")
    assert spreadsheet.read(arrive(saved(made)))[1] == (3, ["a"])


def test_excel_says_its_delimiter_and_a_spreadsheet_does_not_show_that_line(arrive):
    read = spreadsheet.read(arrive(b"\xef\xbb\xbfsep=|\r\n" + "ก|ข;ค;ง\r\n1|2;3;4".encode()))
    assert read == [(1, ["ก", "ข;ค;ง"]), (2, ["1", "2;3;4"])]


def test_without_a_known_header_the_delimiter_is_what_rows_agree_on(arrive):
    text = "ชื่อ;หมายเหตุ;ค่า\n1;ก, ข;2\n3;ค;4\n"
    assert spreadsheet.read(arrive(text.encode("cp874")))[1] == (2, ["1", "ก, ข", "2"])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Été à la façade, où l'élève reçoit\n", "latin-1"),
        ("niño,mañana\n", "latin-1"),
        ("Straße,Größe\n", "cp1252"),
        ("Привет мир, как дела\n", "cp1251"),
        ("Καλημέρα κόσμε\n", "iso8859-7"),
        ("日本語の質問票,回答\n", "shift_jis"),
        ("日本語の質問票,回答です\n", "euc_jp"),
        ("中文问卷,回答内容\n", "gbk"),
        ("한국어 설문지,응답\n", "euc_kr"),
        ("שלום עולם\n", "cp1255"),
        ("ชาย,หญิง\nน้ำ,ไม้".encode().decode("latin-1") + "\xff", "latin-1"),
        ("ก\0" * 40, "utf-8"),
    ],
)
def test_other_encodings_are_not_taken_for_thai(arrive, text, encoding):
    arrival = arrive(text.encode(encoding))
    assert spreadsheet.read(arrival) is None
    assert codes(arrival) == ["csv-encoding"]


THAI = "ประชาชนร่วมค้นหาสาเหตุ,แผนระดับหมู่บ้าน (One Plan)\nน้ำ,เกาะ\n"


@pytest.mark.parametrize(
    "text",
    [
        THAI.encode().decode("cp1252", "replace"),
        THAI.encode().decode("latin-1"),
        THAI.encode().decode("cp874", "ignore"),
        THAI.encode("cp874").decode("latin-1"),
        THAI.encode("ascii", "replace").decode(),
        THAI.encode("cp874").decode("utf-8", "replace"),
    ],
)
def test_thai_that_was_lost_before_is_told(arrive, text):
    arrival = arrive(text.encode())
    assert spreadsheet.read(arrival) is None
    assert codes(arrival) == ["csv-garbled"]


def wide(number: int) -> list[list[str]]:
    return [[f"c{k}" for k in range(20)], *([str(n)] * 20 for n in range(number))]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (delimited(wide(9)).replace("\r\n3,", '\r\n"3,').encode(), "csv-broken", "แถว 5"),
        (
            delimited(wide(9)).replace("\r\n3,", '\r\n"3,').replace("\r\n7,", '\r\n7",').encode(),
            "csv-broken",
            "แถว 5",
        ),
        (b'a,b\r\n1,"2', "csv-broken", "แถว 2"),
        ("ก,ข\r\n1,น้".encode()[:-1], "csv-broken", "ขาดตอนท้าย"),
        ("ก,ข\r\n1,น้".encode("utf-8-sig")[:-1], "csv-broken", "ขาดตอนท้าย"),
        ("ก,ข\r\n1,".encode("utf-8-sig") + b"\xa1,1", "csv-encoding", "บรรทัดที่ 2"),
        ("ก,ข\r\n".encode() * 3 + b"\xa1\xff,1", "csv-encoding", "บรรทัดที่ 4"),
        (b'"' + b"x" * 200_000, "csv-broken", "131,072"),
        (b"\0" * 500, "csv-encoding", "ไม่ใช่ตัวอักษร"),
        (b"," * spreadsheet.MOST_COLUMNS, "csv-too-large", "1,001 คอลัมน์"),
        (zips.OLE + b"\0" * 600, "sheet-old", ".xls"),
        (zips.OLE + "EncryptedPackage".encode("utf-16-le"), "sheet-encrypted", "รหัสผ่าน"),
        (saved(book(a=[HEADER]))[:-300], "sheet-broken", "ขาดตอนท้าย"),
        (saved(book(a=[], b=[[None]])), "sheet-empty", "ไม่มีแผ่นงาน"),
        (sample.form(), "sheet-broken", ""),
        (xlsx("<row>" + inline("x") + "</row"), "sheet-broken", "XML"),
        (xlsx("<row><c t='s'><v>0</v></c></row>"), "sheet-broken", "ดัชนี"),
        (xlsx("<row r='5'/><row r='5'/>"), "sheet-broken", "เลขแถว"),
        (xlsx("<row r='99999999999'><c><v>1</v></c></row>"), "sheet-broken", "เลขแถว"),
        (xlsx("<row><c r='XFE1'><v>1</v></c></row>"), "sheet-broken", "คอลัมน์"),
        (xlsx("<row><c r='ALM1'><v>1</v></c></row>"), "sheet-too-large", "1,001 คอลัมน์"),
        (xlsx("<x>" * 500 + "</x>" * 500), "sheet-unsafe", "ลึก"),
        (xlsx(f"<row>{inline('ก' * (grid.LONGEST_TEXT + 1))}</row>"), "sheet-too-large", "131,072"),
        (xlsx("", **{"xl/media/a.bin": b"\0" * 4 * zips.SMALL}), "sheet-too-large", "4 MB"),
        (xlsx("", **{"../a.txt": b"x"}), "sheet-unsafe", "ชี้ออกนอกไฟล์"),
        (xlsx("", **{"xl/_rels/workbook.xml.rels": "<x/>"}), "sheet-empty", ""),
    ],
)
def test_what_cannot_be_read_is_refused_for_a_reason(arrive, content, code, words):
    arrival = arrive(content)
    assert spreadsheet.read(arrival) is None
    assert codes(arrival) == [code]
    assert words in arrival.faults[0].sentence


DTD = "<!DOCTYPE x [<!ENTITY a 'ก'><!ENTITY b SYSTEM 'file:///etc/passwd'>]>"


@pytest.mark.parametrize(
    "part", ["xl/sheet.xml", "xl/strings.xml", "xl/styles.xml", "xl/workbook.xml"]
)
def test_no_part_may_define_entities(arrive, part):
    arrival = arrive(xlsx("", **{part: f"{DTD}<x>&a;&b;</x>"}))
    assert spreadsheet.read(arrival) is None
    assert codes(arrival) == ["sheet-unsafe"]


def test_the_list_of_parts_may_not_define_entities_either(arrive):
    arrival = arrive(xlsx("", **{"[Content_Types].xml": f"{DTD}<Types>&b;</Types>"}))
    assert spreadsheet.read(arrival) is None
    assert codes(arrival) == ["sheet-unsafe"]


def test_too_many_rows_or_cells_are_refused(arrive, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    for content in (delimited([HEADER] * 4).encode(), saved(book(a=[HEADER] * 4))):
        arrival = arrive(content)
        assert spreadsheet.read(arrival) is None
        assert codes(arrival)[0].endswith("-too-large")
        assert "4 แถว" in arrival.faults[0].sentence


def test_a_sheet_formatted_to_its_end_is_read_in_seconds(arrive):
    blank = "".join(f"<row r='{k}' s='1'><c r='A{k}' s='1'/></row>" for k in range(3, 300_000))
    rows = f"<row>{inline(*HEADER)}</row><row>{inline('a')}</row>{blank}<row r='1048576'><c><v>1</v></c></row>"
    began = time.monotonic()
    read = spreadsheet.read(arrive(xlsx(rows)))
    assert [number for number, _ in read] == [1, 2, 1_048_576]
    assert time.monotonic() - began < 10


def test_a_macro_is_left_alone_and_told(arrive):
    arrival = arrive(xlsx(f"<row>{inline(*HEADER)}</row>", **{"xl/vbaProject.bin": b"x"}))
    assert spreadsheet.read(arrival)
    assert codes(arrival) == ["sheet-macro"]


def test_zero_bytes_and_lost_letters_are_told(arrive):
    arrival = arrive(delimited([HEADER, ["ก\0ข" + "ค" * 99, "\ufffd"], ["จ", "ฉ"]]).encode())
    assert spreadsheet.read(arrival)[1][1][0] == "กข" + "ค" * 99
    assert codes(arrival) == ["csv-nul", "csv-letters-lost"]
    assert "แถว 2" in arrival.faults[1].sentence


def test_a_file_that_has_gone_is_refused(arrive):
    arrival = arrive(b"x")
    arrival.file.unlink()
    assert spreadsheet.read(arrival) is None
    assert codes(arrival) == ["file-unreadable"]


@FAST
@given(
    seed=st.binary(max_size=300),
    head=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", zips.OLE]),
)
def test_any_bytes_are_read_or_refused(arrive, seed, head):
    arrival = arrive(head + seed)
    assert (spreadsheet.read(arrival) is None) == arrival.refused


@FAST
@given(data=st.data())
def test_a_damaged_workbook_is_read_or_refused(arrive, data):
    content = bytearray(xlsx(f"<row>{inline(*HEADER)}</row><row><c><v>1</v></c></row>"))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    arrival = arrive(bytes(content))
    assert (spreadsheet.read(arrival) is None) == arrival.refused
