"""What is wrong with what the provinces of the synthetic country send: real life, in known places.

Each kind of flaw falls on a number of provinces in proportion to the country, and on at least one where
it can: the only form of a one-province country cannot be missing and late at once.
"""

from castlib import regions
from castlib.demo.truth import stream

FULL_COUNTRY = 76
FAMILIES = {
    "form": {
        "form_missing": 1,
        "late_form": 4,
        "picture_in_form": 2,
        "consent_unticked": 2,
        "thai_digits_form": 6,
        "personal_data": 3,
    },
    "photos": {"few_photos": 4, "unreadable_photo": 2, "identical_photos": 2},
    "answers": {
        "nine_answers": 4,
        "eleven_answers": 1,
        "duplicate_answer": 2,
        "out_of_range": 2,
        "thai_digits_answers": 4,
        "late_answers": 3,
    },
}
KINDS = [kind for family in FAMILIES.values() for kind in family]
CLASHES = {
    "form_missing": set(FAMILIES["form"]),
    **{kind: {"form_missing"} for kind in FAMILIES["form"] if kind != "form_missing"},
    # what is not read cannot be hidden
    "personal_data": {"form_missing", "consent_unticked"},
    "consent_unticked": {"form_missing", "personal_data"},
    "nine_answers": {"eleven_answers"},
    "eleven_answers": {"nine_answers"},
}


def plan(seed: int) -> dict[str, set[str]]:
    """Return the kinds of flaw that fall on each province, provinces without any included."""
    provinces = list(regions.provinces()["province"])
    fallen: dict[str, set[str]] = {province: set() for province in provinces}
    for family, kinds in FAMILIES.items():
        order = [str(p) for p in stream(seed, "flaws", family).permutation(provinces)]
        load = dict.fromkeys(order, 0)
        for kind, usual in kinds.items():
            if kind == "form_missing" and len(provinces) == 1:
                continue
            for _ in range(max(1, round(usual * len(provinces) / FULL_COUNTRY))):
                clash = CLASHES.get(kind, set()) | {kind}
                free = [province for province in order if not fallen[province] & clash]
                if free:
                    chosen = min(free, key=load.__getitem__)
                    fallen[chosen].add(kind)
                    load[chosen] += 1
    return fallen
