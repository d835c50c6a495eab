import subprocess
import sys

import pytest

from castlib import cli


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["build", "--help"]])
def test_help_teaches_in_thai(words, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert end.value.code == 0
    assert "ก" <= max(capsys.readouterr().out) <= "๛"


@pytest.mark.parametrize("words", [["run", "--jobs", "0"], ["run", "--jobs", "two"], ["fly"]])
def test_a_wrong_word_is_exit_2(words, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert end.value.code == 2


def test_a_study_error_is_one_sentence(capsys):
    assert cli.main(["run", "--region", "nort-upper-1"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "north-upper-1" in said.err


def test_help_imports_nothing_heavy():
    code = "import sys; from castlib import cli; print([m for m in ('pandas', 'papermill', 'sphinx') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
