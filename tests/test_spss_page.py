"""docs/spss.md: each line is done as it is written."""

import os
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "spss.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
LINES = re.findall(r"^\|.*\| `(.+)` \|$", TEXT, re.MULTILINE)
BELOW = re.findall(r"`(castlib\.stats\.[\w.]+\(.+?\))`", TEXT.partition("## What differs")[2])


@pytest.fixture(scope="module")
def known(whole_home, tmp_path_factory):
    """What the page's first block gives, in a folder where files may be left."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("spss"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAST_HOME", str(whole_home))
        names: dict[str, object] = {}
        exec(BLOCKS[0], names)
        yield names
    os.chdir(before)


@pytest.mark.parametrize("line", [*LINES, *BELOW])
def test_a_line_of_the_page_gives_a_table(known, line):
    found = eval(line, known)
    html = getattr(found, "_repr_html_", None)
    assert found is None or isinstance(found, dict) or "<table" in html()


def test_the_page_s_last_block_gives_one_table_of_several(known):
    exec(BLOCKS[1], known)
    assert list(known["found"].test.index) == [
        "equal_variances_assumed",
        "equal_variances_not_assumed",
    ]
    assert Path("ttest.csv").exists()


def test_every_table_of_spss_has_its_line():
    from castlib import spss

    made = {name for name in spss.__all__ if name[0].islower()}
    assert made == {m for line in LINES for m in re.findall(r"spss\.(\w+)\(", line)}
