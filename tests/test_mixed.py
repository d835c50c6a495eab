import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib import mixed, protocol
from castlib.errors import CastError, UnknownCode

SIGN = st.sampled_from([-1, 0, 1])
COUNT = st.integers(0, 80)
UNHURRIED = settings(deadline=None, max_examples=50)
ROWS = st.lists(st.tuples(SIGN, COUNT, COUNT), min_size=1, max_size=7)


def codings(**codes: str) -> pd.DataFrame:
    """Make codings: for each group (a keyword) the codes, separated by spaces, that both coders gave."""
    rows = [
        {"segment": f"{group}:1", "group": group, "kind": "participants", "province": group,
         "cluster": "north-upper-1", "coder": coder, "code": code}
        for group, listed in codes.items() for coder in "xy" for code in (listed.split() or [None])
    ]  # fmt: skip
    return pd.DataFrame(rows)


def voiced(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "topic": [f"t{k}" for k in range(len(rows))],
            "for_groups": [f for _, f, _ in rows],
            "against_groups": [a for _, _, a in rows],
            "groups": [max(f, a) for _, f, a in rows],
            "of_groups": 80,
            "lean": [mixed.lean(f, a) for _, f, a in rows],
        }
    )


def measured(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    signs = [sign for sign, _, _ in rows]
    return pd.DataFrame(
        {"topic": [f"t{k}" for k in range(len(rows))], "sign": signs, "numbers": "x̄ 3.50"}
    )


def test_groups_are_counted_on_the_side_of_the_kind_of_code():
    given = codings(
        a="driver_network obstacle_coordination",
        b="obstacle_coordination",
        c="proposal_network",
        d="",
    )
    one = mixed.voices(given, 1, ["network", "capacity"]).iloc[0]
    assert (one.for_groups, one.against_groups, one.groups, one.of_groups) == (1, 2, 2, 4)
    assert one.codes_against == [("obstacle_coordination", 2)]
    assert one["lean"] == -1
    three = mixed.voices(given, 3, ["network"]).iloc[0]
    assert (three.for_groups, three.against_groups, three["lean"]) == (3, 1, 1)
    four = mixed.voices(given, 4, ["network"]).iloc[0]
    assert (four.for_groups, four.against_groups) == (2, 2)


def test_what_nobody_says_is_silent_and_what_coders_differ_on_counts_nowhere():
    given = codings(a="driver_network")
    given.loc[given["coder"] == "y", "code"] = "driver_capacity"
    found = mixed.voices(given, 1, ["network", "capacity"])
    assert (found["groups"] == 0).all()
    assert set(mixed.joint_display(measured([(1, 0, 0)]), voiced([(1, 0, 0)]))["proposed"]) == {
        "silent"
    }


def test_an_objective_that_there_is_not():
    with pytest.raises(UnknownCode, match="'5'"):
        mixed.voices(codings(a=""), 5, ["network"])


@given(numbers=SIGN, words=SIGN, groups=COUNT)
def test_the_rule_has_an_answer_for_everything(numbers, words, groups):
    said = mixed.propose(numbers, words, groups)
    assert said in protocol.VERDICTS
    assert (said == "silent") == (groups == 0)
    assert said == mixed.propose(-numbers, -words, groups)


@given(numbers=SIGN, supports=COUNT, opposes=COUNT, more=COUNT)
def test_more_support_never_leans_the_words_the_other_way(numbers, supports, opposes, more):
    before, after = mixed.lean(supports, opposes), mixed.lean(supports + more, opposes)
    assert after >= before
    assert mixed.lean(opposes, supports) == -before
    distance = ["agree", "add", "disagree"]
    far = [distance.index(mixed.propose(numbers, words, 1)) for words in (before, after)]
    if numbers == 1:
        assert far[1] <= far[0]
    if numbers == -1:
        assert far[1] >= far[0]


@UNHURRIED
@given(rows=ROWS, seed=st.integers(0, 2**16))
def test_the_order_of_rows_does_not_matter(rows, seed):
    one = mixed.joint_display(measured(rows), voiced(rows)).set_index("topic")["proposed"]
    mixed_up = measured(rows).sample(frac=1, random_state=seed)
    other = mixed.joint_display(mixed_up, voiced(rows).sample(frac=1, random_state=seed + 1))
    assert other.set_index("topic")["proposed"].sort_index().to_dict() == one.to_dict()


@UNHURRIED
@given(values=st.lists(st.floats(0, 2), min_size=1, max_size=9))
def test_the_side_of_needs_goes_with_their_size(values):
    sides = mixed.by_median(pd.Series(values))
    ordered = sides[pd.Series(values).sort_values(kind="stable").index]
    assert ordered.is_monotonic_increasing
    assert abs(int((sides == 1).sum()) - int((sides == -1).sum())) <= len(values) // 2


def test_strands_of_different_topics_are_refused():
    with pytest.raises(CastError, match="t1"):
        mixed.joint_display(measured([(1, 1, 1)]), voiced([(1, 1, 1)] * 2))


def decided(**changed: str) -> pd.DataFrame:
    row = {"topic": "t0", "verdict": "add", "reason": "เหตุ", "by": "นักวิจัย", "date": "2022-11-20"}
    return pd.DataFrame([row | {"numbers": "x̄ 3.50", "words": "หนุน 5 แย้ง 1 จาก 80 กลุ่ม"} | changed])


def test_a_verdict_holds_while_both_strands_stand():
    rows = mixed.joint_display(measured([(1, 5, 1)] * 2), voiced([(1, 5, 1)] * 2))
    found = mixed.judge(rows, decided(words="หนุน 5  แย้ง 1 จาก 80 กลุ่ม"))
    assert found["verdict"].tolist() == ["add", ""]
    assert (found[["numbers_was", "words_was"]] == "").all(axis=None)


@pytest.mark.parametrize("strand", ["numbers", "words"])
def test_a_verdict_goes_stale_when_a_strand_moves(strand):
    rows = mixed.joint_display(measured([(1, 5, 1)]), voiced([(1, 5, 1)]))
    found = mixed.judge(rows, decided(**{strand: "ก่อนนี้"})).iloc[0]
    assert found[f"{strand}_was"] == "ก่อนนี้"
    other = {"numbers": "words", "words": "numbers"}[strand]
    assert found[f"{other}_was"] == ""


def test_nobody_decided():
    rows = mixed.joint_display(measured([(1, 5, 1)]), voiced([(1, 5, 1)]))
    assert (mixed.judge(rows, decided().head(0))["verdict"] == "").all()


NEEDS = pd.DataFrame(
    {"item": list("abcd"), "pni": [0.4, 0.3, 0.2, 0.1], "rank": [1, 2, 3, 4],
     "rank_low": [1, 1, 3, 4], "rank_high": [1, 3, 4, 4]}
)  # fmt: skip


def heard(groups: dict[str, int]) -> pd.DataFrame:
    codes = [[(f"obstacle_{t}", n)] if n else [] for t, n in groups.items()]
    return pd.DataFrame(
        {"topic": list(groups), "for_groups": list(groups.values()), "of_groups": 10,
         "codes_for": codes}
    )  # fmt: skip


def test_priorities_weigh_need_and_voice_and_count_the_signs():
    alphas = {"obstacle_a": 0.8, "obstacle_b": 0.5}
    found = mixed.priorities(
        NEEDS, heard({"a": 5, "b": 9, "c": 0, "d": 4}), {"a": 2, "b": 1}, alphas
    )
    assert found["topic"].tolist() == ["a", "b", "c", "d"]  # a and b share a sum: the PNI decides
    assert found["strength"].tolist() == ["strong", "weak", "weak", "weak"]
    assert found.loc[0, "signs"] == 4
    assert found.loc[1, list(mixed.SIGNS)].tolist() == [False, True, False, False]


@UNHURRIED
@given(
    groups=st.lists(st.integers(0, 10), min_size=4, max_size=4),
    more=st.integers(0, 3),
    seed=st.integers(0, 2**16),
)
def test_a_voice_more_never_puts_a_need_back(groups, more, seed):
    def place(given: list[int]) -> int:
        spoken = heard(dict(zip("abcd", given, strict=True))).sample(frac=1, random_state=seed)
        found = mixed.priorities(NEEDS.sample(frac=1, random_state=seed), spoken, {}, {})
        assert sorted(found["priority"]) == [1, 2, 3, 4]
        return int(found.set_index("topic")["priority"]["c"])

    louder = [*groups[:2], groups[2] + more, groups[3]]
    assert place(louder) <= place(groups)
