"""What is known from run to run."""

import pytest

from castlib.run.report import UNTOLD, Known, Outcome, changes


@pytest.mark.parametrize(
    "content",
    ["", "[]", "7", '{"TH/results": 1}', '{"TH/results": [1]}', '{"TH/results": [1, Infinity]}', "\0"],
)  # fmt: skip
def test_broken_times_are_no_times(tmp_path, content):
    file = tmp_path / "times.json"
    file.write_text(content)
    known = Known(file)
    assert known.seconds("TH", "results") == UNTOLD
    assert known.memory_mb("TH", "results") == 0


def test_times_are_learnt_kept_and_lent_to_others_of_the_phase(tmp_path):
    known = Known(tmp_path / "times.json")
    known.learn(Outcome("TH", "results", "made", "", 4.0, memory_mb=300))
    known.learn(Outcome("south-gulf", "results", "made", "", 2.0, memory_mb=200))
    known.save()
    again = Known(tmp_path / "times.json")
    assert again.seconds("TH", "results") == 4.0
    assert again.memory_mb("TH", "results") == 300
    assert again.seconds("north-upper-1", "results") == 3.0
    assert again.seconds("north-upper-1", "scaling") == UNTOLD


def test_changes_name_what_came_and_what_went():
    before = {"values": {"a": {"shown": "1"}, "b": {"shown": "2"}}}
    after = {"values": {"b": {"shown": "2"}, "c": {"shown": "3"}}}
    assert changes(before, after) == (("c", "–", "3"), ("a", "1", "–"))
