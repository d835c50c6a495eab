import pytest

from castlib import instrument
from castlib.errors import UnknownCode


def test_seven_constructs_of_five_paired_items_and_three_outcomes_of_four():
    tool = instrument.load()
    assert len(tool.success) == 7
    assert len(tool.outcomes) == 3
    assert all(len(tool.columns(code)) == 5 for code in tool.success)
    assert all(len(tool.columns(code)) == 4 for code in tool.outcomes)
    assert len(tool.answer_columns) == 7 * 5 * 2 + 3 * 4


def test_headers_are_unique_and_end_with_the_open_questions():
    headers = instrument.load().headers
    assert len(set(headers.values())) == len(headers)
    assert list(headers)[:2] == ["submitted_at", "province"]
    assert list(headers)[-2:] == ["obstacle", "proposal"]


def test_a_paired_item_is_asked_in_both_states():
    tool = instrument.load()
    assert tool.columns("leadership", "expected")[0] == "leadership_1_expected"
    assert tool.headers["leadership_1_expected"].endswith("[สภาพที่คาดหวัง]")
    assert tool.label("leadership_1_expected") == tool.label("leadership_1")


def test_a_wrong_construct_is_refused_with_the_nearest():
    with pytest.raises(UnknownCode, match="leadership"):
        instrument.load().columns("leadershp")


def test_focus_group_questions_serve_the_four_objectives():
    forms = instrument.focus_group()
    assert set(forms) == {"participants", "staff", "executive"}
    assert all(set(asked["objective"]) == {1, 2, 3, 4} for asked in forms.values())
