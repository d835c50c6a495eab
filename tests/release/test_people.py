import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib import release
from castlib.privacy import cells
from castlib.release import people
from castlib.release.plan import SUPPRESSED, Refused

from .country import make_tables, write_study

QUASI = ["place", "sex", "sector"]
person = st.tuples(st.sampled_from("ab"), st.sampled_from(["f", "m", None]), st.sampled_from("xyz"))


@settings(max_examples=50, deadline=None)
@given(st.lists(person, min_size=1, max_size=60), st.integers(2, 6))
def test_every_class_is_large_enough_or_place_fails_alone(rows, k):
    frame = pd.DataFrame(rows, columns=QUASI)
    shown = people.anonymise(frame, k)
    sizes = cells.class_sizes(shown, QUASI)
    # only people of places with fewer than k can fall short, and then nothing of them is shown
    assert (shown[sizes < k] == SUPPRESSED).all(axis=None)
    small = frame["place"].map(frame["place"].value_counts()) < k
    assert (shown["place"].eq(SUPPRESSED) == small).all()
    # nothing is changed but by suppression
    kept = shown.ne(SUPPRESSED)
    assert frame.astype(object).where(kept).equals(shown.where(kept))


@settings(max_examples=30, deadline=None)
@given(st.lists(person, min_size=40, max_size=60))
def test_large_classes_are_left_alone_unless_they_keep_others_company(rows):
    frame = pd.DataFrame(rows, columns=QUASI)
    if cells.k_anonymity(frame, QUASI) >= 3:
        assert not people.anonymise(frame, 3).eq(SUPPRESSED).any(axis=None)


def test_the_last_variable_is_suppressed_first():
    frame = pd.DataFrame({"place": "a", "sex": ["f"] * 6, "sector": list("xxxyyz")})
    shown = people.anonymise(frame, 3)
    assert shown["sector"].tolist() == ["x"] * 3 + [SUPPRESSED] * 3
    assert shown["sex"].eq("f").all()


def test_missing_is_a_value_of_its_own():
    frame = pd.DataFrame({"place": "a", "sex": ["f"] * 3 + [None] * 3})
    assert people.anonymise(frame, 3)["sex"].isna().sum() == 3
    assert cells.k_anonymity(frame, ["place", "sex"]) == 3


@pytest.mark.parametrize(
    ("kept", "share", "said"),
    [
        (lambda rows: rows.head(9), 0.2, "ต้องมีอย่างน้อย 10 คน"),
        # three to six of a cluster are in the private sector
        (lambda rows: rows.assign(sector=_rare(len(rows))), 0.001, "เกินร้อยละ 0.1 ที่กำหนด"),
        # three people of a cluster, and no other small cluster to keep them company
        (lambda rows: pd.concat([rows.head(20), rows.tail(3)]), 1.0, "ต้องมีอย่างน้อย 5 คน"),
    ],
)
def test_what_would_tell_too_much_is_refused(home, open_gate, kept, share, said):
    file = home / "data" / "release.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("max_suppressed: 0.20", f"max_suppressed: {share}"), "utf-8")
    tables = make_tables()
    write_study(tables=tables | {"respondents": kept(tables["respondents"])})
    with pytest.raises(Refused, match=said) as caught:
        release.release()
    assert caught.value.exit_code == 1
    assert sorted(f.name for f in (home / "build").iterdir()) == ["study"]


def _rare(n):
    return np.where(np.arange(n) % 10 == 0, "private", "people")


def test_new_ids_tell_nothing_of_the_order(home):
    old = make_tables()["respondents"]["respondent"]
    new = people.new_ids(old)
    assert sorted(new) == [f"R{n:04d}" for n in range(1, len(old) + 1)]
    assert new.tolist() == people.new_ids(old).tolist()
    rank = new.str[1:].astype(int)
    assert abs(np.corrcoef(rank, np.arange(len(old)))[0, 1]) < 0.2


def test_a_value_without_a_group_stops_the_release(home, open_gate):
    file = home / "data" / "release.yml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("[private, media]", "[private]"), "utf-8"
    )
    with pytest.raises(ValueError, match="media"):
        release.release()


def test_an_unknown_variable_in_the_plan_is_named(home, open_gate):
    file = home / "data" / "release.yml"
    changed = file.read_text(encoding="utf-8").replace("- [cluster, sex,", "- [cluster, sexx,")
    file.write_text(changed, "utf-8")
    with pytest.raises(ValueError, match=r"sexx.*sex"):
        release.release()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_scores_are_means_of_whole_constructs(seed):
    from castlib import instrument

    tool = instrument.load()
    rng = np.random.default_rng(seed)
    answers = pd.DataFrame(
        {c: pd.array(rng.integers(1, 6, 3), "Int64") for c in tool.answer_columns}
    )
    answers.loc[1, "suffering_2"] = pd.NA
    scores = people.scores(answers, release.plan.load(synthetic=True))
    assert scores.loc[0, "score_suffering"] == answers.loc[0, tool.columns("suffering")].mean()
    assert np.isnan(scores.loc[1, "score_suffering"])
    assert "score_leadership_expected" in scores


def test_a_scheme_that_loses_too_much_gives_way_to_the_next(home, open_gate):
    tables = make_tables()
    rows = tables["respondents"]
    silent = np.random.default_rng(0).random(len(rows)) < 0.12
    rows["sex"] = rows["sex"].mask(silent)
    rows["sector"] = rows["sector"].mask(np.roll(silent, 3))
    write_study(tables=tables)
    folder, report = release.release()
    assert report["records"]["quasi_identifiers"] == ["macro_region", "cluster", "sector_group"]
    assert "sector_group" in report["records"]["schemes_refused"][0]
    assert "sex" not in pd.read_csv(folder / "respondents.csv")


def test_exact_means_tell_who_belongs_to_which_cluster(package):
    """Why the cluster counts as known: without its column, the published means give it back."""
    from scipy.optimize import linprog

    records, means = pd.read_csv(package / "respondents.csv"), pd.read_csv(package / "means.csv")
    clusters, n = sorted(records["cluster"].unique()), len(records)
    at = means[means["level"] == "cluster"].set_index(["region", "measure"])
    answers = [name for name in records if re.search(r"_\d(_actual)?$", name)]
    lines = [np.kron(np.eye(n), np.ones(len(clusters)))]  # everybody belongs to one
    right = [np.ones(n)]
    for c, cluster in enumerate(clusters):
        own = np.zeros(len(clusters))
        own[c] = 1
        for measure in answers:
            told = at.loc[(cluster, measure)]
            values = records[measure]
            squares = (told["n"] - 1) * told["sd"] ** 2 + told["n"] * told["mean"] ** 2
            for line, sum_ in (
                (values.notna(), told["n"]),
                (values.fillna(0), told["n"] * told["mean"]),
                (values.fillna(0) ** 2, squares),
            ):
                lines.append(np.kron(line.to_numpy(dtype=float), own)[None, :])
                right.append([round(sum_, 1)])
    found = linprog(
        np.zeros(n * len(clusters)),
        A_eq=np.vstack(lines),
        b_eq=np.concatenate(right),
        bounds=(0, 1),
    )
    guessed = found.x.reshape(n, -1).argmax(axis=1)
    assert (np.array(clusters)[guessed] == records["cluster"]).all()
