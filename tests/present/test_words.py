import numpy as np
import pandas as pd
import pytest

from castlib import regions, store
from castlib.present import tables, words
from castlib.text import frequency

SEGMENTS = ["segment", "group", "kind", "province", "cluster", "question", "speaker", "text"]


def study(region: str, rows: list[tuple[str, str, str, str]]) -> store.Study:
    """A study of nothing but segments, from (group, cluster, speaker, text) rows."""
    frame = pd.DataFrame(rows, columns=["group", "cluster", "speaker", "text"])
    frame["segment"] = frame["group"] + ":" + frame.index.astype(str)
    frame = frame.assign(kind="participants", question="q1", province=frame["group"])
    fields = dict.fromkeys(store.Study.__dataclass_fields__)
    return store.Study(**(fields | {"region": region, "segments": frame[SEGMENTS]}))


@pytest.fixture(scope="module")
def country():
    """Four groups in two clusters; one cluster speaks of the sea, the other of the hills."""
    own = {
        ("TH-50", "north-upper-1"): "เรามีปัญหาหมอกควันทุกปี",
        ("TH-51", "north-upper-1"): "หมอกควันทำให้เด็กป่วย",
        ("TH-80", "south-gulf"): "ชายฝั่งถูกกัดเซาะทุกปี",
        ("TH-84", "south-gulf"): "กัดเซาะชายฝั่งจนถนนพัง",
    }
    rows = [
        (*place, str(number), f"{text} ชาวบ้านช่วยกันวางแผน {text}")
        for place, text in own.items()
        for number in range(10)
    ]
    rows += [("TH-50", "north-upper-1", "1", "หมอกควันที่เชียงใหม่ ติดต่อ[บุคคล:7f3a2c]เรื่องหมอกควัน")]
    return study("TH", rows)


@pytest.fixture(scope="module")
def national(country):
    return words.national_tables(country, frequency.count(country.segments))


def of(country, region: str) -> store.Study:
    column = "province" if region.startswith("TH-") else "cluster"
    rows = country.segments[country.segments[column] == region]
    fields = {name: getattr(country, name) for name in store.Study.__dataclass_fields__}
    return store.Study(**(fields | {"region": region, "segments": rows}))


def test_every_region_has_its_table_and_only_the_country_makes_them(country, national):
    codes = [*regions.clusters(), *regions.provinces()["province"]]
    assert set(national) == {f"keywords.{code}" for code in codes}
    assert national["keywords.north-upper-1"].rows[0][0] == "หมอกควัน"
    assert national["keywords.south-gulf"].rows[0][-1] == "✓"
    assert national["keywords.east-1"].rows == ()
    part = of(country, "south-gulf")
    assert words.national_tables(part, frequency.count(part.segments)) == {}


def test_a_saved_table_comes_back_as_it_was(national):
    for table in national.values():
        assert tables.Table.from_json(table.to_json()) == table


def test_lines_name_no_place_nobody_and_each_group_once(country, national):
    part = of(country, "north-upper-1")
    table = words.in_context(part, national["keywords.north-upper-1"])
    shown = ["".join(row[2:]) for row in table.rows if row[3] == "หมอกควัน"]
    assert len(shown) == 2
    assert not any("เชียงใหม่" in text or "[" in text for text in shown)
    assert {row[1] for row in table.rows} == {regions.label("north-upper-1")}
    assert "TH-5" not in table._repr_html_()
    left = table.columns.index("ก่อนหน้า")
    assert table.numeric[left]  # the left context is set to the right, next to its keyword


def test_what_people_typed_is_escaped():
    rows = [
        (group, "south-gulf", "1", "<script>ทะเล</script> & ทะเล") for group in ("TH-80", "TH-84")
    ]
    said = study("south-gulf", rows).segments
    lines = words.kwic(said, "ทะเล")
    page = words.concordance(lines, "คำ")._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_denominators_are_shown(country):
    table = words.frequent(country, frequency.count(country.segments))
    cells = {row[0]: row for row in table.rows}
    assert cells["หมอกควัน"][1:3] == ("20/40", "2/4")
    assert cells["ชาวบ้าน"][1:3] == ("40/40", "4/4")


def test_one_group_is_refused_with_the_reason(country, national):
    part = of(country, "TH-50")
    counts = frequency.count(part.segments)
    key = national["keywords.TH-50"]
    for shown in (
        words.frequent(part, counts),
        words.in_context(part, key),
        words.company(part, counts),
    ):
        assert words.FEW in repr(shown)
    assert "ทั่วประเทศ" in repr(words.explored(part, counts))
    assert words.in_context(country, None) is None


def test_topics_say_that_they_explore():
    random = np.random.default_rng(1)
    stock = (
        "น้ำท่วม ถนน ตลาด ครู วัด ประชุม วางแผน ติดตาม ป่าไม้ ทะเล ปลา ข้าว ผัก สวน โรงเรียน หมอ ยา "
        "สุขภาพ รถ ไฟฟ้า ประปา ขยะ ปุ๋ย ดิน หนี้สิน ออมทรัพย์ อาชีพ รายได้ แม่บ้าน เยาวชน กีฬา ดนตรี "
        "ผ้าไหม จักสาน มะม่วง ทุเรียน ยางพารา กุ้ง หอย วัว ควาย ไก่ เป็ด หมู สุนัข แมว นก ผึ้ง เห็ด "
        "กล้วย มะพร้าว อ้อย ข้าวโพด ถั่ว งา พริก กระเทียม หอมแดง ส้ม ลำไย ลิ้นจี่ เงาะ มังคุด ลองกอง "
        "สับปะรด แตงโม ฟักทอง มะละกอ ฝรั่ง ชมพู่ องุ่น กาแฟ ชา โกโก้ น้ำผึ้ง เกลือ น้ำปลา กะปิ ขนม "
        "อาหาร ร้านค้า โรงงาน ธนาคาร สหกรณ์ มัสยิด โบสถ์ สนาม สะพาน คลอง เขื่อน ฝาย อ่างเก็บน้ำ"
    ).split()
    rows = [
        (f"g{person % 9}", "south-gulf", str(person), " ".join(random.choice(stock, 25)))
        for person in range(90)
    ]
    whole = study("TH", rows)
    table = words.explored(whole, frequency.count(whole.segments))
    assert words.EXPLORATORY in table.caption
    assert words.EXPLORATORY in table.note
    assert len(table.rows) == 8
