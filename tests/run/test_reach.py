"""What a notebook can reach is never less than what it uses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import castlib
from castlib import protocol
from castlib.run import kernels, plan
from castlib.run.reach import reach

ROOT = Path(castlib.__file__).parent
REGIONS = ("TH", "north-upper-1")
# Runs a template's code outside Jupyter, for each region in a fork, and says what of castlib and of data/
# each has opened.
WATCHED = """
import json, os, sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
import matplotlib, pandas, pingouin, seaborn, sklearn.decomposition
matplotlib.use("agg")
code, regions = json.loads(sys.stdin.read())
for region in regions:
    sys.stdout.flush()
    if fork := os.fork():
        if os.waitpid(fork, 0)[1]:
            sys.exit(f"{region} did not run")
        continue
    home, opened = Path(os.environ["CAST_HOME"]), set()
    sys.addaudithook(lambda event, given: event == "open" and opened.add(str(given[0])))
    shell = InteractiveShell.instance()
    for cell in [code[0], f"REGION = {region!r}", *code[1:]]:
        shell.run_cell(cell).raise_error()
    import castlib
    root = Path(castlib.__file__).parent
    modules = {getattr(m, "__file__", None) for n, m in list(sys.modules.items()) if n.startswith("castlib")}
    data = {Path(n).relative_to(home / "data").parts[0] for n in opened if n.startswith(f"{home}/data/")}
    print("FOUND", json.dumps([sorted(str(Path(m).relative_to(root)) for m in modules if m), sorted(data)]))
    break
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
def test_nothing_that_a_notebook_uses_is_missed(small_home, phase):
    template = plan.template(phase)
    code = ["".join(c["source"]) for c in template.content["cells"] if c["cell_type"] == "code"]
    told = subprocess.run(
        [sys.executable, "-c", WATCHED],
        input=json.dumps([code, REGIONS]),
        env=os.environ | kernels.ENVIRONMENT | {"CAST_HOME": str(small_home)},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    found = [json.loads(line[6:]) for line in told.stdout.splitlines() if line.startswith("FOUND ")]
    assert len(found) == len(REGIONS), told.stdout
    reached = {file.relative_to(ROOT).as_posix() for file in template.reach.files}
    for modules, data in found:
        assert {"__init__.py", "store.py"} <= set(modules) <= reached
        assert "provinces.csv" in data
        assert set(data) <= template.reach.strings
