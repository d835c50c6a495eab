"""Write environment.yml from pyproject.toml and requirements.lock: the same pins, for users of conda."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = "3.11"
HEAD = f"""\
# For users of conda; written by `make lock` from pyproject.toml and requirements.lock.
# Then: pip install --no-deps -e .
#       jupyter kernelspec install --sys-prefix --name cast src/castlib/run/kernelspec
name: cast
channels:
  - conda-forge
dependencies:
  - python={PYTHON}
  - pip
  - pip:
"""


def declared() -> list[str]:
    """Return the names of every package that pyproject.toml asks for directly."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    return sorted(re.match(r"[\w.-]+", line)[0] for line in asked)


def pins() -> dict[str, str]:
    """Return the locked version of each package on the Python that environment.yml names."""
    found = {}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name, version, marker in re.findall(r"^([\w.-]+)==(\S+)(?: ; (.*?))? \\$", lock, re.M):
        if ">= '3.12'" not in marker:
            found[name] = version
    return found


def text() -> str:
    """Return the whole of environment.yml."""
    locked = pins()
    return HEAD + "".join(f"      - {name}=={locked[name]}\n" for name in declared())


if __name__ == "__main__":
    (ROOT / "environment.yml").write_text(text(), encoding="utf-8")
