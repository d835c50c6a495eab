"""What is kept equals what would be made afresh, after any sequence of changes.

The plan, the runner, papermill and warm kernels are the real ones; small are the templates, the tables
and what the parent of the kernels loads, and castlib is a copy, so that its code can change.
"""

import csv
import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import castlib
from castlib import paths, store
from castlib.run import kernels, plan, runner

REPO = Path(__file__).resolve().parents[2]
PLACES = {"TH-50": "north-upper-1", "TH-51": "north-upper-1", "TH-80": "south-gulf"}
CODES = ["TH", "north-upper-1", "south-gulf"]
PHASES = ("success-factors", "results")
# sequences of every change once, in some order; CAST_EXAMPLES=20 tries longer
EXAMPLES = int(os.environ.get("CAST_EXAMPLES", "1"))
ANSWER = "leadership_1_actual"
WARM = """
import gc, signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
import ipykernel.debugger, ipykernel.kernelapp, pandas, pyarrow.parquet
import castlib.instrument, castlib.present.results, castlib.store, castlib.text.coding, castlib.toy
gc.freeze()
"""
SHOW = """
import castlib
from castlib import instrument, toy
from castlib.present import results
from castlib.text import coding
country = results.national(REGION, PHASE)
study = castlib.load(REGION)
print(toy.shown(), instrument.load().items["text_th"].iloc[:9].tolist(), coding.codebook()["label_th"].tolist())
"""
SAVE = """
print(study.segments["text"].tolist(), study.verdicts[study.verdicts["objective"] == 2]["reason"].tolist())
mean = float(study.respondents["{answer}"].astype("float64").mean())
print(mean, country and country["mean"])
results.save(REGION, PHASE, {{"mean": results.Value(mean, decimals=1)}})
"""
# the other phase shows less: of the study's data its own rows, and nothing of the country
LESS = """
import castlib
from castlib.present import results
study = castlib.load(REGION)
print(study.verdicts[study.verdicts["objective"] == 1]["reason"].tolist())
results.save(REGION, PHASE, {"n": results.Value(len(study.respondents), decimals=0)})
"""


class World:
    """A study's home, a copy of castlib, and the tables that were taken in."""

    def __init__(self, root: Path, code: Path) -> None:
        self.root = root
        shutil.copytree(REPO / "data", root / "data", ignore=shutil.ignore_patterns("raw", "geo"))
        self.code = code / "castlib"
        (self.code / "toy.py").write_text("from castlib import toy_part\n\ndef shown(): return toy_part.NUMBER\n")  # fmt: skip
        (self.code / "toy_part.py").write_text("NUMBER = 1\n")
        (root / "notebooks").mkdir()
        self.write_template(PHASES[1], SHOW, SAVE.format(answer=ANSWER))
        self.write_template(PHASES[0], LESS)
        chance = random.Random(0)
        people = [
            {"respondent": f"r{n}", "province": province, "cluster": PLACES[province]}
            | {"on_time": True, ANSWER: chance.randint(1, 5)}
            for n, province in enumerate([*PLACES] * 4)
        ]
        said = [
            {"segment": f"s{n}", "group": province, "kind": "participants", "question": "q"}
            | {"province": province, "cluster": cluster, "turn": 1, "speaker": "", "text": "แรก"}
            for n, (province, cluster) in enumerate(PLACES.items())
        ]
        self.rows = {"respondents": people, "segments": said, "verdicts": []}

    def write_template(self, phase: str, *cells: str) -> None:
        parameters = f'REGION = "TH"\nPHASE = "{phase}"'
        listed = [{"cell_type": "markdown", "metadata": {}, "source": "แรก", "id": "m"}]
        for number, source in enumerate([parameters, *cells]):
            tags = {"tags": ["parameters"]} if number == 0 else {}
            cell = {"cell_type": "code", "metadata": tags, "source": source, "id": f"c{number}"}
            listed.append(cell | {"execution_count": None, "outputs": []})
        content = {"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        file = self.root / "notebooks" / f"{PHASES.index(phase) + 3}_{phase}.ipynb"
        file.write_text(json.dumps(content), encoding="utf-8")

    def take_in(self) -> None:
        """Write the checked tables, as the intake does."""
        trace = {"source_file": "f", "source_row": 1}
        tables = {}
        for name, schema in store.schemas().items():
            rows = [row | trace for row in self.rows.get(name, [])]
            tables[name] = pd.DataFrame(rows).reindex(columns=list(schema.columns))
        store.write(tables, synthetic=True, source_digest="")

    def fresh(self) -> dict[str, bytes]:
        """Return what a run from nothing publishes."""
        again = self.root / "again"
        (again / "build").mkdir(parents=True)
        for name in ("data", "notebooks", "build/study"):
            (again / name).symlink_to(self.root / name)
        made = bring_up_to_date(again)
        shutil.rmtree(again)
        return made


def bring_up_to_date(home: Path) -> dict[str, bytes]:
    """Run what a home's plan calls out of date, and return everything published."""
    os.environ["CAST_HOME"] = str(home)
    report = runner.run(CODES, PHASES, jobs=2, out=lambda line: None)
    assert [outcome.error for outcome in report.of("failed", "blocked")] == []
    files = [*paths.executed().rglob("*.*"), *paths.results().rglob("*.*")]
    return {str(file.relative_to(paths.build())): file.read_bytes() for file in files}


def an_answer(world: World, chance: random.Random) -> None:
    chance.choice(world.rows["respondents"])[ANSWER] = chance.randint(1, 5)


def words_said(world: World, chance: random.Random) -> None:
    chance.choice(world.rows["segments"])["text"] += f" {chance.random()}"


def a_verdict(world: World, chance: random.Random) -> None:
    about = {"region": chance.choice(CODES), "objective": chance.randint(1, 2), "topic": "t"}
    decided = {"verdict": "agree", "reason": str(chance.random()), "by": "", "date": ""}
    world.rows["verdicts"].append(about | decided | {"numbers": "", "words": ""})


def a_label(world: World, chance: random.Random) -> None:
    _in_table(world, "instrument/items.csv", "text_th", chance)


def the_codebook(world: World, chance: random.Random) -> None:
    _in_table(world, "codebook.csv", "label_th", chance)


def _in_table(world: World, name: str, column: str, chance: random.Random) -> None:
    file = world.root / "data" / name
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    rows[chance.randrange(9)][column] += " ใหม่"
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def code_that_matters(world: World, chance: random.Random) -> None:
    (world.code / "toy_part.py").write_text(f"NUMBER = {chance.random()}\n")


def code_that_does_not(world: World, chance: random.Random) -> None:
    with (world.code / "book" / "search.py").open("a") as text:
        text.write(f"\n_CHANGED = {chance.random()}\n")


def words_of_a_template(world: World, chance: random.Random) -> None:
    _in_template(world, 0, chance)


def code_of_a_template(world: World, chance: random.Random) -> None:
    _in_template(world, -1, chance)


def _in_template(world: World, cell: int, chance: random.Random) -> None:
    file = chance.choice(sorted((world.root / "notebooks").iterdir()))
    content = json.loads(file.read_bytes())
    content["cells"][cell]["source"] += f"\n# {chance.random()}"
    file.write_text(json.dumps(content), encoding="utf-8")


def a_national_value(world: World, chance: random.Random) -> None:
    """Move the country's mean by the answers of one province; the other clusters only compare with it."""
    province, answer = chance.choice([*PLACES]), chance.randint(1, 5)
    for row in world.rows["respondents"]:
        if row["province"] == province:
            row[ANSWER] = answer


def a_hand(world: World, chance: random.Random) -> None:
    """Damage what was published, or take it away."""
    region, phase = chance.choice(CODES), chance.choice(PHASES)
    file = chance.choice([plan.notebook, plan.results])(region, phase)
    if chance.random() < 0.5:
        file.unlink()
    else:
        file.write_bytes(chance.choice([b"", b"{}", file.read_bytes().replace(b"mean", b"maen")]))


CHANGES: tuple[Callable[[World, random.Random], None], ...] = (
    an_answer, words_said, a_verdict, a_label, the_codebook, code_that_matters, code_that_does_not,
    words_of_a_template, code_of_a_template, a_national_value, a_hand,
)  # fmt: skip


@pytest.mark.slow
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],  # a smaller example costs as much to look for as a run of all
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_after_any_changes_what_is_kept_equals_what_is_made_afresh(
    monkeypatch, copy_of_castlib, seed
):
    chance = random.Random(seed)
    changes = chance.sample(CHANGES, len(CHANGES))
    with tempfile.TemporaryDirectory() as folder, monkeypatch.context() as patch:
        root = Path(folder).resolve()
        world = World(root, copy_of_castlib(root / "code", warm=WARM))
        patch.setenv("CAST_HOME", str(world.root))
        patch.setenv("PYTHONPATH", str(world.code.parent))
        patch.setattr(castlib, "__file__", str(world.code / "__init__.py"))
        patch.setattr(kernels, "_parents", [])
        world.take_in()
        bring_up_to_date(world.root)
        for change in changes:
            change(world, chance)
            world.take_in()
            kept = bring_up_to_date(world.root)
            assert kept == world.fresh(), change.__name__
            os.environ["CAST_HOME"] = str(world.root)
        for parent in kernels._parents:
            parent.stop()
