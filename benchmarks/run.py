"""Speeds of `cast run`, as ratios in one run: machines differ, ratios less so.

    .venv/bin/python benchmarks/run.py

Works in a temporary home, on the whole synthetic country. Prints: the sample's time with papermill's
own command line and with `cast run`, both two at a time; what a notebook costs beyond its own cells;
a run with nothing to do; a run after one answer of one district changed.
"""

import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from castlib import paths, protocol

JOBS = 2
SAMPLE = ("north-upper-1", "south-gulf", "east-2")  # three clusters, six phases: 18 notebooks
CHANGED = "เชียงใหม่"  # a province of the first
BIN = Path(sys.executable).parent


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="cast-bench-") as folder:
        home = Path(folder)
        for name in ("data", "notebooks", "book"):
            shutil.copytree(paths.home() / name, home / name, ignore=shutil.ignore_patterns("raw"))
        timed(home, "cast", "demo")
        timed(home, "cast", "intake", rejected=True)
        whole = timed(home, "cast", "run", "--jobs", str(JOBS))
        report(home, whole)
        compare(home)
        nothing = timed(home, "cast", "run")
        print(f"nothing to do: {nothing:.2f} s ({whole / nothing:.0f} times faster than all)")
        change_one_answer(home)
        timed(home, "cast", "intake", rejected=True)
        after = timed(home, "cast", "run", "--jobs", str(JOBS))
        made = [n for n in told(home) if n["status"] == "made"]
        print(
            f"one answer changed: {len(made)} notebooks, {after:.1f} s ({after / whole:.0%} of all)"
        )


def timed(home: Path, *words: str, rejected: bool = False, **environment: str) -> float:
    """Return the seconds that a command takes."""
    known = os.environ | {"CAST_HOME": str(home)} | environment
    begun = time.monotonic()
    done = subprocess.run([BIN / words[0], *words[1:]], env=known, capture_output=True, text=True)
    seconds = time.monotonic() - begun
    if done.returncode not in ((0, 1) if rejected else (0,)):
        sys.exit(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return seconds


def told(home: Path) -> list[dict]:
    """Return what the last run said of each notebook."""
    return json.loads((home / "build" / "run.json").read_text(encoding="utf-8"))["notebooks"]


def report(home: Path, whole: float) -> None:
    """Print what a notebook costs beyond its cells."""
    made = [n for n in told(home) if n["status"] == "made"]
    beyond = sorted(n["seconds"] - n["cell_seconds"] for n in made)
    cells = sum(n["cell_seconds"] for n in made)
    p95 = beyond[int(0.95 * len(beyond))]
    print(f"{len(made)} notebooks, nothing built: {whole:.1f} s; their cells alone {cells:.1f} s")
    print(f"  wall time / (cells / {JOBS}): {whole / (cells / JOBS):.2f}")
    print(
        f"  beyond the cells: median {statistics.median(beyond):.2f} s, p95 {p95:.2f} s a notebook"
    )


def compare(home: Path) -> None:
    """Print how many times faster than papermill's command line the sample is, outputs being equal."""
    sample = [(region, phase) for region in SAMPLE for phase in protocol.PHASES]
    out = home / "papermill"
    out.mkdir()

    def papermill(one: tuple[str, str]) -> None:
        region, phase = one
        template = next((home / "notebooks").glob(f"*_{phase}.ipynb"))
        words = ["papermill", str(template), str(out / f"{region}-{phase}.ipynb"), "-k", "python3"]
        words += ["-p", "REGION", region, "-p", "PHASE", phase, "--no-progress-bar"]
        timed(home, *words, CAST_RESULTS=str(out))

    begun = time.monotonic()
    with ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(papermill, sample))
    theirs = time.monotonic() - begun
    for region in SAMPLE:
        shutil.rmtree(home / "build" / "notebooks" / region)
    words = [word for region in SAMPLE for word in ("--region", region)]
    ours = timed(home, "cast", "run", "--jobs", str(JOBS), *words)
    same = all(outputs(out / f"{r}-{p}.ipynb") == outputs(home / "build" / "notebooks" / r / f"{p}.ipynb") for r, p in sample)  # fmt: skip
    print(
        f"{len(sample)} notebooks, {JOBS} at a time: papermill {theirs:.1f} s, cast run {ours:.1f} s"
    )
    print(f"  {theirs / ours:.1f} times faster; outputs equal: {'yes' if same else 'NO'}")


def outputs(file: Path) -> list[str]:
    """Return what each cell of a notebook shows."""
    notebook = nbformat.read(file, as_version=4)
    shown = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return [json.dumps(output.get("data"), sort_keys=True) for output in shown]


def change_one_answer(home: Path) -> None:
    """Change the first answer of the first person of one province."""
    file = home / "build" / "demo" / "questionnaire.csv"
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.reader(text))
    column = next(k for k, name in enumerate(rows[0]) if name.endswith("[สภาพที่เป็นจริง]"))
    row = next(row for row in rows[1:] if CHANGED in row[1])
    row[column] = "2" if row[column] != "2" else "4"
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        csv.writer(text).writerows(rows)


if __name__ == "__main__":
    main()
