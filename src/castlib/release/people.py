"""The respondents as they may be given away: generalised, k-anonymous, under new ids."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from castlib import regions
from castlib.privacy import cells, pseudonyms
from castlib.release.plan import NOT_ANSWERED, SUPPRESSED, Plan, Refused


def records(respondents: pd.DataFrame, plan: Plan) -> tuple[pd.DataFrame, dict, Plan]:
    """Return the microdata by the first scheme of the plan that passes, their report, and that plan.

    Parameters, frame and report are as of `by_scheme`; `schemes_refused` says why earlier ones were.

    Raises
    ------
    Refused
        No scheme passes, or there are fewer than 2k people.
    """
    if len(respondents) < 2 * plan.k:
        raise Refused(
            f"ไม่ออกชุดข้อมูล: มีผู้ตอบ {len(respondents)} คน ต้องมีอย่างน้อย {2 * plan.k} คน (สองเท่าของ k = {plan.k})"
        )
    refused: list[str] = []
    for scheme in plan.schemes:
        chosen = replace(plan, schemes=[scheme])
        try:
            frame, report = by_scheme(respondents, chosen)
        except Refused as error:
            refused.append(str(error))
        else:
            return frame, report | {"schemes_refused": refused}, chosen
    raise Refused("\n".join(refused))


def by_scheme(respondents: pd.DataFrame, plan: Plan) -> tuple[pd.DataFrame, dict]:
    """Return the microdata with the original index, and the report of its anonymity.

    Parameters
    ----------
    respondents : DataFrame
        The checked table, one row a person.
    plan : Plan
        k, the quasi-identifiers in order, and the share that may be suppressed.

    Returns
    -------
    DataFrame
        respondent (R0001…), the coarser place, the quasi-identifiers (`suppressed`, or missing: not
        answered), every answer (1–5 or missing), and every construct score (mean of its answers;
        missing when one is).
    dict
        k_required, k_achieved, records, classes, suppressed {variable: {cells, answered, share}}:
        cells suppressed, those of them that had been answered, and these as a share of the records.

    Raises
    ------
    Refused
        k not reached, or too large a share of a variable suppressed.
    """
    place = regions.provinces().set_index("province")
    quasi = pd.DataFrame({name: plan.values(respondents, name) for name in plan.quasi[1:]})
    quasi.insert(0, plan.quasi[0], respondents["province"].map(place[plan.quasi[0]]))
    ids = new_ids(respondents["respondent"])
    shown = anonymise(quasi.loc[ids.sort_values().index], plan.k).loc[quasi.index]
    missed = lost(quasi, shown)
    coarse = respondents["province"].map(place[plan.coarser]).astype(object)
    shown.insert(0, plan.coarser, coarse.mask(shown[plan.quasi[0]] == SUPPRESSED, SUPPRESSED))
    report = _report(shown, missed, plan)
    shown.insert(0, "respondent", ids)
    answers = respondents[plan.tool.answer_columns].astype("Int64")
    return pd.concat([shown, answers, scores(answers, plan)], axis=1), report


def anonymise(quasi: pd.DataFrame, k: int) -> pd.DataFrame:
    """Return the quasi-identifiers with cells suppressed until every class has at least k records.

    The last column is suppressed first, in the records of classes smaller than k, then the one before
    it. Those who are then alike but still fewer than k get company: records of a class of the same
    place that can spare them, or else a whole class, whichever costs fewest cells. The first column,
    the place, is suppressed only where all of it is fewer than k. Suppressed and missing (not
    answered) are values of their own; what fewer than k of a place did not answer is suppressed at
    once, for nothing is lost by it.

    Of records that are alike, the first are taken: give the frame in an order that tells nothing. The
    result may still fall short of k (a few people in one small place): ask `cells.k_anonymity`.

    Examples
    --------
    >>> people = pd.DataFrame({"place": ["a"] * 7, "sex": ["f"] * 3 + ["m"] * 4})
    >>> anonymise(people, 3)["sex"].tolist() == people["sex"].tolist()
    True
    >>> anonymise(people, 4)["sex"].unique().tolist()
    ['suppressed']
    """
    given = quasi.astype(object).fillna(NOT_ANSWERED)
    place = given.columns[0]
    # company at every level, or only once nothing else is shown: which loses less differs by place
    tries = {
        name: [_suppress(own, k, early) for early in (True, False)]
        for name, own in given.groupby(place, sort=False)
    }
    best = [min(made, key=lambda shown: lost(given, shown).sum()) for made in tries.values()]
    shown = pd.concat(best).loc[given.index]
    shown.loc[cells.class_sizes(shown, list(shown.columns)) < k, place] = SUPPRESSED
    return shown.mask(shown == NOT_ANSWERED, None)


def lost(given: pd.DataFrame, shown: pd.DataFrame) -> pd.Series:
    """Return how many answered cells of each column were suppressed."""
    answered = given.loc[shown.index].notna() & (given.loc[shown.index] != NOT_ANSWERED)
    return ((shown == SUPPRESSED) & answered).sum()


def _suppress(own: pd.DataFrame, k: int, early: bool) -> pd.DataFrame:
    """Suppress within one place, from the last column to the first after the place."""
    shown = own.copy()
    names = list(shown.columns)
    for name in names[1:]:
        silent = shown[name] == NOT_ANSWERED
        if silent.sum() < k:
            shown.loc[silent, name] = SUPPRESSED
    for level in range(len(names) - 1, 0, -1):
        shown.loc[cells.class_sizes(shown, names) < k, names[level]] = SUPPRESSED
        if level > 1 and not early:
            continue
        kept, gone = names[:level], names[level:]
        bare = shown[(shown[gone] == SUPPRESSED).all(axis=1)]
        for alike, members in bare.groupby(kept):
            if len(members) < k:
                _keep_company(shown, dict(zip(kept, alike, strict=True)), gone, k)
    return shown


def _keep_company(shown: pd.DataFrame, alike: dict[str, str], gone: list[str], k: int) -> None:
    """Suppress `gone` in more of those who are alike in the rest, until k have nothing else shown.

    Whole classes are taken only where nothing is left to try: the place alone is alike.
    """
    own = shown[(shown[list(alike)] == pd.Series(alike)).all(axis=1)]
    last = len(alike) == 1
    while True:
        bare = (own[gone] == SUPPRESSED).all(axis=1)
        lacking = k - int(bare.sum())
        if lacking <= 0 or bare.all():
            return
        others = own[~bare]
        size = cells.class_sizes(others, gone)
        spare = size >= k + lacking
        if not last and not spare.any():
            return
        taken = size.where(~spare, lacking)
        cost = (others[gone] != SUPPRESSED).sum(axis=1) * taken
        first = cost[spare | last].idxmin()
        same = others.index[(others[gone] == others.loc[first, gone]).all(axis=1)]
        shown.loc[same[: taken[first]], gone] = SUPPRESSED
        own = shown.loc[own.index]


def _report(shown: pd.DataFrame, missed: pd.Series, plan: Plan) -> dict:
    """Return the report of the anonymised columns, or refuse them."""
    quasi, n = [plan.coarser, *plan.quasi], len(shown)
    reached = cells.k_anonymity(shown, quasi)
    if reached < plan.k:
        raise Refused(
            f"ไม่ออกชุดข้อมูล: มีผู้ตอบที่เหมือนกันเพียง {reached} คนในตัวแปร {', '.join(quasi)} "
            f"ต้องมีอย่างน้อย {plan.k} คน รวมค่าให้หยาบขึ้นใน data/release.yml"
        )
    for name, count in missed.items():
        if count > plan.max_suppressed * n:
            raise Refused(
                f"ไม่ออกชุดข้อมูล: ต้องปกปิด {name} {count} จาก {n} คน (ร้อยละ {100 * count / n:.1f}) "
                f"เกินร้อยละ {100 * plan.max_suppressed:g} ที่กำหนด "
                "รวมค่าให้หยาบขึ้นหรือเอาตัวแปรออกจาก schemes ใน data/release.yml"
            )
    missed = missed.rename(index=str)
    missed[plan.coarser] = missed[plan.quasi[0]]
    return {
        "k_required": plan.k,
        "k_achieved": reached,
        "records": n,
        "classes": len(shown.drop_duplicates()),
        "quasi_identifiers": quasi,
        "suppression_order": plan.quasi[::-1],
        "max_suppressed_share": plan.max_suppressed,
        "suppressed": {
            name: {
                "cells": int((shown[name] == SUPPRESSED).sum()),
                "answered": int(missed[name]),
                "share": round(float(missed[name]) / n, 4),
            }
            for name in quasi
        },
    }


def new_ids(respondents: pd.Series) -> pd.Series:
    """Return ids R0001… in an order that tells nothing to those who do not have the key."""
    key = pseudonyms.key()
    digests = [key.hash(f"release:{name}") for name in respondents]
    order = pd.Series(digests, index=respondents.index).rank(method="first").astype("int64")
    return order.map(lambda number: f"R{number:04d}")


def scores(answers: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return each construct's score in each state: the mean of its answers, missing when one is."""
    made = {
        name: answers[columns].astype("float64").mean(axis=1, skipna=False).round(6)
        for name, (_, _, columns) in score_columns(plan).items()
    }
    return pd.DataFrame(made, index=answers.index)


def score_columns(plan: Plan) -> dict[str, tuple[str, str, list[str]]]:
    """Return for each score its construct, its state ("" when asked once) and its answers."""
    found = {}
    for construct in plan.tool.success:
        for state in ("expected", "actual"):
            found[f"score_{construct}_{state}"] = (
                construct,
                state,
                plan.tool.columns(construct, state),
            )
    for construct in plan.tool.outcomes:
        found[f"score_{construct}"] = construct, "", plan.tool.columns(construct)
    return found
