"""Text as it was meant: what cannot be seen taken out, digits and letters brought to one form."""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xAD]
    + [code for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r\x0b\x0c\x85"]
)
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９’‘", "01234567890123456789''")
_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_MARKS = dict.fromkeys(map(ord, "็่้๊๋์"))
_NOT_LETTERS = re.compile(r"[^0-9a-zก-ฺเ-๎]")


class Unreadable(Exception):
    """A cell that does not say what its column asks; `code` is the fault's, `details` fill its sentence."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code, self.details = code, details


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """Return text without what cannot be seen: composed, on one line, single spaces, Thai vowels whole.

    >>> clean(" เเม\\u200bน  า\\n")
    'แมน า'
    """
    text = " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())
    return _SARA_AM.sub("\\1\u0e33", text).replace("เเ", "แ")


def digits(text: str) -> str:
    """Return text with Thai and full-width digits as Arabic ones, and straight apostrophes.

    >>> digits("๒๕๖๕")
    '2565'
    """
    return text.translate(_DIGITS)


def squeeze(text: str) -> str:
    """Return text for looking up: no spaces, one case, Arabic digits."""
    return digits(text).replace(" ", "").casefold()


def letters(text: str) -> str:
    """Return letters and digits only, for comparing names and headers; signs say nothing there.

    >>> letters("1. Si Sa-Ket *")
    '1sisaket'
    """
    return _NOT_LETTERS.sub("", squeeze(text))


def unmarked(text: str) -> str:
    """Return text without tone marks and silencers, which are often left out or doubled.

    >>> unmarked("มากที่สุ่ด") == unmarked("มากที่สุด")
    True
    """
    return text.translate(_MARKS)
