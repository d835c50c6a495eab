"""The study's tables put together from what the files gave.

A district is complete when it has at least the answers, the form, its consent, no picture in the form and
the photos that the protocol asks for, whenever they came; it is on time when something came and nothing that counts came
after the deadline's day. What is national (staff, partners, executives, experts) has no deadline.
`source_row` counts a sheet's rows from 1 (the header), a form's rows over all its tables from 1, and is
0 where the whole file is the source.
"""

from collections import defaultdict
from functools import cache
from pathlib import Path

import pandas as pd

from castlib import paths, protocol, regions, store
from castlib.exchange.project import Project
from castlib.intake import coding, projects
from castlib.intake.arrival import Arrival, deadline, newest
from castlib.intake.faults import Fault, fault
from castlib.intake.forms import Form
from castlib.intake.spreadsheet import Rows

CODING = ["segment", "group", "kind", "province", "cluster"]


def frame(name: str, records: list[dict]) -> pd.DataFrame:
    """Return records as a frame with the columns of a table, also when there are none."""
    return pd.DataFrame(records, columns=_columns(paths.data())[name])


@cache
def _columns(data: Path) -> dict[str, list[str]]:
    """Return the columns of every table; `data` keeps two studies apart."""
    return {name: list(schema.columns) for name, schema in store.schemas().items()}


def gather(
    respondents: pd.DataFrame | None,
    forms: list[Form],
    photos: list[dict],
    ioc: list[pd.DataFrame],
    coders: list[tuple[Arrival, Rows]],
    projects: list[tuple[Arrival, Project]],
    decided: list[list[dict]],
) -> dict[str, pd.DataFrame]:
    """Return the tables by name, those of districts and faults still to come."""
    segments = frame("segments", [record for form in forms for record in _segments(form)])
    return {
        "respondents": frame("respondents", []) if respondents is None else respondents,
        "groups": frame("groups", [_group(form) for form in forms]),
        "segments": segments,
        "photos": frame("photos", photos),
        "ioc": ioc[0] if ioc else frame("ioc", []),
        "codings": codings(coders, projects, segments),
        "verdicts": frame("verdicts", [record for records in decided for record in records]),
    }


def _group(form: Form) -> dict:
    arrival = form.arrival
    return {
        "group": form.group,
        "kind": form.kind,
        "province": form.province,
        "cluster": form.cluster,
        "held_on": form.held_on,
        "n_participants": form.n_participants,
        "consent": form.consent,
        "submitted_at": arrival.submitted_at,
        "on_time": form.province is None or not arrival.late,
        "pictures": form.pictures,
        "source_file": arrival.path,
        "source_row": 0,
    }


def _segments(form: Form) -> list[dict]:
    about = {"group": form.group, "kind": form.kind, "province": form.province}
    about |= {"cluster": form.cluster, "source_file": form.arrival.path}
    turns = sorted(form.segments, key=lambda turn: turn["turn"])
    return [{"segment": f"{form.group}:{turn['turn']}", **about, **turn} for turn in turns]


def codings(
    coders: list[tuple[Arrival, Rows]],
    opened: list[tuple[Arrival, Project]],
    segments: pd.DataFrame,
) -> pd.DataFrame:
    """Return the codings of sheets and projects with what is known of the segments they belong to.

    Of several files in which a coder coded the same group the newest is used for it.
    """
    keys = zip(segments["group"], segments["turn"], strict=True)
    texts = dict(zip(keys, segments["text"], strict=True))
    groups = set(segments["group"])
    claimed = [(arrival, coding.claims(arrival, rows, groups)) for arrival, rows in coders]
    claimed += [(arrival, projects.claims(arrival, found, groups)) for arrival, found in opened]
    by_claim = defaultdict(list)
    for arrival, pairs in claimed:
        for pair in pairs:
            by_claim[pair].append(arrival)
    used = {pair: newest(same) for pair, same in by_claim.items() if len(same) > 1}

    def others(arrival: Arrival) -> coding.Elsewhere:
        return {pair: kept for pair, kept in used.items() if kept is not arrival}

    records = [
        record
        for arrival, rows in coders
        for record in coding.coding(arrival, rows, texts, others(arrival))
    ]
    for arrival, found in opened:
        records += projects.codings(arrival, found, segments, others(arrival))
    if not records:
        return frame("codings", [])
    table = pd.DataFrame(records).drop(columns="group")
    return table.merge(segments[CODING], on="segment", how="left", validate="many_to_one")


def districts(
    written: dict[str, pd.DataFrame], forms: list[Form], arrivals: list[Arrival]
) -> tuple[list[dict], list[Fault]]:
    """Return a record a province, also when nothing came, and the faults of what did not come."""
    answers = written["respondents"]
    of_province = {form.province: form for form in forms if form.province}
    count = {
        name: written[name]["province"].value_counts().to_dict()
        for name in ("respondents", "photos")
    }
    late = {*answers.loc[~answers["on_time"].astype(bool), "province"]}
    counted = {*written["photos"]["source_file"], *written["groups"]["source_file"]}
    late |= {a.province for a in arrivals if a.path in counted and a.late}
    asked, records, faults = protocol.load().per_district, [], []
    for row in regions.provinces().itertuples():
        code, form = row.province, of_province.get(row.province)
        record = {
            "province": code,
            "cluster": row.cluster,
            "answers": int(count["respondents"].get(code, 0)),
            "form": form is not None,
            "consent": form is not None and form.consent,
            "photos": int(count["photos"].get(code, 0)),
            "pictures_in_form": form.pictures if form else 0,
        }
        came = record["answers"] or record["form"] or record["photos"]
        record["on_time"] = bool(came) and code not in late
        faults += _absent(record, asked)
        enough = record["answers"] >= asked["answers"] and record["photos"] >= asked["photos_min"]
        clean = record["form"] and record["consent"] and not record["pictures_in_form"]
        record["complete"] = enough and clean
        records.append(record)
    return records, faults


def _absent(record: dict, asked: dict) -> list[Fault]:
    """Return the faults of what a district has not sent."""
    found, by = [], {"province": record["province"], "deadline": deadline()}
    answers, photos = record["answers"], record["photos"]
    if answers != asked["answers"]:
        code = "answers-few" if answers < asked["answers"] else "answers-many"
        found.append(fault(code, given=answers, number=asked["answers"], **by))
    if not record["form"]:
        found.append(fault("form-missing", **by))
    if photos < asked["photos_min"]:
        found.append(fault("photos-few", given=photos, number=asked["photos_min"], **by))
    return found
