"""What a notebook can reach: the modules of castlib and the study's data that its code names.

Followed in the source, without running anything, so that it is sure: castlib imports by name
everywhere, and what a module reads from data/ it names in a string. Reaching too much only costs time,
so code that is not plain Python (a magic, a fault) reaches everything; `tests/run/test_reach.py` checks
that nothing used is missed.
"""

import ast
import re
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
    names, strings = _named("\n".join(sources), root / "cells")
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
    return _named(file.read_text(encoding="utf-8"), file)


def _named(source: str, file: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the dotted names under castlib that a file's code may import, and the strings that it holds."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return frozenset(_every()), frozenset(re.findall(r"[\w.-]+", source))
    strings = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    package = file.parent.relative_to(Path(castlib.__file__).parents[1]).parts
    imports = (node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
    imported = [pair for node in imports for pair in _imported(node, package)]
    known = {PACKAGE: PACKAGE, **dict(imported)}
    names = {PACKAGE, *(name for _, name in imported)}
    for node in nodes:
        if isinstance(node, ast.Attribute):
            names.update(_attribute(node, known))
    # a lazy import names its module in a string; a package's own are seen where they are used
    own = f"{'.'.join(package)}." if file.name == "__init__.py" else ""
    names |= {s for s in strings if s.startswith(f"{PACKAGE}.") and s != own}
    return frozenset(names), frozenset(strings)


def _imported(
    node: ast.Import | ast.ImportFrom, package: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Yield the names that an import gives, and what each stands for."""
    if isinstance(node, ast.Import):
        yield from ((alias.asname or alias.name, alias.name) for alias in node.names)
    else:
        module = node.module or ""
        if node.level:
            above = package[: len(package) - node.level + 1]
            module = ".".join([*above, *filter(None, [module])])
        yield from ((alias.asname or alias.name, f"{module}.{alias.name}") for alias in node.names)


def _attribute(node: ast.expr, known: dict[str, str]) -> Iterator[str]:
    """Yield the dotted name that an attribute of something imported stands for."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if parts and isinstance(node, ast.Name) and node.id in known:
        yield ".".join([known[node.id], *reversed(parts)])


def _every() -> Iterator[str]:
    """Yield the dotted name of every module of castlib."""
    root = Path(castlib.__file__).parents[1]
    for file in Path(castlib.__file__).parent.rglob("*.py"):
        yield ".".join(file.relative_to(root).with_suffix("").parts)


def _files(root: Path, names: Iterable[str]) -> set[Path]:
    """Return the files of the modules that dotted names go through; an attribute at the end is none.

    A name that ends in a dot is the beginning of one put together later: any module of its package.
    """
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
        if name.endswith("."):
            found.update(folder.rglob("*.py"))
    return found
