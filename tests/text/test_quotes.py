import pytest

from castlib.errors import UnknownCode
from castlib.protocol import informant_label
from castlib.text import quotes

WATER = "ฝนแล้งทุกปี น้ำในคลองแห้ง ชาวบ้านต้องซื้อน้ำใช้เอง เดือดร้อนกันทั้งตำบล"
DRY = "น้ำไม่พอใช้ทำนา ฝนแล้งติดกันหลายปี คลองก็แห้งหมด เดือดร้อนกันทุกบ้าน"
MIXED = "เรื่องถนนกับเรื่องตลาดก็ยังต้องแก้ไขกันต่อ แต่น้ำก็เป็นปัญหาเหมือนกันครับ"
ROAD = "ถนนเข้าหมู่บ้านเป็นหลุมเป็นบ่อ รถเข้าออกลำบาก ขนของไปขายที่ตลาดไม่ทัน"


def crowd(*groups: str, speakers: int = 10) -> list[tuple[str, str, str]]:
    """Return people who say something too short to quote, among whom a speaker is hidden."""
    return [(group, f"{k}", "ครับ") for group in groups for k in range(1, speakers + 1)]


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
        *crowd("a1", "a2", "a3", "b1", "b2", "s1", "s2"),
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


LEADER = "ผู้นำลงมือทำให้เห็นก่อนทุกครั้ง ชาวบ้านจึงเชื่อและทำตามกันทั้งตำบล"


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (crowd("a1", "a2"), True),
        (crowd("a1"), False),  # a cluster with one group: its district is known
        (crowd("a1", "a2", speakers=4), False),  # nine spoke: the ninth is the quoted one
        (crowd("a1", "b1", "b2"), False),  # others spoke, elsewhere
        ([*crowd("a1"), *crowd("s1", "s2")], False),  # others spoke, of another kind
    ],
)
def test_a_speaker_who_stands_out_is_withheld(lines, shown, segments, codings):
    said = segments(("a1", "11", LEADER), *lines)
    given = codings(("a1:1", "x", "driver_leadership"))
    assert len(quotes.choose(said, given, ["driver_leadership"])) == shown


def test_few_people_of_a_national_kind_are_never_quoted(segments, codings):
    """Five executives, each an interview, and a table of five partners."""
    said = segments(*[(f"s{k}", "1", f"{LEADER} {k}") for k in range(1, 6)])
    given = codings(*[(f"s{k}:1", "x", "driver_leadership") for k in range(1, 6)])
    assert quotes.choose(said, given, ["driver_leadership"]).empty
    one = segments(*[("s1", f"{k}", f"{LEADER} {k}") for k in range(1, 6)])
    assert quotes.choose(one, given, ["driver_leadership"]).empty
    many = segments(*[(f"s{k}", "1", f"{LEADER} {k}") for k in range(1, 12)])
    assert len(quotes.choose(many, given, ["driver_leadership"])) == 2


def test_a_page_that_names_the_groups_hides_speakers_among_these_only(segments, codings):
    said = segments(("a1", "11", LEADER), *crowd("a1", "a2", "a3"))
    given = codings(("a1:1", "x", "driver_leadership"))
    assert quotes.choose(said, given, ["driver_leadership"], within=["a1"]).empty
    assert quotes.choose(said, given, ["driver_leadership"], within=["a2", "a3"]).empty
    assert len(quotes.choose(said, given, ["driver_leadership"], within=["a1", "a2"])) == 1


def test_a_quote_of_one_code_comes_first(segments, codings):
    said = segments(("a1", "1", WATER), ("a2", "1", ROAD), *crowd("a1", "a2"))
    given = codings(
        ("a1:1", "x", "obstacle_water;obstacle_budget"), ("a2:1", "x", "obstacle_water")
    )
    chosen = quotes.choose(said, given, ["obstacle_water"])
    assert chosen["segment"].tolist() == ["a2:1", "a1:1"]


def test_the_other_side_is_quoted_where_there_is_one(segments, codings):
    said = segments(
        ("a1", "1", LEADER), ("a2", "1", WATER), ("a2", "2", ROAD), ("a3", "1", DRY), *crowd("a1", "a2", "a3")
    )  # fmt: skip
    given = codings(
        ("a1:1", "x", "driver_leadership"),
        ("a2:1", "x", "obstacle_turnover"),
        ("a2:2", "x", "driver_network"),
        ("a3:1", "x", "driver_network"),
    )
    topics = {
        "leadership": (["driver_leadership"], ["obstacle_turnover"]),
        "network": (["driver_network"], ["obstacle_coordination"]),
        "capacity": (["driver_capacity"], []),
    }
    found = quotes.sides(said, given, topics)
    assert found[["topic", "side"]].to_numpy().tolist() == [
        ["leadership", "for"],
        ["leadership", "against"],
        ["network", "for"],
        ["network", "for"],
    ]
    assert found.loc[1, "text"] == WATER


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ไปดูงานที่เชียงใหม่", True),
        ("ไปตามเลย", False),
        ("จังหวัดเลย", True),
        ("จ.ตาก", True),
        ("ตากผ้า", False),
        ("ที่อำเภอสันทราย", True),
        ("ที่อำเภอของเรา", False),
        ("พบ[บุคคล:7f3a2c]", True),
        ("ในฐานะสื่อมวลชน", True),
        ("อาตมาเห็นอย่างนั้น", True),
        ("ผมเป็นกำนันมานาน", True),
        ("ผมเป็นห่วงลูกหลาน", False),
    ],
)
def test_places_and_who_speaks_are_not_told(text, named, segments, codings):
    said = segments(("a1", "1", f"{WATER} {text}"), *crowd("a1", "a2"))
    given = codings(("a1:1", "x", "obstacle_water"))
    assert quotes.choose(said, given, ["obstacle_water"]).empty == named
