"""Speeds of `cast run`, as ratios in one run: machines differ, ratios less so.

    .venv/bin/python benchmarks/run.py

Works in a temporary home, on the whole synthetic country. Prints: the whole run against its cells' own
time, and what a notebook costs beyond them; how many times as long papermill would take, from its
command line and in one process, two at a time (reckoned from a sample: the country and three clusters);
a run with nothing to do; a run after one answer of one district changed; the provinces' notebooks, their
time and their memory.
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

from castlib import paths, protocol, regions

JOBS = 2
CLUSTERS = ("north-upper-1", "south-gulf", "east-2")  # three of eighteen, six phases each
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
        compare(home, whole)
        nothing = timed(home, "cast", "run")
        print(f"nothing to do: {nothing:.2f} s ({whole / nothing:.0f} times faster than all)")
        each = seconds_each(home)
        change_one_answer(home)
        timed(home, "cast", "intake", rejected=True)
        after = timed(home, "cast", "run", "--jobs", str(JOBS))
        made = [n for n in told(home) if n["status"] == "made"]
        print(
            f"one answer changed: {len(made)} notebooks, {after:.1f} s ({after / whole:.0%} of all)"
        )
        provinces(home, each)


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
    start = started(home)
    print(
        f"  start-up {start:.1f} s; (wall time − start-up) / (cells / {JOBS}): {(whole - start) / (cells / JOBS):.2f}"
    )
    print(f"  cores busy with cells: {cells / JOBS / (whole - start):.0%}")
    print(
        f"  beyond the cells: median {statistics.median(beyond):.2f} s, p95 {p95:.2f} s a notebook"
    )


def started(home: Path) -> float:
    """Return the seconds that the warm parent needs before the first kernel can be forked from it."""
    return timed(home, sys.executable, "-c", "import castlib.run.warm")


def seconds_each(home: Path) -> float:
    """Return the mean seconds of a cluster's notebook."""
    times = json.loads((home / "build" / "times.json").read_text(encoding="utf-8"))
    return statistics.mean(s for name, (s, _) in times.items() if not name.startswith("TH/"))


def provinces(home: Path, each: float) -> None:
    """Print what the provinces' notebooks take, and how their memory moves from the 100th on."""
    wall = timed(home, "cast", "run", "--level", "province", "--jobs", str(JOBS))
    made = [n for n in told(home) if n["status"] == "made"]
    mean = statistics.mean(n["seconds"] for n in made)
    later = [n["memory_mb"] for n in made[100:]]
    print(
        f"{len(made)} notebooks of provinces: {wall:.1f} s, {mean:.2f} s each (clusters' {each:.2f} s)"
    )
    print(
        f"  memory from the 100th on: {min(later)}–{max(later)} MB, median {statistics.median(later):.0f} MB"
    )
    nothing = timed(home, "cast", "run", "--level", "province")
    print(f"  nothing to do: {nothing:.2f} s")


IN_ONE_PROCESS = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
import papermill
def run(job):
    template, out, parameters = job
    papermill.execute_notebook(template, out, parameters, kernel_name="python3", progress_bar=False)
jobs, listed = json.load(sys.stdin)
with ThreadPoolExecutor(jobs) as pool:
    list(pool.map(run, listed))
"""


def compare(home: Path, whole: float) -> None:
    """Print how many times as long papermill takes for all, from the shell and in one process."""
    (home / "papermill").mkdir()
    jobs = {region: listed(home, region) for region in (regions.COUNTRY, *CLUSTERS)}
    country = jobs.pop(regions.COUNTRY)
    clusters = [job for some in jobs.values() for job in some]
    of_all = len(regions.clusters()) / len(CLUSTERS)
    for how, papermill in (("from the shell", from_shell), ("in one process", in_one_process)):
        seconds = papermill(home, country) + papermill(home, clusters) * of_all
        print(f"papermill {how}, {JOBS} at a time, reckoned for all: {seconds:.0f} s")
        print(f"  {seconds / whole:.1f} times as long as cast run's {whole:.1f} s")
    made = home / "build" / "notebooks"
    same = all(
        outputs(Path(out)) == outputs(made / p["REGION"] / f"{p['PHASE']}.ipynb")
        for _, out, p in [*country, *clusters]
    )
    print(f"  outputs equal: {'yes' if same else 'NO'}")


def listed(home: Path, region: str) -> list[tuple[str, str, dict]]:
    """Return what papermill is to make of a region: template, place, parameters."""
    return [
        (
            str(next((home / "notebooks").glob(f"*_{phase}.ipynb"))),
            str(home / "papermill" / f"{region}-{phase}.ipynb"),
            {"REGION": region, "PHASE": phase},
        )
        for phase in protocol.PHASES
    ]


def from_shell(home: Path, jobs: list) -> float:
    """Return the seconds that papermill's command line takes."""

    def one(job: tuple[str, str, dict]) -> None:
        template, out, parameters = job
        words = ["papermill", template, out, "-k", "python3", "--no-progress-bar"]
        words += [word for pair in parameters.items() for word in ("-p", *pair)]
        timed(home, *words, CAST_RESULTS=str(home / "papermill"))

    begun = time.monotonic()
    with ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(one, jobs))
    return time.monotonic() - begun


def in_one_process(home: Path, jobs: list) -> float:
    """Return the seconds that papermill takes when it is imported once."""
    known = os.environ | {"CAST_HOME": str(home), "CAST_RESULTS": str(home / "papermill")}
    command = [sys.executable, "-c", IN_ONE_PROCESS]
    given = json.dumps([JOBS, jobs])
    begun = time.monotonic()
    subprocess.run(command, input=given, env=known, text=True, capture_output=True, check=True)
    return time.monotonic() - begun


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
