"""A person's verdict from the sheet to the page, and how it goes stale when a strand moves."""

import csv
import json
from pathlib import Path

import pytest

from castlib import instrument
from castlib.run import plan, verdicts

REGION, PHASE = "north-upper-1", "results"

ROW = {"objective": 2, "topic": "happiness", "label": "สุขมากขึ้น", "numbers": "x̄ 3.94", "words": "หนุน 4",
       "proposed": "agree", "verdict": "add", "reason": "=เหตุ", "by": "นักวิจัย", "date": "", "numbers_was": "",
       "words_was": ""}  # fmt: skip
STALE = ROW | {"topic": "suffering", "label": "ทุกข์น้อยลง", "numbers_was": "x̄ 3.93"}


def publish(*rows: dict, region: str = REGION) -> None:
    file = plan.results(region, PHASE)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"joint": list(rows)}), encoding="utf-8")


def sheet(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def test_stale_verdicts_say_what_moved_from_what_to_what(home):
    publish(ROW, STALE)
    assert verdicts.stale(verdicts.rows(["TH", REGION], [PHASE])) == [
        f"{REGION} วัตถุประสงค์ข้อ 2 ทุกข์น้อยลง: คำตัดสิน “เสริมกัน” ต้องพิจารณาใหม่ "
        "เพราะตัวเลข “x̄ 3.93” → “x̄ 3.94”"
    ]


def test_the_sheet_keeps_what_holds_and_asks_again_for_what_is_stale(home):
    publish(ROW, STALE, ROW | {"topic": "sustainability", "verdict": "", "reason": ""})
    listed = sheet(verdicts.write(verdicts.sheet(), verdicts.rows([REGION], [PHASE])))
    assert [row["ข้อสรุป"] for row in listed] == ["เสริมกัน", "", ""]
    assert [row["เหตุผล"] for row in listed] == ["'=เหตุ", "'=เหตุ", ""]
    assert listed[1]["ตัวเลข"] == "x̄ 3.94"
    assert listed[0]["ข้อสรุปที่เสนอ"] == "สอดคล้องกัน"


def test_results_without_a_joint_display_have_nothing_to_decide(home):
    home.saving("instrument", "1")
    assert verdicts.rows([REGION], ["instrument"]) == []


def fill(home: Path, **reasons: str) -> None:
    """Decide on some topics of north-upper-1's success factors, as a person does with the sheet."""
    listed = sheet(home / "build" / "verdicts.csv")
    for row in listed:
        if (row["พื้นที่"], row["วัตถุประสงค์"]) == (REGION, "1") and row["หัวข้อ"] in reasons:
            row |= {"ข้อสรุป": "เสริมกัน", "เหตุผล": reasons[row["หัวข้อ"]], "ผู้ตัดสิน": "นักวิจัย"}
    with (home / "build" / "demo" / "verdicts.csv").open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, listed[0].keys())
        writer.writeheader()
        writer.writerows(listed)


def change(file: Path, old: str, new: str, where: str) -> None:
    """Change a text in the lines of a source file that hold another."""
    lines = file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    changed = [line.replace(old, new) if where in line else line for line in lines]
    assert changed != lines
    file.write_text("".join(changed), encoding="utf-8-sig", newline="")


def answer_differently(file: Path) -> None:
    """Lower the first respondent of Chiang Mai on the network's first item."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.reader(text))
    at = rows[0].index(instrument.load().headers["network_1_actual"])
    row = next(row for row in rows[1:] if "เชียงใหม่" in row[1] and row[at] in list("12345"))
    row[at] = "1" if row[at] != "1" else "5"
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        csv.writer(text).writerows(rows)


def made(home: Path) -> set[str]:
    told = json.loads((home / "build" / "run.json").read_text(encoding="utf-8"))["notebooks"]
    return {f"{n['region']}/{n['phase']}" for n in told if n["status"] == "made"}


@pytest.mark.slow
def test_from_the_sheet_to_the_page_and_stale_when_a_strand_moves(tmp_path, cast, home_of):
    home = home_of(tmp_path / "home", ("north-upper-1", "south-gulf"))
    words = ["--region", "TH", "--region", REGION, "--phase", "success-factors"]
    cast(home, "demo")
    cast(home, "intake", check=False)
    assert cast(home, "verdicts", check=False).returncode == 2
    cast(home, "run", *words)
    assert "ตัดสินแล้ว 0" in cast(home, "verdicts").stdout
    fill(home, network="สองทางให้ภาพคนละด้าน", leadership="ถ้อยคำให้รายละเอียด")

    cast(home, "intake", check=False)
    cast(home, "run", *words)
    assert made(home) == {f"{REGION}/success-factors"}
    results = home / "build" / "results" / REGION / "success-factors.json"
    rows = {row["topic"]: row for row in json.loads(results.read_bytes())["joint"]}
    assert rows["network"]["reason"] == "สองทางให้ภาพคนละด้าน"
    assert rows["network"]["numbers_was"] == rows["network"]["words_was"] == ""
    assert "ต้องพิจารณาใหม่" not in cast(home, "status").stdout
    page = home / "build" / "notebooks" / REGION / "success-factors.ipynb"
    assert "สองทางให้ภาพคนละด้าน" in page.read_text(encoding="utf-8")
    assert "สองทางให้ภาพคนละด้าน" not in (page.parents[1] / "TH" / page.name).read_text(
        encoding="utf-8"
    )

    answer_differently(home / "build" / "demo" / "questionnaire.csv")
    cast(home, "intake", check=False)
    cast(home, "run", *words)
    said = cast(home, "status").stdout
    before = rows["network"]["numbers"]
    assert f"{REGION} วัตถุประสงค์ข้อ 1 ภาคีเครือข่าย 7 ภาค: " in said
    assert f"ตัวเลข “{before}” → “" in said
    assert "ต้องพิจารณาใหม่" in page.read_text(encoding="utf-8")

    for coder in ("1", "2"):
        sheet_ = home / "build" / "demo" / "coding" / f"coder-{coder}.csv"
        change(sheet_, "driver_leadership", "driver_capacity", "TH-5")
        change(sheet_, "obstacle_turnover", "obstacle_budget", "TH-5")
    cast(home, "intake", check=False)
    cast(home, "run", *words)
    said = cast(home, "verdicts").stdout
    assert f"ถ้อยคำ “{rows['leadership']['words']}” → “หนุน 0 แย้ง 0" in said
    assert "ตัดสินแล้ว 0" in said
