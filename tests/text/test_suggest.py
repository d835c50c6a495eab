import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib import paths
from castlib.errors import CastError
from castlib.text import coding, suggest

HINTS = suggest.hints()


def of(*texts: str) -> pd.DataFrame:
    frame = pd.DataFrame({"text": texts})
    return suggest.suggest(frame.assign(segment=[f"a:{k}" for k in range(1, len(texts) + 1)]))


def test_every_code_of_the_codebook_has_hints_and_no_theme_has():
    book = coding.codebook()
    assert set(HINTS["code"]) == set(book.loc[book["parent"] != "", "code"])
    assert not HINTS.duplicated().any()


def test_a_suggestion_is_the_clause_around_the_word():
    found = of("เมื่อก่อนน้ำท่วมทุกปี แต่งบประมาณไม่พอ", "ไม่มีอะไร")
    assert found.values.tolist() == [
        ["a:1", "obstacle_water", 0, 21, "น้ำท่วม"],
        ["a:1", "obstacle_budget", 22, 38, "งบประมาณไม่พอ"],
    ]


def test_a_word_counts_only_as_whole_words():
    assert of("ชาวบ้านตัววัดความสำเร็จ วัดผล")["word"].tolist() != ["วัด", "วัด"]
    assert of("ไปวัดกัน")["word"].tolist() == ["วัด"]


def test_a_word_over_a_space_is_one_hint():
    found = of("เราทำโคก หนอง นา กันทุกบ้าน")
    assert found[["code", "word"]].values.tolist() == [["driver_sufficiency", "โคก หนอง นา"]]
    assert found.loc[0, ["start", "end"]].tolist() == [0, 16]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*HINTS["word"], "ครับ", " ", "กา", "[บุคคล:000000]"]), max_size=8))
def test_the_word_stands_in_the_clause_and_nothing_is_told_twice(parts):
    text = "".join(parts).strip()
    found = of(text)
    known = set(HINTS.itertuples(index=False, name=None))
    for row in found.itertuples():
        assert row.word in text[row.start : row.end]
        assert (row.code, row.word) in known
    assert not found.duplicated(["segment", "code", "start", "end"]).any()


def test_hints_of_an_unknown_code_are_refused(tmp_path, monkeypatch):
    (tmp_path / "data" / "text").mkdir(parents=True)
    (tmp_path / "data" / "codebook.csv").symlink_to(paths.data() / "codebook.csv")
    (tmp_path / "data" / "text" / "hints.csv").write_text("code,words\nx,y\n", encoding="utf-8")
    monkeypatch.setenv("CAST_HOME", str(tmp_path))
    with pytest.raises(CastError, match="ไม่มีในสมุดรหัส: x"):
        suggest.hints()
