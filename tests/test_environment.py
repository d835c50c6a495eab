import ast
import re
import runpy
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MADE = runpy.run_path(str(ROOT / "scripts" / "environment.py"))


def test_environment_yml_has_the_pins_of_the_lock():
    assert (ROOT / "environment.yml").read_text(encoding="utf-8") == MADE["text"]()


def test_every_declared_package_is_locked_by_hash():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"^(?=\S)", lock, flags=re.M)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert set(MADE["declared"]()) <= {re.match(r"[\w.-]+", entry)[0] for entry in entries}


def test_no_file_names_a_registry():
    for name in ("requirements.lock", "environment.yml", "pyproject.toml", "Makefile"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        assert "index-url" not in text, name


def test_imports_are_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]}
    provided = metadata.packages_distributions()
    used = set()
    for file in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                used |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                used.add(node.module.split(".")[0])
    for module in used - set(sys.stdlib_module_names) - {"castlib"}:
        packages = {name.replace("_", "-").lower() for name in provided[module]}
        assert packages & names, f"{module} is imported but not declared"
