"""Counts by place that stay safe beside the records: nothing withheld follows by subtraction.

What an attacker holds is one system of sums: the tables share the clusters' numbers of people, each
variable adds up to the country, and the records of the same people say how many of each class there
are. `respondents` declares all of it to `cells.Published`, which withholds what can be narrowed too far.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from castlib import regions
from castlib.privacy import cells
from castlib.release.plan import NOT_ANSWERED, SUPPRESSED, Plan
from castlib.text import coding

COUNTRY = regions.COUNTRY


def respondents(people: pd.DataFrame, records: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return how many respondents of each cluster gave each value of the background variables.

    Parameters
    ----------
    people : DataFrame
        The checked table of respondents.
    records : DataFrame
        The microdata that are published beside the counts, same index.
    plan : Plan
        Names the variables.

    Returns
    -------
    DataFrame
        variable, value, level, region, count (missing where withheld), withheld. The rows of variable
        `all` are the numbers of people.
    """
    place = people["cluster"]
    given = {name: plan.values(people, name).fillna(NOT_ANSWERED) for name in plan.counts}
    system = cells.Published(plan.k)
    named = set(records[plan.quasi[0]])
    sizes = place.value_counts().reindex(regions.clusters(), fill_value=0)
    # the records of a cluster that they name can be counted
    rows = [("all", "all", c, n, _size(system, n, c in named)) for c, n in sizes.items()]
    rows.append(("all", "all", COUNTRY, len(people), system.fixed(len(people))))
    whole = {region: number for *_, region, _, number in rows}
    system.tie([whole[c] for c in sizes.index], whole[COUNTRY])
    for name, values in given.items():
        codes = [option["code"] for option in plan.options(name)]
        codes += [NOT_ANSWERED] if NOT_ANSWERED in set(values) else []
        table = pd.crosstab(place, values).reindex(index=sizes.index, columns=codes, fill_value=0)
        rows += _table(system, name, table, whole)
    _tie_records(system, rows, given, people, records, plan)
    return _shown(rows, system)


def _size(system: cells.Published, count: int, known: bool) -> int:
    return system.fixed(count) if known else system.cell(count, total=True)


def _table(system: cells.Published, name: str, table: pd.DataFrame, whole: dict) -> list[tuple]:
    """Declare a table of clusters × values with its totals; return its rows with their cell numbers."""
    rows = []
    for code in table.columns:
        count = int(table[code].sum())
        rows.append((name, code, COUNTRY, count, system.cell(count, total=True)))
        rows += [(name, code, c, n, system.cell(n)) for c, n in table[code].items()]
    numbers = {(code, region): number for _, code, region, _, number in rows}
    for code in table.columns:
        system.tie([numbers[code, c] for c in table.index], numbers[code, COUNTRY])
    for region in [*table.index, COUNTRY]:
        system.tie([numbers[code, region] for code in table.columns], whole[region])
    return rows


def _tie_records(
    system: cells.Published,
    rows: list[tuple],
    given: dict[str, pd.Series],
    people: pd.DataFrame,
    records: pd.DataFrame,
    plan: Plan,
) -> None:
    """Tie the counts to what the records tell: the true classes, as far as suppression leaves them open.

    `core` is the true number of each cluster and combination; the records give it except for the
    people of suppressed classes, who may belong to any combination that their class allows.
    """
    names = plan.quasi
    true = pd.DataFrame({name: plan.values(people, name) for name in names[1:]})
    true = true.fillna(NOT_ANSWERED)
    true.insert(0, names[0], people["cluster"])
    seen = records[names].fillna(NOT_ANSWERED)
    values = [regions.clusters(), *(sorted(set(true[name])) for name in names[1:])]
    core = {combination: [] for combination in product(*values)}
    joint = pd.concat([seen.add_prefix("seen "), true], axis=1)
    for pattern, members in joint.groupby(list(joint.columns[: len(names)])):
        if SUPPRESSED in pattern:
            _open_class(system, core, pattern, members[names].value_counts().to_dict())
    sizes = true.value_counts().to_dict()
    number = {}
    for combination, parts in core.items():
        number[combination] = system.latent(sizes.get(combination, 0))
        system.tie(parts, number[combination])
    for name, column in given.items():
        at = next((i for i, q in enumerate(names) if name in (q, plan.source(q))), None)
        if at is not None:
            group = plan.grouping(names[at]) if names[at] != name else {}
            counted = true.assign(value=column).value_counts().to_dict()
            _tie_table(system, [r for r in rows if r[0] == name], number, counted, at, group)


def _open_class(system: cells.Published, core: dict, pattern: tuple, members: dict) -> None:
    """Declare how the people of one suppressed class may be spread over the combinations it allows."""
    allowed = [
        combination
        for combination in core
        if all(p in (SUPPRESSED, c) for p, c in zip(pattern, combination, strict=True))
    ]
    parts = [system.latent(members.get(combination, 0)) for combination in allowed]
    system.tie(parts, None)
    for combination, part in zip(allowed, parts, strict=True):
        core[combination].append(part)


def _tie_table(
    system: cells.Published, rows: list[tuple], core: dict, counted: dict, at: int, group: dict
) -> None:
    """Tie the cells of one table to the combinations, of which it may be a finer cut."""
    within: dict[tuple, list[int]] = {combination: [] for combination in core}
    for _, code, region, _, cell in rows:
        if region == COUNTRY:
            continue
        parts = []
        for combination in core:
            if combination[0] == region and combination[at] == group.get(code, code):
                part = system.latent(counted.get((*combination, code), 0))
                parts.append(part)
                within[combination].append(part)
        system.tie(parts, cell)
    for combination, parts in within.items():
        system.tie(parts, core[combination])


def _shown(rows: list[tuple], system: cells.Published) -> pd.DataFrame:
    """Return the rows of a system of tables with what must be withheld missing."""
    hidden = system.protect()
    frame = pd.DataFrame(rows, columns=["variable", "value", "region", "count", "cell"])
    frame["withheld"] = frame["cell"].isin(hidden)
    frame["count"] = frame["count"].astype("Int64").mask(frame["withheld"])
    level = frame["region"].map(lambda region: "country" if region == COUNTRY else "cluster")
    frame.insert(2, "level", level)
    return frame.drop(columns="cell")


def groups(codings: pd.DataFrame, segments: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return how many focus groups of each region raised each code, few ones withheld.

    A code that few groups raised and one that few did not raise are withheld alike. A theme is raised
    where any of its codes is: what follows from that is counted as known.

    Returns
    -------
    DataFrame
        code, level, region, groups (missing where withheld), of_groups, withheld.
    """
    columns = ["code", "level", "region", "groups", "of_groups", "withheld"]
    said = codings[
        (codings["kind"] == "participants") & codings["segment"].isin(segments["segment"])
    ]
    if said.empty:
        return pd.DataFrame(columns=columns)
    place = regions.provinces().set_index("province")[plan.codes_by]
    # prevalence counts within a cluster; here the region may be a larger one
    by = said.assign(cluster=said["province"].map(place))
    found = coding.prevalence(by, segments, by="cluster").rename(columns={"cluster": "region"})
    country = coding.prevalence(said, segments).assign(region=COUNTRY)
    found = pd.concat([country, found], ignore_index=True)
    found["theme"] = found["parent"].where(found["parent"] != "", found["code"])
    families = [_family(family, plan.k) for _, family in found.groupby("theme", sort=False)]
    shown = pd.concat(families).sort_index()
    levels = {True: "country", False: plan.codes_by}
    shown["level"] = (shown["region"] == COUNTRY).map(levels)
    return shown[columns]


def _family(family: pd.DataFrame, k: int) -> pd.DataFrame:
    """Withhold within a theme and its codes, all regions and the country together."""
    system = cells.Published(k)
    yes, no = {}, {}
    for row in family.itertuples():
        total = row.region == COUNTRY
        most = row.of_groups
        yes[row.code, row.region] = system.cell(row.groups, total, most)
        no[row.code, row.region] = system.cell(most - row.groups, total, most)
        # how many groups there were is known to everybody: one a district
        system.tie([yes[row.code, row.region], no[row.code, row.region]], None)
    places = [region for region in family["region"].unique() if region != COUNTRY]
    theme = family["theme"].iloc[0]
    for code in family["code"].unique():
        for side in (yes, no):
            system.tie([side[code, region] for region in places], side[code, COUNTRY])
    count = family.set_index(["code", "region"])["groups"]
    children = [code for code in family["code"].unique() if code != theme]
    for region in family["region"].unique():
        for code in children:
            rest = system.latent(count[theme, region] - count[code, region])
            system.tie([yes[code, region], rest], yes[theme, region])
        if children:
            twice = sum(count[c, region] for c in children) - count[theme, region]
            parts = [yes[code, region] for code in children]
            both = [yes[theme, region], system.latent(twice)]
            system.tie(parts, _sum(system, both, int(count[theme, region] + twice)))
    hidden = system.protect()
    at = zip(family["code"], family["region"], strict=True)
    withheld = [yes[place] in hidden or no[place] in hidden for place in at]
    return family.assign(withheld=withheld, groups=family["groups"].astype("Int64").mask(withheld))


def _sum(system: cells.Published, parts: list[int], value: int) -> int:
    """Declare the sum of some counts as a count of its own."""
    whole = system.latent(value)
    system.tie(parts, whole)
    return whole
