"""Thai words: text made canonical, cut into words with the study's dictionary, counted.

The dictionary is PyThaiNLP's general one, data/text/dictionary.txt, and the names of provinces and
districts, but for what data/text/not_words.txt lists; the cutting is nlpo3's (the newmm algorithm in
Rust). Stop words are data too: data/text/stopwords.txt.
"""

import os
import re
import tempfile
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

import numpy as np
import pandas as pd

from castlib import lazy, paths, regions
from castlib.privacy.identifiers import MARK

_TONES = "\u0e48-\u0e4b"
_ABOVE_BELOW = "\u0e31\u0e34-\u0e3a\u0e47\u0e4d"
_MARKS = "\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e"
_DANGLING = f"{_ABOVE_BELOW}{_TONES}\u0e4c\u0e4e"
# Each begins with a set or a letter, conditions on what stands before come last: thrice as fast.
_RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("[\u00ad\u200b-\u200d\u2060\ufeff]+", ""),
        ("เเ", "แ"),
        (r"ๅ(?<![ฤฦ]ๅ)", "า"),
        (f"[{_TONES}\u0e4c]+[{_ABOVE_BELOW}]+", lambda found: _vowels_first(found[0])),
        (f"\u0e4d[{_TONES}]*า", lambda found: f"{found[0][1:-1]}ำ"),
        (f"[ะาำ][{_TONES}]+", lambda found: found[0][1:] + found[0][0]),
        (f"([{_MARKS}])\\1+", r"\1"),
        (f"[{_TONES}]+(?=[{_TONES}])", ""),
        (r" \s+|[^\S ]\s*", " "),
        (f" (?=[{_DANGLING}])(?<=[ก-ฮ] )(?<![ะ-ูเ-ไ][ก-ฮ] )", ""),
        (f"^[{_DANGLING}]+", ""),
        (f" [{_DANGLING}]+", " "),
        ("ฯ ?ล ?ฯ", "ฯลฯ"),
        (" ฯ(?!ลฯ|พณ)(?<=[ก-\u0e4e] ฯ)", "ฯ"),
        ("ฯฯ+", "ฯ"),
        ("ๆ( ?ๆ)+", "ๆ"),
        ("ๆ(?<=[ก-\u0e4e]ๆ)", " ๆ"),
        ("ๆ(?=[ก-ฮเ-ไ])", "ๆ "),
    )
]
FILES = ("dictionary.txt", "stopwords.txt", "names/districts.txt", "not_words.txt")
_CAPITALS = re.compile("[A-Z]+")
_LETTER = re.compile("[ก-ฮa-z]")


def normalise(text: str) -> str:
    """Return text with each Thai syllable spelt in the one way that a dictionary spells it.

    Unicode NFC; invisible characters (zero-width space and joiners, soft hyphen, byte-order mark)
    removed; two เ made แ; nikhahit and า made sara am, in whatever order a tone mark was typed; tone
    marks put after the vowel above or below and before the one that follows; a vowel or mark typed
    twice written once; a mark parted from its letter by a space put back, one without a letter
    removed; white space, line ends too, made one space. ๆ stands once, a space before it and before the
    letter that follows; ฯ once, close to its word; ฯลฯ in one piece. Consonants, digits and letter case
    stay as they are. Normalising twice changes nothing.

    >>> normalise("นํ้าใจ\\u200bเเม่"), normalise("เด็กๆทำโครงการ ฯ")
    ('น้ำใจแม่', 'เด็ก ๆ ทำโครงการฯ')
    """
    return _normalised(text)


@lru_cache(maxsize=4096)  # a page's segments are normalised to be counted, and again to be quoted
def _normalised(text: str) -> str:
    text, before = unicodedata.normalize("NFC", text).strip(), None
    while text != before:  # one rule can make work for another; most texts need none
        before = text
        for pattern, replacement in _RULES:
            text = pattern.sub(replacement, text)
        text = text.strip()
    return text


def _vowels_first(marks: str) -> str:
    """Return marks of one letter with those of vowels before tone marks and thanthakhat."""
    return "".join(sorted(marks, key="\u0e48\u0e49\u0e4a\u0e4b\u0e4c".__contains__))


@dataclass(frozen=True)
class _Dictionary:
    """The dictionary's name in nlpo3, its words, the study's own spellings, stop words, names of places."""

    name: str
    known: frozenset[str]
    places: frozenset[str]
    spelling: dict[str, str]
    stop: frozenset[str]


def warm() -> None:
    """Load the dictionary now (about 0.2 s), so that processes forked afterwards need not."""
    _dictionary()


def _dictionary() -> _Dictionary:
    home = paths.home()
    return _load(home, *(os.stat(file).st_mtime_ns for file in _files(home)))


@cache
def _files(home: Path) -> tuple[str, ...]:
    """Return the word lists' names, made once: this is asked for each text."""
    return tuple(str(home / "data" / "text" / name) for name in FILES)


@cache
def _load(home: Path, *changed: int) -> _Dictionary:
    """Give nlpo3 the words; it takes them from a file only, and keeps them under a name for good."""
    # Without it, importing pythainlp makes a folder in the user's home.
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    from nlpo3 import load_dict
    from pythainlp.corpus import thai_words

    terms, stopwords, districts, not_words = (_lines(Path(file)) for file in _files(home))
    provinces = set(regions.provinces()["name_th"])
    places = provinces | set(districts)
    study = [*terms, *sorted(places - set(not_words))]
    # The study's spelling of a term also stands for the term written close together, with hyphens or,
    # if an abbreviation, without its points; repeated words are listed as `normalise` spells them.
    variants = {v for t in study for v in (t, _joined(t), t.replace(" ", "-"))}
    general = {normalise(word) if "ๆ" in word else word for word in thai_words()}
    known = frozenset((general - set(not_words)) | {_lower(variant) for variant in variants})
    name = f"castlib {home} {changed}"
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "words.txt"
        file.write_text("\n".join(sorted(known)), encoding="utf-8")
        message, loaded = load_dict(str(file), name)
    if not loaded:
        raise RuntimeError(f"nlpo3 did not take the dictionary in {home / 'data/text'}: {message}")
    spelling = {_key(term): term for term in reversed(study)}
    named = frozenset((provinces | (places & known - general)) - set(stopwords))
    return _Dictionary(name, known, named, spelling, frozenset(map(_key, stopwords)))


def _lines(file: Path) -> list[str]:
    """Return a word list's words; empty lines and lines that start with # are not words."""
    lines = (normalise(line) for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _lower(text: str) -> str:
    """Make the Latin letters A–Z small; unlike str.lower it never changes the length."""
    return _CAPITALS.sub(lambda found: found[0].lower(), text)


def _joined(text: str) -> str:
    return text.replace(" ", "").replace(".", "")


def _key(token: str) -> str:
    return _joined(_lower(token)).replace("-", "")


def segment(text: str) -> list[str]:
    """Return the pieces of a text in order, spaces and punctuation too; joined they are `normalise(text)`.

    >>> segment("ทำโคก หนอง นา ด้วย One Plan")
    ['ทำ', 'โคก หนอง นา', ' ', 'ด้วย', ' ', 'One Plan']
    """
    return segment_all([text])[0]


def segment_all(texts: Iterable[str]) -> list[list[str]]:
    """Return the pieces of each text (see `segment`); for many texts the quicker way.

    >>> segment_all(["ทำแผน", "ผู้นำทำ"])
    [['ทำ', 'แผน'], ['ผู้นำ', 'ทำ']]
    """
    name = _dictionary().name
    return [_pieces(normalise(text), name) for text in texts]


def _pieces(clean: str, name: str) -> list[str]:
    """Cut a normalised text; letters keep their case."""
    tokens = _cut(clean, name) if "[" not in clean else _around_marks(clean, name)
    if not _CAPITALS.search(clean):
        return tokens
    ends = list(accumulate(map(len, tokens)))
    return [clean[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def known() -> frozenset[str]:
    """Return every word that segmentation knows, Latin letters small; another engine can be given them."""
    return _dictionary().known


def places() -> frozenset[str]:
    """Return the names of provinces and districts that as a piece of text mean the place."""
    return _dictionary().places


def _around_marks(clean: str, name: str) -> list[str]:
    """Cut a text with pseudonyms in it; each of them is one piece."""
    marks = [found[0] for found in MARK.finditer(clean)]
    first, *others = (_cut(part, name) for part in MARK.split(clean))
    return first + [
        piece for mark, part in zip(marks, others, strict=True) for piece in (mark, *part)
    ]


def _cut(clean: str, name: str) -> list[str]:
    from nlpo3 import segment as cut

    # Never parallel=True: a thread pool of the parent does not survive a fork.
    return cut(_lower(clean), name)


def content(text: str) -> list[str]:
    """Return the content words of a text in order, as they are counted.

    A content word has two characters or more, a letter among them, and is no stop word. The study's
    terms come in the study's spelling, however they were typed; other Latin letters are made small; a
    word repeated with ๆ counts once, and one cut short by ฯ as what is written of it. A pseudonym that
    stands for a person or a number is no word.

    >>> content("ชาวบ้านและผู้นำ ๑๐ คน ทำโคกหนองนาตาม ONE PLAN")
    ['ชาวบ้าน', 'ผู้นำ', 'คน', 'ทำ', 'โคก หนอง นา', 'One Plan']
    """
    dictionary = _dictionary()
    tokens = _tokens(text, dictionary.name)
    return [found for token in tokens if (found := _counted(token, dictionary))]


@lru_cache(maxsize=4096)  # a page counts its segments, and again those that it may quote
def _tokens(text: str, name: str) -> tuple[str, ...]:
    return tuple(_cut(MARK.sub(" ", normalise(text)), name))


def _counted(token: str, dictionary: _Dictionary) -> str | None:
    """Return the form under which a token is counted, or None when it says nothing."""
    # the general dictionary has some repeated words as one word and others not: ต่างๆ, ดี ๆ
    token = token if _key(token) in dictionary.stop else token.rstrip(" ๆฯ")
    key = _key(token)
    if len(key) < 2 or not _LETTER.search(key) or key in dictionary.stop:
        return None
    return dictionary.spelling.get(key, token)


def sequence(texts: Iterable[str]) -> tuple[np.ndarray, np.ndarray, pd.Index]:
    """Return the content words of texts in the order in which they were said, as numbers.

    The one pass over the text that everything else (frequencies, key words, collocations, quotes) is
    computed from: `castlib.text.frequency.count` makes it for a frame of segments. A missing text must
    not be given: the checked tables have none.

    Parameters
    ----------
    texts : iterable of str
        As typed; each is normalised here.

    Returns
    -------
    numpy.ndarray
        For each content word said (see `content`), its position among the words.
    numpy.ndarray
        Where each text begins and ends in it: text i is the stretch from ends[i] to ends[i + 1].
    pandas.Index
        The words, in the order of their first occurrence.

    Examples
    --------
    >>> said, ends, found = sequence(["ผู้นำวางแผน และผู้นำทำ", "ต้องวางแผน"])
    >>> list(found), said.tolist(), ends.tolist()
    (['ผู้นำ', 'วางแผน', 'ทำ'], [0, 1, 0, 2, 1], [0, 4, 5])
    """
    column_of = _Columns(_dictionary())
    columns, ends = array("q"), array("q", [0])
    for text in texts:
        columns.extend(map(column_of.__getitem__, _tokens(text, column_of.dictionary.name)))
        ends.append(len(columns))
    every = np.array(columns, dtype=np.int64)
    counted = every >= 0
    before = np.concatenate([[0], np.cumsum(counted)])
    index = pd.Index(list(column_of.found), dtype="str", name="word")
    return every[counted], before[np.array(ends, dtype=np.int64)], index


class _Columns(dict[str, int]):
    """The column of each token met so far; −1 when it is not counted."""

    def __init__(self, dictionary: _Dictionary) -> None:
        self.dictionary = dictionary
        self.found: dict[str, int] = {}

    def __missing__(self, token: str) -> int:
        word = _counted(token, self.dictionary)
        column = -1 if word is None else self.found.setdefault(word, len(self.found))
        self[token] = column
        return column


__getattr__, __dir__ = lazy.offered(__name__)
