import pytest

from castlib.errors import CastError
from castlib.text import words
from castlib.text.kwic import kwic


def test_finds_every_occurrence_as_a_whole_word(segments):
    said = segments(("a1", "1", "ใช้แผนนี้ ใช้แผนนั้น"), ("a1", "2", "วางแผน"), ("b1", "1", "แผน"))
    found = kwic(said, "แผน")
    assert found["segment"].tolist() == ["a1:1", "a1:1", "b1:1"]
    assert found["start"].tolist() == [3, 13, 0]
    assert found.loc[2, ["left", "right"]].tolist() == ["", ""]


def test_context_is_cut_at_words_and_joins_to_the_text(segments, messages):
    said = segments(*(("a1", "1", text) for text in messages("q")))
    found = kwic(said, "ราคา", width=25)
    assert len(found) > 10
    texts = said.set_index("segment")["text"].map(words.normalise)
    for row in found.itertuples():
        assert row.left + row.keyword + row.right in texts[row.segment]
        assert texts[row.segment][row.start :].startswith("ราคา")
        assert len(row.left) <= 25
        assert len(row.right) <= 25


def test_phrases_and_letter_case(segments):
    said = segments(("a1", "1", "ทำตาม One Plan ของอำเภอ"))
    assert kwic(said, "one plan")["keyword"].tolist() == ["One Plan"]
    assert kwic(said, "One Plan ของอำเภอ")["left"].tolist() == ["ทำตาม "]


def test_nothing_found_is_an_empty_table(segments):
    found = kwic(segments(("a1", "1", "น้ำ")), "ถนน")
    assert found.empty
    assert list(found)[:2] == ["segment", "group"]


def test_an_empty_keyword_is_refused(segments):
    with pytest.raises(CastError, match="word or a phrase"):
        kwic(segments(("a1", "1", "น้ำ")), " \u200b")


def test_a_pseudonym_is_no_word_and_is_never_cut(segments):
    said = segments(("a1", "1", "บุคคลนี้ พบ[บุคคล:7f3a2c]ที่บ้าน"))
    assert kwic(said, "บุคคล")["start"].tolist() == [0]
    found = kwic(said, "บ้าน", width=8)
    assert found["left"].tolist() == ["ที่"]
    assert kwic(said, "บ้าน", width=18)["left"].tolist() == ["[บุคคล:7f3a2c]ที่"]


def test_repeated_words_are_found_however_they_were_typed(segments):
    said = segments(("a1", "1", "ทำต่างๆ"), ("a1", "2", "ของต่าง ๆ"))
    assert kwic(said, "ต่างๆ")["segment"].tolist() == ["a1:1", "a1:2"]


def test_a_missing_cluster_stays_missing(segments):
    assert kwic(segments(("s1", "1", "น้ำ")), "น้ำ")["cluster"].isna().all()
