"""The XLSForm: accepted by pyxform as it is, and its exports come back through the intake whole."""

import csv
import io
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pyxform.xls2xform import convert

import castlib
from castlib import cli, instrument, paths, regions, workbooks, xlsform
from castlib.intake import intake

from .intake import sample

OPEN = ["งบประมาณไม่พอ", "=1+1", "- ขาดคน", "“คำพูด”; มี, เครื่องหมาย", "บรรทัดแรก\nบรรทัดสอง", ""]
QUIET = {"answers-few", "answers-many", "form-missing", "photos-few", "answer-late"}


@pytest.fixture(scope="module")
def form(tmp_path_factory) -> etree._Element:
    """The XForm that pyxform makes of the workbook."""
    file = tmp_path_factory.mktemp("form") / "instrument.xlsx"
    xlsform.write(file)
    made = convert(str(file), validate=False)
    assert made.warnings == []
    return etree.fromstring(made.xform.encode())


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    place = tmp_path / "home"
    place.mkdir()
    (place / "data").symlink_to(paths.data())
    monkeypatch.setenv("CAST_HOME", str(place))
    return place


def asked(form: etree._Element) -> dict[str, tuple[str, ...]]:
    """Return the path of every question in the form's own instance, by name."""
    root = form.find(".//{*}model/{*}instance")[0]
    found = {}

    def walk(node: etree._Element, path: tuple[str, ...]) -> None:
        for child in node:
            name = etree.QName(child).localname
            if len(child):
                walk(child, (*path, name))
            else:
                found[name] = (*path, name)

    walk(root, ())
    return found


def labels(form: etree._Element) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Return the Thai labels of questions by name, and of choices by list and value."""
    texts = {
        text.get("id"): text.findtext("{*}value")
        for text in form.iterfind(".//{*}translation[@default]/{*}text")
    }
    questions = {
        key.removesuffix(":label").rpartition("/")[2]: text
        for key, text in texts.items()
        if key.endswith(":label")
    }
    choices = {
        (listed.get("id"), item.findtext("{*}name")): texts[item.findtext("{*}itextId")]
        for listed in form.iterfind(".//{*}model/{*}instance[@id]")
        for item in listed.iterfind(".//{*}item")
    }
    return questions, choices


@st.composite
def people(draw) -> list[dict[str, str]]:
    """Draw people who differ, as submissions hold them: choice values, whole numbers, text."""
    tool = instrument.load()
    number = draw(st.integers(1, 4))
    found = []
    for k in range(number):
        moment = datetime(2022, 11, 1) + timedelta(seconds=draw(st.integers(0, 14 * 86_400 - 1)))
        person = {
            "submitted_at": moment,
            "province": draw(st.sampled_from(regions.codes("province")[19:])),
        }
        for question in tool.questions.itertuples():
            if question.type == "choice":
                said = draw(st.sampled_from(list(tool.options(question.choices))))
            elif question.type == "integer":
                said = str(draw(st.integers(int(question.min), int(question.max))))
            else:
                said = draw(st.sampled_from(OPEN))
            person[question.variable] = said
        levels = draw(st.lists(st.sampled_from("12345"), min_size=82, max_size=82))
        person |= dict(zip(tool.answer_columns, levels, strict=True))
        person["age"] = str(20 + k)
        found.append(person)
    return found


def kobo(form: etree._Element, rows: list[dict], as_labels: bool = False) -> list[list[str]]:
    """Return KoboToolbox's export: group paths and values, or labels of questions and choices."""
    where, (questions, choices) = asked(form), labels(form)
    lists = {row["name"]: row["type"].split()[-1] for row in survey_rows()}
    names = [name for name in where if name != "instanceID"]
    own = ["_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status"]
    own += ["_submitted_by", "__version__", "_tags", "_index"]
    header = [questions.get(n, n) if as_labels else "/".join(where[n]) for n in names]
    lines = [[*header, "meta/instanceID", *own]]
    for k, row in enumerate(rows):
        sent = row["submitted_at"]
        said = row | {"end": f"{sent - timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}.000+07:00"}
        if as_labels:
            said = {n: choices.get((lists.get(n), value), value) for n, value in said.items()}
        utc, code = sent - timedelta(hours=7), uuid.UUID(int=k + 1)
        system = [
            k,
            code,
            f"{utc:%Y-%m-%dT%H:%M:%S}",
            "",
            "",
            "submitted_via_web",
            "",
            "v1",
            "",
            k + 1,
        ]
        lines.append([*(said[n] for n in names), f"uuid:{code}", *map(str, system)])
    return lines


def central(form: etree._Element, rows: list[dict]) -> list[list[str]]:
    """Return ODK Central's export: groups joined by hyphens."""
    where = asked(form)
    names = [name for name in where if name != "instanceID"]
    end = "KEY SubmitterID SubmitterName AttachmentsPresent AttachmentsExpected Status ReviewState"
    lines = [
        ["SubmissionDate", *("-".join(where[n]) for n in names), "meta-instanceID", *end.split()]
    ]
    lines[0] += ["DeviceID", "Edits", "FormVersion"]
    for k, row in enumerate(rows):
        utc, code = row["submitted_at"] - timedelta(hours=7), f"uuid:{uuid.UUID(int=k + 1)}"
        said = row | {"end": f"{row['submitted_at']:%Y-%m-%dT%H:%M:%S}.000+07:00"}
        lines.append([f"{utc:%Y-%m-%dT%H:%M:%S}.123Z", *(said[n] for n in names), code, code])
        # a link of one's own; whoever shares one counts as one sender (data/README.md)
        lines[-1] += [str(k), f"ลิงก์ {k + 1}", "0", "0", "", "", "collect:x", "0", "1"]
    return lines


def survey_rows() -> list[dict[str, str]]:
    return xlsform.survey()["survey"].to_dict("records")


def delimited(lines: list[list[str]], delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(lines)
    return text.getvalue().encode("utf-8-sig")


def workbook(lines: list[list[str]]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row, cells in enumerate(lines, start=1):
        for column, value in enumerate(cells, start=1):
            cell = book.active.cell(row, column, value)
            cell.data_type = "s"
    book.save(file)
    return file.getvalue()


EXPORTS = {
    "kobo.csv": lambda form, rows: delimited(kobo(form, rows), ";"),
    "labels.csv": lambda form, rows: delimited(kobo(form, rows, as_labels=True), ";"),
    "central.csv": lambda form, rows: delimited(central(form, rows), ","),
    "kobo.xlsx": lambda form, rows: workbook(kobo(form, rows)),
    "labels.xlsx": lambda form, rows: workbook(kobo(form, rows, as_labels=True)),
}


@pytest.mark.parametrize("name", EXPORTS)
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=people())
def test_what_was_answered_comes_back(home, form, tmp_path, name, rows):
    files = {name: EXPORTS[name](form, rows), sample.FORM: sample.form()}
    folder = tmp_path / f"source-{uuid.uuid4().hex}"
    done = intake(sample.write(folder, files), out=lambda line: None)
    file = next(entry for entry in done.files if entry["path"] == name)
    assert [found for found in file["faults"] if found["code"] not in QUIET] == []
    back = castlib.load().respondents.sort_values("source_row", ignore_index=True)
    assert len(back) == len(rows)
    for column in [c for c in rows[0] if c != "submitted_at"]:
        put = [" ".join(row[column].split()) or pd.NA for row in rows]
        got = [pd.NA if pd.isna(value) else str(value) for value in back[column]]
        assert got == put, column
    assert list(back["submitted_at"]) == [row["submitted_at"] for row in rows]


def test_the_form_asks_every_column_and_nothing_of_device_or_user(form):
    tool = instrument.load()
    names = set(asked(form)) - {"instanceID"}
    assert names == {*tool.headers, "end"} - {"submitted_at"}
    kinds = {row["type"] for row in survey_rows()}
    assert not kinds & {
        "start",
        "deviceid",
        "username",
        "phonenumber",
        "email",
        "audit",
        "geopoint",
    }


def test_labels_are_the_headers_that_the_intake_knows(form):
    questions, _ = labels(form)
    for column, header in instrument.load().headers.items():
        if column != "submitted_at":
            assert questions[column] == header


def test_the_version_changes_with_the_instrument(tmp_path, monkeypatch):
    version = xlsform.survey()["settings"].loc[0, "version"]
    assert version == xlsform.survey()["settings"].loc[0, "version"]
    tool = instrument.load()
    items = tool.items.assign(text_th=tool.items["text_th"] + "!")
    changed = instrument.Instrument(tool.constructs, items, tool.questions, tool.choices)
    monkeypatch.setattr(instrument, "load", lambda: changed)
    assert version != xlsform.survey()["settings"].loc[0, "version"]


def test_text_that_looks_like_a_formula_is_marked_as_text(tmp_path, monkeypatch):
    tool = instrument.load()
    items = tool.items.assign(text_th=["=1+1", *tool.items["text_th"][1:]])
    changed = instrument.Instrument(tool.constructs, items, tool.questions, tool.choices)
    monkeypatch.setattr(instrument, "load", lambda: changed)
    xlsform.write(tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    risky = [cell for cell in cells if str(cell.value).startswith(workbooks.SIGNS_OF_FORMULAS)]
    assert len(risky) == 2
    assert all(cell.data_type == "s" for cell in cells if cell not in risky)
    assert all(cell.quotePrefix for cell in risky)
    assert b"<f>" not in (tmp_path / "form.xlsx").read_bytes()


def test_the_command_writes_it_and_says_so(home, tmp_path, capsys):
    assert cli.main(["instrument", "export"]) == 0
    assert (home / "build" / "instrument.xlsx").is_file()
    assert "build/instrument.xlsx" in capsys.readouterr().out
    assert cli.main(["instrument", "export", "--to", str(tmp_path / "a" / "b.xlsx")]) == 0
    assert [file.name for file in (tmp_path / "a").iterdir()] == ["b.xlsx"]
    assert cli.main(["instrument", "export", "--to", str(tmp_path / "b.csv")]) == 2
    assert ".xlsx" in capsys.readouterr().err
