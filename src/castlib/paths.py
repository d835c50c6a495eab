"""Where everything lies: named absolute paths, looked up when called, created by nobody here.

The study's home is the repository; the environment variable `CAST_HOME` names another one (a small
country in a test, a real study kept elsewhere) with the same folders in it.
"""

import os
from pathlib import Path


def home() -> Path:
    """Return the folder that holds data/, notebooks/, book/ and build/."""
    given = os.environ.get("CAST_HOME")
    return Path(given).resolve() if given else Path(__file__).resolve().parents[2]


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
