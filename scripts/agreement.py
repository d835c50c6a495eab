"""Write docs/statistics.md: each statistic, its formula and sources, R's call, and how far both agree.

    .venv/bin/python scripts/agreement.py

Formulas and sources are the docstrings'; the comparisons are those that tests/stats/test_oracles.py makes,
and the digits those that it demands.
"""

import importlib
import importlib.util
import inspect
import re
from collections import defaultdict
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "tests" / "reference" / "stats"
PAGE = ROOT / "docs" / "statistics.md"
MODULES = (
    "reliability",
    "factors",
    "groups",
    "models",
    "needs",
    "levels",
    "configurations",
    "design",
    "families",
)
HEAD = """\
# The statistics, and how far they agree with R

Written by `scripts/agreement.py` from the docstrings and from the comparisons that the tests make; do not edit.
"Digits" are the significant digits that a test demands of every number (of loadings, counted from the largest
of the matrix). {compared:,} numbers of R's {sets} sets are compared; what R gives and castlib does not compute
stands at the end, with why. Versions of R and its packages: tests/reference/stats/README.md.

Where no comparison stands, R has no such function or its numbers were not to be had; the tests then check
the formula, the invariances and a simulation (`benchmarks/coverage.py`).
"""


def comparisons() -> object:
    """Return the module of comparisons, which lies beside R's numbers."""
    spec = importlib.util.spec_from_file_location("comparisons", REFERENCE / "comparisons.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compared() -> tuple[dict[str, list[tuple[str, str, int, int]]], int]:
    """Return, by function, rows of sets, R's call, numbers and digits; and how many numbers in all."""
    known = comparisons()
    data = known.Data()
    found: dict[tuple, list] = defaultdict(list)
    for (file, name), comparator in known.COMPARED.items():
        r = known.sets(file)[name]
        for item in comparator(r["value"], data, name):
            size = item.pair(r["value"])[0].size
            found[item.function, file, comparator.__name__].append((name, size, item.digits))
    rows: dict[str, list] = defaultdict(list)
    for (function, file, _), items in found.items():
        names = list(dict.fromkeys(name for name, _, _ in items))
        label = f"{file}: {names[0]}" + (f" and {len(names) - 1} more" if len(names) > 1 else "")
        call = known.sets(file)[names[0]]["call"]
        digits = sorted({digits for _, _, digits in items})
        span = f"{digits[0]}" if len(digits) == 1 else f"{digits[0]}–{digits[-1]}"
        rows[function].append((label, short(call), sum(size for _, size, _ in items), span))
    return rows, sum(row[2] for group in rows.values() for row in group)


def short(call: object) -> str:
    """Return R's call on one line, at most 150 characters."""
    parts = call.values() if isinstance(call, dict) else call if isinstance(call, list) else [call]
    line = re.sub(r"\s+", " ", "; ".join(map(str, parts))).replace("|", "\\|").replace("`", "'")
    return line if len(line) <= 150 else line[:149] + "…"


def section(text: str, title: str) -> str:
    """Return a section of a numpydoc docstring as running text."""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=\n\n[A-Z]\w+\n-+\n|\Z)", text, re.S | re.M)
    return re.sub(r"\s*\n\s*", " ", found[1]).strip() if found else ""


def functions(module: object) -> dict[str, object]:
    """Return the functions that a module offers."""
    offered = getattr(module, "__all__", ())
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name in offered or (function.__module__ == module.__name__ and name[0] != "_")
    }


def text() -> str:
    """Return the page."""
    rows, count = compared()
    known = comparisons()
    sets = sum(len(known.sets(file.stem)) for file in REFERENCE.glob("*.json"))
    lines = [HEAD.format(compared=count, sets=sets)]
    for name in MODULES:
        module = importlib.import_module(f"castlib.stats.{name}")
        lines.append(f"## {name}\n")
        for function, value in functions(module).items():
            said = inspect.getdoc(value)
            lines.append(f"### {name}.{function}\n\n{said.splitlines()[0]}\n")
            for title, label in (("Notes", "Formula and differences"), ("References", "Sources")):
                if content := section(said, title):
                    lines.append(f"*{label}.* {content}\n")
            if own := rows.get(f"{name}.{function}"):
                lines.append("| R's sets | R call | numbers | digits |\n| --- | --- | --- | --- |")
                lines += [f"| {a} | `{b}` | {c:,} | {d} |" for a, b, c, d in own]
                lines.append("")
    lines.append("## What is not compared\n")
    lines.append("| R's sets | which numbers | why |\n| --- | --- | --- |")
    for rule in yaml.safe_load((REFERENCE / "not_ours.yml").read_text(encoding="utf-8")):
        where, paths = f"{rule['file']}: {rule['sets']}", rule.get("paths", "all")
        cells = [cell.replace("|", "\\|") for cell in (where, paths, rule["why"])]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
