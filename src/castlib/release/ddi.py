"""The study and the respondents' file as DDI-Codebook 2.5; the order of elements is the schema's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from castlib import __version__, protocol
from castlib.release.datapackage import both, notice
from castlib.release.plan import SYNTHETIC, Plan, Table, Variable

if TYPE_CHECKING:
    import pandas as pd

DDI = "ddi:codebook:2_5"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA = "https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
FILE = "F1"  # respondents.sav; the CSV and Parquet files have codes where it has numbers


def document(tables: list[Table], plan: Plan) -> bytes:
    """Return the codebook: document, study, files, the respondents' variables, the other tables."""
    respondents = tables[0]
    root = etree.Element(f"{{{DDI}}}codeBook", nsmap={None: DDI, "xsi": XSI}, version="2.5")
    root.set(LANG, "th")
    root.set(f"{{{XSI}}}schemaLocation", f"{DDI} {SCHEMA}")
    _citation(_add(root, "docDscr"), plan, "codebook")
    _study(_add(root, "stdyDscr"), plan)
    described = _add(_add(root, "fileDscr", ID=FILE), "fileTxt")
    _add(described, "fileName", f"{respondents.name}.sav")
    _add(described, "fileCont", both(respondents.row_th, respondents.row_en))
    size = _add(described, "dimensns")
    _add(size, "caseQnty", len(respondents.frame))
    _add(size, "varQnty", len(respondents.variables))
    _add(described, "fileType", "SPSS system file")
    data = _add(root, "dataDscr")
    for number, variable in enumerate(respondents.variables, 1):
        _variable(data, f"V{number}", variable, respondents.frame[variable.name])
    for table in tables:
        other = _add(root, "otherMat", URI=f"{table.name}.csv")
        _languages(other, "labl", table.th, table.en)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(
    parent: etree._Element, name: str, text: object = None, /, **attributes: str
) -> etree._Element:
    made = etree.SubElement(parent, f"{{{DDI}}}{name}", attributes)
    if text is not None:
        made.text = str(text)
    return made


def _languages(parent: etree._Element, name: str, th: str, en: str, **attributes: str) -> None:
    """Add an element once in Thai and once in English."""
    for language, text in (("th", th), ("en", en)):
        _add(parent, name, text, **attributes).set(LANG, language)


def _citation(parent: etree._Element, plan: Plan, what: str) -> None:
    citation = _add(parent, "citation")
    titles = _add(citation, "titlStmt")
    mark = (f" ({SYNTHETIC})", " (synthetic data)") if plan.synthetic else ("", "")
    _add(titles, "titl", plan.title_th + mark[0]).set(LANG, "th")
    _add(titles, "parTitl", plan.title_en + mark[1]).set(LANG, "en")
    _add(titles, "IDNo", f"{plan.name}-{plan.version}-{what}", agency="castlib")
    organisation = protocol.load().organisation
    _add(_add(citation, "rspStmt"), "AuthEnty", both(organisation["th"], organisation["en"]))
    production = _add(citation, "prodStmt")
    _add(production, "producer", organisation["th"])
    _add(production, "copyright", plan.licence["title"])
    _add(production, "prodDate", plan.date.isoformat(), date=plan.date.isoformat())
    _add(production, "software", "castlib", version=__version__)
    version = _add(citation, "verStmt")
    _add(version, "version", plan.version, date=plan.date.isoformat())


def _study(study: etree._Element, plan: Plan) -> None:
    guide = protocol.load()
    _citation(study, plan, "study")
    info = _add(study, "stdyInfo")
    subject = _add(info, "subject")
    for word in plan.keywords:
        _add(subject, "keyword", word).set(LANG, "en")
    for language, said in zip(("th", "en"), notice(plan), strict=True):
        aims = " ".join(f"({aim['id']}) {aim[language]}" for aim in guide.objectives)
        _add(info, "abstract", f"{said} {aims}").set(LANG, language)
    scope = _add(info, "sumDscr")
    day = guide.deadline.isoformat()
    _add(scope, "collDate", day, date=day, event="end")
    _add(scope, "nation", "ประเทศไทย / Thailand", abbr="TH")
    _add(scope, "geogCover", "76 จังหวัด ไม่รวมกรุงเทพมหานคร / 76 provinces, without Bangkok")
    _add(scope, "geogUnit", "กลุ่มจังหวัด / provincial cluster")
    _add(scope, "anlyUnit", "บุคคล / individual")
    per = guide.per_district["answers"]
    _languages(
        scope,
        "universe",
        f"ผู้เข้าร่วมโครงการในอำเภอนำร่อง 76 อำเภอ อำเภอละ {per} คน",
        f"participants of the project in the 76 pilot districts, {per} a district",
    )
    _add(scope, "dataKind", "แบบสอบถาม / survey data")
    collection = _add(_add(study, "method"), "dataColl")
    _add(collection, "timeMeth", "ภาคตัดขวาง / cross-section")
    _add(
        collection,
        "dataCollector",
        "สำนักงานพัฒนาชุมชนจังหวัด / provincial community development offices",
    )
    _add(collection, "collMode", "แบบสอบถามออนไลน์ / online questionnaire")
    _add(collection, "resInstru", "แบบสอบถามมาตรประมาณค่า 5 ระดับ / structured, five-level scale")
    _add(
        collection,
        "cleanOps",
        "ตรวจรับด้วย castlib ปกปิดตามที่ disclosure.json รายงาน / see disclosure.json",
    )
    access = _add(study, "dataAccs")
    use = _add(access, "useStmt")
    _add(use, "restrctn", both(*notice(plan)))
    _add(use, "conditions", f"{plan.licence['name']} {plan.licence['path']}")


def _variable(data: etree._Element, identity: str, v: Variable, column: pd.Series) -> None:
    kind = "contin" if v.kind == "number" else "discrete"
    nature = "interval" if v.measure == "scale" else v.measure
    var = _add(data, "var", ID=identity, name=v.name, files=FILE, intrvl=kind, nature=nature)
    _languages(var, "labl", v.th, v.en, level="variable")
    if v.low is not None:
        _add(_add(var, "valrng"), "range", min=f"{v.low:g}", max=f"{v.high:g}")
    gone = [o for o in v.options if o.missing]
    if gone:
        missing = _add(var, "invalrng")
        for option in gone:
            _add(missing, "item", VALUE=str(option.number))
    counts = column.astype(object).where(column.notna(), "").astype(str).value_counts()
    absent = sum(int(counts.get(option.code, 0)) for option in gone)
    _add(var, "sumStat", len(column) - absent, type="vald")
    _add(var, "sumStat", absent, type="invd")
    if v.measure != "nominal":
        number = column.astype("float64")
        for kind, value in (("mean", number.mean()), ("stdev", number.std())):
            _add(var, "sumStat", f"{value:.6f}", type=kind)
    if v.note_th:
        _languages(var, "txt", v.note_th, v.note_en)
    for option in v.options:
        category = _add(var, "catgry", **({"missing": "Y"} if option.missing else {}))
        _add(category, "catValu", option.number)
        _languages(category, "labl", option.th, option.en, level="category")
        _add(category, "catStat", int(counts.get(option.code, 0)), type="freq")
    _add(var, "varFormat", type="numeric" if v.options else "character", schema="SPSS")
