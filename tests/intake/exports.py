"""Exports of the questionnaire as arrivals with their rows, and files typed in by provinces."""

from castlib import instrument
from castlib.intake import spreadsheet

from . import sample

TYPED = "provinces/TH-50 เชียงใหม่/แบบสอบถาม.csv"
HOMES = {"typed": ("TH-50", TYPED), "lamphun": ("TH-51", "provinces/TH-51 ลำพูน/ก.csv")}


class Mask:
    """A mask that shows what it was given."""

    def mask(self, text: str) -> str:
        return text.replace("ทดสอบ ตัวอย่าง", "[บุคคล:0a1b2c]")

    def person(self, text: str) -> str:
        return f"[บุคคล:{text}]"


def arrived(arrive, **files: list[dict[str, str]] | bytes) -> list:
    """Write exports by name; return them with their rows, `typed` and `lamphun` in provinces' folders."""
    found = []
    for name, rows in files.items():
        home, path = HOMES.get(name, (None, f"{name}.csv"))
        content = rows if isinstance(rows, bytes) else sample.export(rows)
        arrival = arrive(content, path, home)
        arrival.mask = Mask()
        found.append((arrival, spreadsheet.read(arrival)))
    return found


def typed(rows: list[dict[str, str]]) -> bytes:
    """Return what a province typed in, without columns of province and time."""
    names = [c for c in instrument.load().headers if c not in ("province", "submitted_at")]
    return sample.sheet(names, *([row[c] for c in names] for row in rows))


def codes(arrival) -> list[str]:
    """Return the codes of a file's faults."""
    return [found.code for found in arrival.faults]
