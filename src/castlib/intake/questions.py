"""Which column of the questionnaire each header of an export asks, whatever system wrote the header.

A header is one of the instrument's questions when it is its column name or its text in Thai or English;
also with a number before it, signs after it, the group's path before it (`group/leadership_1_actual`,
`group-leadership_1_actual`), the column name before its text, or question and row of a grid in either
order ("text [state]", "state [text]"). Spaces, signs, case and unseen characters do not count.

What the systems add on their own account is told by name: the time of submission (the first of `TIMES`
that a row fills), the submission's id, the sender, and the rest (`is_system`), which is not read at all.
"""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from castlib import instrument, paths
from castlib.intake.arrival import REMARKS
from castlib.intake.spelling import clean, digits, letters

# the time of submission by what it is called, best first; True: without an offset it is UTC
TIMES = {
    **dict.fromkeys(("submittedat", "timestamp", "วันเวลาที่ส่ง", "วันที่ตอบ"), False),
    "submissiontime": True,
    "submissiondate": True,
    "end": False,
    "endtime": False,
    "today": False,
}
# the submission's id, best first: KoboToolbox keeps the first id of an edited submission as its root
SUBMISSIONS = ("rootuuid", "uuid", "instanceid", "key")
SENDERS = {"emailaddress", "username", "ที่อยู่อีเมล", "ชื่อผู้ใช้", "email", "submittedby", "submitterid"}
# how a header begins that asks for the province or the time in other words
PLACES = ("จังหวัด", "province")
DAYS = ("วันที่", "วันเดือนปี", "วันเวลา", "เวลา", "date", "time", "submitted")
SYSTEM = set(
    "start starttime deviceid devicephonenum phonenumber simserial simid subscriberid imei audit caseid "
    "submittername attachmentspresent attachmentsexpected status reviewstate edits formversion "
    "instancename score totalscore คะแนน คะแนนรวม".split()
)
PROVINCES = {"province", "จังหวัด", "จังหวัดของท่าน", "จังหวัดที่ท่านปฏิบัติงาน", "จังหวัดที่ตั้ง"}
STATES = {
    "expected": ("สภาพที่คาดหวัง", "ที่คาดหวัง", "expected state", "expected"),
    "actual": ("สภาพที่เป็นจริง", "ที่เป็นจริง", "actual state", "actual", "current state", "current"),
}
LONGEST, FEWEST_ANSWERS = 1_000, 5
_NUMBERED = re.compile(
    r"^\W*(?:(?:ข้อ|คำถาม|ประเด็น)(?:ที่)?|q|no|question)?[\s.]*[0-9][0-9.]*[\s.)\]:\-–]*", re.I
)
_OF_SYSTEM = re.compile(r"^_|^meta[/-]", re.I)
# the form's own id, the same in every row, which is no submission's
_OF_FORM = re.compile(r"^formhub/", re.I)
_CODED = re.compile(r"^\W*([a-z][a-z0-9_]*)[\s.:)\]|\-–]+(.*\w.*)$", re.I)
_GRID = re.compile(r"^(.*?)\s*\[([^\[\]]*)\]\W*$")


@dataclass
class Columns:
    """Where an export keeps what: places (from 0) of each question, and of what systems add.

    `asked` has every place of each question in the order of the header; `ignored` are remarks and what
    is the systems' own. What is in none of them is strange.
    """

    asked: dict[str, list[int]] = field(default_factory=dict)
    times: list[tuple[int, bool]] = field(default_factory=list)
    submissions: list[int] = field(default_factory=list)
    senders: list[int] = field(default_factory=list)
    ignored: set[int] = field(default_factory=set)

    @property
    def repeated(self) -> list[str]:
        """Questions that have more than one column."""
        return [column for column, places in self.asked.items() if len(places) > 1]


def columns(header: list[str]) -> Columns:
    """Return where an export with this header keeps what."""
    found, strange = Columns(), []
    times: dict[str, int] = {}
    for place, name in enumerate(header):
        column, bare = question(name), letters(last(name))
        if _OF_FORM.match(name):
            found.ignored.add(place)
        elif column == "submitted_at":
            times.setdefault("submittedat", place)
        elif column:
            found.asked.setdefault(column, []).append(place)
        elif bare in TIMES:
            times.setdefault(bare, place)
        elif bare in SUBMISSIONS:
            found.submissions.append(place)
        elif bare in SENDERS:
            found.senders.append(place)
        elif name == REMARKS or is_system(name):
            found.ignored.add(place)
        else:
            strange.append(place)
    if "province" not in found.asked and (places := _only(header, strange, PLACES)):
        found.asked["province"] = places
    if not times and (places := _only(header, strange, DAYS)):
        times["submittedat"] = places[0]
    found.times = [(times[name], utc) for name, utc in TIMES.items() if name in times]
    found.submissions.sort(key=lambda place: SUBMISSIONS.index(letters(last(header[place]))))
    found.ignored |= {*found.submissions, *found.senders}
    return found


def _only(header: list[str], places: list[int], beginnings: tuple[str, ...]) -> list[int]:
    """Return the one place among several whose header begins in one of these ways, or none."""
    found = [place for place in places if letters(header[place]).startswith(beginnings)]
    return found if len(found) == 1 else []


def is_questionnaire(header: list[str]) -> bool:
    """Return whether a header asks enough of the questionnaire to be an export of it.

    >>> is_questionnaire(["group/leadership_1_actual"] * 3), is_questionnaire(["จังหวัด", "เพศ"])
    (False, False)
    """
    return len({question(name) for name in header} & _known().answers) >= FEWEST_ANSWERS


def last(name: str) -> str:
    """Return a header without the path of groups before it.

    >>> last("group/_uuid"), last("meta-instanceID")
    ('_uuid', 'instanceID')
    """
    return re.split(r"/|(?<=\w)-(?=\w)", name)[-1]


def is_system(name: str) -> bool:
    """Return whether a header is one that a survey system writes by itself."""
    return bool(_OF_SYSTEM.match(name)) or letters(last(name)) in SYSTEM


@lru_cache(maxsize=4096)
def question(name: str) -> str | None:
    """Return the questionnaire's column that a header asks, or None.

    >>> question("ข้อ 3. เพศ *"), question("people/sex"), question("people-leadership_1_actual")
    ('sex', 'sex', 'leadership_1_actual')
    """
    if len(name) > LONGEST:
        return None
    name = digits(clean(name))
    for way in (name, _NUMBERED.sub("", name), last(name), name.rpartition("/")[2].strip()):
        if found := _plain(way) or _grid(way):
            return found
    return _coded(name)


@dataclass(frozen=True)
class _Known:
    """The instrument's columns, the columns by what asks them, and the items by code and text."""

    columns: frozenset[str]
    answers: frozenset[str]
    asked: dict[str, str]
    items: dict[str, str]


def _known() -> _Known:
    return _read(paths.data())


@cache
def _read(data: Path) -> _Known:
    """Return what headers are compared with; `data` keeps two studies apart."""
    tool = instrument.load()
    sure = {letters(clean(way)): c for c, text in tool.headers.items() for way in (c, text)}
    sure |= {letters(way): "province" for way in PROVINCES}
    for row in tool.questions.itertuples():
        for way in (
            row.text_en,
            row.label_th,
            row.label_en,
            _bare(row.text_th),
            _bare(row.text_en),
        ):
            sure.setdefault(letters(clean(way)), row.variable)
    items = {
        letters(clean(way)): row.item
        for row in tool.items.itertuples()
        for way in (row.text_th, row.text_en, row.item)
    }
    return _Known(frozenset(tool.headers), frozenset(tool.answer_columns), sure, items)


def _plain(name: str) -> str | None:
    """Return the column whose own name or text a header is."""
    known = _known()
    for key in (letters(name), letters(_bare(name))):
        item = known.items.get(key)
        if found := known.asked.get(key) or (item if item in known.columns else None):
            return found
    return None


def _bare(name: str) -> str:
    """Return a text without what stands in brackets, such as a unit."""
    return re.sub(r"\([^()]*\)", "", name)


def _grid(name: str) -> str | None:
    """Return the column that an item and a state name together, whatever stands between them."""
    known, key = _known(), letters(name)
    for state, labels in STATES.items():
        for label in map(letters, labels):
            for rest in (key.removesuffix(label), key.removeprefix(label)):
                item = known.items.get(rest) or known.items.get(_NUMBERED.sub("", rest))
                if rest != key and item and f"{item}_{state}" in known.columns:
                    return f"{item}_{state}"
    if parts := _GRID.match(name):
        return _row_of_grid(parts[1], parts[2])
    return None


def _row_of_grid(asked: str, row: str) -> str | None:
    """Return the column of a grid whose row is an item, or whose row is a state of the item asked."""
    known = _known()
    for text, other in ((row, asked), (asked, row)):
        text = _NUMBERED.sub("", text)
        item = known.items.get(letters(text)) or known.items.get(letters(last(text)))
        states = {
            s for s, ways in STATES.items() if any(letters(w) in letters(other) for w in ways)
        }
        if item in known.columns:
            return item
        if item and len(states) == 1 and f"{item}_{min(states)}" in known.columns:
            return f"{item}_{min(states)}"
    return None


def _coded(name: str) -> str | None:
    """Return the column whose code stands before its text; a text of another question contradicts it."""
    parts, known = _CODED.match(name), _known()
    if not parts:
        return None
    code, text = parts[1].casefold(), parts[2]
    says = _plain(text) or _grid(text)
    if code in known.columns:
        return code if says in (None, code) else None
    return says if says and says.rpartition("_")[0] == known.items.get(letters(code)) else None
