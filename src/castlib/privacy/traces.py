"""What intake saw, kept as keyed hashes only, and found again in any text that leaves the study.

An identifier is kept as a 16-bit keyed hash of its first three letters, and under it, by length, the
keyed hashes of the whole. Letters are squeezed first: folded, small, without spaces and signs, so that
a mobile number with dashes and one with +66 leave the same trace.
"""

import re
from typing import TYPE_CHECKING, Self

from castlib.errors import CastError
from castlib.privacy.folding import Folded, fold
from castlib.privacy.lexicon import lexicon

if TYPE_CHECKING:
    from castlib.privacy.pseudonyms import Key

FIRST = 3
FIRST_DIGITS, WHOLE_DIGITS = 4, 16
SHORTEST = {"person": 5, "phone": 8, "id": 7, "email": 8, "line": 6, "address": 8, "position": 8}
_COUNTRY = r"(?<![0-9])(?:\+|00) ?66[ .\-()]{0,3}(?:0[ .\-()]{0,3})?(?=[2-9])|(?<![0-9])66(?=[2-9][0-9]{7,8}(?![0-9]))"
_KEPT = re.compile(rf"(?P<country>{_COUNTRY})|[0-9a-zA-Z\u00c0-\u024f\u0e01-\u0e2e\u0e30-\u0e4e]+")
_MARKS = frozenset("ะัาำิีึืฺุู็่้๊๋์ํ")


def squeeze(text: str) -> str:
    """Return the letters and digits of folded text, small, in one run; +66 is 0.

    >>> squeeze("+66 5-3 12"), squeeze("A.Bc@mail.com")
    ('05312', 'abcmailcom')
    """
    return "".join("0" if found["country"] else found[0].lower() for found in _KEPT.finditer(text))


def distinctive(kind: str, normal: str, first: str | None = None) -> bool:
    """Return whether an identifier can be searched for in running text without false alarms.

    Numbers, addresses and positions by their length; a first and a family name together from five
    letters on; a single name only if it has five letters or more and is no word of a dictionary.

    Parameters
    ----------
    kind, normal : str
        As of `castlib.privacy.identifiers.normal`, squeezed.
    first : str, optional
        The name, when it is a single one.
    """
    if len(normal) < SHORTEST[kind]:
        return False
    if kind != "person" or first is None:
        return True
    words = lexicon()
    parts = words.cut(first)
    return (
        first not in words.common
        and first not in words.places
        and (len(parts) == 1 or words.strange(first))
    )


class Collected:
    """The identifiers seen so far, as the hashes that are kept of them."""

    def __init__(self, key: "Key") -> None:
        self._key = key
        self._whole: dict[str, dict[str, dict[int, set[str]]]] = {}

    def add(self, kind: str, text: str, normal: str) -> None:
        """Keep an identifier; one that is too short or too common to be searched for is not kept."""
        squeezed = squeeze(normal)
        single = normal if kind == "person" and " " not in fold(text).text.strip() else None
        if not distinctive(kind, squeezed, single):
            return
        for form in (
            {squeezed, squeeze(fold(text).text)} if kind in ("address", "position") else {squeezed}
        ):
            by_first = self._whole.setdefault(kind, {})
            first = self._key.hash(form[:FIRST])[:FIRST_DIGITS]
            by_length = by_first.setdefault(first, {})
            by_length.setdefault(len(form), set()).add(self._key.hash(form)[:WHOLE_DIGITS])

    def traces(self) -> dict:
        """Return what is kept: {kind: {hash of the first three letters: {length: [hashes of the whole]}}}."""
        return {
            kind: {
                first: {str(length): sorted(hashes) for length, hashes in sorted(by_length.items())}
                for first, by_length in sorted(by_first.items())
            }
            for kind, by_first in sorted(self._whole.items())
        }


class Traces:
    """Hashes of what intake saw, made ready to search texts.

    Examples
    --------
    >>> from castlib.privacy.pseudonyms import Key, Pseudonyms
    >>> masks = Pseudonyms(Key(bytes(32)))
    >>> _ = masks.mask("โทร 08" + "1234" * 2)
    >>> Traces.load(masks.traces(), masks.key).search("ตาราง 3 +66 8" + " 1234" * 2)
    [('phone', 8, 23)]
    """

    def __init__(self, by_first: dict[str, dict[int, dict[str, str]]], key: "Key") -> None:
        self._by_first, self._key = by_first, key

    @classmethod
    def load(cls, traces: dict, key: "Key") -> Self:
        """Return the traces that `Pseudonyms.traces` gave, to be searched with the key that made them."""
        by_first: dict[str, dict[int, dict[str, str]]] = {}
        try:
            for kind, firsts in traces.items():
                for first, by_length in firsts.items():
                    for length, hashes in by_length.items():
                        found = by_first.setdefault(first, {}).setdefault(int(length), {})
                        found.update(dict.fromkeys(hashes, kind))
        except (AttributeError, TypeError, ValueError) as error:
            raise CastError("ร่องรอยของข้อมูลส่วนบุคคลอ่านไม่ได้ ให้รัน cast intake ใหม่") from error
        return cls(by_first, key)

    def search(self, text: str) -> list[tuple[str, int, int]]:
        """Return where in a text something stands that intake saw: (kind, start, end), in order.

        The time grows with the text, not with the number of identifiers: each three letters that occur
        are hashed once, and the whole only where they might begin an identifier.
        """
        folded = fold(text)
        squeezed, places = _squeezed(folded)
        last = len(squeezed) - FIRST + 1
        firsts = {squeezed[at : at + FIRST] for at in range(last)}
        hit = {}
        for first in firsts:
            if lengths := self._by_first.get(self._key.hash(first)[:FIRST_DIGITS]):
                hit[first] = sorted(lengths.items(), reverse=True)
        known: dict[str, str | None] = {}
        found: list[tuple[str, int, int]] = []
        done = 0
        for at in range(last) if hit else ():
            for length, hashes in hit.get(squeezed[at : at + FIRST], ()):
                end = at + length
                if at < done or end > len(squeezed):
                    continue
                whole = squeezed[at:end]
                if whole not in known:
                    known[whole] = hashes.get(self._key.hash(whole)[:WHOLE_DIGITS])
                kind = known[whole]
                if kind and _stands_alone(folded.text, places[at], places[end - 1] + 1):
                    found.append((kind, *folded.span(places[at], places[end - 1] + 1)))
                    done = end
                    break
        return found


def _squeezed(folded: Folded) -> tuple[str, list[int]]:
    """Return what `squeeze` does, and where in the folded text each of its letters stands."""
    pieces: list[str] = []
    places: list[int] = []
    for found in _KEPT.finditer(folded.text):
        if found["country"]:
            pieces.append("0")
            places.append(found.start())
            continue
        small = found[0].lower()
        pieces.append(small if len(small) == len(found[0]) else found[0])
        places.extend(range(*found.span()))
    return "".join(pieces), places


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Return whether a place is no piece of a longer number and ends with a whole letter."""
    if end < len(text) and text[end] in _MARKS:
        return False
    if text[end - 1].isdigit() and text[end : end + 1].isdigit():
        return False
    return not (text[start].isdigit() and re.search(r"\d[.,]?$", text[max(0, start - 2) : start]))
