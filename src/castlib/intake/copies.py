"""People who sent their answers more than once: which row is used, and why the others are not.

The rules, in this order, over all files of an intake:

(a) One submission exported twice (the same id of KoboToolbox or ODK, which an edited one keeps): the
    fuller row is used, then the later, then the first, so the corrected one.
(b) A double click (same province, background and answers): the first submitted is used, since it tells
    when the answers came. Open text does not count; people correct it and send again. Rows whose
    senders are known and differ are two people.
(c) One person by the sender (e-mail or user name) and by background, of which at most one answer differs:
    the last complete row is used, one in time before a late one, since who answers again means to
    correct. When a sender's rows differ more in background, somebody has filled in for others: all are
    kept, and the file is warned.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from itertools import combinations

from castlib.errors import some
from castlib.intake.answers import Person

MOST_DIFFERENT = 1
MOST_ROWS = 20


def once(
    people: list[Person], background: list[str], answers: list[str], late: Callable[[Person], bool]
) -> list[Person]:
    """Return people without the copies, each of which is a fault that names the row that is used.

    Parameters
    ----------
    people : list of Person
        In order of submission.
    background, answers : list of str
        The columns that make two rows the same.
    late : callable
        Tells whether a person answered after the deadline.
    """

    def full(person: Person) -> int:
        return sum(person.said[column] is not None for column in answers)

    def by_correction(person: Person) -> tuple:
        when = person.when or datetime.min
        return full(person) == len(answers), not late(person), full(person), when

    people = _submissions(people, lambda p: (full(p), p.when or datetime.min))
    people = _double_clicks(people, ["province", *background, *answers])
    return _senders(people, background, by_correction)


def _submissions(people: list[Person], worth: Callable[[Person], tuple]) -> list[Person]:
    """Apply rule (a)."""
    by_id = defaultdict(list)
    for person in people:
        if person.submission:
            by_id[person.submission].append(person)
    return _without(people, by_id.values(), worth, "row-submission-twice")


def _double_clicks(people: list[Person], same: list[str]) -> list[Person]:
    """Apply rule (b)."""
    first: dict[tuple, list[Person]] = defaultdict(list)
    kept = []
    for person in people:
        earlier = first[tuple(person.said[column] for column in same)]
        twin = next((p for p in earlier if _may_be_one(p.sender, person.sender)), None)
        if twin:
            person.fault("row-twice", given=_row(twin, person))
        else:
            earlier.append(person)
            kept.append(person)
    return kept


def _may_be_one(sender: str, other: str) -> bool:
    return not sender or not other or sender == other


def _senders(
    people: list[Person], background: list[str], worth: Callable[[Person], tuple]
) -> list[Person]:
    """Apply rule (c)."""
    by_sender = defaultdict(list)
    for person in people:
        if person.sender:
            by_sender[person.sender, person.said["province"]].append(person)
    same, shared = [], defaultdict(list)
    for rows in by_sender.values():
        backgrounds = {tuple(person.said[column] for column in background) for person in rows}
        if all(_like(*pair) for pair in combinations(backgrounds, 2)):
            same.append(rows)
        else:
            shared[rows[0].arrival.key].append(rows)
    for groups in shared.values():
        listed = some((person.row for rows in groups for person in rows), MOST_ROWS)
        groups[0][0].arrival.fault("sender-shared", given=len(groups), rows=listed)
    return _without(people, same, worth, "row-sender-twice")


def _like(one: tuple, other: tuple) -> bool:
    """Whether two backgrounds may be one person's: where both answer, at most one answer differs."""
    pairs = ((a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None)
    return sum(a != b for a, b in pairs) <= MOST_DIFFERENT


def _without(
    people: list[Person], groups: object, worth: Callable[[Person], tuple], code: str
) -> list[Person]:
    """Return people with only the worthiest of each group, the earliest when several are."""
    refused = set()
    for group in groups:
        kept = max(group, key=worth)
        for person in group:
            if person is not kept:
                person.fault(code, given=_row(kept, person))
                refused.add(id(person))
    return [person for person in people if id(person) not in refused]


def _row(kept: Person, refused: Person) -> str:
    """Return the number of the row that is used, with its file when that is another one."""
    elsewhere = kept.arrival is not refused.arrival
    return f"{kept.row} ของไฟล์ {kept.arrival.path}" if elsewhere else str(kept.row)
