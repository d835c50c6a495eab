"""Pseudonyms: stable, keyed, idempotent; the key's file; and the traces by which a leak is found."""

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.errors import CastError
from castlib.privacy import pseudonyms
from castlib.privacy.pseudonyms import MARK, Key, Pseudonyms
from castlib.privacy.traces import Traces

from . import sample

KEY = Key(bytes(range(32)))
MOBILE = "08" + "1234" * 2


@pytest.fixture
def masks() -> Pseudonyms:
    return Pseudonyms(KEY)


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Where the key is to lie in this test."""
    place = tmp_path / "new" / "the.key"
    monkeypatch.setenv("CAST_KEY", str(place))
    return place


def test_every_spelling_of_a_person_has_one_pseudonym(masks):
    first = masks.mask("นายทดสอบ ตัวอย่าง")
    assert MARK.fullmatch(first)
    assert masks.mask("น.ส.ทดสอบ  ตัวอย่าง มา") == f"{first} มา"
    assert masks.person("ทดสอบ\u200b ตัวอย่าง") == first
    assert masks.person("กำนัน นายทดสอบ ตัวอย่าง") == first


def test_another_key_gives_another_pseudonym(masks):
    assert masks.mask(MOBILE) != Pseudonyms(Key(bytes(32))).mask(MOBILE)


def test_kinds_do_not_share_pseudonyms(masks):
    text = masks.mask(f"นายทดสอบ ตัวอย่าง โทร {MOBILE} อีเมล a.b@mail.com")
    assert [mark.split(":")[0] for mark in MARK.findall(text)] == ["[บุคคล", "[โทรศัพท์", "[อีเมล"]


@pytest.mark.parametrize(
    "text", ["", "  ", "ผู้ให้ข้อมูล 3", "ผู้ให้ข้อมูล ๓", "ผู้เข้าร่วม 10", "วิทยากร", "ผู้ดำเนินรายการ", "P5", "คนที่ 2", "ตัวแทนภาคประชาชน"]
)  # fmt: skip
def test_a_cell_that_names_nobody_stays(masks, text):
    assert masks.person(text) == text


@pytest.mark.parametrize("text", ["แดง", "ทดสอบ", "พี่หน่อย", "John", "ซอวา"])
def test_a_cell_that_names_somebody_does_not(masks, text):
    assert MARK.fullmatch(masks.person(text))


def test_masking_twice_changes_nothing(masks):
    for sentence in sample.make(seed=3, times=1):
        once = masks.mask(sentence.text)
        assert masks.mask(once) == once


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="กขนายสมชใดี่ เ0๑8-.@[]:บุคล7f", max_size=60))
def test_masking_anything_twice_changes_nothing(text):
    masks = Pseudonyms(KEY)
    once = masks.mask(text)
    assert masks.mask(once) == once
    assert masks.person(masks.person(text)) == masks.person(text)


def test_nothing_of_the_sample_survives(masks):
    left = 0
    for sentence in sample.make(seed=5, times=2):
        masked = masks.mask(sentence.text)
        for label in sentence.labels:
            if label.kind in ("phone", "id", "email"):
                left += sentence.text[label.start : label.end] in masked
    assert left == 0


def test_the_key_is_made_once_for_its_owner_alone(file):
    made = pseudonyms.key()
    again = pseudonyms.key()
    assert made.created
    assert not again.created
    assert made.secret == again.secret == file.read_bytes()
    assert made.fingerprint == again.fingerprint
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]


def test_a_key_does_not_show_itself():
    assert repr(KEY.secret) not in repr(KEY)
    assert KEY.secret.hex()[:8] not in repr(KEY)


def test_a_lost_key_gives_new_pseudonyms_and_says_so(file):
    old = Pseudonyms().mask(MOBILE)
    file.unlink()
    masks = Pseudonyms()
    assert masks.key.created
    assert masks.mask(MOBILE) != old


def test_a_key_of_the_wrong_size_is_refused(file):
    file.parent.mkdir()
    file.write_bytes(b"short")
    file.chmod(0o600)
    with pytest.raises(CastError, match="ไม่ใช่ 32 ไบต์"):
        pseudonyms.key()


def test_a_key_that_others_can_read_is_refused(file):
    pseudonyms.key()
    file.chmod(0o644)
    with pytest.raises(CastError, match="chmod 600"):
        pseudonyms.key()


def test_a_folder_is_no_key(file):
    file.mkdir(parents=True)
    with pytest.raises(CastError, match="ไม่ใช่ไฟล์"):
        pseudonyms.key()


def test_a_key_that_cannot_be_made_is_said(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("CAST_KEY", str(tmp_path / "file" / "key"))
    with pytest.raises(CastError, match="CAST_KEY"):
        pseudonyms.key()


def test_without_a_name_for_it_the_key_lies_in_the_users_settings(tmp_path, monkeypatch):
    monkeypatch.delenv("CAST_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    pseudonyms.key()
    assert (tmp_path / "castlib" / "pseudonyms.key").is_file()


def test_processes_that_start_together_end_with_one_key(file):
    command = "from castlib.privacy.pseudonyms import key; print(key().fingerprint)"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", command], stdout=subprocess.PIPE, env=dict(os.environ)
        )
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in started}) == 1


def test_traces_find_every_spelling_and_hold_only_hashes(masks):
    masks.mask(f"นายทดสอบ ตัวอย่าง โทร {MOBILE} อีเมล a.bcd@mail.com")
    traces = masks.traces()
    for secret in ("ทดสอบ", "ตัวอย่าง", MOBILE, MOBILE[1:], "bcd@"):
        assert secret not in str(traces)
    search = Traces.load(traces, KEY).search
    text = f"ก {MOBILE[:3]}-{MOBILE[3:6]} {MOBILE[6:]} ข +66 {MOBILE[1:]} ทดสอบ   ตัวอย่าง และ A.BCD @ mail.com"
    hits = [(kind, text[start:end]) for kind, start, end in search(text)]
    assert hits == [
        ("phone", f"{MOBILE[:3]}-{MOBILE[3:6]} {MOBILE[6:]}"),
        ("phone", f"+66 {MOBILE[1:]}"),
        ("person", "ทดสอบ   ตัวอย่าง"),
        ("email", "A.BCD @ mail.com"),
    ]
    assert Traces.load(traces, Key(bytes(32))).search(text) == []


def test_traces_raise_no_false_alarm(masks):
    masks.mask(f"ลุงแดง โทร {MOBILE}")
    masks.person("ใจดี")
    search = Traces.load(masks.traces(), KEY).search
    assert search(f"สีแดง คนใจดี 0.{MOBILE} 1{MOBILE} {MOBILE}9 2.{MOBILE}") == []


def test_broken_traces_are_said():
    with pytest.raises(CastError, match="cast intake"):
        Traces.load({"person": ["x"]}, KEY)


def test_what_the_sample_had_is_found_again_in_a_large_text(masks):
    sentences = sample.make(seed=8, times=1)
    for sentence in sentences:
        masks.mask(sentence.text)
    search = Traces.load(masks.traces(), KEY).search
    phones = [s for s in sentences if any(label.kind == "phone" for label in s.labels)]
    assert all(
        any(kind == "phone" for kind, *_ in search(s.text)) for s in phones if "ศูนย์" not in s.text
    )
    assert search("\n".join(sample.clean())) == []
