"""The questions of a form, as headings name them: by number (ประเด็นที่ 1, ข้อ ๑) or by their own words."""

import re
from functools import cache
from pathlib import Path

from castlib import instrument, paths
from castlib.intake.values import clean, digits, squeeze

WORDS = ("หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
LONGEST, FEWEST = 600, 20

_NAMES = "ประเด็นการสนทนา|ประเด็นสนทนา|ประเด็นคำถาม|ประเด็นหลัก|ประเด็น|หัวข้อ|คำถามข้อ|คำถาม|ข้อคำถาม|ข้อ|question|q"
_HEADING = re.compile(
    rf"(?:[#*•\-– ]|\d{{1,2}}[.)] ?)*(?:{_NAMES}) ?(?:ที่)? ?[:.]? ?(\d{{1,2}}(?!\d)|{'|'.join(WORDS)})",
    re.IGNORECASE,
)


def question(line: str) -> str | None:
    """Return the question that a heading announces (q1, q2, …); None for any other line.

    >>> question("ประเด็นที่ ๒ ความสุข"), question("ข้อ 1"), question("ข้อมูล 10 คน")
    ('q2', 'q1', None)
    """
    if len(line) > LONGEST:
        return None
    found = _HEADING.match(digits(line))
    if found:
        given = found[1]
        return f"q{WORDS.index(given) + 1 if given in WORDS else int(given)}"
    said = squeeze(line)
    if len(said) < FEWEST:
        return None
    return next((q for words, q in _asked(paths.data()).items() if words in said), None)


def asked(kind: str) -> list[str]:
    """Return the questions that the form of a kind of informants asks; partners have that of staff.

    >>> asked("partners")
    ['q1', 'q2', 'q3', 'q4']
    """
    return _of_form(paths.data(), "staff" if kind == "partners" else kind)


@cache
def _of_form(data: Path, form: str) -> list[str]:
    """Return the questions of a form; `data` keeps two studies apart."""
    return list(instrument.focus_group()[form]["question"])


@cache
def _asked(data: Path) -> dict[str, str]:
    """Return the words of every question of every form, squeezed; `data` keeps two studies apart."""
    forms = instrument.focus_group().values()
    return {
        squeeze(clean(row.text_th)): row.question for form in forms for row in form.itertuples()
    }
