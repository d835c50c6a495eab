import json
import math

import pytest

from castlib import paths, store
from castlib.errors import CastError, UnknownCode
from castlib.present import results, tables
from castlib.present.results import Value

TABLE = tables.Table("คำบรรยาย", ("ก",), (("1.00",),), (True,))


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """The folder that the runner would give, standing where the published results are read."""
    monkeypatch.setenv("CAST_RESULTS", str(tmp_path))
    monkeypatch.setattr(paths, "results", lambda: tmp_path)
    monkeypatch.setattr(store, "synthetic", lambda: True)
    return tmp_path


def save_country(saved, mean: float = 3.14159):
    values = {
        "a.mean": Value(mean, 2, "คะแนน", 760, (3.0, 3.3), "respondents"),
        "a.level": Value("มาก"),
    }
    results.save("TH", "results", values, {"words": TABLE})
    return json.loads((saved / "TH" / "results.json").read_text(encoding="utf-8"))


def test_a_value_is_saved_with_all_that_is_known_of_it(saved):
    assert save_country(saved)["values"]["a.mean"] == {
        "value": 3.14159,
        "shown": "3.14",
        "unit": "คะแนน",
        "decimals": 2,
        "n": 760,
        "ci": [3.0, 3.3],
        "source": "respondents",
    }


def test_a_region_sees_the_country_as_shown_and_says_what_it_read(saved):
    save_country(saved)
    country = results.national("north-upper-1", "results")
    assert country["a.mean"] == 3.14
    assert country["a.level"] == "มาก"
    assert country.table("words") == TABLE
    results.save("north-upper-1", "results", {"n": Value(40, 0)})
    own = json.loads((saved / "north-upper-1" / "results.json").read_text(encoding="utf-8"))
    assert own["compared_with"]["a.mean"] == "3.14"
    assert set(own["compared_with"]) == {"a.mean", "a.level", "words"}


def test_the_country_compares_itself_with_nobody(saved):
    assert results.national("TH", "results") is None


def test_a_name_that_is_not_there_is_refused_with_the_nearest(saved):
    save_country(saved)
    with pytest.raises(UnknownCode, match=r"a\.mean"):
        results.national("north-upper-1", "results")["a.men"]


def test_exploring_by_hand_writes_nothing(saved, monkeypatch):
    monkeypatch.delenv("CAST_RESULTS")
    results.save("TH", "results", {"n": Value(1, 0)})
    assert not list(saved.iterdir())


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_cannot_be_computed_is_not_saved(value):
    with pytest.raises(CastError, match="จำนวนจำกัด"):
        Value(value)


def test_results_that_are_not_there_yet_name_the_command(saved):
    with pytest.raises(CastError, match="cast run --region TH"):
        results.national("north-upper-1", "results")
