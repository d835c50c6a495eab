"""The workflow that tests and publishes: pinned, with as few permissions as it needs, by README's commands."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def jobs() -> dict:
    text = (ROOT / ".github" / "workflows" / "publish.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    return workflow["jobs"]


def steps(jobs: dict, key: str) -> list[str]:
    return [step[key] for job in jobs.values() for step in job["steps"] if key in step]


def test_every_action_is_pinned_to_a_commit(jobs):
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name) for name in steps(jobs, "uses"))


def test_only_publishing_may_write_and_only_pages(jobs):
    granted = {name: job["permissions"] for name, job in jobs.items()}
    assert granted.pop("publish") == {"pages": "write", "id-token": "write"}
    assert all(given == {"contents": "read"} for given in granted.values())


def test_the_commands_are_those_of_readme(jobs):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    made = [run for run in steps(jobs, "run") if run.startswith("make ")]
    assert made == ["make test", "make study"]
    assert all(f"\n{run} " in readme for run in made)
