"""What a notebook can reach: the modules of castlib and the study's data that its code names.

Followed in the source, without running anything, so that it is sure: castlib imports by name
everywhere, and what a module reads from data/ it names in a string. Reaching too much only costs time;
`tests/run/test_reach.py` checks that nothing used is missed.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import castlib

PACKAGE = "castlib"


@dataclass(frozen=True)
class Reach:
    """Files of castlib that can run, and every string that they and the notebook hold."""

    files: frozenset[Path]
    strings: frozenset[str]


def reach(sources: Iterable[str]) -> Reach:
    """Return what the code of a notebook's cells reaches.

    >>> found = reach(["from castlib.stats import levels"])
    >>> "levels.py" in {file.name for file in found.files}
    True
    """
    root = Path(castlib.__file__).parent
    names, strings = _named("\n".join(sources))
    files: set[Path] = set()
    new = _files(root, names)
    while new:
        files |= new
        told = [_read(file, file.stat().st_mtime_ns) for file in new]
        strings = strings.union(*(held for _, held in told))
        new = set().union(*(_files(root, named) for named, _ in told)) - files
    return Reach(frozenset(files), frozenset(strings))


@cache
def _read(file: Path, changed: int) -> tuple[frozenset[str], frozenset[str]]:
    return _named(file.read_text(encoding="utf-8"))


def _named(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the dotted names under castlib that code may import, and the strings that it holds."""
    names, strings = {PACKAGE}, set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            strings.add(node.value)
        else:
            names.update(_dotted(node))
    # a lazy import names its module in a string
    return frozenset(names | {s for s in strings if s.startswith(f"{PACKAGE}.")}), frozenset(
        strings
    )


def _dotted(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Attribute):
        parts = [node.attr]
        while isinstance(node := node.value, ast.Attribute):
            parts.append(node.attr)
        if isinstance(node, ast.Name) and node.id == PACKAGE:
            yield ".".join([PACKAGE, *reversed(parts)])


def _files(root: Path, names: Iterable[str]) -> set[Path]:
    """Return the files of the modules that dotted names go through; an attribute at the end is none."""
    found = set()
    for name in names:
        first, *rest = name.split(".")
        if first != PACKAGE:
            continue
        folder = root
        found.add(root / "__init__.py")
        for part in rest:
            if (module := folder / f"{part}.py").is_file():
                found.add(module)
                break
            if not (package := folder / part / "__init__.py").is_file():
                break
            found.add(package)
            folder = package.parent
    return found
