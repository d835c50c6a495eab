import pytest

from castlib import regions
from castlib.errors import UnknownCode


def test_the_country_has_18_clusters_of_76_provinces():
    frame = regions.provinces()
    assert len(frame) == frame["province"].nunique() == 76
    assert len(regions.clusters()) == 18
    assert frame["macro_region"].nunique() == 6


def test_a_run_covers_19_regions_and_with_provinces_95():
    assert len(regions.codes()) == 19
    assert len(regions.codes("province")) == 95
    assert regions.codes()[0] == "TH"


def test_a_level_is_added_in_one_line(monkeypatch):
    macro = ("", "macro_region_th")
    monkeypatch.setattr(regions, "LEVELS", regions.LEVELS | {"macro_region": macro})
    assert len(regions.codes("macro_region")) == 1 + 18 + 6
    assert (regions.level("central"), regions.label("central")) == ("macro_region", "ภาคกลาง")
    assert set(regions.members("north-upper-1")) < set(regions.members("north"))
    own = regions.table().set_index("region").loc["north"]
    assert own[["level", "parent"]].to_list() == ["macro_region", "TH"]
    assert own["provinces"] == len(regions.members("north"))


def test_members_of_the_clusters_are_the_country():
    parts = [code for cluster in regions.clusters() for code in regions.members(cluster)]
    assert sorted(parts) == sorted(regions.members("TH"))


@pytest.mark.parametrize(
    ("wrong", "meant"), [("nort-upper-1", "north-upper-1"), ("TH50", "TH-50"), ("th", "TH")]
)
def test_a_wrong_code_is_refused_with_the_nearest(wrong, meant):
    with pytest.raises(UnknownCode, match=meant):
        regions.check(wrong)


def test_a_code_like_nothing_is_told_what_there_is():
    with pytest.raises(UnknownCode, match="ที่มีคือ TH, central-vicinity"):
        regions.check("???")


def test_the_frame_given_out_is_the_callers_own():
    frame = regions.provinces()
    frame["province"] = "changed"
    assert regions.provinces()["province"].iloc[0] == "TH-11"
