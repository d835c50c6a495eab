import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from castlib import instrument, regions
from castlib.demo import flaws, speech, themes, truth


@pytest.fixture(scope="module")
def spoken() -> themes.Themes:
    return themes.plant(truth.plant(2565))


@pytest.fixture(scope="module")
def groups(spoken) -> list[speech.Group]:
    return speech.groups(2565, spoken, flaws.plan(2565))


def odds(share: float) -> float:
    return share / (1 - share)


def test_who_is_heard(groups):
    kinds = pd.Series([group.kind for group in groups]).value_counts()
    assert kinds.to_dict() == {"participants": 75, "staff": 11, "executive": 5, "partners": 1}
    sizes = {kind: {len(g.members) for g in groups if g.kind == kind} for kind in kinds.index}
    assert sizes == {"participants": {10}, "staff": {5}, "partners": {5}, "executive": {1}}


def test_turns_run_through_the_form_and_speakers_change(groups):
    for group in groups:
        assert [turn.number for turn in group.turns] == list(range(1, len(group.turns) + 1))
        asked = instrument.focus_group()[speech.FORMS[group.kind]]["question"]
        assert list(dict.fromkeys(turn.question for turn in group.turns)) == list(asked)
        speakers = [turn.speaker for turn in group.turns]
        assert set(speakers) <= set(range(1, len(group.members) + 1))
        if len(group.members) > 1:
            assert all(one != other for one, other in pairwise(speakers))


def test_a_district_says_enough_and_leaves_no_slot_open(groups):
    lengths = [sum(len(t.text) for t in g.turns) for g in groups if g.kind == "participants"]
    assert 5_000 < min(lengths) < max(lengths) < 10_500
    assert not any(re.search(r"[{}]", turn.text) for group in groups for turn in group.turns)


def test_a_turn_says_what_its_codes_say(groups):
    for group in groups:
        said = speech.phrases()[
            "codes" if group.kind == "participants" else speech.FORMS[group.kind]
        ]
        for turn in group.turns:
            assert len(turn.codes) <= 2
            for code in turn.codes:
                openings = [re.split(r"\{", sentence)[0] for sentence in said[code]]
                assert any(opening in turn.text for opening in openings)


def test_every_district_speaks_of_its_own_region(groups):
    macro = regions.provinces().set_index("province")["macro_region"]
    local = speech.phrases()["slots"]["local"]
    for group in groups:
        if group.kind == "participants":
            text = " ".join(turn.text for turn in group.turns)
            assert any(topic in text for topic in local[macro[group.province]])


def test_clusters_stress_their_codes_about_three_times(known):
    home, codes = known["cluster_of"], known["themes"]["weight"]
    turns = [
        {"cluster": home.get(name.partition(":")[0]), **dict.fromkeys(carried, 1)}
        for name, carried in known["themes"]["segments"].items()
    ]
    frame = pd.DataFrame(turns).dropna(subset="cluster").fillna(0)
    seen = []
    for cluster, stressed in known["themes"]["emphasis"].items():
        assert len(stressed) in (2, 3)
        assert set(stressed) <= set(codes)
        own = frame["cluster"] == cluster
        seen += [np.log(odds(frame[own][c].mean()) / odds(frame[~own][c].mean())) for c in stressed]
    assert np.exp(np.mean(seen)) == pytest.approx(themes.ODDS, abs=0.5)
    assert min(seen) > np.log(1.3)


def test_no_cluster_stresses_a_code_before_all_are_dealt(spoken):
    dealt = [code for codes in spoken.emphasis.values() for code in codes]
    assert set(dealt) == set(spoken.codes.index)
    assert max(pd.Series(dealt).value_counts()) <= 2


def test_questions_of_one_objective_have_their_own_parts(spoken):
    questions = instrument.focus_group()["participants"]
    trouble, proposal = (spoken.chances(questions, q, None) for q in ("q4", "q5"))
    kind = spoken.codes["kind"]
    assert kind[trouble.idxmax()] == "obstacle"
    assert kind[proposal.idxmax()] == "proposal"
    assert trouble.sum() == pytest.approx(1)


def test_words_complain_where_numbers_praise(spoken):
    obstacles = spoken.weight[spoken.codes["kind"] == "obstacle"]
    assert spoken.codes.loc[obstacles.idxmax(), "construct"] == spoken.against


@pytest.mark.parametrize(("prevalence", "alpha"), [(0.02, 0.8), (0.08, 0.8), (0.05, 0.55)])
def test_two_coders_agree_as_planted(prevalence, alpha):
    random, n = np.random.default_rng(3), 400_000
    there = random.random(n) < prevalence
    chance = np.where(there, themes.sensitivity(prevalence, alpha), themes.FALSE_SHARE * prevalence)
    one, two = random.random(n) < chance, random.random(n) < chance
    apart, share = (one != two).mean(), (one.mean() + two.mean()) / 2
    assert 1 - apart / (2 * share * (1 - share)) == pytest.approx(alpha, abs=0.02)


def test_open_answers_are_short_and_some_are_silent(spoken):
    people = pd.DataFrame({"province": np.repeat(list(regions.provinces()["province"]), 10)})
    said = speech.comments(2565, spoken, people)
    silent = (said == "").mean()
    assert silent["obstacle"] == pytest.approx(speech.SILENT["obstacle"], abs=0.06)
    assert silent["proposal"] == pytest.approx(speech.SILENT["proposal"], abs=0.06)
    assert said.map(len).max().max() < 300
