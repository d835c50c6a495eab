"""The package as an RO-Crate 1.1: every file, its digest, its licence, and what made it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from castlib import __version__, protocol
from castlib.release.datapackage import both, digest, notice
from castlib.release.plan import SYNTHETIC, Plan

if TYPE_CHECKING:
    from pathlib import Path

SPECIFICATION = "https://w3id.org/ro/crate/1.1"
NAME = "ro-crate-metadata.json"
# terms of schema.org that the context of RO-Crate 1.1 does not have yet
TERMS = {"sha256": "https://schema.org/sha256"}
FORMATS = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".sav": "application/x-spss-sav",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".xml": "application/xml",
    ".html": "text/html",
    ".md": "text/markdown",
}


def describe(folder: Path, about: dict[str, str], plan: Plan) -> dict:
    """Return the content of ro-crate-metadata.json for the files that the folder has by now.

    `about` says of each file what it is.
    """
    names = sorted(file.name for file in folder.iterdir())
    parts = [{"@id": name} for name in names]
    organisation = protocol.load().organisation
    day = plan.date.isoformat()
    mark = f" ({SYNTHETIC})" if plan.synthetic else ""
    descriptor = {
        "@id": NAME,
        "@type": "CreativeWork",
        "conformsTo": {"@id": SPECIFICATION},
        "about": {"@id": "./"},
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": plan.title_th + mark,
        "alternateName": plan.title_en,
        "description": both(*notice(plan)),
        "identifier": f"{plan.name}-{plan.version}",
        "version": plan.version,
        "datePublished": day,
        "license": {"@id": plan.licence["path"]},
        "publisher": {"@id": "#publisher"},
        "keywords": plan.keywords,
        "inLanguage": ["th", "en"],
        "hasPart": parts,
        "mentions": {"@id": "#release"},
    }
    action = {
        "@id": "#release",
        "@type": "CreateAction",
        "name": "cast release",
        "description": both(
            "สร้างจากตารางที่ตรวจแล้วของการศึกษา ซึ่งไม่อยู่ในชุดนี้",
            "made from the study's checked tables, which are not in this package",
        ),
        "instrument": {"@id": "#castlib"},
        "agent": {"@id": "#publisher"},
        "endTime": day,
        "result": parts,
    }
    software = {
        "@id": "#castlib",
        "@type": "SoftwareApplication",
        "name": "castlib",
        "version": __version__,
    }
    publisher = {"@id": "#publisher", "@type": "Organization", "name": organisation["th"]}
    publisher["alternateName"] = organisation["en"]
    licence = {"@id": plan.licence["path"], "@type": "CreativeWork", "name": plan.licence["title"]}
    files = [_file(folder / name, about[name] + mark) for name in names]
    graph = [descriptor, root, *files, action, software, publisher, licence]
    return {"@context": [f"{SPECIFICATION}/context", TERMS], "@graph": graph}


def listed(folder: Path, name: str) -> set[str]:
    """Return the names of the files of a former release of that name; none where there is none."""
    try:
        graph = json.loads((folder / NAME).read_text(encoding="utf-8"))["@graph"]
        root = next(entity for entity in graph if entity["@id"] == "./")
        own = root["identifier"].startswith(f"{name}-")
        return {NAME, *(part["@id"] for part in root["hasPart"])} if own else set()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, StopIteration):
        return set()


def _file(file: Path, what: str) -> dict:
    return {
        "@id": file.name,
        "@type": "File",
        "name": file.name,
        "description": what,
        "encodingFormat": FORMATS[file.suffix],
        "contentSize": str(file.stat().st_size),
        "sha256": digest(file),
    }
