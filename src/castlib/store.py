"""The study's checked tables: written by the intake, read by everything else.

One parquet file a table under build/study/. Every row says which file and which row it came from.
Rows without a province (staff, partners, executives, experts) are national: only TH sees them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

from castlib import lazy, paths, protocol, regions
from castlib.errors import CastError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

KINDS = ("participants", "staff", "partners", "executive")
TRACE = ["source_file", "source_row"]
ABOUT = "study.json"


@dataclass(frozen=True, repr=False)
class Study:
    """The checked tables of one region; each is a plain DataFrame (data/README.md describes them)."""

    region: str
    respondents: pd.DataFrame
    groups: pd.DataFrame
    segments: pd.DataFrame
    photos: pd.DataFrame
    districts: pd.DataFrame
    ioc: pd.DataFrame
    codings: pd.DataFrame
    verdicts: pd.DataFrame
    faults: pd.DataFrame

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {len(getattr(self, name)):,}" for name in TABLES)
        return f"Study({self.region}: {regions.label(self.region)}; แถว: {sizes})"

    def __getattr__(self, name: str) -> object:
        raise lazy.missing("the study", name, (*TABLES, "region", "scores", "labelled"))

    def _repr_html_(self) -> str:
        from castlib import overview

        return overview.page(self)

    def labelled(self, table: str = "respondents", columns: bool = True) -> pd.DataFrame:
        """Return a copy of a table with Thai columns and value labels, for reading and for tables.

        Answers and choices become ordered categories in the instrument's order. To compute, use the
        table itself (`study.respondents`): there answers are numbers. With `columns=False` the columns
        keep the names to compute with.

        Raises UnknownCode when the study has no such table.
        """
        from castlib import labels

        labels.table(table)
        return labels.labelled(getattr(self, table), columns)

    def scores(self, state: str = "actual") -> pd.DataFrame:
        """Return each respondent's construct scores: the mean of a construct's answers, 1–5.

        A score needs all answers of the construct; otherwise it is missing. Success constructs are
        taken in the given state ("actual" or "expected"); outcomes have only one. The frame keeps
        respondent, province, cluster, on_time and the background variables.
        """
        from castlib import instrument

        tool = instrument.load()
        background = list(tool.questions.loc[tool.questions["role"] == "background", "variable"])
        known = ["respondent", "province", "cluster", "on_time", *background]
        answers = self.respondents[tool.answer_columns]
        numbers = answers.to_numpy("float64", na_value=float("nan"))
        means = {
            code: numbers[:, answers.columns.get_indexer(tool.columns(code, state))].mean(axis=1)
            for code in tool.constructs["construct"]
        }
        return self.respondents[known].assign(**means)


TABLES = tuple(field.name for field in fields(Study) if field.name != "region")


def schemas() -> dict:
    """Return the pandera schema of each table: its columns, types and ranges, and nothing more."""
    import pandera.pandas as pa

    from castlib import instrument

    text, some_text = pa.Column(str), pa.Column(str, nullable=True)
    where = {"province": text, "cluster": text}
    anywhere = {"province": some_text, "cluster": some_text}
    kind = pa.Column(str, pa.Check.isin(KINDS))
    number, flag = pa.Column("Int64", nullable=True), pa.Column(bool)
    moment = pa.Column("datetime64[us]", nullable=True)
    trace = {"source_file": text, "source_row": pa.Column("int64")}
    answer = pa.Column("Int8", pa.Check.in_range(1, 5), nullable=True)
    tool = instrument.load()
    types = {"integer": number, "choice": some_text, "text": some_text}
    asked = {q.variable: types[q.type] for q in tool.questions.itertuples()}
    columns = {
        "respondents": {"respondent": pa.Column(str, unique=True), **where, "submitted_at": moment}
        | {"on_time": flag, **asked, **dict.fromkeys(tool.answer_columns, answer), **trace},
        "groups": {
            "group": pa.Column(str, unique=True),
            "kind": kind,
            **anywhere,
            "held_on": moment,
        }
        | {"n_participants": number, "consent": flag, "submitted_at": moment, "on_time": flag}
        | {"pictures": pa.Column("int64"), **trace},
        "segments": {
            "segment": pa.Column(str, unique=True),
            "group": text,
            "kind": kind,
            **anywhere,
        }
        | {"question": text, "turn": pa.Column("int64"), "speaker": text, "text": text, **trace},
        "photos": {"photo": pa.Column(str, unique=True), **where, "format": text}
        | {"width": pa.Column("int64"), "height": pa.Column("int64"), "sha256": text}
        | {"submitted_at": moment, **trace},
        "districts": {"province": pa.Column(str, unique=True), "cluster": text}
        | {
            "answers": pa.Column("int64"),
            "form": flag,
            "consent": flag,
            "photos": pa.Column("int64"),
        }
        | {"pictures_in_form": pa.Column("int64"), "on_time": flag, "complete": flag},
        "ioc": {"item": text, "expert": pa.Column("int64")}
        | {"rating": pa.Column("int64", pa.Check.isin((-1, 0, 1))), **trace},
        "codings": {"segment": text, "group": text, "kind": kind, **anywhere, "coder": text}
        | {"code": some_text, "start": pa.Column("int64", pa.Check.ge(0))}
        | {"end": pa.Column("int64", pa.Check.ge(0)), "coded_at": moment, **trace},
        "verdicts": {
            "region": text,
            "objective": pa.Column("int64", pa.Check.in_range(1, 4)),
            "topic": text,
            "verdict": pa.Column(str, pa.Check.isin(protocol.VERDICTS)),
        }
        | dict.fromkeys(("reason", "by", "date", "numbers", "words"), text)
        | trace,
        "faults": {"code": text, "severity": pa.Column(str, pa.Check.isin(("rejected", "warned")))}
        | {
            "path": text,
            "place": text,
            "province": some_text,
            "sentence": text,
            "given": some_text,
        },
    }
    return {
        name: pa.DataFrameSchema(columns[name], name=name, strict=True, coerce=True, ordered=True)
        for name in TABLES
    }


def write(tables: dict[str, pd.DataFrame], synthetic: bool, source_digest: str) -> None:
    """Check every table against its schema and put all of them in place at once.

    A table may come with its columns in any order; a missing or an extra column is an error, as is a
    value outside its range: the intake has a fault in it, not the province.
    """
    import pandera.errors

    checked, wrong = {}, []
    for name, schema in schemas().items():
        table = tables[name]
        lacking = [column for column in schema.columns if column not in table]
        if lacking:
            wrong.append(f"{name}: ขาดคอลัมน์ {', '.join(lacking)}")
            continue
        ordered = [*schema.columns, *(c for c in table if c not in schema.columns)]
        try:
            checked[name] = schema.validate(table[ordered].reset_index(drop=True), lazy=True)
        except pandera.errors.SchemaErrors as error:
            cases = error.failure_cases.head(10)
            wrong += [
                f"{name}.{c.column}: {c.check} ({c.failure_case})" for c in cases.itertuples()
            ]
    if wrong:
        raise CastError("ตารางที่ตรวจแล้วไม่เป็นไปตามโครงสร้าง: " + "; ".join(wrong))
    target = paths.study()
    fresh, old = (target.with_name(f"{target.name}.{state}") for state in ("new", "old"))
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, table in checked.items():
        table.to_parquet(fresh / f"{name}.parquet", index=False)
    about = {"synthetic": synthetic, "source_digest": source_digest, "rows": _digests(checked)}
    about["verdicts"] = _verdict_digests(checked["verdicts"])
    (fresh / ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def about() -> dict:
    """Return what is known of the tables: synthetic, source_digest, rows (a digest a province)."""
    file = paths.study() / ABOUT
    if not file.exists():
        raise CastError("ยังไม่มีตารางข้อมูลที่ตรวจแล้ว ใช้คำสั่ง cast intake (หรือ make study) ก่อน")
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise CastError(
            f"อ่าน {file.name} ใน {file.parent} ไม่ได้ ({fault}) ใช้คำสั่ง cast intake อีกครั้ง"
        ) from fault


def synthetic() -> bool:
    """Return whether the tables were made from the synthetic country."""
    return about()["synthetic"]


def digest(region: str, known: dict | None = None) -> str:
    """Return a digest of a region's own rows in all tables; where they came from does not count.

    TH's own rows are everybody's. A cluster's digest changes only when one of its provinces' rows does.
    `known` is what `about` returned at the moment that counts; by default now does.
    """
    rows = (known or about())["rows"]
    own = regions.members(region)
    if regions.level(region) == "country":
        own = [*own, regions.COUNTRY]
    return _sha("\n".join(f"{code} {rows.get(code, '')}" for code in own).encode())


def verdict_digest(region: str, objective: int | None, known: dict | None = None) -> str:
    """Return a digest of what people decided on a region and an objective; empty when nothing."""
    return (known or about()).get("verdicts", {}).get(f"{region}/{objective}", "")


def _verdict_digests(verdicts: pd.DataFrame) -> dict[str, str]:
    import pandas as pd

    bare = verdicts.drop(columns=TRACE)
    hashed = pd.util.hash_pandas_object(bare, index=False)
    return {
        f"{region}/{objective}": _sha(rows.to_numpy().tobytes())
        for (region, objective), rows in hashed.groupby([bare["region"], bare["objective"]])
    }


def _digests(tables: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Return a digest for each province's rows, and one under TH for the national rows."""
    import pandas as pd

    parts: dict[str, list[str]] = {}
    for name, table in tables.items():
        if name == "verdicts":  # a region's, not a province's: they have their own digests
            continue
        bare = table.drop(columns=TRACE, errors="ignore")
        hashed = pd.util.hash_pandas_object(bare, index=False)
        national = pd.Series(regions.COUNTRY, index=bare.index)
        home = bare["province"].fillna(regions.COUNTRY) if "province" in bare else national
        about = f"{name} {' '.join(bare)}"
        for code, rows in hashed.groupby(home, sort=True):
            parts.setdefault(code, []).append(f"{about} {_sha(rows.to_numpy().tobytes())}")
    return {code: _sha("\n".join(listed).encode()) for code, listed in sorted(parts.items())}


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def load(region: str = regions.COUNTRY) -> Study:
    """Return the checked tables of a region: a researcher's way in.

    Parameters
    ----------
    region : str
        `TH`, a cluster code or a province code; a wrong one is refused naming the nearest.

    Returns
    -------
    Study
        The region's own rows, each table a plain DataFrame. National rows (staff, partners,
        executives, experts) are in TH only. Missing answers are <NA>.

    Raises
    ------
    UnknownCode
        The study has no such region.
    CastError
        The intake has not been done yet.
    """
    country = regions.level(region) == "country"
    about()
    own = regions.members(region)

    def rows(name: str) -> pd.DataFrame:
        file = paths.study() / f"{name}.parquet"
        table = _table(file, file.stat().st_mtime_ns)
        if name == "verdicts":
            return table[table["region"] == region].reset_index(drop=True)
        if country:
            return table.copy(deep=False)
        # the experts' ratings have no province: they are the country's
        if name == "ioc":
            return table.head(0)
        return table[table["province"].isin(own)].reset_index(drop=True)

    return Study(region, **{name: rows(name) for name in TABLES})


@lru_cache(maxsize=len(TABLES))
def _table(file: Path, changed: int) -> pd.DataFrame:
    """Read a table as it was at `changed`, once for all regions and for the kernels forked from here.

    In this thread alone, for a process with several cannot be forked: pandas' own reader starts more.
    """
    from pyarrow.parquet import ParquetFile

    with ParquetFile(file, pre_buffer=False) as parquet:
        return parquet.read(use_threads=False).to_pandas(use_threads=False)
