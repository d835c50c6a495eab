"""Fifty random changes, each followed by what `cast run` thinks must be made again, against a full rebuild.

    .venv/bin/python benchmarks/changes.py [HOW MANY [SEED]]

Works in a temporary home on two clusters of the synthetic country, with castlib's code beside it. A change
is an answer, a word that was said, a line of castlib, a sentence or a line of a notebook, a label, a word
of the dictionary, a person's verdict, or a damaged file. Prints each change, how many notebooks were made,
and whether everything published equals what a rebuild from nothing publishes. What was kept goes on to the
next change, so that what an early change left out of date would show at any later one.
"""

import csv
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd

import castlib
from castlib import paths

CLUSTERS = ("north-upper-1", "south-gulf")
PUBLISHED = ("notebooks", "results")
CAST = Path(sys.executable).parent / "cast"


class Home:
    """A home with a copy of the code, and what is done to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("data", "notebooks", "book"):
            shutil.copytree(paths.home() / name, root / name, ignore=shutil.ignore_patterns("raw"))
        shutil.copytree(Path(castlib.__file__).parent, root / "src" / "castlib")
        provinces = pd.read_csv(root / "data" / "provinces.csv", dtype=str)
        kept = provinces[provinces["cluster"].isin(CLUSTERS)]
        kept.to_csv(root / "data" / "provinces.csv", index=False)

    def cast(self, *words: str) -> str:
        """Run a command on this home with its own code."""
        env = os.environ | {"CAST_HOME": str(self.root), "PYTHONPATH": str(self.root / "src")}
        done = subprocess.run([CAST, *words], env=env, capture_output=True, text=True)
        if done.returncode not in (0, 1):
            sys.exit(f"cast {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def bring_up_to_date(self) -> str:
        """Take in the source and make what is out of date; return the run's last line."""
        self.cast("intake", str(self.root / "build" / "demo"))
        return self.cast("run").splitlines()[-1]

    def published(self) -> dict[str, bytes]:
        """Return everything published, by path."""
        build = self.root / "build"
        files = [*build.glob("notebooks/*/*.ipynb"), *build.glob("results/*/*.json")]
        return {str(file.relative_to(build)): file.read_bytes() for file in files}


def an_answer(home: Home, chance: random.Random) -> str:
    file = home.root / "build" / "demo" / "questionnaire.csv"
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.reader(text))
    row = chance.choice(rows[1:])
    column = chance.choice([k for k, name in enumerate(rows[0]) if name.endswith("]")])
    row[column] = chance.choice("12345")
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        csv.writer(text).writerows(rows)
    return f"an answer in column {column}"


def a_word_said(home: Home, chance: random.Random) -> str:
    file = chance.choice(sorted((home.root / "build" / "demo").rglob("*.docx")))
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["word/document.xml"].decode()
    said = list(re.finditer(">([^<]{60,})<", text))
    if not said:
        return an_answer(home, chance)
    at = chance.choice(said).end(1)
    parts["word/document.xml"] = (text[:at] + " และชุมชนร่วมมือ" + text[at:]).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return f"words in {file.name}"


def a_line_of_code(home: Home, chance: random.Random) -> str:
    file = chance.choice(sorted((home.root / "src" / "castlib").rglob("*.py")))
    with file.open("a", encoding="utf-8") as text:
        text.write(f"\n_CHANGED = {chance.random()}\n")
    return f"code of {file.relative_to(home.root / 'src')}"


def a_number_in_code(home: Home, chance: random.Random) -> str:
    file = home.root / "src" / "castlib" / "present" / "words.py"
    text = file.read_text(encoding="utf-8")
    changed, times = re.subn(r"(?m)^(SHOWN, .*= )\d+", rf"\g<1>{chance.randint(3, 14)}", text)
    if not times:
        sys.exit(f"{file} says no longer how many words a page shows")
    file.write_text(changed, encoding="utf-8")
    return "how many words a page shows"


def a_sentence(home: Home, chance: random.Random) -> str:
    return _cell(home, chance, "markdown", "เพิ่มประโยค\n\n")


def a_line_of_a_notebook(home: Home, chance: random.Random) -> str:
    return _cell(home, chance, "code", f"changed = {chance.random()}\n")


def _cell(home: Home, chance: random.Random, kind: str, before: str) -> str:
    file = chance.choice(sorted((home.root / "notebooks").glob("[1-6]_*.ipynb")))
    notebook = nbformat.read(file, as_version=4)
    cells = [c for c in notebook.cells if c.cell_type == kind and "parameters" not in c.metadata.get("tags", [])]  # fmt: skip
    cell = chance.choice(cells)
    cell.source = before + cell.source
    nbformat.write(notebook, file)
    return f"a {kind} cell of {file.name}"


def a_label(home: Home, chance: random.Random) -> str:
    name = chance.choice(["instrument/items.csv", "instrument/constructs.csv", "codebook.csv"])
    file = home.root / "data" / name
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    column = next(c for c in table if c in ("label_th", "name_th", "text_th"))
    row = chance.randrange(len(table))
    before, after = table.loc[row, column], f"{table.loc[row, column]}ใหม่"
    table.loc[row, column] = after
    table.to_csv(file, index=False)
    # the form that people answer asks in the instrument's words
    answers = home.root / "build" / "demo" / "questionnaire.csv"
    answers.write_text(answers.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    return f"a label in {name}"


def a_stop_word(home: Home, chance: random.Random) -> str:
    with (home.root / "data" / "text" / "stopwords.txt").open("a", encoding="utf-8") as words:
        words.write(f"\n{chance.choice(['ชุมชน', 'อำเภอ', 'โครงการ', 'ทีม'])}\n")
    return "a stop word"


def a_verdict(home: Home, chance: random.Random) -> str:
    home.cast("verdicts")
    with (home.root / "build" / "verdicts.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    row = chance.choice(rows)
    reason = f"เหตุผลที่ {chance.random()}"
    row |= {"ข้อสรุป": "เสริมกัน", "เหตุผล": reason, "ผู้ตัดสิน": "นักวิจัย"}
    sheet = home.root / "build" / "demo" / "verdicts.csv"
    with sheet.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.DictWriter(text, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return f"a verdict on {row['พื้นที่']}, objective {row['วัตถุประสงค์']}"


def damage(home: Home, chance: random.Random) -> str:
    file = chance.choice(sorted((home.root / "build").glob("[nr]*/*/*.*")))
    file.write_bytes(chance.choice([b"", b"{}", file.read_bytes()[:-20]]))
    return f"damage to {file.relative_to(home.root)}"


CHANGES: tuple[Callable[[Home, random.Random], str], ...] = (
    an_answer, a_word_said, a_line_of_code, a_number_in_code, a_sentence, a_line_of_a_notebook, a_label,
    a_stop_word, a_verdict, damage,
)  # fmt: skip


def main(number: int, seed: int) -> None:
    chance, wrong = random.Random(seed), 0
    with tempfile.TemporaryDirectory(prefix="cast-changes-") as folder:
        home = Home(Path(folder))
        home.cast("demo")
        print(home.bring_up_to_date())
        for turn in range(number):
            what = CHANGES[turn % len(CHANGES)](home, chance)
            said = home.bring_up_to_date()
            kept = home.published()
            for name in PUBLISHED:
                (home.root / "build" / name).rename(home.root / f"{name}-kept")
            home.cast("run")
            same = home.published() == kept
            for name in PUBLISHED:
                rebuilt, before = home.root / "build" / name, home.root / f"{name}-kept"
                if same:
                    shutil.rmtree(rebuilt)
                    before.rename(rebuilt)
                else:  # told once
                    shutil.rmtree(before)
            wrong += not same
            print(f"{turn + 1:3} {what}: {said} {'equal' if same else 'DIFFERENT'}", flush=True)
    print(f"{number} changes, {wrong} not equal to a rebuild")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*given, *(50, 2565)[len(given) :])
