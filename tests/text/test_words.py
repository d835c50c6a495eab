from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythainlp.tokenize import word_tokenize
from pythainlp.util import normalize

from castlib import paths
from castlib.text import words

THAI = "".join(chr(code) for code in range(0x0E01, 0x0E5C) if not 0x0E3A < code < 0x0E3F)
SOMETHING = st.text(st.sampled_from(THAI + "aB1 \n\u200b\ufeff."), max_size=40)


@pytest.fixture
def own_words(tmp_path, monkeypatch):
    """A home with its own word lists; returns the function that writes them."""
    (tmp_path / "data" / "text").mkdir(parents=True)
    (tmp_path / "data" / "provinces.csv").write_bytes((paths.data() / "provinces.csv").read_bytes())
    monkeypatch.setenv("CAST_HOME", str(tmp_path))

    def write(dictionary: str, stop: str = "") -> None:
        (tmp_path / "data/text/dictionary.txt").write_text(dictionary, encoding="utf-8")
        (tmp_path / "data/text/stopwords.txt").write_text(stop, encoding="utf-8")

    return write


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),  # nikhahit, tone, sara aa
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),  # tone, nikhahit, sara aa
        ("น\u0e33\u0e49", "น้ำ"),  # sara am, tone
        ("เเม่", "แม่"),
        ("ท\u0e48\u0e35", "ที่"),  # tone before the vowel
        ("ดีีี", "ดี"),
        ("ค่่ะ", "ค่ะ"),
        ("ก\u0e38\u0e38", "กุ"),
        ("พ ุ่มไม้", "พุ่มไม้"),
        ("่ทำงาน", "ทำงาน"),
        ("ผู้\u200bนำ\ufeff", "ผู้นำ"),
        ("ฤๅษี", "ฤๅษี"),
        (" ก  ข\nค\u00a0ง ", "ก ข ค ง"),
        ("๑๐ คน ABC ต่าง ๆ", "๑๐ คน ABC ต่าง ๆ"),
        ("", ""),
    ],
)
def test_one_spelling(typed, meant):
    assert words.normalise(typed) == meant


@given(SOMETHING)
def test_normalising_twice_changes_nothing(text):
    once = words.normalise(text)
    assert words.normalise(once) == once


def test_normalises_real_text_as_pythainlp_does(messages):
    texts = [text.translate(str.maketrans("", "", "\u200d\ufeff\x0b")) for text in messages("q")]
    different = [text for text in texts if words.normalise(text) != normalize(text)]
    assert not different


@given(SOMETHING)
def test_pieces_join_to_the_text(text):
    assert "".join(words.segment(text)) == words.normalise(text)


def test_segments_real_text_as_newmm_does(messages):
    def edges(pieces):
        ends = [sum(map(len, pieces[: i + 1])) for i in range(len(pieces))]
        return set(ends[:-1])

    same = either = 0
    for text in messages("q"):
        ours = words.segment(text)
        theirs = word_tokenize("".join(ours), engine="newmm")
        same += len(edges(ours) & edges(theirs))
        either += len(edges(ours) | edges(theirs))
    assert same / either > 0.97


def test_study_terms_are_one_word_however_typed(own_words):
    own_words("โคก หนอง นา\nOne Plan\nครัวเรือนต้นแบบ\n")
    text = "ครัวเรือนต้นแบบทำโคกหนองนา โคก-หนอง-นา โคก หนอง นา ตามแผน one plan ONE PLAN OnePlan"
    assert Counter(words.content(text)) == {
        "ครัวเรือนต้นแบบ": 1,
        "ทำ": 1,
        "โคก หนอง นา": 3,
        "ตาม": 1,
        "แผน": 1,
        "One Plan": 3,
    }
    assert words.segment("ตาม ONE PLAN")[-1] == "ONE PLAN"


def test_province_names_are_words(own_words):
    own_words("")
    assert "หนองบัวลำภู" in words.segment("ไปหนองบัวลำภูมา")


def test_a_changed_word_list_is_read_again(own_words):
    own_words("", stop="")
    assert words.content("ภาคีร่วมใจ") != ["ภาคีร่วมใจ"]
    own_words("ภาคีร่วมใจ\n# not a word\n", stop="ก็\n")
    assert words.content("ภาคีร่วมใจ") == ["ภาคีร่วมใจ"]


def test_content_leaves_out_what_says_nothing():
    assert words.content("และ ก็ ๑๐ 25 % ๆ ฯลฯ ... ก 😀") == []
    assert words.content("ช่วยกันดี ๆ ต่าง ๆ") == words.content("ช่วยกันดีๆ ต่างๆ") == ["ช่วยกัน", "ดี"]


def test_count_is_content_counted(messages):
    texts = messages("q")[:200]
    matrix, found = words.count(texts)
    for row, text in zip(matrix.toarray(), texts, strict=True):
        assert {w: n for w, n in zip(found, row, strict=True) if n} == Counter(words.content(text))


def test_count_of_nothing():
    matrix, found = words.count(["", "๑๐"])
    assert matrix.shape == (2, 0)
    assert len(found) == 0
