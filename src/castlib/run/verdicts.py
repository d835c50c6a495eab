"""What people decided on the joint displays, as the results files know it: what is stale, what to decide.

The pages compare, because they have both strands; here only their results are read.
"""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from castlib import paths, protocol
from castlib.run import plan


def rows(region_codes: Iterable[str], phases: Iterable[str]) -> list[dict]:
    """Return the rows of the joint displays that have been made, each with its region."""
    phases, found = list(phases), []
    for region in region_codes:
        for phase in phases:
            made = plan.saved(region, phase).get("joint", [])
            found += [{"region": region, **row} for row in made]
    return found


def moved(row: dict) -> str:
    """Return which strands moved since a verdict, from what to what; empty when none did.

    >>> row = {"numbers": "x̄ 3.88", "numbers_was": "x̄ 3.87", "words": "หนุน 1", "words_was": ""}
    >>> moved(row)
    'ตัวเลข “x̄ 3.87” → “x̄ 3.88”'
    """
    return " และ".join(
        f"{name} “{row[f'{strand}_was']}” → “{row[strand]}”"
        for strand, name in protocol.STRANDS.items()
        if row[f"{strand}_was"]
    )


def stale(found: Iterable[dict]) -> list[str]:
    """Return a sentence for each verdict that a strand has moved away from."""
    return [
        f"{row['region']} วัตถุประสงค์ข้อ {row['objective']} {row['label']}: "
        f"คำตัดสิน “{protocol.VERDICTS[row['verdict']]}” ต้องพิจารณาใหม่ เพราะ{why}"
        for row in found
        if (why := moved(row))
    ]


def write(target: Path, found: Iterable[dict]) -> Path:
    """Write the sheet to be filled: every topic with both strands as they are, and what still holds.

    A stale verdict comes without its verdict, its reason kept, so that leaving it is no decision.
    """
    # loaded here: `cast status` has to be quick
    from castlib.intake import headers as h
    from castlib.intake.verdicts import BESIDE
    from castlib.workbooks import safe

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    label, proposed = BESIDE
    strands, decided = [h.NUMBERS, h.WORDS], [h.VERDICT, h.REASON, h.BY, h.DATE]
    writer.writerow([h.REGION, h.OBJECTIVE, h.TOPIC, label, *strands, proposed, *decided])
    for row in found:
        kept = "" if moved(row) or not row["verdict"] else protocol.VERDICTS[row["verdict"]]
        said = [row["numbers"], row["words"], protocol.VERDICTS[row["proposed"]], kept]
        about = [row["region"], row["objective"], row["topic"], row["label"]]
        cells = [*about, *said, row["reason"], row["by"], row["date"]]
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in cells])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    return target


def sheet() -> Path:
    """Return where the sheet is written unless told otherwise."""
    return paths.build() / "verdicts.csv"
