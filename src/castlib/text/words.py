"""Thai words: text made canonical, cut into words with the study's dictionary, counted.

The dictionary is PyThaiNLP's general one plus data/text/dictionary.txt and the province names; the
cutting is nlpo3's (the newmm algorithm in Rust). Stop words are data too: data/text/stopwords.txt.
"""

import os
import re
import tempfile
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import paths, regions
from castlib.privacy.identifiers import MARK

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_TONES = "\u0e48-\u0e4b"
_ABOVE_BELOW = "\u0e31\u0e34-\u0e3a\u0e47\u0e4d"
_MARKS = "\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e"
_DANGLING = f"{_ABOVE_BELOW}{_TONES}\u0e4c\u0e4e"
_RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("[\u00ad\u200b-\u200d\u2060\ufeff]+", ""),
        ("เเ", "แ"),
        (r"(?<![ฤฦ])ๅ", "า"),
        (f"([{_TONES}\u0e4c]+)([{_ABOVE_BELOW}]+)", r"\2\1"),
        (f"\u0e4d([{_TONES}]*)า", r"\1ำ"),
        (f"([ะาำ])([{_TONES}]+)", r"\2\1"),
        (f"([{_MARKS}])\\1+", r"\1"),
        (f"[{_TONES}]+(?=[{_TONES}])", ""),
        (r"\s+", " "),
        (f"(?<![ะ-ูเ-ไ])([ก-ฮ]) (?=[{_DANGLING}])", r"\1"),
        (f"(^| )[{_DANGLING}]+", r"\1"),
    )
]
_CAPITALS = re.compile("[A-Z]+")
_LETTER = re.compile("[ก-ฮa-z]")


def normalise(text: str) -> str:
    """Return text with each Thai syllable spelt in the one way that a dictionary spells it.

    Unicode NFC; invisible characters (zero-width space and joiners, soft hyphen, byte-order mark)
    removed; two เ made แ; nikhahit and า made sara am, in whatever order a tone mark was typed; tone
    marks put after the vowel above or below and before the one that follows; a vowel or mark typed
    twice written once; a mark parted from its letter by a space put back, one without a letter
    removed; white space, line ends too, made one space. Digits and letter case stay as they are.
    Normalising twice changes nothing.

    >>> normalise("นํ้าใจ\\u200bเเม่")
    'น้ำใจแม่'
    """
    text, before = unicodedata.normalize("NFC", text).strip(), None
    while text != before:  # one rule can make work for another; most texts need none
        before = text
        for pattern, replacement in _RULES:
            text = pattern.sub(replacement, text)
        text = text.strip()
    return text


@dataclass(frozen=True)
class _Dictionary:
    """The name under which nlpo3 holds the dictionary, the study's own spellings, the stop words."""

    name: str
    spelling: dict[str, str]
    stop: frozenset[str]


def warm() -> None:
    """Load the dictionary now (about 0.2 s), so that processes forked afterwards need not."""
    _dictionary()


def _dictionary() -> _Dictionary:
    folder = paths.data() / "text"
    files = (folder / "dictionary.txt", folder / "stopwords.txt")
    return _load(folder, *(file.stat().st_mtime_ns for file in files))


@cache
def _load(folder: Path, *changed: int) -> _Dictionary:
    """Give nlpo3 the words; it takes them from a file only, and keeps them under a name for good."""
    # Without it, importing pythainlp makes a folder in the user's home.
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    from nlpo3 import load_dict
    from pythainlp.corpus import thai_words

    study = [*_lines(folder / "dictionary.txt"), *regions.provinces()["name_th"]]
    # The study's spelling of a term also stands for the term written close together or with hyphens.
    variants = {v for t in study for v in (t, t.replace(" ", ""), t.replace(" ", "-"))}
    name = f"castlib {folder} {changed}"
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "words.txt"
        listed = sorted(thai_words() | {_lower(v) for v in variants})
        file.write_text("\n".join(listed), encoding="utf-8")
        message, loaded = load_dict(str(file), name)
    if not loaded:
        raise RuntimeError(f"nlpo3 did not take the dictionary in {folder}: {message}")
    spelling = {_key(term): term for term in reversed(study)}
    stop = frozenset(_key(word) for word in _lines(folder / "stopwords.txt"))
    return _Dictionary(name, spelling, stop)


def _lines(file: Path) -> list[str]:
    """Return a word list's words; empty lines and lines that start with # are not words."""
    lines = (normalise(line) for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _lower(text: str) -> str:
    """Make the Latin letters A–Z small; unlike str.lower it never changes the length."""
    return _CAPITALS.sub(lambda found: found[0].lower(), text)


def _key(token: str) -> str:
    return _lower(token).replace(" ", "").replace("-", "")


def segment(text: str) -> list[str]:
    """Return the pieces of a text in order, spaces and punctuation too; joined they are `normalise(text)`.

    >>> segment("ทำโคก หนอง นา ด้วย One Plan")
    ['ทำ', 'โคก หนอง นา', ' ', 'ด้วย', ' ', 'One Plan']
    """
    clean = normalise(text)
    tokens = _cut(clean, _dictionary().name)
    if not _CAPITALS.search(clean):
        return tokens
    ends = list(accumulate(map(len, tokens)))
    return [clean[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _cut(clean: str, name: str) -> list[str]:
    from nlpo3 import segment as cut

    # Never parallel=True: a thread pool of the parent does not survive a fork.
    return cut(_lower(clean), name)


def content(text: str) -> list[str]:
    """Return the content words of a text in order, as they are counted.

    A content word has two characters or more, a letter among them, and is no stop word. The study's
    terms come in the study's spelling, however they were typed; other Latin letters are made small; a
    word repeated with ๆ counts once. A pseudonym that stands for a person or a number is no word.

    >>> content("ชาวบ้านและผู้นำ ๑๐ คน ทำโคกหนองนาตาม ONE PLAN")
    ['ชาวบ้าน', 'ผู้นำ', 'คน', 'ทำ', 'โคก หนอง นา', 'One Plan']
    """
    dictionary = _dictionary()
    tokens = _cut(MARK.sub(" ", normalise(text)), dictionary.name)
    return [found for token in tokens if (found := _counted(token, dictionary))]


def _counted(token: str, dictionary: _Dictionary) -> str | None:
    """Return the form under which a token is counted, or None when it says nothing."""
    # the general dictionary has some repeated words as one word and others not: ต่างๆ, ดี ๆ
    token = token if _key(token) in dictionary.stop else token.rstrip(" ๆ")
    key = _key(token)
    if len(key) < 2 or not _LETTER.search(key) or key in dictionary.stop:
        return None
    return dictionary.spelling.get(key, token)


def count(texts: Iterable[str]) -> tuple["csr_array", pd.Index]:
    """Return how often each content word occurs in each text.

    Use it as the one pass over the text that everything else (frequencies, key words, quotes) is
    computed from; `castlib.text.frequency.count` does, for a frame of segments. A missing text must
    not be given: the checked tables have none.

    Parameters
    ----------
    texts : iterable of str
        As typed; each is normalised here.

    Returns
    -------
    scipy.sparse.csr_array
        Texts × words, whole numbers.
    pandas.Index
        The words (see `content`), in the order of their first occurrence.

    Examples
    --------
    >>> matrix, found = count(["ผู้นำวางแผน และผู้นำทำ", "ต้องวางแผน"])
    >>> list(found), matrix.toarray().tolist()
    (['ผู้นำ', 'วางแผน', 'ทำ'], [[2, 1, 1], [0, 1, 0]])
    """
    from scipy.sparse import csr_array

    dictionary = _dictionary()
    column_of: dict[str, int] = {}  # a token's column, -1 when it is not counted
    found: dict[str, int] = {}
    columns, ends = array("q"), array("q", [0])
    for text in texts:
        for token in _cut(MARK.sub(" ", normalise(text)), dictionary.name):
            column = column_of.get(token)
            if column is None:
                word = _counted(token, dictionary)
                column = -1 if word is None else found.setdefault(word, len(found))
                column_of[token] = column
            if column >= 0:
                columns.append(column)
        ends.append(len(columns))
    ones = np.ones(len(columns), dtype=np.int64)
    parts = (ones, np.asarray(columns, dtype=np.int64), np.asarray(ends, dtype=np.int64))
    matrix = csr_array(parts, shape=(len(ends) - 1, len(found)))
    matrix.sum_duplicates()
    return matrix, pd.Index(list(found), dtype="str", name="word")
