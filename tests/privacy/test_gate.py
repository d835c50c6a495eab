import json
import shutil
from pathlib import Path

import pytest

from castlib import book, cli, paths
from castlib.errors import CastError
from castlib.privacy import gate, identifiers, pseudonyms, readers
from castlib.privacy.gate import Leak

from . import hiding

QUIET = {"out": lambda line: None}
TITLED = "นายทดสอบ ตัวอย่าง"
PHONE = "08" + "1234" * 2
EMAIL = "made.up" + "@" + "example.org"


def thai_id(first: str = "1234" * 3) -> str:
    """Return a number of 13 digits with the right check digit."""
    total = sum(int(digit) * weight for digit, weight in zip(first, range(13, 1, -1), strict=True))
    return first + str((11 - total % 11) % 10)


PLANTED = {"person": TITLED, "phone": PHONE, "id": thai_id(), "email": EMAIL}


def seen_name() -> str:
    """Return a name that the intake of these tests has seen, without a title."""
    return "สมมุติ" + " " + "เมฆาทดลอง"


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    """A study's home with the repository's word lists, which are read once for one place."""
    home = tmp_path_factory.mktemp("study") / "home"
    shutil.copytree(paths.data() / "text", home / "data" / "text")
    shutil.copy(paths.data() / "provinces.csv", home / "data")
    return home


@pytest.fixture
def home(study, monkeypatch) -> Path:
    """The home with an intake that saw one person, an empty output folder and no chapters."""
    for folder in ("book", "notebooks", "build", "data/raw"):
        shutil.rmtree(study / folder, ignore_errors=True)
    for folder in ("book", "notebooks", "build/book"):
        (study / folder).mkdir(parents=True)
    (study / "LICENSE").unlink(missing_ok=True)
    monkeypatch.setenv("CAST_HOME", str(study))
    saw(study, f"ผู้ประสานงานคือนาง{seen_name()} โทร {'09' + '8765' * 2}")
    return study


def saw(home: Path, *texts: str) -> None:
    """Leave the traces of an intake that saw these texts."""
    mask = pseudonyms.Pseudonyms()
    for text in texts:
        assert mask.mask(text) != text
    file = home / "build" / "intake" / "identifiers.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    about = {"key": pseudonyms.key().fingerprint, "traces": mask.traces()}
    file.write_text(json.dumps(about), encoding="utf-8")


def put(home: Path, name: str, content: bytes | str) -> Path:
    """Write a file of the output and return the folder."""
    file = home / "build" / "book" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return home / "build" / "book"


@pytest.mark.parametrize("where", hiding.PLACES)
def test_whatever_is_planted_anywhere_is_caught_and_only_that(home, tmp_path, where):
    name, make, place = hiding.PLACES[where]
    folder = put(home, f"sub/{name}", make("คุณภาพชีวิต 4.05", tmp_path))
    assert gate.search(folder) == []
    for kind, planted in PLANTED.items():
        put(home, f"sub/{name}", make(planted, tmp_path))
        found = gate.search(folder)
        assert [leak for leak in found if leak.kind == kind and leak.file == f"sub/{name}"], kind
        assert any(place in leak.place or "…" in leak.place for leak in found)


@pytest.mark.parametrize("where", hiding.PLACES)
def test_a_name_that_the_intake_saw_is_caught_without_its_title(home, tmp_path, where):
    name, make, _ = hiding.PLACES[where]
    folder = put(home, name, make(seen_name(), tmp_path))
    assert {leak.kind for leak in gate.search(folder)} == {"person"}


def test_a_name_that_nobody_saw_and_no_title_announces_is_no_leak(home):
    folder = put(home, "a.csv", "ชื่อกลุ่ม\nทดสอบ ตัวอย่าง\n")
    assert gate.search(folder) == []


def test_a_seen_name_is_caught_over_the_cells_of_a_row(home):
    first, family = seen_name().split()
    folder = put(home, "a.csv", f"คำนำหน้า,ชื่อ,สกุล,อายุ\nนาง,{first},{family},44\n")
    assert [(leak.kind, leak.place) for leak in gate.search(folder)] == [("person", "แถว 2")]


def test_names_of_files_and_folders_are_searched_and_not_quoted(home):
    folder = put(home, f"{TITLED}/{PHONE}.png", hiding.picture())
    found = gate.search(folder)
    assert {leak.kind for leak in found} >= {"person", "phone"}
    assert not any(TITLED in str(leak) or PHONE in str(leak) for leak in found)


def test_signs_for_spaces_in_a_name_hide_nothing(home):
    folder = put(home, f"{TITLED.replace(' ', '_')}.txt", "ก")
    found = gate.search(folder)
    assert {leak.kind for leak in found} == {"person"}
    assert not any("ตัวอย่าง" in str(leak) for leak in found)


def test_a_position_in_a_picture_is_a_leak(home):
    folder = put(home, "a.jpg", hiding.picture("JPEG", exif=hiding.exif("ก", position=True)))
    assert [leak.kind for leak in gate.search(folder)] == [readers.GPS]


def test_what_cannot_be_searched_is_a_leak(home):
    folder = put(home, "a.bin", bytes(range(256)))
    assert [(leak.file, leak.kind) for leak in gate.search(folder)] == [
        ("a.bin", readers.UNREADABLE)
    ]


def test_a_link_that_leads_nowhere_is_a_leak_and_no_crash(home):
    folder = put(home, "a.txt", "ก")
    (folder / "b.pdf").symlink_to(folder / "nothing.pdf")
    assert [(leak.file, leak.kind) for leak in gate.search(folder)] == [
        ("b.pdf", readers.UNREADABLE)
    ]


def test_a_linked_folder_is_a_leak_and_a_missing_one_an_error(home, tmp_path):
    folder = put(home, "a.txt", "ก")
    (tmp_path / "elsewhere").mkdir()
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    assert [leak.file for leak in gate.search(folder)] == ["linked"]
    with pytest.raises(CastError, match="ไม่มีโฟลเดอร์"):
        gate.check(folder / "nothing")


def test_the_sentence_names_file_place_and_kind_and_quotes_nothing(home):
    for number in range(12):
        folder = put(home, f"{number:02}.csv", f"ข้อ,โทร\nก,{PHONE}\n")
    with pytest.raises(gate.Leaking) as stopped:
        gate.check(folder)
    said = str(stopped.value)
    assert "build/book 12 แห่ง" in said
    assert "00.csv แถว 2 คอลัมน์ “โทร”: หมายเลขโทรศัพท์ “0…”" in said
    assert "09.csv" in said
    assert "10.csv" not in said
    assert "และอีก 2 แห่ง" in said
    assert PHONE not in said


def test_a_place_named_by_an_identifier_is_not_quoted_either(home):
    folder = put(home, "a.json", json.dumps({TITLED: {PHONE: [EMAIL]}}))
    found = gate.search(folder)
    assert {leak.kind for leak in found} == {"person", "phone", "email"}
    assert not any(whole in str(leak) for leak in found for whole in (TITLED, PHONE, EMAIL))


def test_what_the_authors_wrote_is_no_leak(home):
    (home / "book" / "1_chapter.md").write_text(f"ขอขอบคุณ{TITLED}\n", encoding="utf-8")
    (home / "LICENSE").write_text(f"write to {EMAIL}\n", encoding="utf-8")
    folder = put(home, "a.html", f"<p>ขอขอบคุณ<b>{TITLED}</b></p><p>{EMAIL}</p>")
    assert gate.search(folder) == []
    put(home, "b.html", f"<p>{PHONE}</p>")
    assert [leak.kind for leak in gate.search(folder)] == ["phone"]


def test_raw_data_are_none_of_the_authors_sources(home):
    (home / "data" / "raw").mkdir()
    (home / "data" / "raw" / "a.csv").write_text(PHONE, encoding="utf-8")
    assert gate.search(put(home, "a.txt", PHONE))


def test_a_participant_in_a_chapter_is_a_leak_but_not_an_author_in_the_bibliography(home):
    folder = put(home, "a.html", f"<p>{seen_name()} กล่าวไว้</p>")
    (home / "book" / "1_chapter.md").write_text(f"{seen_name()} กล่าวไว้\n", encoding="utf-8")
    assert gate.search(folder)
    (home / "book" / "references.bib").write_text(
        f"@book{{a, author={{{{{seen_name()}}}}}}}\n", encoding="utf-8"
    )
    assert gate.search(folder) == []


def test_pseudonyms_are_no_leaks(home):
    masked = pseudonyms.Pseudonyms().mask(f"คุยกับ{TITLED} โทร {PHONE}")
    assert TITLED not in masked
    assert gate.search(put(home, "a.csv", f"ข้อความ\n{masked}\n")) == []


def test_numbers_of_science_are_no_leaks(home):
    listed = [
        "doi:10.1287/mnsc.47.7.1008.9805 ISBN 978-974-03-1234-5",
        "sha256 " + "0812345678abcdef" * 4,
        "0.0812345678 1.23e-08 (95% CI 0.61–0.89) F(2, 0.89) n = 1,234,567",
        "1669104000000 2022-11-15T09:04:07 5/11/2565 09:04:07",
        '<path d="M081.2 345678 L 0812.345 678"/>',
        "5 4 3 4 5 5 4 3 2 1 0 8 1 2 3 4",
    ]
    rows = "".join(f"<p>{text}</p>" for text in listed)
    assert gate.search(put(home, "a.html", rows)) == []


def test_an_unchanged_file_is_not_searched_twice(home, monkeypatch):
    folder = put(home, "a.csv", "ข้อ\nก\n")
    put(home, "b.txt", PHONE)
    first = gate.search(folder)
    read = []
    given = gate.seeking.search_file
    monkeypatch.setattr(
        "castlib.privacy.seeking.search_file", lambda f: read.append(f.name) or given(f)
    )
    assert gate.search(folder) == first
    assert "a.csv" not in read
    assert "b.txt" in read


def test_a_clean_file_is_searched_again_when_the_intake_has_seen_more(home):
    folder = put(home, "a.csv", "ข้อ\nพบ พิมพ์สมมุติ วารีทดลอง\n")
    assert gate.search(folder) == []
    saw(home, "นายพิมพ์สมมุติ วารีทดลอง")
    assert [leak.kind for leak in gate.search(folder)] == ["person"]


def test_without_traces_nothing_is_let_through(home):
    folder = put(home, "a.csv", "ข้อ\n")
    file = home / "build" / "intake" / "identifiers.json"
    saved = json.loads(file.read_text())
    file.write_text(json.dumps(saved | {"key": "another"}))
    with pytest.raises(CastError, match=r"กุญแจ.*cast intake") as stopped:
        gate.check(folder)
    assert stopped.value.exit_code == 2
    for broken in ("[]", "{"):
        file.write_text(broken)
        with pytest.raises(CastError, match=r"อ่านไม่ได้.*cast intake"):
            gate.check(folder)
    file.unlink()
    with pytest.raises(CastError, match=r"ไม่มีอยู่.*cast intake"):
        gate.check(folder)
    with pytest.raises(CastError, match="cast intake"):
        gate.ready()


def test_helpers_find_the_same(home, monkeypatch):
    for number in range(6):
        folder = put(home, f"{number}.csv", f"ข้อ,โทร\nก,{PHONE if number % 2 else 'ไม่มี'}\n")
    alone = gate.search(folder)
    monkeypatch.setattr("castlib.privacy.seeking.WORTH_HELP", 0)
    assert (
        gate.search(folder)
        == alone
        == sorted(Leak(f"{n}.csv", "แถว 2 คอลัมน์ “โทร”", "phone", "0") for n in (1, 3, 5))
    )


@pytest.fixture
def finished(home, monkeypatch):
    """A book that is up to date but for the gate."""
    folder = put(home, "html/index.html", "<p>หน้าแรก</p>")
    record = {"inputs": "same", "level": "cluster", "files": ["html/index.html"], "reports": {}}
    (folder / "record.json").write_text(json.dumps(record))
    monkeypatch.setattr("castlib.book._inputs", lambda level: "same")
    monkeypatch.setattr("castlib.book._refuse_what_is_out_of_date", lambda level: None)
    return folder


def test_a_clean_book_stays_where_it_is(finished):
    assert not book.book(**QUIET)
    assert (finished / "html" / "index.html").exists()


def test_a_book_with_a_leak_stops_the_command_and_is_put_away(finished, capsys):
    (finished / "html" / "index.html").write_text(f"<p>โทร {PHONE}</p>", encoding="utf-8")
    assert cli.main(["book"]) == 1
    said = capsys.readouterr().err
    assert "html/index.html บรรทัด 1: หมายเลขโทรศัพท์" in said
    assert "build/failed/book" in said
    assert not finished.exists()
    assert (finished.parents[0] / "failed" / "book" / "html" / "index.html").exists()


def test_every_kind_has_its_word():
    assert set(identifiers.KINDS) < set(gate.KINDS)
