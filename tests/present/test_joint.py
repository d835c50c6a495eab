"""Joint displays as pages show them: positions, verdicts, what is stale, what is saved."""

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from castlib import mixed, protocol, store
from castlib.present import cases, guidelines, joint, results

TOPICS = ["leadership", "network", "participation"]
QUOTE = "ผู้นำลงมือทำให้เห็นก่อนทุกครั้ง ชาวบ้านจึงเชื่อและทำตามกันทั้งตำบล"


def described(**changed: float) -> pd.DataFrame:
    means = {"leadership": 4.2, "network": 4.0, "participation": 3.4} | changed
    frame = pd.DataFrame({"item": list(means), "mean": list(means.values())})
    frame["level"] = [4 if mean > 3.5 else 3 for mean in frame["mean"]]
    return frame.assign(ci_low=frame["mean"] - 0.1, ci_high=frame["mean"] + 0.1, n=40)


def study(decided: list[dict] | None = None) -> store.Study:
    groups = [f"TH-{k}" for k in (50, 51, 52, 58)]
    turns = [(g, f"{k}") for g in groups for k in range(1, 6)]
    segments = pd.DataFrame(turns, columns=["group", "speaker"])
    segments["segment"] = segments["group"] + ":" + segments["speaker"]
    segments["text"] = [f"{QUOTE} {group} {k}".replace("TH-", "ครั้งที่ ") for group, k in turns]
    where = {"kind": "participants", "cluster": "north-upper-1"}
    segments = segments.assign(**where, province=segments["group"], question="q1", turn=1)
    codes = {"1": "driver_leadership", "2": "driver_network", "3": "obstacle_coordination"}
    codings = pd.concat(
        segments.assign(coder=coder, code=segments["speaker"].map(codes)) for coder in "xy"
    )
    some = (codings["code"] != "driver_network") | (codings["group"] == "TH-50")
    codings = codings[some].reset_index(drop=True)
    columns = ["objective", "topic", "verdict", "reason", "by", "date", "numbers", "words"]
    verdicts = pd.DataFrame(decided or [], columns=columns)
    return SimpleNamespace(
        region="north-upper-1", segments=segments, codings=codings, verdicts=verdicts
    )


def country(**means: float) -> results.National:
    values = {f"{item}.mean": {"value": m, "shown": f"{m:.2f}"} for item, m in means.items()}
    return results.National("success-factors", {"values": values}, {})


@pytest.fixture
def shown() -> joint.Joint:
    known = country(leadership=3.9, network=4.05, participation=3.9)
    return joint.build(study(), 1, joint.means(described(), known))


def verdict(joint_: joint.Joint, topic: str, **changed: str) -> dict:
    row = joint_.rows.set_index("topic").loc[topic]
    made = {"objective": 1, "topic": topic, "verdict": "agree", "reason": "สองทางตรงกัน"}
    made |= {"by": "นักวิจัย", "date": "20/11/2565", "numbers": row.numbers, "words": row.words}
    return made | changed


def test_numbers_say_level_rank_and_position_against_the_country(shown):
    said = shown.rows.set_index("topic")["numbers"]
    assert said["leadership"] == "x̄ 4.20 ระดับมาก ลำดับ 1/3 สูงกว่าทั่วประเทศ"
    assert said["network"] == "x̄ 4.00 ระดับมาก ลำดับ 2/3 ไม่ต่างชัดจากทั่วประเทศ"
    assert said["participation"] == "x̄ 3.40 ระดับปานกลาง ลำดับ 3/3 ต่ำกว่าทั่วประเทศ"


def test_the_rule_is_applied_and_stated(shown):
    assert shown.rows.set_index("topic")["proposed"].to_dict() == {
        "leadership": "agree",
        "network": "disagree",
        "participation": "silent",
    }
    table = joint.by_theme(shown)
    assert f"{mixed.LEAN} เท่า" in table.note
    assert "ประสานงานระหว่างหน่วยงาน 4/4" in repr(table)
    assert "แย้ง (หนุน 1 แย้ง 4)" in repr(table)


def test_the_two_sides_are_quoted(shown):
    row = dict(zip(TOPICS, joint.side_by_side(shown).rows, strict=True))["network"]
    assert row[3].startswith("“ผู้นำ")
    assert row[4].startswith("แย้ง: “ผู้นำ")
    assert "กลุ่มจังหวัดภาคเหนือตอนบน 1" in row[4]
    assert "TH-5" not in "".join(row)


def test_it_shows_itself_in_html_and_escapes(shown):
    page = shown._repr_html_()
    assert page.count("<table") == 2
    made = [verdict(shown, "leadership", reason="<b>เหตุ</b>")]
    found = joint.build(study(made), 1, joint.means(described()))
    assert "<b>" not in found._repr_html_()


def test_undecided_decided_and_stale_are_told_apart(shown):
    made = [
        verdict(shown, "leadership"),
        verdict(shown, "network", verdict="add"),
        verdict(shown, "participation", verdict="silent", words="หนุน 3 แย้ง 0 จาก 4 กลุ่ม"),
    ]
    known = country(leadership=3.9, network=4.05, participation=3.9)
    found = joint.build(study(made), 1, joint.means(described(), known))
    cells = [row[-1] for row in joint.side_by_side(found).rows]
    assert cells[0] == "สอดคล้องกัน (นักวิจัย 20/11/2565: สองทางตรงกัน)"
    assert cells[2].startswith("ต้องพิจารณาใหม่ เพราะถ้อยคำเปลี่ยนจาก “หนุน 3 แย้ง 0 จาก 4 กลุ่ม” เป็น “หนุน 0")
    said = repr(joint.reading(found))
    assert "ตัดสินแล้ว 3 จาก 3 องค์ประกอบ" in said
    assert "เสริมกัน (ต่างจากกฎ)" in said
    assert "การมีส่วนร่วมของประชาชนต้องพิจารณาใหม่" in said
    saved = joint.values(found)
    assert (saved["verdict.decided"].value, saved["verdict.stale"].value) == (3, 1)
    assert saved["verdict.disagree.labels"].value == "ภาคีเครือข่าย 7 ภาค"
    assert "ยังไม่ตัดสิน" in repr(joint.side_by_side(shown))
    assert "ยังไม่ได้ตัดสินข้อใด" in repr(joint.reading(shown))


def test_a_number_that_moves_makes_its_verdict_stale(shown):
    known = country(leadership=3.9, network=4.05, participation=3.9)
    made = [verdict(shown, "network")]
    moved = joint.build(study(made), 1, joint.means(described(network=4.01), known))
    row = moved.rows.set_index("topic").loc["network"]
    assert row["numbers_was"].startswith("x̄ 4.00")
    assert row["words_was"] == ""


def test_where_nothing_was_coded_nothing_is_compared():
    silent = study()
    silent.codings = silent.codings.head(0)
    found = joint.build(silent, 1, joint.means(described()))
    assert "ยังเทียบตัวเลขกับถ้อยคำไม่ได้" in repr(joint.reading(found))
    assert found.quotes.empty


def test_what_is_saved_can_be_written_as_json(shown):
    rows = joint.entries(shown)
    assert json.loads(json.dumps(rows)) == rows
    assert {row["topic"] for row in rows} == set(TOPICS)
    assert joint.entries(None) == []
    assert joint.values(None) == {}


def test_conditions_say_in_how_many_paths_they_are():
    paths = pd.DataFrame({"item": TOPICS, "present": [2, 0, 0], "absent": [0, 1, 0], "of": 2})
    found = joint.conditions(described(), paths).set_index("topic")
    assert found["sign"].tolist() == [1, -1, 0]
    assert found.loc["network", "numbers"].startswith("มี 0 ไม่มี 1 จาก 2 ชุดเงื่อนไข x̄ 4.00")


def test_conditions_are_read_from_the_country_by_name():
    names = ["leadership", "network", "participation", "knowledge"]
    values = {f"{n}.{s}": {"value": 1, "shown": "1"} for n in names for s in ("present", "absent")}
    values["fsqca.terms"] = {"value": 3, "shown": "3"}
    record: dict[str, str] = {}
    found = cases.presence(None, results.National("scaling", {"values": values}, record))
    assert (found["of"] == 3).all()
    assert len(record) == 9


def test_only_cases_in_both_the_path_and_the_outcome_are_typical():
    fuzzy = pd.DataFrame(
        {"a": [0.9, 0.9, 0.5, 0.9], "b": [0.1, 0.1, 0.1, 0.6], "outcome": [0.9, 0.2, 0.9, 0.9]},
        index=list("wxyz"),
    )
    assert cases.typical(fuzzy, "a*~b") == ["w"]


def test_priorities_show_evidence_words_and_trail():
    needs = pd.DataFrame(
        {"item": TOPICS, "pni": [0.1, 0.3, 0.2], "rank": [3, 1, 2], "rank_low": [3, 1, 2],
         "rank_high": [3, 1, 2]}
    )  # fmt: skip
    found = guidelines.rank(study(), needs)
    assert found["topic"].iloc[0] == "network"
    assert found["strength"].tolist() == ["strong", "weak", "weak"]
    table = guidelines.table(found)
    assert "PNI 0.300 ลำดับ 1 (1–1)" in table.rows[0]
    assert any("กลุ่ม (4 ตอน)" in cell for cell in table.rows[0])
    assert "หนักแน่น (3/4)" in table.rows[0]
    assert "ภาคีเครือข่าย 7 ภาค" in repr(guidelines.reading(found))
    assert guidelines.values(found)["priority.1.groups"].value == 4
    assert set(protocol.VERDICTS) == {"agree", "add", "disagree", "silent"}
