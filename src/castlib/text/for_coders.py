"""What coders get: the study as a coding project, and sheets to code in, to read and to judge suggestions."""

import pandas as pd

from castlib import lazy
from castlib.exchange import documents
from castlib.exchange.project import Code, Passage, Project
from castlib.intake.headers import (
    ACCEPTED,
    BEGIN,
    CODER,
    CODES,
    DOCUMENT,
    END,
    PASSAGE,
    SUGGESTED,
    TEXT,
    TURN,
    WHEN,
)
from castlib.store import Study
from castlib.text import coding

_ABOUT = {
    "definition_th": "นิยาม",
    "include_th": "รวม",
    "exclude_th": "ไม่รวม",
    "example_th": "ตัวอย่าง",
}
SHEET = [DOCUMENT, TURN, TEXT, CODES, BEGIN, END, PASSAGE, CODER, WHEN]
SUGGESTIONS = [*SHEET, SUGGESTED, ACCEPTED]


def codes() -> tuple[Code, ...]:
    """Return the codebook by its Thai labels: definition, what to include and exclude, an example."""
    book = coding.codebook().set_index("code")
    labels = book["label_th"]
    return tuple(
        Code(
            row["label_th"],
            "\n".join(f"{word}: {row[name]}" for name, word in _ABOUT.items() if row[name]),
            labels.get(row["parent"], ""),
        )
        for _, row in book.iterrows()
    )


def project(study: Study, name: str) -> Project:
    """Return a region's documents, the codebook, the coders and what they coded.

    That a segment was read and left without a code is not in it: programs do not know that. Coming back,
    a document in which a coder coded something was read whole by that coder.
    """
    laid, begins = documents.lay_out(study.segments)
    label = coding.codebook().set_index("code")["label_th"]
    given = study.codings.dropna(subset=["code"])
    passages = tuple(
        Passage(
            laid[row.group].name,
            begins[row.segment] + row.start,
            begins[row.segment] + row.end,
            label[row.code],
            row.coder,
            None if pd.isna(row.coded_at) else row.coded_at.to_pydatetime(),
        )
        for row in given.itertuples()
    )
    coders = tuple(sorted(study.codings["coder"].unique()))
    return Project(name, tuple(laid.values()), codes(), coders, passages)


def sheet(study: Study) -> pd.DataFrame:
    """Return a region's codings as a coders' sheet: a row a coding, also those without a code."""
    rows = study.codings.merge(study.segments[["segment", "turn", "text"]], on="segment")
    coded = rows["code"].notna()
    stretches = zip(rows["text"], rows["start"], rows["end"], strict=True)
    passages = pd.Series([text[start:end] for text, start, end in stretches], dtype=object)
    return pd.DataFrame(
        {
            DOCUMENT: rows["group"],
            TURN: rows["turn"],
            TEXT: rows["text"],
            CODES: rows["code"].fillna(""),
            BEGIN: rows["start"].astype(object).where(coded, ""),
            END: rows["end"].astype(object).where(coded, ""),
            PASSAGE: passages.where(coded, ""),
            CODER: rows["coder"],
            WHEN: rows["coded_at"].dt.strftime("%Y-%m-%d %H:%M:%S").fillna(""),
        }
    )


def blank(segments: pd.DataFrame) -> pd.DataFrame:
    """Return a sheet for coding by hand: every segment, nothing coded yet."""
    found = pd.DataFrame(
        {DOCUMENT: segments["group"], TURN: segments["turn"], TEXT: segments["text"]}
    )
    return found.reindex(columns=SHEET, fill_value="")


def suggestions(segments: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return a sheet of what a dictionary suggests (`castlib.text.suggest`), for coders to accept or not."""
    rows = found.merge(segments[["segment", "group", "turn", "text"]], on="segment")
    passages = zip(rows["text"], rows["start"], rows["end"], strict=True)
    told = pd.DataFrame(
        {
            DOCUMENT: rows["group"],
            TURN: rows["turn"],
            TEXT: rows["text"],
            CODES: rows["code"],
            BEGIN: rows["start"],
            END: rows["end"],
            PASSAGE: [text[start:end] for text, start, end in passages],
            SUGGESTED: rows["word"],
        }
    )
    return told.reindex(columns=SUGGESTIONS, fill_value="")


__getattr__, __dir__ = lazy.offered(__name__)
