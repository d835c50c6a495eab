"""A researcher's waits: a change on the page of choices, and `make lab` to the first figure.

    .venv/bin/python benchmarks/explore.py

Needs the study's tables (`make study`) and Debian's chromium. Each wait is told beside its bar. Changes are
timed in one process as the page makes them, each choice for the first time; what a view prepares once for a
region is told apart. `make lab` is timed twice, from the command to the first figure in the browser.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Error, sync_playwright

BIN = Path(sys.executable).parent
LONG = 120_000


def tell(what: str, seconds: float, bar: float) -> None:
    print(f"{what:58} {seconds:7.3f} s   (bar {bar:g} s)", flush=True)


def changes() -> None:
    """Tell how long the page takes to follow each kind of choice, for the country."""
    from castlib.explore.panel import Panel
    from castlib.explore.views import VIEWS

    page = Panel("TH")
    follow = {
        "describe": ("item", ["leadership_1", "leadership_2", "leadership_3"]),
        "compare": ("between", ["education", "sector", "sex"]),
        "correlate": ("construct", ["network", "one_plan", "capacity"]),
        "needs": ("construct", ["participation", "sufficiency", "knowledge"]),
        "words": ("word", ["น้ำ", "ชุมชน", "งบประมาณ"]),
        "coded": ("code", ["result_food", "obstacle_water", "proposal_budget"]),
        "saved": ("phase", ["results", "guidelines", "scaling"]),
    }
    page.controls["construct"].value = "leadership"
    for view in VIEWS:
        begun = time.perf_counter()
        page.controls["view"].value = view
        first = time.perf_counter() - begun
        name, values = follow[view]
        times, busy = [], []
        for value in values:
            begun, own = time.perf_counter(), time.process_time()
            page.controls[name].value = value
            times.append(time.perf_counter() - begun)
            busy.append(time.process_time() - own)
        what = f"{view}: another {name} (CPU {median(busy):.2f} s; first of the view {first:.2f} s)"
        tell(what, median(times), 0.3)


def lab() -> float:
    """Return the seconds from `cast lab` to the first figure of explore.ipynb."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {"JUPYTER_PORT": str(port), "JUPYTER_TOKEN": "bench", "BROWSER": "true"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        begun = time.perf_counter()
        with subprocess.Popen([BIN / "cast", "lab"], env=env, **quiet) as server:
            while True:
                try:
                    page.goto(
                        f"http://127.0.0.1:{port}/lab/tree/notebooks/explore.ipynb?token=bench"
                    )
                    break
                except Error:
                    time.sleep(0.1)
            page.get_by_text("| Idle").wait_for(timeout=LONG)
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_text("Run All Cells", exact=True).first.click()
            page.locator(".cast-explore img").wait_for(timeout=LONG)
            took = time.perf_counter() - begun
            server.terminate()
        browser.close()
    return took


if __name__ == "__main__":
    changes()
    lab()
    tell("make lab to the first figure, warm", lab(), 15)
