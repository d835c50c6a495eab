"""How the intake grows with the country: 878 districts against half of them, and what it asks of memory.

    .venv/bin/python benchmarks/intake.py

Works in a temporary home whose list of provinces has as many entries as districts that an expansion
would reach. Prints the seconds and the peak memory of each size, how much longer twice the work takes,
and a second intake of the unchanged source.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from castlib import paths

DISTRICTS = 878
CAST = Path(sys.executable).with_name("cast")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="cast-bench-") as folder:
        half = measured(Path(folder) / "half", DISTRICTS // 2)
        whole = measured(Path(folder) / "whole", DISTRICTS)
        print(f"twice the districts: {whole / half:.2f} times as long")


def measured(home: Path, districts: int) -> float:
    """Take in a country of so many districts twice; print and return the first time's seconds."""
    shutil.copytree(paths.data(), home / "data", ignore=shutil.ignore_patterns("raw"))
    grow(home / "data" / "provinces.csv", districts)
    cast(home, "demo")
    sent = [file for file in (home / "build" / "demo").rglob("*") if file.is_file()]
    seconds, peak = cast(home, "intake")
    again, _ = cast(home, "intake")
    print(
        f"{districts} districts, {len(sent):,} files: {seconds:.1f} s, {peak} MB; again {again:.1f} s"
    )
    return seconds


def grow(file: Path, districts: int) -> None:
    """Repeat the provinces under new codes and names until there are so many."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        listed = list(csv.DictReader(opened))
    rows = []
    for k in range(districts):
        row, round_ = dict(listed[k % len(listed)]), k // len(listed)
        if round_:
            row["province"] += f"{round_:02d}"
            row["name_th"] += f" {round_}"
            row["name_en"] += f" {round_}"
        rows.append(row)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(listed[0]))
        writer.writeheader()
        writer.writerows(rows)


def cast(home: Path, command: str) -> tuple[float, int]:
    """Run a command on a home; return its seconds and its peak memory in MB."""
    known = os.environ | {"CAST_HOME": str(home), "CAST_KEY": str(home / "key")}
    begun = time.monotonic()
    process = subprocess.Popen([CAST, command], env=known, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"cast {command}: exit {os.waitstatus_to_exitcode(status)}")
    return time.monotonic() - begun, used.ru_maxrss // 1024


if __name__ == "__main__":
    main()
