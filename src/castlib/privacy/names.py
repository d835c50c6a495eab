"""What a person's name is, where one may begin: how far it goes, and whether it is one at all.

A Thai name ends where a word begins that follows names and is never part of one (the lexicon's
`following`), or with its run of letters. Which evidence is enough depends on what stands before it:
after a formal title any word is a name, after a word of kinship only a known one.
"""

import re
from itertools import accumulate

from castlib.privacy.lexicon import SURE, Lexicon
from castlib.privacy.titles import FORMAL as FORMAL_TITLES
from castlib.privacy.titles import LETTER

# what stands before a name, from the surest: a formal title; a calling (ครู); kinship (ลุง); a word that
# announces a name (ผู้ประสานงาน); a label of some field; a word that something else may follow (โดย); nothing
FORMAL, ROLE, KIN, CONTEXT, FIELD, WEAK, NOTHING = range(7)
LONGEST_NAME, LONGEST_WORD, LONGEST_ODD = 24, 14, 10
MARKS = tuple("ะัาำิีึืฺุู็่้๊๋์ํ๎")
RUN = re.compile(f"[{LETTER}]{{1,60}}")

LATIN_NAME = re.compile(
    r"[A-Z][A-Za-z'’\-]+(?: (?:[A-Z]\.|bin|binti|de|van|von|al|na|[A-Z][A-Za-z'’\-]+)){0,3}"
)
NOT_LATIN_NAMES = re.compile(
    r"(?i)(?:line|facebook|fb|email|e-mail|mail|gmail|tel|phone|id|ig|one plan|focus|google|zoom|cast|otop|call|mobile|fax|workshop|team|the|app|web|www|http|qr|pdf|word|excel|kobo|odk)\b"
)
# what stands in a form's field: a second word, and then the field ends
_FILLED = re.compile(
    rf" ([{LETTER}]{{3,16}})(?= ?(?:$|[\n\d,;()|.]|โทร|เบอร์|อายุ|ตำแหน่ง|อีเมล|ไลน์|บ้านเลขที่|เลข))"
)
_DIALLED = re.compile(r" ?(?:โทร\.?|เบอร์)?[ :]?(?:\+|\(?0|66)\d")
_CONNECTING = re.compile(f" ?(?:ณ|บิน|บินติ|บินตี|บินตี้|อิบนุ|อัล|แซ่) (?=[{LETTER}])")
_FIELD_ENDS = re.compile(r" ?(?:\d|$)")

# else the cutting takes a word and its brackets for one
_BRACKETS = dict.fromkeys(map(ord, '()[]{}<>«»"“”‘’'), " ")
_NEVER_FIRST = ("ที่", "ซึ่ง", "ไม่")
_NEVER_SYLLABLES = SURE - {"และ"}
# short names that are verbs or such, and after a calling also praise: they need more to be names
_DOING = frozenset(
    "มี มา สอน คิด ชู ชม จวน ผัน ลอง หลง อิ่ม ทา นา ตา ใจ วัน เดียว สา สาน สี ยิ้ม พวง หวาน มาก ล้วน ชาย หญิง แก่ง แทน".split()
)
_PRAISE = frozenset("น้อย เก่ง เด่น โต เดียว หนึ่ง ใจ รุ่ง ใหญ่ เล็ก หล่อ หลวง แก่น".split())
# verbs that end a name even when another such word comes next
_DOES = frozenset("มา ไป พา ทำ นำ มี ช่วย รับ ส่ง จัด ขอ เอา เข้า ออก ลง ขึ้น อยาก ต้อง ร่วม".split())
_SAYS = frozenset("บอก บอกว่า เล่า เล่าว่า พูด พูดว่า กับ และ ว่า เสนอ เสนอว่า ก็ เป็น".split())


class Names:
    """One folded text with its words and where each begins, and what in it can be a name."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon
        self.words = lexicon.cut(text.translate(_BRACKETS))
        self.starts = list(accumulate(map(len, self.words), initial=0))
        self._firsts: dict[tuple[str, bool], int] = {}  # the same run is weighed more than once
        self.bounds = dict(zip(self.starts, [*self.words, ""], strict=True))

    def name(self, at: int, before: int) -> tuple[int, int] | None:
        """Return the place of the name that begins at a place, by the rules of what stands before it."""
        run = RUN.match(self.text, at)
        if not run:
            return self._latin(at, before)
        word, begins = run[0], self.bounds.get(at, "")
        if word.startswith(_NEVER_FIRST):
            return None
        if before == WEAK and len(begins) > 2 and self._only_word(begins):
            return None
        if before in (ROLE, KIN) and self._nickname_first(word, begins, before):
            return at, at + len(begins)
        size = self.first(word, before in (FORMAL, ROLE, CONTEXT, FIELD))
        if not size or (before != FORMAL and self.blocked(at) >= at + size):
            return None
        whole = self.surname(at + size, before) if size == len(word) else 0
        rest = word[size:]
        if 0 < len(rest) <= 4 and rest not in _NEVER_SYLLABLES:
            # a syllable that happens to be a word, before a family name
            whole = self.surname(at + len(word), before)
            size = len(word) if whole else size
        if before == FORMAL:
            return at, whole or at + size
        end = (whole and self._with_family(at, size, whole, before)) or self._single(
            at, size, word, before
        )
        return (at, end) if end else None

    def _with_family(self, at: int, size: int, whole: int, before: int) -> int:
        """Return the end of a first name with what looks like a family name; 0 if they are none."""
        lexicon, first = self.lexicon, self.text[at : at + size]
        if first in lexicon.given or lexicon.likeness(first) > 2:
            return whole
        if not self._plain(first) and lexicon.strange(first):
            return whole
        if before in (ROLE, KIN, CONTEXT, FIELD) and not lexicon.ends(first):
            family = self.text[at + size : whole].strip()
            if family in lexicon.family or lexicon.likeness(family) > 4:
                return whole
        return 0

    def _single(self, at: int, size: int, word: str, before: int) -> int:
        """Return the end of a name that stands without a known family name; 0 if it is none."""
        lexicon, end = self.lexicon, at + size
        first, rest = word[:size], word[size:]
        listed, plain = first in lexicon.given, self._plain(first)
        if listed and not plain and size > 2:
            return end
        if rest and not self.goes_on(rest):
            return 0
        usual = first in lexicon.following or first in lexicon.places
        if listed and not usual and (before == NOTHING or (before < FIELD and size > 2)):
            return end
        if before < FIELD and first in lexicon.nicknames and first not in _DOING:
            return end
        if (
            not rest
            and before in (ROLE, KIN, CONTEXT, FIELD)
            and (pair := self.strange_pair(first, end))
        ):
            return pair
        if not rest and before == CONTEXT and (filled := self._filled(first, end)):
            return filled
        like = lexicon.likeness(first)
        odd = listed or (like > 3 and not plain) or lexicon.strange(word)
        dialled = before == WEAK and _DIALLED.match(self.text, at + len(word))
        if dialled and odd and len(word) <= LONGEST_WORD:
            return at + len(word)
        odd = like > 3 or (like > -3 and lexicon.strange(first))
        if odd and before <= FIELD and not plain and 2 < size <= LONGEST_WORD:
            return end
        after = lexicon.parts(rest or self.text[end + 1 : end + 20])[:1]
        return (
            end if before == KIN and first in lexicon.nicknames and _SAYS.issuperset(after) else 0
        )

    def _nickname_first(self, word: str, begins: str, before: int) -> bool:
        """Return whether a run of letters is a short name and the rest of a sentence."""
        if begins not in self.lexicon.nicknames or begins in _DOING:
            return False
        rest = word[len(begins) :]
        return bool(rest) and not (before == ROLE and begins in _PRAISE) and self.goes_on(rest)

    def _filled(self, first: str, end: int) -> int:
        """Return where a form's field ends that holds two words which never follow a name."""
        following = self.lexicon.following
        filled = _FILLED.match(self.text, end)
        if not filled or not following.isdisjoint(self.lexicon.parts(first)):
            return 0
        return filled.end(1) if following.isdisjoint(self.lexicon.parts(filled[1])) else 0

    def _latin(self, at: int, before: int) -> tuple[int, int] | None:
        """Return the place of a name in Latin letters; a single word needs a field's end after it."""
        name = LATIN_NAME.match(self.text, at)
        if not name or before in (KIN, NOTHING) or NOT_LATIN_NAMES.match(name[0]):
            return None
        single = " " not in name[0] and before in (WEAK, FIELD, CONTEXT)
        if single and (name[0].isupper() or not _FIELD_ENDS.match(self.text, name.end())):
            return None
        return name.span()

    def first(self, run: str, sure: bool = False) -> int:
        """Return how many of a run's letters are a name; 0 when what follows a name begins at once."""
        if (run, sure) not in self._firsts:
            self._firsts[run, sure] = self._first(run, sure)
        return self._firsts[run, sure]

    def _first(self, run: str, sure: bool) -> int:
        """Return what `first` does."""
        lexicon = self.lexicon
        if self._known(run):
            return len(run)
        words = lexicon.parts(run)
        if lexicon.following.issuperset(words):
            called = words[0] in lexicon.nicknames and (len(words) == 1 or words[0] not in _DOING)
            return len(words[0]) if called else 0
        if len(run) == 1 or (
            words[0] in SURE and not (sure and len(run) <= 12 and lexicon.strange(run))
        ):
            return 0
        size = listed = 0
        for number, word in enumerate(words):
            if size >= LONGEST_NAME or (
                size and self._stops(run, size, *words[number : number + 2])
            ):
                break
            size += len(word)
            listed = size if self._known(run[:size]) else listed
        return self._corrected(run, size, listed)

    def _corrected(self, run: str, size: int, listed: int) -> int:
        """Return a name's size put right where words and syllables were taken for one another."""
        lexicon, more, rest = self.lexicon, run[listed:size], run[size:]
        # a few letters more before a space are rather a syllable that happens to be a word
        syllable = 0 < len(rest) <= 4 and rest not in _NEVER_SYLLABLES
        if listed and more and syllable and (len(more) < 4 or lexicon.strange(more)):
            return len(run)
        if size > 8 and listed < size and lexicon.likeness(run[:size]) < 3:
            size = max(listed, self._likeliest(run[:size]))
            more, rest = run[listed:size], run[size:]
        whole = (not rest and len(more) <= 5) or lexicon.likeness(run[:size]) > 3
        if listed and not whole and more not in lexicon.family and lexicon.likeness(more) < 1:
            return listed
        syllable = 0 < len(rest) <= 4 and rest not in _NEVER_SYLLABLES
        if syllable and (not self._known(run[:size]) or lexicon.likeness(run) > 3):
            return len(run)
        return size

    def _likeliest(self, run: str) -> int:
        """Return how many letters of a run look most like a name, the rest like words."""
        like = self.lexicon.likeness
        sizes = [n for n in range(3, len(run)) if run[n] not in MARKS and run[n - 1] not in "เแโใไ"]
        best = max(sizes, key=lambda n: like(run[:n]) - like(run[n:]), default=0)
        return best if best and like(run[:best]) > 4 else len(run)

    def _stops(self, run: str, size: int, word: str, following: str = "") -> bool:
        """Return whether a name ends before a word of its run of letters, with what word comes after it."""
        lexicon = self.lexicon
        if len(word) == 1 or (word not in lexicon.following and word not in SURE):
            return False
        first, rest = run[:size], lexicon.likeness(run[size:])
        if word in SURE and (not following or following in lexicon.following):
            return True
        if lexicon.ends(word):
            return rest < 2
        if self._known(first):
            return rest < 0
        if following in lexicon.following and word not in _DOES:
            return False  # the name's last syllable, and only then what follows
        return rest < 0 and lexicon.likeness(first) > lexicon.likeness(run)

    def surname(self, end: int, before: int) -> int:
        """Return where the family name ends that follows a first name; 0 when none does."""
        text, lexicon = self.text, self.lexicon
        if connecting := _CONNECTING.match(text, end):
            size = self.first(RUN.match(text, connecting.end())[0])
            return connecting.end() + size if size else 0
        run = RUN.match(text, end + 1) if text[end : end + 1] == " " else None
        if not run:
            return 0
        if before in (FORMAL, ROLE, CONTEXT, FIELD) and self.odd_word(run[0], before == FORMAL):
            return run.end()
        size = self.first(run[0], before == FORMAL)
        word, rest = run[0][:size], run[0][size:]
        titled = lexicon.parts(run[0])[0] in FORMAL_TITLES and run[0] not in lexicon.family
        if size < 2 or titled or (lexicon.ends(word) and word not in lexicon.family):
            return 0
        last = end + 1 + size
        if (further := _CONNECTING.match(text, last)) and not rest:
            return further.end() + self.first(RUN.match(text, further.end())[0])
        if self._is_family(word, last, before):
            return last
        if before in (FORMAL, CONTEXT) and (filled := self._filled(word, end)):
            return filled
        if before > FIELD or word in lexicon.following:
            return 0
        like = lexicon.likeness(word)
        if (
            word not in lexicon.common
            and lexicon.strange(word)
            and like > (-16 if before == FORMAL else -8)
        ):
            return last
        # after a title and a first name, even a common word is rather a family name
        if before == FORMAL and (not rest or lexicon.ends(lexicon.parts(rest)[0])):
            return last if like > -9 or len(word) <= LONGEST_ODD else 0
        return 0

    def _is_family(self, word: str, last: int, before: int) -> bool:
        """Return whether a word is a listed family name, or looks like one."""
        lexicon = self.lexicon
        if word in lexicon.family:
            ended = not RUN.match(self.text, last + 1) and self.text[last : last + 1] in ("", " ")
            if word not in lexicon.following or before == FORMAL or (before == CONTEXT and ended):
                return True
        return word.startswith("แซ่") or lexicon.likeness(word) > 2

    def strange_pair(self, first: str, end: int) -> int:
        """Return where two words end of which neither is a word, and at least one not even made of words."""
        lexicon = self.lexicon
        second = RUN.match(self.text, end + 1) if self.text[end : end + 1] == " " else None
        if not second or max(len(first), len(second[0])) > LONGEST_WORD:
            return 0
        strange = [lexicon.strange(word) for word in (first, second[0])]
        for word, odd in zip((first, second[0]), strange, strict=True):
            if self._plain(word) or (not odd and self._phrase(word)):
                return 0
        return second.end() if any(strange) else 0

    def odd_word(self, word: str, sure: bool) -> bool:
        """Return whether a short word that stands apart is no word, though its parts may be."""
        lexicon = self.lexicon
        if len(word) > LONGEST_ODD or self._plain(word):
            return False
        if lexicon.following.issuperset(lexicon.parts(word)):
            return False
        strange = lexicon.strange(word)
        if lexicon.parts(word)[0] in ("จะ", "นะ"):
            return sure and strange
        return (sure or strange) and not self._phrase(word)

    def _phrase(self, word: str) -> bool:
        """Return whether letters begin like what follows a name."""
        first = self.lexicon.parts(word)[0]
        return first in SURE or (len(first) > 2 and first in self.lexicon.following)

    def goes_on(self, rest: str) -> bool:
        """Return whether letters after a name are the rest of the sentence, not of the name."""
        lexicon, first = self.lexicon, self.lexicon.parts(rest)[0]
        if first in lexicon.following:
            return True
        return len(first) > 2 and first in lexicon.common and lexicon.likeness(rest) < -3

    def listed_start(self, run: str) -> int:
        """Return the length of the longest listed first name that a run of letters begins with."""
        sizes = accumulate(map(len, self.lexicon.parts(run)))
        return max((size for size in sizes if run[:size] in self.lexicon.given), default=0)

    def blocked(self, start: int) -> int:
        """Return where a compound ends that only looks like a title with a name; 0 when there is none."""
        run, compounds = self.text[start : start + 20], self.lexicon.not_names
        longest = next((size for size in range(len(run), 2, -1) if run[:size] in compounds), 0)
        end = start + longest
        broken = self.text[end : end + 1] in MARKS
        return end if longest and end in self.bounds and not broken else 0

    def _only_word(self, word: str) -> bool:
        """Return whether a word is an everyday one and no name begins with it."""
        lexicon = self.lexicon
        return word in lexicon.following or (word in lexicon.everyday and word not in lexicon.given)

    def _known(self, word: str) -> bool:
        return word in self.lexicon.given or word in self.lexicon.family

    def _plain(self, word: str) -> bool:
        return word in self.lexicon.common or word in self.lexicon.places
