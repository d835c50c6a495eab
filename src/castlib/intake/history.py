"""The register of everything that was ever received: each content of each path, when, with what outcome.

A corrected file takes the place of the old one in the tables; the register keeps both. It lies in
build/intake/register.json, that of a synthetic country beside it under a name of its own, and each
intake's report holds a copy. Everything generated lies under build/ and sources are never written to,
so the register lives as long as build/intake/ does: who deletes it begins a new one, and whoever needs
an older one keeps a copy of the file. An intake that is broken off leaves the register as it was; the
next one finds the same files and adds the same entries.

An entry has path, sha256 (empty for what is never opened), size, province, kind, status, submitted_at
(the drive's time, where known), first_seen (the intake that first found it), current, replaced_by (the
sha256 that came in its place) and gone (nothing came in its place). Times are ISO.
"""

import json
from pathlib import Path

from castlib import paths
from castlib.errors import some

OF_FILE = ("path", "sha256", "size", "province", "kind", "status", "submitted_at")
MOST_NAMED = 10


def update(previous: list[dict], files: list[dict], now: str) -> list[dict]:
    """Return the register after an intake, by path and, of one path, in the order of coming.

    Nothing is taken out. A path's content that is there now is current, with the outcome of this
    intake; a content seen before keeps its `first_seen`, also when it had vanished. A file under a new
    path is a new entry.

    Parameters
    ----------
    previous : list of dict
        The register until now; left as it is.
    files : list of dict
        The files of this intake, as `Arrival.record` gives them.
    now : str
        ISO time of this intake.

    Examples
    --------
    >>> file = dict.fromkeys(OF_FILE) | {"path": "a.docx", "sha256": "1"}
    >>> first = update([], [file], "2022-11-10T09:00:00")
    >>> for entry in update(first, [file | {"sha256": "2"}], "2022-11-12T09:00:00"):
    ...     print(entry["sha256"], entry["first_seen"][:10], entry["current"], entry["replaced_by"])
    1 2022-11-10 False 2
    2 2022-11-12 True None
    """
    there = {_key(file): file for file in files}
    content = {file["path"]: file["sha256"] for file in files}
    known = {_key(entry): entry for entry in previous}
    entries = []
    for key, entry in known.items():
        if key in there:
            entries.append(_current(there[key], entry["first_seen"]))
        else:
            by = entry["replaced_by"]
            by = content.get(entry["path"]) if by is None else by
            entries.append(entry | {"current": False, "replaced_by": by, "gone": by is None})
    entries += [_current(file, now) for key, file in there.items() if key not in known]
    return sorted(entries, key=lambda entry: entry["path"])


def _key(entry: dict) -> tuple[str, str]:
    return entry["path"], entry["sha256"]


def _current(file: dict, first_seen: str) -> dict:
    state = {"first_seen": first_seen, "current": True, "replaced_by": None, "gone": False}
    return {name: file[name] for name in OF_FILE} | state


def changes(before: list[dict], after: list[dict]) -> list[str]:
    """Return in Thai what came, was replaced and vanished between two states of the register.

    The first line counts; the second, when there was a register before, names at most ten files.

    >>> changes([], [])
    ['ไฟล์ใหม่ 0 · แทนฉบับเดิม 0 · หายไป 0']
    """
    old, new = _contents(before), _contents(after)
    came = [path for path in new if path not in old]
    replaced = [path for path in new if path in old and new[path] != old[path]]
    gone = [path for path in old if path not in new]
    counted = f"ไฟล์ใหม่ {len(came):,} · แทนฉบับเดิม {len(replaced):,} · หายไป {len(gone):,}"
    kinds = {"แทนฉบับเดิม": replaced, "หายไป": gone, "ใหม่": came}
    named = [f"{path} ({what})" for what, listed in kinds.items() for path in listed]
    return [counted, some(named, MOST_NAMED)] if named and before else [counted]


def _contents(register: list[dict]) -> dict[str, str]:
    return {entry["path"]: entry["sha256"] for entry in register if entry["current"]}


def file(synthetic: bool) -> Path:
    """Return where the register of real or of synthetic files lies."""
    return paths.build() / "intake" / f"register{'-synthetic' if synthetic else ''}.json"


def load(synthetic: bool) -> list[dict]:
    """Return the register until now; empty when there is none that can be read."""
    try:
        return json.loads(file(synthetic).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []


def save(register: list[dict], synthetic: bool) -> None:
    """Put the register into its file, whole or not at all."""
    paths.put_json(file(synthetic), register)
