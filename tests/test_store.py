import pandas as pd
import pytest

from castlib import paths, store
from castlib.errors import CastError, UnknownCode


@pytest.fixture
def tables(monkeypatch, whole_home) -> dict[str, pd.DataFrame]:
    """The whole country's tables, to be written to another home."""
    monkeypatch.setenv("CAST_HOME", str(whole_home))
    study = store.load("TH")
    return {name: getattr(study, name) for name in store.TABLES}


@pytest.fixture
def written(tables, tmp_path, monkeypatch, whole_home):
    """Write tables to a home of their own, the study's data being the same."""
    (tmp_path / "data").symlink_to(whole_home / "data")
    monkeypatch.setenv("CAST_HOME", str(tmp_path))

    def write(**changed: pd.DataFrame) -> None:
        store.write(tables | changed, synthetic=True, source_digest="x")

    write()
    return write


def test_what_is_written_is_read_back(written, tables):
    study = store.load("TH")
    for name, table in tables.items():
        pd.testing.assert_frame_equal(getattr(study, name), table)


def test_a_region_sees_its_own_rows_and_no_national_ones(written):
    study = store.load("north-upper-1")
    assert set(study.respondents["cluster"]) == {"north-upper-1"}
    assert set(study.segments["kind"]) == {"participants"}
    assert study.ioc.empty
    assert len(store.load("TH-50").districts) == 1


def test_tables_written_anew_are_seen_by_who_has_read_the_old_ones(written, tables):
    assert store.load("TH").respondents["sector"].nunique() > 1
    written(respondents=tables["respondents"].assign(sector="other"))
    assert set(store.load("TH").respondents["sector"]) == {"other"}


@pytest.mark.parametrize("region", ["TH", "north-upper-1"])
def test_what_one_does_to_a_study_nobody_else_sees(written, region):
    spoilt, whole = store.load(region), store.load(region)
    for table in (spoilt.respondents, spoilt.groups, spoilt.ioc):
        table["new"] = 1
        table.loc[:, "source_file"] = "elsewhere"
        table.columns.name, table.index.name = "columns", "rows"
        del table["source_row"]
    spoilt.respondents.iloc[0, 0] = "nobody"
    for again in (whole, store.load(region)):
        assert "nobody" not in set(again.respondents["respondent"])
        for table in (again.respondents, again.groups, again.ioc):
            assert list(table)[-2:] == store.TRACE
            assert "elsewhere" not in set(table["source_file"])
            assert table.columns.name is table.index.name is None


def test_one_answer_changes_the_digests_of_its_regions_only(written, tables):
    names = ("TH", "north-upper-1", "TH-50", "TH-51", "south-gulf")
    before = {name: store.digest(name) for name in names}
    answers = tables["respondents"].copy()
    row = answers.index[answers["province"] == "TH-50"][0]
    answers.loc[row, "leadership_1_actual"] = (
        1 if answers.loc[row, "leadership_1_actual"] != 1 else 2
    )
    written(respondents=answers)
    changed = {name for name in names if store.digest(name) != before[name]}
    assert changed == {"TH", "north-upper-1", "TH-50"}


def test_where_a_row_came_from_is_not_part_of_the_digest(written, tables):
    before = store.digest("TH")
    written(respondents=tables["respondents"].assign(source_row=7))
    assert store.digest("TH") == before


def test_tables_that_break_their_schema_are_refused_all_faults_at_once(written, tables):
    answers = tables["respondents"].assign(leadership_1_actual=9)
    with pytest.raises(CastError, match=r"(?s)leadership_1_actual.*ioc: ขาดคอลัมน์ rating"):
        written(respondents=answers, ioc=tables["ioc"].drop(columns="rating"))
    assert store.load("TH").respondents["leadership_1_actual"].max() <= 5


def test_a_score_needs_every_answer_of_its_construct(written):
    study = store.load("TH")
    answers = study.respondents[[f"leadership_{k}_actual" for k in range(1, 6)]]
    scores = study.scores("actual")["leadership"]
    assert scores.isna().equals(answers.isna().any(axis=1))
    full = answers.notna().all(axis=1)
    assert (scores[full] == answers[full].astype(float).mean(axis=1)).all()


def test_without_tables_the_command_is_named(tmp_path, monkeypatch, whole_home):
    (tmp_path / "data").symlink_to(whole_home / "data")
    monkeypatch.setenv("CAST_HOME", str(tmp_path))
    with pytest.raises(CastError, match="cast intake"):
        store.load("TH")


def test_a_spoilt_record_names_the_command(written):
    (paths.study() / store.ABOUT).write_text("{")
    with pytest.raises(CastError, match="cast intake"):
        store.load("TH")


def test_a_wrong_region_is_refused(written):
    with pytest.raises(UnknownCode, match="north-upper-1"):
        store.load("nort-upper-1")
