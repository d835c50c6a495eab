"""What a notebook can reach is never less than what it uses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import castlib
from castlib import protocol
from castlib.run import plan
from castlib.run.reach import reach

ROOT = Path(castlib.__file__).parent
# Runs a template's code outside Jupyter, and says what of castlib and of data/ it has opened.
WATCHED = """
import json, os, sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
home, opened = Path(os.environ["CAST_HOME"]), set()
sys.addaudithook(lambda event, given: event == "open" and opened.add(str(given[0])))
import matplotlib
matplotlib.use("agg")
shell = InteractiveShell.instance()
for cell in json.loads(sys.stdin.read()):
    shell.run_cell(cell).raise_error()
import castlib
root = Path(castlib.__file__).parent
modules = {getattr(m, "__file__", None) for n, m in list(sys.modules.items()) if n.startswith("castlib")}
data = {Path(name).relative_to(home / "data").parts[0] for name in opened if name.startswith(f"{home}/data/")}
print(json.dumps([sorted(str(Path(m).relative_to(root)) for m in modules if m), sorted(data)]))
"""


def names(*code: str) -> set[str]:
    return {file.relative_to(ROOT).as_posix() for file in reach(code).files}


@pytest.mark.parametrize(
    "code",
    [
        "from castlib.stats import levels",
        "import castlib.stats.levels",
        "import castlib\nx = castlib.stats.levels.read",
        "def f():\n    from castlib.stats.levels import read",
        "name = 'castlib.stats.levels'",
        "from castlib import stats\nstats.levels.read",
        "import castlib.stats as s\ns.levels.read",
        "import castlib as c\nc.stats.levels.read",
        "import importlib\nimportlib.import_module(f'castlib.stats.{REGION}')",
    ],
)
def test_every_way_to_name_a_module(code):
    found = names(code)
    assert {"__init__.py", "stats/__init__.py", "stats/levels.py"} <= found
    assert "text/words.py" not in found


@pytest.mark.parametrize(
    "code", ["%matplotlib inline\nx = 'codebook.csv'", "def f(:  # codebook.csv"]
)
def test_code_that_is_not_plain_python_reaches_everything(code):
    found = reach([code])
    assert {"text/words.py", "stats/levels.py"} <= names(code)
    assert "codebook.csv" in found.strings


def test_relative_imports_are_followed(tmp_path, monkeypatch):
    inner = tmp_path / "castlib" / "inner"
    inner.mkdir(parents=True)
    for name, text in {"__init__": "", "a": "from .b import x\nfrom . import c", "b": "", "c": "from ..d import x"}.items():  # fmt: skip
        (inner / f"{name}.py").write_text(text)
    for name in ("__init__", "d"):
        (tmp_path / "castlib" / f"{name}.py").touch()
    monkeypatch.setattr(castlib, "__file__", str(tmp_path / "castlib" / "__init__.py"))
    files = {
        file.relative_to(tmp_path).as_posix() for file in reach(["import castlib.inner.a"]).files
    }
    assert files == {f"castlib/{n}.py" for n in ("__init__", "d", "inner/__init__", "inner/a", "inner/b", "inner/c")}  # fmt: skip


def test_what_modules_import_is_reached_too():
    assert "stats/_boot.py" in names("from castlib.stats import needs")
    assert "store.py" in names("import castlib")
    assert names("import pandas") == names("") == names("import castlib")


def test_a_phase_reaches_its_own_part_only():
    of = {phase: plan.template(phase).reach for phase in protocol.PHASES}
    words, factors = ROOT / "text" / "words.py", ROOT / "stats" / "factors.py"
    assert words in of["results"].files
    assert words not in of["collection"].files
    assert factors in of["instrument"].files
    assert factors not in of["results"].files
    assert not any(ROOT / "book" / "site.py" in found.files for found in of.values())
    assert "codebook.csv" in of["results"].strings


@pytest.mark.slow
@pytest.mark.parametrize("phase", protocol.PHASES)
@pytest.mark.parametrize("region", ["TH", "north-upper-1"])
def test_nothing_that_a_notebook_uses_is_missed(small_home, phase, region):
    template = plan.template(phase)
    code = ["".join(c["source"]) for c in template.content["cells"] if c["cell_type"] == "code"]
    code.insert(1, f"REGION = {region!r}")
    told = subprocess.run(
        [sys.executable, "-c", WATCHED],
        input=json.dumps(code),
        env=os.environ | {"CAST_HOME": str(small_home)},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    modules, data = json.loads(told.stdout.splitlines()[-1])
    reached = {file.relative_to(ROOT).as_posix() for file in template.reach.files}
    assert set(modules) <= reached
    assert set(data) <= template.reach.strings
