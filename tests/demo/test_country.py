import json
import re

import pytest

from castlib.demo import country, files
from castlib.errors import CastError


def tree(folder) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_the_same_seed_gives_the_same_bytes(small_home, tmp_path):
    small_home(3)
    one, two = tmp_path / "one" / "demo", tmp_path / "two" / "demo"
    assert country.make(one) == country.make(two)
    assert tree(one) == tree(two)
    assert country.truth_file(one).read_bytes() == country.truth_file(two).read_bytes()
    other = tmp_path / "three"
    country.make(other, seed=1)
    assert tree(other)["questionnaire.csv"] != tree(one)["questionnaire.csv"]


def test_what_make_tells_is_what_is_there(small_home, tmp_path):
    small_home(3)
    target = tmp_path / "build" / "demo"
    told = country.make(target)
    there = tree(target)
    assert told["made"] is True
    assert told["provinces"] == 3
    assert told["forms"] == sum(name.endswith(".docx") for name in there)
    assert told["photos"] == sum(name.endswith(".jpg") for name in there)
    assert told["answers"] == there["questionnaire.csv"].count(b"\n") - 1
    assert sorted(path.name for path in target.parent.iterdir()) == ["demo", "demo-truth.json"]


def test_a_country_that_is_there_stays_even_when_edited(small_home, tmp_path):
    small_home(2)
    target = tmp_path / "demo"
    made = country.make(target)
    assert country.is_current(target)
    assert not country.is_current(target, seed=1)
    edited = target / "questionnaire.csv"
    edited.write_text("แก้ไขแล้ว", encoding="utf-8")
    again = country.make(target)
    assert again == made | {"made": False}
    assert edited.read_text(encoding="utf-8") == "แก้ไขแล้ว"


def test_another_seed_or_other_data_replaces_the_whole_country(small_home, tmp_path):
    home = small_home(2)
    target = tmp_path / "demo"
    country.make(target)
    (target / "left-over.txt").write_text("เก่า", encoding="utf-8")
    country.make(target, seed=1)
    assert not (target / "left-over.txt").exists()
    assert json.loads(country.truth_file(target).read_text(encoding="utf-8"))["seed"] == 1
    provinces = home / "data" / "provinces.csv"
    provinces.write_text(provinces.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert not country.is_current(target, seed=1)


def test_a_country_without_its_truth_is_not_current(small_home, tmp_path):
    small_home(1)
    target = tmp_path / "demo"
    country.make(target)
    country.truth_file(target).unlink()
    assert not country.is_current(target)


def test_real_files_are_never_replaced(small_home, tmp_path):
    small_home(1)
    real = tmp_path / "raw"
    real.mkdir()
    (real / "questionnaire.csv").write_text("คำตอบจริง", encoding="utf-8")
    with pytest.raises(CastError, match="ไม่ใช่ประเทศจำลอง"):
        country.make(real)
    assert [path.name for path in real.iterdir()] == ["questionnaire.csv"]
    assert not country.truth_file(real).exists()


def test_a_failure_leaves_the_old_country(small_home, tmp_path, monkeypatch):
    small_home(1)
    target = tmp_path / "demo"
    country.make(target)
    before = tree(target)
    monkeypatch.setattr(country, "grow", lambda seed: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        country.make(target, seed=1)
    assert tree(target) == before
    assert country.is_current(target)


@pytest.mark.parametrize("provinces", [1, 2, 5])
def test_a_small_country_is_whole(small_home, tmp_path, provinces):
    small_home(provinces)
    content, known = country.grow(country.SEED)
    assert known["counts"]["provinces"] == provinces == len(known["districts"])
    assert {"questionnaire.csv", "received.csv", "synthetic.txt", "ratings/ioc.csv"} <= set(content)
    assert {"staff/partners.docx", "executives/executive-5.docx"} <= set(content)


def test_nobody_is_named_but_on_purpose_and_every_text_says_that_it_is_synthetic(content, known):
    contacts = [flaw["given"] for flaw in known["flaws"] if flaw["kind"] == "personal_data"]
    assert contacts
    assert content["synthetic.txt"].decode().startswith(files.MARK)
    texts = [
        data.decode("utf-8-sig")
        for name, data in content.items()
        if name.endswith((".csv", ".txt"))
    ]
    for text in texts:
        assert files.MARK in text
        for contact in contacts:
            text = text.replace(contact, "")
        assert not re.search(r"นางสาว|น\.ส\.|0\d[\d-]{7,}|@", text)
