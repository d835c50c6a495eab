import pandas as pd

from castlib import mixed

NEEDS = pd.DataFrame({"item": list("abcd"), "pni": [0.4, 0.3, 0.2, 0.1], "rank": [1, 2, 3, 4]})


def voices(groups: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": [f"obstacle_{construct}" for construct in groups],
            "code_kind": "obstacle",
            "construct": list(groups),
            "groups": list(groups.values()),
            "of_groups": 10,
        }
    )


def test_each_verdict_follows_from_need_and_voice():
    joint = mixed.joint_display(NEEDS, voices({"a": 9, "b": 1, "c": 8}))
    verdicts = dict(zip(joint["construct"], joint["verdict"], strict=True))
    assert verdicts == {"a": "agree", "b": "disagree", "c": "add", "d": "silent"}


def test_results_and_drivers_are_not_concerns():
    driver = voices({"a": 9}).assign(code_kind="driver")
    assert set(mixed.joint_display(NEEDS, driver)["verdict"]) == {"silent"}


def test_the_concerns_are_listed_most_often_first():
    said = pd.concat(
        [voices({"a": 2}), voices({"a": 7}).assign(code="proposal_a", code_kind="proposal")]
    )
    joint = mixed.joint_display(NEEDS, said).set_index("construct")
    assert joint.loc["a", "codes"] == ["proposal_a", "obstacle_a"]
    assert joint.loc["a", "share"] == 0.7
