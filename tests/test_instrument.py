import shutil

import pytest

from castlib import instrument, labels, paths
from castlib.errors import CastError, UnknownCode
from castlib.intake import values


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


@pytest.fixture
def changed(tmp_path, monkeypatch):
    """Give a function that adds a line to a file of the instrument, in a copy of the study's data."""
    shutil.copytree(paths.data(), tmp_path / "data")
    monkeypatch.setenv("CAST_HOME", str(tmp_path))

    def add(name: str, *lines: str) -> instrument.Instrument:
        file = tmp_path / "data" / "instrument" / f"{name}.csv"
        file.write_text("\n".join([file.read_text("utf-8").rstrip("\n"), *lines]), "utf-8")
        instrument._load.cache_clear()
        return instrument.load()

    yield add
    instrument._load.cache_clear()


def test_an_item_may_be_answered_in_words_of_its_own(changed):
    words = "ไม่เห็นด้วยอย่างยิ่ง ไม่เห็นด้วย ไม่แน่ใจ เห็นด้วย เห็นด้วยอย่างยิ่ง".split()
    changed("choices", *(f"agree5,{n},{word},{n}" for n, word in enumerate(words, start=1)))
    tool = changed("items", "network_6,network,agree5,TRUE,ข้อใหม่,New")
    assert tool.lists["network_6_actual"] == "agree5"
    assert tool.lists["suffering_1"] == "level5"
    assert "network_6_expected" in tool.columns("network", "expected")  # TRUE is Excel's true
    assert labels.values("network_6_actual")[5] == "เห็นด้วยอย่างยิ่ง"
    assert values.level("เห็นด้วย", tool.lists["network_6_actual"]) == 4


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("network_1,network,level5,true,ข้อ,Item", "ซ้ำใน items.csv: network_1"),
        ("network_6,netwrk,level5,true,ข้อ,Item", "หมายถึง network หรือไม่"),
        ("network_6,network,level,true,ข้อ,Item", "หมายถึง level5 หรือไม่"),
        ("network_6,network,sector,true,ข้อ,Item", "ต้องมีค่า 1–5 ครบตามลำดับ"),
    ],
)
def test_a_wrong_item_is_refused(changed, line, told):
    with pytest.raises(CastError, match=told):
        changed("items", line)
