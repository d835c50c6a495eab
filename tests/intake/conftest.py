import csv
import io
import re
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from castlib import paths
from castlib.intake.arrival import Arrival


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for a test: the study's data, and an empty build/."""
    place = tmp_path / "home"
    place.mkdir()
    (place / "data").symlink_to(paths.data())
    monkeypatch.setenv("CAST_HOME", str(place))
    return place


@pytest.fixture
def arrive(tmp_path: Path):
    """Write one file and return its arrival."""

    def write(content: bytes, path: str = "file", province: str | None = None, **known) -> Arrival:
        file = tmp_path / "source" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return Arrival(path, file, len(content), province=province, **known)

    return write


def xlsx(content: bytes, title: str = "Sheet1") -> bytes:
    """Return a CSV file's rows as a workbook, whole numbers as numbers."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        book.active.append([int(c) if re.fullmatch("-?[0-9]", c) else c for c in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture(params=["csv", "xlsx"])
def dress(request):
    """Return a sheet as it is, or as a workbook."""
    return xlsx if request.param == "xlsx" else bytes


@pytest.fixture
def mask():
    """Pseudonyms that know one person by name."""
    return SimpleNamespace(
        mask=lambda text: text.replace("ทดสอบ ตัวอย่าง", "[บุคคล:000000]"),
        person=lambda text: f"[บุคคล:{len(text):06d}]",
    )
