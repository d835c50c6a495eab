"""What is known of Thai words and names: the lists, the cutting into words, and how like a name a word looks."""

import math
import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from castlib import paths, regions
from castlib.privacy import titles

LISTS = ("following", "nicknames", "not_names", "districts")
# words that end a name however short they are; other short ones are syllables of many names
SURE = frozenset(
    "และ กับ ก็ จะ ว่า ที่ ได้ ให้ ไม่ คือ ของ คะ ค่ะ นะ แต่ จึง จาก บอก พูด ถาม ตอบ คุย คน เคย เขา เรา"
    " นี้ นั้น โทร หรือ ซึ่ง แล้ว เลย เป็น อยู่ ครับ ท่าน".split()
)
UNSEEN = 0.25


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The words of one study's home.

    `given` and `family` are PyThaiNLP's names, `common` the words of its dictionaries, `everyday` those
    of a smaller one; `following` are words that stand after a name, `nicknames` the names that need a title; `not_names` are compounds that
    begin like a title with a name; `places` are provinces and districts.
    """

    dictionary: str
    given: frozenset[str]
    family: frozenset[str]
    common: frozenset[str]
    everyday: frozenset[str]
    following: frozenset[str]
    nicknames: frozenset[str]
    not_names: frozenset[str]
    places: frozenset[str]
    odds: dict[str, float] = field(repr=False)

    def cut(self, text: str) -> list[str]:
        """Return the words of a text, spaces and signs too; joined they are the text."""
        return _segment(text, self.dictionary)

    def parts(self, word: str) -> list[str]:
        """Return the words that a run of letters is made of; remembered, because a name is weighed often."""
        return _parts(word, self.dictionary)

    def likeness(self, word: str) -> float:
        """Return how much more the word's letters look like a name's than like another word's (log odds)."""
        edged, odds = f"^{word}$", self.odds
        return sum(odds.get(edged[n : n + 3], UNSEEN) for n in range(len(word)))

    def strange(self, word: str) -> bool:
        """Return whether a part of the word is in no dictionary, or a short part only in the largest."""
        return any(
            part not in self.common or (len(part) < 6 and part not in self.everyday)
            for part in self.parts(word)
        )

    def ends(self, word: str) -> bool:
        """Return whether a word can only stand after a name."""
        return word in SURE or (len(word) > 3 and word in self.following)


def _segment(text: str, dictionary: str) -> list[str]:
    from nlpo3 import segment

    # Never parallel=True: a thread pool of the parent does not survive a fork.
    return segment(text, dictionary)


_parts = lru_cache(maxsize=32768)(_segment)


def lexicon() -> Lexicon:
    """Return the words of the study's home, loaded once a process (about 0.5 s)."""
    return _lexicon(os.environ.get("CAST_HOME"))


@cache
def _lexicon(home: str | None) -> Lexicon:
    """Read the lists and give nlpo3 the words; it takes them from a file only, and keeps them for good."""
    folder = paths.data() / "text"
    # without it, importing pythainlp makes a folder in the user's home
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    from pythainlp import corpus

    following, nicknames, not_names, districts = (
        _words(folder / "names" / f"{name}.txt") for name in LISTS
    )
    given = corpus.thai_female_names() | corpus.thai_male_names()
    family = corpus.thai_family_names()
    called = {*titles.FORMAL, *titles.ROLES, *titles.OFFICES, *titles.KIN}
    study = _words(folder / "dictionary.txt") | not_names | following | called
    common = corpus.thai_words() | corpus.thai_orst_words() | study
    provinces = set(regions.provinces()["name_th"]) | {"กรุงเทพมหานคร", "กรุงเทพ"}
    known = corpus.thai_words() | study | provinces | districts
    long_names = {name for name in given | family if len(name) > 3}
    return Lexicon(
        dictionary=_load_words(f"castlib names {folder}", known | long_names),
        given=frozenset(name for name in given if len(name) > 1),
        family=frozenset(family),
        common=frozenset(common),
        everyday=frozenset(corpus.thai_icu_words() | corpus.thai_stopwords() | study),
        following=frozenset(following | called | corpus.thai_stopwords()),
        nicknames=frozenset(nicknames),
        not_names=frozenset(not_names),
        places=frozenset(provinces | districts),
        odds=_odds(given | family, known),
    )


def _words(file: Path) -> set[str]:
    """Return the words of a list: parted by spaces or line ends, lines that start with # left out."""
    lines = file.read_text(encoding="utf-8").splitlines()
    if file.name == "dictionary.txt":
        return {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def _load_words(name: str, words: set[str]) -> str:
    """Give nlpo3 a dictionary under a name, and return the name."""
    from nlpo3 import load_dict

    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "words.txt"
        file.write_text("\n".join(sorted(words)), encoding="utf-8")
        message, loaded = load_dict(str(file), name)
    if not loaded:
        raise RuntimeError(f"nlpo3 did not take the names' dictionary: {message}")
    return name


def _odds(names: set[str], words: set[str]) -> dict[str, float]:
    """Return the log odds of each three letters in a name against a word that is none (naive Bayes)."""
    counts = [
        Counter(
            edged[n : n + 3]
            for edged in (f"^{word}$" for word in listed)
            for n in range(len(edged) - 2)
        )
        for listed in (names, words - names)
    ]
    seen = counts[0].keys() | counts[1].keys()
    (in_names, in_words), smooth = counts, 0.5 * len(seen)
    base = math.log((in_words.total() + smooth) / (in_names.total() + smooth))
    return {
        letters: base + math.log((in_names[letters] + 0.5) / (in_words[letters] + 0.5))
        for letters in seen
    }
