"""What was said in a form about a person is nowhere in what the study makes of it."""

import json
import re
import zipfile
from pathlib import Path

import pytest

from castlib.privacy.pseudonyms import MARK

pytestmark = pytest.mark.slow


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file made, Office files' parts too, without the country itself."""
    found = {}
    for file in folder.rglob("*"):
        if file.is_file() and not file.relative_to(folder).parts[0].startswith("demo"):
            found[str(file)] = file.read_bytes()
            if file.suffix == ".docx":
                with zipfile.ZipFile(file) as package:
                    found |= {f"{file}!{name}": package.read(name) for name in package.namelist()}
    return found


def test_planted_personal_data_is_found_nowhere(small_home):
    truth = json.loads((small_home / "build" / "demo-truth.json").read_text(encoding="utf-8"))
    planted = [flaw["given"] for flaw in truth["flaws"] if flaw["kind"] == "personal_data"]
    assert planted
    everything = contents(small_home / "build")
    for contact in planted:
        name, phone = re.fullmatch(r"เรื่องนี้ติดต่อนาง(.+) โทร\. (.+)", contact).groups()
        for identifier in (name, phone, phone.replace("-", "")):
            assert [f for f, content in everything.items() if identifier.encode() in content] == []


def test_a_pseudonym_stands_in_its_place(small_home, monkeypatch):
    from castlib import store

    monkeypatch.setenv("CAST_HOME", str(small_home))
    texts = store.load().segments["text"]
    last = texts[texts.str.contains("เรื่องนี้ติดต่อ")]
    assert len(last)
    assert all(len(MARK.findall(text)) == 2 for text in last)
