from dataclasses import dataclass

import pandas as pd
import pytest

from castlib import paths
from castlib.errors import UnknownCode
from castlib.text import trail

NETWORK, CAPACITY, WATER = "driver_network", "driver_capacity", "obstacle_water"


@dataclass
class Small:
    """As much of a study as the lists need."""

    codings: pd.DataFrame
    segments: pd.DataFrame
    region: str = "TH"


@pytest.fixture
def study(codings, segments):
    said = segments(("a1", "1", "น้ำ"), ("a1", "2", "=ถนน"), ("s1", "1", "ไฟ"))
    said = said.assign(source_file="provinces/a1/form.docx", source_row=[16, 17, 4])
    rows = [("a1:1", "x", NETWORK), ("a1:1", "y", f"{NETWORK};{WATER}"), ("a1:2", "x", CAPACITY)]
    given = codings(*rows, ("s1:1", "x", NETWORK), ("a1:2", "y", ""))
    given = given.assign(source_file="coding/" + given["coder"] + ".csv", start=0, end=3)
    return Small(given.assign(source_row=range(2, 2 + len(given))), said)


def test_a_theme_leads_to_its_codes_segments_and_forms(study):
    found = trail.trail(study, "driver")
    assert found[["code", "segment", "coders", "agreed"]].to_numpy().tolist() == [
        [NETWORK, "a1:1", "x, y", True],
        [NETWORK, "s1:1", "x", True],
        [CAPACITY, "a1:2", "x", False],
    ]
    assert set(found["theme_label"]) == {"ปัจจัยความสำเร็จ"}
    assert found["source_row"].tolist() == [16, 4, 17]
    assert found["coding_file"].tolist() == ["coding/x.csv"] * 3
    assert found["passages"].iloc[0] == "x 0–3; y 0–3"
    assert found["province"].isna().tolist() == [False, True, False]


def test_a_code_and_a_quote_lead_to_their_own(study):
    assert trail.trail(study, NETWORK)["segment"].tolist() == ["a1:1", "s1:1"]
    quote = trail.trail(study, segment="a1:1")
    assert quote["code"].tolist() == [NETWORK, WATER]
    assert quote["agreed"].tolist() == [True, False]
    assert len(trail.trail(study)) == 4
    assert trail.trail(study, "result").empty


def test_what_is_not_there_is_refused(study):
    with pytest.raises(UnknownCode, match="driver_network"):
        trail.trail(study, "driver_netwrok")
    with pytest.raises(UnknownCode):
        trail.trail(study, segment="a9:1")


def test_the_lists_are_written_for_a_spreadsheet(study, tmp_path, monkeypatch):
    data = paths.data()
    monkeypatch.setenv("CAST_HOME", str(tmp_path))
    (tmp_path / "data").symlink_to(data)
    written = trail.write(study)
    assert [file.name for file in written] == ["trail.csv", "disagreements.csv"]
    assert {file.parent for file in written} == {tmp_path / "build" / "coding"}
    assert written[0].read_bytes().startswith(b"\xef\xbb\xbftheme,")
    back = pd.read_csv(written[0])
    assert back["text"].tolist().count("'=ถนน") == 1
    differ = pd.read_csv(written[1])
    assert differ[["segment", "code", "given_by", "not_given_by"]].to_numpy().tolist() == [
        ["a1:1", WATER, "y", "x"],
        ["a1:2", CAPACITY, "x", "y"],
    ]
    assert not list((tmp_path / "build" / "coding").glob(".*"))


def test_with_one_coder_there_is_a_trail_and_nothing_to_talk_over(study, tmp_path, monkeypatch):
    alone = Small(study.codings[study.codings["coder"] == "x"], study.segments)
    data = paths.data()
    monkeypatch.setenv("CAST_HOME", str(tmp_path))
    (tmp_path / "data").symlink_to(data)
    trail.write(study)
    (written,) = trail.write(alone)
    assert set(pd.read_csv(written)["coders"]) == {"x"}
    assert [file.name for file in written.parent.iterdir()] == ["trail.csv"]
