"""The CSV files as a Frictionless Data Package (version 1, tabular): schema, constraints, digests."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from castlib import protocol
from castlib.release.plan import SYNTHETIC, Plan, Table, Variable

if TYPE_CHECKING:
    from pathlib import Path


def describe(tables: list[Table], folder: Path, plan: Plan) -> dict:
    """Return the content of datapackage.json; the CSV files must be in the folder already."""
    organisation = protocol.load().organisation
    return {
        "profile": "tabular-data-package",
        "name": plan.name,
        "version": plan.version,
        "created": f"{plan.date.isoformat()}T00:00:00Z",
        "title": _title(plan.title_th, plan),
        "title_en": plan.title_en,
        "description": both(*notice(plan)),
        "synthetic": plan.synthetic,
        "keywords": plan.keywords,
        "licenses": [plan.licence],
        "contributors": [{"title": organisation["th"], "role": "publisher"}],
        "sources": [{"title": protocol.load().title_th}],
        "resources": [_resource(table, folder, plan) for table in tables],
    }


def notice(plan: Plan) -> tuple[str, str]:
    """Return what the package is, in Thai and English: that it is synthetic is said first."""
    if plan.synthetic:
        return (
            f"{SYNTHETIC}: สร้างขึ้นด้วยคอมพิวเตอร์ ไม่มีคำตอบของบุคคลจริง",
            "Synthetic data: made by a computer; nobody's real answers are in it.",
        )
    return (
        "คำตอบของบุคคลจริงที่ทำให้ระบุตัวบุคคลไม่ได้ ห้ามพยายามระบุตัวผู้ตอบ",
        "Answers of real people, made anonymous. Do not try to find out who they are.",
    )


def both(th: str, en: str) -> str:
    """Return a Thai and an English text as one.

    >>> both("ชาย", "Male")
    'ชาย / Male'
    """
    return f"{th} / {en}"


def digest(file: Path) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _title(text: str, plan: Plan) -> str:
    return f"{text} ({SYNTHETIC})" if plan.synthetic else text


def _resource(table: Table, folder: Path, plan: Plan) -> dict:
    file = folder / f"{table.name}.csv"
    fields = [field(v) for v in table.variables]
    for described in fields:
        if [described["name"]] == list(table.key):
            described["constraints"]["unique"] = True
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": file.name,
        "title": _title(table.th, plan),
        "title_en": table.en,
        "description": both(f"แถวละ {table.row_th}", f"a row is {table.row_en}"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
        "bytes": file.stat().st_size,
        "hash": f"sha256:{digest(file)}",
        "schema": {"fields": fields, "primaryKey": list(table.key), "missingValues": [""]},
    }


def field(v: Variable) -> dict:
    """Return a variable as a field of a Table Schema."""
    constraints: dict = {"required": v.required}
    codes = [o.code for o in v.options if o.code]
    if v.kind == "integer" and codes:
        constraints["enum"] = [int(code) for code in codes]
    elif v.kind == "string" and codes:
        constraints["enum"] = codes
    bounds = {"minimum": v.low, "maximum": v.high}
    constraints |= {name: bound for name, bound in bounds.items() if bound is not None}
    made = {"name": v.name, "type": v.kind, "title": v.th, "title_en": v.en}
    blank = both(f"ว่าง = {v.blank_th}", f"blank = {v.blank_en}") if not v.required else ""
    note = both(v.note_th, v.note_en) if v.note_th else ""
    said = " · ".join(part for part in (note, blank) if part)
    return made | ({"description": said} if said else {}) | {"constraints": constraints}
