"""The documentation is true: the tutorial runs, named paths and commands exist, generated pages are current."""

import argparse
import importlib.util
import os
import re
import shlex
from pathlib import Path

import pytest

from castlib import cli

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", *DOCS]
GENERATED = {"statistics.md", "reference.md"}
WRITTEN = [page for page in PAGES if page.name not in GENERATED]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
CELLS = re.findall(r"```python\n(.*?)```", TUTORIAL, re.DOTALL)
FOLDERS = ("data/", "src/", "tests/", "docs/", "notebooks/", "book/", "scripts/", "benchmarks/")
RAW = "data/raw"  # of those who have real files


@pytest.fixture(scope="module")
def shown(whole_home, tmp_path_factory):
    """What each cell of the tutorial shows and prints, done in order in an empty folder."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    before, folder = Path.cwd(), tmp_path_factory.mktemp("tutorial")
    os.chdir(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAST_HOME", str(whole_home))
        shell, found = InteractiveShell(), []
        for cell in CELLS:
            with capture_output() as said:
                done = shell.run_cell(cell)
            done.raise_error()
            found.append((done.result, said.stdout))
        yield folder, found
    os.chdir(before)


def test_the_tutorial_runs_as_it_is_written(shown):
    folder, found = shown
    assert {file.name for file in folder.iterdir()} == {"leadership.xlsx", "means.csv"}
    assert "ภาคีเครือข่าย 7 ภาค" in (folder / "means.csv").read_text(encoding="utf-8-sig")
    study = found[0][0]
    assert study.region == "north-upper-1"
    chosen = next(result for result, _ in found if isinstance(result, tuple))
    assert chosen[0] == "cluster_robust"


def test_nothing_prints_by_surprise(shown):
    said = {
        cell: out for cell, (result, out) in zip(CELLS, shown[1], strict=True) if result is None
    }
    assert [cell for cell, out in said.items() if out.strip()] == [
        cell for cell in CELLS if "print(" in cell
    ]
    assert any("did you mean 'suffering'" in out for out in said.values())


def test_every_link_leads_somewhere():
    wrong = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).resolve().exists():
                wrong.append(f"{page.name}: {target}")
    assert not wrong


def test_every_path_that_is_named_exists():
    wrong = []
    for page in WRITTEN:
        for said in re.findall(r"`([\w./-]+)`", page.read_text(encoding="utf-8")):
            if said.startswith(FOLDERS) and not said.startswith(RAW) and not (ROOT / said).exists():
                wrong.append(f"{page.name}: {said}")
    assert not wrong


def _known(parser: argparse.ArgumentParser, words: list[str]) -> bool:
    """Return whether a command's words are words of the parser and its options are its options."""
    subs = next((a for a in parser._actions if isinstance(a, argparse._SubParsersAction)), None)
    if subs and words and not words[0].startswith("-"):
        return words[0] in subs.choices and _known(subs.choices[words[0]], words[1:])
    options = {o for action in parser._actions for o in action.option_strings}
    return all(w in options for w in words if w.startswith("-"))


def test_every_command_that_is_named_is_one():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    parser, wrong = cli._parser(), []
    for page in WRITTEN:
        text = page.read_text(encoding="utf-8")
        blocks = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
        lines = [line for block in blocks for line in block.splitlines()]
        lines += re.findall(r"`((?:cast|make) [^`]+)`", text)
        for line in lines:
            program, *words = shlex.split(line.partition("#")[0]) or [""]
            if program == "cast" and not _known(parser, words):
                wrong.append(f"{page.name}: {line}")
            if program == "make" and not re.search(rf"^{words[0]}:", makefile, re.MULTILINE):
                wrong.append(f"{page.name}: {line}")
    assert not wrong


def test_the_reference_is_what_the_docstrings_say():
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts" / "reference.py")
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    current = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert reference.text() == current, "run: python scripts/reference.py"


def test_every_page_stands_in_the_index():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in DOCS if page.name != "README.md" and f"({page.name})" not in index] == []  # fmt: skip


def test_the_readme_is_short_and_begins_with_the_two_commands():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 95
    assert {"make study", "make test"} <= {line.partition("#")[0].strip() for line in lines}
