import pytest

from castlib.errors import UnknownCode
from castlib.protocol import informant_label
from castlib.text import quotes

WATER = "ฝนแล้งทุกปี น้ำในคลองแห้ง ชาวบ้านต้องซื้อน้ำใช้เอง เดือดร้อนกันทั้งตำบล"
DRY = "น้ำไม่พอใช้ทำนา ฝนแล้งติดกันหลายปี คลองก็แห้งหมด เดือดร้อนกันทุกบ้าน"
MIXED = "เรื่องถนนกับเรื่องตลาดก็ยังต้องแก้ไขกันต่อ แต่น้ำก็เป็นปัญหาเหมือนกันครับ"
ROAD = "ถนนเข้าหมู่บ้านเป็นหลุมเป็นบ่อ รถเข้าออกลำบาก ขนของไปขายที่ตลาดไม่ทัน"


@pytest.fixture(scope="module")
def study(segments, codings):
    said = segments(
        ("a1", "1", WATER),
        ("a1", "2", DRY),
        ("a2", "1", MIXED),
        ("a2", "1", "น้ำแห้ง"),
        ("a3", "1", DRY + " ที่จังหวัดน่าน"),
        ("b1", "1", ROAD),
        ("s1", "1", DRY + " ครับ"),
        ("b2", "1", DRY),
    )
    water = ["a1:1", "a1:2", "a2:1", "a2:2", "a3:1", "s1:1", "b2:1"]
    rows = [(segment, coder, "obstacle_water") for segment in water for coder in "xy"]
    rows += [("b1:1", "x", "obstacle_water"), ("b1:1", "y", "obstacle_budget")]
    return said, codings(*rows)


def test_the_rule(study):
    said, given = study
    chosen = quotes.choose(said, given, ["obstacle_water", "obstacle_budget"], n=5)
    assert set(chosen["code"]) == {"obstacle_water"}  # coders did not agree on the road
    assert chosen["rank"].tolist() == [1, 2, 3]
    assert chosen["typicality"].is_monotonic_decreasing
    groups = chosen["segment"].str.split(":").str[0]
    assert groups.is_unique
    assert set(groups) == {"a1", "a2", "s1"}  # a3 names a province, b2 says what a1 said
    assert "a2:2" not in set(chosen["segment"])  # too short
    assert chosen["segment"].iloc[-1] == "a2:1"  # the least typical


def test_shown_by_informant_and_cluster_only(study):
    chosen = quotes.choose(*study, ["obstacle_water"], n=3).set_index("segment")
    assert chosen.loc["s1:1", ["informant", "place"]].tolist() == [
        informant_label("staff"),
        "ส่วนกลาง",
    ]
    assert "ภาคเหนือตอนบน 1" in chosen.loc["a2:1", "place"]
    assert not {"province", "group", "speaker"} & set(chosen)


def test_an_unknown_code_is_named(study):
    with pytest.raises(UnknownCode, match="obstacle_water"):
        quotes.choose(*study, ["obstacle_waters"])


def test_no_quote_is_an_empty_table(study):
    chosen = quotes.choose(*study, ["obstacle_budget"])
    assert chosen.empty
    assert {"text", "informant", "place"} <= set(chosen)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ไปดูงานที่เชียงใหม่", True),
        ("ไปตามเลย", False),
        ("จังหวัดเลย", True),
        ("จ.ตาก", True),
        ("ตากผ้า", False),
    ],
)
def test_provinces_named_by_ordinary_words(text, named, segments, codings):
    said = segments(("a1", "1", f"{WATER} {text}"))
    given = codings(("a1:1", "x", "obstacle_water"))
    assert quotes.choose(said, given, ["obstacle_water"]).empty == named
