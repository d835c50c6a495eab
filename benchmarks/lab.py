"""How long a researcher waits for the first line: fresh processes, against importing pandas.

    .venv/bin/python benchmarks/lab.py

Wanted: `import castlib` at most 0.3 s, and `castlib.load("TH")` at most 0.5 s more than pandas itself needs.
Needs a study that was taken in.
"""

import statistics
import subprocess
import sys

TIMES = 5
MEASURED = """
from time import perf_counter
start = perf_counter()
import castlib
imported = perf_counter()
import pandas, pyarrow.parquet
libraries = perf_counter()
study = castlib.load("TH")
loaded = perf_counter()
study._repr_html_()
print(imported - start, libraries - imported, loaded - libraries, perf_counter() - loaded)
"""
STEPS = ("import castlib", "import pandas and pyarrow", 'castlib.load("TH")', "showing it")


def once() -> list[float]:
    """Return the seconds of each step in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED], check=True, capture_output=True, text=True
    )
    return [float(number) for number in done.stdout.split()]


def main() -> None:
    """Print the median of each step, and its ratio to importing the libraries."""
    medians = [
        statistics.median(step) for step in zip(*(once() for _ in range(TIMES)), strict=True)
    ]
    for step, seconds in zip(STEPS, medians, strict=True):
        print(f"{step:<28}{seconds:7.3f} s  {seconds / medians[1]:6.3f} × the libraries")


if __name__ == "__main__":
    main()
