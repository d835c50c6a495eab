"""Each format against the others: one description of a variable stands behind them all."""

import hashlib
import json
import re

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from castlib import workbooks
from castlib.release import files, spss
from castlib.release.plan import SYNTHETIC, Option, Table, Variable

TABLES = ["respondents", "counts", "means", "codes", "districts", "dictionary"]
DDI = "{ddi:codebook:2_5}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# the sequences of the schema of DDI-Codebook 2.5, as far as the package uses them
ORDER = {
    "codeBook": "docDscr stdyDscr fileDscr dataDscr otherMat",
    "citation": "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit holdings notes",
    "titlStmt": "titl subTitl altTitl parTitl IDNo",
    "prodStmt": "producer copyright prodDate prodPlac software fundAg grantNo",
    "verStmt": "version verResp notes",
    "stdyDscr": "citation studyAuthorization stdyInfo studyDevelopment method dataAccs",
    "stdyInfo": "studyBudget subject abstract sumDscr qualityStatement notes exPostEvaluation",
    "subject": "keyword topcClas",
    "sumDscr": "timePrd collDate nation geogCover geogUnit geoBndBox boundPoly anlyUnit universe dataKind",
    "method": "dataColl notes anlyInfo stdyClas dataProcessing codingInstructions",
    "dataColl": "timeMeth dataCollector collectorTraining frequenc sampProc sampleFrame targetSampleSize "
    "deviat collMode resInstru instrumentDevelopment sources collSitu actMin ConOps weight cleanOps",
    "dataAccs": "setAvail useStmt notes",
    "useStmt": "confDec specPerm restrctn contact citReq deposReq conditions disclaimer",
    "fileDscr": "fileTxt locMap notes",
    "fileTxt": "fileName fileCitation dataFingerprint fileCont fileStrc dimensns fileType format",
    "dimensns": "caseQnty varQnty logRecL recPrCas recNumTot",
    "dataDscr": "varGrp nCubeGrp var nCube notes",
    "var": "location labl imputation security embargo respUnit anlysUnit qstn valrng invalrng undocCod "
    "universe TotlResp sumStat txt stdCatgry catgryGrp catgry codInstr verStmt concept derivation varFormat",
    "catgry": "catValu labl txt catStat mrow",
}


def read_json(package, name):
    return json.loads((package / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def described(package):
    return {
        resource["name"]: resource
        for resource in read_json(package, "datapackage.json")["resources"]
    }


def test_the_data_package_describes_each_csv_as_it_is(package, described):
    assert list(described) == TABLES
    for name, resource in described.items():
        content = (package / resource["path"]).read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["profile"] == "tabular-data-resource"
        frame = pd.read_csv(package / resource["path"], dtype=str, keep_default_na=False)
        schema = resource["schema"]
        assert list(frame) == [field["name"] for field in schema["fields"]]
        assert not frame.duplicated(schema["primaryKey"]).any()
        for field in schema["fields"]:
            check_column(frame[field["name"]], field, f"{name}.{field['name']}")


def check_column(column, field, where):
    rules, given = field["constraints"], column[column != ""]
    assert not rules["required"] or len(given) == len(column), where
    assert field["title"], where
    assert field["title_en"], where
    if field["type"] in ("integer", "number"):
        pattern = r"\d+" if field["type"] == "integer" else r"\d+(\.\d+)?"
        assert given.str.fullmatch(pattern).all(), where
        assert (given.astype(float) >= rules.get("minimum", 0)).all(), where
        assert (given.astype(float) <= rules.get("maximum", 1e9)).all(), where
    if field["type"] == "boolean":
        assert given.isin(["true", "false"]).all(), where
    if "enum" in rules:
        assert set(given) <= {str(value) for value in rules["enum"]}, where


def test_no_cell_can_be_a_formula(package):
    for name in TABLES:
        frame = pd.read_csv(package / f"{name}.csv", dtype=str, keep_default_na=False)
        assert not frame.map(lambda cell: cell.startswith(workbooks.SIGNS_OF_FORMULAS)).any(
            axis=None
        ), name


@given(st.text(max_size=8))
def test_a_text_made_safe_begins_with_no_sign_of_a_formula(text):
    assert not workbooks.safe(text).startswith(workbooks.SIGNS_OF_FORMULAS)
    assert workbooks.safe(text).endswith(text)


def test_parquet_and_csv_hold_the_same(package, described):
    for name in TABLES[:-1]:
        frame = pd.read_parquet(package / f"{name}.parquet")
        plain = pd.read_csv(package / f"{name}.csv", keep_default_na=False, na_values=[""])
        assert list(frame) == list(plain)
        for column in frame:
            a, b = frame[column].astype(object), plain[column].astype(object)
            assert a.isna().tolist() == b.isna().tolist(), column
            assert a.dropna().tolist() == b.dropna().tolist(), column


@pytest.fixture(scope="module")
def sav(package):
    return pyreadstat.read_sav(package / "respondents.sav", user_missing=True)


def test_spss_comes_back_as_it_was_written(package, described, sav):
    frame, about = sav
    plain = pd.read_csv(package / "respondents.csv", keep_default_na=False, na_values=[""])
    fields = {field["name"]: field for field in described["respondents"]["schema"]["fields"]}
    assert list(frame) == list(plain)
    assert about.number_rows == len(plain)
    assert SYNTHETIC in about.file_label
    for name, field in fields.items():
        label = about.column_names_to_labels[name]
        assert field["title"].startswith(label.rstrip("…"))
        assert len(label.encode()) <= spss.LABEL
        assert len(name.encode()) <= spss.NAME
        if field["type"] in ("integer", "number"):
            assert frame[name].where(frame[name] != 9).tolist() == pytest.approx(
                plain[name].tolist(), nan_ok=True
            )
            assert (frame[name] == 9).tolist() == plain[name].isna().tolist()
        elif "enum" in field["constraints"]:
            numbers = {code: float(n) for n, code in enumerate(field["constraints"]["enum"], 1)}
            numbers = numbers | {"suppressed": 99.0, "": 9.0}
            assert frame[name].tolist() == [numbers[code] for code in plain[name].fillna("")]


def test_spss_knows_labels_measures_and_missing_codes(sav):
    frame, about = sav
    levels = about.variable_value_labels
    assert levels["sex"] == {1: "ชาย", 2: "หญิง", 9: "ไม่ตอบ", 99: "ปกปิด"}
    assert levels["leadership_1_actual"][5] == "มากที่สุด"
    assert levels["cluster"][99] == "ปกปิด"
    measures = about.variable_measure
    assert measures["sex"] == "nominal"
    assert measures["leadership_1_actual"] == "ordinal"
    assert measures["score_leadership_actual"] == "scale"
    gone = {name: [r["lo"] for r in ranges] for name, ranges in about.missing_ranges.items()}
    assert gone["sex"] == [9, 99]
    assert gone["cluster"] == [99]
    assert gone["leadership_1_actual"] == gone["score_suffering"] == [9]
    # every number that stands in a coded column has a label, answers and scores apart
    for name in ("macro_region", "cluster", "sex", "sector_group"):
        assert set(frame[name]) <= set(levels[name])


@given(st.text(alphabet="กขคงา่้ิี abc", min_size=1, max_size=120), st.integers(12, 120))
def test_a_clipped_label_fits_and_begins_as_the_whole(text, size):
    cut = spss.clip(text, size)
    assert len(cut.encode()) <= size
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


def test_the_workbook_has_the_tables_as_values(package, described):
    book = openpyxl.load_workbook(package / "tables.xlsx")
    assert book.sheetnames == ["about", *TABLES]
    assert SYNTHETIC in book["about"]["A1"].value
    for name in TABLES:
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        fields = described[name]["schema"]["fields"]
        assert [cell.value for cell in sheet[1]] == [field["name"] for field in fields]
        plain = pd.read_csv(package / f"{name}.csv", keep_default_na=False, na_values=[""])
        assert sheet.max_row == len(plain) + 1
        assert not [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"]
        last = [cell.value for cell in sheet[len(plain) + 1]]
        for value, field in zip(last, fields, strict=True):
            expected = plain[field["name"]].iloc[-1]
            assert (value is None) == pd.isna(expected)
            assert value is None or value == expected


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path, described, package, monkeypatch):
    from castlib.release import plan

    variable = Variable("note", "string", "nominal", "หมายเหตุ", "Note")
    frame = pd.DataFrame({"note": ["=1+1", "+66", "@a", "plain"]})
    table = Table("t", "ก", "a", "ก", "a", (variable,), frame, ("note",))
    monkeypatch.delenv("CAST_HOME", raising=False)
    files.write_xlsx([table], ["=2+2"], tmp_path / "t.xlsx", plan.load(synthetic=True))
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert [cell.data_type for cell in book["t"]["A"]] == ["s"] * 5
    assert book["about"]["A1"].data_type == "s"
    files.write_csv(table, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == "note\n'=1+1\n'+66\n'@a\nplain\n"


def test_the_codebook_follows_the_order_of_the_schema(package):
    root = etree.parse(package / "ddi-codebook.xml").getroot()
    assert root.tag == f"{DDI}codeBook"
    assert root.get("version") == "2.5"
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if len(element) and name in ORDER:
            order = ORDER[name].split()
            places = [order.index(etree.QName(child).localname) for child in element]
            assert places == sorted(places), name
    identities = [element.get("ID") for element in root.iter() if element.get("ID")]
    assert len(identities) == len(set(identities))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", identity) for identity in identities)


def test_the_codebook_describes_the_spss_file(package, sav):
    frame, _ = sav
    root = etree.parse(package / "ddi-codebook.xml").getroot()
    assert SYNTHETIC in root.find(f".//{DDI}stdyDscr//{DDI}titl").text
    assert root.findtext(f".//{DDI}caseQnty") == str(len(frame))
    variables = root.findall(f".//{DDI}var")
    assert [v.get("name") for v in variables] == list(frame)
    assert {v.get("files") for v in variables} == {root.find(f".//{DDI}fileDscr").get("ID")}
    for v in variables:
        column = frame[v.get("name")]
        assert [e.get(LANG) for e in v.findall(f"{DDI}labl")] == ["th", "en"]
        gone = [float(item.get("VALUE")) for item in v.findall(f"{DDI}invalrng/{DDI}item")]
        stats = {s.get("type"): s.text for s in v.findall(f"{DDI}sumStat")}
        assert int(stats["vald"]) == (~column.isin(gone)).sum()
        assert int(stats["invd"]) == column.isin(gone).sum()
        for category in v.findall(f"{DDI}catgry"):
            number = float(category.findtext(f"{DDI}catValu"))
            assert int(category.findtext(f"{DDI}catStat")) == (column == number).sum(), v.get(
                "name"
            )
            assert (category.get("missing") == "Y") == (number in gone)
        if "mean" in stats:
            assert float(stats["mean"]) == pytest.approx(
                column[~column.isin(gone)].mean(), abs=1e-5
            )


def test_the_crate_lists_every_file_as_it_is(package):
    graph = {
        entity["@id"]: entity for entity in read_json(package, "ro-crate-metadata.json")["@graph"]
    }
    root = graph["./"]
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert {"name", "description", "datePublished", "license"} <= set(root)
    assert SYNTHETIC in root["name"]
    names = {file.name for file in package.iterdir()} - {"ro-crate-metadata.json"}
    assert {part["@id"] for part in root["hasPart"]} == names
    for name in names:
        entity, content = graph[name], (package / name).read_bytes()
        assert entity["@type"] == "File"
        assert entity["contentSize"] == str(len(content))
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()
    action = graph[root["mentions"]["@id"]]
    assert action["@type"] == "CreateAction"
    for reference in (action["instrument"], action["agent"], root["license"], root["publisher"]):
        assert reference["@id"] in graph


def test_the_dictionary_has_every_variable_of_every_table(package, described):
    frame = pd.read_csv(package / "dictionary.csv", keep_default_na=False)
    listed = set(zip(frame["table"], frame["variable"], strict=True))
    fields = {(t, f["name"]) for t in TABLES[:-1] for f in described[t]["schema"]["fields"]}
    assert listed == fields
    assert (frame[["label_th", "label_en", "type", "measure"]] != "").all(axis=None)
    page = (package / "dictionary.html").read_text(encoding="utf-8")
    assert all(f"<td>{name}</td>" in page for _, name in fields)
    assert SYNTHETIC in page


def test_the_readme_names_every_file_in_both_languages(package):
    text = (package / "README.md").read_text(encoding="utf-8")
    for file in package.iterdir():
        assert f"`{file.name}`" in text or file.name == "ro-crate-metadata.json"
    assert "ไม่มีข้อความของบุคคลแม้แต่บรรทัดเดียว" in text
    assert "not a line of anybody's words" in text


def test_a_blank_is_told_from_what_is_suppressed():
    missing = Option("", 9, "ไม่ตอบ", "Not answered", missing=True)
    gone = Option("suppressed", 99, "ปกปิด", "Suppressed", missing=True)
    sex = Variable(
        "sex", "string", "nominal", "เพศ", "Sex", (Option("f", 1, "ห", "F"), missing, gone)
    )
    column = pd.Series(["f", None, "suppressed"])
    assert spss.numbers(column, sex).tolist() == [1, 9, 99]
