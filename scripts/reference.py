"""Write docs/reference.md: every public function and class of castlib, its signature and its summary.

    .venv/bin/python scripts/reference.py

What is public is what completion shows: a module's `__all__`, or what it defines without an underscore.
"""

import importlib
import inspect
import re
from pathlib import Path

import castlib

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference.md"
TOPICS = ("", "spss", "stats", "text", "present")
HEAD = """\
# Reference / รายการฟังก์ชัน

Written by `scripts/reference.py` from the docstrings; do not edit. One line each; the whole docstring, with an example,
is in a notebook `help(castlib.regions.label)` or `castlib.regions.label?`, and behind each name. Formulas and
agreement with R: [statistics.md](statistics.md).
"""


def modules() -> list[str]:
    """Return the names of the public modules, the plainest first."""
    own = [f"castlib.{name}" for name in castlib.__all__ if name != "load"]
    plain = [name for name in own if name.split(".")[1] not in TOPICS]
    found = ["castlib.store", *plain, "castlib.mixed"]
    for topic in TOPICS[1:]:
        package = importlib.import_module(f"castlib.{topic}")
        inner = [n for n in package.__all__ if inspect.ismodule(getattr(package, n))]
        found += [f"castlib.{topic}.{name}" for name in inner] or [f"castlib.{topic}"]
    return found


def public(module: object) -> dict[str, object]:
    """Return the functions and classes that a module offers, in the order in which they are defined."""
    offered = getattr(module, "__all__", None)
    return {
        name: value
        for name, value in vars(module).items()
        if (inspect.isfunction(value) or inspect.isclass(value))
        and (name in offered if offered else value.__module__ == module.__name__)
        and not name.startswith("_")
    }


class _Named(str):
    """A default that is shown by its name."""

    def __repr__(self) -> str:
        return str(self)


def signature(value: object) -> str:
    """Return a function's parameters with their defaults, without types; of a class nothing."""
    if inspect.isclass(value):
        return ""
    listed = []
    for parameter in inspect.signature(value).parameters.values():
        default = parameter.default
        if inspect.isfunction(default):
            default = _Named(default.__name__)
        listed.append(parameter.replace(annotation=inspect.Parameter.empty, default=default))
    bare = inspect.Signature(listed)
    return re.sub(r"\s+", " ", str(bare)).replace("|", "\\|")


def source(value: object) -> str:
    """Return the path from docs/ to where a function is written."""
    file = Path(inspect.getsourcefile(inspect.unwrap(value))).resolve()
    return f"../{file.relative_to(ROOT).as_posix()}"


def text() -> str:
    """Return the page."""
    lines = [HEAD]
    for name in modules():
        module = importlib.import_module(name)
        shown = public(module)
        if not shown:
            continue
        lines.append(f"## {name}\n\n{inspect.getdoc(module).splitlines()[0]}\n")
        lines.append("| | |\n| --- | --- |")
        for own, value in shown.items():
            summary = inspect.getdoc(value).splitlines()[0].replace("|", "\\|")
            lines.append(f"| [`{own}{signature(value)}`]({source(value)}) | {summary} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
