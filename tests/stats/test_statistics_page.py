"""The page of statistics says what the docstrings and the comparisons with R say now."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_up_to_date(shared):
    made = runpy.run_path(str(ROOT / "scripts" / "agreement.py"))["text"]()
    page = ROOT / "docs" / "statistics.md"
    if page.read_text(encoding="utf-8") != made:
        pytest.fail("docs/statistics.md is out of date: run scripts/agreement.py")
