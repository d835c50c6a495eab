import pandas as pd
import pytest

from castlib import paths
from castlib.errors import CastError, UnknownCode
from castlib.text import coding

CODES = "driver_network", "driver_capacity", "obstacle_water"


def pairs(frame):
    return list(zip(frame["segment"], frame["code"], strict=True))


def test_codebook_is_complete():
    book = coding.codebook()
    assert set(book["kind"]) == {"driver", "result", "obstacle", "proposal"}
    assert book["objective"].between(1, 4).all()
    assert (book[["label_th", "definition_th", "include_th"]] != "").all(axis=None)


def test_codebook_faults_are_told_together(tmp_path, monkeypatch):
    lines = (paths.data() / "codebook.csv").read_text(encoding="utf-8").splitlines()
    broken = [
        *lines,
        lines[2],
        lines[3].replace(",driver,", ",drivers,", 1).replace("driver_", "x_"),
    ]
    (tmp_path / "data").mkdir()
    (tmp_path / "data/codebook.csv").write_text("\n".join(broken), encoding="utf-8")
    monkeypatch.setenv("CAST_HOME", str(tmp_path))
    with pytest.raises(CastError, match=r"รหัสซ้ำ: driver_leadership; .*: x_network"):
        coding.codebook()


def test_consensus_is_what_all_who_read_it_gave(codings):
    given = codings(
        ("a1:1", "x", "p;q"),
        ("a1:1", "y", "q;r"),
        ("a1:2", "x", "p"),
        ("a1:2", "y", ""),
        ("a1:3", "x", "p"),
        ("a1:4", "x", ""),
    )
    agreed = coding.consensus(given)
    assert pairs(agreed) == [("a1:1", "q"), ("a1:3", "p")]
    assert agreed["coders"].tolist() == [2, 1]


def test_a_passage_counts_for_its_segment_once_a_coder(codings):
    rows = ("a1:1", "x", "p;p;q"), ("a1:1", "y", "p"), ("a1:2", "x", "p;p"), ("a1:2", "y", "")
    given = codings(*rows)
    given["start"] = range(len(given))
    agreed = coding.consensus(given)
    assert agreed[["segment", "code", "coders"]].values.tolist() == [["a1:1", "p", 2]]
    alike = coding.consensus(given.drop_duplicates(["segment", "coder", "code"]))
    pd.testing.assert_frame_equal(agreed, alike)


def test_a_coding_given_twice_counts_once(codings):
    rows = [("a1:1", "x", "p;p"), ("a1:1", "y", "q"), ("a1:1", "y", "q")]
    assert coding.consensus(codings(*rows)).empty


@pytest.fixture(scope="module")
def study(segments, codings):
    said = segments(
        ("a1", "1", "ก"),
        ("a1", "1", "ข"),
        ("a1", "2", "ค"),
        ("b1", "1", "ง"),
        ("b1", "", "จ"),
        ("s1", "1", "ฉ"),
    )
    network, capacity, water = CODES
    answers = {
        "a1:1": network,
        "a1:2": f"{network};{capacity}",
        "a1:3": "",
        "b1:1": "",
        "s1:1": f"{network};{water}",
    }
    rows = [(segment, coder, codes) for segment, codes in answers.items() for coder in "xy"]
    return codings(*rows), said


def test_prevalence_counts_groups_speakers_segments_with_denominators(study):
    found = coding.prevalence(*study).set_index("code")
    counted = ["groups", "of_groups", "speakers", "of_speakers", "segments", "of_segments"]
    assert found.loc["driver_network", counted].tolist() == [2, 3, 2, 4, 3, 5]
    assert found.loc["driver_network", "share"] == pytest.approx(2 / 3)
    assert found.loc["driver_leadership", counted].tolist() == [0, 3, 0, 4, 0, 5]
    assert list(found.index) == list(coding.codebook()["code"])


def test_a_theme_counts_a_segment_once(study):
    found = coding.prevalence(*study).set_index("code")
    assert found.loc["driver", ["segments", "speakers", "groups"]].tolist() == [3, 2, 2]
    assert found.loc["obstacle", ["segments", "speakers", "groups"]].tolist() == [1, 1, 1]


def test_prevalence_within_a_column(study):
    found = coding.prevalence(*study, by="kind").set_index(["kind", "code"])
    assert len(found) == 2 * len(coding.codebook())
    assert found.loc[("staff", "obstacle_water"), ["groups", "of_groups"]].tolist() == [1, 1]
    assert found.loc[("participants", "obstacle_water"), ["groups", "of_groups"]].tolist() == [0, 2]
    clusters = coding.prevalence(*study, by="cluster")
    assert set(clusters["cluster"]) == {"north-upper-1", "south-gulf"}
    with pytest.raises(UnknownCode, match="คอลัมน์"):
        coding.prevalence(*study, by="speaker")


def test_codes_outside_the_codebook_are_named(study):
    given, said = study
    with pytest.raises(UnknownCode, match="driver_networks"):
        coding.prevalence(given.replace({"code": {"driver_network": "driver_networks"}}), said)
