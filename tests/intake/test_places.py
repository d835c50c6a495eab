import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castlib import paths, regions
from castlib.intake import places
from castlib.intake.spelling import Unreadable, clean, letters


def refusal(text: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        places.province(clean(text))
    return caught.value


def listed() -> list[dict[str, str]]:
    with (paths.data() / "names.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_province_by_every_name():
    for row in regions.provinces().itertuples():
        ways = [
            row.province,
            row.province.lower(),
            row.province.removeprefix("TH-"),
            f"{row.province} {row.name_th}",
            f"{row.name_th} ({row.province})",
            f"{row.province.removeprefix('TH-')} {row.name_th}",
            row.name_th,
            f"จังหวัด{row.name_th}",
            f"จ.{row.name_th}",
            f"จ. {row.name_th}",
            f"จว.{row.name_th}",
            f"อ.เมือง จ.{row.name_th} 12345",
            f"อำเภอเมือง{row.name_th} จังหวัด{row.name_th}",
            f"อ.เมือง{row.name_th} {row.name_th}",
            row.name_en,
            row.name_en.upper(),
            row.name_en.replace(" ", ""),
            row.name_en.replace(" ", "-"),
            f"{row.name_en} Province",
            f"{row.name_en}, Thailand",
            f"{row.name_th}/{row.name_en}",
        ]
        assert {way: places.province(clean(way)) for way in ways} == dict.fromkeys(
            ways, row.province
        )


def test_every_spelling_leads_to_exactly_one_province_and_none_is_listed_twice():
    spelt: dict[str, set[str]] = {}
    for row in listed():
        spelt.setdefault(letters(row["name"]), set()).add(row["province"])
    for row in regions.provinces().itertuples():
        for name in (row.name_th, row.name_en, row.province):
            assert letters(name) not in spelt, f"{name} is official already"
    assert all(len(codes) == 1 for codes in spelt.values())
    assert len(spelt) == len(listed())
    for row in listed():
        if row["province"] != places.BANGKOK:
            assert places.province(row["name"]) == row["province"], row
    assert {row["province"] for row in listed()} == {*regions.provinces()["province"], "TH-10"}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("50.0", "TH-50"),
        ("๕๐.๐", "TH-50"),
        ("โคราช", "TH-30"),
        ("Korat", "TH-30"),
        ("อยุธยา", "TH-14"),
        ("Ayutthaya", "TH-14"),
        ("อุบลฯ", "TH-34"),
        ("สุราษฏร์ธานี", "TH-84"),
        ("นครศรี", "TH-80"),
        ("ประจวบ", "TH-77"),
        ("แปดริ้ว", "TH-24"),
        ("กาญจน์", "TH-71"),
        ("ชม", "TH-50"),
        ("จ.ชม.", "TH-50"),
        ("ช.ม.", "TH-50"),
        ("ลพบุรึ", "TH-16"),
        ("ศรีษะเกษ", "TH-33"),
        ("อุบลราชธานนี", "TH-34"),
        ("เพชรบูรณ", "TH-67"),
        ("กระบี", "TH-81"),
        ("Phangnga", "TH-82"),
        ("นครราชสีมา (โคราช)", "TH-30"),
        ("แม่ริม เชียงใหม่", "TH-50"),
        ("จังหวัด: น่าน", "TH-55"),
        ("ล\u0e4d\u0e32ปาง", "TH-52"),
        ("เ\u200bลย", "TH-42"),
    ],
)
def test_common_spellings(written, code):
    assert places.province(clean(written)) == code


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("นคร", {"นครปฐม", "นครนายก", "นครพนม", "นครสวรรค์", "นครราชสีมา", "นครศรีธรรมราช"}),
        ("สมุทร", {"สมุทรปราการ", "สมุทรสาคร", "สมุทรสงคราม"}),
        ("เพชร", {"เพชรบุรี", "เพชรบูรณ์"}),
        ("เชียงใหม่/ลำพูน", {"เชียงใหม่", "ลำพูน"}),
        ("51 เชียงใหม่", {"เชียงใหม่", "ลำพูน"}),
        ("เชียงใหม่ กรุงเทพ", {"เชียงใหม่", "กรุงเทพมหานคร"}),
        ("นครศรีธรรมราด", {"นครศรีธรรมราช"}),
        ("zzz", set()),
        ("TH-99", set()),
        ("จังหวัด", set()),
    ],
)
def test_what_names_no_single_province_is_refused_with_those_it_may_mean(written, named):
    refused = refusal(written)
    assert refused.code == "province-unknown"
    hint = refused.details["hint"]
    assert {name for name in named if name in hint} == named
    assert bool(hint) == bool(named)


@pytest.mark.parametrize(
    "written",
    ["กรุงเทพมหานคร", "กรุงเทพฯ", "กทม.", "Bangkok", "BKK", "10", "เขตพระนคร กรุงเทพมหานคร", "TH-10"],
)
def test_bangkok_is_told_apart(written):
    assert refusal(written).code == "province-bangkok"


@pytest.mark.parametrize(
    ("folder", "province"),
    [
        ("TH-50 เชียงใหม่", "TH-50"),
        ("th-50", "TH-50"),
        ("TH-50_เชียงใหม่", "TH-50"),
        ("50_เชียงใหม่", "TH-50"),
        ("จังหวัดเชียงใหม่", "TH-50"),
        ("50 เชียงใหม่", "TH-50"),
        ("Chiang Mai", "TH-50"),
        ("50", None),
        ("11 พ.ย.", None),
        ("กรุงเทพมหานคร", None),
        ("photos", None),
        ("staff", None),
        ("", None),
    ],
)
def test_province_of_folder(folder, province):
    assert places.province_of_folder(folder) == province


@given(st.text(max_size=40) | st.text("จ.อเชียงใหม่นครTH-50 ()/", max_size=40))
def test_no_text_breaks_the_reader(text):
    try:
        found = places.province(clean(text))
    except Unreadable:
        return
    assert found in set(regions.provinces()["province"])
