"""Errors that say what was given, what was expected, where, and what to do."""

import difflib
from collections.abc import Collection, Iterable


class CastError(ValueError):
    """Something given to castlib is wrong; the message is a sentence for the person who gave it.

    `exit_code` is what the command that meets it ends with.
    """

    exit_code = 2


class UnknownCode(CastError):
    """A code (region, phase, construct, item …) that the study does not have."""


def nearest(wrong: str, right: Iterable[str]) -> str | None:
    """Return the valid code most like `wrong`, or None when nothing is like it.

    >>> nearest("nort-upper-1", ["north-upper-1", "south-gulf"])
    'north-upper-1'
    >>> nearest("xyz", ["north-upper-1"]) is None
    True
    """
    return next(iter(difflib.get_close_matches(str(wrong), list(right), n=1, cutoff=0.5)), None)


def check_code(given: str, valid: Collection[str], what: str) -> str:
    """Return `given` if it is one of the `valid` codes, otherwise raise naming the nearest.

    >>> check_code("TH", ["TH"], "พื้นที่")
    'TH'
    """
    if given in valid:
        return given
    like = nearest(given, valid)
    hint = f"หมายถึง {like} หรือไม่" if like else f"ที่มีคือ {some(valid)}"
    raise UnknownCode(f"ไม่มี{what} {given!r} ในการศึกษานี้ ({hint})")


def some(items: Iterable[object], limit: int = 10) -> str:
    """Return at most `limit` items joined by commas, and how many were left out.

    >>> some([1, 2, 3], limit=2)
    '1, 2 และอีก 1 รายการ'
    """
    listed = [str(item) for item in items]
    rest = len(listed) - limit
    return ", ".join(listed[:limit]) + (f" และอีก {rest} รายการ" if rest > 0 else "")
