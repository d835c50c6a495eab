"""Word forms of focus groups and interviews: whose they are, when, with whom, by whose consent.

Rules: the header table says the province (else the folder's name does) or the kind of informants; a
conflict with the folder is warned and the header holds. Consent is certified when every ticked-or-not
statement about it (ยินยอม) is ticked and no contrary one is; otherwise the group is kept with consent
False and nothing that was said is. The number of participants is the number of rows in their table, or
the number in the header when there is no such table. Of two forms of one group the newest is used, a
form in its own province's folder before others.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from castlib import protocol, regions
from castlib.errors import some
from castlib.intake import consent, layout, topics, turns, values, word, zips
from castlib.intake.arrival import Arrival
from castlib.intake.layout import Parts
from castlib.intake.values import Unreadable, digits

KINDS = {
    "ศูนย์": "staff",
    "ศพช": "staff",
    "ภาคี": "partners",
    "ผู้บริหาร": "executive",
    "ผู้เข้าร่วม": "participants",
}
FOLDERS = {"staff": "staff", "executives": "executive"}
MOST_PEOPLE = 999

_PEOPLE = re.compile(r"(?:รวม|จำนวน|ทั้งหมด|ทั้งสิ้น|ประมาณ| )*(\d{1,3}) ?(?:คน|ราย|ท่าน|นาย)(?!\w)")


@dataclass
class Form:
    """One form that could be read: its group, and what was said that may be used."""

    arrival: Arrival
    group: str
    kind: str
    province: str | None
    own_folder: bool
    held_on: datetime | None = None
    n_participants: int | None = None
    consent: bool = False
    pictures: int = 0
    segments: list[dict] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The group in Thai."""
        if self.province:
            return regions.label(self.province)
        return f"{protocol.informant_label(self.kind)} ({self.group})"

    @property
    def cluster(self) -> str | None:
        """The cluster of the form's province; None for national informants."""
        listed = regions.provinces().set_index("province")["cluster"]
        return listed[self.province] if self.province else None


def read(arrival: Arrival) -> Form | None:
    """Return a form's group, consent and turns; None when the file is refused."""
    try:
        document = word.read(arrival.file)
    except zips.Refused as refusal:
        code = "form-not-word" if refusal.reason == "not" else f"form-{refusal.reason}"
        arrival.refuse(code, given=refusal.given)
        return None
    parts = layout.sort(arrival, document.blocks)
    if len(parts.turns) > turns.MOST_TURNS:
        given = f"{len(parts.turns):,} แถว เกิน {turns.MOST_TURNS:,}"
        arrival.refuse("form-too-large", given=given)
        return None
    form = _whose(arrival, parts)
    if form is None:
        return None
    _tell_of_file(arrival, document)
    form.pictures = document.pictures
    form.held_on = _held_on(arrival, parts)
    form.n_participants = _people(arrival, parts, form.kind)
    verdict = consent.judge(parts.lines)
    form.consent = verdict == consent.GIVEN
    if not form.consent:
        arrival.fault(consent.FAULTS[verdict])
    if not parts.turns:
        arrival.fault("form-no-turns")
    asked = topics.asked(form.kind)
    form.segments = turns.judge(arrival, parts.turns, parts.unused, asked, form.consent)
    return form


def _tell_of_file(arrival: Arrival, document: word.Document) -> None:
    """Say what a form's file carries that a form should not."""
    if document.macro:
        arrival.fault("form-macro")
    if document.pictures:
        arrival.fault("picture-in-form", given=document.pictures)
    if document.embedded:
        arrival.fault("form-embedded", given=document.embedded)
    if document.outside:
        arrival.fault("form-external", given=some(document.outside))


def _whose(arrival: Arrival, parts: Parts) -> Form | None:
    """Return the form under its group, or refuse the file when nothing says whose it is."""
    top, *_ = arrival.key.split("/")
    label, said = parts.header.get("kind", ("", ""))
    told = next((kind for word_, kind in KINDS.items() if word_ in said), None)
    kind = told
    if kind is None and ("province" in parts.header or arrival.province):
        kind = "participants"
    if kind is None and top in FOLDERS:
        kind = "partners" if arrival.file.stem == "partners" else FOLDERS[top]
    if kind is None:
        arrival.refuse("form-kind-unknown")
        return None
    strange = []
    if said:
        _settle(arrival, kept=told is not None or kind != "participants")
        strange += [label] if told is None and kind == "participants" else []
    if kind != "participants" and "province" in parts.header:
        _settle(arrival, kept=False)
        strange.append(parts.header["province"][0])
    if strange:
        arrival.fault("form-label-unknown", given=some(strange))
    if kind == "participants":
        return _of_province(arrival, parts)
    arrival.province = None
    group = _numbered(arrival, kind, said)
    return Form(arrival, group, kind, None, own_folder=True) if group else None


def _settle(arrival: Arrival, kept: bool) -> None:
    """Count one cell of the header."""
    arrival.fields.accepted += kept
    arrival.fields.rejected += not kept


def _of_province(arrival: Arrival, parts: Parts) -> Form | None:
    label, said = parts.header.get("province", ("", ""))
    folder = arrival.province
    if said:
        try:
            arrival.province = values.province(said)
            _settle(arrival, kept=True)
        except Unreadable as refusal:
            _settle(arrival, kept=False)
            arrival.fault("form-province-unknown", label, given=said, **refusal.details)
    if arrival.province is None:
        arrival.refuse("file-no-province")
        return None
    if folder and folder != arrival.province:
        names = {"given": regions.label(arrival.province), "folder": regions.label(folder)}
        arrival.fault("province-conflict", **names)
    own = folder == arrival.province
    return Form(arrival, arrival.province, "participants", arrival.province, own)


def _numbered(arrival: Arrival, kind: str, said: str) -> str | None:
    """Return the group of staff, partners or an executive, numbered by the header or the file's name."""
    if kind == "partners":
        return "partners"
    targets = protocol.load().targets["qualitative"]
    limit = targets["centres"] if kind == "staff" else targets["executives"]
    found = re.search(r"\d{1,3}", digits(said)) or re.search(r"\d{1,3}", digits(arrival.file.stem))
    if not found or not 1 <= int(found[0]) <= limit:
        label = protocol.informant_label(kind)
        arrival.refuse("form-no-number", given=said, label=label, limit=limit)
        return None
    return f"centre-{int(found[0]):02d}" if kind == "staff" else f"executive-{int(found[0])}"


def _held_on(arrival: Arrival, parts: Parts) -> datetime | None:
    if "held_on" not in parts.header:
        arrival.fault("form-date-missing")
        return None
    label, said = parts.header["held_on"]
    try:
        found = values.date(said)
    except Unreadable as refusal:
        _settle(arrival, kept=False)
        arrival.fault(refusal.code, label, given=said)
        return None
    _settle(arrival, kept=True)
    return found


def _people(arrival: Arrival, parts: Parts, kind: str) -> int | None:
    """Return how many took part, and compare the two places that say so with what is asked."""
    label, said = parts.header.get("n_participants", ("", ""))
    declared = None
    if said:
        try:
            among = _PEOPLE.match(digits(said))
            declared = values.whole(among[1] if among else said, high=MOST_PEOPLE)
            _settle(arrival, kept=True)
        except Unreadable:
            _settle(arrival, kept=False)
            arrival.fault("form-count-unreadable", label, given=said)
    people = parts.people or declared
    if parts.people and declared is not None and parts.people != declared:
        arrival.fault("participants-differ", given=declared, number=parts.people)
    study = protocol.load()
    asked = {
        "participants": study.per_district["participants"],
        "staff": study.targets["qualitative"]["per_centre"],
        "partners": study.targets["qualitative"]["partners"],
        "executive": 1 if people else people,
    }[kind]
    if people != asked:
        given = "ไม่ระบุ" if people is None else people
        arrival.fault("participants-count", given=given, number=asked)
    return people
