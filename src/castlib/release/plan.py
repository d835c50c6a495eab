"""What the release gives away: data/release.yml, and the one description of a variable and a table.

Every format (CSV, Parquet, SPSS, XLSX, Data Package, DDI, RO-Crate, dictionary) is written from these
descriptions, so that a label or a code stands in one place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd
import yaml

from castlib import instrument, paths
from castlib.errors import CastError, check_code, some

if TYPE_CHECKING:
    from datetime import date

SYNTHETIC = "ข้อมูลจำลอง"
SUPPRESSED = "suppressed"
NOT_ANSWERED = "not_answered"
# codes of SPSS; a variable with more than eight values has no missing answers to tell apart
SPSS_NOT_ANSWERED, SPSS_SUPPRESSED = 9, 99


class Refused(CastError):
    """The package would tell more than it may: nothing was written."""

    exit_code = 1


@dataclass(frozen=True)
class Option:
    """One value of a coded variable: its code, its number in SPSS, its labels."""

    code: str
    number: int
    th: str
    en: str
    missing: bool = False


@dataclass(frozen=True)
class Variable:
    """One column of one table, for all formats.

    kind: string, integer, number, boolean; measure: nominal, ordinal, scale.
    """

    name: str
    kind: str
    measure: str
    th: str
    en: str
    options: tuple[Option, ...] = ()
    low: float | None = None
    high: float | None = None
    blank_th: str = ""
    blank_en: str = ""
    note_th: str = ""
    note_en: str = ""

    @property
    def required(self) -> bool:
        """Whether no cell of the column is blank."""
        return not self.blank_th

    @property
    def numbers(self) -> dict[str, int]:
        """The SPSS number of each code."""
        return {option.code: option.number for option in self.options}


@dataclass(frozen=True)
class Table:
    """One table of the package: what a row is, its variables in order, and its rows."""

    name: str
    th: str
    en: str
    row_th: str
    row_en: str
    variables: tuple[Variable, ...]
    frame: pd.DataFrame
    key: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The content of data/release.yml under its own names, and what follows from it."""

    name: str
    version: str
    date: date
    title_th: str
    title_en: str
    licence: dict
    keywords: list[str]
    k: int
    max_suppressed: float
    schemes: list[list[str]]
    coarser: str
    groups: dict[str, dict]
    bands: dict[str, dict]
    counts: list[str]
    codes_by: str
    left_out: list[dict]
    synthetic: bool = field(default=False)

    @property
    def quasi(self) -> list[str]:
        """The quasi-identifiers in use, the place first."""
        return self.schemes[0]

    @cached_property
    def tool(self) -> instrument.Instrument:
        """The study's instrument."""
        return instrument.load()

    def check(self) -> Plan:
        """Return the plan if every name in it is known and every choice has its group."""
        known = [*self.groups, *self.bands, *self._choices()]
        for name in [*(n for scheme in self.schemes for n in scheme[1:]), *self.counts]:
            check_code(name, known, "ตัวแปรใน data/release.yml")
        for name, group in self.groups.items():
            asked = self._choices()[check_code(group["from"], self._choices(), "คำถามแบบเลือกตอบ")]
            homeless = [v for v in self.tool.options(asked) if v not in self.grouping(name)]
            if homeless:
                raise CastError(
                    f"data/release.yml: {name} ไม่มีกลุ่มสำหรับค่า {some(homeless)} ของ {group['from']} "
                    "เพิ่มค่าเหล่านี้ใน groups"
                )
        return self

    def _choices(self) -> dict[str, str]:
        asked = self.tool.questions.query("role == 'background' and type == 'choice'")
        return dict(zip(asked["variable"], asked["choices"], strict=True))

    def grouping(self, name: str) -> dict[str, str]:
        """Return the group of each value that a grouped variable is made from."""
        return {v: value["code"] for value in self.groups[name]["values"] for v in value["of"]}

    def source(self, name: str) -> str:
        """Return the background question that a published variable is made from."""
        return (self.groups | self.bands).get(name, {}).get("from", name)

    def options(self, name: str) -> list[dict]:
        """Return code, label_th and label_en of each value of a background variable as published."""
        if name in self.groups:
            return self.groups[name]["values"]
        if name in self.bands:
            starts = self.bands[name]["starts"]
            return [_band(a, b) for a, b in zip(starts, [*starts[1:], None], strict=True)]
        own = self.tool.choices[self.tool.choices["list"] == self._choices()[name]]
        return own.rename(columns={"value": "code"}).to_dict("records")

    def labels(self, name: str) -> tuple[str, str]:
        """Return the Thai and the English label of a background variable as published."""
        made = (self.groups | self.bands).get(name)
        if made is None:
            made = self.tool.questions.set_index("variable").loc[name]
        return made["label_th"], made["label_en"]

    def values(self, respondents: pd.DataFrame, name: str) -> pd.Series:
        """Return each respondent's code of a background variable as published; missing: not answered."""
        given = respondents[self.source(name)]
        if name in self.groups:
            return given.map(self.grouping(name)).astype(object)
        if name not in self.bands:
            return given.astype(object)
        starts = self.bands[name]["starts"]
        number = given.astype("float64")
        if (number < starts[0]).any():
            raise CastError(
                f"data/release.yml: {name} เริ่มที่ {starts[0]} แต่มีค่าที่ต่ำกว่า ({number.min():g}) "
                "ลดค่าเริ่มของช่วงแรก"
            )
        codes = [option["code"] for option in self.options(name)]
        edges = [*starts, float("inf")]
        return pd.cut(number, edges, right=False, labels=codes).astype(object)


def _band(start: int, end: int | None) -> dict:
    """Return the value of a band that begins at start and ends before end."""
    if end is None:
        return {"code": f"{start}+", "label_th": f"{start} ขึ้นไป", "label_en": f"{start} and over"}
    shown = f"{start}–{end - 1}"
    return {"code": f"{start}-{end - 1}", "label_th": shown, "label_en": shown}


def load(synthetic: bool) -> Plan:
    """Return the release's plan, checked against the instrument."""
    file = paths.data() / "release.yml"
    return Plan(**yaml.safe_load(file.read_text(encoding="utf-8")), synthetic=synthetic).check()
