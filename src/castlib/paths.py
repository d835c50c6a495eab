"""Where everything lies: named absolute paths, looked up when called.

The study's home is the repository; the environment variable `CAST_HOME` names another one (a small
country in a test, a real study kept elsewhere) with the same folders in it.
"""

import json
import os
from functools import cache
from pathlib import Path


def home() -> Path:
    """Return the folder that holds data/, notebooks/, book/ and build/."""
    given = os.environ.get("CAST_HOME")
    return _resolved(given, os.getcwd()) if given else _resolved(__file__, "").parents[2]


@cache
def _resolved(path: str, here: str) -> Path:
    """Return a path without links and dots; `here` is what a relative one starts from."""
    return Path(here, path).resolve()


def data() -> Path:
    """Return the folder of the study's own data: protocol, provinces, instrument, codebook."""
    return home() / "data"


def notebooks() -> Path:
    """Return the folder of the notebook templates."""
    return home() / "notebooks"


def book() -> Path:
    """Return the folder of the book's chapters and configuration."""
    return home() / "book"


def build() -> Path:
    """Return the folder of everything generated; deleting it is always safe."""
    return home() / "build"


def demo() -> Path:
    """Return the folder of the synthetic country's files, as provinces would send them."""
    return build() / "demo"


def source() -> Path:
    """Return the folder that is taken in when none is named: data/raw with something in it, else the demo."""
    raw = data() / "raw"
    return raw if raw.is_dir() and any(raw.iterdir()) else demo()


def study() -> Path:
    """Return the folder of the checked tables."""
    return build() / "study"


def executed() -> Path:
    """Return the folder of the executed notebooks."""
    return build() / "notebooks"


def results() -> Path:
    """Return the folder of the named results."""
    return build() / "results"


def failed() -> Path:
    """Return the folder of the notebooks that failed, with their tracebacks."""
    return build() / "failed"


def put_json(file: Path, content: object) -> None:
    """Write content as JSON, whole or not at all, whenever this is interrupted."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(fresh, file)
