"""The package's tables: what each variable is called, which values it has, and the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from castlib import protocol, regions
from castlib.release import counts, describe, people
from castlib.release.describe import HELD_BACK, LEVELS, WITHHELD
from castlib.release.plan import NOT_ANSWERED, SUPPRESSED, SYNTHETIC, Option, Plan, Table, Variable
from castlib.text import coding

if TYPE_CHECKING:
    from castlib.store import Study

PERSON = "ผู้ตอบแบบสอบถาม 1 คน", "a person who answered the questionnaire"


def make(study: Study, plan: Plan) -> tuple[list[Table], dict]:
    """Return the tables to be given away, and the report of what was done to protect people."""
    records, report, plan = people.records(study.respondents, plan)
    made = [
        _respondents(records, plan),
        _counts(counts.respondents(study.respondents, records, plan), plan),
        _means(records, plan),
        _codes(counts.groups(study.codings, study.segments, plan), plan),
        _districts(study.districts),
    ]
    withheld = {t.name: int(t.frame["withheld"].sum()) for t in made if "withheld" in t.frame}
    rows = {table.name: len(table.frame) for table in made}
    tables = {name: {"rows": n, "withheld": withheld.get(name, 0)} for name, n in rows.items()}
    marked = [_mark(table) for table in made] if plan.synthetic else made
    return marked, {"records": report, "tables": tables}


def _mark(table: Table) -> Table:
    """Return the table with a last column that says that it is synthetic."""
    option = Option(SYNTHETIC, 1, SYNTHETIC, "Synthetic data")
    column = Variable("data_kind", "string", "nominal", "ชนิดข้อมูล", "Kind of data", (option,))
    frame = table.frame.assign(data_kind=SYNTHETIC)
    return Table(**vars(table) | {"variables": (*table.variables, column), "frame": frame})


def _respondents(records: pd.DataFrame, plan: Plan) -> Table:
    identity = Variable(
        "respondent",
        "string",
        "nominal",
        "รหัสใหม่ของผู้ตอบ",
        "New id of the respondent",
        note_th="ลำดับสุ่มด้วยกุญแจลับ ไม่โยงกลับถึงผู้ตอบ",
        note_en="In an order drawn with a secret key; does not lead back to anybody.",
    )
    quasi = [describe.quasi(name, plan) for name in (plan.coarser, *plan.quasi)]
    described = (identity, *quasi, *describe.answers(plan), *describe.scores(plan))
    frame = records.sort_values("respondent")[[v.name for v in described]].reset_index(drop=True)
    return Table(
        "respondents", "ผู้ตอบแบบสอบถาม", "Respondents", *PERSON, described, frame, ("respondent",)
    )


def _counts(frame: pd.DataFrame, plan: Plan) -> Table:
    names = [("all", "ทั้งหมด", "All"), *((name, *plan.labels(name)) for name in plan.counts)]
    values = {("all", "all"): ("ทั้งหมด", "All")}
    for name in plan.counts:
        values |= {(name, o["code"]): (o["label_th"], o["label_en"]) for o in plan.options(name)}
        values[name, NOT_ANSWERED] = "ไม่ตอบ", "Not answered"
    at = [values[pair] for pair in zip(frame["variable"], frame["value"], strict=True)]
    frame = frame.assign(value_th=[th for th, _ in at], value_en=[en for _, en in at])
    described = (
        Variable(
            "variable", "string", "nominal", "ลักษณะ", "Characteristic", describe.options(names)
        ),
        Variable("value", "string", "nominal", "ค่า", "Value"),
        Variable("value_th", "string", "nominal", "ป้ายของค่า (ไทย)", "Label of the value (Thai)"),
        Variable(
            "value_en", "string", "nominal", "ป้ายของค่า (อังกฤษ)", "Label of the value (English)"
        ),
        *describe.where("country", "cluster"),
        describe.count("count", "จำนวนผู้ตอบ (คน)", "Respondents"),
        WITHHELD,
    )
    return Table(
        "counts",
        "จำนวนผู้ตอบตามลักษณะและกลุ่มจังหวัด",
        "Respondents by characteristic and cluster",
        "ค่าหนึ่งของลักษณะหนึ่งในพื้นที่หนึ่ง",
        "a value of a characteristic in a region",
        described,
        frame[[v.name for v in described]].reset_index(drop=True),
        ("variable", "value", "level", "region"),
    )


def _means(records: pd.DataFrame, plan: Plan) -> Table:
    """Describe and make the means: they follow from the records, so they tell nothing more."""
    measured = [*describe.answers(plan), *describe.scores(plan)]
    names = [v.name for v in measured]
    levels = {"country": pd.Series(regions.COUNTRY, index=records.index)}
    levels |= {name: records[name] for name in (plan.coarser, plan.quasi[0])}
    parts = []
    for level, place in levels.items():
        rows = records[place != SUPPRESSED]
        found = rows[names].astype("float64").groupby(place).agg(["count", "mean", "std"])
        found = found.stack(level=0, future_stack=True).reset_index(names=["region", "measure"])
        parts.append(found.assign(level=level))
    frame = pd.concat(parts, ignore_index=True).rename(columns={"count": "n", "std": "sd"})
    few = frame["n"] < plan.k
    frame["n"] = frame["n"].astype("Int64").mask(few)
    frame[["mean", "sd"]] = frame[["mean", "sd"]].round(6).mask(few)
    described = (
        Variable(
            "measure",
            "string",
            "nominal",
            "ข้อคำถามหรือคะแนน",
            "Answer or score",
            describe.options((v.name, v.th, v.en) for v in measured),
        ),
        *describe.where(*levels),
        describe.count("n", "จำนวนผู้ที่มีค่า (คน)", "People with a value", low=plan.k),
        Variable("mean", "number", "scale", "ค่าเฉลี่ย", "Mean", (), 1, 5, **HELD_BACK),
        Variable(
            "sd", "number", "scale", "ส่วนเบี่ยงเบนมาตรฐาน", "Standard deviation", low=0, **HELD_BACK
        ),
        WITHHELD,
    )
    return Table(
        "means",
        "ค่าเฉลี่ยของข้อคำถามและคะแนนตามพื้นที่",
        "Means of answers and scores by region",
        "ข้อคำถามหรือคะแนนหนึ่งในพื้นที่หนึ่ง",
        "an answer or score in a region",
        described,
        frame.assign(withheld=few)[[v.name for v in described]],
        ("measure", "level", "region"),
    )


def _codes(frame: pd.DataFrame, plan: Plan) -> Table:
    book = coding.codebook()
    labels = book[["code", "label_th", "label_en"]].itertuples(index=False, name=None)
    described = (
        Variable(
            "code", "string", "nominal", "ประเด็น", "Code of the codebook", describe.options(labels)
        ),
        *describe.where("country", plan.codes_by),
        describe.count("groups", "กลุ่มสนทนาที่กล่าวถึง (กลุ่ม)", "Focus groups that raised it"),
        Variable("of_groups", "integer", "scale", "กลุ่มสนทนาทั้งหมด (กลุ่ม)", "Focus groups", low=0),
        WITHHELD,
    )
    return Table(
        "codes",
        "ประเด็นที่กลุ่มสนทนากล่าวถึง",
        "Codes raised by focus groups of participants",
        "ประเด็นหนึ่งในพื้นที่หนึ่ง",
        "a code in a region",
        described,
        frame[[v.name for v in described]].reset_index(drop=True),
        ("code", "level", "region"),
    )


def _districts(districts: pd.DataFrame) -> Table:
    """Describe and make the districts' completeness: what was sent, nothing about anybody."""
    per = protocol.load().per_district
    enough = {"answers": per["answers"], "photos": per["photos_min"]}
    amount = describe.options(
        [("none", "ไม่มี", "None"), ("some", "ไม่ครบ", "Not enough"), ("enough", "ครบ", "Enough")]
    )
    frame = districts[["province", "cluster"]].copy()
    for name, wanted in enough.items():
        sent = districts[name].clip(0, wanted)
        frame[name] = sent.map(lambda n, w=wanted: "enough" if n == w else "some" if n else "none")
    flags = {
        "form": ("มีแบบบันทึกสนทนากลุ่ม", "Focus-group form received"),
        "consent": ("รับรองการยินยอม", "Consent certified"),
        "on_time": ("ส่งทันกำหนด", "Sent in time"),
        "complete": ("ครบถ้วน", "Complete"),
    }
    frame[list(flags)] = districts[list(flags)]
    described = (
        Variable(
            "province",
            "string",
            "nominal",
            "จังหวัดของอำเภอนำร่อง",
            "Province",
            describe.places("province"),
        ),
        Variable("cluster", "string", "nominal", *LEVELS["cluster"], describe.places("cluster")),
        Variable("answers", "string", "ordinal", "แบบสอบถาม", "Questionnaires", amount),
        Variable("photos", "string", "ordinal", "ภาพถ่าย", "Photos", amount),
        *(Variable(name, "boolean", "nominal", *labels) for name, labels in flags.items()),
    )
    return Table(
        "districts",
        "ความครบถ้วนของข้อมูลรายอำเภอนำร่อง",
        "Completeness of what each pilot district sent",
        "อำเภอนำร่อง 1 อำเภอ",
        "a pilot district",
        described,
        frame[[v.name for v in described]].reset_index(drop=True),
        ("province",),
    )


def dictionary(tables: list[Table]) -> Table:
    """Return the dictionary of all variables of all tables, as a table of its own."""
    rows = [(table.name, *_entry(v)) for table in tables for v in table.variables]
    columns = {
        "table": ("ตาราง", "Table"),
        "variable": ("ตัวแปร", "Variable"),
        "label_th": ("คำอธิบาย (ไทย)", "Label (Thai)"),
        "label_en": ("คำอธิบาย (อังกฤษ)", "Label (English)"),
        "type": ("ชนิด", "Type"),
        "measure": ("ระดับการวัด", "Measure"),
        "values_th": ("ค่า (ไทย)", "Values (Thai)"),
        "values_en": ("ค่า (อังกฤษ)", "Values (English)"),
        "range": ("ช่วง", "Range"),
        "blank_th": ("ช่องว่างหมายถึง (ไทย)", "A blank means (Thai)"),
        "blank_en": ("ช่องว่างหมายถึง (อังกฤษ)", "A blank means (English)"),
        "spss_missing": ("รหัสค่าสูญหายใน SPSS", "Missing codes in SPSS"),
        "note_th": ("สิ่งที่ทำกับตัวแปร (ไทย)", "What was done (Thai)"),
        "note_en": ("สิ่งที่ทำกับตัวแปร (อังกฤษ)", "What was done (English)"),
    }
    optional = {"blank_th": "ไม่มี", "blank_en": "none"}
    described = tuple(
        Variable(name, "string", "nominal", *labels, **optional) for name, labels in columns.items()
    )
    frame = pd.DataFrame(rows, columns=list(columns)).replace("", None)
    titles = "พจนานุกรมข้อมูล", "Data dictionary", "ตัวแปร 1 ตัว", "a variable"
    return Table("dictionary", *titles, described, frame, ("table", "variable"))


def _entry(v: Variable) -> tuple[str, ...]:
    """Return a variable's line of the dictionary, after the table's name."""
    spans = [f"{bound:g}" if bound is not None else "" for bound in (v.low, v.high)]
    shown = [o for o in v.options if not o.missing or o.code]
    return (
        v.name,
        v.th,
        v.en,
        v.kind,
        v.measure,
        "; ".join(f"{o.code} = {o.th}" for o in shown),
        "; ".join(f"{o.code} = {o.en}" for o in shown),
        "–".join(spans) if any(spans) else "",
        v.blank_th,
        v.blank_en,
        "; ".join(f"{o.number} = {o.th} / {o.en}" for o in v.options if o.missing),
        v.note_th,
        v.note_en,
    )
