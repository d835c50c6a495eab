"""Personal data in text: found in every spelling, and nothing found where there is none."""

import csv
import random
import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.privacy import identifiers
from castlib.privacy.contacts import is_thai_id
from castlib.privacy.folding import fold
from castlib.privacy.identifiers import find, normal

from . import sample

ROOT = Path(__file__).resolve().parents[2]
MOBILE = "08" + "1234" * 2


def kinds(text: str) -> list[str]:
    return [found.kind for found in find(text)]


def found(text: str) -> list[str]:
    return [found.text for found in find(text)]


@pytest.fixture(scope="module")
def scores() -> dict[str, sample.Score]:
    return sample.measure(sample.make(), sample.clean())


def test_the_sample_is_large_enough():
    assert len(list(sample.templates())) >= 400
    assert len(sample.clean()) >= 120
    assert len(set(sample.clean())) == len(sample.clean())


@pytest.mark.parametrize("kind", ["phone", "id", "email", "line"])
def test_every_number_of_the_sample_is_found(scores, kind):
    assert scores[kind].missed == []
    assert scores[kind].wrong == []


@pytest.mark.parametrize("kind", ["address", "position"])
def test_places_of_the_sample_are_found(scores, kind):
    assert scores[kind].recall >= 0.97, scores[kind].missed
    assert scores[kind].wrong == []


def test_names_of_the_sample_are_found(scores):
    names = scores["person"]
    assert names.recall >= 0.97, names.missed[:20]
    assert names.precision >= 0.99, names.wrong[:20]


@pytest.mark.parametrize(
    ("which", "bar"),
    [
        ("listed", 0.99),
        ("unlisted", 0.98),
        ("foreign", 0.88),
        ("nickname", 0.98),
        ("latin", 1.0),
        ("title", 0.98),
        ("called", 0.94),
        ("context", 0.96),
        ("pair", 0.92),
        ("single", 0.95),
    ],
)
def test_names_of_each_origin_and_announcement_are_found(scores, which, bar):
    names = scores[f"person, {which}"]
    assert names.recall >= bar, names.missed[:20]


def test_another_sample_gives_nearly_the_same():
    """The bars do not hang on one seed."""
    scores = sample.measure(sample.make(seed=2026, times=2))
    for kind in ("phone", "id", "email"):
        assert scores[kind].missed == []
    assert scores["person"].recall >= 0.95
    assert scores["person"].precision >= 0.98


@pytest.mark.parametrize("sentence", sample.clean())
def test_nothing_is_found_where_nothing_is(sentence):
    assert find(sentence) == []


def spoken() -> list[str]:
    """Return everything that people of the synthetic country say, slots filled."""
    file = ROOT / "src" / "castlib" / "demo" / "phrases.yml"
    phrases = yaml.safe_load(file.read_text(encoding="utf-8"))
    chance = random.Random(1)

    def texts(part: object) -> list[str]:
        if isinstance(part, str):
            return [part]
        return [
            text
            for child in (part.values() if isinstance(part, dict) else part)
            for text in texts(child)
        ]

    fillings = {name: texts(choices) for name, choices in phrases["slots"].items()}
    return [
        re.sub(r"\{(\w+)\}", lambda slot: chance.choice(fillings.get(slot[1], [""])), text)
        for text in texts(phrases)
    ]


def test_nothing_is_found_in_what_the_synthetic_country_says():
    assert [(text, found(text)) for text in spoken() if find(text)] == []


def test_nothing_is_found_in_the_instrument_and_the_codebook():
    files = [
        *(ROOT / "data" / "instrument").glob("*.csv"),
        ROOT / "data" / "codebook.csv",
        ROOT / "data" / "provinces.csv",
    ]
    cells = {
        cell
        for file in files
        for row in csv.reader(file.read_text(encoding="utf-8").splitlines())
        for cell in row
    }
    cells |= set(
        (ROOT / "data" / "instrument" / "focus_group.yml").read_text(encoding="utf-8").split("\n")
    )
    assert [(cell, found(cell)) for cell in cells if find(cell)] == []


def test_next_to_nothing_is_found_in_the_chapters():
    lines = [
        line
        for file in sorted((ROOT / "book").glob("*.md"))
        for line in file.read_text(encoding="utf-8").split("\n")
    ]
    assert sum(len(find(line)) for line in lines) <= 2


@pytest.mark.parametrize(
    "text",
    [
        f"โทร {MOBILE}",
        f"โทร {MOBILE[:3]}-{MOBILE[3:6]}-{MOBILE[6:]}",
        f"โทร +66 (0){MOBILE[1:3]} {MOBILE[3:]}",
        f"โทร.0066{MOBILE[1:]}",
        "\u200b".join(MOBILE),
        MOBILE.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")),
        MOBILE.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
        "ศูนย์แปดหนึ่ง สองสามสี่ หนึ่งสองสามสี่",
        "053" + "-123" * 2 + " ต่อ 12",
        "02" + " 1234"[:4] + " 1234",
    ],
)
def test_phone_numbers(text):
    assert kinds(text) == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "งบ 1,250,000 บาท ปี 2565",
        "15/11/2565 09:30",
        "เวลา 09.00-12.00 13 คน",
        "02-11-2565 8 คน",
        "ISBN 0-8218-4781-6",
        "doi 10.1016/0895-4356(92)90001-2",
        "0.812345678 0.53123456",
        "0.98 0.87 0.65 0.4",
        "4 5 4 3 4 5 5 4 3 4 5 4 3",
        "ที่ มท 0409.2/1234",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert find(text) == []


def test_a_thai_id_is_told_by_its_check_digit():
    twelve = "1" * 12
    right = next(twelve + str(last) for last in range(10) if is_thai_id(twelve + str(last)))
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    assert kinds(f"ครัวเรือน {right} ราย") == ["id"]
    assert find(f"ครัวเรือน {wrong} ราย") == []
    assert kinds(f"เลขประจำตัวประชาชน {wrong}") == ["id"]


@pytest.mark.parametrize("text", ["บัญชี ธ.ก.ส. เลขที่ 020-0-12345-6", "หนังสือเดินทาง AA1234567"])
def test_other_documents(text):
    assert kinds(text) == ["id"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("นายทดสอบ ตัวอย่างบอกว่าไม่มา", "นายทดสอบ ตัวอย่าง"),
        ("น.ส. ทดสอบ  ตัวอย่าง", "น.ส. ทดสอบ  ตัวอย่าง"),
        ("ว่าที่ ร.ต.หญิง ทดสอบ ตัวอย่าง", "ว่าที่ ร.ต.หญิง ทดสอบ ตัวอย่าง"),
        ("พ. ต. ท. ทดสอบ ตัวอย่าง มา", "พ. ต. ท. ทดสอบ ตัวอย่าง"),
        ("Mr. Example Testing came", "Mr. Example Testing"),
        ("ผู้ประสานงาน: ทดสอบ ตัวอย่าง", "ทดสอบ ตัวอย่าง"),
        ("นาย\u200bทด\u200bสอบ ตัวอย่าง", "นาย\u200bทด\u200bสอบ ตัวอย่าง"),
        ("นายสํานึก ดีงาม", "นายสํานึก ดีงาม"),
    ],
)
def test_names(text, expected):
    assert found(text) == [expected]


def test_a_calling_stays_and_a_title_goes_with_the_name():
    assert found("กำนันนายทดสอบ ตัวอย่าง") == ["นายทดสอบ ตัวอย่าง"]
    assert found("ลุงแดงกับป้าแก้วบอกแล้ว") == ["แดง", "แก้ว"]


def test_a_position_needs_a_named_place():
    assert kinds("นายอำเภอแม่ริมไม่มา") == ["position"]
    assert kinds("ผู้ใหญ่บ้านหมู่ที่ ๕ พูดก่อน") == ["position"]
    assert find("กำนันตำบลอื่นกับนายอำเภอคนใหม่") == []


def test_pseudonyms_in_a_text_are_left_alone():
    assert find("[บุคคล:7f3a2c] กับ [โทรศัพท์:012345]") == []


def test_places_refer_to_the_text_as_given():
    text = "  โทร\u200b  ๐๘–๑๒๓๔\u200b๑๒๓๔  นะ"
    (phone,) = find(text)
    assert text[phone.start : phone.end] == phone.text == "๐๘–๑๒๓๔\u200b๑๒๓๔"


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        ("phone", [MOBILE, f"{MOBILE[:3]}-{MOBILE[3:]}", f"+66 {MOBILE[1:]}", f"๐๘ {MOBILE[2:]}", f"0066{MOBILE[1:]}", f"{MOBILE} ต่อ 5"]),
        ("id", ["1-1111-11111-11-9", "1" * 12 + "9", "๑" * 12 + "๙"]),
        ("email", ["A.b@Mail.com", "a.b (at) mail.com", "a.b@ mail .com", "a.b[at]mail[dot]com"]),
        ("line", ["@Somebody_1", "somebody_1", "line.me/~somebody_1"]),
        ("person", ["นายทดสอบ ตัวอย่าง", "ทดสอบ  ตัวอย่าง", "ดร.ทดสอบ ตัวอย่าง", "ทดสอบ\u200b ตัวอย่าง"]),
        ("address", ["12/3 หมู่ 4 ต.ดอนแก้ว", "บ้านเลขที่ ๑๒/๓ ม.4 ตำบลดอนแก้ว"]),
        ("position", ["ผู้ใหญ่บ้านหมู่ที่ 5", "ผญบ.ม.5", "ผู้ใหญ่หมู่ ๕"]),
    ],
)  # fmt: skip
def test_spellings_of_one_identifier_are_one(kind, spellings):
    assert len({normal(kind, spelling) for spelling in spellings}) == 1


LETTERS = st.text(alphabet="กขคงนสมชายใดี่้เแโ์ำําิุ \n\u200b0๑8-.,()@[]:/นางคุณโทร่ะa1Aอ", max_size=80)


@settings(max_examples=150, deadline=None)
@given(LETTERS)
def test_what_is_found_lies_in_the_text_in_order(text):
    last = 0
    for identifier in find(text):
        assert last <= identifier.start < identifier.end <= len(text)
        assert text[identifier.start : identifier.end] == identifier.text
        assert identifier.kind in identifiers.KINDS
        normal(identifier.kind, identifier.text)
        last = identifier.end


@settings(max_examples=200, deadline=None)
@given(LETTERS)
def test_folded_text_traces_back(text):
    folded = fold(text)
    for place in range(len(folded.text)):
        start, end = folded.span(place, place + 1)
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    "piece",
    ["นาย", "นาง ", "สมชาย,", "ก", "ก\u200b", "0 ", "08-", "1 ", "a@", "a.a", "หมู่ 1 ", "1/1 ต.ก ", "ประธานกลุ่มก",
     "คุณ", "ลุง", "ชื่อ ", "Aa ", "ศูนย์", "พ. ต. ", "่ิ", "\u0e49\u0e4d", "เ", "  ", "แซ่ลี ", "(\"", "10.1016/", "[บุคคล:123456]"],
)  # fmt: skip
def test_hostile_text_takes_no_longer(piece):
    """The time grows with the text: four times as much takes about four times as long, not sixteen."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        begun = time.process_time()
        find(text)
        return time.process_time() - begun

    seconds(1000)
    assert seconds(40_000) < 9 * seconds(10_000) + 0.05
