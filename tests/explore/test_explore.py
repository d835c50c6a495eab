"""The page of choices: what it shows is what its code makes, within the rules of privacy, to take away."""

import io
from dataclasses import replace

import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image

import castlib
from castlib import explore
from castlib.errors import UnknownCode
from castlib.explore import files, views
from castlib.explore.panel import Panel
from castlib.explore.running import Explorer
from castlib.explore.views import Choices
from castlib.present import displays, notes, tables
from castlib.text import quotes
from castlib.text.words import normalise

CHOICES = [
    Choices(),
    Choices("north-upper-1", construct="leadership", state="expected"),
    Choices("north-upper-1", construct="leadership", item="leadership_1"),
    Choices(construct="suffering", item="suffering_2"),
    Choices(construct="network", item="network_1"),
    Choices(view="compare", construct="network", between="education"),
    Choices("south-gulf", view="compare"),
    Choices("south-gulf", view="correlate", construct="happiness"),
    Choices(view="needs"),
    Choices("south-gulf", view="needs", construct="network"),
    Choices(view="words", word="แผน"),
    Choices("north-upper-1", view="words", word="""ไม่มีคำนี้'") + '"""),
    Choices("north-upper-1", view="coded", code="result_food"),
    Choices(view="saved"),
]


@pytest.fixture(autouse=True)
def home(whole_home, monkeypatch):
    monkeypatch.setenv("CAST_HOME", str(whole_home))


@pytest.fixture(scope="module")
def explorer():
    return Explorer()


@pytest.mark.parametrize("choices", CHOICES, ids=lambda c: f"{c.view}-{c.region}-{c.construct}")
def test_the_code_that_is_shown_makes_what_is_shown(explorer, choices):
    shown = explorer.show(choices)
    names: dict = {}
    if choices.view == "saved":  # nothing has been run in this home
        assert "ยังไม่มีผลของ TH/success-factors" in repr(shown.table)
        return
    exec(shown.code, names)
    assert names["table"] == shown.table
    assert names["figure"] == shown.figure
    assert len(shown.code.splitlines()) <= 15


def test_every_view_has_a_choice_above():
    assert {choices.view for choices in CHOICES} == set(views.VIEWS)


def test_wrong_codes_are_refused_and_nothing_of_them_is_run(explorer):
    for wrong in (
        {"region": "x'"},
        {"construct": "leadersip"},
        {"item": "1; import os"},
        {"code": "x"},
    ):
        with pytest.raises(UnknownCode):
            explorer.show(replace(Choices(), **wrong))


def test_a_district_is_refused(explorer):
    shown = explorer.show(Choices("TH-50"))
    assert shown.table == notes.refusal(notes.one_district("TH-50"))
    assert shown.figure is None


def test_answers_are_counted_where_no_count_is_small(explorer):
    tool, country = castlib.instrument.load(), castlib.load("TH").respondents
    told = 0
    for item, construct in zip(tool.items["item"], tool.items["construct"], strict=True):
        shown = explorer.show(Choices(construct=construct, item=item))
        column = next(c for c in tool.columns(construct) if c in (item, f"{item}_actual"))
        counts = country[column].value_counts().reindex(range(1, 6), fill_value=0)
        if counts.between(1, 4).any():  # the mean and S.D. of the item are seen in another view
            assert "ไม่ถึง 5 คน" in repr(shown.table)
            assert shown.figure is None
        else:
            told += 1
            assert [row[1] for row in shown.table.rows] == [str(count) for count in counts]
    assert told


def test_answers_of_a_cluster_are_not_counted(explorer):
    # the country's counts less those of the other clusters would be the last cluster's
    shown = explorer.show(Choices("north-upper-1", construct="network", item="network_1"))
    assert "นับรวมทั้งประเทศเท่านั้น" in repr(shown.table)
    assert shown.figure is None


def test_a_cluster_s_items_have_no_spread(explorer):
    # 39 people with this mean and S.D. answered 3, 4 and 5 in one way only
    shown = explorer.show(Choices("north-upper-1", construct="leadership", state="expected"))
    assert "S.D." not in shown.table.columns
    assert displays.NO_SPREAD in shown.table.note
    assert "S.D." in explorer.show(Choices("north-upper-1")).table.columns
    assert "S.D." in explorer.show(Choices(construct="leadership")).table.columns


def test_words_are_shown_only_of_people_who_stay_unknown(explorer):
    said = castlib.load("TH").segments
    said = said.assign(text=said["text"].map(normalise))
    shown = explorer.show(Choices(view="words", word="ชุมชน")).table
    may = " | ".join(said.loc[quotes.showable(said), "text"])
    assert len(shown.rows) == 30
    assert all("".join(row[2:]).strip() in may for row in shown.rows)
    assert {row[0] for row in shown.rows} <= {"ผู้เข้าร่วมโครงการ", "เจ้าหน้าที่"}


def test_groups_are_not_compared_where_one_is_small(explorer):
    shown = explorer.show(Choices("north-upper-1", view="compare", between="sector"))
    assert "มีกลุ่มที่ผู้ตอบครบไม่ถึง 5 คน" in repr(shown.table)
    assert explorer.show(Choices("south-gulf", view="compare")).figure is None


def test_a_table_goes_along_as_csv_excel_and_word():
    table = tables.table(
        pd.DataFrame({"label": ["=1+1", "ข"], "mean": [-0.25, 1234.5], "ci_low": 1, "ci_high": 2}),
        "ตาราง",
        ["label", "mean", "ci"],
        note="n = 2",
    )
    made = files.of_table(table, Choices())
    lines = made["csv"].decode("utf-8-sig").splitlines()
    assert lines[:3] == [
        "รายการ,x̄,95% CI",
        '\'=1+1,-0.25,"[1.00, 2.00]"',
        'ข,1234.5,"[1.00, 2.00]"',
    ]
    assert any(line.startswith("ข้อมูลจำลอง") for line in lines)
    sheet, about = load_workbook(io.BytesIO(made["xlsx"])).worksheets
    assert [cell.value for cell in sheet[2]] == ["=1+1", -0.25, "[1.00, 2.00]"]
    assert (sheet["A2"].data_type, sheet["B3"].data_type) == ("s", "n")
    assert "ข้อมูลจำลอง" in str([cell.value for cell in about["A"]])
    document = Document(io.BytesIO(made["docx"]))
    assert [cell.text for cell in document.tables[0].rows[1].cells] == list(table.rows[0])
    words = [paragraph.text for paragraph in document.paragraphs]
    assert words[0] == "ตาราง"
    assert "n = 2" in words
    assert any("ข้อมูลจำลอง" in word for word in words)


def test_a_figure_goes_along_for_print(explorer):
    figure = explorer.show(Choices()).figure
    made = files.of_figure(figure)
    picture = Image.open(io.BytesIO(made["png"]))
    assert round(picture.info["dpi"][0]) == 300
    assert picture.width == 2 * Image.open(io.BytesIO(figure.png)).width
    assert made["svg"].startswith(b"<?xml")
    assert made["pdf"].startswith(b"%PDF")
    assert files.of_figure(figure)["png"] == made["png"]
    assert files.name(Choices(), "png") == "TH-describe-synthetic.png"


def test_choosing_changes_what_is_shown_and_what_is_asked():
    page = Panel("north-upper-1")
    assert explore.page("south-gulf").children
    asked = {name for name, control in page.controls.items() if control.layout.display != "none"}
    assert asked == {"region", "view", "construct", "state"}
    assert "ข้อมูลจำลอง" in page.box.children[0].value
    page.controls["construct"].value = "network"
    assert page.controls["item"].layout.display == ""
    page.controls["item"].value = "network_2"
    assert "นับรวมทั้งประเทศเท่านั้น" in page.table.value
    assert (page.figure.value, page.prepare_files.disabled) == ("", True)
    page.controls["region"].value = "TH"
    assert "คำตอบของข้อ" in page.table.value
    page.controls["construct"].value = "knowledge"
    assert page.choices.item == ""
    assert "การติดตามผล" in page.table.value
    assert "<img" in page.figure.value
    page.prepare_files.click()
    assert page.links.value.count("<a download=") == 6
    page.controls["view"].value = "words"
    page.controls["word"].value = "zzz"
    assert "ไม่พบคำว่า “zzz”" in page.table.value
    assert (page.links.value, page.figure.value, page.prepare_files.disabled) == ("", "", True)
    page.show_code.value = True
    assert "exploring.in_context(said, 'zzz')" in page.code.value
