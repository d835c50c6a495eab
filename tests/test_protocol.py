from datetime import date

from castlib import protocol


def test_the_eleven_steps_and_the_two_parts_of_the_eighth():
    plan = protocol.load()
    assert [step["id"] for step in plan.steps] == [f"4.{k}" for k in range(1, 12)]
    timeline = plan.timeline().set_index("id")
    assert len(timeline) == 13
    assert timeline.loc["4.8.1", "dates_th"] == "1–7 พฤศจิกายน 2565"
    assert timeline.loc["4.5", "dates_th"] == "31 ตุลาคม – 2 พฤศจิกายน 2565"
    assert timeline.loc["4.11", "dates_th"] == "กุมภาพันธ์ 2566"


def test_the_targets_add_up():
    targets = protocol.load().targets
    assert targets["quantitative"]["total"] == 760 == 76 * 10
    qualitative = targets["qualitative"]
    parts = qualitative["executives"] + qualitative["participants"] + qualitative["staff"]
    assert qualitative["total"] == 825 == parts


def test_the_deadline_and_the_ten_days_of_analysis():
    plan = protocol.load()
    assert plan.deadline == date(2022, 11, 15)
    assert (plan.analysis["end"] - plan.analysis["start"]).days + 1 == 10


def test_every_phase_has_a_label_and_a_question():
    assert {protocol.phase_label(phase) for phase in protocol.PHASES}
    assert all(protocol.phase_question(phase) for phase in protocol.PHASES)


def test_both_slips_of_the_guideline_are_noted():
    assert len(protocol.load().slips) == 2
