"""Named results: what a notebook found, written once and referred to by name everywhere else.

A value's full name is region/phase/name, as in `TH/success-factors/leadership.mean`. Prose never
carries a typed number; it carries a name. A region's page that compares itself with the country reads
TH's values *at the precision shown*, and each reading is recorded, so that a page runs again only when
a national value that it shows has moved.
"""

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from castlib import analyses, lazy, paths, regions, store
from castlib.errors import CastError, check_code
from castlib.present import thai
from castlib.present.tables import Table

_read_names: dict[tuple[str, str], dict[str, str]] = {}


@dataclass(frozen=True)
class Value:
    """One result: the value in full, and how it is shown.

    Parameters
    ----------
    value : float, int or str
        Unrounded; a missing number is refused (save nothing rather than nan).
    decimals : int
        Digits after the point when shown; text is shown as it is.
    unit : str
        Thai unit, for example "คน" or "คะแนน (1–5)".
    n : int, optional
        How many rows it rests on.
    ci : tuple of two floats, optional
        Its 95 % confidence interval.
    source : str
        The tables and columns that it was made from.
    """

    value: float | int | str
    decimals: int = 2
    unit: str = ""
    n: int | None = None
    ci: tuple[float, float] | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.value, float) and not math.isfinite(self.value):
            raise CastError("ค่าผลลัพธ์ต้องเป็นจำนวนจำกัด ถ้าคำนวณไม่ได้ให้บอกเหตุผลในหน้าแทนการบันทึก")

    @property
    def shown(self) -> str:
        """The value as a page shows it.

        >>> Value(3.14159).shown, Value(760, decimals=0).shown
        ('3.14', '760')
        """
        return self.value if isinstance(self.value, str) else thai.number(self.value, self.decimals)


def or_dash(values: Mapping[str, Value], *names: str) -> dict[str, Value]:
    """Return the values with a dash for names that could not be computed.

    For names that the book's chapters use: the page says why there is no number, and the chapter still
    resolves.

    >>> or_dash({}, "r2")["r2"].shown
    '–'
    """
    return {name: Value(thai.MISSING) for name in names} | dict(values)


class National:
    """TH's named results of one phase, at the precision shown; every reading is recorded."""

    def __init__(self, phase: str, content: dict, record: dict[str, str]) -> None:
        self._phase, self._content, self._record = phase, content, record

    def __getitem__(self, name: str) -> float | str:
        """Return a value as it is shown: a number rounded to its decimals, or a text."""
        values = self._content["values"]
        check_code(name, values, f"ผลระดับประเทศใน {self._phase} ชื่อ")
        shown = self._record[name] = values[name]["shown"]
        return shown if isinstance(values[name]["value"], str) else float(shown.replace(",", ""))

    def table(self, name: str) -> Table:
        """Return a saved table, its cells as they are shown."""
        tables = self._content["tables"]
        check_code(name, tables, f"ตารางระดับประเทศใน {self._phase} ชื่อ")
        self._record[name] = json.dumps(tables[name], ensure_ascii=False, sort_keys=True)
        return Table.from_json(tables[name])


def national(region: str, phase: str) -> National | None:
    """Return the country's results to compare a region with; None for the country itself."""
    _check(region, phase)
    record = _read_names[region, phase] = {}
    if region == regions.COUNTRY:
        return None
    return National(phase, read(regions.COUNTRY, phase), record)


def read(region: str, phase: str) -> dict:
    """Return the saved results of a region and phase as a dictionary."""
    _check(region, phase)
    file = paths.results() / region / f"{phase}.json"
    if not file.exists():
        raise CastError(f"ยังไม่มีผลของ {region}/{phase} ใช้คำสั่ง cast run --region {region} ก่อน")
    return json.loads(file.read_text(encoding="utf-8"))


def save(
    region: str,
    phase: str,
    values: Mapping[str, Value],
    tables: Mapping[str, Table] | None = None,
    joint: Sequence[Mapping[str, object]] = (),
) -> None:
    """Write what a notebook found, when it is run by `cast run`.

    In a notebook that a researcher runs by hand nothing is written: exploring never overwrites what
    the book publishes. The names and values are checked all the same. `joint` are the rows of a joint
    display (`castlib.present.joint.entries`), from which `cast status` and `cast verdicts` know what was
    decided on what.
    """
    _check(region, phase)
    content = {
        "region": region,
        "phase": phase,
        "synthetic": store.synthetic(),
        "values": {name: _entry(value) for name, value in values.items()},
        "tables": {name: table.to_json() for name, table in (tables or {}).items()},
        "joint": [dict(row) for row in joint],
        "compared_with": dict(sorted(_read_names.get((region, phase), {}).items())),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    target = os.environ.get("CAST_RESULTS")
    if target:
        file = Path(target) / region / f"{phase}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")


def _entry(value: Value) -> dict:
    plain = value.value.item() if hasattr(value.value, "item") else value.value
    return {
        "value": plain,
        "shown": value.shown,
        "unit": value.unit,
        "decimals": value.decimals,
        "n": None if value.n is None else int(value.n),
        "ci": None if value.ci is None else [float(end) for end in value.ci],
        "source": value.source,
    }


def _check(region: str, phase: str) -> None:
    regions.check(region)
    analyses.check(phase)


__getattr__, __dir__ = lazy.offered(__name__)
