import re
from collections import Counter
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythainlp.tokenize import word_tokenize
from pythainlp.util import dict_trie, normalize

from castlib import paths
from castlib.demo import speech
from castlib.text import words

THAI = "".join(chr(code) for code in range(0x0E01, 0x0E5C) if not 0x0E3A < code < 0x0E3F)
SOMETHING = st.text(st.sampled_from(THAI + "aB1 \n\u200b\ufeff."), max_size=40)


@pytest.fixture(scope="module", autouse=True)
def loaded():
    """The dictionary is loaded before anything is timed."""
    words.warm()


@pytest.fixture
def own_words(tmp_path, monkeypatch):
    """A home with its own word lists; returns the function that writes them."""
    (tmp_path / "data" / "text" / "names").mkdir(parents=True)
    for name in ("names/districts.txt", "not_words.txt"):
        (tmp_path / "data/text" / name).write_bytes((paths.data() / "text" / name).read_bytes())
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
        ("เด็กๆชอบมากๆๆ", "เด็ก ๆ ชอบมาก ๆ"),
        ("แห่ง ๆ ละ ๕ คน", "แห่ง ๆ ละ ๕ คน"),
        ("(ๆ)", "(ๆ)"),
        ("โครงการ ฯ และนายกฯฯ", "โครงการฯ และนายกฯ"),
        ("ข้าว ฯ ล ฯ ปลา ฯลฯ", "ข้าว ฯลฯ ปลา ฯลฯ"),
        ("ท่าน ฯพณฯ", "ท่าน ฯพณฯ"),
        ("", ""),
    ],
)
def test_one_spelling(typed, meant):
    assert words.normalise(typed) == meant


@given(SOMETHING)
def test_normalising_twice_changes_nothing(text):
    once = words.normalise(text)
    assert words.normalise(once) == once


@given(SOMETHING)
def test_normalising_loses_no_letter_or_digit(text):
    def letters(text):
        return re.findall("[ก-ฮa-zA-Z0-9๐-๙]", text)

    assert letters(words.normalise(text)) == letters(text)


def test_normalises_real_text_as_pythainlp_does(messages):
    # but for signs that PyThaiNLP leaves alone: ๆ and ฯ, and some invisible characters
    texts = [re.sub("[\u200d\ufeff\x0b]| ?[ๆฯ] ?", "", text) for text in messages("q")]
    different = [text for text in texts if words.normalise(text) != normalize(text)]
    assert not different


@given(SOMETHING)
def test_pieces_join_to_the_text(text):
    assert "".join(words.segment(text)) == words.normalise(text)


def agreement(texts, known):
    """Share of the boundaries between words on which ours and newmm with the same dictionary agree."""
    trie, same, either = dict_trie(known), 0, 0
    for text in texts:
        ours = words.segment(text)
        theirs = word_tokenize(words._lower("".join(ours)), custom_dict=trie, engine="newmm")
        (*ours, end), (*theirs, last) = accumulate(map(len, ours)), accumulate(map(len, theirs))
        assert end == last
        same += len({*ours} & {*theirs})
        either += len({*ours} | {*theirs})
    return same / either


def test_segments_as_newmm_does_with_the_same_dictionary(messages):
    spoken = speech.phrases()
    said = [re.sub("{.*?}", "", text) for texts in spoken["codes"].values() for text in texts]
    assert agreement(said, words.known()) > 0.999
    # they differ at points and signs between Latin letters: '|s, #|honda
    assert agreement(messages("q"), words.known()) > 0.97


def test_a_pseudonym_is_one_piece():
    text = "พบ[บุคคล:7f3a2c]กับ[โทรศัพท์:0a1b2c]ที่บ้าน [บุคคล:xyz]"
    pieces = words.segment(text)
    assert pieces[:4] == ["พบ", "[บุคคล:7f3a2c]", "กับ", "[โทรศัพท์:0a1b2c]"]
    assert words.content("[บุคคล:7f3a2c] พบ[โทรศัพท์:0a1b2c]") == ["พบ"]


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


def test_names_of_places_are_words(own_words):
    own_words("")
    assert "หนองบัวลำภู" in words.segment("ไปหนองบัวลำภูมา")
    assert "กุดข้าวปุ้น" in words.segment("ที่กุดข้าวปุ้นทำ")
    # a district too, but said of a house that costs much
    assert words.segment("ซื้อบ้านแพง") == ["ซื้อ", "บ้าน", "แพง"]


def test_odd_entries_of_the_general_dictionary_break_no_words():
    assert words.segment("นึกแล้วจะตอบ") == ["นึก", "แล้ว", "จะ", "ตอบ"]


def test_abbreviations_are_one_word_with_their_points_or_without():
    assert set(words.content("อบต.กับอบต และ อบต.")) == {"อบต."}
    assert words.content("รพ.สต. รพสต") == ["รพ.สต."] * 2


def test_a_changed_word_list_is_read_again(own_words):
    own_words("", stop="")
    assert words.content("ภาคีร่วมใจ") != ["ภาคีร่วมใจ"]
    own_words("ภาคีร่วมใจ\n# not a word\n", stop="ก็\n")
    assert words.content("ภาคีร่วมใจ") == ["ภาคีร่วมใจ"]


def test_content_leaves_out_what_says_nothing():
    assert words.content("และ ก็ ๑๐ 25 % ๆ ฯลฯ ... ก 😀") == []
    assert words.content("โครงการฯ จริงๆ นายกฯ ฯพณฯ") == ["โครงการ", "นายก"]
    assert words.content("ช่วยกันดี ๆ ต่าง ๆ") == words.content("ช่วยกันดีๆ ต่างๆ") == ["ช่วยกัน", "ดี"]


def test_sequence_is_content_in_numbers(messages):
    texts = messages("q")[:200]
    said, ends, found = words.sequence(texts)
    for start, end, text in zip(ends, ends[1:], texts, strict=False):
        assert list(found[said[start:end]]) == words.content(text)
    assert found.is_unique


def test_sequence_of_nothing():
    said, ends, found = words.sequence(["", "๑๐"])
    assert (len(said), ends.tolist(), len(found)) == (0, [0, 0, 0], 0)
