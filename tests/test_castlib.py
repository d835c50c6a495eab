import subprocess
import sys

import castlib


def test_the_public_names_are_few_and_there():
    assert dir(castlib) == castlib.__all__
    assert all(getattr(castlib, name) for name in castlib.__all__)


def test_importing_castlib_imports_nothing_heavy():
    code = "import sys, castlib; print([m for m in ('pandas', 'numpy', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
