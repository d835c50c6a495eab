"""What tables of other programs say: Parquet and SPSS, values with their column and row, labels, notes."""

import tempfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from castlib.privacy.readers.piece import Piece, row

SHORTEST_NUMBER = 100_000_000  # telephone numbers and identity numbers are longer


def read_parquet(content: bytes) -> Iterator[Piece]:
    """Yield column names, the schema's metadata, and every text and long number with its place."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(BytesIO(content)) as file:
        about = {**(file.schema_arrow.metadata or {}), **(file.metadata.metadata or {})}
        table = file.read()
    for name, value in about.items():
        if name != b"ARROW:schema":
            yield Piece(
                f"ข้อมูลกำกับ {name.decode('utf-8', 'replace')}", value.decode("utf-8", "replace")
            )
    for field in table.schema:
        for name, value in (field.metadata or {}).items():
            yield Piece(f"คอลัมน์ “{field.name}” ข้อมูลกำกับ {name!r}", value.decode("utf-8", "replace"))
    yield from _columns(
        {name: table[name].to_pylist() for name in dict.fromkeys(table.column_names)}
    )


def read_sav(content: bytes) -> Iterator[Piece]:
    """Yield an SPSS file's values, names, labels, notes and title."""
    import pyreadstat

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "read.sav"
        file.write_bytes(content)
        columns, about = pyreadstat.read_sav(file, output_format="dict")
    yield Piece("ชื่อไฟล์ในแฟ้ม SPSS", about.file_label or "")
    yield from (Piece("บันทึกในแฟ้ม SPSS", note) for note in about.notes or ())
    for name, label in about.column_names_to_labels.items():
        yield Piece(f"ป้ายของตัวแปร “{name}”", label or "")
    for name, labels in about.variable_value_labels.items():
        yield from (
            Piece(f"ป้ายของค่า {value} ของตัวแปร “{name}”", str(label))
            for value, label in labels.items()
        )
    yield from (Piece("ชุดคำตอบ", str(sets)) for sets in (about.mr_sets or {}).items())
    yield from _columns(columns)


def _columns(columns: dict[str, list]) -> Iterator[Piece]:
    texts = {}
    for name, values in columns.items():
        yield Piece("ชื่อคอลัมน์", name)
        seen: set[str] = set()
        for number, value in enumerate(values, start=1):
            for text in _texts(value):
                if text not in seen:
                    seen.add(text)
                    yield Piece(f"คอลัมน์ “{name}” แถว {number}", text)
        if any(isinstance(value, str) for value in values):
            texts[name] = values
    for number, cells in enumerate(
        zip(*texts.values(), strict=True) if len(texts) > 1 else (), start=1
    ):
        yield from row(f"แถว {number}", (cell for cell in cells if isinstance(cell, str)))


def _texts(value: object) -> Iterable[str]:
    """Yield a value's texts: its own, a long number's digits, those of a list or a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("utf-8", "replace")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) >= SHORTEST_NUMBER and value == value // 1:
            yield str(int(value))
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from (str(key), *_texts(below))
    elif isinstance(value, (list, tuple)):
        for below in value:
            yield from _texts(below)
