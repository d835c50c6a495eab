import pandas as pd
import pytest

from castlib.release import counts, people, plan
from castlib.text import coding

from . import attack
from .country import make_tables

LIMIT = 5


@pytest.fixture(params=range(3))
def published(request, home):
    """Counts and records of a random country, the plan they follow, and the country."""
    tables = make_tables(seed=request.param)
    records, _, chosen = people.records(tables["respondents"], plan.load(synthetic=True))
    return counts.respondents(tables["respondents"], records, chosen), records, chosen, tables


def truth(row, respondents, chosen):
    rows = respondents if row.region == "TH" else respondents[respondents["cluster"] == row.region]
    if row.variable == "all":
        return len(rows)
    given = chosen.values(rows, row.variable).fillna("not_answered")
    return int((given == row.value).sum())


def test_what_is_shown_is_true_and_not_small(published):
    found, _, chosen, tables = published
    for row in found.itertuples():
        true = truth(row, tables["respondents"], chosen)
        if row.withheld:
            assert pd.isna(row.count)
        else:
            assert row.count == true
            assert true == 0 or true >= LIMIT
    assert set(found["variable"]) == {"all", *chosen.counts}


def test_records_and_counts_together_pin_no_withheld_count(published):
    found, records, chosen, tables = published
    assert chosen.quasi == ["cluster", "sex", "sector_group"]
    told = attack.on_counts(found, records, chosen.grouping("sector_group"))
    assert told
    at = found.set_index(["variable", "value", "region"])
    for place, (low, high) in told.items():
        row = next(at.loc[[place]].reset_index().itertuples())
        assert low - 1e-6 <= truth(row, tables["respondents"], chosen) <= high + 1e-6
        assert high - low >= LIMIT - 1e-6, (place, low, high)


def test_tables_that_the_records_do_not_have_are_safe_by_themselves(published):
    found = published[0]
    sizes = found[found["variable"] == "all"].set_index("region")["count"]
    for name in ("education_group", "age_band", "experience_band"):
        table = found[found["variable"] == name].pivot(
            index="region", columns="value", values="count"
        )
        regions = [region for region in table.index if region != "TH"]
        table = table.loc[[*regions, "TH"]].assign(total=sizes)
        for place, (low, high) in attack.on_table(table).items():
            assert high - low >= LIMIT - 1e-6, (name, place)


def test_the_attack_breaks_counts_of_which_only_small_ones_are_withheld(published):
    found, records, chosen, tables = published
    true = [truth(row, tables["respondents"], chosen) for row in found.itertuples()]
    small = [0 < n < LIMIT for n in true]
    naive = found.assign(count=true, withheld=small)
    told = attack.on_counts(naive, records, chosen.grouping("sector_group"))
    assert any(high - low < 1 for low, high in told.values())


def test_most_of_the_tables_is_shown(published):
    found, _, chosen, tables = published
    true = pd.Series([truth(row, tables["respondents"], chosen) for row in found.itertuples()])
    small = ((true > 0) & (true < LIMIT)).sum()
    assert small <= found["withheld"].sum() <= 3 * small + 4


@pytest.fixture
def raised(home):
    tables = make_tables()
    chosen = plan.load(synthetic=True)
    return counts.groups(tables["codings"], tables["segments"], chosen), tables


def test_groups_that_raised_a_code_are_few_or_withheld(raised):
    found, tables = raised
    book = coding.prevalence(tables["codings"], tables["segments"]).set_index("code")
    country = found[found["region"] == "TH"].set_index("code")
    for code, row in country.iterrows():
        true, of = book.loc[code, "groups"], book.loc[code, "of_groups"]
        assert row["of_groups"] == of
        if min(n for n in (true, of - true, of) if n) < LIMIT:
            assert row["withheld"]
        elif not row["withheld"]:
            assert row["groups"] == true
    # three groups of the southern border are never told apart
    assert found.loc[found["region"] == "south-border", "withheld"].all()


def test_themes_and_codes_together_pin_no_withheld_number_of_groups(raised):
    found, _ = raised
    parent = coding.codebook().set_index("code")["parent"]
    regions = [region for region in found["region"].unique() if region != "TH"]
    at = found.set_index(["code", "region"])
    for theme in parent.index[parent == ""]:
        codes = list(parent.index[parent == theme])
        family = [theme, *codes]
        cells = [(code, region) for code in family for region in regions]
        # a count, what it lacks of the groups, what it lacks of its theme, what the codes exceed it by
        kinds = ["n", "not", "rest", "over"]
        programme = attack.Programme([(kind, *cell) for kind in kinds for cell in cells])
        number = {unknown: i for i, unknown in enumerate(programme.unknowns)}
        for code, region in cells:
            own = number["n", code, region]
            programme.know([own, number["not", code, region]], at.loc[(code, region), "of_groups"])
        for (code, region), row in at.loc[family].iterrows():
            parts = [number["n", code, r] for r in regions if region in ("TH", r)]
            if not row["withheld"]:
                programme.know(parts, row["groups"])
        bounds = themed(programme, number, theme, codes, regions)
        for (code, region), row in at.loc[family].iterrows():
            if row["withheld"]:
                parts = [number["n", code, r] for r in regions if region in ("TH", r)]
                low, high = bounds(parts)
                assert high - low >= min(LIMIT, row["of_groups"]) - 1e-6, (code, region, low, high)


def themed(programme, number, theme, codes, regions):
    """Return a function of bounds that also knows what a theme has to do with its codes."""
    import numpy as np
    from scipy.optimize import linprog

    n = len(programme.unknowns)
    equal = np.zeros((len(programme.sums), n))
    for line, (parts, _) in enumerate(programme.sums):
        equal[line, parts] = 1
    right = [value for _, value in programme.sums]
    less = []
    for region in regions:
        for code in codes:  # a code is raised in no more groups than its theme
            line = np.zeros(n)
            line[number["n", code, region]], line[number["n", theme, region]] = 1, -1
            less.append(line)
        line = np.zeros(n)  # and the theme in no more than all its codes taken together
        line[number["n", theme, region]] = 1
        line[[number["n", code, region] for code in codes]] = -1
        less.append(line)

    def bounds(parts):
        aim = np.zeros(n)
        aim[parts] = 1
        told = {"A_ub": np.array(less), "b_ub": np.zeros(len(less)), "A_eq": equal, "b_eq": right}
        return linprog(aim, **told).fun, -linprog(-aim, **told).fun

    return bounds


def test_no_codings_give_no_rows(home):
    tables = make_tables()
    found = counts.groups(tables["codings"].head(0), tables["segments"], plan.load(synthetic=True))
    assert found.empty
    assert list(found) == ["code", "level", "region", "groups", "of_groups", "withheld"]
