"""The register of what was received: nothing is lost, and what is there now is current."""

import copy
import json

from hypothesis import given
from hypothesis import strategies as st

from castlib.intake import history

FILES = st.dictionaries(st.sampled_from("abc"), st.sampled_from("123"))
TIMES = ["2022-11-10T09:00:00", "2022-11-12T09:00:00", "2022-11-14T09:00:00"]


def file(path: str, sha256: str, **known) -> dict:
    return dict.fromkeys(history.OF_FILE) | {"path": path, "sha256": sha256, "size": 1} | known


def states(*intakes: dict[str, str]) -> list[list[dict]]:
    """Return the register after each intake, given as content by path."""
    registers: list[list[dict]] = [[]]
    for number, intake in enumerate(intakes):
        files = [file(path, sha) for path, sha in intake.items()]
        now = f"2022-11-{10 + number}T09:00:00"
        registers.append(history.update(registers[-1], files, now))
    return registers[1:]


def told(register: list[dict]) -> list[tuple]:
    names = ("path", "sha256", "current", "replaced_by", "gone")
    return [tuple(entry[name] for name in names) for entry in register]


def test_a_corrected_file_replaces_the_old_one_and_both_are_kept():
    first, second = states({"a": "1"}, {"a": "2"})
    assert told(first) == [("a", "1", True, None, False)]
    assert told(second) == [("a", "1", False, "2", False), ("a", "2", True, None, False)]
    assert [entry["first_seen"][8:10] for entry in second] == ["10", "11"]


def test_what_vanishes_is_gone_and_what_comes_back_is_current_again_since_it_first_came():
    _, gone, back = states({"a": "1"}, {}, {"a": "1"})
    assert told(gone) == [("a", "1", False, None, True)]
    assert told(back) == [("a", "1", True, None, False)]
    assert back[0]["first_seen"].startswith("2022-11-10")


def test_a_return_to_the_old_version_makes_the_new_one_the_replaced():
    *_, last = states({"a": "1"}, {"a": "2"}, {"a": "1"})
    assert told(last) == [("a", "1", True, None, False), ("a", "2", False, "1", False)]


def test_a_file_that_moved_is_a_new_entry():
    *_, last = states({"a": "1"}, {"b": "1"})
    assert told(last) == [("a", "1", False, None, True), ("b", "1", True, None, False)]


def test_the_outcome_of_what_is_there_is_that_of_the_newest_intake():
    before = history.update([], [file("a", "1", status="rejected")], TIMES[0])
    after = history.update(before, [file("a", "1", status="accepted")], TIMES[1])
    assert [entry["status"] for entry in after] == ["accepted"]
    replaced = history.update(after, [file("a", "2", status="rejected")], TIMES[2])
    assert [entry["status"] for entry in replaced] == ["accepted", "rejected"]


@given(st.lists(FILES, min_size=1, max_size=6))
def test_nothing_is_ever_lost_and_each_path_there_has_one_current_entry(intakes):
    registers = states(*intakes)
    ever: set[tuple[str, str]] = set()
    for intake, register in zip(intakes, registers, strict=True):
        ever |= set(intake.items())
        keys = [(entry["path"], entry["sha256"]) for entry in register]
        assert len(keys) == len(set(keys))
        assert set(keys) == ever
        current = [key for key, e in zip(keys, register, strict=True) if e["current"]]
        assert dict(current) == intake
        assert len(current) == len(intake)
        for entry in register:
            state = (entry["current"], entry["replaced_by"] is not None, entry["gone"])
            assert sum(state) == 1
            assert entry["replaced_by"] is None or (entry["path"], entry["replaced_by"]) in ever


@given(st.lists(FILES, min_size=1, max_size=4))
def test_the_same_intake_again_changes_nothing_and_what_is_given_stays_as_it_was(intakes):
    *_, register = states(*intakes)
    files = [file(path, sha) for path, sha in intakes[-1].items()]
    given_register, given_files = copy.deepcopy(register), copy.deepcopy(files)
    assert history.update(register, files, "2030-01-01T00:00:00") == register
    assert (register, files) == (given_register, given_files)
    again = history.update(register, files[::-1], "2030-01-01T00:00:00")
    assert json.dumps(again) == json.dumps(register)


def test_changes_are_counted_and_at_most_ten_are_named():
    first, second = states({"a": "1", "b": "1"}, {"a": "2", "c": "1"})
    assert history.changes([], first) == ["ไฟล์ใหม่ 2 · แทนฉบับเดิม 0 · หายไป 0"]
    assert history.changes(first, second) == [
        "ไฟล์ใหม่ 1 · แทนฉบับเดิม 1 · หายไป 1",
        "a (แทนฉบับเดิม), b (หายไป), c (ใหม่)",
    ]
    assert history.changes(second, second) == ["ไฟล์ใหม่ 0 · แทนฉบับเดิม 0 · หายไป 0"]
    before, many = states({"a": "1"}, {str(n): "1" for n in range(30)})
    counted, named = history.changes(before, many)
    assert counted == "ไฟล์ใหม่ 30 · แทนฉบับเดิม 0 · หายไป 1"
    assert named.count("(") == 10
    assert named.endswith("และอีก 21 รายการ")


def test_real_and_synthetic_files_have_registers_of_their_own(home):
    assert history.load(synthetic=False) == []
    (register,) = states({"a": "1"})
    history.save(register, synthetic=False)
    assert history.load(synthetic=False) == register
    assert history.load(synthetic=True) == []
    history.file(synthetic=False).write_bytes(b"\xff{")
    assert history.load(synthetic=False) == []
