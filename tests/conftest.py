"""What several tests stand on: a small country, the whole one taken in once, and a browser on a book."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]
# a test's warm parent ends with its client; tests of what lingers say so
os.environ["CAST_LINGER"] = "0"
# six clusters: enough people for the factor models, few enough to run in seconds
CLUSTERS = (
    "north-upper-1",
    "north-upper-2",
    "north-lower-1",
    "south-gulf",
    "south-andaman",
    "northeast-lower-2",
)


def make_home(home: Path, clusters: tuple[str, ...] = CLUSTERS) -> Path:
    """Make a study's home with the provinces of some clusters only."""
    for folder in ("data", "notebooks", "book"):
        shutil.copytree(ROOT / folder, home / folder, ignore=shutil.ignore_patterns("raw"))
    provinces = pd.read_csv(home / "data" / "provinces.csv", dtype=str)
    kept = provinces[provinces["cluster"].isin(clusters)]
    kept.to_csv(home / "data" / "provinces.csv", index=False)
    return home


def cast(home: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess:
    """Run the `cast` command on a home, as a user would."""
    command = [Path(sys.executable).parent / "cast", *words]
    done = subprocess.run(
        command, env=os.environ | {"CAST_HOME": str(home)}, capture_output=True, text=True
    )
    if check and done.returncode:
        pytest.fail(f"cast {' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


@pytest.fixture(scope="session")
def together(tmp_path_factory) -> Path:
    """The folder that the processes of one test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def own_key(together) -> Path:
    """A key for pseudonyms that is the tests' own, also for the commands that they start."""
    file = together / "key" / "pseudonyms.key"
    os.environ["CAST_KEY"] = str(file)
    return file


def once(home: Path, make: Callable[[Path], object]) -> Path:
    """Make a home, by whichever process of the test run first asks for it."""
    done = home.with_suffix(".made")
    with FileLock(home.with_suffix(".lock")):
        if not done.exists():
            make(home)
            done.touch()
    return home


@pytest.fixture(scope="session", name="cast")
def cast_command():
    """The `cast` command, to be given a home and its words."""
    return cast


@pytest.fixture(scope="session", name="home_of")
def make_home_command():
    """What makes a study's home with the provinces of some clusters only."""
    return make_home


@pytest.fixture(scope="session")
def home_of():
    """Make a study's home, to be given its folder and the clusters whose provinces it has."""
    return make_home


@pytest.fixture(scope="session")
def small_home(together, own_key) -> Path:
    """A small country, built the whole way once; tests that change it work on a copy."""
    return once(together / "small", lambda home: cast(make_home(home), "build"))


@pytest.fixture(scope="session")
def whole_home(together, own_key) -> Path:
    """The whole synthetic country, taken in."""

    def make(home: Path) -> None:
        make_home(home, tuple(_all_clusters()))
        cast(home, "demo")
        cast(home, "intake", check=False)  # 1: some of it is rejected, as planted

    return once(together / "whole", make)


@pytest.fixture(scope="module")
def browser():
    """Debian's chromium; `make test` installs it where it is missing.

    For one module: while it is open, its event loop stands in the way of others in this process.
    """
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("no chromium: run the tests with `make test`, which installs it")
    # a browser made for people calls home; this one may not
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=quiet)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(small_home):
    """The small country's pages, served to this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    folder = small_home / "build" / "book" / "html"
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _all_clusters() -> list[str]:
    provinces = pd.read_csv(ROOT / "data" / "provinces.csv", dtype=str)
    return list(provinces["cluster"].unique())
