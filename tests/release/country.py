"""A small country's checked tables, made at random."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from castlib import instrument, regions, store

ROOT = Path(__file__).resolve().parents[2]
CLUSTERS = ("central-upper", "north-upper-1", "south-border")
SECRET = "ถ้อยคำลับที่ต้องไม่ออกไป"


def make_home(home: Path) -> Path:
    """Make a home with the study's own data and the provinces of three clusters."""
    shutil.copytree(ROOT / "data", home / "data", ignore=shutil.ignore_patterns("raw"))
    provinces = pd.read_csv(home / "data" / "provinces.csv", dtype=str)
    provinces = provinces[provinces["cluster"].isin(CLUSTERS)]
    provinces.to_csv(home / "data" / "provinces.csv", index=False)
    return home


def make_tables(seed: int = 1, per_district: int = 10) -> dict[str, pd.DataFrame]:
    """Return the checked tables of the home's country; every open text holds the secret words."""
    rng = np.random.default_rng(seed)
    places = regions.provinces()[["province", "cluster"]]
    people = places.loc[places.index.repeat(per_district)].reset_index(drop=True)
    n, tool = len(people), instrument.load()
    people.insert(
        0, "respondent", [f"{p}-{i % per_district:02d}" for i, p in enumerate(people["province"])]
    )
    people["submitted_at"] = pd.Timestamp("2022-11-05 08:30:00")
    people["on_time"] = True
    for question in tool.questions.itertuples():
        if question.type == "choice":
            people[question.variable] = rng.choice(list(tool.options(question.choices)), n)
        elif question.type == "integer":
            people[question.variable] = rng.integers(int(question.min), int(question.max) + 1, n)
        else:
            people[question.variable] = [f"{SECRET} {i}" for i in range(n)]
    # groups of sectors of about the same size, one sector rare
    people["sector"] = np.resize(["government", "people", "private", "religion"], n)
    other = rng.choice(n, n // 4, replace=False)
    people.loc[other, "sector"] = rng.choice(["academia", "civil_society", "media"], len(other))
    # seven of one cluster did not give their sex
    people.loc[rng.choice(60, 7, replace=False), "sex"] = None
    for column in tool.answer_columns:
        people[column] = pd.array(rng.integers(1, 6, n), dtype="Int8")
        people.loc[rng.random(n) < 0.02, column] = pd.NA
    return {"respondents": _traced(people), **_others(places, rng)}


def _others(places: pd.DataFrame, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    codes = pd.read_csv(ROOT / "data" / "codebook.csv")
    codes = codes.loc[codes["parent"].notna(), "code"].tolist()
    groups = places.assign(group=places["province"], kind="participants", n_participants=10)
    groups = groups.assign(
        held_on=pd.Timestamp("2022-11-08"), consent=True, on_time=True, pictures=0
    )
    groups["submitted_at"] = groups["held_on"]
    turns = groups.loc[groups.index.repeat(12), ["group", "kind", "province", "cluster"]]
    turns["turn"] = turns.groupby("group").cumcount() + 1
    turns["segment"] = turns["group"] + ":" + turns["turn"].astype(str)
    segments = turns.assign(question="q1", speaker="1", text=SECRET)
    codings = turns.drop(columns="turn").assign(coder="coder-1", code=rng.choice(codes, len(turns)))
    codings = codings.assign(start=0, end=len(SECRET), coded_at=pd.NaT)
    districts = places.assign(answers=10, form=True, consent=True, photos=5, pictures_in_form=0)
    districts = districts.assign(on_time=True, complete=True)
    ioc = pd.DataFrame({"item": ["leadership_1"], "expert": [1], "rating": [1]})
    none = {"photos": "photo province cluster format width height sha256 submitted_at"}
    none |= {"verdicts": "region objective topic verdict reason by date numbers words "
             "source_file source_row"}  # fmt: skip
    none |= {"faults": "code severity path place province sentence given"}
    empty = {name: pd.DataFrame(columns=columns.split()) for name, columns in none.items()}
    whole = {"groups": groups, "segments": segments, "codings": codings, "ioc": ioc}
    whole |= {"photos": empty["photos"]}
    traced = {name: _traced(table) for name, table in whole.items()}
    return traced | {
        "districts": districts,
        "faults": empty["faults"],
        "verdicts": empty["verdicts"],
    }


def _traced(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(source_file=f"{SECRET}.csv", source_row=range(len(table)))


def write_study(**changed: object) -> None:
    """Write the tables as the intake would."""
    given = {"synthetic": True, "source_digest": "x"} | changed
    tables = given.pop("tables", None) or make_tables()
    store.write(tables, **given)


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the text of every file, packed ones unpacked, columns of Parquet read."""
    for file in sorted(folder.iterdir()):
        if file.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as book:
                yield file.name, b"\n".join(book.read(name) for name in book.namelist())
        elif file.suffix == ".parquet":
            yield file.name, pd.read_parquet(file).to_csv().encode() + file.read_bytes()
        else:
            yield file.name, file.read_bytes()
