"""The questionnaire and the focus-group questions, read from data/instrument/.

The instrument is data: replacing the draft by the official one needs no change of code. A success item
is asked twice, as it should be (`leadership_1_expected`) and as it is (`leadership_1_actual`); an
outcome item once (`suffering_1`).
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pandas as pd
import yaml

from castlib import lazy, paths
from castlib.errors import CastError, check_code, some

STATES = {"expected": "สภาพที่คาดหวัง", "actual": "สภาพที่เป็นจริง"}
SUBMITTED, PROVINCE = "ประทับเวลา", "จังหวัด"


@dataclass(frozen=True, repr=False)
class Instrument:
    """The instrument's tables, and the names of the answer columns that follow from them.

    Attributes: `constructs` (construct, kind, names, definitions), `items` (item, construct, choices,
    paired, texts), `questions` (background and open questions), `choices` (list, value, labels).
    """

    constructs: pd.DataFrame
    items: pd.DataFrame
    questions: pd.DataFrame
    choices: pd.DataFrame

    def __repr__(self) -> str:
        sizes = (
            f"success {len(self.success)}, outcomes {len(self.outcomes)}, items {len(self.items)}"
        )
        return f"Instrument({sizes}, answer columns {len(self.answer_columns)})"

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def table(self) -> pd.DataFrame:
        """Return one row a column of the respondents' table, as the variable view of SPSS has it.

        Columns: variable, label_th (the question), role (background, success, outcome, open),
        construct, construct_th, state (expected, actual), values (code = Thai label), measure (nominal,
        ordinal, scale, text).

        >>> load().table().set_index("variable").loc[
        ...     "sex", ["label_th", "values", "measure"]
        ... ].to_list()
        ['เพศ', 'male = ชาย, female = หญิง', 'nominal']
        """
        items, asked = self.items.set_index("item"), self.questions.set_index("variable")
        of = self.constructs.set_index("construct")
        rows = []
        for name, header in self.headers.items():
            if name in ("submitted_at", "province"):
                continue
            if name in asked.index:
                question = asked.loc[name]
                measure = {"choice": "nominal", "integer": "scale"}.get(question["type"], "text")
                rows.append(
                    (name, header, question["role"], "", "", "", question["choices"], measure)
                )
                continue
            code, _, state = name.rpartition("_")
            code, state = (code, state) if state in STATES else (name, "")
            construct, choices = items.loc[code, ["construct", "choices"]]
            kind, label = of.loc[construct, ["kind", "name_th"]]
            text = items.loc[code, "text_th"]
            rows.append((name, text, kind, construct, label, state, choices, "ordinal"))
        names = "variable label_th role construct construct_th state values measure".split()
        found = pd.DataFrame(rows, columns=names)
        said = {name: self.options(name) for name in self.choices["list"].unique()}
        found["values"] = [
            ", ".join(f"{code} = {label}" for code, label in said.get(name, {}).items())
            for name in found["values"]
        ]
        return found

    @property
    def success(self) -> list[str]:
        """Construct codes of the components of success, in the instrument's order."""
        return self._kind("success")

    @property
    def outcomes(self) -> list[str]:
        """Construct codes of the outcome scales, in the instrument's order."""
        return self._kind("outcome")

    def _kind(self, kind: str) -> list[str]:
        return list(self.constructs.loc[self.constructs["kind"] == kind, "construct"])

    def columns(self, construct: str, state: str = "actual") -> list[str]:
        """Return the answer columns of a construct: its items in one state, or as they are if asked once.

        >>> load().columns("suffering")
        ['suffering_1', 'suffering_2', 'suffering_3', 'suffering_4']
        """
        check_code(construct, self._items_of, "องค์ประกอบ")
        check_code(state, tuple(STATES), "สภาพ")
        return [f"{i}_{state}" if p else i for i, p in self._items_of[construct]]

    @cached_property
    def _items_of(self) -> dict[str, list[tuple[str, bool]]]:
        """Each construct's items, and whether they are asked twice."""
        of: dict[str, list[tuple[str, bool]]] = {code: [] for code in self.constructs["construct"]}
        for item in self.items.itertuples():
            of[item.construct].append((item.item, item.paired))
        return of

    @cached_property
    def answer_columns(self) -> list[str]:
        """Every answer column, in the order of the form."""
        return [
            c
            for c in self.headers
            if c.rpartition("_")[2] in STATES or c in set(self.items["item"])
        ]

    @cached_property
    def lists(self) -> dict[str, str]:
        """The list of choices of each answer column."""
        of = dict(zip(self.items["item"], self.items["choices"], strict=True))
        return {c: of.get(c) or of[c.rpartition("_")[0]] for c in self.answer_columns}

    @cached_property
    def headers(self) -> dict[str, str]:
        """The online form's Thai header of each column, in the order of the form."""
        found = {"submitted_at": SUBMITTED, "province": PROVINCE}
        background = self.questions["role"] == "background"
        ask = self.questions.set_index("variable")["text_th"]
        found |= {v: ask[v] for v in self.questions.loc[background, "variable"]}
        for item in self.items.itertuples():
            if item.paired:
                found |= {
                    f"{item.item}_{s}": f"{item.text_th} [{label}]" for s, label in STATES.items()
                }
            else:
                found[item.item] = item.text_th
        return found | {v: ask[v] for v in self.questions.loc[~background, "variable"]}

    def label(self, code: str) -> str:
        """Return the Thai label of a construct, an item or a background variable.

        A column's state (`_expected`, `_actual`) is left out of the look-up.
        """
        item, _, state = code.rpartition("_")
        code = item if state in STATES else code
        return self._labels[check_code(code, self._labels, "รหัสในเครื่องมือ")]

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {
            **dict(zip(self.constructs["construct"], self.constructs["name_th"], strict=True)),
            **dict(zip(self.items["item"], self.items["text_th"], strict=True)),
            **dict(zip(self.questions["variable"], self.questions["label_th"], strict=True)),
        }

    def options(self, name: str) -> dict[str, str]:
        """Return the values of a choice list with their Thai labels, in order.

        >>> list(load().options("level5"))
        ['1', '2', '3', '4', '5']
        """
        check_code(name, list(self.choices["list"].unique()), "รายการตัวเลือก")
        own = self.choices[self.choices["list"] == name]
        return dict(zip(own["value"], own["label_th"], strict=True))


def table() -> pd.DataFrame:
    """Return the study's variables, one row a column of the respondents' table: see `Instrument.table`.

    >>> table().iloc[0]["variable"]
    'sex'
    """
    return load().table()


def load() -> Instrument:
    """Return the study's instrument."""
    return _load(paths.data() / "instrument")


@cache
def _load(folder: Path) -> Instrument:
    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)

    items = read("items")
    tool = Instrument(
        constructs=read("constructs"),
        items=items.assign(paired=items["paired"].str.lower() == "true"),  # Excel writes TRUE
        questions=read("questions"),
        choices=read("choices"),
    )
    _check(tool)
    return tool


def _check(tool: Instrument) -> None:
    """Refuse an item twice, of no construct, or whose list of choices is not the five levels 1–5."""
    twice = tool.items["item"][tool.items["item"].duplicated()]
    if len(twice):
        raise CastError(f"รหัสข้อคำถามซ้ำใน items.csv: {some(twice)}")
    for item in tool.items.drop_duplicates(["construct", "choices"]).itertuples():
        check_code(
            item.construct, list(tool.constructs["construct"]), f"องค์ประกอบของข้อ {item.item}"
        )
        if list(tool.options(item.choices)) != list("12345"):
            raise CastError(
                f"ข้อคำถาม {item.item} ใช้รายการคำตอบ {item.choices} "
                "แต่รายการคำตอบของข้อคำถามใน choices.csv ต้องมีค่า 1–5 ครบตามลำดับ"
            )


def focus_group() -> dict[str, pd.DataFrame]:
    """Return the questions of each focus-group form (participants, staff, executive) with their objective."""
    return {form: pd.DataFrame(asked) for form, asked in _yaml("focus_group")["forms"].items()}


def levels() -> dict:
    """Return the criteria of the five-level reading: default, labels, and each criterion's upper bounds."""
    return _yaml("levels")


def _yaml(name: str) -> dict:
    return _read_yaml(paths.data() / "instrument" / f"{name}.yml")


@cache
def _read_yaml(file: Path) -> dict:
    return yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)


__getattr__, __dir__ = lazy.offered(__name__)
