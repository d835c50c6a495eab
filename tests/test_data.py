"""The study's content files: their shape, and that what they name exists."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
SECTORS = {"government", "religion", "academia", "people", "private", "civil_society", "media"}
REGIONS = {"central", "east", "south", "south-border", "northeast", "north"}
KINDS = {"driver": 7, "result": 6, "obstacle": 6, "proposal": 6}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def document(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def lines(name: str) -> list[str]:
    return (DATA / "text" / name).read_text(encoding="utf-8").splitlines()


def unique(values: list[str]) -> bool:
    return len(values) == len(set(values))


@pytest.fixture(scope="module")
def protocol() -> dict:
    return document(DATA / "protocol.yml")


@pytest.fixture(scope="module")
def phrases() -> dict:
    return document(ROOT / "src" / "castlib" / "demo" / "phrases.yml")


@pytest.fixture(scope="module")
def codebook() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("codebook.csv")}


@pytest.fixture(scope="module")
def leaves(codebook) -> set[str]:
    return {code for code, row in codebook.items() if row["parent"]}


def spoken(phrases: dict) -> list[str]:
    said = [
        sentence
        for part in ("codes", "staff", "executive")
        for sentences in phrases[part].values()
        for sentence in sentences
    ]
    return said + phrases["neutral"]


@pytest.mark.parametrize(
    "path", sorted(p for p in DATA.rglob("*") if p.suffix in {".csv", ".yml", ".txt", ".md"})
)
def test_file_is_utf8_without_bom(path):
    assert not path.read_text(encoding="utf-8").startswith("\ufeff")


# The instrument


def test_constructs_are_seven_of_success_and_three_outcomes():
    kinds = [row["kind"] for row in rows("instrument/constructs.csv")]
    assert kinds == ["success"] * 7 + ["outcome"] * 3


def test_items_are_five_pairs_a_success_construct_and_four_an_outcome():
    constructs = {row["construct"]: row["kind"] for row in rows("instrument/constructs.csv")}
    items = rows("instrument/items.csv")
    for construct, kind in constructs.items():
        own = [row for row in items if row["construct"] == construct]
        size = 5 if kind == "success" else 4
        assert [row["item"] for row in own] == [f"{construct}_{i + 1}" for i in range(size)]
        assert {row["paired"] for row in own} == {"true" if kind == "success" else "false"}
    assert len(items) == 47
    assert unique([row["text_th"] for row in items])
    assert unique([row["text_en"] for row in items])


def test_every_choice_list_exists():
    lists = {row["list"] for row in rows("instrument/choices.csv")}
    asked = rows("instrument/items.csv") + rows("instrument/questions.csv")
    assert {row["choices"] for row in asked} - {""} == lists


def test_choices_have_unique_values_and_labels():
    choices = rows("instrument/choices.csv")
    for key in ("value", "label_th", "label_en"):
        assert unique([f"{row['list']}/{row[key]}" for row in choices])
    assert {row["value"] for row in choices if row["list"] == "sector"} == SECTORS
    assert [row["value"] for row in choices if row["list"] == "level5"] == list("12345")


def test_questions_say_what_they_accept():
    for row in rows("instrument/questions.csv"):
        assert row["role"] in {"background", "open"}
        assert bool(row["choices"]) == (row["type"] == "choice")
        assert bool(row["min"]) == bool(row["max"]) == (row["type"] == "integer")


def test_levels_rise_to_five_and_have_a_label_each():
    levels = document(DATA / "instrument" / "levels.yml")
    assert levels["default"] in levels["criteria"]
    for criterion in levels["criteria"].values():
        assert criterion["upper"] == sorted(criterion["upper"])
        assert criterion["upper"][-1] == 5
        assert len(criterion["upper"]) == len(levels["labels"]["th"]) == len(levels["labels"]["en"])


def test_focus_group_forms_serve_every_objective():
    forms = document(DATA / "instrument" / "focus_group.yml")["forms"]
    assert {form: len(questions) for form, questions in forms.items()} == {
        "participants": 6,
        "staff": 4,
        "executive": 4,
    }
    for questions in forms.values():
        assert [q["question"] for q in questions] == [f"q{i + 1}" for i in range(len(questions))]
        assert {q["objective"] for q in questions} == {1, 2, 3, 4}
        assert unique([q["text_th"] for q in questions])


# The codebook


def test_codes_resolve_to_group_and_construct(codebook):
    constructs = {row["construct"] for row in rows("instrument/constructs.csv")}
    assert len(codebook) == 29
    for code, row in codebook.items():
        if row["parent"]:
            assert row["parent"] == row["kind"]
            assert code.startswith(f"{row['kind']}_")
            assert row["construct"] in constructs
        else:
            assert code == row["kind"]
            assert not row["construct"]
        assert row["objective"] in set("1234")
        assert row["source"] in {"deductive", "inductive"}
        assert date.fromisoformat(row["date"])
        assert all(row[key] for key in row if key.endswith(("_th", "_en")))


def test_codes_a_kind(codebook, leaves):
    count = {kind: sum(codebook[c]["kind"] == kind for c in leaves) for kind in KINDS}
    assert count == KINDS
    assert unique([row["label_th"] for row in codebook.values()])


def test_every_success_construct_has_its_driver(codebook):
    success = {r["construct"] for r in rows("instrument/constructs.csv") if r["kind"] == "success"}
    drivers = {code for code in codebook if code.startswith("driver_")}
    assert {codebook[code]["construct"] for code in drivers} == success
    assert all(code == f"driver_{codebook[code]['construct']}" for code in drivers)


# Words


def test_word_lists_are_sorted_and_unique():
    for name in ("dictionary.txt", "stopwords.txt"):
        words = lines(name)
        assert words == sorted(set(words))
        assert all(word == word.strip() for word in words)
    assert len(lines("dictionary.txt")) >= 120
    assert len(lines("stopwords.txt")) >= 150
    assert not set(lines("dictionary.txt")) & set(lines("stopwords.txt"))
    assert {"โคก หนอง นา", "โคกหนองนา", "One Plan"} <= set(lines("dictionary.txt"))


def test_what_is_not_a_word_is_listed_once():
    not_words = lines("not_words.txt")[1:]
    assert not_words == sorted(set(not_words))
    assert "อาจสามารถ" in set(not_words) & set(lines("names/districts.txt"))
    assert not set(not_words) & set(lines("dictionary.txt"))


# The synthetic country's speech


def test_every_leaf_code_has_phrases(phrases, leaves):
    assert set(phrases["codes"]) == leaves
    assert all(14 <= len(sentences) <= 18 for sentences in phrases["codes"].values())
    assert len(phrases["neutral"]) == 25


@pytest.mark.parametrize("part", ["staff", "executive"])
def test_staff_and_executives_speak_of_every_kind(phrases, codebook, part):
    said = phrases[part]
    assert set(said) <= set(codebook)
    assert len(said) >= 12
    assert all(len(sentences) >= 3 for sentences in said.values())
    for kind in KINDS:
        assert sum(len(s) for code, s in said.items() if codebook[code]["kind"] == kind) >= 10
    assert "{local}" not in str(said)


def test_sentences_are_unique(phrases):
    assert unique(spoken(phrases))
    for kind in ("obstacle", "proposal"):
        assert len(phrases["comments"][kind]) == 25
        assert unique(phrases["comments"][kind])


def test_every_slot_used_exists(phrases):
    slots = phrases["slots"]
    used = set(re.findall(r"{(.*?)}", "\n".join(spoken(phrases))))
    assert used == set(slots) == {"local", "project", "group", "place"}
    assert set(slots["local"]) == REGIONS
    assert all(6 <= len(values) <= 8 for values in slots["local"].values())
    assert all(8 <= len(slots[slot]) <= 12 for slot in ("project", "group", "place"))


# The protocol


def steps(protocol: dict) -> list[dict]:
    return [s for step in protocol["steps"] for s in (step, *step.get("children", []))]


def test_targets_add_up(protocol):
    quantitative, people = protocol["targets"]["quantitative"], protocol["targets"]["qualitative"]
    assert quantitative["districts"] * quantitative["per_district"] == quantitative["total"] == 760
    assert people["executives"] + people["participants"] + people["staff"] == people["total"] == 825
    assert people["centres"] * people["per_centre"] == people["centre_staff"]
    assert people["centre_staff"] + people["partners"] == people["staff"]
    assert sum(informant["target"] for informant in protocol["informants"]) == people["total"]


def test_steps_are_the_eleven_with_ordered_dates(protocol):
    assert [step["id"] for step in protocol["steps"]] == [f"4.{i}" for i in range(1, 12)]
    ids = [step["id"] for step in steps(protocol)]
    assert ids[8:10] == ["4.8.1", "4.8.2"]
    assert len(ids) == 13
    for step in steps(protocol):
        assert step["start"] <= step["end"]
        assert step["precision"] in {"day", "month"}
        assert step["who_th"]
        assert step["what_th"]
        assert step["what_en"]
    assert {informant["step"] for informant in protocol["informants"]} <= set(ids)


def test_analysis_follows_the_deadline(protocol):
    analysis = next(step for step in protocol["steps"] if step["id"] == "4.9")
    assert protocol["deadline"] == date(2022, 11, 15)
    assert protocol["analysis"] == {"start": analysis["start"], "end": analysis["end"]}
    assert protocol["deadline"] < analysis["start"]


def test_phases_name_their_objective(protocol):
    phases = protocol["phases"]
    assert [phase["id"] for phase in phases] == [
        "instrument",
        "collection",
        "success-factors",
        "results",
        "guidelines",
        "scaling",
    ]
    assert [phase["objective"] for phase in phases] == [None, None, 1, 2, 3, 4]
    assert [objective["id"] for objective in protocol["objectives"]] == [1, 2, 3, 4]
    assert len(protocol["slips"]) == 2
