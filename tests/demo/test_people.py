import numpy as np
import pandas as pd
import pytest

from castlib import instrument, protocol
from castlib.demo import flaws, people, truth


@pytest.fixture(scope="module")
def planted() -> truth.Truth:
    return truth.plant(2565)


@pytest.fixture(scope="module")
def answers(planted) -> pd.DataFrame:
    return people.answer(planted, flaws.plan(2565))


@pytest.fixture(scope="module")
def scores(answers) -> pd.DataFrame:
    tool = instrument.load()
    means = {
        code: answers[tool.columns(code)].astype(float).mean(axis=1, skipna=False)
        for code in tool.constructs["construct"]
    }
    return answers[["province", "sector", "sex", "education"]].assign(**means)


def cronbach(table: pd.DataFrame) -> float:
    seen = table.dropna().astype(float).cov().to_numpy()
    return len(seen) / (len(seen) - 1) * (1 - np.trace(seen) / seen.sum())


def icc(scores: pd.Series, groups: pd.Series) -> float:
    """ICC(1) from a one-way analysis of variance with groups of nearly equal size."""
    scores = scores.dropna()
    means = scores.groupby(groups).transform("mean")
    sizes = scores.groupby(groups).size()
    between = ((means - scores.mean()) ** 2).sum() / (len(sizes) - 1)
    within = ((scores - means) ** 2).sum() / (len(scores) - len(sizes))
    return (between - within) / (between + (sizes.mean() - 1) * within)


def eta_squared(scores: pd.Series, groups: pd.Series) -> float:
    means = scores.groupby(groups).transform("mean")
    return float(((means - scores.mean()) ** 2).sum() / ((scores - scores.mean()) ** 2).sum())


def test_everybody_answers_within_the_scale(answers, planted):
    given = answers[planted.items.index]
    assert given.stack().between(1, 5).all()
    assert given.isna().to_numpy().mean() == pytest.approx(truth.MISSING, abs=0.004)
    assert answers["age"].between(18, 90).all()
    assert answers["experience"].between(0, 50).all()
    assert (answers["experience"] <= answers["age"] - 18).all()


def test_every_district_is_a_mix_of_sectors(answers):
    assert (answers.groupby("province")["sector"].nunique() == 7).all()


def test_most_answer_in_the_week_and_few_too_late(answers):
    study = protocol.load()
    late = answers["submitted_at"].dt.date > study.deadline
    assert 0 < late.mean() < 0.02
    week = answers["submitted_at"].dt.date <= pd.Timestamp("2022-11-07").date()
    assert week.mean() > 0.75


def test_items_have_their_planted_means_and_deviations(answers, planted):
    given = answers[planted.items.index].astype(float)
    assert (given.mean() - planted.items["mean"]).abs().max() < 0.09
    assert (given.std() - planted.items["deviation"]).abs().max() < 0.07


def test_scales_have_their_planted_reliability(answers, planted):
    tool = instrument.load()
    for code, planted_alpha in planted.constructs["alpha"].items():
        assert cronbach(answers[tool.columns(code)]) == pytest.approx(planted_alpha, abs=0.03)


def test_one_factor_has_the_planted_loadings(answers, planted):
    tool = instrument.load()
    for code in planted.success:
        columns = tool.columns(code)
        seen = answers[columns].astype(float).corr().to_numpy()
        share = 0.5 * np.ones(len(seen))
        for _ in range(200):
            values, vectors = np.linalg.eigh(seen - np.diag(1 - share))
            loadings = np.sqrt(values[-1]) * np.abs(vectors[:, -1])
            share = loadings**2
        assert np.abs(loadings - planted.items.loc[columns, "loading"]).max() < 0.09


def test_constructs_correlate_as_planted(scores, planted):
    seen = scores[planted.success].corr().to_numpy()
    rho = (
        truth.CORRELATION["actual"] * planted.constructs.loc[planted.success, "reliability"].mean()
    )
    assert seen[np.triu_indices(len(seen), 1)].mean() == pytest.approx(rho, abs=0.04)


def test_the_order_of_means_and_needs_is_found(answers, scores, planted):
    tool = instrument.load()
    actual = scores[planted.success].mean()
    expected = pd.Series(
        {
            c: answers[tool.columns(c, "expected")].astype(float).mean(axis=None)
            for c in actual.index
        }
    )
    need = (expected - actual) / actual
    assert list(need.sort_values(ascending=False).index) == planted.pni_order
    assert (need - planted.constructs.loc[planted.success, "pni"]).abs().max() < 0.015
    assert list(actual.sort_values(ascending=False).index) == list(
        planted.constructs.loc[planted.success, "actual"].sort_values(ascending=False).index
    )


def test_districts_share_what_is_planted(scores, planted):
    seen = [icc(scores[code], scores["province"]) for code in planted.success]
    assert np.mean(seen) == pytest.approx(truth.ICC, abs=0.03)


def test_clusters_lie_where_they_are_planted(scores, planted, known):
    home = scores["province"].map(known["cluster_of"])
    seen = scores.groupby(home)[planted.success].mean()
    effects = pd.DataFrame(known["clusters"]).T.loc[seen.index, planted.success]
    correlations = [np.corrcoef(seen[code], effects[code])[0, 1] for code in planted.success]
    assert min(correlations) > 0.4
    assert np.mean(correlations) > 0.6


def test_outcomes_follow_from_their_causes_only(scores, planted):
    whole = scores[[*planted.success, *planted.outcomes.index]].dropna()
    z = (whole - whole.mean()) / whole.std()
    expected = truth.expected_coefficients(planted)
    for outcome, row in planted.outcomes.iterrows():
        seen = np.linalg.lstsq(z[planted.success], z[outcome], rcond=None)[0]
        np.testing.assert_allclose(seen, expected.loc[outcome], atol=0.12)
        assert set(np.argsort(seen)[-3:]) == set(np.flatnonzero(row))


def test_one_difference_between_groups_and_no_other(scores, planted):
    group = planted.group
    member, own = scores[group["variable"]] == group["value"], scores[group["construct"]]
    assert own[member].mean() - own[~member].mean() == pytest.approx(group["difference"], abs=0.1)
    for code in [*planted.success, *planted.outcomes.index]:
        for variable in ("sector", "sex", "education"):
            true = (variable, code) == (group["variable"], group["construct"])
            seen = eta_squared(scores[code].dropna(), scores[variable])
            assert seen > 0.03 if true else seen < 0.01


def test_most_people_leave_nothing_out(answers, planted):
    whole = answers[planted.items.index].notna().all(axis=1).mean()
    assert whole == pytest.approx(1 - truth.HASTY, abs=0.04)
