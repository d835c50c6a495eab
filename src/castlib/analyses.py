"""Names of analyses: the protocol's six phases, and the notebooks that researchers add of their own.

An own notebook `notebooks/my_idea.ipynb` is an analysis named `my_idea`: `cast run --notebook` makes it
for every region as it makes the phases, and the book knows nothing of it.
"""

import os
import re
import shutil
from pathlib import Path

from castlib import paths, protocol
from castlib.errors import CastError, check_code

SAFE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
SAFE_SAID = "ตัวพิมพ์เล็ก a–z ตัวเลข _ หรือ - ไม่เกิน 40 ตัว ขึ้นต้นด้วยตัวอักษร"
TEMPLATE = "template"
RESERVED = ("explore", TEMPLATE)
NAMED = "my_idea"  # as the template's own text calls the analysis


def own() -> list[str]:
    """Return the names of the researchers' own notebooks in notebooks/, in the order of the alphabet."""
    stems = sorted(file.stem for file in paths.notebooks().glob("*.ipynb"))
    return [stem for stem in stems if SAFE.fullmatch(stem) and not _taken(stem)]


def check(name: str) -> str:
    """Return the name of a phase or of an own notebook; another is refused, naming the nearest.

    >>> check("results")
    'results'
    """
    # a notebook in a run may be on a machine that has no folder of notebooks
    if SAFE.fullmatch(name) and not _taken(name) and os.environ.get("CAST_RESULTS"):
        return name
    return check_code(name, (*protocol.PHASES, *own()), "ระยะของการศึกษา")


def label(name: str) -> str:
    """Return a phase's Thai name; an own analysis is called by its own.

    >>> label("results"), label("my_idea")
    ('ผลการดำเนินงาน', 'my_idea')
    """
    return protocol.phase_label(name) if name in protocol.PHASES else name


def objective(name: str) -> int | None:
    """Return the number of the objective that a phase answers; an own analysis answers none."""
    return protocol.objective(name) if name in protocol.PHASES else None


def of(notebook: str) -> str:
    """Return the name of the own analysis in a notebook file, given by its path or its name in notebooks/.

    Raises
    ------
    CastError
        There is no such file in notebooks/; its name is a phase's, or cannot be the name of files.
    """
    file = Path(notebook)
    file = file if file.exists() else paths.notebooks() / file.name
    if file.suffix != ".ipynb":
        raise CastError(f"{file.name} ไม่ใช่โน้ตบุ๊ก ต้องเป็นไฟล์ .ipynb")
    name = _free(file.stem)
    if not file.exists():
        hint = f" ที่มีคือ {', '.join(own())}" if own() else ""
        raise CastError(f"ไม่พบ {file.name} ใน notebooks/{hint} สร้างใหม่ด้วยคำสั่ง cast new {name}")
    if file.resolve().parent != paths.notebooks():
        raise CastError(f"ย้าย {file.name} ไปไว้ใน {paths.notebooks()} ก่อน แล้วสั่งใหม่")
    return name


def new(name: str) -> Path:
    """Make an own notebook from the template, and return its file; one that is there is not touched."""
    file = paths.notebooks() / f"{_free(name.removesuffix('.ipynb'))}.ipynb"
    if file.exists():
        raise CastError(f"มี {file.name} อยู่แล้วใน notebooks/ ให้ใช้ชื่ออื่น")
    text = (paths.notebooks() / f"{TEMPLATE}.ipynb").read_text(encoding="utf-8")
    fresh = file.with_suffix(".new")
    fresh.write_text(text.replace(NAMED, file.stem), encoding="utf-8")
    shutil.move(fresh, file)
    return file


def _free(name: str) -> str:
    """Return a name that an own analysis may have."""
    if _taken(name):
        raise CastError(
            f"ชื่อ {name} ใช้แล้วในชุดการศึกษานี้ ให้ตั้งชื่อโน้ตบุ๊กเป็นอย่างอื่น เช่น my_{name[:20].lower()}"
        )
    if not SAFE.fullmatch(name):
        raise CastError(f"ชื่อโน้ตบุ๊ก {name!r} ใช้เป็นชื่อไฟล์ผลไม่ได้ ให้ใช้{SAFE_SAID}")
    return name


def _taken(name: str) -> bool:
    return name.lower() in (*protocol.PHASES, *RESERVED)
