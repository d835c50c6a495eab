"""The whole way on a small country, through the command that a user types."""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

from castlib import protocol

pytestmark = pytest.mark.slow

REGIONS = ["TH", "north-upper-1", "north-upper-2", "north-lower-1", "south-gulf", "south-andaman"]
REGIONS += ["northeast-lower-2"]


@pytest.fixture
def home(small_home, tmp_path) -> Path:
    """A copy of the built small country, to be changed."""
    return Path(shutil.copytree(small_home, tmp_path / "home"))


def notebooks(home: Path) -> dict[str, str]:
    """Return what the last run said of each notebook."""
    told = json.loads((home / "build" / "run.json").read_text(encoding="utf-8"))["notebooks"]
    return {f"{n['region']}/{n['phase']}": n["status"] for n in told}


def made(home: Path) -> set[str]:
    return {name for name, status in notebooks(home).items() if status == "made"}


def published(home: Path) -> dict[str, bytes]:
    """Return every executed notebook and every result, by path."""
    build = home / "build"
    files = [*build.glob("notebooks/*/*.ipynb"), *build.glob("results/*/*.json")]
    return {str(file.relative_to(build)): file.read_bytes() for file in files}


def answer_differently(home: Path, province: str) -> None:
    """Change one answer of the first respondent of a province in the source."""
    file = home / "build" / "demo" / "questionnaire.csv"
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.reader(text))
    column = next(k for k, name in enumerate(rows[0]) if name.endswith("[สภาพที่เป็นจริง]"))
    row = next(row for row in rows[1:] if province in row[1])
    row[column] = "2" if row[column] != "2" else "4"
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        csv.writer(text).writerows(rows)


def test_one_command_makes_everything(small_home):
    build = small_home / "build"
    for region in REGIONS:
        for phase in protocol.PHASES:
            assert (build / "notebooks" / region / f"{phase}.ipynb").exists()
            assert (build / "results" / region / f"{phase}.json").exists()
    for file in ("intake.json", "run.json", "book/html/index.html", "book/report.pdf"):
        assert (build / file).stat().st_size > 0
    assert (build / "book" / "report.docx").stat().st_size > 0
    for cluster in REGIONS[1:]:
        assert (build / "book" / "clusters" / f"{cluster}.pdf").stat().st_size > 0
        assert (build / "book" / "clusters" / f"{cluster}.docx").stat().st_size > 0
    assert not (build / "failed").exists() or not list((build / "failed").rglob("*.ipynb"))


def test_again_nothing_is_executed(home, cast):
    before = published(home)
    said = cast(home, "build").stdout
    assert made(home) == set()
    assert published(home) == before
    assert f"ใช้ของเดิม {len(REGIONS) * len(protocol.PHASES)}" in said


def test_one_answer_runs_its_cluster_and_the_country_and_equals_a_full_rebuild(home, cast):
    answer_differently(home, "เชียงใหม่")
    cast(home, "intake", check=False)
    cast(home, "run")
    own = {f"{r}/{p}" for r in ("TH", "north-upper-1") for p in protocol.PHASES}
    assert own <= made(home)
    for name in made(home) - own:
        # the others ran only because a national value that they show has moved
        region, phase = name.split("/")
        result = json.loads(
            (home / "build" / "results" / region / f"{phase}.json").read_text("utf-8")
        )
        assert result["compared_with"]
    once = published(home)
    shutil.rmtree(home / "build" / "notebooks")
    shutil.rmtree(home / "build" / "results")
    cast(home, "run")
    assert published(home) == once


def test_status_says_why_and_a_dry_run_does_nothing(home, cast):
    answer_differently(home, "เชียงใหม่")
    cast(home, "intake", check=False)
    assert "north-upper-1/results: ข้อมูลของพื้นที่เปลี่ยน" in cast(home, "status").stdout
    before = published(home)
    cast(home, "run", "--dry-run")
    assert published(home) == before


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("run", "--region", "nort-upper-1"), "north-upper-1"),
        (("run", "--phase", "result"), "results"),
        (("status", "--region", "south-golf"), "south-gulf"),
    ],
)
def test_a_wrong_code_is_one_sentence_and_exit_2(small_home, cast, words, meant):
    done = cast(small_home, *words, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert meant in done.stderr


def test_a_failing_notebook_is_kept_named_and_stops_the_book_only(home, cast):
    template = next((home / "notebooks").glob("*_scaling.ipynb"))
    notebook = json.loads(template.read_text(encoding="utf-8"))
    source = notebook["cells"][2]["source"]
    notebook["cells"][2]["source"] = [
        *source,
        "\nif REGION == 'south-gulf': raise ValueError('เสีย')",
    ]
    template.write_text(json.dumps(notebook), encoding="utf-8")
    done = cast(home, "build", check=False)
    assert done.returncode == 1
    assert "south-gulf/scaling" in done.stdout
    assert notebooks(home)["south-gulf/scaling"] == "failed"
    assert notebooks(home)["south-andaman/scaling"] == "made"
    kept = (home / "build" / "failed" / "south-gulf" / "scaling.ipynb").read_text(encoding="utf-8")
    assert "ValueError" in kept
    assert not (home / "build" / "notebooks" / "south-gulf" / "scaling.ipynb").exists()
    assert not (home / "build" / "results" / "south-gulf" / "scaling.json").exists()


def test_a_source_that_is_not_there_is_said_and_nothing_is_lost(home, cast):
    before = published(home)
    done = cast(home, "build", "--source", str(home / "nowhere"), check=False)
    assert done.returncode == 2
    assert published(home) == before


def test_everything_synthetic_says_so(small_home):
    html = small_home / "build" / "book" / "html"
    pages = [page for page in html.rglob("*.html") if "_static" not in page.parts]
    silent = [page for page in pages if "ข้อมูลจำลอง" not in page.read_text(encoding="utf-8")]
    assert silent == []
    for result in (small_home / "build" / "results").rglob("*.json"):
        assert json.loads(result.read_text(encoding="utf-8"))["synthetic"] is True


def test_no_machine_path_is_published(small_home):
    build = small_home / "build"
    files = [*build.rglob("*.html"), *build.rglob("*.ipynb"), *build.rglob("*.json")]
    for file in files:
        assert not re.search(re.escape(str(small_home)), file.read_text(encoding="utf-8")), file


def test_provinces_run_too(home, cast):
    cast(home, "run", "--region", "TH-50", "--region", "TH-90")
    assert made(home) == {f"{r}/{p}" for r in ("TH-50", "TH-90") for p in protocol.PHASES}
