"""Where in what was said a row of a coders' sheet stands: by numbers, by the coded words, or as a whole."""

import re

from castlib.exchange.documents import within
from castlib.intake.arrival import Arrival
from castlib.intake.headers import BEGIN, CODES, END, PASSAGE, TEXT
from castlib.intake.spelling import Unreadable, clean, digits, squeeze

COLUMNS = (BEGIN, END, PASSAGE)
_WHOLE = re.compile(r"([0-9]{1,6})(?:\.0+)?")


def placed(arrival: Arrival, cells: dict[str, str], said: str) -> tuple[int, int]:
    """Return where a row's passage stands in what was said; without one, the whole segment.

    Positions count in the text that the row gives. Where that is not what was said to the letter, the
    passage's own words are looked for and must be there once; where it differs only by what is masked, a
    passage that cuts through that takes it in. Otherwise `Unreadable` is raised with a fault's code.
    """
    ends, passage = [cells.get(name, "") for name in (BEGIN, END)], cells.get(PASSAGE, "")
    if not cells[CODES] or not (any(ends) or passage):
        return 0, len(said)
    if any(ends):
        given = cells[TEXT]
        found = [_WHOLE.fullmatch(digits(cell)) for cell in ends]
        start, end = (int(number[1]) if number else -1 for number in found)
        if not 0 <= start < end <= len(given):
            raise Unreadable("coding-position-wrong", given="–".join(ends), limit=len(given))
        if passage and squeeze(passage) != squeeze(clean(given[start:end])):
            raise Unreadable("coding-position-wrong", given=passage, limit=len(given))
        if given == said:
            return start, end
        passage = given[start:end]
    for text in dict.fromkeys((passage, arrival.mask.mask(passage))):
        hits = within(text, said)
        if len(hits) == 1:
            return hits[0], hits[0] + len(text)
    if any(ends) and arrival.mask.mask(given) == said:
        return _around(given, said, start, end)
    raise Unreadable("coding-passage-unclear", given=passage)


def _around(given: str, said: str, start: int, end: int) -> tuple[int, int]:
    """Return where a passage stands after masking; one that cuts through what is masked takes all of it in.

    >>> _around("ถามนายทดสอบ ก่อนทำ", "ถาม[บุคคล:0] ก่อนทำ", 5, 16)
    (3, 17)
    """
    same = _alike(given, said)
    rest = _alike(given[same:][::-1], said[same:][::-1])
    moved, after = len(said) - len(given), len(given) - rest
    first = start if start <= same else start + moved if start >= after else same
    last = end if end <= same else end + moved if end >= after else len(said) - rest
    return first, last


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
